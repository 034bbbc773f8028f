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

/* GB/T 15834: these never stand at the start, or at the end, of a line. */
static bool may_not_start(uint32_t code)
{
    switch (code) {
    case 0x3002: /* 。，、；：！？ */
    case 0xFF0C:
    case 0x3001:
    case 0xFF1B:
    case 0xFF1A:
    case 0xFF01:
    case 0xFF1F:
    case 0xFF09: /* ）》”’】〉 */
    case 0x300B:
    case 0x201D:
    case 0x2019:
    case 0x3011:
    case 0x3009:
    case 0x2026: /* …·元 */
    case 0xB7:
    case 0x5143:
        return true;
    }
    return code < 0x80 && code > ' ' && strchr("%,.;:!?)", (int)code);
}

static bool may_not_end(uint32_t code)
{
    switch (code) {
    case 0xFF08: /* （《“‘【〈¥ */
    case 0x300A:
    case 0x201C:
    case 0x2018:
    case 0x3010:
    case 0x3008:
    case 0xA5:
        return true;
    }
    return code == '(';
}

static bool is_wide(uint32_t code)
{
    return code >= 0x2E80 || code == 0x201C || code == 0x201D || code == 0x2014;
}

/* Marks of direction have no width and are never drawn (Unicode 15, UAX #9). */
static bool is_direction_mark(uint32_t code)
{
    return code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

static int advance_of(enum font_weight weight, uint32_t code)
{
    if (is_direction_mark(code))
        return 0;
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

/* What a break costs the reader, in the same measure as an uneven edge. */
enum {
    COST_SENTENCE = 0,
    COST_CLAUSE = 3,
    COST_SPACE = 12,
    COST_CHARACTER = 30, /* maybe within a Chinese word */
    COST_NUMBER = 45,    /* between "window" and "2" */
    COST_WORD = 75,      /* certainly within one, or between a number and what it counts */
    COST_EDGE = 600,     /* a line left wholly empty */
    COST_SHORT = 80,     /* a last line of nothing, beside one of half the width */
    COST_FORGOTTEN = 400,
};

#define FORGOTTEN_EM 3 /* a last line shorter than this looks left behind */

/* Words of the trade that a line should not cut in two. */
static const char *const WORDS[] = {
    "身份证", "居民",   "凭证",     "凭条",     "纸币",     "现金",     "窗口",     "办理",
    "缴费",   "社保局", "社会保险", "养老保险", "医疗保险", "工作人员", "个人账户", "缴费账户",
    "账户",   "机器",   "信息",     "金额",     "登记",     "参保",     "本机",     "打印",
    "阅读器", "号码",   "电话",     "清除",     "保存",     "撤回",     "同意",     "处理",
    "查询",   "更正",   "法定期限", "发光区",   "核对",     "退出",     "硬币",     "找零",
    "手续费", "下次",   "自动",     "恢复",     "继续",     "暂时",     "可以",     "您的",
    "规定",   "钱箱",   "退回",     "不需要",   "证明",     "享受待遇", "养老金",   "标准",
    "期限",   "结果",   "通知",     "民族",     "住址",     "性别",     "姓名",     "手机号",
    "有效期", "个月",   "再缴",
};

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

/* One line after the other, each as full as it gets: for a box narrower than a word. */
static void wrap_greedily(struct wrapper *wrapper, const char *cursor)
{
    while (*cursor != '\0' && *cursor != '\n' && !wrapper->out->broken) {
        const int count = wrapper->out->count;
        cursor = take_line(wrapper, cursor);
        if (wrapper->out->count == count)
            break;
    }
}

#define BREAKS_MAX 512

/* Where a line may end. Positions are bytes, units thousandths of the size. */
struct breaks {
    int count;
    int end[BREAKS_MAX], next[BREAKS_MAX]; /* without and with the spaces between */
    int32_t units_end[BREAKS_MAX], units_next[BREAKS_MAX];
    int16_t cost[BREAKS_MAX];
    /* the best way to end a line here */
    int16_t lines[BREAKS_MAX], from[BREAKS_MAX];
    int32_t total[BREAKS_MAX];
};

static int cost_between(uint32_t before, uint32_t space_before, uint32_t after)
{
    const uint32_t last = before == ' ' ? space_before : before;
    const bool digit = last >= '0' && last <= '9';
    if (digit && is_wide(after))
        return COST_WORD;
    if (last == 0x3002 || last == 0xFF01 || last == 0xFF1F || last == 0xFF1B || last == '.' ||
        last == '?' || last == '!')
        return COST_SENTENCE;
    if (may_not_start(last) && last != 0x5143)
        return COST_CLAUSE;
    if (before != ' ')
        return COST_CHARACTER;
    return after >= '0' && after <= '9' ? COST_NUMBER : COST_SPACE;
}

static void add_break(struct breaks *breaks, int end, int next, int32_t units_end,
                      int32_t units_next, int cost)
{
    const int i = breaks->count++;
    breaks->end[i] = end;
    breaks->next[i] = next;
    breaks->units_end[i] = units_end;
    breaks->units_next[i] = units_next;
    breaks->cost[i] = (int16_t)cost;
}

/* Every place from start to the end of the paragraph; false if there are too many. */
static bool find_breaks(const struct wrapper *wrapper, const char *start, struct breaks *breaks)
{
    uint32_t before = 0, space_before = 0;
    int32_t units = 0, units_end = 0;
    int end = (int)(start - wrapper->text);
    breaks->count = 0;
    add_break(breaks, end, end, 0, 0, 0);
    const char *cursor = start;
    while (*cursor != '\0' && *cursor != '\n') {
        const int here = (int)(cursor - wrapper->text);
        const uint32_t code = text_next(&cursor);
        if (breaks->count == BREAKS_MAX - 1)
            return false;
        if (here > breaks->end[0] && may_break_between(before, code))
            add_break(breaks, end, here, units_end, units,
                      cost_between(before, space_before, code));
        if (code == ' ' && before != ' ')
            space_before = before;
        units += advance_of(wrapper->weight, code);
        if (code != ' ') {
            end = (int)(cursor - wrapper->text);
            units_end = units;
        }
        before = code;
    }
    add_break(breaks, end, end, units_end, units_end, 0);
    return true;
}

static void spare_words(const struct wrapper *wrapper, struct breaks *breaks)
{
    for (size_t word = 0; word < ARRAY_SIZE(WORDS); word++) {
        const int length = (int)strlen(WORDS[word]);
        const char *found = wrapper->text + breaks->end[0];
        int i = 0;
        while ((found = strstr(found, WORDS[word])) != NULL) {
            const int at = (int)(found - wrapper->text);
            while (i < breaks->count && breaks->next[i] <= at)
                i++;
            for (; i < breaks->count - 1 && breaks->next[i] < at + length; i++)
                breaks->cost[i] = COST_WORD;
            found += length;
        }
    }
}

static int32_t line_cost(const struct breaks *breaks, int from, int to, int64_t room, int size_px)
{
    const int64_t width = (int64_t)(breaks->units_end[to] - breaks->units_next[from]) * size_px;
    if (to < breaks->count - 1) {
        const int64_t slack = (room - width) * 1000 / room;
        return (int32_t)(slack * slack * COST_EDGE / 1000000) + breaks->cost[to];
    }
    if (from == 0)
        return 0;
    if (width < (int64_t)FORGOTTEN_EM * EM * size_px)
        return COST_FORGOTTEN;
    return 2 * width < room ? (int32_t)(COST_SHORT - COST_SHORT * 2 * width / room) : 0;
}

/* The least cost among the ways with the fewest lines; false if a piece is wider than the box. */
static bool choose_breaks(const struct wrapper *wrapper, struct breaks *breaks)
{
    const int64_t room = (int64_t)wrapper->width_px * EM;
    breaks->lines[0] = 0;
    breaks->total[0] = 0;
    for (int to = 1; to < breaks->count; to++) {
        breaks->lines[to] = INT16_MAX;
        for (int from = to - 1; from >= 0; from--) {
            const int64_t units = breaks->units_end[to] - breaks->units_next[from];
            if (units * wrapper->size_px > room)
                break;
            const int lines = breaks->lines[from] + 1;
            if (lines > breaks->lines[to])
                continue;
            const int32_t total =
                breaks->total[from] + line_cost(breaks, from, to, room, wrapper->size_px);
            if (lines == breaks->lines[to] && total >= breaks->total[to])
                continue;
            breaks->lines[to] = (int16_t)lines;
            breaks->from[to] = (int16_t)from;
            breaks->total[to] = total;
        }
        if (breaks->lines[to] == INT16_MAX)
            return false;
    }
    return true;
}

static void add_chosen(struct wrapper *wrapper, const struct breaks *breaks)
{
    int ends[TEXT_LINES_MAX], count = 0, to = breaks->count - 1;
    if (breaks->lines[to] > TEXT_LINES_MAX) {
        wrapper->out->broken = true;
        return;
    }
    for (; to > 0; to = breaks->from[to])
        ends[count++] = to;
    while (count-- > 0)
        add_line(wrapper, wrapper->text + breaks->next[breaks->from[ends[count]]],
                 wrapper->text + breaks->end[ends[count]]);
}

static void wrap_paragraph(struct wrapper *wrapper, const char *start, const char *end)
{
    const int width =
        text_layout_width(wrapper->weight, wrapper->size_px, start, (int)(end - start));
    if (width <= wrapper->width_px) {
        add_line(wrapper, start, end);
        return;
    }
    struct breaks breaks;
    if (!find_breaks(wrapper, start, &breaks)) {
        wrap_greedily(wrapper, start);
        return;
    }
    spare_words(wrapper, &breaks);
    if (choose_breaks(wrapper, &breaks))
        add_chosen(wrapper, &breaks);
    else
        wrap_greedily(wrapper, start);
}

void text_layout_wrap(enum font_weight weight, int size_px, const char *text, int width_px,
                      struct text_lines *out)
{
    struct wrapper wrapper = { weight, size_px, width_px, text, out };
    out->count = 0;
    out->broken = false;
    for (const char *start = text; *start != '\0' && !out->broken;) {
        const char *end = strchr(start, '\n');
        wrap_paragraph(&wrapper, start, end ? end : start + strlen(start));
        start = end ? end + 1 : start + strlen(start);
    }
}

int text_layout_height(enum font_weight weight, int size_px, const char *text, int width_px)
{
    struct text_lines lines;
    text_layout_wrap(weight, size_px, text, width_px, &lines);
    return lines.count * text_layout_pitch(size_px);
}
