/*
 * The views of the inquiry pages; entries of the table in variants.c.
 */
#pragma once
#include "session/session_view.h"

enum variant_inquiry {
    INQUIRY_TYPICAL = 0, /* online, two insurances, one gap */
    INQUIRY_OFFLINE = 1,
    INQUIRY_FULL = 2,   /* all there is room for, with the largest sums */
    INQUIRY_NOBODY = 4, /* nothing was paid */
    INQUIRY_ASIDE = 8,  /* the bureau set a payment aside */
    INQUIRY_PRINTED = 16,
    INQUIRY_UNPRINTED = 32,
    INQUIRY_TYPED = 64,
    INQUIRY_REFUSED = 128,
    INQUIRY_UNREAD = 256,
    INQUIRY_NUMBER_ONLY = 512, /* no card: lamps and dates */
};

void variant_inquiry(struct session_view *view, int flags);
