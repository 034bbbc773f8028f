/*
 * One banknote acceptor with escrow, whatever its maker.
 *
 * A note is in escrow (ours to return) or stacked (ours for good). Accepting is off until enabled.
 * The life of a note, events on the left, the kiosk's answers on the right:
 *
 *   NOTE_ESCROWED   → journal note_escrowed durably, then stack() or return_note()
 *   NOTE_STACKED    → journal note_credited durably, then acknowledge()
 *   NOTE_RETURNED   → journal note_returned
 *
 * A driver holds the note in escrow by itself (eSSP: HOLD) until stack() or return_note(); after
 * CASH_ACCEPTOR_HOLD_MS_MAX without an answer it gives the note back. On start it returns a note
 * that is still in escrow from before; it never lets a start-up poll swallow one.
 *
 * A device that begins anew (plugged in, reset, jam cleared, gone silent about a note) goes through
 * STARTING. READY comes once nothing of before is under way, with counters read after it.
 *
 * Each time accepting begins, before the first note, and each time it has ended, once nothing is
 * under way, the driver reads serial number, channels and counters anew and tells them with STATUS
 * (.counters.is_final), for the kiosk to set against its books.
 *
 * NOTE_STACKED, NOTE_RECOVERED and NOTE_FRAUD stay with the device until acknowledge(), also over a
 * crash of the host: after a restart they are delivered again, with .repeated set when the driver
 * knows. Until then the device accepts nothing else.
 *
 * Threads:   functions: main loop only, they return at once. The listener runs on the main loop.
 * Ownership: listener and context must outlive close.
 * Units:     fen.
 */
#pragma once
#include "drivers/device.h"
#include <stdbool.h>
#include <stdint.h>

#define CASH_CHANNELS_MAX 16
#define CASH_ACCEPTOR_HOLD_MS_MAX 30000

enum cash_event_kind {
    CASH_EVENT_STATUS,         /* .status, .channels (once known), .counters */
    CASH_EVENT_NOTE_READING,   /* a note is moving in, value not yet known */
    CASH_EVENT_NOTE_ESCROWED,  /* .value_fen */
    CASH_EVENT_NOTE_STACKED,   /* .value_fen: the credit point; acknowledge() needed. After a
                                  restart it may be 0, not known, with .by_order */
    CASH_EVENT_NOTE_RETURNED,  /* after return_note(), an escrow time-out or a pull-back; .reason */
    CASH_EVENT_NOTE_REJECTED,  /* never reached escrow; .reason */
    CASH_EVENT_NOTE_RECOVERED, /* found at start: .into_box, .value_fen (0: not known), .by_order;
                                  acknowledge(). READY may wait for that: a device that tells it
                                  until its reset is reset then */
    CASH_EVENT_NOTE_FRAUD,     /* manipulation of .value_fen; never a credit; acknowledge() */
    CASH_EVENT_BOX_REMOVED,
    CASH_EVENT_BOX_REPLACED,
};

/* Why a note came back; the screen turns it into a sentence. */
enum cash_reject_reason {
    CASH_REJECT_NONE,
    CASH_REJECT_NOT_RECOGNISED, /* damaged, folded, foreign, suspected */
    CASH_REJECT_NOT_ACCEPTED,   /* a denomination we inhibit */
    CASH_REJECT_SECOND_NOTE,    /* two at once, or too fast */
    CASH_REJECT_HOST,           /* we asked for it */
    CASH_REJECT_TIMEOUT,        /* held too long */
    CASH_REJECT_FAULT,          /* the acceptor could not stack it */
};

/* The device's own lifetime counters (eSSP GET COUNTERS 58): survive power loss, wrap at 2^32. */
struct cash_counters {
    bool known;
    bool is_final;    /* read as accepting began or had ended: no note was under way */
    uint32_t reading; /* tells one reading from the next; 0: the driver does not number them */
    uint32_t stacked, stored, dispensed, transferred, rejected;
};

struct cash_acceptor_event {
    enum cash_event_kind kind;
    struct device_status status; /* with every kind: who says so (.serial, once it is known) */
    int64_t value_fen;
    bool repeated;
    bool into_box;
    bool by_order; /* of STACKED and RECOVERED into_box: this device takes in only what it was told
                      to, so a note of unknown value is the one told to stack last */
    enum cash_reject_reason reason;
    int channel_count;
    int64_t channel_value_fen[CASH_CHANNELS_MAX];
    struct cash_counters counters;
};

typedef void cash_acceptor_listener(void *context, const struct cash_acceptor_event *event);

struct cash_acceptor;

/* All mandatory. */
struct cash_acceptor_ops {
    void (*enable)(struct cash_acceptor *acceptor, const int64_t *values_fen, int count);
    void (*disable)(struct cash_acceptor *acceptor);
    void (*stack)(struct cash_acceptor *acceptor);
    void (*return_note)(struct cash_acceptor *acceptor);
    void (*acknowledge)(struct cash_acceptor *acceptor);
    void (*close)(struct cash_acceptor *acceptor);
};

struct cash_acceptor {
    const struct cash_acceptor_ops *ops;
};

/* Accepts these denominations from now on; all others come back as NOT_ACCEPTED. */
static inline void cash_acceptor_enable(struct cash_acceptor *acceptor, const int64_t *values_fen,
                                        int count)
{
    acceptor->ops->enable(acceptor, values_fen, count);
}

/* Accepts nothing more. A note already in escrow still waits for stack() or return_note(). */
static inline void cash_acceptor_disable(struct cash_acceptor *acceptor)
{
    acceptor->ops->disable(acceptor);
}

/*
 * Takes the escrowed note for good. Call only once note_escrowed is durable: it cannot be undone.
 * NOTE_STACKED, NOTE_RETURNED (pulled back, could not stack) or a status of FAULT/ABSENT/STARTING
 * follows; in the last case where the note is comes with one of these events or NOTE_RECOVERED
 * before the next READY, or else from the counters that come with it. Without a note in escrow it
 * does nothing.
 */
static inline void cash_acceptor_stack(struct cash_acceptor *acceptor)
{
    acceptor->ops->stack(acceptor);
}

/* Gives the escrowed note back; what follows is as after stack(). Without a note it does nothing.
 */
static inline void cash_acceptor_return_note(struct cash_acceptor *acceptor)
{
    acceptor->ops->return_note(acceptor);
}

/* Says that the last NOTE_STACKED, NOTE_RECOVERED or NOTE_FRAUD is durable. */
static inline void cash_acceptor_acknowledge(struct cash_acceptor *acceptor)
{
    acceptor->ops->acknowledge(acceptor);
}

static inline void cash_acceptor_close(struct cash_acceptor *acceptor)
{
    acceptor->ops->close(acceptor);
}
