/*
 * What the driver's files share: id003.c (start-up, the thread's rounds), id003_status.c (the table
 * of statuses, and from one to the next) and id003_notes.c (what each says of a note).
 */
#pragma once
#include "drivers/cash_acceptor/id003/id003.h"
#include "drivers/cash_acceptor/id003/id003_link.h"
#include "drivers/cash_acceptor/worker/cash_worker.h"

enum note_state {
    NOTE_NONE,
    NOTE_HELD,     /* in escrow, the kiosk decides */
    NOTE_STACKING, /* told to take it */
    NOTE_BACK,     /* told to give it back, or seen going back */
    NOTE_LOST,     /* after a jam or a new start; only the device can tell, or nobody */
};

/* What the device repeats until we answer: VEND VALID until ACK; that a note was inside at
 * power-up, or pulled out on a string, until RESET. One at a time. */
struct id003_told {
    uint32_t number; /* of the event posted; 0: nothing waits */
    uint8_t status;
    bool answered;
};

struct id003 {
    struct cash_worker worker; /* first */

    /* From devices.ini. */
    enum serial_bridge bridge;
    int baud;
    enum id003_command stack_command;
    int country; /* -1: any, if all denominations agree */
    uint16_t functions;
    int hold_period_ms; /* 0: never */

    struct id003_link link;
    uint8_t status; /* as last told; 0: none since the connection */
    int64_t status_since_ms;
    uint32_t problems; /* what that status means */
    bool met;          /* started and set up since it was switched on */
    bool paused;       /* a second note was at the mouth in the status before */
    bool box_removed, swapped;
    bool left;           /* everything was said in parting */
    uint16_t told_mask;  /* denominations told to take; 0: inhibited */
    bool must_tell;      /* it says to be something else than it was told */
    bool inspection_due; /* accepting has ended: what the device is, is read again */
    bool no_hold;        /* this model does not know HOLD */

    enum note_state note;
    uint32_t note_number; /* 0: it was never offered to the kiosk */
    int note_channel;     /* 0: not known */
    enum cash_reject_reason return_reason;
    bool reading, rejecting; /* a note that never reached escrow moves in, moves out */
    bool was_recovered; /* the stacker's note was told at power-up: its VEND VALID is no other */
    int64_t held_since_ms, ordered_at_ms, hold_at_ms;

    struct id003_told told;
};

/* ---- id003_status.c ---- */

/* Asks for the status and deals with it. Returns as id003_link_status; STATUS_UNSUPPORTED for a
 * status nobody knows. */
NODISCARD enum status id003_poll(struct id003 *id003);

/* The device lies idle, or inhibited, with nothing inside. */
bool id003_is_at_rest(const struct id003 *id003);

/* READY, DEGRADED, STARTING or FAULT from what it said last. */
void id003_derive_state(struct id003 *id003);

/* ---- id003_notes.c ---- */

/* Another unit: what we knew of a note is about the other one. */
void id003_forget_note(struct id003 *id003);

/* Answers what was told once the kiosk has acknowledged it. */
NODISCARD enum status id003_answer(struct id003 *id003, uint32_t acknowledged);

/* Tells of a note that came back; the second of one that was on its way, and forgets it. */
void id003_post_back(struct id003 *id003, enum cash_event_kind kind,
                     enum cash_reject_reason reason);
void id003_end_return(struct id003 *id003);

/* What a status says, each time it is told. Return as id003_link_order. */
typedef enum status id003_on_status(struct id003 *id003, const struct id003_frame *frame);
id003_on_status id003_on_rest, id003_on_accepting, id003_on_escrow, id003_on_stacking,
    id003_on_vend_valid, id003_on_way_back, id003_on_initialising, id003_on_power_up,
    id003_on_found, id003_on_jam, id003_on_pause, id003_on_failure;

/* ---- id003.c ---- */

/* Inhibits it and sets everything else. Returns as id003_link_ask; STATUS_PROTOCOL when it refuses
 * what it must know. */
NODISCARD enum status id003_send_settings(struct id003 *id003);

/* Settings, and what it is; it may be served afterwards. Returns as above. */
NODISCARD enum status id003_set_up(struct id003 *id003);
