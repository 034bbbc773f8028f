#include "drivers/cash_acceptor/ssp/ssp_internal.h"

#include "base/clock.h"
#include "base/log.h"

#define MOVE_MS_MAX 15000 /* whatever moves a note, it does not take longer */
/* After so much silence the device gives a note back: after 5 s or 10 s, the manuals disagree. */
#define ESCROW_MS_MAX 11000

static void set_note(struct ssp *ssp, enum note_state state)
{
    ssp->note = state;
    ssp->moving_since_ms = clock_now_ms(&clock_system);
}

bool ssp_must_not_poll(const struct ssp *ssp)
{
    return ssp->note == NOTE_HELD || ssp->note == NOTE_STUCK;
}

bool ssp_note_is_overdue(const struct ssp *ssp)
{
    if (ssp->note == NOTE_NONE || ssp->note == NOTE_HELD || ssp->initialising)
        return false;
    if (ssp->poll_problems & DEVICE_PROBLEM_JAM)
        return false; /* until staff have cleared it */
    return clock_now_ms(&clock_system) - ssp->moving_since_ms >= MOVE_MS_MAX;
}

bool ssp_is_reading(const struct ssp *ssp)
{
    return ssp->reading && clock_now_ms(&clock_system) - ssp->reading_since_ms < MOVE_MS_MAX;
}

void ssp_forget_note(struct ssp *ssp)
{
    if (ssp->note != NOTE_STUCK) /* one is in this unit's escrow all the same */
        ssp->note = NOTE_NONE;
    ssp->note_number = 0;
    ssp->note_channel = 0;
    ssp->credit_expected = false;
}

/*
 * Keeps a note in escrow and so asks whether there is one. Any command that is no poll restarts the
 * escrow timer too, but tells nothing: without HOLD *held is always true.
 */
static enum status ask_hold(struct ssp *ssp, bool *held)
{
    struct ssp_answer answer;
    enum ssp_command command = ssp->no_hold ? SSP_SERIAL_NUMBER : SSP_HOLD;
    enum status status = ssp_link_command(&ssp->link, command, &answer);
    if (status == STATUS_OK && answer.code == SSP_UNKNOWN_COMMAND && !ssp->no_hold) {
        ssp->no_hold = true;
        return ask_hold(ssp, held);
    }
    if (status == STATUS_OK && answer.code == SSP_KEY_NOT_SET)
        return STATUS_BUSY;
    *held = status == STATUS_OK && answer.code == SSP_OK;
    return status;
}

/* The poll after it must find no note in escrow; a refused REJECT alone does not promise that. */
static enum status reject_note(struct ssp *ssp, enum cash_reject_reason reason)
{
    struct ssp_answer answer;
    bool held = false;
    ssp->return_reason = reason;
    enum status status = ssp_link_command(&ssp->link, SSP_REJECT, &answer);
    if (status == STATUS_OK && answer.code != SSP_OK) {
        log_warning("cash_acceptor", "reject_refused", "%02x", answer.code);
        status = ask_hold(ssp, &held);
    }
    if (status != STATUS_OK)
        return status;
    /* However often it must be asked: its time runs from the first time. */
    if (ssp->note == NOTE_NONE || ssp->note == NOTE_HELD)
        ssp->moving_since_ms = clock_now_ms(&clock_system);
    enum note_state under_way = ssp->first_poll ? NOTE_LOST : NOTE_RETURNING;
    ssp->note = held ? NOTE_STUCK : under_way;
    return STATUS_OK;
}

/* Says nothing for so long that the device gives a note in escrow back by itself. */
static enum status wait_out_escrow(struct ssp *ssp)
{
    int64_t until_ms = clock_now_ms(&clock_system) + ESCROW_MS_MAX;
    log_info("cash_acceptor", "escrow_waited_out", "silent for %d ms", ESCROW_MS_MAX);
    for (int64_t now_ms = 0; (now_ms = clock_now_ms(&clock_system)) < until_ms;) {
        usb_port_wait(ssp->worker.port, until_ms - now_ms);
        if (cash_worker_orders(&ssp->worker).closing)
            return STATUS_CANCELLED;
        if (usb_port_is_gone(ssp->worker.port))
            return STATUS_DISCONNECTED;
    }
    bool held = false;
    enum status status = ssp->no_hold ? STATUS_OK : ask_hold(ssp, &held);
    return held ? STATUS_PROTOCOL : status;
}

/* A note from before is or was in escrow; if it is not one of ours, the process before had it. */
static void take_leftover(struct ssp *ssp, enum note_state state)
{
    if (ssp->note == NOTE_NONE) {
        ssp->note_number = cash_worker_number(&ssp->worker);
        ssp->note_channel = 0;
        ssp->return_reason = CASH_REJECT_NONE;
    }
    if (ssp->return_reason == CASH_REJECT_NONE && !ssp->credit_expected)
        ssp->return_reason = CASH_REJECT_HOST;
    set_note(ssp, state);
}

/* REJECT was refused: because nothing is there, or although something is. */
static enum status settle_refused_leftover(struct ssp *ssp)
{
    bool held = false;
    enum status status = ask_hold(ssp, &held);
    if (status != STATUS_OK)
        return status;
    if (!held || (ssp->no_hold && ssp->note == NOTE_NONE && !ssp->path_unknown)) {
        set_note(ssp, ssp->note == NOTE_NONE ? NOTE_NONE : NOTE_LOST);
        return STATUS_OK;
    }
    if (!ssp->no_hold && ssp->note != NOTE_STUCK) {
        log_warning("cash_acceptor", "leftover_stuck", "a note in escrow cannot be given back");
        take_leftover(ssp, NOTE_STUCK);
        return STATUS_OK;
    }
    status = wait_out_escrow(ssp);
    if (status == STATUS_OK)
        take_leftover(ssp, NOTE_LOST);
    return status;
}

enum status ssp_return_leftover(struct ssp *ssp)
{
    struct ssp_answer answer;
    enum status status = ssp_link_command(&ssp->link, SSP_REJECT, &answer);
    if (status == STATUS_OK && answer.code == SSP_OK) {
        /* Some say so with nothing in escrow: the next poll must tell of it. */
        log_warning("cash_acceptor", "leftover_returned", "a note lay in escrow at the start");
        take_leftover(ssp, NOTE_LOST);
        ssp->return_reason = CASH_REJECT_HOST;
    } else if (status == STATUS_OK) {
        status = settle_refused_leftover(ssp);
    }
    if (status == STATUS_OK)
        ssp->path_unknown = false;
    return status;
}

/* Forgotten inhibits after a reset, or a note that was faster than our disable. */
static bool is_wanted(const struct ssp *ssp, uint8_t channel)
{
    return channel >= 1 && channel <= CASH_CHANNELS_MAX &&
           (ssp->told_mask >> (channel - 1) & 1) != 0;
}

static enum status hold_note(struct ssp *ssp)
{
    bool held = false;
    enum status status = ask_hold(ssp, &held);
    if (status != STATUS_OK || held)
        return status;
    /* Pulled out or timed out. It may still be there, and a poll would accept it: reject first. */
    log_info("cash_acceptor", "hold_refused", "the note is no longer in escrow");
    return reject_note(ssp, CASH_REJECT_NONE);
}

static void on_reading(struct ssp *ssp)
{
    if (!ssp->reading) {
        ssp->reading_since_ms = clock_now_ms(&clock_system);
        cash_worker_post(&ssp->worker, CASH_EVENT_NOTE_READING);
    }
    ssp->reading = true;
}

/* A note that should be on its way lies in escrow all the same. */
static enum status on_read_again(struct ssp *ssp, uint8_t channel)
{
    if (ssp->note == NOTE_STACKING)
        return STATUS_OK; /* the next poll takes it, as wanted */
    if (ssp->note_channel != 0 && ssp->note_channel != channel)
        ssp->note_number = 0; /* another one */
    ssp->note_channel = channel;
    return reject_note(ssp, ssp->return_reason);
}

enum status ssp_on_read(struct ssp *ssp, uint8_t channel)
{
    if (ssp->note != NOTE_NONE)
        return channel != 0 ? on_read_again(ssp, channel) : STATUS_OK;
    if (channel == 0) {
        on_reading(ssp);
        return STATUS_OK;
    }
    ssp->note_channel = channel;
    ssp->note_number = 0;
    ssp->return_reason = CASH_REJECT_NONE;
    if (!is_wanted(ssp, channel))
        return reject_note(ssp, CASH_REJECT_NOT_ACCEPTED);
    ssp->note = NOTE_HELD;
    ssp->note_number = cash_worker_number(&ssp->worker);
    ssp->held_since_ms = clock_now_ms(&clock_system);
    struct cash_message message = cash_worker_message(&ssp->worker, CASH_EVENT_NOTE_ESCROWED);
    message.event.value_fen = ssp_value_of(ssp, channel);
    message.note = ssp->note_number;
    cash_worker_put(&ssp->worker, &message);
    return hold_note(ssp);
}

enum status ssp_serve_held_note(struct ssp *ssp, const struct cash_orders *orders)
{
    int64_t held_ms = clock_now_ms(&clock_system) - ssp->held_since_ms;
    if (ssp->note == NOTE_STUCK)
        return reject_note(ssp, ssp->return_reason);
    if (orders->return_note == ssp->note_number)
        return reject_note(ssp, CASH_REJECT_HOST);
    if (orders->stack_note == ssp->note_number) {
        set_note(ssp, NOTE_STACKING);
        ssp->credit_expected = true;
        return STATUS_OK;
    }
    if (held_ms >= CASH_ACCEPTOR_HOLD_MS_MAX)
        return reject_note(ssp, CASH_REJECT_TIMEOUT);
    return hold_note(ssp);
}

static void post_back(struct ssp *ssp, enum cash_event_kind kind, enum cash_reject_reason reason)
{
    struct cash_message message = cash_worker_message(&ssp->worker, kind);
    message.event.reason = reason;
    if (kind == CASH_EVENT_NOTE_RETURNED)
        message.event.value_fen = ssp_value_of(ssp, ssp->note_channel);
    cash_worker_put(&ssp->worker, &message);
}

/*
 * A second note pushed after the one on its way to the box comes back too. Code 00, "accepted",
 * does not tell of ours either: its credit, or in the end the counters, will.
 */
static bool is_about_another_note(const struct ssp *ssp, uint8_t code)
{
    return (ssp->note == NOTE_STACKING || ssp->note == NOTE_LOST) &&
           (code == SSP_REJECT_SECOND_NOTE || code == SSP_REJECT_NOTHING);
}

/* The device tells why only when asked. */
enum status ssp_on_rejected(struct ssp *ssp)
{
    struct ssp_answer answer;
    enum status status = ssp_link_command(&ssp->link, SSP_LAST_REJECT_CODE, &answer);
    if (status != STATUS_OK)
        return status;
    enum cash_reject_reason reason = CASH_REJECT_NOT_RECOGNISED;
    if (answer.code == SSP_OK && answer.size == 1) {
        if (is_about_another_note(ssp, answer.data[0])) {
            post_back(ssp, CASH_EVENT_NOTE_REJECTED, CASH_REJECT_SECOND_NOTE);
            return STATUS_OK;
        }
        reason = ssp_reject_reason(answer.data[0]);
    }
    bool had_escrow = ssp->note != NOTE_NONE && ssp->note_number != 0;
    if (ssp->note != NOTE_NONE && ssp->return_reason != CASH_REJECT_NONE)
        reason = ssp->return_reason;
    else if (reason == CASH_REJECT_NONE)
        reason = CASH_REJECT_NOT_RECOGNISED;
    post_back(ssp, had_escrow ? CASH_EVENT_NOTE_RETURNED : CASH_EVENT_NOTE_REJECTED, reason);
    ssp->note = NOTE_NONE;
    ssp->reading = false;
    ssp->credit_expected = false;
    return STATUS_OK;
}
