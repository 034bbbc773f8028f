#include "base/check.h"
#include "ui/spoken_reader.h"

#define NAME_DIGITS_MIN 5    /* an ungrouped number of so many digits is a name, not a count */
#define GROUPED_DIGITS_MIN 7 /* so is one in groups: 4403 0512 3456 */
#define GROUPS_MAX 16
#define DIGITS_MAX 48

/* Each take_… returns whether it knew what stands there and went past it. */

static int count_digits(const char *at)
{
    int count = 0;
    while (spoken_is_digit(at[count]))
        count++;
    return count;
}

static int value_of(const char *digits, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

/* 2026-11, 2026-11-23 */
static bool take_date(struct spoken_reader *reader)
{
    const char *at = reader->at;
    if (count_digits(at) != 4 || at[4] != '-' || count_digits(at + 5) != 2)
        return false;
    const int month = value_of(at + 5, 2);
    const char *end = at + 7;
    int day = 0;
    if (*end == '-' && count_digits(end + 1) == 2) {
        day = value_of(end + 1, 2);
        end += 3;
    }
    if (month < 1 || month > 12 || day > 31 || (*end == '-' && spoken_is_digit(end[1])))
        return false;
    spoken_reader_begin(reader);
    spoken_put_date(reader->out, reader->language, value_of(at, 4), month, day);
    reader->at = end;
    return true;
}

/* 9:05, 09:41 */
static bool take_time(struct spoken_reader *reader)
{
    const char *at = reader->at;
    const int count = count_digits(at);
    if (count < 1 || count > 2 || at[count] != ':' || count_digits(at + count + 1) != 2)
        return false;
    const int hour = value_of(at, count), minute = value_of(at + count + 1, 2);
    if (hour > 24 || minute > 59)
        return false;
    spoken_reader_begin(reader);
    spoken_put_time(reader->out, reader->language, hour, minute);
    reader->at = at + count + 3;
    return true;
}

/* 4403**********12, 138****0000: how many are hidden is not worth a word. */
static bool take_masked(struct spoken_reader *reader)
{
    const char *at = reader->at;
    size_t length = strspn(at, "0123456789*");
    if (length < 6 || !memchr(at, '*', length))
        return false;
    spoken_reader_begin(reader);
    for (size_t i = 0; i < length;) {
        const int shown = count_digits(at + i);
        if (i > 0 && shown > 0)
            spoken_put(reader->out, reader->language == SPOKEN_ZH ? "，" : ", ");
        spoken_put_digits(reader->out, reader->language, at + i, shown, true);
        i += (size_t)shown;
        i += strspn(at + i, "*");
    }
    reader->at = at + length;
    if ((*reader->at == 'X' || *reader->at == 'x') &&
        !spoken_is_latin(spoken_peek(reader->at + 1))) {
        spoken_put(reader->out, reader->language == SPOKEN_ZH ? "X" : " X");
        reader->at++;
    }
    return true;
}

struct groups {
    int first[GROUPS_MAX], count[GROUPS_MAX], groups, digits;
    int length; /* of all in bytes */
};

static bool is_inside_number(const char *at)
{
    return (*at == ',' || *at == '.') && spoken_is_digit(at[1]);
}

/* Digits in groups with one blank or hyphen between: 440305 000001 …, 0755-12333. */
static bool scan_groups(const char *at, struct groups *out)
{
    *out = (struct groups){ 0 };
    for (;;) {
        const int count = count_digits(at + out->length);
        if (out->groups == GROUPS_MAX || count > DIGITS_MAX)
            return false;
        out->first[out->groups] = out->length;
        out->count[out->groups++] = count;
        out->digits += count;
        out->length += count;
        const char between = at[out->length];
        if ((between != ' ' && between != '-') || !spoken_is_digit(at[out->length + 1]))
            break;
        out->length++;
    }
    for (int i = 1; i + 1 < out->groups; i++) {
        if (out->count[i] < 3) /* a row of counts: 5 10 20 50 */
            return false;
    }
    return out->groups > 1 && out->digits >= GROUPED_DIGITS_MIN &&
           !is_inside_number(at + out->length);
}

static bool take_groups(struct spoken_reader *reader)
{
    struct groups groups;
    if (!scan_groups(reader->at, &groups))
        return false;
    spoken_reader_begin(reader);
    for (int i = 0; i < groups.groups; i++) {
        if (i > 0)
            spoken_put(reader->out, reader->language == SPOKEN_ZH ? "，" : ", ");
        spoken_put_digits(reader->out, reader->language, reader->at + groups.first[i],
                          groups.count[i], true);
    }
    reader->at += groups.length;
    return true;
}

struct figure {
    char digits[DIGITS_MAX]; /* of the whole part, without commas */
    int count;
    const char *decimals;
    int decimal_count;
    bool grouped;
    const char *end;
};

/* 1,234.50: a comma counts only with three digits behind it, a point only with a digit. */
static bool scan_figure(const char *at, struct figure *out)
{
    *out = (struct figure){ .end = at };
    while (spoken_is_digit(*out->end)) {
        if (out->count == DIGITS_MAX)
            return false;
        out->digits[out->count++] = *out->end++;
        const bool more = out->count > 0 && *out->end == ',' && count_digits(out->end + 1) == 3;
        if (more && (out->grouped ? out->end[-4] == ',' : out->count <= 3)) {
            out->grouped = true;
            out->end++;
        }
    }
    if (*out->end == '.' && spoken_is_digit(out->end[1])) {
        out->decimals = out->end + 1;
        out->decimal_count = count_digits(out->decimals);
        out->end = out->decimals + out->decimal_count;
    }
    return out->count > 0;
}

/* The unit behind a sum, with the blank between; NULL if there is none. */
static const char *after_yuan(const char *at)
{
    at = spoken_skip_spaces(at);
    if (spoken_starts_with(at, "元"))
        return at + strlen("元");
    if (spoken_starts_with(at, "yuan") && !spoken_is_latin(spoken_peek(at + 4)))
        return at + 4;
    return NULL;
}

static int64_t whole_of(const struct figure *figure)
{
    int64_t value = 0;
    for (int i = 0; i < figure->count && value <= SPOKEN_CARDINAL_MAX; i++)
        value = value * 10 + (figure->digits[i] - '0');
    return value;
}

static bool take_sum(struct spoken_reader *reader, const struct figure *figure, bool has_sign)
{
    const char *unit = after_yuan(figure->end);
    const int64_t whole = whole_of(figure);
    if ((!unit && !has_sign) || figure->decimal_count > 2 || whole > SPOKEN_CARDINAL_MAX / 100)
        return false;
    int fen = value_of(figure->decimals, figure->decimal_count);
    if (figure->decimal_count == 1)
        fen *= 10;
    spoken_reader_begin(reader);
    const bool is_monthly =
        unit && reader->language == SPOKEN_ZH && spoken_starts_with(unit, "/月");
    if (is_monthly)
        spoken_put(reader->out, "每月");
    spoken_put_money(reader->out, reader->language, whole * 100 + fen);
    reader->at = is_monthly ? unit + strlen("/月") : unit ? unit : figure->end;
    return true;
}

static bool is_bracketed_year(const struct spoken_reader *reader, const char *end)
{
    return (reader->before == 0x3014 && spoken_peek(end) == 0x3015) || /* 〔2025〕 */
           (reader->before == '[' && *end == ']');
}

/* What is read digit by digit: a telephone, 03, the year before 年. */
static bool take_name(struct spoken_reader *reader, const struct figure *figure)
{
    const bool is_year =
        figure->count == 4 && (spoken_starts_with(spoken_skip_spaces(figure->end), "年") ||
                               is_bracketed_year(reader, figure->end));
    const bool is_name = figure->count >= NAME_DIGITS_MIN ||
                         (figure->count > 1 && figure->digits[0] == '0') ||
                         whole_of(figure) > SPOKEN_CARDINAL_MAX;
    if (figure->grouped || figure->decimals || !(is_year || is_name))
        return false;
    spoken_reader_begin(reader);
    spoken_put_digits(reader->out, reader->language, figure->digits, figure->count, !is_year);
    reader->at = figure->end;
    return true;
}

static bool has_measure_word(const char *at)
{
    static const char *const MEASURES[] = { "个", "张", "次", "份",   "笔",   "种", "项",
                                            "位", "天", "秒", "分钟", "小时", "岁" };
    at = spoken_skip_spaces(at);
    for (size_t i = 0; i < ARRAY_SIZE(MEASURES); i++) {
        if (spoken_starts_with(at, MEASURES[i]))
            return true;
    }
    return false;
}

static bool has_value(const struct figure *figure)
{
    for (int i = 0; i < figure->decimal_count; i++) {
        if (figure->decimals[i] != '0')
            return true;
    }
    return false;
}

static void take_count(struct spoken_reader *reader, const struct figure *figure)
{
    const bool is_percent = *figure->end == '%', is_ordinal = reader->before == 0x7b2c; /* 第 */
    const int64_t whole = whole_of(figure);
    spoken_reader_begin(reader);
    const int language = reader->language;
    if (is_percent && language == SPOKEN_ZH)
        spoken_put(reader->out, "百分之");
    if (whole > SPOKEN_CARDINAL_MAX)
        spoken_put_digits(reader->out, language, figure->digits, figure->count, false);
    else if (!is_ordinal && !figure->decimals && has_measure_word(figure->end))
        spoken_put_count(reader->out, language, whole);
    else
        spoken_put_cardinal(reader->out, language, whole);
    if (has_value(figure)) {
        spoken_put(reader->out, language == SPOKEN_ZH ? "点" : " point ");
        spoken_put_digits(reader->out, language, figure->decimals, figure->decimal_count, false);
    }
    if (is_percent && language == SPOKEN_EN)
        spoken_put(reader->out, " percent");
    reader->at = figure->end + (is_percent ? 1 : 0);
}

/* 2/5: of; 3-5, 9:00-17:00: to. */
static void take_between(struct spoken_reader *reader)
{
    const char *at = spoken_skip_spaces(reader->at);
    const bool is_of = *at == '/' && spoken_is_digit(*spoken_skip_spaces(at + 1));
    const uint32_t code = spoken_peek(at);
    const bool is_to = (code == '-' || code == '~' || code == 0x2013 || code == 0xff5e);
    const char *next = at;
    (void)text_next(&next);
    if (!is_of && !(is_to && spoken_is_digit(*spoken_skip_spaces(next))))
        return;
    if (is_of)
        spoken_reader_say(reader, "，共", " of ");
    else
        spoken_reader_say(reader, "至", " to ");
    reader->at = spoken_skip_spaces(next);
}

bool spoken_reader_take_figure(struct spoken_reader *reader, bool has_sign)
{
    struct figure figure;
    bool taken = !has_sign && (take_date(reader) || take_time(reader) || take_masked(reader) ||
                               take_groups(reader));
    if (!taken) {
        if (!scan_figure(reader->at, &figure))
            return false;
        if (!take_sum(reader, &figure, has_sign) && !take_name(reader, &figure))
            take_count(reader, &figure);
    }
    take_between(reader);
    if (*reader->at == ' ' && spoken_is_digit(*spoken_skip_spaces(reader->at)))
        reader->rest = REST_PAUSE; /* a date and a time are two things */
    reader->before = '0';
    if (spoken_is_latin(spoken_peek(reader->at)) || spoken_is_digit(*reader->at))
        spoken_reader_space(reader);
    return true;
}
