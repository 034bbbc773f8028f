#include "base/sm.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "support/unit.h"

/* A door: closed is rest, opening has a deadline of 100 ms, broken is the fault state. */
enum door_state {
    DOOR_CLOSED,
    DOOR_OPENING,
    DOOR_OPEN,
    DOOR_BROKEN,
    DOOR_STATES
};
enum door_event {
    EV_PUSH = 1,
    EV_MOVED,
    EV_KNOCK,
    EV_CLOSE,
    EV_CHAIN,
    EV_ALARM,
    DOOR_EVENTS
};

struct door {
    struct sm sm;
    struct clock_fake clock;
    bool locked;
    char trace[256];
};

static void trace(void *context, const char *word)
{
    struct door *door = context;
    strcat(door->trace, word);
    strcat(door->trace, " ");
}

static void enter_opening(void *context)
{
    trace(context, "enter-opening");
}

static void enter_open(void *context)
{
    struct door *door = context;
    trace(door, "enter-open");
    sm_set_deadline(&door->sm, clock_now_ms(&door->clock.clock) + 1000);
}

static void enter_broken(void *context)
{
    struct door *door = context;
    trace(door, "enter-broken");
    sm_set_deadline(&door->sm, INT64_MAX);
}

static bool is_unlocked(void *context, const void *argument)
{
    (void)argument;
    return !((struct door *)context)->locked;
}

static void push(void *context, const void *argument)
{
    trace(context, argument != NULL ? (const char *)argument : "push");
}

static void knock(void *context, const void *argument)
{
    (void)argument;
    trace(context, "knock");
}

static void chain(void *context, const void *argument)
{
    (void)argument;
    struct door *door = context;
    sm_post(&door->sm, EV_PUSH, NULL);
    sm_post(&door->sm, EV_MOVED, NULL);
    trace(door, "chained");
}

static void post_nine(void *context, const void *argument)
{
    (void)argument;
    for (int i = 0; i < SM_PENDING_MAX + 1; i++)
        sm_post(&((struct door *)context)->sm, EV_KNOCK, NULL);
}

static const struct sm_state STATES[] = {
    [DOOR_CLOSED] = { .name = "closed" },
    [DOOR_OPENING] = { "opening", .enter = enter_opening, .deadline_ms = 100 },
    [DOOR_OPEN] = { "open", .enter = enter_open },
    [DOOR_BROKEN] = { "broken", .enter = enter_broken },
};
static const struct sm_arrow ARROWS[] = {
    { DOOR_CLOSED, EV_PUSH, is_unlocked, push, DOOR_OPENING },
    { DOOR_CLOSED, EV_PUSH, NULL, sm_ignore, DOOR_CLOSED },
    { DOOR_OPENING, EV_MOVED, NULL, NULL, DOOR_OPEN },
    { DOOR_OPENING, EV_PUSH, NULL, push, DOOR_OPENING },
    { DOOR_OPENING, SM_EVENT_DEADLINE, NULL, NULL, DOOR_CLOSED },
    { DOOR_OPEN, SM_EVENT_DEADLINE, NULL, knock, SM_STAY },
    { DOOR_OPEN, EV_CLOSE, NULL, NULL, DOOR_CLOSED },
    { DOOR_OPEN, EV_PUSH, NULL, sm_ignore, DOOR_OPEN },
    { DOOR_CLOSED, EV_CHAIN, NULL, chain, SM_STAY },
    { DOOR_CLOSED, EV_ALARM, NULL, post_nine, SM_STAY },
    { SM_ANY, EV_KNOCK, NULL, knock, SM_STAY },
};
static const char *const EVENT_NAMES[] = { "deadline", "push",  "moved", "knock",
                                           "close",    "chain", "alarm" };
static const struct sm_table TABLE = {
    .module = "test",
    .name = "door",
    .states = STATES,
    .state_count = DOOR_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = DOOR_EVENTS,
    .rest_state = DOOR_CLOSED,
    .fault_state = DOOR_BROKEN,
};

static struct door door;

static int setup(void **state)
{
    (void)state;
    log_set_level(LOG_ERROR);
    memset(&door, 0, sizeof door);
    clock_fake_init(&door.clock, 0);
    sm_init(&door.sm, &TABLE, &door.clock.clock, &door);
    return 0;
}

static void it_starts_at_rest_and_waits_for_nothing(void **state)
{
    (void)state;
    assert_string_equal(sm_state_name(&door.sm), "closed");
    assert_int_equal(sm_next_deadline_ms(&door.sm), INT64_MAX);
    assert_string_equal(door.trace, "");
}

static void an_arrow_acts_first_and_then_enters(void **state)
{
    (void)state;
    sm_post(&door.sm, EV_PUSH, "hard-push");
    assert_string_equal(door.trace, "hard-push enter-opening ");
    assert_string_equal(sm_state_name(&door.sm), "opening");
}

static void a_refusing_guard_passes_on_to_the_next_arrow(void **state)
{
    (void)state;
    door.locked = true;
    sm_post(&door.sm, EV_PUSH, NULL);
    assert_string_equal(sm_state_name(&door.sm), "closed");
    assert_string_equal(door.trace, "");
}

static void going_to_the_same_state_enters_it_again(void **state)
{
    (void)state;
    sm_post(&door.sm, EV_PUSH, NULL);
    clock_fake_advance(&door.clock, 60);
    sm_post(&door.sm, EV_PUSH, NULL);
    assert_string_equal(door.trace, "push enter-opening push enter-opening ");
    assert_int_equal(sm_next_deadline_ms(&door.sm), clock_now_ms(&door.clock.clock) + 100);
}

static void staying_keeps_the_deadline_running(void **state)
{
    (void)state;
    sm_post(&door.sm, EV_PUSH, NULL);
    int64_t deadline_ms = sm_next_deadline_ms(&door.sm);
    clock_fake_advance(&door.clock, 60);
    sm_post(&door.sm, EV_KNOCK, NULL);
    assert_int_equal(sm_next_deadline_ms(&door.sm), deadline_ms);
}

static void an_ignored_event_does_not_enter_again(void **state)
{
    (void)state;
    sm_post(&door.sm, EV_PUSH, NULL);
    sm_post(&door.sm, EV_MOVED, NULL);
    int64_t deadline_ms = sm_next_deadline_ms(&door.sm);
    clock_fake_advance(&door.clock, 10);
    sm_post(&door.sm, EV_PUSH, NULL);
    assert_int_equal(sm_next_deadline_ms(&door.sm), deadline_ms);
    assert_string_equal(door.trace, "push enter-opening enter-open ");
}

static void a_deadline_passes_on_the_millisecond(void **state)
{
    (void)state;
    sm_post(&door.sm, EV_PUSH, NULL);
    clock_fake_advance(&door.clock, 99);
    sm_tick(&door.sm);
    assert_string_equal(sm_state_name(&door.sm), "opening");
    clock_fake_advance(&door.clock, 1);
    sm_tick(&door.sm);
    assert_string_equal(sm_state_name(&door.sm), "closed");
    assert_int_equal(sm_next_deadline_ms(&door.sm), INT64_MAX);
}

static void a_deadline_set_by_enter_is_kept(void **state)
{
    (void)state;
    sm_post(&door.sm, EV_PUSH, NULL);
    sm_post(&door.sm, EV_MOVED, NULL);
    assert_int_equal(sm_next_deadline_ms(&door.sm), clock_now_ms(&door.clock.clock) + 1000);
    clock_fake_advance(&door.clock, 1000);
    sm_tick(&door.sm);
    sm_tick(&door.sm);
    assert_string_equal(door.trace, "push enter-opening enter-open knock ");
}

static void events_posted_by_an_action_run_after_it_in_order(void **state)
{
    (void)state;
    sm_post(&door.sm, EV_CHAIN, NULL);
    assert_string_equal(door.trace, "chained push enter-opening enter-open ");
    assert_string_equal(sm_state_name(&door.sm), "open");
}

static void every_unlisted_pair_goes_to_the_fault_state(void **state)
{
    (void)state;
    log_set_level((enum log_level)(LOG_ERROR + 1)); /* expected here by the dozen */
    for (int from = 0; from < DOOR_STATES; from++) {
        for (int event = 0; event < DOOR_EVENTS; event++) {
            bool listed = false;
            for (size_t i = 0; i < ARRAY_SIZE(ARROWS); i++)
                listed = listed || (ARROWS[i].event == event &&
                                    (ARROWS[i].from == from || ARROWS[i].from == SM_ANY));
            if (listed)
                continue;
            sm_init(&door.sm, &TABLE, &door.clock.clock, &door);
            door.sm.state = from;
            sm_post(&door.sm, event, NULL);
            assert_string_equal(sm_state_name(&door.sm), "broken");
        }
    }
}

static void post_alarm(void *context)
{
    (void)context;
    sm_post(&door.sm, EV_ALARM, NULL);
}

static void more_pending_events_than_the_bound_is_our_own_bug(void **state)
{
    (void)state;
    assert_aborts(post_alarm, NULL);
}

static void init_with(void *table)
{
    struct sm sm;
    sm_init(&sm, table, &door.clock.clock, NULL);
}

static void a_table_with_a_hole_is_our_own_bug(void **state)
{
    (void)state;
    struct sm_table table = TABLE;
    table.fault_state = DOOR_STATES;
    assert_aborts(init_with, &table);

    struct sm_state states[DOOR_STATES];
    memcpy(states, STATES, sizeof states);
    states[DOOR_OPENING].deadline_ms = 0;
    states[DOOR_OPENING].enter = NULL;
    table = TABLE;
    table.states = states;
    assert_aborts(init_with, &table);

    struct sm_arrow arrows[] = { { DOOR_CLOSED, DOOR_EVENTS, NULL, NULL, DOOR_OPEN } };
    table = TABLE;
    table.arrows = arrows;
    table.arrow_count = 1;
    assert_aborts(init_with, &table);
    arrows[0] = (struct sm_arrow){ DOOR_CLOSED, EV_PUSH, NULL, NULL, DOOR_STATES };
    assert_aborts(init_with, &table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_starts_at_rest_and_waits_for_nothing, setup),
        cmocka_unit_test_setup(an_arrow_acts_first_and_then_enters, setup),
        cmocka_unit_test_setup(a_refusing_guard_passes_on_to_the_next_arrow, setup),
        cmocka_unit_test_setup(going_to_the_same_state_enters_it_again, setup),
        cmocka_unit_test_setup(staying_keeps_the_deadline_running, setup),
        cmocka_unit_test_setup(an_ignored_event_does_not_enter_again, setup),
        cmocka_unit_test_setup(a_deadline_passes_on_the_millisecond, setup),
        cmocka_unit_test_setup(a_deadline_set_by_enter_is_kept, setup),
        cmocka_unit_test_setup(events_posted_by_an_action_run_after_it_in_order, setup),
        cmocka_unit_test_setup(every_unlisted_pair_goes_to_the_fault_state, setup),
        cmocka_unit_test_setup(more_pending_events_than_the_bound_is_our_own_bug, setup),
        cmocka_unit_test_setup(a_table_with_a_hole_is_our_own_bug, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
