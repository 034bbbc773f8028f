#include "drivers/contact_reader/ccid/ccid_link.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"

#define WRITE_TIMEOUT_MS 5000 /* as other hosts allow */
#define DATA_TIMEOUT_MS 1000  /* from a header to the last byte behind it */
#define ABORT_TIMEOUT_MS 1000
#define LATE_ANSWERS_MAX 10 /* other hosts read so many before they give up */

/* Class request on the control pipe; it goes with the bulk message CCID_ABORT of the same number.
 */
enum {
    REQUEST_TYPE_CLASS_OUT = 0x21,
    REQUEST_ABORT = 0x01
};

static int64_t now_ms(void)
{
    return clock_now_ms(&clock_system);
}

static enum status send_question(struct ccid_link *link, const struct ccid_question *question)
{
    uint8_t message[CCID_HEADER_SIZE + CCID_DATA_SIZE_MAX];
    struct ccid_request request = { .message = question->message,
                                    .slot = question->slot,
                                    .sequence = link->sequence,
                                    .size = (uint32_t)question->size };
    memcpy(request.specific, question->specific, sizeof request.specific);
    ccid_build_header(&request, message);
    if (question->size > 0)
        memcpy(message + CCID_HEADER_SIZE, question->data, question->size);
    size_t written = 0;
    enum status status = usb_port_write(link->port, 0, message, CCID_HEADER_SIZE + question->size,
                                        WRITE_TIMEOUT_MS, &written);
    bytes_wipe(message, sizeof message);
    return status;
}

/* One whole message, whoever it is for. STATUS_PROTOCOL: rubbish. */
static enum status read_message(struct ccid_link *link, int64_t until_ms, struct ccid_reply *reply,
                                uint8_t data[CCID_DATA_SIZE_MAX])
{
    uint8_t header[CCID_HEADER_SIZE];
    int64_t left_ms = until_ms - now_ms();
    enum status status =
        usb_port_read_all(link->port, 0, header, sizeof header, left_ms > 0 ? (int)left_ms : 0);
    if (status == STATUS_OK)
        status = ccid_parse_reply(header, reply);
    if (status == STATUS_OK && reply->size > 0)
        status = usb_port_read_all(link->port, 0, data, reply->size, DATA_TIMEOUT_MS);
    return status;
}

/* What is being waited for. */
struct waiting {
    int64_t until_ms, last_ms; /* last: whatever the reader asks for */
    int late;                  /* answers to earlier questions */
    bool done;
};

static enum status take_message(const struct ccid_link *link, const struct ccid_question *question,
                                const struct ccid_reply *reply, struct waiting *waiting)
{
    if (reply->sequence != link->sequence || reply->slot != question->slot) {
        log_debug("contact_reader", "late_answer", "number %d", reply->sequence);
        return ++waiting->late < LATE_ANSWERS_MAX ? STATUS_OK : STATUS_PROTOCOL;
    }
    if (reply->message != question->answer)
        return STATUS_PROTOCOL;
    waiting->done = reply->outcome != CCID_MORE_TIME;
    if (!waiting->done) {
        int64_t more_ms = (int64_t)question->timeout_ms * (reply->error > 0 ? reply->error : 1);
        int64_t until_ms = now_ms() + more_ms;
        waiting->until_ms = until_ms < waiting->last_ms ? until_ms : waiting->last_ms;
    }
    return STATUS_OK;
}

static enum status await_answer(struct ccid_link *link, const struct ccid_question *question,
                                struct ccid_reply *reply, uint8_t data[CCID_DATA_SIZE_MAX])
{
    struct waiting waiting = { .until_ms = now_ms() + question->timeout_ms,
                               .last_ms = now_ms() + question->timeout_ms + CCID_EXTENSION_MS_MAX };
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !waiting.done) {
        status = read_message(link, waiting.until_ms, reply, data);
        if (status == STATUS_OK)
            status = take_message(link, question, reply, &waiting);
    }
    return status;
}

/* Both halves carry the number of the question they end. What comes of it is not looked at:
 * whatever arrives late has a number nobody waits for. */
static void abort_question(struct ccid_link *link, const struct ccid_question *question)
{
    const struct usb_request request = {
        .type = REQUEST_TYPE_CLASS_OUT,
        .request = REQUEST_ABORT,
        .value = (uint16_t)(link->sequence << 8 | question->slot),
        .index = (uint16_t)usb_port_identity(link->port)->interface_number,
    };
    const struct ccid_question give_up = { .message = CCID_ABORT,
                                           .answer = CCID_ANSWER_STATUS,
                                           .slot = question->slot,
                                           .timeout_ms = ABORT_TIMEOUT_MS };
    struct ccid_reply reply;
    uint8_t data[CCID_DATA_SIZE_MAX];
    size_t got = 0;
    usb_port_flush(link->port);
    if (usb_port_control(link->port, &request, NULL, 0, ABORT_TIMEOUT_MS, &got) == STATUS_OK &&
        send_question(link, &give_up) == STATUS_OK)
        (void)!await_answer(link, &give_up, &reply, data);
    bytes_wipe(data, sizeof data);
}

static bool is_silence_or_rubbish(enum status status)
{
    return status == STATUS_TIMEOUT || status == STATUS_PROTOCOL || status == STATUS_IO;
}

enum status ccid_link_ask(struct ccid_link *link, const struct ccid_question *question,
                          struct ccid_reply *reply, uint8_t *data, size_t room)
{
    uint8_t arrived[CCID_DATA_SIZE_MAX];
    link->sequence++;
    usb_port_flush(link->port);
    enum status status = send_question(link, question);
    if (status == STATUS_OK)
        status = await_answer(link, question, reply, arrived);
    if (is_silence_or_rubbish(status)) {
        log_warning("contact_reader", "bad_exchange", "message %02x: %s",
                    (unsigned)question->message, status_name(status));
        abort_question(link, question);
        status = STATUS_IO;
    }
    if (status == STATUS_OK && reply->size > room)
        status = STATUS_FULL;
    if (status == STATUS_OK && reply->size > 0)
        memcpy(data, arrived, reply->size);
    bytes_wipe(arrived, sizeof arrived);
    return status;
}

void ccid_link_take_notices(struct ccid_link *link)
{
    int in = usb_port_identity(link->port)->interrupt_in;
    uint8_t data[64];
    size_t count;
    while ((count = usb_port_take(link->port, in, data, sizeof data)) > 0) {
        struct ccid_notice notice;
        for (size_t at = 0, used; at < count; at += used) {
            used = ccid_parse_notice(data + at, count - at, link->descriptor.slot_count, &notice);
            if (used == 0)
                break;
            if (notice.kind == CCID_NOTICE_HARDWARE_ERROR)
                log_warning("contact_reader", "hardware_error", "slots %#x, code %02x",
                            notice.slots, notice.error);
        }
    }
}
