#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "session/session_internal.h"

#define WAITING_MS 60000
#define RETRY_MS 5000
#define PRINTING_MS 180000
#define SLIP_RETRY_MS 60000       /* after a failed slip, then twice as long each time … */
#define SLIP_RETRY_MS_MAX 3600000 /* … for each try is three entries in the journal */

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline",  [RECOVERY_EV_START] = "start",
    [RECOVERY_EV_SLIP] = "slip",       [RECOVERY_EV_ADVANCE] = "advance",
    [RECOVERY_EV_SETTLED] = "settled", [RECOVERY_EV_FAILED] = "failed",
    [RECOVERY_EV_PRINTED] = "printed",
};

/* ---- settling what was cut off ---- */

static bool cash_is_resolved(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->pay.state == PAY_OFF && cash_flow_is_at_rest(&session->cash) &&
           !cash_flow_is_recovering(&session->cash);
}

static enum status settle(struct session *session)
{
    const struct settings *settings = session->parts.settings;
    return settle_transaction(session->parts.journal, session->r.txn, SETTLE_INTERRUPTED,
                              settings->region, settings->kiosk_id, session->parts.clock,
                              &session->r.record);
}

static void enter_settling(void *context)
{
    struct session *session = context;
    enum status status = settle(session);
    if (status == STATUS_OK)
        session_appended(session);
    else
        log_error("session", "not_recovered", "%s", status_name(status));
    sm_post(&session->recovery, status == STATUS_OK ? RECOVERY_EV_SETTLED : RECOVERY_EV_FAILED,
            NULL);
}

static void log_settled(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    log_info("session", "recovered", "%lld fen had been paid",
             (long long)session->r.record.sum.paid_fen);
}

static void enter_off(void *context)
{
    session_changed(context);
    recovery_begin(context);
}

/* ---- its paper ---- */

static void announce_slip(struct session *session)
{
    const struct settle_record *record = &session->r.record;
    session->interrupted = true;
    session->interrupted_note_unknown = session->r.slip == SLIP_UNKNOWN_NOTE;
    session->interrupted_fen =
        session->interrupted_note_unknown ? record->unknown_fen : record->sum.paid_fen;
    session_changed(session);
}

static void enter_holding(void *context)
{
    struct session *session = context;
    announce_slip(session);
    if (session->r.retry_at_ms > clock_now_ms(session->parts.clock))
        sm_set_deadline(&session->recovery, session->r.retry_at_ms);
}

/* Never while somebody else stands there in the middle of a visit. */
static bool can_print(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    enum device_state printer = session->receipt.status.state;
    return session->visit.state == VISIT_HOME && receipt_flow_is_at_rest(&session->receipt) &&
           (printer == DEVICE_READY || printer == DEVICE_DEGRADED) &&
           clock_now_ms(session->parts.clock) >= session->r.retry_at_ms;
}

static void enter_printing(void *context)
{
    struct session *session = context;
    struct receipt_facts facts;
    announce_slip(session);
    session->printing = session->r.slip;
    entries_compose_facts(session, session->r.slip, &facts);
    receipt_flow_print(&session->receipt, &facts);
}

static void log_lost(void *context, const void *argument)
{
    (void)context;
    (void)argument;
    log_error("session", "slip_lost", "the printer gave no result for a slip");
}

static const struct sm_state STATES[RECOVERY_STATES] = {
    [RECOVERY_OFF] = { "off", enter_off, 0 },
    [RECOVERY_WAITING] = { "waiting", NULL, WAITING_MS },
    [RECOVERY_SETTLING] = { "settling", enter_settling, RETRY_MS },
    [RECOVERY_HOLDING] = { "holding", enter_holding, WAITING_MS },
    [RECOVERY_PRINTING] = { "printing", enter_printing, PRINTING_MS },
};

/* clang-format off */
static const struct sm_arrow ARROWS[] = {
    { RECOVERY_OFF, RECOVERY_EV_START, NULL, NULL, RECOVERY_WAITING },
    { RECOVERY_OFF, RECOVERY_EV_SLIP, NULL, NULL, RECOVERY_HOLDING },
    { RECOVERY_OFF, SM_EVENT_DEADLINE, NULL, sm_ignore, SM_STAY },

    { RECOVERY_WAITING, RECOVERY_EV_ADVANCE, cash_is_resolved, NULL, RECOVERY_SETTLING },
    { RECOVERY_WAITING, SM_EVENT_DEADLINE, NULL, sm_ignore, SM_STAY },

    { RECOVERY_SETTLING, RECOVERY_EV_SETTLED, NULL, log_settled, RECOVERY_OFF },
    { RECOVERY_SETTLING, RECOVERY_EV_FAILED, NULL, sm_ignore, SM_STAY },
    { RECOVERY_SETTLING, SM_EVENT_DEADLINE, NULL, NULL, RECOVERY_SETTLING },

    { RECOVERY_HOLDING, RECOVERY_EV_START, NULL, NULL, RECOVERY_WAITING },
    { RECOVERY_HOLDING, RECOVERY_EV_ADVANCE, can_print, NULL, RECOVERY_PRINTING },
    { RECOVERY_HOLDING, SM_EVENT_DEADLINE, NULL, sm_ignore, SM_STAY },

    { RECOVERY_PRINTING, RECOVERY_EV_PRINTED, NULL, NULL, RECOVERY_OFF },
    { RECOVERY_PRINTING, SM_EVENT_DEADLINE, NULL, log_lost, RECOVERY_OFF },

    { SM_ANY, RECOVERY_EV_START, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_SLIP, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_ADVANCE, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_SETTLED, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_FAILED, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_PRINTED, NULL, sm_ignore, SM_STAY },
};
/* clang-format on */

static const struct sm_table TABLE = {
    .module = "session",
    .name = "recovery",
    .states = STATES,
    .state_count = RECOVERY_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = RECOVERY_EVENTS,
    .rest_state = RECOVERY_OFF,
    .fault_state = RECOVERY_OFF,
};

void session_init_recovery(struct session *session)
{
    sm_init(&session->recovery, &TABLE, session->parts.clock, session);
}

void recovery_advance(struct session *session)
{
    if (session->recovery.state == RECOVERY_WAITING || session->recovery.state == RECOVERY_HOLDING)
        sm_post(&session->recovery, RECOVERY_EV_ADVANCE, NULL);
}

/* The entry that made a slip due is in the journal already. */
void recovery_on_cash(struct session *session, const struct cash_flow_event *event)
{
    if (event->kind == CASH_FLOW_NOTE_UNKNOWN && session->visit.state == VISIT_HOME)
        recovery_begin(session);
}

static void count_failure(struct session *session)
{
    struct session_recovery *recovery = &session->r;
    int64_t twice_ms = 2 * recovery->retry_ms;
    recovery->retry_ms = twice_ms == 0                  ? SLIP_RETRY_MS
                         : twice_ms > SLIP_RETRY_MS_MAX ? SLIP_RETRY_MS_MAX
                                                        : twice_ms;
    recovery->retry_at_ms = clock_now_ms(session->parts.clock) + recovery->retry_ms;
}

void recovery_on_receipt(struct session *session, enum receipt_result result)
{
    log_info("session", "slip", "result %d", (int)result);
    if (result == RECEIPT_FAILED)
        count_failure(session);
    else
        session->r.retry_ms = session->r.retry_at_ms = 0;
    sm_post(&session->recovery, RECOVERY_EV_PRINTED, NULL);
}

/* ---- what the journal says is left ---- */

NODISCARD static enum status append_paper_state(struct session *session,
                                                const struct journal_slip *slip, const char *state)
{
    char body[192];
    int next_copy = 0;
    enum status status = receipt_flow_next_copy(session->parts.journal, slip->txn, &next_copy);
    if (status != STATUS_OK)
        return status;
    bool fits = text_format(body, sizeof body,
                            "{\"voucher\":\"%s\",\"paper\":\"%s\",\"state\":\"%s\",\"copy\":%d}",
                            slip->voucher, slip->paper, state, next_copy > 0 ? next_copy - 1 : 0);
    CHECK(fits);
    const struct journal_draft draft = {
        .kind = JOURNAL_RECEIPT_STATE,
        .txn = slip->txn,
        .body = body,
    };
    return journal_append(session->parts.journal, &draft, NULL);
}

/* Sent and never heard of again: it may lie on paper, so it is not sent a second time. */
void recovery_close_cut_off(struct session *session)
{
    struct journal_slip slip;
    while (journal_sending_slip(session->parts.journal, &slip) == STATUS_OK) {
        if (append_paper_state(session, &slip, "unknown") != STATUS_OK)
            return;
        log_warning("session", "receipt_unknown", "one was being printed when the kiosk stopped");
    }
}

static void take_slip(struct session *session, const struct journal_slip *slip)
{
    struct session_recovery *recovery = &session->r;
    bool is_note = strcmp(slip->paper, JOURNAL_PAPER_UNKNOWN_NOTE) == 0;
    recovery->slip = is_note ? SLIP_UNKNOWN_NOTE : SLIP_INTERRUPTED;
    text_copy(recovery->txn, sizeof recovery->txn, slip->txn);
    text_copy(recovery->voucher, sizeof recovery->voucher, slip->voucher);
    if (slip->was_sent &&
        receipt_flow_next_copy(session->parts.journal, slip->txn, &recovery->copy) != STATUS_OK)
        recovery->copy = 1;
    if (settle(session) != STATUS_OK)
        log_error("session", "slip_without_payment", "%s cannot be read", slip->txn);
    else
        sm_post(&session->recovery, RECOVERY_EV_SLIP, NULL);
}

void recovery_begin(struct session *session)
{
    struct journal *journal = session->parts.journal;
    struct journal_transaction open;
    struct journal_slip slip;
    /* What is being closed or settled may be left to recovery; nothing happens before it is. */
    bool is_paying = session->pay.state == PAY_CASH || session->pay.state == PAY_PRINTING;
    bool is_holding = session->recovery.state == RECOVERY_HOLDING;
    if ((session->recovery.state != RECOVERY_OFF && !is_holding) || is_paying)
        return;
    /* A slip that waits is owed still when the payment is settled. */
    bool has_open = journal_open_transaction(journal, &open) == STATUS_OK;
    if (is_holding && !has_open)
        return;
    session->r = (struct session_recovery){ .retry_ms = session->r.retry_ms,
                                            .retry_at_ms = session->r.retry_at_ms };
    if (has_open) {
        text_copy(session->r.txn, sizeof session->r.txn, open.txn);
        sm_post(&session->recovery, RECOVERY_EV_START, NULL);
    } else if (journal_owed_slip(journal, &slip) == STATUS_OK) {
        take_slip(session, &slip);
    }
}
