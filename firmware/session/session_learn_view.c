#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "plan/cost.h"
#include "session/session_internal.h"

static month_index this_month(const struct session *session)
{
    return month_of_wall(clock_wall_ms(session->parts.clock));
}

/* ---- choices ---- */

static bool has_list(const struct policy_insurance *insurance)
{
    return insurance->mode == POLICY_TIERS || insurance->choice == POLICY_CHOOSE_GRADES ||
           insurance->choice == POLICY_CHOOSE_PERCENT;
}

int session_learn_picks(const struct session *session, int insurance,
                        int64_t out[POLICY_GRADES_MAX])
{
    const struct policy *policy = session->parts.policy;
    if (!has_list(&policy->insurances[insurance])) /* one that follows has no list of its own */
        return 0;
    return quote_choices(policy, insurance, this_month(session), session_area(session), out);
}

static bool is_free(const struct policy_insurance *insurance)
{
    return insurance->mode == POLICY_RATE && insurance->same_base < 0 &&
           insurance->choice == POLICY_CHOOSE_FREE;
}

/* From the lowest floor to the highest ceiling: each insurance holds the base against its own. */
bool session_learn_base_limits(const struct session *session, int64_t *floor_fen,
                               int64_t *ceiling_fen)
{
    const struct policy *policy = session->parts.policy;
    *floor_fen = INT64_MAX;
    *ceiling_fen = 0;
    for (int i = 0; policy && i < policy->insurance_count; i++) {
        const struct policy_range *limits = policy_find_range_in(
            &policy->insurances[i].limits, this_month(session), session_area(session));
        if (!is_free(&policy->insurances[i]) || !limits)
            continue;
        if (limits->floor_fen < *floor_fen)
            *floor_fen = limits->floor_fen;
        if (limits->ceiling_fen > *ceiling_fen)
            *ceiling_fen = limits->ceiling_fen;
    }
    return *ceiling_fen > 0;
}

/* ---- standards ---- */

static struct cost cost_of(const struct session *session, int insurance, int64_t base_fen,
                           int grade, int months)
{
    struct cost cost;
    const struct cost_request request = { .insurance = insurance,
                                          .base_fen = base_fen,
                                          .grade = grade,
                                          .first = this_month(session),
                                          .area = session_area(session),
                                          .months = months };
    cost_make(session->parts.policy, &request, &cost);
    return cost;
}

static enum view_choice choice_of(const struct policy_insurance *insurance)
{
    if (insurance->mode == POLICY_TIERS)
        return CHOICE_TIERS;
    if (insurance->mode == POLICY_FIXED || insurance->same_base >= 0)
        return CHOICE_NONE;
    switch (insurance->choice) {
    case POLICY_CHOOSE_GRADES:
        return CHOICE_GRADES;
    case POLICY_CHOOSE_PERCENT:
        return CHOICE_PERCENT;
    case POLICY_CHOOSE_FREE:
        return CHOICE_FREE;
    case POLICY_CHOOSE_INHERIT:
        break;
    }
    return CHOICE_NONE;
}

/* The lowest and the highest a month can cost, or a year where it is sold by the year. */
static void show_amounts(const struct session *session, int index, struct view_standard *out)
{
    int64_t list_fen[POLICY_GRADES_MAX];
    out->pick_count = session_learn_picks(session, index, list_fen);
    struct cost least = cost_of(session, index, 0, out->pick_count > 0, 1);
    out->is_yearly = least.refusal == QUOTE_PERIOD;
    const int months = out->is_yearly ? 12 : 1;
    least = cost_of(session, index, 0, out->pick_count > 0, months);
    struct cost most = cost_of(session, index, MONEY_FEN_MAX, out->pick_count, months);
    out->is_known = least.refusal == QUOTE_OK && most.refusal == QUOTE_OK;
    out->least_fen = least.amount_fen;
    out->most_fen = most.amount_fen;
}

static int32_t rate_in(const struct policy_insurance *insurance, month_index month, int area)
{
    const struct policy_range *rate = policy_find_range_in(&insurance->rate, month, area);
    int32_t sum = 0;
    if (rate)
        return rate->rate;
    for (int i = 0; i < insurance->part.count; i++)
        if (insurance->part.items[i].first <= month && month <= insurance->part.items[i].last)
            sum += insurance->part.items[i].rate;
    return sum;
}

static void show_figures(const struct policy_insurance *insurance, month_index month, int area,
                         struct view_standard *out)
{
    const struct policy_range *limits = policy_find_range_in(&insurance->limits, month, area);
    const struct policy_range *account = policy_find_range_in(&insurance->account, month, area);
    const struct policy_range *average = policy_find_range_in(&insurance->average, month, area);
    if (limits) {
        out->floor_fen = limits->floor_fen;
        out->ceiling_fen = limits->ceiling_fen;
    }
    out->rate = rate_in(insurance, month, area);
    out->account_rate = account ? account->rate : 0;
    out->average_fen = average ? average->amount_fen : 0;
}

static unsigned pays_of(const struct policy_insurance *insurance)
{
    return (insurance->pay & POLICY_PAY_MONTH ? VIEW_PAYS(1) : 0) |
           (insurance->pay & POLICY_PAY_QUARTER ? VIEW_PAYS(3) : 0) |
           (insurance->pay & POLICY_PAY_HALF ? VIEW_PAYS(6) : 0) |
           (insurance->pay & POLICY_PAY_YEAR ? VIEW_PAYS(12) : 0);
}

static void show_rules(const struct policy_insurance *insurance, struct view_standard *out)
{
    static const enum view_back BACKS[] = { [POLICY_BACK_NONE] = BACK_NONE,
                                            [POLICY_BACK_YEAR] = BACK_YEAR,
                                            [POLICY_BACK_MONTHS] = BACK_MONTHS };
    static const enum view_retro RETROS[] = { [POLICY_RETRO_UNSET] = RETRO_UNSET,
                                              [POLICY_RETRO_NONE] = RETRO_NONE,
                                              [POLICY_RETRO_COLLECT] = RETRO_COLLECT,
                                              [POLICY_RETRO_FLOOR_ONLY] = RETRO_FLOOR_ONLY,
                                              [POLICY_RETRO_NEXT_MONTH] = RETRO_NEXT_MONTH };
    out->pays = pays_of(insurance);
    out->pays_ahead = insurance->pay_ahead;
    out->back = BACKS[insurance->back];
    out->back_months = insurance->back_months;
    out->retro = RETROS[insurance->retro];
    out->surcharge = insurance->surcharge;
    out->due_day = insurance->due_day;
    out->wait_months = insurance->wait_months;
    out->wait_gap_months = insurance->wait_gap_months;
    out->wait_break_months = insurance->wait_break_months;
    out->age_min = insurance->age_min;
    out->age_max_male = insurance->age_max_male;
    out->age_max_female = insurance->age_max_female;
}

static void show_standard(const struct session *session, int index, struct view_standard *out)
{
    const struct policy_insurance *insurance = &session->parts.policy->insurances[index];
    text_copy(out->name[LANGUAGE_ZH], sizeof out->name[0], insurance->name_zh);
    text_copy(out->name[LANGUAGE_EN], sizeof out->name[0], insurance->name_en);
    text_copy(out->basis[LANGUAGE_ZH], sizeof out->basis[0], insurance->basis_zh);
    text_copy(out->basis[LANGUAGE_EN], sizeof out->basis[0], insurance->basis_en);
    out->is_rate = insurance->mode == POLICY_RATE;
    out->follows = insurance->same_base >= 0;
    out->choice = choice_of(insurance);
    show_amounts(session, index, out);
    show_figures(insurance, this_month(session), session_area(session), out);
    show_rules(insurance, out);
}

/* ---- calculator ---- */

static int grade_of(const struct session *session, int insurance)
{
    const struct policy *policy = session->parts.policy;
    int64_t list_fen[POLICY_GRADES_MAX];
    int leader = quote_leader(policy, insurance);
    int count = session_learn_picks(session, leader, list_fen),
        grade = session->v.learn.grades[leader];
    if (count == 0)
        return 0;
    return grade >= 1 && grade <= count ? grade : 1;
}

static int32_t percent_of(const struct session *session, int insurance, int grade)
{
    const struct policy_insurance *rules = &session->parts.policy->insurances[insurance];
    const struct policy_range *range =
        policy_find_range_in(&rules->percent, this_month(session), session_area(session));
    if (rules->choice != POLICY_CHOOSE_PERCENT || !range)
        return 0;
    return (int32_t)rules->lists[range->list].values[grade - 1];
}

static void show_calculation(const struct session *session, int index, struct view_calculation *out)
{
    static const int MONTHS[PERIODS] = {
        [PERIOD_MONTH] = 1, [PERIOD_QUARTER] = 3, [PERIOD_YEAR] = 12
    };
    int64_t list_fen[POLICY_GRADES_MAX];
    if (session_learn_picks(session, index, list_fen) > 0) {
        out->pick = grade_of(session, index);
        out->pick_fen = list_fen[out->pick - 1];
        out->pick_percent = percent_of(session, index, out->pick);
    }
    for (int period = 0; period < PERIODS; period++) {
        struct cost cost = cost_of(session, index, session->v.learn.base_fen,
                                   grade_of(session, index), MONTHS[period]);
        out->costs[period] = (struct view_cost){
            .is_known = cost.refusal == QUOTE_OK,
            .amount_fen = cost.amount_fen,
            .unknown = cost.refusal == QUOTE_PERIOD ? 0 : cost.refused_month,
        };
    }
}

static void add_totals(struct view_learn *view)
{
    for (int period = 0; period < PERIODS; period++) {
        struct view_cost *total = &view->totals[period];
        total->is_known = view->standard_count > 0;
        for (int i = 0; i < view->standard_count; i++) {
            const struct view_cost *cost = &view->calculations[i].costs[period];
            total->is_known = total->is_known && cost->is_known;
            total->amount_fen += cost->amount_fen;
        }
    }
}

static void show_calculator(const struct session *session, struct view_learn *view)
{
    const struct session_learn *learn = &session->v.learn;
    view->has_base =
        session_learn_base_limits(session, &view->base_floor_fen, &view->base_ceiling_fen);
    view->base_fen = learn->base_fen > 0 ? learn->base_fen : view->base_floor_fen;
    for (int i = 0; i < view->standard_count; i++)
        show_calculation(session, i, &view->calculations[i]);
    add_totals(view);
    view->picking = learn->picking;
    view->pick_count = session_learn_picks(session, learn->picking, view->picks_fen);
    for (int i = 0; i < view->pick_count; i++)
        view->picks_percent[i] = percent_of(session, learn->picking, i + 1);
}

/* ---- after leaving a job ---- */

static struct view_day day_of(const struct session *session, const struct leaving_day *day)
{
    return (struct view_day){ .month = day->month,
                              .day = day->day,
                              .is_fixed = day->is_fixed,
                              .is_over = leaving_is_over(day, session_today(session)) };
}

static void show_line(const struct session *session, const struct leaving_line *line,
                      struct view_leaving *out)
{
    static const enum view_wait WAITS[] = { [LEAVING_WAIT_NONE] = WAIT_NONE,
                                            [LEAVING_WAIT_MONTHS] = WAIT_MONTHS,
                                            [LEAVING_WAIT_NOT_STATED] = WAIT_NOT_STATED };
    static const enum view_back_cost COSTS[] = { [LEAVING_COST_NOTHING] = BACK_COST_NOTHING,
                                                 [LEAVING_COST_SUM] = BACK_COST_SUM,
                                                 [LEAVING_COST_REFUSED] = BACK_COST_REFUSED,
                                                 [LEAVING_COST_PENDING] = BACK_COST_PENDING,
                                                 [LEAVING_COST_WINDOW] = BACK_COST_WINDOW };
    /* AAE140: 310 and what else begins so is medical insurance. */
    out->is_medical = session->parts.policy->insurances[line->insurance].code[0] == '3';
    out->wait = WAITS[line->wait];
    out->wait_months = line->wait_months;
    out->gap_months_max = line->gap_months_max;
    out->no_gap = day_of(session, &line->no_gap);
    out->no_wait = day_of(session, &line->no_wait);
    out->due_first = line->due_first;
    out->due_months = line->due_months;
    out->due_day = line->due_day;
    out->is_late = line->is_late;
    out->cost = COSTS[line->cost];
    out->back_first = line->back_first;
    out->back_last = line->back_last;
    out->closes = line->closes;
    out->amount_fen = line->amount_fen;
    out->refused_month = line->refused_month;
}

static void show_leaving(const struct session *session, struct view_learn *view)
{
    const struct session_learn *learn = &session->v.learn;
    struct clock_civil now = clock_civil_of(clock_wall_ms(session->parts.clock));
    struct leaving leaving;
    view->leaving_year = learn->year;
    view->leaving_year_first = now.year - LEARN_YEARS_BACK;
    view->leaving_year_last = now.year;
    view->left = learn->left;
    view->print = learn->print;
    if (learn->left == 0)
        return;
    leaving_check(session->parts.policy, learn->left, session_today(session), session_area(session),
                  &leaving);
    view->missing = leaving.missing;
    view->first_missing = leaving.first_missing;
    for (int i = 0; i < leaving.line_count && i < VIEW_STANDARDS_MAX; i++)
        show_line(session, &leaving.lines[i], &view->leaving[view->leaving_count++]);
}

/* ---- the figure that was touched ---- */

/* On the page of what is owed a figure is the person's own, on all others the calculator's. */
static bool price_line(const struct session *session, int insurance, struct quote *quote)
{
    const struct session_visit *visit = &session->v;
    if (session->visit.state != VISIT_LEARN && visit->has_card) {
        *quote = choice_quote_month(session, insurance);
        return quote->refusal == QUOTE_OK && quote->line_count > 0;
    }
    const struct cost_request request = { .insurance = insurance,
                                          .base_fen = visit->learn.base_fen,
                                          .grade = grade_of(session, insurance),
                                          .first = this_month(session),
                                          .area = session_area(session),
                                          .months = 1 };
    cost_quote_month(session->parts.policy, &request, quote);
    return quote->refusal == QUOTE_OK && quote->line_count > 0;
}

static void show_figure(const struct session *session, struct view_learn *view)
{
    struct quote quote;
    int insurance = session->modes.figure / FIGURES;
    enum view_figure figure = (enum view_figure)(session->modes.figure % FIGURES);
    if (insurance >= view->standard_count)
        return;
    bool is_priced = figure == FIGURE_AMOUNT && price_line(session, insurance, &quote);
    month_index month = is_priced ? quote.lines[0].month : view->month;
    /* The figures beside the documents are of the same month. */
    show_figures(&session->parts.policy->insurances[insurance], month, session_area(session),
                 &view->standards[insurance]);
    session_explain(session->parts.policy, insurance, figure, month, session_area(session),
                    is_priced ? &quote.lines[0] : NULL, &view->explained);
}

/* ---- all of it ---- */

void session_learn_show(struct session *session, struct session_view *out)
{
    const struct policy *policy = session->parts.policy;
    const struct session_learn *learn = &session->v.learn;
    struct view_learn *view = &out->learn;
    const bool is_figure = out->overlay == OVERLAY_FIGURE;
    view->is_on = session->visit.state == VISIT_LEARN;
    if (!policy || (!view->is_on && !is_figure))
        return;
    view->month = this_month(session);
    view->standard_count = policy->insurance_count;
    for (int i = 0; i < view->standard_count; i++)
        show_standard(session, i, &view->standards[i]);
    if (is_figure)
        show_figure(session, view);
    if (!view->is_on)
        return;
    show_calculator(session, view);
    show_leaving(session, view);
    if (out->step != STEP_BASE)
        return;
    out->base_floor_fen = view->base_floor_fen;
    out->base_ceiling_fen = view->base_ceiling_fen;
    out->base_refused = learn->base_refused;
    text_copy(out->base_typed, sizeof out->base_typed, learn->typed);
}
_Static_assert(POLICY_INSURANCES_MAX == VIEW_STANDARDS_MAX, "each insurance has a place");
_Static_assert(POLICY_GRADES_MAX == VIEW_PICKS_MAX, "each grade has a place");
