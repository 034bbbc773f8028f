/*
 * What window.c (the panel) and window_input.c (fingers and keys) share.
 */
#pragma once
#include <SDL.h>

#include "base/clock.h"
#include "ui/canvas.h"
#include "ui/dirty.h"
#include "ui/focus.h"
#include "ui/touch.h"
#include "ui/window.h"

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
    struct focus focus;
    struct ui_rect ring; /* around the focus, as painted; empty: none */
    int32_t key_down;    /* the last key that went down, and when: contacts of switches bounce */
    int64_t key_down_ms;
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

/* window.c */
void window_paint(struct ui_window *window, const struct dirty *dirty);
