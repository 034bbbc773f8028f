#include "panel.h"

const struct touch_map PANEL_SWAPPED = { 0, 0.9, 0.05, -0.85, 0, 0.93 };

const double PANEL_CROSSES[5][2] = {
    { 0.1, 0.1 }, { 0.9, 0.1 }, { 0.9, 0.9 }, { 0.1, 0.9 }, { 0.35, 0.6 }
};

struct panel_report panel_touch(const struct touch_map *panel, double x, double y)
{
    struct panel_report report;
    touch_map_apply(panel, x, y, &report.raw_x, &report.raw_y);
    return report;
}
