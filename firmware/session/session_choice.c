#include <stdlib.h>
#include <string.h>

#include "session/session_internal.h"

#define YUAN_FEN 100
#define HUNDRED_YUAN_FEN 10000

bool choice_suits_age(const struct session *session, const struct policy_insurance *insurance,
                      const struct identity_card *card)
{
    int age = identity_age(card->birth, session_today(session));
    int oldest = card->sex == 2 ? insurance->age_max_female : insurance->age_max_male;
    return age >= insurance->age_min && (oldest == 0 || age < oldest);
}

static struct quote quote_run(const struct session *session, uint32_t insurances, month_index first,
                              int months)
{
    struct quote quote;
    struct quote_request request = {
        .insurances = insurances,
        .chosen_base_fen = session->v.base_fen,
        .first = first,
        .months = months,
    };
    memcpy(request.unpaid_from, session->v.unpaid_from, sizeof request.unpaid_from);
    quote_make(session->parts.policy, &request, &quote);
    return quote;
}

struct quote choice_quote(const struct session *session, uint32_t insurances, int months)
{
    return quote_run(session, insurances, session->v.first_month, months);
}

static struct quote quote_one(const struct policy *policy, int index, month_index month,
                              int64_t base_fen)
{
    struct quote quote;
    const struct quote_request request = {
        .insurances = 1u << index,
        .chosen_base_fen = base_fen,
        .first = month,
        .months = 1,
    };
    quote_make(policy, &request, &quote);
    return quote;
}

struct quote choice_quote_month(const struct session *session, int index)
{
    const struct session_visit *visit = &session->v;
    bool is_paid_up = visit->paid_up >> index & 1;
    return quote_one(session->parts.policy, index,
                     is_paid_up ? visit->this_month : visit->unpaid_from[index], visit->base_fen);
}

bool choice_limits(const struct session *session, int64_t *floor_fen, int64_t *ceiling_fen)
{
    return quote_base_limits(session->parts.policy, session->v.insurances, session->v.first_month,
                             floor_fen, ceiling_fen);
}

/* The run begins with the earliest month that is unpaid in anything chosen and is at least so long
 * that everything chosen has a month in it. */
static void set_run(struct session_visit *visit)
{
    month_index first = INT32_MAX, last = 0;
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++) {
        if (!(visit->insurances >> i & 1))
            continue;
        first = visit->unpaid_from[i] < first ? visit->unpaid_from[i] : first;
        last = visit->unpaid_from[i] > last ? visit->unpaid_from[i] : last;
    }
    visit->first_month = visit->insurances ? first : visit->this_month;
    visit->months_min = visit->insurances ? last - first + 1 : 1;
}

bool choice_sells_months(const struct session *session, int months)
{
    const struct session_visit *visit = &session->v;
    return quote_period_is_allowed(session->parts.policy, visit->insurances, visit->first_month,
                                   months);
}

/* The least number from what was chosen on that is sold at a time; 0 none. */
static int round_up_months(const struct session *session, int months)
{
    for (; months > 0 && months <= session->v.months_max; months++)
        if (choice_sells_months(session, months))
            return months;
    return 0;
}

static void count_months(struct session *session)
{
    struct session_visit *visit = &session->v;
    int rule = quote_months_max(session->parts.policy, visit->insurances, visit->first_month);
    visit->months_max = 0;
    while (visit->insurances != 0 && visit->months_max < rule &&
           choice_quote(session, visit->insurances, visit->months_max + 1).refusal == QUOTE_OK)
        visit->months_max++;
    if (visit->months < visit->months_min)
        visit->months = visit->months_min;
    if (visit->months > visit->months_max)
        visit->months = visit->months_max;
    visit->months = round_up_months(session, visit->months);
    if (visit->months > 0)
        visit->quote = choice_quote(session, visit->insurances, visit->months);
    else
        memset(&visit->quote, 0, sizeof visit->quote);
    session_changed(session);
}

/* The lowest is what a person is asked for who chooses nothing. */
static void keep_base_within_limits(struct session *session)
{
    int64_t floor_fen, ceiling_fen, bases_fen[VIEW_BASES_MAX];
    if (!choice_limits(session, &floor_fen, &ceiling_fen))
        return;
    bool is_within = session->v.base_fen >= floor_fen && session->v.base_fen <= ceiling_fen;
    if (session->v.base_is_chosen && is_within)
        return;
    (void)choice_bases(session, bases_fen);
    session->v.base_fen = bases_fen[0];
    session->v.base_is_chosen = session->v.base_is_own = false;
}

static void choose(struct session *session, uint32_t insurances)
{
    session->v.insurances = insurances;
    set_run(&session->v);
    keep_base_within_limits(session);
    count_months(session);
}

static bool has_figures(const struct session *session, int index)
{
    const struct policy *policy = session->parts.policy;
    month_index month = session->v.unpaid_from[index];
    int64_t floor_fen = 0, ceiling_fen;
    (void)quote_base_limits(policy, 1u << index, month, &floor_fen, &ceiling_fen);
    return quote_one(policy, index, month, floor_fen).refusal == QUOTE_OK;
}

/* This month or, if that is paid, the one after the last paid. A journal that cannot be read is no
 * reason to show nothing: entries_accept_quote asks again before money is taken. */
static month_index find_unpaid(const struct session *session, int index)
{
    const struct session_visit *visit = &session->v;
    month_index until;
    enum status status = journal_paid_until(session->parts.journal, visit->person,
                                            session->parts.policy->insurances[index].code, &until);
    return status == STATUS_OK && until >= visit->this_month ? until + 1 : visit->this_month;
}

static void sort_out(struct session *session, int index)
{
    struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    int months = quote_months_max(policy, 1u << index, visit->this_month);
    visit->unpaid_from[index] = find_unpaid(session, index);
    if (!choice_suits_age(session, &policy->insurances[index], &visit->card))
        return;
    if (visit->unpaid_from[index] >= visit->this_month + months)
        visit->paid_up |= 1u << index;
    else if (has_figures(session, index))
        visit->available |= 1u << index;
}

/* What is due first is chosen at the outset; what is paid further may be added. */
static uint32_t due_first(const struct session_visit *visit)
{
    month_index first = INT32_MAX;
    uint32_t due = 0;
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++) {
        if (!(visit->available >> i & 1) || visit->unpaid_from[i] > first)
            continue;
        due = visit->unpaid_from[i] < first ? 0 : due;
        first = visit->unpaid_from[i];
        due |= 1u << i;
    }
    return due;
}

void choice_begin(struct session *session)
{
    struct session_visit *visit = &session->v;
    visit->this_month = month_of_wall(clock_wall_ms(session->parts.clock));
    visit->available = visit->paid_up = 0;
    for (int i = 0; i < session->parts.policy->insurance_count; i++)
        sort_out(session, i);
    visit->months = 1;
    choose(session, due_first(visit));
}

bool choice_all_is_paid(const struct session *session, month_index *next_out)
{
    const struct session_visit *visit = &session->v;
    *next_out = 0;
    if (visit->available != 0 || visit->paid_up == 0)
        return false;
    for (int i = 0; i < POLICY_INSURANCES_MAX; i++)
        if ((visit->paid_up >> i & 1) && (*next_out == 0 || visit->unpaid_from[i] < *next_out))
            *next_out = visit->unpaid_from[i];
    return true;
}

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

/* The bases of a place that has a list of them; 0 where the choice is free. */
static int listed_bases(const struct session *session, int64_t bases_fen[POLICY_GRADES_MAX])
{
    const struct policy *policy = session->parts.policy;
    int count = 0;
    for (int i = 0; i < policy->insurance_count && count == 0; i++)
        if ((session->v.insurances >> i & 1) && policy->insurances[i].mode == POLICY_RATE)
            count = quote_choices(policy, i, session->v.first_month, 0, bases_fen);
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
    if (index < 0 || index >= 32 || !(session->v.available >> index & 1))
        return;
    choose(session, session->v.insurances ^ 1u << index);
    /* One of them can only be paid for this month and the other only from a later one. */
    if (session->v.months_min > session->v.months_max && (session->v.insurances >> index & 1))
        choose(session, 1u << index);
}

void choice_take_base(struct session *session, int64_t base_fen, bool is_own)
{
    session->v.base_fen = base_fen;
    session->v.base_is_chosen = true;
    session->v.base_is_own = is_own;
    session->v.base_refused = false;
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

bool choice_is_payable(const struct session *session)
{
    return session->v.months > 0 && session->v.quote.refusal == QUOTE_OK &&
           session->v.quote.total_fen > 0;
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
