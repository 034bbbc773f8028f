#include "app/outage.h"

#include "base/text.h"

static enum language language;
static bool rights_shown;

const struct session_view *outage_view(struct app *app)
{
    static struct session_view view;
    const struct settings *settings = &app->settings;
    view = (struct session_view){
        .step = rights_shown ? STEP_RIGHTS : STEP_OUT_OF_SERVICE,
        .language = language,
        .visit_service = SERVICE_JOURNAL,
        .cash_service = SERVICE_JOURNAL,
        .wall_ms = clock_wall_ms(app->clock),
    };
    text_copy(view.bureau[LANGUAGE_ZH], sizeof view.bureau[0], settings->bureau_zh);
    text_copy(view.bureau[LANGUAGE_EN], sizeof view.bureau[0], settings->bureau_en);
    text_copy(view.place[LANGUAGE_ZH], sizeof view.place[0], settings->place_zh);
    text_copy(view.place[LANGUAGE_EN], sizeof view.place[0], settings->place_en);
    text_copy(view.window[LANGUAGE_ZH], sizeof view.window[0], settings->window_zh);
    text_copy(view.window[LANGUAGE_EN], sizeof view.window[0], settings->window_en);
    text_copy(view.service_phone, sizeof view.service_phone, settings->service_phone);
    return &view;
}

void outage_on_intent(struct app *app, enum intent intent, int argument)
{
    (void)app;
    if (intent == INTENT_LANGUAGE)
        language = (enum language)argument;
    if (intent == INTENT_RIGHTS)
        rights_shown = true;
    if (intent == INTENT_BACK)
        rights_shown = false;
}
