/* The acceptor's number, data set, counters and box, set against the books at each start and at
 * each beginning and end of a cash session. */
#include "cash_rig.h"

#include <stdio.h>
#include <string.h>

static const int64_t CHANNELS_FEN[] = { 500, 1000, 2000, 5000, 10000 };

static int open_ready(void **state)
{
    static struct rig rig;
    rig_open(&rig);
    rig.device.channel_count = 5;
    memcpy(rig.device.channel_value_fen, CHANNELS_FEN, sizeof(CHANNELS_FEN));
    rig_status(&rig, DEVICE_READY);
    rig_wait(&rig, 5000);
    *state = &rig;
    return 0;
}

static int close_all(void **state)
{
    rig_close(*state);
    return 0;
}

static void assert_mismatch(const struct rig *rig, const char *counter, int expected, int found)
{
    char start[80];
    snprintf(start, sizeof(start), "{\"counter\":\"%s\",\"expected\":%d,\"found\":%d,", counter,
             expected, found);
    const char *body = rig_last_body(rig, JOURNAL_COUNTER_MISMATCH);
    assert_int_equal(strncmp(body, start, strlen(start)), 0);
}

static void restart(struct rig *rig)
{
    rig_restart(rig);
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
}

/* ---- counters ---- */

static void notices_a_note_put_in_while_the_kiosk_was_off(void **state)
{
    struct rig *rig = *state;
    rig->device.stacked++;
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 1);
    assert_mismatch(rig, "stacked", 41, 42);
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 1);
}

static void notices_it_also_when_a_session_begins_and_lets_it_go_on(void **state)
{
    struct rig *rig = *state;
    rig->device.stacked++;
    rig_begin(rig, 10000);
    rig_inspect(rig);
    rig_wait(rig, 1);
    assert_mismatch(rig, "stacked", 41, 42);
    assert_true(rig->device.accepting);
    rig_insert(rig, 10000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    rig_inspect(rig);
    rig_wait(rig, 5000);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 1);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
}

static void notices_at_the_end_a_credit_the_device_never_counted(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 10000);
    rig_inspect(rig);
    rig_insert(rig, 10000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    rig->device.stacked = 41;
    rig_inspect(rig);
    rig_wait(rig, 5000);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 1);
    assert_mismatch(rig, "stacked", 42, 41);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_COUNTER_MISMATCH),
                           "\"last\":\"credited\",\"value\":10000"));
}

static void says_nothing_while_all_agrees(void **state)
{
    struct rig *rig = *state;
    for (int i = 0; i < 2; i++) {
        char txn[JOURNAL_TXN_SIZE];
        snprintf(txn, sizeof(txn), "K0003-20261123-00000%d", i + 1);
        rig_begin_next(rig, txn, 10000);
        rig_inspect(rig);
        rig->device.rejected += 2;
        rig_insert(rig, 10000);
        rig_inspect(rig);
        rig_wait(rig, 5000);
        restart(rig);
    }
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 0);
    assert_int_equal(rig_entries(rig, JOURNAL_DATASET_CHANGED), 0);
}

static void notices_counters_that_only_a_payout_could_move(void **state)
{
    struct rig *rig = *state;
    rig->device.dispensed = 3;
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 1);
    assert_mismatch(rig, "dispensed", 0, 3);
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 1);
}

static void notices_counters_that_were_set_back(void **state)
{
    struct rig *rig = *state;
    rig->device.rejected = 7;
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
    rig->device.rejected = rig->device.stacked = 0;
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 2);
    assert_mismatch(rig, "rejected", 7, 0);
}

static void writes_a_difference_down_once_the_disk_has_room(void **state)
{
    struct rig *rig = *state;
    rig->device.stacked++;
    rig_fill_disk(rig);
    rig_inspect(rig);
    rig_wait(rig, 1000);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
    rig_free_disk(rig);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
    rig_inspect(rig);
    rig_wait(rig, 1000);
    assert_mismatch(rig, "stacked", 41, 42);
}

static void a_final_reading_does_not_speak_before_the_device_of_a_note_looked_for(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    rig_status(rig, DEVICE_READY);
    rig_inspect(rig);
    rig_wait(rig, 1000);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 0);
    rig_finish_stacking(rig);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
}

/* ---- the data set ---- */

static void ends_the_payment_when_the_channels_are_worth_something_else(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig->device.channel_value_fen[4] = 5000;
    rig->device.channel_value_fen[3] = 10000;
    rig_inspect(rig);
    assert_int_equal(rig_heard(rig, CASH_FLOW_DEVICE_SWAPPED), 1);
    assert_false(rig->device.accepting);
    assert_string_equal(rig_last_body(rig, JOURNAL_DATASET_CHANGED),
                        "{\"acceptor\":\"5F0021\",\"was\":\"500 1000 2000 5000 10000\","
                        "\"is\":\"500 1000 2000 10000 5000\"}");
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    /* From now on it is what the books know, also after a restart. */
    restart(rig);
    rig_begin_next(rig, "K0003-20261123-000002", 5000);
    rig_inspect(rig);
    assert_true(rig->device.accepting);
    assert_int_equal(rig_entries(rig, JOURNAL_DATASET_CHANGED), 1);
}

static void notices_another_data_set_after_a_start(void **state)
{
    struct rig *rig = *state;
    rig->device.channel_count = 4;
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_DATASET_CHANGED), 1);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_DATASET_CHANGED), 1);
}

/* ---- another unit ---- */

static void says_of_another_unit_what_both_had_counted(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    cash_flow_end(&rig->flow);
    strcpy(rig->device.serial, "OTHER");
    rig->device.stacked = 7;
    rig->device.dispensed = 9;
    restart(rig);
    assert_string_equal(rig_last_body(rig, JOURNAL_DEVICE_SWAPPED),
                        "{\"class\":\"cash_acceptor\",\"was\":\"5F0021\",\"is\":\"OTHER\","
                        "\"expected\":42,\"found\":7,\"last\":\"credited\",\"value\":10000}");
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
    rig->device.stacked++;
    restart(rig);
    assert_mismatch(rig, "stacked", 7, 8);
}

static void believes_no_other_unit_about_a_note_before_it_is_ready(void **state)
{
    struct rig *rig = *state;
    struct cash_acceptor_event cleared = { .kind = CASH_EVENT_NOTE_RECOVERED,
                                           .into_box = true,
                                           .value_fen = 10000 };
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_restart(rig);
    rig_status(rig, DEVICE_STARTING);
    strcpy(rig->device.serial, "OTHER");
    strcpy(cleared.status.serial, "OTHER");
    rig_event(rig, &cleared);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_CREDITED), 0);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_NOTE_UNKNOWN), "\"why\":\"does_not_match\""));
    assert_int_equal(rig_balance(rig, BOOK_UNKNOWN), 10000);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 1);
}

static void knows_the_first_unit_by_its_notes_before_it_was_compared(void **state)
{
    struct rig *rig = *state;
    rig_close(rig);
    rig_open(rig);
    rig_status(rig, DEVICE_READY);
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    strcpy(rig->device.serial, "OTHER");
    rig_status(rig, DEVICE_READY);
    assert_int_equal(rig_heard(rig, CASH_FLOW_DEVICE_SWAPPED), 1);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 1);
}

static void compares_the_first_unit_with_its_notes_too(void **state)
{
    struct rig *rig = *state;
    rig_close(rig);
    rig_open(rig);
    rig_status(rig, DEVICE_READY);
    rig_begin(rig, 10000);
    rig_insert(rig, 10000);
    rig->device.stacked += 2;
    rig_status(rig, DEVICE_ABSENT);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    assert_mismatch(rig, "stacked", 42, 44);
}

/* ---- the box ---- */

static void a_box_that_is_out_is_out_once(void **state)
{
    struct rig *rig = *state;
    const struct cash_acceptor_event out = { .kind = CASH_EVENT_BOX_REMOVED };
    rig_event(rig, &out);
    rig_restart(rig);
    rig_status(rig, DEVICE_STARTING);
    rig_event(rig, &out);
    rig_status(rig, DEVICE_FAULT);
    assert_int_equal(rig_entries(rig, JOURNAL_BOX_EVENT), 1);
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_BOX_REPLACED });
    rig_status(rig, DEVICE_READY);
    assert_int_equal(rig_entries(rig, JOURNAL_BOX_EVENT), 2);
    assert_string_equal(rig_last_body(rig, JOURNAL_BOX_EVENT), "{\"event\":\"replaced\"}");
}

static void a_box_put_back_while_nobody_watched_is_noticed(void **state)
{
    struct rig *rig = *state;
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_BOX_REMOVED });
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_BOX_EVENT), 2);
    assert_string_equal(rig_last_body(rig, JOURNAL_BOX_EVENT),
                        "{\"event\":\"replaced\",\"missed\":true}");
    restart(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_BOX_EVENT), 2);
}

#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, open_ready, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(notices_a_note_put_in_while_the_kiosk_was_off),
        RIG_TEST(notices_it_also_when_a_session_begins_and_lets_it_go_on),
        RIG_TEST(notices_at_the_end_a_credit_the_device_never_counted),
        RIG_TEST(says_nothing_while_all_agrees),
        RIG_TEST(notices_counters_that_only_a_payout_could_move),
        RIG_TEST(notices_counters_that_were_set_back),
        RIG_TEST(writes_a_difference_down_once_the_disk_has_room),
        RIG_TEST(a_final_reading_does_not_speak_before_the_device_of_a_note_looked_for),
        RIG_TEST(ends_the_payment_when_the_channels_are_worth_something_else),
        RIG_TEST(notices_another_data_set_after_a_start),
        RIG_TEST(says_of_another_unit_what_both_had_counted),
        RIG_TEST(believes_no_other_unit_about_a_note_before_it_is_ready),
        RIG_TEST(knows_the_first_unit_by_its_notes_before_it_was_compared),
        RIG_TEST(compares_the_first_unit_with_its_notes_too),
        RIG_TEST(a_box_that_is_out_is_out_once),
        RIG_TEST(a_box_put_back_while_nobody_watched_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
