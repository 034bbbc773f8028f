#include "session/session_place.h"

#include "base/text.h"
#include "session/session_hours.h"

void place_show(const struct settings *settings, struct session_view *view)
{
    text_copy(view->bureau[LANGUAGE_ZH], sizeof view->bureau[0], settings->bureau_zh);
    text_copy(view->bureau[LANGUAGE_EN], sizeof view->bureau[0], settings->bureau_en);
    text_copy(view->place[LANGUAGE_ZH], sizeof view->place[0], settings->place_zh);
    text_copy(view->place[LANGUAGE_EN], sizeof view->place[0], settings->place_en);
    text_copy(view->window[LANGUAGE_ZH], sizeof view->window[0], settings->window_zh);
    text_copy(view->window[LANGUAGE_EN], sizeof view->window[0], settings->window_en);
    text_copy(view->service_phone, sizeof view->service_phone, settings->service_phone);
    text_copy(view->hotlines[HOTLINE_SOCIAL], sizeof view->hotlines[0], settings->hotline_social);
    text_copy(view->hotlines[HOTLINE_TAX], sizeof view->hotlines[0], settings->hotline_tax);
    text_copy(view->hotlines[HOTLINE_MEDICAL], sizeof view->hotlines[0], settings->hotline_medical);
    hours_show(&settings->hours, view->wall_ms, view);
}
