#include "ui/raster.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define OPAQUE 255

static uint32_t mix(uint32_t below, uint32_t above, uint32_t alpha)
{
    const uint32_t rest = OPAQUE - alpha;
    const uint32_t red_blue = (below & 0xff00ff) * rest + (above & 0xff00ff) * alpha + 0x800080;
    const uint32_t green = (below & 0xff00) * rest + (above & 0xff00) * alpha + 0x8000;
    /* x / 255 for 16-bit lanes: (x + x / 256) / 256 */
    return ((red_blue + (red_blue >> 8 & 0xff00ff)) >> 8 & 0xff00ff) |
           ((green + (green >> 8 & 0xff00)) >> 8 & 0xff00);
}

static uint32_t *row_at(const struct raster *raster, int y)
{
    return raster->pixels + (ptrdiff_t)y * raster->stride;
}

void raster_fill(struct raster *raster, struct ui_rect rect, uint32_t colour)
{
    const struct ui_rect area = ui_rect_cut(rect, raster->clip);
    for (int y = area.y; y < area.y + area.height; y++) {
        uint32_t *row = row_at(raster, y) + area.x;
        for (int x = 0; x < area.width; x++)
            row[x] = colour;
    }
}

void raster_darken(struct raster *raster, struct ui_rect rect)
{
    const struct ui_rect area = ui_rect_cut(rect, raster->clip);
    for (int y = area.y; y < area.y + area.height; y++) {
        uint32_t *row = row_at(raster, y) + area.x;
        for (int x = 0; x < area.width; x++)
            row[x] = mix(row[x], 0x0E1B2E, 150);
    }
}

static uint32_t coverage(float signed_distance)
{
    const float alpha = 0.5f - signed_distance;
    if (alpha <= 0)
        return 0;
    return alpha >= 1 ? OPAQUE : (uint32_t)(alpha * OPAQUE + 0.5f);
}

struct corner {
    struct ui_rect square;
    float x, y; /* centre of its circle */
};

static void paint_corner(struct raster *raster, struct corner corner, int radius, int border,
                         uint32_t fill_colour, uint32_t border_colour)
{
    const struct ui_rect area = ui_rect_cut(corner.square, raster->clip);
    for (int y = area.y; y < area.y + area.height; y++) {
        uint32_t *row = row_at(raster, y);
        const float dy = (float)y + 0.5f - corner.y;
        for (int x = area.x; x < area.x + area.width; x++) {
            const float dx = (float)x + 0.5f - corner.x;
            const float distance = sqrtf(dx * dx + dy * dy) - (float)radius;
            if (border > 0)
                row[x] = mix(row[x], border_colour, coverage(distance));
            row[x] = mix(row[x], fill_colour, coverage(distance + (float)border));
        }
    }
}

void raster_box_edges(struct raster *raster, struct ui_rect rect, int radius, int border,
                      uint32_t fill_colour, uint32_t border_colour)
{
    const int right = rect.x + rect.width, bottom = rect.y + rect.height;
    const float x0 = (float)(rect.x + radius), x1 = (float)(right - radius);
    const float y0 = (float)(rect.y + radius), y1 = (float)(bottom - radius);
    const struct corner corners[] = {
        { { rect.x, rect.y, radius, radius }, x0, y0 },
        { { right - radius, rect.y, radius, radius }, x1, y0 },
        { { rect.x, bottom - radius, radius, radius }, x0, y1 },
        { { right - radius, bottom - radius, radius, radius }, x1, y1 },
    };
    for (int i = 0; radius > 0 && i < 4; i++)
        paint_corner(raster, corners[i], radius, border, fill_colour, border_colour);
    if (border == 0)
        return;
    const int across = rect.width - 2 * radius, down = rect.height - 2 * radius;
    raster_fill(raster, (struct ui_rect){ rect.x + radius, rect.y, across, border }, border_colour);
    raster_fill(raster, (struct ui_rect){ rect.x + radius, bottom - border, across, border },
                border_colour);
    raster_fill(raster, (struct ui_rect){ rect.x, rect.y + radius, border, down }, border_colour);
    raster_fill(raster, (struct ui_rect){ right - border, rect.y + radius, border, down },
                border_colour);
}

/* How many pixels from here are certainly not covered: most of the mask of an outline. */
static int clear_run(const uint8_t *alpha, int count)
{
    int run = 0;
    for (uint64_t eight; run + 8 <= count; run += 8) {
        memcpy(&eight, alpha + run, sizeof(eight));
        if (eight != 0)
            break;
    }
    return run;
}

void raster_blend(struct raster *raster, const uint8_t *alpha, int stride, struct ui_rect rect,
                  uint32_t colour)
{
    const struct ui_rect area = ui_rect_cut(rect, raster->clip);
    for (int y = area.y; y < area.y + area.height; y++) {
        uint32_t *row = row_at(raster, y);
        const uint8_t *from = alpha + (ptrdiff_t)(y - rect.y) * stride;
        const int right = area.x + area.width;
        for (int x = area.x; x < right; x++) {
            x += clear_run(from + (x - rect.x), right - x);
            if (x == right)
                break;
            const uint8_t covered = from[x - rect.x];
            if (covered == OPAQUE)
                row[x] = colour;
            else if (covered != 0)
                row[x] = mix(row[x], colour, covered);
        }
    }
}

void raster_ring(struct raster *raster, struct ui_rect rect, int width, int64_t part, int64_t whole,
                 uint32_t colour, uint32_t rest)
{
    const struct ui_rect area = ui_rect_cut(rect, raster->clip);
    const float cx = (float)rect.x + (float)rect.width / 2;
    const float cy = (float)rect.y + (float)rect.height / 2;
    const float half = (float)width / 2, radius = (float)rect.width / 2 - half;
    const float turn = 6.2831853f * (whole > 0 ? (float)part / (float)whole : 0);
    for (int y = area.y; y < area.y + area.height; y++) {
        uint32_t *row = row_at(raster, y);
        for (int x = area.x; x < area.x + area.width; x++) {
            const float dx = (float)x + 0.5f - cx, dy = (float)y + 0.5f - cy;
            const uint32_t alpha = coverage(fabsf(sqrtf(dx * dx + dy * dy) - radius) - half);
            if (alpha == 0)
                continue;
            float angle = atan2f(dx, -dy);
            if (angle < 0)
                angle += 6.2831853f;
            row[x] = mix(row[x], angle <= turn ? colour : rest, alpha);
        }
    }
}

static float distance_to_line(float x, float y, struct raster_point a, struct raster_point b)
{
    const float ux = b.x - a.x, uy = b.y - a.y, length = ux * ux + uy * uy;
    float t = length > 0 ? ((x - a.x) * ux + (y - a.y) * uy) / length : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    const float dx = x - a.x - t * ux, dy = y - a.y - t * uy;
    return sqrtf(dx * dx + dy * dy);
}

void raster_mask_line(struct raster_mask *mask, struct raster_point a, struct raster_point b,
                      float width)
{
    const float half = width / 2, reach = half + 1;
    const int x0 = (int)floorf(fminf(a.x, b.x) - reach), x1 = (int)ceilf(fmaxf(a.x, b.x) + reach);
    const int y0 = (int)floorf(fminf(a.y, b.y) - reach), y1 = (int)ceilf(fmaxf(a.y, b.y) + reach);
    const struct ui_rect area =
        ui_rect_cut((struct ui_rect){ x0, y0, x1 - x0, y1 - y0 }, mask->rect);
    for (int y = area.y; y < area.y + area.height; y++) {
        uint8_t *row = mask->alpha + (ptrdiff_t)(y - mask->rect.y) * mask->rect.width;
        for (int x = area.x; x < area.x + area.width; x++) {
            const float distance = distance_to_line((float)x + 0.5f, (float)y + 0.5f, a, b);
            const uint32_t alpha = coverage(distance - half);
            uint8_t *covered = &row[x - mask->rect.x];
            if (alpha > *covered)
                *covered = (uint8_t)alpha;
        }
    }
}

#define SUBROWS 4
#define CROSSINGS_MAX 64

static int find_crossings(const struct raster_point *points, int count, float y, float *out)
{
    int found = 0;
    for (int i = 0; i < count && found < CROSSINGS_MAX; i++) {
        const struct raster_point a = points[i], b = points[(i + 1) % count];
        if ((a.y <= y) == (b.y <= y))
            continue;
        const float x = a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y);
        int at = found++;
        for (; at > 0 && out[at - 1] > x; at--)
            out[at] = out[at - 1];
        out[at] = x;
    }
    return found;
}

static void add_part(uint8_t *covered, float part)
{
    const int alpha = *covered + (int)(part * ((float)OPAQUE / SUBROWS) + 0.5f);
    *covered = (uint8_t)(alpha > OPAQUE ? OPAQUE : alpha);
}

/* The two ends by how much they cover; all between alike, which is what makes large areas quick. */
static void add_span(const struct raster_mask *mask, uint8_t *row, float from, float to)
{
    const int left = mask->rect.x, right = mask->rect.x + mask->rect.width;
    from = fmaxf(from, (float)left);
    to = fminf(to, (float)right);
    if (from >= to)
        return;
    const int first = (int)floorf(from), last = (int)ceilf(to) - 1;
    if (first == last) {
        add_part(&row[first - left], to - from);
        return;
    }
    add_part(&row[first - left], (float)first + 1 - from);
    add_part(&row[last - left], to - (float)last);
    const int whole = (OPAQUE + SUBROWS - 1) / SUBROWS;
    for (uint8_t *at = row + first + 1 - left; at < row + last - left; at++)
        *at = (uint8_t)(*at > OPAQUE - whole ? OPAQUE : *at + whole);
}

void raster_mask_area(struct raster_mask *mask, const struct raster_point *points, int count)
{
    float crossings[CROSSINGS_MAX];
    for (int y = 0; y < mask->rect.height; y++) {
        uint8_t *row = mask->alpha + (ptrdiff_t)y * mask->rect.width;
        for (int sub = 0; sub < SUBROWS; sub++) {
            const float at = (float)(y + mask->rect.y) + ((float)sub + 0.5f) / SUBROWS;
            const int found = find_crossings(points, count, at, crossings);
            for (int i = 0; i + 1 < found; i += 2)
                add_span(mask, row, crossings[i], crossings[i + 1]);
        }
    }
}
