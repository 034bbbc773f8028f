#include "drivers/cash_acceptor/ssp/ssp_internal.h"

#include <string.h>

#include "base/log.h"

int64_t ssp_value_of(const struct ssp *ssp, uint8_t channel)
{
    bool known = channel >= 1 && channel <= ssp->setup.channel_count;
    return known ? ssp->setup.value_fen[channel - 1] : 0;
}

void ssp_derive_state(struct ssp *ssp)
{
    uint32_t swapped = ssp->swapped ? DEVICE_PROBLEM_SWAPPED : 0;
    if (ssp->poll_problems != 0)
        cash_worker_set_state(&ssp->worker, DEVICE_FAULT, ssp->poll_problems | swapped);
    else if (ssp->initialising || ssp->note == NOTE_LOST)
        cash_worker_set_state(&ssp->worker, DEVICE_STARTING, swapped);
    else
        cash_worker_set_state(&ssp->worker, swapped != 0 ? DEVICE_DEGRADED : DEVICE_READY, swapped);
}

enum status ssp_read_counters(struct ssp *ssp)
{
    struct ssp_answer answer;
    enum status status = ssp_link_command(&ssp->link, SSP_GET_COUNTERS, &answer);
    if (status != STATUS_OK)
        return status;
    /* NV10USB, NV200 and others have no counters: then only POLL WITH ACK protects a credit. */
    ssp->worker.counters = (struct cash_counters){ .known = false };
    ssp->last_reading++;
    if (answer.code == SSP_OK &&
        ssp_parse_counters(answer.data, answer.size, &ssp->worker.counters) != STATUS_OK)
        log_warning("cash_acceptor", "counters_garbled", "%zu bytes", answer.size);
    ssp->worker.counters.reading = ssp->last_reading;
    return STATUS_OK;
}

/* ---- events that wait for acknowledge() ---- */

static bool is_pending(const struct ssp *ssp, struct ssp_event event)
{
    for (int i = 0; i < ssp->pending_count; i++)
        if (ssp->pending[i].event.code == event.code &&
            ssp->pending[i].event.channel == event.channel)
            return true;
    return false;
}

/* Remembers it and gives it a number; false if it is only the device repeating itself. */
static bool add_pending(struct ssp *ssp, struct ssp_event event)
{
    if (ssp_event_needs_ack(event.code) && is_pending(ssp, event))
        return false;
    if (ssp->pending_count == CASH_WAITS_MAX) {
        /* The device repeats it after the acknowledgements that are due. */
        log_warning("cash_acceptor", "too_many_pending", "%02x waits", (unsigned)event.code);
        return false;
    }
    ssp->pending[ssp->pending_count++] =
        (struct ssp_pending){ .event = event, .number = cash_worker_number(&ssp->worker) };
    return true;
}

static void post_pending(struct ssp *ssp, struct cash_message *message, uint8_t channel)
{
    message->event.value_fen = ssp_value_of(ssp, channel);
    message->wait = ssp->worker.last_number;
    log_info("cash_acceptor", "event", "kind %d channel %d%s", (int)message->event.kind, channel,
             message->event.repeated ? " repeated" : "");
    cash_worker_put(&ssp->worker, message);
}

static enum status on_credit(struct ssp *ssp, struct ssp_event event)
{
    bool ours = ssp->credit_expected;
    if (!add_pending(ssp, event))
        return STATUS_OK;
    ssp->credit_expected = false;
    ssp->note = NOTE_NONE;
    struct cash_message message = cash_worker_message(&ssp->worker, CASH_EVENT_NOTE_STACKED);
    /* A credit for a note this session never saw in escrow comes from before the start. */
    message.event.repeated = !ours;
    post_pending(ssp, &message, event.channel);
    enum status status = ssp_read_counters(ssp);
    if (status == STATUS_OK)
        cash_worker_post(&ssp->worker, CASH_EVENT_STATUS);
    return status;
}

static void on_recovered(struct ssp *ssp, struct ssp_event event, bool into_box)
{
    if (!add_pending(ssp, event))
        return;
    ssp->note = NOTE_NONE;
    ssp->credit_expected = false;
    struct cash_message message = cash_worker_message(&ssp->worker, CASH_EVENT_NOTE_RECOVERED);
    message.event.into_box = into_box;
    message.event.repeated = ssp->first_poll && !ssp->was_reset && into_box;
    post_pending(ssp, &message, event.channel);
}

static void on_fraud(struct ssp *ssp, struct ssp_event event)
{
    if (!add_pending(ssp, event))
        return;
    ssp->note = NOTE_NONE;
    ssp->credit_expected = false;
    struct cash_message message = cash_worker_message(&ssp->worker, CASH_EVENT_NOTE_FRAUD);
    message.event.repeated = ssp->first_poll;
    post_pending(ssp, &message, event.channel);
}

enum status ssp_acknowledge(struct ssp *ssp, uint32_t acknowledged)
{
    bool wants_ack = false;
    for (int i = 0; i < ssp->pending_count; i++) {
        wants_ack |= ssp_event_needs_ack(ssp->pending[i].event.code);
        if (ssp->pending[i].number > acknowledged)
            return STATUS_OK;
    }
    ssp->pending_count = 0;
    if (!wants_ack)
        return STATUS_OK;
    struct ssp_answer answer;
    enum status status = ssp_link_command(&ssp->link, SSP_EVENT_ACK, &answer);
    if (status == STATUS_OK && answer.code != SSP_OK)
        log_warning("cash_acceptor", "ack_refused", "%02x", answer.code);
    return status == STATUS_OK && answer.code == SSP_KEY_NOT_SET ? STATUS_BUSY : status;
}

/* ---- polling ---- */

static uint32_t problem_of(enum ssp_event_code code)
{
    if (code == SSP_EVENT_SAFE_JAM || code == SSP_EVENT_UNSAFE_JAM)
        return DEVICE_PROBLEM_JAM;
    if (code == SSP_EVENT_STACKER_FULL)
        return DEVICE_PROBLEM_BOX_FULL;
    if (code == SSP_EVENT_BOX_REMOVED)
        return DEVICE_PROBLEM_BOX_REMOVED;
    return code == SSP_EVENT_PATH_OPEN ? DEVICE_PROBLEM_COVER_OPEN : 0;
}

static void on_jam(struct ssp *ssp)
{
    /* Where the note is only the device can tell, by an event or by its counters. */
    if (ssp->note != NOTE_NONE)
        ssp->note = ssp->note_number != 0 ? NOTE_LOST : NOTE_NONE;
}

static void on_box(struct ssp *ssp, bool removed)
{
    if (removed != ssp->box_removed)
        cash_worker_post(&ssp->worker, removed ? CASH_EVENT_BOX_REMOVED : CASH_EVENT_BOX_REPLACED);
    ssp->box_removed = removed;
}

static enum status handle_event(struct ssp *ssp, struct ssp_event event)
{
    ssp->poll_problems |= problem_of(event.code);
    ssp->moves |= event.code == SSP_EVENT_READ || event.code == SSP_EVENT_REJECTING ||
                  event.code == SSP_EVENT_STACKING;
    switch (event.code) {
    case SSP_EVENT_SLAVE_RESET:
        ssp->was_reset = true;
        return STATUS_OK;
    case SSP_EVENT_READ:
        return ssp_on_read(ssp, event.channel);
    case SSP_EVENT_CREDIT:
        return on_credit(ssp, event);
    case SSP_EVENT_REJECTED:
        return ssp_on_rejected(ssp);
    case SSP_EVENT_FRAUD:
        on_fraud(ssp, event);
        return STATUS_OK;
    case SSP_EVENT_CLEARED_INTO_BOX:
    case SSP_EVENT_CLEARED_FROM_FRONT:
        on_recovered(ssp, event, event.code == SSP_EVENT_CLEARED_INTO_BOX);
        return STATUS_OK;
    case SSP_EVENT_SAFE_JAM:
    case SSP_EVENT_UNSAFE_JAM:
        on_jam(ssp);
        return STATUS_OK;
    case SSP_EVENT_BOX_REMOVED:
    case SSP_EVENT_BOX_REPLACED:
        on_box(ssp, event.code == SSP_EVENT_BOX_REMOVED);
        return STATUS_OK;
    case SSP_EVENT_DISABLED:
        ssp->says_disabled = true;
        return STATUS_OK;
    case SSP_EVENT_INITIALISING:
        ssp->initialising = true;
        return STATUS_OK;
    case SSP_EVENT_REJECTING:
    case SSP_EVENT_STACKING:
    case SSP_EVENT_STACKED:
    case SSP_EVENT_STACKER_FULL:
    case SSP_EVENT_PATH_OPEN:
    case SSP_EVENT_CHANNELS_DISABLED:
        return STATUS_OK;
    }
    return STATUS_OK;
}

/* A removed box that no longer is reported was put back, also when E4 was missed. */
static void settle_box(struct ssp *ssp)
{
    if (ssp->box_removed && !(ssp->poll_problems & DEVICE_PROBLEM_BOX_REMOVED))
        on_box(ssp, false);
}

/* Nothing moves and nothing was said of it: now the counters know. */
static enum status settle_lost_note(struct ssp *ssp)
{
    if (ssp->note != NOTE_LOST || ssp->moves || ssp->initialising ||
        (ssp->poll_problems & DEVICE_PROBLEM_JAM))
        return STATUS_OK;
    log_warning("cash_acceptor", "note_lost", "nothing was said of it; the counters tell");
    ssp->note = NOTE_NONE;
    ssp->credit_expected = false;
    enum status status = ssp_read_counters(ssp);
    ssp_derive_state(ssp);
    if (status == STATUS_OK)
        cash_worker_post(&ssp->worker, CASH_EVENT_STATUS);
    return status;
}

static enum status handle_events(struct ssp *ssp, const struct ssp_events *events)
{
    bool was_jammed = (ssp->poll_problems & DEVICE_PROBLEM_JAM) != 0, still_reads = false;
    ssp->poll_problems = 0;
    ssp->initialising = false;
    ssp->says_disabled = false;
    ssp->was_reset = false;
    ssp->moves = false;
    enum status status = STATUS_OK;
    for (int i = 0; i < events->count && status == STATUS_OK; i++) {
        status = handle_event(ssp, events->events[i]);
        still_reads |= events->events[i].code == SSP_EVENT_READ && events->events[i].channel == 0;
    }
    ssp->reading = ssp->reading && still_reads;
    settle_box(ssp);
    /* The reset before our own start-up is the one we started up after. */
    bool begins_anew = ssp->was_reset && !ssp->first_poll;
    ssp->first_poll = false;
    if (status != STATUS_OK)
        return status;
    if (begins_anew || (was_jammed && !(ssp->poll_problems & DEVICE_PROBLEM_JAM)))
        return STATUS_BUSY;
    ssp_derive_state(ssp);
    return settle_lost_note(ssp);
}

enum status ssp_poll(struct ssp *ssp)
{
    struct ssp_answer answer;
    struct ssp_events events;
    enum status status = ssp_link_command(&ssp->link, SSP_POLL_WITH_ACK, &answer);
    if (status != STATUS_OK)
        return status;
    if (answer.code == SSP_KEY_NOT_SET)
        return STATUS_BUSY;
    if (answer.code == SSP_UNKNOWN_COMMAND) {
        log_error("cash_acceptor", "no_poll_with_ack", "a crash could lose a credit: refused");
        return STATUS_UNSUPPORTED;
    }
    if (answer.code != SSP_OK)
        return STATUS_PROTOCOL;
    status = ssp_parse_events(answer.data, answer.size, &events);
    if (status != STATUS_OK) {
        log_error("cash_acceptor", "poll_unreadable", "%s, %zu bytes", status_name(status),
                  answer.size);
        return status;
    }
    return handle_events(ssp, &events);
}
