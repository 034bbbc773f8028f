#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

#include "support/unit.h"

static void a_fake_clock_moves_only_when_told(void **state)
{
    (void)state;
    struct clock_fake fake;
    clock_fake_init(&fake, 5000);
    int64_t before_ms = clock_now_ms(&fake.clock);
    assert_int_equal(clock_now_ms(&fake.clock), before_ms);
    assert_int_equal(clock_wall_ms(&fake.clock), 5000);
    clock_fake_advance(&fake, 250);
    assert_int_equal(clock_now_ms(&fake.clock), before_ms + 250);
    assert_int_equal(clock_wall_ms(&fake.clock), 5250);
}

static void the_machines_monotonic_clock_never_goes_back(void **state)
{
    (void)state;
    int64_t last_ms = clock_now_ms(&clock_system);
    for (int i = 0; i < 1000; i++) {
        int64_t now_ms = clock_now_ms(&clock_system);
        assert_true(now_ms >= last_ms);
        last_ms = now_ms;
    }
}

static void china_time_is_the_same_on_every_machine(void **state)
{
    (void)state;
    static const char *const ZONES[] = { "UTC", "Asia/Shanghai", "America/New_York" };
    for (size_t i = 0; i < sizeof ZONES / sizeof *ZONES; i++) {
        assert_int_equal(setenv("TZ", ZONES[i], 1), 0);
        tzset();
        struct clock_civil civil = clock_civil_in_china(INT64_C(1795377600123)); /* 20:00 UTC */
        assert_int_equal(civil.day, 23);
        assert_int_equal(civil.hour, 4);
        assert_int_equal(civil.minute + civil.second, 0);
    }
}

static void a_wall_time_is_written_in_utc(void **state)
{
    (void)state;
    char text[CLOCK_ISO_SIZE];
    clock_format_iso(INT64_C(1795398067999), text);
    assert_string_equal(text, "2026-11-23T01:41:07Z");
    clock_format_iso(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    clock_format_iso(-1, text);
    assert_string_equal(text, "1969-12-31T23:59:59Z");
}

static void civil_time_is_local(void **state)
{
    (void)state;
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    struct clock_civil civil = clock_civil_of(INT64_C(1795398067000));
    assert_int_equal(civil.year, 2026);
    assert_int_equal(civil.month, 11);
    assert_int_equal(civil.day, 23);
    assert_int_equal(civil.hour, 9);
    assert_int_equal(civil.minute, 41);
    assert_int_equal(civil.second, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fake_clock_moves_only_when_told),
        cmocka_unit_test(the_machines_monotonic_clock_never_goes_back),
        cmocka_unit_test(china_time_is_the_same_on_every_machine),
        cmocka_unit_test(a_wall_time_is_written_in_utc),
        cmocka_unit_test(civil_time_is_local),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
