/*
 * From where the panel's touch controller says a finger is to where it is: an affine map, so that
 * swapped, mirrored, shifted and stretched axes are all corrected alike. Both sides are parts of
 * the panel, 0 to 1 across and 0 to 1 down.
 *
 * Pure arithmetic.
 */
#pragma once
#include <stdbool.h>

struct touch_map {
    double xx, xy, x0; /* x = xx·raw_x + xy·raw_y + x0 */
    double yx, yy, y0;
};

extern const struct touch_map TOUCH_MAP_IDENTITY;

/* A cross that was shown and where the controller said it was touched. */
struct touch_pair {
    double shown_x, shown_y;
    double raw_x, raw_y;
};

#define TOUCH_MAP_RESIDUAL_MAX_MM 3.0 /* a fingertip on a cross is better than that */

enum touch_map_verdict {
    TOUCH_MAP_GOOD,
    TOUCH_MAP_DEGENERATE, /* the touched points lie on one line or in one place */
    TOUCH_MAP_FAR,        /* no map brings every touched point near its cross */
};

void touch_map_apply(const struct touch_map *map, double raw_x, double raw_y, double *x, double *y);

/* Finite, invertible, and no axis stretched beyond what any panel needs. */
bool touch_map_is_sane(const struct touch_map *map);

/* Least squares over count points (at least 3). worst_mm: the largest distance left; out is written
 * only when the verdict is good. */
enum touch_map_verdict touch_map_fit(const struct touch_pair *pairs, int count, double width_mm,
                                     double height_mm, struct touch_map *out, double *worst_mm);

/* How far the map leaves one touched point from its cross. */
double touch_map_error_mm(const struct touch_map *map, const struct touch_pair *pair,
                          double width_mm, double height_mm);
