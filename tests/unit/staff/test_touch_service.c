/*
 * "guichet --service touch" on the program's own loop and window: SDL finger events of a panel
 * whose axes are swapped, mirrored, shrunk and shifted; then taps land where they are meant.
 */
#include "app/service.h"

#include "support/unit.h"

#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panel.h"
#include "staff/touch_test.h"

#define WIDTH 540
#define HEIGHT 960
#define WIDTH_MM 268

static struct app app;
static struct clock_fake now;
static char tapped[UI_ID_SIZE];

static int set_up(void **state)
{
    (void)state;
    clock_fake_init(&now, 0);
    clock_fake_advance(&now, 50000);
    app = (struct app){ .clock = &now.clock, .panel = { WIDTH, HEIGHT, WIDTH_MM }, .dirty = true };
    queue_init(&app.queue, NULL, NULL);
    strcpy(app.settings.data_dir, "/tmp/guichet-service-XXXXXX");
    if (!mkdtemp(app.settings.data_dir))
        return -1;
    const struct ui_window_config config = { .title = "test",
                                             .font_directory = "/usr/share/fonts/opentype/noto",
                                             .width_px = WIDTH,
                                             .height_px = HEIGHT,
                                             .width_mm = WIDTH_MM,
                                             .clock = &now.clock };
    return ui_window_open(&config, &app.window) == STATUS_OK ? 0 : -1;
}

static void file_of(char out[300])
{
    snprintf(out, 300, "%s/touch.cal", app.settings.data_dir);
}

static int tear_down(void **state)
{
    (void)state;
    char path[300];
    file_of(path);
    unlink(path);
    ui_window_close(app.window);
    queue_deinit(&app.queue);
    return rmdir(app.settings.data_dir);
}

static void push_finger(uint32_t type, struct panel_report report)
{
    SDL_Event event = { .tfinger = { .type = type,
                                     .touchId = 1,
                                     .fingerId = 1,
                                     .x = (float)report.raw_x,
                                     .y = (float)report.raw_y } };
    assert_int_equal(SDL_PushEvent(&event), 1);
}

static void touch(double x, double y)
{
    const struct panel_report report = panel_touch(&PANEL_SWAPPED, x, y);
    push_finger(SDL_FINGERDOWN, report);
    push_finger(SDL_FINGERMOTION, report);
    push_finger(SDL_FINGERUP, report);
}

static void push_key(SDL_Keycode symbol)
{
    SDL_Event event = {
        .key = { .type = SDL_KEYDOWN, .state = SDL_PRESSED, .keysym = { .sym = symbol } }
    };
    assert_int_equal(SDL_PushEvent(&event), 1);
}

/* Where the targets of this panel are: asked of a test that a perfect finger has brought so far. */
static const struct touch_test_view *targets_of_panel(void)
{
    static struct touch_test test;
    const struct touch_test_parts parts = { .clock = &now.clock,
                                            .path = "/nowhere/touch.cal",
                                            .width_px = WIDTH,
                                            .height_px = HEIGHT,
                                            .width_mm = WIDTH_MM };
    touch_test_start(&test, &parts);
    for (int i = 0; i < 5; i++) {
        touch_test_on_finger(&test, TOUCH_TEST_DOWN, 1, PANEL_CROSSES[i][0], PANEL_CROSSES[i][1]);
        touch_test_on_finger(&test, TOUCH_TEST_UP, 1, PANEL_CROSSES[i][0], PANEL_CROSSES[i][1]);
    }
    const struct touch_test_view *view = touch_test_current_view(&test);
    assert_int_equal(view->state, TOUCH_TEST_TARGETS);
    return view;
}

static void calibrate(void)
{
    const struct touch_test_view *view = targets_of_panel();
    for (int i = 0; i < 5; i++)
        touch(PANEL_CROSSES[i][0], PANEL_CROSSES[i][1]);
    for (int i = 0; i < view->target_count; i++)
        touch((view->targets[i].x + view->targets[i].side / 2.0) / WIDTH,
              (view->targets[i].y + view->targets[i].side / 2.0) / HEIGHT);
    push_key(SDLK_ESCAPE);
    service_run_touch(&app);
}

static void on_tap(void *context, const struct ui_node *node)
{
    (void)context;
    strcpy(tapped, node->id);
}

static struct ui_tree tree;

/* A chessboard of targets from edge to edge: 5 × 8, named by column and row. */
static void show_board(void)
{
    ui_tree_reset(&tree);
    for (int i = 0; i < 40; i++) {
        struct ui_node *node = ui_tree_add(
            &tree, UI_ROLE_BUTTON,
            (struct ui_rect){ i % 5 * WIDTH / 5, i / 5 * HEIGHT / 8, WIDTH / 5, HEIGHT / 8 },
            SURFACE_BUTTON);
        ui_tree_name(&tree, node, "%d.%d", i % 5, i / 5);
        node->intent = 1;
    }
    tree.screen = 7;
    ui_window_show(app.window, &tree);
    ui_window_set_listener(app.window, &(struct ui_listener){ .on_tap = on_tap });
}

static int taps_that_land(void)
{
    int landed = 0;
    for (int i = 0; i < 40; i++) {
        char wanted[UI_ID_SIZE];
        snprintf(wanted, sizeof wanted, "%d.%d", i % 5, i / 5);
        clock_fake_advance(&now, 500);
        tapped[0] = '\0';
        touch((i % 5 + 0.5) / 5, (i / 5 + 0.5) / 8);
        ui_window_wait(app.window, 0);
        landed += strcmp(tapped, wanted) == 0;
    }
    return landed;
}

static void a_wrongly_mounted_panel_is_calibrated_and_taps_land(void **state)
{
    (void)state;
    show_board();
    assert_in_range(taps_that_land(), 0, 5);
    calibrate();
    char path[300];
    struct settings_touch saved;
    file_of(path);
    assert_int_equal(settings_touch_load(path, NULL, NULL, &saved), STATUS_OK);
    assert_true(saved.passed);
    ui_window_set_touch_map(app.window, &TOUCH_MAP_IDENTITY); /* as after a restart */
    show_board();
    assert_in_range(taps_that_land(), 0, 5);
    service_apply_touch(&app);
    assert_int_equal(taps_that_land(), 40);
}

static void a_file_nobody_can_use_leaves_the_fingers_alone(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {
        "rubbish\n",
        "[map]\nxx=0\nxy=0\nx0=0\nyx=0\nyy=0\ny0=0\n[test]\ntargets=1\ndead=0\nmisses=0\n"
        "worst_um=0\njitter_um=0\npassed=yes\n",
    };
    char path[300];
    file_of(path);
    show_board();
    for (int i = 0; i < 2; i++) {
        FILE *file = fopen(path, "w");
        fputs(TEXTS[i], file);
        fclose(file);
        service_apply_touch(&app);
        const struct panel_report middle = { 0.5, 0.4375 };
        clock_fake_advance(&now, 500);
        tapped[0] = '\0';
        push_finger(SDL_FINGERDOWN, middle);
        push_finger(SDL_FINGERUP, middle);
        ui_window_wait(app.window, 0);
        assert_string_equal(tapped, "2.3");
    }
}

static void escape_or_a_closed_window_end_it(void **state)
{
    (void)state;
    push_key(SDLK_ESCAPE);
    service_run_touch(&app);
    assert_false(app.quit);
    SDL_Event quit = { .type = SDL_QUIT };
    SDL_PushEvent(&quit);
    service_run_touch(&app);
    assert_true(app.quit);
}

#define SERVICE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(a_wrongly_mounted_panel_is_calibrated_and_taps_land),
        SERVICE_TEST(a_file_nobody_can_use_leaves_the_fingers_alone),
        SERVICE_TEST(escape_or_a_closed_window_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
