/* What the policy alone says of a registration; the place is invented (tests/scenarios/due_policy).
 */
#include "registration/rule.h"

#include "support/unit.h"

#define PENSION 0
#define FLOOR_FEN 477500

static struct policy *policy;

static int setup(void **state)
{
    (void)state;
    return policy_load(SOURCE_DIR "/tests/scenarios/due_policy/440300-due.policy", NULL, NULL, NULL,
                       &policy) == STATUS_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    (void)state;
    policy_free(policy);
    return 0;
}

static struct registration_claim claim_of(month_index start)
{
    struct registration_claim claim = {
        .insurances = 1u << PENSION,
        .sex = 1,
        .birth = 19880315,
        .base_fen = FLOOR_FEN,
        .today = 20261123,
    };
    claim.starts[PENSION] = start;
    return claim;
}

static void a_sound_claim_passes(void **state)
{
    (void)state;
    struct registration_claim claim = claim_of(month_of(2026, 11));
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_NONE);
}

static void a_start_before_the_back_rule_is_refused(void **state)
{
    (void)state;
    struct registration_claim claim = claim_of(month_of(2026, 8));
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_NONE);
    claim = claim_of(month_of(2026, 7));
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_BACK_PAYMENT);
}

static void ages_are_those_of_each_insurance(void **state)
{
    (void)state;
    struct registration_claim claim = claim_of(month_of(2026, 11));
    policy->insurances[PENSION].age_min = 16;
    policy->insurances[PENSION].age_max_male = 60;
    policy->insurances[PENSION].age_max_female = 55;
    claim.birth = 20101124;
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_TOO_YOUNG);
    claim.birth = 20101123; /* sixteen today */
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_NONE);
    claim.birth = 19661123; /* sixty today */
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_RETIRED);
    claim.birth = 19711124;
    claim.sex = 2;
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_NONE);
    claim.birth = 19711123;
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_RETIRED);
    claim.sex = 0; /* not known to who has no key */
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_NONE);
}

static void a_base_outside_the_limits_is_refused_where_it_is_not_clamped(void **state)
{
    (void)state;
    struct registration_claim claim = claim_of(month_of(2026, 11));
    claim.base_fen = FLOOR_FEN - 1;
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_NONE); /* clamped */
    policy->insurances[PENSION].clamp_outside = false;
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_BASE);
    claim.base_fen = FLOOR_FEN;
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_NONE);
}

static void a_month_without_figures_is_refused(void **state)
{
    (void)state;
    struct registration_claim claim = claim_of(month_of(2026, 11));
    policy->insurances[PENSION].limits.items[0].first = month_of(2026, 12);
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_POLICY);
}

static void a_tier_needs_no_base(void **state)
{
    (void)state;
    struct registration_claim claim = claim_of(0);
    claim.insurances = 2;
    claim.starts[1] = month_of(2026, 11);
    claim.base_fen = 0;
    assert_int_equal(registration_judge(policy, &claim), REFUSAL_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sound_claim_passes),
        TEST(a_start_before_the_back_rule_is_refused),
        TEST(ages_are_those_of_each_insurance),
        TEST(a_base_outside_the_limits_is_refused_where_it_is_not_clamped),
        TEST(a_month_without_figures_is_refused),
        TEST(a_tier_needs_no_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
