/*
 * Answer to reset of a contact card (ISO/IEC 7816-3, 8): what it says about how to talk to the
 * card. Pure; an ATR has at most ATR_SIZE_MAX bytes, everything longer or cut off is refused or
 * left out.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATR_SIZE_MAX 33
#define ATR_HISTORY_MAX 15

enum card_protocol {
    CARD_PROTOCOL_T0,
    CARD_PROTOCOL_T1
};

struct atr {
    bool inverse;     /* TS 3F: the reader has turned the bytes round already */
    bool offers[2];   /* by enum card_protocol; T=0 where nothing is said */
    bool is_specific; /* TA2: protocol and speed are given, nothing is to be negotiated */
    enum card_protocol protocol; /* TA2's, else the first offered */
    uint8_t speed;               /* TA1: Fi and Di; 11 where it says nothing */
    bool speed_applies;          /* without negotiation: TA2 that does not say "by itself" */
    uint8_t guard;               /* TC1 */
    uint8_t waiting;             /* T=0: TC2, WI; 10 */
    uint8_t ifsc;                /* T=1: first TA, largest block the card takes; 32 */
    uint8_t block_waiting;       /* T=1: first TB, BWI and CWI; 4D */
    bool crc;                    /* T=1: first TC, CRC in place of LRC */
    uint8_t history[ATR_HISTORY_MAX];
    size_t history_size;
};

/*
 * Returns: STATUS_OK
 *          STATUS_PROTOCOL     not an ATR: first byte, length or check byte are wrong. Bytes after
 * its end are not looked at; some readers add one. STATUS_UNSUPPORTED  neither T=0 nor T=1.
 */
NODISCARD enum status atr_parse(const uint8_t *data, size_t size, struct atr *out);
