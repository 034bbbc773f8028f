/* Real SDL events through the window: what only a deliberate touch or key may cause. */
#include "ui/window.h"

#include "support/unit.h"

#include <SDL.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ui/focus.h"
#include "ui/strokes.h"
#include "ui/theme.h"
#include "ui/touch.h"

#define WIDTH 320
#define HEIGHT 240

static struct ui_window *window;
static struct ui_tree tree;
static struct clock_fake clock_fake;

static char tapped[256]; /* the ids tapped, each with a blank behind it */
static char focused[UI_ID_SIZE];
static int activity, fingers;
static enum ui_key last_key;
static struct ui_strokes written; /* as whoever keeps a signature has it */
static bool shows_at_once;        /* and shows it again after each point, as the loop does */

static void on_tap(void *context, const struct ui_node *node)
{
    (void)context;
    strcat(strcat(tapped, node->id), " ");
}

static void on_activity(void *context)
{
    (void)context;
    activity++;
}

static void on_focus(void *context, const struct ui_node *node)
{
    (void)context;
    strcpy(focused, node ? node->id : "");
}

static void on_key(void *context, enum ui_key key)
{
    (void)context;
    last_key = key;
}

static void on_stroke(void *context, const struct ui_stroke_point *point)
{
    (void)context;
    (void)strokes_put(&written, point);
    if (!shows_at_once)
        return;
    tree.strokes = written;
    ui_window_show(window, &tree);
}

static void on_finger(void *context, const struct ui_finger *finger)
{
    (void)context;
    (void)finger;
    fingers++;
}

static void add(const char *id, int x, int y, int intent)
{
    struct ui_node *node =
        ui_tree_add(&tree, UI_ROLE_BUTTON, (struct ui_rect){ x, y, 80, 80 }, SURFACE_BUTTON);
    ui_tree_name(&tree, node, "%s", id);
    node->intent = intent;
}

static void show_screen(uint32_t screen)
{
    ui_tree_reset(&tree);
    ui_tree_add(&tree, UI_ROLE_BOX, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, SURFACE_PAGE);
    add("left", 20, 20, 1);
    add("right", 220, 20, 2);
    add("key.7", 20, 140, 3);
    add("key.erase", 120, 140, 4);
    add("footer.back", 220, 140, 5);
    tree.screen = screen;
    ui_window_show(window, &tree);
}

static int set_up(void **state)
{
    (void)state;
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    clock_fake_init(&clock_fake, 0);
    clock_fake_advance(&clock_fake, 100000);
    const struct ui_window_config config = { .title = "test",
                                             .font_directory = "/usr/share/fonts/opentype/noto",
                                             .width_px = WIDTH,
                                             .height_px = HEIGHT,
                                             .width_mm = 160,
                                             .clock = &clock_fake.clock };
    if (ui_window_open(&config, &window) != STATUS_OK)
        return -1;
    const struct ui_listener listener = { .on_tap = on_tap,
                                          .on_activity = on_activity,
                                          .on_focus = on_focus,
                                          .on_key = on_key,
                                          .on_stroke = on_stroke,
                                          .on_finger = on_finger };
    ui_window_set_listener(window, &listener);
    show_screen(1);
    clock_fake_advance(&clock_fake, 1000);
    tapped[0] = focused[0] = '\0';
    activity = fingers = 0;
    last_key = UI_KEY_NONE;
    strokes_clear(&written);
    shows_at_once = false;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ui_window_close(window);
    return 0;
}

/* The loop of a program that shows the same screen again after each answer. */
static void settle(void)
{
    SDL_PumpEvents();
    do
        ui_window_wait(window, 0);
    while (SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT));
}

static void pass_time(int64_t ms)
{
    clock_fake_advance(&clock_fake, ms);
    ui_window_wait(window, 0);
}

static void push_finger(uint32_t type, int64_t finger, float x, float y)
{
    SDL_Event event = {
        .tfinger = { .type = type, .touchId = 1, .fingerId = finger, .x = x, .y = y, .pressure = 1 }
    };
    assert_int_equal(SDL_PushEvent(&event), 1);
}

/* x, y: pixels of the panel. */
static void finger(uint32_t type, int64_t number, int x, int y)
{
    push_finger(type, number, ((float)x + 0.5F) / WIDTH, ((float)y + 0.5F) / HEIGHT);
    settle();
}

static void down(int64_t number, int x, int y)
{
    finger(SDL_FINGERDOWN, number, x, y);
}

static void move(int64_t number, int x, int y)
{
    finger(SDL_FINGERMOTION, number, x, y);
}

static void up(int64_t number, int x, int y)
{
    finger(SDL_FINGERUP, number, x, y);
}

static void tap(int64_t number, int x, int y)
{
    down(number, x, y);
    pass_time(80);
    up(number, x, y);
    pass_time(120);
}

static uint32_t hash_of_panel(void)
{
    char path[] = "/tmp/guichet-input-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(ui_window_save_png(window, path), STATUS_OK);
    uint32_t hash = 2166136261U;
    uint8_t byte;
    while (read(fd, &byte, 1) == 1)
        hash = (hash ^ byte) * 16777619U;
    close(fd);
    unlink(path);
    return hash;
}

static void assert_next_finger_works(void)
{
    tapped[0] = '\0';
    pass_time(100);
    tap(99, 260, 60);
    assert_string_equal(tapped, "right ");
}

static void a_tap_is_drawn_and_counts(void **state)
{
    (void)state;
    const uint32_t resting = hash_of_panel();
    down(1, 60, 60);
    assert_int_not_equal(hash_of_panel(), resting);
    up(1, 60, 60);
    assert_int_equal(hash_of_panel(), resting);
    assert_string_equal(tapped, "left ");
    assert_int_equal(activity, 1);
}

static void a_second_finger_is_ignored(void **state)
{
    (void)state;
    down(1, 60, 60);
    pass_time(200);
    down(2, 260, 60);
    up(2, 260, 60);
    up(1, 60, 60);
    assert_string_equal(tapped, "left ");
}

static void two_fingers_at_once_press_nothing(void **state)
{
    (void)state;
    const uint32_t resting = hash_of_panel();
    down(1, 60, 60);
    down(2, 260, 60);
    assert_int_equal(hash_of_panel(), resting);
    pass_time(100);
    up(1, 60, 60);
    up(2, 260, 60);
    assert_string_equal(tapped, "");
    assert_next_finger_works();
}

static void a_palm_presses_nothing_until_it_is_lifted(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        down(i, 40 + 10 * i, 60);
        pass_time(100);
    }
    up(0, 40, 60);
    up(1, 50, 60);
    tap(5, 260, 60);
    up(2, 60, 60);
    assert_string_equal(tapped, "");
    assert_next_finger_works();
}

static void swipes_press_nothing_but_coming_back_is_a_tap(void **state)
{
    (void)state;
    const uint32_t resting = hash_of_panel();
    down(1, 60, 60);
    move(1, 160, 60);
    assert_int_equal(hash_of_panel(), resting);
    move(1, 260, 60);
    up(1, 260, 60);
    assert_string_equal(tapped, "");
    down(2, 60, 60);
    move(2, 260, 60);
    move(2, 60, 60);
    up(2, 60, 60);
    assert_string_equal(tapped, "left ");
}

static void a_stuck_finger_is_drawn_unpressed_and_the_others_work(void **state)
{
    (void)state;
    const uint32_t resting = hash_of_panel();
    down(1, 60, 60);
    assert_int_not_equal(hash_of_panel(), resting);
    pass_time(TOUCH_STUCK_MS);
    assert_int_equal(hash_of_panel(), resting);
    assert_next_finger_works();
    const int before = activity;
    for (int i = 0; i < 100; i++) {
        pass_time(300);
        down(1, 60 + i % 2, 60);
        move(1, 60, 60);
    }
    assert_int_equal(activity, before);
    assert_next_finger_works();
    up(1, 60, 60);
    assert_string_equal(tapped, "right ");
}

static void a_finger_whose_end_never_comes_is_abandoned(void **state)
{
    (void)state;
    down(0, 60, 60);
    SDL_Event gone = { .cdevice = { .type = SDL_CONTROLLERDEVICEREMOVED, .which = 1 } };
    assert_int_equal(SDL_PushEvent(&gone), 1);
    settle();
    pass_time(TOUCH_STUCK_MS);
    assert_next_finger_works();
}

static void what_is_beside_the_panel_or_no_number_is_nothing(void **state)
{
    (void)state;
    const float odd[][2] = { { NAN, 0.25F },       { 0.2F, NAN },   { INFINITY, 0.2F },
                             { -INFINITY, 0.25F }, { -0.1F, 0.2F }, { 1.5F, 0.2F },
                             { 0.2F, 3e38F },      { 0.2F, -3e38F } };
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        push_finger(SDL_FINGERDOWN, 1, odd[i][0], odd[i][1]);
        push_finger(SDL_FINGERMOTION, 1, odd[i][0], odd[i][1]);
        push_finger(SDL_FINGERUP, 1, odd[i][0], odd[i][1]);
        settle();
    }
    assert_int_equal(activity, 0);
    assert_int_equal(fingers, 0);
    down(2, 60, 60);
    push_finger(SDL_FINGERUP, 2, NAN, NAN); /* slid off */
    settle();
    assert_string_equal(tapped, "");
    assert_next_finger_works();
}

static void a_double_tap_does_not_press_the_next_screen(void **state)
{
    (void)state;
    down(1, 60, 60);
    up(1, 60, 60);
    show_screen(2);
    pass_time(100);
    tap(2, 60, 60);
    assert_string_equal(tapped, "left ");
    pass_time(TOUCH_NEW_SCREEN_MS);
    tap(3, 60, 60);
    assert_string_equal(tapped, "left left ");
}

/* Both taps came while the loop was busy: the second is judged by the screen that answers. */
static void taps_that_waited_together_are_judged_one_by_one(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        push_finger(SDL_FINGERDOWN, i, 60.0F / WIDTH, 60.0F / HEIGHT);
        push_finger(SDL_FINGERUP, i, 60.0F / WIDTH, 60.0F / HEIGHT);
    }
    ui_window_wait(window, 0);
    assert_string_equal(tapped, "left ");
    show_screen(2);
    settle();
    assert_string_equal(tapped, "left ");
}

static void a_touch_on_nothing_is_a_sign_of_life(void **state)
{
    (void)state;
    tap(1, 160, 5);
    assert_int_equal(activity, 1);
    assert_string_equal(tapped, "");
}

static void a_correction_moves_fingers_but_not_the_mouse(void **state)
{
    (void)state;
    const struct touch_map swapped = { 0, 1, 0, 1, 0, 0 };
    ui_window_set_touch_map(window, &swapped);
    push_finger(SDL_FINGERDOWN, 1, 60.0F / HEIGHT, 260.0F / WIDTH);
    push_finger(SDL_FINGERUP, 1, 60.0F / HEIGHT, 260.0F / WIDTH);
    settle();
    assert_string_equal(tapped, "right ");
    SDL_Event mouse = {
        .button = { .type = SDL_MOUSEBUTTONDOWN, .button = SDL_BUTTON_LEFT, .x = 60, .y = 60 }
    };
    SDL_PushEvent(&mouse);
    mouse.button.type = SDL_MOUSEBUTTONUP;
    SDL_PushEvent(&mouse);
    settle();
    assert_string_equal(tapped, "right left ");
}

static void key(SDL_Keycode symbol, uint8_t repeat)
{
    SDL_Event event = { .key = { .type = SDL_KEYDOWN,
                                 .state = SDL_PRESSED,
                                 .repeat = repeat,
                                 .keysym = { .sym = symbol } } };
    assert_int_equal(SDL_PushEvent(&event), 1);
    settle();
}

static void type(SDL_Keycode symbol)
{
    pass_time(100);
    key(symbol, 0);
}

static void everything_can_be_chosen_by_keys(void **state)
{
    (void)state;
    const uint32_t resting = hash_of_panel();
    type(SDLK_TAB);
    assert_string_equal(focused, "left");
    assert_int_not_equal(hash_of_panel(), resting);
    type(SDLK_RIGHT);
    assert_string_equal(focused, "right");
    type(SDLK_RETURN);
    type(SDLK_KP_7);
    type(SDLK_BACKSPACE);
    type(SDLK_KP_MINUS);
    type(SDLK_5); /* no such key on this page */
    assert_string_equal(tapped, "right key.7 key.erase footer.back ");
    assert_int_equal(activity, 7);
    type(SDLK_KP_DIVIDE);
    assert_int_equal(last_key, UI_KEY_SPEECH);
    type(SDLK_KP_MULTIPLY);
    assert_int_equal(last_key, UI_KEY_REPEAT);
}

static void select_before_any_focus_only_shows_where_it_is(void **state)
{
    (void)state;
    type(SDLK_SPACE);
    assert_string_equal(tapped, "");
    assert_string_equal(focused, "left");
    show_screen(2);
    type(SDLK_SPACE);
    assert_string_equal(tapped, "");
}

static void a_touch_takes_the_focus_away(void **state)
{
    (void)state;
    const uint32_t resting = hash_of_panel();
    type(SDLK_TAB);
    pass_time(100);
    tap(1, 160, 5);
    assert_string_equal(focused, "");
    assert_int_equal(hash_of_panel(), resting);
}

static void the_ring_follows_a_redraw_and_leaves_nothing_behind(void **state)
{
    (void)state;
    type(SDLK_TAB);
    type(SDLK_TAB);
    const uint32_t ring_right = hash_of_panel();
    show_screen(1);
    assert_int_equal(hash_of_panel(), ring_right);
    type(SDLK_LEFT);
    type(SDLK_RIGHT);
    assert_int_equal(hash_of_panel(), ring_right);
}

static void a_key_held_down_or_bouncing_is_one_key(void **state)
{
    (void)state;
    type(SDLK_KP_7);
    for (int i = 0; i < 50; i++) {
        pass_time(30);
        key(SDLK_KP_7, 1);
    }
    assert_string_equal(tapped, "key.7 ");
    type(SDLK_KP_7);
    pass_time(10);
    key(SDLK_KP_7, 0);
    pass_time(10);
    key(SDLK_KP_7, 0);
    assert_string_equal(tapped, "key.7 key.7 ");
    assert_int_equal(activity, 2);
}

#define FIELD ((struct ui_rect){ 40, 40, 200, 100 })

/* A page with a field to write on, a hint in it and a button below it. */
static void show_field(uint32_t screen)
{
    ui_tree_reset(&tree);
    ui_tree_add(&tree, UI_ROLE_BOX, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, SURFACE_PAGE);
    ui_tree_name(&tree, ui_tree_add(&tree, UI_ROLE_SIGNATURE, FIELD, SURFACE_CHOICE), "signature");
    ui_tree_add(&tree, UI_ROLE_TEXT, FIELD, SURFACE_NONE);
    add("done", 20, 150, 6);
    tree.strokes = written;
    tree.screen = screen;
    ui_window_show(window, &tree);
}

static int set_up_field(void **state)
{
    if (set_up(state) != 0)
        return -1;
    show_field(9);
    clock_fake_advance(&clock_fake, 1000);
    return 0;
}

static void assert_point(int index, int x, int y, bool begins)
{
    const struct ui_stroke_point wanted = strokes_point(FIELD, x, y, begins);
    assert_true(index < written.count);
    assert_int_equal(written.points[index].x, wanted.x);
    assert_int_equal(written.points[index].y, wanted.y);
    assert_int_equal(written.points[index].begins, begins);
}

/* What is on the panel is what the page with this ink looks like. */
static void assert_shown_as_written(void)
{
    const uint32_t now = hash_of_panel();
    show_field(10);
    show_screen(11);
    show_field(12); /* from nothing */
    assert_int_equal(hash_of_panel(), now);
}

static void the_finger_writes_until_it_lifts(void **state)
{
    (void)state;
    const uint32_t empty = hash_of_panel();
    down(1, 60, 60);
    const uint32_t dot = hash_of_panel();
    assert_int_not_equal(dot, empty);
    move(1, 100, 60);
    assert_int_not_equal(hash_of_panel(), dot);
    up(1, 100, 90);
    move(1, 120, 90);
    down(2, 60, 100);
    up(2, 60, 100);
    assert_int_equal(written.count, 4);
    assert_point(0, 60, 60, true);
    assert_point(1, 100, 60, false);
    assert_point(2, 100, 90, false);
    assert_point(3, 60, 100, true);
    assert_int_equal(activity, 2);
    assert_string_equal(tapped, "");
    assert_shown_as_written();
}

static void the_mouse_writes_too(void **state)
{
    (void)state;
    SDL_Event event = {
        .button = { .type = SDL_MOUSEBUTTONDOWN, .button = SDL_BUTTON_LEFT, .x = 60, .y = 60 }
    };
    SDL_PushEvent(&event);
    SDL_Event motion = { .motion = { .type = SDL_MOUSEMOTION, .x = 90, .y = 70 } };
    SDL_PushEvent(&motion);
    event.button.type = SDL_MOUSEBUTTONUP;
    event.button.x = 90;
    event.button.y = 70;
    SDL_PushEvent(&event);
    motion.motion.x = 120;
    SDL_PushEvent(&motion);
    settle();
    assert_int_equal(written.count, 2);
    assert_point(1, 90, 70, false);
}

static void showing_what_was_written_changes_nothing(void **state)
{
    (void)state;
    shows_at_once = true;
    down(1, 60, 60);
    for (int i = 1; i <= 20; i++)
        move(1, 60 + 6 * i, 60 + i % 3 * 20);
    up(1, 180, 60);
    assert_int_equal(written.count, 22);
    assert_shown_as_written();
}

static void a_trembling_finger_is_a_dot(void **state)
{
    (void)state;
    down(1, 60, 60);
    for (int i = 0; i < 50; i++)
        move(1, 60 + i % 2, 60);
    up(1, 60, 60);
    assert_int_equal(written.count, 1);
}

static void ink_ends_at_the_edge_and_comes_back_there(void **state)
{
    (void)state;
    down(1, 60, 60);
    move(1, 20, 60);
    move(1, 20, 130); /* beside the field, over the edge of nothing */
    move(1, 60, 130);
    up(1, 60, 130);
    assert_int_equal(written.count, 4);
    assert_point(1, 40, 60, false);
    assert_point(2, 40, 130, true);
    assert_point(3, 60, 130, false);
    assert_shown_as_written();
}

static void a_way_across_the_field_from_beside_the_panel_has_no_line(void **state)
{
    (void)state;
    down(1, 60, 60);
    push_finger(SDL_FINGERMOTION, 1, NAN, NAN);
    settle();
    move(1, 200, 100);
    up(1, 200, 100);
    assert_int_equal(written.count, 2);
    assert_point(1, 200, 100, true);
}

static void what_began_elsewhere_writes_nothing_and_what_began_here_presses_nothing(void **state)
{
    (void)state;
    down(1, 10, 10);
    move(1, 60, 60);
    up(1, 100, 60);
    assert_int_equal(written.count, 0);
    down(2, 60, 120);
    move(2, 60, 180);
    up(2, 60, 180);
    assert_string_equal(tapped, "");
    assert_int_equal(written.count, 2);
    tap(3, 60, 180);
    assert_string_equal(tapped, "done ");
}

static void a_second_finger_neither_writes_nor_stops_the_first(void **state)
{
    (void)state;
    down(1, 60, 60);
    pass_time(200);
    down(2, 200, 60);
    move(2, 200, 100);
    move(1, 100, 60);
    up(2, 200, 100);
    up(1, 120, 60);
    assert_int_equal(written.count, 3);
    assert_point(2, 120, 60, false);
}

static void a_palm_takes_back_the_stroke_it_began(void **state)
{
    (void)state;
    down(1, 60, 60);
    up(1, 100, 60);
    pass_time(200);
    const uint32_t before = hash_of_panel();
    down(1, 60, 90);
    move(1, 80, 90);
    down(2, 90, 90); /* at once */
    move(1, 120, 90);
    assert_int_equal(hash_of_panel(), before);
    assert_int_equal(written.count, 2);
    up(1, 120, 90);
    up(2, 90, 90);
    pass_time(200);
    down(3, 60, 90);
    up(3, 60, 90);
    assert_int_equal(written.count, 3);
    assert_shown_as_written();
}

static void slow_writing_is_not_stuck_but_a_finger_left_there_is(void **state)
{
    (void)state;
    down(1, 60, 60);
    for (int i = 1; i <= 10; i++) {
        pass_time(TOUCH_STUCK_MS / 2);
        move(1, 60 + 8 * i, 60);
    }
    assert_int_equal(written.count, 11);
    pass_time(TOUCH_STUCK_MS);
    move(1, 60, 100);
    up(1, 60, 100);
    assert_int_equal(written.count, 11);
    down(2, 200, 100);
    assert_int_equal(written.count, 12);
}

/* Small writing begins again and again in one place, which is what a broken panel does. */
static void many_short_strokes_in_one_place_are_believed(void **state)
{
    (void)state;
    for (int i = 0; i < 3 * TOUCH_REPEATS_MAX; i++) {
        down(1, 100, 60 + i % 2);
        pass_time(60);
        move(1, 106, 66);
        up(1, 106, 66);
        pass_time(60);
    }
    assert_int_equal(written.count, 6 * TOUCH_REPEATS_MAX);
}

static void another_screen_lifts_the_finger(void **state)
{
    (void)state;
    down(1, 60, 60);
    show_field(10);
    move(1, 100, 60);
    up(1, 100, 60);
    assert_int_equal(written.count, 1);
    down(2, 60, 60); /* too soon */
    up(2, 60, 60);
    assert_int_equal(written.count, 1);
}

static void what_lies_over_the_field_is_not_written_on(void **state)
{
    (void)state;
    ui_tree_add(&tree, UI_ROLE_BOX, (struct ui_rect){ 0, 0, WIDTH, HEIGHT }, SURFACE_SCRIM);
    ui_window_show(window, &tree);
    down(1, 60, 60);
    up(1, 100, 60);
    assert_int_equal(written.count, 0);
}

static void a_field_that_was_cleared_is_empty_at_once(void **state)
{
    (void)state;
    const uint32_t empty = hash_of_panel();
    down(1, 60, 60);
    move(1, 100, 100);
    strokes_clear(&written);
    show_field(9);
    assert_int_equal(hash_of_panel(), empty);
    move(1, 150, 100); /* the finger is still there */
    assert_int_equal(written.count, 1);
    assert_true(written.points[0].begins);
    assert_shown_as_written();
}

/* Far more points than there is room for: both keep the same, and the panel shows it. */
static void a_very_long_signature_keeps_its_end(void **state)
{
    (void)state;
    down(1, 50, 60);
    for (int i = 1; i <= 2 * UI_STROKE_POINTS_MAX; i++)
        move(1, 50 + i * 3 % 180, 50 + i % 7 * 10);
    up(1, 230, 130);
    assert_true(written.count <= UI_STROKE_POINTS_MAX);
    assert_point(written.count - 1, 230, 130, false);
    assert_point(0, 50, 60, true);
    assert_shown_as_written();
}

#define FIELD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up_field, tear_down)
#define INPUT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        INPUT_TEST(a_tap_is_drawn_and_counts),
        INPUT_TEST(a_second_finger_is_ignored),
        INPUT_TEST(two_fingers_at_once_press_nothing),
        INPUT_TEST(a_palm_presses_nothing_until_it_is_lifted),
        INPUT_TEST(swipes_press_nothing_but_coming_back_is_a_tap),
        INPUT_TEST(a_stuck_finger_is_drawn_unpressed_and_the_others_work),
        INPUT_TEST(a_finger_whose_end_never_comes_is_abandoned),
        INPUT_TEST(what_is_beside_the_panel_or_no_number_is_nothing),
        INPUT_TEST(a_double_tap_does_not_press_the_next_screen),
        INPUT_TEST(taps_that_waited_together_are_judged_one_by_one),
        INPUT_TEST(a_touch_on_nothing_is_a_sign_of_life),
        INPUT_TEST(a_correction_moves_fingers_but_not_the_mouse),
        INPUT_TEST(everything_can_be_chosen_by_keys),
        INPUT_TEST(select_before_any_focus_only_shows_where_it_is),
        INPUT_TEST(a_touch_takes_the_focus_away),
        INPUT_TEST(the_ring_follows_a_redraw_and_leaves_nothing_behind),
        INPUT_TEST(a_key_held_down_or_bouncing_is_one_key),
        FIELD_TEST(the_finger_writes_until_it_lifts),
        FIELD_TEST(the_mouse_writes_too),
        FIELD_TEST(showing_what_was_written_changes_nothing),
        FIELD_TEST(a_trembling_finger_is_a_dot),
        FIELD_TEST(ink_ends_at_the_edge_and_comes_back_there),
        FIELD_TEST(a_way_across_the_field_from_beside_the_panel_has_no_line),
        FIELD_TEST(what_began_elsewhere_writes_nothing_and_what_began_here_presses_nothing),
        FIELD_TEST(a_second_finger_neither_writes_nor_stops_the_first),
        FIELD_TEST(a_palm_takes_back_the_stroke_it_began),
        FIELD_TEST(slow_writing_is_not_stuck_but_a_finger_left_there_is),
        FIELD_TEST(many_short_strokes_in_one_place_are_believed),
        FIELD_TEST(another_screen_lifts_the_finger),
        FIELD_TEST(what_lies_over_the_field_is_not_written_on),
        FIELD_TEST(a_field_that_was_cleared_is_empty_at_once),
        FIELD_TEST(a_very_long_signature_keeps_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
