/*
 * One command, one answer: sequence bit, retransmission, encryption, over the acceptor's port.
 *
 * A lost answer is asked for again with the same bytes and the same bit; the device then repeats
 * its answer without acting twice. So no command here can be executed twice, whatever the line
 * does.
 *
 * Threads: the device thread.
 */
#pragma once
#include "drivers/cash_acceptor/ssp/ssp_crypto.h"
#include "drivers/cash_acceptor/ssp/ssp_wire.h"
#include "drivers/serial/serial.h"
#include "drivers/usb/usb.h"

struct ssp_link {
    struct usb_port *port;
    enum serial_bridge bridge;
    bool sequence; /* bit of the next packet */
    int timeout_ms, tries;
    struct ssp_crypto crypto;
    struct ssp_decoder decoder;
};

struct ssp_answer {
    uint8_t code; /* enum ssp_generic */
    size_t size;
    uint8_t data[SSP_DATA_MAX]; /* after the code */
};

void ssp_link_init(struct ssp_link *link, struct usb_port *port, enum serial_bridge bridge);

/* Opens the serial line and agrees on the sequence bit. Forgets the key. Returns as ssp_link_ask.
 */
NODISCARD enum status ssp_link_sync(struct ssp_link *link);

/* Returns as ssp_link_ask; STATUS_UNSUPPORTED when the device knows no encryption. */
NODISCARD enum status ssp_link_agree_key(struct ssp_link *link, uint64_t fixed_key);

/*
 * Returns: STATUS_OK with any answer, also a refusal
 *          STATUS_TIMEOUT, STATUS_PROTOCOL  after all tries; the bit is now unknown: sync again.
 *          STATUS_DISCONNECTED, STATUS_CANCELLED, STATUS_IO
 */
NODISCARD enum status ssp_link_ask(struct ssp_link *link, const uint8_t *request, size_t size,
                                   struct ssp_answer *answer);

NODISCARD enum status ssp_link_command(struct ssp_link *link, enum ssp_command command,
                                       struct ssp_answer *answer);
