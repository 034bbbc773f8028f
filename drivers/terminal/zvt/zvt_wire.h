/*
 * The frames of ZVT (VdTH PA00P015, rev. 13.08): APDUs, and how they travel on a serial line
 * (PA00P016) or over TCP. Pure: no I/O, no time.
 *
 * APDU: class · instruction · length · data. A length of FF stands for two more bytes, low first.
 * TCP carries APDUs as they are. A serial line carries blocks: 10 02 · APDU, each 10 doubled ·
 * 10 03 · CRC low, high; and between blocks the single bytes 06 (ACK) and 15 (NAK).
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZVT_DATA_MAX 4096 /* far over any answer to what we ask; the protocol would allow 65535 */
#define ZVT_APDU_MAX (5 + ZVT_DATA_MAX)
#define ZVT_BLOCK_MAX (2 * ZVT_APDU_MAX + 6)

/* Class and instruction. */
enum zvt_command {
    ZVT_REGISTRATION = 0x0600,
    ZVT_AUTHORISATION = 0x0601,
    ZVT_LOG_OFF = 0x0602,
    ZVT_COMPLETION = 0x060F,
    ZVT_TOTALS = 0x0610,
    ZVT_ABORT_BY_TERMINAL = 0x061E,
    ZVT_REPEAT_RECEIPT = 0x0620,
    ZVT_REVERSAL = 0x0630,
    ZVT_END_OF_DAY = 0x0650,
    ZVT_DIAGNOSIS = 0x0670,
    ZVT_INITIALISATION = 0x0693,
    ZVT_ABORT = 0x06B0,
    ZVT_PRINT_LINE = 0x06D1,
    ZVT_PRINT_BLOCK = 0x06D3,
    ZVT_STATUS_INFORMATION = 0x040F,
    ZVT_INTERMEDIATE_STATUS = 0x04FF,
    ZVT_STATUS_ENQUIRY = 0x0501,
};

/* An answer's class is 80 or 84; its instruction is a result code (zvt_codes.h). */
#define ZVT_ANSWER_GOOD 0x8000
#define ZVT_ANSWER_ALSO_GOOD 0x8400
#define ZVT_ANSWER_NOT_YET 0x849C    /* ours: ask again in two seconds */
#define ZVT_ANSWER_NOT_ISSUED 0x846C /* ours: undo the payment */

static inline bool zvt_is_answer(uint16_t command)
{
    return (command >> 8) == 0x80 || (command >> 8) == 0x84;
}

static inline bool zvt_is_good(uint16_t command)
{
    return command == ZVT_ANSWER_GOOD || command == ZVT_ANSWER_ALSO_GOOD;
}

struct zvt_apdu {
    uint16_t command;
    size_t size;
    uint8_t data[ZVT_DATA_MAX];
};

/* Requires apdu->size <= ZVT_DATA_MAX and out of ZVT_APDU_MAX bytes. Returns how many. */
size_t zvt_build_apdu(const struct zvt_apdu *apdu, uint8_t *out);
/* The same as a block for a serial line; out of ZVT_BLOCK_MAX bytes. */
size_t zvt_build_block(const struct zvt_apdu *apdu, uint8_t *out);

/* CRC-16/KERMIT, over the APDU and the 03 that ends its block. */
uint16_t zvt_crc(const uint8_t *data, size_t size, uint16_t seed);

#define ZVT_ACK 0x06
#define ZVT_NAK 0x15

enum zvt_progress {
    ZVT_MORE,  /* nothing whole yet */
    ZVT_APDU,  /* the decoder's apdu is whole */
    ZVT_BAD,   /* serial: wrong CRC or no block (answer NAK); TCP: too long, the stream is lost */
    ZVT_ACKED, /* serial only: the other side has our block */
    ZVT_NAKED, /* serial only: send it again */
};

struct zvt_decoder {
    bool serial;
    struct zvt_apdu apdu;
    uint8_t raw[ZVT_APDU_MAX];
    size_t count;
    int state; /* serial: where in a block */
    uint8_t crc_low;
};

void zvt_decoder_init(struct zvt_decoder *decoder, bool serial);
enum zvt_progress zvt_decoder_feed(struct zvt_decoder *decoder, uint8_t byte);
