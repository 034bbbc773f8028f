/*
 * A banknote acceptor without a device. It outlives the kiosk that uses it, as a real one does:
 * what was not acknowledged is told again to the next listener. Not simulated: time, jams,
 * manipulation, more than one note under way.
 */
#pragma once
#include "drivers/cash_acceptor/cash_acceptor.h"

enum fake_note {
    FAKE_NOTE_NONE,
    FAKE_NOTE_ESCROWED,
    FAKE_NOTE_STACKED, /* in the box and not yet acknowledged */
};

struct fake_acceptor {
    struct cash_acceptor acceptor; /* first: usable as a struct cash_acceptor */
    cash_acceptor_listener *listener;
    void *context;
    enum device_state state;
    bool is_enabled;
    int64_t accepted_fen[CASH_CHANNELS_MAX];
    int accepted_count;
    enum fake_note note;
    int64_t note_fen;
    bool stack_was_asked, return_was_asked;
    bool is_stuck;          /* stack() is obeyed, but nobody hears of it: the cable is out */
    uint32_t stacked_count; /* the device's lifetime counter */
    int64_t box_fen;        /* what really lies in the box */
    int returned_count;     /* notes given back */
};

void fake_acceptor_init(struct fake_acceptor *fake, cash_acceptor_listener *listener,
                        void *context);
void fake_acceptor_say(struct fake_acceptor *fake, enum device_state state);

/* Feeds one note and plays its life to the end. False if it came back. */
bool fake_acceptor_feed(struct fake_acceptor *fake, int64_t value_fen);

/* Feeds one note up to escrow only: the kiosk is told and may answer, nothing happens yet. */
void fake_acceptor_feed_to_escrow(struct fake_acceptor *fake, int64_t value_fen);
/* Does what the kiosk asked for with the note in escrow. */
void fake_acceptor_obey(struct fake_acceptor *fake);

/* The host came up anew: status and counters, then what it has not acknowledged. */
void fake_acceptor_greet(struct fake_acceptor *fake);
