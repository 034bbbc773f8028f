#include "ui/touch_map.h"

#include "support/unit.h"

#include <math.h>

#define WIDTH_MM 268.0
#define HEIGHT_MM 476.0

static const double CROSSES[4][2] = { { 0.1, 0.1 }, { 0.9, 0.1 }, { 0.9, 0.9 }, { 0.1, 0.9 } };

/* What a controller with these axes reports for the four crosses: raw = panel⁻¹ of the shown. */
static void touch_crosses(const struct touch_map *panel, struct touch_pair pairs[4])
{
    for (int i = 0; i < 4; i++) {
        pairs[i] = (struct touch_pair){ .shown_x = CROSSES[i][0], .shown_y = CROSSES[i][1] };
        touch_map_apply(panel, CROSSES[i][0], CROSSES[i][1], &pairs[i].raw_x, &pairs[i].raw_y);
    }
}

static void assert_corrects(const struct touch_map *panel)
{
    struct touch_pair pairs[4];
    struct touch_map map;
    double worst_mm;
    touch_crosses(panel, pairs);
    assert_int_equal(touch_map_fit(pairs, 4, WIDTH_MM, HEIGHT_MM, &map, &worst_mm), TOUCH_MAP_GOOD);
    assert_true(worst_mm < 1e-6);
    for (int i = 0; i <= 10; i++) {
        double raw_x, raw_y, x, y;
        touch_map_apply(panel, i / 10.0, 1 - i / 10.0, &raw_x, &raw_y);
        touch_map_apply(&map, raw_x, raw_y, &x, &y);
        assert_true(fabs(x - i / 10.0) < 1e-9 && fabs(y - 1 + i / 10.0) < 1e-9);
    }
}

static void any_affine_panel_is_corrected(void **state)
{
    (void)state;
    assert_corrects(&TOUCH_MAP_IDENTITY);
    assert_corrects(&(struct touch_map){ -1, 0, 1, 0, 1, 0 });          /* mirrored */
    assert_corrects(&(struct touch_map){ 0, 1, 0, 1, 0, 0 });           /* swapped */
    assert_corrects(&(struct touch_map){ 0, -0.8, 0.95, 0.7, 0, 0.1 }); /* both, and smaller */
    assert_corrects(&(struct touch_map){ 0.98, 0.02, -0.01, -0.03, 1.01, 0.02 });
}

static enum touch_map_verdict verdict_of(struct touch_pair *pairs, double *worst_mm)
{
    struct touch_map map = { .x0 = 77 };
    const enum touch_map_verdict verdict =
        touch_map_fit(pairs, 4, WIDTH_MM, HEIGHT_MM, &map, worst_mm);
    if (verdict != TOUCH_MAP_GOOD)
        assert_true(map.x0 == 77); /* nothing was written */
    return verdict;
}

static void an_unsteady_hand_is_within_the_limit_and_a_wrong_place_is_not(void **state)
{
    (void)state;
    struct touch_pair pairs[4];
    double worst_mm;
    touch_crosses(&TOUCH_MAP_IDENTITY, pairs);
    pairs[2].raw_x += 4 / WIDTH_MM;
    assert_int_equal(verdict_of(pairs, &worst_mm), TOUCH_MAP_GOOD);
    assert_true(worst_mm > 0.8 && worst_mm < 1.2); /* a quarter of 4 mm is left at each point */
    pairs[2].raw_x += 12 / WIDTH_MM;
    assert_int_equal(verdict_of(pairs, &worst_mm), TOUCH_MAP_FAR);
}

static void crosses_touched_in_the_wrong_order_are_refused(void **state)
{
    (void)state;
    struct touch_pair pairs[4];
    double worst_mm;
    touch_crosses(&TOUCH_MAP_IDENTITY, pairs);
    const struct touch_pair first = pairs[0];
    pairs[0].raw_x = pairs[1].raw_x;
    pairs[1].raw_x = first.raw_x;
    assert_int_not_equal(verdict_of(pairs, &worst_mm), TOUCH_MAP_GOOD);
}

static void points_on_a_line_or_in_one_place_are_refused(void **state)
{
    (void)state;
    struct touch_pair pairs[4];
    double worst_mm;
    touch_crosses(&(struct touch_map){ 1, 0, 0, 1, 0, 0 }, pairs);
    assert_int_equal(verdict_of(pairs, &worst_mm), TOUCH_MAP_DEGENERATE);
    touch_crosses(&(struct touch_map){ 0, 0, 0.5, 0, 0, 0.5 }, pairs);
    assert_int_equal(verdict_of(pairs, &worst_mm), TOUCH_MAP_DEGENERATE);
    touch_crosses(&(struct touch_map){ 0.01, 0, 0.5, 0, 0.01, 0.5 }, pairs);
    assert_int_equal(verdict_of(pairs, &worst_mm), TOUCH_MAP_DEGENERATE); /* a hundred times */
}

static void what_is_not_a_number_is_refused(void **state)
{
    (void)state;
    struct touch_pair pairs[4];
    double worst_mm;
    touch_crosses(&TOUCH_MAP_IDENTITY, pairs);
    pairs[1].raw_y = (double)NAN;
    assert_int_not_equal(verdict_of(pairs, &worst_mm), TOUCH_MAP_GOOD);
    assert_false(touch_map_is_sane(&(struct touch_map){ (double)NAN, 0, 0, 0, 1, 0 }));
    assert_false(touch_map_is_sane(&(struct touch_map){ 1, 0, (double)INFINITY, 0, 1, 0 }));
    assert_false(touch_map_is_sane(&(struct touch_map){ 1, 0, 0, 1, 0, 0 }));
    assert_false(touch_map_is_sane(&(struct touch_map){ 0 }));
    assert_true(touch_map_is_sane(&TOUCH_MAP_IDENTITY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_affine_panel_is_corrected),
        cmocka_unit_test(an_unsteady_hand_is_within_the_limit_and_a_wrong_place_is_not),
        cmocka_unit_test(crosses_touched_in_the_wrong_order_are_refused),
        cmocka_unit_test(points_on_a_line_or_in_one_place_are_refused),
        cmocka_unit_test(what_is_not_a_number_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
