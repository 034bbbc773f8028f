#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "session/session_internal.h"

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline", SESSION_INTENT_NAMES,     [ENROL_EV_START] = "start_enrol",
    [ENROL_EV_RESUME] = "resume",     [ENROL_EV_STOP] = "stop", [ENROL_EV_COMMITTED] = "committed",
    [ENROL_EV_REFUSED] = "refused",
};

static void enter_page(void *context)
{
    struct session *session = context;
    sm_set_deadline(&session->enrol, INT64_MAX);
    session_changed(session);
}

static void type_digit(void *context, const void *argument)
{
    struct session *session = context;
    session->v.phone_refused = false;
    choice_append_digit(session->v.phone, sizeof session->v.phone, *(const int *)argument);
    session_changed(session);
}

static void erase_digit(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.phone_refused = false;
    choice_erase_digit(session->v.phone);
    session_changed(session);
}

static void clear_phone(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.phone_refused = false;
    session->v.phone[0] = '\0';
    session_changed(session);
}

static bool phone_is_good(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return registration_phone_is_valid(session->v.phone);
}

static void refuse_phone(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.phone_refused = true;
    session_changed(session);
}

static void forget_refusal(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.registration_refusal = SERVICE_OFFERED;
}

static void toggle_consent(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.consent_given = !session->v.consent_given;
    session_changed(session);
}

static bool consent_is_given(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.consent_given;
}

static enum status commit(struct session *session)
{
    struct session_visit *visit = &session->v;
    enum status status = entries_begin_txn(session);
    if (status != STATUS_OK)
        return status;
    const struct registration_request request = {
        .card = &visit->card,
        .phone = visit->phone,
        .consent_version = session->parts.settings->consent_version,
        .policy = session->parts.policy,
        .insurances = visit->insurances,
        .base_fen = visit->base_fen,
        .first_month = visit->first_month,
        .txn = visit->txn,
        .at_ms = clock_wall_ms(session->parts.clock),
    };
    return registration_commit(session->parts.journal, session->parts.seal, &request,
                               visit->account);
}

static void register_person(void *context, const void *argument)
{
    struct session *session = context;
    struct session_visit *visit = &session->v;
    (void)argument;
    visit->registration_refusal = SERVICE_OFFERED;
    enum status status = commit(session);
    visit->is_registered = status == STATUS_OK || status == STATUS_EXISTS;
    visit->registered_now = status == STATUS_OK;
    if (!visit->is_registered)
        visit->registration_refusal =
            status == STATUS_NOT_FOUND ? SERVICE_NUMBERS : SERVICE_JOURNAL;
    if (visit->registered_now)
        session_appended(session);
    log_info("session", "registration", "%s", status_name(status));
    sm_post(&session->enrol, visit->is_registered ? ENROL_EV_COMMITTED : ENROL_EV_REFUSED, NULL);
}

static void tell_refused(void *context, const void *argument)
{
    (void)argument;
    session_changed(context);
}

static void report(struct session *session, enum visit_event event)
{
    sm_post(&session->visit, (int)event, NULL);
}

static void go_back(void *context, const void *argument)
{
    (void)argument;
    report(context, VISIT_EV_ENROL_BACK);
}

static void go_pay(void *context, const void *argument)
{
    (void)argument;
    report(context, VISIT_EV_ENROLLED);
}

static void go_later(void *context, const void *argument)
{
    (void)argument;
    report(context, VISIT_EV_ENROL_LATER);
}

static const struct sm_state STATES[ENROL_STATES] = {
    [ENROL_OFF] = { "off", NULL, 0 },
    [ENROL_PHONE] = { "phone", enter_page, 0 },
    [ENROL_CONSENT] = { "consent", enter_page, 0 },
    [ENROL_REGISTERED] = { "registered", enter_page, 0 },
};

#define IGNORE(event)                                                                              \
    {                                                                                              \
        SM_ANY, event, NULL, sm_ignore, SM_STAY                                                    \
    }

/* clang-format off */
static const struct sm_arrow ARROWS[] = {
    { SM_ANY, ENROL_EV_START, NULL, NULL, ENROL_PHONE },
    { SM_ANY, ENROL_EV_RESUME, NULL, NULL, ENROL_REGISTERED },
    { SM_ANY, ENROL_EV_STOP, NULL, NULL, ENROL_OFF },

    { ENROL_PHONE, INTENT_DIGIT, NULL, type_digit, SM_STAY },
    { ENROL_PHONE, INTENT_ERASE, NULL, erase_digit, SM_STAY },
    { ENROL_PHONE, INTENT_CLEAR, NULL, clear_phone, SM_STAY },
    { ENROL_PHONE, INTENT_NEXT, phone_is_good, forget_refusal, ENROL_CONSENT },
    { ENROL_PHONE, INTENT_NEXT, NULL, refuse_phone, SM_STAY },
    { ENROL_PHONE, INTENT_BACK, NULL, go_back, ENROL_OFF },

    { ENROL_CONSENT, INTENT_TOGGLE_CONSENT, NULL, toggle_consent, SM_STAY },
    { ENROL_CONSENT, INTENT_NEXT, consent_is_given, register_person, SM_STAY },
    { ENROL_CONSENT, ENROL_EV_COMMITTED, NULL, NULL, ENROL_REGISTERED },
    { ENROL_CONSENT, ENROL_EV_REFUSED, NULL, tell_refused, SM_STAY },
    { ENROL_CONSENT, INTENT_BACK, NULL, NULL, ENROL_PHONE },

    { ENROL_REGISTERED, INTENT_NEXT, NULL, go_pay, ENROL_OFF },
    { ENROL_REGISTERED, INTENT_PAY_CASH, NULL, go_pay, ENROL_OFF },
    { ENROL_REGISTERED, INTENT_PAY_LATER, NULL, go_later, ENROL_OFF },

    /* What is registered cannot be taken back with a key; other touches mean nothing here. */
    IGNORE(SM_EVENT_DEADLINE), SESSION_IGNORE_INTENTS,
    IGNORE(ENROL_EV_COMMITTED), IGNORE(ENROL_EV_REFUSED),
};
/* clang-format on */

static const struct sm_table TABLE = {
    .module = "session",
    .name = "enrol",
    .states = STATES,
    .state_count = ENROL_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = ENROL_EVENTS,
    .rest_state = ENROL_OFF,
    .fault_state = ENROL_OFF,
};

void session_init_enrol(struct session *session)
{
    sm_init(&session->enrol, &TABLE, session->parts.clock, session);
}
