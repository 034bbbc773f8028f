/* When a journal that failed is tried again. */
#include "app/recheck.h"

#include "support/unit.h"

static void waits_before_it_tries(void **state)
{
    struct recheck recheck;
    (void)state;
    recheck_init(&recheck);
    assert_false(recheck_is_due(&recheck, true, 1000));
    assert_int_equal(recheck.at_ms, 1000 + RECHECK_MS);
    assert_false(recheck_is_due(&recheck, true, 1000 + RECHECK_MS - 1));
    assert_true(recheck_is_due(&recheck, true, 1000 + RECHECK_MS));
}

static void tries_again_after_another_failure(void **state)
{
    struct recheck recheck;
    (void)state;
    recheck_init(&recheck);
    assert_false(recheck_is_due(&recheck, true, 0));
    assert_true(recheck_is_due(&recheck, true, RECHECK_MS));
    assert_false(recheck_is_due(&recheck, true, RECHECK_MS));
    assert_int_equal(recheck.at_ms, 2 * RECHECK_MS);
}

/* The payment found out first that the disk is well; a time kept in the past would keep the main
 * loop from ever waiting again. */
static void wakes_nobody_once_somebody_else_mended_it(void **state)
{
    struct recheck recheck;
    (void)state;
    recheck_init(&recheck);
    assert_false(recheck_is_due(&recheck, true, 0));
    assert_false(recheck_is_due(&recheck, false, 500));
    assert_true(recheck.at_ms == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_before_it_tries),
        cmocka_unit_test(tries_again_after_another_failure),
        cmocka_unit_test(wakes_nobody_once_somebody_else_mended_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
