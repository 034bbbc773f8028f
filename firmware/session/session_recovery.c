#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "session/session_internal.h"

#define WAITING_MS 60000
#define RETRY_MS 5000
#define PRINTING_MS 180000
#define LOOK_BACK_ENTRIES 64 /* more than one visit ever appends after its payment */

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline",  [RECOVERY_EV_START] = "start",
    [RECOVERY_EV_SLIP] = "slip",       [RECOVERY_EV_ADVANCE] = "advance",
    [RECOVERY_EV_SETTLED] = "settled", [RECOVERY_EV_NOTHING] = "nothing",
    [RECOVERY_EV_FAILED] = "failed",   [RECOVERY_EV_PRINTED] = "printed",
};

/* ---- settling what was cut off ---- */

static bool cash_is_resolved(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->pay.state == PAY_OFF && cash_flow_is_at_rest(&session->cash) &&
           !cash_flow_is_recovering(&session->cash);
}

static void enter_settling(void *context)
{
    struct session *session = context;
    struct session_recovery *recovery = &session->r;
    const struct settings *settings = session->parts.settings;
    enum status status = settle_transaction(
        session->parts.journal, recovery->txn, SETTLE_INTERRUPTED, settings->region,
        settings->kiosk_id, session->parts.clock, &recovery->record);
    enum recovery_event event = RECOVERY_EV_FAILED;
    if (status == STATUS_OK) {
        event = recovery->record.cancelled ? RECOVERY_EV_NOTHING : RECOVERY_EV_SETTLED;
        session_appended(session);
    } else {
        log_error("session", "not_recovered", "%s", status_name(status));
    }
    sm_post(&session->recovery, (int)event, NULL);
}

static void choose_interrupted_slip(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->r.slip = SLIP_INTERRUPTED;
    session->interrupted = true;
    session->interrupted_fen = session->r.record.sum.paid_fen;
    session_changed(session);
}

static bool has_unknown_note(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->r.has_unknown_note;
}

static void choose_unknown_slip(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->r.slip = SLIP_UNKNOWN_NOTE;
    session->r.has_unknown_note = false;
    session->interrupted = true;
    session_changed(session);
}

static void log_nothing(void *context, const void *argument)
{
    (void)argument;
    session_changed(context);
    log_info("session", "recovered", "nothing had been paid");
}

/* ---- its paper ---- */

static bool can_print(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    enum device_state printer = session->receipt.status.state;
    return session->visit.state == VISIT_HOME && receipt_flow_is_at_rest(&session->receipt) &&
           (printer == DEVICE_READY || printer == DEVICE_DEGRADED);
}

static void enter_printing(void *context)
{
    struct session *session = context;
    struct receipt_facts facts;
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
    [RECOVERY_OFF] = { "off", NULL, 0 },
    [RECOVERY_WAITING] = { "waiting", NULL, WAITING_MS },
    [RECOVERY_SETTLING] = { "settling", enter_settling, RETRY_MS },
    [RECOVERY_HOLDING] = { "holding", NULL, WAITING_MS },
    [RECOVERY_PRINTING] = { "printing", enter_printing, PRINTING_MS },
};

/* clang-format off */
static const struct sm_arrow ARROWS[] = {
    { RECOVERY_OFF, RECOVERY_EV_START, NULL, NULL, RECOVERY_WAITING },
    { RECOVERY_OFF, RECOVERY_EV_SLIP, NULL, choose_interrupted_slip, RECOVERY_HOLDING },
    { RECOVERY_OFF, SM_EVENT_DEADLINE, NULL, sm_ignore, SM_STAY },

    { RECOVERY_WAITING, RECOVERY_EV_ADVANCE, cash_is_resolved, NULL, RECOVERY_SETTLING },
    { RECOVERY_WAITING, SM_EVENT_DEADLINE, NULL, sm_ignore, SM_STAY },

    { RECOVERY_SETTLING, RECOVERY_EV_SETTLED, NULL, choose_interrupted_slip, RECOVERY_HOLDING },
    { RECOVERY_SETTLING, RECOVERY_EV_NOTHING, has_unknown_note, choose_unknown_slip,
      RECOVERY_HOLDING },
    { RECOVERY_SETTLING, RECOVERY_EV_NOTHING, NULL, log_nothing, RECOVERY_OFF },
    { RECOVERY_SETTLING, RECOVERY_EV_FAILED, NULL, sm_ignore, SM_STAY },
    { RECOVERY_SETTLING, SM_EVENT_DEADLINE, NULL, NULL, RECOVERY_SETTLING },

    { RECOVERY_HOLDING, RECOVERY_EV_ADVANCE, can_print, NULL, RECOVERY_PRINTING },
    { RECOVERY_HOLDING, SM_EVENT_DEADLINE, NULL, sm_ignore, SM_STAY },

    { RECOVERY_PRINTING, RECOVERY_EV_PRINTED, has_unknown_note, choose_unknown_slip,
      RECOVERY_HOLDING },
    { RECOVERY_PRINTING, RECOVERY_EV_PRINTED, NULL, NULL, RECOVERY_OFF },
    { RECOVERY_PRINTING, SM_EVENT_DEADLINE, NULL, log_lost, RECOVERY_OFF },

    { SM_ANY, RECOVERY_EV_START, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_SLIP, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_ADVANCE, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_SETTLED, NULL, sm_ignore, SM_STAY },
    { SM_ANY, RECOVERY_EV_NOTHING, NULL, sm_ignore, SM_STAY },
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

void recovery_on_cash(struct session *session, const struct cash_flow_event *event)
{
    if (event->kind != CASH_FLOW_NOTE_UNKNOWN)
        return;
    session->r.has_unknown_note = true;
    session->r.unknown_fen += event->value_fen;
}

void recovery_on_receipt(struct session *session, enum receipt_result result)
{
    log_info("session", "slip", "result %d", (int)result);
    sm_post(&session->recovery, RECOVERY_EV_PRINTED, NULL);
}

/* ---- what the journal says about the last run ---- */

struct last_receipt {
    char completed_txn[JOURNAL_TXN_SIZE]; /* of the newest payment_completed, empty if none */
    bool was_begun;                       /* a receipt of it may be on paper */
    char open_voucher[40];                /* a receipt that was being sent, empty if none */
    char state[16];
};

static bool kind_is(const struct journal_entry *entry, enum journal_kind kind)
{
    return strcmp(entry->kind, journal_kind_name(kind)) == 0;
}

static void look_at_receipt(struct last_receipt *last, const struct journal_entry *entry)
{
    json_t *body = json_loads(entry->body, 0, NULL);
    const char *state = json_string_value(json_object_get(body, "state"));
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    text_copy(last->state, sizeof last->state, state ? state : "");
    text_copy(last->open_voucher, sizeof last->open_voucher, voucher ? voucher : "");
    if (strcmp(last->state, "composed") != 0)
        last->was_begun = true;
    json_decref(body);
}

static bool look_at_entry(void *context, const struct journal_entry *entry)
{
    struct last_receipt *last = context;
    if (kind_is(entry, JOURNAL_PAYMENT_COMPLETED)) {
        *last = (struct last_receipt){ 0 };
        text_copy(last->completed_txn, sizeof last->completed_txn, entry->txn);
    } else if (kind_is(entry, JOURNAL_RECEIPT_STATE)) {
        look_at_receipt(last, entry);
    }
    return true;
}

/* Sent and never heard of again: it may lie on paper, so it is not sent a second time. */
static void close_receipt(struct session *session, const struct last_receipt *last)
{
    char body[128];
    if (strcmp(last->state, "sending") != 0)
        return;
    text_format(body, sizeof body, "{\"voucher\":\"%s\",\"state\":\"unknown\",\"copy\":0}",
                last->open_voucher);
    const struct journal_draft draft = {
        .kind = JOURNAL_RECEIPT_STATE,
        .txn = last->completed_txn,
        .body = body,
    };
    if (journal_append(session->parts.journal, &draft, NULL) == STATUS_OK)
        log_warning("session", "receipt_unknown", "one was being printed when the kiosk stopped");
}

static void recover_receipt(struct session *session)
{
    struct journal *journal = session->parts.journal;
    struct last_receipt last = { 0 };
    int64_t first = journal_last_seq(journal) - LOOK_BACK_ENTRIES + 1;
    if (journal_read(journal, first > 1 ? first : 1, LOOK_BACK_ENTRIES, look_at_entry, &last) !=
        STATUS_OK)
        return;
    close_receipt(session, &last);
    if (last.completed_txn[0] == '\0' || last.was_begun)
        return;
    const struct settings *settings = session->parts.settings;
    text_copy(session->r.txn, sizeof session->r.txn, last.completed_txn);
    if (settle_transaction(journal, session->r.txn, SETTLE_INTERRUPTED, settings->region,
                           settings->kiosk_id, session->parts.clock,
                           &session->r.record) == STATUS_OK)
        sm_post(&session->recovery, RECOVERY_EV_SLIP, NULL);
}

void recovery_begin(struct session *session)
{
    struct journal_transaction open;
    if (session->recovery.state != RECOVERY_OFF)
        return;
    session->r = (struct session_recovery){ 0 };
    if (journal_open_transaction(session->parts.journal, &open) == STATUS_OK) {
        text_copy(session->r.txn, sizeof session->r.txn, open.txn);
        sm_post(&session->recovery, RECOVERY_EV_START, NULL);
    } else {
        recover_receipt(session);
    }
}
