/* Any bytes as a policy file: refused with lines and codes, or a policy that can be quoted from. */
#include "base/check.h"
#include "plan/policy.h"
#include "plan/quote.h"

static void check_quote(const struct quote *quote)
{
    CHECK(quote->line_count <= QUOTE_LINES_MAX);
    CHECK(quote->refusal == QUOTE_OK || quote->line_count == 0);
    CHECK(quote_refusal_name(quote->refusal)[0] != '\0');
    for (int i = 0; i < quote->line_count; i++)
        CHECK(quote->lines[i].account_fen + quote->lines[i].pooled_fen ==
              quote->lines[i].amount_fen);
}

static void quote_choices_of(const struct policy *policy, month_index month)
{
    int64_t choices[POLICY_GRADES_MAX], floor_fen, ceiling_fen;
    for (int i = 0; i < policy->insurance_count; i++) {
        int count = quote_choices(policy, i, month, 1, choices);
        CHECK(count >= 0 && count <= POLICY_GRADES_MAX);
        for (int rule = 0; rule < POLICY_RULES; rule++)
            (void)policy_rule_source(policy, &policy->insurances[i], (enum policy_rule)rule);
    }
    (void)quote_base_limits(policy, ~0u, month, 0, &floor_fen, &ceiling_fen);
    int months = quote_months_max(policy, ~0u, month, month);
    CHECK(months >= 1 && months <= QUOTE_MONTHS_MAX);
    (void)quote_period_is_allowed(policy, ~0u, month, months, month);
}

static void quote_differences(const struct policy *policy, month_index month)
{
    const struct quote_paid paid = { month, 500000, 100000, 0 };
    struct quote quote;
    for (int i = 0; i < policy->insurance_count; i++) {
        quote_difference(policy, i, 0, &paid, 1, &quote);
        check_quote(&quote);
    }
}

static void quote_all(const struct policy *policy)
{
    struct quote quote;
    for (int year = 2010; year < 2032; year++) {
        struct quote_request request = {
            .insurances = ~0u,
            .chosen_base_fen = 500000,
            .first = month_of(year, 1),
            .months = 12,
            .area = year % 2,
            .today = year % 3 ? 0 : year * 10000 + 531,
        };
        for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
            request.grade[i] = year % 5;
        quote_make(policy, &request, &quote);
        check_quote(&quote);
        CHECK(quote.total_fen >= 0);
        quote_choices_of(policy, request.first);
        quote_differences(policy, request.first);
    }
}

static void check_error(void *context, const char *file, int line, const char *code,
                        const char *text)
{
    (void)context;
    CHECK(file[0] == 'f' && line >= 0 && code[0] == 'E' && text[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct policy *policy = NULL;
    enum status status = policy_parse("fuzz", data, size, NULL, check_error, NULL, &policy);
    CHECK((status == STATUS_OK) == (policy != NULL));
    if (policy)
        quote_all(policy);
    policy_free(policy);
    return 0;
}
