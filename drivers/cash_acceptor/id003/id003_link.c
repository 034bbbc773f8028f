#include "drivers/cash_acceptor/id003/id003_link.h"

#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/log.h"

/* Hosts in use wait 50 to 300 ms; a bridge adds its own delay. UNCONFIRMED by the maker. */
#define REPLY_TIMEOUT_MS 500
#define TRIES 5

void id003_link_init(struct id003_link *link, struct usb_port *port, enum serial_bridge bridge,
                     int baud)
{
    memset(link, 0, sizeof *link);
    link->port = port;
    link->bridge = bridge;
    link->baud = baud;
    link->timeout_ms = REPLY_TIMEOUT_MS;
    link->tries = TRIES;
}

enum status id003_link_open(struct id003_link *link)
{
    const struct serial_line line = { link->baud, SERIAL_EVEN_PARITY, 1 };
    return serial_open_line(link->port, link->bridge, &line);
}

/* Which frame may answer a command: an earlier one's late answer must not. */
static bool answers(enum id003_command command, uint8_t code)
{
    if (code == ID003_INVALID_COMMAND)
        return true;
    switch (command) {
    case ID003_STATUS_REQUEST:
        return code != ID003_ACK && code != ID003_ENQUIRY && code < ID003_VERSION;
    case ID003_RESET:
    case ID003_STACK_1:
    case ID003_STACK_2:
    case ID003_RETURN:
    case ID003_HOLD:
        return code == ID003_ACK;
    case ID003_ACK:
        return false;
    case ID003_DENOMINATIONS:
    case ID003_SECURITY:
    case ID003_COMMUNICATION:
    case ID003_INHIBIT:
    case ID003_DIRECTION:
    case ID003_FUNCTIONS:
    case ID003_VERSION:
    case ID003_CURRENCY:
        return code == (uint8_t)command;
    }
    return false;
}

static enum status send(struct id003_link *link, const struct id003_frame *frame)
{
    uint8_t bytes[ID003_FRAME_MAX];
    size_t size = id003_build_frame(frame, bytes);
    usb_port_flush(link->port);
    id003_decoder_init(&link->decoder);
    return serial_write(link->port, bytes, size, link->timeout_ms);
}

static enum status receive(struct id003_link *link, enum id003_command command)
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
        enum id003_progress progress = id003_decoder_feed(&link->decoder, byte);
        if (progress == ID003_BAD)
            return STATUS_PROTOCOL;
        if (progress == ID003_FRAME && answers(command, link->decoder.frame.code))
            return STATUS_OK;
    }
}

static enum status exchange(struct id003_link *link, const struct id003_frame *frame, int tries,
                            struct id003_frame *answer)
{
    enum status status = STATUS_TIMEOUT;
    for (int i = 0; i < tries && (status == STATUS_TIMEOUT || status == STATUS_PROTOCOL); i++) {
        status = send(link, frame);
        if (status == STATUS_OK)
            status = receive(link, (enum id003_command)frame->code);
        if (status == STATUS_TIMEOUT || status == STATUS_PROTOCOL)
            log_warning("cash_acceptor", "bad_exchange", "%02x, try %d: %s", frame->code, i + 1,
                        status_name(status));
    }
    if (status == STATUS_OK)
        *answer = link->decoder.frame;
    return status;
}

enum status id003_link_status(struct id003_link *link, struct id003_frame *answer)
{
    const struct id003_frame frame = { .code = ID003_STATUS_REQUEST };
    enum status status = STATUS_OK;
    answer->code = ID003_COMMUNICATION_ERROR; /* it did not understand: the same once more */
    for (int i = 0; i < link->tries && status == STATUS_OK; i++) {
        status = exchange(link, &frame, link->tries, answer);
        if (status == STATUS_OK && answer->code != ID003_COMMUNICATION_ERROR &&
            answer->code != ID003_INVALID_COMMAND)
            return STATUS_OK;
    }
    return status == STATUS_OK ? STATUS_PROTOCOL : status;
}

enum status id003_link_ask(struct id003_link *link, enum id003_command command, const uint8_t *data,
                           uint8_t size, struct id003_frame *answer)
{
    struct id003_frame frame = { .code = (uint8_t)command, .size = size };
    CHECK(size <= ID003_DATA_MAX);
    if (size > 0)
        memcpy(frame.data, data, size);
    enum status status = exchange(link, &frame, link->tries, answer);
    return status == STATUS_OK && answer->code == ID003_INVALID_COMMAND ? STATUS_UNSUPPORTED
                                                                        : status;
}

enum status id003_link_order(struct id003_link *link, enum id003_command command, bool *taken_out)
{
    const struct id003_frame frame = { .code = (uint8_t)command };
    struct id003_frame answer = { .code = ID003_INVALID_COMMAND };
    enum status status = exchange(link, &frame, 1, &answer);
    *taken_out = status == STATUS_OK && answer.code == ID003_ACK;
    return status == STATUS_TIMEOUT || status == STATUS_PROTOCOL ? STATUS_OK : status;
}

enum status id003_link_ack(struct id003_link *link)
{
    const struct id003_frame frame = { .code = ID003_ACK };
    return send(link, &frame);
}
