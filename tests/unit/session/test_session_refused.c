/* The journal refuses in the middle of a payment, the acceptor is another one, and what that leaves
 * open. */
#include "session_rig.h"

#include <string.h>

#include "base/text.h"

/* The note is in the box, and the entry that says so cannot be written. */
static void feed_unbooked(struct rig *rig, int64_t value_fen)
{
    fake_acceptor_feed_to_escrow(&rig->acceptor, value_fen);
    rig_break_disk(rig);
    fake_acceptor_obey(&rig->acceptor);
    assert_int_equal(rig->acceptor.note, FAKE_NOTE_STACKED);
}

static void heal(struct rig *rig)
{
    rig_heal_disk(rig);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
}

static void assert_blocked(struct rig *rig)
{
    assert_int_not_equal(rig_view(rig)->cash_service, SERVICE_OFFERED);
    assert_true(session_is_cash_blocked(rig->session));
}

/* ---- a note inside that cannot be booked ---- */

static void a_note_inside_that_cannot_be_booked_is_told_at_once(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    feed_unbooked(rig, 10000);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->cash_notice, CASH_NOTICE_NOT_RECORDED);
    assert_false(view->can_cancel);
    assert_int_equal(view->seconds_total, 0);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_CASH);
    assert_false(rig->acceptor.is_enabled);
}

static void it_is_booked_and_printed_when_the_journal_works_again_in_time(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    feed_unbooked(rig, 10000);
    rig_wait(rig, 10000);
    heal(rig);
    rig_wait(rig, 20000);
    rig_assert_step(rig, STEP_RECEIPT);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_PAYMENT_COMPLETED), "interrupted"));
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    assert_int_equal(rig_view(rig)->paid_fen, 10000);
    assert_false(rig_view(rig)->note_unrecorded);
    assert_string_equal(rig_view(rig)->txn, "");
    rig_assert_books(rig);
}

static void else_the_visit_ends_with_a_number_and_leaves_nothing_behind(void **state)
{
    struct rig *rig = *state;
    char txn[JOURNAL_TXN_SIZE];
    rig_go_to_cash(rig);
    text_copy(txn, sizeof txn, rig->session->v.txn);
    feed_unbooked(rig, 10000);
    rig_wait(rig, 50000);
    rig_assert_step(rig, STEP_DONE);
    assert_true(rig_view(rig)->note_unrecorded);
    assert_string_equal(rig_view(rig)->txn, txn);
    assert_int_equal(rig_view(rig)->paid_fen, 0);
    fake_id_reader_take_away(&rig->reader);
    rig_wait(rig, 60000); /* the last page, its question, goodbye */
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
    rig_wait(rig, 3600000);
    assert_blocked(rig);
    assert_int_equal(rig->acceptor.note, FAKE_NOTE_STACKED);
}

static void and_the_note_is_booked_once_when_the_journal_works_much_later(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    feed_unbooked(rig, 10000);
    rig_wait(rig, 600000);
    rig_assert_step(rig, STEP_HOME);
    heal(rig);
    assert_blocked(rig);
    rig_wait(rig, 60000);
    assert_int_equal(rig->acceptor.note, FAKE_NOTE_NONE);
    assert_int_equal(rig_count(rig, JOURNAL_NOTE_CREDITED), 1);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
    assert_int_equal(rig_view(rig)->interrupted_fen, 10000);
    assert_int_equal(rig->printer.job_count, 1);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_OFFERED);
    rig_assert_books(rig);
}

static void or_after_a_restart(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    feed_unbooked(rig, 10000);
    rig_wait(rig, 600000);
    rig_heal_disk(rig);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig_count(rig, JOURNAL_NOTE_CREDITED), 1);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
    rig_assert_books(rig);
}

static void what_was_booked_before_it_is_still_shown_as_paid(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    feed_unbooked(rig, 5000);
    rig_wait(rig, 50000);
    rig_assert_step(rig, STEP_DONE);
    assert_int_equal(rig_view(rig)->paid_fen, 10000);
    assert_true(rig_view(rig)->note_unrecorded);
    heal(rig);
    rig_wait(rig, 120000);
    assert_int_equal(rig_view(rig)->interrupted_fen, 15000);
    rig_assert_books(rig);
}

static void a_note_found_while_closing_has_the_same_time(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    fake_acceptor_feed_to_escrow(&rig->acceptor, 10000);
    rig->acceptor.is_stuck = true;
    fake_acceptor_obey(&rig->acceptor);
    fake_acceptor_say(&rig->acceptor, DEVICE_ABSENT);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_wait(rig, 30000);
    rig_break_disk(rig);
    fake_acceptor_greet(&rig->acceptor);
    assert_int_equal(rig_view(rig)->cash_notice, CASH_NOTICE_NOT_RECORDED);
    rig_wait(rig, 40000);
    rig_assert_step(rig, STEP_CASH);
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_DONE);
    assert_true(rig_view(rig)->note_unrecorded);
}

static void a_return_that_cannot_be_booked_does_not_hold_the_person_for_ever(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    fake_acceptor_feed_to_escrow(&rig->acceptor, 10000);
    rig_break_disk(rig);
    rig->acceptor.stack_was_asked = false;
    rig->acceptor.return_was_asked = true;
    fake_acceptor_obey(&rig->acceptor);
    assert_int_equal(rig_view(rig)->cash_notice, CASH_NOTICE_WOULD_NOT_BOOK);
    rig_wait(rig, 200000);
    rig_assert_step(rig, STEP_METHOD);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_JOURNAL);
    heal(rig);
    assert_blocked(rig);
    rig_wait(rig, 40000);
    assert_int_equal(rig_count(rig, JOURNAL_NOTE_RETURNED), 1);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 1);
    assert_false(session_is_cash_blocked(rig->session));
    rig_assert_books(rig);
}

/* ---- one transaction at a time ---- */

static void a_payment_left_open_is_settled_before_the_slips_that_wait(void **state)
{
    struct rig *rig = *state;
    rig->printer.state = DEVICE_ABSENT;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_true(rig_view(rig)->interrupted_slip_waits);

    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_CASH);
    assert_true(fake_acceptor_feed(&rig->acceptor, 5000));
    rig_break_disk(rig);
    rig_touch(rig, INTENT_FINISH_CASH, 0);
    rig_wait(rig, 40000);
    rig_assert_step(rig, STEP_DONE);
    assert_string_equal(rig_view(rig)->txn, rig->session->v.txn);
    heal(rig);
    assert_blocked(rig);
    rig_wait(rig, 60000);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 2);
    assert_true(rig_view(rig)->interrupted_slip_waits);
    assert_false(session_is_cash_blocked(rig->session));
    fake_printer_say(&rig->printer, DEVICE_READY);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_wait(rig, 1000);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_int_equal(rig->printer.job_count, 2);
    rig_assert_books(rig);
}

static void no_payment_begins_while_another_one_is_open(void **state)
{
    struct rig *rig = *state;
    const struct journal_draft quote = {
        .kind = JOURNAL_QUOTE_ACCEPTED,
        .txn = "K310003-20261122-000009",
        .body = "{\"due\":10000,\"months\":[{\"month\":\"2026-11\",\"amount\":10000}]}",
    };
    rig_go_to_method(rig);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_OFFERED);
    assert_int_equal(journal_append(rig->journal, &quote, NULL), STATUS_OK);
    assert_blocked(rig);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_METHOD);
    assert_int_equal(rig_count(rig, JOURNAL_QUOTE_ACCEPTED), 1);
}

static void each_try_to_pay_has_a_number_of_its_own(void **state)
{
    struct rig *rig = *state;
    char first[JOURNAL_TXN_SIZE], second[JOURNAL_TXN_SIZE];
    rig_go_to_method(rig);
    rig_break_disk(rig);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_METHOD);
    text_copy(first, sizeof first, rig->session->v.txn);
    heal(rig);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_CASH);
    text_copy(second, sizeof second, rig->session->v.txn);
    assert_string_not_equal(second, first);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_METHOD);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    assert_string_not_equal(rig->session->v.txn, second);
    rig_pay_all(rig);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 1);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
}

/* ---- the acceptor ---- */

static void another_acceptor_ends_the_payment_with_what_is_in(void **state)
{
    struct rig *rig = *state;
    struct cash_acceptor_event event = { .kind = CASH_EVENT_STATUS };
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_wait(rig, 5000);
    fake_acceptor_say(&rig->acceptor, DEVICE_ABSENT);
    rig->acceptor.is_enabled = false;
    event.status.state = DEVICE_READY;
    strcpy(event.status.serial, "OTHER");
    session_on_acceptor(rig->session, &event);
    assert_false(rig->acceptor.is_enabled);
    rig_assert_step(rig, STEP_RECEIPT);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_PAYMENT_COMPLETED), "interrupted"));
    assert_int_equal(rig_count(rig, JOURNAL_DEVICE_SWAPPED), 1);
    rig_assert_books(rig);
}

static void before_the_first_note_it_says_that_nothing_was_taken(void **state)
{
    struct rig *rig = *state;
    struct cash_acceptor_event event = { .kind = CASH_EVENT_STATUS };
    rig_go_to_cash(rig);
    rig_wait(rig, 5000);
    fake_acceptor_say(&rig->acceptor, DEVICE_ABSENT);
    event.status.state = DEVICE_READY;
    strcpy(event.status.serial, "OTHER");
    session_on_acceptor(rig->session, &event);
    rig_assert_step(rig, STEP_METHOD);
    assert_true(session_current_view(rig->session)->cash_broke_off);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_CASH);
    rig_touch(rig, INTENT_BACK, 0);
    assert_false(session_current_view(rig->session)->cash_broke_off);
}

static void a_payment_that_ends_by_itself_too_early_is_not_complete(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    cash_flow_end(&rig->session->cash);
    rig_assert_step(rig, STEP_RECEIPT);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_PAYMENT_COMPLETED), "interrupted"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_note_inside_that_cannot_be_booked_is_told_at_once),
        TEST(it_is_booked_and_printed_when_the_journal_works_again_in_time),
        TEST(else_the_visit_ends_with_a_number_and_leaves_nothing_behind),
        TEST(and_the_note_is_booked_once_when_the_journal_works_much_later),
        TEST(or_after_a_restart),
        TEST(what_was_booked_before_it_is_still_shown_as_paid),
        TEST(a_note_found_while_closing_has_the_same_time),
        TEST(a_return_that_cannot_be_booked_does_not_hold_the_person_for_ever),
        TEST(a_payment_left_open_is_settled_before_the_slips_that_wait),
        TEST(no_payment_begins_while_another_one_is_open),
        TEST(each_try_to_pay_has_a_number_of_its_own),
        TEST(another_acceptor_ends_the_payment_with_what_is_in),
        TEST(before_the_first_note_it_says_that_nothing_was_taken),
        TEST(a_payment_that_ends_by_itself_too_early_is_not_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
