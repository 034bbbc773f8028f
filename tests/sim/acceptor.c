/*
 * The mechanism: where a note is, where it goes next and where it ends, whoever listens.
 */
#include "sim/acceptor.h"

#include "sim/acceptor_internal.h"
#include "sim/world.h"
#include <string.h>

#define READING_MS 400

const int64_t ACCEPTOR_VALUES_FEN[ACCEPTOR_VALUES] = { 10000, 5000, 2000, 1000, 500, 100 };

int acceptor_value_index(int64_t value_fen)
{
    for (int i = 0; i < ACCEPTOR_VALUES; i++)
        if (ACCEPTOR_VALUES_FEN[i] == value_fen)
            return i;
    return -1;
}

struct dice *acceptor_dice(struct sim_acceptor *acceptor)
{
    return &acceptor->world->dice;
}

int64_t acceptor_later(struct sim_acceptor *acceptor, int64_t ms)
{
    bool is_exact = acceptor->world->plan.is_exact;
    return world_now(acceptor->world) + ms +
           (is_exact ? 0 : dice_between(acceptor_dice(acceptor), 0, ms));
}

/* ---- where notes are, and where they end ---- */

void acceptor_move(struct sim_acceptor *acceptor, enum note_place place, int64_t ms)
{
    acceptor->place = place;
    acceptor->moves_at_ms = acceptor_later(acceptor, ms);
}

static void set_end(struct sim_acceptor *acceptor, enum note_end end)
{
    if (acceptor->inserted_count < ACCEPTOR_NOTES_MAX)
        acceptor->ends[acceptor->inserted_count] = (uint8_t)end;
}

void acceptor_fall_into_box(struct sim_acceptor *acceptor)
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

void acceptor_give_to_citizen(struct sim_acceptor *acceptor)
{
    acceptor->returned_count++;
    acceptor->returned_fen += acceptor->note_fen;
    acceptor->place = NOTE_NOWHERE;
    set_end(acceptor, NOTE_WITH_CITIZEN);
    TELL(acceptor->world, "acceptor: %lld is with the citizen again",
         (long long)acceptor->note_fen);
}

/* ---- the mechanism ---- */

static bool is_wanted(const struct sim_acceptor *acceptor)
{
    for (int i = 0; acceptor->is_enabled && i < acceptor->value_count; i++)
        if (acceptor->values_fen[i] == acceptor->note_fen)
            return true;
    return false;
}

/* Told to refuse a note, it may have it in escrow all the same. */
static bool forgets_what_is_wanted(struct sim_acceptor *acceptor)
{
    return acceptor->world->plan.has_limits && acceptor->is_enabled &&
           dice_chance(acceptor_dice(acceptor), 20);
}

static void leave_mouth(struct sim_acceptor *acceptor)
{
    bool is_readable = acceptor->trick != NOTE_UNREADABLE;
    if (is_readable && (is_wanted(acceptor) || forgets_what_is_wanted(acceptor))) {
        acceptor_move(acceptor, NOTE_IN_ESCROW, CASH_ACCEPTOR_HOLD_MS_MAX);
        acceptor_push_note(acceptor, CASH_EVENT_NOTE_ESCROWED, CASH_REJECT_NONE);
        return;
    }
    acceptor_give_to_citizen(acceptor);
    acceptor_push_note(acceptor, CASH_EVENT_NOTE_REJECTED,
                       is_readable ? CASH_REJECT_NOT_ACCEPTED : CASH_REJECT_NOT_RECOGNISED);
}

static void jam(struct sim_acceptor *acceptor)
{
    acceptor->is_jammed = true;
    acceptor->world->acceptor_back_ms = acceptor_later(acceptor, 30000); /* staff comes */
    acceptor->moves_at_ms = INT64_MAX;
    acceptor->is_enabled = false;
    acceptor_push_status(acceptor, DEVICE_FAULT);
}

static void give_back(struct sim_acceptor *acceptor, enum cash_reject_reason reason)
{
    acceptor_give_to_citizen(acceptor);
    if (!acceptor_is_reachable(acceptor) && !acceptor->has_counters)
        world_blame(acceptor->world, "given back unheard, and nobody counts");
    acceptor_push_note(acceptor, CASH_EVENT_NOTE_RETURNED, reason);
}

static void arrive(struct sim_acceptor *acceptor)
{
    switch (acceptor->trick) {
    case NOTE_PULLED_BACK:
        give_back(acceptor, CASH_REJECT_FAULT);
        return;
    case NOTE_ON_A_STRING:
        world_blame(acceptor->world, "a note on a string");
        acceptor_give_to_citizen(acceptor);
        acceptor_demand_answer(acceptor, CASH_EVENT_NOTE_FRAUD, acceptor->note_fen, false);
        break;
    case NOTE_JAMS:
        jam(acceptor);
        return;
    case NOTE_GOOD:
    case NOTE_UNREADABLE:
        acceptor_fall_into_box(acceptor);
        acceptor_demand_answer(acceptor, CASH_EVENT_NOTE_STACKED, acceptor->note_fen, true);
        break;
    }
    if (acceptor->state == DEVICE_READY)
        acceptor_push_unacked(acceptor, false);
}

static void run_mechanism(struct sim_acceptor *acceptor)
{
    switch (acceptor->place) {
    case NOTE_IN_MOUTH:
        leave_mouth(acceptor);
        break;
    case NOTE_IN_ESCROW:
        acceptor->out_reason = CASH_REJECT_TIMEOUT;
        acceptor_move(acceptor, NOTE_GOING_OUT, RETURNING_MS);
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

/* ---- for the world ---- */

void acceptor_init(struct sim_acceptor *acceptor, struct sim_world *world, bool has_counters)
{
    memset(acceptor, 0, sizeof *acceptor);
    acceptor->acceptor.ops = &ACCEPTOR_OPS;
    acceptor->world = world;
    acceptor->has_power = acceptor->is_plugged = acceptor->box_is_in = true;
    acceptor->has_counters = has_counters;
    acceptor->stacked = 1000;
    acceptor->serial = 21;
    acceptor->state = DEVICE_ABSENT;
    acceptor->moves_at_ms = acceptor->ready_at_ms = acceptor->repeats_at_ms = INT64_MAX;
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
    acceptor_move(acceptor, NOTE_IN_MOUTH, READING_MS);
    acceptor_push_note(acceptor, CASH_EVENT_NOTE_READING, CASH_REJECT_NONE);
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

void acceptor_take_box(struct sim_acceptor *acceptor)
{
    if (!acceptor_is_reachable(acceptor) || !acceptor->box_is_in)
        return;
    acceptor->box_is_in = false;
    acceptor->is_enabled = false;
    acceptor_push(acceptor, (struct cash_acceptor_event){ .kind = CASH_EVENT_BOX_REMOVED });
    acceptor_push_status(acceptor, DEVICE_FAULT);
}

void acceptor_put_box(struct sim_acceptor *acceptor)
{
    if (acceptor->box_is_in)
        return;
    acceptor->box_is_in = true;
    if (acceptor_is_reachable(acceptor))
        acceptor_push(acceptor, (struct cash_acceptor_event){ .kind = CASH_EVENT_BOX_REPLACED });
    acceptor_begin_anew(acceptor);
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
        acceptor_obey(acceptor);
    else if (mechanism_ms(acceptor) <= now_ms)
        run_mechanism(acceptor);
    else if (acceptor->event_count > 0 && acceptor->events[0].at_ms <= now_ms)
        acceptor_deliver(acceptor);
    else if (acceptor->ready_at_ms <= now_ms)
        acceptor_become_ready(acceptor);
    else if (acceptor->repeats_at_ms <= now_ms)
        acceptor_repeat(acceptor);
}
