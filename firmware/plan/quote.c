#include "plan/quote.h"

#include <string.h>

#include "base/check.h"
#include "plan/quote_internal.h"

/* The insurance whose choice counts: followers inherit it. Loops are refused when the file is
 * loaded, but its checks are worked out before all of that is known. */
int quote_leader(const struct policy *policy, int insurance)
{
    for (int steps = 0; steps < policy->insurance_count; steps++)
        if (policy->insurances[insurance].same_base >= 0)
            insurance = policy->insurances[insurance].same_base;
    return insurance;
}

/* The bases of a list of grades or percentages in a month; 0 if there is no list. */
static int list_bases(const struct policy_insurance *insurance, month_index month, int area,
                      int64_t out[POLICY_GRADES_MAX])
{
    bool is_percent = insurance->choice == POLICY_CHOOSE_PERCENT;
    const struct policy_range *range =
        policy_find_range_in(is_percent ? &insurance->percent : &insurance->grades, month, area);
    const struct policy_range *average = policy_find_range_in(&insurance->average, month, area);
    if (!range || (is_percent && !average))
        return 0;
    const struct policy_list *list = &insurance->lists[range->list];
    for (int i = 0; i < list->count; i++)
        out[i] = is_percent ? money_apply_rate(average->amount_fen, (int32_t)list->values[i],
                                               insurance->base_rounding)
                            : list->values[i];
    return list->count;
}

static bool is_list(const struct policy_insurance *insurance)
{
    return insurance->choice == POLICY_CHOOSE_GRADES || insurance->choice == POLICY_CHOOSE_PERCENT;
}

/* The base chosen from a list, by number or by its sum. */
static enum quote_refusal pick_grade(const struct policy_insurance *insurance, int grade,
                                     int64_t chosen_fen, int area, struct quote_line *line,
                                     int64_t *base_fen)
{
    int64_t bases_fen[POLICY_GRADES_MAX];
    int count = list_bases(insurance, line->month, area, bases_fen);
    if (count == 0)
        return QUOTE_PENDING;
    for (int i = 0; grade == 0 && i < count; i++)
        if (bases_fen[i] == chosen_fen)
            grade = i + 1;
    if (grade < 1 || grade > count)
        return QUOTE_NOT_A_GRADE;
    line->grade = grade;
    *base_fen = bases_fen[grade - 1];
    return QUOTE_OK;
}

/* What a person's choice comes to in one insurance and month: there is one choice, and each
 * insurance holds it against its own limits. QUOTE_OK, or why not. */
static enum quote_refusal find_base(const struct policy *policy,
                                    const struct quote_request *request, struct quote_line *line,
                                    const struct policy_range **limits_out)
{
    const struct policy_insurance *insurance = &policy->insurances[line->insurance];
    int leader = quote_leader(policy, line->insurance);
    const struct policy_insurance *choice = &policy->insurances[leader];
    const struct policy_range *limits =
        policy_find_range_in(&insurance->limits, line->month, request->area);
    int64_t base_fen = request->chosen_base_fen;
    *limits_out = limits;
    bool is_given = request->base_is_given && choice->choice == POLICY_CHOOSE_GRADES;
    if (is_list(choice) && !is_given) {
        enum quote_refusal refusal =
            pick_grade(choice, request->grade[leader], base_fen, request->area, line, &base_fen);
        if (refusal != QUOTE_OK)
            return refusal;
    }
    if (!limits) {
        line->base_fen = base_fen;
        return is_list(choice) ? QUOTE_OK : QUOTE_PENDING;
    }
    bool is_outside = base_fen < limits->floor_fen || base_fen > limits->ceiling_fen;
    if (is_outside && !insurance->clamp_outside)
        return QUOTE_OUTSIDE_LIMITS;
    bool is_limit = base_fen == limits->floor_fen || base_fen == limits->ceiling_fen;
    if (!is_outside && !is_limit && insurance->step_fen > 0 && base_fen % insurance->step_fen != 0)
        return QUOTE_NOT_A_STEP;
    if (base_fen < limits->floor_fen)
        base_fen = limits->floor_fen;
    if (base_fen > limits->ceiling_fen)
        base_fen = limits->ceiling_fen;
    line->base_fen = base_fen;
    return QUOTE_OK;
}

static enum quote_refusal price_fixed(const struct policy_insurance *insurance, int area,
                                      struct quote_line *line)
{
    const struct policy_range *fixed = policy_find_range_in(&insurance->fixed, line->month, area);
    if (!fixed)
        return QUOTE_PENDING;
    line->amount_fen = fixed->amount_fen;
    line->source = line->rate_source = fixed->source;
    line->since = line->rate_since = fixed->first;
    return QUOTE_OK;
}

/* A year in twelfths: what is due up to a month less what was due before it, so that any twelve
 * months add up to the year. */
static int64_t share_of_year(int64_t year_fen, month_index month)
{
    int number = month_number(month);
    return year_fen * number / 12 - year_fen * (number - 1) / 12;
}

static enum quote_refusal price_tier(const struct policy_insurance *insurance,
                                     const struct quote_request *request, struct quote_line *line)
{
    const struct policy_range *tier =
        policy_find_range_in(&insurance->tier, line->month, request->area);
    if (!tier)
        return QUOTE_PENDING;
    const struct policy_list *list = &insurance->lists[tier->list];
    int number = request->grade[line->insurance];
    if (number < 1 || number > list->count)
        return QUOTE_NOT_A_GRADE;
    int64_t amount_fen = list->values[number - 1];
    line->amount_fen = list->is_yearly ? share_of_year(amount_fen, line->month) : amount_fen;
    line->period_months = list->is_yearly && !insurance->split ? 12 : 1;
    line->grade = number;
    line->source = line->rate_source = tier->source;
    line->since = line->rate_since = tier->first;
    return QUOTE_OK;
}

/* Each part is rounded by itself, then they are added. false if no part has a figure. */
static bool price_parts(const struct policy_insurance *insurance, int area, struct quote_line *line)
{
    const struct policy_ranges *parts = &insurance->part;
    bool found = false;
    for (int i = 0; i < parts->count; i++) {
        const struct policy_range *part = &parts->items[i];
        if (line->month < part->first || line->month > part->last ||
            (part->area != POLICY_AREA_ALL && part->area != area))
            continue;
        int64_t amount_fen = part->rate > 0
                                 ? money_apply_rate(line->base_fen, part->rate, insurance->rounding)
                                 : part->amount_fen;
        line->part_fen[part->part] = amount_fen;
        line->amount_fen += amount_fen;
        line->rate += part->rate;
        if (!found) {
            line->rate_source = part->source;
            line->rate_since = part->first;
        }
        found = true;
    }
    return found;
}

static bool price_whole(const struct policy_insurance *insurance, int area, struct quote_line *line)
{
    const struct policy_range *rate = policy_find_range_in(&insurance->rate, line->month, area);
    if (!rate)
        return false;
    line->rate = rate->rate;
    line->rate_source = rate->source;
    line->rate_since = rate->first;
    line->amount_fen = money_apply_rate(line->base_fen, rate->rate, insurance->rounding);
    return true;
}

static enum quote_refusal price_rate(const struct policy *policy,
                                     const struct quote_request *request, struct quote_line *line)
{
    const struct policy_insurance *insurance = &policy->insurances[line->insurance];
    const struct policy_range *limits = NULL;
    enum quote_refusal refusal = find_base(policy, request, line, &limits);
    if (refusal != QUOTE_OK)
        return refusal;
    if (!price_whole(insurance, request->area, line) &&
        !price_parts(insurance, request->area, line))
        return QUOTE_PENDING;
    const struct policy_range *account =
        policy_find_range_in(&insurance->account, line->month, request->area);
    if (account)
        line->account_fen = money_apply_rate(line->base_fen, account->rate, insurance->rounding);
    line->source = limits ? limits->source : line->rate_source;
    line->since = limits ? limits->first : line->rate_since;
    return QUOTE_OK;
}

static enum quote_refusal price_by_mode(const struct policy *policy,
                                        const struct quote_request *request,
                                        struct quote_line *line)
{
    const struct policy_insurance *insurance = &policy->insurances[line->insurance];
    switch (insurance->mode) {
    case POLICY_RATE:
        return price_rate(policy, request, line);
    case POLICY_FIXED:
        return price_fixed(insurance, request->area, line);
    case POLICY_TIERS:
        return price_tier(insurance, request, line);
    }
    check_failed("a mode of its enum", __FILE__, __LINE__);
}

static month_index month_of_day(int32_t date)
{
    return month_of(date / 10000, date / 100 % 100);
}

enum quote_refusal quote_price_line(const struct policy *policy,
                                    const struct quote_request *request, struct quote_line *line)
{
    const struct policy_insurance *insurance = &policy->insurances[line->insurance];
    line->period_months = 1;
    if (line->month > policy->expires || line->month > insurance->expires)
        return QUOTE_EXPIRED;
    if (policy_find_range_in(&insurance->pending, line->month, request->area))
        return QUOTE_PENDING;
    if (request->today > 0 &&
        line->month < quote_first_payable(insurance, month_of_day(request->today)))
        return QUOTE_BACK;
    enum quote_refusal refusal = price_by_mode(policy, request, line);
    if (refusal != QUOTE_OK)
        return refusal;
    line->pooled_fen = line->amount_fen - line->account_fen;
    line->due_date = due_date(insurance, line->month);
    if (request->today > 0) {
        line->surcharge_fen =
            quote_surcharge(insurance, line->amount_fen, line->month, request->today);
        line->state = due_state_of(insurance, line->month, request->today);
    }
    return QUOTE_OK;
}

void quote_refuse(struct quote *out, enum quote_refusal refusal, month_index month, int insurance)
{
    memset(out, 0, sizeof *out);
    out->refusal = refusal;
    out->refused_month = month;
    out->refused_insurance = insurance;
}

/* Where only the whole year can be paid, the run must be one. */
static bool years_are_whole(const struct policy *policy, struct quote *out)
{
    for (int i = 0; i < policy->insurance_count; i++) {
        int months = 0;
        month_index first = 0;
        bool is_yearly = false;
        for (int j = 0; j < out->line_count; j++) {
            const struct quote_line *line = &out->lines[j];
            if (line->insurance != i)
                continue;
            first = months++ == 0 ? line->month : first;
            is_yearly = is_yearly || line->period_months == 12;
        }
        bool is_whole = months == 12 && (!policy->insurances[i].align || month_number(first) == 1);
        if (is_yearly && !is_whole) {
            quote_refuse(out, QUOTE_PERIOD, first, i);
            return false;
        }
    }
    return true;
}

static bool wants_line(const struct quote_request *request, int insurance, month_index month)
{
    bool is_paid = request->paid && due_is_paid(&request->paid[insurance], month);
    return (request->insurances >> insurance & 1) && month >= request->from[insurance] && !is_paid;
}

void quote_make(const struct policy *policy, const struct quote_request *request, struct quote *out)
{
    memset(out, 0, sizeof *out);
    if (request->months < 1 || request->months > QUOTE_MONTHS_MAX) {
        quote_refuse(out, QUOTE_TOO_MANY, request->first, 0);
        return;
    }
    for (month_index month = request->first; month < request->first + request->months; month++) {
        for (int i = 0; i < policy->insurance_count; i++) {
            if (!wants_line(request, i, month))
                continue;
            struct quote_line *line = &out->lines[out->line_count++];
            *line = (struct quote_line){ .month = month, .insurance = i };
            enum quote_refusal refusal = quote_price_line(policy, request, line);
            if (refusal != QUOTE_OK) {
                quote_refuse(out, refusal, month, i);
                return;
            }
            out->total_fen += line->amount_fen + line->surcharge_fen;
        }
    }
    (void)years_are_whole(policy, out);
}

static const struct {
    const char *name, *code;
} REFUSALS[] = {
    [QUOTE_OK] = { "ok", "" },
    [QUOTE_PENDING] = { "pending", "R15" },
    [QUOTE_OUTSIDE_LIMITS] = { "outside_limits", "R14" },
    [QUOTE_EXPIRED] = { "expired", "R15" },
    [QUOTE_TOO_MANY] = { "too_many", "R14" },
    [QUOTE_NOT_A_GRADE] = { "not_a_grade", "R14" },
    [QUOTE_NOT_A_STEP] = { "not_a_step", "R14" },
    [QUOTE_BACK] = { "back", "R16" },
    [QUOTE_PERIOD] = { "period", "R14" },
    [QUOTE_NO_DIFFERENCE] = { "no_difference", "R15" },
};

const char *quote_refusal_name(enum quote_refusal refusal)
{
    return REFUSALS[refusal].name;
}

const char *quote_refusal_code(enum quote_refusal refusal)
{
    return REFUSALS[refusal].code;
}

/* Of a list its lowest and highest base: no other can be chosen, whatever the limits are. */
static bool base_limits_of(const struct policy *policy, int index, month_index month, int area,
                           int64_t *floor_fen, int64_t *ceiling_fen)
{
    int64_t bases_fen[POLICY_GRADES_MAX];
    const struct policy_insurance *leader = &policy->insurances[quote_leader(policy, index)];
    int count = is_list(leader) ? list_bases(leader, month, area, bases_fen) : 0;
    const struct policy_range *limits =
        policy_find_range_in(&policy->insurances[index].limits, month, area);
    if (count > 0) {
        *floor_fen = bases_fen[0];
        *ceiling_fen = bases_fen[count - 1];
    } else if (limits) {
        *floor_fen = limits->floor_fen;
        *ceiling_fen = limits->ceiling_fen;
    }
    return count > 0 || limits;
}

bool quote_base_limits(const struct policy *policy, uint32_t insurances, month_index month,
                       int area, int64_t *floor_fen, int64_t *ceiling_fen)
{
    bool found = false;
    for (int i = 0; i < policy->insurance_count; i++) {
        const struct policy_insurance *insurance = &policy->insurances[i];
        bool leads = insurance->same_base < 0;
        if (!(insurances >> i & 1) || insurance->mode != POLICY_RATE || (found && !leads) ||
            !base_limits_of(policy, i, month, area, floor_fen, ceiling_fen))
            continue;
        found = true;
        if (leads)
            break;
    }
    return found;
}

int quote_choices(const struct policy *policy, int insurance, month_index month, int area,
                  int64_t out[POLICY_GRADES_MAX])
{
    const struct policy_insurance *rules = &policy->insurances[insurance];
    const struct policy_insurance *leader = &policy->insurances[quote_leader(policy, insurance)];
    if (rules->mode == POLICY_RATE)
        return is_list(leader) ? list_bases(leader, month, area, out) : 0;
    const struct policy_range *tier = policy_find_range_in(&rules->tier, month, area);
    if (!tier)
        return 0;
    memcpy(out, rules->lists[tier->list].values, sizeof rules->lists[0].values);
    return rules->lists[tier->list].count;
}

int quote_period_months(const struct policy *policy, int insurance, month_index month, int area)
{
    const struct policy_insurance *rules = &policy->insurances[insurance];
    const struct policy_range *tier = policy_find_range_in(&rules->tier, month, area);
    bool is_yearly = rules->mode == POLICY_TIERS && tier && rules->lists[tier->list].is_yearly;
    return is_yearly && !rules->split ? 12 : 1;
}
