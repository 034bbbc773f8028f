#include "sim/acceptor.h"

#include "sim/checks.h"
#include "sim/world.h"
#include <stdio.h>
#include <string.h>

#define READING_MS 400
#define STACKING_MS 900
#define RETURNING_MS 600
#define WORD_MS 30 /* from the device over its driver to the kiosk's queue */

const int64_t ACCEPTOR_VALUES_FEN[ACCEPTOR_VALUES] = { 10000, 5000, 2000, 1000, 500, 100 };

int acceptor_value_index(int64_t value_fen)
{
    for (int i = 0; i < ACCEPTOR_VALUES; i++)
        if (ACCEPTOR_VALUES_FEN[i] == value_fen)
            return i;
    return -1;
}

static struct dice *dice(struct sim_acceptor *acceptor)
{
    return &acceptor->world->dice;
}

static int64_t later(struct sim_acceptor *acceptor, int64_t ms)
{
    bool is_exact = acceptor->world->plan.is_exact;
    return world_now(acceptor->world) + ms + (is_exact ? 0 : dice_between(dice(acceptor), 0, ms));
}

/* ---- what the kiosk hears ---- */

static void push(struct sim_acceptor *acceptor, struct cash_acceptor_event event)
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
    int64_t at_ms = later(acceptor, WORD_MS);
    if (acceptor->event_count > 0 && acceptor->events[acceptor->event_count - 1].at_ms > at_ms)
        at_ms = acceptor->events[acceptor->event_count - 1].at_ms; /* one queue, in order */
    acceptor->events[acceptor->event_count].at_ms = at_ms;
    acceptor->events[acceptor->event_count++].event = event;
}

static void push_status(struct sim_acceptor *acceptor, enum device_state state)
{
    acceptor->state = state;
    push(acceptor, (struct cash_acceptor_event){ .kind = CASH_EVENT_STATUS });
}

static bool is_reachable(const struct sim_acceptor *acceptor)
{
    return acceptor->has_power && acceptor->is_plugged && acceptor->driver_runs;
}

static void push_note(struct sim_acceptor *acceptor, enum cash_event_kind kind,
                      enum cash_reject_reason reason)
{
    if (!is_reachable(acceptor))
        return;
    push(acceptor, (struct cash_acceptor_event){
                       .kind = kind,
                       .value_fen = kind == CASH_EVENT_NOTE_READING ? 0 : acceptor->note_fen,
                       .reason = reason,
                   });
}

static void push_unacked(struct sim_acceptor *acceptor, bool repeated)
{
    struct cash_acceptor_event event = acceptor->unacked;
    event.repeated = repeated;
    push(acceptor, event);
    acceptor->repeats_at_ms = later(acceptor, 700);
}

/* ---- where notes end ---- */

static void set_end(struct sim_acceptor *acceptor, enum note_end end)
{
    if (acceptor->inserted_count < ACCEPTOR_NOTES_MAX)
        acceptor->ends[acceptor->inserted_count] = (uint8_t)end;
}

static void fall_into_box(struct sim_acceptor *acceptor)
{
    struct books_txn *txn = &acceptor->world->books.txns[acceptor->note_txn];
    int index = acceptor_value_index(acceptor->note_fen);
    acceptor->box_count++;
    acceptor->box_fen += acceptor->note_fen;
    if (index >= 0)
        acceptor->box_counts[index]++;
    txn->box_fen += acceptor->note_fen;
    txn->box_count++;
    acceptor->stacked++;
    acceptor->place = NOTE_NOWHERE;
    set_end(acceptor, NOTE_IN_BOX);
    TELL(acceptor->world, "acceptor: %lld lies in the box, %d notes, counter %u",
         (long long)acceptor->note_fen, acceptor->box_count, acceptor->stacked);
}

static void give_to_citizen(struct sim_acceptor *acceptor)
{
    acceptor->returned_count++;
    acceptor->returned_fen += acceptor->note_fen;
    acceptor->place = NOTE_NOWHERE;
    set_end(acceptor, NOTE_WITH_CITIZEN);
    TELL(acceptor->world, "acceptor: %lld is with the citizen again",
         (long long)acceptor->note_fen);
}

static void demand_answer(struct sim_acceptor *acceptor, enum cash_event_kind kind,
                          int64_t value_fen, bool into_box)
{
    acceptor->has_unacked = true;
    acceptor->unacked = (struct cash_acceptor_event){
        .kind = kind,
        .value_fen = value_fen,
        .into_box = into_box,
    };
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
    acceptor->commands[acceptor->command_count].at_ms = later(acceptor, 10);
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

static const struct cash_acceptor_ops OPS = {
    .enable = enable,
    .disable = disable,
    .stack = stack,
    .return_note = return_note,
    .acknowledge = acknowledge,
    .close = close_acceptor,
};

static void move(struct sim_acceptor *acceptor, enum note_place place, int64_t ms)
{
    acceptor->place = place;
    acceptor->moves_at_ms = later(acceptor, ms);
}

static void obey(struct sim_acceptor *acceptor)
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
            move(acceptor, NOTE_GOING_IN, STACKING_MS);
        break;
    case COMMAND_RETURN:
        acceptor->out_reason = CASH_REJECT_HOST;
        if (acceptor->place == NOTE_IN_ESCROW)
            move(acceptor, NOTE_GOING_OUT, RETURNING_MS);
        break;
    case COMMAND_ACKNOWLEDGE:
        acceptor->has_unacked = false;
        break;
    }
}

/* ---- the mechanism ---- */

static bool is_wanted(const struct sim_acceptor *acceptor)
{
    for (int i = 0; acceptor->is_enabled && i < acceptor->value_count; i++)
        if (acceptor->values_fen[i] == acceptor->note_fen)
            return true;
    return false;
}

static void leave_mouth(struct sim_acceptor *acceptor)
{
    bool is_readable = acceptor->trick != NOTE_UNREADABLE;
    if (is_readable && is_wanted(acceptor)) {
        move(acceptor, NOTE_IN_ESCROW, CASH_ACCEPTOR_HOLD_MS_MAX);
        push_note(acceptor, CASH_EVENT_NOTE_ESCROWED, CASH_REJECT_NONE);
        return;
    }
    give_to_citizen(acceptor);
    push_note(acceptor, CASH_EVENT_NOTE_REJECTED,
              is_readable ? CASH_REJECT_NOT_ACCEPTED : CASH_REJECT_NOT_RECOGNISED);
}

static void jam(struct sim_acceptor *acceptor)
{
    acceptor->is_jammed = true;
    acceptor->world->acceptor_back_ms = later(acceptor, 30000); /* staff comes */
    acceptor->moves_at_ms = INT64_MAX;
    acceptor->is_enabled = false;
    push_status(acceptor, DEVICE_FAULT);
}

static void give_back(struct sim_acceptor *acceptor, enum cash_reject_reason reason)
{
    give_to_citizen(acceptor);
    if (!is_reachable(acceptor) && !acceptor->has_counters)
        world_blame(acceptor->world, "given back unheard, and nobody counts");
    push_note(acceptor, CASH_EVENT_NOTE_RETURNED, reason);
}

static void arrive(struct sim_acceptor *acceptor)
{
    switch (acceptor->trick) {
    case NOTE_PULLED_BACK:
        give_back(acceptor, CASH_REJECT_FAULT);
        return;
    case NOTE_ON_A_STRING:
        world_blame(acceptor->world, "a note on a string");
        give_to_citizen(acceptor);
        demand_answer(acceptor, CASH_EVENT_NOTE_FRAUD, acceptor->note_fen, false);
        break;
    case NOTE_JAMS:
        jam(acceptor);
        return;
    case NOTE_GOOD:
    case NOTE_UNREADABLE:
        fall_into_box(acceptor);
        demand_answer(acceptor, CASH_EVENT_NOTE_STACKED, acceptor->note_fen, true);
        break;
    }
    if (acceptor->state == DEVICE_READY)
        push_unacked(acceptor, false);
}

static void run_mechanism(struct sim_acceptor *acceptor)
{
    switch (acceptor->place) {
    case NOTE_IN_MOUTH:
        leave_mouth(acceptor);
        break;
    case NOTE_IN_ESCROW:
        acceptor->out_reason = CASH_REJECT_TIMEOUT;
        move(acceptor, NOTE_GOING_OUT, RETURNING_MS);
        break;
    case NOTE_GOING_IN:
        arrive(acceptor);
        break;
    case NOTE_GOING_OUT:
        give_back(acceptor, acceptor->out_reason);
        break;
    case NOTE_NOWHERE:
        break;
    }
}

/* ---- the driver ---- */

static void begin_anew(struct sim_acceptor *acceptor)
{
    acceptor->command_count = 0;
    acceptor->is_enabled = false;
    if (!is_reachable(acceptor))
        return;
    push_status(acceptor, DEVICE_STARTING);
    acceptor->tells_first = acceptor->world->plan.is_exact ? acceptor->world->plan.tells_first
                                                           : dice_chance(dice(acceptor), 50);
    acceptor->ready_at_ms = later(acceptor, 800);
    acceptor->out_reason = CASH_REJECT_HOST;
    if (acceptor->place == NOTE_IN_ESCROW)
        move(acceptor, NOTE_GOING_OUT, RETURNING_MS);
    if (acceptor->has_unacked && acceptor->tells_first)
        push_unacked(acceptor, true);
}

/* Not before nothing of the time before is under way. */
static void become_ready(struct sim_acceptor *acceptor)
{
    acceptor->ready_at_ms = INT64_MAX;
    if (acceptor->place != NOTE_NOWHERE && !acceptor->is_jammed) {
        acceptor->ready_at_ms = later(acceptor, 300);
        return;
    }
    bool is_usable = acceptor->box_is_in && !acceptor->is_jammed;
    push_status(acceptor, is_usable ? DEVICE_READY : DEVICE_FAULT);
    if (acceptor->has_unacked && (!acceptor->tells_first || acceptor->repeats_at_ms == INT64_MAX))
        push_unacked(acceptor, true);
}

static void deliver(struct sim_acceptor *acceptor)
{
    struct cash_acceptor_event event = acceptor->events[0].event;
    acceptor->event_count--;
    memmove(&acceptor->events[0], &acceptor->events[1],
            (size_t)acceptor->event_count * sizeof acceptor->events[0]);
    kiosk_hear_acceptor(acceptor->world, &event);
}

static void repeat(struct sim_acceptor *acceptor)
{
    bool may = acceptor->has_unacked && acceptor->state == DEVICE_READY &&
               world_has(acceptor->world, FAULT_REPEATS);
    acceptor->repeats_at_ms = INT64_MAX;
    if (may)
        push_unacked(acceptor, true);
}

/* ---- for the world ---- */

void acceptor_init(struct sim_acceptor *acceptor, struct sim_world *world, bool has_counters)
{
    memset(acceptor, 0, sizeof *acceptor);
    acceptor->acceptor.ops = &OPS;
    acceptor->world = world;
    acceptor->has_power = acceptor->is_plugged = acceptor->box_is_in = true;
    acceptor->has_counters = has_counters;
    acceptor->stacked = 1000;
    acceptor->serial = 21;
    acceptor->state = DEVICE_ABSENT;
    acceptor->moves_at_ms = acceptor->ready_at_ms = acceptor->repeats_at_ms = INT64_MAX;
}

void acceptor_connect(struct sim_acceptor *acceptor)
{
    acceptor->driver_runs = true;
    acceptor->event_count = 0;
    acceptor->state = DEVICE_ABSENT;
    acceptor->repeats_at_ms = INT64_MAX;
    if (is_reachable(acceptor))
        begin_anew(acceptor);
    else
        push_status(acceptor, DEVICE_ABSENT);
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
           (acceptor->world->plan.is_exact || dice_chance(dice(acceptor), 50)))
        obey(acceptor);
    acceptor->command_count = acceptor->event_count = 0;
    acceptor->driver_runs = acceptor->is_enabled = false;
    acceptor->ready_at_ms = acceptor->repeats_at_ms = INT64_MAX;
    acceptor->state = DEVICE_ABSENT;
}

bool acceptor_is_open(const struct sim_acceptor *acceptor)
{
    return acceptor->is_enabled && acceptor->has_power && acceptor->is_plugged &&
           acceptor->state == DEVICE_READY && acceptor->place == NOTE_NOWHERE &&
           !acceptor->has_unacked && acceptor->box_is_in && !acceptor->is_jammed;
}

void acceptor_insert(struct sim_acceptor *acceptor, int64_t value_fen, int txn,
                     enum note_trick trick)
{
    acceptor->note_fen = value_fen;
    acceptor->note_txn = txn;
    acceptor->trick = trick;
    acceptor->note_visit = acceptor->world->counts.visits;
    acceptor->inserted_count++;
    set_end(acceptor, NOTE_STILL_INSIDE);
    acceptor->inserted_fen += value_fen;
    move(acceptor, NOTE_IN_MOUTH, READING_MS);
    push_note(acceptor, CASH_EVENT_NOTE_READING, CASH_REJECT_NONE);
    TELL(acceptor->world, "citizen: puts %lld in", (long long)value_fen);
}

bool acceptor_holds_secret(const struct sim_acceptor *acceptor)
{
    return acceptor->place != NOTE_NOWHERE || acceptor->has_unacked ||
           acceptor->command_count > 0 || acceptor->event_count > 0;
}

bool acceptor_can_be_asked(const struct sim_acceptor *acceptor)
{
    return acceptor->has_power && acceptor->is_plugged && acceptor->box_is_in &&
           !acceptor->is_jammed;
}

void acceptor_give_note_to(struct sim_acceptor *acceptor, const char *txn)
{
    struct sim_world *world = acceptor->world;
    if (acceptor->place == NOTE_IN_ESCROW && acceptor->note_visit == world->counts.visits &&
        txn[0] != '\0')
        acceptor->note_txn = books_find_txn(&world->books, txn);
}

static void lose_link(struct sim_acceptor *acceptor)
{
    acceptor->command_count = acceptor->event_count = 0;
    acceptor->is_enabled = false;
    acceptor->ready_at_ms = acceptor->repeats_at_ms = INT64_MAX;
    push_status(acceptor, DEVICE_ABSENT);
}

void acceptor_cut_power(struct sim_acceptor *acceptor)
{
    if (!acceptor->has_power)
        return;
    acceptor->has_power = false;
    acceptor->moves_at_ms = INT64_MAX;
    lose_link(acceptor);
}

static enum cut_fate roll_fate(struct sim_acceptor *acceptor)
{
    bool is_deep = acceptor->place == NOTE_GOING_IN;
    int64_t roll = dice_between(dice(acceptor), 0, 9);
    if (acceptor->place == NOTE_IN_MOUTH)
        return roll < 7 ? CUT_FRONT_TOLD : CUT_FRONT_SILENT;
    if (roll < 2)
        return is_deep ? CUT_BOX_SILENT : CUT_FRONT_SILENT;
    if (roll < 4)
        return is_deep ? CUT_BOX_NO_VALUE : CUT_FRONT_TOLD;
    return roll < 7 ? CUT_BOX_TOLD : CUT_FRONT_TOLD;
}

/* Whoever asks for a note that is in the journal is told of it, or counts. The entry of one in
 * escrow may be there although the kiosk died over it. */
static bool stays_in_doubt(const struct sim_acceptor *acceptor, enum cut_fate fate, bool into_box)
{
    bool is_asked = acceptor->world->books.note_is_escrowed;
    if (!into_box)
        return fate == CUT_FRONT_SILENT && acceptor->place != NOTE_IN_MOUTH &&
               !acceptor->has_counters;
    return !is_asked || (fate != CUT_BOX_TOLD && !acceptor->has_counters);
}

/* Of a note that the journal does not know, a device that does not count may say exactly what it
 * said of the one before, which is booked: README of firmware/payment, "When is an event a
 * repetition?". */
static bool sounds_like_the_last(const struct sim_acceptor *acceptor, enum cut_fate fate)
{
    const struct books *books = &acceptor->world->books;
    char serial[16];
    snprintf(serial, sizeof serial, "5F%04d", acceptor->serial);
    int64_t told_fen = fate == CUT_BOX_TOLD ? acceptor->note_fen : 0;
    bool is_told = fate == CUT_BOX_TOLD || fate == CUT_BOX_NO_VALUE;
    return is_told && !acceptor->has_counters && !books->note_is_escrowed &&
           books->cleared_fen == told_fen && strcmp(books->cleared_by, serial) == 0;
}

static void clear_note(struct sim_acceptor *acceptor, enum cut_fate fate)
{
    bool into_box = fate == CUT_BOX_TOLD || fate == CUT_BOX_NO_VALUE || fate == CUT_BOX_SILENT;
    const struct books *books = &acceptor->world->books;
    bool is_known = acceptor->place == NOTE_GOING_IN && books->note_is_escrowed;
    if (stays_in_doubt(acceptor, fate, into_box))
        world_blame(acceptor->world, "a power cut with a note inside");
    if (into_box)
        fall_into_box(acceptor);
    else
        give_to_citizen(acceptor);
    acceptor->world->untold += fate == CUT_BOX_SILENT || sounds_like_the_last(acceptor, fate);
    acceptor->world->untold_but_known += fate == CUT_BOX_SILENT && is_known;
    if (fate == CUT_BOX_SILENT || fate == CUT_FRONT_SILENT)
        return;
    demand_answer(acceptor, CASH_EVENT_NOTE_RECOVERED,
                  fate == CUT_BOX_NO_VALUE ? 0 : acceptor->note_fen, into_box);
}

/* Two stories of one note that nothing can prove to be one: README of firmware/payment. */
static void allow_excess(struct sim_acceptor *acceptor, int64_t value_fen)
{
    int index = acceptor_value_index(value_fen);
    acceptor->world->excesses++;
    if (index >= 0)
        acceptor->world->excesses_of[index]++;
    world_blame(acceptor->world, "an event told in another way, and nobody counts");
}

/* What happens to an event that waits for its answer is said by no manual: it stays, is told in
 * another way, or is gone. Without counters the second may be booked once too often as unknown. */
static void change_story(struct sim_acceptor *acceptor, enum cut_fate fate)
{
    if (acceptor->unacked.kind != CASH_EVENT_NOTE_STACKED)
        return;
    if (fate == CUT_BOX_SILENT) {
        acceptor->has_unacked = false;
        acceptor->world->untold++;
        if (!acceptor->has_counters)
            world_blame(acceptor->world, "an event forgotten, and nobody counts");
    } else if (fate == CUT_BOX_TOLD || fate == CUT_BOX_NO_VALUE) {
        acceptor->unacked.kind = CASH_EVENT_NOTE_RECOVERED;
        if (fate == CUT_BOX_NO_VALUE)
            acceptor->unacked.value_fen = 0;
        if (!acceptor->has_counters)
            allow_excess(acceptor, acceptor->unacked.value_fen);
    }
}

void acceptor_power_up(struct sim_acceptor *acceptor, enum cut_fate fate)
{
    if (acceptor->has_power)
        return;
    acceptor->has_power = true;
    acceptor->is_jammed = false;
    if (acceptor->place != NOTE_NOWHERE) {
        clear_note(acceptor, fate == CUT_BY_DICE ? roll_fate(acceptor) : fate);
    } else if (acceptor->has_unacked) {
        static const enum cut_fate STORIES[] = { CUT_FRONT_TOLD, CUT_FRONT_TOLD, CUT_BOX_TOLD,
                                                 CUT_BOX_NO_VALUE, CUT_BOX_SILENT };
        change_story(acceptor,
                     fate == CUT_BY_DICE ? STORIES[dice_between(dice(acceptor), 0, 4)] : fate);
    }
    begin_anew(acceptor);
}

void acceptor_unplug(struct sim_acceptor *acceptor)
{
    acceptor->is_plugged = false;
    lose_link(acceptor);
}

void acceptor_plug(struct sim_acceptor *acceptor)
{
    acceptor->is_plugged = true;
    begin_anew(acceptor);
}

void acceptor_take_box(struct sim_acceptor *acceptor)
{
    if (!is_reachable(acceptor) || !acceptor->box_is_in)
        return;
    acceptor->box_is_in = false;
    acceptor->is_enabled = false;
    push(acceptor, (struct cash_acceptor_event){ .kind = CASH_EVENT_BOX_REMOVED });
    push_status(acceptor, DEVICE_FAULT);
}

void acceptor_put_box(struct sim_acceptor *acceptor)
{
    if (acceptor->box_is_in)
        return;
    acceptor->box_is_in = true;
    if (is_reachable(acceptor))
        push(acceptor, (struct cash_acceptor_event){ .kind = CASH_EVENT_BOX_REPLACED });
    begin_anew(acceptor);
}

/* What it told once more and was not acknowledged for may still wait for a counter that nobody can
 * read any more: as README of payment says, a note too many then. */
void acceptor_swap(struct sim_acceptor *acceptor)
{
    lose_link(acceptor);
    bool is_asked = acceptor->world->books.note_is_escrowed ||
                    acceptor->cut_off_note == acceptor->inserted_count;
    if (acceptor->has_unacked || is_asked)
        world_blame(acceptor->world, "the acceptor that knew is exchanged");
    acceptor->world->untold += acceptor->has_unacked;
    bool is_retold = books_booked_count(&acceptor->world->books) >= acceptor->box_count;
    if (acceptor->has_unacked && is_retold)
        allow_excess(acceptor, acceptor->unacked.value_fen);
    acceptor->has_unacked = false;
    acceptor->serial++;
    acceptor->stacked = (uint32_t)dice_between(dice(acceptor), 0, 5000);
    begin_anew(acceptor);
}

void acceptor_clear_jam(struct sim_acceptor *acceptor)
{
    if (!acceptor->is_jammed)
        return;
    acceptor_cut_power(acceptor);
    acceptor_power_up(acceptor, CUT_BY_DICE);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t mechanism_ms(const struct sim_acceptor *acceptor)
{
    bool moves = acceptor->place != NOTE_NOWHERE && acceptor->has_power && !acceptor->is_jammed;
    return moves ? acceptor->moves_at_ms : INT64_MAX;
}

int64_t acceptor_next_ms(const struct sim_acceptor *acceptor)
{
    int64_t next_ms = least(mechanism_ms(acceptor), acceptor->ready_at_ms);
    next_ms = least(next_ms, acceptor->repeats_at_ms);
    if (acceptor->event_count > 0)
        next_ms = least(next_ms, acceptor->events[0].at_ms);
    if (acceptor->command_count > 0)
        next_ms = least(next_ms, acceptor->commands[0].at_ms);
    return next_ms;
}

void acceptor_run(struct sim_acceptor *acceptor)
{
    int64_t now_ms = world_now(acceptor->world);
    if (acceptor->command_count > 0 && acceptor->commands[0].at_ms <= now_ms)
        obey(acceptor);
    else if (mechanism_ms(acceptor) <= now_ms)
        run_mechanism(acceptor);
    else if (acceptor->event_count > 0 && acceptor->events[0].at_ms <= now_ms)
        deliver(acceptor);
    else if (acceptor->ready_at_ms <= now_ms)
        become_ready(acceptor);
    else if (acceptor->repeats_at_ms <= now_ms)
        repeat(acceptor);
}
