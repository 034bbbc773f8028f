/*
 * Numbers as a voice must be given them. A speech program reads "1,234.50" as an Englishman and
 * "12345678" in thousands, also in Chinese; so Chinese numbers are written out here, and in both
 * languages what is a name made of digits (an account, a voucher, a telephone) is read digit by
 * digit.
 *
 * Pure. Texts go to a spoken_out, which never overflows.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The languages of ui/strings.h. */
enum spoken_language {
    SPOKEN_ZH,
    SPOKEN_EN,
    SPOKEN_LANGUAGES
};

struct spoken_out {
    char *text; /* always terminated */
    size_t size, used;
    bool cut; /* something did not fit */
};

/* All of text or nothing: a character is never split. */
void spoken_put(struct spoken_out *out, const char *text);

#define SPOKEN_CARDINAL_MAX INT64_C(999999999999)

/* 0..SPOKEN_CARDINAL_MAX: 一千二百零四; 1204. */
void spoken_put_cardinal(struct spoken_out *out, int language, int64_t value);
/* 2 before a measure word is 两: 两个月. */
void spoken_put_count(struct spoken_out *out, int language, int64_t value);
/* fen >= 0: 一千二百三十四元五角; 1234 yuan 50. */
void spoken_put_money(struct spoken_out *out, int language, int64_t fen);
/* "4403": 四四零三; with is_name 1 is 幺, as on the telephone. 4 4 0 3. */
void spoken_put_digits(struct spoken_out *out, int language, const char *digits, int count,
                       bool is_name);
/* day 0: the month alone. 二零二六年十一月三日; 3 November 2026. */
void spoken_put_date(struct spoken_out *out, int language, int year, int month, int day);
/* 九点零五分; 9 0 5. */
void spoken_put_time(struct spoken_out *out, int language, int hour, int minute);
