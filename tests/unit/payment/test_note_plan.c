#include "support/unit.h"

#include <string.h>

#include "payment/note_plan.h"

/*
 * Every plan is compared with another way of finding it. The one for sums is the plain table over
 * all sums in whole yuan, which knows nothing of a largest note; the one for few notes lays out
 * every set of notes there is.
 */

static const int64_t NOTES_FEN[] = { 100, 500, 1000, 2000, 5000, 10000 };
#define NOTE_KINDS 6
#define SUBSETS (1 << NOTE_KINDS)
#define YUAN_MAX 300   /* of the sums that are all tried … */
#define EDGE_YUAN 4900 /* … and where the plan's own table ends for sets with notes of 1 yuan */
#define EDGE_YUAN_MAX 5400
#define TABLE_YUAN 5600
#define NO_WAY 100000

static struct note_set the_set;

static void take_subset(int subset)
{
    int64_t values_fen[NOTE_KINDS];
    int count = 0;
    for (int kind = 0; kind < NOTE_KINDS; kind++)
        if (subset >> kind & 1)
            values_fen[count++] = NOTES_FEN[kind];
    note_set_init(&the_set, values_fen, count);
    assert_int_equal(the_set.count, count);
}

static struct note_terms terms_of(int64_t due_fen, bool surplus_is_kept)
{
    return (struct note_terms){ .set = &the_set,
                                .due_fen = due_fen,
                                .surplus_is_kept = surplus_is_kept,
                                .sum_fen_max = NOTE_NO_LIMIT,
                                .notes_max = NOTE_NO_LIMIT };
}

/* ---- the reference for sums ---- */

static int fewest_of[TABLE_YUAN];

static void fill_reference(int subset)
{
    fewest_of[0] = 0;
    for (int yuan = 1; yuan < TABLE_YUAN; yuan++) {
        fewest_of[yuan] = NO_WAY;
        for (int kind = 0; kind < NOTE_KINDS; kind++) {
            int value = (int)(NOTES_FEN[kind] / 100);
            if ((subset >> kind & 1) && value <= yuan &&
                fewest_of[yuan - value] + 1 < fewest_of[yuan])
                fewest_of[yuan] = fewest_of[yuan - value] + 1;
        }
    }
}

/* The smallest whole sum that does; -1 none. */
static int reference_sum(int64_t left_fen, bool surplus_is_kept, int64_t notes_left,
                         int64_t sum_left_fen)
{
    for (int yuan = (int)((left_fen + 99) / 100); yuan < TABLE_YUAN; yuan++) {
        if (!surplus_is_kept && yuan * 100 != left_fen)
            return -1;
        if (yuan * 100 > sum_left_fen)
            return -1;
        if (fewest_of[yuan] <= notes_left && fewest_of[yuan] != NO_WAY)
            return yuan;
        if (yuan * 100 >= left_fen + 10000)
            return -1;
    }
    return -1;
}

static void assert_adds_up(const struct note_plan *plan, int64_t left_fen)
{
    int64_t sum_fen = 0, notes = 0;
    for (int kind = 0; kind < the_set.count; kind++) {
        assert_true(plan->count[kind] >= 0);
        sum_fen += plan->count[kind] * the_set.value_fen[kind];
        notes += plan->count[kind];
    }
    assert_int_equal(sum_fen, plan->sum_fen);
    assert_int_equal(notes, plan->notes);
    assert_int_equal(plan->surplus_fen, sum_fen - left_fen);
    assert_true(plan->surplus_fen >= 0);
}

static void assert_as_reference(const struct note_terms *terms, int64_t inserted_fen,
                                int64_t inserted_notes)
{
    struct note_plan plan;
    int64_t left_fen = terms->due_fen - inserted_fen;
    int yuan = reference_sum(left_fen, terms->surplus_is_kept, terms->notes_max - inserted_notes,
                             terms->sum_fen_max - inserted_fen);
    bool is_found = note_plan_make(terms, inserted_fen, inserted_notes, &plan);
    assert_int_equal(is_found, yuan >= 0);
    if (!is_found)
        return;
    assert_int_equal(plan.sum_fen, yuan * 100);
    assert_int_equal(plan.notes, fewest_of[yuan]);
    assert_adds_up(&plan, left_fen);
}

static void assert_with_and_without_surplus(int64_t due_fen)
{
    struct note_terms terms = terms_of(due_fen, true);
    assert_as_reference(&terms, 0, 0);
    terms.surplus_is_kept = false;
    assert_as_reference(&terms, 0, 0);
}

/* Goal: for every set of denominations and every sum up to 300 yuan, with fen and without, the
 * plan is the smallest sum and the fewest notes. Method: against the plain table. */
static void finds_the_smallest_sum_in_the_fewest_notes_for_every_set(void **state)
{
    (void)state;
    for (int subset = 1; subset < SUBSETS; subset++) {
        take_subset(subset);
        fill_reference(subset);
        for (int64_t due_fen = 1; due_fen <= YUAN_MAX * 100; due_fen += due_fen % 100 ? 33 : 1)
            assert_with_and_without_surplus(due_fen);
        for (int yuan = EDGE_YUAN; yuan <= EDGE_YUAN_MAX; yuan += 3)
            assert_with_and_without_surplus(yuan * 100 - yuan % 2 * 66);
    }
}

/* Goal: limits of count and sum, alone and together, change the plan to the smallest sum that keeps
 * them, or to none. Method: as above, every limit that can matter. */
static void keeps_every_limit_for_every_set(void **state)
{
    (void)state;
    for (int subset = 1; subset < SUBSETS; subset++) {
        take_subset(subset);
        fill_reference(subset);
        for (int64_t due_fen = 50; due_fen <= 40000; due_fen += 1650) {
            struct note_terms terms = terms_of(due_fen, true);
            for (terms.notes_max = 0; terms.notes_max <= 12; terms.notes_max++) {
                terms.sum_fen_max = NOTE_NO_LIMIT;
                assert_as_reference(&terms, 0, 0);
                for (int above = 0; above <= 10000; above += 2500) {
                    terms.sum_fen_max = due_fen + above;
                    assert_as_reference(&terms, 0, 0);
                }
            }
        }
    }
}

/* ---- every set of notes that there is ---- */

struct layout {
    const struct note_terms *terms;
    int64_t best_sum_fen;
    int best_notes;
};

static void lay_out(struct layout *layout, int kind, int notes, int64_t sum_fen)
{
    const struct note_terms *terms = layout->terms;
    bool is_enough =
        sum_fen == terms->due_fen || (sum_fen > terms->due_fen && terms->surplus_is_kept);
    if (sum_fen > terms->sum_fen_max || notes > terms->notes_max)
        return;
    if (is_enough && (layout->best_notes < 0 || sum_fen < layout->best_sum_fen ||
                      (sum_fen == layout->best_sum_fen && notes < layout->best_notes))) {
        layout->best_sum_fen = sum_fen;
        layout->best_notes = notes;
    }
    for (; kind < the_set.count; kind++)
        lay_out(layout, kind, notes + 1, sum_fen + the_set.value_fen[kind]);
}

/* Goal: the reference table is not wrong in the same way as the plan. Method: all sets of up to
 * five notes are laid out one by one. */
static void agrees_with_every_set_of_up_to_five_notes(void **state)
{
    (void)state;
    for (int subset = 1; subset < SUBSETS; subset++) {
        take_subset(subset);
        for (int64_t due_fen = 80; due_fen <= 26000; due_fen += 1130) {
            struct note_terms terms = terms_of(due_fen, due_fen % 4 != 0);
            terms.notes_max = 5;
            if (due_fen % 3 == 0)
                terms.sum_fen_max = due_fen + due_fen % 1000;
            struct layout layout = { .terms = &terms, .best_notes = -1 };
            struct note_plan plan;
            lay_out(&layout, 0, 0, 0);
            assert_int_equal(note_plan_make(&terms, 0, 0, &plan), layout.best_notes >= 0);
            if (layout.best_notes < 0)
                continue;
            assert_int_equal(plan.sum_fen, layout.best_sum_fen);
            assert_int_equal(plan.notes, layout.best_notes);
        }
    }
}

/* ---- on the way ---- */

static uint64_t random_state;

static int64_t random_below(int64_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)(random_state >> 33) % limit;
}

static struct note_terms random_terms(void)
{
    take_subset(1 + (int)random_below(SUBSETS - 1));
    struct note_terms terms = terms_of(1 + random_below(60000), random_below(3) > 0);
    if (!terms.surplus_is_kept && random_below(4) > 0)
        terms.due_fen = 100 * (1 + random_below(600));
    if (random_below(2))
        terms.notes_max = random_below(30);
    if (random_below(2))
        terms.sum_fen_max = terms.due_fen + random_below(12000);
    return terms;
}

static void assert_wanted_is_judged(const struct note_terms *terms, int64_t inserted_fen,
                                    int64_t notes, const int64_t *wanted_fen, int wanted)
{
    for (int kind = 0; kind < NOTE_KINDS; kind++) {
        bool is_listed = false;
        for (int i = 0; i < wanted; i++)
            is_listed = is_listed || wanted_fen[i] == NOTES_FEN[kind];
        enum note_answer answer = note_plan_judge(terms, inserted_fen, notes, NOTES_FEN[kind]);
        assert_int_equal(is_listed, answer == NOTE_WANTED);
        assert_int_equal(answer == NOTE_NOT_TAKEN, !note_set_has(&the_set, NOTES_FEN[kind]));
        if (answer == NOTE_TOO_LARGE)
            assert_false(terms->surplus_is_kept);
    }
}

/* Goal: whoever is let begin can always end, whatever of the wanted notes comes next; no limit is
 * ever passed and without a surplus the sum comes out exactly. Method: random notes out of those
 * that are wanted, from random terms, until it is paid. */
static void never_leads_into_a_limit(void **state)
{
    (void)state;
    random_state = 7;
    int begun = 0;
    for (int round = 0; round < 20000; round++) {
        struct note_terms terms = random_terms();
        struct note_plan plan;
        int64_t inserted_fen = 0, notes = 0, wanted_fen[NOTE_KINDS_MAX];
        bool can_begin = note_plan_make(&terms, 0, 0, &plan);
        assert_int_equal(note_plan_wanted(&terms, 0, 0, wanted_fen) > 0, can_begin);
        begun += can_begin;
        while (can_begin && inserted_fen < terms.due_fen) {
            int wanted = note_plan_wanted(&terms, inserted_fen, notes, wanted_fen);
            assert_true(wanted > 0);
            assert_wanted_is_judged(&terms, inserted_fen, notes, wanted_fen, wanted);
            inserted_fen += wanted_fen[random_below(wanted)];
            notes++;
            assert_true(inserted_fen <= terms.sum_fen_max && notes <= terms.notes_max);
        }
        if (can_begin && !terms.surplus_is_kept)
            assert_int_equal(inserted_fen, terms.due_fen);
    }
    assert_in_range(begun, 5000, 19000); /* of both kinds there were enough */
}

/* Goal: following the plan note by note ends with its sum and its number of notes, and each next
 * plan is the rest of the one before. */
static void a_plan_that_is_followed_comes_true(void **state)
{
    (void)state;
    random_state = 11;
    for (int round = 0; round < 5000; round++) {
        struct note_terms terms = random_terms();
        struct note_plan first, rest;
        if (!note_plan_make(&terms, 0, 0, &first))
            continue;
        int64_t inserted_fen = 0, notes = 0;
        while (inserted_fen < terms.due_fen) {
            assert_true(note_plan_make(&terms, inserted_fen, notes, &rest));
            assert_int_equal(inserted_fen + rest.sum_fen, first.sum_fen);
            assert_int_equal(notes + rest.notes, first.notes);
            int kind = (int)random_below(the_set.count);
            while (rest.count[kind] == 0)
                kind = (kind + 1) % the_set.count;
            assert_int_equal(note_plan_judge(&terms, inserted_fen, notes, the_set.value_fen[kind]),
                             NOTE_WANTED);
            inserted_fen += the_set.value_fen[kind];
            notes++;
        }
        assert_int_equal(inserted_fen, first.sum_fen);
        assert_int_equal(notes, first.notes);
    }
}

/* Goal: sums far above the table. Method: what is certain without one: nothing smaller than the sum
 * can be made of one note less than the largest alone would need, and with one largest note more
 * owed the plan is the same and one largest note. */
static void large_sums_go_on_as_smaller_ones(void **state)
{
    (void)state;
    random_state = 13;
    for (int round = 0; round < 20000; round++) {
        take_subset(1 + (int)random_below(SUBSETS - 1));
        int64_t top_fen = the_set.value_fen[the_set.count - 1];
        struct note_terms terms = terms_of(700000 + random_below(INT64_C(20000000000)), true);
        struct note_plan plan, next;
        assert_true(note_plan_make(&terms, 0, 0, &plan));
        assert_adds_up(&plan, terms.due_fen);
        assert_true(plan.surplus_fen < top_fen);
        assert_true(plan.notes >= (terms.due_fen + top_fen - 1) / top_fen);
        terms.due_fen += top_fen;
        assert_true(note_plan_make(&terms, 0, 0, &next));
        assert_int_equal(next.notes, plan.notes + 1);
        assert_int_equal(next.surplus_fen, plan.surplus_fen);
        assert_int_equal(next.count[the_set.count - 1], plan.count[the_set.count - 1] + 1);
    }
}

/* ---- by example ---- */

static void says_what_a_clerk_would_say(void **state)
{
    (void)state;
    struct note_plan plan;
    take_subset(SUBSETS - 2); /* 5 10 20 50 100 */
    struct note_terms terms = terms_of(679480, true);
    assert_true(note_plan_make(&terms, 0, 0, &plan));
    assert_int_equal(plan.sum_fen, 679500);
    assert_int_equal(plan.surplus_fen, 20);
    const int64_t fewest[] = { 1, 0, 2, 1, 67 };
    assert_memory_equal(plan.count, fewest, sizeof fewest);
    assert_true(note_plan_of_one(&terms, 0, 0, 4, &plan));
    assert_int_equal(plan.notes, 68);
    assert_int_equal(plan.surplus_fen, 520);
    terms.notes_max = 70; /* 71 would be needed: the smallest sum in 70 notes */
    assert_true(note_plan_make(&terms, 0, 0, &plan));
    assert_int_equal(plan.sum_fen, 680000);
    assert_int_equal(plan.notes, 68);
    terms.notes_max = 67;
    assert_false(note_plan_make(&terms, 0, 0, &plan));
    assert_false(note_plan_of_one(&terms, 0, 0, 4, &plan));
}

static void refuses_in_advance_what_would_be_over_when_nothing_may(void **state)
{
    (void)state;
    take_subset(SUBSETS - 2);
    struct note_terms terms = terms_of(18000, false);
    assert_int_equal(note_plan_judge(&terms, 0, 0, 10000), NOTE_WANTED);
    assert_int_equal(note_plan_judge(&terms, 10000, 1, 10000), NOTE_TOO_LARGE);
    assert_int_equal(note_plan_judge(&terms, 10000, 1, 5000), NOTE_WANTED);
    assert_int_equal(note_plan_judge(&terms, 10000, 1, 100), NOTE_NOT_TAKEN);
    terms.due_fen = 18020; /* fen that no note pays */
    assert_int_equal(note_plan_judge(&terms, 0, 0, 10000), NOTE_TOO_LARGE);
    take_subset(1 << 3 | 1 << 4); /* 20 and 50: after 50 of 60 nothing would fit */
    terms.due_fen = 6000;
    assert_int_equal(note_plan_judge(&terms, 0, 0, 5000), NOTE_TOO_LARGE);
    assert_int_equal(note_plan_judge(&terms, 0, 0, 2000), NOTE_WANTED);
}

static void refuses_small_notes_that_would_use_up_the_count(void **state)
{
    (void)state;
    take_subset(SUBSETS - 2);
    struct note_terms terms = terms_of(95500, true);
    terms.notes_max = 11;
    assert_int_equal(note_plan_judge(&terms, 0, 0, 500), NOTE_WANTED);
    assert_int_equal(note_plan_judge(&terms, 500, 1, 5000), NOTE_WANTED);
    assert_int_equal(note_plan_judge(&terms, 500, 1, 500), NOTE_PAST_LIMIT);
    terms.notes_max = NOTE_NO_LIMIT;
    terms.sum_fen_max = 96000;
    assert_int_equal(note_plan_judge(&terms, 90000, 9, 10000), NOTE_PAST_LIMIT);
    assert_int_equal(note_plan_judge(&terms, 90000, 9, 5000), NOTE_WANTED);
}

static void a_set_takes_only_banknotes_once_and_in_order(void **state)
{
    (void)state;
    const int64_t values_fen[] = { 10000, 0, 500, -500, 10000, 50, 150, 20000, 2000 };
    note_set_init(&the_set, values_fen, 9);
    assert_int_equal(the_set.count, 3);
    assert_int_equal(the_set.value_fen[0], 500);
    assert_int_equal(the_set.value_fen[2], 10000);
    note_set_init(&the_set, NULL, 0);
    struct note_terms terms = terms_of(100, true);
    struct note_plan plan;
    assert_false(note_plan_make(&terms, 0, 0, &plan));
    assert_int_equal(note_plan_judge(&terms, 0, 0, 100), NOTE_NOT_TAKEN);
}

/* The table must be long enough for any set of notes, not only those in use. */
static void every_pair_of_values_is_planned(void **state)
{
    (void)state;
    for (int64_t a = 1; a <= 100; a++) {
        for (int64_t b = 100; b >= a; b -= 9) {
            const int64_t values_fen[] = { a * 100, b * 100 };
            note_set_init(&the_set, values_fen, 2);
            assert_true(the_set.sums <= NOTE_SUMS_MAX);
            struct note_terms terms = terms_of(a * b * 100, false);
            struct note_plan plan;
            assert_true(note_plan_make(&terms, 0, 0, &plan));
            assert_int_equal(plan.notes, a); /* a notes of b yuan */
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_smallest_sum_in_the_fewest_notes_for_every_set),
        cmocka_unit_test(keeps_every_limit_for_every_set),
        cmocka_unit_test(agrees_with_every_set_of_up_to_five_notes),
        cmocka_unit_test(never_leads_into_a_limit),
        cmocka_unit_test(a_plan_that_is_followed_comes_true),
        cmocka_unit_test(large_sums_go_on_as_smaller_ones),
        cmocka_unit_test(says_what_a_clerk_would_say),
        cmocka_unit_test(refuses_in_advance_what_would_be_over_when_nothing_may),
        cmocka_unit_test(refuses_small_notes_that_would_use_up_the_count),
        cmocka_unit_test(a_set_takes_only_banknotes_once_and_in_order),
        cmocka_unit_test(every_pair_of_values_is_planned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
