#include "payment/cash_flow.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "payment/cash_audit.h"
#include "payment/cash_flow_internal.h"

#define PERSON_MS 1800000 /* if the session forgot it: no touch and no note for half an hour */

static const char *const EVENT_NAMES[] = {
    [CASH_EV_DEADLINE] = "deadline", [CASH_EV_BEGIN] = "begin",       [CASH_EV_END] = "end",
    [CASH_EV_READY] = "ready",       [CASH_EV_GONE] = "gone",         [CASH_EV_READING] = "reading",
    [CASH_EV_REJECTED] = "rejected", [CASH_EV_ESCROWED] = "escrowed", [CASH_EV_DURABLE] = "durable",
    [CASH_EV_REFUSED] = "refused",   [CASH_EV_CLAIM] = "claim",       [CASH_EV_COUNTED] = "counted",
    [CASH_EV_BOOKED] = "booked",     [CASH_EV_DRAINED] = "drained",   [CASH_EV_SWAPPED] = "swapped",
    [CASH_EV_LIMITED] = "limited",
};

static bool is_paid(const struct cash_flow *flow)
{
    return flow->inserted_fen >= flow->terms.due_fen;
}

static enum note_answer judge(const struct cash_flow *flow, int64_t value_fen)
{
    return is_paid(flow)
               ? NOTE_TOO_LARGE
               : note_plan_judge(&flow->terms, flow->inserted_fen, flow->inserted_notes, value_fen);
}

/* A device that refuses a note by itself may not say which it was: then it was one of those that it
 * was told to refuse, the largest of them being the likeliest to stand in the way. */
static enum note_answer answer_of(const struct cash_flow *flow, int64_t value_fen)
{
    enum note_answer answer = NOTE_WANTED;
    const struct note_set *set = flow->terms.set;
    if (flow->active && value_fen > 0)
        answer = judge(flow, value_fen);
    for (int i = set ? set->count - 1 : -1; flow->active && value_fen == 0 && i >= 0; i--) {
        answer = judge(flow, set->value_fen[i]);
        if (answer != NOTE_WANTED)
            return answer;
    }
    return answer == NOTE_WANTED ? NOTE_NOT_TAKEN : answer;
}

void cash_flow_notify(struct cash_flow *flow, enum cash_flow_event_kind kind, int64_t value_fen,
                      enum cash_reject_reason reason)
{
    struct cash_flow_event event = {
        .kind = kind,
        .value_fen = value_fen,
        .inserted_fen = flow->inserted_fen,
        .reason = reason,
    };
    if (kind == CASH_FLOW_NOTE_UNWANTED ||
        (kind == CASH_FLOW_NOTE_BACK && reason == CASH_REJECT_NOT_ACCEPTED))
        event.answer = answer_of(flow, value_fen);
    flow->listener(flow->context, &event);
}

void cash_flow_close_mouth(struct cash_flow *flow)
{
    if (!flow->accepting)
        return;
    flow->accepting = false;
    cash_acceptor_disable(flow->acceptor);
}

void cash_flow_break(struct cash_flow *flow, enum cash_flow_event_kind why, int64_t value_fen)
{
    if (!flow->active || flow->broken)
        return;
    flow->broken = true;
    cash_flow_notify(flow, why, value_fen, CASH_REJECT_NONE);
}

static void tell_lost(struct cash_flow *flow)
{
    if (!flow->active || flow->lost_told)
        return;
    flow->lost_told = true;
    cash_flow_notify(flow, CASH_FLOW_DEVICE_LOST, 0, CASH_REJECT_NONE);
}

static void tell_back(struct cash_flow *flow)
{
    if (!flow->lost_told)
        return;
    flow->lost_told = false;
    if (flow->active)
        cash_flow_notify(flow, CASH_FLOW_DEVICE_BACK, 0, CASH_REJECT_NONE);
}

/* Only for notes that are wanted now; the device is told again only when that changed. */
static void open_mouth(struct cash_flow *flow, const int64_t *values_fen, int count)
{
    const size_t size = (size_t)count * sizeof values_fen[0];
    if (flow->accepting && count == flow->wanted_count &&
        memcmp(values_fen, flow->wanted_fen, size) == 0)
        return;
    flow->accepting = true;
    flow->wanted_count = count;
    memcpy(flow->wanted_fen, values_fen, size);
    cash_acceptor_enable(flow->acceptor, values_fen, count);
}

static bool device_is_usable(void *context, const void *argument)
{
    (void)argument;
    return cash_flow_can_accept(context);
}

static bool note_is_missing(void *context, const void *argument)
{
    (void)argument;
    return ((struct cash_flow *)context)->note.state == CASH_NOTE_ESCROWED;
}

static bool claim_waits(void *context, const void *argument)
{
    (void)argument;
    return ((struct cash_flow *)context)->is_waiting;
}

static bool is_ending(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    return flow->active && (flow->ending || is_paid(flow));
}

static bool is_broken(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    return flow->active && flow->broken;
}

static bool can_go_on(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    return flow->active && cash_flow_can_accept(flow);
}

static bool is_active(void *context, const void *argument)
{
    (void)argument;
    return ((struct cash_flow *)context)->active;
}

static bool note_has_value(void *context, const void *argument)
{
    (void)argument;
    return ((struct cash_flow *)context)->last.value_fen > 0;
}

/* Told to refuse it, a device may have it in escrow all the same: it forgot, or was faster. */
static bool note_is_wanted(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    return note_has_value(context, argument) && judge(flow, flow->last.value_fen) == NOTE_WANTED;
}

static void enter_rest(void *context)
{
    struct cash_flow *flow = context;
    cash_flow_close_mouth(flow);
    flow->lost_told = false;
    if (!flow->active)
        return;
    flow->active = false;
    flow->txn[0] = '\0';
    cash_flow_notify(flow, CASH_FLOW_ENDED, 0, CASH_REJECT_NONE);
}

/* It opens with the comparison (CASH_EV_COUNTED) if the device has counted more than the books
 * know: what that is can be said of the last note only as long as no other has come. */
static void enter_waiting(void *context)
{
    struct cash_flow *flow = context;
    int64_t wanted_fen[NOTE_KINDS_MAX];
    if (cash_flow_is_to_be_compared(flow)) {
        tell_back(flow);
        cash_flow_close_mouth(flow);
        return;
    }
    int count = is_paid(flow) ? 0
                              : note_plan_wanted(&flow->terms, flow->inserted_fen,
                                                 flow->inserted_notes, wanted_fen);
    tell_back(flow);
    if (count > 0)
        open_mouth(flow, wanted_fen, count);
    else
        sm_post(&flow->sm, CASH_EV_LIMITED, NULL);
}

static void tell_reading(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    flow->reading = true;
    cash_flow_notify(flow, CASH_FLOW_READING, 0, CASH_REJECT_NONE);
}

static void tell_rejected(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    flow->reading = false;
    cash_flow_notify(flow, CASH_FLOW_NOTE_BACK, flow->last.value_fen, flow->last.reason);
}

static void enter_journaling(void *context)
{
    struct cash_flow *flow = context;
    flow->reading = false;
    flow->escrow_fen = flow->last.value_fen;
    enum status status = STATUS_IO;
    if (!cash_booking_load(flow)) {
        log_error("payment", "last_note_unreadable", "a note goes back");
    } else if (flow->note.state == CASH_NOTE_ESCROWED) {
        status = STATUS_BUSY; /* one at a time: where that note is must be known first */
    } else {
        int64_t stacked = cash_audit_expected(flow->journal, flow->status.serial, &flow->note);
        if (stacked < 0 && flow->counters.known && flow->counters_are_fresh)
            stacked = flow->counters.stacked; /* an older reading misses the notes since */
        status = cash_note_append_escrow(flow->journal, flow->txn, flow->escrow_fen,
                                         flow->status.serial, stacked, &flow->note);
        flow->note_is_stale = status != STATUS_OK;
    }
    sm_post(&flow->sm, status == STATUS_OK ? CASH_EV_DURABLE : CASH_EV_REFUSED, NULL);
}

static void stack(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    flow->stack_asked = true;
    flow->counters_are_fresh = false;
    flow->search_until_ms = INT64_MAX;
    cash_acceptor_stack(flow->acceptor);
}

/* Never the last note of the books: that one is told to stack as soon as it is in them. */
static void return_note(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    flow->reading = false;
    flow->other_note = flow->note.state == CASH_NOTE_ESCROWED;
    cash_acceptor_return_note(flow->acceptor);
}

static void return_unwanted(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    return_note(context, argument);
    cash_flow_notify(flow, CASH_FLOW_NOTE_UNWANTED, flow->last.value_fen, CASH_REJECT_HOST);
}

static void refuse_note(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    flow->broken = true;
    return_note(context, argument);
    cash_flow_notify(flow, CASH_FLOW_JOURNAL_FAILED, flow->escrow_fen, CASH_REJECT_HOST);
}

static void enter_closed(void *context)
{
    cash_flow_close_mouth(context);
}

static void enter_away(void *context)
{
    struct cash_flow *flow = context;
    cash_flow_close_mouth(flow);
    flow->reading = false;
    tell_lost(flow);
}

static void enter_searching(void *context)
{
    struct cash_flow *flow = context;
    cash_flow_close_mouth(flow);
    tell_lost(flow);
    if (flow->search_until_ms == INT64_MAX)
        flow->search_until_ms = clock_now_ms(flow->clock) + CASH_SEARCH_MS_MAX;
    sm_set_deadline(&flow->sm, flow->search_until_ms);
}

static void device_returned(void *context, const void *argument)
{
    (void)argument;
    tell_back(context);
}

static void tell_swapped(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    flow->lost_told = false; /* the one that was lost is not back */
    cash_flow_break(flow, CASH_FLOW_DEVICE_SWAPPED, 0);
}

static void tell_limit(void *context, const void *argument)
{
    (void)argument;
    cash_flow_break(context, CASH_FLOW_LIMIT, 0);
}

static void mark_ending(void *context, const void *argument)
{
    (void)argument;
    ((struct cash_flow *)context)->ending = true;
}

static void enter_draining(void *context)
{
    struct cash_flow *flow = context;
    cash_flow_close_mouth(flow);
    if (!flow->reading)
        sm_post(&flow->sm, CASH_EV_DRAINED, NULL);
}

static void note_moves(void *context, const void *argument)
{
    (void)argument;
    ((struct cash_flow *)context)->reading = true;
}

static void note_left(void *context, const void *argument)
{
    (void)argument;
    ((struct cash_flow *)context)->reading = false;
}

/* Not while a note is under way: the counter may or may not have it yet. */
static void compare_later(void *context, const void *argument)
{
    struct cash_flow *flow = context;
    (void)argument;
    flow->compare_at_ms = clock_now_ms(flow->clock) + CASH_SETTLE_MS;
}

/* Every wait has an end. CASH_WAITING and CASH_AWAY are ended by the session's own time-outs long
 * before, and held by it for as long as the person asks for more time; CASH_STACKING: a note held
 * for CASH_ACCEPTOR_HOLD_MS_MAX and then moved. */
static const struct sm_state STATES[] = {
    [CASH_REST] = { "rest", enter_rest, 0 },
    [CASH_WAITING] = { "waiting", enter_waiting, PERSON_MS },
    [CASH_JOURNALING] = { "journaling", enter_journaling, 2000 },
    [CASH_STACKING] = { "stacking", NULL, 40000 },
    [CASH_RETURNING] = { "returning", enter_closed, 35000 },
    [CASH_BOOKING] = { "booking", cash_booking_enter, CASH_RETRY_MS_MAX },
    [CASH_SEARCHING] = { "searching", enter_searching, CASH_SEARCH_MS_MAX },
    [CASH_AWAY] = { "away", enter_away, PERSON_MS },
    [CASH_CLOSED] = { "closed", enter_closed, 120000 },
    [CASH_DRAINING] = { "draining", enter_draining, 5000 },
};

/* In this state, on this event, if …, do …, go to. */
static const struct sm_arrow ARROWS[] = {
    { CASH_REST, CASH_EV_BEGIN, device_is_usable, NULL, CASH_WAITING },
    { CASH_REST, CASH_EV_BEGIN, NULL, NULL, CASH_AWAY },
    { CASH_REST, CASH_EV_CLAIM, NULL, cash_booking_take, CASH_BOOKING },
    { CASH_REST, CASH_EV_COUNTED, NULL, cash_booking_by_counter, CASH_BOOKING },
    /* Left by a crash or read late; posted when the journal has told it. */
    { CASH_REST, CASH_EV_BOOKED, claim_waits, cash_booking_by_counter, CASH_BOOKING },
    { CASH_REST, CASH_EV_BOOKED, note_is_missing, NULL, CASH_SEARCHING },

    { CASH_WAITING, CASH_EV_READING, NULL, tell_reading, SM_STAY },
    { CASH_WAITING, CASH_EV_REJECTED, NULL, tell_rejected, SM_STAY },
    { CASH_WAITING, CASH_EV_ESCROWED, note_is_wanted, NULL, CASH_JOURNALING },
    { CASH_WAITING, CASH_EV_ESCROWED, note_has_value, return_unwanted, CASH_RETURNING },
    { CASH_WAITING, CASH_EV_ESCROWED, NULL, return_note, CASH_RETURNING },
    { CASH_WAITING, CASH_EV_CLAIM, NULL, cash_booking_take, CASH_BOOKING },
    { CASH_WAITING, CASH_EV_COUNTED, NULL, cash_booking_by_counter, CASH_BOOKING },
    { CASH_WAITING, CASH_EV_GONE, NULL, NULL, CASH_AWAY },
    { CASH_WAITING, CASH_EV_LIMITED, NULL, tell_limit, CASH_CLOSED },
    { CASH_WAITING, CASH_EV_SWAPPED, NULL, tell_swapped, CASH_CLOSED },
    { CASH_WAITING, CASH_EV_END, NULL, mark_ending, CASH_DRAINING },
    { CASH_WAITING, CASH_EV_DEADLINE, NULL, mark_ending, CASH_DRAINING },

    { CASH_JOURNALING, CASH_EV_DURABLE, NULL, stack, CASH_STACKING },
    { CASH_JOURNALING, CASH_EV_REFUSED, NULL, refuse_note, CASH_RETURNING },

    { CASH_STACKING, CASH_EV_CLAIM, NULL, cash_booking_take, CASH_BOOKING },
    { CASH_STACKING, CASH_EV_GONE, NULL, NULL, CASH_SEARCHING },
    { CASH_STACKING, CASH_EV_DEADLINE, NULL, NULL, CASH_SEARCHING },
    { CASH_STACKING, CASH_EV_COUNTED, NULL, compare_later, SM_STAY },
    { CASH_STACKING, CASH_EV_ESCROWED, NULL, return_note, SM_STAY }, /* another one */

    { CASH_RETURNING, CASH_EV_CLAIM, NULL, cash_booking_take, CASH_BOOKING },
    { CASH_RETURNING, CASH_EV_GONE, is_ending, NULL, CASH_DRAINING },
    { CASH_RETURNING, CASH_EV_GONE, is_broken, NULL, CASH_CLOSED },
    { CASH_RETURNING, CASH_EV_GONE, NULL, NULL, CASH_AWAY },
    { CASH_RETURNING, CASH_EV_DEADLINE, is_ending, NULL, CASH_DRAINING },
    { CASH_RETURNING, CASH_EV_DEADLINE, is_broken, NULL, CASH_CLOSED },
    { CASH_RETURNING, CASH_EV_DEADLINE, can_go_on, NULL, CASH_WAITING },
    { CASH_RETURNING, CASH_EV_DEADLINE, NULL, NULL, CASH_AWAY },
    { CASH_RETURNING, CASH_EV_COUNTED, NULL, compare_later, SM_STAY },

    { CASH_BOOKING, CASH_EV_BOOKED, cash_booking_has_queued, cash_booking_take_queued,
      CASH_BOOKING },
    { CASH_BOOKING, CASH_EV_BOOKED, note_is_missing, NULL, CASH_SEARCHING },
    { CASH_BOOKING, CASH_EV_BOOKED, is_ending, NULL, CASH_DRAINING },
    { CASH_BOOKING, CASH_EV_BOOKED, is_broken, NULL, CASH_CLOSED },
    { CASH_BOOKING, CASH_EV_BOOKED, can_go_on, NULL, CASH_WAITING },
    { CASH_BOOKING, CASH_EV_BOOKED, is_active, NULL, CASH_AWAY },
    { CASH_BOOKING, CASH_EV_BOOKED, NULL, NULL, CASH_REST },
    { CASH_BOOKING, CASH_EV_DEADLINE, NULL, cash_booking_again, SM_STAY },
    { CASH_BOOKING, CASH_EV_CLAIM, NULL, cash_booking_queue, SM_STAY },
    { CASH_BOOKING, CASH_EV_COUNTED, NULL, compare_later, SM_STAY },

    { CASH_SEARCHING, CASH_EV_CLAIM, NULL, cash_booking_take, CASH_BOOKING },
    { CASH_SEARCHING, CASH_EV_COUNTED, NULL, cash_booking_by_counter, CASH_BOOKING },
    { CASH_SEARCHING, CASH_EV_DEADLINE, NULL, cash_booking_give_up, CASH_BOOKING },
    { CASH_SEARCHING, CASH_EV_READY, NULL, device_returned, SM_STAY },

    { CASH_AWAY, CASH_EV_READY, NULL, NULL, CASH_WAITING },
    { CASH_AWAY, CASH_EV_SWAPPED, NULL, tell_swapped, CASH_CLOSED },
    { CASH_AWAY, CASH_EV_CLAIM, NULL, cash_booking_take, CASH_BOOKING },
    { CASH_AWAY, CASH_EV_COUNTED, NULL, cash_booking_by_counter, CASH_BOOKING },
    { CASH_AWAY, CASH_EV_END, NULL, mark_ending, CASH_DRAINING },
    { CASH_AWAY, CASH_EV_DEADLINE, NULL, mark_ending, CASH_DRAINING },

    { CASH_CLOSED, CASH_EV_END, NULL, mark_ending, CASH_DRAINING },
    { CASH_CLOSED, CASH_EV_DEADLINE, NULL, mark_ending, CASH_DRAINING },
    { CASH_CLOSED, CASH_EV_CLAIM, NULL, cash_booking_take, CASH_BOOKING },
    { CASH_CLOSED, CASH_EV_COUNTED, NULL, cash_booking_by_counter, CASH_BOOKING },

    { CASH_DRAINING, CASH_EV_DRAINED, NULL, NULL, CASH_REST },
    { CASH_DRAINING, CASH_EV_DEADLINE, NULL, note_left, CASH_REST },
    { CASH_DRAINING, CASH_EV_REJECTED, NULL, note_left, CASH_REST },
    { CASH_DRAINING, CASH_EV_GONE, NULL, note_left, CASH_REST },
    { CASH_DRAINING, CASH_EV_READING, NULL, note_moves, SM_STAY },
    { CASH_DRAINING, CASH_EV_ESCROWED, NULL, return_note, CASH_RETURNING },
    { CASH_DRAINING, CASH_EV_CLAIM, NULL, cash_booking_take, CASH_BOOKING },
    { CASH_DRAINING, CASH_EV_COUNTED, NULL, cash_booking_by_counter, CASH_BOOKING },

    /* Where nothing above says otherwise. */
    { SM_ANY, CASH_EV_READING, NULL, sm_ignore, SM_STAY },
    { SM_ANY, CASH_EV_REJECTED, NULL, sm_ignore, SM_STAY },
    { SM_ANY, CASH_EV_ESCROWED, NULL, return_note, SM_STAY },
    { CASH_REST, CASH_EV_END, NULL, sm_ignore, CASH_REST },
    { SM_ANY, CASH_EV_END, NULL, mark_ending, SM_STAY },
    { SM_ANY, CASH_EV_READY, NULL, device_returned, SM_STAY },
    { SM_ANY, CASH_EV_GONE, NULL, sm_ignore, SM_STAY },
    { SM_ANY, CASH_EV_DRAINED, NULL, sm_ignore, SM_STAY },
    { SM_ANY, CASH_EV_SWAPPED, NULL, tell_swapped, SM_STAY },
    { SM_ANY, CASH_EV_LIMITED, NULL, sm_ignore, SM_STAY },
};

static const struct sm_table TABLE = {
    .module = "payment",
    .name = "cash",
    .states = STATES,
    .state_count = CASH_STATES_COUNT,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = CASH_EV_COUNT,
    .rest_state = CASH_REST,
    .fault_state = CASH_DRAINING,
};

void cash_flow_init(struct cash_flow *flow, const struct clock *clock, struct journal *journal,
                    struct cash_acceptor *acceptor, cash_flow_listener *listener, void *context)
{
    *flow = (struct cash_flow){
        .clock = clock,
        .journal = journal,
        .acceptor = acceptor,
        .listener = listener,
        .context = context,
        .compare_at_ms = INT64_MAX,
        .search_until_ms = INT64_MAX,
        .box_retry_at_ms = INT64_MAX,
        .counters_are_fresh = true,
        .note_is_stale = true,
    };
    sm_init(&flow->sm, &TABLE, clock, flow);
    flow->load_at_ms = clock_now_ms(clock) + CASH_LOAD_RETRY_MS;
    if (!cash_booking_load(flow))
        log_error("payment", "last_note_unreadable", "the journal does not tell the last note");
    else if (flow->note.state == CASH_NOTE_ESCROWED)
        cash_flow_post(flow, CASH_EV_BOOKED);
}

/* A return that was kept for a note that is not in the books. What the device said of its box waits
 * for the counter, whatever begins meanwhile. */
static void forget_return(struct cash_flow *flow)
{
    flow->is_waiting = flow->is_waiting && flow->waiting.kind == CASH_CLAIM_IN_BOX;
}

void cash_flow_begin(struct cash_flow *flow, const char *txn, const struct note_terms *terms)
{
    CHECK(cash_flow_is_at_rest(flow) && terms->due_fen > 0);
    /* Again, for the journal may have refused to note another device when it came. */
    if (cash_flow_can_accept(flow))
        cash_flow_meet_device(flow);
    text_copy(flow->txn, sizeof(flow->txn), txn);
    flow->terms = *terms;
    flow->inserted_fen = flow->inserted_notes = 0;
    struct journal_transaction transaction;
    if (journal_find_transaction(flow->journal, txn, &transaction) == STATUS_OK) {
        flow->inserted_fen = transaction.credited_fen;
        flow->inserted_notes = transaction.credited_notes;
    }
    flow->escrow_fen = 0;
    flow->active = true;
    flow->stack_asked = flow->ending = flow->broken = flow->reading = flow->lost_told = false;
    flow->other_note = false;
    forget_return(flow);
    cash_flow_post(flow, CASH_EV_BEGIN);
}

void cash_flow_hold(struct cash_flow *flow)
{
    if (flow->sm.state == CASH_WAITING || flow->sm.state == CASH_AWAY)
        sm_set_deadline(&flow->sm, clock_now_ms(flow->clock) + PERSON_MS);
}

void cash_flow_end(struct cash_flow *flow)
{
    cash_flow_post(flow, CASH_EV_END);
}

static bool must_load(const struct cash_flow *flow)
{
    return flow->note_is_stale && flow->sm.state == CASH_REST;
}

static void load_again(struct cash_flow *flow)
{
    flow->load_at_ms = clock_now_ms(flow->clock) + CASH_LOAD_RETRY_MS;
    if (!cash_booking_load(flow))
        return;
    if (flow->note.state == CASH_NOTE_ESCROWED)
        cash_flow_post(flow, CASH_EV_BOOKED);
    else
        forget_return(flow);
}

void cash_flow_tick(struct cash_flow *flow)
{
    int64_t now_ms = clock_now_ms(flow->clock);
    flow->handling = true;
    sm_tick(&flow->sm);
    flow->handling = false;
    if (now_ms >= flow->compare_at_ms) {
        flow->compare_at_ms = INT64_MAX;
        cash_flow_post(flow, CASH_EV_COUNTED);
    }
    if (now_ms >= flow->box_retry_at_ms)
        cash_booking_append_box(flow);
    if (must_load(flow) && now_ms >= flow->load_at_ms)
        load_again(flow);
    cash_flow_drain(flow);
}

int64_t cash_flow_next_deadline_ms(const struct cash_flow *flow)
{
    int64_t next_ms = sm_next_deadline_ms(&flow->sm);
    if (flow->compare_at_ms < next_ms)
        next_ms = flow->compare_at_ms;
    if (must_load(flow) && flow->load_at_ms < next_ms)
        next_ms = flow->load_at_ms;
    return flow->box_retry_at_ms < next_ms ? flow->box_retry_at_ms : next_ms;
}

bool cash_flow_is_at_rest(const struct cash_flow *flow)
{
    return flow->sm.state == CASH_REST && !flow->active;
}

bool cash_flow_is_recovering(const struct cash_flow *flow)
{
    return !flow->active && (flow->note_is_stale || flow->note.state == CASH_NOTE_ESCROWED);
}
