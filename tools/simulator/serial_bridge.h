/*
 * A USB serial bridge as the host sees it: descriptors, the requests that set the line, and bytes.
 * Written from the chips' own documents; the kiosk's driver has its own reading.
 *
 * Strict: a request the chip does not know stalls and is counted. Not modelled: handshake lines
 * beyond DTR, break, more than one port.
 */
#pragma once
#include "tools/simulator/usb_model.h"

enum bridge_kind {
    BRIDGE_CDC,
    BRIDGE_FTDI,
    BRIDGE_CP210X,
    BRIDGE_PL2303,
    BRIDGE_CH34X,
};
#define BRIDGE_KIND_COUNT 5

#define BRIDGE_QUEUE_SIZE 4096
#define BRIDGE_SERIAL_SIZE 16

struct serial_bridge {
    enum bridge_kind kind;
    struct usb_descriptors descriptors;
    char serial[BRIDGE_SERIAL_SIZE]; /* of the chip; the CH34x has none */
    const char *strings[3];
    int baud, stop_bits;
    char parity; /* 'N', 'E' */
    bool dtr, enabled;
    int latency_ms;       /* FTDI: how often the line status is told while nobody speaks */
    int64_t status_at_ms; /* -1: never */
    bool status_is_due;
    uint8_t queue[BRIDGE_QUEUE_SIZE];
    size_t queued;
    int errors;
};

const char *bridge_kind_name(enum bridge_kind kind);
bool bridge_kind_parse(const char *name, enum bridge_kind *out);

void serial_bridge_init(struct serial_bridge *bridge, enum bridge_kind kind, uint32_t serial);
/* Another chip; while the device is off the bus. */
void serial_bridge_set_serial(struct serial_bridge *bridge, uint32_t serial);

/* Nothing set, nothing queued: just plugged, or reset. */
void serial_bridge_forget(struct serial_bridge *bridge);

int serial_bridge_control(struct serial_bridge *bridge, const struct usb_setup *setup,
                          uint8_t *data);

/* The line is open with these settings and eight data bits. */
bool serial_bridge_is_line(const struct serial_bridge *bridge, int baud, char parity,
                           int stop_bits);

bool serial_bridge_is_out(const struct serial_bridge *bridge, uint8_t endpoint);
/* What came over the line goes to the host; what does not fit is lost, as with an overrun. */
void serial_bridge_put(struct serial_bridge *bridge, const void *data, size_t size);
int serial_bridge_take(struct serial_bridge *bridge, uint8_t endpoint, uint8_t *data, size_t size);
/* When serial_bridge_advance is wanted next; -1: not before something else happens. */
int64_t serial_bridge_due_ms(const struct serial_bridge *bridge);
void serial_bridge_advance(struct serial_bridge *bridge, int64_t now_ms);
