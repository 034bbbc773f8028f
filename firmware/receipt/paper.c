#include "receipt/paper.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"

/* Of 255. So low that all but some tips of a regular 20-dot letter are two dots wide, which a head
 * needs to print it black; higher, and the thin strokes of small text break up. */
#define INK_THRESHOLD 72
#define QUIET_MODULES 4
#define MODULE_DOTS_MAX 6
#define MODULE_DOTS_MIN 4
#define BESIDE_DOTS_MIN 160 /* narrower, and text beside the code is a column of words */
#define BOX_PADDING 10
#define BOX_LINE 3

void paper_init(struct paper *paper, struct font *font, int width_dots, int margin)
{
    *paper = (struct paper){ .margin = margin };
    paper_lines_init(&paper->lines, font);
    paper->bitmap.width_dots = width_dots;
    paper->bitmap.height_dots = PRINTER_HEIGHT_DOTS_MAX;
    paper->bitmap.rows = calloc(PRINTER_HEIGHT_DOTS_MAX, printer_bitmap_stride(&paper->bitmap));
    if (paper->bitmap.rows == NULL)
        paper->bad = STATUS_FULL;
}

void paper_begin_again(struct paper *paper)
{
    paper_lines_make(&paper->lines);
    if (paper->bitmap.rows != NULL)
        memset(paper->bitmap.rows, 0, (size_t)paper->y * printer_bitmap_stride(&paper->bitmap));
    paper->y = paper->ruled_at = paper->beside_bottom = 0;
}

enum status paper_finish(struct paper *paper, struct printer_bitmap *out)
{
    if (paper->lines.bad != STATUS_OK)
        paper->bad = paper->lines.bad;
    paper_lines_free(&paper->lines);
    if (paper->bad != STATUS_OK || paper->y <= 0) {
        free(paper->bitmap.rows);
        *out = (struct printer_bitmap){ 0 };
        return paper->bad != STATUS_OK ? paper->bad : STATUS_INVALID;
    }
    *out = paper->bitmap;
    out->height_dots = paper->y;
    uint8_t *rows = realloc(out->rows, (size_t)paper->y * printer_bitmap_stride(out));
    if (rows != NULL)
        out->rows = rows;
    return STATUS_OK;
}

static int column_left(const struct paper *paper)
{
    return paper->beside_bottom > 0 ? paper->beside_left : paper->margin;
}

static int column_right(const struct paper *paper)
{
    return paper->bitmap.width_dots - paper->margin;
}

/* Makes sure that rows down to y + height exist. */
static bool has_room(struct paper *paper, int height)
{
    if (paper->bad == STATUS_OK && paper->y + height > paper->bitmap.height_dots) {
        log_error("receipt", "too_long", "over %d dots", paper->bitmap.height_dots);
        paper->bad = STATUS_FULL;
    }
    return paper->bad == STATUS_OK;
}

static uint8_t *row_at(struct paper *paper, int y)
{
    return paper->bitmap.rows + (size_t)y * printer_bitmap_stride(&paper->bitmap);
}

static void fill(struct paper *paper, int x, int y, int width, int height)
{
    CHECK(x >= 0 && x + width <= paper->bitmap.width_dots);
    CHECK(y >= 0 && y + height <= paper->bitmap.height_dots);
    for (int dy = 0; dy < height; dy++) {
        uint8_t *row = row_at(paper, y + dy);
        for (int column = x; column < x + width; column++)
            row[column / 8] |= (uint8_t)(0x80 >> column % 8);
    }
}

void paper_feed(struct paper *paper, int dots)
{
    if (has_room(paper, dots))
        paper->y += dots;
}

/* The font's own line is half as high again as its size, for scripts that stack; paper is dear. A
 * glyph's ink reaches from 0.88 above to 0.22 below the baseline (Noto Sans CJK, Han and Latin). */
static int leading(struct paper_type type)
{
    return type.size * 5 / 4;
}

static int ascent(struct paper_type type)
{
    return type.size * 15 / 16;
}

/* A text that stands on one line, whatever its width. */
static const struct paper_line *whole(struct paper *paper, struct paper_type type, const char *text)
{
    return paper_lines_get(&paper->lines, type, text, PAPER_UNBOUND);
}

static uint8_t pack_dots(const uint8_t *alpha, int count)
{
    uint8_t dots = 0;
    for (int i = 0; i < count; i++)
        dots = (uint8_t)(dots | (alpha[i] >= INK_THRESHOLD) << (7 - i));
    return dots;
}

/* Ink outside the paper would be a letter cut: the layout's bug, seen at once. */
static void put_dots(struct paper *paper, int x, int y, uint8_t dots)
{
    CHECK(x >= 0 && y >= 0 && y < paper->bitmap.height_dots);
    uint8_t *row = row_at(paper, y), shifted = (uint8_t)(dots << (8 - x % 8));
    CHECK(x + 7 - __builtin_ctz(dots) < paper->bitmap.width_dots);
    row[x / 8] |= (uint8_t)(dots >> x % 8);
    if (x % 8 != 0 && shifted != 0)
        row[x / 8 + 1] |= shifted;
}

/* Eight dots a step, and none where the letter is empty. */
static void put_line(struct paper *paper, const struct paper_line *line, int x, int baseline)
{
    const struct font_pixels *pixels = &line->pixels;
    int top = baseline - pixels->baseline;
    for (int row = 0; row < pixels->height; row++) {
        const uint8_t *alpha = pixels->alpha + (size_t)row * (size_t)pixels->stride;
        for (int column = 0; column < pixels->width; column += 8) {
            int rest = pixels->width - column;
            uint8_t dots = pack_dots(alpha + column, rest < 8 ? rest : 8);
            if (dots != 0)
                put_dots(paper, x + column, top + row, dots);
        }
    }
}

static int place(enum paper_align align, int left, int right, int width)
{
    switch (align) {
    case PAPER_LEFT:
        return left;
    case PAPER_CENTRE:
        return left + (right - left - width) / 2;
    case PAPER_RIGHT:
        return right - width;
    }
    return left;
}

void paper_text(struct paper *paper, struct paper_type type, enum paper_align align,
                const char *text)
{
    int left = column_left(paper), right = column_right(paper);
    while (*text != '\0' && has_room(paper, leading(type))) {
        const struct paper_line *line = paper_lines_get(&paper->lines, type, text, right - left);
        if (paper->lines.bad != STATUS_OK)
            return;
        put_line(paper, line, place(align, left, right, line->pixels.width),
                 paper->y + ascent(type));
        paper->y += leading(type);
        text = paper_line_rest(line, text);
    }
}

static struct paper_type taller(struct paper_type a, struct paper_type b)
{
    return b.size > a.size ? b : a;
}

void paper_title(struct paper *paper, struct paper_type type, struct paper_type small,
                 const char *text, const char *translation)
{
    const struct paper_line *first = whole(paper, type, text);
    const struct paper_line *second = whole(paper, small, translation);
    int left = column_left(paper), right = column_right(paper);
    int width = first->pixels.width + small.size / 2 + second->pixels.width;
    if (width > right - left) {
        paper_text(paper, type, PAPER_CENTRE, text);
        paper_text(paper, small, PAPER_CENTRE, translation);
    } else if (has_room(paper, leading(type))) {
        int x = place(PAPER_CENTRE, left, right, width), baseline = paper->y + ascent(type);
        put_line(paper, first, x, baseline);
        put_line(paper, second, x + width - second->pixels.width, baseline);
        paper->y += leading(type);
    }
}

/* Where the value begins when the label before it is so wide: at the tab, moved where the label or
 * the edge wants it. Negative: not on this line. */
static int value_left(const struct paper_label *label, int label_width, int width, int value_width)
{
    int after = label_width + label->type.size / 2, last = width - value_width;
    if (last < after)
        return -1;
    if (label->tab == 0 || label->tab > last)
        return last;
    return label->tab > after ? label->tab : after;
}

/* What stands or would stand on one line. */
struct pair {
    struct paper_type type, small, value_type;
    const struct paper_line *text, *translation, *value;
};

static struct pair make_pair(struct paper *paper, const struct paper_label *label,
                             struct paper_type value_type, const char *value)
{
    return (struct pair){
        .type = label->type,
        .small = label->small,
        .value_type = value_type,
        .text = whole(paper, label->type, label->text),
        .translation = whole(paper, label->small, label->translation),
        .value = whole(paper, value_type, value),
    };
}

static int translation_left(const struct pair *pair)
{
    return pair->text->pixels.width + pair->small.size / 2;
}

static int label_width(const struct pair *pair)
{
    return translation_left(pair) + pair->translation->pixels.width;
}

static void draw_pair(struct paper *paper, const struct pair *pair, bool translated, int value_x)
{
    struct paper_type type = value_x >= 0 ? taller(pair->type, pair->value_type) : pair->type;
    int baseline = paper->y + ascent(type), left = column_left(paper);
    if (!has_room(paper, leading(type)))
        return;
    put_line(paper, pair->text, left, baseline);
    if (translated)
        put_line(paper, pair->translation, left + translation_left(pair), baseline);
    if (value_x >= 0)
        put_line(paper, pair->value, left + value_x, baseline);
    paper->y += leading(type);
}

void paper_pair(struct paper *paper, const struct paper_label *label, struct paper_type value_type,
                const char *value)
{
    struct pair pair = make_pair(paper, label, value_type, value);
    int text_width = pair.text->pixels.width, value_width = pair.value->pixels.width;
    int width = column_right(paper) - column_left(paper);
    int value_x = value_left(label, label_width(&pair), width, value_width);
    bool translated = value_x >= 0;
    if (value_x < 0)
        value_x = value_left(label, text_width, width, value_width);
    if (value_x < 0)
        translated = label_width(&pair) <= width;
    if (text_width > width)
        paper_text(paper, label->type, PAPER_LEFT, label->text);
    else
        draw_pair(paper, &pair, translated, value_x);
    if (!translated)
        paper_text(paper, label->small, PAPER_LEFT, label->translation);
    if (value_x < 0)
        paper_text(paper, value_type, label->tab > 0 ? PAPER_LEFT : PAPER_RIGHT, value);
}

static int cell_width(const struct pair *cell)
{
    int label = label_width(cell);
    return label > cell->value->pixels.width ? label : cell->value->pixels.width;
}

/* The room between cells that fill the width; negative if there is too little. */
static int cell_gap(const struct pair *cells, int count, int width)
{
    for (int i = 0; i < count; i++)
        width -= cell_width(&cells[i]);
    int gap = count > 1 ? width / (count - 1) : width;
    return gap >= cells[0].type.size / 2 ? gap : -1;
}

static void draw_cell(struct paper *paper, const struct pair *cell, int x)
{
    int baseline = paper->y + ascent(cell->type);
    put_line(paper, cell->text, x, baseline);
    put_line(paper, cell->translation, x + translation_left(cell), baseline);
    put_line(paper, cell->value, x, paper->y + leading(cell->type) + ascent(cell->value_type));
}

bool paper_cells(struct paper *paper, const struct paper_cell *cells, int count)
{
    struct pair pairs[PAPER_CELLS_MAX];
    CHECK(count > 0 && count <= PAPER_CELLS_MAX);
    for (int i = 0; i < count; i++)
        pairs[i] = make_pair(paper, &cells[i].label, cells[i].value_type, cells[i].value);
    int height = leading(pairs[0].type) + leading(pairs[0].value_type);
    int gap = cell_gap(pairs, count, column_right(paper) - paper->margin);
    if (gap < 0)
        return false;
    if (!has_room(paper, height))
        return true;
    for (int i = 0, x = paper->margin; i < count; i++) {
        draw_cell(paper, &pairs[i], x);
        x += cell_width(&pairs[i]) + gap;
    }
    paper->y += height;
    return true;
}

void paper_rule(struct paper *paper, enum paper_rule rule)
{
    const int dash = 8, gap = 6, space = 8;
    int thick = rule == PAPER_HEAVY ? 4 : 2;
    bool doubled = rule == PAPER_DASHED && paper->y == paper->ruled_at;
    if (doubled || !has_room(paper, 2 * space + thick))
        return;
    int left = paper->margin, right = column_right(paper), y = paper->y + space;
    if (rule != PAPER_DASHED)
        fill(paper, left, y, right - left, thick);
    else
        for (int x = left; x + dash <= right; x += dash + gap)
            fill(paper, x, y, dash, thick);
    paper->y += 2 * space + thick;
    paper->ruled_at = paper->y;
}

int paper_begin_box(struct paper *paper)
{
    int begin = paper->y;
    paper->margin += BOX_PADDING + BOX_LINE;
    paper_feed(paper, BOX_PADDING / 2 + BOX_LINE);
    return begin;
}

void paper_end_box(struct paper *paper, int begin)
{
    paper->margin -= BOX_PADDING + BOX_LINE;
    paper_feed(paper, BOX_PADDING + BOX_LINE);
    if (paper->bad != STATUS_OK)
        return;
    int width = column_right(paper) - paper->margin, height = paper->y - begin;
    fill(paper, paper->margin, begin, width, BOX_LINE);
    fill(paper, paper->margin, paper->y - BOX_LINE, width, BOX_LINE);
    fill(paper, paper->margin, begin, BOX_LINE, height);
    fill(paper, paper->margin + width - BOX_LINE, begin, BOX_LINE, height);
}

/* As large as half the paper allows, the other half being for text. */
static int module_dots(const struct paper *paper, int modules)
{
    int dots = MODULE_DOTS_MAX;
    while (dots > MODULE_DOTS_MIN &&
           (modules + 2 * QUIET_MODULES) * dots > paper->bitmap.width_dots / 2)
        dots--;
    return dots;
}

static void draw_qr(struct paper *paper, const QRcode *code)
{
    int dots = module_dots(paper, code->width);
    int quiet = QUIET_MODULES * dots, side = code->width * dots, full = side + 2 * quiet;
    if (full > paper->bitmap.width_dots) {
        paper->bad = STATUS_INVALID;
        return;
    }
    if (!has_room(paper, full))
        return;
    bool alone = column_right(paper) - full < BESIDE_DOTS_MIN;
    int left = alone ? (paper->bitmap.width_dots - side) / 2 : quiet;
    for (int i = 0; i < code->width * code->width; i++) {
        if (code->data[i] & 1)
            fill(paper, left + i % code->width * dots, paper->y + quiet + i / code->width * dots,
                 dots, dots);
    }
    if (alone) {
        paper->y += full;
        return;
    }
    paper->beside_left = full;
    paper->beside_bottom = paper->y + full;
    paper->y += quiet / 2; /* the first line of text level with the code's upper edge */
}

void paper_begin_beside_qr(struct paper *paper, const char *text)
{
    if (paper->bad != STATUS_OK)
        return;
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL) {
        paper->bad = STATUS_INVALID;
        return;
    }
    draw_qr(paper, code);
    QRcode_free(code);
}

void paper_end_beside(struct paper *paper)
{
    if (paper->bad == STATUS_OK && paper->y < paper->beside_bottom)
        paper->y = paper->beside_bottom;
    paper->beside_bottom = 0;
}
