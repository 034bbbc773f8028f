/*
 * The bytes of CCID (Rev 1.1): the class descriptor, the ten-byte headers, the notices on the
 * interrupt endpoint. Pure: no I/O, no time.
 *
 * Bounds: a message carries at most CCID_DATA_SIZE_MAX bytes after its header; more is refused.
 */
#pragma once
#include "base/status.h"
#include "drivers/iso7816/atr.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCID_DESCRIPTOR_SIZE 54
#define CCID_HEADER_SIZE 10
#define CCID_DATA_SIZE_MAX 512 /* the longest block of T=1 has 259, an answer 258 */
#define CCID_SLOTS_MAX 16

/* bMessageType. */
enum ccid_message {
    CCID_POWER_ON = 0x62,
    CCID_POWER_OFF = 0x63,
    CCID_SLOT_STATUS = 0x65,
    CCID_GET_PARAMETERS = 0x6C,
    CCID_SET_PARAMETERS = 0x61,
    CCID_TRANSFER = 0x6F,
    CCID_ABORT = 0x72,
    CCID_ANSWER_DATA = 0x80,
    CCID_ANSWER_STATUS = 0x81,
    CCID_ANSWER_PARAMETERS = 0x82,
};

/* How much the reader does by itself (dwFeatures). */
enum ccid_level {
    CCID_LEVEL_CHARACTER, /* nothing: not supported here */
    CCID_LEVEL_TPDU,
    CCID_LEVEL_SHORT_APDU,
    CCID_LEVEL_EXTENDED_APDU,
};

struct ccid_descriptor {
    uint16_t version; /* BCD */
    int slot_count;
    uint8_t voltages;   /* 1: 5 V, 2: 3 V, 4: 1.8 V; 0 on some readers */
    uint32_t protocols; /* bit 0: T=0, bit 1: T=1; 0 on some readers */
    enum ccid_level level;
    size_t data_size_max;   /* of one message */
    size_t block_size_max;  /* T=1: information field it takes from a card */
    bool chooses_voltage;   /* features 04, 08 */
    bool sets_parameters;   /* feature 40: it negotiates with the card itself */
    bool offers_block_size; /* feature 400 */
};

/*
 * Returns: STATUS_OK
 *          STATUS_PROTOCOL     not a CCID descriptor.
 *          STATUS_UNSUPPORTED  more slots than CCID_SLOTS_MAX, or messages too small for an ATR.
 */
NODISCARD enum status ccid_parse_descriptor(const uint8_t *data, size_t size,
                                            struct ccid_descriptor *out);

struct ccid_request {
    enum ccid_message message;
    uint8_t slot, sequence;
    uint8_t specific[3]; /* bytes 7 to 9 */
    uint32_t size;       /* of the data that follow */
};

void ccid_build_header(const struct ccid_request *request, uint8_t out[CCID_HEADER_SIZE]);

enum ccid_card {
    CCID_CARD_ACTIVE,
    CCID_CARD_INACTIVE, /* in, without power */
    CCID_CARD_ABSENT
};

enum ccid_outcome {
    CCID_DONE,
    CCID_FAILED,
    CCID_MORE_TIME /* .error says how many waiting times */
};

/* bError where it is not the place of a bad field. */
enum ccid_error {
    CCID_ERROR_UNKNOWN_COMMAND = 0x00,
    CCID_ERROR_FIELD_LAST = 0x7F,
    CCID_ERROR_BUSY = 0xE0,
    CCID_ERROR_MUTE = 0xFE,
    CCID_ERROR_ABORTED = 0xFF,
};

struct ccid_reply {
    uint8_t message, slot, sequence;
    enum ccid_card card;
    enum ccid_outcome outcome;
    uint8_t error;
    uint8_t detail; /* byte 9: chain parameter, protocol, clock */
    size_t size;    /* of the data that follow */
};

/* STATUS_PROTOCOL: not an answer, or longer than CCID_DATA_SIZE_MAX. */
NODISCARD enum status ccid_parse_reply(const uint8_t header[CCID_HEADER_SIZE],
                                       struct ccid_reply *out);

/* Extended APDU level, wLevelParameter and bChainParameter: which part of a message this is. */
enum ccid_part {
    CCID_PART_WHOLE = 0x00,
    CCID_PART_FIRST = 0x01,
    CCID_PART_LAST = 0x02,
    CCID_PART_MIDDLE = 0x03,
    CCID_PART_NONE = 0x10 /* nothing in this one: go on */
};

/* bProtocolDataStructure of SetParameters: 5 bytes for T=0, 7 for T=1. Returns the size. */
#define CCID_PARAMETERS_SIZE_MAX 7
size_t ccid_build_parameters(const struct atr *atr, enum card_protocol protocol,
                             uint8_t out[CCID_PARAMETERS_SIZE_MAX]);

enum ccid_notice_kind {
    CCID_NOTICE_NONE,           /* no notice, or one that is cut off */
    CCID_NOTICE_SLOTS,          /* .slots: which have changed */
    CCID_NOTICE_HARDWARE_ERROR, /* .slots: the one; .error */
};
struct ccid_notice {
    enum ccid_notice_kind kind;
    uint32_t slots; /* bit n: slot n */
    uint8_t error;
};

/* The notice at the front of what came on the interrupt endpoint; returns how many bytes it took, 0
 * if there is no whole one. */
size_t ccid_parse_notice(const uint8_t *data, size_t size, int slot_count, struct ccid_notice *out);
