#include "ui/text_layout.h"

#include <stdint.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"

#define EM 1000
#define FIRST ' '
#define LAST '~'

/* Advance widths of ' ' to '~' in thousandths of an em: NotoSansCJK-*.ttc, face 2. */
static const uint16_t ADVANCES[2][LAST - FIRST + 1] = {
    [FONT_REGULAR] = { 224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347,
                       278, 392, 555, 555, 555, 555, 555, 555, 555, 555, 555, 555, 278, 278,
                       555, 555, 555, 474, 946, 608, 657, 638, 688, 589, 552, 689, 728, 293,
                       535, 646, 543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878,
                       573, 533, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554,
                       356, 564, 607, 275, 319, 552, 284, 926, 610, 606, 620, 620, 390, 468,
                       377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555 },
    [FONT_BOLD] = { 227,  370, 574, 590, 590, 963, 740, 325, 378, 378, 507, 590, 325, 370, 325, 387,
                    590,  590, 590, 590, 590, 590, 590, 590, 590, 590, 325, 325, 590, 590, 590, 514,
                    1007, 649, 681, 656, 714, 615, 585, 717, 757, 330, 568, 690, 578, 853, 749, 770,
                    667,  770, 682, 624, 625, 748, 629, 915, 627, 593, 613, 378, 387, 378, 590, 567,
                    626,  591, 644, 527, 644, 581, 405, 597, 640, 304, 360, 604, 315, 964, 641, 626,
                    644,  644, 437, 495, 421, 637, 576, 863, 562, 574, 511, 378, 296, 378, 590 },
};

struct advance {
    uint32_t code;
    uint16_t advances[2];
};

/* Narrow characters outside ASCII; everything else is a full em. */
static const struct advance NARROW[] = {
    { 0xA5 /* yen */, { 555, 590 } },
    { 0x2013 /* en dash */, { 536, 544 } },
    { 0x203A /* chevron */, { 302, 324 } },
    { 0xA0 /* no-break space */, { 224, 227 } },
};

static bool is_one_of(uint32_t code, const char *set)
{
    for (const char *cursor = set; *cursor != '\0';) {
        if (text_next(&cursor) == code)
            return true;
    }
    return false;
}

/* GB/T 15834: these never stand at the start, or at the end, of a line. */
static bool may_not_start(uint32_t code)
{
    return is_one_of(code, "。，、；：！？）》”’】〉…·%元,.;:!?)");
}

static bool may_not_end(uint32_t code)
{
    return is_one_of(code, "（《“‘【〈¥(");
}

static bool is_wide(uint32_t code)
{
    return code >= 0x2E80 || code == 0x201C || code == 0x201D || code == 0x2014;
}

static int advance_of(enum font_weight weight, uint32_t code)
{
    if (code >= FIRST && code <= LAST)
        return ADVANCES[weight][code - FIRST];
    for (size_t i = 0; i < ARRAY_SIZE(NARROW); i++) {
        if (NARROW[i].code == code)
            return NARROW[i].advances[weight];
    }
    return EM;
}

static int to_px(int64_t units, int size_px)
{
    return (int)((units * size_px + EM - 1) / EM);
}

int text_layout_width(enum font_weight weight, int size_px, const char *text, int length)
{
    int64_t units = 0;
    const char *end = length < 0 ? text + strlen(text) : text + length;
    for (const char *cursor = text; cursor < end;)
        units += advance_of(weight, text_next(&cursor));
    return to_px(units, size_px);
}

int text_layout_pitch(int size_px)
{
    return size_px * 4 / 3; /* pages for elders ask for at least 1.3 (MIIT) */
}

static bool may_break_between(uint32_t before, uint32_t after)
{
    if (before == ' ')
        return after != ' ' && !may_not_start(after);
    if (!is_wide(before) && !is_wide(after))
        return false;
    return after != ' ' && !may_not_start(after) && !may_not_end(before);
}

struct wrapper {
    enum font_weight weight;
    int size_px, width_px;
    const char *text;
    struct text_lines *out;
};

static void add_line(struct wrapper *wrapper, const char *start, const char *end)
{
    struct text_lines *out = wrapper->out;
    while (end > start && end[-1] == ' ')
        end--;
    if (out->count == TEXT_LINES_MAX) {
        out->broken = true;
        return;
    }
    const int length = (int)(end - start);
    out->lines[out->count++] = (struct text_line){
        .start = (int)(start - wrapper->text),
        .length = length,
        .width_px = text_layout_width(wrapper->weight, wrapper->size_px, start, length),
    };
}

/* One line from start; returns where the next begins. */
static const char *take_line(struct wrapper *wrapper, const char *start)
{
    const int64_t room = (int64_t)wrapper->width_px * EM;
    const char *break_at = NULL;
    uint32_t before = 0;
    int64_t units = 0;
    for (const char *cursor = start; *cursor != '\0' && *cursor != '\n';) {
        const char *here = cursor;
        const uint32_t code = text_next(&cursor);
        if (here > start && may_break_between(before, code))
            break_at = here;
        units += advance_of(wrapper->weight, code);
        if (units * wrapper->size_px > room && code != ' ' && here > start) {
            wrapper->out->broken |= !break_at;
            const char *end = break_at ? break_at : here;
            add_line(wrapper, start, end);
            return end;
        }
        before = code;
    }
    const char *end = strchr(start, '\n');
    const bool more = end != NULL;
    if (!more)
        end = start + strlen(start);
    add_line(wrapper, start, end);
    return more ? end + 1 : end;
}

static void wrap_at(struct wrapper *wrapper, int width_px)
{
    wrapper->width_px = width_px;
    wrapper->out->count = 0;
    wrapper->out->broken = false;
    for (const char *cursor = wrapper->text; *cursor != '\0' && !wrapper->out->broken;) {
        const int count = wrapper->out->count;
        cursor = take_line(wrapper, cursor);
        if (wrapper->out->count == count)
            break;
    }
}

static bool ends_short(const struct wrapper *wrapper)
{
    const struct text_lines *out = wrapper->out;
    return out->lines[out->count - 1].width_px < wrapper->size_px * 3;
}

/* A last line of a word or two looks forgotten: narrow the box until it is longer, as long as no
 * line is added. */
static void even_out(struct wrapper *wrapper, int width_px)
{
    const int count = wrapper->out->count, step_px = wrapper->size_px / 2;
    for (int narrow_px = width_px - step_px; narrow_px > width_px / 2; narrow_px -= step_px) {
        wrap_at(wrapper, narrow_px);
        if (wrapper->out->count != count || wrapper->out->broken)
            break;
        if (!ends_short(wrapper))
            return;
    }
    wrap_at(wrapper, width_px);
}

void text_layout_wrap(enum font_weight weight, int size_px, const char *text, int width_px,
                      struct text_lines *out)
{
    struct wrapper wrapper = { .weight = weight, .size_px = size_px, .text = text, .out = out };
    wrap_at(&wrapper, width_px);
    if (out->count > 1 && !out->broken && !strchr(text, '\n') && ends_short(&wrapper))
        even_out(&wrapper, width_px);
}

int text_layout_height(enum font_weight weight, int size_px, const char *text, int width_px)
{
    struct text_lines lines;
    text_layout_wrap(weight, size_px, text, width_px, &lines);
    return lines.count * text_layout_pitch(size_px);
}
