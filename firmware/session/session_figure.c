/* Where a figure comes from: the line of the policy that holds in a month, and its document. */
#include "base/text.h"
#include "session/session_learn.h"

static void add(const struct policy *policy, enum view_figure figure, int source, month_index since,
                month_index until, struct view_explained *out)
{
    if (out->source_count == VIEW_SOURCES_MAX)
        return;
    struct view_source *entry = &out->sources[out->source_count++];
    *entry = (struct view_source){ .figure = figure,
                                   .since = since,
                                   .until = until == INT32_MAX ? 0 : until };
    if (source < 0)
        return;
    const struct policy_source *from = &policy->sources[source];
    text_copy(entry->number, sizeof entry->number, from->number);
    text_copy(entry->date, sizeof entry->date, from->date);
    text_copy(entry->place, sizeof entry->place, from->place);
}

static void add_range(const struct policy *policy, enum view_figure figure,
                      const struct policy_ranges *ranges, struct view_explained *out)
{
    const struct policy_range *range = policy_find_range_in(ranges, out->month, out->area);
    if (range)
        add(policy, figure, range->source, range->first, range->last, out);
}

static void add_rule(const struct policy *policy, const struct policy_insurance *insurance,
                     enum view_figure figure, enum policy_rule rule, struct view_explained *out)
{
    add(policy, figure, insurance->rule_sources[rule], 0, 0, out);
}

/* A rate or, instead of it, the first of the parts; they stand in one notice. */
static void add_rate(const struct policy *policy, const struct policy_insurance *insurance,
                     struct view_explained *out)
{
    const int before = out->source_count;
    add_range(policy, FIGURE_RATE, &insurance->rate, out);
    if (out->source_count == before)
        add_range(policy, FIGURE_RATE, &insurance->part, out);
}

static void add_sum(const struct policy *policy, const struct policy_insurance *insurance,
                    struct view_explained *out)
{
    add_range(policy, FIGURE_SUM,
              insurance->mode == POLICY_TIERS ? &insurance->tier : &insurance->fixed, out);
}

static void add_list(const struct policy *policy, int index, struct view_explained *out)
{
    const struct policy_insurance *insurance = &policy->insurances[quote_leader(policy, index)];
    if (insurance->choice == POLICY_CHOOSE_PERCENT)
        add_range(policy, FIGURE_LIST, &insurance->percent, out);
    else
        add_range(policy, FIGURE_LIST, &insurance->grades, out);
}

static void add_amount(const struct policy *policy, int index, const struct quote_line *line,
                       struct view_explained *out)
{
    const struct policy_insurance *insurance = &policy->insurances[index];
    static const int ROUNDED_TO_FEN[] = {
        [MONEY_HALF_UP_FEN] = 1,    [MONEY_UP_FEN] = 1,    [MONEY_DOWN_FEN] = 1,
        [MONEY_HALF_UP_JIAO] = 10,  [MONEY_UP_JIAO] = 10,  [MONEY_DOWN_JIAO] = 10,
        [MONEY_HALF_UP_YUAN] = 100, [MONEY_UP_YUAN] = 100, [MONEY_DOWN_YUAN] = 100
    };
    const enum money_rounding rounding = insurance->rounding;
    if (insurance->mode == POLICY_RATE) {
        add_range(policy, FIGURE_LIMITS, &insurance->limits, out);
        add_rate(policy, insurance, out);
        add_range(policy, FIGURE_ACCOUNT, &insurance->account, out);
    } else {
        add_sum(policy, insurance, out);
    }
    out->rounds_to_fen = ROUNDED_TO_FEN[rounding];
    out->rounds_up =
        rounding == MONEY_UP_FEN || rounding == MONEY_UP_JIAO || rounding == MONEY_UP_YUAN;
    out->rounds_down =
        rounding == MONEY_DOWN_FEN || rounding == MONEY_DOWN_JIAO || rounding == MONEY_DOWN_YUAN;
    out->is_computed = line != NULL;
    if (!line)
        return;
    out->base_fen = line->base_fen;
    out->rate = line->rate;
    out->amount_fen = line->amount_fen;
    out->account_fen = line->account_fen;
}

void session_explain(const struct policy *policy, int index, enum view_figure figure,
                     month_index month, int area, const struct quote_line *line,
                     struct view_explained *out)
{
    static const enum policy_rule RULES[FIGURES] = {
        [FIGURE_PAY] = POLICY_RULE_PAY,   [FIGURE_DUE] = POLICY_RULE_DUE_DAY,
        [FIGURE_BACK] = POLICY_RULE_BACK, [FIGURE_RETRO] = POLICY_RULE_RETRO,
        [FIGURE_WAIT] = POLICY_RULE_WAIT, [FIGURE_SURCHARGE] = POLICY_RULE_SURCHARGE,
        [FIGURE_AGE] = POLICY_RULE_AGE,
    };
    const struct policy_insurance *insurance = &policy->insurances[index];
    *out = (struct view_explained){
        .is_on = true, .insurance = index, .figure = figure, .month = month, .area = area
    };
    switch (figure) {
    case FIGURE_AMOUNT:
        add_amount(policy, index, line, out);
        break;
    case FIGURE_LIMITS:
        add_range(policy, figure, &insurance->limits, out);
        break;
    case FIGURE_RATE:
        add_rate(policy, insurance, out);
        break;
    case FIGURE_ACCOUNT:
        add_range(policy, figure, &insurance->account, out);
        break;
    case FIGURE_SUM:
        add_sum(policy, insurance, out);
        break;
    case FIGURE_LIST:
        add_list(policy, index, out);
        break;
    case FIGURE_WAIT:
        add_rule(policy, insurance, figure, POLICY_RULE_WAIT, out);
        if (insurance->wait_break_months > 0)
            add_rule(policy, insurance, figure, POLICY_RULE_WAIT_BREAK, out);
        break;
    case FIGURE_PAY:
    case FIGURE_DUE:
    case FIGURE_BACK:
    case FIGURE_RETRO:
    case FIGURE_SURCHARGE:
    case FIGURE_AGE:
        add_rule(policy, insurance, figure, RULES[figure], out);
        break;
    case FIGURES:
        break;
    }
}
