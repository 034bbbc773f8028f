#include "session/session_place.h"

#include "base/text.h"
#include "session/session_hours.h"

const char *place_phone(const struct settings *settings, const struct policy *policy,
                        enum policy_phone phone)
{
    const char *const own[POLICY_PHONES] = {
        [POLICY_PHONE_SERVICE] = settings->service_phone,
        [POLICY_PHONE_SOCIAL] = settings->hotline_social,
        [POLICY_PHONE_TAX] = settings->hotline_tax,
        [POLICY_PHONE_MEDICAL] = settings->hotline_medical,
    };
    return policy && policy->phones[phone][0] != '\0' ? policy->phones[phone] : own[phone];
}

void place_show(const struct settings *settings, const struct policy *policy,
                struct session_view *view)
{
    static const enum policy_phone LINES[HOTLINES] = {
        [HOTLINE_SOCIAL] = POLICY_PHONE_SOCIAL,
        [HOTLINE_TAX] = POLICY_PHONE_TAX,
        [HOTLINE_MEDICAL] = POLICY_PHONE_MEDICAL,
    };
    text_copy(view->bureau[LANGUAGE_ZH], sizeof view->bureau[0], settings->bureau_zh);
    text_copy(view->bureau[LANGUAGE_EN], sizeof view->bureau[0], settings->bureau_en);
    text_copy(view->place[LANGUAGE_ZH], sizeof view->place[0], settings->place_zh);
    text_copy(view->place[LANGUAGE_EN], sizeof view->place[0], settings->place_en);
    text_copy(view->window[LANGUAGE_ZH], sizeof view->window[0], settings->window_zh);
    text_copy(view->window[LANGUAGE_EN], sizeof view->window[0], settings->window_en);
    text_copy(view->service_phone, sizeof view->service_phone,
              place_phone(settings, policy, POLICY_PHONE_SERVICE));
    for (int line = 0; line < HOTLINES; line++)
        text_copy(view->hotlines[line], sizeof view->hotlines[0],
                  place_phone(settings, policy, LINES[line]));
    hours_show(&settings->hours, view->wall_ms, view);
}
