/* Coming back: months that are paid already, and papers that are owed after a crash. */
#include "session_rig.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"

#define PENSION 0
#define MEDICAL 1

static month_index november(void)
{
    return month_of(2026, 11);
}

static void leave(struct rig *rig)
{
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    rig_touch(rig, INTENT_DONE, 0);
    fake_id_reader_take_away(&rig->reader);
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_HOME);
}

/* From the owed page of somebody known here to the end of the payment. */
static void pay_from_owed(struct rig *rig)
{
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_MONTHS);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_pay_all(rig);
    leave(rig);
}

static void register_first(struct rig *rig)
{
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_PAY_LATER, 0);
    leave(rig);
}

static void assert_november_is_all_paid(struct rig *rig)
{
    const struct session_view *view = rig_view(rig);
    assert_true(view->all_paid);
    assert_int_equal(view->next_payable, november() + 1);
    assert_int_equal(view->monthly_total_fen, 0);
    assert_true(view->insurances[PENSION].paid_up);
    assert_int_equal(view->insurances[PENSION].paid_until, november());
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, PENSION);
    assert_false(rig_view(rig)->insurances[PENSION].selected);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_OWED);
}

/* ---- months ---- */

static void nobody_pays_the_same_month_twice(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    leave(rig);
    rig_go_to_owed(rig);
    assert_november_is_all_paid(rig);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_GOODBYE);
    rig_wait(rig, 10000);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 5000);
    rig_go_to_owed(rig);
    assert_november_is_all_paid(rig);
}

static void another_person_still_owes_the_month(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    leave(rig);
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, &RIG_OTHER_PERSON);
    rig_assert_step(rig, STEP_OWED);
    assert_false(rig_view(rig)->all_paid);
    assert_int_equal(rig_view(rig)->monthly_total_fen, 226380);
}

static void the_next_month_can_be_paid_when_it_has_come(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    leave(rig);
    clock_fake_advance(&rig->clock, INT64_C(8) * 24 * 3600 * 1000);
    rig_go_to_owed(rig);
    assert_false(rig_view(rig)->all_paid);
    assert_int_equal(rig_view(rig)->first_month, november() + 1);
    assert_int_equal(rig_view(rig)->insurances[PENSION].paid_until, 0);
    pay_from_owed(rig);
    rig_assert_books(rig);
}

static void each_insurance_has_its_own_first_unpaid_month(void **state)
{
    struct rig *rig = *state;
    register_first(rig);
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, MEDICAL);
    pay_from_owed(rig);
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_false(view->all_paid);
    assert_true(view->insurances[PENSION].paid_up);
    assert_false(view->insurances[PENSION].selected);
    assert_true(view->insurances[MEDICAL].selected);
    assert_int_equal(view->monthly_total_fen, 75460);
    pay_from_owed(rig);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), 226380);
    rig_go_to_owed(rig);
    assert_november_is_all_paid(rig);
    rig_assert_books(rig);
}

static void a_payment_too_small_for_a_month_leaves_it_unpaid(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_touch(rig, INTENT_FINISH_CASH, 0);
    leave(rig);
    rig_go_to_owed(rig);
    assert_false(rig_view(rig)->all_paid);
    assert_int_equal(rig_view(rig)->first_month, november());
    assert_int_equal(rig_view(rig)->monthly_total_fen, 226380);
}

static void months_ahead_begin_after_the_last_one_paid(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "440300-shenzhen.policy");
    register_first(rig);
    rig_go_to_owed(rig);
    pay_from_owed(rig);
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_false(view->all_paid);
    assert_int_equal(view->first_month, november() + 1);
    assert_int_equal(view->month_count, 1);
    assert_int_equal(view->insurances[PENSION].paid_until, november());
    assert_false(view->insurances[PENSION].paid_up);
    pay_from_owed(rig);
    rig_go_to_owed(rig);
    assert_true(rig_view(rig)->all_paid);
    assert_int_equal(rig_view(rig)->next_payable, november() + 2);
}

static void a_run_covers_only_the_unpaid_months_of_each_insurance(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "440300-shenzhen.policy");
    register_first(rig);
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, MEDICAL);
    pay_from_owed(rig);
    rig_go_to_owed(rig);
    assert_false(rig_view(rig)->insurances[PENSION].selected);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, PENSION);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->months_min, 2);
    assert_int_equal(view->months_chosen, 2);
    assert_int_equal(view->months[0].amount_fen, 53816);
    assert_int_equal(view->months[1].amount_fen, 95500 + 53816);
    assert_int_equal(view->due_fen, 95500 + 2 * 53816);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_CHOOSE_MONTHS, 1);
    assert_int_equal(rig_view(rig)->months_chosen, 2);
    rig_touch(rig, INTENT_BACK, 0);
    pay_from_owed(rig);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), 2 * (95500 + 53816));
    rig_go_to_owed(rig);
    assert_true(rig_view(rig)->all_paid);
    rig_assert_books(rig);
}

static void insurances_that_share_no_run_are_not_chosen_together(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "440300-shenzhen.policy");
    rig->policy->insurances[MEDICAL].pay_ahead = false;
    register_first(rig);
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, MEDICAL);
    pay_from_owed(rig);
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, PENSION);
    const struct session_view *view = rig_view(rig);
    assert_true(view->insurances[PENSION].selected);
    assert_false(view->insurances[MEDICAL].selected);
    assert_int_equal(view->first_month, november() + 1);
    assert_int_equal(view->due_fen, 95500);
}

static void append(struct rig *rig, enum journal_kind kind, const char *body)
{
    const struct journal_draft draft = { .kind = kind, .txn = "elsewhere", .body = body };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
}

static void a_month_paid_while_the_page_was_open_is_not_taken_again(void **state)
{
    struct rig *rig = *state;
    char body[512];
    rig_go_to_method(rig);
    snprintf(body, sizeof body,
             "{\"due\":1,\"person\":\"%s\",\"lines\":[{\"month\":\"2026-11\",\"code\":\"110\"}]}",
             rig->session->v.person);
    append(rig, JOURNAL_QUOTE_ACCEPTED, body);
    append(rig, JOURNAL_PAYMENT_COMPLETED, "{\"months\":[{\"month\":\"2026-11\"}]}");
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_assert_step(rig, STEP_OWED);
    assert_false(rig->acceptor.is_enabled);
    assert_true(rig_view(rig)->insurances[PENSION].paid_up);
    assert_int_equal(rig_view(rig)->monthly_total_fen, 75460);
    assert_int_equal(rig_count(rig, JOURNAL_QUOTE_ACCEPTED), 1);
}

/* ---- bases ---- */

static void set_limits(struct rig *rig, int64_t floor_fen, int64_t ceiling_fen)
{
    for (int i = 0; i < rig->policy->insurance_count; i++) {
        struct policy_ranges *limits = &rig->policy->insurances[i].limits;
        for (int k = 0; k < limits->count; k++) {
            limits->items[k].floor_fen = floor_fen;
            limits->items[k].ceiling_fen = ceiling_fen;
        }
    }
}

static void the_bases_offered_are_whole_yuan_within_the_limits(void **state)
{
    struct rig *rig = *state;
    set_limits(rig, 754633, 3773177);
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->base_count, 5);
    assert_int_equal(view->bases_fen[0], 754700);
    assert_int_equal(view->bases_fen[4], 3773100);
    assert_int_equal(view->chosen_base_fen, 754700);
    for (int i = 0; i < view->base_count; i++) {
        assert_int_equal(view->bases_fen[i] % 100, 0);
        assert_in_range(view->bases_fen[i], 754633, 3773177);
    }
}

static void a_single_lawful_base_is_offered_as_it_is(void **state)
{
    struct rig *rig = *state;
    set_limits(rig, 754633, 754633);
    rig_go_to_owed(rig);
    assert_int_equal(rig_view(rig)->base_count, 1);
    assert_int_equal(rig_view(rig)->bases_fen[0], 754633);
    assert_int_equal(rig_view(rig)->chosen_base_fen, 754633);
}

/* ---- registration ---- */

static void registering_is_possible_as_soon_as_there_are_numbers(void **state)
{
    struct rig *rig = *state;
    rig->health.numbers_left = 0;
    rig_tell_health(rig);
    rig_go_to_owed(rig);
    assert_int_equal(rig_view(rig)->registration_service, SERVICE_NUMBERS);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_OWED);
    rig->health.numbers_left = 10;
    rig_tell_health(rig);
    assert_int_equal(rig_view(rig)->registration_service, SERVICE_OFFERED);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_PHONE);
}

static void a_registration_the_journal_refused_may_be_tried_again(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_type(rig, "13900000000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_break_disk(rig);
    rig_sign(rig);
    rig_assert_step(rig, STEP_SIGNATURE);
    assert_int_equal(rig_view(rig)->registration_service, SERVICE_JOURNAL);
    rig_heal_disk(rig);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
    rig_touch(rig, INTENT_BACK, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    assert_int_equal(rig_view(rig)->registration_service, SERVICE_OFFERED);
    rig_sign(rig);
    rig_assert_step(rig, STEP_REGISTERED);
}

/* ---- a note that cannot be proved ---- */

static void lose_a_note(struct rig *rig, int64_t value_fen)
{
    rig_go_to_cash(rig);
    fake_acceptor_feed_to_escrow(&rig->acceptor, value_fen);
    rig->acceptor.is_stuck = true;
    fake_acceptor_obey(&rig->acceptor);
    fake_acceptor_say(&rig->acceptor, DEVICE_ABSENT);
    rig_touch(rig, INTENT_BACK, 0);
    rig_wait(rig, 62000);
    assert_int_equal(rig_count(rig, JOURNAL_NOTE_UNKNOWN), 1);
}

static bool last_receipt_says(struct rig *rig, const char *text)
{
    return strstr(rig_last_body(rig, JOURNAL_RECEIPT_STATE), text) != NULL;
}

static void a_visit_with_nothing_but_an_unproved_note_ends_with_a_claim(void **state)
{
    struct rig *rig = *state;
    lose_a_note(rig, 5000);
    rig_assert_step(rig, STEP_RECEIPT);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    const struct session_view *view = rig_view(rig);
    assert_true(view->note_unknown);
    assert_true(view->claim_printed);
    assert_true(voucher_is_valid(view->claim_voucher));
    assert_int_equal(view->paid_fen, 0);
    assert_true(last_receipt_says(rig, "\"paper\":\"unknown_note\""));
    assert_true(last_receipt_says(rig, view->claim_voucher));
    rig_wait(rig, 60000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
    assert_int_equal(rig->printer.job_count, 1);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig->printer.job_count, 1);
}

static void a_claim_that_did_not_print_says_so_and_comes_out_later(void **state)
{
    struct rig *rig = *state;
    char voucher[40];
    fake_printer_say(&rig->printer, DEVICE_ABSENT);
    lose_a_note(rig, 5000);
    rig_assert_step(rig, STEP_DONE);
    assert_true(rig_view(rig)->note_unknown);
    assert_false(rig_view(rig)->claim_printed);
    strcpy(voucher, rig_view(rig)->claim_voucher);
    assert_true(voucher_is_valid(voucher));
    rig_wait(rig, 60000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
    fake_printer_say(&rig->printer, DEVICE_READY);
    assert_int_equal(rig->printer.job_count, 1);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_true(last_receipt_says(rig, voucher));
    assert_true(last_receipt_says(rig, "\"copy\":0"));
}

static void a_crash_between_the_note_and_its_slip_loses_no_claim(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    const struct journal_draft draft = {
        .kind = JOURNAL_NOTE_UNKNOWN,
        .txn = rig->session->v.txn,
        .body = "{\"value\":0,\"why\":\"no_word\"}",
    };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 1);
    assert_int_equal(rig->printer.job_count, 1);
    assert_true(rig_view(rig)->interrupted);
    assert_true(rig_view(rig)->interrupted_note_unknown);
    assert_int_equal(rig_view(rig)->interrupted_fen, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_true(last_receipt_says(rig, "\"paper\":\"unknown_note\""));
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig->printer.job_count, 1);
}

static void money_and_an_unproved_note_at_a_crash_give_two_slips(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    const struct journal_draft draft = {
        .kind = JOURNAL_NOTE_UNKNOWN,
        .txn = rig->session->v.txn,
        .body = "{\"value\":0,\"why\":\"no_word\"}",
    };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig->printer.job_count, 1);
    assert_int_equal(rig_view(rig)->interrupted_fen, 10000);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_true(rig_journal_holds(rig, "\"paper\":\"interrupted\",\"state\":\"printed\""));
    assert_int_equal(rig->printer.job_count, 2);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_true(
        last_receipt_says(rig, "\"paper\":\"unknown_note\",\"state\":\"printed\",\"copy\":0"));
    assert_true(session_is_wiped(rig->session));
}

/* ---- slips that must wait ---- */

static void cut_off_with_money(struct rig *rig)
{
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_restart(rig);
    rig_greet(rig);
    rig_wait(rig, 10000);
}

static void a_slip_waits_for_the_printer_but_never_comes_out_in_a_visit(void **state)
{
    struct rig *rig = *state;
    rig->printer.state = DEVICE_ABSENT;
    cut_off_with_money(rig);
    assert_int_equal(rig->printer.job_count, 0);
    assert_true(rig_view(rig)->interrupted_slip_waits);
    rig_touch(rig, INTENT_START, 0);
    rig_assert_step(rig, STEP_IDENTIFY);
    fake_printer_say(&rig->printer, DEVICE_READY);
    rig_wait(rig, 10000);
    assert_int_equal(rig->printer.job_count, 0);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_HOME);
    assert_int_equal(rig->printer.job_count, 1);
    assert_true(rig_view(rig)->interrupted);
    assert_false(rig_view(rig)->interrupted_slip_waits);
    assert_int_equal(rig->session->receipt.facts.name_masked[0], '\0');
    assert_int_equal(rig->session->receipt.facts.account_number[0], '\0');
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_wait(rig, 600000);
    assert_int_equal(rig->printer.job_count, 1);
}

static void a_slip_waits_over_restarts_too(void **state)
{
    struct rig *rig = *state;
    rig->printer.state = DEVICE_ABSENT;
    cut_off_with_money(rig);
    rig_restart(rig);
    rig->printer.state = DEVICE_READY;
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig->printer.job_count, 1);
    assert_int_equal(rig_view(rig)->interrupted_fen, 10000);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
}

static void a_slip_that_failed_is_tried_again_after_a_while_as_a_copy(void **state)
{
    struct rig *rig = *state;
    cut_off_with_money(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    rig_wait(rig, 10000);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    rig_wait(rig, 10000);
    assert_int_equal(rig->printer.job_count, 2);
    assert_true(rig_view(rig)->interrupted_slip_waits);
    rig_wait(rig, 55000);
    assert_int_equal(rig->printer.job_count, 3);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_true(
        last_receipt_says(rig, "\"paper\":\"interrupted\",\"state\":\"printed\",\"copy\":2"));
    rig_wait(rig, 600000);
    assert_int_equal(rig->printer.job_count, 3);
}

static void a_receipt_cut_off_is_closed_under_its_own_name_and_copy(void **state)
{
    struct rig *rig = *state;
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_PAY_LATER, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_FAILED);
    rig_wait(rig, 1000);
    assert_int_equal(rig->printer.job_count, 2);
    rig_restart(rig);
    assert_true(
        last_receipt_says(rig, "\"paper\":\"registration\",\"state\":\"unknown\",\"copy\":1"));
    rig_greet(rig);
    rig_wait(rig, 10000);
    assert_int_equal(rig->printer.job_count, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_pays_the_same_month_twice),
        TEST(another_person_still_owes_the_month),
        TEST(the_next_month_can_be_paid_when_it_has_come),
        TEST(each_insurance_has_its_own_first_unpaid_month),
        TEST(a_payment_too_small_for_a_month_leaves_it_unpaid),
        TEST(months_ahead_begin_after_the_last_one_paid),
        TEST(a_run_covers_only_the_unpaid_months_of_each_insurance),
        TEST(insurances_that_share_no_run_are_not_chosen_together),
        TEST(a_month_paid_while_the_page_was_open_is_not_taken_again),
        TEST(the_bases_offered_are_whole_yuan_within_the_limits),
        TEST(a_single_lawful_base_is_offered_as_it_is),
        TEST(registering_is_possible_as_soon_as_there_are_numbers),
        TEST(a_registration_the_journal_refused_may_be_tried_again),
        TEST(a_visit_with_nothing_but_an_unproved_note_ends_with_a_claim),
        TEST(a_claim_that_did_not_print_says_so_and_comes_out_later),
        TEST(a_crash_between_the_note_and_its_slip_loses_no_claim),
        TEST(money_and_an_unproved_note_at_a_crash_give_two_slips),
        TEST(a_slip_waits_for_the_printer_but_never_comes_out_in_a_visit),
        TEST(a_slip_waits_over_restarts_too),
        TEST(a_slip_that_failed_is_tried_again_after_a_while_as_a_copy),
        TEST(a_receipt_cut_off_is_closed_under_its_own_name_and_copy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
