/*
 * Commands to a contact card and its answers (ISO/IEC 7816-4), short form: at most 255 bytes out
 * and 256 back, which is more than any file of a social security card holds.
 *
 * Threads:   that of whoever owns the link below.
 * Ownership: the caller's; nothing is kept. Answers may hold a person's data: wipe them.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define APDU_HEADER_SIZE 4
#define APDU_DATA_SIZE_MAX 255
#define APDU_COMMAND_SIZE_MAX (APDU_HEADER_SIZE + 1 + APDU_DATA_SIZE_MAX + 1)
#define APDU_ANSWER_DATA_MAX 256
#define APDU_ANSWER_SIZE_MAX (APDU_ANSWER_DATA_MAX + 2)
#define APDU_NO_LE (-1)

struct apdu {
    uint8_t cla, ins, p1, p2;
    const uint8_t *data;
    size_t size; /* at most APDU_DATA_SIZE_MAX; 0: none */
    int le;      /* as on the wire, 0 is 256; APDU_NO_LE: no data is expected */
};

/* SW1 SW2; cards.md's list of those that have a meaning here. */
enum apdu_sw {
    APDU_SW_OK = 0x9000,
    APDU_SW_INVALIDATED = 0x6283,
    APDU_SW_NOT_ALLOWED = 0x6982,
    APDU_SW_CARD_LOCKED = 0x6A81,
    APDU_SW_FILE_NOT_FOUND = 0x6A82,
    APDU_SW_RECORD_NOT_FOUND = 0x6A83,
    APDU_SW_APPLICATION_LOCKED = 0x9303,
};

struct apdu_answer {
    uint16_t sw;
    size_t size;
    uint8_t data[APDU_ANSWER_DATA_MAX];
};

/*
 * What carries bytes to a card and brings its answer. in_size is the room; *got_out at most that.
 *
 * Returns: STATUS_OK
 *          STATUS_NOT_FOUND     the card is no longer in the reader.
 *          STATUS_TIMEOUT       the card is silent.
 *          STATUS_PROTOCOL      parity, length or content were wrong; once more may help.
 *          STATUS_DISCONNECTED, STATUS_IO, STATUS_CANCELLED  the reader.
 */
struct card_link {
    enum status (*transmit)(struct card_link *link, const uint8_t *out, size_t size, uint8_t *in,
                            size_t in_size, size_t *got_out);
    uint8_t waiting_factor; /* T=1: the card asked for so many block waiting times; 0 none */
};

/* How a command looks to the link. */
enum apdu_form {
    APDU_FORM_WHOLE, /* as ISO/IEC 7816-4 writes it: T=1 and readers that take APDUs */
    APDU_FORM_TPDU,  /* T=0 bare: P3 is always there, never both data and Le */
};

/* One card, spoken to in whole commands. Returns as struct card_link. */
struct apdu_channel {
    enum status (*exchange)(struct apdu_channel *channel, const struct apdu *command,
                            struct apdu_answer *out);
};

/* Requires: command->size <= APDU_DATA_SIZE_MAX, Le in -1..255. Returns the size. */
size_t apdu_encode(const struct apdu *command, enum apdu_form form,
                   uint8_t out[APDU_COMMAND_SIZE_MAX]);

/* STATUS_PROTOCOL for less than a status or more than fits. */
NODISCARD enum status apdu_parse_answer(const uint8_t *data, size_t size, struct apdu_answer *out);

/*
 * Sends a command and fetches its whole answer: 6Cxx asks for it again with the right length, 61xx
 * fetches the rest (ISO/IEC 7816-3, 10.3; 7816-4, 5.3.4). Returns as struct card_link.
 */
NODISCARD enum status apdu_exchange(struct card_link *link, enum apdu_form form,
                                    const struct apdu *command, struct apdu_answer *out);
