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
#include "base/clock.h"
#include "base/status.h"
#include "ui/font.h"
#include "ui/keys.h"
#include "ui/touch_map.h"
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
    const struct clock *clock; /* of stuck fingers and bouncing keys; NULL: the machine's */
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

/* A finger as the touch controller reports it: parts of the panel, before any correction. */
struct ui_finger {
    enum {
        UI_FINGER_DOWN,
        UI_FINGER_MOVE,
        UI_FINGER_UP
    } phase;
    int64_t finger;
    double raw_x, raw_y;
};

/* Each may be NULL. */
struct ui_listener {
    void *context;
    /* A touch begun and ended on the same target, or a key that means one. */
    void (*on_tap)(void *context, const struct ui_node *node);
    void (*on_quit)(void *context);
    /* Somebody is there: a touch began anywhere on the panel, or a key was pressed. Not called for
     * what a stuck finger or a broken panel reports. */
    void (*on_activity)(void *context);
    /* The focus moved to a node; NULL: a touch took it away. */
    void (*on_focus)(void *context, const struct ui_node *node);
    /* Any key of ui/keys.h, after it was acted upon; the listener answers to UI_KEY_REPEAT and
     * UI_KEY_SPEECH. */
    void (*on_key)(void *context, enum ui_key key);
    /* Somebody writes on the signature field of the tree: the next point, already painted, for
     * strokes_put; NULL: the stroke begun last was a palm. Without it nothing can be written. */
    void (*on_stroke)(void *context, const struct ui_stroke_point *point);
    /* A line that a scanner typed, ended by Enter; without it all keys are a person's. */
    void (*on_line)(void *context, const char *line);
    /* Every report of a finger, for the test of the panel. */
    void (*on_finger)(void *context, const struct ui_finger *finger);
};
void ui_window_set_listener(struct ui_window *window, const struct ui_listener *listener);

/* Corrects every finger from now on; the mouse is where it is. */
void ui_window_set_touch_map(struct ui_window *window, const struct touch_map *map);

/* Waits until input, a wake or timeout_ms (-1: none), and handles pending input up to the first
 * that was acted upon: what comes after it is judged by the screen that answers. */
void ui_window_wait(struct ui_window *window, int64_t timeout_ms);
void ui_window_wake(struct ui_window *window);

/* Forgets every rendered text; call when a visit has ended and its screens are gone. */
void ui_window_wipe(struct ui_window *window);

NODISCARD enum status ui_window_save_png(struct ui_window *window, const char *path);
