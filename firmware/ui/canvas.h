/*
 * Paints a tree into memory, each pixel once where it can: an area is not filled where a later,
 * opaque surface lies on it, because clearing and painting over is the largest part of a screen.
 */
#pragma once
#include "ui/font.h"
#include "ui/tree.h"
#include <stdint.h>

struct canvas;

/* scale: theme_scale. NULL only when out of memory. The font outlives the canvas. */
struct canvas *canvas_create(struct font *font, int scale);
void canvas_destroy(struct canvas *canvas);

/* 0x00RRGGBB, stride in pixels. */
void canvas_set_pixels(struct canvas *canvas, uint32_t *pixels, int width, int height, int stride);

/* Paints what of the tree lies inside clip. pressed: index of the node under the finger, or -1. */
void canvas_paint(struct canvas *canvas, const struct ui_tree *tree, struct ui_rect clip,
                  int pressed);

/* The node of the painted tree that has the focus, or -1: it gets a ring of two lines, one of them
 * outside of it, so that it is seen against the ground and against the node whatever their colours.
 */
void canvas_set_focus(struct canvas *canvas, int focused);
/* What the ring around a node covers. */
struct ui_rect canvas_focus_area(const struct canvas *canvas, const struct ui_node *node);

/* What the way to the last point of the ink on a signature field covers. */
struct ui_rect canvas_ink_area(const struct canvas *canvas, struct ui_rect field,
                               const struct ui_strokes *strokes);

/* Forgets rendered texts. */
void canvas_wipe(struct canvas *canvas);
