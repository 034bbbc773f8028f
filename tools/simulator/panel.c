#include "tools/simulator/panel.h"
#include "base/log.h"
#include "tools/simulator/panel_view.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LOOK_EVERY_MS = 30,
    WHEEL_ROWS = 120
};

struct panel {
    struct simulator *simulator;
    SDL_Window *window;
    struct panel_canvas canvas;
    struct panel_snapshot shown;
    int scroll_rows;
    bool stale;
    guint timer;
};

/* The strip still hanging in the printer, or the last one that was cut off. */
static const struct paper_strip *paper_to_show(const struct simulator *simulator)
{
    const struct paper_strip *strip = &simulator->printer.strip;
    bool hanging = strip->height_rows > PRINTER_CUTTER_ROWS;
    return hanging || simulator->last_receipt.rows == NULL ? strip : &simulator->last_receipt;
}

static const char *draw(struct panel *panel)
{
    panel->canvas.surface = SDL_GetWindowSurface(panel->window);
    if (panel->canvas.surface == NULL || panel->canvas.surface->format->BytesPerPixel != 4)
        return NULL;
    const char *command =
        panel_view_draw(&panel->canvas, &panel->shown, paper_to_show(panel->simulator));
    SDL_UpdateWindowSurface(panel->window);
    return command;
}

static void handle_event(struct panel *panel, const SDL_Event *event)
{
    switch (event->type) {
    case SDL_QUIT:
        g_main_loop_quit(panel->simulator->loop);
        break;
    case SDL_MOUSEBUTTONDOWN:
        panel->canvas.clicked = true;
        panel->canvas.x = event->button.x;
        panel->canvas.y = event->button.y;
        break;
    case SDL_MOUSEWHEEL:
        panel->scroll_rows -= event->wheel.y * WHEEL_ROWS;
        if (panel->scroll_rows < 0)
            panel->scroll_rows = 0;
        break;
    case SDL_WINDOWEVENT:
        panel->stale = true;
        break;
    }
}

static void refresh(struct panel *panel)
{
    struct panel_snapshot now;
    memset(&now, 0, sizeof now);
    usb_bus_lock(panel->simulator->bus);
    panel_view_snapshot(panel->simulator, &now);
    if (now.receipt_count != panel->shown.receipt_count)
        panel->scroll_rows = 0;
    now.scroll_rows = panel->scroll_rows;
    const char *command = NULL;
    if (panel->stale || panel->canvas.clicked || memcmp(&now, &panel->shown, sizeof now) != 0) {
        panel->shown = now;
        command = draw(panel);
    }
    usb_bus_unlock(panel->simulator->bus);
    panel->stale = false;
    panel->canvas.clicked = false;
    if (command == NULL)
        return;
    GString *reply = g_string_new(NULL);
    simulator_execute(panel->simulator, command, reply);
    g_string_free(reply, TRUE);
}

static gboolean on_timer(gpointer context)
{
    struct panel *panel = context;
    SDL_Event event;
    while (SDL_PollEvent(&event) != 0) {
        handle_event(panel, &event);
        if (panel->canvas.clicked)
            refresh(panel);
    }
    refresh(panel);
    return G_SOURCE_CONTINUE;
}

/* The session bus library that SDL loads keeps a kilobyte for good; sanitised builds need not hear
 * of it. Absent from all others. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static bool start_sdl(void)
{
    if (__lsan_disable != NULL)
        __lsan_disable();
    bool started = SDL_Init(SDL_INIT_VIDEO) == 0 && TTF_Init() == 0;
    if (__lsan_enable != NULL)
        __lsan_enable();
    return started;
}

static bool has_display(void)
{
    return getenv("DISPLAY") != NULL || getenv("WAYLAND_DISPLAY") != NULL ||
           getenv("SDL_VIDEODRIVER") != NULL;
}

struct panel *panel_open(struct simulator *simulator)
{
    if (!has_display())
        return NULL;
    /* The window's pixels are ours; through OpenGL each update would cost megabytes of copies. */
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    if (!start_sdl()) {
        log_warning("simulator", "no_panel", "%s", SDL_GetError());
        return NULL;
    }
    struct panel *panel = g_new0(struct panel, 1);
    panel->simulator = simulator;
    panel->stale = true;
    panel->window = SDL_CreateWindow("Guichet 虚拟设备 · virtual hardware", SDL_WINDOWPOS_UNDEFINED,
                                     SDL_WINDOWPOS_UNDEFINED, PANEL_WIDTH, PANEL_HEIGHT, 0);
    if (panel->window == NULL || !panel_canvas_open_fonts(&panel->canvas)) {
        log_warning("simulator", "no_panel", "%s", SDL_GetError());
        panel_close(panel);
        return NULL;
    }
    panel->timer = g_timeout_add(LOOK_EVERY_MS, on_timer, panel);
    return panel;
}

void panel_close(struct panel *panel)
{
    if (panel->timer != 0)
        g_source_remove(panel->timer);
    panel_canvas_close_fonts(&panel->canvas);
    if (panel->window != NULL)
        SDL_DestroyWindow(panel->window);
    TTF_Quit();
    SDL_Quit();
    g_free(panel);
}
