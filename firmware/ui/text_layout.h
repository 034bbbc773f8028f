/*
 * How wide a text is and where its lines break, without a font: widths come from a table of Noto
 * Sans CJK SC, so that scenes stay pure and what they lay out is what the canvas paints.
 *
 * Chinese breaks anywhere except before closing and after opening punctuation; Latin between words.
 * Nothing is ever cut with an ellipsis: a text too long for its box is a fault the scene tests
 * find.
 */
#pragma once
#include "ui/font.h"
#include <stdbool.h>

#define TEXT_LINES_MAX 24

struct text_line {
    int start, length; /* bytes */
    int width_px;
};

struct text_lines {
    int count;
    bool broken; /* a word was wider than the box, or lines were left over */
    struct text_line lines[TEXT_LINES_MAX];
};

/* Rounded up. length -1: to the end. */
int text_layout_width(enum font_weight weight, int size_px, const char *text, int length);

/* From the top of one line to the top of the next. */
int text_layout_pitch(int size_px);

/*
 * Breaks at '\n' and else into as few lines as the width allows. Of the ways to do that it takes
 * the one that reads best: after punctuation, not within a word, no last line of a character or
 * two.
 */
void text_layout_wrap(enum font_weight weight, int size_px, const char *text, int width_px,
                      struct text_lines *out);
int text_layout_height(enum font_weight weight, int size_px, const char *text, int width_px);
