#include "ui/strokes.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Thinned by so many at once, so that the field is painted anew once in a while only. */
#define THINNED_AT_ONCE (UI_STROKE_POINTS_MAX / 8)

static void forget(struct ui_strokes *strokes, int first, int count)
{
    struct ui_stroke_point *points = strokes->points;
    memmove(&points[first], &points[first + count],
            sizeof(points[0]) * (size_t)(strokes->count - first - count));
    strokes->count -= count;
    explicit_bzero(&points[strokes->count], sizeof(points[0]) * (size_t)count);
}

static int last_stroke(const struct ui_strokes *strokes)
{
    int first = strokes->count - 1;
    while (first > 0 && !strokes->points[first].begins)
        first--;
    return first;
}

/* Neither end of a stroke may go; the last point is where the finger is. */
static bool is_inner(const struct ui_strokes *strokes, int index)
{
    return index > 0 && index + 1 < strokes->count && !strokes->points[index].begins &&
           !strokes->points[index + 1].begins;
}

/* Twice the area that is lost when the way leads past this point. */
static int64_t area_at(const struct ui_strokes *strokes, int index)
{
    const struct ui_stroke_point *a = &strokes->points[index - 1], *b = a + 1, *c = b + 1;
    const int64_t area =
        (int64_t)(b->x - a->x) * (c->y - a->y) - (int64_t)(c->x - a->x) * (b->y - a->y);
    return area < 0 ? -area : area;
}

static int least_inner(const struct ui_strokes *strokes)
{
    int best = -1;
    int64_t least = INT64_MAX;
    for (int i = 1; i + 1 < strokes->count; i++) {
        if (!is_inner(strokes, i) || area_at(strokes, i) >= least)
            continue;
        least = area_at(strokes, i);
        best = i;
    }
    return best;
}

/* Hundreds of dots are no signature: of those the oldest goes. */
static void forget_oldest(struct ui_strokes *strokes)
{
    int count = 1;
    while (count < strokes->count && !strokes->points[count].begins)
        count++;
    forget(strokes, 0, count);
}

static void thin(struct ui_strokes *strokes)
{
    for (int i = 0; i < THINNED_AT_ONCE; i++) {
        const int inner = least_inner(strokes);
        if (inner >= 0)
            forget(strokes, inner, 1);
    }
    if (strokes->count == UI_STROKE_POINTS_MAX)
        forget_oldest(strokes);
}

bool strokes_put(struct ui_strokes *strokes, const struct ui_stroke_point *point)
{
    if (!point) {
        const int first = last_stroke(strokes);
        if (strokes->count > 0)
            forget(strokes, first, strokes->count - first);
        return true;
    }
    const bool is_full = strokes->count == UI_STROKE_POINTS_MAX;
    if (is_full)
        thin(strokes);
    struct ui_stroke_point *added = &strokes->points[strokes->count++];
    *added = *point;
    added->begins |= strokes->count == 1; /* what it went on from was cleared */
    return is_full;
}

void strokes_clear(struct ui_strokes *strokes)
{
    explicit_bzero(strokes, sizeof(*strokes));
}

bool strokes_are_same(const struct ui_strokes *a, const struct ui_strokes *b)
{
    bool same = a->count == b->count;
    for (int i = 0; same && i < a->count; i++)
        same = a->points[i].x == b->points[i].x && a->points[i].y == b->points[i].y &&
               a->points[i].begins == b->points[i].begins;
    return same;
}

bool strokes_is_signature(const struct ui_strokes *strokes, double width_mm, double height_mm)
{
    double length = 0, left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
    double before_x = 0, before_y = 0;
    for (int i = 0; i < strokes->count; i++) {
        const struct ui_stroke_point *point = &strokes->points[i];
        const double x = point->x * width_mm / UI_STROKE_RANGE;
        const double y = point->y * height_mm / UI_STROKE_RANGE;
        if (!point->begins)
            length += hypot(x - before_x, y - before_y);
        left = fmin(left, x);
        right = fmax(right, x);
        top = fmin(top, y);
        bottom = fmax(bottom, y);
        before_x = x;
        before_y = y;
    }
    const double across = right - left, down = bottom - top;
    return length >= STROKES_LENGTH_MIN_MM && fmax(across, down) >= STROKES_LONG_SIDE_MIN_MM &&
           fmin(across, down) >= STROKES_SHORT_SIDE_MIN_MM;
}

static uint16_t part_of(int at, int size)
{
    const int64_t part = (int64_t)at * UI_STROKE_RANGE / size;
    return (uint16_t)(part < 0 ? 0 : part >= UI_STROKE_RANGE ? UI_STROKE_RANGE - 1 : part);
}

struct ui_stroke_point strokes_point(struct ui_rect field, int x, int y, bool begins)
{
    return (struct ui_stroke_point){ part_of(x - field.x, field.width),
                                     part_of(y - field.y, field.height), begins };
}

/* Narrows [from, to] to where at + part * step lies in [0, most]. */
static bool narrow(double at, double step, double most, double *from, double *to)
{
    if (step == 0)
        return at >= 0 && at <= most;
    const double a = -at / step, b = (most - at) / step;
    *from = fmax(*from, fmin(a, b));
    *to = fmin(*to, fmax(a, b));
    return *from <= *to;
}

bool strokes_clip(struct ui_rect field, struct strokes_way *way)
{
    const struct strokes_way whole = *way;
    const int across = whole.to_x - whole.from_x, down = whole.to_y - whole.from_y;
    double from = 0, to = 1;
    if (!narrow(whole.from_x - field.x, across, field.width - 1, &from, &to) ||
        !narrow(whole.from_y - field.y, down, field.height - 1, &from, &to))
        return false;
    *way = (struct strokes_way){ whole.from_x + (int)lround(from * across),
                                 whole.from_y + (int)lround(from * down),
                                 whole.from_x + (int)lround(to * across),
                                 whole.from_y + (int)lround(to * down) };
    return true;
}
