/*
 * What is written on a signature field with the finger. The window and whoever keeps the signature
 * put the same points in the same order, so that both hold the same ink.
 *
 * Pure. Units: points in 1/4096 of the field's width and height; sizes of the field in mm.
 */
#pragma once
#include "ui/tree.h"
#include <stdbool.h>

/*
 * Our own limits. A cross, with which those sign who cannot write, is 12 mm high and has 34 mm of
 * ink; a dot, a palm or a wiping sleeve has no length or lies along one line.
 */
#define STROKES_LENGTH_MIN_MM 30
#define STROKES_LONG_SIDE_MIN_MM 12
#define STROKES_SHORT_SIDE_MIN_MM 4

/*
 * Adds a point, of a new stroke if it begins one; NULL takes back the stroke begun last. True if
 * what was written earlier looks different now: strokes were taken back, or there were too many
 * points and those that matter least to the shape are gone. The end is never lost.
 */
bool strokes_put(struct ui_strokes *strokes, const struct ui_stroke_point *point);
/* Nothing of it stays in memory. */
void strokes_clear(struct ui_strokes *strokes);
bool strokes_are_same(const struct ui_strokes *a, const struct ui_strokes *b);

/* Ink enough, and spread enough, for somebody to have meant it, on a field of this size. */
bool strokes_is_signature(const struct ui_strokes *strokes, double width_mm, double height_mm);

/* A pixel of the panel as a point of the field. */
struct ui_stroke_point strokes_point(struct ui_rect field, int x, int y, bool begins);

/* A way of the finger, in pixels. */
struct strokes_way {
    int from_x, from_y, to_x, to_y;
};
/* The part of it on the field; false if there is none. */
bool strokes_clip(struct ui_rect field, struct strokes_way *way);
