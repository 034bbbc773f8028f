#include "ui/window.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/log.h"
#include "ui/png_write.h"
#include "ui/theme.h"
#include "ui/window_internal.h"

#define NOTHING (-1)
#define SPOT_DP 20 /* 5 mm: fingers that touch "the same place" are no further apart */

static void set_hints(void)
{
    /* Without this X11 goes through an OpenGL texture: 12 ms a frame instead of 1. */
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "1");
}

static enum status open_display(struct ui_window *window, const struct ui_window_config *config)
{
    set_hints();
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        log_error("ui", "no_display", "%s", SDL_GetError());
        return STATUS_IO;
    }
    SDL_StopTextInput(); /* nothing is typed, and an input method would be woken by it */
    SDL_DisplayMode mode = { 0 };
    if (SDL_GetDesktopDisplayMode(0, &mode) != 0)
        return STATUS_IO;
    const int width = config->width_px > 0 ? config->width_px : mode.w;
    const int height = config->height_px > 0 ? config->height_px : mode.h;
    const uint32_t flags = config->full_screen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0;
    window->sdl = SDL_CreateWindow(config->title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                                   width, height, flags);
    if (!window->sdl) {
        log_error("ui", "no_window", "%s", SDL_GetError());
        return STATUS_IO;
    }
    SDL_ShowCursor(config->full_screen ? SDL_DISABLE : SDL_ENABLE);
    return STATUS_OK;
}

static enum status open_wake(struct ui_window *window)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    const bool headless = strcmp(driver, "dummy") == 0 || strcmp(driver, "offscreen") == 0;
    window->blocks = strcmp(driver, "x11") == 0 || strcmp(driver, "wayland") == 0;
    if (!window->blocks && !headless) {
        log_error("ui", "driver_unsupported",
                  "under SDL's %s driver touch could only be polled for; use x11", driver);
        return STATUS_UNSUPPORTED;
    }
    window->wake_event = SDL_RegisterEvents(1);
    window->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return window->wake_fd >= 0 ? STATUS_OK : STATUS_IO;
}

/* The panel's memory, or ours in front of it; again after the window changed. */
static enum status attach_panel(struct ui_window *window)
{
    window->panel = SDL_GetWindowSurface(window->sdl);
    if (!window->panel) {
        log_error("ui", "no_surface", "%s", SDL_GetError());
        return STATUS_IO;
    }
    window->width_px = window->panel->w;
    window->height_px = window->panel->h;
    SDL_FreeSurface(window->shadow);
    window->shadow = NULL;
    const uint32_t format = window->panel->format->format;
    if (format != SDL_PIXELFORMAT_RGB888 && format != SDL_PIXELFORMAT_ARGB8888) {
        window->shadow = SDL_CreateRGBSurfaceWithFormat(0, window->width_px, window->height_px, 32,
                                                        SDL_PIXELFORMAT_RGB888);
        if (!window->shadow)
            return STATUS_FULL;
    }
    const SDL_Surface *target = window->shadow ? window->shadow : window->panel;
    canvas_set_pixels(window->canvas, target->pixels, target->w, target->h,
                      target->pitch / (int)sizeof(uint32_t));
    window->painted = false;
    return STATUS_OK;
}

static enum status open_all(struct ui_window *window, const struct ui_window_config *config)
{
    enum status status = open_display(window, config);
    if (status == STATUS_OK)
        status = open_wake(window);
    if (status == STATUS_OK)
        status = font_open(config->font_directory, &window->font);
    if (status != STATUS_OK)
        return status;
    int width = 0;
    SDL_GetWindowSize(window->sdl, &width, NULL);
    window->scale = theme_scale(width, config->width_mm);
    window->touch.spot_px = theme_px(window->scale, SPOT_DP);
    window->canvas = canvas_create(window->font, window->scale);
    return window->canvas ? attach_panel(window) : STATUS_FULL;
}

enum status ui_window_open(const struct ui_window_config *config, struct ui_window **out)
{
    if (config->width_mm <= 0)
        return STATUS_INVALID;
    struct ui_window *window = calloc(1, sizeof(*window));
    if (!window)
        return STATUS_FULL;
    window->wake_fd = -1;
    window->pressed = NOTHING;
    window->clock = config->clock ? config->clock : &clock_system;
    window->map = TOUCH_MAP_IDENTITY;
    const enum status status = open_all(window, config);
    if (status != STATUS_OK) {
        ui_window_close(window);
        return status;
    }
    *out = window;
    return STATUS_OK;
}

void ui_window_close(struct ui_window *window)
{
    if (!window)
        return;
    canvas_destroy(window->canvas);
    font_close(window->font);
    SDL_FreeSurface(window->shadow);
    if (window->sdl)
        SDL_DestroyWindow(window->sdl);
    if (window->wake_fd >= 0)
        close(window->wake_fd);
    SDL_Quit();
    explicit_bzero(&window->shown, sizeof(window->shown));
    free(window);
}

void ui_window_size(const struct ui_window *window, int *width_px, int *height_px)
{
    *width_px = window->width_px;
    *height_px = window->height_px;
}

struct font *ui_window_font(const struct ui_window *window)
{
    return window->font;
}

static struct ui_rect whole_panel(const struct ui_window *window)
{
    return (struct ui_rect){ 0, 0, window->width_px, window->height_px };
}

void window_paint(struct ui_window *window, const struct dirty *dirty)
{
    SDL_Rect rects[DIRTY_RECTS_MAX];
    int count = 0;
    for (int i = 0; i < dirty->count; i++) {
        const struct ui_rect rect = ui_rect_cut(dirty->rects[i], whole_panel(window));
        if (ui_rect_is_empty(rect))
            continue;
        canvas_paint(window->canvas, &window->shown, rect, window->pressed);
        SDL_Rect *out = &rects[count++];
        *out = (SDL_Rect){ rect.x, rect.y, rect.width, rect.height };
        SDL_Rect at = *out;
        if (window->shadow)
            SDL_BlitSurface(window->shadow, out, window->panel, &at);
    }
    if (count > 0)
        SDL_UpdateWindowSurfaceRects(window->sdl, rects, count);
}

static int index_of(const struct ui_tree *tree, const struct ui_node *wanted)
{
    for (int i = 0; wanted && i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        if (ui_rect_is_same(node->rect, wanted->rect) && node->intent == wanted->intent &&
            node->argument == wanted->argument && strcmp(node->id, wanted->id) == 0)
            return i;
    }
    return NOTHING;
}

static struct ui_rect pressed_rect(const struct ui_window *window)
{
    if (window->pressed == NOTHING)
        return (struct ui_rect){ 0 };
    return window->shown.nodes[window->pressed].rect;
}

void ui_window_show(struct ui_window *window, const struct ui_tree *tree)
{
    struct dirty dirty = { 0 };
    if (window->painted && ui_look_is_same(window->shown.look, tree->look))
        dirty_compare(&dirty, &window->shown, tree);
    else
        dirty_add(&dirty, whole_panel(window));
    const struct ui_rect pressed_before = pressed_rect(window);
    const bool is_other = window->shown.screen != tree->screen;
    ui_tree_copy(&window->shown, tree);
    if (is_other)
        window->pen.is_down = false;
    window_pen_check(window);
    touch_show(&window->touch, &window->shown, clock_now_ms(window->clock));
    focus_show(&window->focus, &window->shown);
    window->pressed = index_of(&window->shown, touch_pressed(&window->touch, &window->shown));
    if (!ui_rect_is_same(pressed_before, pressed_rect(window))) {
        dirty_add(&dirty, pressed_before);
        dirty_add(&dirty, pressed_rect(window));
    }
    window_place_focus(window, &dirty);
    window->painted = true;
    window_paint(window, &dirty);
}

void ui_window_press(struct ui_window *window, const struct ui_node *node)
{
    const int pressed = index_of(&window->shown, node);
    if (pressed == window->pressed)
        return;
    struct dirty dirty = { 0 };
    dirty_add(&dirty, pressed_rect(window));
    window->pressed = pressed;
    dirty_add(&dirty, pressed_rect(window));
    window_paint(window, &dirty);
}

void ui_window_set_listener(struct ui_window *window, const struct ui_listener *listener)
{
    window->listener = *listener;
}

void ui_window_set_touch_map(struct ui_window *window, const struct touch_map *map)
{
    window->map = *map;
}

static void on_window_event(struct ui_window *window, uint8_t event)
{
    if (event == SDL_WINDOWEVENT_SIZE_CHANGED) {
        if (attach_panel(window) != STATUS_OK)
            return;
        struct dirty dirty = { 0 };
        dirty_add(&dirty, whole_panel(window));
        window_paint(window, &dirty);
        window->painted = true;
    } else if (event == SDL_WINDOWEVENT_EXPOSED) {
        SDL_UpdateWindowSurface(window->sdl);
    }
}

static void handle(struct ui_window *window, const SDL_Event *event)
{
    if (event->type == SDL_WINDOWEVENT)
        on_window_event(window, event->window.event);
    else if (event->type == SDL_QUIT && window->listener.on_quit)
        window->listener.on_quit(window->listener.context);
    else
        window_handle_input(window, event);
}

static int bounded(int64_t timeout_ms)
{
    return timeout_ms > INT32_MAX ? INT32_MAX : (int)timeout_ms;
}

/* SDL's own wait polls every millisecond where the driver cannot block. */
static void wait_for_wake(struct ui_window *window, int64_t timeout_ms)
{
    struct pollfd wake = { .fd = window->wake_fd, .events = POLLIN };
    SDL_PumpEvents();
    if (SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT))
        return;
    uint64_t count;
    if (poll(&wake, 1, timeout_ms < 0 ? -1 : bounded(timeout_ms)) > 0 &&
        read(window->wake_fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
        log_error("ui", "wake_failed", "errno %d", errno);
}

void ui_window_wait(struct ui_window *window, int64_t timeout_ms)
{
    SDL_Event event;
    window->delivered = false;
    timeout_ms = window_limit_wait(window, timeout_ms);
    if (!window->blocks) {
        wait_for_wake(window, timeout_ms);
    } else {
        const int got = timeout_ms < 0 ? SDL_WaitEvent(&event)
                                       : SDL_WaitEventTimeout(&event, bounded(timeout_ms));
        if (got)
            handle(window, &event);
    }
    /* Not SDL_PollEvent: its sentinel would stay in the queue when the loop is left early. */
    SDL_PumpEvents();
    while (!window->delivered &&
           SDL_PeepEvents(&event, 1, SDL_GETEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) > 0)
        handle(window, &event);
    window_expire_touches(window);
}

void ui_window_wake(struct ui_window *window)
{
    if (window->blocks) {
        SDL_Event event = { .type = window->wake_event };
        if (!SDL_HasEvent(window->wake_event)) /* one is enough; the queue is bounded */
            SDL_PushEvent(&event);
        return;
    }
    const uint64_t one = 1;
    if (write(window->wake_fd, &one, sizeof(one)) < 0 && errno != EAGAIN)
        log_error("ui", "wake_failed", "errno %d", errno);
}

void ui_window_wipe(struct ui_window *window)
{
    canvas_wipe(window->canvas);
    bytes_wipe(&window->scanner, sizeof(window->scanner)); /* a code holds a masked ID number */
}

enum status ui_window_save_png(struct ui_window *window, const char *path)
{
    const SDL_Surface *from = window->shadow ? window->shadow : window->panel;
    return png_write(path, from->pixels, from->w, from->h, from->pitch / (int)sizeof(uint32_t));
}
