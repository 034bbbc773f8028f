/*
 * What all drivers of banknote acceptors share: the I/O thread with its back-off, the orders that
 * come from the main loop, and the events that go back to it.
 *
 * Numbers tie an order to the event it answers: stack() and return_note() carry the number of the
 * note their caller has heard of, so a late order can never hit the note after it; acknowledge()
 * carries the number of the event. A driver numbers both with cash_worker_number.
 *
 * Threads:   the functions of the class run on the main loop; run_once and everything it calls on
 *            the worker's thread. Fields marked "guarded by lock" are shared, the others are not.
 * Ownership: struct cash_worker is the first member of the driver's struct, which the driver
 *            allocates with calloc and the worker wipes and frees, at close or when it cannot
 * start.
 */
#pragma once
#include "drivers/cash_acceptor/cash_acceptor.h"
#include "drivers/mailbox.h"
#include "drivers/usb/usb.h"
#include <pthread.h>

#define CASH_WAITS_MAX 8 /* events that may wait for acknowledge() at a time */
#define CASH_BACKOFF_MS_MIN 1000

/* What travels through the mailbox. */
struct cash_message {
    struct cash_acceptor_event event;
    uint32_t note; /* number of the note, of NOTE_ESCROWED; 0 otherwise */
    uint32_t wait; /* number of an event that wants acknowledge(); 0 otherwise */
};

/* From the main loop to the thread. */
struct cash_orders {
    bool closing, enabled;
    int64_t values_fen[CASH_CHANNELS_MAX];
    int value_count;
    uint32_t stack_note, return_note; /* numbers of notes; 0: none */
    uint32_t acknowledged;            /* number of the last acknowledged event */
};

struct cash_worker;

/* Connects, starts and serves the device until something ends that; returns why. After a
 * STATUS_CANCELLED the device must have been left tidy. The port is disconnected on return. */
typedef enum status cash_worker_run(struct cash_worker *worker);

struct cash_worker {
    struct cash_acceptor acceptor; /* first: the class */
    cash_worker_run *run_once;
    size_t size; /* of the driver's whole struct */
    struct usb_port *port;
    struct mailbox *mailbox;
    cash_acceptor_listener *listener;
    void *context;
    pthread_t thread;

    pthread_mutex_t lock;
    struct cash_orders orders; /* guarded by lock */
    pthread_cond_t ended;
    bool has_ended; /* guarded by lock: the thread is about to return */

    /* Main loop only: what its listener has heard. */
    uint32_t heard_note;
    uint32_t heard_wait[CASH_WAITS_MAX];
    int heard_count;

    /* The thread's own from here on: what every event says of the device. */
    struct device_status status;
    struct cash_counters counters;
    int channel_count;
    int64_t channel_value_fen[CASH_CHANNELS_MAX];
    uint32_t last_number;
    int64_t backoff_ms; /* the driver sets it to CASH_BACKOFF_MS_MIN once a start succeeded */
};

/* The class around a driver's zeroed struct of this size; NULL, and all of it freed, when out of
 * memory or threads. */
struct cash_acceptor *cash_worker_open(struct cash_worker *worker, size_t size,
                                       const struct device_match *match,
                                       const struct usb_wish *wish, cash_worker_run *run_once,
                                       struct queue *queue, cash_acceptor_listener *listener,
                                       void *context);

/* ---- for run_once ---- */

struct cash_orders cash_worker_orders(struct cash_worker *worker);

/* The number of a new note or of a new event that waits for acknowledge(). */
uint32_t cash_worker_number(struct cash_worker *worker);

struct cash_message cash_worker_message(const struct cash_worker *worker,
                                        enum cash_event_kind kind);
void cash_worker_put(struct cash_worker *worker, const struct cash_message *message);
void cash_worker_post(struct cash_worker *worker, enum cash_event_kind kind);

/* Posts STATUS if that is news. */
void cash_worker_set_state(struct cash_worker *worker, enum device_state state, uint32_t problems);

/* Bit n: the value of channel n + 1 is among those wanted by the orders, enabled or not. */
uint16_t cash_worker_wanted(const struct cash_worker *worker, const struct cash_orders *orders);
