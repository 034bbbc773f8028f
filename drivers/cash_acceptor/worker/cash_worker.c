#include "drivers/cash_acceptor/worker/cash_worker.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"

#define CLOSE_PATIENCE_MS 400
#define BACKOFF_MS_MAX 30000

/* ---- from the thread ---- */

struct cash_orders cash_worker_orders(struct cash_worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    struct cash_orders orders = worker->orders;
    pthread_mutex_unlock(&worker->lock);
    return orders;
}

uint32_t cash_worker_number(struct cash_worker *worker)
{
    return ++worker->last_number;
}

struct cash_message cash_worker_message(const struct cash_worker *worker, enum cash_event_kind kind)
{
    struct cash_message message = { .event = { .kind = kind,
                                               .status = worker->status,
                                               .channel_count = worker->channel_count,
                                               .counters = worker->counters } };
    memcpy(message.event.channel_value_fen, worker->channel_value_fen,
           sizeof worker->channel_value_fen);
    return message;
}

void cash_worker_put(struct cash_worker *worker, const struct cash_message *message)
{
    mailbox_put(worker->mailbox, message);
}

void cash_worker_post(struct cash_worker *worker, enum cash_event_kind kind)
{
    struct cash_message message = cash_worker_message(worker, kind);
    cash_worker_put(worker, &message);
}

void cash_worker_set_state(struct cash_worker *worker, enum device_state state, uint32_t problems)
{
    if (worker->status.state == state && worker->status.problems == problems)
        return;
    worker->status.state = state;
    worker->status.problems = problems;
    log_info("cash_acceptor", "state", "%s, problems %#x", device_state_name(state), problems);
    cash_worker_post(worker, CASH_EVENT_STATUS);
}

uint16_t cash_worker_wanted(const struct cash_worker *worker, const struct cash_orders *orders)
{
    uint16_t mask = 0;
    for (int channel = 0; channel < worker->channel_count; channel++)
        for (int i = 0; i < orders->value_count; i++)
            if (worker->channel_value_fen[channel] != 0 &&
                worker->channel_value_fen[channel] == orders->values_fen[i])
                mask = (uint16_t)(mask | 1u << channel);
    return mask;
}

/* ---- the thread ---- */

static uint32_t problem_of(enum status status)
{
    if (status == STATUS_UNSUPPORTED)
        return DEVICE_PROBLEM_UNSUPPORTED;
    return status == STATUS_DENIED ? DEVICE_PROBLEM_AUTHORISATION : DEVICE_PROBLEM_COMMUNICATION;
}

static void wait_for_next_run(struct cash_worker *worker, enum status status)
{
    if (status == STATUS_NOT_FOUND || status == STATUS_DISCONNECTED) {
        cash_worker_set_state(worker, DEVICE_ABSENT, 0);
        usb_port_wait(worker->port, USB_FOREVER);
        return;
    }
    log_warning("cash_acceptor", "fault", "%s", status_name(status));
    cash_worker_set_state(worker, DEVICE_FAULT, problem_of(status));
    usb_port_wait(worker->port, worker->backoff_ms);
    worker->backoff_ms =
        worker->backoff_ms * 2 < BACKOFF_MS_MAX ? worker->backoff_ms * 2 : BACKOFF_MS_MAX;
}

static void *run(void *argument)
{
    struct cash_worker *worker = argument;
    cash_worker_post(worker, CASH_EVENT_STATUS);
    enum status status = worker->run_once(worker);
    while (!cash_worker_orders(worker).closing) {
        wait_for_next_run(worker, status);
        status = worker->run_once(worker);
    }
    pthread_mutex_lock(&worker->lock);
    worker->has_ended = true;
    pthread_cond_signal(&worker->ended);
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

/* ---- the class; main loop ---- */

static void deliver(void *owner, const void *event)
{
    struct cash_worker *worker = owner;
    const struct cash_message *message = event;
    if (message->note != 0)
        worker->heard_note = message->note;
    if (message->wait != 0 && worker->heard_count < CASH_WAITS_MAX)
        worker->heard_wait[worker->heard_count++] = message->wait;
    worker->listener(worker->context, &message->event);
}

static void enable(struct cash_acceptor *acceptor, const int64_t *values_fen, int count)
{
    struct cash_worker *worker = (struct cash_worker *)acceptor;
    CHECK(count >= 0 && count <= CASH_CHANNELS_MAX);
    pthread_mutex_lock(&worker->lock);
    worker->orders.enabled = true;
    worker->orders.value_count = count;
    memcpy(worker->orders.values_fen, values_fen, (size_t)count * sizeof *values_fen);
    pthread_mutex_unlock(&worker->lock);
    usb_port_wake(worker->port);
}

static void disable(struct cash_acceptor *acceptor)
{
    struct cash_worker *worker = (struct cash_worker *)acceptor;
    pthread_mutex_lock(&worker->lock);
    worker->orders.enabled = false;
    pthread_mutex_unlock(&worker->lock);
    usb_port_wake(worker->port);
}

static void stack(struct cash_acceptor *acceptor)
{
    struct cash_worker *worker = (struct cash_worker *)acceptor;
    pthread_mutex_lock(&worker->lock);
    worker->orders.stack_note = worker->heard_note;
    pthread_mutex_unlock(&worker->lock);
    usb_port_wake(worker->port);
}

static void return_note(struct cash_acceptor *acceptor)
{
    struct cash_worker *worker = (struct cash_worker *)acceptor;
    pthread_mutex_lock(&worker->lock);
    worker->orders.return_note = worker->heard_note;
    pthread_mutex_unlock(&worker->lock);
    usb_port_wake(worker->port);
}

static void acknowledge(struct cash_acceptor *acceptor)
{
    struct cash_worker *worker = (struct cash_worker *)acceptor;
    if (worker->heard_count == 0)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->orders.acknowledged = worker->heard_wait[0];
    pthread_mutex_unlock(&worker->lock);
    worker->heard_count--;
    memmove(worker->heard_wait, worker->heard_wait + 1,
            (size_t)worker->heard_count * sizeof worker->heard_wait[0]);
    usb_port_wake(worker->port);
}

static void release(struct cash_worker *worker)
{
    if (worker->port != NULL)
        usb_port_close(worker->port);
    if (worker->mailbox != NULL) {
        mailbox_stop(worker->mailbox);
        mailbox_destroy(worker->mailbox);
    }
    pthread_cond_destroy(&worker->ended);
    pthread_mutex_destroy(&worker->lock);
    bytes_wipe(worker, worker->size);
    free(worker);
}

static bool wait_for_end(struct cash_worker *worker)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += CLOSE_PATIENCE_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&worker->lock);
    int error = 0;
    while (!worker->has_ended && error == 0)
        error = pthread_cond_timedwait(&worker->ended, &worker->lock, &until);
    bool ended = worker->has_ended;
    pthread_mutex_unlock(&worker->lock);
    return ended;
}

static void close_acceptor(struct cash_acceptor *acceptor)
{
    struct cash_worker *worker = (struct cash_worker *)acceptor;
    pthread_mutex_lock(&worker->lock);
    worker->orders.closing = true;
    pthread_mutex_unlock(&worker->lock);
    mailbox_stop(worker->mailbox);
    usb_port_wake(worker->port);
    /* A living device answers within milliseconds; only a silent one is interrupted. */
    if (!wait_for_end(worker))
        usb_port_cancel(worker->port);
    pthread_join(worker->thread, NULL);
    release(worker);
}

static const struct cash_acceptor_ops OPS = {
    .enable = enable,
    .disable = disable,
    .stack = stack,
    .return_note = return_note,
    .acknowledge = acknowledge,
    .close = close_acceptor,
};

static void init_lock(struct cash_worker *worker)
{
    pthread_condattr_t monotonic;
    CHECK(pthread_condattr_init(&monotonic) == 0);
    CHECK(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&worker->ended, &monotonic) == 0);
    CHECK(pthread_mutex_init(&worker->lock, NULL) == 0);
    pthread_condattr_destroy(&monotonic);
}

struct cash_acceptor *cash_worker_open(struct cash_worker *worker, size_t size,
                                       const struct device_match *match,
                                       const struct usb_wish *wish, cash_worker_run *run_once,
                                       struct queue *queue, cash_acceptor_listener *listener,
                                       void *context)
{
    init_lock(worker);
    worker->acceptor.ops = &OPS;
    worker->run_once = run_once;
    worker->size = size;
    worker->listener = listener;
    worker->context = context;
    worker->backoff_ms = CASH_BACKOFF_MS_MIN;
    worker->port = usb_port_open(match, wish);
    worker->mailbox = mailbox_open(queue, sizeof(struct cash_message), deliver, worker);
    if (worker->port != NULL && worker->mailbox != NULL &&
        pthread_create(&worker->thread, NULL, run, worker) == 0)
        return &worker->acceptor;
    release(worker);
    return NULL;
}
