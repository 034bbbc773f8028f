/*
 * What a social security card says of its holder, and the records it says it in (LD/T 32, file
 * layout V1.0 and V2.0; see README.md for what is known and what is not).
 *
 * Pure. Every field is bounded by its record's length; what breaks its format is refused.
 * Personal data: whoever holds a struct social_card wipes it.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct social_card {
    int generation;       /* 1, 2 or 3: the first figure of the version of its layout */
    char region[8];       /* GB/T 2260, of the issuer; empty if the card has none */
    char card_number[16]; /* as printed; may be empty */
    char name[160];       /* UTF-8 */
    char number[20];      /* social security number = ID number; 18 characters, on old cards 15 */
    int32_t issued;       /* YYYYMMDD, 0: the card does not say */
    int32_t valid_to;     /* YYYYMMDD, 0: the card does not say */
};

enum social_card_file {
    SOCIAL_CARD_ISSUER = 0xEF05,
    SOCIAL_CARD_HOLDER = 0xEF06
};

enum social_card_tag {
    SOCIAL_CARD_TAG_ID = 0x01,
    SOCIAL_CARD_TAG_VERSION = 0x03,
    SOCIAL_CARD_TAG_ISSUED = 0x05,
    SOCIAL_CARD_TAG_VALID_TO = 0x06,
    SOCIAL_CARD_TAG_CARD_NUMBER = 0x07,
    SOCIAL_CARD_TAG_NUMBER = 0x08,
    SOCIAL_CARD_TAG_NAME = 0x09,
    SOCIAL_CARD_TAG_NAME_MORE = 0x4E,
};

/* Where a record lies. Numbers moved when the long name came; tags did not. */
struct social_card_record {
    enum social_card_tag tag;
    enum social_card_file file;
    uint8_t number_first; /* in layout V1; 0: not there */
    uint8_t number;       /* in V2 and V3 */
    bool is_optional;     /* a card without it is whole */
};

extern const struct social_card_record SOCIAL_CARD_RECORDS[];
extern const size_t SOCIAL_CARD_RECORD_COUNT;

#define SOCIAL_CARD_VALUE_MAX 32
#define SOCIAL_CARD_ID_SIZE 16

/* A record's content; size 0: not read, or not on the card. */
struct social_card_value {
    size_t size;
    uint8_t bytes[SOCIAL_CARD_VALUE_MAX];
};

/*
 * The value out of "T L V". STATUS_NOT_FOUND: it is another record. STATUS_PROTOCOL: the length
 * does not fit what came.
 */
NODISCARD enum status social_card_parse_record(const uint8_t *data, size_t size, uint8_t tag,
                                               struct social_card_value *out);

/* "1.00", "2.01", "3.00" → 1, 2, 3. STATUS_UNSUPPORTED: no layout this parser knows. */
NODISCARD enum status social_card_parse_version(const struct social_card_value *value,
                                                int *generation_out);

/*
 * Puts one record into the card; names go by social_card_take_name().
 * STATUS_INVALID: it breaks its format; STATUS_FULL: it does not fit.
 */
NODISCARD enum status social_card_take(struct social_card *card, enum social_card_tag tag,
                                       const struct social_card_value *value);

/* A name and, of a long one, the rest: cut between bytes, not between characters. STATUS_INVALID:
 * no name, or not GB 18030; STATUS_UNSUPPORTED: this machine cannot read it. */
NODISCARD enum status social_card_take_name(struct social_card *card,
                                            const struct social_card_value *name,
                                            const struct social_card_value *more);

/* The algorithm of the card's keys, from its file control information: 1 3DES, 3 SM4 (2 is presumed
 * to be SSF33: UNCONFIRMED). 1 where it says nothing. */
uint8_t social_card_algorithm(const uint8_t *fci, size_t size);

void social_card_wipe(struct social_card *card);
