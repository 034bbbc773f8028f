#include "base/sm.h"

#include "base/check.h"
#include "base/log.h"

static bool is_state(const struct sm_table *table, int state)
{
    return state >= 0 && state < table->state_count;
}

static void check_table(const struct sm_table *table)
{
    CHECK(table->event_count > 0 && is_state(table, table->rest_state));
    CHECK(is_state(table, table->fault_state));
    for (int i = 0; i < table->state_count; i++) {
        const struct sm_state *state = &table->states[i];
        CHECK(state->name != NULL && state->deadline_ms >= 0);
        CHECK(state->deadline_ms > 0 || i == table->rest_state || state->enter != NULL);
    }
    for (size_t i = 0; i < table->arrow_count; i++) {
        const struct sm_arrow *arrow = &table->arrows[i];
        CHECK(arrow->from == SM_ANY || is_state(table, arrow->from));
        CHECK(arrow->event >= 0 && arrow->event < table->event_count);
        CHECK(arrow->to == SM_STAY || is_state(table, arrow->to));
    }
    for (int i = 0; i < table->event_count; i++)
        CHECK(table->event_names[i] != NULL);
}

static void arm(struct sm *sm)
{
    int32_t deadline_ms = sm->table->states[sm->state].deadline_ms;
    sm->deadline_at_ms = deadline_ms > 0 ? clock_now_ms(sm->clock) + deadline_ms : INT64_MAX;
}

void sm_init(struct sm *sm, const struct sm_table *table, const struct clock *clock, void *context)
{
    check_table(table);
    *sm = (struct sm){
        .table = table,
        .clock = clock,
        .context = context,
        .state = table->rest_state,
        .deadline_at_ms = INT64_MAX,
    };
    arm(sm);
}

static void enter(struct sm *sm, int state)
{
    sm->state = state;
    arm(sm);
    if (sm->table->states[state].enter != NULL)
        sm->table->states[state].enter(sm->context);
}

static const struct sm_arrow *find_arrow(const struct sm *sm, int event, const void *argument)
{
    for (size_t i = 0; i < sm->table->arrow_count; i++) {
        const struct sm_arrow *arrow = &sm->table->arrows[i];
        if (arrow->event != event || (arrow->from != SM_ANY && arrow->from != sm->state))
            continue;
        if (arrow->guard == NULL || arrow->guard(sm->context, argument))
            return arrow;
    }
    return NULL;
}

static void step(struct sm *sm, int event, const void *argument)
{
    const struct sm_table *table = sm->table;
    CHECK(event >= 0 && event < table->event_count);
    const char *from = table->states[sm->state].name;
    const struct sm_arrow *arrow = find_arrow(sm, event, argument);
    if (arrow == NULL) {
        log_error(table->module, "no_arrow", "%s: %s in %s, going to %s", table->name,
                  table->event_names[event], from, table->states[table->fault_state].name);
        enter(sm, table->fault_state);
        return;
    }
    if (arrow->action == sm_ignore && arrow->to == sm->state)
        return;
    if (arrow->action != NULL)
        arrow->action(sm->context, argument);
    if (arrow->to == SM_STAY)
        return;
    log_debug(table->module, "state", "%s: %s, %s, %s", table->name, from,
              table->event_names[event], table->states[arrow->to].name);
    enter(sm, arrow->to);
}

static int take_pending(struct sm *sm)
{
    int event = sm->pending[0];
    sm->pending_count--;
    for (int i = 0; i < sm->pending_count; i++)
        sm->pending[i] = sm->pending[i + 1];
    return event;
}

void sm_post(struct sm *sm, int event, const void *argument)
{
    if (sm->running) {
        CHECK(argument == NULL); /* it might be gone by the time the event runs */
        CHECK(sm->pending_count < SM_PENDING_MAX);
        sm->pending[sm->pending_count++] = event;
        return;
    }
    sm->running = true;
    step(sm, event, argument);
    while (sm->pending_count > 0)
        step(sm, take_pending(sm), NULL);
    sm->running = false;
}

void sm_tick(struct sm *sm)
{
    if (clock_now_ms(sm->clock) < sm->deadline_at_ms)
        return;
    /* Armed anew first, so that an arrow that stays is asked again one deadline later. */
    arm(sm);
    sm_post(sm, SM_EVENT_DEADLINE, NULL);
}

void sm_set_deadline(struct sm *sm, int64_t at_ms)
{
    sm->deadline_at_ms = at_ms;
}

int64_t sm_next_deadline_ms(const struct sm *sm)
{
    return sm->deadline_at_ms;
}

const char *sm_state_name(const struct sm *sm)
{
    return sm->table->states[sm->state].name;
}

void sm_ignore(void *context, const void *argument)
{
    (void)context;
    (void)argument;
}
