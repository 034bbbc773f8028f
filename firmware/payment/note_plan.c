#include "payment/note_plan.h"

#include <string.h>

#include "base/check.h"

/* ---- the set ---- */

static bool is_banknote(int64_t value_fen)
{
    return value_fen >= NOTE_VALUE_FEN_MIN && value_fen <= NOTE_VALUE_FEN_MAX &&
           value_fen % NOTE_VALUE_FEN_MIN == 0;
}

static void add_value(struct note_set *set, int64_t value_fen)
{
    int at = set->count;
    if (!is_banknote(value_fen) || note_set_has(set, value_fen) || set->count == NOTE_KINDS_MAX)
        return;
    for (; at > 0 && set->value_fen[at - 1] > value_fen; at--)
        set->value_fen[at] = set->value_fen[at - 1];
    set->value_fen[at] = value_fen;
    set->count++;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int value_units(const struct note_set *set, int kind)
{
    return (int)(set->value_fen[kind] / set->unit_fen);
}

/* Fewest notes for every sum of the table, from the sums below it. */
static void fill_tables(struct note_set *set)
{
    for (int sum = 1; sum < set->sums; sum++) {
        set->fewest[sum] = NOTE_NO_WAY;
        for (int kind = set->count - 1; kind >= 0; kind--) {
            int rest = sum - value_units(set, kind);
            if (rest < 0 || set->fewest[rest] == NOTE_NO_WAY ||
                set->fewest[rest] + 1 >= set->fewest[sum])
                continue;
            set->fewest[sum] = (uint8_t)(set->fewest[rest] + 1);
            set->one_of[sum] = (uint8_t)kind;
        }
    }
}

void note_set_init(struct note_set *set, const int64_t *values_fen, int count)
{
    memset(set, 0, sizeof *set);
    for (int i = 0; i < count; i++)
        add_value(set, values_fen[i]);
    if (set->count == 0)
        return;
    for (int kind = 0; kind < set->count; kind++)
        set->unit_fen = common_divisor(set->unit_fen, set->value_fen[kind]);
    set->top = value_units(set, set->count - 1);
    int second = set->count > 1 ? value_units(set, set->count - 2) : 0;
    set->sums = (set->top - 1) * second + set->top + 1;
    CHECK(set->sums <= NOTE_SUMS_MAX);
    fill_tables(set);
}

bool note_set_has(const struct note_set *set, int64_t value_fen)
{
    for (int kind = 0; kind < set->count; kind++)
        if (set->value_fen[kind] == value_fen)
            return true;
    return false;
}

/* So many of the largest are in every fewest set; the rest is in the table. */
static int64_t top_notes(const struct note_set *set, int64_t units)
{
    int64_t above = units - (set->sums - 1);
    return above > 0 ? (above + set->top - 1) / set->top : 0;
}

/* NOTE_NO_LIMIT: no notes make it. */
static int64_t fewest_notes(const struct note_set *set, int64_t units)
{
    int64_t tops = top_notes(set, units);
    uint8_t rest = set->fewest[units - tops * set->top];
    return rest == NOTE_NO_WAY ? NOTE_NO_LIMIT : tops + rest;
}

static void pick_notes(const struct note_set *set, int64_t units, struct note_plan *out)
{
    int64_t tops = top_notes(set, units);
    out->count[set->count - 1] += tops;
    for (int64_t rest = units - tops * set->top; rest > 0;) {
        int kind = set->one_of[rest];
        out->count[kind]++;
        rest -= value_units(set, kind);
    }
}

/* ---- a plan ---- */

static int64_t room(int64_t limit, int64_t used)
{
    if (limit == NOTE_NO_LIMIT)
        return NOTE_NO_LIMIT;
    return limit > used ? limit - used : 0;
}

static bool begin_plan(const struct note_terms *terms, int64_t inserted_fen, struct note_plan *out)
{
    *out = (struct note_plan){ 0 };
    CHECK(inserted_fen >= 0 && inserted_fen < terms->due_fen);
    return terms->set->count > 0;
}

bool note_plan_make(const struct note_terms *terms, int64_t inserted_fen, int64_t inserted_notes,
                    struct note_plan *out)
{
    const struct note_set *set = terms->set;
    if (!begin_plan(terms, inserted_fen, out))
        return false;
    const int64_t left_fen = terms->due_fen - inserted_fen;
    const int64_t notes_left = room(terms->notes_max, inserted_notes);
    const int64_t sum_left_fen = room(terms->sum_fen_max, inserted_fen);
    int64_t units = (left_fen + set->unit_fen - 1) / set->unit_fen;
    /* The largest note alone always does it, with the fewest notes that can be enough at all:
     * nothing is to be found above it. */
    int64_t last = (units + set->top - 1) / set->top * set->top;
    if (!terms->surplus_is_kept && units * set->unit_fen != left_fen)
        return false;
    if (!terms->surplus_is_kept)
        last = units;
    for (; units <= last && units * set->unit_fen <= sum_left_fen; units++) {
        int64_t notes = fewest_notes(set, units);
        if (notes == NOTE_NO_LIMIT || notes > notes_left)
            continue;
        out->sum_fen = units * set->unit_fen;
        out->surplus_fen = out->sum_fen - left_fen;
        out->notes = notes;
        pick_notes(set, units, out);
        return true;
    }
    return false;
}

bool note_plan_of_one(const struct note_terms *terms, int64_t inserted_fen, int64_t inserted_notes,
                      int kind, struct note_plan *out)
{
    if (!begin_plan(terms, inserted_fen, out))
        return false;
    CHECK(kind >= 0 && kind < terms->set->count);
    const int64_t value_fen = terms->set->value_fen[kind];
    const int64_t left_fen = terms->due_fen - inserted_fen;
    const int64_t notes = (left_fen + value_fen - 1) / value_fen;
    const int64_t sum_fen = notes * value_fen;
    if (notes > room(terms->notes_max, inserted_notes) ||
        sum_fen > room(terms->sum_fen_max, inserted_fen) ||
        (sum_fen != left_fen && !terms->surplus_is_kept))
        return false;
    out->sum_fen = sum_fen;
    out->surplus_fen = sum_fen - left_fen;
    out->notes = out->count[kind] = notes;
    return true;
}

/* ---- one note ---- */

static bool can_go_on(const struct note_terms *terms, int64_t inserted_fen, int64_t inserted_notes)
{
    struct note_plan plan;
    if (inserted_fen > terms->sum_fen_max || inserted_notes > terms->notes_max)
        return false;
    if (inserted_fen >= terms->due_fen)
        return inserted_fen == terms->due_fen || terms->surplus_is_kept;
    return note_plan_make(terms, inserted_fen, inserted_notes, &plan);
}

enum note_answer note_plan_judge(const struct note_terms *terms, int64_t inserted_fen,
                                 int64_t inserted_notes, int64_t value_fen)
{
    CHECK(inserted_fen >= 0 && inserted_fen < terms->due_fen);
    if (!note_set_has(terms->set, value_fen))
        return NOTE_NOT_TAKEN;
    if (can_go_on(terms, inserted_fen + value_fen, inserted_notes + 1))
        return NOTE_WANTED;
    struct note_terms unlimited = *terms;
    unlimited.sum_fen_max = unlimited.notes_max = NOTE_NO_LIMIT;
    return can_go_on(&unlimited, inserted_fen + value_fen, inserted_notes + 1) ? NOTE_PAST_LIMIT
                                                                               : NOTE_TOO_LARGE;
}

int note_plan_wanted(const struct note_terms *terms, int64_t inserted_fen, int64_t inserted_notes,
                     int64_t values_fen_out[NOTE_KINDS_MAX])
{
    int count = 0;
    for (int kind = 0; kind < terms->set->count; kind++) {
        int64_t value_fen = terms->set->value_fen[kind];
        if (note_plan_judge(terms, inserted_fen, inserted_notes, value_fen) == NOTE_WANTED)
            values_fen_out[count++] = value_fen;
    }
    return count;
}
