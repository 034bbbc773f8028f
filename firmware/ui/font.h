/*
 * Text as pixels. One mapped font file per weight, several sizes by TTF_SetFontSize: a face
 * costs 2.3 MiB, a size nothing. Face index 2 of NotoSansCJK-*.ttc is Simplified Chinese.
 *
 * Threads: main loop.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stdint.h>

enum font_weight {
    FONT_REGULAR,
    FONT_BOLD
};

struct font_pixels { /* 8-bit coverage, 255 = ink */
    int width, height, stride;
    int baseline; /* rows from the top */
    uint8_t *alpha;
};

struct font;

/* directory holds NotoSansCJK-Regular.ttc and NotoSansCJK-Bold.ttc. STATUS_NOT_FOUND,
 * STATUS_INVALID. */
NODISCARD enum status font_open(const char *directory, struct font **out);
void font_close(struct font *font);

/* Advance width in pixels. */
int font_measure(struct font *font, enum font_weight weight, int size_px, const char *text);
int font_line_height(struct font *font, enum font_weight weight, int size_px);

/* Allocates out->alpha; free with font_pixels_free. */
NODISCARD enum status font_render(struct font *font, enum font_weight weight, int size_px,
                                  const char *text, struct font_pixels *out);
void font_pixels_free(struct font_pixels *pixels);
