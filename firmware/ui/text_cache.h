/*
 * Rendered lines, kept: a screen redrawn for one changed figure renders one line. Bounded by count
 * and bytes; the line longest unused goes first.
 *
 * Privacy: text_cache_clear wipes the pixels (ui_window_wipe, at the end of a visit).
 */
#pragma once
#include "ui/font.h"

struct text_cache;

struct text_cache *text_cache_create(struct font *font);
void text_cache_destroy(struct text_cache *cache);
void text_cache_clear(struct text_cache *cache);

/* Valid until the next call; NULL when the text cannot be rendered. length in bytes. */
const struct font_pixels *text_cache_get(struct text_cache *cache, enum font_weight weight,
                                         int size_px, const char *text, int length);
