/* What the pages of a registration may know. */
#include <string.h>

#include "base/text.h"
#include "session/session_internal.h"

/* "138****0000": enough to notice a slip of the finger, too little for whoever looks on. */
static void mask_phone(const char *phone, char *out, size_t size)
{
    if (strlen(phone) == 11)
        text_format(out, size, "%.3s****%s", phone, phone + 7);
}

static void add_registration(const struct session *session, struct session_view *view)
{
    if (view->step == STEP_PHONE)
        text_copy(view->phone_typed, sizeof view->phone_typed, session->v.phone);
    else
        mask_phone(session->v.phone, view->phone_masked, sizeof view->phone_masked);
    view->phone_complete = registration_phone_is_valid(session->v.phone);
    view->phone_refused = session->v.phone_refused;
    view->consent_given = session->v.consent_given;
    view->consent_version = session->parts.settings->consent_version;
}

/* With choosing nothing it is what is owed. */
static void add_starts(const struct session *session, struct session_view *view)
{
    for (int i = 0; i < view->insurance_count; i++) {
        struct view_insurance *insurance = &view->insurances[i];
        insurance->start = session->v.from[i];
        insurance->start_back = session->v.this_month - session->v.from[i];
        insurance->can_start_earlier = begin_can_start(session, i, true);
        insurance->can_start_later = begin_can_start(session, i, false);
    }
}

/* Only a person can say it, and the bureau can look: the card does not tell. */
static void add_residence(const struct session *session, struct session_view *view)
{
    static const enum view_residence RULES[] = {
        [POLICY_RESIDENCE_UNSET] = RESIDENCE_NO_RULE,
        [POLICY_RESIDENCE_ANY] = RESIDENCE_NO_RULE,
        [POLICY_RESIDENCE_WORKS_HERE] = RESIDENCE_WORKS_HERE,
        [POLICY_RESIDENCE_LIVES_HERE] = RESIDENCE_LIVES_HERE,
        [POLICY_RESIDENCE_HOUSEHOLD] = RESIDENCE_HOUSEHOLD,
    };
    const struct policy *policy = session->parts.policy;
    for (int i = 0; policy && i < policy->insurance_count; i++) {
        const struct policy_insurance *insurance = &policy->insurances[i];
        enum view_residence rule = RULES[insurance->residence];
        if (!(session->v.insurances >> i & 1) || rule <= view->residence)
            continue;
        int source = insurance->rule_sources[POLICY_RULE_RESIDENCE];
        view->residence = rule;
        text_copy(view->residence_source, sizeof view->residence_source,
                  source >= 0 ? policy->sources[source].number : "");
    }
}

static void add_signature(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    if (view->step == STEP_SIGNATURE)
        view->signature = visit->strokes;
    view->is_signed = visit->is_signed;
    view->bureau_checked = visit->precheck.state != PRECHECK_NOT_KNOWN;
    view->registered_as = !visit->registered_now                      ? REGISTERED_BEFORE
                          : visit->precheck.state == PRECHECK_RENEWAL ? REGISTERED_AGAIN
                                                                      : REGISTERED_NEW;
}

void session_enrol_show(const struct session *session, struct session_view *view)
{
    add_registration(session, view);
    add_signature(session, view);
    if (view->step == STEP_SIGNATURE)
        add_residence(session, view);
    if (view->step == STEP_STARTS)
        add_starts(session, view);
    if (session->v.has_card && session->parts.policy)
        materials_show(session, view);
}
