/*
 * The driver: what the device says on its way to the kiosk, what the kiosk commands on its way to
 * the device, and the link between them. It lives and dies with the kiosk.
 */
#include "sim/acceptor_internal.h"

#include "sim/checks.h"
#include "sim/world.h"
#include <stdio.h>
#include <string.h>

#define WORD_MS 30 /* from the device over its driver to the kiosk's queue */

/* ---- what the kiosk hears ---- */

bool acceptor_is_reachable(const struct sim_acceptor *acceptor)
{
    return acceptor->has_power && acceptor->is_plugged && acceptor->driver_runs;
}

void acceptor_push(struct sim_acceptor *acceptor, struct cash_acceptor_event event)
{
    if (!acceptor->driver_runs || acceptor->event_count == ACCEPTOR_EVENTS_MAX)
        return;
    event.status.state = acceptor->state;
    /* A driver asks for the number before it polls, so that each event of a note has it. */
    if (acceptor->state == DEVICE_READY || event.kind != CASH_EVENT_STATUS)
        snprintf(event.status.serial, sizeof event.status.serial, "5F%04d", acceptor->serial);
    if (acceptor->state == DEVICE_READY) {
        event.counters.known = acceptor->has_counters;
        event.counters.stacked = acceptor->stacked;
    }
    if (!acceptor->box_is_in)
        event.status.problems |= DEVICE_PROBLEM_BOX_REMOVED;
    if (acceptor->is_jammed)
        event.status.problems |= DEVICE_PROBLEM_JAM;
    int64_t at_ms = acceptor_later(acceptor, WORD_MS);
    if (acceptor->event_count > 0 && acceptor->events[acceptor->event_count - 1].at_ms > at_ms)
        at_ms = acceptor->events[acceptor->event_count - 1].at_ms; /* one queue, in order */
    acceptor->events[acceptor->event_count].at_ms = at_ms;
    acceptor->events[acceptor->event_count++].event = event;
}

void acceptor_push_status(struct sim_acceptor *acceptor, enum device_state state)
{
    acceptor->state = state;
    acceptor_push(acceptor, (struct cash_acceptor_event){ .kind = CASH_EVENT_STATUS });
}

void acceptor_push_note(struct sim_acceptor *acceptor, enum cash_event_kind kind,
                        enum cash_reject_reason reason)
{
    if (!acceptor_is_reachable(acceptor))
        return;
    acceptor_push(acceptor,
                  (struct cash_acceptor_event){
                      .kind = kind,
                      .value_fen = kind == CASH_EVENT_NOTE_READING ? 0 : acceptor->note_fen,
                      .reason = reason,
                  });
}

void acceptor_push_unacked(struct sim_acceptor *acceptor, bool repeated)
{
    struct cash_acceptor_event event = acceptor->unacked;
    event.repeated = repeated;
    acceptor_push(acceptor, event);
    acceptor->repeats_at_ms = acceptor_later(acceptor, 700);
}

void acceptor_demand_answer(struct sim_acceptor *acceptor, enum cash_event_kind kind,
                            int64_t value_fen, bool into_box)
{
    acceptor->has_unacked = true;
    acceptor->unacked = (struct cash_acceptor_event){
        .kind = kind,
        .value_fen = value_fen,
        .into_box = into_box,
    };
}

void acceptor_deliver(struct sim_acceptor *acceptor)
{
    struct cash_acceptor_event event = acceptor->events[0].event;
    acceptor->event_count--;
    memmove(&acceptor->events[0], &acceptor->events[1],
            (size_t)acceptor->event_count * sizeof acceptor->events[0]);
    kiosk_hear_acceptor(acceptor->world, &event);
}

void acceptor_repeat(struct sim_acceptor *acceptor)
{
    bool may = acceptor->has_unacked && acceptor->state == DEVICE_READY &&
               world_has(acceptor->world, FAULT_REPEATS);
    acceptor->repeats_at_ms = INT64_MAX;
    if (may)
        acceptor_push_unacked(acceptor, true);
}

/* ---- commands: the driver's mailbox ---- */

static struct sim_acceptor *acceptor_of(struct cash_acceptor *acceptor)
{
    return (struct sim_acceptor *)(void *)acceptor;
}

static void command(struct cash_acceptor *ops_of, enum acceptor_command what,
                    const int64_t *values_fen, int count)
{
    struct sim_acceptor *acceptor = acceptor_of(ops_of);
    struct sim_world *world = acceptor->world;
    if (world_point(world, POINT_DEVICE))
        return;
    if (acceptor->command_count == ACCEPTOR_COMMANDS_MAX) {
        world_fail(world, "device_is_heard", "%d commands wait", acceptor->command_count);
        return;
    }
    acceptor->commands[acceptor->command_count].command = what;
    acceptor->commands[acceptor->command_count].at_ms = acceptor_later(acceptor, 10);
    acceptor->commands[acceptor->command_count].value_count = count;
    for (int i = 0; i < count; i++)
        acceptor->commands[acceptor->command_count].values_fen[i] = values_fen[i];
    acceptor->command_count++;
    (void)world_point(world, POINT_DEVICE); /* the device has it, and the kiosk dies */
}

static void enable(struct cash_acceptor *acceptor, const int64_t *values_fen, int count)
{
    command(acceptor, COMMAND_ENABLE, values_fen, count);
}

static void disable(struct cash_acceptor *acceptor)
{
    command(acceptor, COMMAND_DISABLE, NULL, 0);
}

static void stack(struct cash_acceptor *acceptor)
{
    checks_before_stack(acceptor_of(acceptor)->world);
    command(acceptor, COMMAND_STACK, NULL, 0);
}

static void return_note(struct cash_acceptor *acceptor)
{
    command(acceptor, COMMAND_RETURN, NULL, 0);
}

static void acknowledge(struct cash_acceptor *acceptor)
{
    checks_before_acknowledge(acceptor_of(acceptor)->world);
    command(acceptor, COMMAND_ACKNOWLEDGE, NULL, 0);
}

static void close_acceptor(struct cash_acceptor *acceptor)
{
    (void)acceptor;
}

const struct cash_acceptor_ops ACCEPTOR_OPS = {
    .enable = enable,
    .disable = disable,
    .stack = stack,
    .return_note = return_note,
    .acknowledge = acknowledge,
    .close = close_acceptor,
};

void acceptor_obey(struct sim_acceptor *acceptor)
{
    enum acceptor_command what = acceptor->commands[0].command;
    if (what == COMMAND_ENABLE) {
        acceptor->value_count = acceptor->commands[0].value_count;
        memcpy(acceptor->values_fen, acceptor->commands[0].values_fen, sizeof acceptor->values_fen);
    }
    acceptor->command_count--;
    memmove(&acceptor->commands[0], &acceptor->commands[1],
            (size_t)acceptor->command_count * sizeof acceptor->commands[0]);
    switch (what) {
    case COMMAND_ENABLE:
        acceptor->is_enabled = acceptor->state == DEVICE_READY;
        break;
    case COMMAND_DISABLE:
        acceptor->is_enabled = false;
        break;
    case COMMAND_STACK:
        if (acceptor->place == NOTE_IN_ESCROW)
            acceptor_move(acceptor, NOTE_GOING_IN, STACKING_MS);
        break;
    case COMMAND_RETURN:
        acceptor->out_reason = CASH_REJECT_HOST;
        if (acceptor->place == NOTE_IN_ESCROW)
            acceptor_move(acceptor, NOTE_GOING_OUT, RETURNING_MS);
        break;
    case COMMAND_ACKNOWLEDGE:
        acceptor->has_unacked = false;
        break;
    }
}

/* ---- the link ---- */

void acceptor_begin_anew(struct sim_acceptor *acceptor)
{
    acceptor->command_count = 0;
    acceptor->is_enabled = false;
    if (!acceptor_is_reachable(acceptor))
        return;
    acceptor_push_status(acceptor, DEVICE_STARTING);
    acceptor->tells_first = acceptor->world->plan.is_exact
                                ? acceptor->world->plan.tells_first
                                : dice_chance(acceptor_dice(acceptor), 50);
    acceptor->ready_at_ms = acceptor_later(acceptor, 800);
    acceptor->out_reason = CASH_REJECT_HOST;
    if (acceptor->place == NOTE_IN_ESCROW)
        acceptor_move(acceptor, NOTE_GOING_OUT, RETURNING_MS);
    if (acceptor->has_unacked && acceptor->tells_first)
        acceptor_push_unacked(acceptor, true);
}

/* Not before nothing of the time before is under way. */
void acceptor_become_ready(struct sim_acceptor *acceptor)
{
    acceptor->ready_at_ms = INT64_MAX;
    if (acceptor->place != NOTE_NOWHERE && !acceptor->is_jammed) {
        acceptor->ready_at_ms = acceptor_later(acceptor, 300);
        return;
    }
    bool is_usable = acceptor->box_is_in && !acceptor->is_jammed;
    acceptor_push_status(acceptor, is_usable ? DEVICE_READY : DEVICE_FAULT);
    if (acceptor->has_unacked && (!acceptor->tells_first || acceptor->repeats_at_ms == INT64_MAX))
        acceptor_push_unacked(acceptor, true);
}

void acceptor_lose_link(struct sim_acceptor *acceptor)
{
    acceptor->command_count = acceptor->event_count = 0;
    acceptor->is_enabled = false;
    acceptor->ready_at_ms = acceptor->repeats_at_ms = INT64_MAX;
    acceptor_push_status(acceptor, DEVICE_ABSENT);
}

void acceptor_connect(struct sim_acceptor *acceptor)
{
    acceptor->driver_runs = true;
    acceptor->event_count = 0;
    acceptor->state = DEVICE_ABSENT;
    acceptor->repeats_at_ms = INT64_MAX;
    if (acceptor_is_reachable(acceptor))
        acceptor_begin_anew(acceptor);
    else
        acceptor_push_status(acceptor, DEVICE_ABSENT);
}

void acceptor_abandon(struct sim_acceptor *acceptor)
{
    const struct books *books = &acceptor->world->books;
    if (acceptor->place != NOTE_NOWHERE)
        acceptor->cut_off_note = acceptor->inserted_count;
    bool is_out = acceptor->ends[books->escrow_note % ACCEPTOR_NOTES_MAX] == NOTE_WITH_CITIZEN;
    if (!acceptor->has_counters && books->note_is_escrowed && is_out)
        world_blame(acceptor->world, "what it said of a return dies with the kiosk");
    /* A command may have reached the device or died in the driver. */
    while (acceptor->command_count > 0 &&
           (acceptor->world->plan.is_exact || dice_chance(acceptor_dice(acceptor), 50)))
        acceptor_obey(acceptor);
    acceptor->command_count = acceptor->event_count = 0;
    acceptor->driver_runs = acceptor->is_enabled = false;
    acceptor->ready_at_ms = acceptor->repeats_at_ms = INT64_MAX;
    acceptor->state = DEVICE_ABSENT;
}

void acceptor_unplug(struct sim_acceptor *acceptor)
{
    acceptor->is_plugged = false;
    acceptor_lose_link(acceptor);
}

void acceptor_plug(struct sim_acceptor *acceptor)
{
    acceptor->is_plugged = true;
    acceptor_begin_anew(acceptor);
}
