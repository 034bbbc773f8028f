#include "app/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "scenes/scene_touch_test.h"
#include "settings/settings_touch.h"
#include "staff/touch_test.h"

#define PATH_SIZE (SETTINGS_PATH_SIZE + 32)

struct touch_service {
    struct app *app;
    struct touch_test test;
};

static void path_of(const struct app *app, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%s/" SETTINGS_TOUCH_FILE, app->settings.data_dir);
}

static void log_error_of_file(void *context, const char *file, int line, const char *text)
{
    (void)context;
    log_error("app", "touch_cal_refused", "%s:%d: %s", file, line, text);
}

void service_apply_touch(struct app *app)
{
    char path[PATH_SIZE];
    struct settings_touch saved;
    path_of(app, path);
    if (settings_touch_load(path, log_error_of_file, NULL, &saved) != STATUS_OK)
        return;
    const struct touch_map map = touch_test_map_of(&saved);
    if (!touch_map_is_sane(&map)) {
        log_error("app", "touch_cal_refused", "%s: no panel needs such a correction", path);
        return;
    }
    ui_window_set_touch_map(app->window, &map);
    log_info("app", "touch_cal", "fingers are corrected; the panel's test %s",
             saved.passed ? "passed" : "failed");
}

static void on_change(void *context)
{
    struct touch_service *service = context;
    ui_window_set_touch_map(service->app->window, touch_test_map(&service->test));
    service->app->dirty = true;
}

static void on_finger(void *context, const struct ui_finger *finger)
{
    static const enum touch_test_finger WHAT[] = { [UI_FINGER_DOWN] = TOUCH_TEST_DOWN,
                                                   [UI_FINGER_MOVE] = TOUCH_TEST_MOVE,
                                                   [UI_FINGER_UP] = TOUCH_TEST_UP };
    struct touch_service *service = context;
    touch_test_on_finger(&service->test, WHAT[finger->phase], finger->finger, finger->raw_x,
                         finger->raw_y);
}

static void on_tap(void *context, const struct ui_node *node)
{
    struct touch_service *service = context;
    touch_test_on_intent(&service->test, (enum touch_test_intent)node->intent);
}

static void on_key(void *context, enum ui_key key)
{
    struct touch_service *service = context;
    if (key == UI_KEY_BACK)
        touch_test_quit(&service->test);
}

static void on_quit(void *context)
{
    ((struct touch_service *)context)->app->quit = true;
}

int service_language(void)
{
    const char *name = getenv("LANG");
    return name && strncmp(name, "en", 2) == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
}

static void start(struct touch_service *service, const char *path)
{
    struct app *app = service->app;
    const struct ui_listener listener = { .context = service,
                                          .on_tap = on_tap,
                                          .on_quit = on_quit,
                                          .on_key = on_key,
                                          .on_finger = on_finger };
    const struct touch_test_parts parts = { .clock = app->clock,
                                            .path = path,
                                            .width_px = app->panel.width_px,
                                            .height_px = app->panel.height_px,
                                            .width_mm = app->panel.width_mm,
                                            .language = service_language(),
                                            .on_change = on_change,
                                            .context = service };
    ui_window_set_listener(app->window, &listener);
    touch_test_start(&service->test, &parts);
}

/* Once a second for the seconds left, at once for everything else. */
static void show(struct touch_service *service)
{
    struct app *app = service->app;
    const int64_t second = clock_now_ms(app->clock) / 1000;
    if (!app->dirty && second == app->shown_second)
        return;
    scene_touch_test(touch_test_current_view(&service->test), &app->panel, &app->tree);
    ui_window_show(app->window, &app->tree);
    app->shown_second = second;
    app->dirty = false;
}

int service_run_touch(struct app *app)
{
    static struct touch_service service;
    char path[PATH_SIZE];
    service = (struct touch_service){ .app = app };
    path_of(app, path);
    start(&service, path);
    while (!app->quit) {
        queue_drain(&app->queue);
        touch_test_tick(&service.test);
        if (touch_test_is_over(&service.test))
            break;
        show(&service);
        const int64_t now_ms = clock_now_ms(app->clock);
        int64_t wait_ms = 1000 - now_ms % 1000;
        if (touch_test_next_deadline_ms(&service.test) - now_ms < wait_ms)
            wait_ms = touch_test_next_deadline_ms(&service.test) - now_ms;
        ui_window_wait(app->window, wait_ms > 0 ? wait_ms : 0);
    }
    ui_window_set_listener(app->window, &(struct ui_listener){ 0 });
    return EXIT_SUCCESS;
}
