#include "inquiry/inquiry.h"

#include <string.h>

#include "base/text.h"

/* Three decades before and two after, in months: enough for every gap between what is listed. */
#define SPAN_MAX 720

static bool is_paid(const struct inquiry_record *record, const struct inquiry_month *month)
{
    return record->payments[month->payment].rejected[0] == '\0';
}

static int days_in(month_index month)
{
    static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year = month_year(month), number = month_number(month);
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return number == 2 && is_leap ? 29 : DAYS[number - 1];
}

static void count(const struct inquiry_record *record, struct inquiry_total *out)
{
    for (int i = 0; i < record->month_count; i++) {
        const struct inquiry_month *month = &record->months[i];
        if (strcmp(month->code, out->code) != 0 || !is_paid(record, month))
            continue;
        text_copy(out->insurance, sizeof out->insurance, month->insurance);
        out->amount_fen += month->amount_fen;
        if (out->first == 0 || month->month < out->first)
            out->first = month->month;
        if (month->month > out->last)
            out->last = month->month;
    }
}

static bool has_month(const struct inquiry_record *record, const char *code, month_index wanted)
{
    for (int i = 0; i < record->month_count; i++) {
        const struct inquiry_month *month = &record->months[i];
        if (month->month == wanted && strcmp(month->code, code) == 0 && is_paid(record, month))
            return true;
    }
    return false;
}

static void add_gap(struct inquiry_total *out, month_index month, month_index payable_from)
{
    bool is_payable = month >= payable_from;
    struct inquiry_gap *last = out->gap_count > 0 ? &out->gaps[out->gap_count - 1] : NULL;
    if (last && last->last == month - 1 && last->is_payable == is_payable && !out->more_gaps) {
        last->last = month;
        return;
    }
    if (out->gap_count == INQUIRY_GAPS_MAX) {
        out->more_gaps = true;
        return;
    }
    out->gaps[out->gap_count++] = (struct inquiry_gap){ month, month, is_payable };
}

/* From the first month paid to the last one that should be, which is the month before this one:
 * this month is due, and not missing. */
static void find_gaps(const struct inquiry_record *record, const struct inquiry_rule *rule,
                      month_index this_month, struct inquiry_total *out)
{
    month_index end = out->last + 1 > this_month ? out->last + 1 : this_month;
    if (out->first == 0 || end - out->first > SPAN_MAX)
        return;
    for (month_index month = out->first; month < end; month++) {
        if (has_month(record, out->code, month))
            out->months++;
        else
            add_gap(out, month, rule->payable_from);
    }
}

/* Who has never paid owes this month, not every month that could still be paid. */
static void find_next(const struct inquiry_record *record, const struct inquiry_rule *rule,
                      int32_t today, month_index this_month, struct inquiry_total *out)
{
    out->next_due = this_month;
    if (out->first != 0 && rule->payable_from < this_month)
        out->next_due = out->first > rule->payable_from ? out->first : rule->payable_from;
    if (rule->payable_from > this_month)
        out->next_due = rule->payable_from;
    while (has_month(record, out->code, out->next_due))
        out->next_due++;
    int last_day = days_in(out->next_due);
    out->next_due_day = rule->due_day > last_day ? last_day : rule->due_day;
    out->is_late =
        out->next_due < this_month ||
        (out->next_due_day > 0 && out->next_due == this_month && today % 100 > out->next_due_day);
}

void inquiry_total_of(const struct inquiry_record *record, const struct inquiry_rule *rule,
                      int32_t today, struct inquiry_total *out)
{
    month_index this_month = month_of(today / 10000, today / 100 % 100);
    *out = (struct inquiry_total){ 0 };
    text_copy(out->code, sizeof out->code, rule->code);
    count(record, out);
    find_gaps(record, rule, this_month, out);
    find_next(record, rule, today, this_month, out);
}
