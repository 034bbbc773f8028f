#include "drivers/contact_reader/ccid/ccid.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "drivers/contact_reader/ccid/ccid_internal.h"

#define LOOK_PERIOD_MS 300    /* while a card is wanted, of a reader without notices */
#define LOOK_SELDOM_MS 1000   /* of one with: a lost notice must not hold up a visit */
#define ALIVE_PERIOD_MS 30000 /* while nobody wants a card */
#define BACKOFF_MS_MIN 1000
#define BACKOFF_MS_MAX 30000
#define NO_SLOT (-1)

static int64_t now_ms(void)
{
    return clock_now_ms(&clock_system);
}

/* ---- events ---- */

static void deliver(void *owner, const void *event)
{
    struct ccid *ccid = owner;
    ccid->listener(ccid->context, event);
}

static void post(struct ccid *ccid, enum contact_reader_event_kind kind)
{
    const struct contact_reader_event event = { .kind = kind, .status = ccid->status };
    mailbox_put(ccid->mailbox, &event);
}

static void post_reading(struct ccid *ccid, const struct ccid_reading *reading)
{
    struct contact_reader_event event = { .kind = CONTACT_READER_EVENT_UNREADABLE,
                                          .status = ccid->status,
                                          .reason = reading->reason };
    if (reading->is_read) {
        event.kind = CONTACT_READER_EVENT_CARD_READ;
        event.card = reading->card;
    } else {
        log_info("contact_reader", "unreadable", "%s", contact_reader_reason_name(event.reason));
    }
    mailbox_put(ccid->mailbox, &event);
    bytes_wipe(&event, sizeof event);
}

static void set_state(struct ccid *ccid, enum device_state state, uint32_t problems)
{
    if (ccid->status.state == state && ccid->status.problems == problems)
        return;
    ccid->status.state = state;
    ccid->status.problems = problems;
    log_info("contact_reader", "state", "%s, problems %#x", device_state_name(state), problems);
    post(ccid, CONTACT_READER_EVENT_STATUS);
}

/* ---- start ---- */

/* NO_SLOT where the option is not given. */
static enum status choose_slot(const struct ccid *ccid, const char *option, int fallback,
                               int *slot_out)
{
    long slot = device_option_number(&ccid->match, option, fallback);
    if (slot < NO_SLOT || slot >= ccid->link.descriptor.slot_count) {
        log_error("contact_reader", "no_such_slot", "%s=%ld, the reader has %d", option, slot,
                  ccid->link.descriptor.slot_count);
        return STATUS_UNSUPPORTED;
    }
    *slot_out = (int)slot;
    return STATUS_OK;
}

/* A module in the SAM slot stays under power: it is the kiosk's own. */
static void start_sam(struct ccid *ccid, int slot)
{
    ccid->has_sam = false;
    if (slot == NO_SLOT)
        return;
    ccid_slot_init(&ccid->sam, &ccid->link, slot);
    enum status status = ccid_slot_power_on(&ccid->sam);
    ccid->has_sam = status == STATUS_OK;
    if (!ccid->has_sam)
        log_warning("contact_reader", "no_sam", "slot %d: %s", slot, status_name(status));
}

static void take_identity(struct ccid *ccid)
{
    const struct usb_identity *identity = usb_port_identity(ccid->port);
    text_format(ccid->status.model, sizeof ccid->status.model, "%04x:%04x %s", identity->vid,
                identity->pid, identity->product);
    text_copy(ccid->status.serial, sizeof ccid->status.serial, identity->serial);
}

/* *sam_out: whether there is a SAM slot and its module does not answer. */
static enum status start_reader(struct ccid *ccid, bool *sam_out)
{
    const struct usb_identity *identity = usb_port_identity(ccid->port);
    int card = 0, sam = NO_SLOT;
    take_identity(ccid);
    ccid->link = (struct ccid_link){ .port = ccid->port };
    enum status status = ccid_parse_descriptor(
        identity->class_descriptor, identity->class_descriptor_size, &ccid->link.descriptor);
    if (status == STATUS_OK && ccid->link.descriptor.level == CCID_LEVEL_CHARACTER)
        status = STATUS_UNSUPPORTED;
    if (status != STATUS_OK || identity->in_count == 0) {
        log_error("contact_reader", "descriptor", "not a reader we can talk to");
        return STATUS_UNSUPPORTED;
    }
    status = choose_slot(ccid, "slot", 0, &card);
    if (status == STATUS_OK)
        status = choose_slot(ccid, "sam", NO_SLOT, &sam);
    if (status != STATUS_OK)
        return status;
    ccid_slot_init(&ccid->card, &ccid->link, card);
    bool present = false;
    status = ccid_slot_look(&ccid->card, &present);
    if (status == STATUS_OK)
        start_sam(ccid, sam);
    *sam_out = sam != NO_SLOT && !ccid->has_sam;
    return status;
}

/* ---- cards ---- */

static void forget_card(struct ccid *ccid)
{
    ccid->card_is_done = false;
}

static enum status on_card(struct ccid *ccid)
{
    if (ccid->card_is_done)
        return STATUS_OK;
    post(ccid, CONTACT_READER_EVENT_CARD_SEEN);
    struct ccid_reading reading;
    enum status status = ccid_read_card(ccid, &reading);
    if (status == STATUS_OK && (reading.is_read || reading.is_refused)) {
        post_reading(ccid, &reading);
        ccid->card_is_done = true;
    }
    bytes_wipe(&reading, sizeof reading);
    return status;
}

static enum status look_for_card(struct ccid *ccid)
{
    bool present = false;
    enum status status = ccid_slot_look(&ccid->card, &present);
    if (status != STATUS_OK)
        return status;
    if (present)
        return on_card(ccid);
    if (ccid->card_is_done)
        post(ccid, CONTACT_READER_EVENT_CARD_GONE);
    forget_card(ccid);
    return STATUS_OK;
}

/* ---- the thread ---- */

struct orders {
    bool closing, wanted, fresh;
};

static struct orders take_orders(struct ccid *ccid)
{
    pthread_mutex_lock(&ccid->lock);
    struct orders orders = { ccid->closing, ccid->wanted, ccid->fresh };
    ccid->fresh = false;
    pthread_mutex_unlock(&ccid->lock);
    return orders;
}

bool ccid_is_wanted(struct ccid *ccid)
{
    pthread_mutex_lock(&ccid->lock);
    bool wanted = ccid->wanted && !ccid->closing;
    pthread_mutex_unlock(&ccid->lock);
    return wanted;
}

static int64_t pause_ms(const struct ccid *ccid, bool wanted)
{
    bool has_notices = usb_port_identity(ccid->port)->interrupt_in >= 0;
    if (wanted)
        return has_notices ? LOOK_SELDOM_MS : LOOK_PERIOD_MS;
    int64_t left_ms = ccid->alive_at_ms - now_ms();
    return left_ms > 0 ? left_ms : 0;
}

/* Whether it is there and answers; a card is nobody's business now. */
static enum status check_alive(struct ccid *ccid)
{
    bool present = false;
    return ccid_slot_look(&ccid->card, &present);
}

/* Returns why serving ended: STATUS_DISCONNECTED, STATUS_CANCELLED or a fault. */
static enum status serve(struct ccid *ccid)
{
    ccid->alive_at_ms = now_ms() + ALIVE_PERIOD_MS;
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        struct orders orders = take_orders(ccid);
        if (orders.closing)
            return STATUS_CANCELLED;
        if (usb_port_is_gone(ccid->port))
            return STATUS_DISCONNECTED;
        ccid_link_take_notices(&ccid->link);
        if (!orders.wanted || orders.fresh)
            forget_card(ccid);
        if (orders.wanted || now_ms() >= ccid->alive_at_ms) {
            status = orders.wanted ? look_for_card(ccid) : check_alive(ccid);
            ccid->alive_at_ms = now_ms() + ALIVE_PERIOD_MS;
        }
        if (status == STATUS_OK)
            usb_port_wait(ccid->port, pause_ms(ccid, orders.wanted));
    }
    return status;
}

static enum status run_once(struct ccid *ccid)
{
    enum status status = usb_port_connect(ccid->port);
    if (status != STATUS_OK)
        return status;
    bool lacks_sam = false;
    set_state(ccid, DEVICE_STARTING, 0);
    status = start_reader(ccid, &lacks_sam);
    if (status == STATUS_OK) {
        set_state(ccid, lacks_sam ? DEVICE_DEGRADED : DEVICE_READY,
                  lacks_sam ? DEVICE_PROBLEM_AUTHORISATION : 0);
        ccid->backoff_ms = BACKOFF_MS_MIN;
        status = serve(ccid);
    }
    if (usb_port_is_gone(ccid->port) && status != STATUS_CANCELLED)
        status = STATUS_DISCONNECTED;
    usb_port_disconnect(ccid->port);
    forget_card(ccid);
    return status;
}

static void wait_for_next_run(struct ccid *ccid, enum status status)
{
    if (status == STATUS_NOT_FOUND || status == STATUS_DISCONNECTED) {
        set_state(ccid, DEVICE_ABSENT, 0);
        usb_port_wait(ccid->port, USB_FOREVER);
        return;
    }
    log_warning("contact_reader", "fault", "%s", status_name(status));
    set_state(ccid, DEVICE_FAULT,
              status == STATUS_UNSUPPORTED ? DEVICE_PROBLEM_UNSUPPORTED
                                           : DEVICE_PROBLEM_COMMUNICATION);
    usb_port_wait(ccid->port, ccid->backoff_ms);
    ccid->backoff_ms =
        ccid->backoff_ms * 2 < BACKOFF_MS_MAX ? ccid->backoff_ms * 2 : BACKOFF_MS_MAX;
}

static bool is_closing(struct ccid *ccid)
{
    pthread_mutex_lock(&ccid->lock);
    bool closing = ccid->closing;
    pthread_mutex_unlock(&ccid->lock);
    return closing;
}

static void *run(void *argument)
{
    struct ccid *ccid = argument;
    post(ccid, CONTACT_READER_EVENT_STATUS);
    while (!is_closing(ccid)) {
        enum status status = run_once(ccid);
        if (!is_closing(ccid))
            wait_for_next_run(ccid, status);
    }
    return NULL;
}

/* ---- the class ---- */

static void set_reading(struct contact_reader *reader, bool wanted)
{
    struct ccid *ccid = (struct ccid *)reader;
    pthread_mutex_lock(&ccid->lock);
    ccid->fresh |= wanted && !ccid->wanted;
    ccid->wanted = wanted;
    pthread_mutex_unlock(&ccid->lock);
    usb_port_wake(ccid->port);
}

static void release(struct ccid *ccid)
{
    if (ccid->port != NULL)
        usb_port_close(ccid->port);
    if (ccid->mailbox != NULL) {
        mailbox_stop(ccid->mailbox);
        mailbox_destroy(ccid->mailbox);
    }
    pthread_mutex_destroy(&ccid->lock);
    bytes_wipe(ccid, sizeof *ccid);
    free(ccid);
}

static void close_reader(struct contact_reader *reader)
{
    struct ccid *ccid = (struct ccid *)reader;
    pthread_mutex_lock(&ccid->lock);
    ccid->closing = true;
    pthread_mutex_unlock(&ccid->lock);
    mailbox_stop(ccid->mailbox);
    usb_port_cancel(ccid->port);
    pthread_join(ccid->thread, NULL);
    release(ccid);
}

static const struct contact_reader_ops OPS = {
    .set_reading = set_reading,
    .close = close_reader,
};

struct contact_reader *ccid_open(const struct device_match *match, struct queue *queue,
                                 struct card_authority *authority,
                                 contact_reader_listener *listener, void *context)
{
    static const struct usb_wish WISH = { .interface_class = -1,
                                          .preferred_protocol = -1,
                                          .interrupt = true };
    struct ccid *ccid = calloc(1, sizeof *ccid);
    if (ccid == NULL)
        return NULL;
    CHECK(pthread_mutex_init(&ccid->lock, NULL) == 0);
    ccid->reader.ops = &OPS;
    ccid->listener = listener;
    ccid->context = context;
    ccid->authority = authority;
    ccid->match = *match;
    ccid->backoff_ms = BACKOFF_MS_MIN;
    ccid->port = usb_port_open(match, &WISH);
    ccid->mailbox = mailbox_open(queue, sizeof(struct contact_reader_event), deliver, ccid);
    if (ccid->port != NULL && ccid->mailbox != NULL &&
        pthread_create(&ccid->thread, NULL, run, ccid) == 0)
        return &ccid->reader;
    release(ccid);
    return NULL;
}
