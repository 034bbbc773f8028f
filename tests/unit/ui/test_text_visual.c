#include "ui/text_visual.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ui/text_layout.h"

static char out[TEXT_VISUAL_SIZE];

static const char *visual(const char *text)
{
    (void)text_visual_order(text, (int)strlen(text), out, sizeof(out));
    return out;
}

static void letters_turn_and_numbers_stay(void **state)
{
    (void)state;
    /* shalom 12 */
    assert_string_equal(visual("\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D 12"),
                        "12 \xD7\x9D\xD7\x95\xD7\x9C\xD7\xA9");
}

static void words_marked_as_turned_are_turned_and_the_marks_are_gone(void **state)
{
    (void)state;
    assert_string_equal(visual("\u202Epay\u202C \u202Enow\u202C"), "won yap");
    assert_string_equal(visual("\u202Epay\u202C 1,234.50"), "1,234.50 yap");
}

static void marks_have_no_width(void **state)
{
    (void)state;
    assert_int_equal(text_layout_width(FONT_REGULAR, 40, "\u202Epay\u202C", -1),
                     text_layout_width(FONT_REGULAR, 40, "pay", -1));
}

static void a_line_too_long_or_empty_gives_nothing(void **state)
{
    (void)state;
    static char text[4096];
    memset(text, 'a', sizeof(text) - 1);
    assert_int_equal(text_visual_order(text, (int)sizeof(text) - 1, out, sizeof(out)), 0);
    assert_string_equal(out, "");
    assert_int_equal(text_visual_order("abc", 0, out, sizeof(out)), 0);
    assert_int_equal(text_visual_order("abc", 3, out, 4), 0); /* no room for the worst case */
}

static void bytes_that_are_no_text_do_no_harm(void **state)
{
    (void)state;
    (void)visual("\xFF\xE2\x80\xC0 ok");
    assert_true(strlen(out) < sizeof(out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_turn_and_numbers_stay),
        cmocka_unit_test(words_marked_as_turned_are_turned_and_the_marks_are_gone),
        cmocka_unit_test(marks_have_no_width),
        cmocka_unit_test(a_line_too_long_or_empty_gives_nothing),
        cmocka_unit_test(bytes_that_are_no_text_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
