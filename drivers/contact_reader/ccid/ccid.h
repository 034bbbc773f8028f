/*
 * Readers of contact cards that speak CCID, of class 0B or of a vendor's class (see PROTOCOL.md).
 */
#pragma once
#include "drivers/contact_reader/contact_reader.h"
#include "drivers/social_card/card_authority.h"

/* Starts the I/O thread. match, authority, queue and listener must outlive close. authority NULL:
 * third-generation cards are told apart and not read. NULL only when out of memory or threads. */
struct contact_reader *ccid_open(const struct device_match *match, struct queue *queue,
                                 struct card_authority *authority,
                                 contact_reader_listener *listener, void *context);
