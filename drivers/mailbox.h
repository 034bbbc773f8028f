/*
 * From a device's I/O thread to its listener on the main loop.
 *
 * Events wait here, in order, while at most one message per mailbox waits in the main loop's queue.
 * So a slow main loop holds up the device that talks too much and no other, and a closed device
 * leaves nothing behind in the queue that could be delivered later.
 *
 * Threads:   open, stop and destroy on the main loop; put on the device's thread.
 * Ownership: the owner and the queue outlive the mailbox.
 * Bound:     MAILBOX_EVENTS events; a full mailbox makes the device wait (money must not be lost).
 */
#pragma once
#include "base/queue.h"
#include <stdbool.h>
#include <stddef.h>

#define MAILBOX_EVENTS 16
#define MAILBOX_EVENT_SIZE_MAX 1024

/* Runs on the main loop. The event is wiped after it returns; it may have carried a person's data.
 */
typedef void mailbox_deliver(void *owner, const void *event);

struct mailbox;

/* NULL when out of memory. Requires event_size <= MAILBOX_EVENT_SIZE_MAX. */
struct mailbox *mailbox_open(struct queue *queue, size_t event_size, mailbox_deliver *deliver,
                             void *owner);

/* Copies the event. False once the mailbox is stopped or the queue closed. */
bool mailbox_put(struct mailbox *mailbox, const void *event);

/* Nothing is delivered from now on, and a waiting put returns. */
void mailbox_stop(struct mailbox *mailbox);

/* Requires: stopped, and the device's thread joined. */
void mailbox_destroy(struct mailbox *mailbox);
