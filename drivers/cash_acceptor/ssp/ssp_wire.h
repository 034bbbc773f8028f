/*
 * The bytes of Innovative Technology's SSP: frames, setup data, and the poll events of the one
 * protocol version this parser knows (manual GA138 rev 649A). Pure: no I/O, no time, no keys.
 *
 * The length of an event depends on its code and the version, and nothing else says where it ends.
 * So an unknown code makes the whole poll unreadable, and the version is never raised above
 * SSP_VERSION_MAX.
 */
#pragma once
#include "base/status.h"
#include "drivers/cash_acceptor/cash_acceptor.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SSP_STX 0x7F
#define SSP_STEX 0x7E /* first data byte of an encrypted packet */
#define SSP_DATA_MAX 255
#define SSP_FRAME_MAX (1 + 2 * (2 + SSP_DATA_MAX + 2)) /* every byte after STX may be stuffed */
#define SSP_SEQUENCE_BIT 0x80

#define SSP_VERSION_MIN 6 /* values of channels as whole numbers with a country */
#define SSP_VERSION_MAX 7

enum ssp_command {
    SSP_RESET = 0x01,
    SSP_SET_INHIBITS = 0x02,
    SSP_SETUP_REQUEST = 0x05,
    SSP_HOST_PROTOCOL_VERSION = 0x06,
    SSP_REJECT = 0x08,
    SSP_DISABLE = 0x09,
    SSP_ENABLE = 0x0A,
    SSP_SERIAL_NUMBER = 0x0C,
    SSP_SYNC = 0x11,
    SSP_LAST_REJECT_CODE = 0x17,
    SSP_HOLD = 0x18,
    SSP_SET_GENERATOR = 0x4A,
    SSP_SET_MODULUS = 0x4B,
    SSP_KEY_EXCHANGE = 0x4C,
    SSP_POLL_WITH_ACK = 0x56,
    SSP_EVENT_ACK = 0x57,
    SSP_GET_COUNTERS = 0x58,
};

enum ssp_generic {
    SSP_OK = 0xF0,
    SSP_UNKNOWN_COMMAND = 0xF2,
    SSP_WRONG_COUNT = 0xF3,
    SSP_OUT_OF_RANGE = 0xF4,
    SSP_CANNOT_PROCESS = 0xF5,
    SSP_SOFTWARE_ERROR = 0xF6,
    SSP_FAIL = 0xF8,
    SSP_KEY_NOT_SET = 0xFA,
};

/* Poly 8005, seed FFFF, most significant bit first, no final xor. */
uint16_t ssp_crc(const uint8_t *data, size_t size);

/* ---- frames ---- */

struct ssp_frame {
    uint8_t address; /* sequence bit included */
    uint8_t size;
    uint8_t data[SSP_DATA_MAX];
};

/* Stuffed bytes of a frame; returns how many. Requires out of SSP_FRAME_MAX bytes. */
size_t ssp_build_frame(const struct ssp_frame *frame, uint8_t *out);

enum ssp_progress {
    SSP_MORE,  /* no frame yet */
    SSP_FRAME, /* the decoder's frame is complete and its CRC right */
    SSP_BAD,   /* a frame ended with a wrong CRC; waiting for the next STX */
};

struct ssp_decoder {
    struct ssp_frame frame;
    bool inside, stuffed; /* after STX; after one 7F within a packet */
    size_t count;         /* unstuffed bytes after STX */
    uint8_t raw[2 + SSP_DATA_MAX + 2];
};

void ssp_decoder_init(struct ssp_decoder *decoder);
enum ssp_progress ssp_decoder_feed(struct ssp_decoder *decoder, uint8_t byte);

/* ---- setup and counters ---- */

struct ssp_setup {
    uint8_t unit_type; /* 0 validator, 6 SMART Payout, 7 NV11 */
    uint8_t version;
    char firmware[5];
    int channel_count;
    int64_t value_fen[CASH_CHANNELS_MAX]; /* 0: another currency than wanted */
};

/* Both take the data after the F0. currency is three letters.
 * Returns: STATUS_OK, STATUS_PROTOCOL for lengths that do not add up, STATUS_UNSUPPORTED for a unit
 *          that is not a validator or a version outside SSP_VERSION_MIN.._MAX. */
NODISCARD enum status ssp_parse_setup(const uint8_t *data, size_t size, const char *currency,
                                      struct ssp_setup *out);
NODISCARD enum status ssp_parse_counters(const uint8_t *data, size_t size,
                                         struct cash_counters *out);

/* ---- poll events ---- */

enum ssp_event_code {
    SSP_EVENT_SLAVE_RESET = 0xF1,
    SSP_EVENT_READ = 0xEF,
    SSP_EVENT_CREDIT = 0xEE,
    SSP_EVENT_REJECTING = 0xED,
    SSP_EVENT_REJECTED = 0xEC,
    SSP_EVENT_STACKING = 0xCC,
    SSP_EVENT_STACKED = 0xEB,
    SSP_EVENT_SAFE_JAM = 0xEA,
    SSP_EVENT_UNSAFE_JAM = 0xE9,
    SSP_EVENT_DISABLED = 0xE8,
    SSP_EVENT_STACKER_FULL = 0xE7,
    SSP_EVENT_FRAUD = 0xE6,
    SSP_EVENT_BOX_REPLACED = 0xE4,
    SSP_EVENT_BOX_REMOVED = 0xE3,
    SSP_EVENT_CLEARED_INTO_BOX = 0xE2,
    SSP_EVENT_CLEARED_FROM_FRONT = 0xE1,
    SSP_EVENT_PATH_OPEN = 0xE0,
    SSP_EVENT_INITIALISING = 0xB6,
    SSP_EVENT_CHANNELS_DISABLED = 0xB5,
};

struct ssp_event {
    enum ssp_event_code code;
    uint8_t channel; /* READ, CREDIT, FRAUD, CLEARED_*; 0: not known */
};

#define SSP_EVENTS_MAX 32

struct ssp_events {
    int count;
    struct ssp_event events[SSP_EVENTS_MAX];
};

/*
 * The events after the F0 of a poll reply, all or none.
 *
 * Returns: STATUS_OK, STATUS_UNSUPPORTED for a code this version does not have, STATUS_PROTOCOL for
 *          an event cut short or more than SSP_EVENTS_MAX.
 */
NODISCARD enum status ssp_parse_events(const uint8_t *data, size_t size, struct ssp_events *out);

/* Repeats in every POLL WITH ACK until EVENT ACK. */
bool ssp_event_needs_ack(enum ssp_event_code code);

#define SSP_REJECT_NOTHING 0x00     /* the last note was accepted */
#define SSP_REJECT_SECOND_NOTE 0x07 /* pushed in after another one */

/* Why a note came back, of LAST REJECT CODE. */
enum cash_reject_reason ssp_reject_reason(uint8_t code);
