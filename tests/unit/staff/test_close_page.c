/*
 * The page of the day's closing: every state in both languages on every panel.
 */
#include "scenes/scene_close.h"

#include "support/unit.h"

#include <string.h>

#include "ui/strings.h"
#include "ui/text_layout.h"
#include "ui/theme.h"

static struct ui_tree tree;

static void check_text(const struct ui_node *node, int scale)
{
    const int padding = theme_px(scale, theme_padding_dp(style_surface(node->style)));
    const int size = theme_px(scale, theme_size_dp(tree.look, style_size(node->style)));
    struct text_lines lines;
    assert_null(strchr(node->text, '{')); /* every value is filled in */
    text_layout_wrap(style_weight(node->style), size, node->text, node->rect.width - 2 * padding,
                     &lines);
    assert_false(lines.broken);
    assert_true(lines.count * text_layout_pitch(size) <= node->rect.height + 1);
}

static void check_page(const struct close_view *view, const struct scene_panel *on)
{
    const struct ui_rect whole = { 0, 0, on->width_px, on->height_px };
    const int scale = theme_scale(on->width_px, on->width_mm);
    scene_close(view, on, &tree);
    assert_false(tree.overflow);
    assert_true(tree.is_staff);
    for (int i = 1; i < tree.count; i++) {
        const struct ui_node *node = &tree.nodes[i];
        assert_true(ui_rect_is_same(ui_rect_cut(node->rect, whole), node->rect));
        for (int j = 1; j < i; j++)
            assert_true(ui_rect_is_empty(ui_rect_cut(node->rect, tree.nodes[j].rect)));
        check_text(node, scale);
    }
}

static void every_page_fits_every_panel_in_both_languages(void **state)
{
    static const struct scene_panel PANELS[] = { { 1080, 1920, 268, 850 },
                                                 { 1920, 1080, 476, 850 },
                                                 { 1280, 1024, 376, 850 } };
    static const enum service PRINTER[] = { SERVICE_PAPER_OUT, SERVICE_PRINTER_COVER,
                                            SERVICE_NO_PRINTER };
    (void)state;
    for (int i = 0; i < 3 * STRING_LANGUAGES * CLOSE_STATES * 3; i++) {
        const struct close_view view = { .state = i / 9 % CLOSE_STATES,
                                         .language = i / 9 / CLOSE_STATES,
                                         .seconds_left = i / 9 % CLOSE_STATES ? 30 : 0,
                                         .number = 999999,
                                         .copy = 99,
                                         .printer = PRINTER[i / 3 % 3] };
        check_page(&view, &PANELS[i % 3]);
    }
}

static void says_what_to_do_about_the_printer(void **state)
{
    struct close_view view = { .state = CLOSE_NOT_PRINTED, .number = 12 };
    char text[SCENE_CLOSE_TEXT_SIZE];
    (void)state;
    view.printer = SERVICE_PAPER_OUT;
    scene_close_text(&view, text);
    assert_non_null(strstr(text, "打印纸用完了。日结 Z000012 已写入账本"));
    view.printer = SERVICE_PRINTER_COVER;
    scene_close_text(&view, text);
    assert_non_null(strstr(text, "盖子"));
    view.printer = SERVICE_NO_PRINTER;
    view.language = 1;
    scene_close_text(&view, text);
    assert_non_null(strstr(text, "The printer does not answer. Closing Z000012"));
}

static void can_be_ended_only_when_there_is_a_result(void **state)
{
    const struct scene_panel panel = { 1080, 1920, 268, 850 };
    struct close_view view = { .state = CLOSE_WORKING };
    (void)state;
    scene_close(&view, &panel, &tree);
    assert_null(ui_tree_find(&tree, "close.finish"));
    view = (struct close_view){ .state = CLOSE_PRINTED, .number = 1, .seconds_left = 30 };
    scene_close(&view, &panel, &tree);
    assert_int_equal(ui_tree_find(&tree, "close.finish")->intent, CLOSE_INTENT_FINISH);
    assert_int_equal(ui_tree_find(&tree, "lang")->intent, CLOSE_INTENT_LANGUAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_fits_every_panel_in_both_languages),
        cmocka_unit_test(says_what_to_do_about_the_printer),
        cmocka_unit_test(can_be_ended_only_when_there_is_a_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
