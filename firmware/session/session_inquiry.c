#include "session/session_inquiry.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "session/session_internal.h"

/* Somebody who waits for an answer looks at a page that does nothing; a bureau that is there
 * answers within a second. */
#define ANSWER_MS 8000
/* Who came to pay waits less: what this machine knows is enough to go on. */
#define LOOK_MS 5000
/* Longer than the life of a print job with its repetition (receipt_flow.c). */
#define PRINTING_MS 90000

enum inquiry_event {
    INQUIRY_EV_BEGIN = INTENTS, /* with a card */
    INQUIRY_EV_NUMBER,          /* without */
    INQUIRY_EV_LOOK,            /* with a card, before a payment */
    INQUIRY_EV_STOP,
    INQUIRY_EV_ANSWERED, /* there is something to show, whoever it is from */
    INQUIRY_EV_SCANNED,  /* argument: text */
    INQUIRY_EV_PRINTED,
    INQUIRY_EVENTS,
};

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline", SESSION_INTENT_NAMES,
    [INQUIRY_EV_BEGIN] = "begin",     [INQUIRY_EV_NUMBER] = "number",
    [INQUIRY_EV_STOP] = "stop",       [INQUIRY_EV_ANSWERED] = "answered",
    [INQUIRY_EV_SCANNED] = "scanned", [INQUIRY_EV_PRINTED] = "printed",
    [INQUIRY_EV_LOOK] = "look",
};

static struct session_inquiry *data_of(struct session *session)
{
    return &session->v.inquiry;
}

static void enter_page(void *context)
{
    struct session *session = context;
    sm_set_deadline(&session->inquiry, INT64_MAX); /* patience ends it */
    patience_restart(session);
    session_changed(session);
}

/* ---- asking ---- */

static void show_own(struct session *session)
{
    struct session_inquiry *inquiry = data_of(session);
    inquiry->shown = inquiry->own;
}

/* A journal that cannot be read is no reason not to ask the bureau. */
static void keep_own(struct session *session, enum status status)
{
    data_of(session)->own_failed = status != STATUS_OK && status != STATUS_NOT_FOUND;
    if (data_of(session)->own_failed)
        log_error("session", "inquiry_unread", "%s", status_name(status));
}

static void ask(struct session *session, const char *question)
{
    const struct session_parts *parts = &session->parts;
    enum status status = STATUS_DISCONNECTED;
    if (parts->ask_bureau)
        status = parts->ask_bureau(parts->context, INQUIRY_ACTION, question, strlen(question));
    if (status == STATUS_OK)
        return;
    show_own(session);
    sm_post(&session->inquiry, INQUIRY_EV_ANSWERED, NULL);
}

static void enter_asking(void *context)
{
    struct session *session = context;
    char question[INQUIRY_QUESTION_SIZE];
    const struct settings *settings = session->parts.settings;
    patience_restart(session);
    session_changed(session);
    keep_own(session,
             inquiry_read_own(session->parts.journal, session->v.person, settings->kiosk_id,
                              clock_wall_ms(session->parts.clock), &data_of(session)->own));
    if (inquiry_ask_person(session->parts.seal, session->v.card.number, question) == STATUS_OK)
        ask(session, question);
    else
        sm_post(&session->inquiry, SM_EVENT_DEADLINE, NULL);
}

static void enter_seeking(void *context)
{
    struct session *session = context;
    char question[INQUIRY_QUESTION_SIZE];
    struct session_inquiry *inquiry = data_of(session);
    patience_restart(session);
    session_changed(session);
    keep_own(session, inquiry_find_own(session->parts.journal, inquiry->number.voucher,
                                       inquiry->number.hash16, session->parts.settings->kiosk_id,
                                       clock_wall_ms(session->parts.clock), &inquiry->own));
    inquiry_ask_voucher(inquiry->number.voucher, inquiry->number.hash16, question);
    ask(session, question);
}

static void drop_question(struct session *session)
{
    if (session->parts.drop_question)
        session->parts.drop_question(session->parts.context);
}

static void stop_waiting(void *context, const void *argument)
{
    (void)argument;
    drop_question(context);
    show_own(context);
}

static void report_looked(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->visit, VISIT_EV_LOOKED, NULL);
}

static void look_in_vain(void *context, const void *argument)
{
    stop_waiting(context, argument);
    report_looked(context, argument);
}

static void stop(void *context, const void *argument)
{
    (void)argument;
    drop_question(context);
}

/* By number only the one that was asked for is taken. */
static bool is_the_one_asked_for(const struct session_inquiry *inquiry)
{
    return inquiry->shown.payment_count == 0 ||
           (inquiry->shown.payment_count == 1 &&
            strcmp(inquiry->shown.payments[0].voucher, inquiry->number.voucher) == 0);
}

void session_on_bureau_answer(struct session *session, enum status status, int http_status,
                              const char *body, size_t size)
{
    struct session_inquiry *inquiry = data_of(session);
    bool is_seeking = session->inquiry.state == INQUIRY_SEEKING;
    if (session->enrol.state == ENROL_CHECKING)
        enrol_on_answer(session, status, http_status, body, size);
    if (!is_seeking && session->inquiry.state != INQUIRY_ASKING &&
        session->inquiry.state != INQUIRY_LOOKING)
        return;
    bool is_good = status == STATUS_OK && http_status == 200 &&
                   inquiry_parse_answer(body, size, &inquiry->shown) == STATUS_OK &&
                   (!is_seeking || is_the_one_asked_for(inquiry));
    if (is_good)
        inquiry_merge_own(&inquiry->shown, &inquiry->own);
    else
        show_own(session);
    log_info("session", "inquiry", "%s, HTTP %d: %s", status_name(status), http_status,
             is_good ? "the bureau's" : "our own");
    sm_post(&session->inquiry, INQUIRY_EV_ANSWERED, NULL);
}

/* ---- pages ---- */

static void forget_print(struct session *session)
{
    data_of(session)->print = PRINT_NOTHING;
}

static void show_half(void *context, const void *argument)
{
    struct session *session = context;
    data_of(session)->half = *(const int *)argument;
    forget_print(session);
}

static void show_payments(void *context, const void *argument)
{
    struct session *session = context;
    int from = *(const int *)argument;
    bool is_there = from >= 0 && from < data_of(session)->shown.payment_count;
    data_of(session)->payments_from = is_there ? from : 0;
    forget_print(session);
}

static void go_to_record(void *context, const void *argument)
{
    (void)argument;
    forget_print(context);
}

static void report_back(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->visit, VISIT_EV_INQUIRY_BACK, NULL);
}

/* ---- the number ---- */

static void clear_number(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    bytes_wipe(data_of(session), sizeof *data_of(session));
    session_changed(session);
}

static void type_digit(void *context, const void *argument)
{
    struct session *session = context;
    data_of(session)->number_refused = false;
    choice_append_digit(data_of(session)->typed, sizeof data_of(session)->typed,
                        *(const int *)argument);
    session_changed(session);
}

static void erase_digit(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    data_of(session)->number_refused = false;
    choice_erase_digit(data_of(session)->typed);
    session_changed(session);
}

static bool typed_is_good(void *context, const void *argument)
{
    struct session *session = context;
    struct inquiry_number number;
    (void)argument;
    return inquiry_read_number(data_of(session)->typed, &number) == STATUS_OK;
}

static void take_typed(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    if (inquiry_read_number(data_of(session)->typed, &data_of(session)->number) != STATUS_OK)
        data_of(session)->number_refused = true;
}

static void refuse_number(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    data_of(session)->number_refused = true;
    session_changed(session);
}

static bool scanned_is_good(void *context, const void *argument)
{
    struct inquiry_number number;
    (void)context;
    return inquiry_read_number(argument, &number) == STATUS_OK;
}

static void take_scanned(void *context, const void *argument)
{
    struct session *session = context;
    clear_number(session, NULL);
    if (inquiry_read_number(argument, &data_of(session)->number) != STATUS_OK)
        data_of(session)->number_refused = true;
    memcpy(data_of(session)->typed, data_of(session)->number.voucher,
           sizeof data_of(session)->typed);
}

static void refuse_scanned(void *context, const void *argument)
{
    clear_number(context, NULL);
    refuse_number(context, argument);
}

/* ---- paper ---- */

static bool can_print(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return receipt_flow_is_at_rest(&session->receipt);
}

static bool can_reprint(void *context, const void *argument)
{
    struct session *session = context;
    const struct session_inquiry *inquiry = data_of(session);
    int index = *(const int *)argument;
    return can_print(context, argument) && session->v.has_card && index >= 0 &&
           index < inquiry->shown.payment_count && inquiry->shown.payments[index].is_own &&
           inquiry->copies < session->parts.settings->reprints_max;
}

static void choose_slip(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    data_of(session)->copy_of = -1;
    data_of(session)->print_is_copy = false;
}

static void choose_copy(void *context, const void *argument)
{
    struct session *session = context;
    data_of(session)->copy_of = *(const int *)argument;
    data_of(session)->print_is_copy = true;
    data_of(session)->copies++;
}

static void enter_printing(void *context)
{
    struct session *session = context;
    struct session_inquiry *inquiry = data_of(session);
    struct receipt_facts facts;
    enum status status = inquiry->print_is_copy
                             ? session_inquiry_compose_copy(session, inquiry->copy_of, &facts)
                             : session_inquiry_compose_slip(session, &facts);
    patience_restart(session);
    session_changed(session);
    inquiry->print = PRINT_FAILED;
    if (status == STATUS_OK) {
        session->printing = inquiry->print_is_copy ? SLIP_COPY : SLIP_RECORD;
        receipt_flow_print(&session->receipt, &facts);
    } else {
        log_error("session", "inquiry_not_composed", "%s", status_name(status));
        sm_post(&session->inquiry, INQUIRY_EV_PRINTED, NULL);
    }
    bytes_wipe(&facts, sizeof facts);
}

enum view_print session_print_of(enum receipt_result result)
{
    return result == RECEIPT_PRINTED  ? PRINT_DONE
           : result == RECEIPT_FAILED ? PRINT_FAILED
                                      : PRINT_UNKNOWN;
}

void inquiry_on_receipt(struct session *session, enum receipt_result result)
{
    if (session->inquiry.state != INQUIRY_PRINTING)
        return; /* the person has left; the paper lies there all the same */
    data_of(session)->print = session_print_of(result);
    sm_post(&session->inquiry, INQUIRY_EV_PRINTED, NULL);
}

static bool is_copy(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return data_of(session)->print_is_copy;
}

/* ---- the table ---- */

static const struct sm_state STATES[INQUIRY_STATES] = {
    [INQUIRY_OFF] = { "off", NULL, 0 },
    [INQUIRY_ASKING] = { "asking", enter_asking, ANSWER_MS },
    [INQUIRY_RECORD] = { "record", enter_page, 0 },
    [INQUIRY_LIST] = { "list", enter_page, 0 },
    [INQUIRY_WHERE] = { "where", enter_page, 0 },
    [INQUIRY_NUMBER] = { "number", enter_page, 0 },
    [INQUIRY_SEEKING] = { "seeking", enter_seeking, ANSWER_MS },
    [INQUIRY_FOUND] = { "found", enter_page, 0 },
    [INQUIRY_PRINTING] = { "printing", enter_printing, PRINTING_MS },
    [INQUIRY_LOOKING] = { "looking", enter_asking, LOOK_MS },
};

#define IGNORE(event)                                                                              \
    {                                                                                              \
        SM_ANY, event, NULL, sm_ignore, SM_STAY                                                    \
    }

/* clang-format off */
static const struct sm_arrow ARROWS[] = {
    { SM_ANY, INQUIRY_EV_BEGIN, NULL, NULL, INQUIRY_ASKING },
    { SM_ANY, INQUIRY_EV_NUMBER, NULL, clear_number, INQUIRY_NUMBER },
    { SM_ANY, INQUIRY_EV_LOOK, NULL, NULL, INQUIRY_LOOKING },
    { SM_ANY, INQUIRY_EV_STOP, NULL, stop, INQUIRY_OFF },

    { INQUIRY_LOOKING, INQUIRY_EV_ANSWERED, NULL, report_looked, INQUIRY_OFF },
    { INQUIRY_LOOKING, SM_EVENT_DEADLINE, NULL, look_in_vain, INQUIRY_OFF },

    { INQUIRY_ASKING, INQUIRY_EV_ANSWERED, NULL, NULL, INQUIRY_RECORD },
    { INQUIRY_ASKING, SM_EVENT_DEADLINE, NULL, stop_waiting, INQUIRY_RECORD },
    { INQUIRY_ASKING, INTENT_BACK, NULL, report_back, SM_STAY },

    { INQUIRY_RECORD, INTENT_LIST_MONTHS, NULL, show_half, INQUIRY_LIST },
    { INQUIRY_RECORD, INTENT_WHERE, NULL, show_payments, INQUIRY_WHERE },
    { INQUIRY_RECORD, INTENT_PRINT, can_print, choose_slip, INQUIRY_PRINTING },
    { INQUIRY_RECORD, INTENT_BACK, NULL, report_back, SM_STAY },

    { INQUIRY_LIST, INTENT_LIST_MONTHS, NULL, show_half, INQUIRY_LIST },
    { INQUIRY_LIST, INTENT_BACK, NULL, go_to_record, INQUIRY_RECORD },

    { INQUIRY_WHERE, INTENT_WHERE, NULL, show_payments, INQUIRY_WHERE },
    { INQUIRY_WHERE, INTENT_REPRINT, can_reprint, choose_copy, INQUIRY_PRINTING },
    { INQUIRY_WHERE, INTENT_BACK, NULL, go_to_record, INQUIRY_RECORD },

    { INQUIRY_NUMBER, INTENT_DIGIT, NULL, type_digit, SM_STAY },
    { INQUIRY_NUMBER, INTENT_ERASE, NULL, erase_digit, SM_STAY },
    { INQUIRY_NUMBER, INTENT_CLEAR, NULL, clear_number, SM_STAY },
    { INQUIRY_NUMBER, INTENT_NEXT, typed_is_good, take_typed, INQUIRY_SEEKING },
    { INQUIRY_NUMBER, INTENT_NEXT, NULL, refuse_number, SM_STAY },
    { INQUIRY_NUMBER, INTENT_BACK, NULL, report_back, SM_STAY },
    { INQUIRY_NUMBER, INQUIRY_EV_SCANNED, scanned_is_good, take_scanned, INQUIRY_SEEKING },
    { INQUIRY_NUMBER, INQUIRY_EV_SCANNED, NULL, refuse_scanned, SM_STAY },

    { INQUIRY_SEEKING, INQUIRY_EV_ANSWERED, NULL, NULL, INQUIRY_FOUND },
    { INQUIRY_SEEKING, SM_EVENT_DEADLINE, NULL, stop_waiting, INQUIRY_FOUND },
    { INQUIRY_SEEKING, INTENT_BACK, NULL, stop, INQUIRY_NUMBER },

    { INQUIRY_FOUND, INTENT_BACK, NULL, clear_number, INQUIRY_NUMBER },
    { INQUIRY_FOUND, INQUIRY_EV_SCANNED, scanned_is_good, take_scanned, INQUIRY_SEEKING },

    { INQUIRY_PRINTING, INQUIRY_EV_PRINTED, is_copy, NULL, INQUIRY_WHERE },
    { INQUIRY_PRINTING, INQUIRY_EV_PRINTED, NULL, NULL, INQUIRY_RECORD },
    { INQUIRY_PRINTING, SM_EVENT_DEADLINE, is_copy, NULL, INQUIRY_WHERE },
    { INQUIRY_PRINTING, SM_EVENT_DEADLINE, NULL, NULL, INQUIRY_RECORD },

    /* A touch on a page that has just gone, a code that nobody waits for. */
    IGNORE(SM_EVENT_DEADLINE), SESSION_IGNORE_INTENTS,
    IGNORE(INQUIRY_EV_ANSWERED), IGNORE(INQUIRY_EV_SCANNED), IGNORE(INQUIRY_EV_PRINTED),
};
/* clang-format on */

static const struct sm_table TABLE = {
    .module = "session",
    .name = "inquiry",
    .states = STATES,
    .state_count = INQUIRY_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = INQUIRY_EVENTS,
    .rest_state = INQUIRY_OFF,
    .fault_state = INQUIRY_OFF,
};

void session_init_inquiry(struct session *session)
{
    sm_init(&session->inquiry, &TABLE, session->parts.clock, session);
}

void inquiry_begin(struct session *session, bool has_card)
{
    sm_post(&session->inquiry, has_card ? INQUIRY_EV_BEGIN : INQUIRY_EV_NUMBER, NULL);
}

void inquiry_look(struct session *session)
{
    sm_post(&session->inquiry, INQUIRY_EV_LOOK, NULL);
}

void inquiry_stop(struct session *session)
{
    sm_post(&session->inquiry, INQUIRY_EV_STOP, NULL);
}

void inquiry_on_text(struct session *session, const char *text)
{
    sm_post(&session->inquiry, INQUIRY_EV_SCANNED, text);
}
