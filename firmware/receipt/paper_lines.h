/*
 * The texts of a receipt as pixels, each cut to the width it is given.
 *
 * A change of size makes the font forget its letters, and a receipt changes size from label to
 * translation to value. So the paper is drawn twice: the first time every text is only taken down
 * and has no width, then paper_lines_make makes them size by size, and the second time they are
 * there. What the first time did not ask for (a value that went under its label) is made when it
 * is.
 */
#pragma once
#include "base/status.h"
#include "ui/font.h"
#include <stdbool.h>
#include <stddef.h>

struct paper_type {
    int size; /* dots */
    enum font_weight weight;
};

struct paper_line {
    struct paper_type type;
    int width_max;
    char *text;
    size_t length; /* of the text: what stands on this line */
    struct font_pixels pixels;
};

struct paper_lines {
    struct font *font;
    bool collecting;
    enum status bad;
    int count, capacity;
    struct paper_line **lines;
};

#define PAPER_UNBOUND 1000000 /* as wide as it comes */

void paper_lines_init(struct paper_lines *lines, struct font *font);
void paper_lines_free(struct paper_lines *lines);

/* The first line of the text, at most width_max wide where it can be parted. Texts wrap: Han
 * anywhere but before closing and after opening marks, Latin at spaces. Never NULL, valid until
 * freed; empty after a failure, which .bad keeps. */
const struct paper_line *paper_lines_get(struct paper_lines *lines, struct paper_type type,
                                         const char *text, int width_max);

/* Makes what was taken down, and ends the taking down. */
void paper_lines_make(struct paper_lines *lines);

/* The text after this line, without the space between them. */
const char *paper_line_rest(const struct paper_line *line, const char *text);
