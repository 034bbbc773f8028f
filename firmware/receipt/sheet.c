#include "receipt/sheet.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/text.h"

#define WIDTH_NARROW 384
#define WIDTH_WIDE 576

static const struct style WIDE = {
    .heading = { 30, FONT_BOLD },
    .title = { 48, FONT_BOLD },
    .title_en = { 26, FONT_BOLD },
    .body = { 24, FONT_REGULAR },
    .strong = { 26, FONT_BOLD },
    .english = { 20, FONT_REGULAR },
    .key = { 32, FONT_BOLD },
    .sum = { 48, FONT_BOLD },
    .margin = 16,
    .tab = 240,
};

static const struct style NARROW = {
    .heading = { 26, FONT_BOLD },
    .title = { 40, FONT_BOLD },
    .title_en = { 24, FONT_BOLD },
    .body = { 24, FONT_REGULAR },
    .strong = { 26, FONT_BOLD },
    .english = { 20, FONT_REGULAR },
    .key = { 32, FONT_BOLD },
    .sum = { 40, FONT_BOLD },
    .margin = 8,
    .is_narrow = true,
};

const struct style *sheet_style_of(int width_dots)
{
    CHECK(width_dots == WIDTH_NARROW || width_dots == WIDTH_WIDE);
    return width_dots == WIDTH_WIDE ? &WIDE : &NARROW;
}

static void under(struct sheet *sheet, const char *en)
{
    if (en[0] != '\0')
        paper_text(&sheet->paper, sheet->style->english, PAPER_LEFT, en);
}

void sheet_say(struct sheet *sheet, struct paper_type type, const char *zh, const char *en)
{
    paper_text(&sheet->paper, type, PAPER_LEFT, zh);
    under(sheet, en);
}

struct paper_label sheet_label(const struct sheet *sheet, const char *zh, const char *en)
{
    return (struct paper_label){
        .type = sheet->style->body,
        .small = sheet->style->english,
        .text = zh,
        .translation = en,
    };
}

static void pair_at(struct sheet *sheet, int tab, struct paper_type value_type, const char *zh,
                    const char *en, const char *value)
{
    if (value[0] == '\0')
        return;
    struct paper_label label = sheet_label(sheet, zh, en);
    label.tab = tab;
    paper_pair(&sheet->paper, &label, value_type, value);
    paper_feed(&sheet->paper, 2);
}

void sheet_fact(struct sheet *sheet, struct paper_type value_type, const char *zh, const char *en,
                const char *value)
{
    pair_at(sheet, sheet->style->tab, value_type, zh, en, value);
}

void sheet_pair(struct sheet *sheet, struct paper_type value_type, const char *zh, const char *en,
                const char *value)
{
    pair_at(sheet, 0, value_type, zh, en, value);
}

void sheet_two_sides(struct sheet *sheet, struct paper_type value_type, const char *en,
                     const char *value)
{
    struct paper_type small = sheet->style->english;
    struct paper_label label = { .type = small, .small = small, .text = en, .translation = "" };
    paper_pair(&sheet->paper, &label, value_type, value);
    paper_feed(&sheet->paper, 2);
}

void sheet_format_yuan(int64_t fen, char out[SHEET_YUAN_SIZE])
{
    char text[MONEY_TEXT_SIZE];
    money_format(fen, 1, text);
    text_format(out, SHEET_YUAN_SIZE, "￥%s", text);
}

void sheet_money(struct sheet *sheet, struct paper_type value_type, const char *zh, const char *en,
                 int64_t fen)
{
    char value[SHEET_YUAN_SIZE];
    sheet_format_yuan(fen, value);
    sheet_pair(sheet, value_type, zh, en, value);
}

void sheet_copy_mark(struct sheet *sheet, const char *en_same_what)
{
    char zh[64], en[64];
    if (sheet->facts->copy <= 0)
        return;
    text_format(zh, sizeof(zh), "补打 第 %d 次", sheet->facts->copy);
    text_format(en, sizeof(en), "Copy no. %d: same number, not a second %s", sheet->facts->copy,
                en_same_what);
    paper_feed(&sheet->paper, 6);
    int box = paper_begin_box(&sheet->paper);
    paper_text(&sheet->paper, sheet->style->key, PAPER_CENTRE, zh);
    paper_text(&sheet->paper, sheet->style->english, PAPER_CENTRE, en);
    paper_end_box(&sheet->paper, box);
}

void sheet_format_time(int64_t at_ms, char out[32])
{
    struct clock_civil at = clock_civil_of(at_ms);
    text_format(out, 32, "%04d-%02d-%02d %02d:%02d:%02d", at.year, at.month, at.day, at.hour,
                at.minute, at.second);
}
