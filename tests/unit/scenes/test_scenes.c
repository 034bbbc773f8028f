#include "variants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/check.h"
#include "ui/icons.h"
#include "ui/strings.h"
#include "ui/text_layout.h"
#include "ui/theme.h"

#define FONTS "/usr/share/fonts/opentype/noto"
#define CONTRAST_MIN 7.0    /* WCAG 2.2, 1.4.6 */
#define TARGET_MIN_UM 12700 /* VVSG 2.0 */
#define GAP_MIN_UM 2540
#define FIGURE_MIN_DP 30 /* EN 301 549 5.1.4 at 600 mm */

struct screen {
    const char *name;
    const struct scene_panel *panel;
    const struct session_view *view;
    const struct ui_tree *tree;
};

static int failures;

static void complain(const struct screen *screen, const struct ui_node *node, const char *what)
{
    failures++;
    print_error("%s %dx%d %s: %s: id \"%s\" text \"%s\" at %d,%d %dx%d\n", screen->name,
                screen->panel->width_px, screen->panel->height_px,
                screen->view->language == LANGUAGE_ZH ? "zh" : "en", what, node ? node->id : "",
                node && node->text ? node->text : "", node ? node->rect.x : 0,
                node ? node->rect.y : 0, node ? node->rect.width : 0, node ? node->rect.height : 0);
}

typedef void check_function(const struct screen *screen);

static void for_every_screen(check_function *check)
{
    static struct ui_tree tree;
    failures = 0;
    for (int i = 0; i < variant_count(); i++) {
        struct variant variant;
        variant_get(i, &variant);
        for (int language = 0; language < LANGUAGES; language++) {
            variant.view.language = (enum language)language;
            for (int panel = 0; panel < PANELS; panel++) {
                scene_build(&variant.view, &PANEL_LIST[panel], &tree);
                check(&(struct screen){ variant.name, &PANEL_LIST[panel], &variant.view, &tree });
            }
        }
    }
    assert_int_equal(failures, 0);
}

static int scale_of(const struct screen *screen)
{
    return theme_scale(screen->panel->width_px, screen->panel->width_mm);
}

static bool is_target(const struct ui_node *node)
{
    return node->intent != INTENT_NONE;
}

static int um(const struct screen *screen, int px)
{
    return (int)((int64_t)px * screen->panel->width_mm * 1000 / screen->panel->width_px);
}

static void check_tree(const struct screen *screen)
{
    if (screen->tree->overflow)
        complain(screen, NULL, "tree is full");
    const struct ui_rect panel = { 0, 0, screen->panel->width_px, screen->panel->height_px };
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (ui_rect_is_empty(node->rect) ||
            !ui_rect_is_same(ui_rect_cut(node->rect, panel), node->rect))
            complain(screen, node, "outside the panel");
        for (int j = 0; node->id[0] != '\0' && j < i; j++) {
            if (strcmp(node->id, screen->tree->nodes[j].id) == 0)
                complain(screen, node, "id used twice");
        }
    }
}

static void every_node_lies_on_the_panel_with_an_id_of_its_own(void **state)
{
    (void)state;
    for_every_screen(check_tree);
}

static void check_language(const struct screen *screen)
{
    const struct ui_node *node = ui_tree_find(screen->tree, "lang");
    if (!node || !node->enabled || node->intent != INTENT_LANGUAGE ||
        node->argument == (int)screen->view->language)
        complain(screen, node, "no language button");
    else if (ui_tree_hit(screen->tree, node->rect.x + node->rect.width / 2,
                         node->rect.y + node->rect.height / 2) != node)
        complain(screen, node, "language button is covered");
}

static void every_page_has_the_language_button(void **state)
{
    (void)state;
    for_every_screen(check_language);
}

static void check_text(const struct screen *screen)
{
    const int scale = scale_of(screen);
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!node->text || node->style & STYLE_SPOKEN_ONLY || node->role == UI_ROLE_TIMER)
            continue;
        const int padding = theme_px(scale, theme_padding_dp(style_surface(node->style)));
        const int size =
            theme_px(scale, theme_size_dp(screen->tree->look, style_size(node->style)));
        struct text_lines lines;
        text_layout_wrap(style_weight(node->style), size, node->text,
                         node->rect.width - 2 * padding, &lines);
        if (lines.broken)
            complain(screen, node, "a word is wider than its box");
        if (lines.count * text_layout_pitch(size) > node->rect.height + 1)
            complain(screen, node, "text is higher than its box");
        if (theme_size_dp(screen->tree->look, style_size(node->style)) < FIGURE_MIN_DP)
            complain(screen, node, "text is too small");
    }
}

static void no_text_leaves_its_box(void **state)
{
    (void)state;
    for_every_screen(check_text);
}

static int characters(const char *text, int length)
{
    int count = 0;
    for (int i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    return count;
}

/* One character alone on the last line of a paragraph looks like a mistake. */
static void check_last_lines(const struct screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!node->text || node->style & STYLE_SPOKEN_ONLY)
            continue;
        const int scale = scale_of(screen);
        const int padding = theme_px(scale, theme_padding_dp(style_surface(node->style)));
        struct text_lines lines;
        text_layout_wrap(
            style_weight(node->style),
            theme_px(scale, theme_size_dp(screen->tree->look, style_size(node->style))), node->text,
            node->rect.width - 2 * padding, &lines);
        const struct text_line *last = &lines.lines[lines.count - 1];
        if (lines.count > 1 && characters(node->text + last->start, last->length) < 3)
            complain(screen, node, "a character or two alone on the last line");
    }
}

static void no_character_stands_alone_on_a_last_line(void **state)
{
    (void)state;
    for_every_screen(check_last_lines);
}

static bool has_tick(const struct ui_tree *tree, struct ui_rect rect)
{
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        if (node->role == UI_ROLE_IMAGE && node->image == ICON_TICK &&
            ui_rect_is_same(ui_rect_cut(node->rect, rect), node->rect))
            return true;
    }
    return false;
}

static void check_selection(const struct screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (node->role == UI_ROLE_CHOICE && node->selected != has_tick(screen->tree, node->rect))
            complain(screen, node, "chosen and ticked are not the same");
    }
}

static void what_is_chosen_carries_a_tick(void **state)
{
    (void)state;
    for_every_screen(check_selection);
}

static bool shares_ink(const struct ui_node *node)
{
    return (node->role == UI_ROLE_TEXT && node->text) || node->role == UI_ROLE_IMAGE ||
           (node->intent != INTENT_NONE);
}

static bool contains(struct ui_rect outer, struct ui_rect inner)
{
    return ui_rect_is_same(ui_rect_cut(outer, inner), inner);
}

static int over_from(const struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (style_surface(tree->nodes[i].style) == SURFACE_SCRIM)
            return i;
    }
    return 0;
}

/* Texts, pictures and targets never cross one another; a target may hold what is drawn on it. */
static void check_crossing(const struct screen *screen)
{
    const struct ui_tree *tree = screen->tree;
    for (int i = over_from(tree); i < tree->count; i++) {
        const struct ui_node *a = &tree->nodes[i];
        for (int j = i + 1; shares_ink(a) && j < tree->count; j++) {
            const struct ui_node *b = &tree->nodes[j];
            if (!shares_ink(b) || ui_rect_is_empty(ui_rect_cut(a->rect, b->rect)))
                continue;
            if (!(is_target(a) || a->style & STYLE_SPOKEN_ONLY) || !contains(a->rect, b->rect))
                complain(screen, b, "lies across another");
        }
    }
}

static void nothing_lies_across_anything_else(void **state)
{
    (void)state;
    for_every_screen(check_crossing);
}

static int footer_top(const struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (style_surface(tree->nodes[i].style) == SURFACE_FOOTER)
            return tree->nodes[i].rect.y;
    }
    return 0;
}

static void check_body(const struct screen *screen)
{
    const int top = footer_top(screen->tree);
    bool below = false;
    assert_true(top > 0);
    for (int i = 0; i < screen->tree->count && !screen->view->ask_more_time; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        below |= style_surface(node->style) == SURFACE_FOOTER;
        if (!below && style_surface(node->style) != SURFACE_PAGE && node->rect.y < top - 3 &&
            node->rect.y + node->rect.height > top - 3)
            complain(screen, node, "runs into the footer");
        if (!below && node->rect.y >= top)
            complain(screen, node, "is below the footer's edge");
    }
}

static void the_page_ends_above_the_footer(void **state)
{
    (void)state;
    for_every_screen(check_body);
}

/* Body nodes end at least here, in hundredths of the body's height. */
#define BODY_FILLED_MIN 80

static void check_filled(const struct screen *screen)
{
    const struct ui_tree *tree = screen->tree;
    const int top = footer_top(tree);
    int lowest = 0;
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        const int bottom = node->rect.y + node->rect.height;
        if (bottom < top && bottom > lowest)
            lowest = bottom;
    }
    if (screen->view->step != STEP_GOODBYE && lowest * 100 < top * BODY_FILLED_MIN)
        complain(screen, NULL, "the lower part of the page is empty");
}

static void no_page_leaves_its_lower_part_empty(void **state)
{
    (void)state;
    for_every_screen(check_filled);
}

static int gap_between(struct ui_rect a, struct ui_rect b)
{
    const int right = a.x > b.x ? a.x - (b.x + b.width) : b.x - (a.x + a.width);
    const int down = a.y > b.y ? a.y - (b.y + b.height) : b.y - (a.y + a.height);
    return right > down ? right : down;
}

static void check_targets(const struct screen *screen)
{
    const struct ui_tree *tree = screen->tree;
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *a = &tree->nodes[i];
        if (!is_target(a))
            continue;
        if (um(screen, a->rect.width) < TARGET_MIN_UM || um(screen, a->rect.height) < TARGET_MIN_UM)
            complain(screen, a, "target smaller than 12.7 mm");
        if (a->primary && um(screen, a->rect.height) < 20000)
            complain(screen, a, "main target lower than 20 mm");
        if (!a->text || a->id[0] == '\0')
            complain(screen, a, "target without name");
        for (int j = i + 1; j < tree->count; j++) {
            if (is_target(&tree->nodes[j]) &&
                um(screen, gap_between(a->rect, tree->nodes[j].rect)) < GAP_MIN_UM)
                complain(screen, a, "target closer than 2.54 mm to another");
        }
    }
}

static void targets_are_large_and_apart(void **state)
{
    (void)state;
    for_every_screen(check_targets);
}

static double channel(uint32_t value)
{
    const double part = value / 255.0;
    if (part <= 0.03928)
        return part / 12.92;
    /* ((part + 0.055) / 1.055) ^ 2.4 = x^2 * x^0.4, by Newton, to need no library */
    const double x = (part + 0.055) / 1.055, x2 = x * x;
    double root = 1;
    for (int i = 0; i < 40; i++)
        root -= (root * root * root * root * root - x2) / (5 * root * root * root * root);
    return x2 * root;
}

static double luminance(uint32_t colour)
{
    return 0.2126 * channel(colour >> 16 & 255) + 0.7152 * channel(colour >> 8 & 255) +
           0.0722 * channel(colour & 255);
}

static double contrast(uint32_t a, uint32_t b)
{
    const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

static uint32_t colour_below(const struct ui_tree *tree, int index)
{
    for (int i = index; i >= 0; i--) {
        const struct theme_surface_look look =
            theme_surface_look(tree->look, style_surface(tree->nodes[i].style));
        if (tree->nodes[i].role != UI_ROLE_IMAGE && look.fill != THEME_NO_COLOUR &&
            contains(tree->nodes[i].rect, tree->nodes[index].rect))
            return look.fill;
    }
    return 0xFFFFFF;
}

static void check_contrast(const struct screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!node->text || node->style & STYLE_SPOKEN_ONLY)
            continue;
        const uint32_t ink = theme_ink_colour(screen->tree->look, style_ink(node->style),
                                              style_surface(node->style));
        if (contrast(ink, colour_below(screen->tree, i)) < CONTRAST_MIN)
            complain(screen, node, "contrast under 7:1");
    }
}

static void every_text_has_a_contrast_of_seven(void **state)
{
    (void)state;
    assert_true(contrast(0x000000, 0xFFFFFF) > 20.9 && contrast(0x000000, 0xFFFFFF) < 21.1);
    for_every_screen(check_contrast);
}

static void check_placeholders(const struct screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (node->text && strchr(node->text, '{'))
            complain(screen, node, "a value was not filled in");
    }
}

static void every_value_is_filled_in(void **state)
{
    (void)state;
    for_every_screen(check_placeholders);
}

/* The table of widths stands for the font: what it says must never be less than the ink. */
static struct font *font;

static void check_widths(const struct screen *screen)
{
    const int scale = scale_of(screen);
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!node->text || node->style & STYLE_SPOKEN_ONLY)
            continue;
        const int size =
            theme_px(scale, theme_size_dp(screen->tree->look, style_size(node->style)));
        const enum font_weight weight = style_weight(node->style);
        const int padding = theme_px(scale, theme_padding_dp(style_surface(node->style)));
        struct text_lines lines;
        text_layout_wrap(weight, size, node->text, node->rect.width - 2 * padding, &lines);
        for (int line = 0; line < lines.count; line++) {
            char text[1024];
            snprintf(text, sizeof(text), "%.*s", lines.lines[line].length,
                     node->text + lines.lines[line].start);
            if (font_measure(font, weight, size, text) > node->rect.width)
                complain(screen, node, "ink is wider than its box");
        }
    }
}

static void the_ink_stays_inside_too(void **state)
{
    (void)state;
    assert_int_equal(font_open(FONTS, &font), STATUS_OK);
    for_every_screen(check_widths);
    font_close(font);
}

static void find(enum session_step step, const char *const *ids, int count)
{
    static struct ui_tree tree;
    for (int id = 0; id < count; id++) {
        bool found = false;
        for (int i = 0; i < variant_count() && !found; i++) {
            struct variant variant;
            variant_get(i, &variant);
            if (variant.view.step != step)
                continue;
            scene_build(&variant.view, &PANEL_LIST[0], &tree);
            found = ui_tree_find(&tree, ids[id]) != NULL;
        }
        if (!found)
            fail_msg("step %d never shows %s", (int)step, ids[id]);
    }
}

#define FIND(step, ...)                                                                            \
    find(step, (const char *const[]){ __VA_ARGS__ },                                               \
         (int)ARRAY_SIZE(((const char *const[]){ __VA_ARGS__ })))

static void scenarios_find_their_ids(void **state)
{
    (void)state;
    FIND(STEP_HOME, "home.start", "home.rights", "lang");
    FIND(STEP_OUT_OF_SERVICE, "home.rights");
    FIND(STEP_RIGHTS, "rights.back");
    FIND(STEP_IDENTIFY, "footer.back", "footer.cancel", "more_time.yes", "more_time.end");
    FIND(STEP_OWED, "owed.insurance.0", "owed.insurance.1", "owed.base.0", "owed.base.4",
         "owed.base.own", "footer.back", "footer.next", "footer.cancel");
    FIND(STEP_PHONE, "key.0", "key.9", "key.erase", "key.clear", "footer.next");
    FIND(STEP_CONSENT, "consent.box", "footer.next");
    FIND(STEP_REGISTERED, "registered.pay", "registered.later");
    FIND(STEP_MONTHS, "months.1", "months.12", "footer.next");
    FIND(STEP_METHOD, "method.cash", "footer.back");
    FIND(STEP_CASH, "cash.finish", "cash.cancel");
    FIND(STEP_DONE, "done.finish");
}

static void build_typical(enum session_step step, struct ui_tree *tree,
                          void (*change)(struct session_view *view))
{
    struct variant variant;
    for (int i = 0; i < variant_count(); i++) {
        variant_get(i, &variant);
        if (variant.view.step == step)
            break;
    }
    change(&variant.view);
    scene_build(&variant.view, &PANEL_LIST[0], tree);
}

static void with_question(struct session_view *view)
{
    view->ask_more_time = true;
    view->money_inside_fen = 5000;
}

static void under_the_question_only_language_and_answers_can_be_touched(void **state)
{
    (void)state;
    static struct ui_tree tree;
    build_typical(STEP_CASH, &tree, with_question);
    int targets = 0;
    for (int i = 0; i < tree.count; i++)
        targets += is_target(&tree.nodes[i]);
    assert_int_equal(targets, 3);
    assert_int_equal(ui_tree_find(&tree, "more_time.end")->intent, INTENT_FINISH_CASH);
}

static void with_no_paper(struct session_view *view)
{
    view->cash_service = SERVICE_PAPER_OUT;
}

static void cash_cannot_be_chosen_without_paper(void **state)
{
    (void)state;
    static struct ui_tree tree;
    build_typical(STEP_METHOD, &tree, with_no_paper);
    const struct ui_node *node = ui_tree_find(&tree, "method.cash");
    assert_non_null(node);
    assert_false(node->enabled);
    assert_null(ui_tree_hit(&tree, node->rect.x + 5, node->rect.y + 40));
}

static bool says(const struct ui_tree *tree, const char *text)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i].text && strstr(tree->nodes[i].text, text))
            return true;
    }
    return false;
}

static void unchanged(struct session_view *view)
{
    (void)view;
}

static void the_surplus_rule_is_said_before_the_first_note(void **state)
{
    (void)state;
    static struct ui_tree tree;
    build_typical(STEP_METHOD, &tree, unchanged);
    assert_true(says(&tree, "多付的钱全部记入您本人的缴费账户"));
    build_typical(STEP_CASH, &tree, unchanged);
    assert_true(says(&tree, "多付的钱全部记入您本人的缴费账户"));
}

static void with_note_inside(struct session_view *view)
{
    view->inserted_fen = 10000;
    view->can_cancel = false;
}

static void a_stacked_note_takes_cancel_away(void **state)
{
    (void)state;
    static struct ui_tree tree;
    build_typical(STEP_CASH, &tree, unchanged);
    assert_non_null(ui_tree_find(&tree, "cash.cancel"));
    assert_null(ui_tree_find(&tree, "cash.finish"));
    build_typical(STEP_CASH, &tree, with_note_inside);
    assert_null(ui_tree_find(&tree, "cash.cancel"));
    assert_true(ui_tree_find(&tree, "cash.finish")->enabled);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_node_lies_on_the_panel_with_an_id_of_its_own),
        cmocka_unit_test(every_page_has_the_language_button),
        cmocka_unit_test(no_text_leaves_its_box),
        cmocka_unit_test(no_character_stands_alone_on_a_last_line),
        cmocka_unit_test(no_page_leaves_its_lower_part_empty),
        cmocka_unit_test(what_is_chosen_carries_a_tick),
        cmocka_unit_test(nothing_lies_across_anything_else),
        cmocka_unit_test(the_page_ends_above_the_footer),
        cmocka_unit_test(targets_are_large_and_apart),
        cmocka_unit_test(every_text_has_a_contrast_of_seven),
        cmocka_unit_test(every_value_is_filled_in),
        cmocka_unit_test(the_ink_stays_inside_too),
        cmocka_unit_test(scenarios_find_their_ids),
        cmocka_unit_test(under_the_question_only_language_and_answers_can_be_touched),
        cmocka_unit_test(cash_cannot_be_chosen_without_paper),
        cmocka_unit_test(the_surplus_rule_is_said_before_the_first_note),
        cmocka_unit_test(a_stacked_note_takes_cancel_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
