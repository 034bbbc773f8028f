#include <stdlib.h>
#include <string.h>

#include "session/session_internal.h"

#define HUNDRED_YUAN_FEN 10000

bool choice_suits_age(const struct session *session, const struct policy_insurance *insurance,
                      const struct identity_card *card)
{
    int age = identity_age(card->birth, session_today(session));
    int oldest = card->sex == 2 ? insurance->age_max_female : insurance->age_max_male;
    return age >= insurance->age_min && (oldest == 0 || age < oldest);
}

struct quote choice_quote(const struct session *session, uint32_t insurances, int months)
{
    struct quote quote;
    const struct quote_request request = {
        .insurances = insurances,
        .chosen_base_fen = session->v.base_fen,
        .first = session->v.first_month,
        .months = months,
    };
    quote_make(session->parts.policy, &request, &quote);
    return quote;
}

bool choice_limits(const struct session *session, int64_t *floor_fen, int64_t *ceiling_fen)
{
    return quote_base_limits(session->parts.policy, session->v.insurances, session->v.first_month,
                             floor_fen, ceiling_fen);
}

static void count_months(struct session *session)
{
    struct session_visit *visit = &session->v;
    int rule = quote_months_max(session->parts.policy, visit->insurances, visit->first_month);
    visit->months_max = 0;
    while (visit->insurances != 0 && visit->months_max < rule &&
           choice_quote(session, visit->insurances, visit->months_max + 1).refusal == QUOTE_OK)
        visit->months_max++;
    if (visit->months > visit->months_max)
        visit->months = visit->months_max;
    if (visit->months < 1 && visit->months_max > 0)
        visit->months = 1;
    if (visit->months > 0)
        visit->quote = choice_quote(session, visit->insurances, visit->months);
    else
        memset(&visit->quote, 0, sizeof visit->quote);
    session_changed(session);
}

/* The floor is what a person is asked for who chooses nothing. */
static void keep_base_within_limits(struct session *session)
{
    int64_t floor_fen, ceiling_fen;
    if (!choice_limits(session, &floor_fen, &ceiling_fen))
        return;
    if (session->v.base_fen < floor_fen || session->v.base_fen > ceiling_fen) {
        session->v.base_fen = floor_fen;
        session->v.base_is_own = false;
    }
}

static bool has_figures(const struct session *session, int index)
{
    const struct policy *policy = session->parts.policy;
    struct quote quote;
    struct quote_request request = {
        .insurances = 1u << index,
        .first = session->v.first_month,
        .months = 1,
    };
    int64_t ceiling_fen;
    (void)quote_base_limits(policy, request.insurances, request.first, &request.chosen_base_fen,
                            &ceiling_fen);
    quote_make(policy, &request, &quote);
    return quote.refusal == QUOTE_OK;
}

void choice_begin(struct session *session)
{
    struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    visit->first_month = month_of_wall(clock_wall_ms(session->parts.clock));
    visit->available = 0;
    for (int i = 0; i < policy->insurance_count; i++)
        if (choice_suits_age(session, &policy->insurances[i], &visit->card) &&
            has_figures(session, i))
            visit->available |= 1u << i;
    visit->insurances = visit->available;
    visit->months = 1;
    keep_base_within_limits(session);
    count_months(session);
}

/* Floor and ceiling, and between them what 80, 100 and 200 % would be if the floor is 60 %: only as
 * places to start from, in full hundreds; any base between the limits may be typed. */
int choice_bases(const struct session *session, int64_t bases_fen[VIEW_BASES_MAX])
{
    static const int SIXTIETHS[] = { 80, 100, 200 };
    int64_t floor_fen, ceiling_fen;
    int count = 0;
    if (!choice_limits(session, &floor_fen, &ceiling_fen))
        return 0;
    bases_fen[count++] = floor_fen;
    for (size_t i = 0; i < sizeof SIXTIETHS / sizeof SIXTIETHS[0]; i++) {
        int64_t base_fen = floor_fen * SIXTIETHS[i] / 60;
        base_fen = (base_fen + HUNDRED_YUAN_FEN / 2) / HUNDRED_YUAN_FEN * HUNDRED_YUAN_FEN;
        if (base_fen > bases_fen[count - 1] && base_fen < ceiling_fen)
            bases_fen[count++] = base_fen;
    }
    if (ceiling_fen > floor_fen)
        bases_fen[count++] = ceiling_fen;
    return count;
}

void choice_toggle(struct session *session, int index)
{
    if (index < 0 || index >= 32 || !(session->v.available >> index & 1))
        return;
    session->v.insurances ^= 1u << index;
    keep_base_within_limits(session);
    count_months(session);
}

void choice_take_base(struct session *session, int64_t base_fen, bool is_own)
{
    session->v.base_fen = base_fen;
    session->v.base_is_own = is_own;
    session->v.base_refused = false;
    count_months(session);
}

bool choice_typed_base(const struct session *session, int64_t *base_fen)
{
    int64_t floor_fen, ceiling_fen;
    *base_fen = strtoll(session->v.base_typed, NULL, 10) * 100;
    return choice_limits(session, &floor_fen, &ceiling_fen) && *base_fen >= floor_fen &&
           *base_fen <= ceiling_fen;
}

void choice_take_months(struct session *session, int months)
{
    if (months < 1 || months > session->v.months_max)
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
