/*
 * BER-TLV (ISO/IEC 7816-4, 5.2.2), as far as a card's file control information needs it: tags of
 * one or two bytes, definite lengths up to 65535. Pure; every element lies within the one around
 * it.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLV_DEPTH_MAX 4

struct tlv {
    uint16_t tag;
    const uint8_t *value; /* into the caller's bytes */
    size_t size;
};

/* The element at the front; false if it does not lie within data. *used_out: its whole length. */
bool tlv_parse(const uint8_t *data, size_t size, struct tlv *out, size_t *used_out);

/* The first element with this tag, also inside constructed ones. False if there is none. */
bool tlv_find(const uint8_t *data, size_t size, uint16_t tag, struct tlv *out);
