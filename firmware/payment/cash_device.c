#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "payment/cash_audit.h"
#include "payment/cash_flow_internal.h"

/* What the acceptor says, made into events of the cash flow's table. */

bool cash_flow_can_accept(const struct cash_flow *flow)
{
    return flow->status.state == DEVICE_READY || flow->status.state == DEVICE_DEGRADED;
}

/* It comes from outside; only what is surely text goes into the books. */
static void write_serial(char out[DEVICE_SERIAL_SIZE], const char *serial)
{
    size_t length = 0;
    for (; serial[length] != '\0' && length + 1 < DEVICE_SERIAL_SIZE; length++)
        out[length] = serial[length] > ' ' && serial[length] < 0x7f ? serial[length] : '?';
    out[length] = '\0';
}

/* A driver may repeat an old reading; only one that differs, or the first since the device came
 * back, is news, and the last word at the beginning and end of accepting, also if it is the same.
 */
static bool is_news(const struct cash_counters *known, const struct cash_counters *told)
{
    return !known->known || known->stacked != told->stacked ||
           (told->is_final && told->reading != known->reading);
}

/* A final reading needs no patience, unless a note is looked for or the device has just come: then
 * what it has to tell of it goes first. */
static void compare_in_time(struct cash_flow *flow)
{
    int64_t now_ms = clock_now_ms(flow->clock);
    bool is_quiet = flow->compare_at_ms == INT64_MAX && flow->note.state != CASH_NOTE_ESCROWED;
    if (!flow->counters.is_final)
        flow->compare_at_ms = now_ms + CASH_SETTLE_MS;
    else if (flow->compare_at_ms == INT64_MAX)
        flow->compare_at_ms = is_quiet ? now_ms : now_ms + CASH_SETTLE_MS;
}

static void take_counters(struct cash_flow *flow, const struct cash_counters *counters)
{
    if (!counters->known || !is_news(&flow->counters, counters))
        return;
    /* Read in the middle of a payment, it may not yet have the note that is just being stacked. */
    flow->counter_may_lag = flow->counters.known && !counters->is_final;
    flow->counters = *counters;
    flow->counters_are_fresh = true;
    if (cash_flow_can_accept(flow))
        compare_in_time(flow);
}

/* Whatever it says next, it has read anew. After a mere fault it may repeat what it knew before. */
static bool starts_anew(const struct cash_flow *flow)
{
    return flow->status.state == DEVICE_ABSENT || flow->status.state == DEVICE_STARTING;
}

void cash_flow_witness(const struct cash_flow *flow, struct cash_witness *out)
{
    text_copy(out->serial, sizeof(out->serial), flow->status.serial);
    text_copy(out->dataset, sizeof(out->dataset), flow->dataset);
    out->counters = flow->counters;
    out->counters.known = flow->counters.known && flow->counters_are_fresh;
}

void cash_flow_meet_device(struct cash_flow *flow)
{
    struct cash_witness witness;
    cash_flow_witness(flow, &witness);
    if (!cash_audit_knows(flow->journal, &witness, &flow->note))
        sm_post(&flow->sm, CASH_EV_SWAPPED, NULL);
}

bool cash_flow_is_to_be_compared(const struct cash_flow *flow)
{
    int64_t expected = cash_audit_expected(flow->journal, flow->status.serial, &flow->note);
    return flow->compare_at_ms != INT64_MAX && flow->counters.known && flow->counters_are_fresh &&
           expected >= 0 && cash_counter_ahead(flow->counters.stacked, expected) > 0;
}

static void on_usable(struct cash_flow *flow)
{
    cash_audit_meet_box(flow->journal);
    flow->compare_at_ms = clock_now_ms(flow->clock) + CASH_SETTLE_MS;
    sm_post(&flow->sm, CASH_EV_READY, NULL);
}

static void on_unusable(struct cash_flow *flow)
{
    flow->compare_at_ms = INT64_MAX;
    flow->accepting = false;
    sm_post(&flow->sm, CASH_EV_GONE, NULL);
}

static bool take_dataset(struct cash_flow *flow, const struct cash_acceptor_event *event)
{
    char dataset[CASH_DATASET_SIZE];
    cash_audit_write_dataset(event, dataset);
    if (dataset[0] == '\0' || strcmp(dataset, flow->dataset) == 0)
        return false;
    text_copy(flow->dataset, sizeof(flow->dataset), dataset);
    return true;
}

static void sign(struct cash_claim *claim, const char *serial)
{
    if (claim->serial[0] == '\0')
        text_copy(claim->serial, sizeof(claim->serial), serial);
}

/* What was said before the device told its number, and waits, was said by this one. */
static void sign_claims(struct cash_flow *flow)
{
    sign(&flow->claim, flow->status.serial);
    sign(&flow->waiting, flow->status.serial);
    for (int i = 0; i < flow->claim_count; i++)
        sign(&flow->claims[i], flow->status.serial);
}

/* A claim that waits for the journal is judged later by what its device said while it was here,
 * also when another one has taken its place. */
static void keep_reading(const struct cash_flow *flow, const char *serial, struct cash_claim *claim)
{
    if (!flow->counters.known || strcmp(claim->serial, serial) != 0)
        return;
    claim->has_parting = true;
    claim->parting_is_fresh = flow->counters_are_fresh;
    claim->parting_counter = flow->counters.stacked;
}

static void forget_counters(struct cash_flow *flow, const char *serial)
{
    keep_reading(flow, serial, &flow->claim);
    keep_reading(flow, serial, &flow->waiting);
    for (int i = 0; i < flow->claim_count; i++)
        keep_reading(flow, serial, &flow->claims[i]);
    flow->counters.known = false;
}

static void on_status(struct cash_flow *flow, const struct cash_acceptor_event *event)
{
    bool was_usable = cash_flow_can_accept(flow);
    char known_serial[DEVICE_SERIAL_SIZE];
    text_copy(known_serial, sizeof(known_serial), flow->status.serial);
    flow->status = event->status;
    write_serial(flow->status.serial,
                 event->status.serial[0] != '\0' ? event->status.serial : known_serial);
    bool is_other = strcmp(known_serial, flow->status.serial) != 0;
    sign_claims(flow);
    is_other = (!starts_anew(flow) && take_dataset(flow, event)) || is_other;
    if (starts_anew(flow) || is_other)
        forget_counters(flow, known_serial);
    if (!starts_anew(flow))
        take_counters(flow, &event->counters);
    if (cash_flow_can_accept(flow) && (is_other || !was_usable))
        cash_flow_meet_device(flow);
    if (cash_flow_can_accept(flow) && !was_usable)
        on_usable(flow);
    if (was_usable && !cash_flow_can_accept(flow))
        on_unusable(flow);
}

static void post_claim(struct cash_flow *flow, const struct cash_acceptor_event *event,
                       enum cash_claim_kind kind)
{
    if (kind == CASH_CLAIM_RETURNED)
        flow->reading = false;
    struct cash_claim claim = {
        .kind = kind,
        .value_fen = event->value_fen,
        .by_order = event->by_order,
        .reason = event->reason,
        .seen_live = flow->sm.state == CASH_STACKING,
        .heard_moved_on = flow->moved_on,
        .about_other = kind == CASH_CLAIM_RETURNED && flow->other_note,
    };
    if (kind == CASH_CLAIM_RETURNED)
        flow->other_note = false;
    /* Leftovers of the last run come before the first READY, and it may be another unit's. */
    write_serial(claim.serial,
                 event->status.serial[0] != '\0' ? event->status.serial : flow->status.serial);
    sm_post(&flow->sm, CASH_EV_CLAIM, &claim);
}

static void handle(struct cash_flow *flow, const struct cash_acceptor_event *event)
{
    flow->last = *event;
    switch (event->kind) {
    case CASH_EVENT_STATUS:
        on_status(flow, event);
        break;
    case CASH_EVENT_NOTE_READING:
        flow->moved_on = true;
        sm_post(&flow->sm, CASH_EV_READING, NULL);
        break;
    case CASH_EVENT_NOTE_ESCROWED:
        flow->moved_on = true;
        sm_post(&flow->sm, CASH_EV_ESCROWED, NULL);
        break;
    case CASH_EVENT_NOTE_STACKED:
        post_claim(flow, event, CASH_CLAIM_STACKED);
        break;
    case CASH_EVENT_NOTE_RETURNED:
        post_claim(flow, event, CASH_CLAIM_RETURNED);
        break;
    case CASH_EVENT_NOTE_REJECTED:
        sm_post(&flow->sm, CASH_EV_REJECTED, NULL);
        break;
    case CASH_EVENT_NOTE_RECOVERED:
        post_claim(flow, event, event->into_box ? CASH_CLAIM_IN_BOX : CASH_CLAIM_IN_FRONT);
        break;
    case CASH_EVENT_NOTE_FRAUD:
        post_claim(flow, event, CASH_CLAIM_FRAUD);
        break;
    case CASH_EVENT_BOX_REMOVED:
    case CASH_EVENT_BOX_REPLACED:
        cash_booking_box(flow, event->kind);
        break;
    }
}

/* Handlers may make the acceptor speak again at once; its words wait their turn. */
void cash_flow_drain(struct cash_flow *flow)
{
    if (flow->handling)
        return;
    flow->handling = true;
    while (flow->event_count > 0) {
        struct cash_acceptor_event event = flow->events[0];
        flow->event_count--;
        memmove(&flow->events[0], &flow->events[1],
                (size_t)flow->event_count * sizeof(flow->events[0]));
        handle(flow, &event);
    }
    flow->handling = false;
}

void cash_flow_post(struct cash_flow *flow, int event)
{
    bool outermost = !flow->handling;
    flow->handling = true;
    sm_post(&flow->sm, event, NULL);
    if (!outermost)
        return;
    flow->handling = false;
    cash_flow_drain(flow);
}

void cash_flow_on_acceptor(struct cash_flow *flow, const struct cash_acceptor_event *event)
{
    CHECK(flow->event_count < CASH_EVENTS_MAX);
    flow->events[flow->event_count++] = *event;
    cash_flow_drain(flow);
}
