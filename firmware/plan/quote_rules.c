#include <string.h>

#include "plan/due.h"
#include "plan/policy_internal.h"
#include "plan/quote_internal.h"

/* The rules of time: how much at once, how far back, what lateness costs, and what a change of
 * figures means for months already paid. */

/* The months of the longest period in a set of pay words. */
static int longest_period(unsigned pay)
{
    return pay & POLICY_PAY_YEAR      ? 12
           : pay & POLICY_PAY_HALF    ? 6
           : pay & POLICY_PAY_QUARTER ? 3
                                      : 1;
}

int quote_shortest_period(unsigned pay)
{
    return pay & POLICY_PAY_MONTH     ? 1
           : pay & POLICY_PAY_QUARTER ? 3
           : pay & POLICY_PAY_HALF    ? 6
                                      : 12;
}

/* What is late counts as due now: so many months are paid at a time from this one on, and those
 * before it with them. */
static int months_of(const struct policy_insurance *insurance, month_index first,
                     month_index this_month)
{
    month_index from = first < this_month ? this_month : first;
    int ahead = longest_period(insurance->pay);
    if (insurance->pay_ahead && 13 - month_number(from) > ahead)
        ahead = 13 - month_number(from);
    return ahead + (from - first);
}

int quote_months_max(const struct policy *policy, uint32_t insurances, month_index first,
                     month_index this_month)
{
    int max = QUOTE_MONTHS_MAX;
    for (int i = 0; i < policy->insurance_count; i++) {
        if (!(insurances >> i & 1))
            continue;
        int own = months_of(&policy->insurances[i], first, this_month);
        max = own < max ? own : max;
    }
    return insurances ? max : 1;
}

/* Made of whole periods, the shortest of which may repeat up to the longest. */
static bool period_suits(const struct policy_insurance *insurance, month_index first, int months)
{
    int unit = quote_shortest_period(insurance->pay);
    if (months % unit != 0)
        return false;
    return !insurance->align || unit == 1 || (month_number(first) - 1) % unit == 0;
}

bool quote_period_is_allowed(const struct policy *policy, uint32_t insurances, month_index first,
                             int months, month_index this_month)
{
    if (months < 1 || months > quote_months_max(policy, insurances, first, this_month))
        return false;
    for (int i = 0; i < policy->insurance_count; i++)
        if ((insurances >> i & 1) && !period_suits(&policy->insurances[i], first, months))
            return false;
    return true;
}

month_index quote_first_payable(const struct policy_insurance *insurance, month_index this_month)
{
    switch (insurance->back) {
    case POLICY_BACK_NONE:
        return this_month;
    case POLICY_BACK_YEAR:
        return month_of(month_year(this_month), 1);
    case POLICY_BACK_MONTHS:
        return this_month - insurance->back_months;
    }
    return this_month;
}

int64_t quote_surcharge(const struct policy_insurance *insurance, int64_t amount_fen,
                        month_index due_month, int32_t today)
{
    int days = due_days_late(insurance, due_month, today);
    /* In one step, so that the days are not rounded one by one: at most 10 years of 0.2 % a day. */
    int64_t rate = (int64_t)insurance->surcharge * days;
    return (amount_fen * rate + MONEY_RATE_ONE / 2) / MONEY_RATE_ONE;
}

static bool bills_difference(const struct policy_insurance *insurance)
{
    return insurance->retro == POLICY_RETRO_COLLECT ||
           insurance->retro == POLICY_RETRO_FLOOR_ONLY ||
           insurance->retro == POLICY_RETRO_NEXT_MONTH;
}

/* The month by today's figures. A base below a new floor or above a new ceiling is moved to it even
 * where a new choice outside would be refused: this person chose long ago. */
static enum quote_refusal price_again(const struct policy *policy, int insurance, int area,
                                      const struct quote_paid *paid, struct quote_line *line)
{
    struct quote_request request = {
        .insurances = 1u << insurance,
        .chosen_base_fen = paid->base_fen,
        .base_is_given = true,
        .first = paid->month,
        .months = 1,
        .area = area,
    };
    const struct policy_range *limits =
        policy_find_range_in(&policy->insurances[insurance].limits, paid->month, area);
    if (limits && request.chosen_base_fen < limits->floor_fen)
        request.chosen_base_fen = limits->floor_fen;
    if (limits && request.chosen_base_fen > limits->ceiling_fen)
        request.chosen_base_fen = limits->ceiling_fen;
    for (int i = 0; i < policy->insurance_count; i++)
        request.grade[i] = paid->grade;
    *line = (struct quote_line){ .month = paid->month, .insurance = insurance };
    return quote_price_line(policy, &request, line);
}

static void make_difference(const struct policy_insurance *insurance, int area,
                            const struct quote_paid *paid, struct quote_line *line)
{
    const struct policy_range *account =
        policy_find_range_in(&insurance->account, line->month, area);
    line->amount_fen -= paid->amount_fen;
    if (account)
        line->account_fen -= money_apply_rate(paid->base_fen, account->rate, insurance->rounding);
    line->pooled_fen = line->amount_fen - line->account_fen;
    memset(line->part_fen, 0, sizeof line->part_fen);
}

void quote_difference(const struct policy *policy, int insurance, int area,
                      const struct quote_paid *paid, int paid_count, struct quote *out)
{
    const struct policy_insurance *rules = &policy->insurances[insurance];
    memset(out, 0, sizeof *out);
    if (!bills_difference(rules) || paid_count > QUOTE_LINES_MAX) {
        quote_refuse(out, paid_count > QUOTE_LINES_MAX ? QUOTE_TOO_MANY : QUOTE_NO_DIFFERENCE, 0,
                     insurance);
        return;
    }
    for (int i = 0; i < paid_count; i++) {
        struct quote_line line;
        enum quote_refusal refusal = price_again(policy, insurance, area, &paid[i], &line);
        if (refusal != QUOTE_OK) {
            quote_refuse(out, refusal, paid[i].month, insurance);
            return;
        }
        bool was_lifted = line.base_fen > paid[i].base_fen;
        make_difference(rules, area, &paid[i], &line);
        line.is_difference = true;
        if (line.amount_fen == 0 || (rules->retro == POLICY_RETRO_FLOOR_ONLY && !was_lifted))
            continue;
        out->lines[out->line_count++] = line;
        out->total_fen += line.amount_fen;
    }
}
