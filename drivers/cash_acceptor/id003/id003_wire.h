/*
 * The bytes of JCM's ID-003: frames, statuses and the table of denominations. Pure: no I/O, no
 * time.
 *
 * FC · LEN of the whole frame · command or status · data · CRC low · CRC high. There is no
 * stuffing, so FC may also stand inside a frame; whoever loses step finds it again by the CRC.
 */
#pragma once
#include "base/status.h"
#include "drivers/cash_acceptor/cash_acceptor.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ID003_STX 0xFC
#define ID003_FRAME_MIN 5
#define ID003_FRAME_MAX 255
#define ID003_DATA_MAX (ID003_FRAME_MAX - ID003_FRAME_MIN)

enum id003_command {
    ID003_STATUS_REQUEST = 0x11,
    ID003_RESET = 0x40,
    ID003_STACK_1 = 0x41, /* VEND VALID when the note passes the lever of the stacker */
    ID003_STACK_2 = 0x42, /* VEND VALID when it lies in the stacker */
    ID003_RETURN = 0x43,
    ID003_HOLD = 0x44,
    ID003_ACK = 0x50, /* ours for VEND VALID, the device's for an order */
    ID003_DENOMINATIONS = 0xC0,
    ID003_SECURITY = 0xC1,
    ID003_COMMUNICATION = 0xC2,
    ID003_INHIBIT = 0xC3,
    ID003_DIRECTION = 0xC4,
    ID003_FUNCTIONS = 0xC5,
    ID003_VERSION = 0x88,
    ID003_CURRENCY = 0x8A,
};

enum id003_status_code {
    ID003_ENQUIRY = 0x05, /* only in interrupt mode */
    ID003_IDLE = 0x11,
    ID003_ACCEPTING = 0x12,
    ID003_ESCROW = 0x13,
    ID003_STACKING = 0x14,
    ID003_VEND_VALID = 0x15, /* the credit point; repeated until ACK */
    ID003_STACKED = 0x16,
    ID003_REJECTING = 0x17,
    ID003_RETURNING = 0x18,
    ID003_HOLDING = 0x19,
    ID003_DISABLED = 0x1A,
    ID003_INITIALISING = 0x1B,
    ID003_POWER_UP = 0x40,
    ID003_POWER_UP_IN_ACCEPTOR = 0x41,
    ID003_POWER_UP_IN_STACKER = 0x42,
    ID003_STACKER_FULL = 0x43,
    ID003_STACKER_OPEN = 0x44,
    ID003_JAM_IN_ACCEPTOR = 0x45,
    ID003_JAM_IN_STACKER = 0x46,
    ID003_PAUSE = 0x47, /* a second note at the mouth */
    ID003_CHEATED = 0x48,
    ID003_FAILURE = 0x49,
    ID003_COMMUNICATION_ERROR = 0x4A,
    ID003_INVALID_COMMAND = 0x4B,
};

/* CRC-16/KERMIT: reflected 1021, seed 0. */
uint16_t id003_crc(const uint8_t *data, size_t size);

struct id003_frame {
    uint8_t code; /* command or status */
    uint8_t size;
    uint8_t data[ID003_DATA_MAX];
};

/* Requires frame->size <= ID003_DATA_MAX and out of ID003_FRAME_MAX bytes. Returns how many. */
size_t id003_build_frame(const struct id003_frame *frame, uint8_t *out);

enum id003_progress {
    ID003_MORE,  /* no frame yet */
    ID003_FRAME, /* the decoder's frame is complete and its CRC right */
    ID003_BAD,   /* a frame ended with a wrong CRC or had an impossible length */
};

struct id003_decoder {
    struct id003_frame frame;
    size_t count;
    uint8_t raw[ID003_FRAME_MAX];
};

void id003_decoder_init(struct id003_decoder *decoder);
enum id003_progress id003_decoder_feed(struct id003_decoder *decoder, uint8_t byte);

/* ---- denominations ---- */

#define ID003_ESCROW_CODE_FIRST 0x61
#define ID003_DENOMINATIONS_MAX 8 /* codes 61 to 68 */

struct id003_currency {
    uint8_t country[ID003_DENOMINATIONS_MAX];   /* JCM's number of the country; 0: none */
    int64_t value_fen[ID003_DENOMINATIONS_MAX]; /* by escrow code; 0: not used */
};

/*
 * The data of CURRENCY: code, country, value, exponent of ten, for each denomination. Codes beyond
 * 68 are no notes of ours and left out.
 *
 * Returns: STATUS_OK, STATUS_PROTOCOL for a length that does not add up, a code given twice or a
 *          value that no banknote has.
 */
NODISCARD enum status id003_parse_currency(const uint8_t *data, size_t size,
                                           struct id003_currency *out);

/* 1 to 8 for escrow codes 61 to 68; 0 for any other (a bar code). */
int id003_channel_of(uint8_t escrow_code);

/* ---- reasons ---- */

/* Of the data of REJECTING. */
enum cash_reject_reason id003_reject_reason(uint8_t code);

/* Of the data of FAILURE: enum device_problem. */
uint32_t id003_failure_problem(uint8_t code);
