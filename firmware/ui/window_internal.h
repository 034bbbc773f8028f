/*
 * What window.c (the panel) and window_input.c (fingers and keys) share.
 */
#pragma once
#include <SDL.h>

#include "base/clock.h"
#include "ui/canvas.h"
#include "ui/dirty.h"
#include "ui/focus.h"
#include "ui/scanner.h"
#include "ui/touch.h"
#include "ui/window.h"

/* The finger that writes on a signature field, until it lifts. */
struct window_pen {
    bool is_down;
    int64_t finger;
    char id[UI_ID_SIZE]; /* of the field, and where that is */
    struct ui_rect field;
    int x, y;       /* the end of the way so far; TOUCH_OUTSIDE: beside the panel */
    bool is_inside; /* that is on the field: the next point goes on from it */
};

struct ui_window {
    SDL_Window *sdl;
    SDL_Surface *panel;  /* the window's own memory */
    SDL_Surface *shadow; /* ours, when the panel's pixels are not 0x00RRGGBB */
    struct font *font;
    struct canvas *canvas;
    int width_px, height_px;
    int scale;
    bool blocks; /* the video driver can wait without polling */
    int wake_fd; /* when it cannot */
    uint32_t wake_event;
    struct ui_tree shown;
    bool painted;
    int pressed; /* node of shown drawn pressed */

    const struct clock *clock;
    struct touch touch;
    struct touch_map map;
    struct window_pen pen;
    struct focus focus;
    struct ui_rect ring; /* around the focus, as painted; empty: none */
    int32_t key_down;    /* the last key that went down, and when: contacts of switches bounce */
    int64_t key_down_ms;
    struct scanner scanner;
    bool delivered; /* a touch or key was acted upon: show the answer before the next is judged */
    struct ui_listener listener;
};

/* window_input.c */
void window_handle_input(struct ui_window *window, const SDL_Event *event);
/* Abandons stuck fingers. */
void window_expire_touches(struct ui_window *window);
/* How long a wait may be before that is due again; -1: without limit. */
int64_t window_limit_wait(const struct ui_window *window, int64_t timeout_ms);
/* The focus is drawn where the shown tree has it. */
void window_place_focus(struct ui_window *window, struct dirty *dirty);

/* window_pen.c: after touch has seen each. */
void window_pen_begin(struct ui_window *window, const struct touch_point *point);
void window_pen_move(struct ui_window *window, const struct touch_point *point);
void window_pen_end(struct ui_window *window, const struct touch_point *point);
/* Lifts it when its finger was abandoned, or its field is not what is shown any more. */
void window_pen_check(struct ui_window *window);

/* window.c */
void window_paint(struct ui_window *window, const struct dirty *dirty);
