#include "base/money.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"

static const char *const ROUNDING_WORDS[] = {
    [MONEY_HALF_UP_FEN] = "half-up-fen",   [MONEY_UP_FEN] = "up-fen",
    [MONEY_DOWN_FEN] = "down-fen",         [MONEY_HALF_UP_JIAO] = "half-up-jiao",
    [MONEY_UP_JIAO] = "up-jiao",           [MONEY_DOWN_JIAO] = "down-jiao",
    [MONEY_HALF_UP_YUAN] = "half-up-yuan", [MONEY_UP_YUAN] = "up-yuan",
    [MONEY_DOWN_YUAN] = "down-yuan",
};

enum status money_rounding_parse(const char *word, enum money_rounding *out)
{
    for (size_t i = 0; i < ARRAY_SIZE(ROUNDING_WORDS); i++) {
        if (strcmp(word, ROUNDING_WORDS[i]) == 0) {
            *out = (enum money_rounding)i;
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}

static int64_t half_up(int64_t value, int64_t unit)
{
    return (value + unit / 2) / unit;
}

static int64_t up(int64_t value, int64_t unit)
{
    return (value + unit - 1) / unit;
}

int64_t money_apply_rate(int64_t fen, int32_t rate_millionths, enum money_rounding rounding)
{
    CHECK(fen >= 0 && fen <= MONEY_FEN_MAX);
    CHECK(rate_millionths >= 0 && rate_millionths <= 10 * MONEY_RATE_ONE);
    const int64_t one_fen = MONEY_RATE_ONE, one_jiao = one_fen * 10, one_yuan = one_fen * 100;
    int64_t product = fen * rate_millionths; /* at most 1e18, inside 63 bits */

    switch (rounding) {
    case MONEY_HALF_UP_FEN:
        return half_up(product, one_fen);
    case MONEY_UP_FEN:
        return up(product, one_fen);
    case MONEY_DOWN_FEN:
        return product / one_fen;
    case MONEY_HALF_UP_JIAO:
        return half_up(product, one_jiao) * 10;
    case MONEY_UP_JIAO:
        return up(product, one_jiao) * 10;
    case MONEY_DOWN_JIAO:
        return product / one_jiao * 10;
    case MONEY_HALF_UP_YUAN:
        return half_up(product, one_yuan) * 100;
    case MONEY_UP_YUAN:
        return up(product, one_yuan) * 100;
    case MONEY_DOWN_YUAN:
        return product / one_yuan * 100;
    }
    check_failed("a rounding of its enum", __FILE__, __LINE__);
}

void money_format(int64_t fen, int grouped, char out[MONEY_TEXT_SIZE])
{
    uint64_t magnitude = fen < 0 ? -(uint64_t)fen : (uint64_t)fen;
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)(magnitude / 100));
    size_t at = 0;
    if (fen < 0)
        out[at++] = '-';
    for (int i = 0; i < count; i++) {
        if (grouped && i > 0 && (count - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at++] = '.';
    out[at++] = (char)('0' + magnitude % 100 / 10);
    out[at++] = (char)('0' + magnitude % 10);
    out[at] = '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum status money_parse(const char *text, int64_t *fen_out)
{
    int64_t yuan = 0;
    if (!is_digit(*text))
        return STATUS_INVALID;
    for (; is_digit(*text); text++) {
        yuan = yuan * 10 + (*text - '0');
        if (yuan > MONEY_FEN_MAX / 100)
            return STATUS_INVALID;
    }
    if (text[0] != '.' || !is_digit(text[1]) || !is_digit(text[2]) || text[3] != '\0')
        return STATUS_INVALID;
    int64_t fen = yuan * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    if (fen > MONEY_FEN_MAX)
        return STATUS_INVALID;
    *fen_out = fen;
    return STATUS_OK;
}

static const char *const CAPITAL_DIGITS[] = { "零", "壹", "贰", "叁", "肆",
                                              "伍", "陆", "柒", "捌", "玖" };

struct words {
    char *out;
    size_t length;
    bool started;      /* a digit has been written */
    bool zero_pending; /* zeros were passed over since */
};

static void words_add(struct words *words, const char *word)
{
    size_t size = strlen(word);
    CHECK(words->length + size < MONEY_WORDS_SIZE);
    memcpy(words->out + words->length, word, size + 1);
    words->length += size;
}

/* Four digits and their 仟 佰 拾; a run of zeros becomes one 零, and only between digits. */
static void words_add_group(struct words *words, int64_t group, const char *group_unit)
{
    static const char *const UNITS[] = { "仟", "佰", "拾", "" };
    if (group == 0) {
        words->zero_pending = words->started;
        return;
    }
    int64_t divisor = 1000;
    for (size_t i = 0; i < ARRAY_SIZE(UNITS); i++, divisor /= 10) {
        int64_t digit = group / divisor % 10;
        if (digit == 0) {
            words->zero_pending = words->started;
            continue;
        }
        if (words->zero_pending)
            words_add(words, "零");
        words->zero_pending = false;
        words->started = true;
        words_add(words, CAPITAL_DIGITS[digit]);
        words_add(words, UNITS[i]);
    }
    words_add(words, group_unit);
    /* Fixed choice: between 万 and a non-zero 仟 there is no 零. */
    words->zero_pending = false;
}

void money_format_words(int64_t fen, char out[MONEY_WORDS_SIZE])
{
    CHECK(fen >= 0 && fen <= MONEY_FEN_MAX);
    int64_t yuan = fen / 100, jiao = fen / 10 % 10, cent = fen % 10;
    struct words words = { .out = out };

    words_add(&words, "人民币");
    words_add_group(&words, yuan / 100000000, "亿");
    words_add_group(&words, yuan / 10000 % 10000, "万");
    words_add_group(&words, yuan % 10000, "");
    if (yuan > 0)
        words_add(&words, "元");
    if (jiao == 0 && cent == 0) {
        words_add(&words, yuan > 0 ? "整" : "零元整");
        return;
    }
    if (yuan > 0 && (jiao == 0 || yuan % 10 == 0))
        words_add(&words, "零");
    if (jiao > 0) {
        words_add(&words, CAPITAL_DIGITS[jiao]);
        words_add(&words, "角");
    }
    if (cent > 0) {
        words_add(&words, CAPITAL_DIGITS[cent]);
        words_add(&words, "分");
    }
}
