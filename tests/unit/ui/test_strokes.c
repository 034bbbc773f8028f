/* The ink on a signature field. */
#include "ui/strokes.h"

#include "support/unit.h"

#include <string.h>

static struct ui_strokes strokes;

#define WIDTH_MM 200.0
#define HEIGHT_MM 100.0

static int set_up(void **state)
{
    (void)state;
    memset(&strokes, 0, sizeof(strokes));
    return 0;
}

/* In mm of the field. */
static bool put(double x, double y, bool begins)
{
    const struct ui_stroke_point point = { (uint16_t)(x * UI_STROKE_RANGE / WIDTH_MM),
                                           (uint16_t)(y * UI_STROKE_RANGE / HEIGHT_MM), begins };
    return strokes_put(&strokes, &point);
}

static void line(double x0, double y0, double x1, double y1)
{
    (void)put(x0, y0, true);
    (void)put(x1, y1, false);
}

static bool is_signature(void)
{
    return strokes_is_signature(&strokes, WIDTH_MM, HEIGHT_MM);
}

static void points_are_parts_of_the_field(void **state)
{
    (void)state;
    const struct ui_rect field = { 100, 50, 200, 100 };
    const struct ui_stroke_point middle = strokes_point(field, 200, 100, true);
    assert_int_equal(middle.x, UI_STROKE_RANGE / 2);
    assert_int_equal(middle.y, UI_STROKE_RANGE / 2);
    assert_true(middle.begins);
    const struct ui_stroke_point beside = strokes_point(field, 0, 500, false);
    assert_int_equal(beside.x, 0);
    assert_int_equal(beside.y, UI_STROKE_RANGE - 1);
}

static void a_way_is_cut_at_the_edges(void **state)
{
    (void)state;
    const struct ui_rect field = { 100, 50, 200, 100 };
    struct strokes_way way = { 0, 100, 400, 100 };
    assert_true(strokes_clip(field, &way));
    assert_int_equal(way.from_x, 100);
    assert_int_equal(way.to_x, 299);
    assert_int_equal(way.to_y, 100);
    way = (struct strokes_way){ 150, 60, 150, 20 };
    assert_true(strokes_clip(field, &way));
    assert_int_equal(way.from_y, 60);
    assert_int_equal(way.to_y, 50);
    way = (struct strokes_way){ 0, 100, 99, 100 };
    assert_false(strokes_clip(field, &way));
    way = (struct strokes_way){ 90, 60, 110, 20 }; /* past the corner */
    assert_false(strokes_clip(field, &way));
    way = (struct strokes_way){ 120, 70, 120, 70 };
    assert_true(strokes_clip(field, &way));
}

static void the_first_point_begins_whatever_it_says(void **state)
{
    (void)state;
    assert_false(put(10, 10, false));
    assert_true(strokes.points[0].begins);
}

static void taking_back_leaves_the_strokes_before(void **state)
{
    (void)state;
    assert_true(strokes_put(&strokes, NULL));
    assert_int_equal(strokes.count, 0);
    line(10, 10, 50, 10);
    line(10, 20, 50, 20);
    (void)put(60, 30, false);
    assert_true(strokes_put(&strokes, NULL));
    assert_int_equal(strokes.count, 2);
    const struct ui_stroke_point none = { 0 };
    for (int i = 2; i < UI_STROKE_POINTS_MAX; i++)
        assert_memory_equal(&strokes.points[i], &none, sizeof(none));
    assert_true(strokes_put(&strokes, NULL));
    assert_int_equal(strokes.count, 0);
}

static void clearing_leaves_no_byte(void **state)
{
    (void)state;
    static const struct ui_strokes nothing;
    line(10, 10, 150, 90);
    strokes_clear(&strokes);
    assert_memory_equal(&strokes, &nothing, sizeof(nothing));
}

static void a_name_and_a_cross_are_signatures(void **state)
{
    (void)state;
    line(20, 20, 32, 32); /* a cross of 12 mm */
    assert_false(is_signature());
    line(32, 20, 20, 32);
    assert_true(is_signature());
    strokes_clear(&strokes);
    line(20, 30, 60, 30); /* two characters of one and two strokes */
    line(80, 30, 110, 30);
    line(95, 30, 95, 60);
    assert_true(is_signature());
}

static void a_dot_a_palm_and_a_sleeve_are_none(void **state)
{
    (void)state;
    assert_false(is_signature());
    (void)put(50, 50, true);
    assert_false(is_signature());
    for (int i = 0; i < 12; i++) /* blots all over the field */
        line(10 + 15 * i, 10 + 7 * i, 11 + 15 * i, 11 + 7 * i);
    assert_false(is_signature());
    strokes_clear(&strokes);
    line(10, 50, 190, 52);
    assert_false(is_signature());
    strokes_clear(&strokes);
    for (int i = 0; i < 100; i++) /* a spot that flickers */
        line(50, 50, 53, 53);
    assert_false(is_signature());
}

/* A curve of very many points: its shape, its ends and other strokes stay. */
static void thinning_keeps_ends_corners_and_strokes(void **state)
{
    (void)state;
    int thinned = 0;
    line(5, 5, 5, 95);
    (void)put(10, 50, true);
    for (int i = 1; i <= 3 * UI_STROKE_POINTS_MAX; i++)
        thinned += put(10 + i * 0.05, 50 + (i == UI_STROKE_POINTS_MAX / 2 ? 40 : 0), false);
    assert_true(thinned > 0 && thinned < 40); /* painting anew is rare */
    assert_true(strokes.count <= UI_STROKE_POINTS_MAX);
    assert_true(strokes.points[0].begins && strokes.points[2].begins);
    assert_false(strokes.points[1].begins);
    int strokes_found = 0, lowest = 0;
    for (int i = 0; i < strokes.count; i++) {
        strokes_found += strokes.points[i].begins;
        if (i >= 2 && strokes.points[i].y > lowest)
            lowest = strokes.points[i].y;
    }
    assert_int_equal(strokes_found, 2);
    assert_int_equal(lowest, (int)(90 * UI_STROKE_RANGE / HEIGHT_MM));
    assert_int_equal(strokes.points[strokes.count - 1].x,
                     (int)((10 + 3 * UI_STROKE_POINTS_MAX * 0.05) * UI_STROKE_RANGE / WIDTH_MM));
}

static void of_very_many_dots_the_newest_stay(void **state)
{
    (void)state;
    for (int i = 0; i < UI_STROKE_POINTS_MAX; i++)
        assert_false(put(50, 50, true));
    assert_true(put(70, 70, true));
    assert_int_equal(strokes.count, UI_STROKE_POINTS_MAX);
    assert_true(strokes.points[strokes.count - 1].x > strokes.points[0].x);
}

/* The end of the stroke before must not grow on to the next when the field is full. */
static void two_long_strokes_stay_two(void **state)
{
    (void)state;
    for (int stroke = 0; stroke < 2; stroke++) {
        for (int i = 0; i < UI_STROKE_POINTS_MAX; i++)
            (void)put(10 + 0.2 * i, 20 + 50 * stroke, i == 0);
    }
    int begun = 0;
    for (int i = 1; i < strokes.count; i++) {
        begun += strokes.points[i].begins;
        assert_true(strokes.points[i].begins || strokes.points[i].y == strokes.points[i - 1].y);
    }
    assert_int_equal(begun, 1);
}

static void the_same_ink_is_the_same(void **state)
{
    (void)state;
    line(10, 10, 50, 10);
    struct ui_strokes other = strokes;
    assert_true(strokes_are_same(&strokes, &other));
    other.points[1].begins = true;
    assert_false(strokes_are_same(&strokes, &other));
    other = strokes;
    other.count--;
    assert_false(strokes_are_same(&strokes, &other));
}

#define STROKES_TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STROKES_TEST(points_are_parts_of_the_field),
        STROKES_TEST(a_way_is_cut_at_the_edges),
        STROKES_TEST(the_first_point_begins_whatever_it_says),
        STROKES_TEST(taking_back_leaves_the_strokes_before),
        STROKES_TEST(clearing_leaves_no_byte),
        STROKES_TEST(a_name_and_a_cross_are_signatures),
        STROKES_TEST(a_dot_a_palm_and_a_sleeve_are_none),
        STROKES_TEST(thinning_keeps_ends_corners_and_strokes),
        STROKES_TEST(of_very_many_dots_the_newest_stay),
        STROKES_TEST(two_long_strokes_stay_two),
        STROKES_TEST(the_same_ink_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
