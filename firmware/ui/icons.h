/*
 * Our own pictures as lines and areas; the SVG files of assets/icons, compiled into tables at build
 * time.
 */
#pragma once
#include "icon_ids.h"
#include <stdbool.h>
#include <stdint.h>

enum icon_paint {
    ICON_INK,   /* the node's ink */
    ICON_SOFT,  /* its light companion */
    ICON_PAPER, /* white */
    ICON_LINE,
    ICON_GOOD,
};

struct icon_point {
    int16_t x, y; /* 1/16 of a unit of the view box */
};

struct icon_path {
    enum icon_paint paint;
    bool closed;
    uint16_t stroke; /* width; 0: an area */
    uint16_t first_point, point_count;
};

struct icon_shape {
    uint16_t size; /* of the square view box */
    uint16_t first_path, path_count;
};

extern const struct icon_point ICON_POINTS[];
extern const struct icon_path ICON_PATHS[];
extern const struct icon_shape ICON_SHAPES[ICONS];
