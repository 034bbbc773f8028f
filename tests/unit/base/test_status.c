#include "base/status.h"

#include <string.h>

#include "support/unit.h"

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = STATUS_OK; a <= STATUS_CANCELLED; a++) {
        assert_string_not_equal(status_name((enum status)a), "unknown");
        for (int b = STATUS_OK; b < a; b++)
            assert_string_not_equal(status_name((enum status)a), status_name((enum status)b));
    }
    assert_string_equal(status_name(STATUS_OK), "ok");
    assert_string_equal(status_name(STATUS_NOT_FOUND), "not_found");
}

static void a_number_outside_the_enum_still_has_text(void **state)
{
    (void)state;
    assert_string_equal(status_name((enum status)15), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_of_its_own),
        cmocka_unit_test(a_number_outside_the_enum_still_has_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
