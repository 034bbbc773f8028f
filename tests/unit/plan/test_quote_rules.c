/*
 * Modes, parts, periods, the past, differences; and what must hold of any quote, over many bases
 * and months of every shipped file.
 */
#include <glob.h>
#include <stdlib.h>

#include "base/check.h"
#include "plan/quote.h"
#include "policy_text.h"

#define PENSION 0
#define MEDICAL 1
#define GRADED 2
#define PERCENT 3
#define RESIDENT 4

static struct policy *load_good(void)
{
    return load_policy("../../tests/unit/plan/good.policy");
}

static struct quote quote_of(const struct policy *policy, const struct quote_request *request)
{
    struct quote quote;
    quote_make(policy, request, &quote);
    return quote;
}

static struct quote_request one(int insurance, int64_t base_fen, month_index first, int months)
{
    return (struct quote_request){
        .insurances = 1u << insurance,
        .chosen_base_fen = base_fen,
        .first = first,
        .months = months,
    };
}

static void each_part_is_rounded_by_itself_and_then_added(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    struct quote_request request = one(MEDICAL, 601500, month_of(2026, 1), 1);
    struct quote quote = quote_of(policy, &request);
    assert_int_equal(quote.refusal, QUOTE_OK);
    assert_int_equal(quote.lines[0].part_fen[0], 52631);
    assert_int_equal(quote.lines[0].part_fen[1], 4511);
    assert_int_equal(quote.total_fen, 57142);
    assert_int_equal(quote.lines[0].rate, 95000);
    policy_free(policy);
}

static void a_rate_that_changes_inside_the_run_prices_each_month_by_its_own(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    struct quote_request request = one(PENSION, 500000, month_of(2025, 12), 2);
    struct quote quote = quote_of(policy, &request);
    assert_int_equal(quote.lines[0].amount_fen, 120000);
    assert_int_equal(quote.lines[1].amount_fen, 100000);
    assert_int_equal(quote.lines[0].account_fen, 40000);
    assert_int_equal(quote.lines[0].pooled_fen, 80000);
    assert_int_equal(quote.lines[0].since, month_of(2025, 1));
    assert_int_equal(quote.lines[1].rate_since, month_of(2026, 1));
    policy_free(policy);
}

static void each_area_has_its_own_floor(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    struct quote_request request = one(PENSION, 0, month_of(2026, 1), 1);
    assert_int_equal(quote_of(policy, &request).lines[0].base_fen, 486000);
    request.area = 1;
    assert_int_equal(quote_of(policy, &request).lines[0].base_fen, 485900);
    policy_free(policy);
}

static void grades_are_chosen_by_number_or_by_their_sum_and_nothing_between(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    int64_t choices[POLICY_GRADES_MAX];
    assert_int_equal(quote_choices(policy, GRADED, month_of(2025, 3), 0, choices), 4);
    assert_int_equal(choices[3], 2476200);
    struct quote_request request = one(GRADED, 600000, month_of(2025, 3), 1);
    struct quote quote = quote_of(policy, &request);
    assert_int_equal(quote.total_fen, 120000);
    assert_int_equal(quote.lines[0].grade, 2);
    request.chosen_base_fen = 600001;
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_NOT_A_GRADE);
    request.grade[GRADED] = 4;
    assert_int_equal(quote_of(policy, &request).total_fen, 495240);
    request.grade[GRADED] = 5;
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_NOT_A_GRADE);
    policy_free(policy);
}

/* What a kiosk starts from must be payable, also in an insurance that only follows. */
static void the_limits_of_a_choice_from_a_list_are_in_the_list(void **state)
{
    (void)state;
    struct policy *policy = make_policy(
        "pension",
        "mode = rate\nrate = 2026-01.. 20.00% s1\nlimits = 2026-01.. 4700.00 27000.00 s1\n"
        "grades = 2026-01.. 4800.00 9000.00 s1\nchoose = grades\n"
        "[insurance medical]\ncode = 310\nname_zh = 险\nname_en = M\nbasis_zh = 法\n"
        "basis_en = Law\nmode = rate\nrate = 2026-01.. 8.00% s1\noutside = clamp\n"
        "limits = 2026-01.. 6700.00 33000.00 s1\nsame-base = pension\nchoose = inherit\n");
    for (uint32_t insurances = 1; insurances <= 3; insurances++) {
        int64_t floor_fen, ceiling_fen;
        struct quote_request request = { .insurances = insurances,
                                         .first = month_of(2026, 1),
                                         .months = 1 };
        assert_true(
            quote_base_limits(policy, insurances, month_of(2026, 1), 0, &floor_fen, &ceiling_fen));
        assert_int_equal(floor_fen, 480000);
        assert_int_equal(ceiling_fen, 900000);
        request.chosen_base_fen = floor_fen;
        assert_int_equal(quote_of(policy, &request).refusal, QUOTE_OK);
    }
    policy_free(policy);
}

static void percentages_follow_the_average_and_are_rounded_as_a_base(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    int64_t choices[POLICY_GRADES_MAX], floor_fen, ceiling_fen;
    assert_int_equal(quote_choices(policy, PERCENT, month_of(2026, 3), 0, choices), 9);
    assert_int_equal(choices[0], 489400); /* 60 % of 8157.25 = 4894.35 */
    assert_int_equal(choices[8], 2447200);
    assert_true(
        quote_base_limits(policy, 1u << PERCENT, month_of(2026, 3), 0, &floor_fen, &ceiling_fen));
    assert_int_equal(floor_fen, 489400);
    assert_int_equal(ceiling_fen, 2447200);
    policy_free(policy);
}

static void a_yearly_tier_is_paid_for_twelve_months_or_not_at_all(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    struct quote_request request = one(RESIDENT, 0, month_of(2025, 1), 12);
    request.grade[RESIDENT] = 2;
    struct quote quote = quote_of(policy, &request);
    assert_int_equal(quote.total_fen, 676500);
    assert_int_equal(quote.lines[0].amount_fen, 56375);
    assert_int_equal(quote.lines[0].period_months, 12);
    request.months = 11;
    quote = quote_of(policy, &request);
    assert_int_equal(quote.refusal, QUOTE_PERIOD);
    assert_int_equal(quote.line_count, 0);
    policy->insurances[RESIDENT].split = true;
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_OK);
    policy_free(policy);
}

/* 100 yuan do not divide by twelve; the months still add up to the year. */
static void twelfths_of_a_year_add_up_from_whichever_month(void **state)
{
    (void)state;
    struct policy *policy = make_policy(
        "resident", "mode = tiers\ntier = 2014-01.. 100.00 200.00 year s1\nsplit = yes\n");
    for (int first = 1; first <= 12; first++) {
        struct quote_request request = one(0, 0, month_of(2025, first), 12);
        request.grade[0] = 1;
        assert_int_equal(quote_of(policy, &request).total_fen, 10000);
    }
    policy_free(policy);
}

static void a_step_is_asked_of_a_free_choice_but_not_of_a_limit(void **state)
{
    (void)state;
    struct policy *policy = make_policy("pension", "mode = rate\nrate = 2026-01.. 20.00% s1\n"
                                                   "limits = 2026-01.. 4394.70 22130.25 s1\n"
                                                   "choose = free step 1.00\n");
    struct quote_request request = one(0, 439470, month_of(2026, 1), 1);
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_OK);
    request.chosen_base_fen = 2213025;
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_OK);
    request.chosen_base_fen = 500050;
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_NOT_A_STEP);
    assert_string_equal(quote_refusal_code(QUOTE_NOT_A_STEP), "R14");
    policy_free(policy);
}

static void a_rule_that_ends_is_refused_after_its_last_month(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    struct quote_request request = one(MEDICAL, 700000, month_of(2026, 12), 1);
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_OK);
    request.first++;
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_EXPIRED);
    policy_free(policy);
}

static void the_past_may_be_paid_as_far_back_as_the_rule_says(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    struct quote_request request = one(PENSION, 500000, month_of(2026, 2), 1);
    request.today = 20260501;
    struct quote quote = quote_of(policy, &request);
    assert_int_equal(quote.refusal, QUOTE_OK);
    request.first--;
    quote = quote_of(policy, &request);
    assert_int_equal(quote.refusal, QUOTE_BACK);
    assert_string_equal(quote_refusal_code(quote.refusal), "R16");
    policy->insurances[PENSION].back = POLICY_BACK_YEAR;
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_OK);
    policy->insurances[PENSION].back = POLICY_BACK_NONE;
    request.first = month_of(2026, 4);
    assert_int_equal(quote_of(policy, &request).refusal, QUOTE_BACK);
    policy_free(policy);
}

static void lateness_counts_from_the_due_day_and_costs_per_day(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    const struct policy_insurance *pension = &policy->insurances[PENSION];
    month_index february = month_of(2026, 2), march = month_of(2026, 3);
    assert_int_equal(quote_surcharge(pension, 100000, february, 20260225), 0);
    assert_int_equal(quote_surcharge(pension, 100000, february, 20260226), 50);
    assert_int_equal(quote_surcharge(pension, 100000, february, 20260301), 200);
    assert_int_equal(quote_surcharge(pension, 100000, march, 20260228), 0);
    struct quote_request request = one(PENSION, 500000, february, 1);
    request.today = 20260301;
    struct quote quote = quote_of(policy, &request);
    assert_int_equal(quote.lines[0].amount_fen, 100000);
    assert_int_equal(quote.lines[0].surcharge_fen, 200);
    assert_int_equal(quote.total_fen, 100200);
    policy_free(policy);
}

static void only_whole_periods_are_allowed(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    struct policy_insurance *pension = &policy->insurances[PENSION];
    uint32_t mask = 1u << PENSION;
    assert_int_equal(quote_months_max(policy, mask, month_of(2026, 1), month_of(2026, 1)), 3);
    assert_true(quote_period_is_allowed(policy, mask, month_of(2026, 1), 2, month_of(2026, 1)));
    assert_false(quote_period_is_allowed(policy, mask, month_of(2026, 1), 4, month_of(2026, 1)));
    pension->pay = POLICY_PAY_QUARTER | POLICY_PAY_YEAR;
    assert_true(quote_period_is_allowed(policy, mask, month_of(2026, 4), 3, month_of(2026, 4)));
    assert_true(quote_period_is_allowed(policy, mask, month_of(2026, 4), 12, month_of(2026, 4)));
    assert_false(quote_period_is_allowed(policy, mask, month_of(2026, 4), 4, month_of(2026, 4)));
    assert_false(quote_period_is_allowed(policy, mask, month_of(2026, 5), 3,
                                         month_of(2026, 5))); /* aligned */
    pension->align = false;
    assert_true(quote_period_is_allowed(policy, mask, month_of(2026, 5), 3, month_of(2026, 5)));
    policy_free(policy);
}

static void a_difference_is_billed_as_the_policy_says_and_never_else(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    struct policy_insurance *pension = &policy->insurances[PENSION];
    const struct quote_paid paid[] = {
        { month_of(2026, 1), 480000, 96000, 0 },  /* on the old floor: lifted by 60.00 */
        { month_of(2026, 2), 500000, 100000, 0 }, /* chosen above: nothing to do */
        { month_of(2026, 3), 500000, 99000, 0 },  /* paid short, but not for the floor */
    };
    struct quote quote;
    quote_difference(policy, PENSION, 0, paid, 3, &quote);
    assert_int_equal(quote.refusal, QUOTE_OK);
    assert_int_equal(quote.line_count, 1);
    assert_int_equal(quote.lines[0].amount_fen, 1200);
    assert_int_equal(quote.lines[0].account_fen, 480);
    assert_int_equal(quote.lines[0].pooled_fen, 720);
    pension->retro = POLICY_RETRO_COLLECT;
    quote_difference(policy, PENSION, 0, paid, 3, &quote);
    assert_int_equal(quote.line_count, 2);
    assert_int_equal(quote.total_fen, 2200);
    pension->retro = POLICY_RETRO_UNSET;
    quote_difference(policy, PENSION, 0, paid, 3, &quote);
    assert_int_equal(quote.refusal, QUOTE_NO_DIFFERENCE);
    policy_free(policy);
}

static void a_ceiling_that_fell_gives_a_difference_below_zero(void **state)
{
    (void)state;
    struct policy *policy = load_good();
    policy->insurances[PENSION].retro = POLICY_RETRO_COLLECT;
    const struct quote_paid paid = { month_of(2026, 1), 2500000, 500000, 0 };
    struct quote quote;
    quote_difference(policy, PENSION, 0, &paid, 1, &quote);
    assert_int_equal(quote.total_fen, -14000); /* 24300.00 x 20 % less 5000.00 */
    policy_free(policy);
}

/* ---- what must hold of any quote ---- */

struct shipped {
    struct policy *policies[32];
    int count;
};

static struct shipped load_all(void)
{
    struct shipped all = { 0 };
    glob_t found;
    assert_int_equal(glob(SOURCE_DIR "/config/policy/*.policy", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc && i < ARRAY_SIZE(all.policies); i++)
        assert_int_equal(policy_load(found.gl_pathv[i], NULL, print_policy_error, NULL,
                                     &all.policies[all.count++]),
                         STATUS_OK);
    globfree(&found);
    return all;
}

static void free_all(struct shipped *all)
{
    for (int i = 0; i < all->count; i++)
        policy_free(all->policies[i]);
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* A request that any of the shipped places could get: most are refused, many are not. */
static struct quote_request random_request(const struct policy *policy, uint64_t *dice)
{
    struct quote_request request = {
        .insurances = (uint32_t)(next_random(dice) % (1u << policy->insurance_count)),
        .chosen_base_fen = (int64_t)(400000 + next_random(dice) % 4000000),
        .first = month_of(2024, 1) + (month_index)(next_random(dice) % 40),
        .months = 1 + (int)(next_random(dice) % 12),
    };
    for (int i = 0; i < policy->insurance_count; i++)
        request.grade[i] = (int)(next_random(dice) % 4);
    return request;
}

#define ROUNDS 20000

static void a_higher_base_never_costs_less(void **state)
{
    (void)state;
    struct shipped all = load_all();
    uint64_t dice = 88172645463325252u;
    int compared = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const struct policy *policy = all.policies[round % all.count];
        struct quote_request request = random_request(policy, &dice);
        struct quote lower = quote_of(policy, &request);
        request.chosen_base_fen += (int64_t)(next_random(&dice) % 500000);
        struct quote higher = quote_of(policy, &request);
        if (lower.refusal != QUOTE_OK || higher.refusal != QUOTE_OK || lower.total_fen == 0)
            continue;
        assert_true(higher.total_fen >= lower.total_fen);
        compared++;
    }
    assert_true(compared > ROUNDS / 50);
    free_all(&all);
}

static void assert_parts_add_up(const struct policy *policy, const struct quote *quote)
{
    int64_t sum = 0;
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        int64_t parts_fen = 0;
        for (int part = 0; part < POLICY_PARTS_MAX; part++)
            parts_fen += line->part_fen[part];
        assert_int_equal(line->account_fen + line->pooled_fen, line->amount_fen);
        assert_in_range(line->account_fen, 0, line->amount_fen);
        if (policy->insurances[line->insurance].part_count > 0)
            assert_int_equal(parts_fen, line->amount_fen);
        sum += line->amount_fen;
    }
    assert_int_equal(sum, quote->total_fen);
}

/* The sum over months and insurances, each asked for alone. */
static int64_t sum_one_by_one(const struct policy *policy, const struct quote_request *request)
{
    int64_t sum = 0;
    for (month_index month = request->first; month < request->first + request->months; month++) {
        for (int i = 0; i < policy->insurance_count; i++) {
            struct quote_request single = *request;
            if (!(request->insurances >> i & 1))
                continue;
            single.insurances = 1u << i;
            single.first = month;
            single.months = 1;
            struct quote quote = quote_of(policy, &single);
            assert_int_equal(quote.refusal, QUOTE_OK);
            sum += quote.total_fen;
        }
    }
    return sum;
}

static bool sells_whole_years(const struct policy *policy, uint32_t insurances)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if ((insurances >> i & 1) && policy->insurances[i].mode == POLICY_TIERS)
            return true;
    return false;
}

static void months_and_insurances_add_up_to_the_fen(void **state)
{
    (void)state;
    struct shipped all = load_all();
    uint64_t dice = 362436069362436069u;
    int compared = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const struct policy *policy = all.policies[round % all.count];
        struct quote_request request = random_request(policy, &dice);
        struct quote quote = quote_of(policy, &request);
        if (quote.refusal != QUOTE_OK) {
            assert_int_equal(quote.total_fen + quote.line_count, 0);
            continue;
        }
        assert_parts_add_up(policy, &quote);
        if (sells_whole_years(policy, request.insurances))
            continue;
        assert_int_equal(sum_one_by_one(policy, &request), quote.total_fen);
        compared += quote.line_count > 0;
    }
    assert_true(compared > ROUNDS / 50);
    free_all(&all);
}

static void the_same_revision_gives_the_same_quote_again(void **state)
{
    (void)state;
    struct shipped all = load_all(), again = load_all();
    uint64_t dice = 521288629521288629u;
    for (int round = 0; round < ROUNDS; round++) {
        int place = round % all.count;
        struct quote_request request = random_request(all.policies[place], &dice);
        struct quote first = quote_of(all.policies[place], &request);
        struct quote second = quote_of(again.policies[place], &request);
        assert_memory_equal(&first, &second, sizeof first);
        assert_string_equal(all.policies[place]->sha256, again.policies[place]->sha256);
    }
    free_all(&all);
    free_all(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_is_rounded_by_itself_and_then_added),
        cmocka_unit_test(a_rate_that_changes_inside_the_run_prices_each_month_by_its_own),
        cmocka_unit_test(each_area_has_its_own_floor),
        cmocka_unit_test(grades_are_chosen_by_number_or_by_their_sum_and_nothing_between),
        cmocka_unit_test(the_limits_of_a_choice_from_a_list_are_in_the_list),
        cmocka_unit_test(percentages_follow_the_average_and_are_rounded_as_a_base),
        cmocka_unit_test(a_yearly_tier_is_paid_for_twelve_months_or_not_at_all),
        cmocka_unit_test(twelfths_of_a_year_add_up_from_whichever_month),
        cmocka_unit_test(a_step_is_asked_of_a_free_choice_but_not_of_a_limit),
        cmocka_unit_test(a_rule_that_ends_is_refused_after_its_last_month),
        cmocka_unit_test(the_past_may_be_paid_as_far_back_as_the_rule_says),
        cmocka_unit_test(lateness_counts_from_the_due_day_and_costs_per_day),
        cmocka_unit_test(only_whole_periods_are_allowed),
        cmocka_unit_test(a_difference_is_billed_as_the_policy_says_and_never_else),
        cmocka_unit_test(a_ceiling_that_fell_gives_a_difference_below_zero),
        cmocka_unit_test(a_higher_base_never_costs_less),
        cmocka_unit_test(months_and_insurances_add_up_to_the_fen),
        cmocka_unit_test(the_same_revision_gives_the_same_quote_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
