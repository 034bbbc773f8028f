#include "sync/sync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "sync/sync_reply.h"
#include "unit/sync/sync_rig.h"

/* A visit whose numbers the bureau itself has leased, so that it books all of it. */
static void play_honest_visit(struct sync_rig *rig)
{
    struct store_rig *store = rig->store;
    char number[JOURNAL_NUMBER_SIZE];
    assert_int_equal(rig_append(store, JOURNAL_KIOSK_STARTED, NULL, "{\"version\":\"1\"}"),
                     STATUS_OK);
    rig->flow.config.numbers_low = rig->config.numbers_low = 1;
    run_until_quiet(rig);
    assert_int_equal(journal_peek_number(store->journal, number), STATUS_OK);
    assert_int_equal(rig_register(store, "aa11", number), STATUS_OK);
    char quote[96];
    snprintf(quote, sizeof quote, "{\"account\":\"%s\",\"person\":\"aa11\",\"due\":14950}", number);
    assert_int_equal(rig_append(store, JOURNAL_QUOTE_ACCEPTED, RIG_TXN, quote), STATUS_OK);
    assert_int_equal(rig_credit(store, RIG_TXN, 10000), STATUS_OK);
    assert_int_equal(rig_credit(store, RIG_TXN, 5000), STATUS_OK);
    struct journal_draft completed = {
        .kind = JOURNAL_PAYMENT_COMPLETED,
        .txn = RIG_TXN,
        .body = "{\"paid\":15000,\"applied\":14950,\"surplus\":50,\"voucher\":"
                "\"990000000003202611230003192\"}",
        .postings = { { BOOK_CITIZEN, BOOK_PREMIUM, 14950 }, { BOOK_CITIZEN, BOOK_SURPLUS, 50 } },
        .posting_count = 2,
    };
    assert_int_equal(journal_append(store->journal, &completed, NULL), STATUS_OK);
    sync_flow_nudge(&rig->flow);
}

static void brings_a_visit_into_the_bureaus_ledger(void **state)
{
    struct sync_rig *rig = *state;
    play_honest_visit(rig);
    run_until_quiet(rig);
    char *ledger = bureau_ledger(rig);
    assert_non_null(strstr(ledger, "\"premium\":14950"));
    assert_non_null(strstr(ledger, "\"cash_box\":15000"));
    assert_non_null(strstr(ledger, "\"dead_letters\":[]"));
    free(ledger);
    assert_int_equal(journal_acked_seq(rig->store->journal), journal_last_seq(rig->store->journal));
    assert_true(rig->flow.status.reachable);
    assert_int_equal(rig->flow.status.unsent, 0);
    assert_true(rig->changes > 0);
}

static void sends_again_what_was_not_acknowledged_and_changes_nothing(void **state)
{
    struct sync_rig *rig = *state;
    play_honest_visit(rig);
    let_time_pass(rig);
    lose_reply(rig);
    assert_false(rig->flow.status.reachable);
    char *before = bureau_ledger(rig);
    let_time_pass(rig);
    answer_truly(rig);
    char *after = bureau_ledger(rig);
    assert_string_equal(before, after);
    assert_int_equal(rig->flow.status.unsent, 0);
    free(before);
    free(after);
}

static void takes_a_doubled_reply_once(void **state)
{
    struct sync_rig *rig = *state;
    int http_status;
    play_honest_visit(rig);
    let_time_pass(rig);
    char *reply = ask_bureau(rig, &http_status);
    give_reply(rig, STATUS_OK, http_status, reply);
    int64_t acked = journal_acked_seq(rig->store->journal);
    give_reply(rig, STATUS_OK, http_status, reply);
    assert_int_equal(journal_acked_seq(rig->store->journal), acked);
    assert_true(rig->flow.status.reachable);
    free(reply);
}

static void survives_rubbish_and_keeps_its_place(void **state)
{
    struct sync_rig *rig = *state;
    static const char *const RUBBISH[] = {
        "",
        "<html>busy</html>",
        "{}",
        "[]",
        "{\"acked_seq\":-1,\"acked_hash\":\"00\",\"rejected\":[]}",
        "{\"acked_seq\":1e3,\"acked_hash\":\"00\",\"rejected\":[]}",
        "{\"acked_seq\":99999999999999999999,\"acked_hash\":\"00\",\"rejected\":[]}",
        "{\"acked_seq\":3,\"acked_hash\":\"zz\",\"rejected\":[]}",
    };
    play_honest_visit(rig);
    int64_t acked = journal_acked_seq(rig->store->journal);
    int64_t last = journal_last_seq(rig->store->journal);
    for (size_t i = 0; i < sizeof RUBBISH / sizeof *RUBBISH; i++) {
        let_time_pass(rig);
        give_reply(rig, STATUS_OK, i % 2 ? 200 : 409, RUBBISH[i]);
        assert_string_equal(sm_state_name(&rig->flow.sm), "waiting");
        assert_int_equal(journal_acked_seq(rig->store->journal), acked);
        assert_int_equal(journal_last_seq(rig->store->journal), last);
    }
    run_until_quiet(rig);
    assert_int_equal(rig->flow.status.unsent, 0);
}

static void does_not_believe_an_acknowledgement_of_another_chain(void **state)
{
    struct sync_rig *rig = *state;
    play_honest_visit(rig);
    let_time_pass(rig);
    int64_t acked = journal_acked_seq(rig->store->journal);
    char reply[200];
    snprintf(reply, sizeof reply, "{\"acked_seq\":%lld,\"acked_hash\":\"%064d\",\"rejected\":[]}",
             (long long)journal_last_seq(rig->store->journal), 7);
    give_reply(rig, STATUS_OK, 200, reply);
    assert_int_equal(journal_acked_seq(rig->store->journal), acked);
    assert_true(rig->flow.status.refused);
}

static void backs_off_longer_each_time_up_to_the_cap(void **state)
{
    struct sync_rig *rig = *state;
    int64_t delay_s = RETRY_S_MIN;
    play_honest_visit(rig);
    for (int i = 0; i < 12; i++) {
        let_time_pass(rig);
        assert_true(rig->waiting);
        give_reply(rig, STATUS_DISCONNECTED, 0, "");
        int64_t wait_ms = sync_flow_next_deadline_ms(&rig->flow) - rig->store->clock.now_ms;
        assert_in_range(wait_ms, delay_s * 500, delay_s * 1000);
        assert_int_equal(rig->flow.status.next_try_ms, sync_flow_next_deadline_ms(&rig->flow));
        delay_s = delay_s * 2 > RETRY_S_MAX ? RETRY_S_MAX : delay_s * 2;
    }
    let_time_pass(rig);
    answer_truly(rig);
    assert_true(rig->flow.status.reachable);
    assert_int_equal(rig->flow.failures, 0);
}

static void two_kiosks_do_not_come_back_together(void **state)
{
    struct sync_rig *rig = *state;
    int64_t first_ms, second_ms;
    let_time_pass(rig);
    give_reply(rig, STATUS_DISCONNECTED, 0, "");
    first_ms = sync_flow_next_deadline_ms(&rig->flow) - rig->store->clock.now_ms;
    snprintf(rig->config.kiosk_id, sizeof rig->config.kiosk_id, "000004");
    restart_flow(rig);
    let_time_pass(rig);
    give_reply(rig, STATUS_DISCONNECTED, 0, "");
    second_ms = sync_flow_next_deadline_ms(&rig->flow) - rig->store->clock.now_ms;
    assert_int_not_equal(first_ms, second_ms);
}

static void does_not_send_sooner_because_of_a_nudge_while_backing_off(void **state)
{
    struct sync_rig *rig = *state;
    play_honest_visit(rig);
    let_time_pass(rig);
    give_reply(rig, STATUS_DISCONNECTED, 0, "");
    int64_t deadline_ms = sync_flow_next_deadline_ms(&rig->flow);
    int sent = rig->sent_count;
    sync_flow_nudge(&rig->flow);
    sync_flow_tick(&rig->flow);
    assert_int_equal(sync_flow_next_deadline_ms(&rig->flow), deadline_ms);
    assert_int_equal(rig->sent_count, sent);
}

static void gathers_what_is_appended_within_a_moment(void **state)
{
    struct sync_rig *rig = *state;
    run_until_quiet(rig);
    int sent = rig->sent_count;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(rig_append(rig->store, JOURNAL_BOX_EVENT, NULL, "{}"), STATUS_OK);
        sync_flow_nudge(&rig->flow);
        sync_flow_tick(&rig->flow);
    }
    assert_int_equal(rig->sent_count, sent);
    assert_int_equal(rig->flow.status.unsent, 5);
    run_until_quiet(rig);
    assert_int_equal(rig->sent_count, sent + 1);
}

static void asks_for_updates_only_every_poll(void **state)
{
    struct sync_rig *rig = *state;
    run_until_quiet(rig);
    int sent = rig->sent_count;
    for (int s = 0; s < POLL_S - 1; s++) {
        clock_fake_advance(&rig->store->clock, 1000);
        sync_flow_tick(&rig->flow);
    }
    assert_int_equal(rig->sent_count, sent);
    clock_fake_advance(&rig->store->clock, 1000);
    sync_flow_tick(&rig->flow);
    assert_int_equal(rig->sent_count, sent + 1);
    assert_string_equal(rig->path, "/v1/kiosks/" KIOSK "/updates");
}

static void splits_a_backlog_into_batches(void **state)
{
    struct sync_rig *rig = *state;
    run_until_quiet(rig);
    int sent = rig->sent_count;
    for (int i = 0; i < 2 * SYNC_BATCH_ENTRIES + 1; i++)
        assert_int_equal(rig_append(rig->store, JOURNAL_BOX_EVENT, NULL, "{}"), STATUS_OK);
    sync_flow_nudge(&rig->flow);
    run_until_quiet(rig);
    assert_int_equal(rig->sent_count, sent + 3);
    assert_int_equal(rig->flow.status.unsent, 0);
}

static void keeps_a_batch_within_its_bytes(void **state)
{
    struct sync_rig *rig = *state;
    static char body[JOURNAL_BODY_SIZE_MAX + 1];
    memset(body, ' ', sizeof body - 1);
    body[0] = '{';
    body[sizeof body - 2] = '}';
    run_until_quiet(rig);
    for (int i = 0; i < 60; i++)
        assert_int_equal(rig_append(rig->store, JOURNAL_BOX_EVENT, NULL, body), STATUS_OK);
    sync_flow_nudge(&rig->flow);
    let_time_pass(rig);
    assert_in_range(rig->size, JOURNAL_BODY_SIZE_MAX, SYNC_BATCH_BYTES_MAX);
    run_until_quiet(rig);
    assert_int_equal(rig->flow.status.unsent, 0);
}

static void goes_back_to_the_bureaus_last_good_point_on_a_gap(void **state)
{
    struct sync_rig *rig = *state;
    rig_play_visit(rig->store);
    assert_int_equal(journal_set_acked(rig->store->journal, 5), STATUS_OK);
    let_time_pass(rig);
    answer_truly(rig); /* 409 gap, last good point 0 */
    assert_int_equal(journal_acked_seq(rig->store->journal), 0);
    assert_false(rig->flow.status.refused);
    run_until_quiet(rig);
    assert_int_equal(journal_acked_seq(rig->store->journal), journal_last_seq(rig->store->journal));
}

static void goes_on_from_a_bureau_that_was_restored_from_a_backup(void **state)
{
    struct sync_rig *rig = *state;
    play_honest_visit(rig);
    run_until_quiet(rig);
    assert_int_equal(db_exec(rig->bureau.db,
                             "DELETE FROM entry WHERE seq > 2; DELETE FROM citizen;"
                             "DELETE FROM visit; DELETE FROM payment; DELETE FROM ledger;"
                             "UPDATE kiosk SET acked_seq = 2, acked_hash ="
                             " (SELECT hash FROM entry WHERE seq = 2)"),
                     STATUS_OK);
    let_time_pass(rig); /* the poll tells */
    answer_truly(rig);
    run_until_quiet(rig);
    char *ledger = bureau_ledger(rig);
    assert_non_null(strstr(ledger, "\"premium\":14950"));
    free(ledger);
}

static void needs_staff_when_the_bureau_has_another_chain(void **state)
{
    struct sync_rig *rig = *state;
    rig_play_visit(rig->store);
    run_until_quiet(rig);
    assert_int_equal(db_exec(rig->bureau.db, "UPDATE entry SET hash = zeroblob(32);"
                                             "UPDATE kiosk SET acked_hash = zeroblob(32)"),
                     STATUS_OK);
    int64_t acked = journal_acked_seq(rig->store->journal);
    assert_int_equal(rig_append(rig->store, JOURNAL_BOX_EVENT, NULL, "{}"), STATUS_OK);
    sync_flow_nudge(&rig->flow);
    let_time_pass(rig);
    answer_truly(rig);
    assert_true(rig->flow.status.refused);
    assert_int_equal(journal_acked_seq(rig->store->journal), acked);
    assert_string_equal(sm_state_name(&rig->flow.sm), "waiting");
}

static void does_not_go_round_with_a_bureau_that_keeps_refusing(void **state)
{
    struct sync_rig *rig = *state;
    char conflict[200];
    rig_play_visit(rig->store);
    for (int round = 0; round < 2; round++) {
        uint8_t hash[JOURNAL_HASH_SIZE];
        int64_t seq = round == 0 ? 2 : 3;
        char hex[2 * JOURNAL_HASH_SIZE + 1] = "";
        assert_int_equal(journal_hash_at(rig->store->journal, seq, hash), STATUS_OK);
        for (size_t i = 0; i < sizeof hash; i++)
            snprintf(hex + 2 * i, 3, "%02x", hash[i]);
        snprintf(conflict, sizeof conflict,
                 "{\"error\":\"chain\",\"acked_seq\":%lld,\"acked_hash\":\"%s\"}", (long long)seq,
                 hex);
        let_time_pass(rig);
        give_reply(rig, STATUS_OK, 409, conflict);
    }
    assert_true(rig->flow.status.refused);
    assert_string_equal(sm_state_name(&rig->flow.sm), "waiting");
}

static void needs_staff_when_the_certificate_is_refused(void **state)
{
    struct sync_rig *rig = *state;
    let_time_pass(rig);
    give_reply(rig, STATUS_OK, 403, "{\"error\":\"certificate\"}");
    assert_true(rig->flow.status.refused);
    let_time_pass(rig);
    give_reply(rig, STATUS_DENIED, 0, "");
    assert_true(rig->flow.status.refused);
    let_time_pass(rig);
    answer_truly(rig);
    assert_false(rig->flow.status.refused);
}

static bool count_entry(void *context, const struct journal_entry *entry)
{
    int *counts = context;
    for (int i = 0; i < JOURNAL_KINDS; i++)
        counts[i] += strcmp(entry->kind, journal_kind_name((enum journal_kind)i)) == 0;
    return true;
}

static int count_kind(struct sync_rig *rig, enum journal_kind kind)
{
    int counts[JOURNAL_KINDS] = { 0 };
    assert_int_equal(journal_read(rig->store->journal, 1, INT64_MAX, count_entry, counts),
                     STATUS_OK);
    return counts[kind];
}

static void notes_a_rejection_once_and_goes_on(void **state)
{
    struct sync_rig *rig = *state;
    int http_status;
    rig_play_visit(rig->store); /* its numbers are not the bureau's, so registered is rejected */
    let_time_pass(rig);
    char *reply = ask_bureau(rig, &http_status);
    assert_non_null(strstr(reply, "number_not_leased"));
    give_reply(rig, STATUS_OK, http_status, reply);
    int rejected = count_kind(rig, JOURNAL_ENTRY_REJECTED);
    assert_true(rejected > 0);
    /* The crash is between noting the rejection and noting the acknowledgement. */
    assert_int_equal(journal_set_acked(rig->store->journal, 0), STATUS_OK);
    restart_flow(rig);
    run_until_quiet(rig);
    assert_int_equal(count_kind(rig, JOURNAL_ENTRY_REJECTED), rejected);
    assert_int_equal(rig->flow.status.unsent, 0);
    free(reply);
}

static void leases_numbers_when_few_are_left(void **state)
{
    struct sync_rig *rig = *state;
    rig->flow.config.numbers_low = 50;
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    run_until_quiet(rig);
    assert_in_range(journal_numbers_left(rig->store->journal), 50, 1000);
    assert_int_equal(count_kind(rig, JOURNAL_NUMBERS_LEASED), 1);
}

static void asks_for_the_same_block_again_after_a_crash(void **state)
{
    struct sync_rig *rig = *state;
    char first_request[200];
    rig->flow.config.numbers_low = rig->config.numbers_low = 50;
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    let_time_pass(rig);
    answer_truly(rig);  /* entries */
    let_time_pass(rig); /* the lease */
    snprintf(first_request, sizeof first_request, "%s", rig->body);
    lose_reply(rig);
    restart_flow(rig);
    let_time_pass(rig);
    assert_string_equal(rig->path, "/v1/kiosks/" KIOSK "/number-blocks");
    assert_string_equal(rig->body, first_request);
    answer_truly(rig);
    char number[JOURNAL_NUMBER_SIZE];
    assert_int_equal(journal_peek_number(rig->store->journal, number), STATUS_OK);
    assert_string_equal(number, "990100000001");
    assert_int_equal(count_kind(rig, JOURNAL_NUMBERS_LEASED), 1);
}

static void does_not_book_a_block_twice(void **state)
{
    struct sync_rig *rig = *state;
    char fact[64];
    rig->flow.config.numbers_low = rig->config.numbers_low = 50;
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    let_time_pass(rig);
    answer_truly(rig);
    let_time_pass(rig);
    snprintf(fact, sizeof fact, "%s", rig->flow.lease_request);
    answer_truly(rig);
    int64_t left = journal_numbers_left(rig->store->journal);
    /* The crash is between the entry and the forgetting of the request. */
    assert_int_equal(journal_put_fact(rig->store->journal, SYNC_FACT_LEASE, fact), STATUS_OK);
    rig->config.numbers_low = (int)left + 1;
    restart_flow(rig);
    let_time_pass(rig);
    answer_truly(rig); /* entries */
    let_time_pass(rig);
    answer_truly(rig); /* the old block again */
    assert_int_equal(journal_numbers_left(rig->store->journal), left);
    run_until_quiet(rig); /* then a new one */
    assert_int_equal(journal_numbers_left(rig->store->journal), 2 * left);
}

static void refuses_a_block_it_did_not_ask_for(void **state)
{
    struct sync_rig *rig = *state;
    rig->flow.config.numbers_low = 50;
    assert_int_equal(rig_append(rig->store, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    let_time_pass(rig);
    answer_truly(rig);
    let_time_pass(rig);
    give_reply(rig, STATUS_OK, 200,
               "{\"lease\":\"1-00\",\"prefix\":\"9901\",\"first\":1,\"count\":10}");
    assert_int_equal(journal_numbers_left(rig->store->journal), 0);
    assert_false(rig->flow.status.reachable);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, sync_rig_setup, sync_rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(brings_a_visit_into_the_bureaus_ledger),
        ON_RIG(sends_again_what_was_not_acknowledged_and_changes_nothing),
        ON_RIG(takes_a_doubled_reply_once),
        ON_RIG(survives_rubbish_and_keeps_its_place),
        ON_RIG(does_not_believe_an_acknowledgement_of_another_chain),
        ON_RIG(backs_off_longer_each_time_up_to_the_cap),
        ON_RIG(two_kiosks_do_not_come_back_together),
        ON_RIG(does_not_send_sooner_because_of_a_nudge_while_backing_off),
        ON_RIG(gathers_what_is_appended_within_a_moment),
        ON_RIG(asks_for_updates_only_every_poll),
        ON_RIG(splits_a_backlog_into_batches),
        ON_RIG(keeps_a_batch_within_its_bytes),
        ON_RIG(goes_back_to_the_bureaus_last_good_point_on_a_gap),
        ON_RIG(goes_on_from_a_bureau_that_was_restored_from_a_backup),
        ON_RIG(needs_staff_when_the_bureau_has_another_chain),
        ON_RIG(does_not_go_round_with_a_bureau_that_keeps_refusing),
        ON_RIG(needs_staff_when_the_certificate_is_refused),
        ON_RIG(notes_a_rejection_once_and_goes_on),
        ON_RIG(leases_numbers_when_few_are_left),
        ON_RIG(asks_for_the_same_block_again_after_a_crash),
        ON_RIG(does_not_book_a_block_twice),
        ON_RIG(refuses_a_block_it_did_not_ask_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
