#include "ui/strings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void every_string_has_a_text_in_every_language(void **state)
{
    (void)state;
    for (int id = 0; id < STRINGS; id++) {
        for (int language = 0; language < STRING_LANGUAGES; language++)
            assert_true(string_text((enum string_id)id, language)[0] != '\0');
    }
}

static void values_replace_their_names(void **state)
{
    (void)state;
    char out[64];
    const struct string_value values[] = { { "amount", "12.50" }, { "window", "2 号窗口" } };
    assert_true(strings_format(out, sizeof(out), "{amount} 元，请到{window}。", values, 2));
    assert_string_equal(out, "12.50 元，请到2 号窗口。");
}

static void unknown_names_and_lone_braces_stay(void **state)
{
    (void)state;
    char out[32];
    assert_true(strings_format(out, sizeof(out), "{none} { }", NULL, 0));
    assert_string_equal(out, "{none} { }");
}

static void what_does_not_fit_is_cut_at_a_character_and_reported(void **state)
{
    (void)state;
    char out[6];
    assert_false(strings_format(out, sizeof(out), "社保费", NULL, 0));
    assert_string_equal(out, "社");
    const struct string_value value = { "a", "社保费" };
    assert_false(strings_format(out, sizeof(out), "{a}", &value, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_string_has_a_text_in_every_language),
        cmocka_unit_test(values_replace_their_names),
        cmocka_unit_test(unknown_names_and_lone_braces_stay),
        cmocka_unit_test(what_does_not_fit_is_cut_at_a_character_and_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
