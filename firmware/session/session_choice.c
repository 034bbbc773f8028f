#include <stdlib.h>
#include <string.h>

#include "session/session_internal.h"

#define YUAN_FEN 100
#define HUNDRED_YUAN_FEN 10000

bool choice_suits_age(const struct session *session, const struct policy_insurance *insurance,
                      const struct identity_card *card)
{
    return registration_suits_age(insurance, card->sex, card->birth, session_today(session));
}

static struct quote quote_run(const struct session *session, uint32_t insurances, month_index first,
                              int months)
{
    const struct session_visit *visit = &session->v;
    struct quote quote;
    struct quote_request request = {
        .insurances = insurances,
        .chosen_base_fen = visit->base_fen,
        .first = first,
        .months = months,
        .paid = visit->paid,
        .area = visit->area,
        .today = session_today(session),
    };
    memcpy(request.from, visit->from, sizeof request.from);
    memcpy(request.grade, visit->grade, sizeof request.grade);
    quote_make(session->parts.policy, &request, &quote);
    return quote;
}

struct quote choice_quote(const struct session *session, uint32_t insurances, int months)
{
    return quote_run(session, insurances, session->v.first_month, months);
}

struct quote choice_quote_one(const struct session *session, int index, month_index month,
                              int64_t base_fen)
{
    const struct policy *policy = session->parts.policy;
    struct quote quote;
    struct quote_request request = {
        .insurances = 1u << index,
        .chosen_base_fen = base_fen,
        .first = month,
        .months = quote_period_months(policy, index, month, session->v.area),
        .area = session->v.area,
    };
    memcpy(request.grade, session->v.grade, sizeof request.grade);
    quote_make(policy, &request, &quote);
    return quote;
}

struct quote choice_quote_month(const struct session *session, int index)
{
    const struct session_visit *visit = &session->v;
    bool is_paid_up = visit->paid_up >> index & 1;
    return choice_quote_one(session, index, is_paid_up ? visit->this_month : visit->from[index],
                            visit->base_fen);
}

bool choice_limits(const struct session *session, int64_t *floor_fen, int64_t *ceiling_fen)
{
    return quote_base_limits(session->parts.policy, session->v.insurances, session->v.first_month,
                             session->v.area, floor_fen, ceiling_fen);
}

/* ---- the run ---- */

/* The run begins with the earliest month that is unpaid in anything chosen and is at least so long
 * that everything chosen has a month in it. */
static void set_run(struct session *session)
{
    struct session_visit *visit = &session->v;
    month_index first = INT32_MAX, last = 0;
    for (int i = 0; i < session->parts.policy->insurance_count; i++) {
        visit->from[i] = begin_of(session, i);
        if (!(visit->insurances >> i & 1))
            continue;
        first = visit->from[i] < first ? visit->from[i] : first;
        last = visit->from[i] > last ? visit->from[i] : last;
    }
    visit->first_month = visit->insurances ? first : visit->this_month;
    visit->months_min = visit->insurances ? last - first + 1 : 1;
}

/* ---- how many months ---- */

/* Whether anything chosen is still to pay for that month of the run. */
static bool has_unpaid(const struct session_visit *visit, month_index month)
{
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        if ((visit->insurances >> i & 1) && month >= visit->from[i] &&
            !due_is_paid(&visit->paid[i], month))
            return true;
    return false;
}

bool choice_sells_months(const struct session *session, int months)
{
    const struct session_visit *visit = &session->v;
    const month_index end = visit->first_month + months;
    if (!has_unpaid(visit, end - 1))
        return false;
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++) {
        if (!(visit->insurances >> i & 1))
            continue;
        if (!quote_period_is_allowed(session->parts.policy, 1u << i, visit->from[i],
                                     end - visit->from[i], visit->this_month))
            return false;
    }
    return visit->insurances != 0 &&
           choice_quote(session, visit->insurances, months).refusal == QUOTE_OK;
}

/* The least number from what was chosen on that is sold at a time; 0 none. */
static int round_up_months(const struct session *session, int months)
{
    for (; months > 0 && months <= session->v.months_max; months++)
        if (choice_sells_months(session, months))
            return months;
    return 0;
}

/* A run may stop short of a whole year that is sold only as one, but not of a month without a
 * price. */
static bool may_go_on(const struct session *session, int months)
{
    enum quote_refusal refusal = choice_quote(session, session->v.insurances, months).refusal;
    return refusal == QUOTE_OK || refusal == QUOTE_PERIOD;
}

static void make_quote(struct session *session)
{
    struct session_visit *visit = &session->v;
    struct quote *quote = &visit->quote;
    if (visit->months > 0)
        *quote = choice_quote(session, visit->insurances, visit->months);
    else
        memset(quote, 0, sizeof *quote);
    for (int i = 0; i < visit->difference_count; i++) {
        quote->lines[quote->line_count++] = visit->differences[i];
        quote->total_fen += visit->differences[i].amount_fen;
    }
}

static void count_months(struct session *session)
{
    struct session_visit *visit = &session->v;
    int rule = quote_months_max(session->parts.policy, visit->insurances, visit->first_month,
                                visit->this_month);
    visit->months_max = 0;
    while (visit->insurances != 0 && visit->months_max < rule &&
           may_go_on(session, visit->months_max + 1))
        visit->months_max++;
    if (visit->months < visit->months_min)
        visit->months = visit->months_min;
    if (visit->months > visit->months_max)
        visit->months = visit->months_max;
    visit->months = round_up_months(session, visit->months);
    make_quote(session);
    session_changed(session);
}

/* ---- the base ---- */

/* The insurance that decides the base of what is chosen; -1 none does. */
static int base_leader(const struct session *session)
{
    const struct policy *policy = session->parts.policy;
    for (int i = 0; i < policy->insurance_count; i++)
        if ((session->v.insurances >> i & 1) && policy->insurances[i].mode == POLICY_RATE)
            return quote_leader(policy, i);
    return -1;
}

/* The bases of a place that has a list of them; 0 where the choice is free. */
static int listed_bases(const struct session *session, int64_t bases_fen[POLICY_GRADES_MAX])
{
    int leader = base_leader(session);
    return leader < 0 ? 0
                      : quote_choices(session->parts.policy, leader, session->v.first_month,
                                      session->v.area, bases_fen);
}

/* A base of a list counts by its place in it: the list may have other sums in a later month. */
static void note_grade(struct session *session)
{
    int64_t listed_fen[POLICY_GRADES_MAX];
    int leader = base_leader(session), listed = listed_bases(session, listed_fen);
    if (leader < 0)
        return;
    session->v.grade[leader] = 0;
    for (int i = 0; i < listed; i++)
        if (listed_fen[i] == session->v.base_fen)
            session->v.grade[leader] = i + 1;
}

/* The lowest is what a person is asked for who chooses nothing. */
static void keep_base_within_limits(struct session *session)
{
    int64_t floor_fen, ceiling_fen, bases_fen[VIEW_BASES_MAX];
    if (!choice_limits(session, &floor_fen, &ceiling_fen))
        return;
    bool is_within = session->v.base_fen >= floor_fen && session->v.base_fen <= ceiling_fen;
    if (!session->v.base_is_chosen || !is_within) {
        (void)choice_bases(session, bases_fen);
        session->v.base_fen = bases_fen[0];
        session->v.base_is_chosen = session->v.base_is_own = false;
    }
    note_grade(session);
}

void choice_make(struct session *session, uint32_t insurances)
{
    session->v.insurances = insurances;
    set_run(session);
    keep_base_within_limits(session);
    count_months(session);
}

/* ---- what there is to choose ---- */

static void sort_out(struct session *session, int index)
{
    struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    const struct policy_insurance *insurance = &policy->insurances[index];
    int months = quote_months_max(policy, 1u << index, visit->this_month, visit->this_month);
    visit->grade[index] = insurance->mode == POLICY_TIERS ? 1 : 0;
    visit->from[index] = begin_of(session, index);
    if (!choice_suits_age(session, insurance, &visit->card))
        return;
    bool is_tiers_year = insurance->mode == POLICY_TIERS && months == QUOTE_MONTHS_MAX;
    if (!is_tiers_year && visit->from[index] >= visit->this_month + months)
        visit->paid_up |= 1u << index;
    else if (begin_has_figures(session, index, visit->from[index]))
        visit->available |= 1u << index;
    else if (due_is_paid(&visit->paid[index], visit->this_month))
        visit->paid_up |= 1u << index;
}

/* What is due by now is chosen at the outset, or what is due first; what is paid further may be
 * added. */
static uint32_t due_first(const struct session_visit *visit)
{
    month_index first = INT32_MAX;
    uint32_t due = 0;
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        if ((visit->available >> i & 1) && visit->from[i] < first)
            first = visit->from[i];
    if (first < visit->this_month)
        first = visit->this_month;
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        if ((visit->available >> i & 1) && visit->from[i] <= first)
            due |= 1u << i;
    return due;
}

/* All that is owed up to this month is what a person is asked for who chooses nothing. */
static int months_owed(const struct session_visit *visit)
{
    int months = visit->this_month - visit->first_month + 1;
    while (months > 1 && !has_unpaid(visit, visit->first_month + months - 1))
        months--;
    return months < 1 ? 1 : months > QUOTE_MONTHS_MAX ? QUOTE_MONTHS_MAX : months;
}

void choice_make_anew(struct session *session, uint32_t insurances)
{
    session->v.insurances = insurances;
    set_run(session);
    session->v.months = months_owed(&session->v);
    choice_make(session, insurances);
}

static void choose_what_is_due(struct session *session)
{
    struct session_visit *visit = &session->v;
    choice_make_anew(session, due_first(visit));
    /* They share no run: a whole year of one, some months of the other. */
    for (int i = 0; visit->months == 0 && i < POLICY_INSURANCES_MAX; i++)
        if (visit->available >> i & 1)
            choice_make_anew(session, 1u << i);
}

void choice_begin(struct session *session)
{
    struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    visit->this_month = month_of_wall(clock_wall_ms(session->parts.clock));
    visit->area = session_area(session);
    visit->available = visit->paid_up = 0;
    visit->begin = 0;
    memset(visit->start, 0, sizeof visit->start);
    owed_read(session);
    for (int i = 0; i < policy->insurance_count; i++)
        sort_out(session, i);
    choose_what_is_due(session);
}

bool choice_all_is_paid(const struct session *session, month_index *next_out)
{
    const struct session_visit *visit = &session->v;
    *next_out = 0;
    if (visit->available != 0 || visit->paid_up == 0)
        return false;
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        if ((visit->paid_up >> i & 1) && (*next_out == 0 || visit->from[i] < *next_out))
            *next_out = visit->from[i];
    return true;
}

/* ---- bases and grades to choose from ---- */

/* Floor and ceiling, and between them what 80, 100 and 200 % would be if the floor is 60 %: only as
 * places to start from, floor and ceiling in whole yuan, the others in full hundreds; any base
 * between the limits may be typed. */
static int free_bases(const struct session *session, int64_t bases_fen[VIEW_BASES_MAX])
{
    static const int SIXTIETHS[] = { 80, 100, 200 };
    int64_t floor_fen, ceiling_fen;
    int count = 0;
    if (!choice_limits(session, &floor_fen, &ceiling_fen))
        return 0;
    int64_t lowest_fen = (floor_fen + YUAN_FEN - 1) / YUAN_FEN * YUAN_FEN;
    int64_t highest_fen = ceiling_fen / YUAN_FEN * YUAN_FEN;
    bases_fen[count++] = lowest_fen <= ceiling_fen ? lowest_fen : floor_fen;
    for (size_t i = 0; i < sizeof SIXTIETHS / sizeof SIXTIETHS[0]; i++) {
        int64_t base_fen = floor_fen * SIXTIETHS[i] / 60;
        base_fen = (base_fen + HUNDRED_YUAN_FEN / 2) / HUNDRED_YUAN_FEN * HUNDRED_YUAN_FEN;
        if (base_fen > bases_fen[count - 1] && base_fen < highest_fen)
            bases_fen[count++] = base_fen;
    }
    if (highest_fen > bases_fen[count - 1])
        bases_fen[count++] = highest_fen;
    return count;
}

/* From a list as many as there are places, from its lowest to its highest; any other of it may be
 * typed. */
int choice_bases(const struct session *session, int64_t bases_fen[VIEW_BASES_MAX])
{
    int64_t listed_fen[POLICY_GRADES_MAX];
    int listed = listed_bases(session, listed_fen);
    int count = listed < VIEW_BASES_MAX ? listed : VIEW_BASES_MAX;
    if (listed == 0)
        return free_bases(session, bases_fen);
    for (int i = 0; i < count; i++)
        bases_fen[i] = listed_fen[count > 1 ? i * (listed - 1) / (count - 1) : 0];
    return count;
}

static bool is_listed(const struct session *session, int64_t base_fen)
{
    int64_t listed_fen[POLICY_GRADES_MAX];
    int listed = listed_bases(session, listed_fen);
    for (int i = 0; i < listed; i++)
        if (listed_fen[i] == base_fen)
            return true;
    return listed == 0;
}

void choice_toggle(struct session *session, int index)
{
    struct session_visit *visit = &session->v;
    if (index < 0 || index >= 32 || !(visit->available >> index & 1))
        return;
    visit->begin = 0;
    choice_make_anew(session, visit->insurances ^ 1u << index);
    /* One of them can only be paid for this month and the other only from a later one, or for a
     * whole year. */
    if (visit->months == 0 && (visit->insurances >> index & 1))
        choice_make_anew(session, 1u << index);
}

int choice_list(const struct session *session, int index, int64_t values[POLICY_GRADES_MAX])
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    if (index < 0 || index >= policy->insurance_count)
        return 0;
    return quote_choices(policy, index, visit->from[index], visit->area, values);
}

void choice_take_grade(struct session *session, int index, int grade)
{
    int64_t values[POLICY_GRADES_MAX];
    int count = choice_list(session, index, values);
    if (grade < 1 || grade > count)
        return;
    if (session->parts.policy->insurances[index].mode == POLICY_TIERS) {
        session->v.grade[index] = grade;
        count_months(session);
    } else {
        choice_take_base(session, values[grade - 1], false);
    }
}

void choice_take_base(struct session *session, int64_t base_fen, bool is_own)
{
    session->v.base_fen = base_fen;
    session->v.base_is_chosen = true;
    session->v.base_is_own = is_own;
    session->v.base_refused = false;
    note_grade(session);
    count_months(session);
}

bool choice_typed_base(const struct session *session, int64_t *base_fen)
{
    int64_t floor_fen, ceiling_fen;
    *base_fen = strtoll(session->v.base_typed, NULL, 10) * 100;
    return choice_limits(session, &floor_fen, &ceiling_fen) && *base_fen >= floor_fen &&
           *base_fen <= ceiling_fen && is_listed(session, *base_fen);
}

void choice_take_months(struct session *session, int months)
{
    if (months < session->v.months_min || months > session->v.months_max ||
        !choice_sells_months(session, months))
        return;
    session->v.months = months;
    count_months(session);
}

bool choice_is_difference_only(const struct session *session)
{
    const struct session_visit *visit = &session->v;
    bool may_be = false;
    for (int i = 0; i < visit->difference_count; i++)
        may_be |= session->parts.policy->insurances[visit->differences[i].insurance].retro !=
                  POLICY_RETRO_NEXT_MONTH;
    return visit->months == 0 && may_be;
}

bool choice_is_payable(const struct session *session)
{
    const struct session_visit *visit = &session->v;
    return (visit->months > 0 || choice_is_difference_only(session)) &&
           visit->quote.refusal == QUOTE_OK && visit->quote.total_fen > 0;
}

void choice_append_digit(char *text, size_t size, int digit)
{
    size_t length = strlen(text);
    if (digit < 0 || digit > 9 || length + 1 >= size)
        return;
    text[length] = (char)('0' + digit);
    text[length + 1] = '\0';
}

void choice_erase_digit(char *text)
{
    size_t length = strlen(text);
    if (length > 0)
        text[length - 1] = '\0';
}
