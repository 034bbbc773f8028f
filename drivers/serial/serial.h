/*
 * A serial line at the end of a USB bridge: which bridge it is, and how its line is set.
 *
 * Bytes then go through the usb_port as they are; README.md says what is known of each bridge.
 *
 * Threads: the device thread; serial_bridge_of and serial_wish anywhere.
 */
#pragma once
#include "base/status.h"
#include "drivers/usb/usb.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum serial_bridge {
    SERIAL_CDC, /* CDC-ACM, USB's own class: also devices that only look like a serial line */
    SERIAL_FTDI,
    SERIAL_CP210X,
    SERIAL_PL2303,
    SERIAL_CH34X,
};
#define SERIAL_BRIDGE_COUNT 5

enum serial_parity {
    SERIAL_NO_PARITY,
    SERIAL_EVEN_PARITY,
};

/* Eight data bits, no handshake, DTR and RTS on. */
struct serial_line {
    int baud; /* 1200 to 115200 */
    enum serial_parity parity;
    int stop_bits; /* 1 or 2 */
};

/* By the option "bridge=cdc|ftdi|cp210x|pl2303|ch34x", else by the vendor id, else CDC. */
enum serial_bridge serial_bridge_of(const struct device_match *match);
const char *serial_bridge_name(enum serial_bridge bridge);

/* What to ask usb_port_open for. */
struct usb_wish serial_wish(enum serial_bridge bridge);

/*
 * Sets the line of a connected port.
 *
 * Returns: STATUS_OK, also for a CDC device without a control interface: it has no line to set.
 *          STATUS_PROTOCOL (refused), STATUS_TIMEOUT, STATUS_DISCONNECTED, STATUS_CANCELLED,
 *          STATUS_IO
 */
NODISCARD enum status serial_open_line(struct usb_port *port, enum serial_bridge bridge,
                                       const struct serial_line *line);

/* All bytes, however many transfers that takes. Returns as usb_port_write. */
NODISCARD enum status serial_write(struct usb_port *port, const void *data, size_t size,
                                   int timeout_ms);
