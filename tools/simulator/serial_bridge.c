#include "tools/simulator/serial_bridge.h"
#include "base/check.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    FTDI_HEAD = 2,
    FTDI_CLOCK_HZ = 24000000 /* eighths of 3 MHz */
};

#define DEVICE_OF(class, vid, pid, release)                                                        \
    {                                                                                              \
        18, 1, 0x00, 0x02, class, 0, 0, 64, (vid)&0xFF, (vid) >> 8, (pid)&0xFF, (pid) >> 8,        \
            (release)&0xFF, (release) >> 8, 1, 2, 3, 1                                             \
    }

/* JCM's vendor id; the number of a product with a USB port of its own is not public. */
static const uint8_t CDC_DEVICE[18] = DEVICE_OF(2, 0x09AB, 0x0001, 0x0100);
static const uint8_t FTDI_DEVICE[18] = DEVICE_OF(0, 0x0403, 0x6001, 0x0600);
static const uint8_t CP210X_DEVICE[18] = DEVICE_OF(0, 0x10C4, 0xEA60, 0x0100);
static const uint8_t PL2303_DEVICE[18] = DEVICE_OF(0, 0x067B, 0x2303, 0x0300);
static const uint8_t CH34X_DEVICE[18] = { 18,   1,    0x00, 0x02, 0xFF, 0, 0, 8, 0x86,
                                          0x1A, 0x23, 0x75, 0x63, 0x02, 1, 2, 0, 1 };

static const uint8_t CDC_CONFIGURATION[] = {
    9, 2, 67,   0, 2,    1,    0,  0xC0, 50, 9,  4, 0,    0,    1,  2, 2,    1,
    0, 5, 0x24, 0, 0x10, 1,    5,  0x24, 1,  0,  1, 4,    0x24, 2,  2, 5,    0x24,
    6, 0, 1,    7, 5,    0x83, 3,  8,    0,  16, 9, 4,    1,    0,  2, 0x0A, 0,
    0, 0, 7,    5, 0x02, 2,    64, 0,    0,  7,  5, 0x81, 2,    64, 0, 0,
};
static_assert(sizeof CDC_CONFIGURATION == 67, "wTotalLength");

#define TWO_PIPES(in, out)                                                                         \
    {                                                                                              \
        9, 2, 32, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 2, 0xFF, 0xFF, 0xFF, 2, 7, 5, in, 2, 64, 0, 0, \
            7, 5, out, 2, 64, 0, 0                                                                 \
    }
#define THREE_PIPES(notification, in, out)                                                         \
    {                                                                                              \
        9, 2, 39, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 3, 0xFF, 0, 0, 0, 7, 5, notification, 3, 10,   \
            0, 1, 7, 5, out, 2, 64, 0, 0, 7, 5, in, 2, 64, 0, 0                                    \
    }
static const uint8_t FTDI_CONFIGURATION[32] = TWO_PIPES(0x81, 0x02);
static const uint8_t CP210X_CONFIGURATION[32] = TWO_PIPES(0x82, 0x01);
static const uint8_t PL2303_CONFIGURATION[39] = THREE_PIPES(0x81, 0x83, 0x02);
static const uint8_t CH34X_CONFIGURATION[39] = THREE_PIPES(0x81, 0x82, 0x02);

static const struct {
    const char *name, *maker, *product;
    const uint8_t *device, *configuration;
    size_t configuration_size;
    uint8_t in, out;
} KINDS[BRIDGE_KIND_COUNT] = {
    [BRIDGE_CDC] = { "cdc", "JCM", "UBA", CDC_DEVICE, CDC_CONFIGURATION, 67, 0x81, 0x02 },
    [BRIDGE_FTDI] = { "ftdi", "FTDI", "FT232R USB UART", FTDI_DEVICE, FTDI_CONFIGURATION, 32, 0x81,
                      0x02 },
    [BRIDGE_CP210X] = { "cp210x", "Silicon Labs", "CP2102 USB to UART Bridge Controller",
                        CP210X_DEVICE, CP210X_CONFIGURATION, 32, 0x82, 0x01 },
    [BRIDGE_PL2303] = { "pl2303", "Prolific Technology Inc.", "USB-Serial Controller",
                        PL2303_DEVICE, PL2303_CONFIGURATION, 39, 0x83, 0x02 },
    [BRIDGE_CH34X] = { "ch34x", "QinHeng", "USB Serial", CH34X_DEVICE, CH34X_CONFIGURATION, 39,
                       0x82, 0x02 },
};

const char *bridge_kind_name(enum bridge_kind kind)
{
    return KINDS[kind].name;
}

bool bridge_kind_parse(const char *name, enum bridge_kind *out)
{
    for (int i = 0; i < BRIDGE_KIND_COUNT; i++) {
        if (strcmp(KINDS[i].name, name) == 0) {
            *out = (enum bridge_kind)i;
            return true;
        }
    }
    return false;
}

void serial_bridge_set_serial(struct serial_bridge *bridge, uint32_t serial)
{
    snprintf(bridge->serial, sizeof bridge->serial, "%u", serial);
}

void serial_bridge_init(struct serial_bridge *bridge, enum bridge_kind kind, uint32_t serial)
{
    *bridge = (struct serial_bridge){
        .kind = kind,
        .descriptors = { .device = KINDS[kind].device,
                         .configuration = KINDS[kind].configuration,
                         .configuration_size = KINDS[kind].configuration_size,
                         .strings = bridge->strings,
                         .string_count = 3 },
        .strings = { KINDS[kind].maker, KINDS[kind].product, bridge->serial },
    };
    serial_bridge_set_serial(bridge, serial);
    serial_bridge_forget(bridge);
}

void serial_bridge_forget(struct serial_bridge *bridge)
{
    bridge->baud = 115200;
    bridge->parity = 'N';
    bridge->stop_bits = 1;
    bridge->dtr = false;
    bridge->enabled = bridge->kind == BRIDGE_CDC || bridge->kind == BRIDGE_FTDI;
    bridge->latency_ms = 16;
    bridge->status_at_ms = -1;
    bridge->status_is_due = false;
    bridge->queued = 0;
}

bool serial_bridge_is_line(const struct serial_bridge *bridge, int baud, char parity, int stop_bits)
{
    int off = bridge->baud > baud ? bridge->baud - baud : baud - bridge->baud;
    return bridge->enabled && bridge->dtr && off * 50 < baud && bridge->parity == parity &&
           bridge->stop_bits == stop_bits;
}

/* Requests. Each returns the byte count or USB_STALL. */

static char parity_of(unsigned code)
{
    return "NOEMS"[code < 5 ? code : 0];
}

static int cdc_control(struct serial_bridge *bridge, const struct usb_setup *setup,
                       const uint8_t *data)
{
    if (setup->type != 0x21 || setup->index != 0)
        return USB_STALL;
    if (setup->request == 0x20 && setup->length == 7 && data[6] == 8) {
        bridge->baud = data[0] | data[1] << 8 | data[2] << 16;
        bridge->stop_bits = data[4] == 0 ? 1 : 2;
        bridge->parity = parity_of(data[5]);
        return 7;
    }
    if (setup->request != 0x22)
        return USB_STALL;
    bridge->dtr = (setup->value & 1) != 0;
    return 0;
}

/* Divisor in 14 bits, eighths by a code in the two above. */
static int ftdi_baud(uint16_t value)
{
    static const int EIGHTHS[] = { 0, 4, 2, 1 };
    int divisor = (value & 0x3FFF) * 8 + EIGHTHS[value >> 14];
    return divisor > 0 ? FTDI_CLOCK_HZ / divisor : 0;
}

static int ftdi_control(struct serial_bridge *bridge, const struct usb_setup *setup)
{
    if (setup->type != 0x40 || setup->index > 1)
        return USB_STALL;
    switch (setup->request) {
    case 0: /* reset */
        serial_bridge_forget(bridge);
        return 0;
    case 1: /* the high byte says which of the lines are meant */
        if ((setup->value & 0x0100) != 0)
            bridge->dtr = (setup->value & 1) != 0;
        return 0;
    case 2:
        return 0;
    case 3:
        bridge->baud = ftdi_baud(setup->value);
        return 0;
    case 4:
        bridge->parity = parity_of(setup->value >> 8 & 7);
        bridge->stop_bits = (setup->value >> 11 & 3) == 2 ? 2 : 1;
        return (setup->value & 0xFF) == 8 ? 0 : USB_STALL;
    case 9:
        bridge->latency_ms = setup->value & 0xFF;
        return bridge->latency_ms > 0 ? 0 : USB_STALL;
    default:
        return USB_STALL;
    }
}

static int cp210x_control(struct serial_bridge *bridge, const struct usb_setup *setup,
                          const uint8_t *data)
{
    if (setup->type != 0x41 || setup->index != 0)
        return USB_STALL;
    switch (setup->request) {
    case 0x00:
        bridge->enabled = setup->value == 1;
        return 0;
    case 0x03:
        bridge->parity = parity_of(setup->value >> 4 & 15);
        bridge->stop_bits = (setup->value & 15) == 2 ? 2 : 1;
        return setup->value >> 8 == 8 ? 0 : USB_STALL;
    case 0x07:
        if ((setup->value & 0x0100) != 0)
            bridge->dtr = (setup->value & 1) != 0;
        return 0;
    case 0x1E:
        if (setup->length != 4)
            return USB_STALL;
        bridge->baud = data[0] | data[1] << 8 | data[2] << 16;
        return 4;
    default:
        return USB_STALL;
    }
}

static int pl2303_control(struct serial_bridge *bridge, const struct usb_setup *setup,
                          uint8_t *answer, const uint8_t *data)
{
    if (setup->type == 0xC0 && setup->request == 1 && setup->length >= 1) {
        answer[0] = 2;
        return 1;
    }
    if (setup->type == 0x40 && setup->request == 1) {
        /* The last word of the start-up: only then does it listen. */
        if (setup->value == 2)
            bridge->enabled = setup->index == 0x44;
        return 0;
    }
    return cdc_control(bridge, setup, data);
}

static int ch34x_baud(uint16_t value)
{
    int factor = 0x10000 - (value & 0xFF00), prescaler = value & 3;
    long long clock = 1532620800LL >> 3 * (3 - prescaler);
    return (int)(clock / factor);
}

static int ch34x_control(struct serial_bridge *bridge, const struct usb_setup *setup,
                         uint8_t *answer)
{
    if (setup->type == 0xC0 && setup->request == 0x5F && setup->length >= 1) {
        answer[0] = 0x31;
        return 1;
    }
    if (setup->type != 0x40)
        return USB_STALL;
    if (setup->request == 0xA1)
        return 0;
    if (setup->request == 0xA4) {
        bridge->dtr = (setup->value & 0x20) == 0;
        return 0;
    }
    if (setup->request != 0x9A)
        return USB_STALL;
    if (setup->value == 0x1312) {
        bridge->baud = ch34x_baud(setup->index);
    } else if (setup->value == 0x2518) {
        bridge->enabled = (setup->index & 0xC3) == 0xC3;
        bridge->parity = (setup->index & 0x08) == 0 ? 'N' : (setup->index & 0x10) != 0 ? 'E' : 'O';
        bridge->stop_bits = (setup->index & 0x04) != 0 ? 2 : 1;
    } else {
        return USB_STALL;
    }
    return 0;
}

int serial_bridge_control(struct serial_bridge *bridge, const struct usb_setup *setup,
                          uint8_t *data)
{
    int result = USB_STALL;
    switch (bridge->kind) {
    case BRIDGE_CDC:
        result = cdc_control(bridge, setup, data);
        break;
    case BRIDGE_FTDI:
        result = ftdi_control(bridge, setup);
        break;
    case BRIDGE_CP210X:
        result = cp210x_control(bridge, setup, data);
        break;
    case BRIDGE_PL2303:
        result = pl2303_control(bridge, setup, data, data);
        break;
    case BRIDGE_CH34X:
        result = ch34x_control(bridge, setup, data);
        break;
    }
    if (result == USB_STALL)
        bridge->errors++;
    return result;
}

/* Bytes */

bool serial_bridge_is_out(const struct serial_bridge *bridge, uint8_t endpoint)
{
    return endpoint == KINDS[bridge->kind].out;
}

void serial_bridge_put(struct serial_bridge *bridge, const void *data, size_t size)
{
    size_t room = sizeof bridge->queue - bridge->queued;
    size_t taken = size < room ? size : room;
    memcpy(bridge->queue + bridge->queued, data, taken);
    bridge->queued += taken;
}

static size_t unqueue(struct serial_bridge *bridge, uint8_t *data, size_t size)
{
    size_t taken = bridge->queued < size ? bridge->queued : size;
    memcpy(data, bridge->queue, taken);
    bridge->queued -= taken;
    memmove(bridge->queue, bridge->queue + taken, bridge->queued);
    return taken;
}

/* Each packet begins with the modem's and the line's status. */
static int take_ftdi(struct serial_bridge *bridge, uint8_t *data, size_t size)
{
    size_t given = 0, packet = USB_PACKET_SIZE;
    if ((bridge->queued == 0 && !bridge->status_is_due) || size < USB_PACKET_SIZE)
        return USB_NAK;
    bridge->status_is_due = false;
    while (packet == USB_PACKET_SIZE && size - given >= USB_PACKET_SIZE) {
        data[given] = 0x01;
        data[given + 1] = 0x60;
        packet = FTDI_HEAD + unqueue(bridge, data + given + FTDI_HEAD, USB_PACKET_SIZE - FTDI_HEAD);
        given += packet;
    }
    return (int)given;
}

int serial_bridge_take(struct serial_bridge *bridge, uint8_t endpoint, uint8_t *data, size_t size)
{
    if (endpoint != KINDS[bridge->kind].in)
        return USB_NAK;
    if (bridge->kind == BRIDGE_FTDI)
        return take_ftdi(bridge, data, size);
    return bridge->queued > 0 ? (int)unqueue(bridge, data, size) : USB_NAK;
}

int64_t serial_bridge_due_ms(const struct serial_bridge *bridge)
{
    return bridge->status_at_ms;
}

/* Only while somebody listens: an idle model must not tick. */
void serial_bridge_advance(struct serial_bridge *bridge, int64_t now_ms)
{
    if (bridge->kind != BRIDGE_FTDI || !bridge->dtr) {
        bridge->status_at_ms = -1;
    } else if (now_ms >= bridge->status_at_ms) {
        bridge->status_is_due = true;
        bridge->status_at_ms = now_ms + bridge->latency_ms;
    }
}
