#include "base/month.h"

#include <stdlib.h>
#include <time.h>

#include "base/check.h"
#include "support/unit.h"

static void a_month_survives_being_written_and_read(void **state)
{
    (void)state;
    for (int year = 1990; year <= 2099; year++) {
        for (int number = 1; number <= 12; number++) {
            char text[MONTH_TEXT_SIZE];
            month_index read = 0;
            month_format(month_of(year, number), text);
            assert_int_equal(month_parse(text, &read), STATUS_OK);
            assert_int_equal(read, month_of(year, number));
            assert_int_equal(month_year(read), year);
            assert_int_equal(month_number(read), number);
        }
    }
}

static void a_year_of_months_ends_in_the_month_before(void **state)
{
    (void)state;
    month_index end = month_of(2026, 7) + 12 - 1;
    assert_int_equal(month_year(end), 2027);
    assert_int_equal(month_number(end), 6);
}

static void anything_but_a_month_is_refused(void **state)
{
    (void)state;
    static const char *const REFUSED[] = { "",         "2026",    "2026-",   "2026-1",  "2026-00",
                                           "2026-13",  "202611",  "2026/11", "1989-12", "2100-01",
                                           "2026-011", "+026-11", "2026- 1", "abcd-ef" };
    for (size_t i = 0; i < ARRAY_SIZE(REFUSED); i++) {
        month_index untouched = -1;
        assert_int_equal(month_parse(REFUSED[i], &untouched), STATUS_INVALID);
        assert_int_equal(untouched, -1);
    }
}

static void the_month_of_a_wall_time_is_local(void **state)
{
    (void)state;
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    /* 2026-11-30T16:30:00Z is already December in China. */
    assert_int_equal(month_of_wall(INT64_C(1796056200000)), month_of(2026, 12));
    assert_int_equal(month_of_wall(INT64_C(1796050800000)), month_of(2026, 11));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_month_survives_being_written_and_read),
        cmocka_unit_test(a_year_of_months_ends_in_the_month_before),
        cmocka_unit_test(anything_but_a_month_is_refused),
        cmocka_unit_test(the_month_of_a_wall_time_is_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
