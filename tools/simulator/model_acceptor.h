/*
 * A banknote validator with escrow and cash box: eSSP over CDC-ACM, 191C:4104, or ID-003 behind a
 * serial bridge (acceptor_id003.h). One mechanism, two tongues.
 *
 * Two truths are kept apart: what the device says on the wire, and where each piece of paper
 * physically is (struct note). A plug pulled or a power cut never moves a note by itself; a device
 * that starts with a note inside clears it, as E1 (given back) or E2 (into the box).
 *
 * Not modelled: payout, bar codes, firmware update, several cash boxes.
 */
#pragma once
#include "tools/simulator/acceptor_id003.h"
#include "tools/simulator/serial_bridge.h"
#include "tools/simulator/ssp_link.h"
#include "tools/simulator/usb_model.h"

#define ACCEPTOR_CHANNELS 5
#define ACCEPTOR_NOTES_MAX 4096
#define ACCEPTOR_EVENTS_MAX 32

/* In the order of a note's way. */
enum note_place {
    NOTE_IN_MOUTH, /* held out by the citizen; not yet taken */
    NOTE_READING,
    NOTE_ESCROW,
    NOTE_STACKING, /* on its way to the box, credit not yet given */
    NOTE_CREDITED, /* past the credit point, still moving */
    NOTE_IN_BOX,
    NOTE_REJECTING, /* moving back */
    NOTE_RETURNED,  /* with the citizen */
    NOTE_JAMMED,    /* stuck in the path */
    NOTE_COLLECTED, /* taken by staff: with the box, or out of a jam */
};
#define NOTE_PLACE_COUNT 10

struct note {
    int number; /* 1.. */
    int value_yuan;
    bool counterfeit;
    enum note_place place;
    uint8_t reject_code;
};

enum acceptor_fault {
    ACCEPTOR_FAULT_NONE,
    ACCEPTOR_FAULT_DROP,           /* once: executes, but the reply is lost */
    ACCEPTOR_FAULT_CHECKSUM,       /* once: a reply with a wrong CRC */
    ACCEPTOR_FAULT_GARBAGE,        /* once: noise instead of a reply */
    ACCEPTOR_FAULT_UNKNOWN,        /* once: an event code no manual knows */
    ACCEPTOR_FAULT_JAM,            /* once: the next note jams while being stacked */
    ACCEPTOR_FAULT_PULL_BACK,      /* once: the next note is pulled out while being stacked */
    ACCEPTOR_FAULT_CANNOT_STACK,   /* once: the next note cannot be stacked and comes back */
    ACCEPTOR_FAULT_FRAUD,          /* once: the next note is fished out at the credit point */
    ACCEPTOR_FAULT_SLOW,           /* until cleared: replies after 1.5 s */
    ACCEPTOR_FAULT_SILENT,         /* until cleared: no replies */
    ACCEPTOR_FAULT_SAFE_JAM,       /* once: the next note jams, falls into the box, no credit */
    ACCEPTOR_FAULT_SECOND_NOTE,    /* once: while the next note is stacked another one is refused */
    ACCEPTOR_FAULT_SILENT_STACK,   /* once: the next note is stacked, only the counter tells */
    ACCEPTOR_FAULT_SILENT_RETURN,  /* once: the next note goes back, and nothing says that it has */
    ACCEPTOR_FAULT_SILENT_READ,    /* once: the next note is pulled out while being read, ditto */
    ACCEPTOR_FAULT_REJECT_REFUSED, /* until cleared: no host gets a note out of the escrow */
    ACCEPTOR_FAULT_REJECT_ECHO,    /* until cleared: REJECT is answered OK also without a note */
    ACCEPTOR_FAULT_NO_HOLD,        /* until cleared: a model that does not know HOLD */
    ACCEPTOR_FAULT_CREDIT_AGAIN,   /* once: the next credit comes again after its EVENT ACK */
    ACCEPTOR_FAULT_PATH_OPEN,      /* until cleared: the way of the notes stands open */
    ACCEPTOR_FAULT_INITIALISING,   /* until cleared: it says that it is not ready yet */
    ACCEPTOR_FAULT_ALL_INHIBITED,  /* until cleared: it says that all channels are inhibited */
    ACCEPTOR_FAULT_NO_ACK,         /* until cleared: a model that does not know POLL WITH ACK */
};
#define ACCEPTOR_FAULT_COUNT 24

struct acceptor_event {
    uint8_t code, channel;
    bool has_channel;
    bool needs_ack;
    bool reported;
};

enum acceptor_tongue {
    ACCEPTOR_SSP,
    ACCEPTOR_ID003,
};

struct model_acceptor {
    struct usb_model usb;
    enum acceptor_tongue tongue;
    struct ssp_link link;      /* of the one tongue … */
    struct id003_device id003; /* … and of the other, with its bridge */
    struct serial_bridge bridge;
    struct usb_pipe in;
    uint8_t line_coding[7];
    int64_t reply_at_ms; /* -1: none waits */

    uint32_t serial;
    bool reversed; /* the other data set: the same values on the channels in reverse order */
    int protocol_version;
    bool enabled;
    uint8_t inhibits; /* bit set: channel accepted */
    uint8_t last_reject;
    struct acceptor_event events[ACCEPTOR_EVENTS_MAX];
    int event_count;
    int64_t starting_until_ms; /* -1: started */
    int64_t last_command_ms;
    bool remembers; /* an unacknowledged credit survives a power cut (as E2) */

    struct note notes[ACCEPTOR_NOTES_MAX];
    int note_count;
    struct note *moving;       /* the one in the path; NULL: none */
    int64_t step_at_ms;        /* when its next step is over; -1: it rests */
    bool escrow_reported;      /* a poll has named it: the next one accepts */
    struct note *unacked_note; /* whose credit was not acknowledged yet */
    bool box_out, box_full;
    uint32_t stacked, dispensed, rejected; /* life counters, as command 58 tells them */

    enum acceptor_fault fault;
    bool fails; /* lose power when a note reaches fail_place */
    enum note_place fail_place;
    int protocol_errors;
};

void model_acceptor_init(struct model_acceptor *acceptor, const struct clock *clock,
                         int time_percent);

/* The same machine with the other tongue. */
void model_acceptor_init_id003(struct model_acceptor *acceptor, const struct clock *clock,
                               int time_percent, enum bridge_kind bridge);

/* Another unit; while it is off the bus. */
void model_acceptor_set_serial(struct model_acceptor *acceptor, uint32_t serial);
/* What the host got wrong, in whatever layer. */
int model_acceptor_errors(const struct model_acceptor *acceptor);

/* Holds a note out; the device takes it when it may. NULL when no more notes can be kept. */
struct note *model_acceptor_feed(struct model_acceptor *acceptor, int value_yuan, bool counterfeit);
/* The citizen puts the notes still in the mouth back into the pocket. */
void model_acceptor_take_back(struct model_acceptor *acceptor);

void model_acceptor_set_power(struct model_acceptor *acceptor, bool on);
void model_acceptor_remove_box(struct model_acceptor *acceptor);
/* An emptied box comes in; what was in it is collected. */
void model_acceptor_replace_box(struct model_acceptor *acceptor);
/* Staff take a jammed note out, or free it so that the device gives it back. */
void model_acceptor_clear_jam(struct model_acceptor *acceptor);
void model_acceptor_free_jam(struct model_acceptor *acceptor);
/* The device begins anew by itself; its USB side stays on the bus. */
void model_acceptor_reset(struct model_acceptor *acceptor);

/* Somebody runs the device without the kiosk, power or not: a note lies in the box and is counted,
 * and no event tells of it. False when no more notes can be kept. */
bool model_acceptor_stray(struct model_acceptor *acceptor, int value_yuan);
/* The same, cut off by its power: a note lies at this place of its way, and the next start clears
 * it. False while there is power or a note inside. */
bool model_acceptor_leave_inside(struct model_acceptor *acceptor, int value_yuan,
                                 enum note_place place);

const char *note_place_name(enum note_place place);
bool note_place_parse(const char *name, enum note_place *out);
const char *acceptor_fault_name(enum acceptor_fault fault);
bool acceptor_fault_parse(const char *name, enum acceptor_fault *out);

/* Between the parts of the model: acceptor_mechanism.c, acceptor_protocol.c. */

enum acceptor_event_code {
    EVENT_SLAVE_RESET = 0xF1,
    EVENT_READ = 0xEF,
    EVENT_CREDIT = 0xEE,
    EVENT_REJECTING = 0xED,
    EVENT_REJECTED = 0xEC,
    EVENT_STACKING = 0xCC,
    EVENT_STACKED = 0xEB,
    EVENT_SAFE_JAM = 0xEA,
    EVENT_UNSAFE_JAM = 0xE9,
    EVENT_DISABLED = 0xE8,
    EVENT_STACKER_FULL = 0xE7,
    EVENT_FRAUD = 0xE6,
    EVENT_BOX_REPLACED = 0xE4,
    EVENT_BOX_REMOVED = 0xE3,
    EVENT_CLEARED_INTO_BOX = 0xE2,
    EVENT_CLEARED_FROM_FRONT = 0xE1,
    EVENT_PATH_OPEN = 0xE0,
    EVENT_INITIALISING = 0xB6,
    EVENT_CHANNELS_DISABLED = 0xB5,
};

enum acceptor_reject_code {
    REJECT_ACCEPTED = 0x00,
    REJECT_NOT_RECOGNISED = 0x02,
    REJECT_INHIBITED = 0x06,
    REJECT_SECOND_NOTE = 0x07,
    REJECT_HOST = 0x08,
    REJECT_REAR_SENSOR = 0x0A,
    REJECT_DISABLED = 0x0C,
    REJECT_ESCROW_TIMEOUT = 0x13,
    REJECT_CANNOT_STACK = 0x1D,
};

/* Values of the channels 1..5, in yuan. */
extern const uint8_t ACCEPTOR_VALUES_YUAN[ACCEPTOR_CHANNELS];
/* 1..5; 0: no channel has this value. */
int acceptor_channel_of(const struct model_acceptor *acceptor, int value_yuan);
/* Of channel 1..5, in the data set of today. */
uint8_t acceptor_value_yuan(const struct model_acceptor *acceptor, int channel);

void acceptor_mechanism_advance(struct model_acceptor *acceptor);
int64_t acceptor_mechanism_due_ms(const struct model_acceptor *acceptor);
/* Sends the note in escrow on to the box, or a note in front of it back. */
void acceptor_mechanism_stack(struct model_acceptor *acceptor);
bool acceptor_mechanism_reject(struct model_acceptor *acceptor, uint8_t code);
/* Prolongs the escrow; false if there is no note in it. */
bool acceptor_mechanism_hold(struct model_acceptor *acceptor);
/* Power-up or RESET: silent for a while, then everything inside is cleared and told. */
void acceptor_mechanism_start(struct model_acceptor *acceptor);

void acceptor_add_event(struct model_acceptor *acceptor, enum acceptor_event_code code,
                        int channel);
bool acceptor_has_unacked(const struct model_acceptor *acceptor);

/* Executes a command (already decrypted) and writes the reply, at most 233 bytes; returns its size.
 */
size_t acceptor_protocol_execute(struct model_acceptor *acceptor, const struct ssp_request *request,
                                 uint8_t *reply);
