#include "drivers/cash_acceptor/id003/id003.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "drivers/cash_acceptor/id003/id003_internal.h"

#define POLL_PERIOD_MS 100 /* what hosts in use have; UNCONFIRMED by the maker */
#define FAULT_PERIOD_MS 1000
#define JAM_PERIOD_MS 200   /* when somebody frees the note, it shows only while it moves */
#define IDLE_PERIOD_MS 5000 /* nobody wants notes: only a removed box is of interest */
#define HOLD_PERIOD_MS 5000
#define FAREWELL_TIMEOUT_MS 100
#define ALL_DENOMINATIONS 0xFF

/* ---- setting it up ---- */

static enum status set(struct id003 *id003, enum id003_command command, const uint8_t *data,
                       uint8_t size)
{
    struct id003_frame answer;
    enum status status = id003_link_ask(&id003->link, command, data, size, &answer);
    if (status == STATUS_UNSUPPORTED)
        log_warning("cash_acceptor", "setting_refused", "%02x", (unsigned)command);
    return status;
}

/* Not every model has every setting; those it lacks have no effect to miss. */
static enum status set_if_known(struct id003 *id003, enum id003_command command,
                                const uint8_t *data, uint8_t size)
{
    enum status status = set(id003, command, data, size);
    return status == STATUS_UNSUPPORTED ? STATUS_OK : status;
}

static enum status inhibit(struct id003 *id003, bool inhibited)
{
    const uint8_t data = inhibited;
    enum status status = set(id003, ID003_INHIBIT, &data, sizeof data);
    return status == STATUS_UNSUPPORTED ? STATUS_PROTOCOL : status;
}

/* The text names model and firmware; what is not surely text is not shown. */
static enum status read_version(struct id003 *id003)
{
    struct id003_frame answer;
    enum status status = id003_link_ask(&id003->link, ID003_VERSION, NULL, 0, &answer);
    if (status != STATUS_OK)
        return status == STATUS_UNSUPPORTED ? STATUS_OK : status;
    char *model = id003->worker.status.model;
    size_t length = 0;
    for (; length < answer.size && length + 1 < DEVICE_MODEL_SIZE; length++)
        model[length] = answer.data[length] >= ' ' && answer.data[length] < 0x7F
                            ? (char)answer.data[length]
                            : '?';
    model[length] = '\0';
    return STATUS_OK;
}

/* All of one country, the configured one if there is any: a note of another is never enabled. */
static enum status take_currency(struct id003 *id003, const struct id003_currency *currency)
{
    int country = id003->country;
    for (int i = 0; i < ID003_DENOMINATIONS_MAX; i++) {
        if (currency->value_fen[i] == 0 || currency->country[i] == 0)
            continue;
        if (country < 0)
            country = currency->country[i];
        if (country != currency->country[i] && id003->country < 0) {
            log_error("cash_acceptor", "countries", "several, and no option country=");
            return STATUS_UNSUPPORTED;
        }
    }
    id003->worker.channel_count = 0;
    for (int i = 0; i < ID003_DENOMINATIONS_MAX; i++) {
        int64_t value_fen = currency->country[i] == country ? currency->value_fen[i] : 0;
        id003->worker.channel_value_fen[i] = value_fen;
        if (value_fen != 0)
            id003->worker.channel_count = i + 1;
    }
    return STATUS_OK;
}

static enum status read_currency(struct id003 *id003)
{
    struct id003_frame answer;
    struct id003_currency currency;
    enum status status = id003_link_ask(&id003->link, ID003_CURRENCY, NULL, 0, &answer);
    if (status == STATUS_OK)
        status = id003_parse_currency(answer.data, answer.size, &currency);
    return status == STATUS_OK ? take_currency(id003, &currency) : status;
}

static enum status tell_denominations(struct id003 *id003, uint16_t mask)
{
    const uint8_t disabled[] = { (uint8_t)(~mask & ALL_DENOMINATIONS), 0 };
    enum status status = set(id003, ID003_DENOMINATIONS, disabled, sizeof disabled);
    return status == STATUS_UNSUPPORTED ? STATUS_PROTOCOL : status;
}

enum status id003_send_settings(struct id003 *id003)
{
    static const uint8_t NORMAL[] = { 0, 0 };
    const uint8_t functions[] = { (uint8_t)id003->functions, (uint8_t)(id003->functions >> 8) };
    id003->told_mask = 0;
    enum status status = tell_denominations(id003, 0);
    if (status == STATUS_OK)
        status = set_if_known(id003, ID003_SECURITY, NORMAL, 2);
    if (status == STATUS_OK)
        status = set_if_known(id003, ID003_DIRECTION, NORMAL, 1);
    if (status == STATUS_OK)
        status = set_if_known(id003, ID003_FUNCTIONS, functions, 2);
    if (status == STATUS_OK)
        status = set_if_known(id003, ID003_COMMUNICATION, NORMAL, 1); /* it speaks when asked */
    return status == STATUS_OK ? inhibit(id003, true) : status;
}

enum status id003_set_up(struct id003 *id003)
{
    id003->inspection_due = false; /* all of it is read now */
    enum status status = id003_send_settings(id003);
    if (status == STATUS_OK)
        status = read_version(id003);
    if (status == STATUS_OK)
        status = read_currency(id003);
    if (status != STATUS_OK)
        return status;
    if (id003->note == NOTE_LOST) {
        log_warning("cash_acceptor", "note_lost", "nothing was said of it");
        id003_forget_note(id003);
    }
    id003->met = true;
    id003->worker.counters =
        (struct cash_counters){ .reading = id003->worker.counters.reading + 1 };
    id003->worker.backoff_ms = CASH_BACKOFF_MS_MIN;
    return STATUS_OK;
}

/* ---- serving ---- */

static uint16_t wanted_mask(const struct id003 *id003, const struct cash_orders *orders)
{
    if (!orders->enabled || id003->problems != 0 || !id003->met)
        return 0;
    return cash_worker_wanted(&id003->worker, orders);
}

/* While it takes nothing: what its denominations are worth, for the kiosk to set against its books.
 * It counts nothing, so the reading says only when it was read. */
static enum status inspect(struct id003 *id003)
{
    id003->inspection_due = false;
    enum status status = read_version(id003);
    if (status == STATUS_OK)
        status = read_currency(id003);
    if (status != STATUS_OK)
        return status;
    id003->worker.counters =
        (struct cash_counters){ .is_final = true, .reading = id003->worker.counters.reading + 1 };
    cash_worker_post(&id003->worker, CASH_EVENT_STATUS);
    return STATUS_OK;
}

static enum status apply_wanted(struct id003 *id003, const struct cash_orders *orders)
{
    uint16_t mask = wanted_mask(id003, orders);
    if (mask == id003->told_mask && !id003->must_tell)
        return id003->inspection_due && mask == 0 ? inspect(id003) : STATUS_OK;
    enum status status = STATUS_OK;
    if (mask != 0 && id003->told_mask == 0) {
        status = inspect(id003);
        mask = wanted_mask(id003, orders); /* by what the denominations are worth now */
    }
    if (status == STATUS_OK)
        status = tell_denominations(id003, mask);
    if (status == STATUS_OK)
        status = inhibit(id003, mask == 0);
    if (status != STATUS_OK)
        return status;
    id003->inspection_due = id003->told_mask != 0 && mask == 0;
    id003->told_mask = mask;
    id003->must_tell = false;
    return STATUS_OK;
}

static enum status serve_round(struct id003 *id003, const struct cash_orders *orders)
{
    enum status status = id003_answer(id003, orders->acknowledged);
    if (status == STATUS_OK)
        status = id003_poll(id003);
    return status == STATUS_OK && id003_is_at_rest(id003) ? apply_wanted(id003, orders) : status;
}

static int64_t pause_ms(const struct id003 *id003, const struct cash_orders *orders)
{
    if (id003->problems != 0)
        return id003->note == NOTE_NONE ? FAULT_PERIOD_MS : JAM_PERIOD_MS;
    bool idle = id003_is_at_rest(id003) && id003->told_mask == 0 && !id003->inspection_due &&
                wanted_mask(id003, orders) == 0;
    return idle ? IDLE_PERIOD_MS : POLL_PERIOD_MS;
}

/* What must still be said when the kiosk stops: a last acknowledgement, a note to give back. */
static enum status leave(struct id003 *id003, const struct cash_orders *orders)
{
    bool taken = false;
    id003->link.timeout_ms = FAREWELL_TIMEOUT_MS;
    id003->link.tries = 1;
    enum status status = id003_answer(id003, orders->acknowledged);
    if (status == STATUS_OK && id003->note == NOTE_HELD)
        status = id003_link_order(&id003->link, ID003_RETURN, &taken);
    if (status == STATUS_OK && id003->met)
        status = inhibit(id003, true);
    id003->left = status == STATUS_OK;
    return STATUS_CANCELLED;
}

static enum status serve(struct id003 *id003)
{
    struct cash_orders orders = cash_worker_orders(&id003->worker);
    for (;;) {
        enum status status = serve_round(id003, &orders);
        if (status != STATUS_OK)
            return status;
        usb_port_wait(id003->worker.port, pause_ms(id003, &orders));
        orders = cash_worker_orders(&id003->worker);
        if (orders.closing)
            return leave(id003, &orders);
        if (usb_port_is_gone(id003->worker.port))
            return STATUS_DISCONNECTED;
    }
}

/* A device that was left enabled takes the next note as soon as it has its answer about the one
 * before. Right after power-up it may not know the word yet, and takes nothing anyway. */
static enum status shut_mouth(struct id003 *id003)
{
    static const uint8_t INHIBITED[] = { 1 };
    return set_if_known(id003, ID003_INHIBIT, INHIBITED, sizeof INHIBITED);
}

/* ID-003 has no serial number; that of the bridge tells as much as can be told of the cable. */
static void take_serial(struct id003 *id003)
{
    struct device_status *status = &id003->worker.status;
    const char *serial = usb_port_identity(id003->worker.port)->serial;
    if (status->serial[0] != '\0' && strcmp(serial, status->serial) != 0) {
        log_warning("cash_acceptor", "swapped", "another bridge than before");
        id003->swapped = true;
        id003_forget_note(id003);
    }
    text_copy(status->serial, sizeof status->serial, serial);
}

/* After an interrupted exchange: nothing of the citizen's stays in the machine. */
static void say_farewell(struct id003 *id003)
{
    const struct cash_orders orders = cash_worker_orders(&id003->worker);
    usb_port_resume(id003->worker.port);
    (void)leave(id003, &orders);
    if (!id003->left)
        log_info("cash_acceptor", "no_farewell", "it does not answer");
    usb_port_cancel(id003->worker.port);
}

static enum status run_once(struct cash_worker *worker)
{
    struct id003 *id003 = (struct id003 *)worker;
    enum status status = usb_port_connect(worker->port);
    if (status != STATUS_OK)
        return status;
    take_serial(id003);
    id003_link_init(&id003->link, worker->port, id003->bridge, id003->baud);
    id003->status = 0;
    id003->met = false;
    id003->no_hold = false; /* it may be another model */
    id003->problems = 0;
    cash_worker_set_state(worker, DEVICE_STARTING, 0);
    status = id003_link_open(&id003->link);
    if (status == STATUS_OK)
        status = shut_mouth(id003);
    if (status == STATUS_OK)
        status = serve(id003);
    if (status == STATUS_CANCELLED && !id003->left)
        say_farewell(id003);
    else if (usb_port_is_gone(worker->port))
        status = STATUS_DISCONNECTED;
    usb_port_disconnect(worker->port);
    return status;
}

/* ---- opening ---- */

static void read_options(struct id003 *id003, const struct device_match *match)
{
    char word[8];
    id003->bridge = serial_bridge_of(match);
    id003->baud = device_option_number(match, "baud", 9600) == 19200 ? 19200 : 9600;
    id003->stack_command =
        device_option_number(match, "stack", 1) == 2 ? ID003_STACK_2 : ID003_STACK_1;
    id003->hold_period_ms = device_option_number(match, "hold", 1) != 0 ? HOLD_PERIOD_MS : 0;
    id003->country = -1;
    if (device_option(match, "country", word, sizeof word))
        id003->country = (int)strtol(word, NULL, 16) & 0xFF;
    if (device_option(match, "functions", word, sizeof word))
        id003->functions = (uint16_t)strtoul(word, NULL, 16);
}

struct cash_acceptor *id003_open(const struct device_match *match, struct queue *queue,
                                 cash_acceptor_listener *listener, void *context)
{
    struct id003 *id003 = calloc(1, sizeof *id003);
    if (id003 == NULL)
        return NULL;
    read_options(id003, match);
    const struct usb_wish wish = serial_wish(id003->bridge);
    return cash_worker_open(&id003->worker, sizeof *id003, match, &wish, run_once, queue, listener,
                            context);
}
