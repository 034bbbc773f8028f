/* Due dates, what is owed, what may be paid no more. */
#include "plan/due.h"
#include "plan/quote.h"
#include "policy_text.h"

static struct policy_insurance rules(int due_day, enum policy_back back, int back_months)
{
    return (struct policy_insurance){
        .due_day = due_day,
        .back = back,
        .back_months = back_months,
        .pay = POLICY_PAY_MONTH,
    };
}

/* The months from first to last are paid, but for the one named. */
static struct due_paid paid_run(month_index first, month_index last, month_index but)
{
    struct due_paid paid;
    due_paid_begin(&paid, month_of(2026, 11));
    for (month_index month = first; month <= last && first > 0; month++)
        if (month != but)
            due_paid_add(&paid, month);
    return paid;
}

static struct due_owed owed_of(struct policy_insurance insurance, struct due_paid paid,
                               int32_t today)
{
    struct due_owed owed;
    due_owed_of(&insurance, &paid, today, &owed);
    return owed;
}

static void a_due_day_ends_with_a_shorter_month(void **state)
{
    (void)state;
    struct policy_insurance insurance = rules(31, POLICY_BACK_NONE, 0);
    assert_int_equal(due_date(&insurance, month_of(2026, 1)), 20260131);
    assert_int_equal(due_date(&insurance, month_of(2026, 2)), 20260228);
    assert_int_equal(due_date(&insurance, month_of(2028, 2)), 20280229);
    assert_int_equal(due_date(&insurance, month_of(2026, 4)), 20260430);
    insurance.due_day = 0;
    assert_int_equal(due_date(&insurance, month_of(2026, 4)), 0);
}

static void a_month_is_not_late_on_its_due_day(void **state)
{
    (void)state;
    struct policy_insurance insurance = rules(25, POLICY_BACK_NONE, 0);
    month_index november = month_of(2026, 11);
    assert_int_equal(due_state_of(&insurance, november, 20261125), DUE_NOW);
    assert_int_equal(due_state_of(&insurance, november, 20261126), DUE_ARREARS);
    assert_int_equal(due_state_of(&insurance, november - 1, 20261101), DUE_ARREARS);
    assert_int_equal(due_state_of(&insurance, november + 1, 20261130), DUE_AHEAD);
    insurance.due_day = 31; /* the 30th of November is its last day */
    assert_int_equal(due_state_of(&insurance, november, 20261130), DUE_NOW);
    assert_int_equal(due_days_late(&insurance, november, 20261201), 1);
    insurance.due_day = 0; /* no day is fixed: a month is late when it is over */
    assert_int_equal(due_state_of(&insurance, november, 20261130), DUE_NOW);
    assert_int_equal(due_state_of(&insurance, november, 20261201), DUE_ARREARS);
    assert_int_equal(due_days_late(&insurance, november, 20261201), 0);
}

static void days_late_run_over_the_end_of_a_year(void **state)
{
    (void)state;
    struct policy_insurance insurance = rules(25, POLICY_BACK_NONE, 0);
    assert_int_equal(due_days_late(&insurance, month_of(2026, 12), 20261225), 0);
    assert_int_equal(due_days_late(&insurance, month_of(2026, 12), 20270101), 7);
    assert_int_equal(due_days_late(&insurance, month_of(2026, 11), 20270101), 37);
}

static void who_never_paid_owes_this_month_and_may_pay_earlier_ones(void **state)
{
    (void)state;
    struct due_owed owed = owed_of(rules(25, POLICY_BACK_MONTHS, 3), paid_run(0, 0, 0), 20261126);
    assert_int_equal(owed.next, month_of(2026, 11));
    assert_int_equal(owed.earliest, month_of(2026, 8));
    assert_int_equal(owed.latest, month_of(2026, 11));
    assert_int_equal(owed.arrears, 1); /* this month's day is over */
    assert_int_equal(owed.closed_last, 0);
}

static void who_paid_before_owes_what_was_left_out(void **state)
{
    (void)state;
    const struct due_paid paid = paid_run(month_of(2026, 3), month_of(2026, 9), month_of(2026, 7));
    struct due_owed owed = owed_of(rules(0, POLICY_BACK_YEAR, 0), paid, 20261123);
    assert_int_equal(owed.next, month_of(2026, 7));
    assert_int_equal(owed.earliest, month_of(2026, 1));
    assert_int_equal(owed.latest, month_of(2026, 11));
    assert_int_equal(owed.arrears, 2); /* July and October */
    owed = owed_of(rules(0, POLICY_BACK_MONTHS, 2), paid, 20261123);
    assert_int_equal(owed.next, month_of(2026, 10));
    assert_int_equal(owed.closed_first, month_of(2026, 7));
    assert_int_equal(owed.closed_last, month_of(2026, 7));
}

static void what_was_registered_from_is_owed_whatever_was_paid_before(void **state)
{
    (void)state;
    struct due_paid paid = paid_run(month_of(2024, 3), month_of(2024, 9), 0);
    due_paid_start(&paid, month_of(2026, 9));
    struct due_owed owed = owed_of(rules(0, POLICY_BACK_YEAR, 0), paid, 20261123);
    assert_int_equal(owed.earliest, month_of(2026, 9));
    assert_int_equal(owed.next, month_of(2026, 9));
    assert_int_equal(owed.arrears, 2);
    assert_int_equal(owed.closed_last, 0);
    owed = owed_of(rules(0, POLICY_BACK_NONE, 0), paid, 20261123);
    assert_int_equal(owed.next, month_of(2026, 11));
    assert_int_equal(owed.closed_first, month_of(2026, 9));
    assert_int_equal(owed.closed_last, month_of(2026, 10));
    /* From a later month on, nothing is owed yet; this one may be paid only from then. */
    due_paid_start(&paid, month_of(2026, 12));
    owed = owed_of(rules(0, POLICY_BACK_YEAR, 0), paid, 20261123);
    assert_int_equal(owed.earliest, month_of(2026, 12));
}

static void without_back_payment_what_was_left_out_is_closed(void **state)
{
    (void)state;
    const struct due_paid paid = paid_run(month_of(2026, 3), month_of(2026, 8), 0);
    struct due_owed owed = owed_of(rules(25, POLICY_BACK_NONE, 0), paid, 20261123);
    assert_int_equal(owed.next, month_of(2026, 11));
    assert_int_equal(owed.earliest, month_of(2026, 11));
    assert_int_equal(owed.arrears, 0);
    assert_int_equal(owed.closed_first, month_of(2026, 9));
    assert_int_equal(owed.closed_last, month_of(2026, 10));
}

static void a_back_year_closes_with_the_year(void **state)
{
    (void)state;
    const struct due_paid paid = paid_run(month_of(2026, 3), month_of(2026, 10), 0);
    struct due_owed owed = owed_of(rules(25, POLICY_BACK_YEAR, 0), paid, 20261231);
    assert_int_equal(owed.next, month_of(2026, 11));
    assert_int_equal(owed.arrears, 2);
    owed = owed_of(rules(25, POLICY_BACK_YEAR, 0), paid, 20270101);
    assert_int_equal(owed.next, month_of(2027, 1));
    assert_int_equal(owed.closed_first, month_of(2026, 11));
    assert_int_equal(owed.closed_last, month_of(2026, 12));
    /* Months that count backwards do not end with it. */
    owed = owed_of(rules(25, POLICY_BACK_MONTHS, 2), paid, 20270101);
    assert_int_equal(owed.next, month_of(2026, 11));
    assert_int_equal(owed.closed_last, 0);
}

static void who_paid_ahead_goes_on_after_it(void **state)
{
    (void)state;
    const struct due_paid paid = paid_run(month_of(2026, 11), month_of(2027, 1), 0);
    struct due_owed owed = owed_of(rules(25, POLICY_BACK_YEAR, 0), paid, 20261123);
    assert_int_equal(owed.next, month_of(2027, 2));
    assert_int_equal(owed.latest, month_of(2027, 2));
    assert_int_equal(owed.earliest, month_of(2026, 1)); /* who wants to, may */
    assert_int_equal(owed.arrears, 0);
}

static void an_aligned_quarter_begins_with_the_calendars(void **state)
{
    (void)state;
    struct policy_insurance insurance = rules(25, POLICY_BACK_YEAR, 0);
    insurance.pay = POLICY_PAY_QUARTER;
    insurance.align = true;
    struct due_owed owed = owed_of(insurance, paid_run(0, 0, 0), 20261123);
    assert_int_equal(owed.next, month_of(2026, 10));
    insurance.back = POLICY_BACK_NONE; /* October is over: the next quarter */
    owed = owed_of(insurance, paid_run(0, 0, 0), 20261123);
    assert_int_equal(owed.next, month_of(2027, 1));
    insurance.pay = POLICY_PAY_YEAR;
    owed = owed_of(insurance, paid_run(0, 0, 0), 20260105);
    assert_int_equal(owed.next, month_of(2026, 1));
}

static void a_surcharge_is_rounded_once_and_half_up(void **state)
{
    (void)state;
    struct policy_insurance insurance = rules(25, POLICY_BACK_YEAR, 0);
    insurance.surcharge = 500; /* 0.05 % a day */
    month_index march = month_of(2026, 3);
    assert_int_equal(quote_surcharge(&insurance, 100000, march, 20260325), 0);
    assert_int_equal(quote_surcharge(&insurance, 100000, march, 20260326), 50);
    /* 3 days: 1.4985 fen of 999 fen, one by one it would be 0 + 0 + 0 */
    assert_int_equal(quote_surcharge(&insurance, 999, march, 20260328), 1);
    assert_int_equal(quote_surcharge(&insurance, 1000, march, 20260328), 2);
    insurance.due_day = 0;
    assert_int_equal(quote_surcharge(&insurance, 100000, march, 20260430), 0);
}

static void older_months_count_as_having_paid_before(void **state)
{
    (void)state;
    const struct due_paid paid = paid_run(month_of(2010, 1), month_of(2010, 6), 0);
    struct due_owed owed = owed_of(rules(0, POLICY_BACK_MONTHS, 3), paid, 20261123);
    assert_int_equal(owed.next, month_of(2026, 8));
    assert_int_equal(owed.closed_last, month_of(2026, 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_due_day_ends_with_a_shorter_month),
        cmocka_unit_test(a_month_is_not_late_on_its_due_day),
        cmocka_unit_test(days_late_run_over_the_end_of_a_year),
        cmocka_unit_test(who_never_paid_owes_this_month_and_may_pay_earlier_ones),
        cmocka_unit_test(who_paid_before_owes_what_was_left_out),
        cmocka_unit_test(what_was_registered_from_is_owed_whatever_was_paid_before),
        cmocka_unit_test(without_back_payment_what_was_left_out_is_closed),
        cmocka_unit_test(a_back_year_closes_with_the_year),
        cmocka_unit_test(who_paid_ahead_goes_on_after_it),
        cmocka_unit_test(an_aligned_quarter_begins_with_the_calendars),
        cmocka_unit_test(a_surcharge_is_rounded_once_and_half_up),
        cmocka_unit_test(older_months_count_as_having_paid_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
