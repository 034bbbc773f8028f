#include "drivers/cash_acceptor/ssp/ssp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "drivers/cash_acceptor/ssp/ssp_internal.h"

#define POLL_PERIOD_MS 200   /* 200–1000 by the manual */
#define HOLD_PERIOD_MS 1000  /* escrow times out after 5 s or 10 s, the manuals disagree */
#define IDLE_PERIOD_MS 20000 /* nobody wants notes: only a removed box is of interest */
#define FAULT_PERIOD_MS 1000
#define RESTARTS_MAX 3          /* starts in a row without one good poll */
#define FAREWELL_TIMEOUT_MS 100 /* three commands, and close may not take a second */

/* ---- start-up, in the order of the implementation guide ---- */

static enum status agree_version(struct ssp *ssp)
{
    struct ssp_answer answer;
    for (uint8_t version = SSP_VERSION_MAX; version >= SSP_VERSION_MIN; version--) {
        const uint8_t request[] = { SSP_HOST_PROTOCOL_VERSION, version };
        enum status status = ssp_link_ask(&ssp->link, request, sizeof request, &answer);
        if (status != STATUS_OK || answer.code == SSP_OK)
            return status;
    }
    log_error("cash_acceptor", "version", "the device refuses protocol %d", SSP_VERSION_MIN);
    return STATUS_UNSUPPORTED;
}

static enum status read_setup(struct ssp *ssp)
{
    struct ssp_answer answer;
    enum status status = ssp_link_command(&ssp->link, SSP_SETUP_REQUEST, &answer);
    if (status == STATUS_OK && answer.code == SSP_KEY_NOT_SET)
        return STATUS_BUSY;
    if (status == STATUS_OK && answer.code != SSP_OK)
        status = STATUS_PROTOCOL;
    if (status == STATUS_OK)
        status = ssp_parse_setup(answer.data, answer.size, ssp->currency, &ssp->setup);
    if (status != STATUS_OK)
        return status;
    text_format(ssp->worker.status.model, sizeof ssp->worker.status.model, "%s type %d firmware %s",
                usb_port_identity(ssp->worker.port)->product, ssp->setup.unit_type,
                ssp->setup.firmware);
    ssp->worker.channel_count = ssp->setup.channel_count;
    memcpy(ssp->worker.channel_value_fen, ssp->setup.value_fen, sizeof ssp->setup.value_fen);
    return STATUS_OK;
}

/* The USB side has no serial number; two units are told apart by this one. */
static enum status read_serial(struct ssp *ssp)
{
    struct ssp_answer answer;
    enum status status = ssp_link_command(&ssp->link, SSP_SERIAL_NUMBER, &answer);
    if (status == STATUS_OK && (answer.code != SSP_OK || answer.size != 4))
        status = STATUS_PROTOCOL;
    if (status != STATUS_OK)
        return status;
    char serial[DEVICE_SERIAL_SIZE];
    struct bytes_reader reader;
    bytes_reader_init(&reader, answer.data, answer.size);
    snprintf(serial, sizeof serial, "%u", bytes_read_u32be(&reader));
    if (ssp->worker.status.serial[0] != '\0' && strcmp(serial, ssp->worker.status.serial) != 0) {
        log_warning("cash_acceptor", "swapped", "another unit than before");
        ssp->swapped = true;
        ssp->pending_count = 0; /* they are with the other unit */
        ssp_forget_note(ssp);
    }
    text_copy(ssp->worker.status.serial, sizeof ssp->worker.status.serial, serial);
    return STATUS_OK;
}

static enum status tell_inhibits(struct ssp *ssp, uint16_t mask)
{
    struct ssp_answer answer;
    const uint8_t request[] = { SSP_SET_INHIBITS, (uint8_t)mask, (uint8_t)(mask >> 8) };
    enum status status = ssp_link_ask(&ssp->link, request, sizeof request, &answer);
    if (status == STATUS_OK && answer.code == SSP_KEY_NOT_SET)
        return STATUS_BUSY;
    if (status == STATUS_OK && answer.code != SSP_OK)
        return STATUS_PROTOCOL;
    if (status == STATUS_OK)
        status = ssp_link_command(&ssp->link, mask != 0 ? SSP_ENABLE : SSP_DISABLE, &answer);
    if (status == STATUS_OK)
        ssp->told_mask = mask;
    return status;
}

static enum status start_device(struct ssp *ssp)
{
    ssp->told_mask = 0;
    ssp->first_poll = true;
    ssp->inspection_due = false; /* all of it is read now */
    ssp->reading = false;
    ssp->poll_problems = 0;
    enum status status = ssp_link_sync(&ssp->link);
    if (status == STATUS_OK)
        status = ssp_return_leftover(ssp);
    if (status == STATUS_OK)
        status = ssp_link_agree_key(&ssp->link, ssp->fixed_key);
    if (status == STATUS_OK)
        status = agree_version(ssp);
    if (status == STATUS_OK)
        status = read_setup(ssp);
    if (status == STATUS_OK)
        status = read_serial(ssp);
    if (status == STATUS_OK)
        status = ssp_read_counters(ssp);
    if (status == STATUS_OK)
        status = tell_inhibits(ssp, 0);
    return status == STATUS_OK && !ssp_must_not_poll(ssp) ? ssp_poll(ssp) : status;
}

/* ---- serving ---- */

static uint16_t wanted_mask(const struct ssp *ssp, const struct cash_orders *orders)
{
    if (!orders->enabled || ssp->worker.status.state == DEVICE_FAULT || ssp->initialising ||
        ssp->note == NOTE_LOST)
        return 0;
    return cash_worker_wanted(&ssp->worker, orders);
}

/* While it takes nothing: what it is, what its channels are worth and what it has counted, for the
 * kiosk to set against its books. After any gap it may be another unit. */
static enum status inspect(struct ssp *ssp)
{
    char serial[DEVICE_SERIAL_SIZE];
    text_copy(serial, sizeof serial, ssp->worker.status.serial);
    ssp->inspection_due = false;
    enum status status = read_setup(ssp);
    if (status == STATUS_OK)
        status = read_serial(ssp);
    if (status == STATUS_OK && strcmp(serial, ssp->worker.status.serial) != 0)
        return STATUS_BUSY;
    if (status == STATUS_OK)
        status = ssp_read_counters(ssp);
    if (status != STATUS_OK)
        return status;
    ssp->worker.counters.is_final = ssp->worker.counters.known;
    cash_worker_post(&ssp->worker, CASH_EVENT_STATUS);
    return STATUS_OK;
}

/* Also after ten seconds of silence, when the device disables itself. */
static enum status apply_wanted(struct ssp *ssp, const struct cash_orders *orders)
{
    uint16_t mask = wanted_mask(ssp, orders);
    bool dropped = mask != 0 && ssp->says_disabled, begins = mask != 0 && ssp->told_mask == 0;
    ssp->says_disabled = false;
    if (mask == ssp->told_mask && !dropped)
        return STATUS_OK;
    ssp->inspection_due = mask == 0;
    enum status status = begins ? inspect(ssp) : STATUS_OK;
    return status == STATUS_OK ? tell_inhibits(ssp, mask) : status;
}

/* Accepting has ended, and the last poll told of nothing that moves or waits for its answer. */
static bool may_inspect(const struct ssp *ssp)
{
    return ssp->inspection_due && ssp->told_mask == 0 && ssp->note == NOTE_NONE && !ssp->moves &&
           !ssp->initialising && ssp->pending_count == 0 && ssp->poll_problems == 0;
}

static enum status serve_round(struct ssp *ssp, const struct cash_orders *orders)
{
    enum status status = STATUS_OK;
    if (ssp_note_is_overdue(ssp)) {
        log_warning("cash_acceptor", "note_overdue", "starting anew, note state %d", ssp->note);
        return STATUS_BUSY;
    }
    if (ssp_must_not_poll(ssp))
        status = ssp_serve_held_note(ssp, orders);
    if (status != STATUS_OK || ssp_must_not_poll(ssp))
        return status;
    status = ssp_acknowledge(ssp, orders->acknowledged);
    bool may_tell = ssp->note == NOTE_NONE || ssp->note == NOTE_LOST;
    if (status == STATUS_OK && may_tell && !ssp_is_reading(ssp))
        status = apply_wanted(ssp, orders);
    if (status == STATUS_OK)
        status = ssp_poll(ssp);
    return status == STATUS_OK && may_inspect(ssp) ? inspect(ssp) : status;
}

static int64_t pause_ms(const struct ssp *ssp, const struct cash_orders *orders)
{
    if (ssp_must_not_poll(ssp))
        return HOLD_PERIOD_MS;
    /* A fault that just ended: what the kiosk wanted all along is told at once. */
    if (wanted_mask(ssp, orders) != ssp->told_mask)
        return POLL_PERIOD_MS;
    bool jammed = ssp->note == NOTE_LOST && ssp->worker.status.state == DEVICE_FAULT;
    if (ssp->told_mask != 0 || (ssp->note != NOTE_NONE && !jammed) || ssp->pending_count > 0 ||
        ssp->initialising || (ssp->inspection_due && ssp->poll_problems == 0))
        return POLL_PERIOD_MS;
    return ssp->worker.status.state == DEVICE_FAULT ? FAULT_PERIOD_MS : IDLE_PERIOD_MS;
}

/* What must still be said when the kiosk stops: a last acknowledgement, a note to give back. */
static enum status leave(struct ssp *ssp, const struct cash_orders *orders)
{
    struct ssp_answer answer;
    ssp->link.timeout_ms = FAREWELL_TIMEOUT_MS;
    ssp->link.tries = 1;
    enum status status = STATUS_OK;
    if (ssp_must_not_poll(ssp))
        status = ssp_link_command(&ssp->link, SSP_REJECT, &answer);
    if (status == STATUS_OK)
        status = ssp_acknowledge(ssp, orders->acknowledged);
    if (status == STATUS_OK)
        status = ssp_link_command(&ssp->link, SSP_DISABLE, &answer);
    ssp->left = status == STATUS_OK;
    return STATUS_CANCELLED;
}

/* STATUS_BUSY: the device lost our session; start it again. */
static enum status serve(struct ssp *ssp)
{
    struct cash_orders orders = cash_worker_orders(&ssp->worker);
    for (;;) {
        usb_port_wait(ssp->worker.port, pause_ms(ssp, &orders));
        orders = cash_worker_orders(&ssp->worker);
        if (orders.closing)
            return leave(ssp, &orders);
        if (usb_port_is_gone(ssp->worker.port))
            return STATUS_DISCONNECTED;
        enum status status = serve_round(ssp, &orders);
        if (status != STATUS_OK)
            return status;
    }
}

static enum status start_and_serve(struct ssp *ssp)
{
    enum status status = STATUS_BUSY;
    for (int starts = 0; status == STATUS_BUSY && starts < RESTARTS_MAX; starts++) {
        /* Also when the device began anew by itself: it is not the session that was. */
        cash_worker_set_state(&ssp->worker, DEVICE_STARTING, 0);
        status = start_device(ssp);
        if (status != STATUS_OK)
            continue;
        starts = 0;
        ssp->worker.backoff_ms = CASH_BACKOFF_MS_MIN;
        cash_worker_post(&ssp->worker, CASH_EVENT_STATUS); /* channels and counters are known now */
        status = serve(ssp);
    }
    return status == STATUS_BUSY ? STATUS_PROTOCOL : status;
}

/* After an interrupted exchange the session's key and count may be out of step, so only what may be
 * said in plain is said: nothing of the citizen's stays in the machine, and it takes no more. */
static void say_farewell(struct ssp *ssp)
{
    struct ssp_answer answer;
    usb_port_resume(ssp->worker.port);
    ssp->link.timeout_ms = FAREWELL_TIMEOUT_MS;
    ssp->link.tries = 1;
    enum status status = ssp_link_sync(&ssp->link);
    if (status == STATUS_OK && ssp_must_not_poll(ssp))
        status = ssp_link_command(&ssp->link, SSP_REJECT, &answer);
    if (status == STATUS_OK)
        status = ssp_link_command(&ssp->link, SSP_DISABLE, &answer);
    if (status != STATUS_OK)
        log_info("cash_acceptor", "no_farewell", "%s", status_name(status));
    usb_port_cancel(ssp->worker.port);
}

static enum status run_once(struct cash_worker *worker)
{
    struct ssp *ssp = (struct ssp *)worker;
    enum status status = usb_port_connect(ssp->worker.port);
    if (status != STATUS_OK)
        return status;
    ssp->path_unknown = true;
    ssp->no_hold = false; /* it may be another model */
    ssp_link_init(&ssp->link, ssp->worker.port, ssp->bridge);
    status = start_and_serve(ssp);
    if (status == STATUS_CANCELLED && !ssp->left)
        say_farewell(ssp);
    else if (usb_port_is_gone(ssp->worker.port))
        status = STATUS_DISCONNECTED;
    ssp_crypto_wipe(&ssp->link.crypto);
    usb_port_disconnect(ssp->worker.port);
    return status;
}

/* ---- opening ---- */

static void read_options(struct ssp *ssp, const struct device_match *match)
{
    char word[20];
    ssp->fixed_key = SSP_FIXED_KEY;
    memcpy(ssp->currency, "CNY", 4);
    if (device_option(match, "key", word, sizeof word))
        ssp->fixed_key = strtoull(word, NULL, 16);
    if (device_option(match, "currency", word, sizeof word) && strlen(word) == 3)
        memcpy(ssp->currency, word, 4);
}

struct cash_acceptor *ssp_open(const struct device_match *match, struct queue *queue,
                               cash_acceptor_listener *listener, void *context)
{
    struct ssp *ssp = calloc(1, sizeof *ssp);
    if (ssp == NULL)
        return NULL;
    read_options(ssp, match);
    ssp->bridge = serial_bridge_of(match);
    const struct usb_wish wish = serial_wish(ssp->bridge);
    return cash_worker_open(&ssp->worker, sizeof *ssp, match, &wish, run_once, queue, listener,
                            context);
}
