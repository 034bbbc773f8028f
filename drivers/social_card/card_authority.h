/*
 * Who vouches for this kiosk to a third-generation card: its holder's file opens only after an
 * EXTERNAL AUTHENTICATE with the key RK_SSSE (key 0A), which no kiosk holds. Either a PSAM in
 * another slot of the reader computes the proof, or a machine of the bureau does (加密机).
 *
 * Threads: prove() runs on the card reader's thread and may wait; it must return within
 * CARD_AUTHORITY_MS. Ownership: the authority outlives the reader.
 */
#pragma once
#include "drivers/iso7816/apdu.h"

#define CARD_AUTHORITY_MS 10000
#define CARD_AUTHORITY_RANDOMS 4
#define CARD_AUTHORITY_RANDOM_SIZE 8
#define CARD_AUTHORITY_PROOF_SIZE 16

/* All that such a machine is told in the flows that were seen; nothing of the holder. */
struct card_challenge {
    char region[8];
    uint8_t history[15]; /* of the ATR: the card's own number is its tail */
    size_t history_size;
    uint8_t algorithm; /* social_card_algorithm() */
    uint8_t card_id[16];
    uint8_t randoms[CARD_AUTHORITY_RANDOMS][CARD_AUTHORITY_RANDOM_SIZE]; /* in the order drawn */
};

struct card_authority {
    /*
     * sam: the module in the reader's SAM slot, powered and ready; NULL where there is none.
     *
     * Returns: STATUS_OK      the proof.
     *          STATUS_DENIED  this card, or this kiosk, is refused.
     *          anything else  it could not be asked; trying later makes sense.
     */
    enum status (*prove)(struct card_authority *authority, const struct card_challenge *challenge,
                         struct apdu_channel *sam, uint8_t proof_out[CARD_AUTHORITY_PROOF_SIZE]);
};
