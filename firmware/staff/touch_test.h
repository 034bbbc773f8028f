/*
 * Calibration and test of the touch panel, for staff: four crosses give an affine correction, a
 * fifth verifies it, then every target of a grid over the whole panel must be hit. The result and
 * the correction are saved together.
 *
 * It never hangs: every state has a deadline, each target too, and after ten targets in a
 * row that nobody touched the rest counts as dead. It takes fingers only: the mouse needs no
 * correction.
 *
 * Threads: main loop. Ownership: the caller's memory. Units: raw positions are parts of the panel
 * as the controller reports them, before any correction.
 */
#pragma once
#include "base/clock.h"
#include "base/sm.h"
#include "settings/settings_touch.h"
#include "staff/touch_test_view.h"
#include "ui/touch_map.h"
#include <stdbool.h>
#include <stdint.h>

#define TOUCH_TEST_CROSSES_COUNT 4

struct touch_test_parts {
    const struct clock *clock;
    const char *path; /* of touch.cal; outlives the test */
    int width_px, height_px, width_mm;
    int language;
    void (*on_change)(void *context); /* redraw, and use touch_test_map from now on */
    void *context;
};

/* One finger from where it came down to where it left, in raw positions. */
struct touch_test_stroke {
    bool down, spoiled; /* spoiled: a second finger joined */
    int64_t finger, began_ms;
    double first_x, first_y, last_x, last_y;
    double sum_x, sum_y;
    double min_x, max_x, min_y, max_y;
    int points;
};

struct touch_test {
    struct touch_test_parts parts;
    struct sm sm;
    int tries;
    int cross;
    struct touch_pair pairs[TOUCH_TEST_CROSSES_COUNT];
    struct touch_map map;
    struct touch_test_stroke stroke;
    int wanted, wanted_misses, untouched;
    struct touch_test_view view;
};

void touch_test_start(struct touch_test *test, const struct touch_test_parts *parts);

enum touch_test_finger {
    TOUCH_TEST_DOWN,
    TOUCH_TEST_MOVE,
    TOUCH_TEST_UP
};
void touch_test_on_finger(struct touch_test *test, enum touch_test_finger what, int64_t finger,
                          double raw_x, double raw_y);
void touch_test_on_intent(struct touch_test *test, enum touch_test_intent intent);
/* Ends it in any state; what was not saved is forgotten. */
void touch_test_quit(struct touch_test *test);

void touch_test_tick(struct touch_test *test);
int64_t touch_test_next_deadline_ms(const struct touch_test *test);

bool touch_test_is_over(const struct touch_test *test);
/* The correction the window should use now. */
const struct touch_map *touch_test_map(const struct touch_test *test);
const struct touch_test_view *touch_test_current_view(struct touch_test *test);

/* touch.cal's numbers as a map and back. */
struct touch_map touch_test_map_of(const struct settings_touch *saved);
