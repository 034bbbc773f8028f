/*
 * A signature as bytes: what was drawn on the screen, small enough to be sealed, and as a picture
 * for whoever may open it.
 *
 *   "GSIG1" width_mm height_mm count(2, big-endian), then three bytes a point, big-endian:
 *   begins(1 bit) x(11 bits) y(12 bits), x in 1/2048 and y in 1/4096 of the field.
 *
 * Pure. Sizes of the field are whole millimetres, 1..255.
 */
#pragma once
#include "base/status.h"
#include "ui/strokes.h"
#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_HEAD 9
#define SIGNATURE_SIZE_MAX (SIGNATURE_HEAD + 3 * UI_STROKE_POINTS_MAX)
/* A picture of it: dots to a millimetre, and a white edge. */
#define SIGNATURE_DOTS_PER_MM 8

/* How many bytes; 0 if there is no ink, or the field is none. */
size_t signature_encode(const struct ui_strokes *strokes, int width_mm, int height_mm,
                        uint8_t out[SIGNATURE_SIZE_MAX]);

/* Bytes from outside. STATUS_INVALID: no signature. */
NODISCARD enum status signature_decode(const uint8_t *bytes, size_t size, struct ui_strokes *out,
                                       int *width_mm_out, int *height_mm_out);

/* A PBM (P4), malloc'd. STATUS_INVALID as above, STATUS_FULL no memory. */
NODISCARD enum status signature_draw(const uint8_t *bytes, size_t size, uint8_t **pbm_out,
                                     size_t *size_out);
