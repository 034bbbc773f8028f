/*
 * From when on: with which month each insurance begins, and which other beginning the person may
 * choose. Whoever registers chooses a start for each insurance, as far as the back rule lets; who
 * pays may leave out what is late, or reach back as far as the rule goes.
 */
#include "session/session_internal.h"

bool begin_has_figures(const struct session *session, int index, month_index month)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    int64_t bases_fen[POLICY_GRADES_MAX], base_fen = visit->base_fen, ceiling_fen = 0;
    if (quote_choices(policy, index, month, visit->area, bases_fen) > 0)
        base_fen = bases_fen[0];
    else
        (void)quote_base_limits(policy, 1u << index, month, visit->area, &base_fen, &ceiling_fen);
    return choice_quote_one(session, index, month, base_fen).refusal == QUOTE_OK;
}

static month_index begin_from(const struct session *session, int index, month_index month)
{
    return due_begin(&session->parts.policy->insurances[index], &session->v.paid[index],
                     session_today(session), month);
}

/* With what is owed, if there are figures for it, else with this month; or as the person chose. */
month_index begin_of(const struct session *session, int index)
{
    const struct session_visit *visit = &session->v;
    const struct due_owed *owed = &visit->owed[index];
    month_index chosen = visit->begin > visit->start[index] ? visit->begin : visit->start[index];
    if (chosen > 0)
        return begin_from(session, index, chosen);
    return owed->next < owed->latest && begin_has_figures(session, index, owed->next)
               ? owed->next
               : owed->latest;
}

static bool is_beginning_of(const struct session *session, int index, month_index month)
{
    return begin_from(session, index, month) == month && begin_has_figures(session, index, month);
}

/* ---- the run that is paid ---- */

/* A month that something chosen may begin with. */
static bool is_beginning(const struct session *session, month_index month)
{
    const struct session_visit *visit = &session->v;
    for (int i = 0; i < session->parts.policy->insurance_count; i++)
        if ((visit->insurances >> i & 1) && is_beginning_of(session, i, month))
            return true;
    return false;
}

/* No earlier than the back rule lets, and no later than the first unpaid month from this one on. */
static month_index find_beginning(const struct session *session, bool is_earlier)
{
    const struct session_visit *visit = &session->v;
    month_index earliest = INT32_MAX, latest = 0;
    for (int i = 0; i < session->parts.policy->insurance_count; i++) {
        const struct due_owed *owed = &visit->owed[i];
        if (!(visit->insurances >> i & 1))
            continue;
        earliest = owed->earliest < earliest ? owed->earliest : earliest;
        latest = owed->latest > latest ? owed->latest : latest;
    }
    const int step = is_earlier ? -1 : 1;
    for (month_index month = visit->first_month + step; month >= earliest && month <= latest;
         month += step)
        if (is_beginning(session, month))
            return month;
    return 0;
}

bool begin_can_move(const struct session *session, bool is_earlier)
{
    return session->v.insurances != 0 && find_beginning(session, is_earlier) != 0;
}

void begin_move(struct session *session, bool is_earlier)
{
    struct session_visit *visit = &session->v;
    month_index before = visit->begin, month = find_beginning(session, is_earlier);
    int months = visit->months;
    if (month == 0)
        return;
    visit->begin = month;
    choice_make_anew(session, visit->insurances);
    if (visit->months > 0)
        return;
    visit->begin = before; /* no period that is sold begins there */
    visit->months = months;
    choice_make(session, visit->insurances);
}

/* ---- the start that is registered ---- */

static month_index find_start(const struct session *session, int index, bool is_earlier)
{
    const struct session_visit *visit = &session->v;
    const struct due_owed *owed = &visit->owed[index];
    const int step = is_earlier ? -1 : 1;
    if (!(visit->insurances >> index & 1))
        return 0;
    for (month_index month = visit->from[index] + step;
         month >= owed->earliest && month <= owed->latest; month += step)
        if (is_beginning_of(session, index, month))
            return month;
    return 0;
}

bool begin_can_start(const struct session *session, int index, bool is_earlier)
{
    return find_start(session, index, is_earlier) != 0;
}

void begin_start(struct session *session, int index, bool is_earlier)
{
    struct session_visit *visit = &session->v;
    if (index < 0 || index >= session->parts.policy->insurance_count)
        return;
    month_index before = visit->start[index], month = find_start(session, index, is_earlier);
    if (month == 0)
        return;
    visit->begin = 0;
    visit->start[index] = month;
    choice_make_anew(session, visit->insurances);
    if (visit->months > 0)
        return;
    visit->start[index] = before; /* no run that is sold holds all of them */
    choice_make_anew(session, visit->insurances);
}

bool begin_is_asked(const struct session *session)
{
    for (int i = 0; i < session->parts.policy->insurance_count; i++)
        if (begin_can_start(session, i, true) || begin_can_start(session, i, false))
            return true;
    return false;
}

void begin_note_registered(struct session *session)
{
    struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    for (int i = 0; i < policy->insurance_count; i++) {
        if (!(visit->insurances >> i & 1))
            continue;
        due_paid_start(&visit->paid[i], visit->from[i]);
        due_owed_of(&policy->insurances[i], &visit->paid[i], session_today(session),
                    &visit->owed[i]);
    }
}
