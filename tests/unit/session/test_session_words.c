/* Codes for staff, and opening hours in plain words. */
#include "session/session_hours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/check.h"
#include "support/unit.h"

/* ---- codes ---- */

static const char *code_of(int index)
{
    if (index < SERVICES)
        return service_code((enum service)index);
    index -= SERVICES;
    if (index < CARD_PROBLEMS)
        return card_problem_code((enum view_card_problem)index);
    return cash_notice_code((enum view_cash_notice)(index - CARD_PROBLEMS));
}

static void every_trouble_has_a_code_of_its_own(void **state)
{
    const int count = SERVICES + CARD_PROBLEMS + CASH_NOTICES;
    (void)state;
    for (int a = 0; a < count; a++) {
        assert_int_equal(strlen(code_of(a)), 3);
        for (int b = 0; b < a; b++)
            if (strcmp(code_of(a), code_of(b)) == 0)
                fail_msg("%s is given twice", code_of(a));
    }
}

/* The clerk's table in the README is complete. */
static void every_code_is_explained_to_staff(void **state)
{
    static char readme[65536];
    (void)state;
    FILE *file = fopen(SOURCE_DIR "/firmware/session/README.md", "r");
    assert_non_null(file);
    readme[fread(readme, 1, sizeof readme - 1, file)] = '\0';
    fclose(file);
    for (int i = 0; i < SERVICES + CARD_PROBLEMS + CASH_NOTICES; i++) {
        char row[16];
        snprintf(row, sizeof row, "\n| %s |", code_of(i));
        if (!strstr(readme, row))
            fail_msg("README.md says nothing about %s", code_of(i));
    }
}

/* ---- opening hours ---- */

static struct session_view show_at(const char *text, const char *local_time)
{
    struct settings_hours hours;
    struct session_view view = { .step = STEP_HOME };
    struct tm civil = { 0 };
    char why[160] = "";
    if (!settings_hours_parse(text, &hours, why, sizeof why))
        fail_msg("%s: %s", text, why);
    assert_non_null(strptime(local_time, "%Y-%m-%d %H:%M", &civil));
    civil.tm_isdst = -1;
    hours_show(&hours, (int64_t)mktime(&civil) * 1000, &view);
    return view;
}

static void assert_words(const char *text, const char *zh, const char *en)
{
    struct session_view view = show_at(text, "2026-11-23 10:00");
    assert_string_equal(view.hours[LANGUAGE_ZH], zh);
    assert_string_equal(view.hours[LANGUAGE_EN], en);
}

static void hours_read_like_a_notice_on_the_door(void **state)
{
    (void)state;
    assert_words("mon-fri 09:00-12:00 13:30-17:00", "周一至周五 9:00–12:00、13:30–17:00",
                 "Mon–Fri 9:00–12:00, 13:30–17:00");
    assert_words("mon-fri 09:00-12:00 13:30-17:00;sat 09:00-12:00",
                 "周一至周五 9:00–12:00、13:30–17:00；周六 9:00–12:00",
                 "Mon–Fri 9:00–12:00, 13:30–17:00; Sat 9:00–12:00");
    assert_words("mon,wed,fri 09:00-17:00", "周一、周三、周五 9:00–17:00",
                 "Mon, Wed, Fri 9:00–17:00");
    assert_words("mon-tue 09:00-17:00", "周一、周二 9:00–17:00", "Mon, Tue 9:00–17:00");
    assert_words("mon-wed,sat-sun 09:00-17:00", "周一至周三、周六、周日 9:00–17:00",
                 "Mon–Wed, Sat, Sun 9:00–17:00");
    assert_words("mon-fri 08:30-24:00;sat,sun 08:30-24:00", "每天 8:30–24:00", "Daily 8:30–24:00");
    assert_words("", "", "");
}

static void without_hours_the_hall_is_always_open(void **state)
{
    (void)state;
    struct session_view view = show_at("", "2026-11-22 03:00");
    assert_true(view.is_open);
    assert_string_equal(view.opens_next[LANGUAGE_ZH], "");
}

static void assert_open(const char *local_time, bool is_open, const char *zh, const char *en)
{
    struct session_view view =
        show_at("mon-fri 09:00-12:00 13:30-17:00;sat 09:00-12:00", local_time);
    assert_int_equal(view.is_open, is_open);
    assert_string_equal(view.opens_next[LANGUAGE_ZH], zh);
    assert_string_equal(view.opens_next[LANGUAGE_EN], en);
}

static void the_next_opening_is_named_while_closed(void **state)
{
    (void)state;
    assert_open("2026-11-23 09:00", true, "", ""); /* a Monday */
    assert_open("2026-11-23 11:59", true, "", "");
    assert_open("2026-11-23 12:00", false, "今天 13:30", "today 13:30");
    assert_open("2026-11-23 08:59", false, "今天 9:00", "today 9:00");
    assert_open("2026-11-23 17:00", false, "明天 9:00", "tomorrow 9:00");
    assert_open("2026-11-28 12:00", false, "周一 9:00", "Mon 9:00"); /* a Saturday */
    assert_open("2026-11-29 12:00", false, "明天 9:00", "tomorrow 9:00");
    assert_open("2026-12-31 18:00", false, "明天 9:00", "tomorrow 9:00");
    assert_open("2028-02-29 10:00", true, "", ""); /* a Tuesday */
}

static void a_hall_open_once_a_week_opens_again_in_a_week(void **state)
{
    (void)state;
    struct session_view view = show_at("mon 09:00-10:00", "2026-11-23 10:00");
    assert_false(view.is_open);
    assert_string_equal(view.opens_next[LANGUAGE_ZH], "周一 9:00");
}

/* What the settings take is never cut on the screen. */
static void the_longest_hours_fit(void **state)
{
    (void)state;
    struct session_view view = show_at("mon,wed 10:00-11:00 12:00-13:00 14:00-15:00;"
                                       "tue,thu 10:00-11:00 12:00-13:00 14:00-15:01;"
                                       "fri,sun 10:00-11:00 12:00-13:00 14:00-15:02;"
                                       "sat 10:00-11:00 12:00-13:00 14:00-15:03",
                                       "2026-11-23 10:00");
    for (int language = 0; language < LANGUAGES; language++) {
        assert_non_null(strstr(view.hours[language], "14:00–15:03"));
        assert_in_range(strlen(view.hours[language]), 1, VIEW_HOURS_SIZE - 16);
    }
}

int main(void)
{
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_trouble_has_a_code_of_its_own),
        cmocka_unit_test(every_code_is_explained_to_staff),
        cmocka_unit_test(hours_read_like_a_notice_on_the_door),
        cmocka_unit_test(without_hours_the_hall_is_always_open),
        cmocka_unit_test(the_next_opening_is_named_while_closed),
        cmocka_unit_test(a_hall_open_once_a_week_opens_again_in_a_week),
        cmocka_unit_test(the_longest_hours_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
