/* Whole visits that go well, and the ways out of them. */
#include "session_rig.h"

#include <jansson.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "receipt/receipt_recall.h"
#include "store/statement.h"

static void a_visit_registers_pays_prints_and_leaves_nothing_behind(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_int_equal(rig_view(rig)->due_fen, 226380);
    assert_string_equal(rig_view(rig)->account_number, "P900****41");
    rig_pay_all(rig);
    assert_int_equal(rig->printer.job_count, 1);
    assert_true(rig->printer.black_count > 1000);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    const struct session_view *view = rig_view(rig);
    assert_true(view->receipt_printed);
    assert_true(voucher_is_valid(view->voucher));
    assert_int_equal(view->paid_fen, 230000);
    assert_int_equal(view->applied_fen, 226380);
    assert_int_equal(view->surplus_fen, 3620);
    assert_int_equal(view->months_paid, 1);
    assert_false(view->partial);
    assert_true(view->card_left);
    rig_touch(rig, INTENT_DONE, 0);
    rig_assert_step(rig, STEP_GOODBYE);
    fake_id_reader_take_away(&rig->reader);
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
    assert_false(rig->reader.is_reading);
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 1);
    assert_int_equal(rig_count(rig, JOURNAL_QUOTE_ACCEPTED), 1);
    assert_int_equal(rig_count(rig, JOURNAL_NOTE_CREDITED), 23);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
    rig_assert_books(rig);
}

/* The newest slip, as the journal keeps it. */
static struct receipt_facts recall(struct rig *rig)
{
    struct receipt_facts facts;
    char txn[JOURNAL_TXN_SIZE];
    text_copy(txn, sizeof txn, rig_last_txn(rig, JOURNAL_RECEIPT_STATE));
    json_t *body = json_loads(rig_last_body(rig, JOURNAL_RECEIPT_STATE), 0, NULL);
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    assert_non_null(voucher);
    assert_int_equal(receipt_recall(rig->journal, txn, voucher, &facts), STATUS_OK);
    json_decref(body);
    return facts;
}

static void the_slip_carries_what_the_kiosk_signs(void **state)
{
    struct rig *rig = *state;
    struct statement statement;
    uint8_t hash[JOURNAL_HASH_SIZE];
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    struct receipt_facts facts = recall(rig);
    assert_memory_equal(facts.verify, "https://bureau.example/v/GV1.", 29);
    assert_int_equal(statement_parse(facts.verify, &statement), STATUS_OK);
    assert_true(statement_is_signed(&statement, rig->key.public_key));
    assert_string_equal(statement.voucher, rig_view(rig)->voucher);
    assert_int_equal(statement.paid_fen, 230000);
    assert_int_equal(statement.at_s, facts.at_ms / 1000);
    assert_string_equal(statement.number_masked, "4499************19");
    assert_string_equal(facts.number_masked, statement.number_masked);
    assert_int_equal(journal_hash_at(rig->journal, statement.seq, hash), STATUS_OK);
    assert_memory_equal(statement.hash, hash, sizeof statement.hash);
    assert_int_equal(facts.copy, 1);
}

static void without_a_key_the_bureau_can_still_be_asked(void **state)
{
    struct rig *rig = *state;
    rig->cannot_sign = true;
    rig_restart(rig);
    rig_greet(rig);
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    struct receipt_facts facts = recall(rig);
    char link[80];
    text_format(link, sizeof link, "https://bureau.example/v?n=%s&h=", rig_view(rig)->voucher);
    assert_memory_equal(facts.verify, link, strlen(link));
    assert_int_equal(strlen(facts.verify), strlen(link) + 16);
}

static void the_number_of_each_slip_follows_the_last(void **state)
{
    struct rig *rig = *state;
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_PAY_LATER, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_int_equal(voucher_serial(recall(rig).voucher), 1);
    rig_wait(rig, 600000);
    rig_assert_step(rig, STEP_HOME);
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_pay_all(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    assert_int_equal(voucher_serial(recall(rig).voucher), 2);
    rig_assert_books(rig);
}

static void what_is_accepted_is_durable_before_the_first_note_can_come(void **state)
{
    struct rig *rig = *state;
    rig_go_to_method(rig);
    assert_int_equal(rig_count(rig, JOURNAL_QUOTE_ACCEPTED), 0);
    assert_false(rig->acceptor.is_enabled);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    assert_true(rig->acceptor.is_enabled);
    json_t *body = json_loads(rig_last_body(rig, JOURNAL_QUOTE_ACCEPTED), 0, NULL);
    assert_non_null(body);
    assert_int_equal(json_integer_value(json_object_get(body, "due")), 226380);
    assert_string_equal(json_string_value(json_object_get(body, "account")), "P900000041");
    assert_string_equal(json_string_value(json_object_get(body, "sha256")), rig->policy->sha256);
    assert_string_equal(json_string_value(json_object_get(body, "surplus")), "credit");
    assert_int_equal(json_array_size(json_object_get(body, "months")), 1);
    assert_int_equal(json_array_size(json_object_get(body, "lines")), 2);
    assert_true(json_is_string(json_object_get(body, "sealed")));
    json_decref(body);
}

static bool session_holds(const struct rig *rig, const char *text)
{
    return memmem(rig->session, sizeof *rig->session, text, strlen(text)) != NULL;
}

static void no_byte_of_the_person_survives_the_visit(void **state)
{
    struct rig *rig = *state;
    static const char *const TRACES[] = { "李明轩",     "449999198803150019", "13900000000",
                                          "样板路12号", "P900000041",         "4499" };
    rig_go_to_cash(rig);
    (void)rig_view(rig);
    assert_true(session_holds(rig, "李明轩"));
    assert_true(session_holds(rig, "449999198803150019"));
    assert_true(session_holds(rig, "13900000000"));
    assert_false(session_is_wiped(rig->session));
    rig_pay_all(rig);
    (void)rig_view(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_touch(rig, INTENT_DONE, 0);
    rig_touch(rig, INTENT_DONE, 0);
    rig_assert_step(rig, STEP_HOME);
    for (size_t i = 0; i < ARRAY_SIZE(TRACES); i++)
        if (session_holds(rig, TRACES[i]))
            fail_msg("%s is still in memory", TRACES[i]);
    assert_true(session_is_wiped(rig->session));
    assert_false(rig_journal_holds(rig, "李明轩"));
    assert_false(rig_journal_holds(rig, "449999198803150019"));
    assert_false(rig_journal_holds(rig, "13900000000"));
}

static void registering_without_paying_prints_a_slip(void **state)
{
    struct rig *rig = *state;
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_PAY_LATER, 0);
    rig_assert_step(rig, STEP_RECEIPT);
    assert_int_equal(rig->printer.job_count, 1);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    assert_int_equal(rig_view(rig)->paid_fen, 0);
    assert_string_equal(rig_view(rig)->account_number, "P900****41");
    rig_wait(rig, 60000);
    rig_assert_step(rig, STEP_HOME);
    assert_int_equal(rig_count(rig, JOURNAL_QUOTE_ACCEPTED), 0);
    assert_true(session_is_wiped(rig->session));
}

static void a_number_is_given_while_the_bureau_cannot_be_reached(void **state)
{
    struct rig *rig = *state;
    session_set_bureau_reachable(rig->session, false);
    rig->health.bureau_reachable = false;
    rig->health.offline_ms = 3600 * 1000;
    rig_tell_health(rig);
    rig_go_to_registered(rig);
    assert_false(rig_view(rig)->bureau_reachable);
    assert_string_equal(rig_view(rig)->account_number, "P900000041");
}

static void without_numbers_a_new_person_cannot_register_and_is_told(void **state)
{
    struct rig *rig = *state;
    rig->health.numbers_left = 0;
    rig_tell_health(rig);
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->registration_service, SERVICE_NUMBERS);
}

static void a_person_known_here_goes_straight_to_the_months(void **state)
{
    struct rig *rig = *state;
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_CANCEL, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_wait(rig, 60000);
    rig_go_to_owed(rig);
    assert_true(rig_view(rig)->registered);
    assert_false(rig_view(rig)->registering);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_MONTHS);
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 1);
}

static void months_ahead_are_offered_where_the_city_allows_them(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "440300-shenzhen.policy");
    rig_go_to_registered(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    assert_int_equal(rig_view(rig)->month_count, 2);
    assert_int_equal(rig_view(rig)->months_chosen, 1);
    assert_int_equal(rig_view(rig)->due_fen, 95500 + 53816);
    rig_touch(rig, INTENT_CHOOSE_MONTHS, 2);
    assert_int_equal(rig_view(rig)->due_fen, 2 * (95500 + 53816));
    rig_touch(rig, INTENT_CHOOSE_MONTHS, 3);
    assert_int_equal(rig_view(rig)->months_chosen, 2);
}

static void insurances_and_base_are_the_persons_choice(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->insurance_count, 2);
    assert_int_equal(view->monthly_total_fen, 226380);
    assert_int_equal(view->bases_fen[0], 754600);
    assert_int_equal(view->bases_fen[view->base_count - 1], 3773100);
    assert_string_equal(view->insurances[0].rate_source, "上海市人社局问答（缴费比例）");
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, 1);
    assert_int_equal(rig_view(rig)->monthly_total_fen, 150920);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, 0);
    assert_int_equal(rig_view(rig)->monthly_total_fen, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_OWED);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, 0);
    rig_touch(rig, INTENT_CHOOSE_BASE, 1);
    assert_int_equal(rig_view(rig)->chosen_base_fen, rig_view(rig)->bases_fen[1]);
    assert_int_equal(rig_view(rig)->insurances[0].base_fen, rig_view(rig)->bases_fen[1]);
}

static void a_base_of_ones_own_must_lie_within_the_limits(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_OWN_BASE, 0);
    rig_assert_step(rig, STEP_BASE);
    rig_type(rig, "7545");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_BASE);
    assert_true(rig_view(rig)->base_refused);
    rig_touch(rig, INTENT_CLEAR, 0);
    assert_false(rig_view(rig)->base_refused);
    rig_type(rig, "100009");
    rig_touch(rig, INTENT_ERASE, 0);
    assert_string_equal(rig_view(rig)->base_typed, "10000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_OWED);
    assert_true(rig_view(rig)->base_is_own);
    assert_int_equal(rig_view(rig)->chosen_base_fen, 1000000);
    assert_int_equal(rig_view(rig)->monthly_total_fen, 300000);
}

static void a_phone_number_and_consent_are_needed_to_register(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_type(rig, "12345678901");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_PHONE);
    assert_true(rig_view(rig)->phone_refused);
    rig_touch(rig, INTENT_CLEAR, 0);
    rig_type(rig, "13900000000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_CONSENT);
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 0);
    rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_sign(rig);
    rig_assert_step(rig, STEP_REGISTERED);
}

static void back_leads_from_every_page_before_the_cash_to_the_one_before(void **state)
{
    struct rig *rig = *state;
    static const enum session_step BEFORE[] = { STEP_MONTHS, STEP_REGISTERED };
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_type(rig, "13900000000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_PHONE);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_OWED);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_IDENTIFY);
    assert_int_equal(rig_view(rig)->name_masked[0], '\0');
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_HOME);
    rig_go_to_method(rig);
    for (size_t i = 0; i < ARRAY_SIZE(BEFORE); i++) {
        rig_touch(rig, INTENT_BACK, 0);
        rig_assert_step(rig, BEFORE[i]);
    }
    assert_int_equal(rig_count(rig, JOURNAL_REGISTERED), 1);
}

static void back_before_the_first_note_leads_to_the_method_and_a_new_try_works(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_METHOD);
    assert_false(rig->acceptor.is_enabled);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 1);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_pay_all(rig);
    assert_int_equal(rig_count(rig, JOURNAL_QUOTE_ACCEPTED), 2);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
    rig_assert_books(rig);
}

static void cancel_before_the_first_note_ends_the_visit(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(rig_view(rig)->can_cancel);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_GOODBYE);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 1);
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
}

static void once_a_note_is_inside_there_is_no_way_back(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_false(rig_view(rig)->can_cancel);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_CASH);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_CASH);
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_CANCELLED), 0);
}

static void notes_are_counted_by_value_and_refused_ones_explained(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 5000));
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    assert_true(fake_acceptor_feed(&rig->acceptor, 5000));
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->inserted_fen, 20000);
    assert_int_equal(view->note_count, 2);
    assert_int_equal(view->notes[0].value_fen, 10000);
    assert_int_equal(view->notes[1].count, 2);
    assert_int_equal(view->cash_notice, CASH_NOTICE_TAKEN);
    assert_false(fake_acceptor_feed(&rig->acceptor, 500));
    assert_int_equal(rig_view(rig)->cash_notice, CASH_NOTICE_NOT_ACCEPTED);
    assert_int_equal(rig_view(rig)->inserted_fen, 20000);
}

static void paying_only_what_is_in_covers_whole_months_and_credits_the_rest(void **state)
{
    struct rig *rig = *state;
    rig_go_to_cash(rig);
    assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_touch(rig, INTENT_FINISH_CASH, 0);
    rig_assert_step(rig, STEP_RECEIPT);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    assert_true(rig_view(rig)->partial);
    assert_int_equal(rig_view(rig)->applied_fen, 0);
    assert_int_equal(rig_view(rig)->surplus_fen, 10000);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_CITIZEN), 0);
    rig_assert_books(rig);
}

static void the_language_is_chosen_on_any_page_and_reset_after_the_visit(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_LANGUAGE, LANGUAGE_EN);
    assert_int_equal(rig_view(rig)->language, LANGUAGE_EN);
    rig_go_to_owed(rig);
    assert_int_equal(rig_view(rig)->language, LANGUAGE_EN);
    rig_touch(rig, INTENT_LANGUAGE, LANGUAGE_ZH);
    rig_touch(rig, INTENT_LANGUAGE, LANGUAGE_EN);
    rig_assert_step(rig, STEP_OWED);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_HOME);
    assert_int_equal(rig_view(rig)->language, LANGUAGE_ZH);
}

static void a_language_chosen_at_home_is_reset_when_nobody_follows(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_LANGUAGE, LANGUAGE_EN);
    rig_wait(rig, 59000);
    assert_int_equal(rig_view(rig)->language, LANGUAGE_EN);
    rig_wait(rig, 2000);
    assert_int_equal(rig_view(rig)->language, LANGUAGE_ZH);
    assert_int_equal(rig_view(rig)->seconds_total, 0);
}

static void the_rights_page_needs_no_card(void **state)
{
    struct rig *rig = *state;
    rig_touch(rig, INTENT_RIGHTS, 0);
    rig_assert_step(rig, STEP_RIGHTS);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_HOME);
}

static void a_sign_of_life_restarts_the_wait_but_is_no_answer_to_the_question(void **state)
{
    struct rig *rig = *state;
    rig_go_to_owed(rig);
    for (int i = 0; i < 10; i++) {
        rig_wait(rig, 50000);
        session_on_activity(rig->session);
        assert_false(rig_view(rig)->ask_more_time);
        assert_int_equal(rig_view(rig)->seconds_left, 60);
    }
    rig_wait(rig, 60000);
    assert_true(rig_view(rig)->ask_more_time);
    session_on_activity(rig->session);
    assert_true(rig_view(rig)->ask_more_time);
    rig_wait(rig, 20000);
    rig_assert_step(rig, STEP_GOODBYE);
    session_on_activity(rig->session);
    rig_wait(rig, 10000);
    rig_assert_step(rig, STEP_HOME);
    session_on_activity(rig->session);
    assert_int_equal(rig_view(rig)->seconds_total, 0);
}

static void nothing_wakes_an_idle_kiosk_often(void **state)
{
    struct rig *rig = *state;
    rig_wait(rig, 10000);
    assert_true(session_next_deadline_ms(rig->session) - clock_now_ms(&rig->clock.clock) > 5000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_visit_registers_pays_prints_and_leaves_nothing_behind),
        TEST(the_slip_carries_what_the_kiosk_signs),
        TEST(without_a_key_the_bureau_can_still_be_asked),
        TEST(the_number_of_each_slip_follows_the_last),
        TEST(what_is_accepted_is_durable_before_the_first_note_can_come),
        TEST(no_byte_of_the_person_survives_the_visit),
        TEST(registering_without_paying_prints_a_slip),
        TEST(a_number_is_given_while_the_bureau_cannot_be_reached),
        TEST(without_numbers_a_new_person_cannot_register_and_is_told),
        TEST(a_person_known_here_goes_straight_to_the_months),
        TEST(months_ahead_are_offered_where_the_city_allows_them),
        TEST(insurances_and_base_are_the_persons_choice),
        TEST(a_base_of_ones_own_must_lie_within_the_limits),
        TEST(a_phone_number_and_consent_are_needed_to_register),
        TEST(back_leads_from_every_page_before_the_cash_to_the_one_before),
        TEST(back_before_the_first_note_leads_to_the_method_and_a_new_try_works),
        TEST(cancel_before_the_first_note_ends_the_visit),
        TEST(once_a_note_is_inside_there_is_no_way_back),
        TEST(notes_are_counted_by_value_and_refused_ones_explained),
        TEST(paying_only_what_is_in_covers_whole_months_and_credits_the_rest),
        TEST(the_language_is_chosen_on_any_page_and_reset_after_the_visit),
        TEST(a_language_chosen_at_home_is_reset_when_nobody_follows),
        TEST(the_rights_page_needs_no_card),
        TEST(a_sign_of_life_restarts_the_wait_but_is_no_answer_to_the_question),
        TEST(nothing_wakes_an_idle_kiosk_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
