#include "ui/spoken_numbers.h"

#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"

static const char *const ZH_DIGITS[] = {
    "零", "一", "二", "三", "四", "五", "六", "七", "八", "九"
};

void spoken_put(struct spoken_out *out, const char *text)
{
    const size_t length = strlen(text);
    if (length >= out->size - out->used) {
        out->cut = true;
        return;
    }
    memcpy(out->text + out->used, text, length + 1);
    out->used += length;
}

static void put_number(struct spoken_out *out, int64_t value)
{
    char text[24];
    text_format(text, sizeof text, "%lld", (long long)value);
    spoken_put(out, text);
}

/* 1..9999. 十二, but 一百一十二; 两千, but 二百. */
static void put_section(struct spoken_out *out, int value, bool is_first)
{
    static const char *const UNITS[] = { "千", "百", "十", "" };
    static const int WORTH[] = { 1000, 100, 10, 1 };
    bool started = false, gap = false;
    for (size_t i = 0; i < ARRAY_SIZE(WORTH); i++) {
        const int digit = value / WORTH[i] % 10;
        gap = gap || (digit == 0 && started);
        if (digit == 0)
            continue;
        if (gap)
            spoken_put(out, ZH_DIGITS[0]);
        if (digit == 2 && WORTH[i] == 1000)
            spoken_put(out, "两");
        else if (digit != 1 || WORTH[i] != 10 || started || !is_first)
            spoken_put(out, ZH_DIGITS[digit]);
        spoken_put(out, UNITS[i]);
        started = true;
        gap = false;
    }
}

/* Chinese counts in ten thousands: 亿, 万. */
static void put_zh_cardinal(struct spoken_out *out, int64_t value)
{
    static const char *const UNITS[] = { "亿", "万", "" };
    static const int64_t WORTH[] = { 100000000, 10000, 1 };
    bool started = false, gap = false;
    if (value == 0)
        spoken_put(out, ZH_DIGITS[0]);
    for (size_t i = 0; i < ARRAY_SIZE(WORTH); i++) {
        const int section = (int)(value / WORTH[i] % 10000);
        gap = gap || (started && section < 1000);
        if (section == 0)
            continue;
        if (gap)
            spoken_put(out, ZH_DIGITS[0]);
        if (section == 2 && WORTH[i] > 1)
            spoken_put(out, "两");
        else
            put_section(out, section, !started);
        spoken_put(out, UNITS[i]);
        started = true;
        gap = false;
    }
}

void spoken_put_cardinal(struct spoken_out *out, int language, int64_t value)
{
    CHECK(value >= 0 && value <= SPOKEN_CARDINAL_MAX);
    if (language == SPOKEN_ZH)
        put_zh_cardinal(out, value);
    else
        put_number(out, value);
}

void spoken_put_count(struct spoken_out *out, int language, int64_t value)
{
    if (language == SPOKEN_ZH && value == 2)
        spoken_put(out, "两");
    else
        spoken_put_cardinal(out, language, value);
}

static void put_zh_money(struct spoken_out *out, int64_t yuan, int jiao, int fen)
{
    if (yuan > 0 || (jiao == 0 && fen == 0)) {
        spoken_put_count(out, SPOKEN_ZH, yuan);
        spoken_put(out, "元");
    }
    if (jiao > 0) {
        spoken_put(out, yuan == 0 && jiao == 2 ? "两" : ZH_DIGITS[jiao]);
        spoken_put(out, "角");
    } else if (fen > 0 && yuan > 0) {
        spoken_put(out, ZH_DIGITS[0]);
    }
    if (fen > 0) {
        spoken_put(out, ZH_DIGITS[fen]);
        spoken_put(out, "分");
    }
}

static void put_en_money(struct spoken_out *out, int64_t yuan, int fen)
{
    char text[64];
    if (yuan == 0 && fen > 0)
        text_format(text, sizeof text, "%d fen", fen);
    else if (fen == 0)
        text_format(text, sizeof text, "%lld yuan", (long long)yuan);
    else if (fen < 10)
        text_format(text, sizeof text, "%lld yuan 0 %d", (long long)yuan, fen);
    else
        text_format(text, sizeof text, "%lld yuan %d", (long long)yuan, fen);
    spoken_put(out, text);
}

void spoken_put_money(struct spoken_out *out, int language, int64_t fen)
{
    const int rest = (int)(fen % 100);
    CHECK(fen >= 0);
    if (language == SPOKEN_ZH)
        put_zh_money(out, fen / 100, rest / 10, rest % 10);
    else
        put_en_money(out, fen / 100, rest);
}

void spoken_put_digits(struct spoken_out *out, int language, const char *digits, int count,
                       bool is_name)
{
    for (int i = 0; i < count; i++) {
        const char single[] = { digits[i], '\0' };
        const bool is_digit = digits[i] >= '0' && digits[i] <= '9';
        if (language == SPOKEN_EN && i > 0)
            spoken_put(out, " ");
        if (language == SPOKEN_EN || !is_digit)
            spoken_put(out, single);
        else
            spoken_put(out, is_name && digits[i] == '1' ? "幺" : ZH_DIGITS[digits[i] - '0']);
    }
}

static void put_zh_date(struct spoken_out *out, int year, int month, int day)
{
    char digits[8];
    text_format(digits, sizeof digits, "%04d", year);
    spoken_put_digits(out, SPOKEN_ZH, digits, 4, false);
    spoken_put(out, "年");
    put_zh_cardinal(out, month);
    spoken_put(out, "月");
    if (day == 0)
        return;
    put_zh_cardinal(out, day);
    spoken_put(out, "日");
}

void spoken_put_date(struct spoken_out *out, int language, int year, int month, int day)
{
    static const char *const MONTHS[] = { "January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December" };
    char text[48];
    CHECK(year >= 0 && year <= 9999 && month >= 1 && month <= 12 && day >= 0 && day <= 31);
    if (language == SPOKEN_ZH) {
        put_zh_date(out, year, month, day);
        return;
    }
    if (day > 0)
        text_format(text, sizeof text, "%d %s %d", day, MONTHS[month - 1], year);
    else
        text_format(text, sizeof text, "%s %d", MONTHS[month - 1], year);
    spoken_put(out, text);
}

void spoken_put_time(struct spoken_out *out, int language, int hour, int minute)
{
    char text[24];
    if (language == SPOKEN_EN) {
        text_format(text, sizeof text,
                    minute == 0   ? "%d o'clock"
                    : minute < 10 ? "%d 0 %d"
                                  : "%d %d",
                    hour, minute);
        spoken_put(out, text);
        return;
    }
    spoken_put_count(out, SPOKEN_ZH, hour);
    spoken_put(out, "点");
    if (minute == 0)
        return;
    if (minute < 10)
        spoken_put(out, ZH_DIGITS[0]);
    put_zh_cardinal(out, minute);
    spoken_put(out, "分");
}
