/*
 * A touch panel with faults: what its controller reports for a finger that is really somewhere.
 */
#pragma once
#include "ui/touch_map.h"

/* Axes swapped, one of them mirrored, both shrunk and shifted: a panel mounted the wrong way. */
extern const struct touch_map PANEL_SWAPPED;

struct panel_report {
    double raw_x, raw_y;
};

/* x, y: parts of the panel. */
struct panel_report panel_touch(const struct touch_map *panel, double x, double y);

/* Where cross number i (0 to 4) is shown. */
extern const double PANEL_CROSSES[5][2];
