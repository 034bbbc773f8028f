/* Real SDL events through the window: what only a deliberate touch or key may cause. */
#include "ui/window.h"

#include "support/unit.h"

#include <SDL.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ui/focus.h"
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
                                          .on_finger = on_finger };
    ui_window_set_listener(window, &listener);
    show_screen(1);
    clock_fake_advance(&clock_fake, 1000);
    tapped[0] = focused[0] = '\0';
    activity = fingers = 0;
    last_key = UI_KEY_NONE;
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
    push_finger(type, number, (float)x / WIDTH, (float)y / HEIGHT);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
