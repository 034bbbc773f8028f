#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "payment/cash_audit.h"
#include "payment/cash_flow_internal.h"

/* A failure to read is not "closed": judged so, a proved note would be booked as unknown. */
static enum status transaction_is_open(struct cash_flow *flow, const char *txn, bool *open_out)
{
    struct journal_transaction transaction = { .open = false };
    enum status status =
        txn[0] != '\0' ? journal_find_transaction(flow->journal, txn, &transaction) : STATUS_OK;
    *open_out = transaction.open;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status complete_claim(struct cash_flow *flow, struct cash_claim *claim)
{
    /* Said by the device that is here now, unless it waited for the journal and another one came.
     */
    if (claim->serial[0] == '\0')
        text_copy(claim->serial, sizeof(claim->serial), flow->status.serial);
    bool is_here = strcmp(claim->serial, flow->status.serial) == 0;
    text_copy(claim->txn, sizeof(claim->txn), flow->active ? flow->txn : "");
    claim->counter = flow->counters.known && is_here ? (int64_t)flow->counters.stacked : -1;
    claim->counter_is_fresh = claim->counter >= 0 && flow->counters_are_fresh;
    if (!is_here && claim->has_parting) {
        claim->counter = claim->parting_counter;
        claim->counter_is_fresh = claim->parting_is_fresh;
    }
    claim->expected = cash_audit_expected(flow->journal, claim->serial, &flow->note);
    /* Not what moved while the claim waited: it was made before that. */
    claim->moved_on = flow->moved_on && claim->heard_moved_on;
    return transaction_is_open(flow, flow->note.txn, &claim->transaction_is_open);
}

void cash_booking_take(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    const struct cash_claim *claim = argument;
    flow->claim = *claim;
}

static bool says_the_same(const struct cash_claim *a, const struct cash_claim *b)
{
    return a->kind == b->kind && a->value_fen == b->value_fen && a->reason == b->reason &&
           a->about_other == b->about_other;
}

/* A device may say a thing as often as it likes while the journal is down: one booking answers all
 * of it, and what needs an answer and found no room is said again. */
void cash_booking_queue(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    const struct cash_claim *claim = argument;
    bool is_known = says_the_same(claim, &flow->claim);
    for (int i = 0; i < flow->claim_count; i++)
        is_known = is_known || says_the_same(claim, &flow->claims[i]);
    if (is_known)
        return;
    if (flow->claim_count == CASH_CLAIMS_MAX) {
        log_error("payment", "too_many_claims", "%s %lld is not heard",
                  cash_claim_name(claim->kind), (long long)claim->value_fen);
        return;
    }
    flow->claims[flow->claim_count++] = *claim;
}

bool cash_booking_has_queued(void *context, const void *argument)
{
    (void)argument;
    return ((struct cash_flow *)context)->claim_count > 0;
}

void cash_booking_take_queued(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    flow->claim = flow->claims[0];
    flow->claim_count--;
    memmove(&flow->claims[0], &flow->claims[1],
            (size_t)flow->claim_count * sizeof(flow->claims[0]));
}

/* A claim that waited comes before the counter or the deadline speaks by itself. */
static void make_claim(struct cash_flow *flow, enum cash_claim_kind kind)
{
    if (flow->is_waiting) {
        flow->claim = flow->waiting;
        flow->claim.is_final = true;
        flow->is_waiting = false;
        return;
    }
    flow->claim = (struct cash_claim){ .kind = kind, .heard_moved_on = true };
}

void cash_booking_by_counter(void *context, const void *argument)
{
    (void)argument;
    make_claim(context, CASH_CLAIM_COUNTER);
}

void cash_booking_give_up(void *context, const void *argument)
{
    (void)argument;
    make_claim(context, CASH_CLAIM_GIVEN_UP);
}

bool cash_booking_load(struct cash_flow *flow)
{
    if (!flow->note_is_stale)
        return true;
    if (!journal_is_writable(flow->journal) && journal_recheck(flow->journal) != STATUS_OK)
        return false;
    if (cash_note_load(flow->journal, &flow->note) != STATUS_OK)
        return false;
    flow->note_is_stale = false;
    flow->note_is_known = true;
    return true;
}

/* The sum comes from the journal, not from adding up: it is right also when a booking turns out to
 * have been durable although the journal had reported a failure. */
static void tell_inserted(struct cash_flow *flow)
{
    struct journal_transaction transaction;
    if (!flow->active ||
        journal_find_transaction(flow->journal, flow->txn, &transaction) != STATUS_OK)
        return;
    int64_t value_fen = transaction.credited_fen - flow->inserted_fen;
    if (value_fen <= 0)
        return;
    flow->inserted_fen = transaction.credited_fen;
    flow->inserted_notes = transaction.credited_notes;
    cash_flow_notify(flow, CASH_FLOW_NOTE_TAKEN, value_fen, CASH_REJECT_NONE);
}

static bool needs_acknowledgement(enum cash_claim_kind kind)
{
    return kind == CASH_CLAIM_STACKED || kind == CASH_CLAIM_IN_BOX || kind == CASH_CLAIM_IN_FRONT ||
           kind == CASH_CLAIM_FRAUD;
}

/* What the person may ask for at the window: of a note that may be anywhere what it was worth in
 * escrow, as settle_transaction reads it; of one that was fished out nothing. */
static int64_t claimable_fen(const struct cash_verdict *verdict)
{
    if (strcmp(verdict->why, "proved_too_late") == 0)
        return 0; /* told when it was given up */
    if (verdict->in_box)
        return verdict->value_fen;
    return verdict->by == CASH_CLAIM_FRAUD ? 0 : verdict->escrow_fen;
}

static void tell_unknown(struct cash_flow *flow, const struct cash_verdict *verdict,
                         bool was_recovering)
{
    bool ours = flow->active && strcmp(verdict->txn, flow->txn) == 0;
    if (!ours && !was_recovering)
        return;
    flow->broken = true;
    cash_flow_notify(flow, CASH_FLOW_NOTE_UNKNOWN, claimable_fen(verdict), CASH_REJECT_NONE);
}

static void tell_verdict(struct cash_flow *flow, const struct cash_verdict *verdict,
                         bool was_recovering)
{
    tell_inserted(flow);
    if (verdict->kind == CASH_VERDICT_UNKNOWN)
        tell_unknown(flow, verdict, was_recovering);
    else if (flow->active &&
             (verdict->kind == CASH_VERDICT_RETURN || flow->claim.kind == CASH_CLAIM_RETURNED))
        cash_flow_notify(flow, CASH_FLOW_NOTE_BACK,
                         verdict->value_fen > 0 ? verdict->value_fen : flow->claim.value_fen,
                         flow->claim.reason);
}

static void take_counts(struct cash_flow *flow, const struct cash_verdict *verdict)
{
    if (verdict->kind == CASH_VERDICT_NOTHING)
        return;
    flow->moved_on = false;
    flow->is_waiting = false;
    if (flow->note.state != CASH_NOTE_ESCROWED)
        flow->search_until_ms = INT64_MAX;
    if (!verdict->in_box)
        return;
    flow->counters_are_fresh = false;
    cash_audit_count(flow->journal, &flow->note, flow->claim.expected, verdict->stacked);
}

/* Behind the books without meaning it: read in mid-payment, or right after a start, before the
 * device counted the note it had just told. */
static bool counter_lags(const struct cash_flow *flow)
{
    int64_t expected = cash_audit_expected(flow->journal, flow->status.serial, &flow->note);
    if (!flow->counters.known || expected < 0)
        return false;
    int32_t ahead = cash_counter_ahead(flow->counters.stacked, expected);
    bool just_told = ahead == -1 && flow->note.in_box && !flow->moved_on;
    return ahead < 0 && !flow->counters.is_final && (flow->counter_may_lag || just_told);
}

static void compare_counters(struct cash_flow *flow)
{
    struct cash_witness witness;
    cash_flow_witness(flow, &witness);
    witness.counters.known = witness.counters.known && !counter_lags(flow);
    if (!cash_audit_compare(flow->journal, &witness, &flow->note))
        cash_flow_break(flow, CASH_FLOW_DEVICE_SWAPPED, 0);
}

static void settle_claim(struct cash_flow *flow, const struct cash_verdict *verdict,
                         bool was_recovering)
{
    flow->retry_ms = 0;
    take_counts(flow, verdict);
    if (flow->claim.kind == CASH_CLAIM_COUNTER)
        compare_counters(flow);
    if (needs_acknowledgement(flow->claim.kind)) {
        /* The device has but one: what still waits was said before, and is answered with it. */
        flow->is_waiting = flow->is_waiting && !needs_acknowledgement(flow->waiting.kind);
        cash_acceptor_acknowledge(flow->acceptor);
    }
    tell_verdict(flow, verdict, was_recovering);
    sm_post(&flow->sm, CASH_EV_BOOKED, NULL);
}

/* The person stands there and sees nothing happen. */
static void tell_not_recorded(struct cash_flow *flow)
{
    const struct cash_claim *claim = &flow->claim;
    if (!flow->active)
        return;
    if (claim->kind == CASH_CLAIM_RETURNED || claim->kind == CASH_CLAIM_IN_FRONT) {
        cash_flow_break(flow, CASH_FLOW_JOURNAL_FAILED, claim->value_fen);
        return;
    }
    bool is_named = claim->value_fen == 0 && flow->note.state == CASH_NOTE_ESCROWED;
    cash_flow_notify(flow, CASH_FLOW_NOT_RECORDED,
                     is_named ? flow->note.value_fen : claim->value_fen, CASH_REJECT_NONE);
}

static void retry_later(struct cash_flow *flow)
{
    cash_flow_close_mouth(flow);
    if (flow->retry_ms == 0)
        tell_not_recorded(flow);
    flow->retry_ms = flow->retry_ms == 0 ? CASH_RETRY_MS_MIN : flow->retry_ms * 2;
    if (flow->retry_ms > CASH_RETRY_MS_MAX)
        flow->retry_ms = CASH_RETRY_MS_MAX;
    sm_set_deadline(&flow->sm, clock_now_ms(flow->clock) + flow->retry_ms);
}

/* Nothing is to be booked for a note given back that the journal never heard of, or for a counter
 * while no note is missing: these do not wait for a journal that cannot be read. */
static bool needs_journal(const struct cash_flow *flow)
{
    bool is_missing = !flow->note_is_known || flow->note.state == CASH_NOTE_ESCROWED ||
                      (flow->note.state == CASH_NOTE_UNKNOWN && !flow->moved_on);
    return is_missing ||
           (flow->claim.kind != CASH_CLAIM_RETURNED && flow->claim.kind != CASH_CLAIM_COUNTER);
}

static void keep_waiting(struct cash_flow *flow)
{
    flow->waiting = flow->claim;
    flow->is_waiting = true;
    flow->retry_ms = 0;
    sm_post(&flow->sm, CASH_EV_BOOKED, NULL);
}

/* Its note_escrowed was refused, but may turn out to be durable: then this is what became of it. */
static void keep_return(struct cash_flow *flow)
{
    if (flow->claim.kind != CASH_CLAIM_RETURNED || flow->claim.about_other)
        return;
    flow->waiting = flow->claim;
    flow->is_waiting = true;
}

static void book_claim(struct cash_flow *flow)
{
    struct cash_verdict verdict = { .kind = CASH_VERDICT_NOTHING, .why = "" };
    if (cash_booking_load(flow) && complete_claim(flow, &flow->claim) == STATUS_OK) {
        cash_note_judge(&flow->note, &flow->claim, &verdict);
    } else if (needs_journal(flow)) {
        retry_later(flow);
        return;
    } else {
        keep_return(flow);
    }
    bool was_recovering = cash_flow_is_recovering(flow);
    if (verdict.kind == CASH_VERDICT_WAIT) {
        keep_waiting(flow);
        return;
    }
    if (verdict.kind != CASH_VERDICT_NOTHING &&
        cash_note_append(flow->journal, &verdict, &flow->note) != STATUS_OK) {
        flow->note_is_stale = true;
        retry_later(flow);
        return;
    }
    log_info("payment", "note_judged", "%s %lld: %d %s", cash_claim_name(flow->claim.kind),
             (long long)flow->claim.value_fen, (int)verdict.kind, verdict.why);
    settle_claim(flow, &verdict, was_recovering);
}

void cash_booking_enter(void *context)
{
    book_claim(context);
}

void cash_booking_again(void *context, const void *argument)
{
    (void)argument;
    book_claim(context);
}

void cash_booking_append_box(struct cash_flow *flow)
{
    int done = cash_audit_box(flow->journal, flow->box_events, flow->box_event_count);
    flow->box_event_count -= done;
    memmove(&flow->box_events[0], &flow->box_events[done],
            (size_t)flow->box_event_count * sizeof(flow->box_events[0]));
    flow->box_retry_at_ms =
        flow->box_event_count > 0 ? clock_now_ms(flow->clock) + CASH_RETRY_MS_MAX : INT64_MAX;
}

void cash_booking_box(struct cash_flow *flow, enum cash_event_kind kind)
{
    if (flow->box_event_count == CASH_CLAIMS_MAX)
        flow->box_event_count--; /* a box going in and out without a journal: the latest counts */
    flow->box_events[flow->box_event_count++] = kind;
    cash_booking_append_box(flow);
}
