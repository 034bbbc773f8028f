#include "plan/leaving.h"

#include "plan/cost.h"
#include "plan/policy_internal.h"

struct today {
    month_index month;
    int day;
};

static int day_in(month_index month, int due_day)
{
    int last = policy_days_in_month(month);
    return due_day > 0 && due_day < last ? due_day : last;
}

static struct leaving_day end_of(month_index month)
{
    return (struct leaving_day){ month, policy_days_in_month(month), false };
}

bool leaving_is_over(const struct leaving_day *day, month_index this_month, int this_day)
{
    return day->month < this_month || (day->month == this_month && day->day < this_day);
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
    return (struct leaving_day){ month, day_in(month, insurance->due_day), insurance->due_day > 0 };
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

static int shortest_months(unsigned pay)
{
    return pay & POLICY_PAY_MONTH     ? 1
           : pay & POLICY_PAY_QUARTER ? 3
           : pay & POLICY_PAY_HALF    ? 6
                                      : 12;
}

static void add_due(const struct policy_insurance *insurance, month_index last, struct today today,
                    struct leaving_line *line)
{
    line->due_months = shortest_months(insurance->pay);
    line->due_first = last + 1 > today.month ? last + 1 : today.month;
    if (insurance->align)
        line->due_first -= (month_number(line->due_first) - 1) % line->due_months;
    if (insurance->due_day == 0)
        return;
    line->due_day = day_in(line->due_first, insurance->due_day);
    line->is_late = line->due_first < today.month ||
                    (line->due_first == today.month && line->due_day < today.day);
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
static void price(const struct policy *policy, struct today today, struct leaving_line *line)
{
    int64_t list_fen[POLICY_GRADES_MAX];
    line->cost = LEAVING_COST_SUM;
    for (month_index month = line->back_first;
         month <= line->back_last && line->cost == LEAVING_COST_SUM; month++) {
        struct cost cost;
        const struct cost_request request = {
            .insurance = line->insurance,
            .grade = quote_choices(policy, line->insurance, month, 0, list_fen) > 0 ? 1 : 0,
            .first = month,
            .months = 1,
            .today = month_year(today.month) * 10000 + month_number(today.month) * 100 + today.day,
        };
        cost_make(policy, &request, &cost);
        line->cost = cost_state(&cost);
        line->refused_month = cost.refused_month;
        line->amount_fen += cost.amount_fen;
        line->surcharge_fen += cost.surcharge_fen;
    }
}

static void add_cost(const struct policy *policy, const struct leaving *leaving, struct today today,
                     struct leaving_line *line)
{
    month_index payable = quote_first_payable(&policy->insurances[line->insurance], today.month);
    if (leaving->missing == 0) {
        line->cost = LEAVING_COST_NOTHING;
        return;
    }
    line->back_first = payable > leaving->first_missing ? payable : leaving->first_missing;
    line->back_last = today.month - 1;
    line->closes = payable <= leaving->first_missing;
    if (line->back_first > line->back_last) {
        line->cost = LEAVING_COST_REFUSED;
        line->back_first = line->back_last = 0;
        return;
    }
    price(policy, today, line);
}

void leaving_check(const struct policy *policy, month_index last, month_index this_month,
                   int this_day, struct leaving *out)
{
    struct today today = { this_month, this_day };
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
        add_cost(policy, out, today, line);
    }
}
