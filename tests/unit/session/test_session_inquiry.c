/*
 * Somebody looks after his payments: whose records, how long he waits, what he may print, what is
 * left of it.
 */
#include <stdio.h>
#include <string.h>

#include "session_rig.h"

#define NOBODY "{\"at\":1795399267000,\"more\":false,\"payments\":[],\"months\":[]}"

static struct {
    int asked, dropped;
    enum status answers; /* to the question itself */
    char question[INQUIRY_QUESTION_SIZE];
} bureau;

static enum status ask(void *context, const char *action, const char *body, size_t size)
{
    assert_string_equal(action, "inquiry");
    (void)context;
    (void)size;
    bureau.asked++;
    strncpy(bureau.question, body, sizeof bureau.question - 1);
    return bureau.answers;
}

static void drop(void *context)
{
    (void)context;
    bureau.dropped++;
}

static int set_up(void **state)
{
    int result = rig_set_up(state);
    struct rig *rig = *state;
    memset(&bureau, 0, sizeof bureau);
    rig->settings.reprints_max = 2;
    rig->session->parts.ask_bureau = ask;
    rig->session->parts.drop_question = drop;
    return result;
}

static void answer(struct rig *rig, const char *body)
{
    session_on_bureau_answer(rig->session, STATUS_OK, 200, body, strlen(body));
}

static void pay_and_leave(struct rig *rig)
{
    rig_go_to_cash(rig);
    rig_pay_all(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_touch(rig, INTENT_DONE, 0);
    rig_touch(rig, INTENT_DONE, 0);
    rig_assert_step(rig, STEP_HOME);
}

static void lay_card(struct rig *rig, const struct identity_card *card)
{
    rig_touch(rig, INTENT_INQUIRY, 0);
    rig_assert_step(rig, STEP_IDENTIFY);
    fake_id_reader_show(&rig->reader, card);
    rig_assert_step(rig, STEP_ASKING);
}

static void shows_own_payments_when_the_bureau_is_silent(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    lay_card(rig, &RIG_PERSON);
    assert_int_equal(bureau.asked, 1);
    assert_null(strstr(bureau.question, RIG_PERSON.number));
    rig_wait(rig, 7000);
    rig_assert_step(rig, STEP_ASKING);
    rig_wait(rig, 2000);
    rig_assert_step(rig, STEP_INQUIRY);
    assert_true(bureau.dropped > 0);
    assert_false(rig_view(rig)->inquiry.is_bureaus);
    assert_int_equal(rig_view(rig)->inquiry.payments_total, 1);
    assert_true(rig_view(rig)->inquiry.total_count > 0);
    answer(rig, NOBODY); /* too late */
    assert_false(rig_view(rig)->inquiry.is_bureaus);
}

static void shows_own_payments_at_once_without_a_way_to_the_bureau(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    bureau.answers = STATUS_DISCONNECTED;
    rig_touch(rig, INTENT_INQUIRY, 0);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_assert_step(rig, STEP_INQUIRY);
    assert_int_equal(rig_view(rig)->inquiry.payments_total, 1);
}

static void takes_what_the_bureau_says_and_adds_what_is_under_way(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    lay_card(rig, &RIG_PERSON);
    answer(rig, NOBODY);
    rig_assert_step(rig, STEP_INQUIRY);
    assert_true(rig_view(rig)->inquiry.is_bureaus);
    rig_touch(rig, INTENT_WHERE, 0);
    const struct view_payment *payment = &rig_view(rig)->inquiry.payments[0];
    assert_int_equal(rig_view(rig)->inquiry.payment_count, 1);
    assert_true(payment->lit[LAMP_TAKEN]);
    assert_false(payment->lit[LAMP_SENT]);
    assert_false(payment->lit[LAMP_CREDITED]);
}

static void takes_no_rubbish_for_an_answer(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    lay_card(rig, &RIG_PERSON);
    answer(rig, "<html>");
    rig_assert_step(rig, STEP_INQUIRY);
    assert_false(rig_view(rig)->inquiry.is_bureaus);
    assert_int_equal(rig_view(rig)->inquiry.payments_total, 1);
}

static void shows_nothing_to_somebody_else(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    lay_card(rig, &RIG_OTHER_PERSON);
    answer(rig, NOBODY);
    assert_int_equal(rig_view(rig)->inquiry.payments_total, 0);
}

/* Too old to pay, not too old to look. */
static void lets_everybody_look_at_any_age(void **state)
{
    struct rig *rig = *state;
    lay_card(rig, &RIG_OLD_PERSON);
    answer(rig, NOBODY);
    rig_assert_step(rig, STEP_INQUIRY);
    rig_touch(rig, INTENT_START, 0);
    rig_assert_step(rig, STEP_INQUIRY);
}

/* ---- before a payment ---- */

/* November's pension at the lowest base, taken by another kiosk. */
#define PAID_ELSEWHERE(state)                                                                      \
    "{\"at\":1795399267000,\"more\":false,\"payments\":[{\"voucher\":"                             \
    "\"990000000009202611230000013\",\"kiosk\":\"000009\",\"at\":1795399267000,"                   \
    "\"received\":1795399268000," state ",\"paid\":150920,\"applied\":150920,\"surplus\":0}],"     \
    "\"months\":[{\"payment\":0,\"month\":\"2026-11\",\"insurance\":\"pension\",\"code\":\"110\"," \
    "\"base\":754600,\"amount\":150920}]}"
#define CREDITED "\"state\":\"credited\""
#define SET_ASIDE "\"state\":\"rejected\",\"reason\":\"bad_sum\""

static void come_to_pay(struct rig *rig)
{
    session_set_bureau_reachable(rig->session, true);
    rig_touch(rig, INTENT_START, 0);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_assert_step(rig, STEP_ASKING);
    assert_int_equal(bureau.asked, 1);
    assert_null(strstr(bureau.question, RIG_PERSON.number));
}

static void a_month_paid_elsewhere_is_not_offered(void **state)
{
    struct rig *rig = *state;
    come_to_pay(rig);
    answer(rig, PAID_ELSEWHERE(CREDITED));
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->insurances[0].paid_until, month_of(2026, 11));
    assert_int_equal(rig_view(rig)->insurances[1].paid_until, 0);
    assert_false(rig_view(rig)->paid_here_only);
    const struct quote *quote = &rig->session->v.quote;
    for (int i = 0; i < quote->line_count; i++)
        assert_false(quote->lines[i].insurance == 0 && quote->lines[i].month == month_of(2026, 11));
}

static void what_the_bureau_set_aside_is_still_owed(void **state)
{
    struct rig *rig = *state;
    come_to_pay(rig);
    answer(rig, PAID_ELSEWHERE(SET_ASIDE));
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->insurances[0].paid_until, 0);
}

static void a_silent_bureau_keeps_nobody_from_paying_and_the_page_says_so(void **state)
{
    struct rig *rig = *state;
    come_to_pay(rig);
    rig_wait(rig, 4000);
    rig_assert_step(rig, STEP_ASKING);
    rig_wait(rig, 1500);
    rig_assert_step(rig, STEP_OWED);
    assert_true(rig_view(rig)->paid_here_only);
    assert_int_equal(bureau.dropped, 1);
    answer(rig, PAID_ELSEWHERE(CREDITED)); /* too late */
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->insurances[0].paid_until, 0);
}

static void rubbish_is_no_answer_and_the_page_says_so(void **state)
{
    struct rig *rig = *state;
    come_to_pay(rig);
    answer(rig, "<html>");
    rig_assert_step(rig, STEP_OWED);
    assert_true(rig_view(rig)->paid_here_only);
}

static void out_of_reach_nobody_is_asked_and_the_page_says_so(void **state)
{
    struct rig *rig = *state;
    session_set_bureau_reachable(rig->session, false);
    rig_go_to_owed(rig);
    assert_int_equal(bureau.asked, 0);
    assert_true(rig_view(rig)->paid_here_only);
}

static void whoever_does_not_wait_for_the_bureau_may_go(void **state)
{
    struct rig *rig = *state;
    come_to_pay(rig);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_IDENTIFY);
    assert_int_equal(bureau.dropped, 1);
    fake_id_reader_show(&rig->reader, &RIG_PERSON);
    rig_assert_step(rig, STEP_ASKING);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_assert_step(rig, STEP_GOODBYE);
    answer(rig, PAID_ELSEWHERE(CREDITED));
    fake_id_reader_take_away(&rig->reader);
    rig_wait(rig, 20000);
    rig_assert_step(rig, STEP_HOME);
    assert_true(session_is_wiped(rig->session));
}

static void prints_a_copy_for_the_payer_and_not_without_end(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    lay_card(rig, &RIG_PERSON);
    answer(rig, NOBODY);
    rig_touch(rig, INTENT_WHERE, 0);
    for (int copy = 1; copy <= 2; copy++) {
        rig_touch(rig, INTENT_REPRINT, 0);
        rig_assert_step(rig, STEP_PRINTING);
        fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
        rig_assert_step(rig, STEP_WHERE);
        assert_int_equal(rig_view(rig)->inquiry.print, PRINT_DONE);
        char wanted[16];
        snprintf(wanted, sizeof wanted, "\"copy\":%d", copy);
        assert_non_null(strstr(rig_last_body(rig, JOURNAL_RECEIPT_STATE), wanted));
    }
    assert_false(rig_view(rig)->inquiry.payments[0].can_reprint);
    rig_touch(rig, INTENT_REPRINT, 0);
    rig_assert_step(rig, STEP_WHERE);
    rig_touch(rig, INTENT_REPRINT, 7); /* there is no such payment */
    rig_assert_step(rig, STEP_WHERE);
}

static void prints_the_record_free_of_charge_and_without_a_number(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    lay_card(rig, &RIG_PERSON);
    answer(rig, NOBODY);
    rig_touch(rig, INTENT_PRINT, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_INQUIRY);
    assert_int_equal(rig_view(rig)->inquiry.print, PRINT_DONE);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_RECEIPT_STATE), "\"paper\":\"inquiry\""));
    assert_null(strstr(rig_last_body(rig, JOURNAL_RECEIPT_STATE), RIG_PERSON.name));
    assert_int_equal(rig_count(rig, JOURNAL_PAYMENT_COMPLETED), 1);
    rig_assert_books(rig);
}

static void finds_a_payment_by_its_number_without_telling_its_sum(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    char voucher[40];
    const char *body = strstr(rig_last_body(rig, JOURNAL_PAYMENT_COMPLETED), "\"voucher\":\"");
    memcpy(voucher, body + 11, VOUCHER_DIGITS);
    voucher[VOUCHER_DIGITS] = '\0';
    rig_touch(rig, INTENT_INQUIRY, 0);
    rig_touch(rig, INTENT_BY_NUMBER, 0);
    rig_assert_step(rig, STEP_NUMBER);
    rig_type(rig, "123456789012345678901234567");
    rig_touch(rig, INTENT_NEXT, 0);
    assert_true(rig_view(rig)->inquiry.number_refused);
    session_on_text(rig->session, voucher); /* a scanner */
    rig_assert_step(rig, STEP_ASKING);
    assert_non_null(strstr(bureau.question, voucher));
    answer(rig, NOBODY);
    rig_assert_step(rig, STEP_FOUND);
    assert_int_equal(rig_view(rig)->inquiry.payment_count, 1);
    assert_int_equal(rig_view(rig)->inquiry.payments[0].paid_fen, -1);
    assert_false(rig_view(rig)->inquiry.payments[0].can_reprint);
    session_on_text(rig->session, "no number at all");
    rig_assert_step(rig, STEP_FOUND);
}

static void leaves_nothing_behind_wherever_it_is_left(void **state)
{
    struct rig *rig = *state;
    pay_and_leave(rig);
    for (int page = 0; page < 4; page++) {
        lay_card(rig, &RIG_PERSON);
        if (page > 0)
            answer(rig, NOBODY);
        if (page == 2)
            rig_touch(rig, INTENT_LIST_MONTHS, 0);
        if (page == 3)
            rig_touch(rig, INTENT_WHERE, 0);
        rig_touch(rig, INTENT_CANCEL, 0);
        rig_assert_step(rig, STEP_GOODBYE);
        rig_touch(rig, INTENT_DONE, 0);
        rig_assert_step(rig, STEP_HOME);
        (void)rig_view(rig);
        assert_true(session_is_wiped(rig->session));
        assert_int_equal(bureau.dropped > page, true);
    }
}

static void asks_before_it_goes(void **state)
{
    struct rig *rig = *state;
    lay_card(rig, &RIG_PERSON);
    answer(rig, NOBODY);
    rig_wait(rig, 60000);
    assert_true(rig_view(rig)->ask_more_time);
    rig_wait(rig, 20000);
    rig_assert_step(rig, STEP_GOODBYE);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(shows_own_payments_when_the_bureau_is_silent),
        ON_RIG(shows_own_payments_at_once_without_a_way_to_the_bureau),
        ON_RIG(takes_what_the_bureau_says_and_adds_what_is_under_way),
        ON_RIG(takes_no_rubbish_for_an_answer),
        ON_RIG(shows_nothing_to_somebody_else),
        ON_RIG(lets_everybody_look_at_any_age),
        ON_RIG(a_month_paid_elsewhere_is_not_offered),
        ON_RIG(what_the_bureau_set_aside_is_still_owed),
        ON_RIG(a_silent_bureau_keeps_nobody_from_paying_and_the_page_says_so),
        ON_RIG(rubbish_is_no_answer_and_the_page_says_so),
        ON_RIG(out_of_reach_nobody_is_asked_and_the_page_says_so),
        ON_RIG(whoever_does_not_wait_for_the_bureau_may_go),
        ON_RIG(prints_a_copy_for_the_payer_and_not_without_end),
        ON_RIG(prints_the_record_free_of_charge_and_without_a_number),
        ON_RIG(finds_a_payment_by_its_number_without_telling_its_sum),
        ON_RIG(leaves_nothing_behind_wherever_it_is_left),
        ON_RIG(asks_before_it_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
