/*
 * One slot of a CCID reader with the card in it: power and reset, protocol, and commands at
 * whichever exchange level the reader has.
 *
 * A slot is an apdu_channel; its statuses are those of struct card_link, STATUS_IO where the reader
 * itself does not work.
 * Threads: the driver's own.
 */
#pragma once
#include "drivers/contact_reader/ccid/ccid_link.h"
#include "drivers/iso7816/t1.h"

struct ccid_slot {
    struct apdu_channel channel; /* first: the card, in whole commands */
    struct card_link link;       /* what one XfrBlock carries */
    struct ccid_link *reader;
    uint8_t number;
    struct atr atr; /* valid while powered */
    enum card_protocol protocol;
    struct t1 t1;
};

void ccid_slot_init(struct ccid_slot *slot, struct ccid_link *reader, int number);

/* Is there a card? STATUS_OK, STATUS_IO, STATUS_DISCONNECTED, STATUS_CANCELLED. */
NODISCARD enum status ccid_slot_look(struct ccid_slot *slot, bool *present_out);

/*
 * Resets the card at each voltage the reader has until it answers, and settles how to talk to it.
 *
 * Returns: STATUS_OK
 *          STATUS_NOT_FOUND    no card.
 *          STATUS_TIMEOUT      it does not answer.
 *          STATUS_PROTOCOL     what it answers is no ATR.
 *          STATUS_UNSUPPORTED  neither T=0 nor T=1.
 *          STATUS_IO, STATUS_DISCONNECTED, STATUS_CANCELLED
 */
NODISCARD enum status ccid_slot_power_on(struct ccid_slot *slot);

/* Without complaint: the card may be gone. */
void ccid_slot_power_off(struct ccid_slot *slot);
