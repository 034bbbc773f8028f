#include "plan/due.h"

#include <string.h>

#include "plan/policy_internal.h"
#include "plan/quote_internal.h"

month_index due_month_of(int32_t date)
{
    return month_of(date / 10000, date / 100 % 100);
}

void due_paid_begin(struct due_paid *paid, month_index this_month)
{
    memset(paid, 0, sizeof *paid);
    paid->from = this_month - DUE_BACK_MAX;
}

void due_paid_add(struct due_paid *paid, month_index month)
{
    if (paid->first == 0 || month < paid->first)
        paid->first = month;
    if (month >= paid->from && month < paid->from + DUE_SPAN)
        paid->months[month - paid->from] = true;
}

void due_paid_start(struct due_paid *paid, month_index month)
{
    paid->start = month;
}

/* The month with which owing begins; 0 none. */
static month_index began(const struct due_paid *paid)
{
    return paid->start != 0 ? paid->start : paid->first;
}

bool due_is_paid(const struct due_paid *paid, month_index month)
{
    return month >= paid->from && month < paid->from + DUE_SPAN && paid->months[month - paid->from];
}

static int due_day_of(const struct policy_insurance *insurance, month_index month)
{
    int last = policy_days_in_month(month);
    return insurance->due_day < last ? insurance->due_day : last;
}

int32_t due_date(const struct policy_insurance *insurance, month_index month)
{
    if (insurance->due_day == 0)
        return 0;
    return month_year(month) * 10000 + month_number(month) * 100 + due_day_of(insurance, month);
}

enum due_state due_state_of(const struct policy_insurance *insurance, month_index month,
                            int32_t today)
{
    month_index this_month = due_month_of(today);
    if (month > this_month)
        return DUE_AHEAD;
    bool is_late = month < this_month || due_days_late(insurance, month, today) > 0;
    return is_late ? DUE_ARREARS : DUE_NOW;
}

int due_days_late(const struct policy_insurance *insurance, month_index month, int32_t today)
{
    month_index this_month = due_month_of(today);
    if (insurance->due_day == 0 || month > this_month)
        return 0;
    int days = today % 100 - due_day_of(insurance, month);
    for (; month < this_month; month++)
        days += policy_days_in_month(month);
    return days > 0 ? days : 0;
}

static month_index first_unpaid(const struct due_paid *paid, month_index month)
{
    while (due_is_paid(paid, month))
        month++;
    return month;
}

/* The start of the calendar's period that month lies in, if all of that may still be paid, else of
 * the one after it. */
static month_index begin_of_period(const struct policy_insurance *insurance,
                                   const struct due_paid *paid, month_index earliest,
                                   month_index month)
{
    int unit = insurance->align ? quote_shortest_period(insurance->pay) : 1;
    month_index begin = month - (month_number(month) - 1) % unit;
    for (month_index before = begin; before < month; before++)
        if (before < earliest || due_is_paid(paid, before))
            return begin + unit;
    return begin;
}

month_index due_begin(const struct policy_insurance *insurance, const struct due_paid *paid,
                      int32_t today, month_index month)
{
    month_index payable_from = quote_first_payable(insurance, due_month_of(today));
    month_index from = month > payable_from ? month : payable_from;
    return begin_of_period(insurance, paid, payable_from, first_unpaid(paid, from));
}

static void find_closed(const struct due_paid *paid, month_index payable_from, month_index end,
                        struct due_owed *out)
{
    month_index floor = began(paid) > paid->from ? began(paid) : paid->from;
    month_index month = payable_from < end ? payable_from : end;
    for (month--; month >= floor && due_is_paid(paid, month);)
        month--;
    if (began(paid) == 0 || month < floor)
        return;
    out->closed_last = month;
    while (month >= floor && !due_is_paid(paid, month))
        out->closed_first = month--;
}

void due_owed_of(const struct policy_insurance *insurance, const struct due_paid *paid,
                 int32_t today, struct due_owed *out)
{
    month_index this_month = due_month_of(today);
    month_index payable_from = quote_first_payable(insurance, this_month);
    memset(out, 0, sizeof *out);
    month_index first = began(paid) != 0 && began(paid) < this_month ? began(paid) : this_month;
    out->earliest =
        due_begin(insurance, paid, today, paid->start > payable_from ? paid->start : payable_from);
    out->next = due_begin(insurance, paid, today, first);
    out->latest = due_begin(insurance, paid, today, this_month);
    for (month_index month = out->next; month <= this_month; month++)
        if (!due_is_paid(paid, month) && due_state_of(insurance, month, today) == DUE_ARREARS)
            out->arrears++;
    find_closed(paid, payable_from, this_month, out);
}
