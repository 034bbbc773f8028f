/*
 * What the driver's files share: ssp.c (class, thread, start-up, orders), ssp_escrow.c (the note in
 * escrow and its way to and fro) and ssp_notes.c (what a poll says, credits, acknowledgements).
 */
#pragma once
#include "drivers/cash_acceptor/ssp/ssp.h"
#include "drivers/cash_acceptor/ssp/ssp_link.h"
#include "drivers/cash_acceptor/worker/cash_worker.h"

enum note_state {
    NOTE_NONE,
    NOTE_HELD,      /* in escrow, the kiosk decides; no poll may be sent, for a poll accepts it */
    NOTE_STUCK,     /* in escrow, to be given back, but the device refuses: no poll either */
    NOTE_STACKING,  /* told to take it */
    NOTE_RETURNING, /* told to give it back */
    NOTE_LOST,      /* after a jam or a new start; only the device can tell, by an event or, once
                       nothing moves any more, by its counters */
};

/* An event that waits for acknowledge(). */
struct ssp_pending {
    struct ssp_event event;
    uint32_t number;
};

struct ssp {
    struct cash_worker worker; /* first */
    uint64_t fixed_key;
    char currency[4];
    enum serial_bridge bridge;

    struct ssp_link link;
    struct ssp_setup setup;
    uint32_t last_reading;  /* of the counters; numbers them */
    uint32_t poll_problems; /* what the last poll said */
    bool initialising, swapped, first_poll;
    bool was_reset;     /* F1: keys, version and inhibits are forgotten */
    bool says_disabled; /* E8 in the last poll */
    bool moves;         /* a note moves, said the last poll */
    bool reading;       /* EF 00 in the last poll */
    bool path_unknown;  /* since the connection nothing has told whether a note is in escrow */
    bool no_hold;       /* no HOLD on this model; asking for the serial number holds too */
    uint16_t told_mask; /* inhibits as last told, 0: disabled */
    bool box_removed;
    bool inspection_due; /* accepting has ended: what the device is and has counted is read again */
    bool left;           /* everything was said in parting */

    enum note_state note;
    uint32_t note_number;                  /* 0: it was never offered to the kiosk */
    uint8_t note_channel;                  /* 0: not known */
    bool credit_expected;                  /* a note of this session was told to be stacked */
    enum cash_reject_reason return_reason; /* NONE: the device may tell */
    int64_t held_since_ms, moving_since_ms, reading_since_ms;

    struct ssp_pending pending[CASH_WAITS_MAX];
    int pending_count;
};

/* ---- ssp_escrow.c ---- */

/*
 * Before the first poll of a start: gives back a note that lies in escrow from before, for that
 * poll would accept it. May leave NOTE_STUCK; then there must be no poll yet.
 */
NODISCARD enum status ssp_return_leftover(struct ssp *ssp);

/* A note is in escrow; the next poll would accept it. */
bool ssp_must_not_poll(const struct ssp *ssp);

/* A note should have arrived long ago; only a new start can tell where it is. */
bool ssp_note_is_overdue(const struct ssp *ssp);

/* A note is being read, and not for longer than that takes. */
bool ssp_is_reading(const struct ssp *ssp);

/* Another unit: what we knew of a note is about the other one. */
void ssp_forget_note(struct ssp *ssp);

/* One round of keeping the note in escrow, or of doing what was decided about it. */
NODISCARD enum status ssp_serve_held_note(struct ssp *ssp, const struct cash_orders *orders);

/* EF and EC in a poll. */
NODISCARD enum status ssp_on_read(struct ssp *ssp, uint8_t channel);
NODISCARD enum status ssp_on_rejected(struct ssp *ssp);

/* ---- ssp_notes.c ---- */

/* Sends one POLL WITH ACK and deals with what it says. STATUS_BUSY: the device wants a new start.
 */
NODISCARD enum status ssp_poll(struct ssp *ssp);

/* Sends EVENT ACK once everything delivered is acknowledged. */
NODISCARD enum status ssp_acknowledge(struct ssp *ssp, uint32_t acknowledged);

NODISCARD enum status ssp_read_counters(struct ssp *ssp);

int64_t ssp_value_of(const struct ssp *ssp, uint8_t channel);

/* READY, DEGRADED, STARTING or FAULT from what the last poll said. */
void ssp_derive_state(struct ssp *ssp);
