/*
 * A small eSSP host of its own, so that the acceptor's model is tested from the other side of the
 * wire. One host at a time; time is virtual.
 */
#pragma once
#include "support/unit.h"
#include "tools/simulator/model_acceptor.h"

struct acceptor_host {
    struct clock_fake clock;
    struct model_acceptor acceptor;
    struct usb_model *usb;
    uint8_t bit;
    uint8_t key[16];
    uint32_t count;
    uint8_t sent[600];
    size_t sent_size;
    uint8_t data[255]; /* of the last reply, decrypted */
    int size;          /* -1: no reply came */
};

extern struct acceptor_host host;

/* cmocka set-up: a device that has just finished its start. */
int host_set_up(void **state);
void host_wait_ms(int ms);

/* Each asks and returns the first byte of the reply, -1 if none comes within a second. */
int host_ask(uint8_t command);
int host_ask_with(uint8_t command, uint8_t parameter);
int host_ask_u64(uint8_t command, uint64_t value);
int host_ask_secretly(uint8_t command);

void host_send_encrypted(const uint8_t *data, size_t size);
/* The last packet once more, byte by byte the same. */
void host_resend(void);
int host_receive(void);

void host_synchronise(void);
void host_agree_on_a_key(void);
/* Synchronised, keyed, protocol 8, all channels open, enabled, start-up events read. */
void host_bring_up(void);

/* The whole last reply, or that of a POLL WITH ACK, in hex. */
void host_expect_data(const char *hex);
void host_expect_poll(const char *hex);

/* Feeds a note and waits until it rests in escrow. */
struct note *host_feed_to_escrow(int value_yuan);
