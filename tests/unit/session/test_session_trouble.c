/* Time running out, cards that will not do, devices and disk that fail, and restarts in the middle.
 */
#include "session_rig.h"

#include <string.h>

#include "base/check.h"

/* ---- time ---- */

static void silence_first_asks_and_then_ends_the_visit(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    assert_int_equal(rig_view(rig)->seconds_total, 60);
    rig_wait(rig, 59000);
    assert_false(rig_view(rig)->ask_more_time);
    rig_wait(rig, 1500);
    assert_true(rig_view(rig)->ask_more_time);
    assert_int_equal(rig_view(rig)->seconds_total, 20);
    rig_assert_step(rig, STEP_OWED);
    rig_wait(rig, 19000);
    rig_assert_step(rig, STEP_OWED);
    rig_wait(rig, 1500);
    rig_assert_step(rig, STEP_GOODBYE);
    assert_int_equal(rig_view(rig)->name_masked[0], '\0');
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
}

static void more_time_gives_the_whole_time_again(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_wait(rig, 65000);
    assert_true(rig_view(rig)->ask_more_time);
    rig_touch(rig, INTENT_MORE_TIME, 0);
    assert_false(rig_view(rig)->ask_more_time);
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->seconds_left, 60);
}

static void a_touch_below_the_question_only_answers_it(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_wait(rig, 65000);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_OWED);
    assert_false(rig_view(rig)->ask_more_time);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_PHONE);
}

static void each_note_gives_the_whole_time_again(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_int_equal(rig_view(rig)->seconds_total, 120);
    rig_wait(rig, 100000);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(rig_view(rig)->seconds_left, 120);
    rig_wait(rig, 100000);
    assert_false(rig_view(rig)->ask_more_time);
}

static void silence_with_money_inside_books_it_and_prints(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_wait(rig, 121000);
    assert_true(rig_view(rig)->ask_more_time);
    assert_int_equal(rig_view(rig)->money_inside_fen, 10000);
    rig_wait(rig, 21000);
    rig_assert_step(rig, STEP_RECEIPT);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_PAYMENT_COMPLETED), "timed_out"));
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    rig_wait(rig, 60000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
    rig_assert_books(rig);
}

static void silence_before_the_first_note_cancels_and_ends(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_wait(rig, 141000);
    rig_assert_step(rig, STEP_GOODBYE);
    assert_false(rig->acceptor.is_enabled);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 1);
    rig_assert_books(rig);
}

/* ---- cards ---- */

static void show_and_expect(struct rig *rig, const struct identity_card *card,
                            enum view_card_problem problem)
{
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, card);
    rig_assert_step(rig, STEP_CARD_PROBLEM);
    assert_int_equal(rig_view(rig)->card_problem, problem);
    assert_int_equal(rig_view(rig)->name_masked[0], '\0');
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_IDENTIFY);
    rig_touch(rig, INTENT_BACK, 0);
}

static void each_card_that_will_not_do_has_its_own_reason(void **state)
{
    struct rig *rig = *state;
    struct identity_card card = RIG_PERSON;
    card.valid_to = 20261122;
    show_and_expect(rig, &card, CARD_PROBLEM_EXPIRED);
    card = RIG_PERSON;
    card.valid_from = 20261124;
    show_and_expect(rig, &card, CARD_PROBLEM_NOT_YET_VALID);
    card = RIG_PERSON;
    card.number[17] = '8';
    show_and_expect(rig, &card, CARD_PROBLEM_NUMBER);
    card = RIG_PERSON;
    card.kind = IDENTITY_FOREIGN_PR;
    show_and_expect(rig, &card, CARD_PROBLEM_KIND);
    /* 赵桂芳 is invented, and 78 years old. */
    card = RIG_OTHER_PERSON;
    strcpy(card.number, "449999194809190013");
    card.birth = 19480919;
    card.sex = 1;
    show_and_expect(rig, &card, CARD_PROBLEM_AGE);
}

static void an_unreadable_card_is_explained_and_the_next_one_taken(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_fail(&rig->reader, ID_READER_MOVED);
    rig_assert_step(rig, STEP_CARD_PROBLEM);
    assert_int_equal(rig_view(rig)->card_problem, CARD_PROBLEM_MOVED);
    fake_id_reader_fail(&rig->reader, ID_READER_WRONG_CARD);
    assert_int_equal(rig_view(rig)->card_problem, CARD_PROBLEM_WRONG_CARD);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_assert_step(rig, STEP_OWED);
}

static void a_second_card_does_not_take_over_the_visit(void **state)
{
    struct rig *rig = *state;
    char before[64];
    rig_go_to_owed(rig);
    strcpy(before, rig_view(rig)->name_masked);
    fake_id_reader_take_away(&rig->reader);
    fake_id_reader_show(&rig->reader, &RIG_OTHER_PERSON);
    rig_assert_step(rig, STEP_OWED);
    assert_string_equal(rig_view(rig)->name_masked, before);
}

static void a_reader_that_leaves_while_a_card_is_awaited_is_a_problem_shown(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_say(&rig->reader, DEVICE_ABSENT);
    rig_assert_step(rig, STEP_CARD_PROBLEM);
    assert_int_equal(rig_view(rig)->card_problem, CARD_PROBLEM_READER_LOST);
}

/* ---- services ---- */

static void without_a_reader_no_visit_starts(void **state)
{
    struct rig *rig = *state;
    rig->health.reader.state = DEVICE_ABSENT;
    rig_tell_health(rig);
    rig_assert_step(rig, STEP_OUT_OF_SERVICE);
    assert_int_equal(rig_view(rig)->visit_service, SERVICE_NO_READER);
    rig_touch(rig, INTENT_START, 0);
    rig_assert_step(rig, STEP_OUT_OF_SERVICE);
}

static void without_paper_cash_is_not_offered_and_registering_still_is(void **state)
{
    struct rig *rig = *state;
    rig->health.printer.state = DEVICE_FAULT;
    rig->health.printer.problems = DEVICE_PROBLEM_PAPER_OUT;
    rig_tell_health(rig);
    rig_go_to_method(rig);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_PAPER_OUT);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_METHOD);
    assert_int_equal(rig_count(rig, JOURNAL_QUOTE_ACCEPTED), 0);
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 1);
}

static void a_printer_that_fails_leaves_the_payment_booked_and_says_so(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_UNKNOWN);
    rig_wait(rig, 120000);
    const struct session_view *view = rig_view(rig);
    if (view->step == STEP_DONE)
        assert_true(view->receipt_unknown || view->receipt_failed);
    assert_int_equal(rig->printer.job_count, 1);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
    rig_assert_books(rig);
}

static void an_acceptor_unplugged_in_mid_payment_loses_nothing(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    fake_acceptor_say(&rig->acceptor, DEVICE_ABSENT);
    rig_assert_step(rig, STEP_CASH);
    assert_int_equal(rig_view(rig)->cash_notice, CASH_NOTICE_DEVICE_LOST);
    rig_touch(rig, INTENT_FINISH_CASH, 0);
    rig_wait(rig, 5000);
    rig_assert_step(rig, STEP_RECEIPT);
    rig_assert_books(rig);
}

static void a_note_that_cannot_be_proved_is_booked_as_unknown_and_gets_a_claim_slip(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    fake_acceptor_feed_to_escrow(&rig->acceptor, 5000);
    rig->acceptor.is_stuck = true;
    fake_acceptor_obey(&rig->acceptor);
    fake_acceptor_say(&rig->acceptor, DEVICE_ABSENT);
    rig_touch(rig, INTENT_FINISH_CASH, 0);
    rig_assert_step(rig, STEP_CASH);
    rig_wait(rig, 62000);
    rig_assert_step(rig, STEP_RECEIPT);
    assert_int_equal(rig_count(rig, JOURNAL_NOTE_UNKNOWN), 1);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_RECEIPT);
    assert_int_equal(rig->printer.job_count, 2);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    assert_int_equal(rig_view(rig)->paid_fen, 10000);
    /* Only when the acceptor is back does it say that the note lies in the box. */
    fake_acceptor_greet(&rig->acceptor);
    rig_wait(rig, 10000);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_UNKNOWN), 5000);
    rig_assert_books(rig);
}

/* ---- the journal refuses ---- */

static void no_payment_begins_that_cannot_be_recorded(void **state)
{
    struct rig *rig = *state;
    rig_go_to_method(rig);
    rig_break_disk(rig);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_METHOD);
    assert_false(rig->acceptor.is_enabled);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_JOURNAL);
    rig_heal_disk(rig);
}

static void a_note_goes_back_when_it_cannot_be_booked(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_break_disk(rig);
    assert_false(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(rig->acceptor.returned_count, 1);
    assert_int_equal(rig->acceptor.box_fen, 0);
    rig_heal_disk(rig);
    rig_wait(rig, 60000);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
    rig_wait(rig, 200000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
    rig_assert_books(rig);
}

static void money_inside_survives_a_disk_that_fails_at_the_end(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_break_disk(rig);
    rig_touch(rig, INTENT_FINISH_CASH, 0);
    rig_wait(rig, 40000);
    rig_assert_step(rig, STEP_DONE);
    assert_true(rig_view(rig)->receipt_failed);
    assert_int_equal(rig_view(rig)->paid_fen, 10000);
    rig_heal_disk(rig);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
    rig_wait(rig, 120000);
    rig_assert_step(rig, STEP_HOME);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
    assert_true(rig_view(rig)->interrupted);
    assert_int_equal(rig_view(rig)->interrupted_fen, 10000);
    rig_assert_books(rig);
}

/* ---- restarts ---- */

static void a_restart_before_money_leaves_nothing_to_settle(void **state)
{
    struct rig *rig = *state;
    rig_go_to_method(rig);
    rig_restart(rig);
    rig_greet(rig);
    rig_assert_step(rig, STEP_HOME);
    assert_false(rig_view(rig)->interrupted);
    assert_true(session_is_wiped(rig->session));
    rig_go_to_owed(rig);
    assert_true(rig_view(rig)->registered);
}

static void a_restart_before_the_first_note_cancels(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 1);
    assert_false(rig_view(rig)->interrupted);
    assert_int_equal(rig->printer.job_count, 0);
    assert_int_equal(rig_view(rig)->cash_service, SERVICE_OFFERED);
    rig_assert_books(rig);
}

static void a_restart_with_money_inside_books_it_and_prints_a_slip(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_PAYMENT_COMPLETED), "interrupted"));
    assert_true(rig_view(rig)->interrupted);
    assert_int_equal(rig_view(rig)->interrupted_fen, 10000);
    assert_int_equal(rig->printer.job_count, 1);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_true(session_is_wiped(rig->session));
    rig_assert_books(rig);
    rig_touch(rig, INTENT_START, 0);
    rig_touch(rig, INTENT_BACK, 0);
    assert_false(rig_view(rig)->interrupted);
}

static void a_note_in_escrow_at_a_restart_comes_back_or_counts_once(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    fake_acceptor_feed_to_escrow(&rig->acceptor, 10000);
    assert_true(rig->acceptor.stack_was_asked);
    rig_restart(rig);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 0);
    assert_int_not_equal(rig_view(rig)->cash_service, SERVICE_OFFERED);
    rig_greet(rig);
    rig_wait(rig, 90000);
    assert_int_equal(rig->acceptor.returned_count, 1);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 1);
    rig_assert_books(rig);
}

static void a_note_stacked_but_not_booked_at_a_restart_is_booked_once(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    fake_acceptor_feed_to_escrow(&rig->acceptor, 5000);
    rig->acceptor.is_stuck = true;
    fake_acceptor_obey(&rig->acceptor);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 90000);
    assert_int_equal(rig->acceptor.note, FAKE_NOTE_NONE);
    assert_int_equal(rig_count(rig, JOURNAL_NOTE_CREDITED), 2);
    assert_int_equal(rig_view(rig)->interrupted_fen, 15000);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_CITIZEN), 0);
    rig_assert_books(rig);
}

static void a_receipt_being_sent_at_a_restart_is_never_sent_again(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    assert_int_equal(rig->printer.job_count, 1);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 120000);
    assert_int_equal(rig->printer.job_count, 1);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_RECEIPT_STATE), "unknown"));
    rig_restart(rig);
    assert_int_equal(rig->printer.job_count, 1);
    rig_assert_books(rig);
}

static void a_payment_closed_without_its_receipt_gets_a_slip_at_the_next_start(void **state)
{
    struct rig *rig = *state;
    struct settle_record record;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_int_equal(settle_transaction(rig->journal, rig->session->v.txn, SETTLE_ENDED_EARLY,
                                        "310000", "310003", &rig->clock.clock, &record),
                     STATUS_OK);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig->printer.job_count, 1);
    assert_int_equal(rig_view(rig)->interrupted_fen, 10000);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
}

/* ---- the tables ---- */

static void arrive(struct rig *rig, enum visit_state state)
{
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 5000);
    if (state >= VISIT_IDENTIFY) {
        rig_touch(rig, INTENT_START, 0);
        fake_id_reader_show(&rig->reader, &RIG_PERSON);
    }
    /* Put there by hand: this is about the tables, not about the way. */
    if (state == VISIT_REGISTER)
        rig->session->enrol.state = ENROL_PHONE;
    rig->session->visit.state = (int)state;
}

static void post(struct sm *sm, int event)
{
    int number = 1;
    enum id_reader_reason reason = ID_READER_MOVED;
    const void *argument = &number;
    if (event == VISIT_EV_CARD_READ)
        argument = &RIG_OTHER_PERSON;
    if (event == VISIT_EV_UNREADABLE)
        argument = &reason;
    sm_post(sm, event, argument);
}

/* These never reach a machine. */
static bool is_of_every_page(int event)
{
    return event >= INTENT_OVERLAY && event < INTENTS;
}

static void every_page_stands_every_event(void **state)
{
    struct rig *rig = *state;
    arrive(rig, VISIT_HOME);
    for (int page = 0; page < VISIT_STATES; page++) {
        for (int event = 0; event < VISIT_EVENTS; event++) {
            if (is_of_every_page(event))
                continue;
            arrive(rig, (enum visit_state)page);
            post(&rig->session->visit, event);
            session_tick(rig->session);
            assert_in_range(rig_view(rig)->step, 0, STEPS - 1);
        }
    }
    rig_assert_books(rig);
}

static void every_state_of_registration_stands_every_event(void **state)
{
    struct rig *rig = *state;
    for (int page = 0; page < ENROL_STATES; page++) {
        for (int event = 0; event < ENROL_EVENTS; event++) {
            if (is_of_every_page(event))
                continue;
            arrive(rig, VISIT_REGISTER);
            rig->session->enrol.state = page;
            int number = 1;
            sm_post(&rig->session->enrol, event, &number);
            session_tick(rig->session);
            assert_in_range(rig_view(rig)->step, 0, STEPS - 1);
        }
    }
}

static void every_state_of_payment_stands_every_touch(void **state)
{
    struct rig *rig = *state;
    for (int intent = 1; intent < INTENTS; intent++) {
        rig_restart(rig);
        rig_greet(rig);
        rig_wait(rig, 5000);
        rig_touch(rig, INTENT_START, 0);
        fake_id_reader_show(&rig->reader, &RIG_PERSON);
        rig_touch(rig, INTENT_NEXT, 0);
        if (rig_view(rig)->step == STEP_PHONE) {
            rig_type(rig, "13900000000");
            rig_touch(rig, INTENT_NEXT, 0);
            rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
            rig_touch(rig, INTENT_NEXT, 0);
            rig_sign(rig);
            rig_touch(rig, INTENT_NEXT, 0);
        }
        rig_touch(rig, INTENT_NEXT, 0);
        rig_touch(rig, INTENT_PAY_CASH, 0);
        rig_assert_step(rig, STEP_CASH);
        rig_touch(rig, (enum intent)intent, 1);
        (void)fake_acceptor_feed(&rig->acceptor, 10000);
        rig_touch(rig, (enum intent)intent, 1);
        rig_touch(rig, INTENT_OVERLAY, OVERLAY_NONE);
        rig_touch(rig, INTENT_FINISH_CASH, 0);
        rig_touch(rig, (enum intent)intent, 1);
        fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
        rig_touch(rig, (enum intent)intent, 1);
        rig_wait(rig, 200000);
        rig_assert_step(rig, STEP_HOME);
        assert_true(session_is_wiped(rig->session));
        rig_assert_books(rig);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(silence_first_asks_and_then_ends_the_visit),
        TEST(more_time_gives_the_whole_time_again),
        TEST(a_touch_below_the_question_only_answers_it),
        TEST(each_note_gives_the_whole_time_again),
        TEST(silence_with_money_inside_books_it_and_prints),
        TEST(silence_before_the_first_note_cancels_and_ends),
        TEST(each_card_that_will_not_do_has_its_own_reason),
        TEST(an_unreadable_card_is_explained_and_the_next_one_taken),
        TEST(a_second_card_does_not_take_over_the_visit),
        TEST(a_reader_that_leaves_while_a_card_is_awaited_is_a_problem_shown),
        TEST(without_a_reader_no_visit_starts),
        TEST(without_paper_cash_is_not_offered_and_registering_still_is),
        TEST(a_printer_that_fails_leaves_the_payment_booked_and_says_so),
        TEST(an_acceptor_unplugged_in_mid_payment_loses_nothing),
        TEST(a_note_that_cannot_be_proved_is_booked_as_unknown_and_gets_a_claim_slip),
        TEST(no_payment_begins_that_cannot_be_recorded),
        TEST(a_note_goes_back_when_it_cannot_be_booked),
        TEST(money_inside_survives_a_disk_that_fails_at_the_end),
        TEST(a_restart_before_money_leaves_nothing_to_settle),
        TEST(a_restart_before_the_first_note_cancels),
        TEST(a_restart_with_money_inside_books_it_and_prints_a_slip),
        TEST(a_note_in_escrow_at_a_restart_comes_back_or_counts_once),
        TEST(a_note_stacked_but_not_booked_at_a_restart_is_booked_once),
        TEST(a_receipt_being_sent_at_a_restart_is_never_sent_again),
        TEST(a_payment_closed_without_its_receipt_gets_a_slip_at_the_next_start),
        TEST(every_page_stands_every_event),
        TEST(every_state_of_registration_stands_every_event),
        TEST(every_state_of_payment_stands_every_touch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
