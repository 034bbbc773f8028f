/*
 * Which notes pay a sum best: the smallest sum at or above what is owed that the notes taken here
 * can make, the fewest notes that make it, and what is over. And, note by note, whether one may
 * still come in: only one after which the rest can still be paid, so that nobody is led to a limit
 * with half of the money inside.
 *
 * Pure: no device, no journal, no clock. A set is prepared once; after that a plan costs at most
 * one look for each sum between what is owed and the next multiple of the largest note.
 *
 * Units: fen. Ownership: the set outlives the terms that point to it.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define NOTE_KINDS_MAX 8
#define NOTE_VALUE_FEN_MIN 100   /* notes are whole yuan … */
#define NOTE_VALUE_FEN_MAX 10000 /* … up to the largest there is, 100 yuan */
/* Of a fewest set of notes all but the largest kind add up to less than (largest / unit) of the
 * second: among so many some add up to a multiple of the largest, which takes fewer notes. The
 * table ends one largest note above that; the worst there can be is 99 and 100 yuan. */
#define NOTE_SUMS_MAX 10002

struct note_set {
    int64_t value_fen[NOTE_KINDS_MAX]; /* ascending */
    int count;
    int64_t unit_fen;              /* the greatest that divides all of them */
    int top;                       /* the largest, in units */
    int sums;                      /* of the tables, in use */
    uint8_t fewest[NOTE_SUMS_MAX]; /* notes that make so many units; NOTE_NO_WAY none do */
    uint8_t one_of[NOTE_SUMS_MAX]; /* index of one of those notes */
};
#define NOTE_NO_WAY 255

/* Values may come in any order and twice. Those that are no banknote (NOTE_VALUE_FEN_MIN .. _MAX,
 * whole yuan) are left out; a set without any note pays nothing. */
void note_set_init(struct note_set *set, const int64_t *values_fen, int count);
bool note_set_has(const struct note_set *set, int64_t value_fen);

#define NOTE_NO_LIMIT INT64_MAX

struct note_terms {
    const struct note_set *set;
    int64_t due_fen;
    bool surplus_is_kept; /* for the person; false: the sum must come out exactly */
    int64_t sum_fen_max;  /* of this payment; NOTE_NO_LIMIT */
    int64_t notes_max;    /* of this payment; NOTE_NO_LIMIT */
};

/* What to put in from here on. */
struct note_plan {
    int64_t sum_fen, surplus_fen;
    int64_t notes;                 /* all together */
    int64_t count[NOTE_KINDS_MAX]; /* of each kind of the set */
};

/*
 * The best way on for who has put in so much in so many notes. Requires: 0 <= inserted < due.
 * False if there is none within the terms; *out is empty then.
 */
bool note_plan_make(const struct note_terms *terms, int64_t inserted_fen, int64_t inserted_notes,
                    struct note_plan *out);

/* The same with one kind of note only, for who has no other. */
bool note_plan_of_one(const struct note_terms *terms, int64_t inserted_fen, int64_t inserted_notes,
                      int kind, struct note_plan *out);

enum note_answer {
    NOTE_WANTED,
    NOTE_NOT_TAKEN, /* this denomination never is */
    NOTE_TOO_LARGE, /* above what is owed or in the way of the exact sum, and nothing may be over */
    NOTE_PAST_LIMIT, /* the rest could not be paid any more within the sum or count of notes */
};
/* May a note of this value come in next? Requires: 0 <= inserted < due. */
enum note_answer note_plan_judge(const struct note_terms *terms, int64_t inserted_fen,
                                 int64_t inserted_notes, int64_t value_fen);

/* The values that may, ascending; returns how many. Empty exactly when note_plan_make is false. */
int note_plan_wanted(const struct note_terms *terms, int64_t inserted_fen, int64_t inserted_notes,
                     int64_t values_fen_out[NOTE_KINDS_MAX]);
