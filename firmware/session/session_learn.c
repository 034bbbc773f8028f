#include "session/session_learn.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "session/session_internal.h"

/* Longer than the life of a print job with its repetition (receipt_flow.c). */
#define PRINTING_MS 90000

enum learn_event {
    LEARN_EV_BEGIN = INTENTS,
    LEARN_EV_STOP,
    LEARN_EV_PRINTED,
    LEARN_EVENTS,
};

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline", SESSION_INTENT_NAMES,           [LEARN_EV_BEGIN] = "begin",
    [LEARN_EV_STOP] = "stop",         [LEARN_EV_PRINTED] = "printed",
};

static struct session_learn *data_of(struct session *session)
{
    return &session->v.learn;
}

static void enter_page(void *context)
{
    struct session *session = context;
    sm_set_deadline(&session->learn, INT64_MAX); /* patience ends it */
    patience_restart(session);
    session_changed(session);
}

static void start_afresh(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    bytes_wipe(data_of(session), sizeof *data_of(session));
    data_of(session)->year = month_year(month_of_wall(clock_wall_ms(session->parts.clock)));
}

static void report_back(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->visit, VISIT_EV_LEARN_BACK, NULL);
}

/* ---- the menu ---- */

static bool is_topic(const void *argument, enum view_topic topic)
{
    return *(const int *)argument == (int)topic;
}

#define TOPIC_GUARD(name, topic)                                                                   \
    static bool name(void *context, const void *argument)                                          \
    {                                                                                              \
        (void)context;                                                                             \
        return is_topic(argument, topic);                                                          \
    }
TOPIC_GUARD(wants_standards, TOPIC_STANDARDS)
TOPIC_GUARD(wants_times, TOPIC_TIMES)
TOPIC_GUARD(wants_individual, TOPIC_INDIVIDUAL)
TOPIC_GUARD(wants_law, TOPIC_LAW)
TOPIC_GUARD(wants_calculator, TOPIC_CALCULATOR)
TOPIC_GUARD(wants_leaving, TOPIC_LEAVING)

/* ---- the calculator ---- */

static bool has_base(void *context, const void *argument)
{
    int64_t floor_fen, ceiling_fen;
    (void)argument;
    return session_learn_base_limits(context, &floor_fen, &ceiling_fen);
}

/* 0 the lowest, 1 the highest. */
static void choose_base(void *context, const void *argument)
{
    struct session *session = context;
    int64_t floor_fen, ceiling_fen;
    if (session_learn_base_limits(session, &floor_fen, &ceiling_fen))
        data_of(session)->base_fen = *(const int *)argument == 1 ? ceiling_fen : 0;
    session_changed(session);
}

static void clear_typed(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    data_of(session)->typed[0] = '\0';
    data_of(session)->base_refused = false;
    session_changed(session);
}

static void type_digit(void *context, const void *argument)
{
    struct session *session = context;
    data_of(session)->base_refused = false;
    choice_append_digit(data_of(session)->typed, 8, *(const int *)argument);
    session_changed(session);
}

static void erase_digit(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    data_of(session)->base_refused = false;
    choice_erase_digit(data_of(session)->typed);
    session_changed(session);
}

static int64_t typed_fen(const char *typed)
{
    int64_t yuan = 0;
    for (; *typed != '\0'; typed++)
        yuan = yuan * 10 + (*typed - '0');
    return yuan * 100;
}

static bool typed_is_good(void *context, const void *argument)
{
    struct session *session = context;
    int64_t floor_fen, ceiling_fen, base_fen = typed_fen(data_of(session)->typed);
    (void)argument;
    return session_learn_base_limits(session, &floor_fen, &ceiling_fen) && base_fen >= floor_fen &&
           base_fen <= ceiling_fen;
}

static void take_typed(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    data_of(session)->base_fen = typed_fen(data_of(session)->typed);
}

static void refuse_typed(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    data_of(session)->base_refused = true;
    session_changed(session);
}

static bool has_list(void *context, const void *argument)
{
    int64_t list_fen[POLICY_GRADES_MAX];
    struct session *session = context;
    int insurance = *(const int *)argument;
    return insurance >= 0 && insurance < session->parts.policy->insurance_count &&
           session_learn_picks(session, insurance, list_fen) > 0;
}

static void take_list(void *context, const void *argument)
{
    data_of(context)->picking = *(const int *)argument;
}

static bool is_pick(void *context, const void *argument)
{
    int64_t list_fen[POLICY_GRADES_MAX];
    struct session *session = context;
    int index = *(const int *)argument;
    return index >= 0 && index < session_learn_picks(session, data_of(session)->picking, list_fen);
}

static void take_pick(void *context, const void *argument)
{
    struct session *session = context;
    struct session_learn *learn = data_of(session);
    learn->grades[learn->picking] = *(const int *)argument + 1;
}

/* ---- after leaving a job ---- */

static void choose_year(void *context, const void *argument)
{
    struct session *session = context;
    int now = month_year(month_of_wall(clock_wall_ms(session->parts.clock)));
    int year = *(const int *)argument;
    if (year >= now - LEARN_YEARS_BACK && year <= now)
        data_of(session)->year = year;
    session_changed(session);
}

/* Insured for a month that has not begun is possible only in this one: paid ahead. */
static bool is_past_month(void *context, const void *argument)
{
    struct session *session = context;
    month_index now = month_of_wall(clock_wall_ms(session->parts.clock));
    month_index month = *(const int *)argument;
    return month <= now && month_year(month) >= month_year(now) - LEARN_YEARS_BACK;
}

static void take_month(void *context, const void *argument)
{
    struct session *session = context;
    data_of(session)->left = *(const int *)argument;
    data_of(session)->print = PRINT_NOTHING;
}

/* ---- paper ---- */

static bool can_print(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return receipt_flow_is_at_rest(&session->receipt);
}

static void enter_printing(void *context)
{
    struct session *session = context;
    struct receipt_facts facts;
    enum status status = session_learn_compose(session, &facts);
    patience_restart(session);
    session_changed(session);
    data_of(session)->print = PRINT_FAILED;
    if (status == STATUS_OK) {
        session->printing = SLIP_PLAN;
        receipt_flow_print(&session->receipt, &facts);
    } else {
        log_error("session", "plan_not_composed", "%s", status_name(status));
        sm_post(&session->learn, LEARN_EV_PRINTED, NULL);
    }
}

void learn_on_receipt(struct session *session, enum receipt_result result)
{
    if (session->learn.state != LEARN_PRINTING)
        return; /* the person has left; the paper lies there all the same */
    data_of(session)->print = session_print_of(result);
    sm_post(&session->learn, LEARN_EV_PRINTED, NULL);
}

/* ---- the table ---- */

static const struct sm_state STATES[LEARN_STATES] = {
    [LEARN_OFF] = { "off", NULL, 0 },
    [LEARN_MENU] = { "menu", enter_page, 0 },
    [LEARN_STANDARDS] = { "standards", enter_page, 0 },
    [LEARN_TIMES] = { "times", enter_page, 0 },
    [LEARN_INDIVIDUAL] = { "individual", enter_page, 0 },
    [LEARN_LAW] = { "law", enter_page, 0 },
    [LEARN_CALCULATOR] = { "calculator", enter_page, 0 },
    [LEARN_GRADES] = { "grades", enter_page, 0 },
    [LEARN_BASE] = { "base", enter_page, 0 },
    [LEARN_LEAVING] = { "leaving", enter_page, 0 },
    [LEARN_PLAN] = { "plan", enter_page, 0 },
    [LEARN_PRINTING] = { "printing", enter_printing, PRINTING_MS },
};

#define IGNORE(event)                                                                              \
    {                                                                                              \
        SM_ANY, event, NULL, sm_ignore, SM_STAY                                                    \
    }

/* clang-format off */
static const struct sm_arrow ARROWS[] = {
    { SM_ANY, LEARN_EV_BEGIN, NULL, start_afresh, LEARN_MENU },
    { SM_ANY, LEARN_EV_STOP, NULL, NULL, LEARN_OFF },

    { LEARN_MENU, INTENT_TOPIC, wants_standards, NULL, LEARN_STANDARDS },
    { LEARN_MENU, INTENT_TOPIC, wants_times, NULL, LEARN_TIMES },
    { LEARN_MENU, INTENT_TOPIC, wants_individual, NULL, LEARN_INDIVIDUAL },
    { LEARN_MENU, INTENT_TOPIC, wants_law, NULL, LEARN_LAW },
    { LEARN_MENU, INTENT_TOPIC, wants_calculator, NULL, LEARN_CALCULATOR },
    { LEARN_MENU, INTENT_TOPIC, wants_leaving, NULL, LEARN_LEAVING },
    { LEARN_MENU, INTENT_BACK, NULL, report_back, SM_STAY },

    { LEARN_STANDARDS, INTENT_BACK, NULL, NULL, LEARN_MENU },
    { LEARN_TIMES, INTENT_BACK, NULL, NULL, LEARN_MENU },
    { LEARN_INDIVIDUAL, INTENT_BACK, NULL, NULL, LEARN_MENU },
    { LEARN_LAW, INTENT_BACK, NULL, NULL, LEARN_MENU },

    { LEARN_CALCULATOR, INTENT_CHOOSE_BASE, NULL, choose_base, SM_STAY },
    { LEARN_CALCULATOR, INTENT_OWN_BASE, has_base, clear_typed, LEARN_BASE },
    { LEARN_CALCULATOR, INTENT_GRADES, has_list, take_list, LEARN_GRADES },
    { LEARN_CALCULATOR, INTENT_BACK, NULL, NULL, LEARN_MENU },

    { LEARN_GRADES, INTENT_CHOOSE_GRADE, is_pick, take_pick, LEARN_CALCULATOR },
    { LEARN_GRADES, INTENT_BACK, NULL, NULL, LEARN_CALCULATOR },

    { LEARN_BASE, INTENT_DIGIT, NULL, type_digit, SM_STAY },
    { LEARN_BASE, INTENT_ERASE, NULL, erase_digit, SM_STAY },
    { LEARN_BASE, INTENT_CLEAR, NULL, clear_typed, SM_STAY },
    { LEARN_BASE, INTENT_NEXT, typed_is_good, take_typed, LEARN_CALCULATOR },
    { LEARN_BASE, INTENT_NEXT, NULL, refuse_typed, SM_STAY },
    { LEARN_BASE, INTENT_BACK, NULL, NULL, LEARN_CALCULATOR },

    { LEARN_LEAVING, INTENT_CHOOSE_YEAR, NULL, choose_year, SM_STAY },
    { LEARN_LEAVING, INTENT_CHOOSE_MONTH, is_past_month, take_month, LEARN_PLAN },
    { LEARN_LEAVING, INTENT_BACK, NULL, NULL, LEARN_MENU },

    { LEARN_PLAN, INTENT_PRINT, can_print, NULL, LEARN_PRINTING },
    { LEARN_PLAN, INTENT_BACK, NULL, NULL, LEARN_LEAVING },

    { LEARN_PRINTING, LEARN_EV_PRINTED, NULL, NULL, LEARN_PLAN },
    { LEARN_PRINTING, SM_EVENT_DEADLINE, NULL, NULL, LEARN_PLAN },

    /* A touch on a page that has just gone. */
    IGNORE(SM_EVENT_DEADLINE), SESSION_IGNORE_INTENTS, IGNORE(LEARN_EV_PRINTED),
};
/* clang-format on */

static const struct sm_table TABLE = {
    .module = "session",
    .name = "learn",
    .states = STATES,
    .state_count = LEARN_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = LEARN_EVENTS,
    .rest_state = LEARN_OFF,
    .fault_state = LEARN_OFF,
};

void session_init_learn(struct session *session)
{
    sm_init(&session->learn, &TABLE, session->parts.clock, session);
}

void learn_begin(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->learn, LEARN_EV_BEGIN, NULL);
}

void learn_stop(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    sm_post(&session->learn, LEARN_EV_STOP, NULL);
}
