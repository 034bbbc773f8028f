/*
 * A QR code (ISO/IEC 18004, libqrencode), as square modules.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define QR_SIDE_MAX 117 /* version 25: more could not be read off a screen by a phone */

struct qr {
    int side; /* modules */
    uint8_t dark[QR_SIDE_MAX * QR_SIDE_MAX];
};

/* Error correction M. False if the text is empty or too long. */
bool qr_make(const char *text, struct qr *out);
