#include "plan/leaving.h"

#include "plan/cost.h"
#include "plan/policy_internal.h"
#include "plan/quote_internal.h"

static struct leaving_day end_of(month_index month)
{
    return (struct leaving_day){ month, policy_days_in_month(month), false };
}

static struct leaving_day due_day_of(const struct policy_insurance *insurance, month_index month)
{
    const int32_t date = due_date(insurance, month);
    return date == 0 ? end_of(month) : (struct leaving_day){ month, date % 100, true };
}

bool leaving_is_over(const struct leaving_day *day, int32_t today)
{
    const month_index this_month = due_month_of(today);
    return day->month < this_month || (day->month == this_month && day->day < today % 100);
}

/* Where past months may be paid the day is later than the month itself. */
static struct leaving_day last_day_for(const struct policy_insurance *insurance, month_index month)
{
    switch (insurance->back) {
    case POLICY_BACK_YEAR:
        return end_of(month_of(month_year(month), 12));
    case POLICY_BACK_MONTHS:
        if (insurance->back_months > 0)
            return end_of(month + insurance->back_months);
        break;
    case POLICY_BACK_NONE:
        break;
    }
    return due_day_of(insurance, month);
}

static void add_days(const struct policy_insurance *insurance, month_index last,
                     struct leaving_line *line)
{
    line->no_gap = last_day_for(insurance, last + 1);
    if (insurance->wait_gap_months == 0)
        return;
    /* Going on in month m leaves the months between, and they must be fewer than the limit. */
    line->no_wait = end_of(last + insurance->wait_gap_months);
    if (line->no_wait.month < line->no_gap.month)
        line->no_wait = line->no_gap;
}

static void add_wait(const struct policy_insurance *insurance, int gap, struct leaving_line *line)
{
    int after_break =
        insurance->wait_break_months > 0 ? insurance->wait_break_months : insurance->wait_months;
    bool says_when = insurance->wait_gap_months > 0 || insurance->wait_break_months > 0;
    line->gap_months_max = insurance->wait_gap_months;
    line->wait = LEAVING_WAIT_NONE;
    if (gap == 0 || (insurance->wait_gap_months > 0 && gap < insurance->wait_gap_months))
        return;
    line->wait = says_when ? LEAVING_WAIT_MONTHS : LEAVING_WAIT_NOT_STATED;
    line->wait_months = says_when ? after_break : 0;
}

/* What the kiosk itself would begin with, were the insured months paid here. */
static void add_due(const struct policy_insurance *insurance, month_index last, int32_t today,
                    struct leaving_line *line)
{
    struct due_paid paid;
    const month_index this_month = due_month_of(today);
    due_paid_begin(&paid, this_month);
    for (month_index month = last - 11; month <= last; month++)
        due_paid_add(&paid, month);
    line->due_months = quote_shortest_period(insurance->pay);
    line->due_first =
        due_begin(insurance, &paid, today, last + 1 > this_month ? last + 1 : this_month);
    line->due_day = due_date(insurance, line->due_first) % 100;
    line->is_late = due_state_of(insurance, line->due_first, today) == DUE_ARREARS;
}

static enum leaving_cost cost_state(const struct cost *cost)
{
    switch (cost->refusal) {
    case QUOTE_OK:
        return LEAVING_COST_SUM;
    case QUOTE_PENDING:
    case QUOTE_EXPIRED:
        return LEAVING_COST_PENDING;
    case QUOTE_OUTSIDE_LIMITS:
    case QUOTE_TOO_MANY:
    case QUOTE_NOT_A_GRADE:
    case QUOTE_NOT_A_STEP:
    case QUOTE_BACK:
    case QUOTE_PERIOD:
    case QUOTE_NO_DIFFERENCE:
        break;
    }
    return LEAVING_COST_WINDOW;
}

/* The lowest base, or the first of a list. */
static void price(const struct policy *policy, int32_t today, int area, struct leaving_line *line)
{
    int64_t list_fen[POLICY_GRADES_MAX];
    line->cost = LEAVING_COST_SUM;
    for (month_index month = line->back_first;
         month <= line->back_last && line->cost == LEAVING_COST_SUM; month++) {
        struct cost cost;
        const struct cost_request request = {
            .insurance = line->insurance,
            .grade = quote_choices(policy, line->insurance, month, area, list_fen) > 0 ? 1 : 0,
            .first = month,
            .months = 1,
            .today = today,
            .area = area,
        };
        cost_make(policy, &request, &cost);
        line->cost = cost_state(&cost);
        line->refused_month = cost.refused_month;
        line->amount_fen += cost.amount_fen;
        line->surcharge_fen += cost.surcharge_fen;
    }
}

static void add_cost(const struct policy *policy, const struct leaving *leaving, int32_t today,
                     int area, struct leaving_line *line)
{
    const month_index this_month = due_month_of(today);
    month_index payable = quote_first_payable(&policy->insurances[line->insurance], this_month);
    if (leaving->missing == 0) {
        line->cost = LEAVING_COST_NOTHING;
        return;
    }
    line->back_first = payable > leaving->first_missing ? payable : leaving->first_missing;
    line->back_last = this_month - 1;
    line->closes = payable <= leaving->first_missing;
    if (line->back_first > line->back_last) {
        line->cost = LEAVING_COST_REFUSED;
        line->back_first = line->back_last = 0;
        return;
    }
    price(policy, today, area, line);
}

void leaving_check(const struct policy *policy, month_index last, int32_t today, int area,
                   struct leaving *out)
{
    const month_index this_month = due_month_of(today);
    *out = (struct leaving){ .last = last };
    if (last + 1 < this_month) {
        out->first_missing = last + 1;
        out->missing = this_month - 1 - last;
    }
    for (int i = 0; i < policy->insurance_count; i++) {
        const struct policy_insurance *insurance = &policy->insurances[i];
        struct leaving_line *line = &out->lines[out->line_count++];
        *line = (struct leaving_line){ .insurance = i };
        add_days(insurance, last, line);
        add_wait(insurance, out->missing, line);
        add_due(insurance, last, today, line);
        add_cost(policy, out, today, area, line);
    }
}
