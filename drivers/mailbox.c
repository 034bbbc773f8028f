#include "drivers/mailbox.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

#define MAILBOXES_MAX 16

struct mailbox {
    struct queue *queue;
    mailbox_deliver *deliver;
    void *owner;
    uintptr_t number;
    size_t event_size;
    pthread_mutex_t lock;
    pthread_cond_t room;
    size_t first, count; /* guarded by lock */
    bool announced;      /* guarded by lock: a message for us waits in the queue */
    bool stopped;        /* guarded by lock */
    uint8_t events[MAILBOX_EVENTS][MAILBOX_EVENT_SIZE_MAX];
};

/*
 * The queue carries a number, not a pointer: a message that outlives its mailbox then finds nobody,
 * instead of freed memory. Main loop only.
 */
static struct mailbox *open_mailboxes[MAILBOXES_MAX];
static uintptr_t last_number;

static struct mailbox *find_open(uintptr_t number)
{
    for (size_t i = 0; i < MAILBOXES_MAX; i++)
        if (open_mailboxes[i] != NULL && open_mailboxes[i]->number == number)
            return open_mailboxes[i];
    return NULL;
}

static bool take_event(struct mailbox *mailbox, uint8_t *event)
{
    pthread_mutex_lock(&mailbox->lock);
    bool any = mailbox->count > 0;
    if (any) {
        uint8_t *slot = mailbox->events[mailbox->first];
        memcpy(event, slot, mailbox->event_size);
        bytes_wipe(slot, mailbox->event_size);
        mailbox->first = (mailbox->first + 1) % MAILBOX_EVENTS;
        mailbox->count--;
        pthread_cond_signal(&mailbox->room);
    } else {
        mailbox->announced = false;
    }
    pthread_mutex_unlock(&mailbox->lock);
    return any;
}

/* A listener may close its own device, so the mailbox is looked up again for every event. */
static void on_announcement(void *target, const void *body)
{
    (void)body;
    uintptr_t number = (uintptr_t)target;
    _Alignas(max_align_t) uint8_t event[MAILBOX_EVENT_SIZE_MAX];
    struct mailbox *mailbox;
    while ((mailbox = find_open(number)) != NULL && take_event(mailbox, event))
        mailbox->deliver(mailbox->owner, event);
    bytes_wipe(event, sizeof event);
}

struct mailbox *mailbox_open(struct queue *queue, size_t event_size, mailbox_deliver *deliver,
                             void *owner)
{
    CHECK(event_size <= MAILBOX_EVENT_SIZE_MAX);
    size_t place = 0;
    while (place < MAILBOXES_MAX && open_mailboxes[place] != NULL)
        place++;
    CHECK(place < MAILBOXES_MAX);
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL)
        return NULL;
    mailbox->queue = queue;
    mailbox->deliver = deliver;
    mailbox->owner = owner;
    mailbox->event_size = event_size;
    mailbox->number = ++last_number;
    CHECK(pthread_mutex_init(&mailbox->lock, NULL) == 0);
    CHECK(pthread_cond_init(&mailbox->room, NULL) == 0);
    open_mailboxes[place] = mailbox;
    return mailbox;
}

bool mailbox_put(struct mailbox *mailbox, const void *event)
{
    pthread_mutex_lock(&mailbox->lock);
    while (mailbox->count == MAILBOX_EVENTS && !mailbox->stopped)
        pthread_cond_wait(&mailbox->room, &mailbox->lock);
    bool stopped = mailbox->stopped, announce = false;
    if (!stopped) {
        size_t last = (mailbox->first + mailbox->count) % MAILBOX_EVENTS;
        memcpy(mailbox->events[last], event, mailbox->event_size);
        mailbox->count++;
        announce = !mailbox->announced;
        mailbox->announced = true;
    }
    pthread_mutex_unlock(&mailbox->lock);
    if (announce)
        return queue_post(mailbox->queue, on_announcement, (void *)mailbox->number, NULL, 0) ==
               STATUS_OK;
    return !stopped;
}

void mailbox_stop(struct mailbox *mailbox)
{
    for (size_t i = 0; i < MAILBOXES_MAX; i++)
        if (open_mailboxes[i] == mailbox)
            open_mailboxes[i] = NULL;
    pthread_mutex_lock(&mailbox->lock);
    mailbox->stopped = true;
    pthread_cond_broadcast(&mailbox->room);
    pthread_mutex_unlock(&mailbox->lock);
}

void mailbox_destroy(struct mailbox *mailbox)
{
    pthread_cond_destroy(&mailbox->room);
    pthread_mutex_destroy(&mailbox->lock);
    bytes_wipe(mailbox, sizeof *mailbox);
    free(mailbox);
}
