/*
 * One reader of contact cards, whatever its maker: here, for social security cards.
 *
 * While reading is wanted the driver looks for a card and reads it once; the same card is not
 * reported again until it was taken away.
 *
 * Threads:   functions: main loop only. The listener runs on the main loop.
 * Ownership: listener and context must outlive close. Card data is copied into the event; listeners
 *            copy what they need, the rest is wiped after the call.
 */
#pragma once
#include "drivers/device.h"
#include "drivers/social_card/social_card.h"
#include <stdbool.h>

enum contact_reader_event_kind {
    CONTACT_READER_EVENT_STATUS,     /* .status changed */
    CONTACT_READER_EVENT_CARD_SEEN,  /* a card is in, reading it takes a second or two */
    CONTACT_READER_EVENT_CARD_READ,  /* .card */
    CONTACT_READER_EVENT_UNREADABLE, /* .reason; after the driver's own retries */
    CONTACT_READER_EVENT_CARD_GONE,
};

/* What a citizen can be told, and what will help. */
enum contact_reader_reason {
    CONTACT_READER_PULLED,       /* taken out while being read: put it in and leave it */
    CONTACT_READER_MUTE,         /* no answer: wrong way round, dirty, or the chip is broken */
    CONTACT_READER_OTHER,        /* not a social security card */
    CONTACT_READER_LOCKED,       /* blocked by its issuer: the window */
    CONTACT_READER_NO_AUTHORITY, /* a third-generation card, which this kiosk has no means to open:
                                    the ID card does, or the window. The card is in order. */
    CONTACT_READER_UNPROVED,     /* the means are there and failed: later, or the window */
    CONTACT_READER_GARBLED,      /* it answers, but what it says breaks its layout */
};

/* "pulled", "mute", …; never NULL. */
const char *contact_reader_reason_name(enum contact_reader_reason reason);

struct contact_reader_event {
    enum contact_reader_event_kind kind;
    struct device_status status;
    enum contact_reader_reason reason;
    struct social_card card;
};

typedef void contact_reader_listener(void *context, const struct contact_reader_event *event);

struct contact_reader;

struct contact_reader_ops {
    void (*set_reading)(struct contact_reader *reader, bool wanted);
    void (*close)(struct contact_reader *reader);
};

/* First member of every driver's own struct. All ops are mandatory. */
struct contact_reader {
    const struct contact_reader_ops *ops;
};

/* Starts or stops looking for a card. Returns at once. */
static inline void contact_reader_set_reading(struct contact_reader *reader, bool wanted)
{
    reader->ops->set_reading(reader, wanted);
}

/* Stops the thread and frees the reader. No event is delivered after it returns. */
static inline void contact_reader_close(struct contact_reader *reader)
{
    reader->ops->close(reader);
}
