/* What an insurance comes to over some months: changes inside the run, lists, years, no figure. */
#include "plan/cost.h"

#include "policy_text.h"

#define GOOD "../../tests/unit/plan/good.policy"
#define PENSION 0
#define MEDICAL 1
#define GRADED 2
#define PERCENT 3
#define RESIDENT 4
#define LARGE 5

static struct cost cost_of(const struct policy *policy, int insurance, int64_t base_fen, int grade,
                           month_index first, int months)
{
    struct cost cost;
    const struct cost_request request = { .insurance = insurance,
                                          .base_fen = base_fen,
                                          .grade = grade,
                                          .first = first,
                                          .months = months };
    cost_make(policy, &request, &cost);
    return cost;
}

static void a_change_inside_the_year_counts_from_its_month_on(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    /* Ten months at 24 %, two at 20 %, of 6000.00. */
    struct cost cost = cost_of(policy, PENSION, 600000, 0, month_of(2025, 3), 12);
    assert_int_equal(cost.refusal, QUOTE_OK);
    assert_int_equal(cost.amount_fen, 10 * 144000 + 2 * 120000);
    assert_false(cost.is_moved);
    policy_free(policy);
}

static void a_base_below_a_new_floor_is_moved_and_said_so(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct cost cost = cost_of(policy, PENSION, 480000, 0, month_of(2025, 12), 2);
    assert_int_equal(cost.amount_fen, 115200 + 97200);
    assert_true(cost.is_moved);
    assert_false(cost_of(policy, PENSION, 480000, 0, month_of(2025, 11), 2).is_moved);
    policy_free(policy);
}

static void no_base_is_the_lowest_of_each_month(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct cost cost = cost_of(policy, PENSION, 0, 0, month_of(2025, 12), 2);
    assert_int_equal(cost.amount_fen, 115200 + 97200);
    assert_false(cost.is_moved);
    policy_free(policy);
}

static void a_follower_takes_the_leaders_base_into_its_own_limits(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    assert_int_equal(quote_leader(policy, MEDICAL), PENSION);
    assert_int_equal(quote_leader(policy, PENSION), PENSION);
    assert_int_equal(cost_of(policy, MEDICAL, 486000, 0, month_of(2026, 1), 3).amount_fen,
                     3 * 57142);
    policy_free(policy);
}

static void a_month_without_a_figure_leaves_no_sum(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct cost cost = cost_of(policy, LARGE, 0, 0, month_of(2026, 4), 12);
    assert_int_equal(cost.refusal, QUOTE_PENDING);
    assert_int_equal(cost.refused_month, month_of(2026, 7));
    assert_int_equal(cost.amount_fen, 0);
    assert_int_equal(cost_of(policy, LARGE, 0, 0, month_of(2026, 4), 3).amount_fen, 3000);
    cost = cost_of(policy, MEDICAL, 0, 0, month_of(2026, 12), 3);
    assert_int_equal(cost.refusal, QUOTE_EXPIRED);
    assert_int_equal(cost.refused_month, month_of(2027, 1));
    policy_free(policy);
}

static void grades_and_percentages_count_by_their_number(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    assert_int_equal(cost_of(policy, GRADED, 0, 2, month_of(2025, 1), 12).amount_fen, 12 * 120000);
    assert_int_equal(cost_of(policy, PERCENT, 0, 1, month_of(2026, 3), 3).amount_fen, 3 * 97880);
    assert_int_equal(cost_of(policy, GRADED, 0, 9, month_of(2025, 3), 1).refusal,
                     QUOTE_NOT_A_GRADE);
    policy_free(policy);
}

static void a_tier_sold_by_the_year_has_a_cost_for_the_year_alone(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    assert_int_equal(cost_of(policy, RESIDENT, 0, 2, month_of(2025, 1), 1).refusal, QUOTE_PERIOD);
    assert_int_equal(cost_of(policy, RESIDENT, 0, 2, month_of(2025, 1), 3).refusal, QUOTE_PERIOD);
    assert_int_equal(cost_of(policy, RESIDENT, 0, 2, month_of(2025, 1), 12).amount_fen, 676500);
    policy_free(policy);
}

static void what_is_late_is_surcharged_and_what_is_too_late_refused(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    struct cost cost;
    struct cost_request request = {
        .insurance = PENSION, .first = month_of(2026, 1), .months = 1, .today = 20260325
    };
    cost_make(policy, &request, &cost);
    assert_int_equal(cost.surcharge_fen, 2867); /* 59 days of 0.05 % of 972.00 */
    assert_int_equal(cost.amount_fen, 97200 + 2867);
    request.today = 20260525;
    cost_make(policy, &request, &cost);
    assert_int_equal(cost.refusal, QUOTE_BACK);
    assert_int_equal(cost.surcharge_fen, 0);
    policy_free(policy);
}

static void too_many_months_or_none_are_refused(void **state)
{
    (void)state;
    struct policy *policy = load_policy(GOOD);
    assert_int_equal(cost_of(policy, PENSION, 0, 0, month_of(2025, 3), 0).refusal, QUOTE_TOO_MANY);
    assert_int_equal(cost_of(policy, PENSION, 0, 0, month_of(2025, 3), 13).refusal, QUOTE_TOO_MANY);
    policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_inside_the_year_counts_from_its_month_on),
        cmocka_unit_test(a_base_below_a_new_floor_is_moved_and_said_so),
        cmocka_unit_test(no_base_is_the_lowest_of_each_month),
        cmocka_unit_test(a_follower_takes_the_leaders_base_into_its_own_limits),
        cmocka_unit_test(a_month_without_a_figure_leaves_no_sum),
        cmocka_unit_test(grades_and_percentages_count_by_their_number),
        cmocka_unit_test(a_tier_sold_by_the_year_has_a_cost_for_the_year_alone),
        cmocka_unit_test(what_is_late_is_surcharged_and_what_is_too_late_refused),
        cmocka_unit_test(too_many_months_or_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
