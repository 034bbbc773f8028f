/*
 * Totals, gaps and what is due next; and numbers that a hand or a scanner gives.
 */
#include <string.h>

#include "inquiry/inquiry.h"
#include "support/unit.h"

#define TODAY 20261130
#define NOVEMBER month_of(2026, 11)
#define VOUCHER "990000000003202611230003192"

static struct inquiry_record record;

static void add(month_index first, month_index last, int payment)
{
    for (month_index month = first; month <= last; month++) {
        struct inquiry_month *out = &record.months[record.month_count++];
        *out = (struct inquiry_month){ .month = month, .payment = payment, .amount_fen = 100 };
        strcpy(out->code, "110");
        strcpy(out->insurance, "pension");
    }
}

static int empty(void **state)
{
    (void)state;
    memset(&record, 0, sizeof record);
    record.payment_count = 2;
    return 0;
}

static struct inquiry_total total_with(int due_day, month_index payable_from)
{
    struct inquiry_rule rule = { .code = "110", .payable_from = payable_from, .due_day = due_day };
    struct inquiry_total total;
    inquiry_total_of(&record, &rule, TODAY, &total);
    return total;
}

static void counts_months_and_sums_of_its_insurance_only(void **state)
{
    (void)state;
    add(month_of(2026, 8), month_of(2026, 10), 0);
    strcpy(record.months[1].code, "310");
    struct inquiry_total total = total_with(0, NOVEMBER);
    assert_int_equal(total.months, 2);
    assert_int_equal(total.amount_fen, 200);
    assert_int_equal(total.first, month_of(2026, 8));
    assert_int_equal(total.last, month_of(2026, 10));
    assert_string_equal(total.insurance, "pension");
}

static void finds_what_is_missing_between_and_up_to_last_month(void **state)
{
    (void)state;
    add(month_of(2025, 12), month_of(2026, 2), 0);
    add(month_of(2026, 6), month_of(2026, 8), 1);
    struct inquiry_total total = total_with(0, NOVEMBER);
    assert_int_equal(total.gap_count, 2);
    assert_int_equal(total.gaps[0].first, month_of(2026, 3));
    assert_int_equal(total.gaps[0].last, month_of(2026, 5));
    assert_false(total.gaps[0].is_payable);
    assert_int_equal(total.gaps[1].first, month_of(2026, 9));
    assert_int_equal(total.gaps[1].last, month_of(2026, 10));
}

static void tells_a_gap_that_can_still_be_paid_apart(void **state)
{
    (void)state;
    add(month_of(2026, 6), month_of(2026, 6), 0);
    struct inquiry_total total = total_with(0, month_of(2026, 9));
    assert_int_equal(total.gap_count, 2);
    assert_int_equal(total.gaps[0].last, month_of(2026, 8));
    assert_false(total.gaps[0].is_payable);
    assert_true(total.gaps[1].is_payable);
    assert_int_equal(total.next_due, month_of(2026, 9));
}

static void has_no_gap_before_the_first_month_and_none_ahead(void **state)
{
    (void)state;
    add(NOVEMBER, month_of(2026, 12), 0);
    struct inquiry_total total = total_with(20, NOVEMBER);
    assert_int_equal(total.gap_count, 0);
    assert_int_equal(total.months, 2);
    assert_int_equal(total.next_due, month_of(2027, 1));
    assert_int_equal(total.next_due_day, 20);
    assert_false(total.is_late);
}

static void says_that_the_day_is_over(void **state)
{
    (void)state;
    struct inquiry_total total = total_with(25, NOVEMBER);
    assert_int_equal(total.next_due, NOVEMBER);
    assert_true(total.is_late);
    assert_false(total_with(30, NOVEMBER).is_late);
    total = total_with(31, NOVEMBER); /* November has no such day */
    assert_int_equal(total.next_due_day, 30);
    assert_false(total.is_late);
}

static void does_not_count_what_was_set_aside(void **state)
{
    (void)state;
    add(NOVEMBER, NOVEMBER, 1);
    strcpy(record.payments[1].rejected, "bad_sum");
    struct inquiry_total total = total_with(0, NOVEMBER);
    assert_int_equal(total.months, 0);
    assert_int_equal(total.amount_fen, 0);
    assert_int_equal(total.next_due, NOVEMBER);
}

static void says_that_there_are_more_gaps_than_it_lists(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++)
        add(month_of(2024, 1) + 2 * i, month_of(2024, 1) + 2 * i, 0);
    struct inquiry_total total = total_with(0, NOVEMBER);
    assert_int_equal(total.gap_count, INQUIRY_GAPS_MAX);
    assert_true(total.more_gaps);
    assert_int_equal(total.months, 9);
}

static void reads_a_number_in_every_form_a_slip_has_it(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hash16;
    } FORMS[] = {
        { VOUCHER, "" },
        { "990000 000003 20261123 000319 2", "" },
        { "GUICHET1|" VOUCHER "|15000|0123456789abcdef", "0123456789abcdef" },
        { "https://bureau.example/v?n=" VOUCHER "&h=0123456789abcdef", "0123456789abcdef" },
        { "https://bureau.example/v?h=0123456789abcdef&n=" VOUCHER, "0123456789abcdef" },
    };
    struct inquiry_number number;
    for (size_t i = 0; i < sizeof FORMS / sizeof *FORMS; i++) {
        assert_int_equal(inquiry_read_number(FORMS[i].text, &number), STATUS_OK);
        assert_string_equal(number.voucher, VOUCHER);
        assert_string_equal(number.hash16, FORMS[i].hash16);
    }
}

static void refuses_what_is_no_number(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "",
        "990000000003202611230003193",
        "99000000000320261123000319",
        VOUCHER "0",
        "GUICHET1|" VOUCHER "|15000|0123",
        "https://bureau.example/v?n=" VOUCHER "&h=xyz",
        "https://bureau.example/v?n=990000000003202611230003193",
        "hello",
    };
    struct inquiry_number number;
    char longer[INQUIRY_TEXT_MAX + 64];
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        assert_int_equal(inquiry_read_number(TEXTS[i], &number), STATUS_INVALID);
    memset(longer, ' ', sizeof longer);
    memcpy(longer, VOUCHER, strlen(VOUCHER));
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(inquiry_read_number(longer, &number), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(counts_months_and_sums_of_its_insurance_only, empty),
        cmocka_unit_test_setup(finds_what_is_missing_between_and_up_to_last_month, empty),
        cmocka_unit_test_setup(tells_a_gap_that_can_still_be_paid_apart, empty),
        cmocka_unit_test_setup(has_no_gap_before_the_first_month_and_none_ahead, empty),
        cmocka_unit_test_setup(says_that_the_day_is_over, empty),
        cmocka_unit_test_setup(does_not_count_what_was_set_aside, empty),
        cmocka_unit_test_setup(says_that_there_are_more_gaps_than_it_lists, empty),
        cmocka_unit_test(reads_a_number_in_every_form_a_slip_has_it),
        cmocka_unit_test(refuses_what_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
