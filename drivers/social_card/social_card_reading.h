/*
 * Reading a social security card of generation 1, 2 or 3 over any APDU channel.
 *
 * Only what a visit needs is read: name, number, validity, and which card it is. The PIN is never
 * sent, nothing is written.
 */
#pragma once
#include "drivers/iso7816/apdu.h"
#include "drivers/iso7816/atr.h"
#include "drivers/social_card/card_authority.h"
#include "drivers/social_card/social_card.h"

enum social_card_result {
    SOCIAL_CARD_READ,
    SOCIAL_CARD_OTHER,           /* no social security application: a bank card, a SIM */
    SOCIAL_CARD_LOCKED,          /* the card or its application is blocked or invalidated */
    SOCIAL_CARD_NEEDS_AUTHORITY, /* generation 3, and no authority is configured */
    SOCIAL_CARD_UNPROVED,        /* the authority refused or could not be asked, or the card did
                                    not take its proof */
    SOCIAL_CARD_GARBLED,         /* a field is missing or breaks its format */
};

/* "read", "other", … for logs. */
const char *social_card_result_name(enum social_card_result result);

struct social_card_source {
    struct apdu_channel *card;
    const struct atr *atr;
    struct card_authority *authority; /* NULL: none */
    struct apdu_channel *sam;         /* for the authority; NULL: none */
};

/*
 * Requires: the card was just reset.
 * Returns:  STATUS_OK with *result_out; out is whole only for SOCIAL_CARD_READ, and carries the
 *           generation as soon as that is known. Otherwise as struct card_link; out is wiped.
 */
NODISCARD enum status social_card_read(const struct social_card_source *source,
                                       struct social_card *out,
                                       enum social_card_result *result_out);
