#include "cash_rig.h"

#include <string.h>

static int open_ready(void **state)
{
    static struct rig rig;
    rig_open(&rig);
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

static void books_each_note_before_the_device_may_forget_it(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 15000);
    rig_escrow(rig, 10000);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_ESCROWED), 1);
    assert_int_equal(rig->device.stack_calls, 1);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_CREDITED), 0);
    rig_finish_stacking(rig);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_CREDITED), 1);
    assert_false(rig->device.has_unacked);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_int_equal(rig_balance(rig, BOOK_CASH_BOX), 10000);
    assert_string_equal(rig_last_body(rig, JOURNAL_NOTE_CREDITED),
                        "{\"value\":10000,\"by\":\"stacked\",\"acceptor\":\"5F0021\","
                        "\"stacked\":42,\"post\":[[\"cash_box\",\"citizen\",10000]],"
                        "\"box\":10000}");
}

static void ends_by_itself_when_enough_is_in_and_keeps_the_surplus(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 12000);
    rig_insert(rig, 10000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 0);
    rig_insert(rig, 5000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig->heard[rig->heard_count - 1].inserted_fen, 15000);
    assert_false(rig->device.accepting);
    assert_true(cash_flow_is_at_rest(&rig->flow));
}

static void tells_the_sum_with_each_note(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_insert(rig, 2000);
    const struct cash_flow_event *last = &rig->heard[rig->heard_count - 1];
    assert_int_equal(last->kind, CASH_FLOW_NOTE_TAKEN);
    assert_int_equal(last->value_fen, 2000);
    assert_int_equal(last->inserted_fen, 12000);
}

static void ends_at_once_when_asked_without_a_note_under_way(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_true(cash_flow_is_at_rest(&rig->flow));
}

static void waits_for_the_note_under_way_before_it_ends(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 0);
    rig_finish_stacking(rig);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig->heard[rig->heard_count - 1].inserted_fen, 10000);
}

static void gives_back_a_note_that_was_moving_in_while_the_payment_ended(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_READING });
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 0);
    rig->device.escrow_fen = 5000;
    rig_event(rig,
              &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_ESCROWED, .value_fen = 5000 });
    assert_int_equal(rig->device.return_calls, 1);
    rig_finish_return(rig, CASH_REJECT_HOST);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig->device.stack_calls, 0);
}

static void records_a_note_that_came_back_out_of_stacking(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 5000);
    rig_finish_return(rig, CASH_REJECT_FAULT);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 1);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_BACK), 1);
    assert_int_equal(rig->heard[rig->heard_count - 1].reason, CASH_REJECT_FAULT);
    rig_insert(rig, 5000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 5000);
}

static void says_why_a_note_was_rejected_and_goes_on(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_READING });
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_REJECTED,
                                                  .reason = CASH_REJECT_NOT_RECOGNISED });
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_BACK), 1);
    rig_insert(rig, 5000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 5000);
}

static void returns_the_note_when_the_journal_write_fails(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_fill_disk(rig);
    rig_escrow(rig, 10000);
    assert_int_equal(rig->device.stack_calls, 0);
    assert_int_equal(rig->device.return_calls, 1);
    assert_int_equal(rig_heard(rig, CASH_FLOW_JOURNAL_FAILED), 1);
    rig_finish_return(rig, CASH_REJECT_HOST);
    assert_false(rig->device.accepting);
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    rig_free_disk(rig);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
    assert_int_equal(rig_units(rig), 0);
}

static void keeps_the_device_waiting_until_the_credit_is_durable(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_fill_disk(rig);
    rig_finish_stacking(rig);
    rig_wait(rig, 120000);
    assert_true(rig->device.has_unacked);
    assert_false(rig->device.accepting);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_TAKEN), 0);
    rig_free_disk(rig);
    rig_wait(rig, 40000);
    assert_false(rig->device.has_unacked);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_CREDITED), 1);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_TAKEN), 1);
    assert_true(rig->device.accepting);
}

static void only_acknowledges_an_event_it_has_booked(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_event(rig, &(struct cash_acceptor_event){
                       .kind = CASH_EVENT_NOTE_STACKED, .value_fen = 10000, .repeated = true });
    assert_int_equal(rig->device.acknowledge_calls, 2);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_int_equal(rig_units(rig), 1);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_TAKEN), 1);
}

static void books_a_note_nobody_escrowed_as_unknown(void **state)
{
    struct rig *rig = *state;
    rig->device.unacked =
        (struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_STACKED, .value_fen = 2000 };
    rig_event(rig, &rig->device.unacked);
    assert_int_equal(rig->device.acknowledge_calls, 1);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 1);
    assert_int_equal(rig_balance(rig, BOOK_UNKNOWN), 2000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 0);
}

static void never_credits_a_manipulated_note(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_event(rig,
              &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_FRAUD, .value_fen = 10000 });
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_CREDITED), 0);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 1);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_UNKNOWN), 1);
    assert_int_equal(rig->device.acknowledge_calls, 1);
    assert_false(rig->device.accepting);
}

static void credits_after_an_unplug_when_the_device_repeats_the_event(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    assert_int_equal(rig_heard(rig, CASH_FLOW_DEVICE_LOST), 1);
    rig_wait(rig, 10000);
    rig_status(rig, DEVICE_READY);
    rig_finish_stacking(rig);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_NOTE_CREDITED), "\"recovered\":true"));
    assert_int_equal(rig_heard(rig, CASH_FLOW_DEVICE_BACK), 1);
    assert_true(rig->device.accepting);
}

static void lets_the_counter_decide_when_the_device_returns_without_a_word(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    rig->device.stacked++;
    rig->device.box_count++;
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 10000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_NOTE_CREDITED), "\"by\":\"counter\""));

    rig_escrow(rig, 5000);
    rig_status(rig, DEVICE_ABSENT);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 10000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 1);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
}

static void gives_up_after_a_minute_and_books_the_note_once_when_the_truth_comes(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    rig_wait(rig, CASH_SEARCH_MS_MAX + 1000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_UNKNOWN), 1);
    assert_int_equal(rig_units(rig), 0);
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    rig_status(rig, DEVICE_READY);
    rig_finish_stacking(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig_balance(rig, BOOK_UNKNOWN), 10000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 0);
    assert_int_equal(rig_units(rig), rig->device.box_count);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
}

static void tells_the_next_citizen_nothing_of_a_note_lost_before(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    rig_wait(rig, CASH_SEARCH_MS_MAX + 1000);
    cash_flow_end(&rig->flow);
    struct settle_record record;
    assert_int_equal(settle_transaction(rig->journal, RIG_TXN, SETTLE_INTERRUPTED, "999900",
                                        "000003", &rig->clock.clock, &record),
                     STATUS_OK);
    rig_status(rig, DEVICE_READY);
    rig_accept_quote(rig, "K0003-20261123-000002", 50000);
    rig_begin_next(rig, "K0003-20261123-000002", 50000);
    rig_finish_stacking(rig);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_UNKNOWN), 1); /* the first citizen's */
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 0);
    assert_int_equal(rig_balance(rig, BOOK_UNKNOWN), 10000);
    rig_insert(rig, 10000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
}

static void begins_with_a_lost_device_and_goes_on_when_it_comes(void **state)
{
    struct rig *rig = *state;
    rig_status(rig, DEVICE_ABSENT);
    rig_begin(rig, 10000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_DEVICE_LOST), 1);
    rig_status(rig, DEVICE_READY);
    assert_int_equal(rig_heard(rig, CASH_FLOW_DEVICE_BACK), 1);
    rig_insert(rig, 10000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
}

static void reports_a_counter_the_books_do_not_explain_once(void **state)
{
    struct rig *rig = *state;
    rig_status(rig, DEVICE_ABSENT);
    rig->device.stacked += 2;
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 1);
    assert_string_equal(rig_last_body(rig, JOURNAL_COUNTER_MISMATCH),
                        "{\"counter\":\"stacked\",\"expected\":41,\"found\":43,"
                        "\"acceptor\":\"5F0021\",\"last\":\"none\",\"value\":0}");
    rig_status(rig, DEVICE_ABSENT);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 1);
}

static void finds_the_counter_in_order_after_a_payment_with_old_readings_repeated(void **state)
{
    struct rig *rig = *state;
    uint32_t at_start = rig->device.stacked;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_insert(rig, 10000);
    uint32_t now = rig->device.stacked;
    rig->device.stacked = at_start;
    rig_status(rig, DEVICE_DEGRADED); /* the driver repeats what it read at the start */
    rig->device.stacked = now;
    rig_wait(rig, 10000);
    cash_flow_end(&rig->flow);
    rig_status(rig, DEVICE_ABSENT);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 10000);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
}

static void forgives_a_counter_that_is_read_before_the_device_has_counted(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    for (int i = 0; i < 3; i++) {
        rig_insert(rig, 10000);
        rig->device.stacked--;
        rig_status(rig, DEVICE_READY);
        rig->device.stacked++;
        rig_wait(rig, 5000);
    }
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
}

static void forgives_it_also_right_after_a_restart(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_restart(rig);
    rig->device.stacked--;
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    rig->device.stacked++;
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
}

static void does_not_take_an_old_reading_for_a_witness_after_a_fault(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_FAULT);
    rig_status(rig, DEVICE_READY); /* with the counter as read before the note */
    rig_wait(rig, 10000);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 0);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_UNKNOWN), 1);
}

static void closes_the_payment_when_another_device_answers(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    strcpy(rig->device.serial, "77\"AB");
    rig->device.stacked = 5;
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 1);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_DEVICE_SWAPPED), "\"is\":\"77\\\"AB\""));
    assert_false(rig->device.accepting);
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
}

static void is_recovering_until_the_device_is_back_or_the_deadline_passes(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_restart(rig);
    assert_true(cash_flow_is_recovering(&rig->flow));
    rig_wait(rig, CASH_SEARCH_MS_MAX - 1000);
    assert_true(cash_flow_is_recovering(&rig->flow));
    rig_wait(rig, 2000);
    assert_false(cash_flow_is_recovering(&rig->flow));
    assert_true(cash_flow_is_at_rest(&rig->flow));
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 1);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_UNKNOWN), 1);
}

static void is_not_recovering_when_no_note_is_missing(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_restart(rig);
    assert_false(cash_flow_is_recovering(&rig->flow));
    assert_true(cash_flow_is_at_rest(&rig->flow));
}

static void writes_down_that_the_box_was_taken_also_after_the_disk_was_full(void **state)
{
    struct rig *rig = *state;
    rig_fill_disk(rig);
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_BOX_REMOVED });
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_BOX_REPLACED });
    rig_free_disk(rig);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
    assert_int_equal(rig_entries(rig, JOURNAL_BOX_EVENT), 0);
    rig_wait(rig, 40000);
    assert_int_equal(rig_entries(rig, JOURNAL_BOX_EVENT), 2);
    assert_string_equal(rig_last_body(rig, JOURNAL_BOX_EVENT), "{\"event\":\"replaced\"}");
}

#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, open_ready, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(books_each_note_before_the_device_may_forget_it),
        RIG_TEST(ends_by_itself_when_enough_is_in_and_keeps_the_surplus),
        RIG_TEST(tells_the_sum_with_each_note),
        RIG_TEST(ends_at_once_when_asked_without_a_note_under_way),
        RIG_TEST(waits_for_the_note_under_way_before_it_ends),
        RIG_TEST(gives_back_a_note_that_was_moving_in_while_the_payment_ended),
        RIG_TEST(records_a_note_that_came_back_out_of_stacking),
        RIG_TEST(says_why_a_note_was_rejected_and_goes_on),
        RIG_TEST(returns_the_note_when_the_journal_write_fails),
        RIG_TEST(keeps_the_device_waiting_until_the_credit_is_durable),
        RIG_TEST(only_acknowledges_an_event_it_has_booked),
        RIG_TEST(books_a_note_nobody_escrowed_as_unknown),
        RIG_TEST(never_credits_a_manipulated_note),
        RIG_TEST(credits_after_an_unplug_when_the_device_repeats_the_event),
        RIG_TEST(lets_the_counter_decide_when_the_device_returns_without_a_word),
        RIG_TEST(gives_up_after_a_minute_and_books_the_note_once_when_the_truth_comes),
        RIG_TEST(tells_the_next_citizen_nothing_of_a_note_lost_before),
        RIG_TEST(begins_with_a_lost_device_and_goes_on_when_it_comes),
        RIG_TEST(reports_a_counter_the_books_do_not_explain_once),
        RIG_TEST(finds_the_counter_in_order_after_a_payment_with_old_readings_repeated),
        RIG_TEST(forgives_a_counter_that_is_read_before_the_device_has_counted),
        RIG_TEST(forgives_it_also_right_after_a_restart),
        RIG_TEST(does_not_take_an_old_reading_for_a_witness_after_a_fault),
        RIG_TEST(closes_the_payment_when_another_device_answers),
        RIG_TEST(is_recovering_until_the_device_is_back_or_the_deadline_passes),
        RIG_TEST(is_not_recovering_when_no_note_is_missing),
        RIG_TEST(writes_down_that_the_box_was_taken_also_after_the_disk_was_full),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
