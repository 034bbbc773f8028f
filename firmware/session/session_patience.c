#include "base/check.h"
#include "session/session_internal.h"

static const char *const EVENT_NAMES[] = {
    [SM_EVENT_DEADLINE] = "deadline",
    [PATIENCE_EV_RESTART] = "restart",
    [PATIENCE_EV_STOP] = "stop",
};

static void enter_off(void *context)
{
    struct session *session = context;
    session->ring_ms = 0;
    session_changed(session);
}

static void wait(struct session *session, int64_t ms)
{
    session->ring_ms = ms;
    sm_set_deadline(&session->patience, clock_now_ms(session->parts.clock) + ms);
    session_changed(session);
}

static void enter_waiting(void *context)
{
    struct session *session = context;
    wait(session, session->patience_ms);
}

static void enter_asking(void *context)
{
    struct session *session = context;
    wait(session, (int64_t)session->parts.settings->more_time_s * 1000);
}

static bool is_at_home(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->visit.state == VISIT_HOME;
}

/* Somebody chose a language and went away. */
static void reset_language(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    session->language = LANGUAGE_ZH;
}

static void give_up(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    if (session->visit.state == VISIT_PAY)
        sm_post(&session->pay, PAY_EV_GAVE_UP, NULL);
    else
        sm_post(&session->visit, VISIT_EV_GAVE_UP, NULL);
}

static const struct sm_state STATES[PATIENCE_STATES] = {
    [PATIENCE_OFF] = { "off", enter_off, 0 },
    [PATIENCE_WAITING] = { "waiting", enter_waiting, 0 },
    [PATIENCE_ASKING] = { "asking", enter_asking, 0 },
};

static const struct sm_arrow ARROWS[] = {
    { PATIENCE_WAITING, SM_EVENT_DEADLINE, is_at_home, reset_language, PATIENCE_OFF },
    { PATIENCE_WAITING, SM_EVENT_DEADLINE, NULL, NULL, PATIENCE_ASKING },
    { PATIENCE_ASKING, SM_EVENT_DEADLINE, NULL, give_up, PATIENCE_OFF },
    { PATIENCE_OFF, SM_EVENT_DEADLINE, NULL, sm_ignore, SM_STAY },
    { SM_ANY, PATIENCE_EV_RESTART, NULL, NULL, PATIENCE_WAITING },
    { PATIENCE_OFF, PATIENCE_EV_STOP, NULL, sm_ignore, PATIENCE_OFF },
    { SM_ANY, PATIENCE_EV_STOP, NULL, NULL, PATIENCE_OFF },
};

static const struct sm_table TABLE = {
    .module = "session",
    .name = "patience",
    .states = STATES,
    .state_count = PATIENCE_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = PATIENCE_EVENTS,
    .rest_state = PATIENCE_OFF,
    .fault_state = PATIENCE_OFF,
};

void session_init_patience(struct session *session)
{
    sm_init(&session->patience, &TABLE, session->parts.clock, session);
}

void patience_restart(struct session *session)
{
    const struct settings *settings = session->parts.settings;
    bool is_cash = session->visit.state == VISIT_PAY && session->pay.state == PAY_CASH;
    session->patience_ms =
        INT64_C(1000) * (is_cash ? settings->cash_timeout_s : settings->idle_timeout_s);
    sm_post(&session->patience, PATIENCE_EV_RESTART, NULL);
}

void patience_stop(struct session *session)
{
    sm_post(&session->patience, PATIENCE_EV_STOP, NULL);
}

bool patience_is_asking(const struct session *session)
{
    return session->patience.state == PATIENCE_ASKING;
}
