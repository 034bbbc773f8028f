/*
 * Money is int64_t fen; floating point is banned. Rates are integers in millionths
 * (20 % = 200000, source: reference rule "integers only", 1/10000 of a percent).
 */
#pragma once
#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

#define MONEY_FEN_MAX INT64_C(100000000000) /* one billion yuan: far over any sum at a kiosk */
#define MONEY_RATE_ONE 1000000

enum money_rounding {
    MONEY_HALF_UP_FEN,
    MONEY_UP_FEN,
    MONEY_DOWN_FEN,
    MONEY_HALF_UP_JIAO,
    MONEY_UP_JIAO,
    MONEY_DOWN_JIAO,
    MONEY_HALF_UP_YUAN,
    MONEY_UP_YUAN,
    MONEY_DOWN_YUAN,
};

/* "half-up-fen" … as the policy file spells it. STATUS_INVALID if the word is not known. */
NODISCARD enum status money_rounding_parse(const char *word, enum money_rounding *out);

/* fen * rate / 1000000, rounded. Requires 0 <= fen <= MONEY_FEN_MAX, 0 <= rate <= 10 *
 * MONEY_RATE_ONE (bases are up to 300 % of an average). */
int64_t money_apply_rate(int64_t fen, int32_t rate_millionths, enum money_rounding rounding);

/* "1,234.50"; with grouping off "1234.50". Negative sums carry '-'. out is always terminated. */
#define MONEY_TEXT_SIZE 32
void money_format(int64_t fen, int grouped, char out[MONEY_TEXT_SIZE]);

/* Exactly digits, '.', two digits: "7462.00". STATUS_INVALID otherwise, or over MONEY_FEN_MAX. */
NODISCARD enum status money_parse(const char *text, int64_t *fen_out);

/*
 * 人民币大写 after annex 1 of 银发〔1997〕393号, with the fixed choices: no 整 after 角; 零 is
 * written when the yuan digit is 0 and jiao is not; not between 万 and a non-zero 仟.  1680.32 →
 * 人民币壹仟陆佰捌拾元零叁角贰分.  Requires 0 <= fen <= MONEY_FEN_MAX.  UTF-8, at most
 * MONEY_WORDS_SIZE - 1 bytes.
 */
#define MONEY_WORDS_SIZE 160
void money_format_words(int64_t fen, char out[MONEY_WORDS_SIZE]);
