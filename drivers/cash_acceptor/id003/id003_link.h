/*
 * One question, one answer over the acceptor's serial line.
 *
 * ID-003 numbers nothing, so a repeated order is a second order: only questions and settings, which
 * may be put any number of times, are repeated here. What became of an order that was not answered
 * the next status tells.
 *
 * Threads: the device thread.
 */
#pragma once
#include "drivers/cash_acceptor/id003/id003_wire.h"
#include "drivers/serial/serial.h"
#include "drivers/usb/usb.h"

struct id003_link {
    struct usb_port *port;
    enum serial_bridge bridge;
    int baud;
    int timeout_ms, tries;
    struct id003_decoder decoder;
};

void id003_link_init(struct id003_link *link, struct usb_port *port, enum serial_bridge bridge,
                     int baud);

/* Sets the line. Returns as serial_open_line. */
NODISCARD enum status id003_link_open(struct id003_link *link);

/*
 * Returns: STATUS_OK with a status in the answer
 *          STATUS_TIMEOUT, STATUS_PROTOCOL  after all tries
 *          STATUS_DISCONNECTED, STATUS_CANCELLED, STATUS_IO
 */
NODISCARD enum status id003_link_status(struct id003_link *link, struct id003_frame *answer);

/* A setting or a request for data, answered by its own code. Returns as above, and
 * STATUS_UNSUPPORTED when the device calls it invalid. */
NODISCARD enum status id003_link_ask(struct id003_link *link, enum id003_command command,
                                     const uint8_t *data, uint8_t size, struct id003_frame *answer);

/* RESET, STACK, RETURN or HOLD, said once; *taken_out: the device said that it will. An answer that
 * did not come is no error: STATUS_OK, and not taken. */
NODISCARD enum status id003_link_order(struct id003_link *link, enum id003_command command,
                                       bool *taken_out);

/* The answer to VEND VALID; the device says nothing to it. */
NODISCARD enum status id003_link_ack(struct id003_link *link);
