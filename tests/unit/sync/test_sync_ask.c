/*
 * A question of somebody who stands at the kiosk, between the batches.
 */
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "sync/sync.h"
#include "unit/sync/sync_rig.h"

#define PATH "/v1/kiosks/" KIOSK "/inquiry"
#define QUESTION "{\"voucher\":\"1\"}"

struct answer {
    int count;
    enum status status;
    int http_status;
    char body[64];
};

static void hear(void *context, const struct transport_reply *reply)
{
    struct answer *answer = context;
    answer->count++;
    answer->status = reply->status;
    answer->http_status = reply->http_status;
    if (reply->body)
        strncpy(answer->body, reply->body, sizeof answer->body - 1);
}

static enum status ask(struct sync_rig *rig, struct answer *answer)
{
    return sync_flow_ask(&rig->flow, "inquiry", QUESTION, strlen(QUESTION), hear, answer);
}

static void reach_bureau(struct sync_rig *rig)
{
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    run_until_quiet(rig);
}

static void asks_at_once_when_the_wire_is_free(void **state)
{
    struct sync_rig *rig = *state;
    struct answer answer = { 0 };
    reach_bureau(rig);
    assert_int_equal(ask(rig, &answer), STATUS_OK);
    assert_true(rig->waiting);
    assert_string_equal(rig->path, PATH);
    assert_string_equal(rig->body, QUESTION);
    assert_null(rig->flow.question.body); /* nothing of it is kept once it is sent */
    assert_int_equal(answer.count, 0);
    give_reply(rig, STATUS_OK, 200, "yes");
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.http_status, 200);
    assert_string_equal(answer.body, "yes");
    assert_true(rig->flow.status.reachable);
}

static void waits_for_the_batch_that_is_under_way_and_goes_before_the_next(void **state)
{
    struct sync_rig *rig = *state;
    struct answer answer = { 0 };
    reach_bureau(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    sync_flow_nudge(&rig->flow);
    let_time_pass(rig);
    assert_true(rig->waiting);
    assert_int_equal(ask(rig, &answer), STATUS_OK);
    assert_string_not_equal(rig->path, PATH);
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    answer_truly(rig);
    assert_string_equal(rig->path, PATH);
    give_reply(rig, STATUS_OK, 503, "no");
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.http_status, 503);
    run_until_quiet(rig);
    assert_int_equal(rig->flow.status.unsent, 0);
}

static void tries_also_while_backing_off_and_puts_nothing_off(void **state)
{
    struct sync_rig *rig = *state;
    struct answer answer = { 0 };
    reach_bureau(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    sync_flow_nudge(&rig->flow);
    let_time_pass(rig);
    give_reply(rig, STATUS_DISCONNECTED, 0, "");
    int64_t due_ms = sync_flow_next_deadline_ms(&rig->flow);
    assert_int_equal(ask(rig, &answer), STATUS_OK);
    give_reply(rig, STATUS_DISCONNECTED, 0, "");
    assert_int_equal(answer.count, 1);
    assert_int_equal(answer.status, STATUS_DISCONNECTED);
    assert_int_equal(sync_flow_next_deadline_ms(&rig->flow), due_ms);
    assert_false(rig->flow.status.reachable);
    /* One that is answered shows that the way is free again. */
    assert_int_equal(ask(rig, &answer), STATUS_OK);
    give_reply(rig, STATUS_OK, 200, "yes");
    assert_true(rig->flow.status.reachable);
    let_time_pass(rig);
    assert_true(rig->waiting);
    assert_string_not_equal(rig->path, PATH);
}

/* A gateway can say 503 for days while no entry gets through. */
static void an_answer_of_a_gateway_is_not_the_bureau_heard(void **state)
{
    struct sync_rig *rig = *state;
    struct answer answer = { 0 };
    reach_bureau(rig);
    int64_t heard_ms = rig->flow.status.last_success_wall_ms;
    clock_fake_advance(&rig->store->clock, 1000);
    assert_int_equal(ask(rig, &answer), STATUS_OK);
    give_reply(rig, STATUS_OK, 503, "no");
    assert_int_equal(answer.count, 1);
    assert_true(rig->flow.status.reachable); /* nor is it away */
    assert_int_equal(rig->flow.status.last_success_wall_ms, heard_ms);

    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    sync_flow_nudge(&rig->flow);
    let_time_pass(rig);
    give_reply(rig, STATUS_DISCONNECTED, 0, "");
    assert_int_equal(ask(rig, &answer), STATUS_OK);
    give_reply(rig, STATUS_OK, 502, "no");
    assert_int_equal(answer.count, 2);
    assert_false(rig->flow.status.reachable);
    assert_int_equal(rig->flow.status.last_success_wall_ms, heard_ms);
    run_until_quiet(rig);
    assert_int_equal(rig->flow.status.unsent, 0);
}

static void tells_nobody_who_has_left(void **state)
{
    struct sync_rig *rig = *state;
    struct answer first = { 0 }, second = { 0 };
    reach_bureau(rig);
    assert_int_equal(ask(rig, &first), STATUS_OK);
    sync_flow_drop_question(&rig->flow);
    assert_true(rig->cancelled);
    assert_int_equal(ask(rig, &second), STATUS_BUSY); /* its answer would be taken for ours */
    give_reply(rig, STATUS_OK, 200, "late");
    assert_int_equal(first.count, 0);
    assert_int_equal(ask(rig, &second), STATUS_OK);
    give_reply(rig, STATUS_OK, 200, "yes");
    assert_int_equal(second.count, 1);
    assert_int_equal(first.count, 0);
}

static void takes_back_a_question_that_was_not_sent_yet(void **state)
{
    struct sync_rig *rig = *state;
    struct answer answer = { 0 };
    reach_bureau(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    sync_flow_nudge(&rig->flow);
    let_time_pass(rig);
    assert_int_equal(ask(rig, &answer), STATUS_OK);
    sync_flow_drop_question(&rig->flow);
    assert_false(rig->cancelled); /* the batch goes on */
    answer_truly(rig);
    run_until_quiet(rig);
    assert_string_not_equal(rig->path, PATH);
    assert_int_equal(answer.count, 0);
}

static void asks_one_thing_at_a_time(void **state)
{
    struct sync_rig *rig = *state;
    struct answer first = { 0 }, second = { 0 };
    reach_bureau(rig);
    assert_int_equal(ask(rig, &first), STATUS_OK);
    assert_int_equal(ask(rig, &second), STATUS_BUSY);
    give_reply(rig, STATUS_OK, 200, "yes");
    assert_int_equal(first.count, 1);
    assert_int_equal(second.count, 0);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, sync_rig_setup, sync_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(asks_at_once_when_the_wire_is_free),
        ON_RIG(waits_for_the_batch_that_is_under_way_and_goes_before_the_next),
        ON_RIG(tries_also_while_backing_off_and_puts_nothing_off),
        ON_RIG(an_answer_of_a_gateway_is_not_the_bureau_heard),
        ON_RIG(tells_nobody_who_has_left),
        ON_RIG(takes_back_a_question_that_was_not_sent_yet),
        ON_RIG(asks_one_thing_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
