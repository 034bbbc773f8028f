#include "store/voucher.h"

#include "support/unit.h"
#include <string.h>

static void makes_voucher_numbers_with_a_check_digit(void **state)
{
    (void)state;
    char voucher[VOUCHER_SIZE];
    voucher_format("999900", "000003", 20261123, 318, voucher);
    assert_int_equal(strlen(voucher), 27);
    assert_memory_equal(voucher, "99990000000320261123000318", 26);
    assert_true(voucher_is_valid(voucher));
    voucher_format("999900", "000003", 20261123, 7000318, voucher);
    assert_memory_equal(voucher + 20, "000318", 6);
}

static void notices_any_wrong_digit_of_a_voucher(void **state)
{
    (void)state;
    char voucher[VOUCHER_SIZE];
    voucher_format("999900", "000003", 20261123, 318, voucher);
    for (int i = 0; i < 27; i++) {
        char digit = voucher[i];
        for (char wrong = '0'; wrong <= '9'; wrong++) {
            voucher[i] = wrong;
            assert_int_equal(voucher_is_valid(voucher), wrong == digit);
        }
        voucher[i] = digit;
    }
    assert_false(voucher_is_valid(""));
    assert_false(voucher_is_valid("9999000000032026112300031"));
    voucher[3] = 'x';
    assert_false(voucher_is_valid(voucher));
}

static void computes_the_luhn_digit_of_the_standards_example(void **state)
{
    (void)state;
    char text[VOUCHER_SIZE] = "000000000000000079927398713"; /* 7992739871 3 */
    assert_true(voucher_is_valid(text));
    text[26] = '4';
    assert_false(voucher_is_valid(text));
}

static void is_read_back_part_by_part(void **state)
{
    (void)state;
    char voucher[VOUCHER_SIZE], part[VOUCHER_REGION_SIZE];
    voucher_format("999900", "000003", 20261123, 318, voucher);
    voucher_read_region(voucher, part);
    assert_string_equal(part, "999900");
    voucher_read_device(voucher, part);
    assert_string_equal(part, "000003");
    assert_true(voucher_is_of_kiosk(voucher, "000003"));
    assert_false(voucher_is_of_kiosk(voucher, "000004"));
    assert_false(voucher_is_of_kiosk(voucher, "3"));
    assert_int_equal(voucher_serial(voucher), 318);
}

static void counts_from_one_and_over_the_last(void **state)
{
    (void)state;
    assert_int_equal(voucher_next_serial(-1), 1);
    assert_int_equal(voucher_next_serial(1), 2);
    assert_int_equal(voucher_next_serial(999999), 0);
    assert_int_equal(voucher_next_serial(0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_voucher_numbers_with_a_check_digit),
        cmocka_unit_test(notices_any_wrong_digit_of_a_voucher),
        cmocka_unit_test(computes_the_luhn_digit_of_the_standards_example),
        cmocka_unit_test(is_read_back_part_by_part),
        cmocka_unit_test(counts_from_one_and_over_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
