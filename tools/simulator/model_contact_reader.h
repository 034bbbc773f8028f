/*
 * A reader of contact cards that speaks CCID 1.10, 096E:0503, with what makes readers in the field
 * differ: exchange level, class, interrupt endpoint, slots, voltages, message size, and where the
 * class descriptor stands.
 *
 * Strict: sequence numbers in a row, no message while busy, lengths that agree, no transfer without
 * power, parameters that fit the card; each offence counts in protocol_errors.
 *
 * Not modelled: character level, escape, PIN entry, clock commands (answered "not supported").
 */
#pragma once
#include "tools/simulator/contact_card.h"
#include "tools/simulator/usb_model.h"

#define CONTACT_SLOTS 2 /* the citizen's, and one for a SAM */
#define CONTACT_MESSAGE_MAX 522

enum contact_level {
    CONTACT_LEVEL_TPDU,
    CONTACT_LEVEL_SHORT,
    CONTACT_LEVEL_EXTENDED
};

enum contact_fault {
    CONTACT_FAULT_NONE,
    CONTACT_FAULT_CHECKSUM,  /* once: the card's next block has a wrong check byte; T=0: parity */
    CONTACT_FAULT_WAITING,   /* once: the card asks for time (T=1) */
    CONTACT_FAULT_EXTENSION, /* once: the reader asks for time, twice, before it answers */
    CONTACT_FAULT_PULL,      /* once: the card is pulled out during the next transfer */
    CONTACT_FAULT_GARBAGE,   /* once: noise in place of an answer */
    CONTACT_FAULT_SURPLUS,   /* once: more bytes than the answer's length says */
    CONTACT_FAULT_STALE,     /* once: an older answer comes before the answer */
    CONTACT_FAULT_SHORT,     /* once: half an answer, then nothing */
    CONTACT_FAULT_STALL,     /* once: the IN endpoint stalls */
    CONTACT_FAULT_BABBLE,    /* once: more in a packet than the host has room for */
    CONTACT_FAULT_MUTE,      /* until cleared: the card does not answer a reset */
    CONTACT_FAULT_BAD_ATR,   /* until cleared: the answer to reset is none */
    CONTACT_FAULT_SILENT,    /* until cleared: the reader does not answer */
    CONTACT_FAULT_ENDLESS,   /* until cleared: bytes without end */
};
#define CONTACT_FAULT_COUNT 15

struct contact_features {
    enum contact_level level;
    bool is_vendor_class, lacks_interrupt, hides_descriptor; /* hides: behind the last endpoint */
    bool chooses_voltage;
    int slot_count;
    int message_size; /* dwMaxCCIDMessageLength */
    int card_voltage; /* bPowerSelect the card answers at; 0: any */
};

struct model_contact_reader {
    struct usb_model usb;
    struct contact_features features; /* change only while off the bus */
    enum contact_fault fault;
    struct contact_card slots[CONTACT_SLOTS];

    uint8_t configuration[128];
    struct usb_descriptors descriptors;

    uint8_t request[CONTACT_MESSAGE_MAX]; /* what came so far */
    size_t request_size;
    uint8_t reply[CONTACT_MESSAGE_MAX]; /* waiting for its time */
    size_t reply_size;
    int64_t reply_at_ms; /* -1: none is being prepared */
    int extensions_left;
    int sequence; /* of the last message; -1: none yet */
    int aborting; /* slot whose control request was heard, waiting for the bulk half; -1 */
    bool stalled, babbles;

    uint8_t command[512], answer[512]; /* extended level: in parts */
    size_t command_size, answer_size, answer_offset;

    struct usb_pipe in, notices;
    int resets, transfers, protocol_errors;
};

void model_contact_reader_init(struct model_contact_reader *reader, const struct clock *clock,
                               int time_percent);

/* Puts a card into a slot (NULL: pulls it out). */
void model_contact_reader_set_card(struct model_contact_reader *reader, int slot,
                                   const struct contact_card_kind *kind);

const char *contact_fault_name(enum contact_fault fault);
/* False if there is no such word. */
bool contact_fault_parse(const char *name, enum contact_fault *out);
