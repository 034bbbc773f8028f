#include "base/queue.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

void queue_init(struct queue *queue, void (*wake)(void *context), void *wake_context)
{
    memset(queue, 0, sizeof *queue);
    queue->wake = wake;
    queue->wake_context = wake_context;
    CHECK(pthread_mutex_init(&queue->lock, NULL) == 0);
    CHECK(pthread_cond_init(&queue->room, NULL) == 0);
}

void queue_deinit(struct queue *queue)
{
    pthread_cond_destroy(&queue->room);
    pthread_mutex_destroy(&queue->lock);
    bytes_wipe(queue->slots, sizeof queue->slots);
}

void queue_close(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->closed = true;
    pthread_cond_broadcast(&queue->room);
    pthread_mutex_unlock(&queue->lock);
}

enum status queue_post(struct queue *queue, queue_deliver *deliver, void *target, const void *body,
                       size_t size)
{
    CHECK(size <= QUEUE_BODY_SIZE);
    pthread_mutex_lock(&queue->lock);
    while (queue->count == QUEUE_SLOTS && !queue->closed)
        pthread_cond_wait(&queue->room, &queue->lock);
    if (queue->closed) {
        pthread_mutex_unlock(&queue->lock);
        return STATUS_CANCELLED;
    }
    struct queue_slot *slot = &queue->slots[(queue->first + queue->count) % QUEUE_SLOTS];
    slot->deliver = deliver;
    slot->target = target;
    if (size > 0)
        memcpy(slot->body, body, size);
    queue->count++;
    pthread_mutex_unlock(&queue->lock);

    if (queue->wake != NULL)
        queue->wake(queue->wake_context);
    return STATUS_OK;
}

size_t queue_drain(struct queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    unsigned count = queue->count;
    for (unsigned i = 0; i < count; i++) {
        struct queue_slot *slot = &queue->slots[queue->first];
        pthread_mutex_unlock(&queue->lock);
        /* Posters cannot reach this slot while it still counts, so it needs no copy. */
        slot->deliver(slot->target, slot->body);
        bytes_wipe(slot, sizeof *slot);
        pthread_mutex_lock(&queue->lock);
        queue->first = (queue->first + 1) % QUEUE_SLOTS;
        queue->count--;
        pthread_cond_signal(&queue->room);
    }
    pthread_mutex_unlock(&queue->lock);
    return count;
}
