#include "tools/simulator/model_acceptor.h"
#include "base/check.h"
#include <assert.h>
#include <string.h>

/* CDC-ACM: interface 0 is the comm interface with its notification pipe, interface 1 the data. */
enum {
    PIPE_NOTIFICATION = 0x83,
    PIPE_OUT = 0x02,
    PIPE_IN = 0x81
};
enum {
    SET_LINE_CODING = 0x20,
    GET_LINE_CODING = 0x21,
    SET_CONTROL_LINE_STATE = 0x22
};
enum {
    SEND_BREAK = 0x23
};
enum {
    REPLY_MS = 15,
    SLOW_MS = 1500
};

static const uint8_t DEVICE[18] = { 18,   1,    0x00, 0x02, 2,    0, 0, 64, 0x1C,
                                    0x19, 0x04, 0x41, 0x10, 0x01, 1, 2, 0,  1 };
static const uint8_t CONFIGURATION[] = {
    9, 2,    67,      0,    2,    1,        0, 0xC0, 50, 9,
    4, 0,    0,       1,    2,    2,        1, 0,    5,  0x24,
    0, 0x10, 0x01,    5,    0x24, 1,        0, 1,    4,  0x24,
    2, 2,    5,       0x24, 6,    0,        1, 7,    5,  PIPE_NOTIFICATION,
    3, 8,    0,       16,   9,    4,        1, 0,    2,  0x0A,
    0, 0,    0,       7,    5,    PIPE_OUT, 2, 64,   0,  0,
    7, 5,    PIPE_IN, 2,    64,   0,        0,
};
static_assert(sizeof CONFIGURATION == 67, "wTotalLength");

/* No serial string: the real ones have none either. */
static const char *const STRINGS[] = { "Innovative Technology LTD", "NV200" };
static const struct usb_descriptors DESCRIPTORS = { .device = DEVICE,
                                                    .configuration = CONFIGURATION,
                                                    .configuration_size = sizeof CONFIGURATION,
                                                    .strings = STRINGS,
                                                    .string_count = 2 };

static const char *const FAULT_NAMES[ACCEPTOR_FAULT_COUNT] = {
    "none",        "drop",         "checksum",      "garbage",      "unknown-event",  "jam",
    "pull-back",   "cannot-stack", "fraud",         "slow",         "silent",         "safe-jam",
    "second-note", "silent-stack", "silent-return", "silent-read",  "reject-refused", "reject-echo",
    "no-hold",     "credit-again", "path-open",     "initialising", "all-inhibited",  "no-ack",
};

const char *acceptor_fault_name(enum acceptor_fault fault)
{
    return FAULT_NAMES[fault];
}

bool acceptor_fault_parse(const char *name, enum acceptor_fault *out)
{
    for (int i = 0; i < ACCEPTOR_FAULT_COUNT; i++) {
        if (strcmp(FAULT_NAMES[i], name) == 0) {
            *out = (enum acceptor_fault)i;
            return true;
        }
    }
    return false;
}

static struct model_acceptor *of(struct usb_model *model)
{
    return (struct model_acceptor *)model;
}

static const struct usb_descriptors *get_descriptors(const struct usb_model *model)
{
    const struct model_acceptor *acceptor = (const struct model_acceptor *)model;
    return acceptor->tongue == ACCEPTOR_SSP ? &DESCRIPTORS : &acceptor->bridge.descriptors;
}

static void forget_line(struct usb_model *model)
{
    usb_pipe_clear(&of(model)->in);
    of(model)->reply_at_ms = -1;
    of(model)->link.in_packet = false;
    of(model)->id003.frame_size = 0;
    serial_bridge_forget(&of(model)->bridge);
}

static int class_request(struct usb_model *model, const struct usb_setup *setup, uint8_t *data)
{
    struct model_acceptor *acceptor = of(model);
    if (acceptor->tongue == ACCEPTOR_ID003)
        return serial_bridge_control(&acceptor->bridge, setup, data);
    unsigned code = (unsigned)setup->type << 8 | setup->request;
    if (setup->index == 0 && code == (0x2100 | SET_LINE_CODING) && setup->length == 7) {
        memcpy(acceptor->line_coding, data, 7);
        return 7;
    }
    if (setup->index == 0 && code == (0xA100 | GET_LINE_CODING)) {
        int size = setup->length < 7 ? setup->length : 7;
        memcpy(data, acceptor->line_coding, (size_t)size);
        return size;
    }
    if (setup->index == 0 &&
        (code == (0x2100 | SET_CONTROL_LINE_STATE) || code == (0x2100 | SEND_BREAK)))
        return 0;
    acceptor->protocol_errors++;
    return USB_STALL;
}

static void send_later(struct model_acceptor *acceptor)
{
    bool slow = acceptor->fault == ACCEPTOR_FAULT_SLOW;
    acceptor->reply_at_ms =
        slow ? usb_model_now(&acceptor->usb) + SLOW_MS : usb_model_after(&acceptor->usb, REPLY_MS);
}

static void take_packet(struct model_acceptor *acceptor, enum ssp_arrival arrival,
                        const struct ssp_request *request)
{
    uint8_t reply[SSP_DATA_SIZE_MAX] = { SSP_KEY_NOT_SET };
    size_t size = 1;
    if (acceptor->starting_until_ms >= 0)
        return; /* not listening yet */
    if (arrival == SSP_EXECUTE)
        size = acceptor_protocol_execute(acceptor, request, reply);
    if (arrival == SSP_REFUSE)
        acceptor->protocol_errors++;
    if (arrival != SSP_REPEAT)
        ssp_link_compose(&acceptor->link, arrival == SSP_EXECUTE && request->encrypted, reply,
                         size);
    if (acceptor->usb.powered)
        send_later(acceptor);
}

/* On a line that is set otherwise it hears nothing that it could understand. */
static int take_line(struct model_acceptor *acceptor, uint8_t endpoint, const uint8_t *data,
                     size_t size)
{
    bool hears = serial_bridge_is_line(&acceptor->bridge, 9600, 'E', 1) &&
                 serial_bridge_is_out(&acceptor->bridge, endpoint);
    acceptor->id003.errors += hears ? 0 : 1;
    for (size_t i = 0; hears && i < size && acceptor->usb.powered; i++) {
        if (acceptor->starting_until_ms < 0 && acceptor_id003_take(acceptor, data[i]))
            send_later(acceptor);
    }
    return (int)size;
}

static int take_out(struct usb_model *model, uint8_t endpoint, const uint8_t *data, size_t size)
{
    struct model_acceptor *acceptor = of(model);
    struct ssp_request request;
    if (acceptor->tongue == ACCEPTOR_ID003)
        return take_line(acceptor, endpoint, data, size);
    for (size_t i = 0; i < size && acceptor->usb.powered; i++) {
        enum ssp_arrival arrival = ssp_link_take(&acceptor->link, data[i], &request);
        if (arrival != SSP_NOTHING)
            take_packet(acceptor, arrival, &request);
    }
    return (int)size;
}

static int give_in(struct usb_model *model, uint8_t endpoint, uint8_t *data, size_t size)
{
    if (of(model)->tongue == ACCEPTOR_ID003)
        return serial_bridge_take(&of(model)->bridge, endpoint, data, size);
    return endpoint == PIPE_IN ? usb_pipe_take(&of(model)->in, data, size) : USB_NAK;
}

/* The kept reply stays whole: a repeated packet gets it right. */
static void send_reply(struct model_acceptor *acceptor)
{
    uint8_t wire[SSP_WIRE_SIZE_MAX];
    bool is_id003 = acceptor->tongue == ACCEPTOR_ID003;
    size_t size = is_id003 ? acceptor->id003.reply_size : acceptor->link.reply_size;
    memcpy(wire, is_id003 ? acceptor->id003.reply : acceptor->link.reply, size);
    enum acceptor_fault fault = acceptor->fault;
    if (fault == ACCEPTOR_FAULT_SILENT)
        return;
    if (fault == ACCEPTOR_FAULT_CHECKSUM)
        wire[size - 1] ^= 0x01;
    for (size_t i = 0; fault == ACCEPTOR_FAULT_GARBAGE && i < size; i++)
        wire[i] = (uint8_t)(0x80 + i * 37);
    if (fault == ACCEPTOR_FAULT_DROP || fault == ACCEPTOR_FAULT_CHECKSUM ||
        fault == ACCEPTOR_FAULT_GARBAGE)
        acceptor->fault = ACCEPTOR_FAULT_NONE;
    if (fault == ACCEPTOR_FAULT_DROP)
        return;
    if (is_id003)
        serial_bridge_put(&acceptor->bridge, wire, size);
    else
        usb_pipe_put(&acceptor->in, wire, size);
}

static void advance(struct usb_model *model)
{
    struct model_acceptor *acceptor = of(model);
    acceptor_mechanism_advance(acceptor);
    serial_bridge_advance(&acceptor->bridge, usb_model_now(model));
    if (acceptor->reply_at_ms < 0 || usb_model_now(model) < acceptor->reply_at_ms)
        return;
    acceptor->reply_at_ms = -1;
    send_reply(acceptor);
}

static int64_t get_due_ms(const struct usb_model *model)
{
    const struct model_acceptor *acceptor = (const struct model_acceptor *)model;
    const int64_t wishes_ms[] = { acceptor_mechanism_due_ms(acceptor), acceptor->reply_at_ms,
                                  serial_bridge_due_ms(&acceptor->bridge) };
    int64_t due_ms = -1;
    for (size_t i = 0; i < ARRAY_SIZE(wishes_ms); i++) {
        if (wishes_ms[i] >= 0 && (due_ms < 0 || wishes_ms[i] < due_ms))
            due_ms = wishes_ms[i];
    }
    return due_ms;
}

static const struct usb_model_ops OPS = {
    .descriptors = get_descriptors,
    .plugged = forget_line,
    .reset = forget_line,
    .control = class_request,
    .bulk_out = take_out,
    .bulk_in = give_in,
    .due_ms = get_due_ms,
    .advance = advance,
};

void model_acceptor_set_serial(struct model_acceptor *acceptor, uint32_t serial)
{
    acceptor->serial = serial;
    serial_bridge_set_serial(&acceptor->bridge, serial);
}

int model_acceptor_errors(const struct model_acceptor *acceptor)
{
    return acceptor->protocol_errors + acceptor->link.errors + acceptor->id003.errors +
           acceptor->bridge.errors;
}

static void init(struct model_acceptor *acceptor, const struct clock *clock, int time_percent,
                 enum acceptor_tongue tongue, enum bridge_kind bridge)
{
    *acceptor = (struct model_acceptor){
        .usb = { .ops = &OPS, .clock = clock, .time_percent = time_percent, .powered = true },
        .tongue = tongue,
        .line_coding = { 0x80, 0x25, 0, 0, 2, 0, 8 }, /* 9600 8N2 */
        .reply_at_ms = -1,
        .serial = 4880564,
        .remembers = true,
    };
    ssp_link_init(&acceptor->link, 0);
    acceptor_id003_init(&acceptor->id003);
    serial_bridge_init(&acceptor->bridge, bridge, acceptor->serial);
    acceptor_mechanism_start(acceptor);
}

void model_acceptor_init(struct model_acceptor *acceptor, const struct clock *clock,
                         int time_percent)
{
    init(acceptor, clock, time_percent, ACCEPTOR_SSP, BRIDGE_CDC);
}

void model_acceptor_init_id003(struct model_acceptor *acceptor, const struct clock *clock,
                               int time_percent, enum bridge_kind bridge)
{
    init(acceptor, clock, time_percent, ACCEPTOR_ID003, bridge);
}
