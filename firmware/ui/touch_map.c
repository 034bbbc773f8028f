#include "ui/touch_map.h"

#include <math.h>

#define STRETCH_MIN 0.2
#define STRETCH_MAX 5.0
#define OFFSET_MAX 5.0

const struct touch_map TOUCH_MAP_IDENTITY = { 1, 0, 0, 0, 1, 0 };

void touch_map_apply(const struct touch_map *map, double raw_x, double raw_y, double *x, double *y)
{
    *x = map->xx * raw_x + map->xy * raw_y + map->x0;
    *y = map->yx * raw_x + map->yy * raw_y + map->y0;
}

bool touch_map_is_sane(const struct touch_map *map)
{
    const double area = fabs(map->xx * map->yy - map->xy * map->yx);
    const double across = hypot(map->xx, map->xy), down = hypot(map->yx, map->yy);
    /* Comparisons with a NaN are false. */
    return across >= STRETCH_MIN && across <= STRETCH_MAX && down >= STRETCH_MIN &&
           down <= STRETCH_MAX && area >= STRETCH_MIN * STRETCH_MIN &&
           fabs(map->x0) <= OFFSET_MAX && fabs(map->y0) <= OFFSET_MAX;
}

double touch_map_error_mm(const struct touch_map *map, const struct touch_pair *pair,
                          double width_mm, double height_mm)
{
    double x, y;
    touch_map_apply(map, pair->raw_x, pair->raw_y, &x, &y);
    return hypot((x - pair->shown_x) * width_mm, (y - pair->shown_y) * height_mm);
}

/* Sums about the mean: what is left of the normal equations once the offsets are taken out. */
struct spread {
    double raw_x, raw_y, shown_x, shown_y; /* means */
    double aa, ab, bb;                     /* raw × raw */
    double ax, bx, ay, by;                 /* raw × shown */
};

static struct spread spread_of(const struct touch_pair *pairs, int count)
{
    struct spread s = { 0 };
    for (int i = 0; i < count; i++) {
        s.raw_x += pairs[i].raw_x / count;
        s.raw_y += pairs[i].raw_y / count;
        s.shown_x += pairs[i].shown_x / count;
        s.shown_y += pairs[i].shown_y / count;
    }
    for (int i = 0; i < count; i++) {
        const double a = pairs[i].raw_x - s.raw_x, b = pairs[i].raw_y - s.raw_y;
        const double x = pairs[i].shown_x - s.shown_x, y = pairs[i].shown_y - s.shown_y;
        s.aa += a * a;
        s.ab += a * b;
        s.bb += b * b;
        s.ax += a * x;
        s.bx += b * x;
        s.ay += a * y;
        s.by += b * y;
    }
    return s;
}

enum touch_map_verdict touch_map_fit(const struct touch_pair *pairs, int count, double width_mm,
                                     double height_mm, struct touch_map *out, double *worst_mm)
{
    const struct spread s = spread_of(pairs, count);
    const double determinant = s.aa * s.bb - s.ab * s.ab;
    *worst_mm = 0;
    /* Points on a line leave the determinant small against its terms; all in one place, both. */
    if (!(determinant > 1e-3 * s.aa * s.bb) || !(determinant > 1e-6))
        return TOUCH_MAP_DEGENERATE;
    struct touch_map map = {
        .xx = (s.ax * s.bb - s.bx * s.ab) / determinant,
        .xy = (s.bx * s.aa - s.ax * s.ab) / determinant,
        .yx = (s.ay * s.bb - s.by * s.ab) / determinant,
        .yy = (s.by * s.aa - s.ay * s.ab) / determinant,
    };
    map.x0 = s.shown_x - map.xx * s.raw_x - map.xy * s.raw_y;
    map.y0 = s.shown_y - map.yx * s.raw_x - map.yy * s.raw_y;
    for (int i = 0; i < count; i++)
        *worst_mm = fmax(*worst_mm, touch_map_error_mm(&map, &pairs[i], width_mm, height_mm));
    if (!touch_map_is_sane(&map))
        return TOUCH_MAP_DEGENERATE;
    if (*worst_mm > TOUCH_MAP_RESIDUAL_MAX_MM)
        return TOUCH_MAP_FAR;
    *out = map;
    return TOUCH_MAP_GOOD;
}
