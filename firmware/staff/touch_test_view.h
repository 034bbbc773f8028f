/*
 * What the page of the touch test may know.
 */
#pragma once
#include <stdbool.h>

#define TOUCH_TEST_TARGETS_MAX 63
#define TOUCH_TEST_TRAIL_MAX 48
#define TOUCH_TEST_REGIONS 9 /* three by three, from the upper left */

enum touch_test_state {
    TOUCH_TEST_OFF,
    TOUCH_TEST_CROSSES, /* touch four crosses, one after the other */
    TOUCH_TEST_VERIFY,  /* and a fifth: is the correction right? */
    TOUCH_TEST_REFUSED, /* it is not; the crosses come again by themselves */
    TOUCH_TEST_TARGETS, /* touch each target of a grid */
    TOUCH_TEST_RESULT,
    TOUCH_TEST_STATES,
};

enum touch_test_target_state {
    TOUCH_TEST_TARGET_OPEN,
    TOUCH_TEST_TARGET_WANTED,
    TOUCH_TEST_TARGET_HIT,
    TOUCH_TEST_TARGET_DEAD,
};

struct touch_test_target {
    int x, y, side; /* pixels of the panel */
    enum touch_test_target_state state;
};

struct touch_test_region {
    int targets, dead, misses;
    int worst_um; /* of the touches that hit: how far from the middle of the target */
};

/* What the buttons of the result mean. */
enum touch_test_intent {
    TOUCH_TEST_INTENT_NONE,
    TOUCH_TEST_INTENT_AGAIN,
    TOUCH_TEST_INTENT_FINISH,
    TOUCH_TEST_INTENT_LANGUAGE,
};

struct touch_test_view {
    enum touch_test_state state;
    int language;
    int seconds_left;

    int cross, crosses;   /* which one, of how many */
    int cross_x, cross_y; /* pixels */

    int refused_um; /* how far off the worst point was; 0: the points lay on a line */
    bool gives_up;  /* refused too often: the old correction stays */

    int target_count, targets_done;
    struct touch_test_target targets[TOUCH_TEST_TARGETS_MAX];
    int trail_count;
    struct {
        int x, y;
    } trail[TOUCH_TEST_TRAIL_MAX]; /* where the finger was, the oldest first */

    bool passed, saved;
    int dead, misses, worst_um, jitter_um;
    struct touch_test_region regions[TOUCH_TEST_REGIONS];
};
