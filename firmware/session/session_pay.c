#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "session/session_internal.h"
#include "session/session_limits.h"

#define CLOSING_MS 90000     /* longer than the cash flow looks for a note … */
#define CLOSING_TRIES_MAX 2  /* … and twice that is longer than all it may wait for */
#define UNRECORDED_MS 45000  /* a person waits for the journal to take a note that is inside */
#define SETTLE_RETRY_MS 2000 /* the journal refuses: tried again this often … */
#define SETTLE_TRIES_MAX 15  /* … for half a minute; then the next start settles it */
#define PRINTING_MS 180000   /* the receipt flow has deadlines of its own, all shorter */
#define PRINTER_BUSY_MS 1000

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline",
    SESSION_INTENT_NAMES,
    [PAY_EV_BEGIN] = "begin",
    [PAY_EV_SLIP] = "slip",
    [PAY_EV_GAVE_UP] = "gave_up",
    [PAY_EV_MUST_END] = "must_end",
    [PAY_EV_ENDED] = "ended",
    [PAY_EV_SETTLED] = "settled",
    [PAY_EV_NOT_SETTLED] = "not_settled",
    [PAY_EV_PRINTED] = "printed",
};

/* ---- what the cash flow tells ---- */

/* By value, the largest first. */
static void count_note(struct session_visit *visit, int64_t value_fen)
{
    int at = 0;
    while (at < visit->note_count && visit->notes[at].value_fen > value_fen)
        at++;
    if (at == visit->note_count || visit->notes[at].value_fen != value_fen) {
        if (visit->note_count == VIEW_NOTES_MAX)
            return;
        memmove(&visit->notes[at + 1], &visit->notes[at],
                (size_t)(visit->note_count - at) * sizeof visit->notes[0]);
        visit->notes[at] = (struct view_note){ .value_fen = value_fen };
        visit->note_count++;
    }
    visit->notes[at].count++;
}

static enum view_cash_notice notice_of_answer(enum note_answer answer)
{
    switch (answer) {
    case NOTE_TOO_LARGE:
        return CASH_NOTICE_TOO_LARGE;
    case NOTE_PAST_LIMIT:
        return CASH_NOTICE_PAST_LIMIT;
    case NOTE_WANTED:
    case NOTE_NOT_TAKEN:
        break;
    }
    return CASH_NOTICE_NOT_ACCEPTED;
}

static enum view_cash_notice notice_of(enum cash_reject_reason reason, enum note_answer answer)
{
    switch (reason) {
    case CASH_REJECT_NOT_ACCEPTED:
        return notice_of_answer(answer);
    case CASH_REJECT_SECOND_NOTE:
        return CASH_NOTICE_SECOND_NOTE;
    case CASH_REJECT_HOST:
        return CASH_NOTICE_NONE; /* we gave it back: the reason was told when we decided to */
    case CASH_REJECT_NONE:
    case CASH_REJECT_NOT_RECOGNISED:
    case CASH_REJECT_TIMEOUT:
    case CASH_REJECT_FAULT:
        break;
    }
    return CASH_NOTICE_RETURNED;
}

static void take_note(struct session_visit *visit, const struct cash_flow_event *event)
{
    count_note(visit, event->value_fen);
    visit->last_note_fen = event->value_fen;
    visit->notice = CASH_NOTICE_TAKEN;
}

static void note_back(struct session_visit *visit, const struct cash_flow_event *event)
{
    enum view_cash_notice notice = notice_of(event->reason, event->answer);
    visit->last_note_fen = event->value_fen;
    if (notice != CASH_NOTICE_NONE || visit->notice == CASH_NOTICE_READING)
        visit->notice = notice;
}

static void note_unknown(struct session_visit *visit, const struct cash_flow_event *event)
{
    visit->notice = CASH_NOTICE_NOTE_UNKNOWN;
    visit->has_unknown_note = true;
    visit->unknown_fen += event->value_fen;
}

static void note_unrecorded(struct session *session, const struct cash_flow_event *event)
{
    struct session_visit *visit = &session->v;
    visit->notice = CASH_NOTICE_NOT_RECORDED;
    visit->note_unrecorded = true;
    visit->last_note_fen = event->value_fen;
    if (session->pay.state == PAY_CLOSING)
        sm_set_deadline(&session->pay, clock_now_ms(session->parts.clock) + UNRECORDED_MS);
}

/* While a note waits for the journal, that stays what there is to say. */
static void tell_device(struct session_visit *visit, enum view_cash_notice notice)
{
    visit->notice = visit->note_unrecorded ? CASH_NOTICE_NOT_RECORDED : notice;
}

static bool resolves_a_note(enum cash_flow_event_kind kind)
{
    return kind == CASH_FLOW_NOTE_TAKEN || kind == CASH_FLOW_NOTE_BACK ||
           kind == CASH_FLOW_NOTE_UNKNOWN || kind == CASH_FLOW_ENDED;
}

/* What the payment must do about it; 0 nothing. */
static enum pay_event take_cash_event(struct session *session, const struct cash_flow_event *event)
{
    struct session_visit *visit = &session->v;
    switch (event->kind) {
    case CASH_FLOW_READING:
        visit->notice = CASH_NOTICE_READING;
        return 0;
    case CASH_FLOW_NOTE_TAKEN:
        take_note(visit, event);
        session_appended(session);
        return 0;
    case CASH_FLOW_NOTE_BACK:
        note_back(visit, event);
        return 0;
    case CASH_FLOW_NOTE_UNWANTED:
        visit->last_note_fen = event->value_fen;
        visit->notice = notice_of_answer(event->answer);
        return 0;
    case CASH_FLOW_LIMIT:
        tell_device(visit, CASH_NOTICE_LIMIT);
        return PAY_EV_MUST_END;
    case CASH_FLOW_JOURNAL_FAILED:
        visit->notice = CASH_NOTICE_WOULD_NOT_BOOK;
        return PAY_EV_MUST_END;
    case CASH_FLOW_DEVICE_LOST:
        tell_device(visit, CASH_NOTICE_DEVICE_LOST);
        return 0;
    case CASH_FLOW_DEVICE_BACK:
        tell_device(visit, CASH_NOTICE_NONE);
        return 0;
    case CASH_FLOW_DEVICE_SWAPPED:
        tell_device(visit, CASH_NOTICE_DEVICE_LOST);
        return PAY_EV_MUST_END;
    case CASH_FLOW_NOTE_UNKNOWN:
        note_unknown(visit, event);
        return PAY_EV_MUST_END;
    case CASH_FLOW_NOT_RECORDED:
        note_unrecorded(session, event);
        return PAY_EV_MUST_END;
    case CASH_FLOW_ENDED:
        return PAY_EV_ENDED;
    }
    return 0;
}

void pay_on_cash(struct session *session, const struct cash_flow_event *event)
{
    session->v.inserted_fen = event->inserted_fen;
    if (resolves_a_note(event->kind))
        session->v.note_unrecorded = false;
    enum pay_event ends = take_cash_event(session, event);
    /* Each note gives the person the whole time again. */
    if (session->pay.state == PAY_CASH && event->kind != CASH_FLOW_ENDED)
        patience_restart(session);
    session_changed(session);
    if (ends)
        sm_post(&session->pay, (int)ends, NULL);
}

/* ---- taking cash ---- */

static void enter_cash(void *context)
{
    struct session *session = context;
    struct session_visit *visit = &session->v;
    struct note_terms terms;
    sm_set_deadline(&session->pay, INT64_MAX); /* patience ends the waiting */
    visit->inserted_fen = 0;
    visit->note_count = 0;
    visit->notice = CASH_NOTICE_NONE;
    visit->leaves = false;
    visit->closing_tries = visit->settle_tries = 0;
    visit->note_unrecorded = false;
    /* Offered a moment ago; whatever has come between, the flow takes no note past the terms. */
    (void)limits_terms(session, &terms);
    cash_flow_begin(&session->cash, visit->txn, &terms);
    session_changed(session);
}

static bool has_money(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.inserted_fen > 0;
}

static bool has_no_money(void *context, const void *argument)
{
    return !has_money(context, argument);
}

/* The cash flow ended by itself, and not because enough is in. */
static bool is_short(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.inserted_fen < session->v.quote.total_fen;
}

static void give_back(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.outcome = SETTLE_CANCELLED;
}

static void cancel(void *context, const void *argument)
{
    struct session *session = context;
    give_back(context, argument);
    session->v.leaves = true;
}

static void finish_early(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.outcome = SETTLE_ENDED_EARLY;
}

static void time_out(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.outcome = SETTLE_TIMED_OUT;
    session->v.leaves = true;
}

static void break_off(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.outcome = SETTLE_INTERRUPTED;
}

static void complete(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.outcome = SETTLE_COMPLETE;
}

static void enter_closing(void *context)
{
    struct session *session = context;
    patience_stop(session);
    if (session->v.note_unrecorded)
        sm_set_deadline(&session->pay, clock_now_ms(session->parts.clock) + UNRECORDED_MS);
    cash_flow_end(&session->cash);
}

static bool may_wait_on(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return !session->v.note_unrecorded && session->v.closing_tries + 1 < CLOSING_TRIES_MAX;
}

static void end_again(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.closing_tries++;
    cash_flow_end(&session->cash);
}

/* ---- settling ---- */

/* The journal counts what an event may have told while nobody listened. */
static void take_unknown_notes(struct session_visit *visit)
{
    if (visit->record.unknown_notes == 0)
        return;
    visit->has_unknown_note = true;
    if (visit->record.unknown_fen > visit->unknown_fen)
        visit->unknown_fen = visit->record.unknown_fen;
}

static void enter_settling(void *context)
{
    struct session *session = context;
    struct session_visit *visit = &session->v;
    const struct settings *settings = session->parts.settings;
    patience_stop(session);
    /* The cash flow ends by itself when all is in; what the person wanted meanwhile gives way. */
    enum settle_outcome outcome =
        visit->inserted_fen >= visit->quote.total_fen ? SETTLE_COMPLETE : visit->outcome;
    if (!journal_is_writable(session->parts.journal))
        (void)!journal_recheck(session->parts.journal);
    enum status status =
        settle_transaction(session->parts.journal, visit->txn, outcome, settings->region,
                           settings->kiosk_id, session->parts.clock, &visit->record);
    if (status != STATUS_OK) {
        log_error("session", "not_settled", "%s", status_name(status));
    } else {
        take_unknown_notes(visit);
        session_appended(session);
    }
    sm_post(&session->pay, status == STATUS_OK ? PAY_EV_SETTLED : PAY_EV_NOT_SETTLED, NULL);
}

static void count_try(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.settle_tries++;
    session_changed(session);
}

static bool may_try_again(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.settle_tries < SETTLE_TRIES_MAX;
}

/* The money is in the journal note by note, but for one that the cash flow goes on trying to book;
 * the transaction stays open, blocks the next payment and is settled by recovery. */
static void leave_open(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.receipt = RECEIPT_FAILED;
    sm_post(&session->visit, VISIT_EV_PAID, NULL);
    recovery_begin(session);
}

static bool nothing_is_at_stake(void *context, const void *argument)
{
    struct session *session = context;
    return has_no_money(context, argument) && !session->v.has_unknown_note &&
           !session->v.note_unrecorded;
}

/* Nothing was taken, so nobody has to wait for the journal; recovery closes the empty transaction.
 */
static void leave_unpaid(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.payment_refusal = SERVICE_JOURNAL;
    session->v.txn_is_used = true;
    sm_post(&session->visit, session->v.leaves ? VISIT_EV_ENDED : VISIT_EV_NOT_PAID, NULL);
    recovery_begin(session);
}

static bool nothing_was_paid(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.record.cancelled;
}

static bool only_unknown_note(void *context, const void *argument)
{
    struct session *session = context;
    return nothing_was_paid(context, argument) && session->v.has_unknown_note;
}

static void report_nothing_paid(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.txn_is_used = true;
    session->v.cash_broke_off = session->v.outcome == SETTLE_INTERRUPTED;
    sm_post(&session->visit, session->v.leaves ? VISIT_EV_ENDED : VISIT_EV_NOT_PAID, NULL);
}

/* ---- paper ---- */

static void choose_slip(struct session *session, enum session_slip slip)
{
    session->v.slip = slip;
    session->v.slip_is_sent = false;
}

static void choose_payment_slip(void *context, const void *argument)
{
    (void)argument;
    choose_slip(context, SLIP_PAYMENT);
}

static void choose_registration_slip(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.slip_was_tried = true;
    choose_slip(session, SLIP_REGISTRATION);
}

static void choose_unknown_slip(void *context, const void *argument)
{
    (void)argument;
    choose_slip(context, SLIP_UNKNOWN_NOTE);
}

static enum receipt_result *slip_result(struct session_visit *visit)
{
    bool is_form = visit->slip == SLIP_REGISTRATION && visit->record.voucher[0] != '\0';
    if (is_form)
        return &visit->form;
    return visit->slip == SLIP_UNKNOWN_NOTE ? &visit->claim : &visit->receipt;
}

static void enter_printing(void *context)
{
    struct session *session = context;
    struct session_visit *visit = &session->v;
    struct receipt_facts facts;
    patience_stop(session);
    session_changed(session);
    if (visit->slip_is_sent)
        return;
    if (!receipt_flow_is_at_rest(&session->receipt)) {
        sm_set_deadline(&session->pay, clock_now_ms(session->parts.clock) + PRINTER_BUSY_MS);
        return;
    }
    visit->slip_is_sent = true;
    session->printing = visit->slip;
    *slip_result(visit) = RECEIPT_PENDING;
    entries_compose_facts(session, visit->slip, &facts);
    if (visit->slip == SLIP_UNKNOWN_NOTE)
        text_copy(visit->claim_voucher, sizeof visit->claim_voucher, facts.voucher);
    receipt_flow_print(&session->receipt, &facts);
    bytes_wipe(&facts, sizeof facts);
}

static bool slip_waits(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return !session->v.slip_is_sent;
}

static bool owes_unknown_slip(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.slip == SLIP_PAYMENT && session->v.has_unknown_note;
}

/* Whoever registered without signing takes a paper along that is signed at the window. */
static bool owes_form(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.registered_now && !session->v.is_signed && !session->v.slip_was_tried;
}

static void give_up_printing(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    *slip_result(&session->v) = RECEIPT_NOT_KNOWN;
    sm_post(&session->pay, PAY_EV_PRINTED, NULL);
}

void pay_on_receipt(struct session *session, enum receipt_result result)
{
    /* A number the journal did not take goes to the next slip: nobody may write it down. */
    if (session->v.slip == SLIP_UNKNOWN_NOTE && !session->receipt.is_numbered)
        session->v.claim_voucher[0] = '\0';
    *slip_result(&session->v) = result;
    sm_post(&session->pay, PAY_EV_PRINTED, NULL);
}

static void report_paid(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->visit, VISIT_EV_PAID, NULL);
}

/* ---- the table ---- */

static const struct sm_state STATES[PAY_STATES] = {
    [PAY_OFF] = { "off", NULL, 0 },
    [PAY_CASH] = { "cash", enter_cash, 0 },
    [PAY_CLOSING] = { "closing", enter_closing, CLOSING_MS },
    [PAY_SETTLING] = { "settling", enter_settling, SETTLE_RETRY_MS },
    [PAY_PRINTING] = { "printing", enter_printing, PRINTING_MS },
};

#define IGNORE(event)                                                                              \
    {                                                                                              \
        SM_ANY, event, NULL, sm_ignore, SM_STAY                                                    \
    }

/* clang-format off */
static const struct sm_arrow ARROWS[] = {
    { PAY_OFF, PAY_EV_BEGIN, NULL, complete, PAY_CASH },
    { PAY_OFF, PAY_EV_SLIP, NULL, choose_registration_slip, PAY_PRINTING },

    { PAY_CASH, INTENT_BACK, has_no_money, give_back, PAY_CLOSING },
    { PAY_CASH, INTENT_CANCEL, has_no_money, cancel, PAY_CLOSING },
    { PAY_CASH, INTENT_FINISH_CASH, has_money, finish_early, PAY_CLOSING },
    { PAY_CASH, PAY_EV_GAVE_UP, NULL, time_out, PAY_CLOSING },
    { PAY_CASH, PAY_EV_MUST_END, NULL, break_off, PAY_CLOSING },
    { PAY_CASH, PAY_EV_ENDED, is_short, break_off, PAY_SETTLING },
    { PAY_CASH, PAY_EV_ENDED, NULL, NULL, PAY_SETTLING },

    { PAY_CLOSING, PAY_EV_ENDED, NULL, NULL, PAY_SETTLING },
    { PAY_CLOSING, SM_EVENT_DEADLINE, may_wait_on, end_again, SM_STAY },
    { PAY_CLOSING, SM_EVENT_DEADLINE, nothing_is_at_stake, leave_unpaid, PAY_OFF },
    { PAY_CLOSING, SM_EVENT_DEADLINE, NULL, leave_open, PAY_OFF },

    { PAY_SETTLING, PAY_EV_SETTLED, only_unknown_note, choose_unknown_slip, PAY_PRINTING },
    { PAY_SETTLING, PAY_EV_SETTLED, nothing_was_paid, report_nothing_paid, PAY_OFF },
    { PAY_SETTLING, PAY_EV_SETTLED, NULL, choose_payment_slip, PAY_PRINTING },
    { PAY_SETTLING, PAY_EV_NOT_SETTLED, nothing_is_at_stake, leave_unpaid, PAY_OFF },
    { PAY_SETTLING, PAY_EV_NOT_SETTLED, NULL, count_try, SM_STAY },
    { PAY_SETTLING, SM_EVENT_DEADLINE, may_try_again, NULL, PAY_SETTLING },
    { PAY_SETTLING, SM_EVENT_DEADLINE, NULL, leave_open, PAY_OFF },

    { PAY_PRINTING, PAY_EV_PRINTED, owes_unknown_slip, choose_unknown_slip, PAY_PRINTING },
    { PAY_PRINTING, PAY_EV_PRINTED, owes_form, choose_registration_slip, PAY_PRINTING },
    { PAY_PRINTING, PAY_EV_PRINTED, NULL, report_paid, PAY_OFF },
    { PAY_PRINTING, SM_EVENT_DEADLINE, slip_waits, NULL, PAY_PRINTING },
    { PAY_PRINTING, SM_EVENT_DEADLINE, NULL, give_up_printing, SM_STAY },

    /* Once money is inside there is no way back, and while it is counted there is nothing to touch. */
    IGNORE(SM_EVENT_DEADLINE), SESSION_IGNORE_INTENTS,
    IGNORE(PAY_EV_BEGIN), IGNORE(PAY_EV_SLIP), IGNORE(PAY_EV_GAVE_UP), IGNORE(PAY_EV_MUST_END),
    IGNORE(PAY_EV_ENDED), IGNORE(PAY_EV_SETTLED), IGNORE(PAY_EV_NOT_SETTLED),
    IGNORE(PAY_EV_PRINTED),
};
/* clang-format on */

static const struct sm_table TABLE = {
    .module = "session",
    .name = "pay",
    .states = STATES,
    .state_count = PAY_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = PAY_EVENTS,
    .rest_state = PAY_OFF,
    .fault_state = PAY_OFF,
};

void session_init_pay(struct session *session)
{
    sm_init(&session->pay, &TABLE, session->parts.clock, session);
}
