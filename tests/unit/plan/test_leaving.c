/* After leaving a job: gaps across years, limits met exactly, rules that are not stated. */
#include "plan/leaving.h"

#include "policy_text.h"

#define GOOD "../../tests/unit/plan/good.policy"
#define PENSION 0 /* due on the 25th, three months back, no wait after a gap under 3, else 3 */

static struct leaving check(const struct policy *policy, month_index last, month_index this_month,
                            int this_day)
{
    struct leaving leaving;
    leaving_check(policy, last,
                  month_year(this_month) * 10000 + month_number(this_month) * 100 + this_day, 0,
                  &leaving);
    assert_int_equal(leaving.line_count, policy->insurance_count);
    return leaving;
}

static void assert_day(const struct leaving_day *day, int year, int month, int number)
{
    assert_int_equal(day->month, month_of(year, month));
    assert_int_equal(day->day, number);
}

static void whoever_left_last_month_misses_nothing(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct leaving leaving = check(policy, month_of(2026, 2), month_of(2026, 3), 10);
    const struct leaving_line *line = &leaving.lines[PENSION];
    assert_int_equal(leaving.missing, 0);
    assert_int_equal(leaving.first_missing, 0);
    assert_int_equal(line->wait, LEAVING_WAIT_NONE);
    assert_int_equal(line->cost, LEAVING_COST_NOTHING);
    assert_int_equal(line->due_first, month_of(2026, 3));
    assert_int_equal(line->due_day, 25);
    assert_false(line->is_late);
    assert_true(check(policy, month_of(2026, 2), month_of(2026, 3), 26).lines[PENSION].is_late);
    assert_false(check(policy, month_of(2026, 2), month_of(2026, 3), 25).lines[PENSION].is_late);
    policy_free(policy);
}

static void whoever_is_insured_ahead_pays_the_month_after(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct leaving leaving = check(policy, month_of(2026, 12), month_of(2026, 11), 30);
    assert_int_equal(leaving.missing, 0);
    assert_int_equal(leaving.lines[PENSION].due_first, month_of(2027, 1));
    assert_false(leaving.lines[PENSION].is_late);
    policy_free(policy);
}

static void months_are_counted_across_the_year(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct leaving leaving = check(policy, month_of(2025, 10), month_of(2026, 2), 1);
    assert_int_equal(leaving.missing, 3);
    assert_int_equal(leaving.first_missing, month_of(2025, 11));
    const struct leaving_line *line = &leaving.lines[PENSION];
    assert_int_equal(line->back_first, month_of(2025, 11));
    assert_int_equal(line->back_last, month_of(2026, 1));
    assert_true(line->closes);
    assert_int_equal(line->cost, LEAVING_COST_SUM);
    assert_int_equal(line->amount_fen - line->surcharge_fen, 2 * 115200 + 97200);
    policy_free(policy);
}

static void the_wait_begins_with_the_gap_that_is_just_too_long(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct leaving two = check(policy, month_of(2026, 3), month_of(2026, 6), 1);
    assert_int_equal(two.missing, 2);
    assert_int_equal(two.lines[PENSION].wait, LEAVING_WAIT_NONE);
    struct leaving three = check(policy, month_of(2026, 3), month_of(2026, 7), 1);
    assert_int_equal(three.missing, 3);
    assert_int_equal(three.lines[PENSION].wait, LEAVING_WAIT_MONTHS);
    assert_int_equal(three.lines[PENSION].wait_months, 3); /* wait-break, not the first wait */
    policy_free(policy);
}

static void the_last_day_before_a_wait_agrees_with_the_wait(void **state)
{
    (void)state;
    struct policy *policy = make_policy("one", "mode = rate\nrate = 2025-01.. 20.00% s1\n"
                                               "limits = 2025-01.. 5000.00 25000.00 s1\n"
                                               "wait = 6 months unless-gap-under 3 s1\n"
                                               "check = 2026-01 5000.00 1000.00 s1\n");
    month_index last = month_of(2025, 11);
    struct leaving leaving = check(policy, last, month_of(2025, 12), 1);
    const struct leaving_line *line = &leaving.lines[0];
    assert_day(&line->no_gap, 2025, 12, 31);
    assert_false(line->no_gap.is_fixed);
    assert_day(&line->no_wait, 2026, 2, 28);
    for (month_index month = last + 1; month < last + 8; month++) {
        enum leaving_wait wait = check(policy, last, month, 1).lines[0].wait;
        assert_int_equal(wait,
                         month <= line->no_wait.month ? LEAVING_WAIT_NONE : LEAVING_WAIT_MONTHS);
    }
    assert_int_equal(check(policy, last, month_of(2026, 3), 1).lines[0].wait_months, 6);
    policy_free(policy);
}

static void a_rule_nobody_wrote_is_not_guessed(void **state)
{
    (void)state;
    struct policy *policy = make_policy("one", "mode = rate\nrate = 2025-01.. 20.00% s1\n"
                                               "limits = 2025-01.. 5000.00 25000.00 s1\n"
                                               "wait = 6 months s1\n"
                                               "check = 2026-01 5000.00 1000.00 s1\n");
    struct leaving leaving = check(policy, month_of(2025, 11), month_of(2026, 2), 1);
    const struct leaving_line *line = &leaving.lines[0];
    assert_int_equal(line->wait, LEAVING_WAIT_NOT_STATED); /* six months are of the first time */
    assert_int_equal(line->wait_months, 0);
    assert_int_equal(line->no_wait.month, 0);
    assert_int_equal(line->due_day, 0);
    assert_false(line->is_late);
    assert_int_equal(line->cost, LEAVING_COST_REFUSED);
    assert_int_equal(line->back_first, 0);
    assert_false(line->closes);
    policy_free(policy);
}

static void the_last_day_without_a_gap_follows_due_day_and_the_past(void **state)
{
    static const struct {
        const char *rules;
        int year, month, day;
        bool is_fixed;
    } CASES[] = {
        { "", 2026, 2, 28, false },
        { "due-day = 20 s1\n", 2026, 2, 20, true },
        { "due-day = 31 s1\n", 2026, 2, 28, true },
        { "back = months 2 s1\n", 2026, 4, 30, false },
        { "back = year s1\ndue-day = 20 s1\n", 2026, 12, 31, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char figures[512];
        snprintf(figures, sizeof figures,
                 "mode = rate\nrate = 2025-01.. 20.00%% s1\n"
                 "limits = 2025-01.. 5000.00 25000.00 s1\n%s"
                 "check = 2026-01 5000.00 1000.00 s1\n",
                 CASES[i].rules);
        struct policy *policy = make_policy("one", figures);
        struct leaving leaving = check(policy, month_of(2026, 1), month_of(2026, 2), 1);
        assert_day(&leaving.lines[0].no_gap, CASES[i].year, CASES[i].month, CASES[i].day);
        assert_int_equal(leaving.lines[0].no_gap.is_fixed, CASES[i].is_fixed);
        policy_free(policy);
    }
}

static void only_what_is_still_payable_is_priced(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct leaving leaving = check(policy, month_of(2025, 12), month_of(2026, 6), 1);
    const struct leaving_line *line = &leaving.lines[PENSION];
    assert_int_equal(leaving.missing, 5);
    assert_int_equal(line->back_first, month_of(2026, 3));
    assert_int_equal(line->back_last, month_of(2026, 5));
    assert_false(line->closes);
    assert_int_equal(line->amount_fen - line->surcharge_fen, 3 * 97200);
    assert_true(line->surcharge_fen > 0);
    policy_free(policy);
}

static void a_month_without_a_figure_is_said_and_not_summed(void **state)
{
    (void)state;
    struct policy *policy = make_policy("one", "mode = rate\nrate = 2025-01.. 20.00% s1\n"
                                               "limits = 2025-01..2026-02 5000.00 25000.00 s1\n"
                                               "pending = 2026-03.. not known\n"
                                               "back = year s1\n"
                                               "check = 2026-01 5000.00 1000.00 s1\n");
    struct leaving leaving = check(policy, month_of(2026, 1), month_of(2026, 5), 1);
    assert_int_equal(leaving.lines[0].cost, LEAVING_COST_PENDING);
    assert_int_equal(leaving.lines[0].refused_month, month_of(2026, 3));
    policy_free(policy);
}

static void a_year_sold_whole_is_for_the_window(void **state)
{
    (void)state;
    struct policy *policy = make_policy("one", "mode = tiers\ntier = 2025-01.. 3075.00 year s1\n"
                                               "pay = year s1\nback = year s1\n"
                                               "check = 2025-01 tier:1 3075.00 s1\n");
    struct leaving leaving = check(policy, month_of(2026, 1), month_of(2026, 5), 1);
    assert_int_equal(leaving.lines[0].cost, LEAVING_COST_WINDOW);
    assert_int_equal(leaving.lines[0].due_months, 12);
    policy_free(policy);
}

/* A quarter of which one month was insured already is not sold again; where the past can be paid, a
 * quarter that has begun can still be bought whole. */
static void a_quarter_is_due_whole(void **state)
{
    static const struct {
        const char *back;
        int last, due_first;
        bool is_late;
    } CASES[] = {
        { "", 4, 7, false },
        { "back = year s1\n", 4, 7, false },
        { "", 3, 7, false },
        { "back = year s1\n", 3, 4, true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char figures[512];
        snprintf(figures, sizeof figures,
                 "mode = rate\nrate = 2025-01.. 20.00%% s1\n"
                 "limits = 2025-01.. 5000.00 25000.00 s1\n"
                 "pay = quarter s1\nalign = yes\ndue-day = 10 s1\n%s"
                 "check = 2026-01 5000.00 1000.00 s1\n",
                 CASES[i].back);
        struct policy *policy = make_policy("one", figures);
        struct leaving leaving = check(policy, month_of(2026, CASES[i].last), month_of(2026, 5), 3);
        assert_int_equal(leaving.lines[0].due_first, month_of(2026, CASES[i].due_first));
        assert_int_equal(leaving.lines[0].due_months, 3);
        assert_int_equal(leaving.lines[0].due_day, 10);
        assert_int_equal(leaving.lines[0].is_late, CASES[i].is_late);
        policy_free(policy);
    }
}

static void past_months_cost_what_the_area_asks(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct leaving city, county;
    leaving_check(policy, month_of(2026, 3), 20260501, 0, &city);
    leaving_check(policy, month_of(2026, 3), 20260501, 1, &county);
    assert_int_equal(city.lines[PENSION].amount_fen - city.lines[PENSION].surcharge_fen, 97200);
    assert_int_equal(county.lines[PENSION].amount_fen - county.lines[PENSION].surcharge_fen, 97180);
    policy_free(policy);
}

static void a_day_is_over_the_day_after(void **state)
{
    (void)state;
    const struct leaving_day day = { month_of(2026, 2), 28, false };
    assert_false(leaving_is_over(&day, 20260228));
    assert_true(leaving_is_over(&day, 20260301));
    assert_false(leaving_is_over(&day, 20260131));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_left_last_month_misses_nothing),
        cmocka_unit_test(whoever_is_insured_ahead_pays_the_month_after),
        cmocka_unit_test(months_are_counted_across_the_year),
        cmocka_unit_test(the_wait_begins_with_the_gap_that_is_just_too_long),
        cmocka_unit_test(the_last_day_before_a_wait_agrees_with_the_wait),
        cmocka_unit_test(a_rule_nobody_wrote_is_not_guessed),
        cmocka_unit_test(the_last_day_without_a_gap_follows_due_day_and_the_past),
        cmocka_unit_test(only_what_is_still_payable_is_priced),
        cmocka_unit_test(a_month_without_a_figure_is_said_and_not_summed),
        cmocka_unit_test(a_year_sold_whole_is_for_the_window),
        cmocka_unit_test(a_quarter_is_due_whole),
        cmocka_unit_test(past_months_cost_what_the_area_asks),
        cmocka_unit_test(a_day_is_over_the_day_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
