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

/* Whether two lines of a key speak of the same thing: the same part, in a common area. */
static bool lanes_meet(const struct policy_range *a, const struct policy_range *b)
{
    return a->part == b->part &&
           (a->area == b->area || a->area == POLICY_AREA_ALL || b->area == POLICY_AREA_ALL);
}

static bool spans_meet(const struct policy_range *a, const struct policy_range *b)
{
    return a->first <= b->last && b->first <= a->last && lanes_meet(a, b);
}

/* The first range that shares a month with this one, whatever the part. */
static const struct policy_range *find_meeting(const struct policy_ranges *ranges,
                                               const struct policy_range *range)
{
    for (int i = 0; i < ranges->count; i++) {
        struct policy_range other = ranges->items[i];
        other.part = range->part;
        if (spans_meet(&other, range))
            return &ranges->items[i];
    }
    return NULL;
}

static bool is_pending(const struct policy_insurance *insurance, month_index first,
                       month_index last, int area)
{
    for (month_index month = first; month <= last; month++)
        if (!policy_find_range_in(&insurance->pending, month, area))
            return false;
    return true;
}

/* The range before this one of the same lane; -1 none. */
static int find_before(const struct policy_ranges *ranges, int index)
{
    for (int i = index - 1; i >= 0; i--)
        if (lanes_meet(&ranges->items[i], &ranges->items[index]))
            return i;
    return -1;
}

static void check_order(struct policy_draft *draft, int index, enum policy_figure figure)
{
    struct policy_insurance *insurance = &draft->policy->insurances[index];
    const struct policy_ranges *ranges = policy_figures(insurance, figure);
    const int *lines = draft->insurances[index].figure_lines[figure];
    const char *name = policy_figure_name(figure);
    for (int i = 1; i < ranges->count; i++) {
        int at = find_before(ranges, i);
        if (at < 0)
            continue;
        const struct policy_range *before = &ranges->items[at], *range = &ranges->items[i];
        if (before->last == POLICY_MONTH_OPEN)
            policy_add_error(draft, lines[at], "E22", "an open span of %s is not the last", name);
        else if (before->last >= range->first)
            policy_add_error(draft, lines[i], "E20", "two spans of %s overlap", name);
        else if (figure != FIGURE_PENDING && before->last + 1 < range->first &&
                 !is_pending(insurance, before->last + 1, range->first - 1, range->area))
            policy_add_error(draft, lines[i], "E21", "months before this %s have none and are %s",
                             name, "not pending");
    }
}

static void check_pending(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    for (int i = 0; i < insurance->pending.count; i++) {
        const struct policy_range *pending = &insurance->pending.items[i];
        if (find_meeting(&insurance->limits, pending) || find_meeting(&insurance->fixed, pending) ||
            find_meeting(&insurance->tier, pending) || find_meeting(&insurance->average, pending))
            policy_add_error(draft, draft->insurances[index].figure_lines[FIGURE_PENDING][i], "E20",
                             "pending overlaps months that have figures");
    }
}

static bool has_base_figures(const struct policy_insurance *insurance)
{
    return insurance->limits.count + insurance->grades.count + insurance->percent.count +
               insurance->pending.count >
           0;
}

static void check_mode_has_figures(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    int line = draft->insurances[index].section_line;
    int pending = insurance->pending.count;
    if (insurance->mode == POLICY_FIXED && insurance->fixed.count + pending == 0)
        policy_add_error(draft, line, "E31", "mode fixed without a fixed line");
    if (insurance->mode == POLICY_TIERS && insurance->tier.count + pending == 0)
        policy_add_error(draft, line, "E31", "mode tiers without a tier line");
    /* Where nothing is known yet, not even the rate need be. */
    bool has_rate = insurance->rate.count + insurance->part.count > 0 ||
                    (pending > 0 && insurance->limits.count == 0);
    if (insurance->mode == POLICY_RATE && (!has_rate || !has_base_figures(insurance)))
        policy_add_error(draft, line, "E31", "mode rate without rate or limits");
}

static void check_exclusive(struct policy_draft *draft, int index, enum policy_figure figure)
{
    struct policy_insurance *insurance = &draft->policy->insurances[index];
    const struct policy_ranges *ranges = policy_figures(insurance, figure);
    for (int i = 0; i < ranges->count; i++)
        if (find_meeting(&insurance->rate, &ranges->items[i]))
            policy_add_error(draft, draft->insurances[index].figure_lines[figure][i], "E32",
                             "%s and rate for the same months", policy_figure_name(figure));
}

static void check_mode(struct policy_draft *draft, int index)
{
    if (draft->insurances[index].is_broken)
        return;
    check_mode_has_figures(draft, index);
    check_exclusive(draft, index, FIGURE_FIXED);
    check_exclusive(draft, index, FIGURE_TIER);
    check_exclusive(draft, index, FIGURE_PART);
}

/* The rate of all that is charged in a month; -1 where nothing is. */
static int32_t whole_rate(const struct policy_insurance *insurance, month_index month, int area)
{
    const struct policy_range *rate = policy_find_range_in(&insurance->rate, month, area);
    int32_t sum = -1;
    if (rate)
        return rate->rate;
    for (int i = 0; i < insurance->part.count; i++) {
        const struct policy_range *part = &insurance->part.items[i];
        if (part->first <= month && month <= part->last &&
            (part->area == POLICY_AREA_ALL || part->area == area))
            sum = (sum < 0 ? 0 : sum) + part->rate;
    }
    return sum;
}

/* Months far behind the last one that any line names need no look. */
static month_index last_named_month(const struct policy_insurance *insurance,
                                    const struct policy_range *range)
{
    month_index last = range->first;
    const struct policy_ranges *all[] = { &insurance->rate, &insurance->part };
    if (range->last != POLICY_MONTH_OPEN)
        return range->last;
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < all[i]->count; j++) {
            const struct policy_range *item = &all[i]->items[j];
            month_index end = item->last == POLICY_MONTH_OPEN ? item->first : item->last + 1;
            last = end > last ? end : last;
        }
    }
    return last;
}

static void check_account(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    if (draft->insurances[index].is_broken)
        return;
    for (int i = 0; i < insurance->account.count; i++) {
        const struct policy_range *account = &insurance->account.items[i];
        int line = draft->insurances[index].figure_lines[FIGURE_ACCOUNT][i];
        int area = account->area == POLICY_AREA_ALL ? 0 : account->area;
        month_index last = last_named_month(insurance, account);
        for (month_index month = account->first; month <= last; month++) {
            int32_t whole = whole_rate(insurance, month, area);
            if (whole >= 0 && account->rate <= whole)
                continue;
            policy_add_error(draft, line, "E25",
                             whole < 0 ? "account for months without a rate"
                                       : "the account rate is above the whole rate");
            break;
        }
    }
}

/* E33: a grade must be allowed by the limits of its months. */
static void check_grades(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    const struct policy_insurance_draft *lines = &draft->insurances[index];
    for (int i = 0; i < insurance->grades.count; i++) {
        const struct policy_range *grades = &insurance->grades.items[i];
        const struct policy_range *limits = find_meeting(&insurance->limits, grades);
        const struct policy_list *list = &insurance->lists[grades->list];
        if (limits && (list->values[0] < limits->floor_fen ||
                       list->values[list->count - 1] > limits->ceiling_fen))
            policy_add_error(draft, lines->figure_lines[FIGURE_GRADES][i], "E33",
                             "a grade is outside the limits of its months");
    }
    if (lines->is_broken)
        return;
    if (insurance->choice == POLICY_CHOOSE_GRADES &&
        insurance->grades.count + insurance->pending.count == 0)
        policy_add_error(draft, lines->choose_line, "E33", "choose grades without a list of them");
    if (insurance->choice != POLICY_CHOOSE_GRADES && insurance->grades.count > 0)
        policy_add_error(draft, lines->figure_lines[FIGURE_GRADES][0], "E33",
                         "a list of grades, but choose is not grades");
}

/* E34: every month with percentages has an average. */
static void check_percent(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    const struct policy_insurance_draft *lines = &draft->insurances[index];
    for (int i = 0; i < insurance->percent.count; i++) {
        const struct policy_range *percent = &insurance->percent.items[i];
        int area = percent->area == POLICY_AREA_ALL ? 0 : percent->area;
        /* From an open span, the months up to which averages are known. */
        month_index last = percent->last == POLICY_MONTH_OPEN ? percent->first : percent->last;
        for (month_index month = percent->first; month <= last; month++) {
            if (policy_find_range_in(&insurance->average, month, area) ||
                policy_find_range_in(&insurance->pending, month, area))
                continue;
            policy_add_error(draft, lines->figure_lines[FIGURE_PERCENT][i], "E34",
                             "percentages for months without an average");
            break;
        }
    }
    if (lines->is_broken)
        return;
    if (insurance->choice == POLICY_CHOOSE_PERCENT && insurance->percent.count == 0)
        policy_add_error(draft, lines->choose_line, "E34", "choose percent without a list of them");
    if (insurance->choice != POLICY_CHOOSE_PERCENT && insurance->percent.count > 0)
        policy_add_error(draft, lines->figure_lines[FIGURE_PERCENT][0], "E34",
                         "a list of percentages, but choose is not percent");
}

/* E41: a year that cannot be split is not sold by the month. */
static void check_periods(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    const struct policy_insurance_draft *lines = &draft->insurances[index];
    bool is_yearly = false;
    for (int i = 0; i < insurance->tier.count; i++)
        is_yearly = is_yearly || insurance->lists[insurance->tier.items[i].list].is_yearly;
    if (is_yearly && !insurance->split && insurance->pay != POLICY_PAY_YEAR && !lines->is_broken)
        policy_add_error(draft, lines->pay_line ? lines->pay_line : lines->section_line, "E41",
                         "a yearly tier is paid by the year, or needs split = yes");
}

static void check_surcharge(struct policy_draft *draft, int index)
{
    const struct policy_insurance *insurance = &draft->policy->insurances[index];
    if (insurance->surcharge > 0 && insurance->due_day == 0 && !draft->insurances[index].is_broken)
        policy_add_error(draft, draft->insurances[index].surcharge_line, "E39",
                         "a surcharge needs a due-day to count from");
}

static void resolve_same_base(struct policy_draft *draft, int index)
{
    struct policy *policy = draft->policy;
    const struct policy_insurance_draft *lines = &draft->insurances[index];
    if (policy->insurances[index].choice == POLICY_CHOOSE_INHERIT && lines->same_base_line == 0)
        policy_add_error(draft, lines->choose_line, "E37", "choose inherit without same-base");
    if (lines->same_base_line == 0)
        return;
    int leader = policy_find_insurance(policy, lines->same_base);
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

static bool has_expired(month_index expires, const char *date)
{
    char month[MONTH_TEXT_SIZE];
    if (!date || date[0] == '\0' || expires == POLICY_MONTH_OPEN)
        return false;
    month_format(expires, month);
    return strncmp(month, date, 7) < 0;
}

static void check_expiry(struct policy_draft *draft)
{
    const struct policy *policy = draft->policy;
    if (has_expired(policy->expires, policy->issued))
        policy_add_error(draft, draft->expires_line, "E44", "it expired before it was issued");
    else if (has_expired(policy->expires, draft->against->today))
        policy_add_error(draft, draft->expires_line, "E44", "it has expired");
    for (int i = 0; i < policy->insurance_count; i++)
        if (has_expired(policy->insurances[i].expires, policy->issued))
            policy_add_error(draft, draft->insurances[i].expires_line, "E44",
                             "the rule expired before the file was issued");
}

static void check_people(struct policy_draft *draft)
{
    const struct policy *policy = draft->policy;
    if (policy->author[0] != '\0' && strcmp(policy->author, policy->approver) == 0)
        policy_add_error(draft, draft->approver_line, "E11", "the approver is the author");
    if (draft->against->issued_max && strcmp(policy->issued, draft->against->issued_max) > 0)
        policy_add_error(draft, draft->issued_line, "E13", "issued in the future");
}

/* E09, E10: what the file says it replaces, and what it would replace here. */
static void check_succession(struct policy_draft *draft)
{
    const struct policy *policy = draft->policy;
    const struct policy_against *against = draft->against;
    int line = draft->replaces_line ? draft->replaces_line : draft->revision_line;
    if (policy->revision == 0)
        return;
    if (against->stored_revision > 0 && policy->revision <= against->stored_revision) {
        policy_add_error(draft, draft->revision_line, "E09",
                         "revision %d is not above %d, which is here already", policy->revision,
                         against->stored_revision);
        return;
    }
    if (draft->replaces_line > 0 && !draft->replaces_is_good)
        return; /* reported where it was read */
    if (policy->revision > 1 && draft->replaces_line == 0)
        policy_add_error(draft, line, "E10", "it does not say which revision it replaces");
    else if (policy->replaces_revision >= policy->revision)
        policy_add_error(draft, line, "E10", "it replaces a revision that is not below its own");
    else if (against->stored_revision > 0 &&
             (policy->replaces_revision != against->stored_revision ||
              strcmp(policy->replaces_sha256, against->stored_sha256) != 0))
        policy_add_error(draft, line, "E10", "it replaces something else than revision %d here",
                         against->stored_revision);
}

static void recompute(struct policy_draft *draft, const struct policy_check_draft *check)
{
    struct quote quote;
    char found[MONEY_TEXT_SIZE], expected[MONEY_TEXT_SIZE];
    const struct policy_insurance *insurance = &draft->policy->insurances[check->insurance];
    struct quote_request request = {
        .insurances = 1u << check->insurance,
        .chosen_base_fen = check->base_fen,
        .first = check->month,
        .months = 1,
        .area = check->area,
    };
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        request.grade[i] = check->grade;
    /* The sum of a yearly tier is the year's, whichever month names it. */
    const struct policy_range *tier =
        policy_find_range_in(&insurance->tier, check->month, check->area);
    if (insurance->mode == POLICY_TIERS && tier && insurance->lists[tier->list].is_yearly) {
        request.first = month_of(month_year(check->month), 1);
        request.months = QUOTE_MONTHS_MAX;
    }
    quote_make(draft->policy, &request, &quote);
    money_format(quote.total_fen, 0, found);
    money_format(check->expected_fen, 0, expected);
    bool is_doubtful =
        draft->insurances[check->insurance].has_errors ||
        (insurance->same_base >= 0 && draft->insurances[insurance->same_base].has_errors);
    if (quote.refusal != QUOTE_OK && !is_doubtful)
        policy_add_error(draft, check->line, "E42", "no amount can be computed for this check: %s",
                         quote_refusal_name(quote.refusal));
    else if (quote.refusal != QUOTE_OK)
        return; /* no wonder: what is wrong has been said */
    else if (quote.total_fen != check->expected_fen)
        policy_add_error(draft, check->line, "E42", "the amount comes to %s, not %s", found,
                         expected);
}

static void check_insurance(struct policy_draft *draft, int index)
{
    draft->section = SECTION_INSURANCE; /* whose errors these are */
    draft->index = index;
    for (enum policy_figure figure = 0; figure < FIGURES; figure++)
        check_order(draft, index, figure);
    check_pending(draft, index);
    check_mode(draft, index);
    check_account(draft, index);
    check_grades(draft, index);
    check_percent(draft, index);
    check_periods(draft, index);
    check_surcharge(draft, index);
    resolve_same_base(draft, index);
    draft->section = SECTION_NONE;
}

void policy_check_all(struct policy_draft *draft)
{
    policy_check_required(draft);
    check_sources(draft);
    check_people(draft);
    check_succession(draft);
    check_expiry(draft);
    if (draft->policy_line > 0 && draft->policy->insurance_count == 0)
        policy_add_error(draft, draft->line, "E45", "the file ends without an insurance");
    for (int i = 0; i < draft->policy->insurance_count; i++)
        draft->insurances[i].is_broken = draft->insurances[i].has_errors;
    for (int i = 0; i < draft->policy->insurance_count; i++)
        check_insurance(draft, i);
    check_base_loops(draft);
    for (int i = 0; i < draft->check_count; i++)
        if (!draft->insurances[draft->checks[i].insurance].is_broken)
            recompute(draft, &draft->checks[i]);
    policy_warn_all(draft);
}
