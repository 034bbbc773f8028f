/* The calibration and target test, played by a finger on panels with and without faults. */
#include "staff/touch_test.h"

#include "support/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panel.h"
#include "scenes/scene_touch_test.h"
#include "ui/strings.h"
#include "ui/text_layout.h"

#define WIDTH_MM 268.0
#define HEIGHT_MM (268.0 * 1920 / 1080)

static struct clock_fake now;
static struct touch_test test;
static struct touch_map panel;
static char folder[64], path[96];
static int changes, language_now;

static void on_change(void *context)
{
    (void)context;
    changes++;
}

static void start_on(int width_px, int height_px, int width_mm)
{
    const struct touch_test_parts parts = { .clock = &now.clock,
                                            .path = path,
                                            .width_px = width_px,
                                            .height_px = height_px,
                                            .width_mm = width_mm,
                                            .language = language_now,
                                            .on_change = on_change };
    touch_test_start(&test, &parts);
}

static int set_up(void **state)
{
    (void)state;
    clock_fake_init(&now, 0);
    clock_fake_advance(&now, 50000);
    strcpy(folder, "/tmp/guichet-touch-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/touch.cal", folder);
    panel = TOUCH_MAP_IDENTITY;
    language_now = 0;
    start_on(1080, 1920, 268);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(path);
    rmdir(folder);
    return 0;
}

static const struct touch_test_view *view(void)
{
    return touch_test_current_view(&test);
}

static void assert_state(enum touch_test_state state)
{
    assert_int_equal(view()->state, state);
}

static void pass_time(int64_t ms)
{
    for (int64_t left = ms; left > 0; left -= 100) {
        clock_fake_advance(&now, 100);
        touch_test_tick(&test);
    }
}

static void finger(enum touch_test_finger what, int64_t number, double x, double y)
{
    const struct panel_report report = panel_touch(&panel, x, y);
    touch_test_on_finger(&test, what, number, report.raw_x, report.raw_y);
}

static void touch(double x, double y)
{
    finger(TOUCH_TEST_DOWN, 1, x, y);
    pass_time(100);
    finger(TOUCH_TEST_UP, 1, x, y);
    pass_time(300);
}

static void touch_crosses(int count)
{
    for (int i = 0; i < count; i++)
        touch(PANEL_CROSSES[i][0], PANEL_CROSSES[i][1]);
}

/* The target that is wanted now. */
static const struct touch_test_target *wanted(void)
{
    for (int i = 0; i < view()->target_count; i++) {
        if (view()->targets[i].state == TOUCH_TEST_TARGET_WANTED)
            return &view()->targets[i];
    }
    fail_msg("no target is wanted");
    return NULL;
}

/* off_mm beside the middle of the wanted target. */
static void touch_wanted(double off_mm)
{
    const struct touch_test_target *target = wanted();
    touch((target->x + target->side / 2.0) / test.parts.width_px + off_mm / WIDTH_MM,
          (target->y + target->side / 2.0) / test.parts.height_px);
}

static void hit_all(void)
{
    for (int i = 0; view()->state == TOUCH_TEST_TARGETS; i++) {
        assert_true(i < TOUCH_TEST_TARGETS_MAX);
        touch_wanted(0);
    }
}

static void no_complaint(void *context, const char *file, int line, const char *text)
{
    (void)context;
    fail_msg("%s:%d: %s", file, line, text);
}

static struct settings_touch saved(void)
{
    struct settings_touch touch_saved;
    assert_int_equal(settings_touch_load(path, no_complaint, NULL, &touch_saved), STATUS_OK);
    return touch_saved;
}

static void assert_corrects(const struct touch_map *map)
{
    for (int i = 0; i <= 20; i++) {
        double x, y;
        const double part = i / 20.0;
        const struct panel_report report = panel_touch(&panel, part, 1 - part);
        touch_map_apply(map, report.raw_x, report.raw_y, &x, &y);
        assert_true(hypot((x - part) * WIDTH_MM, (y - 1 + part) * HEIGHT_MM) < 0.01);
    }
}

static void a_good_panel_passes_and_the_result_is_saved(void **state)
{
    (void)state;
    touch_crosses(5);
    assert_state(TOUCH_TEST_TARGETS);
    hit_all();
    assert_state(TOUCH_TEST_RESULT);
    assert_true(view()->passed && view()->saved);
    assert_int_equal(view()->dead + view()->misses, 0);
    const struct settings_touch touch_saved = saved();
    assert_true(touch_saved.passed);
    assert_int_equal(touch_saved.targets, view()->target_count);
    const struct touch_map map = touch_test_map_of(&touch_saved);
    assert_corrects(&map);
    touch_test_on_intent(&test, TOUCH_TEST_INTENT_FINISH);
    assert_true(touch_test_is_over(&test));
}

static void a_swapped_mirrored_and_shifted_panel_is_corrected(void **state)
{
    (void)state;
    panel = PANEL_SWAPPED;
    touch_crosses(5);
    assert_state(TOUCH_TEST_TARGETS);
    assert_corrects(touch_test_map(&test));
    hit_all();
    assert_true(view()->passed);
    const struct settings_touch touch_saved = saved();
    const struct touch_map map = touch_test_map_of(&touch_saved);
    assert_corrects(&map);
    assert_true(touch_saved.worst_um < 300); /* half a pixel, and millionths */
}

static void the_grid_reaches_every_corner_and_all_of_it_has_the_two_sizes(void **state)
{
    (void)state;
    touch_crosses(5);
    const int last = view()->target_count - 1;
    const struct touch_test_target *first = &view()->targets[0], *end = &view()->targets[last];
    assert_int_equal(first->x + first->y, 0);
    assert_int_equal(end->x + end->side, 1080);
    assert_int_equal(end->y + end->side, 1920);
    int small = 0, large = 0, targets = 0;
    for (int i = 0; i <= last; i++) {
        small += view()->targets[i].side == 51; /* 12.7 mm at 0.248 mm a pixel */
        large += view()->targets[i].side == 81; /* 20 mm */
    }
    assert_int_equal(small + large, last + 1);
    assert_true(small > 10 && large > 10);
    for (int i = 0; i < TOUCH_TEST_REGIONS; i++) {
        assert_true(view()->regions[i].targets >= 2);
        targets += view()->regions[i].targets;
    }
    assert_int_equal(targets, last + 1);
}

static void misses_and_distances_are_counted_where_they_happen(void **state)
{
    (void)state;
    touch_crosses(5);
    touch_wanted(4);
    touch_wanted(30); /* beside the second target */
    assert_int_equal(view()->misses, 1);
    hit_all();
    assert_int_equal(view()->regions[0].misses, 1);
    assert_in_range(view()->regions[0].worst_um, 3700, 4300);
    assert_in_range(view()->worst_um, 3700, 4300);
    assert_int_equal(view()->regions[8].misses, 0);
    assert_true(view()->passed); /* one of forty-five is a finger's fault */
}

/* The controller reports nothing from the first row. */
static void a_dead_stripe_fails_the_panel_and_the_rest_is_still_tested(void **state)
{
    (void)state;
    touch_crosses(5);
    while (wanted()->y == 0)
        pass_time(8000);
    hit_all();
    assert_state(TOUCH_TEST_RESULT);
    assert_false(view()->passed);
    assert_int_equal(view()->dead, 5);
    assert_int_equal(view()->regions[0].dead + view()->regions[1].dead + view()->regions[2].dead,
                     5);
    assert_int_equal(view()->targets[5].state, TOUCH_TEST_TARGET_HIT);
    assert_false(saved().passed);
    assert_int_equal(saved().dead, 5);
}

static void a_target_missed_three_times_is_dead(void **state)
{
    (void)state;
    touch_crosses(5);
    for (int i = 0; i < 3; i++)
        touch_wanted(40);
    assert_int_equal(view()->targets[0].state, TOUCH_TEST_TARGET_DEAD);
    assert_int_equal(view()->targets[1].state, TOUCH_TEST_TARGET_WANTED);
    hit_all();
    assert_false(view()->passed);
    assert_int_equal(view()->dead, 1);
}

static void jitter_is_measured(void **state)
{
    (void)state;
    touch_crosses(5);
    const struct touch_test_target *target = wanted();
    const double x = target->side / 2.0 / 1080, y = target->side / 2.0 / 1920;
    finger(TOUCH_TEST_DOWN, 1, x, y);
    finger(TOUCH_TEST_MOVE, 1, x + 3 / WIDTH_MM, y + 4 / HEIGHT_MM);
    finger(TOUCH_TEST_UP, 1, x, y);
    assert_in_range(view()->jitter_um, 4900, 5100);
    assert_int_equal(view()->trail_count, 3);
    assert_int_equal(view()->targets[0].state, TOUCH_TEST_TARGET_HIT);
}

static void crosses_touched_in_the_wrong_order_are_refused_and_come_again(void **state)
{
    (void)state;
    touch(0.9, 0.1);
    touch(0.1, 0.1);
    touch(0.9, 0.9);
    touch(0.1, 0.9);
    assert_state(TOUCH_TEST_REFUSED);
    assert_false(view()->gives_up);
    assert_true(view()->refused_um > 3000 || view()->refused_um == 0);
    pass_time(8000);
    assert_state(TOUCH_TEST_CROSSES);
    assert_int_equal(view()->cross, 1);
    touch_crosses(5);
    assert_state(TOUCH_TEST_TARGETS);
}

static void the_fifth_cross_finds_a_wrong_correction(void **state)
{
    (void)state;
    touch_crosses(4);
    assert_state(TOUCH_TEST_VERIFY);
    touch(PANEL_CROSSES[4][0] + 5 / WIDTH_MM, PANEL_CROSSES[4][1]);
    assert_state(TOUCH_TEST_REFUSED);
    assert_in_range(view()->refused_um, 4900, 5100);
    assert_memory_equal(touch_test_map(&test), &TOUCH_MAP_IDENTITY, sizeof TOUCH_MAP_IDENTITY);
}

static void three_refusals_leave_the_old_correction(void **state)
{
    (void)state;
    const struct settings_touch old = { .map = { 990000, 0, 5000, 0, 1010000, 0 }, .targets = 45 };
    assert_int_equal(settings_touch_save(path, &old), STATUS_OK);
    for (int i = 0; i < 3; i++) {
        assert_state(TOUCH_TEST_CROSSES);
        for (int cross = 0; cross < 4; cross++)
            touch(0.2 * cross + 0.1, 0.5); /* on one line */
        assert_state(TOUCH_TEST_REFUSED);
        assert_int_equal(view()->refused_um, 0);
        assert_int_equal(view()->gives_up, i == 2);
        pass_time(8000);
    }
    assert_true(touch_test_is_over(&test));
    const struct settings_touch now_saved = saved();
    assert_memory_equal(now_saved.map, old.map, sizeof old.map);
}

static void swipes_and_second_fingers_are_no_crosses(void **state)
{
    (void)state;
    finger(TOUCH_TEST_DOWN, 1, 0.1, 0.1);
    finger(TOUCH_TEST_MOVE, 1, 0.3, 0.1);
    finger(TOUCH_TEST_UP, 1, 0.1, 0.1);
    assert_int_equal(view()->cross, 1);
    finger(TOUCH_TEST_DOWN, 1, 0.1, 0.1);
    finger(TOUCH_TEST_DOWN, 2, 0.5, 0.5);
    finger(TOUCH_TEST_UP, 1, 0.1, 0.1);
    finger(TOUCH_TEST_UP, 2, 0.5, 0.5);
    assert_int_equal(view()->cross, 1);
    touch(0.1, 0.1);
    assert_int_equal(view()->cross, 2);
}

static void a_stuck_finger_is_replaced_by_the_next(void **state)
{
    (void)state;
    finger(TOUCH_TEST_DOWN, 7, 0.5, 0.5);
    pass_time(10000);
    touch_crosses(5);
    assert_state(TOUCH_TEST_TARGETS);
}

static void it_ends_by_itself_wherever_nobody_goes_on(void **state)
{
    (void)state;
    pass_time(45000);
    assert_true(touch_test_is_over(&test));
    start_on(1080, 1920, 268);
    touch_crosses(4);
    pass_time(45000);
    assert_true(touch_test_is_over(&test));
    start_on(1080, 1920, 268);
    touch_crosses(5);
    pass_time(10 * 8000);
    assert_state(TOUCH_TEST_RESULT);
    assert_int_equal(view()->dead, view()->target_count);
    pass_time(120000);
    assert_true(touch_test_is_over(&test));
    assert_int_equal(touch_test_next_deadline_ms(&test), INT64_MAX);
}

static void it_can_be_left_at_any_time_and_begun_again(void **state)
{
    (void)state;
    touch_test_quit(&test);
    assert_true(touch_test_is_over(&test));
    touch_test_quit(&test);
    start_on(1080, 1920, 268);
    touch_crosses(5);
    hit_all();
    touch_test_on_intent(&test, TOUCH_TEST_INTENT_AGAIN);
    assert_state(TOUCH_TEST_CROSSES);
    assert_int_equal(view()->target_count, 0);
    touch_test_on_intent(&test, TOUCH_TEST_INTENT_AGAIN); /* means nothing here */
    assert_state(TOUCH_TEST_CROSSES);
}

static void a_disk_that_cannot_be_written_is_said(void **state)
{
    (void)state;
    strcat(folder, "-gone"); /* as if the folder were unwritable, for root too */
    snprintf(path, sizeof path, "%s/touch.cal", folder);
    touch_crosses(5);
    hit_all();
    assert_true(view()->passed);
    assert_false(view()->saved);
    folder[strlen(folder) - strlen("-gone")] = '\0';
}

/* ---- the page ---- */

static struct ui_tree tree;

static void check_page(const struct scene_panel *on)
{
    const struct ui_rect whole = { 0, 0, on->width_px, on->height_px };
    const int scale = theme_scale(on->width_px, on->width_mm);
    scene_touch_test(view(), on, &tree);
    assert_false(tree.overflow);
    assert_true(tree.is_staff);
    for (int i = 0; i < tree.count; i++) {
        const struct ui_node *node = &tree.nodes[i];
        assert_true(ui_rect_is_same(ui_rect_cut(node->rect, whole), node->rect));
        if (!node->text)
            continue;
        assert_null(strchr(node->text, '{')); /* every value is filled in */
        const int padding = theme_px(scale, theme_padding_dp(style_surface(node->style)));
        const int size = theme_px(scale, theme_size_dp(tree.look, style_size(node->style)));
        struct text_lines lines;
        text_layout_wrap(style_weight(node->style), size, node->text,
                         node->rect.width - 2 * padding, &lines);
        assert_false(lines.broken);
        assert_true(lines.count * text_layout_pitch(size) <= node->rect.height + 1);
    }
}

/* Nothing but the trail lies across anything but the page. */
static void check_apart(void)
{
    for (int i = 1; i < tree.count; i++) {
        for (int j = 1; j < i; j++) {
            if (!ui_rect_is_empty(ui_rect_cut(tree.nodes[i].rect, tree.nodes[j].rect)))
                fail_msg("node %d \"%s\" lies across node %d \"%s\"", i, tree.nodes[i].id, j,
                         tree.nodes[j].id);
        }
    }
}

static void check_all_pages(const struct scene_panel *on)
{
    start_on(on->width_px, on->height_px, on->width_mm);
    for (int i = 0; i < 4; i++) {
        check_page(on);
        touch(PANEL_CROSSES[i][0], PANEL_CROSSES[i][1]);
    }
    check_page(on);
    touch(0.5, 0.1);
    assert_state(TOUCH_TEST_REFUSED);
    check_page(on);
    test.view.gives_up = true;
    check_page(on);
    test.view.gives_up = false;
    pass_time(8000);
    touch_crosses(5);
    check_page(on);
    check_apart();
    hit_all();
    check_page(on);
    check_apart();
    test.view.passed = test.view.saved = false;
    test.view.dead = test.view.misses = 63;
    test.view.worst_um = test.view.jitter_um = 123456;
    for (int i = 0; i < TOUCH_TEST_REGIONS; i++)
        test.view.regions[i] = (struct touch_test_region){ 20, 18, 99, 123456 };
    check_page(on);
    check_apart();
}

static void every_page_fits_every_panel_in_both_languages(void **state)
{
    (void)state;
    static const struct scene_panel PANELS[] = { { 1080, 1920, 268, 850 },
                                                 { 1920, 1080, 476, 850 },
                                                 { 1280, 1024, 376, 850 } };
    for (int language = 0; language < STRING_LANGUAGES; language++) {
        for (int i = 0; i < 3; i++) {
            language_now = language;
            check_all_pages(&PANELS[i]);
        }
    }
}

static void the_language_of_the_result_can_be_changed(void **state)
{
    (void)state;
    touch_crosses(5);
    hit_all();
    check_page(&(struct scene_panel){ 1080, 1920, 268, 850 });
    assert_string_equal(ui_tree_find(&tree, "touch.finish")->text, "结束");
    assert_int_equal(ui_tree_find(&tree, "lang")->intent, TOUCH_TEST_INTENT_LANGUAGE);
    touch_test_on_intent(&test, TOUCH_TEST_INTENT_LANGUAGE);
    check_page(&(struct scene_panel){ 1080, 1920, 268, 850 });
    assert_string_equal(ui_tree_find(&tree, "touch.finish")->text, "Finish");
}

#define PANEL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PANEL_TEST(a_good_panel_passes_and_the_result_is_saved),
        PANEL_TEST(a_swapped_mirrored_and_shifted_panel_is_corrected),
        PANEL_TEST(the_grid_reaches_every_corner_and_all_of_it_has_the_two_sizes),
        PANEL_TEST(misses_and_distances_are_counted_where_they_happen),
        PANEL_TEST(a_dead_stripe_fails_the_panel_and_the_rest_is_still_tested),
        PANEL_TEST(a_target_missed_three_times_is_dead),
        PANEL_TEST(jitter_is_measured),
        PANEL_TEST(crosses_touched_in_the_wrong_order_are_refused_and_come_again),
        PANEL_TEST(the_fifth_cross_finds_a_wrong_correction),
        PANEL_TEST(three_refusals_leave_the_old_correction),
        PANEL_TEST(swipes_and_second_fingers_are_no_crosses),
        PANEL_TEST(a_stuck_finger_is_replaced_by_the_next),
        PANEL_TEST(it_ends_by_itself_wherever_nobody_goes_on),
        PANEL_TEST(it_can_be_left_at_any_time_and_begun_again),
        PANEL_TEST(a_disk_that_cannot_be_written_is_said),
        PANEL_TEST(every_page_fits_every_panel_in_both_languages),
        PANEL_TEST(the_language_of_the_result_can_be_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
