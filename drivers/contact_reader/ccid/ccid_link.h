/*
 * Questions to a CCID reader and its answers, over one USB port: sequence numbers, late answers,
 * time extensions, giving up.
 *
 * Threads: the driver's own.
 */
#pragma once
#include "drivers/contact_reader/ccid/ccid_wire.h"
#include "drivers/usb/usb.h"

struct ccid_link {
    struct usb_port *port;
    struct ccid_descriptor descriptor;
    uint8_t sequence;
};

struct ccid_question {
    enum ccid_message message, answer;
    uint8_t slot;
    uint8_t specific[3];
    const uint8_t *data;
    size_t size;
    int timeout_ms;
};

/*
 * Asks once. Answers to earlier questions are left out; while the reader asks for time it gets it,
 * up to CCID_EXTENSION_MS_MAX in all. A question that got no answer is aborted in the reader.
 *
 * Requires: question->size <= descriptor.data_size_max (checked by the caller, who can say what is
 * wrong). Returns:  STATUS_OK with *reply and its data; what the reader made of the question is in
 * reply->outcome (never CCID_MORE_TIME). STATUS_FULL: the data are longer than room. STATUS_IO: the
 * reader is silent or answers rubbish. STATUS_DISCONNECTED, STATUS_CANCELLED.
 */
NODISCARD enum status ccid_link_ask(struct ccid_link *link, const struct ccid_question *question,
                                    struct ccid_reply *reply, uint8_t *data, size_t room);

#define CCID_EXTENSION_MS_MAX 20000

/* Takes every notice that has come. Each only says "look"; a hardware error is written down. */
void ccid_link_take_notices(struct ccid_link *link);
