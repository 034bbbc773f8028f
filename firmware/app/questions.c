/* What a citizen asks, on its way to the bureau and back; and what a scanner reads for it. */
#include "app/app.h"

static void on_answer(void *context, const struct transport_reply *reply)
{
    struct app *app = context;
    if (app->session)
        session_on_bureau_answer(app->session, reply->status, reply->http_status, reply->body,
                                 reply->size);
    app_set_dirty(app);
}

enum status app_ask_bureau(void *context, const char *action, const char *body, size_t size)
{
    struct app *app = context;
    if (!app->sync_started)
        return STATUS_DISCONNECTED;
    return sync_flow_ask(&app->sync, action, body, size, on_answer, app);
}

void app_drop_question(void *context)
{
    struct app *app = context;
    if (app->sync_started)
        sync_flow_drop_question(&app->sync);
}

void app_take_stroke(void *context, const struct ui_stroke_point *point)
{
    struct app *app = context;
    if (app->session)
        session_on_stroke(app->session, point);
    app_set_dirty(app);
}

void app_take_line(void *context, const char *line)
{
    struct app *app = context;
    if (app->session)
        session_on_text(app->session, line);
    app_set_dirty(app);
}
