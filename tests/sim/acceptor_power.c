/*
 * A power cut, a jam that staff clears, an exchange: what becomes of the note inside and of what
 * was still to be told, in which words, and which doubt that excuses.
 */
#include "sim/acceptor_internal.h"

#include "sim/world.h"
#include <stdio.h>
#include <string.h>

void acceptor_cut_power(struct sim_acceptor *acceptor)
{
    if (!acceptor->has_power)
        return;
    acceptor->has_power = false;
    acceptor->moves_at_ms = INT64_MAX;
    acceptor_lose_link(acceptor);
}

static enum cut_fate roll_fate(struct sim_acceptor *acceptor)
{
    bool is_deep = acceptor->place == NOTE_GOING_IN;
    int64_t roll = dice_between(acceptor_dice(acceptor), 0, 9);
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
        acceptor_fall_into_box(acceptor);
    else
        acceptor_give_to_citizen(acceptor);
    acceptor->world->untold += fate == CUT_BOX_SILENT || sounds_like_the_last(acceptor, fate);
    acceptor->world->untold_but_known += fate == CUT_BOX_SILENT && is_known;
    if (fate == CUT_BOX_SILENT || fate == CUT_FRONT_SILENT)
        return;
    acceptor_demand_answer(acceptor, CASH_EVENT_NOTE_RECOVERED,
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
        change_story(acceptor, fate == CUT_BY_DICE
                                   ? STORIES[dice_between(acceptor_dice(acceptor), 0, 4)]
                                   : fate);
    }
    acceptor_begin_anew(acceptor);
}

void acceptor_clear_jam(struct sim_acceptor *acceptor)
{
    if (!acceptor->is_jammed)
        return;
    acceptor_cut_power(acceptor);
    acceptor_power_up(acceptor, CUT_BY_DICE);
}

/* What it told once more and was not acknowledged for may still wait for a counter that nobody can
 * read any more: as README of payment says, a note too many then. */
void acceptor_swap(struct sim_acceptor *acceptor)
{
    acceptor_lose_link(acceptor);
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
    acceptor->stacked = (uint32_t)dice_between(acceptor_dice(acceptor), 0, 5000);
    acceptor_begin_anew(acceptor);
}
