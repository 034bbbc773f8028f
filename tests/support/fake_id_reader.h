/*
 * An ID reader without a device: a card is shown to it and the listener hears of it at once.
 * Not simulated: time to read, framing, a card that is half there.
 */
#pragma once
#include "drivers/id_reader/id_reader.h"

struct fake_id_reader {
    struct id_reader reader; /* first: usable as a struct id_reader */
    id_reader_listener *listener;
    void *context;
    bool is_reading;
};

void fake_id_reader_init(struct fake_id_reader *fake, id_reader_listener *listener, void *context);
void fake_id_reader_say(struct fake_id_reader *fake, enum device_state state);

/* Nothing is heard of a card while reading is not wanted. */
void fake_id_reader_show(struct fake_id_reader *fake, const struct identity_card *card);
void fake_id_reader_fail(struct fake_id_reader *fake, enum id_reader_reason reason);
void fake_id_reader_take_away(struct fake_id_reader *fake);
