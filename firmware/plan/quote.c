#include "plan/quote.h"

#include <string.h>

/* What a person's choice comes to in one insurance and month: there is one choice, and each
 * insurance holds it against its own limits. QUOTE_OK, or why not. */
static enum quote_refusal find_base(const struct policy *policy, int index, month_index month,
                                    int64_t chosen_fen, int64_t *base_fen,
                                    const struct policy_range **limits_out)
{
    const struct policy_insurance *insurance = &policy->insurances[index];
    const struct policy_range *limits = policy_find_range(&insurance->limits, month);
    if (!limits)
        return QUOTE_PENDING;
    bool is_outside = chosen_fen < limits->floor_fen || chosen_fen > limits->ceiling_fen;
    if (is_outside && !insurance->clamp_outside)
        return QUOTE_OUTSIDE_LIMITS;
    if (chosen_fen < limits->floor_fen)
        chosen_fen = limits->floor_fen;
    if (chosen_fen > limits->ceiling_fen)
        chosen_fen = limits->ceiling_fen;
    *base_fen = chosen_fen;
    *limits_out = limits;
    return QUOTE_OK;
}

static enum quote_refusal price_fixed(const struct policy_insurance *insurance,
                                      struct quote_line *line)
{
    const struct policy_range *fixed = policy_find_range(&insurance->fixed, line->month);
    if (!fixed)
        return QUOTE_PENDING;
    line->amount_fen = fixed->amount_fen;
    line->source = line->rate_source = fixed->source;
    return QUOTE_OK;
}

static enum quote_refusal price_rate(const struct policy *policy, int64_t chosen_fen,
                                     struct quote_line *line)
{
    const struct policy_insurance *insurance = &policy->insurances[line->insurance];
    const struct policy_range *rate = policy_find_range(&insurance->rate, line->month);
    const struct policy_range *account = policy_find_range(&insurance->account, line->month);
    const struct policy_range *limits = NULL;
    if (!rate)
        return QUOTE_PENDING;
    enum quote_refusal refusal =
        find_base(policy, line->insurance, line->month, chosen_fen, &line->base_fen, &limits);
    if (refusal != QUOTE_OK)
        return refusal;
    line->rate = rate->rate;
    line->source = limits->source;
    line->rate_source = rate->source;
    line->amount_fen = money_apply_rate(line->base_fen, rate->rate, insurance->rounding);
    /* The pooled part is what remains, so that the parts always add up. */
    if (account)
        line->account_fen = money_apply_rate(line->base_fen, account->rate, insurance->rounding);
    return QUOTE_OK;
}

static enum quote_refusal price_line(const struct policy *policy, int64_t chosen_fen,
                                     struct quote_line *line)
{
    const struct policy_insurance *insurance = &policy->insurances[line->insurance];
    if (line->month > policy->expires)
        return QUOTE_EXPIRED;
    if (policy_find_range(&insurance->pending, line->month))
        return QUOTE_PENDING;
    return insurance->mode == POLICY_FIXED ? price_fixed(insurance, line)
                                           : price_rate(policy, chosen_fen, line);
}

static void refuse(struct quote *out, enum quote_refusal refusal, month_index month, int insurance)
{
    memset(out, 0, sizeof *out);
    out->refusal = refusal;
    out->refused_month = month;
    out->refused_insurance = insurance;
}

void quote_make(const struct policy *policy, const struct quote_request *request, struct quote *out)
{
    memset(out, 0, sizeof *out);
    if (request->months < 1 || request->months > 12) {
        refuse(out, QUOTE_TOO_MANY, request->first, 0);
        return;
    }
    for (month_index month = request->first; month < request->first + request->months; month++) {
        for (int i = 0; i < policy->insurance_count; i++) {
            if (!(request->insurances >> i & 1) || month < request->unpaid_from[i])
                continue;
            struct quote_line *line = &out->lines[out->line_count++];
            *line = (struct quote_line){ .month = month, .insurance = i };
            enum quote_refusal refusal = price_line(policy, request->chosen_base_fen, line);
            if (refusal != QUOTE_OK) {
                refuse(out, refusal, month, i);
                return;
            }
            out->total_fen += line->amount_fen;
        }
    }
}

bool quote_base_limits(const struct policy *policy, uint32_t insurances, month_index month,
                       int64_t *floor_fen, int64_t *ceiling_fen)
{
    const struct policy_range *found = NULL;
    bool found_leads = false;
    for (int i = 0; i < policy->insurance_count; i++) {
        const struct policy_insurance *insurance = &policy->insurances[i];
        bool leads = insurance->same_base < 0;
        if (!(insurances >> i & 1) || insurance->mode != POLICY_RATE || found_leads ||
            (found && !leads))
            continue;
        const struct policy_range *limits = policy_find_range(&insurance->limits, month);
        if (!limits)
            continue;
        found = limits;
        found_leads = leads;
    }
    if (!found)
        return false;
    *floor_fen = found->floor_fen;
    *ceiling_fen = found->ceiling_fen;
    return true;
}

int quote_months_max(const struct policy *policy, uint32_t insurances, month_index first)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if ((insurances >> i & 1) && !policy->insurances[i].pay_ahead)
            return 1;
    return insurances ? 13 - month_number(first) : 1;
}
