/*
 * A strip of paper that grows downwards: text in one colour, rules, boxes and a QR code.
 *
 * Texts wrap inside the margins; nothing is cut. Once something fails (no memory, too long) the
 * paper turns bad and stays bad; the caller checks once at the end.
 */
#pragma once
#include "drivers/printer/printer.h"
#include "receipt/paper_lines.h"
#include <stdbool.h>
#include <stdint.h>

enum paper_align {
    PAPER_LEFT,
    PAPER_CENTRE,
    PAPER_RIGHT
};

struct paper {
    struct paper_lines lines;
    struct printer_bitmap bitmap; /* height_dots: of the memory */
    int margin;
    int y;                          /* used so far */
    int ruled_at;                   /* a rule ended here */
    int beside_left, beside_bottom; /* of the column beside a QR code; bottom 0: none */
    enum status bad;
};

void paper_init(struct paper *paper, struct font *font, int width_dots, int margin);
/* The paper is drawn twice, the first time to learn its texts (paper_lines.h says why). */
void paper_begin_again(struct paper *paper);
/* Cuts the memory to what was used and hands it over; frees it if the paper is bad. */
NODISCARD enum status paper_finish(struct paper *paper, struct printer_bitmap *out);

void paper_feed(struct paper *paper, int dots);
void paper_text(struct paper *paper, struct paper_type type, enum paper_align align,
                const char *text);
/* Centred on one baseline, or the translation below. */
void paper_title(struct paper *paper, struct paper_type type, struct paper_type small,
                 const char *text, const char *translation);
/* Label left with its translation beside it, value at the tab, or at the right edge without one.
 * What does not fit beside goes under: first the translation, then the value. */
struct paper_label {
    struct paper_type type, small;
    const char *text, *translation;
    int tab; /* from the left margin; 0: none */
};
void paper_pair(struct paper *paper, const struct paper_label *label, struct paper_type value_type,
                const char *value);

#define PAPER_CELLS_MAX 3
struct paper_cell {
    struct paper_label label;
    struct paper_type value_type;
    const char *value;
};
/* Up to three side by side, each a label with its translation and the value under it. False, and
 * nothing drawn, when one is too wide. */
bool paper_cells(struct paper *paper, const struct paper_cell *cells, int count);

enum paper_rule {
    PAPER_THIN,
    PAPER_DASHED,
    PAPER_HEAVY
};
/* A dashed rule straight after another is left out. */
void paper_rule(struct paper *paper, enum paper_rule rule);
/* A frame around what is drawn between the two calls. */
int paper_begin_box(struct paper *paper);
void paper_end_box(struct paper *paper, int begin);
/* Error correction M, quiet zone of 4 modules, 4 to 6 dots a module. Texts up to paper_end_beside
 * stand in a column to its right, if there is room for one; then the paper goes on below both. */
void paper_begin_beside_qr(struct paper *paper, const char *text);
void paper_end_beside(struct paper *paper);
