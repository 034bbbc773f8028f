/* What may land on a panel, and that only a deliberate touch of one finger presses a button. */
#include "ui/touch.h"

#include "support/unit.h"

#include <string.h>

/* Two buttons, 0..99 and 200..299 across; between and below them is nothing. */
static struct ui_tree tree;
static struct touch touch;
static int64_t now_ms;

static struct ui_node *add_button(const char *id, int x, int intent)
{
    struct ui_node *node =
        ui_tree_add(&tree, UI_ROLE_BUTTON, (struct ui_rect){ x, 0, 100, 100 }, 0);
    ui_tree_name(&tree, node, "%s", id);
    node->intent = intent;
    return node;
}

static void build_screen(uint32_t screen)
{
    ui_tree_reset(&tree);
    add_button("left", 0, 1);
    add_button("right", 200, 2);
    tree.screen = screen;
    touch_show(&touch, &tree, now_ms);
}

static int set_up(void **state)
{
    (void)state;
    touch = (struct touch){ .spot_px = 20 };
    now_ms = 1000;
    build_screen(1);
    now_ms += 1000;
    return 0;
}

static void pass_time(int64_t ms)
{
    now_ms += ms;
    touch_expire(&touch, now_ms);
}

/* Is anything drawn pressed now? */
static bool press(int64_t finger, int x, int y)
{
    touch_begin(&touch, &tree, &(struct touch_point){ finger, x, y, now_ms });
    return touch_pressed(&touch, &tree) != NULL;
}

static bool move(int64_t finger, int x, int y)
{
    touch_move(&touch, &(struct touch_point){ finger, x, y, now_ms });
    return touch_pressed(&touch, &tree) != NULL;
}

/* The intent of what was tapped; 0: nothing. */
static int lift(int64_t finger, int x, int y)
{
    const struct ui_node *node =
        touch_end(&touch, &tree, &(struct touch_point){ finger, x, y, now_ms });
    return node ? node->intent : 0;
}

static void assert_next_finger_works(void)
{
    pass_time(100);
    assert_true(press(99, 250, 50));
    pass_time(80);
    assert_int_equal(lift(99, 250, 50), 2);
}

static void a_touch_counts_where_it_began(void **state)
{
    (void)state;
    assert_true(press(7, 10, 10));
    assert_true(touch.is_activity);
    assert_int_equal(lift(7, 90, 90), 1);
    assert_false(touch_pressed(&touch, &tree));
}

static void a_swipe_over_targets_does_not_count(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    assert_false(move(7, 150, 10));
    assert_false(move(7, 210, 10));
    assert_int_equal(lift(7, 210, 10), 0);
    assert_false(press(7, 150, 10));
    assert_false(move(7, 250, 10));
    assert_int_equal(lift(7, 250, 10), 0);
    assert_next_finger_works();
}

static void a_finger_that_draws_is_not_stuck_and_hides_no_other_that_is(void **state)
{
    (void)state;
    (void)press(7, 150, 10);
    const int64_t began_ms = now_ms;
    pass_time(100);
    (void)press(8, 250, 50);
    for (int i = 0; i < 3; i++) {
        pass_time(TOUCH_STUCK_MS / 4);
        touch_draw(&touch, &(struct touch_point){ 7, 150, 10 + i, now_ms });
        assert_true(touch_has(&touch, 7));
    }
    assert_int_equal(touch_next_deadline_ms(&touch), began_ms + 100 + TOUCH_STUCK_MS);
    pass_time(TOUCH_STUCK_MS / 4);
    assert_false(touch_has(&touch, 8));
    assert_true(touch_has(&touch, 7));
    pass_time(TOUCH_STUCK_MS);
    assert_false(touch_has(&touch, 7));
}

/* Coming back to where it began is how people take back a press and then want it after all. */
static void a_swipe_that_comes_back_counts_once_for_its_own_target(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    assert_false(move(7, 210, 10));
    assert_true(move(7, 20, 10));
    assert_int_equal(lift(7, 20, 10), 1);
    assert_int_equal(lift(7, 20, 10), 0);
}

static void a_second_finger_is_ignored(void **state)
{
    (void)state;
    assert_true(press(7, 10, 10));
    pass_time(200);
    assert_true(press(8, 210, 10)); /* the first is still drawn */
    assert_int_equal(lift(8, 210, 10), 0);
    assert_int_equal(lift(7, 10, 10), 1);
}

static void the_second_of_two_fingers_never_counts_even_when_it_stays_longer(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    pass_time(200);
    (void)press(8, 210, 10);
    assert_int_equal(lift(7, 10, 10), 1);
    assert_false(move(8, 210, 10));
    assert_int_equal(lift(8, 210, 10), 0);
    assert_next_finger_works();
}

static void two_fingers_at_once_press_neither_button(void **state)
{
    (void)state;
    assert_true(press(7, 10, 10));
    now_ms += TOUCH_PALM_MS;
    assert_false(press(8, 210, 10));
    pass_time(200);
    assert_int_equal(lift(7, 10, 10), 0);
    assert_int_equal(lift(8, 210, 10), 0);
    assert_next_finger_works();
}

static void under_a_palm_nothing_counts_until_all_is_lifted(void **state)
{
    (void)state;
    (void)press(1, 10, 10);
    pass_time(100);
    (void)press(2, 30, 30);
    pass_time(100);
    assert_false(press(3, 250, 10));
    assert_int_equal(lift(1, 10, 10), 0);
    assert_int_equal(lift(3, 250, 10), 0);
    pass_time(100);
    assert_false(press(4, 250, 50)); /* 2 still lies there */
    assert_int_equal(lift(4, 250, 50), 0);
    assert_int_equal(lift(2, 30, 30), 0);
    assert_next_finger_works();
}

static void more_fingers_than_anybody_has_do_no_harm(void **state)
{
    (void)state;
    for (int finger = 0; finger < 3 * TOUCH_CONTACTS_MAX; finger++)
        assert_int_equal(press(finger, 30 + finger, 10), finger == 0);
    for (int finger = 0; finger < 3 * TOUCH_CONTACTS_MAX; finger++)
        assert_int_equal(lift(finger, 30 + finger, 10), 0);
    assert_next_finger_works();
}

static void a_stuck_finger_is_abandoned(void **state)
{
    (void)state;
    assert_true(press(7, 10, 10));
    assert_int_equal(touch_next_deadline_ms(&touch), now_ms + TOUCH_STUCK_MS);
    pass_time(TOUCH_STUCK_MS - 1);
    assert_true(touch_pressed(&touch, &tree) != NULL);
    pass_time(1);
    assert_null(touch_pressed(&touch, &tree));
    assert_int_equal(touch_next_deadline_ms(&touch), INT64_MAX);
    assert_false(move(7, 12, 10));
    assert_next_finger_works();
    assert_int_equal(lift(7, 10, 10), 0);
}

static void a_stuck_finger_in_a_palm_does_not_hold_the_others_for_ever(void **state)
{
    (void)state;
    for (int finger = 0; finger < 3; finger++)
        (void)press(finger, 10 + 60 * finger, 10);
    assert_int_equal(lift(1, 70, 10), 0);
    pass_time(TOUCH_STUCK_MS);
    assert_next_finger_works();
}

/* A drop of water: it reports itself again and again, with and without an end. */
static void a_stuck_point_that_reports_itself_anew_is_no_sign_of_life(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    int activity = 0;
    for (int i = 0; i < 600; i++) {
        pass_time(500);
        (void)press(7, 10 + i % 5, 10);
        activity += touch.is_activity;
        assert_int_equal(touch.is_armed && now_ms > 12000, false);
    }
    assert_int_equal(activity, 0);
    assert_next_finger_works();
    (void)press(7, 10, 10);
    assert_false(touch.is_activity);
}

static void a_place_that_flickers_stops_counting_and_stops_being_a_sign_of_life(void **state)
{
    (void)state;
    int taps = 0, activity = 0;
    for (int i = 0; i < 1000; i++) {
        pass_time(200);
        (void)press(1000 + i, 10 + i % 3, 10);
        activity += touch.is_activity;
        pass_time(100);
        taps += lift(1000 + i, 10 + i % 3, 10);
    }
    assert_int_equal(taps, TOUCH_REPEATS_MAX);
    assert_int_equal(activity, TOUCH_REPEATS_MAX);
    assert_next_finger_works();
    pass_time(TOUCH_STUCK_MS); /* dry again */
    assert_true(press(8, 10, 10));
    assert_int_equal(lift(8, 10, 10), 1);
}

static void eleven_equal_digits_can_be_typed(void **state)
{
    (void)state;
    for (int i = 0; i < 11; i++) {
        assert_true(press(7, 10, 10));
        pass_time(60);
        assert_int_equal(lift(7, 10, 10), 1);
        pass_time(120);
    }
}

/* Somebody leant on a button, let go, and wants it now. */
static void a_place_is_believed_again_once_its_finger_was_lifted(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    pass_time(TOUCH_STUCK_MS + 500);
    assert_int_equal(lift(7, 10, 10), 0);
    pass_time(200);
    assert_true(press(8, 10, 10));
    assert_int_equal(lift(8, 10, 10), 1);
}

/* The device left the bus with the finger on it: no end ever comes. The new one counts from 0. */
static void a_finger_whose_device_went_away_is_abandoned_too(void **state)
{
    (void)state;
    (void)press(0, 10, 10);
    pass_time(3000);
    assert_true(press(0, 250, 50)); /* the same number elsewhere is another finger */
    assert_int_equal(lift(0, 250, 50), 2);
    (void)press(1, 250, 50);
    pass_time(TOUCH_STUCK_MS);
    assert_true(press(2, 10, 10));
    assert_int_equal(lift(2, 10, 10), 1);
}

static void a_touch_beside_the_panel_is_nothing(void **state)
{
    (void)state;
    assert_false(press(7, TOUCH_OUTSIDE, TOUCH_OUTSIDE));
    assert_false(touch.is_activity);
    assert_int_equal(touch.contact_count, 0);
    assert_false(move(7, 10, 10));
    assert_int_equal(lift(7, 10, 10), 0);
    (void)press(8, 10, 10);
    assert_false(move(8, TOUCH_OUTSIDE, TOUCH_OUTSIDE));
    assert_int_equal(lift(8, TOUCH_OUTSIDE, TOUCH_OUTSIDE), 0);
    assert_next_finger_works();
}

static void a_touch_on_no_target_is_a_sign_of_life(void **state)
{
    (void)state;
    assert_false(press(7, 150, 400));
    assert_true(touch.is_activity);
    assert_int_equal(lift(7, 150, 400), 0);
}

static void the_second_tap_of_a_double_tap_does_not_press_the_next_screen(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    assert_int_equal(lift(7, 10, 10), 1);
    build_screen(2);
    now_ms += TOUCH_NEW_SCREEN_MS - 1;
    assert_false(press(8, 10, 10));
    assert_true(touch.is_activity);
    now_ms += 100;
    assert_int_equal(lift(8, 10, 10), 0);
    assert_true(press(9, 10, 10));
    assert_int_equal(lift(9, 10, 10), 1);
}

static void a_redraw_is_not_a_new_screen(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    build_screen(1);
    assert_int_equal(lift(7, 10, 10), 1);
    assert_true(press(8, 10, 10));
    assert_int_equal(lift(8, 10, 10), 1);
}

/* Both pages have the same button in the same place: it was the other page's that was meant. */
static void a_finger_that_lies_there_while_the_screen_changes_does_not_count(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    pass_time(500);
    build_screen(2);
    assert_null(touch_pressed(&touch, &tree));
    pass_time(1000);
    assert_int_equal(lift(7, 10, 10), 0);
}

static void a_target_replaced_under_the_finger_does_not_count(void **state)
{
    (void)state;
    (void)press(7, 10, 10);
    ui_tree_reset(&tree);
    tree.screen = 1;
    add_button("another", 0, 9);
    assert_int_equal(lift(7, 10, 10), 0);
}

#define TOUCH_TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOUCH_TEST(a_touch_counts_where_it_began),
        TOUCH_TEST(a_finger_that_draws_is_not_stuck_and_hides_no_other_that_is),
        TOUCH_TEST(a_swipe_over_targets_does_not_count),
        TOUCH_TEST(a_swipe_that_comes_back_counts_once_for_its_own_target),
        TOUCH_TEST(a_second_finger_is_ignored),
        TOUCH_TEST(the_second_of_two_fingers_never_counts_even_when_it_stays_longer),
        TOUCH_TEST(two_fingers_at_once_press_neither_button),
        TOUCH_TEST(under_a_palm_nothing_counts_until_all_is_lifted),
        TOUCH_TEST(more_fingers_than_anybody_has_do_no_harm),
        TOUCH_TEST(a_stuck_finger_is_abandoned),
        TOUCH_TEST(a_stuck_finger_in_a_palm_does_not_hold_the_others_for_ever),
        TOUCH_TEST(a_stuck_point_that_reports_itself_anew_is_no_sign_of_life),
        TOUCH_TEST(a_place_that_flickers_stops_counting_and_stops_being_a_sign_of_life),
        TOUCH_TEST(eleven_equal_digits_can_be_typed),
        TOUCH_TEST(a_place_is_believed_again_once_its_finger_was_lifted),
        TOUCH_TEST(a_finger_whose_device_went_away_is_abandoned_too),
        TOUCH_TEST(a_touch_beside_the_panel_is_nothing),
        TOUCH_TEST(a_touch_on_no_target_is_a_sign_of_life),
        TOUCH_TEST(the_second_tap_of_a_double_tap_does_not_press_the_next_screen),
        TOUCH_TEST(a_redraw_is_not_a_new_screen),
        TOUCH_TEST(a_finger_that_lies_there_while_the_screen_changes_does_not_count),
        TOUCH_TEST(a_target_replaced_under_the_finger_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
