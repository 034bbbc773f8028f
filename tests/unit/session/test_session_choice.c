/*
 * What may be chosen where a policy has a list of bases, or sells months by the quarter.
 */
#include "session_rig.h"

#include <string.h>

#define PENSION 0

static const int64_t GRADES_FEN[] = { 477500,  600000,  800000,  1000000,
                                      1200000, 1600000, 2000000, 2754900 };
#define GRADE_COUNT 8

static void use_shenzhen(struct rig *rig)
{
    rig_use_policy(rig, "440300-shenzhen.policy");
    /* To January 2027, so that the year has months left. */
    clock_fake_advance(&rig->clock, INT64_C(45) * 86400000); /* 2027-01-07 */
}

static void use_grades(struct rig *rig)
{
    use_shenzhen(rig);
    struct policy_insurance *pension = &rig->policy->insurances[PENSION];
    pension->choice = POLICY_CHOOSE_GRADES;
    pension->grades.items[pension->grades.count++] = (struct policy_range){
        .first = month_of(2025, 7),
        .last = INT32_MAX,
        .area = POLICY_AREA_ALL,
        .list = pension->list_count,
        .source = pension->limits.items[0].source,
    };
    struct policy_list *list = &pension->lists[pension->list_count++];
    memcpy(list->values, GRADES_FEN, sizeof GRADES_FEN);
    list->count = GRADE_COUNT;
}

static void a_list_is_offered_from_its_lowest_to_its_highest(void **state)
{
    struct rig *rig = *state;
    use_grades(rig);
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->base_count, 5);
    assert_int_equal(view->bases_fen[0], GRADES_FEN[0]);
    assert_int_equal(view->bases_fen[4], GRADES_FEN[GRADE_COUNT - 1]);
    for (int i = 0; i < view->base_count; i++) {
        rig_touch(rig, INTENT_CHOOSE_BASE, i);
        assert_int_equal(rig_view(rig)->monthly_total_fen, rig_view(rig)->bases_fen[i] / 5);
    }
}

static void a_base_that_is_typed_must_be_in_the_list(void **state)
{
    struct rig *rig = *state;
    use_grades(rig);
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_OWN_BASE, 0);
    rig_type(rig, "7000");
    rig_touch(rig, INTENT_NEXT, 0);
    assert_true(rig_view(rig)->base_refused);
    for (int i = 0; i < 4; i++)
        rig_touch(rig, INTENT_ERASE, 0);
    rig_type(rig, "8000");
    rig_touch(rig, INTENT_NEXT, 0);
    assert_int_equal(rig_view(rig)->monthly_total_fen, 160000);
}

static void months_are_sold_by_the_quarter_where_the_policy_says_so(void **state)
{
    struct rig *rig = *state;
    use_shenzhen(rig);
    struct policy_insurance *pension = &rig->policy->insurances[PENSION];
    pension->pay = POLICY_PAY_QUARTER | POLICY_PAY_HALF;
    pension->pay_ahead = false;
    pension->align = true;
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_MONTHS);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->month_count, 6);
    assert_int_equal(view->months_chosen, 3);
    assert_int_equal(view->due_fen, 3 * 95500);
    for (int i = 0; i < 6; i++)
        assert_int_equal(view->months[i].is_not_sold, i != 2 && i != 5);
    rig_touch(rig, INTENT_CHOOSE_MONTHS, 4);
    assert_int_equal(rig_view(rig)->months_chosen, 3);
    rig_touch(rig, INTENT_CHOOSE_MONTHS, 6);
    assert_int_equal(rig_view(rig)->due_fen, 6 * 95500);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(a_list_is_offered_from_its_lowest_to_its_highest),
        ON_RIG(a_base_that_is_typed_must_be_in_the_list),
        ON_RIG(months_are_sold_by_the_quarter_where_the_policy_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
