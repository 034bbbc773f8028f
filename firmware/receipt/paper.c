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
#define LINE_CHARACTERS_MAX 192 /* of 20 dots and more: over twice what fits */
#define QUIET_MODULES 4
#define MODULE_DOTS_MAX 6
#define MODULE_DOTS_MIN 4
#define BESIDE_DOTS_MIN 160 /* narrower, and text beside the code is a column of words */
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

/* A text that begins beside the code stays in the column beside it to its end. */
static int column_left(const struct paper *paper)
{
    return paper->y < paper->beside_bottom ? paper->beside_left : paper->margin;
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

/* A text as pixels. Drawn once and placed by the width it came out with, so that nothing is shaped
 * twice. */
struct run {
    struct paper_type type;
    struct font_pixels pixels;
};

static struct run make_run(struct paper *paper, struct paper_type type, const char *text)
{
    struct run run = { .type = type };
    enum status status = font_render(paper->font, type.weight, type.size, text, &run.pixels);
    if (status != STATUS_OK)
        paper->bad = status;
    return run;
}

static void drop_runs(struct run *runs, int count)
{
    for (int i = 0; i < count; i++)
        font_pixels_free(&runs[i].pixels);
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
static void put_run(struct paper *paper, const struct run *run, int x, int baseline)
{
    const struct font_pixels *pixels = &run->pixels;
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

static void copy_trimmed(char *out, const char *text, size_t length)
{
    while (length > 0 && is_space((uint8_t)text[length - 1]))
        length--;
    CHECK(length < LINE_BYTES_MAX);
    memcpy(out, text, length);
    out[length] = '\0';
}

static bool fits(struct paper *paper, struct paper_type type, const char *text, size_t length,
                 int width)
{
    char line[LINE_BYTES_MAX];
    copy_trimmed(line, text, length);
    return font_measure(paper->font, type.weight, type.size, line) <= width;
}

/* Where each character of the first line ends at most, and whether the line may end there. */
struct ends {
    int count;
    size_t at[LINE_CHARACTERS_MAX];
    bool may_part[LINE_CHARACTERS_MAX];
};

static void find_ends(const char *text, struct ends *ends)
{
    const char *cursor = text;
    uint32_t before = 0;
    ends->count = 0;
    while (*cursor != '\0' && *cursor != '\n' && ends->count < LINE_CHARACTERS_MAX) {
        uint32_t c = text_next(&cursor);
        if ((size_t)(cursor - text) >= LINE_BYTES_MAX)
            break;
        if (ends->count > 0)
            ends->may_part[ends->count - 1] = may_part(before, c);
        ends->may_part[ends->count] = true;
        ends->at[ends->count++] = (size_t)(cursor - text);
        before = c;
    }
}

/* How many bytes of text make the next line of at most width dots; at least one character. */
static size_t take_line(struct paper *paper, struct paper_type type, const char *text, int width)
{
    struct ends ends;
    find_ends(text, &ends);
    if (ends.count == 0 || fits(paper, type, text, ends.at[ends.count - 1], width))
        return ends.count > 0 ? ends.at[ends.count - 1] : 0;
    int last = 0; /* fits, or must; one that does not is never below */
    for (int over = ends.count - 1; over - last > 1;) {
        int middle = (last + over) / 2;
        if (fits(paper, type, text, ends.at[middle], width))
            last = middle;
        else
            over = middle;
    }
    for (int i = last; i >= 0; i--) {
        if (ends.may_part[i])
            return ends.at[i];
    }
    return ends.at[last];
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

static void draw_line(struct paper *paper, const struct run *run, int x)
{
    if (!has_room(paper, leading(run->type)))
        return;
    put_run(paper, run, x, paper->y + ascent(run->type));
    paper->y += leading(run->type);
}

static const char *draw_next_line(struct paper *paper, struct paper_type type,
                                  enum paper_align align, const char *text, int left, int right)
{
    char line[LINE_BYTES_MAX];
    size_t length = take_line(paper, type, text, right - left);
    copy_trimmed(line, text, length);
    struct run run = make_run(paper, type, line);
    draw_line(paper, &run, place(align, left, right, run.pixels.width));
    drop_runs(&run, 1);
    text += length;
    while (is_space((uint8_t)*text) || *text == '\n')
        text++;
    return text;
}

/* The whole text first: most fit on one line, and of the others the font then knows each letter. */
void paper_text(struct paper *paper, struct paper_type type, enum paper_align align,
                const char *text)
{
    int left = column_left(paper), right = column_right(paper);
    if (text[0] == '\0')
        return;
    struct run run = make_run(paper, type, text);
    if (run.pixels.width <= right - left && strchr(text, '\n') == NULL) {
        draw_line(paper, &run, place(align, left, right, run.pixels.width));
    } else {
        while (*text != '\0' && paper->bad == STATUS_OK)
            text = draw_next_line(paper, type, align, text, left, right);
    }
    drop_runs(&run, 1);
}

static struct paper_type taller(struct paper_type a, struct paper_type b)
{
    return b.size > a.size ? b : a;
}

void paper_title(struct paper *paper, struct paper_type type, struct paper_type small,
                 const char *text, const char *translation)
{
    struct run runs[] = { make_run(paper, type, text), make_run(paper, small, translation) };
    int left = column_left(paper), right = column_right(paper);
    int gap = small.size / 2;
    int width = runs[0].pixels.width + gap + runs[1].pixels.width;
    if (width > right - left) {
        paper_text(paper, type, PAPER_CENTRE, text);
        paper_text(paper, small, PAPER_CENTRE, translation);
    } else if (has_room(paper, leading(type))) {
        int x = place(PAPER_CENTRE, left, right, width), baseline = paper->y + ascent(type);
        put_run(paper, &runs[0], x, baseline);
        put_run(paper, &runs[1], x + width - runs[1].pixels.width, baseline);
        paper->y += leading(type);
    }
    drop_runs(runs, 2);
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

enum {
    TEXT,
    TRANSLATION,
    VALUE,
    PAIR_RUNS
};

static void draw_pair(struct paper *paper, struct run *runs, bool translated, int value_x)
{
    struct paper_type type = runs[TEXT].type;
    if (value_x >= 0)
        type = taller(type, runs[VALUE].type);
    int baseline = paper->y + ascent(type), left = column_left(paper);
    if (!has_room(paper, leading(type)))
        return;
    put_run(paper, &runs[TEXT], left, baseline);
    if (translated)
        put_run(paper, &runs[TRANSLATION],
                left + runs[TEXT].pixels.width + runs[TRANSLATION].type.size / 2, baseline);
    if (value_x >= 0)
        put_run(paper, &runs[VALUE], left + value_x, baseline);
    paper->y += leading(type);
}

void paper_pair(struct paper *paper, const struct paper_label *label, struct paper_type value_type,
                const char *value)
{
    struct run runs[PAIR_RUNS] = {
        [TEXT] = make_run(paper, label->type, label->text),
        [TRANSLATION] = make_run(paper, label->small, label->translation),
        [VALUE] = make_run(paper, value_type, value),
    };
    int text_width = runs[TEXT].pixels.width, value_width = runs[VALUE].pixels.width;
    int both_width = text_width + label->small.size / 2 + runs[TRANSLATION].pixels.width;
    int width = column_right(paper) - column_left(paper);
    int value_x = value_left(label, both_width, width, value_width);
    bool translated = value_x >= 0;
    if (value_x < 0)
        value_x = value_left(label, text_width, width, value_width);
    if (value_x < 0)
        translated = both_width <= width;
    if (text_width > width)
        paper_text(paper, label->type, PAPER_LEFT, label->text);
    else
        draw_pair(paper, runs, translated, value_x);
    if (!translated)
        paper_text(paper, label->small, PAPER_LEFT, label->translation);
    if (value_x < 0)
        paper_text(paper, value_type, label->tab > 0 ? PAPER_LEFT : PAPER_RIGHT, value);
    drop_runs(runs, PAIR_RUNS);
}

static int cell_width(const struct run *cell)
{
    int label =
        cell[TEXT].pixels.width + cell[TRANSLATION].type.size / 2 + cell[TRANSLATION].pixels.width;
    return label > cell[VALUE].pixels.width ? label : cell[VALUE].pixels.width;
}

/* The room between cells that fill the width; negative if there is too little. */
static int cell_gap(const struct run *runs, int count, int width)
{
    for (int i = 0; i < count; i++)
        width -= cell_width(&runs[i * PAIR_RUNS]);
    int gap = count > 1 ? width / (count - 1) : width;
    return gap >= runs[TEXT].type.size / 2 ? gap : -1;
}

static void draw_cell(struct paper *paper, const struct run *cell, int x)
{
    int baseline = paper->y + ascent(cell[TEXT].type);
    put_run(paper, &cell[TEXT], x, baseline);
    put_run(paper, &cell[TRANSLATION],
            x + cell[TEXT].pixels.width + cell[TRANSLATION].type.size / 2, baseline);
    put_run(paper, &cell[VALUE], x, paper->y + leading(cell[TEXT].type) + ascent(cell[VALUE].type));
}

bool paper_cells(struct paper *paper, const struct paper_cell *cells, int count)
{
    struct run runs[PAPER_CELLS_MAX * PAIR_RUNS];
    CHECK(count > 0 && count <= PAPER_CELLS_MAX);
    for (int i = 0; i < count; i++) {
        runs[i * PAIR_RUNS + TEXT] = make_run(paper, cells[i].type, cells[i].text);
        runs[i * PAIR_RUNS + TRANSLATION] = make_run(paper, cells[i].small, cells[i].translation);
        runs[i * PAIR_RUNS + VALUE] = make_run(paper, cells[i].value_type, cells[i].value);
    }
    int height = leading(cells[0].type) + leading(cells[0].value_type);
    int gap = cell_gap(runs, count, column_right(paper) - paper->margin);
    if (gap >= 0 && has_room(paper, height)) {
        for (int i = 0, x = paper->margin; i < count; i++) {
            draw_cell(paper, &runs[i * PAIR_RUNS], x);
            x += cell_width(&runs[i * PAIR_RUNS]) + gap;
        }
        paper->y += height;
    }
    drop_runs(runs, count * PAIR_RUNS);
    return gap >= 0;
}

void paper_rule(struct paper *paper, enum paper_rule rule)
{
    const int dash = 8, gap = 6, space = 8;
    int thick = rule == PAPER_HEAVY ? 4 : 2;
    if (!has_room(paper, 2 * space + thick))
        return;
    int left = paper->margin, right = column_right(paper), y = paper->y + space;
    if (rule != PAPER_DASHED)
        fill(paper, left, y, right - left, thick);
    else
        for (int x = left; x + dash <= right; x += dash + gap)
            fill(paper, x, y, dash, thick);
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
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
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

bool paper_is_beside(const struct paper *paper)
{
    return paper->y < paper->beside_bottom;
}
