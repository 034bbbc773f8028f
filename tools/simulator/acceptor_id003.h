/*
 * The acceptor's other tongue: ID-003, 9600 8E1 behind a serial bridge. Written from what the open
 * implementations agree on; the kiosk's driver has its own reading.
 *
 * Where they are silent the harsher reading was chosen: an order at the wrong time is answered 4B,
 * a RESET forgets a credit that was not acknowledged, after power-up no note is taken before
 * RESET, it initialises until denominations and inhibit are set, and nothing is said of a note in
 * the stacker but 42.
 * Not modelled: interrupt mode, bar codes, recyclers, encryption.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ID003_FRAME_SIZE_MAX 255

struct model_acceptor;

struct id003_device {
    uint8_t frame[ID003_FRAME_SIZE_MAX];
    size_t frame_size;
    uint8_t reply[ID003_FRAME_SIZE_MAX];
    size_t reply_size;
    int errors; /* frames the host got wrong */

    uint8_t waits_reset;                 /* 40, 41, 42 or 48, told until RESET; 0: none */
    int64_t initialising_until_ms;       /* -1: done */
    bool has_denominations, has_inhibit; /* set since RESET */
    bool stack_2;                        /* the credit only once the note lies in the box */
    bool vend_told;                      /* VEND VALID has been said, and may be acknowledged */
    bool stacked_is_due, pause_is_due;   /* told once each */
    bool is_safely_jammed;
};

void acceptor_id003_init(struct id003_device *id003);

/* Power is back: what lies inside is told until RESET. */
void acceptor_id003_power_up(struct model_acceptor *acceptor);

/* One byte from the host; true once a reply is composed. */
bool acceptor_id003_take(struct model_acceptor *acceptor, uint8_t byte);

/* An event of the mechanism, in the words of the other tongue. */
void acceptor_id003_on_event(struct model_acceptor *acceptor, int code);

/* It takes no note before something was answered. */
bool acceptor_id003_waits(const struct model_acceptor *acceptor);

void acceptor_id003_advance(struct model_acceptor *acceptor);
int64_t acceptor_id003_due_ms(const struct model_acceptor *acceptor);
