/*
 * What is owed: months left out, dues, surcharges, differences for months paid, tiers and lists.
 * The place is invented (tests/scenarios/due_policy), the day is 2026-11-23.
 */
#include "session_rig.h"

#include <string.h>

#include "base/check.h"

#define PENSION 0
#define RESIDENT 1
#define FLOOR_FEN 95500 /* 20 % of 4775.00 */

static month_index november(void)
{
    return month_of(2026, 11);
}

static struct policy_insurance *pension_of(struct rig *rig)
{
    return &rig->policy->insurances[PENSION];
}

static struct rig *rig_there(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "../../tests/scenarios/due_policy/440300-due.policy");
    return rig;
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

/* From what is owed on, with the pension alone. */
static void go_on_with_pension(struct rig *rig)
{
    if (rig_view(rig)->step != STEP_OWED)
        rig_go_to_owed(rig);
    if (rig_view(rig)->insurances[RESIDENT].selected)
        rig_touch(rig, INTENT_TOGGLE_INSURANCE, RESIDENT);
    rig_touch(rig, INTENT_NEXT, 0);
}

/* A newcomer, registered from so many months before this one, on the page of months with the
 * pension alone. */
static void go_to_months_from(struct rig *rig, int back)
{
    if (rig_view(rig)->step != STEP_STARTS)
        go_on_with_pension(rig);
    for (int i = 0; i < back && rig_view(rig)->step == STEP_STARTS; i++)
        rig_touch(rig, INTENT_EARLIER, PENSION);
    if (rig_view(rig)->step == STEP_STARTS)
        rig_touch(rig, INTENT_NEXT, 0);
    if (rig_view(rig)->step == STEP_PHONE) {
        rig_type(rig, "13805710000");
        rig_touch(rig, INTENT_NEXT, 0);
        rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
        rig_touch(rig, INTENT_NEXT, 0);
        rig_sign(rig);
        rig_touch(rig, INTENT_NEXT, 0);
    }
    rig_assert_step(rig, STEP_MONTHS);
}

static void go_to_months(struct rig *rig)
{
    go_to_months_from(rig, 0);
}

static void pay_chosen(struct rig *rig)
{
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_METHOD);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_pay_all(rig);
    leave(rig);
}

static void pay_november(struct rig *rig)
{
    go_to_months(rig);
    rig_touch(rig, INTENT_CHOOSE_MONTHS, 1);
    pay_chosen(rig);
}

/* ---- dues and arrears ---- */

static void a_newcomer_owes_this_month_and_may_start_three_earlier(void **state)
{
    struct rig *rig = rig_there(state);
    go_on_with_pension(rig);
    rig_assert_step(rig, STEP_STARTS);
    const struct view_insurance *pension = &rig_view(rig)->insurances[PENSION];
    assert_int_equal(pension->start, november());
    assert_int_equal(pension->start_back, 0);
    assert_true(pension->can_start_earlier);
    assert_false(pension->can_start_later);
    for (int i = 0; i < 5; i++)
        rig_touch(rig, INTENT_EARLIER, PENSION);
    pension = &rig_view(rig)->insurances[PENSION];
    assert_int_equal(pension->start, november() - 3);
    assert_int_equal(pension->start_back, 3);
    assert_false(pension->can_start_earlier);
    rig_touch(rig, INTENT_LATER, PENSION);
    assert_int_equal(rig_view(rig)->insurances[PENSION].start, november() - 2);
    go_to_months_from(rig, 1);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->months[0].month, november() - 3);
    assert_int_equal(view->months[0].due_date, 20260831);
    assert_true(view->months[0].is_late);
    assert_int_equal(view->months_chosen, 4);
    assert_int_equal(view->due_fen, 4 * FLOOR_FEN);
    assert_false(view->can_begin_earlier);
    assert_true(view->can_begin_later);
    pay_chosen(rig);
    rig_assert_books(rig);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), 4 * FLOOR_FEN);
}

/* The start is a fact of the registration: nothing before it is sold, all after it is owed. */
static void what_was_registered_from_is_owed_at_the_next_visit(void **state)
{
    struct rig *rig = rig_there(state);
    go_to_months_from(rig, 2);
    rig_touch(rig, INTENT_CANCEL, 0);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    fake_id_reader_take_away(&rig->reader);
    rig_wait(rig, 120000);
    rig_assert_step(rig, STEP_HOME);
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->insurances[PENSION].arrears, 2);
    assert_int_equal(view->first_month, november() - 2);
    go_to_months(rig);
    view = rig_view(rig);
    assert_int_equal(view->months_chosen, 3);
    assert_false(view->can_begin_earlier);
}

static void what_is_left_out_of_a_payment_is_what_is_due_next(void **state)
{
    struct rig *rig = rig_there(state);
    go_to_months_from(rig, 2);
    rig_touch(rig, INTENT_LATER, 0);
    assert_int_equal(rig_view(rig)->months[0].month, november() - 1);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_pay_all(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    assert_int_equal(rig_view(rig)->next_month, november() - 2);
    assert_true(rig_view(rig)->next_is_late);
}

static void where_the_rule_leaves_no_choice_no_start_is_asked_for(void **state)
{
    struct rig *rig = rig_there(state);
    pension_of(rig)->back = POLICY_BACK_NONE;
    go_on_with_pension(rig);
    rig_assert_step(rig, STEP_PHONE);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_OWED);
}

static void one_may_turn_back_from_the_phone_to_the_starts(void **state)
{
    struct rig *rig = rig_there(state);
    go_on_with_pension(rig);
    rig_assert_step(rig, STEP_STARTS);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_PHONE);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_STARTS);
    rig_touch(rig, INTENT_EARLIER, 7); /* no such insurance */
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_OWED);
}

static void without_a_back_rule_there_is_no_earlier_beginning(void **state)
{
    struct rig *rig = rig_there(state);
    pension_of(rig)->back = POLICY_BACK_NONE;
    go_to_months(rig);
    assert_false(rig_view(rig)->can_begin_earlier);
    rig_touch(rig, INTENT_EARLIER, 0);
    assert_int_equal(rig_view(rig)->months[0].month, november());
}

static void what_was_left_out_is_asked_for_and_may_be_left_out_again(void **state)
{
    struct rig *rig = rig_there(state);
    pay_november(rig);
    clock_fake_advance(&rig->clock, INT64_C(70) * 24 * 3600 * 1000); /* 2027-02-01 */
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->insurances[PENSION].arrears, 2);
    assert_int_equal(view->first_month, november() + 1);
    assert_true(view->next_is_late);
    assert_int_equal(view->next_date, 20261231);
    go_to_months(rig);
    assert_int_equal(rig_view(rig)->months_chosen, 3);
    rig_touch(rig, INTENT_LATER, 0);
    rig_touch(rig, INTENT_LATER, 0);
    assert_int_equal(rig_view(rig)->months[0].month, november() + 3);
    assert_int_equal(rig_view(rig)->months_chosen, 1);
    pay_chosen(rig);
    /* The hole stays payable, and February is not sold again. */
    go_to_months(rig);
    view = rig_view(rig);
    assert_int_equal(view->months[0].month, november() + 1);
    assert_int_equal(view->months_chosen, 2);
    pay_chosen(rig);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), 4 * FLOOR_FEN);
    rig_assert_books(rig);
}

static void a_month_paid_later_than_it_was_due_costs_more_by_the_day(void **state)
{
    struct rig *rig = rig_there(state);
    pension_of(rig)->due_day = 20;
    pension_of(rig)->surcharge = 500; /* 0.05 % a day, three days */
    go_to_months(rig);
    const struct session_view *view = rig_view(rig);
    assert_true(view->months[0].is_late);
    assert_int_equal(view->months[0].surcharge_fen, 143);
    assert_int_equal(view->due_fen, FLOOR_FEN + 143);
    pay_chosen(rig);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_QUOTE_ACCEPTED), "\"surcharge\":143"));
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), FLOOR_FEN + 143);
    rig_assert_books(rig);
}

static void the_last_page_says_what_is_due_next(void **state)
{
    struct rig *rig = rig_there(state);
    go_to_months(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_pay_all(rig);
    fake_printer_finish(&rig->printer, PRINTER_EVENT_PRINTED);
    rig_assert_step(rig, STEP_DONE);
    assert_int_equal(rig_view(rig)->next_month, november() + 1);
    assert_int_equal(rig_view(rig)->next_date, 20261231);
    assert_false(rig_view(rig)->next_is_late);
    assert_true(rig_journal_holds(rig, "\"next\":\"2026-12\",\"next_date\":20261231"));
}

static void months_that_may_not_be_paid_any_more_are_named(void **state)
{
    struct rig *rig = rig_there(state);
    pay_november(rig);
    clock_fake_advance(&rig->clock, INT64_C(70) * 24 * 3600 * 1000);
    pension_of(rig)->back = POLICY_BACK_NONE;
    rig_go_to_owed(rig);
    const struct view_insurance *pension = &rig_view(rig)->insurances[PENSION];
    assert_int_equal(pension->closed_first, november() + 1);
    assert_int_equal(pension->closed_last, november() + 2);
    assert_int_equal(rig_view(rig)->first_month, november() + 3);
}

/* ---- figures that change ---- */

static void a_run_over_a_change_of_limits_prices_each_month_by_its_own(void **state)
{
    struct rig *rig = rig_there(state);
    struct policy_ranges *limits = &pension_of(rig)->limits;
    limits->items[1] = limits->items[0];
    limits->items[0].last = november();
    limits->items[1].first = november() + 1;
    limits->items[1].floor_fen = 500000;
    limits->count = 2;
    go_to_months(rig);
    rig_touch(rig, INTENT_CHOOSE_MONTHS, 2);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->months[0].amount_fen, FLOOR_FEN);
    assert_int_equal(view->months[1].amount_fen, 100000);
    assert_int_equal(view->due_fen, FLOOR_FEN + 100000);
    pay_chosen(rig);
    rig_assert_books(rig);
}

/* Bases that change with every month, in more months than paper has lines. */
static void the_paper_leaves_out_no_fen(void **state)
{
    struct rig *rig = rig_there(state);
    go_to_months(rig);
    struct session_visit *visit = &rig->session->v;
    const int months =
        2 * RECEIPT_LINES_MAX < SETTLE_MONTHS_MAX ? 2 * RECEIPT_LINES_MAX : SETTLE_MONTHS_MAX;
    static struct receipt_facts facts;
    int64_t sum_fen = 0;
    visit->quote.line_count = 2 * months;
    for (int i = 0; i < 2 * months; i++)
        visit->quote.lines[i] = (struct quote_line){ .insurance = i % 2,
                                                     .month = november() + i / 2,
                                                     .base_fen = 477500 + i / 2,
                                                     .rate = 200000,
                                                     .amount_fen = 10000 + i };
    visit->record.sum.months_covered = months;
    for (int i = 0; i < months; i++)
        visit->record.month[i] = november() + i;
    entries_compose_facts(rig->session, SLIP_PAYMENT, &facts);
    assert_in_range(facts.line_count, 2, RECEIPT_LINES_MAX);
    for (int i = 0; i < facts.line_count; i++) {
        sum_fen += facts.lines[i].amount_fen;
        assert_true(facts.lines[i].is_mixed == (facts.lines[i].base_fen == 0));
    }
    assert_int_equal(sum_fen, 2 * months * 10000 + months * (2 * months - 1));
    assert_int_equal(facts.lines[facts.line_count - 1].last, november() + months - 1);
}

static void raise_floor(struct rig *rig)
{
    pension_of(rig)->limits.items[0].floor_fen = 480000; /* 5.00 more a month */
}

static void a_difference_is_billed_once_and_stands_apart(void **state)
{
    struct rig *rig = rig_there(state);
    pay_november(rig);
    raise_floor(rig);
    rig_go_to_owed(rig);
    const struct session_view *view = rig_view(rig);
    assert_int_equal(view->difference_fen, 500);
    assert_int_equal(view->difference_first, november());
    /* December may be paid ahead, so the difference comes with it. */
    if (!rig_view(rig)->insurances[PENSION].selected)
        rig_touch(rig, INTENT_TOGGLE_INSURANCE, PENSION);
    go_to_months(rig);
    assert_int_equal(rig_view(rig)->due_fen, 500 + 96000);
    pay_chosen(rig);
    const char *quote = rig_last_body(rig, JOURNAL_QUOTE_ACCEPTED);
    assert_non_null(strstr(quote, "\"kind\":\"difference\""));
    assert_non_null(strstr(quote, "{\"month\":\"2026-11\",\"amount\":500}"));
    rig_go_to_owed(rig);
    assert_int_equal(rig_view(rig)->difference_fen, 0);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), FLOOR_FEN + 500 + 96000);
    rig_assert_books(rig);
}

static void a_difference_alone_can_be_paid(void **state)
{
    struct rig *rig = rig_there(state);
    pension_of(rig)->pay_ahead = false;
    pay_november(rig);
    raise_floor(rig);
    rig_go_to_owed(rig);
    if (rig_view(rig)->insurances[RESIDENT].selected)
        rig_touch(rig, INTENT_TOGGLE_INSURANCE, RESIDENT);
    assert_true(rig_view(rig)->difference_only);
    assert_int_equal(rig_view(rig)->due_fen, 500);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_METHOD);
    rig_touch(rig, INTENT_BACK, 0);
    rig_assert_step(rig, STEP_OWED);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    rig_pay_all(rig);
    leave(rig);
    rig_assert_books(rig);
}

static void a_difference_waits_for_the_next_month_where_the_rule_says_so(void **state)
{
    struct rig *rig = rig_there(state);
    pension_of(rig)->pay_ahead = false;
    pension_of(rig)->retro = POLICY_RETRO_NEXT_MONTH;
    pay_november(rig);
    raise_floor(rig);
    rig_go_to_owed(rig);
    if (rig_view(rig)->insurances[RESIDENT].selected)
        rig_touch(rig, INTENT_TOGGLE_INSURANCE, RESIDENT);
    assert_false(rig_view(rig)->difference_only);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_wait(rig, 10000);
    clock_fake_advance(&rig->clock, INT64_C(8) * 24 * 3600 * 1000);
    go_to_months(rig);
    assert_int_equal(rig_view(rig)->due_fen, 500 + 96000);
}

static void nothing_is_billed_and_nothing_paid_out_where_the_rule_is_not_decided(void **state)
{
    struct rig *rig = rig_there(state);
    pay_november(rig);
    raise_floor(rig);
    pension_of(rig)->retro = POLICY_RETRO_UNSET;
    rig_go_to_owed(rig);
    assert_int_equal(rig_view(rig)->difference_fen, 0);
    rig_touch(rig, INTENT_CANCEL, 0);
    rig_wait(rig, 10000);
    pension_of(rig)->retro = POLICY_RETRO_COLLECT;
    pension_of(rig)->limits.items[0].floor_fen = 300000;
    pension_of(rig)->limits.items[0].ceiling_fen = 400000; /* below what was paid */
    rig_go_to_owed(rig);
    assert_int_equal(rig_view(rig)->difference_fen, 0);
    assert_true(rig_view(rig)->refund_is_due);
}

/* ---- tiers and lists ---- */

static void a_tier_is_chosen_and_its_year_paid_whole(void **state)
{
    struct rig *rig = rig_there(state);
    rig_go_to_owed(rig);
    rig_touch(rig, INTENT_TOGGLE_INSURANCE, PENSION);
    if (!rig_view(rig)->insurances[RESIDENT].selected)
        rig_touch(rig, INTENT_TOGGLE_INSURANCE, RESIDENT);
    const struct view_insurance *resident = &rig_view(rig)->insurances[RESIDENT];
    assert_true(resident->is_yearly);
    assert_int_equal(resident->grade, 1);
    assert_int_equal(resident->monthly_fen, 40000);
    rig_touch(rig, INTENT_CHOICES, RESIDENT);
    rig_assert_step(rig, STEP_CHOICES);
    assert_int_equal(rig_view(rig)->list_count, 2);
    rig_touch(rig, INTENT_TAKE_CHOICE, 3); /* there is none */
    rig_touch(rig, INTENT_CHOICES, RESIDENT);
    rig_touch(rig, INTENT_TAKE_CHOICE, 2);
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->due_fen, 80000);
    assert_int_equal(rig_view(rig)->months_chosen, 12);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_type(rig, "13805710000");
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_TOGGLE_CONSENT, 0);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_sign(rig);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_assert_step(rig, STEP_MONTHS);
    rig_touch(rig, INTENT_CHOOSE_MONTHS, 5);
    assert_int_equal(rig_view(rig)->months_chosen, 12);
    rig_touch(rig, INTENT_NEXT, 0);
    rig_touch(rig, INTENT_PAY_CASH, 0);
    /* Half of it pays no month. */
    for (int i = 0; i < 4; i++)
        assert_true(fake_acceptor_feed(&rig->acceptor, 10000));
    rig_touch(rig, INTENT_FINISH_CASH, 0);
    leave(rig);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), 0);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_SURPLUS), 40000);
    rig_assert_books(rig);
}

static void a_long_list_is_opened_and_any_base_of_it_taken(void **state)
{
    struct rig *rig = *state;
    rig_use_policy(rig, "320100-nanjing.policy");
    pension_of(rig)->rate.items[0].last = INT32_MAX;
    pension_of(rig)->limits.items[0].last = pension_of(rig)->grades.items[0].last = INT32_MAX;
    pension_of(rig)->pending.count = 0;
    rig_go_to_owed(rig);
    assert_int_equal(rig_view(rig)->insurances[PENSION].grade_count, 12);
    rig_touch(rig, INTENT_CHOICES, PENSION);
    rig_assert_step(rig, STEP_CHOICES);
    assert_int_equal(rig_view(rig)->list_count, 12);
    assert_int_equal(rig_view(rig)->list_fen[3], 800000);
    assert_int_equal(rig_view(rig)->list_chosen, 1);
    rig_touch(rig, INTENT_TAKE_CHOICE, 4);
    rig_assert_step(rig, STEP_OWED);
    assert_int_equal(rig_view(rig)->chosen_base_fen, 800000);
    assert_int_equal(rig_view(rig)->due_fen, 160000);
}

static void a_kiosk_sells_by_the_figures_of_its_area(void **state)
{
    struct rig *rig = rig_there(state);
    struct policy *policy = rig->policy;
    strcpy(policy->areas[0].id, "city");
    strcpy(policy->areas[1].id, "county");
    policy->area_count = 2;
    struct policy_ranges *limits = &pension_of(rig)->limits;
    limits->items[1] = limits->items[0];
    limits->items[0].area = 0;
    limits->items[1].area = 1;
    limits->items[1].floor_fen = 400000;
    limits->count = 2;
    strcpy(rig->settings.area, "county");
    go_to_months(rig);
    assert_int_equal(rig_view(rig)->due_fen, 80000);
    pay_chosen(rig);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_QUOTE_ACCEPTED), "\"area\":\"county\""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_newcomer_owes_this_month_and_may_start_three_earlier),
        TEST(what_was_registered_from_is_owed_at_the_next_visit),
        TEST(what_is_left_out_of_a_payment_is_what_is_due_next),
        TEST(where_the_rule_leaves_no_choice_no_start_is_asked_for),
        TEST(one_may_turn_back_from_the_phone_to_the_starts),
        TEST(without_a_back_rule_there_is_no_earlier_beginning),
        TEST(what_was_left_out_is_asked_for_and_may_be_left_out_again),
        TEST(a_month_paid_later_than_it_was_due_costs_more_by_the_day),
        TEST(the_last_page_says_what_is_due_next),
        TEST(months_that_may_not_be_paid_any_more_are_named),
        TEST(a_run_over_a_change_of_limits_prices_each_month_by_its_own),
        TEST(the_paper_leaves_out_no_fen),
        TEST(a_difference_is_billed_once_and_stands_apart),
        TEST(a_difference_alone_can_be_paid),
        TEST(a_difference_waits_for_the_next_month_where_the_rule_says_so),
        TEST(nothing_is_billed_and_nothing_paid_out_where_the_rule_is_not_decided),
        TEST(a_tier_is_chosen_and_its_year_paid_whole),
        TEST(a_long_list_is_opened_and_any_base_of_it_taken),
        TEST(a_kiosk_sells_by_the_figures_of_its_area),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
