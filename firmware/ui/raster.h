/*
 * Pixels: areas, soft edges and coverage masks on 32-bit memory (0x00RRGGBB), always inside a clip.
 */
#pragma once
#include "ui/tree.h"
#include <stdint.h>

struct raster {
    uint32_t *pixels;
    int width, height, stride; /* stride in pixels */
    struct ui_rect clip;
};

/* Coverage of one shape before it is blended; memory of the caller, at least as large as the rect.
 */
struct raster_mask {
    uint8_t *alpha;
    struct ui_rect rect;
};

void raster_fill(struct raster *raster, struct ui_rect rect, uint32_t colour);
void raster_darken(struct raster *raster, struct ui_rect rect);

/* The parts of a rounded box that are not plain fill: four corners and the border between them. */
void raster_box_edges(struct raster *raster, struct ui_rect rect, int radius, int border,
                      uint32_t fill_colour, uint32_t border_colour);
void raster_blend(struct raster *raster, const uint8_t *alpha, int stride, struct ui_rect rect,
                  uint32_t colour);

/* A ring of which part / whole, from the top and clockwise, is in the colour and the rest in rest.
 */
void raster_ring(struct raster *raster, struct ui_rect rect, int width, int64_t part, int64_t whole,
                 uint32_t colour, uint32_t rest);

struct raster_point {
    float x, y;
};

/* Adds a line with round ends to the mask. */
void raster_mask_line(struct raster_mask *mask, struct raster_point a, struct raster_point b,
                      float width);
/* Adds the inside of a polygon (even-odd) to the mask. */
void raster_mask_area(struct raster_mask *mask, const struct raster_point *points, int count);
