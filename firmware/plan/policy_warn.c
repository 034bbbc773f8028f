#include <stdlib.h>

#include "plan/policy_internal.h"

/* What is allowed and unlikely: told to the author and the approver, who says that it is meant
 * (guichetctl policy sign --confirm). E43 is an error where the file asks to be read strictly. */

#define RATIO_LEAST 2
#define RATIO_MOST 12
#define AVERAGE_TOLERANCE_FEN 200
#define RATE_JUMP_MILLIONTHS 50000

static const struct policy_range *before_of(const struct policy_ranges *ranges, int index)
{
    for (int i = index - 1; i >= 0; i--)
        if (ranges->items[i].area == ranges->items[index].area &&
            ranges->items[i].part == ranges->items[index].part)
            return &ranges->items[i];
    return NULL;
}

static void warn_of_average(struct policy_draft *draft, const struct policy_insurance *insurance,
                            const struct policy_range *limits, int line)
{
    int area = limits->area == POLICY_AREA_ALL ? 0 : limits->area;
    const struct policy_range *average =
        policy_find_range_in(&insurance->average, limits->first, area);
    if (!average)
        return;
    int64_t low = money_apply_rate(average->amount_fen, 600000, MONEY_HALF_UP_FEN);
    int64_t high = money_apply_rate(average->amount_fen, 3000000, MONEY_HALF_UP_FEN);
    if (llabs(limits->floor_fen - low) > AVERAGE_TOLERANCE_FEN ||
        llabs(limits->ceiling_fen - high) > AVERAGE_TOLERANCE_FEN)
        policy_add_warning(draft, line, "E28", "the limits are not 60%% and 300%% of the average");
}

static void warn_of_limits(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    for (int i = 0; i < insurance->limits.count; i++) {
        const struct policy_range *limits = &insurance->limits.items[i];
        const struct policy_range *before = before_of(&insurance->limits, i);
        int line = draft->insurances[index].figure_lines[FIGURE_LIMITS][i];
        if (limits->ceiling_fen < RATIO_LEAST * limits->floor_fen ||
            limits->ceiling_fen > RATIO_MOST * limits->floor_fen)
            policy_add_warning(draft, line, "E27", "the ceiling is not %d to %d times the floor",
                               RATIO_LEAST, RATIO_MOST);
        if (before && limits->floor_fen < before->floor_fen)
            policy_add_warning(draft, line, "E29", "the floor falls");
        else if (before && limits->floor_fen * 4 > before->floor_fen * 5)
            policy_add_warning(draft, line, "E29", "the floor rises by more than a quarter");
        warn_of_average(draft, insurance, limits, line);
    }
}

static void warn_of_rates(struct policy_draft *draft, int index, enum policy_figure figure)
{
    const struct policy_ranges *ranges = policy_figures(&draft->policy->insurances[index], figure);
    for (int i = 0; i < ranges->count; i++) {
        const struct policy_range *before = before_of(ranges, i);
        if (before && abs(ranges->items[i].rate - before->rate) > RATE_JUMP_MILLIONTHS)
            policy_add_warning(draft, draft->insurances[index].figure_lines[figure][i], "E30",
                               "the rate changes by more than 5 points");
    }
}

static bool is_checked(const struct policy_draft *draft, int index,
                       const struct policy_range *range)
{
    for (int i = 0; i < draft->check_count; i++) {
        const struct policy_check_draft *check = &draft->checks[i];
        if (check->insurance == index && range->first <= check->month &&
            check->month <= range->last &&
            (range->area == POLICY_AREA_ALL || range->area == check->area))
            return true;
    }
    return false;
}

static void warn_of_unchecked(struct policy_draft *draft, int index, enum policy_figure figure)
{
    const struct policy_ranges *ranges = policy_figures(&draft->policy->insurances[index], figure);
    for (int i = 0; i < ranges->count; i++) {
        int line = draft->insurances[index].figure_lines[figure][i];
        if (is_checked(draft, index, &ranges->items[i]))
            continue;
        if (draft->is_strict)
            policy_add_error(draft, line, "E43", "no check of these figures");
        else
            policy_add_warning(draft, line, "E43", "no check of these figures");
    }
}

void policy_warn_all(struct policy_draft *draft)
{
    for (int i = 0; i < draft->policy->insurance_count; i++) {
        if (draft->insurances[i].has_errors)
            continue; /* figures that contradict each other cannot be weighed */
        warn_of_limits(draft, i);
        warn_of_rates(draft, i, FIGURE_RATE);
        warn_of_rates(draft, i, FIGURE_PART);
        warn_of_unchecked(draft, i, FIGURE_LIMITS);
        warn_of_unchecked(draft, i, FIGURE_FIXED);
        warn_of_unchecked(draft, i, FIGURE_TIER);
    }
}
