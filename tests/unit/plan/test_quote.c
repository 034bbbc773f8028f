#include "plan/quote.h"

#include <stdlib.h>

#include "base/check.h"
#include "policy_text.h"

#define PENSION (1u << 0)
#define MEDICAL (1u << 1)

static month_index month(const char *text)
{
    month_index index = 0;
    assert_int_equal(month_parse(text, &index), STATUS_OK);
    return index;
}

static struct quote quote_of(const struct policy *policy, uint32_t insurances, int64_t base_fen,
                             const char *first, int months)
{
    struct quote quote;
    const struct quote_request request = {
        .insurances = insurances,
        .chosen_base_fen = base_fen,
        .first = month(first),
        .months = months,
    };
    quote_make(policy, &request, &quote);
    return quote;
}

static void both_cities_are_payable_in_november_2026(void **state)
{
    (void)state;
    struct policy *shanghai = load_policy("310000-shanghai.policy");
    struct policy *shenzhen = load_policy("440300-shenzhen.policy");
    assert_int_equal(quote_of(shanghai, PENSION | MEDICAL, 754600, "2026-11", 1).total_fen, 226380);
    assert_int_equal(quote_of(shenzhen, PENSION | MEDICAL, 477500, "2026-11", 2).total_fen,
                     2 * (95500 + 53816));
    policy_free(shanghai);
    policy_free(shenzhen);
}

static void each_insurance_holds_the_choice_against_its_own_limits(void **state)
{
    (void)state;
    struct policy *policy = load_policy("440300-shenzhen.policy");
    static const struct {
        int64_t chosen, pension, medical;
    } CHOICES[] = {
        { 100000, 477500, 672700 },    { 500000, 500000, 672700 },    { 1000000, 1000000, 1000000 },
        { 3000000, 2754900, 3000000 }, { 5000000, 2754900, 3363300 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CHOICES); i++) {
        struct quote quote = quote_of(policy, PENSION | MEDICAL, CHOICES[i].chosen, "2026-11", 1);
        assert_int_equal(quote.line_count, 2);
        assert_int_equal(quote.lines[0].base_fen, CHOICES[i].pension);
        assert_int_equal(quote.lines[1].base_fen, CHOICES[i].medical);
    }
    policy_free(policy);
}

static void refuses_a_base_outside_where_the_policy_says_so(void **state)
{
    (void)state;
    struct policy *policy = load_policy("310000-shanghai.policy");
    struct quote quote = quote_of(policy, PENSION, 754599, "2026-11", 1);
    assert_int_equal(quote.refusal, QUOTE_OUTSIDE_LIMITS);
    assert_int_equal(quote.total_fen, 0);
    assert_int_equal(quote_of(policy, PENSION, 754600, "2026-11", 1).refusal, QUOTE_OK);
    assert_int_equal(quote_of(policy, PENSION, 3773100, "2026-11", 1).refusal, QUOTE_OK);
    assert_int_equal(quote_of(policy, PENSION, 3773101, "2026-11", 1).refusal,
                     QUOTE_OUTSIDE_LIMITS);
    policy_free(policy);
}

static void refuses_the_whole_quote_when_one_month_has_no_official_figure(void **state)
{
    (void)state;
    struct policy *policy = load_policy("440300-shenzhen.policy");
    struct quote quote = quote_of(policy, PENSION | MEDICAL, 500000, "2026-12", 2);
    assert_int_equal(quote.refusal, QUOTE_PENDING);
    assert_int_equal(quote.refused_month, month("2027-01"));
    assert_int_equal(quote.refused_insurance, 1);
    assert_int_equal(quote.line_count, 0);
    assert_int_equal(quote_of(policy, PENSION, 500000, "2026-12", 2).refusal, QUOTE_OK);
    policy_free(policy);
}

static void refuses_months_after_the_policy_has_expired(void **state)
{
    (void)state;
    struct policy *policy = load_policy("310000-shanghai.policy");
    assert_int_equal(quote_of(policy, PENSION, 754600, "2027-06", 1).refusal, QUOTE_OK);
    assert_int_equal(quote_of(policy, PENSION, 754600, "2027-07", 1).refusal, QUOTE_EXPIRED);
    policy_free(policy);
}

static void refuses_no_month_and_more_than_twelve(void **state)
{
    (void)state;
    struct policy *policy = load_policy("440300-shenzhen.policy");
    assert_int_equal(quote_of(policy, PENSION, 500000, "2026-01", 0).refusal, QUOTE_TOO_MANY);
    assert_int_equal(quote_of(policy, PENSION, 500000, "2026-01", 13).refusal, QUOTE_TOO_MANY);
    assert_int_equal(quote_of(policy, PENSION | MEDICAL, 500000, "2026-01", 12).line_count, 24);
    policy_free(policy);
}

static void prices_each_month_by_the_limits_valid_in_it(void **state)
{
    (void)state;
    struct policy *policy =
        make_policy("pension", "mode = rate\nrate = 2024-07.. 20.00% s1\noutside = clamp\n"
                               "limits = 2024-07..2025-06 5500.00 27501.00 s1\n"
                               "limits = 2025-07.. 5510.00 27549.00 s1\n");
    struct quote quote = quote_of(policy, PENSION, 0, "2025-06", 2);
    assert_int_equal(quote.lines[0].amount_fen, 110000);
    assert_int_equal(quote.lines[1].amount_fen, 110200);
    policy_free(policy);
}

static void a_higher_base_never_costs_less(void **state)
{
    (void)state;
    struct policy *policy = load_policy("440300-shenzhen.policy");
    int64_t before = 0;
    for (int64_t base = 400000; base <= 3500000; base += 1237) {
        struct quote quote = quote_of(policy, PENSION | MEDICAL, base, "2026-11", 1);
        assert_int_equal(quote.refusal, QUOTE_OK);
        assert_true(quote.total_fen >= before);
        before = quote.total_fen;
    }
    policy_free(policy);
}

static void months_and_insurances_add_up_to_the_fen(void **state)
{
    (void)state;
    struct policy *policy = load_policy("440300-shenzhen.policy");
    for (int64_t base = 477501; base <= 2754900; base += 31337) {
        struct quote year = quote_of(policy, PENSION | MEDICAL, base, "2026-01", 12);
        int64_t sum = 0;
        for (int i = 0; i < 12; i++) {
            char text[MONTH_TEXT_SIZE];
            month_format(month("2026-01") + i, text);
            sum += quote_of(policy, PENSION, base, text, 1).total_fen;
            sum += quote_of(policy, MEDICAL, base, text, 1).total_fen;
        }
        assert_int_equal(year.total_fen, sum);
        for (int i = 0; i < year.line_count; i++)
            assert_in_range(year.lines[i].account_fen, 0, year.lines[i].amount_fen);
    }
    policy_free(policy);
}

static void a_line_carries_the_account_part_and_both_sources(void **state)
{
    (void)state;
    struct policy *policy = load_policy("310000-shanghai.policy");
    struct quote quote = quote_of(policy, PENSION, 754600, "2026-11", 1);
    assert_int_equal(quote.lines[0].amount_fen, 150920);
    assert_int_equal(quote.lines[0].account_fen, 60368);
    assert_int_equal(quote.lines[0].rate, 200000);
    assert_string_equal(policy->sources[quote.lines[0].source].id, "s4");
    assert_string_equal(policy->sources[quote.lines[0].rate_source].id, "s2");
    policy_free(policy);
}

static void the_limits_of_the_choice_are_those_of_the_insurance_that_leads(void **state)
{
    (void)state;
    struct policy *policy = load_policy("440300-shenzhen.policy");
    int64_t floor = 0, ceiling = 0;
    assert_true(
        quote_base_limits(policy, PENSION | MEDICAL, month("2026-11"), 0, &floor, &ceiling));
    assert_int_equal(floor, 477500);
    assert_int_equal(ceiling, 2754900);
    assert_true(quote_base_limits(policy, MEDICAL, month("2026-11"), 0, &floor, &ceiling));
    assert_int_equal(floor, 672700);
    assert_false(quote_base_limits(policy, MEDICAL, month("2027-01"), 0, &floor, &ceiling));
    assert_false(quote_base_limits(policy, 0, month("2026-11"), 0, &floor, &ceiling));
    policy_free(policy);
}

static void a_month_already_paid_in_one_insurance_gets_no_line_in_it(void **state)
{
    (void)state;
    struct policy *policy = load_policy("440300-shenzhen.policy");
    struct quote quote;
    const struct quote_request request = {
        .insurances = PENSION | MEDICAL,
        .chosen_base_fen = 477500,
        .first = month("2026-11"),
        .months = 2,
        .from = { month("2026-12"), month("2026-11") },
    };
    quote_make(policy, &request, &quote);
    assert_int_equal(quote.refusal, QUOTE_OK);
    assert_int_equal(quote.line_count, 3);
    assert_int_equal(quote.lines[0].insurance, 1);
    assert_int_equal(quote.lines[0].month, month("2026-11"));
    assert_int_equal(quote.total_fen, 95500 + 2 * 53816);
    policy_free(policy);
}

static void months_ahead_end_with_the_year_where_the_policy_allows_them(void **state)
{
    (void)state;
    struct policy *shanghai = load_policy("310000-shanghai.policy");
    struct policy *shenzhen = load_policy("440300-shenzhen.policy");
    assert_int_equal(
        quote_months_max(shanghai, PENSION | MEDICAL, month("2026-03"), month("2026-03")), 1);
    assert_int_equal(
        quote_months_max(shenzhen, PENSION | MEDICAL, month("2026-01"), month("2026-01")), 12);
    assert_int_equal(
        quote_months_max(shenzhen, PENSION | MEDICAL, month("2026-11"), month("2026-11")), 2);
    assert_int_equal(quote_months_max(shenzhen, PENSION, month("2026-12"), month("2026-12")), 1);
    policy_free(shanghai);
    policy_free(shenzhen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_cities_are_payable_in_november_2026),
        cmocka_unit_test(each_insurance_holds_the_choice_against_its_own_limits),
        cmocka_unit_test(refuses_a_base_outside_where_the_policy_says_so),
        cmocka_unit_test(refuses_the_whole_quote_when_one_month_has_no_official_figure),
        cmocka_unit_test(refuses_months_after_the_policy_has_expired),
        cmocka_unit_test(refuses_no_month_and_more_than_twelve),
        cmocka_unit_test(prices_each_month_by_the_limits_valid_in_it),
        cmocka_unit_test(a_higher_base_never_costs_less),
        cmocka_unit_test(months_and_insurances_add_up_to_the_fen),
        cmocka_unit_test(a_line_carries_the_account_part_and_both_sources),
        cmocka_unit_test(the_limits_of_the_choice_are_those_of_the_insurance_that_leads),
        cmocka_unit_test(a_month_already_paid_in_one_insurance_gets_no_line_in_it),
        cmocka_unit_test(months_ahead_end_with_the_year_where_the_policy_allows_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
