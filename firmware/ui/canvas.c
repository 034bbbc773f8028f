#include "ui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "ui/icons.h"
#include "ui/qr.h"
#include "ui/raster.h"
#include "ui/text_cache.h"
#include "ui/text_layout.h"
#include "ui/text_visual.h"
#include "ui/theme.h"

#define ICON_POINTS_MAX 512
#define PRESSED_FRAME_DP 8
#define RING_OUTSIDE_DP 7 /* targets are 10 dp apart: the ring touches no other */
#define RING_INSIDE_DP 5
#define INK_DP 8 /* 2 mm: a felt pen */

struct canvas {
    struct text_cache *texts;
    struct raster raster;
    int scale;
    const struct ui_tree *tree;
    int pressed, focused;
    uint8_t *mask;
    size_t mask_bytes;
};

struct canvas *canvas_create(struct font *font, int scale)
{
    struct canvas *canvas = calloc(1, sizeof(*canvas));
    if (!canvas)
        return NULL;
    canvas->scale = scale;
    canvas->focused = -1;
    canvas->texts = text_cache_create(font);
    if (!canvas->texts) {
        free(canvas);
        return NULL;
    }
    return canvas;
}

void canvas_destroy(struct canvas *canvas)
{
    if (!canvas)
        return;
    text_cache_destroy(canvas->texts);
    free(canvas->mask);
    free(canvas);
}

void canvas_wipe(struct canvas *canvas)
{
    text_cache_clear(canvas->texts);
}

void canvas_set_pixels(struct canvas *canvas, uint32_t *pixels, int width, int height, int stride)
{
    canvas->raster = (struct raster){ pixels, width, height, stride, { 0, 0, width, height } };
}

static int px(const struct canvas *canvas, int dp)
{
    return theme_px(canvas->scale, dp);
}

static int radius_of(const struct canvas *canvas, const struct ui_node *node)
{
    const int radius =
        px(canvas, theme_surface_look(canvas->tree->look, style_surface(node->style)).radius_dp);
    const int least = (node->rect.width < node->rect.height ? node->rect.width : node->rect.height);
    return radius * 2 > least ? least / 2 : radius;
}

static bool paints_surface(const struct canvas *canvas, const struct ui_node *node)
{
    return node->role != UI_ROLE_IMAGE && node->role != UI_ROLE_TIMER &&
           node->role != UI_ROLE_PROGRESS && node->role != UI_ROLE_QR &&
           theme_surface_look(canvas->tree->look, style_surface(node->style)).fill !=
               THEME_NO_COLOUR;
}

/* What of a node hides everything below it; its corner rows are left out. */
static struct ui_rect opaque_part(const struct canvas *canvas, const struct ui_node *node)
{
    if (!paints_surface(canvas, node))
        return (struct ui_rect){ 0 };
    const int radius = radius_of(canvas, node);
    const struct ui_rect rect = node->rect;
    return (struct ui_rect){ rect.x, rect.y + radius, rect.width, rect.height - 2 * radius };
}

/* Fills what no node from index on will cover. */
static void fill_visible(struct canvas *canvas, struct ui_rect rect, uint32_t colour, int index)
{
    rect = ui_rect_cut(rect, canvas->raster.clip);
    if (ui_rect_is_empty(rect))
        return;
    for (int i = index; i < canvas->tree->count; i++) {
        const struct ui_rect over = ui_rect_cut(rect, opaque_part(canvas, &canvas->tree->nodes[i]));
        if (ui_rect_is_empty(over))
            continue;
        const int right = rect.x + rect.width, bottom = rect.y + rect.height;
        const int over_right = over.x + over.width, over_bottom = over.y + over.height;
        const struct ui_rect parts[] = {
            { rect.x, rect.y, rect.width, over.y - rect.y },
            { rect.x, over_bottom, rect.width, bottom - over_bottom },
            { rect.x, over.y, over.x - rect.x, over.height },
            { over_right, over.y, right - over_right, over.height },
        };
        for (int part = 0; part < 4; part++)
            fill_visible(canvas, parts[part], colour, i + 1);
        return;
    }
    raster_fill(&canvas->raster, rect, colour);
}

static void paint_box(struct canvas *canvas, struct ui_rect rect, int radius, int border,
                      uint32_t fill, uint32_t border_colour, int next)
{
    const int edge = radius > border ? radius : border;
    const int across = rect.width - 2 * edge, bottom = rect.y + rect.height;
    raster_box_edges(&canvas->raster, rect, radius, border, fill, border_colour);
    fill_visible(canvas, (struct ui_rect){ rect.x + edge, rect.y + border, across, edge - border },
                 fill, next);
    fill_visible(canvas,
                 (struct ui_rect){ rect.x + border, rect.y + edge, rect.width - 2 * border,
                                   rect.height - 2 * edge },
                 fill, next);
    fill_visible(canvas, (struct ui_rect){ rect.x + edge, bottom - edge, across, edge - border },
                 fill, next);
}

static void paint_surface(struct canvas *canvas, const struct ui_node *node, int index)
{
    const enum theme_surface surface = style_surface(node->style);
    const struct theme_surface_look surface_look = theme_surface_look(canvas->tree->look, surface);
    const struct theme_surface_look *look = &surface_look;
    if (surface == SURFACE_SCRIM) {
        raster_darken(&canvas->raster, node->rect);
        return;
    }
    if (look->fill == THEME_NO_COLOUR)
        return;
    if (index == canvas->pressed) {
        /* A heavy frame besides the darker fill: seen without telling colours apart. */
        paint_box(canvas, node->rect, radius_of(canvas, node), px(canvas, PRESSED_FRAME_DP),
                  look->pressed, look->ink, index + 1);
        return;
    }
    paint_box(canvas, node->rect, radius_of(canvas, node), px(canvas, look->border_dp), look->fill,
              look->border, index + 1);
}

static void paint_line(struct canvas *canvas, const struct ui_node *node, const char *text,
                       const struct text_line *line, struct ui_rect box)
{
    const int size_px = px(canvas, theme_size_dp(canvas->tree->look, style_size(node->style)));
    char visual[TEXT_VISUAL_SIZE];
    const char *start = text + line->start;
    int length = line->length;
    if (canvas->tree->look.right_to_left) {
        length = text_visual_order(start, length, visual, sizeof(visual));
        start = visual;
    }
    const struct font_pixels *pixels =
        text_cache_get(canvas->texts, style_weight(node->style), size_px, start, length);
    if (start == visual)
        explicit_bzero(visual, sizeof(visual));
    if (!pixels || !pixels->alpha)
        return;
    int x = box.x;
    switch (style_align(node->style)) {
    case ALIGN_LEFT:
        break;
    case ALIGN_CENTRE:
        x += (box.width - pixels->width) / 2;
        break;
    case ALIGN_RIGHT:
        x += box.width - pixels->width;
        break;
    }
    /* Figures and Chinese characters both have their middle 0.37 em above the base line. */
    const int y = box.y + box.height / 2 + size_px * 37 / 100 - pixels->baseline;
    raster_blend(
        &canvas->raster, pixels->alpha, pixels->stride,
        (struct ui_rect){ x, y, pixels->width, pixels->height },
        theme_ink_colour(canvas->tree->look, style_ink(node->style), style_surface(node->style)));
}

static void paint_text(struct canvas *canvas, const struct ui_node *node)
{
    if (!node->text || node->style & STYLE_SPOKEN_ONLY)
        return;
    const int padding = px(canvas, theme_padding_dp(style_surface(node->style)));
    const int size_px = px(canvas, theme_size_dp(canvas->tree->look, style_size(node->style)));
    const int pitch = text_layout_pitch(size_px);
    struct ui_rect box = node->rect;
    box.x += padding;
    box.width -= 2 * padding;
    struct text_lines lines;
    text_layout_wrap(style_weight(node->style), size_px, node->text, box.width, &lines);
    if (!(node->style & STYLE_TOP))
        box.y += (box.height - lines.count * pitch) / 2;
    box.height = pitch;
    for (int i = 0; i < lines.count; i++, box.y += pitch) {
        if (!ui_rect_is_empty(ui_rect_cut(box, canvas->raster.clip)))
            paint_line(canvas, node, node->text, &lines.lines[i], box);
    }
}

static uint32_t icon_colour(struct ui_look look, const struct ui_node *node, enum icon_paint paint)
{
    const enum theme_surface surface = style_surface(node->style);
    switch (paint) {
    case ICON_INK:
        if (style_ink(node->style) == INK_DEFAULT && surface == SURFACE_NONE)
            return theme_tint(look, TINT_PRIMARY);
        return theme_ink_colour(look, style_ink(node->style), surface);
    case ICON_SOFT:
        return theme_soft_colour(look, surface);
    case ICON_PAPER:
        return theme_tint(look, TINT_CARD);
    case ICON_LINE:
        return theme_tint(look, TINT_LINE);
    case ICON_GOOD:
        return theme_tint(look, TINT_GOOD);
    }
    return 0;
}

static struct raster_mask take_mask(struct canvas *canvas, struct ui_rect rect)
{
    const size_t bytes = (size_t)rect.width * (size_t)rect.height;
    if (bytes > canvas->mask_bytes) {
        uint8_t *larger = realloc(canvas->mask, bytes);
        if (!larger)
            return (struct raster_mask){ 0 };
        canvas->mask = larger;
        canvas->mask_bytes = bytes;
    }
    memset(canvas->mask, 0, bytes);
    return (struct raster_mask){ canvas->mask, rect };
}

static struct ui_rect bounds_of(const struct raster_point *points, int count, float reach)
{
    float x0 = points[0].x, x1 = x0, y0 = points[0].y, y1 = y0;
    for (int i = 1; i < count; i++) {
        x0 = points[i].x < x0 ? points[i].x : x0;
        x1 = points[i].x > x1 ? points[i].x : x1;
        y0 = points[i].y < y0 ? points[i].y : y0;
        y1 = points[i].y > y1 ? points[i].y : y1;
    }
    const int left = (int)(x0 - reach) - 1, top = (int)(y0 - reach) - 1;
    return (struct ui_rect){ left, top, (int)(x1 + reach) + 2 - left, (int)(y1 + reach) + 2 - top };
}

/* Arrows follow the direction of reading; pictures of the machine do not. */
static bool is_mirrored(const struct canvas *canvas, const struct ui_node *node)
{
    return canvas->tree->look.right_to_left &&
           (node->image == ICON_FORWARD || node->image == ICON_ERASE);
}

static void paint_path(struct canvas *canvas, const struct ui_node *node,
                       const struct icon_path *path, struct ui_rect square)
{
    const bool mirrored = is_mirrored(canvas, node);
    struct raster_point points[ICON_POINTS_MAX];
    const int count = path->point_count < ICON_POINTS_MAX ? path->point_count : ICON_POINTS_MAX;
    const float zoom = (float)square.width / (float)ICON_SHAPES[node->image].size;
    for (int i = 0; i < count; i++) {
        const struct icon_point from = ICON_POINTS[path->first_point + i];
        const float x = (float)from.x * zoom;
        points[i] =
            (struct raster_point){ (float)square.x + (mirrored ? (float)square.width - x : x),
                                   (float)square.y + (float)from.y * zoom };
    }
    const float width = (float)path->stroke * zoom;
    const struct ui_rect rect =
        ui_rect_cut(bounds_of(points, count, width / 2), canvas->raster.clip);
    if (ui_rect_is_empty(rect))
        return;
    struct raster_mask mask = take_mask(canvas, rect);
    if (!mask.alpha)
        return;
    if (path->stroke == 0)
        raster_mask_area(&mask, points, count);
    for (int i = 0; path->stroke > 0 && i < count - !path->closed; i++)
        raster_mask_line(&mask, points[i], points[(i + 1) % count], width);
    raster_blend(&canvas->raster, mask.alpha, rect.width, rect,
                 icon_colour(canvas->tree->look, node, path->paint));
}

static void paint_icon(struct canvas *canvas, const struct ui_node *node)
{
    const struct icon_shape *shape = &ICON_SHAPES[node->image];
    const struct ui_rect rect = node->rect;
    const int side = rect.width < rect.height ? rect.width : rect.height;
    const struct ui_rect square = { rect.x + (rect.width - side) / 2,
                                    rect.y + (rect.height - side) / 2, side, side };
    for (int i = 0; i < shape->path_count; i++) {
        paint_path(canvas, node, &ICON_PATHS[shape->first_path + i], square);
    }
}

/* Black on white in every look, with the quiet zone of four modules: a phone must read it. */
static void paint_qr(struct canvas *canvas, const struct ui_node *node)
{
    static struct qr qr; /* main loop only */
    const struct ui_rect rect = node->rect;
    if (!node->text || !qr_make(node->text, &qr))
        return;
    raster_fill(&canvas->raster, rect, 0xFFFFFF);
    const int least = rect.width < rect.height ? rect.width : rect.height;
    const int module = least / (qr.side + 8);
    const int x = rect.x + (rect.width - module * qr.side) / 2;
    const int y = rect.y + (rect.height - module * qr.side) / 2;
    for (int i = 0; i < qr.side * qr.side; i++) {
        const struct ui_rect square = { x + i % qr.side * module, y + i / qr.side * module, module,
                                        module };
        if (qr.dark[i])
            raster_fill(&canvas->raster, square, 0x000000);
    }
    explicit_bzero(&qr, sizeof(qr));
}

static struct raster_point stroke_point(struct ui_rect rect, const struct ui_stroke_point *point)
{
    return (struct raster_point){ (float)rect.x + (float)(point->x * rect.width) / UI_STROKE_RANGE,
                                  (float)rect.y +
                                      (float)(point->y * rect.height) / UI_STROKE_RANGE };
}

/* The ends of the way to a point; alike where a stroke begins. */
static void stroke_ends(const struct ui_strokes *strokes, int index, struct ui_rect field,
                        struct raster_point ends[2])
{
    const struct ui_stroke_point *point = &strokes->points[index];
    ends[1] = stroke_point(field, point);
    ends[0] = point->begins || index == 0 ? ends[1] : stroke_point(field, point - 1);
}

struct ui_rect canvas_ink_area(const struct canvas *canvas, struct ui_rect field,
                               const struct ui_strokes *strokes)
{
    struct raster_point ends[2];
    if (strokes->count == 0)
        return (struct ui_rect){ 0 };
    stroke_ends(strokes, strokes->count - 1, field, ends);
    return ui_rect_cut(bounds_of(ends, 2, (float)px(canvas, INK_DP) / 2), field);
}

static void paint_strokes(struct canvas *canvas, const struct ui_node *node)
{
    const struct ui_strokes *strokes = &canvas->tree->strokes;
    const float width = (float)px(canvas, INK_DP);
    for (int i = 0; i < strokes->count; i++) {
        struct raster_point ends[2];
        stroke_ends(strokes, i, node->rect, ends);
        const struct ui_rect rect = ui_rect_cut(
            ui_rect_cut(bounds_of(ends, 2, width / 2), node->rect), canvas->raster.clip);
        if (ui_rect_is_empty(rect))
            continue;
        struct raster_mask mask = take_mask(canvas, rect);
        if (!mask.alpha)
            return;
        raster_mask_line(&mask, ends[0], ends[1], width);
        raster_blend(&canvas->raster, mask.alpha, rect.width, rect,
                     theme_tint(canvas->tree->look, TINT_INK));
    }
}

static void paint_progress(struct canvas *canvas, const struct ui_node *node)
{
    struct ui_rect rect = node->rect;
    const int radius = rect.height / 2;
    const struct ui_look look = canvas->tree->look;
    paint_box(canvas, rect, radius, px(canvas, 2), theme_tint(look, TINT_CARD),
              theme_tint(look, TINT_EDGE), canvas->tree->count);
    if (node->value <= 0 || node->value_max <= 0)
        return;
    const int64_t part = node->value < node->value_max ? node->value : node->value_max;
    const int wide = (int)(rect.width * part / node->value_max);
    const int right = rect.x + rect.width;
    rect.width = wide > rect.height ? wide : rect.height;
    if (look.right_to_left)
        rect.x = right - rect.width;
    paint_box(canvas, rect, radius, 0, theme_tint(look, TINT_GOOD), 0, canvas->tree->count);
}

static void paint_node(struct canvas *canvas, const struct ui_node *node, int index)
{
    switch (node->role) {
    case UI_ROLE_BOX:
    case UI_ROLE_TEXT:
    case UI_ROLE_BUTTON:
    case UI_ROLE_CHOICE:
        paint_surface(canvas, node, index);
        break;
    case UI_ROLE_PROGRESS:
        paint_progress(canvas, node);
        return;
    case UI_ROLE_TIMER:
        raster_ring(&canvas->raster, node->rect, px(canvas, 8), node->value, node->value_max,
                    theme_tint(canvas->tree->look, TINT_PRIMARY),
                    theme_tint(canvas->tree->look, TINT_LINE));
        break;
    case UI_ROLE_IMAGE:
        paint_icon(canvas, node);
        return;
    case UI_ROLE_QR:
        paint_qr(canvas, node);
        return;
    case UI_ROLE_SIGNATURE:
        paint_surface(canvas, node, index);
        paint_strokes(canvas, node);
        return;
    }
    paint_text(canvas, node);
}

void canvas_set_focus(struct canvas *canvas, int focused)
{
    canvas->focused = focused;
}

static struct ui_rect grown(struct ui_rect rect, int by)
{
    return (struct ui_rect){ rect.x - by, rect.y - by, rect.width + 2 * by, rect.height + 2 * by };
}

struct ui_rect canvas_focus_area(const struct canvas *canvas, const struct ui_node *node)
{
    return grown(node->rect, px(canvas, RING_OUTSIDE_DP) + 1);
}

/* A quarter of a circle as five points, beginning at an eighth turn times quarter. */
static void add_corner(struct raster_point *points, float x, float y, float radius, int corner)
{
    static const struct raster_point TURN[] = { /* of 90 degrees, in quarters */
                                                { 1.0F, 0.0F },
                                                { 0.9239F, 0.3827F },
                                                { 0.7071F, 0.7071F },
                                                { 0.3827F, 0.9239F },
                                                { 0.0F, 1.0F }
    };
    for (int i = 0; i < (int)ARRAY_SIZE(TURN); i++) {
        const struct raster_point t = TURN[i];
        const struct raster_point turned[] = {
            { t.x, t.y }, { -t.y, t.x }, { -t.x, -t.y }, { t.y, -t.x }
        };
        points[i] =
            (struct raster_point){ x + radius * turned[corner].x, y + radius * turned[corner].y };
    }
}

/* A line of this width along a rounded box, blended over whatever is there. */
static void paint_outline(struct canvas *canvas, struct ui_rect box, int radius, int width,
                          uint32_t colour)
{
    struct raster_point points[20];
    const float half = (float)width / 2, r = (float)radius - half;
    const float left = (float)(box.x + radius), right = (float)(box.x + box.width - radius);
    const float top = (float)(box.y + radius), bottom = (float)(box.y + box.height - radius);
    add_corner(points, right, bottom, r, 0);
    add_corner(points + 5, left, bottom, r, 1);
    add_corner(points + 10, left, top, r, 2);
    add_corner(points + 15, right, top, r, 3);
    const struct ui_rect rect = ui_rect_cut(grown(box, 1), canvas->raster.clip);
    if (ui_rect_is_empty(rect))
        return;
    struct raster_mask mask = take_mask(canvas, rect);
    if (!mask.alpha)
        return;
    for (int i = 0; i < 20; i++)
        raster_mask_line(&mask, points[i], points[(i + 1) % 20], (float)width);
    raster_blend(&canvas->raster, mask.alpha, rect.width, rect, colour);
}

static void paint_focus(struct canvas *canvas, const struct ui_node *node)
{
    const int outside = px(canvas, RING_OUTSIDE_DP), inside = px(canvas, RING_INSIDE_DP);
    const int radius = radius_of(canvas, node);
    const struct ui_look look = canvas->tree->look;
    paint_outline(canvas, grown(node->rect, outside), radius + outside, outside,
                  theme_tint(look, TINT_INK));
    paint_outline(canvas, node->rect, radius > inside ? radius : inside, inside,
                  theme_tint(look, TINT_CARD));
}

void canvas_paint(struct canvas *canvas, const struct ui_tree *tree, struct ui_rect clip,
                  int pressed)
{
    const struct ui_rect whole = { 0, 0, canvas->raster.width, canvas->raster.height };
    canvas->raster.clip = ui_rect_cut(clip, whole);
    canvas->tree = tree;
    canvas->pressed = pressed;
    if (ui_rect_is_empty(canvas->raster.clip))
        return;
    for (int i = 0; i < tree->count; i++) {
        if (!ui_rect_is_empty(ui_rect_cut(tree->nodes[i].rect, canvas->raster.clip)))
            paint_node(canvas, &tree->nodes[i], i);
    }
    if (canvas->focused >= 0 && canvas->focused < tree->count)
        paint_focus(canvas, &tree->nodes[canvas->focused]);
    canvas->tree = NULL;
}
