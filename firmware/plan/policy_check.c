#include <string.h>

#include "plan/policy_internal.h"
#include "plan/quote.h"

/* Figures against each other. Each check knows its insurance by index; errors name the line of the
 * figure that is wrong, or of the section when something is missing. */

static void check_sources(struct policy_draft *draft)
{
    for (int i = 0; i < draft->policy->source_count; i++) {
        const struct policy_source_draft *source = &draft->sources[i];
        const char *id = draft->policy->sources[i].id;
        if (source->section_line == 0)
            policy_add_error(draft, source->used_line, "E14", "source '%s' is not defined", id);
        else if (source->used_line == 0)
            policy_add_warning(draft, source->section_line, "E15", "source '%s' is never used", id);
    }
}

static bool is_pending(const struct policy_insurance *insurance, month_index first,
                       month_index last)
{
    for (month_index month = first; month <= last; month++)
        if (!policy_find_range(&insurance->pending, month))
            return false;
    return true;
}

static void check_order(struct policy_draft *draft, int index, enum policy_figure figure)
{
    struct policy_insurance *insurance = &draft->policy->insurances[index];
    const struct policy_ranges *ranges = policy_figures(insurance, figure);
    const int *lines = draft->insurances[index].figure_lines[figure];
    const char *name = policy_figure_name(figure);
    for (int i = 1; i < ranges->count; i++) {
        const struct policy_range *before = &ranges->items[i - 1], *range = &ranges->items[i];
        if (before->last == POLICY_MONTH_OPEN)
            policy_add_error(draft, lines[i - 1], "E22", "an open span of %s is not the last",
                             name);
        else if (before->last >= range->first)
            policy_add_error(draft, lines[i], "E20", "two spans of %s overlap", name);
        else if (figure != FIGURE_PENDING && before->last + 1 < range->first &&
                 !is_pending(insurance, before->last + 1, range->first - 1))
            policy_add_error(draft, lines[i], "E21", "months before this %s have none and are %s",
                             name, "not pending");
    }
}

static bool spans_meet(const struct policy_range *a, const struct policy_range *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* The first range that shares a month with this one. */
static const struct policy_range *find_meeting(const struct policy_ranges *ranges,
                                               const struct policy_range *range)
{
    for (int i = 0; i < ranges->count; i++)
        if (spans_meet(&ranges->items[i], range))
            return &ranges->items[i];
    return NULL;
}

static void check_pending(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    for (int i = 0; i < insurance->pending.count; i++) {
        const struct policy_range *pending = &insurance->pending.items[i];
        if (find_meeting(&insurance->limits, pending) || find_meeting(&insurance->fixed, pending))
            policy_add_error(draft, draft->insurances[index].figure_lines[FIGURE_PENDING][i], "E20",
                             "pending overlaps months that have figures");
    }
}

static void check_mode(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    const struct policy_insurance_draft *lines = &draft->insurances[index];
    if (lines->is_broken)
        return;
    if (insurance->mode == POLICY_FIXED && insurance->fixed.count + insurance->pending.count == 0)
        policy_add_error(draft, lines->section_line, "E31", "mode fixed without a fixed line");
    if (insurance->mode == POLICY_RATE &&
        (insurance->rate.count == 0 || insurance->limits.count + insurance->pending.count == 0))
        policy_add_error(draft, lines->section_line, "E31", "mode rate without rate or limits");
    for (int i = 0; i < insurance->fixed.count; i++)
        if (find_meeting(&insurance->rate, &insurance->fixed.items[i]))
            policy_add_error(draft, lines->figure_lines[FIGURE_FIXED][i], "E32",
                             "fixed and rate for the same months");
}

static void check_account(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    if (draft->insurances[index].is_broken)
        return;
    for (int i = 0; i < insurance->account.count; i++) {
        const struct policy_range *account = &insurance->account.items[i];
        int line = draft->insurances[index].figure_lines[FIGURE_ACCOUNT][i];
        month_index covered = account->first; /* months before this one have a rate */
        for (int j = 0; j < insurance->rate.count; j++) {
            const struct policy_range *rate = &insurance->rate.items[j];
            if (!spans_meet(rate, account))
                continue;
            if (account->rate > rate->rate)
                policy_add_error(draft, line, "E25", "the account rate is above the whole rate");
            if (rate->first <= covered)
                covered = rate->last == POLICY_MONTH_OPEN ? POLICY_MONTH_OPEN : rate->last + 1;
        }
        if (covered <= account->last && covered != POLICY_MONTH_OPEN)
            policy_add_error(draft, line, "E25", "account for months without a rate");
    }
}

static int find_insurance(const struct policy *policy, const char *id)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if (strcmp(policy->insurances[i].id, id) == 0)
            return i;
    return -1;
}

static void resolve_same_base(struct policy_draft *draft, int index)
{
    struct policy *policy = draft->policy;
    const struct policy_insurance_draft *lines = &draft->insurances[index];
    if (lines->inherits && lines->same_base[0] == '\0')
        policy_add_error(draft, lines->inherits_line, "E37", "choose inherit without same-base");
    if (lines->same_base[0] == '\0')
        return;
    int leader = find_insurance(policy, lines->same_base);
    if (leader < 0 || leader == index || policy->insurances[leader].mode != POLICY_RATE)
        policy_add_error(draft, lines->same_base_line, "E36",
                         "same-base names '%s', which has no base of its own", lines->same_base);
    else
        policy->insurances[index].same_base = leader;
}

static void check_base_loops(struct policy_draft *draft)
{
    struct policy *policy = draft->policy;
    for (int i = 0; i < policy->insurance_count; i++) {
        int at = i;
        for (int steps = 0; at >= 0 && steps <= policy->insurance_count; steps++)
            at = policy->insurances[at].same_base;
        if (at >= 0)
            policy_add_error(draft, draft->insurances[i].same_base_line, "E36",
                             "same-base goes round in a loop");
    }
}

static void check_expiry(struct policy_draft *draft)
{
    char month[MONTH_TEXT_SIZE];
    if (!draft->expires_is_set || draft->policy->issued[0] == '\0')
        return;
    month_format(draft->policy->expires, month);
    if (strncmp(month, draft->policy->issued, 7) < 0)
        policy_add_error(draft, draft->expires_line, "E44", "it expired before it was issued");
}

static void recompute(struct policy_draft *draft, const struct policy_check_draft *check)
{
    struct quote quote;
    char found[MONEY_TEXT_SIZE], expected[MONEY_TEXT_SIZE];
    const struct quote_request request = {
        .insurances = 1u << check->insurance,
        .chosen_base_fen = check->base_fen > 0 ? check->base_fen : 0,
        .first = check->month,
        .months = 1,
    };
    quote_make(draft->policy, &request, &quote);
    money_format(quote.total_fen, 0, found);
    money_format(check->expected_fen, 0, expected);
    if (quote.refusal != QUOTE_OK)
        policy_add_error(draft, check->line, "E42", "no amount can be computed for this check");
    else if (quote.total_fen != check->expected_fen)
        policy_add_error(draft, check->line, "E42", "the amount comes to %s, not %s", found,
                         expected);
}

void policy_check_all(struct policy_draft *draft)
{
    policy_check_required(draft);
    check_sources(draft);
    check_expiry(draft);
    if (draft->policy_line > 0 && draft->policy->insurance_count == 0)
        policy_add_error(draft, draft->line, "E45", "the file ends without an insurance");
    for (int i = 0; i < draft->policy->insurance_count; i++) {
        for (enum policy_figure figure = 0; figure < FIGURES; figure++)
            check_order(draft, i, figure);
        check_pending(draft, i);
        check_mode(draft, i);
        check_account(draft, i);
        resolve_same_base(draft, i);
    }
    check_base_loops(draft);
    for (int i = 0; i < draft->check_count; i++)
        if (!draft->insurances[draft->checks[i].insurance].is_broken)
            recompute(draft, &draft->checks[i]);
}
