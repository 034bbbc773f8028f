/*
 * One ID card reader, whatever its maker.
 *
 * While reading is wanted the driver looks for a card and reads it once; the same card is not
 * reported again until it was taken away (or, on readers that cannot tell, until another number or
 * ID_READER_SAME_CARD_MS have passed).
 *
 * Threads:   functions: main loop only. The listener runs on the main loop.
 * Ownership: listener and context must outlive close. Card data is copied into the event; listeners
 *            copy what they need, the rest is wiped after the call.
 * Sources:   GA/T 467 frames, GB 11643 numbers.
 */
#pragma once
#include "drivers/device.h"
#include <stdbool.h>
#include <stdint.h>

enum identity_kind {
    IDENTITY_RESIDENT,        /* 居民身份证 */
    IDENTITY_HMT_PERMIT,      /* 港澳台居民居住证, type J */
    IDENTITY_FOREIGN_PR,      /* 外国人永久居留身份证 2023, type Y */
    IDENTITY_FOREIGN_PR_2017, /* type I */
};

/* Many readers answer "no card" from the end of a reading until the card is lifted. Only after this
 * long without a card is it taken for gone; until then the same number is the same card. */
#define ID_READER_SAME_CARD_MS 4000

/* Long-term validity. */
#define IDENTITY_NO_EXPIRY 99991231

struct identity_card {
    enum identity_kind kind;
    char name[96];     /* UTF-8 */
    char number[24];   /* as printed; not yet checked */
    int sex;           /* GB/T 2261.1: 1 male, 2 female, 0 unknown, 9 not stated */
    int nation;        /* GB/T 3304 code, 0 where the card has none */
    int32_t birth;     /* YYYYMMDD */
    char address[216]; /* UTF-8; the newest one if the card carries an appended address */
    char authority[96];
    int32_t valid_from; /* YYYYMMDD */
    int32_t valid_to;   /* YYYYMMDD or IDENTITY_NO_EXPIRY */
};

enum id_reader_event_kind {
    ID_READER_EVENT_STATUS,     /* .status changed */
    ID_READER_EVENT_CARD_SEEN,  /* a card lies there, reading it takes a second or two */
    ID_READER_EVENT_CARD_READ,  /* .card */
    ID_READER_EVENT_UNREADABLE, /* .reason; after the driver's own retries */
    ID_READER_EVENT_CARD_GONE,
};

enum id_reader_reason {
    ID_READER_MOVED,      /* 41/47/81: lifted or moved while reading: put it back and wait */
    ID_READER_WRONG_CARD, /* 40: not an ID card */
    ID_READER_BAD_CARD,   /* 31/32/33: the card or its data fail verification */
    ID_READER_GARBLED,    /* answered, but the card's content breaks its layout */
};

struct id_reader_event {
    enum id_reader_event_kind kind;
    struct device_status status;
    enum id_reader_reason reason;
    struct identity_card card;
};

typedef void id_reader_listener(void *context, const struct id_reader_event *event);

struct id_reader;

struct id_reader_ops {
    void (*set_reading)(struct id_reader *reader, bool wanted);
    void (*close)(struct id_reader *reader);
};

/* First member of every driver's own struct. All ops are mandatory. */
struct id_reader {
    const struct id_reader_ops *ops;
};

/* Starts or stops looking for a card. Returns at once; idle readers are not polled more than needed
 * to notice that they are alive. */
static inline void id_reader_set_reading(struct id_reader *reader, bool wanted)
{
    reader->ops->set_reading(reader, wanted);
}

/* Stops the thread and frees the reader. No event is delivered after it returns. */
static inline void id_reader_close(struct id_reader *reader)
{
    reader->ops->close(reader);
}
