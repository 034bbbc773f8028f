#include <string.h>

#include "base/text.h"
#include "session/session_internal.h"

/* ---- which insurances ---- */

static struct inquiry_rule rule_of(const struct session *session,
                                   const struct policy_insurance *insurance)
{
    month_index this_month = month_of_wall(clock_wall_ms(session->parts.clock));
    struct inquiry_rule rule = {
        .payable_from = quote_first_payable(insurance, this_month),
        .due_day = insurance->due_day,
    };
    text_copy(rule.code, sizeof rule.code, insurance->code);
    return rule;
}

int session_inquiry_totals(const struct session *session,
                           struct inquiry_total totals[VIEW_TOTALS_MAX],
                           int insurances[VIEW_TOTALS_MAX])
{
    const struct policy *policy = session->parts.policy;
    int count = 0;
    for (int i = 0; policy && i < policy->insurance_count && count < VIEW_TOTALS_MAX; i++) {
        struct inquiry_rule rule = rule_of(session, &policy->insurances[i]);
        inquiry_total_of(&session->v.inquiry.shown, &rule, session_today(session), &totals[count]);
        if (totals[count].months > 0)
            insurances[count++] = i;
    }
    return count;
}

static void show_total(const struct policy_insurance *insurance, const struct inquiry_total *total,
                       struct view_total *out)
{
    text_copy(out->name[LANGUAGE_ZH], sizeof out->name[0], insurance->name_zh);
    text_copy(out->name[LANGUAGE_EN], sizeof out->name[0], insurance->name_en);
    out->months = total->months;
    out->amount_fen = total->amount_fen;
    out->first = total->first;
    out->last = total->last;
    out->more_gaps = total->more_gaps;
    out->next_due = total->next_due;
    out->next_due_day = total->next_due_day;
    out->is_late = total->is_late;
    for (int i = 0; i < total->gap_count && i < VIEW_GAPS_MAX; i++)
        out->gaps[out->gap_count++] = (struct view_gap){ total->gaps[i].first, total->gaps[i].last,
                                                         total->gaps[i].is_payable };
}

/* ---- how far the money is ---- */

static enum view_money money_of(const struct inquiry_payment *payment)
{
    if (payment->rejected[0] != '\0')
        return MONEY_SET_ASIDE;
    int lamp = INQUIRY_LAMPS - 1;
    while (lamp > INQUIRY_TAKEN && !payment->lit[lamp])
        lamp--;
    return (enum view_money)lamp;
}

static void show_payment(const struct session *session, int index, struct view_payment *out)
{
    const struct session_inquiry *inquiry = &session->v.inquiry;
    const struct inquiry_payment *payment = &inquiry->shown.payments[index];
    out->index = index;
    text_copy(out->voucher, sizeof out->voucher, payment->voucher);
    out->paid_fen = payment->paid_fen;
    out->taken_here = payment->is_own;
    out->can_reprint = payment->is_own && session->v.has_card &&
                       inquiry->copies < session->parts.settings->reprints_max;
    for (int lamp = 0; lamp < LAMPS; lamp++) {
        out->lit[lamp] = payment->lit[lamp];
        out->lit_ms[lamp] = payment->lit_ms[lamp];
    }
    out->is_set_aside = payment->rejected[0] != '\0';
    if (out->is_set_aside)
        text_copy(out->code, sizeof out->code, session_set_aside_code(payment->rejected));
}

static void show_payments(const struct session *session, struct view_inquiry *view)
{
    const struct session_inquiry *inquiry = &session->v.inquiry;
    int end = inquiry->payments_from + VIEW_PAYMENTS_MAX;
    view->payments_total = inquiry->shown.payment_count;
    view->payments_from = inquiry->payments_from;
    for (int i = inquiry->payments_from; i < end && i < inquiry->shown.payment_count; i++)
        show_payment(session, i, &view->payments[view->payment_count++]);
}

/* ---- month by month ---- */

static int half_of(month_index month)
{
    return month / 6; /* a month_index is year * 12 and the months before it */
}

static void find_halves(const struct inquiry_record *record, struct view_inquiry *view)
{
    for (int i = 0; i < record->month_count; i++) {
        int half = half_of(record->months[i].month);
        if (view->half_first == 0 || half < view->half_first)
            view->half_first = half;
        if (half > view->half_last)
            view->half_last = half;
    }
}

static int index_of(const struct policy *policy, const int *insurances, int count, const char *code)
{
    for (int i = 0; i < count; i++)
        if (strcmp(policy->insurances[insurances[i]].code, code) == 0)
            return i;
    return -1;
}

static bool comes_before(const struct view_row *a, const struct view_row *b)
{
    return a->month != b->month ? a->month > b->month : a->total < b->total;
}

static void insert_row(struct view_inquiry *view, struct view_row row)
{
    int at = view->row_count;
    if (at == VIEW_ROWS_MAX)
        return;
    for (; at > 0 && comes_before(&row, &view->rows[at - 1]); at--)
        view->rows[at] = view->rows[at - 1];
    view->rows[at] = row;
    view->row_count++;
}

static void show_rows(const struct session *session, const int *insurances, int count,
                      struct view_inquiry *view)
{
    const struct inquiry_record *record = &session->v.inquiry.shown;
    for (int i = 0; i < record->month_count; i++) {
        const struct inquiry_month *month = &record->months[i];
        int total = index_of(session->parts.policy, insurances, count, month->code);
        if (total < 0 || half_of(month->month) != view->half)
            continue;
        insert_row(view, (struct view_row){
                             .month = month->month,
                             .total = total,
                             .base_fen = month->base_fen,
                             .amount_fen = month->amount_fen,
                             .is_difference = month->is_difference,
                             .money = money_of(&record->payments[month->payment]),
                         });
    }
}

static void show_record(const struct session *session, struct view_inquiry *view)
{
    struct inquiry_total totals[VIEW_TOTALS_MAX];
    int insurances[VIEW_TOTALS_MAX];
    int wanted = session->v.inquiry.half;
    view->total_count = session_inquiry_totals(session, totals, insurances);
    for (int i = 0; i < view->total_count; i++)
        show_total(&session->parts.policy->insurances[insurances[i]], &totals[i], &view->totals[i]);
    find_halves(&session->v.inquiry.shown, view);
    bool is_there = wanted >= view->half_first && wanted <= view->half_last;
    view->half = is_there ? wanted : view->half_last;
    show_rows(session, insurances, view->total_count, view);
}

/* ---- all of it ---- */

void session_inquiry_show(struct session *session, struct session_view *out)
{
    const struct session_inquiry *inquiry = &session->v.inquiry;
    struct view_inquiry *view = &out->inquiry;
    view->is_on = session->is_inquiry;
    if (session->visit.state != VISIT_INQUIRY)
        return;
    view->is_bureaus = inquiry->shown.is_bureaus;
    view->is_unreadable = inquiry->own_failed && !inquiry->shown.is_bureaus;
    view->as_of_ms = inquiry->shown.as_of_ms;
    view->more = inquiry->shown.more;
    view->can_pay = session->v.has_card;
    view->print = inquiry->print;
    view->print_is_copy = inquiry->print_is_copy;
    view->reprints_left = session->parts.settings->reprints_max - inquiry->copies;
    if (out->step == STEP_NUMBER)
        text_copy(view->number_typed, sizeof view->number_typed, inquiry->typed);
    view->number_complete = strlen(inquiry->typed) == VIEW_SLIP_DIGITS;
    view->number_refused = inquiry->number_refused;
    show_record(session, view);
    show_payments(session, view);
}
