#include "base/check.h"
#include "session/session_internal.h"

#define DONE_MS 30000 /* to take the paper and read the number; it shows what was paid */

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
    wait(session, INT64_C(1000) * session->parts.settings->more_time_s *
                      modes_patience_factor(&session->modes));
}

static bool is_at_home(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    return session->visit.state == VISIT_HOME;
}

/* Somebody chose a language or a size and went away. */
static void reset_modes(void *context, const void *argument)
{
    struct session *session = context;
    (void)argument;
    modes_reset(&session->modes);
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
    { PATIENCE_WAITING, SM_EVENT_DEADLINE, is_at_home, reset_modes, PATIENCE_OFF },
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

static int64_t page_ms(const struct session *session)
{
    const struct settings *settings = session->parts.settings;
    int64_t idle_ms = INT64_C(1000) * settings->idle_timeout_s;
    if (session->visit.state == VISIT_PAY && session->pay.state == PAY_CASH)
        return INT64_C(1000) * settings->cash_timeout_s;
    if (session->visit.state == VISIT_DONE && idle_ms > DONE_MS)
        return DONE_MS;
    return idle_ms;
}

void patience_restart(struct session *session)
{
    session->patience_ms = page_ms(session) * modes_patience_factor(&session->modes);
    cash_flow_hold(&session->cash);
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
