#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "session/session_internal.h"

/* ---- one insurance ---- */

static void show_source(const struct policy *policy, const struct quote_line *line,
                        struct view_insurance *out)
{
    const struct policy_source *source = &policy->sources[line->source];
    text_copy(out->source, sizeof out->source, source->number);
    text_copy(out->source_date, sizeof out->source_date, source->date);
    text_copy(out->rate_source, sizeof out->rate_source, policy->sources[line->rate_source].number);
}

static bool list_is_yearly(const struct session *session, int index)
{
    const struct session_visit *visit = &session->v;
    const struct policy_insurance *insurance = &session->parts.policy->insurances[index];
    const struct policy_range *tier =
        policy_find_range_in(&insurance->tier, visit->from[index], visit->area);
    return tier && insurance->lists[tier->list].is_yearly;
}

static void show_list_of(const struct session *session, int index, struct view_insurance *out)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    const struct policy_insurance *insurance = &policy->insurances[index];
    int64_t values[POLICY_GRADES_MAX];
    out->grade_count = choice_list(session, index, values);
    if (insurance->mode != POLICY_TIERS || out->grade_count == 0)
        return;
    out->grade = visit->grade[index];
    out->grade_fen = values[out->grade - 1];
    out->is_yearly = list_is_yearly(session, index);
}

static void add_insurance(const struct session *session, int index, struct view_insurance *out)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    const struct policy_insurance *insurance = &policy->insurances[index];
    struct quote quote = choice_quote_month(session, index);
    text_copy(out->name[LANGUAGE_ZH], sizeof out->name[0], insurance->name_zh);
    text_copy(out->name[LANGUAGE_EN], sizeof out->name[0], insurance->name_en);
    text_copy(out->basis[LANGUAGE_ZH], sizeof out->basis[0], insurance->basis_zh);
    text_copy(out->basis[LANGUAGE_EN], sizeof out->basis[0], insurance->basis_en);
    out->selected = visit->insurances >> index & 1;
    out->available = visit->available >> index & 1;
    out->paid_up = visit->paid_up >> index & 1;
    month_index unpaid = visit->this_month;
    while (due_is_paid(&visit->paid[index], unpaid))
        unpaid++;
    if (unpaid > visit->this_month)
        out->paid_until = unpaid - 1;
    out->closed_first = visit->owed[index].closed_first;
    out->closed_last = visit->owed[index].closed_last;
    out->arrears = visit->owed[index].arrears;
    show_list_of(session, index, out);
    out->uses_base = insurance->mode == POLICY_RATE;
    out->is_pension = strcmp(insurance->code, "110") == 0;
    out->wait_months = insurance->wait_months;
    month_index month = quote.refusal == QUOTE_OK ? quote.lines[0].month : visit->this_month;
    const struct policy_range *limits =
        policy_find_range_in(&insurance->limits, month, visit->area);
    const struct policy_range *account =
        policy_find_range_in(&insurance->account, month, visit->area);
    if (limits) {
        out->floor_fen = limits->floor_fen;
        out->ceiling_fen = limits->ceiling_fen;
    }
    if (account)
        out->account_rate = account->rate;
    if (quote.refusal != QUOTE_OK)
        return;
    out->monthly_fen = quote.total_fen;
    out->is_yearly = out->is_yearly || quote.line_count > 1;
    out->account_fen = quote.lines[0].account_fen;
    out->base_fen = quote.lines[0].base_fen;
    out->rate = quote.lines[0].rate;
    show_source(policy, &quote.lines[0], out);
}

static void add_owed(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    view->first_month = visit->first_month;
    for (int i = 0; i < policy->insurance_count && i < VIEW_INSURANCES_MAX; i++)
        add_insurance(session, i, &view->insurances[view->insurance_count++]);
    view->base_count = choice_bases(session, view->bases_fen);
    view->chosen_base_fen = visit->base_fen;
    view->base_is_own = visit->base_is_own;
    view->base_refused = visit->base_refused;
    (void)choice_limits(session, &view->base_floor_fen, &view->base_ceiling_fen);
    text_copy(view->base_typed, sizeof view->base_typed, visit->base_typed);
    for (int i = 0; i < policy->insurance_count; i++)
        if (visit->insurances >> i & 1)
            view->monthly_total_fen += choice_quote_month(session, i).total_fen;
    view->all_paid = choice_all_is_paid(session, &view->next_payable);
}

/* ---- the whole list of one ---- */

/* Hundredths of the average wage, where the list is of them. */
static void add_percent(const struct session *session, int index, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    const struct policy_insurance *leader = &policy->insurances[quote_leader(policy, index)];
    const struct policy_range *range =
        policy_find_range_in(&leader->percent, visit->from[index], visit->area);
    if (leader->choice != POLICY_CHOOSE_PERCENT || !range)
        return;
    for (int i = 0; i < view->list_count; i++)
        view->list_percent[i] = (int32_t)(leader->lists[range->list].values[i] / 10000);
}

static void add_list(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    const int index = visit->list_of;
    static_assert(VIEW_LIST_MAX == POLICY_GRADES_MAX, "a list is shown whole");
    if (view->step != STEP_CHOICES)
        return;
    text_copy(view->list_name[LANGUAGE_ZH], sizeof view->list_name[0],
              policy->insurances[index].name_zh);
    text_copy(view->list_name[LANGUAGE_EN], sizeof view->list_name[0],
              policy->insurances[index].name_en);
    view->list_is_tiers = policy->insurances[index].mode == POLICY_TIERS;
    view->list_is_yearly = view->list_is_tiers && list_is_yearly(session, index);
    view->list_count = choice_list(session, index, view->list_fen);
    view->list_chosen = visit->grade[quote_leader(policy, index)];
    add_percent(session, index, view);
}

/* ---- months ---- */

static void add_due(const struct quote *quote, struct view_month *month)
{
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        if (line->month != month->month)
            continue;
        month->surcharge_fen += line->surcharge_fen;
        month->is_late = month->is_late || line->state == DUE_ARREARS;
        if (line->due_date > 0 && (month->due_date == 0 || line->due_date < month->due_date))
            month->due_date = line->due_date;
    }
}

static void add_months(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    int64_t before_fen = 0;
    for (int i = 0; i < visit->months_max && i < VIEW_MONTHS_MAX; i++) {
        struct quote quote = choice_quote(session, visit->insurances, i + 1);
        struct view_month *month = &view->months[view->month_count++];
        *month = (struct view_month){
            .month = visit->first_month + i,
            .amount_fen = quote.total_fen - before_fen,
            .is_not_sold = !choice_sells_months(session, i + 1),
        };
        add_due(&quote, month);
        before_fen = quote.total_fen;
    }
    view->months_chosen = visit->months;
    view->months_min = visit->months_min;
    view->due_fen = visit->quote.total_fen;
    view->can_begin_earlier = view->step == STEP_MONTHS && begin_can_move(session, true);
    view->can_begin_later = view->step == STEP_MONTHS && begin_can_move(session, false);
}

static void add_difference(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    for (int i = 0; i < visit->difference_count; i++)
        view->difference_fen += visit->differences[i].amount_fen;
    if (visit->difference_count > 0) {
        view->difference_first = visit->differences[0].month;
        view->difference_insurance = visit->differences[0].insurance;
        view->difference_last = visit->differences[visit->difference_count - 1].month;
    }
    view->difference_only = choice_is_difference_only(session);
    view->refund_is_due = visit->refund_is_due;
    view->paid_here_only = visit->has_card && !visit->inquiry.shown.is_bureaus;
}

static void add_next(const struct session *session, struct session_view *view)
{
    struct owed_next next;
    owed_find_next(session, &next);
    view->next_month = next.month;
    view->next_insurance = next.insurance;
    view->next_date = next.date;
    view->next_is_late = next.is_late;
}

void session_owed_show(const struct session *session, struct session_view *view)
{
    add_owed(session, view);
    add_list(session, view);
    add_months(session, view);
    add_difference(session, view);
    add_next(session, view);
}
