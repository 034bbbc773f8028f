/*
 * T=1, the block protocol of contact cards (ISO/IEC 7816-3, 11): blocks in both directions, long
 * messages in chains, errors asked for again.
 *
 * A struct t1 is itself a card_link: whole commands go in above, single blocks go out below. A link
 * below that says STATUS_TIMEOUT or STATUS_PROTOCOL spoilt one block; T=1 mends that by itself.
 *
 * Ownership: the link below outlives it. Threads: as the link below.
 * Bounds:    T1_BLOCK_SIZE_MAX a block; T1_BLOCKS_MAX blocks a command, so no card keeps us for
 * ever.
 */
#pragma once
#include "drivers/iso7816/apdu.h"
#include "drivers/iso7816/atr.h"

#define T1_INF_SIZE_MAX 254
#define T1_BLOCK_SIZE_MAX (3 + T1_INF_SIZE_MAX + 2)
#define T1_BLOCKS_MAX 96
#define T1_TRIES 3 /* 11.6.3: the same block at most three times */

struct t1 {
    struct card_link link; /* first: what whole commands go through */
    struct card_link *blocks;
    size_t ifsc;       /* largest information field the card takes */
    size_t block_room; /* and the link below */
    bool crc;
    uint8_t send_number, receive_number; /* N(S) of our next and of the card's next I-block */
};

/* block_room: the longest block the link below carries. Requires: atr offers T=1; block_room >= 32.
 */
void t1_init(struct t1 *t1, struct card_link *blocks, const struct atr *atr, size_t block_room);

/*
 * Tells the card that we take information fields of so many bytes, at most T1_INF_SIZE_MAX. Right
 * after the reset, unless the reader does it. A card that does not agree keeps to 32 bytes; that is
 * no error. Returns as struct card_link, but never for what the card merely refused.
 */
NODISCARD enum status t1_offer_block_size(struct t1 *t1, size_t size);
