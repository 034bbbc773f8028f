#include "receipt/paper.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

/* Of 255. So low that all but some tips of a regular 20-dot letter are two dots wide, which a head
 * needs to print it black (printer.md §4); higher, and the thin strokes of small text break up. */
#define INK_THRESHOLD 72
#define LINE_BYTES_MAX 512
#define QUIET_MODULES 4
#define MODULE_DOTS_MAX 6
#define MODULE_DOTS_MIN 4
#define BOX_PADDING 10
#define BOX_LINE 3

void paper_init(struct paper *paper, struct font *font, int width_dots, int margin)
{
    *paper = (struct paper){ .font = font, .margin = margin };
    paper->bitmap.width_dots = width_dots;
    paper->bitmap.height_dots = PRINTER_HEIGHT_DOTS_MAX;
    paper->bitmap.rows = calloc(PRINTER_HEIGHT_DOTS_MAX, printer_bitmap_stride(&paper->bitmap));
    if (paper->bitmap.rows == NULL)
        paper->bad = STATUS_FULL;
}

enum status paper_finish(struct paper *paper, struct printer_bitmap *out)
{
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

static int inner_width(const struct paper *paper)
{
    return paper->bitmap.width_dots - 2 * paper->margin;
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

/* Ink outside the paper would be a letter cut: the layout's bug, seen at once. */
static void set_dot(struct paper *paper, int x, int y)
{
    CHECK(x >= 0 && x < paper->bitmap.width_dots && y >= 0 && y < paper->bitmap.height_dots);
    size_t stride = printer_bitmap_stride(&paper->bitmap);
    paper->bitmap.rows[(size_t)y * stride + (size_t)x / 8] |= (uint8_t)(0x80 >> (x % 8));
}

static void fill(struct paper *paper, int x, int y, int width, int height)
{
    for (int row = y; row < y + height; row++) {
        for (int column = x; column < x + width; column++)
            set_dot(paper, column, row);
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

/* The line's top is at y less what the font leaves empty above its glyphs. */
static void draw_line(struct paper *paper, struct paper_type type, int x, const char *line)
{
    struct font_pixels pixels;
    enum status status = font_render(paper->font, type.weight, type.size, line, &pixels);
    if (status != STATUS_OK) {
        paper->bad = status;
        return;
    }
    int top = paper->y + ascent(type) - pixels.baseline;
    for (int row = 0; row < pixels.height; row++) {
        for (int column = 0; column < pixels.width; column++) {
            if (pixels.alpha[row * pixels.stride + column] >= INK_THRESHOLD)
                set_dot(paper, x + column, top + row);
        }
    }
    font_pixels_free(&pixels);
}

static int measure(struct paper *paper, struct paper_type type, const char *text)
{
    return font_measure(paper->font, type.weight, type.size, text);
}

static bool is_space(uint32_t c)
{
    return c == ' ';
}

/* Han, kana and full-width forms may be parted anywhere; Latin words and numbers only at spaces. */
static bool is_wide(uint32_t c)
{
    return c >= 0x2e80;
}

/* Must not begin a line. */
static bool is_closing(uint32_t c)
{
    const char *cursor = "，。；：、！？）》」』”’〕】%％,.;:!?)]";
    for (uint32_t closing = text_next(&cursor); closing != 0; closing = text_next(&cursor)) {
        if (closing == c)
            return true;
    }
    return false;
}

/* Must not end a line. */
static bool is_opening(uint32_t c)
{
    const char *cursor = "（《「『“‘〔【￥([";
    for (uint32_t opening = text_next(&cursor); opening != 0; opening = text_next(&cursor)) {
        if (opening == c)
            return true;
    }
    return false;
}

static bool may_part(uint32_t before, uint32_t after)
{
    bool counts = before >= '0' && before <= '9' && is_wide(after); /* 11号, 3版 */
    if (counts)
        return false;
    if (is_space(before) || is_space(after))
        return true;
    return (is_wide(before) || is_wide(after)) && !is_closing(after) && !is_opening(before);
}

/* How many bytes of text make the next line of at most width dots; at least one character. */
static size_t take_line(struct paper *paper, struct paper_type type, const char *text, int width)
{
    char line[LINE_BYTES_MAX];
    size_t best = 0, whole = 0;
    uint32_t before = 0;
    const char *cursor = text;
    while (*cursor != '\0' && *cursor != '\n') {
        const char *here = cursor;
        uint32_t c = text_next(&cursor);
        if (before != 0 && may_part(before, c))
            best = (size_t)(here - text);
        size_t length = (size_t)(cursor - text);
        if (length >= sizeof(line))
            return best > 0 ? best : whole;
        memcpy(line, text, length);
        line[length] = '\0';
        if (whole > 0 && !is_space(c) && measure(paper, type, line) > width)
            return best > 0 ? best : whole;
        whole = length;
        before = c;
    }
    return whole;
}

static int place(const struct paper *paper, enum paper_align align, int width)
{
    switch (align) {
    case PAPER_LEFT:
        return paper->margin;
    case PAPER_CENTRE:
        return (paper->bitmap.width_dots - width) / 2;
    case PAPER_RIGHT:
        return paper->bitmap.width_dots - paper->margin - width;
    }
    return paper->margin;
}

static void copy_trimmed(char *out, const char *text, size_t length)
{
    while (length > 0 && is_space((uint8_t)text[length - 1]))
        length--;
    CHECK(length < LINE_BYTES_MAX);
    memcpy(out, text, length);
    out[length] = '\0';
}

void paper_text(struct paper *paper, struct paper_type type, enum paper_align align,
                const char *text)
{
    int height = leading(type);
    while (*text != '\0') {
        char line[LINE_BYTES_MAX];
        size_t length = take_line(paper, type, text, inner_width(paper));
        copy_trimmed(line, text, length);
        if (!has_room(paper, height))
            return;
        draw_line(paper, type, place(paper, align, measure(paper, type, line)), line);
        paper->y += height;
        text += length;
        while (is_space((uint8_t)*text) || *text == '\n')
            text++;
    }
}

/* Texts of several sizes on one baseline. */
static void draw_at(struct paper *paper, struct paper_type type, int x, int baseline,
                    const char *text)
{
    int top = paper->y;
    paper->y = baseline - ascent(type);
    draw_line(paper, type, x, text);
    paper->y = top;
}

static void draw_pair(struct paper *paper, const struct paper_label *label, bool beside,
                      struct paper_type value_type, const char *value)
{
    int height = leading(label->type), value_height = leading(value_type);
    if (value_height > height)
        height = value_height;
    if (!has_room(paper, height))
        return;
    struct paper_type taller = value_type.size > label->type.size ? value_type : label->type;
    int baseline = paper->y + ascent(taller);
    draw_at(paper, label->type, paper->margin, baseline, label->text);
    if (beside)
        draw_at(paper, label->small,
                paper->margin + measure(paper, label->type, label->text) + label->small.size / 2,
                baseline, label->translation);
    draw_at(paper, value_type, place(paper, PAPER_RIGHT, measure(paper, value_type, value)),
            baseline, value);
    paper->y += height;
}

void paper_pair(struct paper *paper, const struct paper_label *label, struct paper_type value_type,
                const char *value)
{
    int text = measure(paper, label->type, label->text);
    int translation = label->small.size / 2 + measure(paper, label->small, label->translation);
    int rest = inner_width(paper) - label->type.size / 2 - measure(paper, value_type, value);
    bool beside = text + translation <= rest;
    if (text <= rest) {
        draw_pair(paper, label, beside, value_type, value);
    } else {
        paper_text(paper, label->type, PAPER_LEFT, label->text);
    }
    if (!beside)
        paper_text(paper, label->small, PAPER_LEFT, label->translation);
    if (text > rest)
        paper_text(paper, value_type, PAPER_RIGHT, value);
}

void paper_rule(struct paper *paper, bool dashed)
{
    const int thick = 2, dash = 8, gap = 6, space = 9;
    if (!has_room(paper, 2 * space + thick))
        return;
    int right = paper->bitmap.width_dots - paper->margin;
    for (int x = paper->margin; x < right; x += dash + gap) {
        int width = dashed ? dash : dash + gap;
        fill(paper, x, paper->y + space, x + width > right ? right - x : width, thick);
    }
    paper->y += 2 * space + thick;
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
    int width = inner_width(paper), height = paper->y - begin;
    fill(paper, paper->margin, begin, width, BOX_LINE);
    fill(paper, paper->margin, paper->y - BOX_LINE, width, BOX_LINE);
    fill(paper, paper->margin, begin, BOX_LINE, height);
    fill(paper, paper->margin + width - BOX_LINE, begin, BOX_LINE, height);
}

static int module_dots(const struct paper *paper, int modules)
{
    int dots = MODULE_DOTS_MAX;
    while (dots > MODULE_DOTS_MIN && (modules + 2 * QUIET_MODULES) * dots > inner_width(paper))
        dots--;
    return dots;
}

static void draw_qr(struct paper *paper, const QRcode *code)
{
    int dots = module_dots(paper, code->width);
    int quiet = QUIET_MODULES * dots, side = code->width * dots;
    if (side + 2 * quiet > paper->bitmap.width_dots) {
        paper->bad = STATUS_INVALID;
        return;
    }
    if (!has_room(paper, side + 2 * quiet))
        return;
    int left = (paper->bitmap.width_dots - side) / 2;
    for (int i = 0; i < code->width * code->width; i++) {
        if (code->data[i] & 1)
            fill(paper, left + i % code->width * dots, paper->y + quiet + i / code->width * dots,
                 dots, dots);
    }
    paper->y += side + 2 * quiet;
}

void paper_qr(struct paper *paper, const char *text)
{
    if (paper->bad != STATUS_OK)
        return;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (code == NULL) {
        paper->bad = STATUS_INVALID;
        return;
    }
    draw_qr(paper, code);
    QRcode_free(code);
}
