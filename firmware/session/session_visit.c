#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "session/session_internal.h"
#include "session/session_limits.h"

#define GOODBYE_MS 8000 /* time to take the card */

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline",
    SESSION_INTENT_NAMES,
    [VISIT_EV_CARD_READ] = "card_read",
    [VISIT_EV_UNREADABLE] = "unreadable",
    [VISIT_EV_READER_LOST] = "reader_lost",
    [VISIT_EV_GAVE_UP] = "gave_up",
    [VISIT_EV_ENROL_BACK] = "enrol_back",
    [VISIT_EV_ENROLLED] = "enrolled",
    [VISIT_EV_ENROL_LATER] = "enrol_later",
    [VISIT_EV_REFUSED] = "enrol_refused",
    [VISIT_EV_ACCEPTED] = "accepted",
    [VISIT_EV_NOT_ACCEPTED] = "not_accepted",
    [VISIT_EV_ALREADY_PAID] = "already_paid",
    [VISIT_EV_PAID] = "paid",
    [VISIT_EV_NOT_PAID] = "not_paid",
    [VISIT_EV_ENDED] = "ended",
    [VISIT_EV_INQUIRY_BACK] = "inquiry_back",
    [VISIT_EV_LEARN_BACK] = "learn_back",
    [VISIT_EV_LOOKED] = "looked",
};

/* ---- entering pages ---- */

/* patience ends every page, so the page itself has no deadline. */
static void enter_page(void *context)
{
    struct session *session = context;
    sm_set_deadline(&session->visit, INT64_MAX);
    patience_restart(session);
    session_changed(session);
}

static void enter_home(void *context)
{
    struct session *session = context;
    patience_stop(session);
    sm_post(&session->enrol, ENROL_EV_STOP, NULL);
    inquiry_stop(session);
    learn_stop(session, NULL);
    id_reader_set_reading(session->parts.reader, false);
    session_wipe_visit(session);
    session->card_seen = session->is_inquiry = false;
    if (session->keeps_modes)
        patience_restart(session);
    else
        modes_reset(&session->modes);
    session->keeps_modes = false;
    if (session->has_next_policy)
        session->parts.policy = session->next_policy;
    session->has_next_policy = false;
    recovery_begin(session);
    session_changed(session);
}

/* Off and on again, so that a card that was read before and still lies there is read anew. */
static void enter_identify(void *context)
{
    struct session *session = context;
    session_wipe_visit(session);
    session->interrupted = session->interrupted_note_unknown = false;
    id_reader_set_reading(session->parts.reader, false);
    id_reader_set_reading(session->parts.reader, true);
    enter_page(session);
}

/* Its own machine decides what is shown and how long; only before the mouth of the acceptor does
 * the kiosk wait for the person. */
static void enter_pay(void *context)
{
    struct session *session = context;
    sm_set_deadline(&session->visit, INT64_MAX);
    if (session->pay.state == PAY_CASH)
        patience_restart(session);
    session_changed(session);
}

static void enter_goodbye(void *context)
{
    struct session *session = context;
    patience_stop(session);
    sm_post(&session->enrol, ENROL_EV_STOP, NULL);
    inquiry_stop(session);
    session_wipe_visit(session);
    session_changed(session);
}

/* Whoever read about rights and ways to pay has made no visit yet. */
static void keep_modes(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->keeps_modes = true;
}

static bool visit_is_offered(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session_visit_service(session) == SERVICE_OFFERED;
}

/* ---- set aside ---- */

static void tell_set_aside(void *context, const void *argument)
{
    struct session *session = context;
    visit_card_keep(session, argument);
    enum refusal refusal = refused_later(session, argument, &session->v.set_aside_ms);
    refused_take(session, refusal, REFUSED_LATER);
    choice_begin(session);
}

static void look_refused(void *context, const void *argument)
{
    (void)argument;
    inquiry_begin(context, true);
}

/* ---- inquiry ---- */

static void choose_inquiry(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->is_inquiry = true;
}

/* Whoever has paid may look after it, at any age. */
static bool is_inquiry_card(void *context, const void *argument)
{
    struct session *session = context;
    return session->is_inquiry && identity_check(argument, session_today(session)) == IDENTITY_GOOD;
}

static void take_inquiry_card(void *context, const void *argument)
{
    visit_card_keep(context, argument);
    inquiry_begin(context, true);
}

static bool is_inquiry(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->is_inquiry;
}

static void begin_by_number(void *context, const void *argument)
{
    (void)argument;
    inquiry_begin(context, false);
}

static void stop_inquiry(void *context, const void *argument)
{
    (void)argument;
    inquiry_stop(context);
}

static bool may_pay_from_inquiry(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.has_card && visit_card_is_good(session, &session->v.card);
}

static void pay_from_inquiry(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    inquiry_stop(session);
    session->is_inquiry = false;
    choice_begin(session); /* the bureau's record says what was paid elsewhere */
}

/* To understand: figures are there whatever the devices do. */
static bool has_policy(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->parts.policy != NULL;
}

/* ---- on to registration and payment ---- */

static bool is_difference_only(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.is_registered && choice_is_difference_only(session);
}

static bool is_payable(void *context, const void *argument)
{
    (void)argument;
    return choice_is_payable(context);
}

static bool may_go_on_registered(void *context, const void *argument)
{
    struct session *session = context;
    return session->v.is_registered && is_payable(session, argument);
}

static bool may_register(void *context, const void *argument)
{
    struct session *session = context;
    return is_payable(session, argument) &&
           health_registration(&session->health) == SERVICE_OFFERED;
}

static void start_enrol(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->enrol, ENROL_EV_START, NULL);
}

static void resume_enrol(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->enrol, ENROL_EV_RESUME, NULL);
}

static bool registered_now(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.registered_now;
}

/* Who registered here takes the number along on paper, also when nothing is paid. */
static bool owes_slip(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->v.registered_now && !session->v.slip_was_tried;
}

static void start_slip(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->enrol, ENROL_EV_STOP, NULL);
    sm_post(&session->pay, PAY_EV_SLIP, NULL);
}

static bool cash_is_offered(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return choice_is_payable(session) && !session_is_cash_blocked(session) &&
           health_cash(&session->health) == SERVICE_OFFERED &&
           limits_service(session) == SERVICE_OFFERED;
}

static void accept_quote(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.payment_refusal = SERVICE_OFFERED;
    session->v.cash_broke_off = false;
    enum status status = entries_accept_quote(session);
    enum visit_event event = VISIT_EV_NOT_ACCEPTED;
    if (status == STATUS_OK)
        event = VISIT_EV_ACCEPTED;
    else if (status == STATUS_EXISTS)
        event = VISIT_EV_ALREADY_PAID;
    sm_post(&session->visit, (int)event, NULL);
}

static void choose_anew(void *context, const void *argument)
{
    (void)argument;
    choice_begin(context);
}

static void refuse_payment(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->v.payment_refusal = SERVICE_JOURNAL;
    recovery_begin(session);
    session_changed(session);
}

static void begin_pay(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->pay, PAY_EV_BEGIN, NULL);
}

/* ---- the table ---- */

static const struct sm_state STATES[VISIT_STATES] = {
    [VISIT_HOME] = { "home", enter_home, 0 },
    [VISIT_RIGHTS] = { "rights", enter_page, 0 },
    [VISIT_LEARN] = { "learn", enter_page, 0 },
    [VISIT_IDENTIFY] = { "identify", enter_identify, 0 },
    [VISIT_CARD_PROBLEM] = { "card_problem", enter_page, 0 },
    [VISIT_REFUSED] = { "refused", enter_page, 0 },
    [VISIT_LOOKING] = { "looking", enter_page, 0 },
    [VISIT_OWED] = { "owed", enter_page, 0 },
    [VISIT_BASE] = { "base", enter_page, 0 },
    [VISIT_CHOICES] = { "choices", enter_page, 0 },
    [VISIT_REGISTER] = { "register", enter_page, 0 },
    [VISIT_MONTHS] = { "months", enter_page, 0 },
    [VISIT_METHOD] = { "method", enter_page, 0 },
    [VISIT_PAY] = { "pay", enter_pay, 0 },
    [VISIT_INQUIRY] = { "inquiry", enter_page, 0 },
    [VISIT_DONE] = { "done", enter_page, 0 },
    [VISIT_GOODBYE] = { "goodbye", enter_goodbye, GOODBYE_MS },
};

#define IGNORE(event)                                                                              \
    {                                                                                              \
        SM_ANY, event, NULL, sm_ignore, SM_STAY                                                    \
    }

/* clang-format off */
static const struct sm_arrow ARROWS[] = {
    { VISIT_HOME, INTENT_START, visit_is_offered, NULL, VISIT_IDENTIFY },
    { VISIT_HOME, INTENT_INQUIRY, visit_is_offered, choose_inquiry, VISIT_IDENTIFY },
    { VISIT_HOME, INTENT_RIGHTS, NULL, NULL, VISIT_RIGHTS },
    { VISIT_HOME, INTENT_LEARN, has_policy, learn_begin, VISIT_LEARN },

    { VISIT_RIGHTS, INTENT_START, visit_is_offered, NULL, VISIT_IDENTIFY },
    { VISIT_RIGHTS, INTENT_BACK, NULL, keep_modes, VISIT_HOME },
    { VISIT_RIGHTS, INTENT_NEXT, NULL, keep_modes, VISIT_HOME },
    { VISIT_RIGHTS, INTENT_DONE, NULL, keep_modes, VISIT_HOME },
    { VISIT_RIGHTS, INTENT_CANCEL, NULL, NULL, VISIT_HOME },
    { VISIT_RIGHTS, VISIT_EV_GAVE_UP, NULL, NULL, VISIT_HOME },

    { VISIT_LEARN, INTENT_START, visit_is_offered, learn_stop, VISIT_IDENTIFY },
    { VISIT_LEARN, VISIT_EV_LEARN_BACK, NULL, keep_modes, VISIT_HOME },
    { VISIT_LEARN, INTENT_CANCEL, NULL, NULL, VISIT_HOME },
    { VISIT_LEARN, VISIT_EV_GAVE_UP, NULL, NULL, VISIT_HOME },

    { VISIT_IDENTIFY, VISIT_EV_CARD_READ, refused_was_set_aside, tell_set_aside, VISIT_REFUSED },
    { VISIT_IDENTIFY, VISIT_EV_CARD_READ, is_inquiry_card, take_inquiry_card, VISIT_INQUIRY },
    { VISIT_IDENTIFY, INTENT_BY_NUMBER, is_inquiry, begin_by_number, VISIT_INQUIRY },
    { VISIT_IDENTIFY, VISIT_EV_CARD_READ, visit_card_may_look, visit_card_look, VISIT_LOOKING },
    { VISIT_IDENTIFY, VISIT_EV_CARD_READ, visit_card_is_good, visit_card_take, VISIT_OWED },
    { VISIT_IDENTIFY, VISIT_EV_CARD_READ, NULL, visit_card_take_problem, VISIT_CARD_PROBLEM },
    { VISIT_IDENTIFY, VISIT_EV_UNREADABLE, NULL, visit_card_take_unreadable, VISIT_CARD_PROBLEM },
    { VISIT_IDENTIFY, VISIT_EV_READER_LOST, NULL, visit_card_take_reader_lost, VISIT_CARD_PROBLEM },
    { VISIT_IDENTIFY, INTENT_BACK, NULL, NULL, VISIT_HOME },
    { VISIT_IDENTIFY, INTENT_CANCEL, NULL, NULL, VISIT_HOME },
    { VISIT_IDENTIFY, VISIT_EV_GAVE_UP, NULL, NULL, VISIT_HOME },

    { VISIT_CARD_PROBLEM, VISIT_EV_CARD_READ, refused_was_set_aside, tell_set_aside, VISIT_REFUSED },
    { VISIT_CARD_PROBLEM, VISIT_EV_CARD_READ, is_inquiry_card, take_inquiry_card, VISIT_INQUIRY },
    { VISIT_CARD_PROBLEM, VISIT_EV_CARD_READ, visit_card_may_look, visit_card_look, VISIT_LOOKING },
    { VISIT_CARD_PROBLEM, VISIT_EV_CARD_READ, visit_card_is_good, visit_card_take, VISIT_OWED },
    { VISIT_CARD_PROBLEM, VISIT_EV_CARD_READ, NULL, visit_card_take_problem, VISIT_CARD_PROBLEM },
    { VISIT_CARD_PROBLEM, VISIT_EV_UNREADABLE, NULL, visit_card_take_unreadable, VISIT_CARD_PROBLEM },
    { VISIT_CARD_PROBLEM, VISIT_EV_READER_LOST, NULL, visit_card_take_reader_lost, VISIT_CARD_PROBLEM },
    { VISIT_CARD_PROBLEM, INTENT_WHY, refused_card_is, refused_tell_card, VISIT_REFUSED },
    { VISIT_CARD_PROBLEM, INTENT_START, NULL, NULL, VISIT_IDENTIFY },
    { VISIT_CARD_PROBLEM, INTENT_NEXT, NULL, NULL, VISIT_IDENTIFY },
    { VISIT_CARD_PROBLEM, INTENT_BACK, NULL, NULL, VISIT_IDENTIFY },
    { VISIT_CARD_PROBLEM, INTENT_DONE, NULL, NULL, VISIT_GOODBYE },

    { VISIT_REFUSED, INTENT_PRINT, refused_can_print, refused_print, SM_STAY },
    { VISIT_REFUSED, INTENT_NEXT, visit_card_may_look_anyway, visit_card_look_anyway, VISIT_LOOKING },
    { VISIT_REFUSED, INTENT_NEXT, refused_may_go_on, NULL, VISIT_OWED },
    { VISIT_REFUSED, INTENT_NEXT, refused_may_look, look_refused, VISIT_INQUIRY },
    { VISIT_REFUSED, INTENT_BACK, refused_for_choice, NULL, VISIT_OWED },
    { VISIT_REFUSED, INTENT_BACK, NULL, NULL, VISIT_IDENTIFY },
    { VISIT_REFUSED, INTENT_DONE, NULL, NULL, VISIT_GOODBYE },

    { VISIT_LOOKING, VISIT_EV_LOOKED, NULL, visit_card_take_looked, VISIT_OWED },
    { VISIT_LOOKING, INTENT_BACK, NULL, stop_inquiry, VISIT_IDENTIFY },

    { VISIT_OWED, INTENT_TOGGLE_INSURANCE, NULL, visit_choice_toggle_insurance, SM_STAY },
    { VISIT_OWED, INTENT_CHOOSE_BASE, NULL, visit_choice_choose_base, SM_STAY },
    { VISIT_OWED, INTENT_OWN_BASE, base_is_asked, base_clear, VISIT_BASE },
    { VISIT_OWED, INTENT_CHOICES, visit_choice_has_list, visit_choice_open_list, VISIT_CHOICES },
    { VISIT_OWED, INTENT_NEXT, is_difference_only, NULL, VISIT_METHOD },
    { VISIT_OWED, INTENT_NEXT, may_go_on_registered, NULL, VISIT_MONTHS },
    { VISIT_OWED, INTENT_NEXT, refused_rule_says, refused_tell_rule, VISIT_REFUSED },
    { VISIT_OWED, INTENT_NEXT, may_register, start_enrol, VISIT_REGISTER },
    { VISIT_OWED, INTENT_BACK, NULL, NULL, VISIT_IDENTIFY },

    { VISIT_BASE, INTENT_DIGIT, NULL, base_type, SM_STAY },
    { VISIT_BASE, INTENT_ERASE, NULL, base_erase, SM_STAY },
    { VISIT_BASE, INTENT_CLEAR, NULL, base_clear, SM_STAY },
    { VISIT_BASE, INTENT_NEXT, base_is_good, base_take, VISIT_OWED },
    { VISIT_BASE, INTENT_NEXT, NULL, base_refuse, SM_STAY },
    { VISIT_BASE, INTENT_BACK, NULL, base_clear, VISIT_OWED },

    { VISIT_CHOICES, INTENT_TAKE_CHOICE, NULL, visit_choice_take_grade, VISIT_OWED },
    { VISIT_CHOICES, INTENT_BACK, NULL, NULL, VISIT_OWED },

    { VISIT_REGISTER, VISIT_EV_ENROL_BACK, NULL, NULL, VISIT_OWED },
    { VISIT_REGISTER, VISIT_EV_REFUSED, NULL, NULL, VISIT_REFUSED },
    { VISIT_REGISTER, VISIT_EV_ENROLLED, NULL, NULL, VISIT_MONTHS },
    { VISIT_REGISTER, VISIT_EV_ENROL_LATER, NULL, start_slip, VISIT_PAY },

    { VISIT_MONTHS, INTENT_CHOOSE_MONTHS, NULL, visit_choice_choose_months, SM_STAY },
    { VISIT_MONTHS, INTENT_EARLIER, NULL, visit_choice_begin_earlier, SM_STAY },
    { VISIT_MONTHS, INTENT_LATER, NULL, visit_choice_begin_later, SM_STAY },
    { VISIT_MONTHS, INTENT_NEXT, is_payable, NULL, VISIT_METHOD },
    { VISIT_MONTHS, INTENT_BACK, registered_now, resume_enrol, VISIT_REGISTER },
    { VISIT_MONTHS, INTENT_BACK, NULL, NULL, VISIT_OWED },

    { VISIT_METHOD, INTENT_PAY_CASH, cash_is_offered, accept_quote, SM_STAY },
    { VISIT_METHOD, VISIT_EV_ACCEPTED, NULL, begin_pay, VISIT_PAY },
    { VISIT_METHOD, VISIT_EV_NOT_ACCEPTED, NULL, refuse_payment, SM_STAY },
    { VISIT_METHOD, VISIT_EV_ALREADY_PAID, NULL, choose_anew, VISIT_OWED },
    { VISIT_METHOD, INTENT_BACK, is_difference_only, NULL, VISIT_OWED },
    { VISIT_METHOD, INTENT_BACK, NULL, NULL, VISIT_MONTHS },

    { VISIT_PAY, VISIT_EV_PAID, NULL, NULL, VISIT_DONE },
    { VISIT_PAY, VISIT_EV_NOT_PAID, NULL, NULL, VISIT_METHOD },
    { VISIT_PAY, VISIT_EV_ENDED, NULL, NULL, VISIT_GOODBYE },

    { VISIT_INQUIRY, VISIT_EV_INQUIRY_BACK, NULL, stop_inquiry, VISIT_IDENTIFY },
    { VISIT_INQUIRY, INTENT_START, may_pay_from_inquiry, pay_from_inquiry, VISIT_OWED },

    { VISIT_DONE, INTENT_DONE, NULL, NULL, VISIT_GOODBYE },
    { VISIT_DONE, INTENT_NEXT, NULL, NULL, VISIT_GOODBYE },
    { VISIT_DONE, INTENT_CANCEL, NULL, NULL, VISIT_GOODBYE },

    { VISIT_GOODBYE, INTENT_START, NULL, NULL, VISIT_HOME },
    { VISIT_GOODBYE, INTENT_NEXT, NULL, NULL, VISIT_HOME },
    { VISIT_GOODBYE, INTENT_DONE, NULL, NULL, VISIT_HOME },
    { VISIT_GOODBYE, INTENT_CANCEL, NULL, NULL, VISIT_HOME },
    { VISIT_GOODBYE, SM_EVENT_DEADLINE, NULL, NULL, VISIT_HOME },

    /* Leaving without having paid. At home there is nothing to leave, and pay answers for itself. */
    { VISIT_HOME, INTENT_CANCEL, NULL, sm_ignore, VISIT_HOME },
    { VISIT_HOME, VISIT_EV_GAVE_UP, NULL, sm_ignore, VISIT_HOME },
    { VISIT_HOME, INTENT_PAY_LATER, NULL, sm_ignore, VISIT_HOME },
    { VISIT_PAY, INTENT_CANCEL, NULL, sm_ignore, VISIT_PAY },
    { VISIT_PAY, VISIT_EV_GAVE_UP, NULL, sm_ignore, VISIT_PAY },
    { VISIT_PAY, INTENT_PAY_LATER, NULL, sm_ignore, VISIT_PAY },
    { SM_ANY, INTENT_CANCEL, owes_slip, start_slip, VISIT_PAY },
    { SM_ANY, INTENT_CANCEL, NULL, NULL, VISIT_GOODBYE },
    { SM_ANY, INTENT_PAY_LATER, owes_slip, start_slip, VISIT_PAY },
    { VISIT_METHOD, INTENT_PAY_LATER, NULL, NULL, VISIT_GOODBYE },
    { VISIT_MONTHS, INTENT_PAY_LATER, NULL, NULL, VISIT_GOODBYE },
    { VISIT_GOODBYE, VISIT_EV_GAVE_UP, NULL, sm_ignore, VISIT_GOODBYE },
    { SM_ANY, VISIT_EV_GAVE_UP, NULL, NULL, VISIT_GOODBYE },

    /* A touch on a page that has just gone, or a card nobody asked for, means nothing. */
    IGNORE(SM_EVENT_DEADLINE), IGNORE(INTENT_START), IGNORE(INTENT_RIGHTS),
    IGNORE(INTENT_LANGUAGE), IGNORE(INTENT_BACK), IGNORE(INTENT_NEXT),
    IGNORE(INTENT_MORE_TIME), IGNORE(INTENT_TOGGLE_INSURANCE), IGNORE(INTENT_CHOOSE_BASE),
    IGNORE(INTENT_CHOICES), IGNORE(INTENT_TAKE_CHOICE), IGNORE(INTENT_EARLIER), IGNORE(INTENT_LATER),
    IGNORE(INTENT_OWN_BASE), IGNORE(INTENT_DIGIT), IGNORE(INTENT_ERASE), IGNORE(INTENT_CLEAR),
    IGNORE(INTENT_TOGGLE_CONSENT), IGNORE(INTENT_TOGGLE_MATERIAL), IGNORE(INTENT_SIGN_LATER),
    IGNORE(INTENT_WHY), IGNORE(INTENT_CHOOSE_MONTHS), IGNORE(INTENT_PAY_CASH),
    IGNORE(INTENT_PAY_LATER), IGNORE(INTENT_FINISH_CASH), IGNORE(INTENT_DONE),
    IGNORE(INTENT_INQUIRY), IGNORE(INTENT_BY_NUMBER), IGNORE(INTENT_LIST_MONTHS),
    IGNORE(INTENT_WHERE), IGNORE(INTENT_PRINT), IGNORE(INTENT_REPRINT), SESSION_IGNORE_LEARNING,
    IGNORE(VISIT_EV_CARD_READ), IGNORE(VISIT_EV_UNREADABLE), IGNORE(VISIT_EV_READER_LOST),
    IGNORE(VISIT_EV_ENROL_BACK), IGNORE(VISIT_EV_ENROLLED), IGNORE(VISIT_EV_ENROL_LATER),
    IGNORE(VISIT_EV_REFUSED),
    IGNORE(VISIT_EV_ACCEPTED), IGNORE(VISIT_EV_NOT_ACCEPTED), IGNORE(VISIT_EV_ALREADY_PAID),
    IGNORE(VISIT_EV_PAID), IGNORE(VISIT_EV_NOT_PAID), IGNORE(VISIT_EV_ENDED),
    IGNORE(VISIT_EV_INQUIRY_BACK), IGNORE(VISIT_EV_LEARN_BACK), IGNORE(VISIT_EV_LOOKED),
};
/* clang-format on */

static const struct sm_table TABLE = {
    .module = "session",
    .name = "visit",
    .states = STATES,
    .state_count = VISIT_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = VISIT_EVENTS,
    .rest_state = VISIT_HOME,
    .fault_state = VISIT_HOME,
};

void session_init_visit(struct session *session)
{
    sm_init(&session->visit, &TABLE, session->parts.clock, session);
}
