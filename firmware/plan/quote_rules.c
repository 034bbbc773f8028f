#include <string.h>

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

static int shortest_period(unsigned pay)
{
    return pay & POLICY_PAY_MONTH     ? 1
           : pay & POLICY_PAY_QUARTER ? 3
           : pay & POLICY_PAY_HALF    ? 6
                                      : 12;
}

int quote_months_max(const struct policy *policy, uint32_t insurances, month_index first)
{
    int max = QUOTE_MONTHS_MAX;
    for (int i = 0; i < policy->insurance_count; i++) {
        const struct policy_insurance *insurance = &policy->insurances[i];
        if (!(insurances >> i & 1))
            continue;
        int own = longest_period(insurance->pay);
        if (insurance->pay_ahead && 13 - month_number(first) > own)
            own = 13 - month_number(first);
        max = own < max ? own : max;
    }
    return insurances ? max : 1;
}

/* Made of whole periods, the shortest of which may repeat up to the longest. */
static bool period_suits(const struct policy_insurance *insurance, month_index first, int months)
{
    int unit = shortest_period(insurance->pay);
    if (months % unit != 0)
        return false;
    return !insurance->align || unit == 1 || (month_number(first) - 1) % unit == 0;
}

bool quote_period_is_allowed(const struct policy *policy, uint32_t insurances, month_index first,
                             int months)
{
    if (months < 1 || months > quote_months_max(policy, insurances, first))
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

/* From the due day, or the last day of a shorter month. */
static int days_late(int due_day, month_index due_month, month_index this_month, int this_day)
{
    int last = policy_days_in_month(due_month);
    int days = this_day - (due_day < last ? due_day : last);
    for (month_index month = due_month; month < this_month; month++)
        days += policy_days_in_month(month);
    return days;
}

int64_t quote_surcharge(const struct policy_insurance *insurance, int64_t amount_fen,
                        month_index due_month, month_index this_month, int this_day)
{
    if (insurance->surcharge == 0 || insurance->due_day == 0 || due_month > this_month)
        return 0;
    int days = days_late(insurance->due_day, due_month, this_month, this_day);
    if (days <= 0)
        return 0;
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
        if (line.amount_fen == 0 || (rules->retro == POLICY_RETRO_FLOOR_ONLY && !was_lifted))
            continue;
        out->lines[out->line_count++] = line;
        out->total_fen += line.amount_fen;
    }
}
