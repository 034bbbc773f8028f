/*
 * Somebody is not registered: the card, the policy or the bureau says no, or the bureau has set
 * aside what was registered here. The page says why, what to bring, and that it may be reviewed;
 * so does its slip.
 */
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "session/session_internal.h"

/* ---- why ---- */

static bool is_younger_than_all(const struct session *session, const struct identity_card *card)
{
    const struct policy *policy = session->parts.policy;
    int age = identity_age(card->birth, session_today(session));
    for (int i = 0; i < policy->insurance_count; i++)
        if (age >= policy->insurances[i].age_min)
            return false;
    return true;
}

static bool suits_any(const struct session *session, const struct identity_card *card)
{
    const struct policy *policy = session->parts.policy;
    for (int i = 0; i < policy->insurance_count; i++)
        if (choice_suits_age(session, &policy->insurances[i], card))
            return true;
    return false;
}

enum refusal refused_by_card(const struct session *session, const struct identity_card *card)
{
    switch (identity_check(card, session_today(session))) {
    case IDENTITY_KIND_AT_WINDOW:
        return REFUSAL_DOCUMENT;
    case IDENTITY_BAD_NUMBER:
    case IDENTITY_EXPIRED:
    case IDENTITY_NOT_YET_VALID:
        return REFUSAL_IDENTITY;
    case IDENTITY_GOOD:
        break;
    }
    if (suits_any(session, card))
        return REFUSAL_NONE;
    return is_younger_than_all(session, card) ? REFUSAL_TOO_YOUNG : REFUSAL_RETIRED;
}

/* By the policy alone, as the bureau will judge it again; then by what the whole run costs. */
enum refusal refused_by_rule(const struct session *session)
{
    const struct session_visit *visit = &session->v;
    struct registration_claim claim = {
        .insurances = visit->insurances,
        .sex = visit->card.sex,
        .birth = visit->card.birth,
        .base_fen = visit->base_fen,
        .today = session_today(session),
    };
    memcpy(claim.starts, visit->from, sizeof claim.starts);
    enum refusal refusal = registration_judge(session->parts.policy, &claim);
    if (refusal != REFUSAL_NONE)
        return refusal;
    return registration_refusal_of(choice_quote(session, visit->insurances, visit->months).refusal);
}

enum refusal refused_later(const struct session *session, const struct identity_card *card,
                           int64_t *registered_ms_out)
{
    char person[SEAL_PERSON_HASH_SIZE];
    struct journal_registration registration;
    seal_person_hash(session->parts.seal, card->number, person);
    enum status status = journal_find_registration(session->parts.journal, person, &registration);
    *registered_ms_out = status == STATUS_OK ? registration.at_ms : 0;
    return status == STATUS_OK ? refusal_of_word(registration.rejected) : REFUSAL_NONE;
}

void refused_take(struct session *session, enum refusal refusal, enum view_refused_by by)
{
    session->v.refusal = refusal;
    session->v.refused_by = by;
    session->v.refusal_print = PRINT_NOTHING;
    log_info("session", "refused", "%s, %d", refusal_words(refusal)->code, (int)by);
}

/* ---- the page ---- */

bool refused_card_is(void *context, const void *argument)
{
    const struct session *session = context;
    (void)argument;
    return session->v.refusal != REFUSAL_NONE;
}

void refused_tell_card(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    refused_take(session, session->v.refusal, REFUSED_BY_CARD);
}

/* Whoever registered here and was set aside since is told before anything else. */
bool refused_was_set_aside(void *context, const void *argument)
{
    const struct session *session = context;
    const struct identity_card *card = argument;
    int64_t registered_ms;
    enum refusal by_card = refused_by_card(session, card);
    bool is_wrong_age = by_card == REFUSAL_TOO_YOUNG || by_card == REFUSAL_RETIRED;
    bool may_come = by_card == REFUSAL_NONE || (is_wrong_age && session->is_inquiry);
    return may_come && refused_later(session, card, &registered_ms) != REFUSAL_NONE;
}

bool refused_may_go_on(void *context, const void *argument)
{
    const struct session *session = context;
    (void)argument;
    return session->v.refused_by == REFUSED_LATER && !session->is_inquiry;
}

bool refused_may_look(void *context, const void *argument)
{
    const struct session *session = context;
    (void)argument;
    return session->v.refused_by == REFUSED_LATER && session->is_inquiry;
}

/* Back to what was chosen, or to another card. */
bool refused_for_choice(void *context, const void *argument)
{
    const struct session *session = context;
    (void)argument;
    return session->v.refused_by == REFUSED_BY_RULE || session->v.refused_by == REFUSED_BY_BUREAU;
}

bool refused_rule_says(void *context, const void *argument)
{
    const struct session *session = context;
    (void)argument;
    return !session->v.is_registered && session->v.insurances != 0 &&
           refused_by_rule(session) != REFUSAL_NONE;
}

void refused_tell_rule(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    refused_take(session, refused_by_rule(session), REFUSED_BY_RULE);
}

/* ---- paper ---- */

bool refused_can_print(void *context, const void *argument)
{
    const struct session *session = context;
    (void)argument;
    return session->v.refusal != REFUSAL_NONE && !session->v.refusal_is_printing &&
           receipt_flow_is_at_rest(&session->receipt);
}

void refused_print(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    struct session_visit *visit = &session->v;
    struct receipt_facts facts;
    session_changed(session);
    visit->refusal_print = PRINT_FAILED;
    if (entries_begin_txn(session) != STATUS_OK)
        return;
    visit->txn_is_used = true; /* the life of this paper is told under it */
    visit->refusal_is_printing = true;
    visit->refusal_print = PRINT_NOTHING;
    session->printing = SLIP_REFUSAL;
    entries_compose_facts(session, SLIP_REFUSAL, &facts);
    receipt_flow_print(&session->receipt, &facts);
    bytes_wipe(&facts, sizeof facts);
}

void refused_on_receipt(struct session *session, enum receipt_result result)
{
    if (session->visit.state != VISIT_REFUSED)
        return; /* the person has left; the paper lies there all the same */
    session->v.refusal_is_printing = false;
    session->v.refusal_print = result == RECEIPT_PRINTED  ? PRINT_DONE
                               : result == RECEIPT_FAILED ? PRINT_FAILED
                                                          : PRINT_UNKNOWN;
    session_changed(session);
}

void refused_add_notes(const struct session *session, struct receipt_facts *facts)
{
    const struct refusal_words *words = refusal_words(session->v.refusal);
    const char *const *const paragraphs[] = { words->sentence, words->bring, REFUSAL_REVIEW };
    struct receipt_note *note = session_add_note(facts, "原因代码", "Code");
    text_copy(note->value, sizeof note->value, words->code);
    for (size_t i = 0; i < sizeof paragraphs / sizeof *paragraphs; i++)
        (void)session_add_note(facts, paragraphs[i][0], paragraphs[i][1]);
}

/* ---- the view ---- */

static void show_words(const char *const words[2], char out[LANGUAGES][192])
{
    for (int i = 0; i < LANGUAGES; i++)
        text_copy(out[i], sizeof out[i], words[i]);
}

void refused_show(const struct session *session, struct session_view *view)
{
    const struct session_visit *visit = &session->v;
    struct view_refusal *out = &view->refusal;
    view->card_is_refused = view->step == STEP_CARD_PROBLEM && visit->refusal != REFUSAL_NONE;
    if (view->step != STEP_REFUSED || visit->refusal == REFUSAL_NONE)
        return;
    const struct refusal_words *words = refusal_words(visit->refusal);
    text_copy(out->code, sizeof out->code, words->code);
    out->by = visit->refused_by;
    show_words(words->sentence, out->sentence);
    show_words(words->bring, out->bring);
    show_words(REFUSAL_REVIEW, out->review);
    out->registered_ms = visit->set_aside_ms;
    out->may_go_on = visit->refused_by == REFUSED_LATER;
    out->is_printing = visit->refusal_is_printing;
    out->print = visit->refusal_print;
}
