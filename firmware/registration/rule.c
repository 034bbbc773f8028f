#include "registration/rule.h"

#include "identity/identity.h"

#define FEMALE 2

static int oldest_of(const struct policy_insurance *insurance, int sex)
{
    return sex == FEMALE ? insurance->age_max_female : insurance->age_max_male;
}

bool registration_suits_age(const struct policy_insurance *insurance, int sex, int32_t birth,
                            int32_t today)
{
    int age = identity_age(birth, today), oldest = oldest_of(insurance, sex);
    return age >= insurance->age_min && (oldest == 0 || age < oldest);
}

enum refusal registration_refusal_of(enum quote_refusal refusal)
{
    switch (refusal) {
    case QUOTE_OUTSIDE_LIMITS:
    case QUOTE_NOT_A_GRADE:
    case QUOTE_NOT_A_STEP:
        return REFUSAL_BASE;
    case QUOTE_PENDING:
    case QUOTE_EXPIRED:
        return REFUSAL_POLICY;
    case QUOTE_BACK:
        return REFUSAL_BACK_PAYMENT;
    case QUOTE_OK:
    case QUOTE_TOO_MANY:
    case QUOTE_PERIOD:
    case QUOTE_NO_DIFFERENCE:
        break;
    }
    return REFUSAL_NONE;
}

static enum refusal judge_age(const struct policy_insurance *insurance,
                              const struct registration_claim *claim)
{
    if (claim->sex == 0 ||
        registration_suits_age(insurance, claim->sex, claim->birth, claim->today))
        return REFUSAL_NONE;
    return identity_age(claim->birth, claim->today) < insurance->age_min ? REFUSAL_TOO_YOUNG
                                                                         : REFUSAL_RETIRED;
}

/* The first month's price in one area, or why it has none. A tier is chosen when it is paid. */
static enum refusal judge_figures(const struct policy *policy, int index, int area,
                                  const struct registration_claim *claim)
{
    month_index start = claim->starts[index];
    struct quote quote;
    struct quote_request request = {
        .insurances = 1u << index,
        .chosen_base_fen = claim->base_fen,
        .first = start,
        .months = quote_period_months(policy, index, start, area),
        .area = area,
    };
    request.grade[index] = policy->insurances[index].mode == POLICY_TIERS ? 1 : 0;
    quote_make(policy, &request, &quote);
    return registration_refusal_of(quote.refusal);
}

static enum refusal judge_insurance(const struct policy *policy, int index,
                                    const struct registration_claim *claim)
{
    const struct policy_insurance *insurance = &policy->insurances[index];
    month_index this_month = month_of(claim->today / 10000, claim->today / 100 % 100);
    enum refusal refusal = judge_age(insurance, claim);
    if (refusal != REFUSAL_NONE)
        return refusal;
    if (claim->starts[index] < quote_first_payable(insurance, this_month))
        return REFUSAL_BACK_PAYMENT;
    refusal = judge_figures(policy, index, 0, claim);
    for (int area = 1; area < policy->area_count && refusal != REFUSAL_NONE; area++)
        refusal = judge_figures(policy, index, area, claim);
    return refusal;
}

enum refusal registration_judge(const struct policy *policy, const struct registration_claim *claim)
{
    enum refusal refusal = refusal_window_is_open(policy, claim->insurances, claim->today)
                               ? REFUSAL_NONE
                               : REFUSAL_WINDOW;
    for (int i = 0; i < policy->insurance_count && refusal == REFUSAL_NONE; i++)
        if (claim->insurances >> i & 1)
            refusal = judge_insurance(policy, i, claim);
    return refusal;
}
