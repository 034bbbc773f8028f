/*
 * The main loop's inbox: a bounded queue of messages from device and sync threads.
 *
 * A thread posts, the main loop drains; the deliver function of a message runs on the main loop. A
 * slot is wiped after delivery, for it may have carried a person's data.
 *
 * Threads: queue_post from any but the main loop; queue_drain from the main loop only.
 * Bound:   QUEUE_SLOTS messages; a full queue makes the poster wait (money events must not be
 * lost).
 */
#pragma once
#include "base/status.h"
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_SLOTS 128
#define QUEUE_BODY_SIZE 1024

typedef void queue_deliver(void *target, const void *body);

struct queue_slot {
    queue_deliver *deliver;
    void *target;
    _Alignas(8) uint8_t body[QUEUE_BODY_SIZE];
};

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t room;
    struct queue_slot slots[QUEUE_SLOTS];
    unsigned first, count;       /* guarded by lock */
    bool closed;                 /* guarded by lock */
    void (*wake)(void *context); /* called after a post, outside the lock; must be cheap */
    void *wake_context;
};

void queue_init(struct queue *queue, void (*wake)(void *context), void *wake_context);
void queue_deinit(struct queue *queue);

/* Makes every waiting and later post fail; for shutdown. */
void queue_close(struct queue *queue);

/*
 * Copies size bytes of body and has deliver(target, body) called on the main loop.
 *
 * Requires: size <= QUEUE_BODY_SIZE.
 * Returns:  STATUS_OK, or STATUS_CANCELLED once the queue is closed.
 */
NODISCARD enum status queue_post(struct queue *queue, queue_deliver *deliver, void *target,
                                 const void *body, size_t size);

/* Delivers what is there now, in order. Returns how many. */
size_t queue_drain(struct queue *queue);
