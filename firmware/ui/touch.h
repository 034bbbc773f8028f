/*
 * Fingers (and the mouse) on a tree. A touch counts only when it begins and ends on the same target
 * of the same screen, and only for the first finger, so that nothing a sleeve, a palm, a drop of
 * water or a broken panel does presses a button:
 *
 *   a second finger                      ignored until the first is lifted
 *   a palm (three contacts, or two that  nothing counts until all are lifted
 *   land within TOUCH_PALM_MS)
 *   a finger that never lifts, or whose  abandoned after TOUCH_STUCK_MS: drawn unpressed, and the
 *   end was lost with its device         other fingers work again
 *   a contact that reports itself anew   neither a touch nor a sign of life until the place has
 *   in the place where it was abandoned  been silent for TOUCH_STUCK_MS
 *   the same place over and over         the same, after TOUCH_REPEATS_MAX touches
 *   a finger that draws                  is not stuck while it moves, however long it takes
 *   a touch within TOUCH_NEW_SCREEN_MS   does not count: it was meant for the screen before
 *   of a new screen
 *
 * Pure: time comes with each point. Units: x, y pixels of the panel, TOUCH_OUTSIDE where a finger
 * is beside it; *_ms of clock_now_ms.
 */
#pragma once
#include "ui/tree.h"
#include <stdbool.h>
#include <stdint.h>

#define TOUCH_PALM_MS 50        /* fingers of one hand that mean to touch one after the other */
#define TOUCH_STUCK_MS 10000    /* nobody holds a button this long */
#define TOUCH_NEW_SCREEN_MS 300 /* shorter than the time to see a screen and reach for it */
#define TOUCH_REPEATS_MAX 20    /* above the eleven equal digits a phone number may have */
#define TOUCH_REPEAT_MS 5000    /* a longer pause and the touches before are forgotten */
#define TOUCH_CONTACTS_MAX 10
#define TOUCH_SPOTS_MAX 4
#define TOUCH_OUTSIDE (-1)

struct touch_point {
    int64_t finger;
    int x, y;
    int64_t at_ms;
};

struct touch {
    int spot_px; /* how far apart two touches in the same place may be; the owner sets it */
    struct touch_point contacts[TOUCH_CONTACTS_MAX]; /* on the panel; at_ms: when each began */
    int contact_count;
    bool is_palm;
    bool is_activity; /* the last touch_begin was a person's, wherever it landed */

    bool is_armed; /* the first finger may still become a tap */
    struct touch_point tap;
    char id[UI_ID_SIZE]; /* the target it began on; a redraw may move or remove it meanwhile */
    int intent, argument;
    uint32_t began_screen;

    uint32_t screen;
    int64_t screen_since_ms;

    struct touch_point last; /* where touches were last begun, and how often in a row */
    int repeats;
    struct touch_point bad[TOUCH_SPOTS_MAX]; /* places not believed; at_ms: last report */
    int bad_count;

    int64_t pen_finger, pen_ms; /* who draws on a field, and when it last moved there */
};

/* A tree is on the panel; another screen number than before starts TOUCH_NEW_SCREEN_MS. */
void touch_show(struct touch *touch, const struct ui_tree *tree, int64_t now_ms);

void touch_begin(struct touch *touch, const struct ui_tree *tree, const struct touch_point *point);
void touch_move(struct touch *touch, const struct touch_point *point);
/* The target that was tapped, or NULL. */
const struct ui_node *touch_end(struct touch *touch, const struct ui_tree *tree,
                                const struct touch_point *point);

/* The target to draw pressed now: the one it began on while the finger is over it, else NULL. */
const struct ui_node *touch_pressed(const struct touch *touch, const struct ui_tree *tree);

/* After touch_begin: may this finger draw? Only the first, alone, on a screen that has been seen.
 */
bool touch_may_draw(const struct touch *touch, const struct touch_point *point);
/* It was on its way over a field: neither stuck, nor a place that reports itself over and over. */
void touch_draw(struct touch *touch, const struct touch_point *point);
/* Is it on the panel, and not abandoned? */
bool touch_has(const struct touch *touch, int64_t finger);

/* Abandons the contacts that have been there too long. */
void touch_expire(struct touch *touch, int64_t now_ms);
/* When touch_expire must be called next; INT64_MAX if never. */
int64_t touch_next_deadline_ms(const struct touch *touch);
