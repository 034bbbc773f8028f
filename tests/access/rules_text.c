#include <string.h>

#include "access_internal.h"

#define READ_MIN_MM 7.3
#define SMALL_MIN_MM 4.8
#define PITCH_MIN 1.3
#define LAST_LINE_MIN 3

/* Of a Chinese text the glyph box, which is the em; of any other the ink of a capital H. */
static double height_mm(struct access_run *run, const struct access_screen *screen,
                        const struct ui_node *node)
{
    const int size = size_px_of(screen, node);
    const int px = has_chinese(node->text)
                       ? size
                       : paint_capital_px(access_paint(run), style_weight(node->style), size);
    return mm_of(screen, px);
}

/* A caption, a source, a step's name: never what a control is called. */
static bool is_fine_print(const struct ui_node *node)
{
    return style_size(node->style) == SIZE_SMALL && !is_target(node);
}

static void measure_height(struct access_run *run, const struct access_screen *screen,
                           bool fine_print, double least)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (shows_text(node) && is_fine_print(node) == fine_print)
            access_measure(run, screen, node, "height of its letters in mm",
                           height_mm(run, screen, node), least);
    }
}

void rule_read_height(struct access_run *run, const struct access_screen *screen)
{
    measure_height(run, screen, false, READ_MIN_MM);
}

void rule_small_height(struct access_run *run, const struct access_screen *screen)
{
    measure_height(run, screen, true, SMALL_MIN_MM);
}

void rule_line_pitch(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!shows_text(node))
            continue;
        const int size = size_px_of(screen, node);
        access_measure(run, screen, node, "line to line, by the size",
                       (double)text_layout_pitch(size) / size, PITCH_MIN);
    }
}

void rule_text_fits(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!shows_text(node))
            continue;
        struct text_lines lines;
        lines_of(screen, node, &lines);
        access_require(run, screen, node, "a word is wider than its box", !lines.broken);
        if (node->role != UI_ROLE_TIMER)
            access_require(run, screen, node, "the text is higher than its box",
                           lines.count * text_layout_pitch(size_px_of(screen, node)) <=
                               node->rect.height + 1);
    }
}

void rule_ink_inside(struct access_run *run, const struct access_screen *screen)
{
    struct paint *paint = access_paint(run);
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!shows_text(node) || paint_was_seen(paint, paint_key_of(screen, i, "ink", true)))
            continue;
        access_require(run, screen, node, "ink outside its box",
                       paint_outside(paint, screen, node) == 0);
    }
}

void rule_glyphs(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        bool present = true;
        for (const char *cursor = node->text; shows_text(node) && *cursor != '\0';) {
            const uint32_t code = next_code(&cursor);
            present &= code == '\n' || is_bidi_mark(code) ||
                       paint_has_glyph(access_paint(run), style_weight(node->style), code);
        }
        access_require(run, screen, node, "a character is not in the font", present);
    }
}

static bool is_one_of(uint32_t code, const char *characters)
{
    for (const char *cursor = characters; *cursor != '\0';) {
        if (next_code(&cursor) == code)
            return true;
    }
    return false;
}

static uint32_t last_code(const char *text, int length)
{
    uint32_t code = 0;
    for (const char *cursor = text; cursor < text + length;)
        code = next_code(&cursor);
    return code;
}

void rule_kinsoku(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        struct text_lines lines;
        if (!shows_text(node))
            continue;
        lines_of(screen, node, &lines);
        for (int line = 0; line < lines.count; line++) {
            const char *start = node->text + lines.lines[line].start;
            const char *cursor = start;
            if (lines.lines[line].length == 0)
                continue;
            access_require(run, screen, node, "a line begins with closing punctuation",
                           !is_one_of(next_code(&cursor), "。，、；：！？）》”’】〉…·%‰,.;:!?)"));
            access_require(run, screen, node, "a line ends with opening punctuation",
                           !is_one_of(last_code(start, lines.lines[line].length), "（《“‘【〈(¥"));
        }
    }
}

static int characters_of(const char *text, int length)
{
    int count = 0;
    for (const char *cursor = text; cursor < text + length;)
        count += !is_bidi_mark(next_code(&cursor));
    return count;
}

/* "Own / sum": short words of a button may stand below one another. */
static bool is_latin_button(const struct ui_node *node)
{
    return (node->role == UI_ROLE_BUTTON || node->role == UI_ROLE_CHOICE) &&
           !has_chinese(node->text);
}

void rule_orphan(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        struct text_lines lines;
        if (!shows_text(node) || is_latin_button(node))
            continue;
        lines_of(screen, node, &lines);
        const struct text_line *last = &lines.lines[lines.count - 1];
        if (lines.count > 1)
            access_measure(run, screen, node, "characters on the last line",
                           characters_of(node->text + last->start, last->length), LAST_LINE_MIN);
    }
}
