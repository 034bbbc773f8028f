#include "drivers/id_reader/sam/sam.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "drivers/id_reader/sam/sam_reasons.h"
#include "drivers/id_reader/sam/sam_wire.h"
#include "drivers/mailbox.h"
#include "drivers/usb/usb.h"

#define FIND_PERIOD_MS 300    /* kiosks poll at 100–300 ms */
#define ALIVE_PERIOD_MS 30000 /* while nobody wants a card */
#define QUICK_TIMEOUT_MS 1000 /* find, select, status: 100–300 ms seen */
#define READ_TIMEOUT_MS 3000  /* text and photograph: 2000 ms is usual */
#define WRITE_TIMEOUT_MS 1000
#define EXCHANGE_TRIES 3
#define START_TRIES 3 /* the first answer after power-up can be wrong */
#define READ_TRIES 3
#define LATE_REPLY_MS 5000 /* a reply nobody waits for any more may still come this long */
#define GONE_FINDS 2 /* "no card" this often in a row, on a reader that does see a read card */
#define BACKOFF_MS_MIN 1000
#define BACKOFF_MS_MAX 30000

enum card_state {
    CARD_NONE,
    CARD_READ,    /* reported; waits for its removal */
    CARD_REFUSED, /* reported as unreadable; waits for its removal */
};

struct sam {
    struct id_reader reader; /* first: the class */
    struct usb_port *port;
    struct mailbox *mailbox;
    id_reader_listener *listener;
    void *context;
    pthread_t thread;

    pthread_mutex_t lock;
    bool closing, wanted; /* guarded by lock */
    bool fresh;           /* guarded by lock: reading was just asked for */

    /* The thread's own from here on. */
    struct device_status status;
    bool split_frames; /* layout A: header and body on pipes of their own */
    int64_t backoff_ms;
    int64_t alive_at_ms;
    int64_t late_until_ms; /* until then a reply that came too late may still arrive */
    enum card_state card;
    bool seen_after_reading; /* this reader still finds a card it has read */
    int misses;              /* "no card" in a row */
    int64_t missing_since_ms;
    char last_number[sizeof((struct identity_card *)0)->number];
    uint8_t frame[SAM_HEADER_SIZE + SAM_LENGTH_MAX];
};

static int64_t now_ms(void)
{
    return clock_now_ms(&clock_system);
}

/* ---- events ---- */

static void deliver(void *owner, const void *event)
{
    struct sam *sam = owner;
    sam->listener(sam->context, event);
}

static void post(struct sam *sam, enum id_reader_event_kind kind)
{
    struct id_reader_event event = { .kind = kind, .status = sam->status };
    mailbox_put(sam->mailbox, &event);
}

static void post_unreadable(struct sam *sam, enum id_reader_reason reason)
{
    struct id_reader_event event = { .kind = ID_READER_EVENT_UNREADABLE,
                                     .status = sam->status,
                                     .reason = reason };
    log_info("id_reader", "unreadable", "reason %d", (int)reason);
    mailbox_put(sam->mailbox, &event);
}

static void set_state(struct sam *sam, enum device_state state, uint32_t problems)
{
    if (sam->status.state == state && sam->status.problems == problems)
        return;
    sam->status.state = state;
    sam->status.problems = problems;
    log_info("id_reader", "state", "%s, problems %#x", device_state_name(state), problems);
    post(sam, ID_READER_EVENT_STATUS);
}

/* ---- exchange ---- */

static enum status send_request(struct sam *sam, enum sam_command command)
{
    uint8_t request[SAM_REQUEST_SIZE];
    size_t written = 0;
    sam_build_request(command, request);
    if (!sam->split_frames)
        return usb_port_write(sam->port, 0, request, sizeof request, WRITE_TIMEOUT_MS, &written);
    enum status status =
        usb_port_write(sam->port, 0, request, SAM_HEADER_SIZE, WRITE_TIMEOUT_MS, &written);
    if (status != STATUS_OK)
        return status;
    return usb_port_write(sam->port, 1, request + SAM_HEADER_SIZE, SAM_REQUEST_BODY_SIZE,
                          WRITE_TIMEOUT_MS, &written);
}

static enum status receive_reply(struct sam *sam, int timeout_ms, struct sam_reply *reply)
{
    size_t length = 0;
    enum status status = usb_port_read_all(sam->port, 0, sam->frame, SAM_HEADER_SIZE, timeout_ms);
    if (status == STATUS_OK)
        status = sam_parse_header(sam->frame, &length);
    if (status != STATUS_OK)
        return status;
    uint8_t *body = sam->frame + SAM_HEADER_SIZE;
    status = usb_port_read_all(sam->port, sam->split_frames ? 1 : 0, body, length, timeout_ms);
    return status == STATUS_OK ? sam_parse_body(body, length, reply) : status;
}

static enum status ask_once(struct sam *sam, enum sam_command command, int timeout_ms,
                            struct sam_reply *reply)
{
    usb_port_flush(sam->port);
    enum status status = send_request(sam, command);
    if (status == STATUS_OK)
        status = receive_reply(sam, timeout_ms, reply);
    if (status == STATUS_OK && reply->result == SAM_RESULT_LINE_ERROR)
        status = STATUS_PROTOCOL;
    if (status != STATUS_OK)
        sam->late_until_ms = now_ms() + LATE_REPLY_MS;
    if (sam_is_worth_repeating(status))
        log_warning("id_reader", "bad_exchange", "command %04x: %s", (unsigned)command,
                    status_name(status));
    return status;
}

/* Repeats on silence and on rubbish. */
static enum status ask(struct sam *sam, enum sam_command command, int timeout_ms,
                       struct sam_reply *reply)
{
    enum status status = STATUS_PROTOCOL;
    for (int i = 0; i < EXCHANGE_TRIES && sam_is_worth_repeating(status); i++)
        status = ask_once(sam, command, timeout_ms, reply);
    return status;
}

/* ---- start ---- */

/* The reader's own health. STATUS_CORRUPT: its self-test failed; STATUS_DENIED: not authorised. */
static enum status check_module(struct sam *sam)
{
    struct sam_reply reply;
    enum status status = ask(sam, SAM_COMMAND_STATUS, QUICK_TIMEOUT_MS, &reply);
    if (status != STATUS_OK)
        return status;
    if (reply.result == SAM_RESULT_OK)
        return STATUS_OK;
    log_error("id_reader", "module", "status %02x", reply.sw[2]);
    if (reply.result == SAM_RESULT_SELF_TEST)
        return STATUS_CORRUPT;
    return reply.result == SAM_RESULT_UNAUTHORISED ? STATUS_DENIED : STATUS_PROTOCOL;
}

static enum status identify(struct sam *sam)
{
    enum status status = STATUS_PROTOCOL;
    for (int i = 0; i < START_TRIES && status == STATUS_PROTOCOL; i++) {
        struct sam_reply reply;
        char serial[SAM_SERIAL_SIZE];
        status = ask(sam, SAM_COMMAND_IDENTIFY, QUICK_TIMEOUT_MS, &reply);
        if (status == STATUS_OK)
            status = sam_format_serial(reply.data, reply.size, serial);
        if (status == STATUS_OK)
            text_copy(sam->status.serial, sizeof sam->status.serial, serial);
    }
    return status;
}

/* The same VID:PID exists with two framings; only the endpoints tell them apart. */
static enum status choose_framing(struct sam *sam)
{
    const struct usb_identity *identity = usb_port_identity(sam->port);
    sam->split_frames = identity->in_count == 2 && identity->out_count == 2;
    if (!sam->split_frames && (identity->in_count != 1 || identity->out_count != 1)) {
        log_error("id_reader", "endpoints", "%d in, %d out: no framing known", identity->in_count,
                  identity->out_count);
        return STATUS_UNSUPPORTED;
    }
    text_format(sam->status.model, sizeof sam->status.model, "%04x:%04x %s", identity->vid,
                identity->pid, identity->product);
    return STATUS_OK;
}

static enum status start_module(struct sam *sam)
{
    enum status status = choose_framing(sam);
    if (status == STATUS_OK)
        status = check_module(sam);
    if (status == STATUS_OK)
        status = identify(sam);
    return status;
}

/* ---- cards ---- */

static void forget_card(struct sam *sam)
{
    sam->card = CARD_NONE;
    sam->misses = 0;
    bytes_wipe(sam->last_number, sizeof sam->last_number);
}

/* How one try at reading went. */
enum attempt {
    ATTEMPT_READ,
    ATTEMPT_AGAIN,   /* .reason if it was the last try */
    ATTEMPT_REFUSED, /* .reason; trying again would not help */
};

struct reading {
    enum attempt attempt;
    enum id_reader_reason reason;
    struct identity_card card;
};

static void judge_result(struct reading *reading, enum sam_result result)
{
    reading->reason = sam_reason_of(result);
    reading->attempt = result == SAM_RESULT_WRONG_CARD ? ATTEMPT_REFUSED : ATTEMPT_AGAIN;
}

static void judge_content(struct reading *reading, enum status parsed)
{
    reading->reason = parsed == STATUS_UNSUPPORTED ? ID_READER_WRONG_CARD : ID_READER_GARBLED;
    reading->attempt = parsed == STATUS_OK            ? ATTEMPT_READ
                       : parsed == STATUS_UNSUPPORTED ? ATTEMPT_REFUSED
                                                      : ATTEMPT_AGAIN;
}

/* Cards issued before a move carry the new address apart; most cards have none (91). */
static bool is_wanted(struct sam *sam)
{
    pthread_mutex_lock(&sam->lock);
    const bool wanted = sam->wanted;
    pthread_mutex_unlock(&sam->lock);
    return wanted;
}

/* Not asked again once nobody waits for the card: what was read of it lies on this stack. */
static enum status read_newest_address(struct sam *sam, struct identity_card *card)
{
    struct sam_reply reply;
    enum status status = STATUS_PROTOCOL;
    for (int i = 0; i < EXCHANGE_TRIES && sam_is_worth_repeating(status) && is_wanted(sam); i++)
        status = ask_once(sam, SAM_COMMAND_READ_ADDRESS, READ_TIMEOUT_MS, &reply);
    if (status != STATUS_OK || reply.result != SAM_RESULT_OK)
        return status;
    if (sam_parse_address(reply.data, reply.size, card) != STATUS_OK)
        log_warning("id_reader", "address_garbled", "%zu bytes", reply.size);
    return STATUS_OK;
}

static enum status read_selected(struct sam *sam, struct reading *reading)
{
    struct sam_reply reply;
    /* Not repeated by itself: after a read the card must be found and selected again. */
    enum status status = ask_once(sam, SAM_COMMAND_READ, READ_TIMEOUT_MS, &reply);
    if (sam_is_worth_repeating(status)) {
        reading->attempt = ATTEMPT_AGAIN;
        reading->reason = ID_READER_GARBLED;
        status = STATUS_OK;
    } else if (status == STATUS_OK && reply.result != SAM_RESULT_OK) {
        judge_result(reading, reply.result);
    } else if (status == STATUS_OK) {
        judge_content(reading, sam_parse_card(reply.data, reply.size, &reading->card));
    }
    /* The photograph goes unread. */
    bytes_wipe(sam->frame, sizeof sam->frame);
    if (status == STATUS_OK && reading->attempt == ATTEMPT_READ)
        status = read_newest_address(sam, &reading->card);
    bytes_wipe(sam->frame, sizeof sam->frame);
    return status;
}

static enum status select_and_read(struct sam *sam, struct reading *reading)
{
    struct sam_reply reply;
    enum status status = ask(sam, SAM_COMMAND_SELECT, QUICK_TIMEOUT_MS, &reply);
    if (status != STATUS_OK)
        return status;
    if (reply.result == SAM_RESULT_OK)
        return read_selected(sam, reading);
    judge_result(reading, reply.result);
    return STATUS_OK;
}

/* Find and select must precede every read, so a new try begins with find. */
static enum status read_card(struct sam *sam, struct reading *reading)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < READ_TRIES; i++) {
        struct sam_reply reply;
        if (i > 0) {
            if (!is_wanted(sam))
                return STATUS_OK;
            status = ask(sam, SAM_COMMAND_FIND, QUICK_TIMEOUT_MS, &reply);
            if (status != STATUS_OK)
                return status;
            /* Lifted, or a reader that shows a card once only: the reason so far stands. */
            if (reply.result != SAM_RESULT_OK)
                return STATUS_OK;
        }
        status = select_and_read(sam, reading);
        if (status != STATUS_OK || reading->attempt != ATTEMPT_AGAIN)
            return status;
    }
    return status;
}

static void report_card(struct sam *sam, const struct identity_card *card)
{
    bool same = strcmp(sam->last_number, card->number) == 0;
    sam->card = CARD_READ;
    sam->seen_after_reading = false;
    sam->misses = 0;
    if (same)
        return;
    memcpy(sam->last_number, card->number, sizeof sam->last_number);
    struct id_reader_event event = { .kind = ID_READER_EVENT_CARD_READ,
                                     .status = sam->status,
                                     .card = *card };
    mailbox_put(sam->mailbox, &event);
    bytes_wipe(&event, sizeof event);
}

static enum status on_card_found(struct sam *sam)
{
    if (sam->card != CARD_NONE && sam->misses == 0) {
        sam->seen_after_reading = true;
        return STATUS_OK;
    }
    if (sam->last_number[0] == '\0')
        post(sam, ID_READER_EVENT_CARD_SEEN);
    struct reading reading = { .attempt = ATTEMPT_AGAIN, .reason = ID_READER_MOVED };
    enum status status = read_card(sam, &reading);
    if (status == STATUS_OK && reading.attempt == ATTEMPT_READ) {
        report_card(sam, &reading.card);
    } else if (status == STATUS_OK) {
        post_unreadable(sam, reading.reason);
        forget_card(sam);
        sam->card = CARD_REFUSED;
        sam->seen_after_reading = false;
    }
    bytes_wipe(&reading, sizeof reading);
    return status;
}

/*
 * "No card" after a reading has two meanings: taken away, or still there but already read. A reader
 * that has found its card again after reading it means the first; of others only time can tell.
 */
static bool is_gone(const struct sam *sam)
{
    if (sam->seen_after_reading)
        return sam->misses >= GONE_FINDS;
    return now_ms() - sam->missing_since_ms >= ID_READER_SAME_CARD_MS;
}

static void on_no_card(struct sam *sam)
{
    if (sam->card == CARD_NONE)
        return;
    if (sam->misses++ == 0)
        sam->missing_since_ms = now_ms();
    if (!is_gone(sam))
        return;
    forget_card(sam);
    post(sam, ID_READER_EVENT_CARD_GONE);
}

static enum status look_for_card(struct sam *sam)
{
    struct sam_reply reply;
    enum status status = ask(sam, SAM_COMMAND_FIND, QUICK_TIMEOUT_MS, &reply);
    if (status != STATUS_OK)
        return status;
    switch (reply.result) {
    case SAM_RESULT_OK:
        return on_card_found(sam);
    case SAM_RESULT_NO_CARD:
        on_no_card(sam);
        return STATUS_OK;
    case SAM_RESULT_SELF_TEST:
        return STATUS_CORRUPT;
    case SAM_RESULT_UNAUTHORISED:
        return STATUS_DENIED;
    case SAM_RESULT_WRONG_CARD:
        if (sam->card == CARD_NONE) {
            post_unreadable(sam, ID_READER_WRONG_CARD);
            sam->card = CARD_REFUSED;
        }
        return STATUS_OK;
    case SAM_RESULT_ABSENT_ITEM:
    case SAM_RESULT_CARD_MOVED:
    case SAM_RESULT_CARD_REFUSED:
        return STATUS_OK;
    case SAM_RESULT_LINE_ERROR:
    case SAM_RESULT_REQUEST_ERROR:
    case SAM_RESULT_UNKNOWN:
        break;
    }
    log_warning("id_reader", "find_refused", "status %02x", reply.sw[2]);
    return STATUS_PROTOCOL;
}

/* ---- the thread ---- */

struct orders {
    bool closing, wanted, fresh;
};

static struct orders take_orders(struct sam *sam)
{
    pthread_mutex_lock(&sam->lock);
    struct orders orders = { sam->closing, sam->wanted, sam->fresh };
    sam->fresh = false;
    pthread_mutex_unlock(&sam->lock);
    return orders;
}

/*
 * Nobody looks for the card's removal any more, and nothing of it is for keeping. A reply to a
 * reading that was given up may still arrive, with a whole card in it.
 */
static void forget_visitor(struct sam *sam)
{
    forget_card(sam);
    usb_port_flush(sam->port);
}

static int64_t pause_ms(const struct sam *sam, bool wanted)
{
    int64_t left_ms = sam->alive_at_ms - now_ms();
    if (wanted || (now_ms() < sam->late_until_ms && left_ms > FIND_PERIOD_MS))
        return FIND_PERIOD_MS;
    return left_ms > 0 ? left_ms : 0;
}

/* Returns why serving ended: STATUS_DISCONNECTED, STATUS_CANCELLED or a fault. */
static enum status serve(struct sam *sam)
{
    sam->alive_at_ms = now_ms() + ALIVE_PERIOD_MS;
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        struct orders orders = take_orders(sam);
        if (orders.closing)
            return STATUS_CANCELLED;
        if (usb_port_is_gone(sam->port))
            return STATUS_DISCONNECTED;
        if (!orders.wanted)
            forget_visitor(sam);
        else if (orders.fresh)
            forget_card(sam);
        if (orders.wanted) {
            status = look_for_card(sam);
            /* Also where the reply to an earlier reading was taken for the one to this question. */
            bytes_wipe(sam->frame, sizeof sam->frame);
            sam->alive_at_ms = now_ms() + ALIVE_PERIOD_MS;
        } else if (now_ms() >= sam->alive_at_ms) {
            status = check_module(sam);
            bytes_wipe(sam->frame, sizeof sam->frame);
            sam->alive_at_ms = now_ms() + ALIVE_PERIOD_MS;
        }
        if (status == STATUS_OK)
            usb_port_wait(sam->port, pause_ms(sam, orders.wanted));
    }
    return status;
}

static enum status run_once(struct sam *sam)
{
    enum status status = usb_port_connect(sam->port);
    if (status != STATUS_OK)
        return status;
    set_state(sam, DEVICE_STARTING, 0);
    status = start_module(sam);
    if (status == STATUS_OK) {
        set_state(sam, DEVICE_READY, 0);
        sam->backoff_ms = BACKOFF_MS_MIN;
        status = serve(sam);
    }
    if (usb_port_is_gone(sam->port) && status != STATUS_CANCELLED)
        status = STATUS_DISCONNECTED;
    usb_port_disconnect(sam->port);
    forget_card(sam);
    return status;
}

static void wait_for_next_run(struct sam *sam, enum status status)
{
    if (status == STATUS_NOT_FOUND || status == STATUS_DISCONNECTED) {
        set_state(sam, DEVICE_ABSENT, 0);
        usb_port_wait(sam->port, USB_FOREVER);
        return;
    }
    log_warning("id_reader", "fault", "%s", status_name(status));
    set_state(sam, DEVICE_FAULT, sam_problem_of(status));
    usb_port_wait(sam->port, sam->backoff_ms);
    sam->backoff_ms = sam->backoff_ms * 2 < BACKOFF_MS_MAX ? sam->backoff_ms * 2 : BACKOFF_MS_MAX;
}

static void *run(void *argument)
{
    struct sam *sam = argument;
    post(sam, ID_READER_EVENT_STATUS);
    for (;;) {
        enum status status = run_once(sam);
        pthread_mutex_lock(&sam->lock);
        bool closing = sam->closing;
        pthread_mutex_unlock(&sam->lock);
        if (closing)
            return NULL;
        wait_for_next_run(sam, status);
    }
}

/* ---- the class ---- */

static void set_reading(struct id_reader *reader, bool wanted)
{
    struct sam *sam = (struct sam *)reader;
    pthread_mutex_lock(&sam->lock);
    sam->fresh |= wanted && !sam->wanted;
    sam->wanted = wanted;
    pthread_mutex_unlock(&sam->lock);
    usb_port_wake(sam->port);
}

static void release(struct sam *sam)
{
    if (sam->port != NULL)
        usb_port_close(sam->port);
    if (sam->mailbox != NULL) {
        mailbox_stop(sam->mailbox);
        mailbox_destroy(sam->mailbox);
    }
    pthread_mutex_destroy(&sam->lock);
    bytes_wipe(sam, sizeof *sam);
    free(sam);
}

static void close_reader(struct id_reader *reader)
{
    struct sam *sam = (struct sam *)reader;
    pthread_mutex_lock(&sam->lock);
    sam->closing = true;
    pthread_mutex_unlock(&sam->lock);
    mailbox_stop(sam->mailbox);
    usb_port_cancel(sam->port);
    pthread_join(sam->thread, NULL);
    release(sam);
}

static const struct id_reader_ops OPS = {
    .set_reading = set_reading,
    .close = close_reader,
};

struct id_reader *sam_open(const struct device_match *match, struct queue *queue,
                           id_reader_listener *listener, void *context)
{
    static const struct usb_wish WISH = { .interface_class = -1, .preferred_protocol = -1 };
    struct sam *sam = calloc(1, sizeof *sam);
    if (sam == NULL)
        return NULL;
    CHECK(pthread_mutex_init(&sam->lock, NULL) == 0);
    sam->reader.ops = &OPS;
    sam->listener = listener;
    sam->context = context;
    sam->backoff_ms = BACKOFF_MS_MIN;
    sam->port = usb_port_open(match, &WISH);
    sam->mailbox = mailbox_open(queue, sizeof(struct id_reader_event), deliver, sam);
    if (sam->port != NULL && sam->mailbox != NULL &&
        pthread_create(&sam->thread, NULL, run, sam) == 0)
        return &sam->reader;
    release(sam);
    return NULL;
}
