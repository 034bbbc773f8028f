#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "session/session_internal.h"

/* Somebody stands there; a bureau that is there answers within a second. */
#define ANSWER_MS 5000

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline",   SESSION_INTENT_NAMES,
    [ENROL_EV_START] = "start_enrol",   [ENROL_EV_RESUME] = "resume",
    [ENROL_EV_STOP] = "stop",           [ENROL_EV_CHECKED] = "checked",
    [ENROL_EV_COMMITTED] = "committed", [ENROL_EV_REFUSED] = "refused",
};

static void enter_page(void *context)
{
    struct session *session = context;
    sm_set_deadline(&session->enrol, INT64_MAX);
    session_changed(session);
}

static void report(struct session *session, enum visit_event event)
{
    sm_post(&session->visit, (int)event, NULL);
}

/* ---- what the bureau knows of this person ---- */

static enum status ask(struct session *session)
{
    const struct session_parts *parts = &session->parts;
    char question[PRECHECK_QUESTION_SIZE];
    if (!parts->ask_bureau || !session->bureau_reachable)
        return STATUS_DISCONNECTED;
    enum status status = precheck_ask(parts->seal, session->v.card.number, parts->policy,
                                      session->v.insurances, question);
    return status == STATUS_OK
               ? parts->ask_bureau(parts->context, PRECHECK_ACTION, question, strlen(question))
               : status;
}

static void enter_checking(void *context)
{
    struct session *session = context;
    session->v.precheck = (struct precheck){ 0 };
    session_changed(session);
    if (ask(session) != STATUS_OK)
        sm_post(&session->enrol, ENROL_EV_CHECKED, NULL);
}

void enrol_on_answer(struct session *session, enum status status, int http_status, const char *body,
                     size_t size)
{
    struct precheck *precheck = &session->v.precheck;
    bool is_good = status == STATUS_OK && http_status == 200 &&
                   precheck_parse(body, size, precheck) == STATUS_OK;
    log_info("session", "precheck", "%s, HTTP %d: %d", status_name(status), http_status,
             is_good ? (int)precheck->state : -1);
    sm_post(&session->enrol, ENROL_EV_CHECKED, NULL);
}

static void drop_question(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    if (session->parts.drop_question)
        session->parts.drop_question(session->parts.context);
}

static void leave_checking(void *context, const void *argument)
{
    drop_question(context, argument);
    report(context, VISIT_EV_ENROL_BACK);
}

static bool is_refused(void *context, const void *argument)
{
    struct session *session = context;
    const struct precheck *precheck = &session->v.precheck;
    (void)argument;
    return precheck->state == PRECHECK_REFUSED &&
           refusal_concerns(precheck->refusal, session->parts.policy, session->v.insurances);
}

static void refuse(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    refused_take(session, session->v.precheck.refusal, REFUSED_BY_BUREAU);
    report(session, VISIT_EV_REFUSED);
}

static bool is_known(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.precheck.state == PRECHECK_KNOWN;
}

/* At another kiosk or at the window: its number counts here too. */
static void take_known(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    const char *account = session->v.precheck.account;
    memcpy(session->v.account, account, sizeof session->v.account);
    session->v.is_registered = true;
    enum status status = registration_note_known(session->parts.journal, session->parts.seal,
                                                 session->v.card.number, account);
    if (status == STATUS_OK)
        session_appended(session);
    else
        log_error("session", "known_not_kept", "%s", status_name(status));
}

/* ---- from which month on ---- */

static bool asks_starts(void *context, const void *argument)
{
    (void)argument;
    return begin_is_asked(context);
}

static void start_earlier(void *context, const void *argument)
{
    begin_start(context, *(const int *)argument, true);
}

static void start_later(void *context, const void *argument)
{
    begin_start(context, *(const int *)argument, false);
}

/* ---- materials ---- */

static bool asks_materials(void *context, const void *argument)
{
    (void)argument;
    return materials_are_asked(context);
}

static void toggle_material(void *context, const void *argument)
{
    materials_toggle(context, *(const int *)argument);
}

static bool all_is_there(void *context, const void *argument)
{
    (void)argument;
    return materials_are_there(context);
}

static bool needs_leaving(void *context, const void *argument)
{
    (void)argument;
    return materials_need_leaving(context);
}

static bool all_and_leaving(void *context, const void *argument)
{
    return all_is_there(context, argument) && needs_leaving(context, argument);
}

/* ---- the keypads ---- */

struct field {
    char *digits;
    size_t size;
    bool *refused;
};

static struct field field_of(struct session *session)
{
    struct session_visit *visit = &session->v;
    if (session->enrol.state == ENROL_LEAVING_NUMBER)
        return (struct field){ visit->leaving.number, sizeof visit->leaving.number,
                               &visit->leaving_refused };
    if (session->enrol.state == ENROL_LEAVING_DATE)
        return (struct field){ visit->leaving.date, sizeof visit->leaving.date,
                               &visit->leaving_refused };
    return (struct field){ visit->phone, sizeof visit->phone, &visit->phone_refused };
}

static void type_digit(void *context, const void *argument)
{
    struct field field = field_of(context);
    *field.refused = false;
    choice_append_digit(field.digits, field.size, *(const int *)argument);
    session_changed(context);
}

static void erase_digit(void *context, const void *argument)
{
    struct field field = field_of(context);
    (void)argument;
    *field.refused = false;
    choice_erase_digit(field.digits);
    session_changed(context);
}

static void clear_field(void *context, const void *argument)
{
    struct field field = field_of(context);
    (void)argument;
    *field.refused = false;
    bytes_wipe(field.digits, field.size);
    session_changed(context);
}

static void refuse_field(void *context, const void *argument)
{
    (void)argument;
    *field_of(context).refused = true;
    session_changed(context);
}

static bool leaving_number_is_good(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.leaving.number[0] != '\0';
}

static bool leaving_date_is_good(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return registration_leaving_date_is_valid(session->v.leaving.date, session->v.card.birth,
                                              session_today(session));
}

static bool phone_is_good(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return registration_phone_is_valid(session->v.phone);
}

/* ---- consent and signature ---- */

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

static void clear_strokes(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    strokes_clear(&session->v.strokes);
    session_changed(session);
}

/* The page knows the millimetres; a touch that brings none signs nothing. */
static bool has_signature(void *context, const void *argument)
{
    struct session *session = context;
    int field = *(const int *)argument;
    return strokes_is_signature(&session->v.strokes, VIEW_FIELD_WIDTH_MM(field),
                                VIEW_FIELD_HEIGHT_MM(field));
}

static enum status commit(struct session *session, const uint8_t *signature, size_t size)
{
    struct session_visit *visit = &session->v;
    enum status status = entries_begin_txn(session);
    if (status != STATUS_OK)
        return status;
    struct registration_request request = {
        .card = &visit->card,
        .phone = visit->phone,
        .consent_version = session->parts.settings->consent_version,
        .policy = session->parts.policy,
        .insurances = visit->insurances,
        .base_fen = visit->base_fen,
        .first_month = visit->first_month,
        .leaving = &visit->leaving,
        .precheck = &visit->precheck,
        .signature = size > 0 ? signature : NULL,
        .signature_size = size,
        .txn = visit->txn,
        .at_ms = clock_wall_ms(session->parts.clock),
    };
    memcpy(request.starts, visit->from, sizeof request.starts);
    return registration_commit(session->parts.journal, session->parts.seal, &request,
                               visit->account);
}

static void register_person(struct session *session, const uint8_t *signature, size_t size)
{
    struct session_visit *visit = &session->v;
    visit->registration_refusal = SERVICE_OFFERED;
    enum status status = commit(session, signature, size);
    visit->is_registered = status == STATUS_OK || status == STATUS_EXISTS;
    visit->registered_now = status == STATUS_OK;
    visit->is_signed = visit->registered_now && size > 0;
    if (!visit->is_registered)
        visit->registration_refusal =
            status == STATUS_NOT_FOUND ? SERVICE_NUMBERS : SERVICE_JOURNAL;
    if (visit->registered_now) {
        begin_note_registered(session);
        session_appended(session);
    }
    log_info("session", "registration", "%s", status_name(status));
    sm_post(&session->enrol, visit->is_registered ? ENROL_EV_COMMITTED : ENROL_EV_REFUSED, NULL);
}

static void register_signed(void *context, const void *argument)
{
    struct session *session = context;
    uint8_t signature[SIGNATURE_SIZE_MAX];
    int field = *(const int *)argument;
    size_t size = signature_encode(&session->v.strokes, VIEW_FIELD_WIDTH_MM(field),
                                   VIEW_FIELD_HEIGHT_MM(field), signature);
    register_person(session, signature, size);
    bytes_wipe(signature, sizeof signature);
}

/* Nothing but the card may be demanded (Agency Regulation, art. 31), so nobody who cannot sign
 * here, or works the kiosk by keys, is turned away: the slip is signed at the window. */
static void register_unsigned(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    strokes_clear(&session->v.strokes);
    register_person(session, NULL, 0);
}

static void tell_refused(void *context, const void *argument)
{
    (void)argument;
    session_changed(context);
}

/* Once it is sealed nobody here needs it any more. */
static void forget_strokes(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    strokes_clear(&session->v.strokes);
}

/* ---- back to the visit ---- */

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
    [ENROL_CHECKING] = { "checking", enter_checking, ANSWER_MS },
    [ENROL_STARTS] = { "starts", enter_page, 0 },
    [ENROL_MATERIALS] = { "materials", enter_page, 0 },
    [ENROL_LEAVING_NUMBER] = { "leaving_number", enter_page, 0 },
    [ENROL_LEAVING_DATE] = { "leaving_date", enter_page, 0 },
    [ENROL_PHONE] = { "phone", enter_page, 0 },
    [ENROL_CONSENT] = { "consent", enter_page, 0 },
    [ENROL_SIGNATURE] = { "signature", enter_page, 0 },
    [ENROL_REGISTERED] = { "registered", enter_page, 0 },
};

#define IGNORE(event)                                                                              \
    {                                                                                              \
        SM_ANY, event, NULL, sm_ignore, SM_STAY                                                    \
    }

#define KEYPAD(state)                                                                              \
    { state, INTENT_DIGIT, NULL, type_digit, SM_STAY },                                            \
        { state, INTENT_ERASE, NULL, erase_digit, SM_STAY },                                       \
    {                                                                                              \
        state, INTENT_CLEAR, NULL, clear_field, SM_STAY                                            \
    }

/* clang-format off */
static const struct sm_arrow ARROWS[] = {
    { SM_ANY, ENROL_EV_START, NULL, NULL, ENROL_CHECKING },
    { SM_ANY, ENROL_EV_RESUME, NULL, NULL, ENROL_REGISTERED },
    { ENROL_CHECKING, ENROL_EV_STOP, NULL, drop_question, ENROL_OFF },
    { SM_ANY, ENROL_EV_STOP, NULL, NULL, ENROL_OFF },

    { ENROL_CHECKING, ENROL_EV_CHECKED, is_refused, refuse, ENROL_OFF },
    { ENROL_CHECKING, ENROL_EV_CHECKED, is_known, take_known, ENROL_REGISTERED },
    { ENROL_CHECKING, ENROL_EV_CHECKED, asks_starts, NULL, ENROL_STARTS },
    { ENROL_CHECKING, ENROL_EV_CHECKED, asks_materials, NULL, ENROL_MATERIALS },
    { ENROL_CHECKING, ENROL_EV_CHECKED, NULL, NULL, ENROL_PHONE },
    { ENROL_CHECKING, SM_EVENT_DEADLINE, asks_starts, drop_question, ENROL_STARTS },
    { ENROL_CHECKING, SM_EVENT_DEADLINE, asks_materials, drop_question, ENROL_MATERIALS },
    { ENROL_CHECKING, SM_EVENT_DEADLINE, NULL, drop_question, ENROL_PHONE },
    { ENROL_CHECKING, INTENT_BACK, NULL, leave_checking, ENROL_OFF },

    { ENROL_STARTS, INTENT_EARLIER, NULL, start_earlier, SM_STAY },
    { ENROL_STARTS, INTENT_LATER, NULL, start_later, SM_STAY },
    { ENROL_STARTS, INTENT_NEXT, asks_materials, NULL, ENROL_MATERIALS },
    { ENROL_STARTS, INTENT_NEXT, NULL, NULL, ENROL_PHONE },
    { ENROL_STARTS, INTENT_BACK, NULL, go_back, ENROL_OFF },

    { ENROL_MATERIALS, INTENT_TOGGLE_MATERIAL, NULL, toggle_material, SM_STAY },
    { ENROL_MATERIALS, INTENT_NEXT, all_and_leaving, NULL, ENROL_LEAVING_NUMBER },
    { ENROL_MATERIALS, INTENT_NEXT, all_is_there, NULL, ENROL_PHONE },
    { ENROL_MATERIALS, INTENT_BACK, asks_starts, NULL, ENROL_STARTS },
    { ENROL_MATERIALS, INTENT_BACK, NULL, go_back, ENROL_OFF },

    KEYPAD(ENROL_LEAVING_NUMBER),
    { ENROL_LEAVING_NUMBER, INTENT_NEXT, leaving_number_is_good, NULL, ENROL_LEAVING_DATE },
    { ENROL_LEAVING_NUMBER, INTENT_NEXT, NULL, refuse_field, SM_STAY },
    { ENROL_LEAVING_NUMBER, INTENT_BACK, NULL, NULL, ENROL_MATERIALS },

    KEYPAD(ENROL_LEAVING_DATE),
    { ENROL_LEAVING_DATE, INTENT_NEXT, leaving_date_is_good, NULL, ENROL_PHONE },
    { ENROL_LEAVING_DATE, INTENT_NEXT, NULL, refuse_field, SM_STAY },
    { ENROL_LEAVING_DATE, INTENT_BACK, NULL, NULL, ENROL_LEAVING_NUMBER },

    KEYPAD(ENROL_PHONE),
    { ENROL_PHONE, INTENT_NEXT, phone_is_good, forget_refusal, ENROL_CONSENT },
    { ENROL_PHONE, INTENT_NEXT, NULL, refuse_field, SM_STAY },
    { ENROL_PHONE, INTENT_BACK, needs_leaving, NULL, ENROL_LEAVING_DATE },
    { ENROL_PHONE, INTENT_BACK, asks_materials, NULL, ENROL_MATERIALS },
    { ENROL_PHONE, INTENT_BACK, asks_starts, NULL, ENROL_STARTS },
    { ENROL_PHONE, INTENT_BACK, NULL, go_back, ENROL_OFF },

    { ENROL_CONSENT, INTENT_TOGGLE_CONSENT, NULL, toggle_consent, SM_STAY },
    { ENROL_CONSENT, INTENT_NEXT, consent_is_given, forget_refusal, ENROL_SIGNATURE },
    { ENROL_CONSENT, INTENT_BACK, NULL, NULL, ENROL_PHONE },

    { ENROL_SIGNATURE, INTENT_CLEAR, NULL, clear_strokes, SM_STAY },
    { ENROL_SIGNATURE, INTENT_NEXT, has_signature, register_signed, SM_STAY },
    { ENROL_SIGNATURE, INTENT_SIGN_LATER, NULL, register_unsigned, SM_STAY },
    { ENROL_SIGNATURE, ENROL_EV_COMMITTED, NULL, forget_strokes, ENROL_REGISTERED },
    { ENROL_SIGNATURE, ENROL_EV_REFUSED, NULL, tell_refused, SM_STAY },
    { ENROL_SIGNATURE, INTENT_BACK, NULL, clear_strokes, ENROL_CONSENT },

    { ENROL_REGISTERED, INTENT_NEXT, NULL, go_pay, ENROL_OFF },
    { ENROL_REGISTERED, INTENT_PAY_CASH, NULL, go_pay, ENROL_OFF },
    { ENROL_REGISTERED, INTENT_PAY_LATER, NULL, go_later, ENROL_OFF },

    /* What is registered cannot be taken back with a key; other touches mean nothing here. */
    IGNORE(SM_EVENT_DEADLINE), SESSION_IGNORE_INTENTS,
    IGNORE(ENROL_EV_CHECKED), IGNORE(ENROL_EV_COMMITTED), IGNORE(ENROL_EV_REFUSED),
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
