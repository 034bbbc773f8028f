/*
 * What ZVT's messages carry: bitmaps (PA00P015 chapter 9, one byte of tag each, fixed or LLVAR
 * lengths) and in bitmap 06 a TLV container. Pure. Tracks of a card are skipped, never kept; its
 * number is kept masked.
 */
#pragma once
#include "base/status.h"
#include "drivers/terminal/zvt/zvt_wire.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZVT_NONE (-1)
#define ZVT_NO_RECEIPT 0xFFFF /* bitmap 87: no such transaction */

struct zvt_fields {
    /* ZVT_NONE where the message does not say it. */
    int result;         /* 27 */
    int64_t amount;     /* 04, minor units */
    int currency;       /* 49, ISO 4217 number: 156 is CNY */
    int32_t trace;      /* 0B; 1F2B where that is too small */
    int32_t time, date; /* 0C hhmmss, 0D mmdd */
    int receipt;        /* 87 */
    int payment_type;   /* 19: of a payment, how it was checked; of a registration, status bits */
    int card_type;      /* 8A */
    int32_t sequence;   /* 1F73 */
    int64_t totals_sum; /* 60 */
    int totals_count;   /* 60 */
    /* Empty where the message does not say it. */
    char terminal_id[9];    /* 29 */
    char merchant[16];      /* 2A */
    char card[24];          /* 22: **** and the last four */
    char scheme[32];        /* 8B */
    char authorisation[17]; /* 3B */
    char text[64];          /* 3C, or TLV 24 / 07 */
    bool is_cut;            /* an unknown bitmap ended the reading: what follows it is not known */
};

/*
 * The bitmaps of data. A bitmap this file does not know has an unknown length, so reading ends
 * there, is_cut is set, and what was read stands.
 *
 * Returns: STATUS_OK, STATUS_PROTOCOL for a length that goes over the end or a digit that is none.
 */
NODISCARD enum status zvt_parse_fields(const uint8_t *data, size_t size, struct zvt_fields *out);

/* 06 1E: a result, then bitmaps. 04 FF: a key, [T4], then bitmaps. Return as above. */
NODISCARD enum status zvt_parse_abort(const struct zvt_apdu *apdu, struct zvt_fields *out);
NODISCARD enum status zvt_parse_intermediate(const struct zvt_apdu *apdu, int *key_out,
                                             struct zvt_fields *out);
/* The completion of a status enquiry: [version] and one byte, or nothing. */
NODISCARD enum status zvt_parse_enquiry(const struct zvt_apdu *apdu, int *status_out);

/* ---- writing ---- */

struct bytes_writer;
void zvt_write_amount(struct bytes_writer *writer, int64_t amount); /* 04; 0 <= amount < 10^12 */
void zvt_write_currency(struct bytes_writer *writer, int currency); /* 49 */
void zvt_write_bcd(struct bytes_writer *writer, uint64_t value, size_t bytes);
