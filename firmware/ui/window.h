/*
 * The panel: one SDL window, touch in, painted trees out.
 *
 * ui_window_wait blocks without polling: under X11 in SDL_WaitEventTimeout, under drivers without a
 * blocking wait (dummy, offscreen) in poll() on the wake descriptor, where SDL would poll each
 * millisecond.
 *
 * Threads: main loop; ui_window_wake from any thread.
 */
#pragma once
#include "base/status.h"
#include "ui/font.h"
#include "ui/tree.h"
#include <stdbool.h>
#include <stdint.h>

struct ui_window;

struct ui_window_config {
    const char *title;
    const char *font_directory;
    int width_px, height_px; /* 0: the display's own */
    int width_mm;
    bool full_screen;
};

NODISCARD enum status ui_window_open(const struct ui_window_config *config, struct ui_window **out);
void ui_window_close(struct ui_window *window);
void ui_window_size(const struct ui_window *window, int *width_px, int *height_px);

/* The font the screens are drawn with, for whoever draws elsewhere. The window's own. */
struct font *ui_window_font(const struct ui_window *window);

/* Paints what differs from what is on the panel and pushes only those rectangles. */
void ui_window_show(struct ui_window *window, const struct ui_tree *tree);

/* Press feedback at once: the node under the finger drawn pressed; NULL releases. */
void ui_window_press(struct ui_window *window, const struct ui_node *node);

/* Called for a touch begun and ended on the same target. */
typedef void ui_on_tap(void *context, const struct ui_node *node);
typedef void ui_on_quit(void *context);
void ui_window_set_listener(struct ui_window *window, ui_on_tap *on_tap, ui_on_quit *on_quit,
                            void *context);

/* Waits until input, a wake or timeout_ms (-1: none), and handles pending input. */
void ui_window_wait(struct ui_window *window, int64_t timeout_ms);
void ui_window_wake(struct ui_window *window);

/* Forgets every rendered text; call when a visit has ended and its screens are gone. */
void ui_window_wipe(struct ui_window *window);

NODISCARD enum status ui_window_save_png(struct ui_window *window, const char *path);
