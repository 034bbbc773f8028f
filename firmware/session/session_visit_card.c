#include "base/log.h"
#include "session/session_internal.h"

/* IDENTITY_GOOD and an age some insurance takes; otherwise *problem says why not. */
static bool judge_card(struct session *session, const struct identity_card *card,
                       enum view_card_problem *problem)
{
    static const enum view_card_problem PROBLEMS[] = {
        [IDENTITY_BAD_NUMBER] = CARD_PROBLEM_NUMBER,
        [IDENTITY_EXPIRED] = CARD_PROBLEM_EXPIRED,
        [IDENTITY_NOT_YET_VALID] = CARD_PROBLEM_NOT_YET_VALID,
        [IDENTITY_KIND_AT_WINDOW] = CARD_PROBLEM_KIND,
    };
    const struct policy *policy = session->parts.policy;
    enum identity_verdict verdict = identity_check(card, session_today(session));
    *problem = verdict == IDENTITY_GOOD ? CARD_PROBLEM_AGE : PROBLEMS[verdict];
    for (int i = 0; verdict == IDENTITY_GOOD && i < policy->insurance_count; i++)
        if (choice_suits_age(session, &policy->insurances[i], card))
            return true;
    return false;
}

bool visit_card_is_good(void *context, const void *argument)
{
    enum view_card_problem problem;
    return judge_card(context, argument, &problem);
}

/* Larger type may help whoever is that old, most of all to read why a card will not do. */
static void note_age(struct session *session, const struct identity_card *card)
{
    int elder_age = session->parts.settings->elder_age;
    session->v.is_elder =
        elder_age > 0 && identity_age(card->birth, session_today(session)) >= elder_age;
}

/* Everything of a person that both ways of a visit begin with. */
void visit_card_keep(struct session *session, const struct identity_card *card)
{
    struct session_visit *visit = &session->v;
    visit->card = *card;
    visit->has_card = true;
    visit->refusal = REFUSAL_NONE;
    note_age(session, &visit->card);
    seal_person_hash(session->parts.seal, visit->card.number, visit->person);
    visit->is_registered =
        journal_find_person(session->parts.journal, visit->person, visit->account) == STATUS_OK;
}

void visit_card_take(void *context, const void *argument)
{
    visit_card_keep(context, argument);
    choice_begin(context);
}

/* What was paid at other kiosks only the bureau knows. */
bool visit_card_may_look(void *context, const void *argument)
{
    struct session *session = context;
    return session->bureau_reachable && session->parts.ask_bureau &&
           visit_card_is_good(session, argument);
}

void visit_card_look(void *context, const void *argument)
{
    visit_card_keep(context, argument);
    inquiry_look(context);
}

bool visit_card_may_look_anyway(void *context, const void *argument)
{
    struct session *session = context;
    return session->bureau_reachable && session->parts.ask_bureau &&
           refused_may_go_on(session, argument);
}

void visit_card_look_anyway(void *context, const void *argument)
{
    (void)argument;
    inquiry_look(context);
}

void visit_card_take_looked(void *context, const void *argument)
{
    (void)argument;
    choice_begin(context);
}

void visit_card_take_problem(void *context, const void *argument)
{
    struct session *session = context;
    (void)judge_card(session, argument, &session->v.problem);
    session->v.refusal = refused_by_card(session, argument);
    note_age(session, argument);
    log_info("session", "card_refused", "problem %d", (int)session->v.problem);
}

void visit_card_take_unreadable(void *context, const void *argument)
{
    static const enum view_card_problem PROBLEMS[] = {
        [ID_READER_MOVED] = CARD_PROBLEM_MOVED,
        [ID_READER_WRONG_CARD] = CARD_PROBLEM_WRONG_CARD,
        [ID_READER_BAD_CARD] = CARD_PROBLEM_BAD_CARD,
        [ID_READER_GARBLED] = CARD_PROBLEM_GARBLED,
    };
    struct session *session = context;
    session->v.problem = PROBLEMS[*(const enum id_reader_reason *)argument];
    session->v.refusal = REFUSAL_NONE; /* the card before this one's */
}

void visit_card_take_reader_lost(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.problem = CARD_PROBLEM_READER_LOST;
    session->v.refusal = REFUSAL_NONE;
}
