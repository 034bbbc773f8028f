#include "ui/text_layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SIZE 30

static struct text_lines wrap(const char *text, int width_px)
{
    struct text_lines lines;
    text_layout_wrap(FONT_REGULAR, SIZE, text, width_px, &lines);
    return lines;
}

static const char *line_of(const char *text, const struct text_lines *lines, int index)
{
    static char line[256];
    snprintf(line, sizeof(line), "%.*s", lines->lines[index].length,
             text + lines->lines[index].start);
    return line;
}

static void chinese_breaks_between_any_two_characters(void **state)
{
    (void)state;
    const char *text = "一二三四五六七八";
    const struct text_lines lines = wrap(text, SIZE * 4);
    assert_int_equal(lines.count, 2);
    assert_string_equal(line_of(text, &lines, 0), "一二三四");
    assert_string_equal(line_of(text, &lines, 1), "五六七八");
    assert_false(lines.broken);
}

static void no_line_starts_with_closing_punctuation(void **state)
{
    (void)state;
    static const char *const MARKS[] = {
        "。", "，", "、", "；", "：", "！", "？", "）", "》", "”"
    };
    for (size_t i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
        char text[64];
        snprintf(text, sizeof(text), "一二三四%s五六七", MARKS[i]);
        const struct text_lines lines = wrap(text, SIZE * 4);
        assert_true(lines.count >= 2);
        assert_string_equal(line_of(text, &lines, 0), "一二三");
    }
}

static void no_line_ends_with_opening_punctuation(void **state)
{
    (void)state;
    static const char *const MARKS[] = { "（", "《", "“" };
    for (size_t i = 0; i < sizeof(MARKS) / sizeof(MARKS[0]); i++) {
        char text[64];
        snprintf(text, sizeof(text), "一二三%s四五六七", MARKS[i]);
        const struct text_lines lines = wrap(text, SIZE * 4);
        assert_string_equal(line_of(text, &lines, 0), "一二三");
    }
}

static void latin_words_stay_whole(void **state)
{
    (void)state;
    const char *text = "Please take your receipt";
    const struct text_lines lines =
        wrap(text, text_layout_width(FONT_REGULAR, SIZE, "Please take your rec", -1));
    assert_int_equal(lines.count, 2);
    assert_string_equal(line_of(text, &lines, 0), "Please take your");
    assert_string_equal(line_of(text, &lines, 1), "receipt");
}

static void a_number_keeps_its_unit(void **state)
{
    (void)state;
    const char *text = "一共应缴 100 元";
    const struct text_lines lines =
        wrap(text, text_layout_width(FONT_REGULAR, SIZE, "一共应缴 100 ", -1));
    assert_int_equal(lines.count, 2);
    assert_non_null(strstr(line_of(text, &lines, 1), "100 元"));
}

static void a_word_wider_than_the_box_is_reported(void **state)
{
    (void)state;
    assert_true(wrap("Unterschriftenverzeichnis", 100).broken);
    assert_false(wrap("a b c", 100).broken);
}

static void a_last_character_is_not_left_alone(void **state)
{
    (void)state;
    const char *text = "一二三四五六七八九十一";
    const struct text_lines lines = wrap(text, SIZE * 10);
    assert_int_equal(lines.count, 2);
    assert_int_equal(lines.lines[1].width_px, 3 * SIZE);
}

static void a_line_feed_begins_a_line(void **state)
{
    (void)state;
    const char *text = "一\n二三";
    const struct text_lines lines = wrap(text, 1000);
    assert_int_equal(lines.count, 2);
    assert_string_equal(line_of(text, &lines, 1), "二三");
}

static void malformed_text_ends_like_any_other(void **state)
{
    (void)state;
    assert_int_equal(wrap("\xff\xfe\xe4", 1000).count, 1);
    assert_int_equal(wrap("", 1000).count, 0);
    assert_int_equal(wrap("一二", 1).count, 2);
}

static void the_table_matches_the_font(void **state)
{
    (void)state;
    struct font *font;
    assert_int_equal(font_open("/usr/share/fonts/opentype/noto", &font), STATUS_OK);
    static const char *const TEXTS[] = { "¥1,234.50", "2026-11 至 2027-01", "Put in your banknotes",
                                         "《个人信息保护法》第二十九条", "138 0571 4000" };
    for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
        for (int weight = FONT_REGULAR; weight <= FONT_BOLD; weight++) {
            const int ours = text_layout_width((enum font_weight)weight, 100, TEXTS[i], -1);
            const int real = font_measure(font, (enum font_weight)weight, 100, TEXTS[i]);
            assert_in_range(ours * 100 / real, 97, 103);
        }
    }
    font_close(font);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chinese_breaks_between_any_two_characters),
        cmocka_unit_test(no_line_starts_with_closing_punctuation),
        cmocka_unit_test(no_line_ends_with_opening_punctuation),
        cmocka_unit_test(latin_words_stay_whole),
        cmocka_unit_test(a_number_keeps_its_unit),
        cmocka_unit_test(a_word_wider_than_the_box_is_reported),
        cmocka_unit_test(a_last_character_is_not_left_alone),
        cmocka_unit_test(a_line_feed_begins_a_line),
        cmocka_unit_test(malformed_text_ends_like_any_other),
        cmocka_unit_test(the_table_matches_the_font),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
