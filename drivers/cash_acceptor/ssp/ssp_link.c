#include "drivers/cash_acceptor/ssp/ssp_link.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"

#define REPLY_TIMEOUT_MS 1000 /* manual: no reply in 1 s means retry */
#define TRIES 5               /* the device gives up on us after 20 */
#define KEY_TRIES 3           /* old firmware refuses some primes (F4) */

void ssp_link_init(struct ssp_link *link, struct usb_port *port, enum serial_bridge bridge)
{
    memset(link, 0, sizeof *link);
    link->port = port;
    link->bridge = bridge;
    link->timeout_ms = REPLY_TIMEOUT_MS;
    link->tries = TRIES;
}

/* ---- one packet ---- */

/* Waits for a frame with this address byte; answers to earlier packets carry the other bit. */
static enum status receive_frame(struct ssp_link *link, uint8_t address)
{
    int64_t until_ms = clock_now_ms(&clock_system) + link->timeout_ms;
    for (;;) {
        uint8_t byte;
        size_t got = 0;
        int64_t left_ms = until_ms - clock_now_ms(&clock_system);
        enum status status =
            usb_port_read(link->port, 0, &byte, 1, left_ms > 0 ? (int)left_ms : 0, &got);
        if (status != STATUS_OK)
            return status;
        enum ssp_progress progress = ssp_decoder_feed(&link->decoder, byte);
        if (progress == SSP_BAD)
            return STATUS_PROTOCOL;
        if (progress == SSP_FRAME && link->decoder.frame.address == address &&
            link->decoder.frame.size > 0)
            return STATUS_OK;
    }
}

/*
 * An encrypted question wants an encrypted answer. Only refusals may come plain (FA: it has lost
 * the key), so nobody on the line can forge a credit without the key.
 */
static enum status read_answer(struct ssp_link *link, bool sealed, struct ssp_answer *answer)
{
    const struct ssp_frame *frame = &link->decoder.frame;
    uint8_t data[SSP_DATA_MAX];
    size_t size = frame->size;
    if (frame->data[0] == SSP_STEX) {
        enum status status = ssp_crypto_open(&link->crypto, frame, data, &size);
        if (status != STATUS_OK || size == 0)
            return STATUS_PROTOCOL;
    } else {
        if (sealed && frame->data[0] == SSP_OK)
            return STATUS_PROTOCOL;
        memcpy(data, frame->data, size);
    }
    answer->code = data[0];
    answer->size = size - 1;
    memcpy(answer->data, data + 1, size - 1);
    return STATUS_OK;
}

static enum status exchange(struct ssp_link *link, const struct ssp_frame *frame, bool sealed,
                            struct ssp_answer *answer)
{
    uint8_t bytes[SSP_FRAME_MAX];
    size_t size = ssp_build_frame(frame, bytes);
    enum status status = STATUS_TIMEOUT;
    for (int i = 0; i < link->tries && (status == STATUS_TIMEOUT || status == STATUS_PROTOCOL);
         i++) {
        usb_port_flush(link->port);
        ssp_decoder_init(&link->decoder);
        status = serial_write(link->port, bytes, size, link->timeout_ms);
        if (status == STATUS_OK)
            status = receive_frame(link, frame->address);
        if (status == STATUS_OK)
            status = read_answer(link, sealed, answer);
        if (status == STATUS_TIMEOUT || status == STATUS_PROTOCOL)
            log_warning("cash_acceptor", "bad_exchange", "try %d: %s", i + 1, status_name(status));
    }
    return status;
}

enum status ssp_link_ask(struct ssp_link *link, const uint8_t *request, size_t size,
                         struct ssp_answer *answer)
{
    bool sealed = link->crypto.ready;
    struct ssp_frame frame = { .address = link->sequence ? SSP_SEQUENCE_BIT : 0,
                               .size = (uint8_t)size };
    if (sealed) {
        enum status status = ssp_crypto_seal(&link->crypto, request, size, &frame);
        if (status != STATUS_OK)
            return status;
    } else {
        memcpy(frame.data, request, size);
    }
    enum status status = exchange(link, &frame, sealed, answer);
    link->sequence = !link->sequence;
    return status;
}

enum status ssp_link_command(struct ssp_link *link, enum ssp_command command,
                             struct ssp_answer *answer)
{
    uint8_t request = (uint8_t)command;
    return ssp_link_ask(link, &request, 1, answer);
}

/* ---- opening ---- */

/* Acceptors on a real serial chip need it; the others ignore it, so a refusal is no error. */
static void open_line(struct ssp_link *link)
{
    static const struct serial_line LINE = { 9600, SERIAL_NO_PARITY, 2 };
    enum status status = serial_open_line(link->port, link->bridge, &LINE);
    if (status != STATUS_OK)
        log_debug("cash_acceptor", "no_line_coding", "%s", status_name(status));
}

enum status ssp_link_sync(struct ssp_link *link)
{
    struct ssp_answer answer;
    open_line(link);
    ssp_crypto_wipe(&link->crypto);
    link->sequence = true; /* SYNC goes out as 80; the next packet then carries bit 0 */
    enum status status = ssp_link_command(link, SSP_SYNC, &answer);
    if (status == STATUS_OK && answer.code != SSP_OK)
        return STATUS_PROTOCOL;
    return status;
}

static enum status send_number(struct ssp_link *link, enum ssp_command command, uint64_t number,
                               struct ssp_answer *answer)
{
    uint8_t request[9];
    struct bytes_writer writer;
    bytes_writer_init(&writer, request, sizeof request);
    bytes_write_u8(&writer, (uint8_t)command);
    bytes_write_u64le(&writer, number);
    enum status status = ssp_link_ask(link, request, sizeof request, answer);
    if (status == STATUS_OK && answer->code == SSP_UNKNOWN_COMMAND)
        return STATUS_UNSUPPORTED;
    return status == STATUS_OK && answer->code != SSP_OK ? STATUS_INVALID : status;
}

/* STATUS_INVALID: the device does not like these primes. */
static enum status try_key(struct ssp_link *link, uint64_t fixed_key)
{
    struct ssp_key_offer offer;
    struct ssp_answer answer;
    enum status status = ssp_crypto_make_offer(&offer);
    if (status == STATUS_OK)
        status = send_number(link, SSP_SET_GENERATOR, offer.generator, &answer);
    if (status == STATUS_OK)
        status = send_number(link, SSP_SET_MODULUS, offer.modulus, &answer);
    if (status == STATUS_OK)
        status = send_number(link, SSP_KEY_EXCHANGE, offer.host_inter, &answer);
    if (status == STATUS_OK && answer.size != 8)
        status = STATUS_PROTOCOL;
    if (status == STATUS_OK) {
        struct bytes_reader reader;
        bytes_reader_init(&reader, answer.data, answer.size);
        status = ssp_crypto_agree(&link->crypto, fixed_key, &offer, bytes_read_u64le(&reader));
    }
    bytes_wipe(&offer, sizeof offer);
    return status;
}

enum status ssp_link_agree_key(struct ssp_link *link, uint64_t fixed_key)
{
    enum status status = STATUS_INVALID;
    for (int i = 0; i < KEY_TRIES && status == STATUS_INVALID; i++)
        status = try_key(link, fixed_key);
    return status == STATUS_INVALID ? STATUS_PROTOCOL : status;
}
