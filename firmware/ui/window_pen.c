/* A finger, or the mouse, that writes on the signature field. */
#include "ui/window_internal.h"

#include <stdlib.h>
#include <string.h>

#include "ui/strokes.h"
#include "ui/theme.h"

#define STEP_DP 4 /* 1 mm: less is a trembling hand or a noisy panel */

/* The field at this place, unless something lies over it: a page over the page, a control. */
static const struct ui_node *field_at(const struct ui_tree *tree, int x, int y)
{
    for (int i = tree->count - 1; i >= 0; i--) {
        const struct ui_node *node = &tree->nodes[i];
        if (!ui_rect_contains(node->rect, x, y))
            continue;
        if (node->role == UI_ROLE_SIGNATURE)
            return node->enabled ? node : NULL;
        if (ui_node_is_target(node) || style_surface(node->style) != SURFACE_NONE)
            return NULL;
    }
    return NULL;
}

/* Painted before anybody is asked: the ink must keep up with the finger. */
static void put(struct ui_window *window, const struct ui_stroke_point *point)
{
    struct ui_strokes *strokes = &window->shown.strokes;
    const struct ui_rect field = window->pen.field;
    struct dirty dirty = { 0 };
    const bool all = strokes_put(strokes, point);
    dirty_add(&dirty, all ? field : canvas_ink_area(window->canvas, field, strokes));
    window_paint(window, &dirty);
    window->listener.on_stroke(window->listener.context, point);
}

static void put_at(struct ui_window *window, int x, int y, bool begins)
{
    const struct ui_stroke_point point = strokes_point(window->pen.field, x, y, begins);
    put(window, &point);
}

static void take_back(struct ui_window *window)
{
    window->pen.is_down = false;
    put(window, NULL);
}

void window_pen_begin(struct ui_window *window, const struct touch_point *point)
{
    struct window_pen *pen = &window->pen;
    window_pen_check(window);
    if (pen->is_down && window->touch.is_palm)
        take_back(window);
    if (!window->listener.on_stroke || !touch_may_draw(&window->touch, point))
        return;
    const struct ui_node *field = field_at(&window->shown, point->x, point->y);
    pen->is_down = field != NULL; /* the end of a stroke before was lost */
    if (!field)
        return;
    pen->finger = point->finger;
    pen->field = field->rect;
    memcpy(pen->id, field->id, sizeof(pen->id));
    pen->x = point->x;
    pen->y = point->y;
    pen->is_inside = true;
    put_at(window, point->x, point->y, true);
}

static bool is_on_panel(int x, int y)
{
    return x >= 0 && y >= 0;
}

static bool is_step(const struct ui_window *window, const struct touch_point *point)
{
    const int step = theme_px(window->scale, STEP_DP);
    const struct window_pen *pen = &window->pen;
    return abs(point->x - pen->x) >= step || abs(point->y - pen->y) >= step;
}

/* Ink ends where the way leaves the field, and begins anew where it comes back. */
static void go_to(struct ui_window *window, const struct touch_point *point)
{
    struct window_pen *pen = &window->pen;
    const bool was_inside = pen->is_inside,
               is_inside = ui_rect_contains(pen->field, point->x, point->y);
    struct strokes_way way = { pen->x, pen->y, point->x, point->y };
    const bool is_known = is_on_panel(pen->x, pen->y) && is_on_panel(point->x, point->y);
    pen->x = point->x;
    pen->y = point->y;
    pen->is_inside = is_inside;
    touch_draw(&window->touch, point);
    if (!is_known && is_inside)
        put_at(window, point->x, point->y, true);
    if (!is_known || !strokes_clip(pen->field, &way))
        return;
    if (!was_inside)
        put_at(window, way.from_x, way.from_y, true);
    if (pen->is_down) /* whoever was told may have shown another page */
        put_at(window, way.to_x, way.to_y, false);
}

static bool is_its(const struct ui_window *window, const struct touch_point *point)
{
    return window->pen.is_down && window->pen.finger == point->finger;
}

void window_pen_move(struct ui_window *window, const struct touch_point *point)
{
    window_pen_check(window);
    if (is_its(window, point) && is_step(window, point))
        go_to(window, point);
}

/* The last point counts, however near: the stroke ends where the finger did. */
void window_pen_end(struct ui_window *window, const struct touch_point *point)
{
    if (!is_its(window, point))
        return;
    if (point->x != window->pen.x || point->y != window->pen.y)
        go_to(window, point);
    window->pen.is_down = false;
}

void window_pen_check(struct ui_window *window)
{
    struct window_pen *pen = &window->pen;
    if (!pen->is_down)
        return;
    const struct ui_node *field = ui_tree_find(&window->shown, pen->id);
    pen->is_down = touch_has(&window->touch, pen->finger) && field &&
                   field->role == UI_ROLE_SIGNATURE && field->enabled &&
                   ui_rect_is_same(field->rect, pen->field);
}
