/*
 * The bytes of the SAM_V reader protocol (GA/T 467): frames, status bytes, and the text block of
 * the card. Pure: no I/O, no time.
 *
 * Bounds: a frame's LEN is 4..SAM_LENGTH_MAX; everything outside is refused before it is read.
 */
#pragma once
#include "base/status.h"
#include "drivers/id_reader/id_reader.h"
#include <stddef.h>
#include <stdint.h>

#define SAM_HEADER_SIZE 7 /* preamble AA AA AA 96 69, LEN big-endian */
#define SAM_REQUEST_BODY_SIZE 3
#define SAM_REQUEST_SIZE (SAM_HEADER_SIZE + SAM_REQUEST_BODY_SIZE)
#define SAM_LENGTH_MIN 4
#define SAM_LENGTH_MAX 0x0A00
#define SAM_TEXT_SIZE 256
#define SAM_ADDRESS_SIZE 70
#define SAM_SERIAL_SIZE 48

/* CMD << 8 | PARA. */
enum sam_command {
    SAM_COMMAND_STATUS = 0x11FF,
    SAM_COMMAND_IDENTIFY = 0x12FF,
    SAM_COMMAND_FIND = 0x2001,
    SAM_COMMAND_SELECT = 0x2002,
    SAM_COMMAND_READ = 0x3001,
    SAM_COMMAND_READ_ADDRESS = 0x3003,
};

/* What SW3 means for what to do next. */
enum sam_result {
    SAM_RESULT_OK,            /* 90, 9F */
    SAM_RESULT_NO_CARD,       /* 80 */
    SAM_RESULT_ABSENT_ITEM,   /* 91 */
    SAM_RESULT_CARD_MOVED,    /* 41, 47, 81: try again */
    SAM_RESULT_WRONG_CARD,    /* 40 */
    SAM_RESULT_CARD_REFUSED,  /* 31, 32, 33 */
    SAM_RESULT_LINE_ERROR,    /* 10, 11: it did not understand the bytes */
    SAM_RESULT_REQUEST_ERROR, /* 21, 23, 24: order or command not accepted */
    SAM_RESULT_SELF_TEST,     /* 60: takes no command */
    SAM_RESULT_UNAUTHORISED,  /* 66 */
    SAM_RESULT_UNKNOWN,
};

struct sam_reply {
    enum sam_result result;
    uint8_t sw[3];
    const uint8_t *data; /* into the caller's body */
    size_t size;
};

void sam_build_request(enum sam_command command, uint8_t out[SAM_REQUEST_SIZE]);

/* Returns: STATUS_OK with LEN; STATUS_PROTOCOL for a wrong preamble or a LEN out of bounds. */
NODISCARD enum status sam_parse_header(const uint8_t header[SAM_HEADER_SIZE], size_t *length_out);

/*
 * Parses the LEN bytes after a header. out points into body.
 *
 * Returns: STATUS_OK, or STATUS_PROTOCOL for a length out of bounds or a wrong check byte (it
 * covers both LEN bytes, also where they travel on another pipe).
 */
NODISCARD enum status sam_parse_body(const uint8_t *body, size_t length, struct sam_reply *out);

enum sam_result sam_result_of(uint8_t sw3);

/* "05.03-20181205-0000012345-0000054321" style, from the 16 bytes of SAM_COMMAND_IDENTIFY. */
NODISCARD enum status sam_format_serial(const uint8_t *data, size_t size,
                                        char out[SAM_SERIAL_SIZE]);

/*
 * The card's data out of a reply to SAM_COMMAND_READ. The photograph is not looked at.
 *
 * Returns: STATUS_OK
 *          STATUS_PROTOCOL     the block lengths do not add up.
 *          STATUS_UNSUPPORTED  a type letter this parser does not know.
 *          STATUS_INVALID      a field breaks its format.
 */
NODISCARD enum status sam_parse_card(const uint8_t *data, size_t size, struct identity_card *out);

/* Replaces the address by the one of SAM_COMMAND_READ_ADDRESS, unless that is blank.
 * STATUS_INVALID leaves the card as it was. */
NODISCARD enum status sam_parse_address(const uint8_t *data, size_t size,
                                        struct identity_card *card);
