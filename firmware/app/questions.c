/* What a citizen asks, on its way to the bureau and back; and what a scanner reads for it. */
#include "app/app.h"
#include "inquiry/inquiry.h"

static void on_answer(void *context, const struct transport_reply *reply)
{
    struct app *app = context;
    if (app->session)
        session_on_bureau_answer(app->session, reply->status, reply->http_status, reply->body,
                                 reply->size);
    app_set_dirty(app);
}

enum status app_ask_bureau(void *context, const char *body, size_t size)
{
    struct app *app = context;
    if (!app->sync_started)
        return STATUS_DISCONNECTED;
    return sync_flow_ask(&app->sync, INQUIRY_ACTION, body, size, on_answer, app);
}

void app_drop_question(void *context)
{
    struct app *app = context;
    if (app->sync_started)
        sync_flow_drop_question(&app->sync);
}

void app_take_line(void *context, const char *line)
{
    struct app *app = context;
    if (app->session)
        session_on_text(app->session, line);
    app_set_dirty(app);
}
