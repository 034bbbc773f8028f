#include "drivers/contact_reader/ccid/ccid_slot.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"

#define STATUS_TIMEOUT_MS 2000   /* GetSlotStatus: some readers need a second */
#define POWER_TIMEOUT_MS 3000    /* a reset may try each voltage's timing */
#define TRANSFER_TIMEOUT_MS 3000 /* T=0 waits about a second, T=1 asks for more */
#define LOOK_TRIES 3             /* looking changes nothing, so it may be repeated */

/* bPowerSelect. */
enum {
    POWER_AUTOMATIC = 0
};

struct voltage {
    uint8_t supported; /* bit of bVoltageSupport */
    uint8_t select;
};

/* 5 V first, as hosts in the field do; the class of social security cards is UNCONFIRMED. */
static const struct voltage VOLTAGES[] = {
    { .supported = 1, .select = 1 },
    { .supported = 2, .select = 2 },
    { .supported = 4, .select = 3 },
};

/* ---- what a reader's refusal means for the card ---- */

static enum status status_of(const struct ccid_reply *reply)
{
    if (reply->outcome == CCID_DONE)
        return STATUS_OK;
    if (reply->card == CCID_CARD_ABSENT)
        return STATUS_NOT_FOUND;
    if (reply->error == CCID_ERROR_MUTE)
        return STATUS_TIMEOUT;
    /* Of the other codes those below 80 mean that the reader does not know what we want. */
    return reply->error <= CCID_ERROR_FIELD_LAST ? STATUS_UNSUPPORTED : STATUS_PROTOCOL;
}

static enum status ask(struct ccid_slot *slot, struct ccid_question *question,
                       struct ccid_reply *reply, uint8_t *data, size_t room)
{
    question->slot = slot->number;
    return ccid_link_ask(slot->reader, question, reply, data, room);
}

enum status ccid_slot_look(struct ccid_slot *slot, bool *present_out)
{
    struct ccid_question question = { .message = CCID_SLOT_STATUS,
                                      .answer = CCID_ANSWER_STATUS,
                                      .timeout_ms = STATUS_TIMEOUT_MS };
    struct ccid_reply reply;
    enum status status = STATUS_IO;
    for (int i = 0; i < LOOK_TRIES && status == STATUS_IO; i++)
        status = ask(slot, &question, &reply, NULL, 0);
    if (status == STATUS_OK)
        *present_out = reply.card != CCID_CARD_ABSENT;
    return status == STATUS_FULL ? STATUS_IO : status;
}

void ccid_slot_power_off(struct ccid_slot *slot)
{
    struct ccid_question question = { .message = CCID_POWER_OFF,
                                      .answer = CCID_ANSWER_STATUS,
                                      .timeout_ms = STATUS_TIMEOUT_MS };
    struct ccid_reply reply;
    (void)!ask(slot, &question, &reply, NULL, 0);
}

/* ---- power ---- */

static enum status reset_at(struct ccid_slot *slot, uint8_t select)
{
    uint8_t data[ATR_SIZE_MAX + 1]; /* some readers add a byte */
    struct ccid_question question = { .message = CCID_POWER_ON,
                                      .answer = CCID_ANSWER_DATA,
                                      .specific = { select },
                                      .timeout_ms = POWER_TIMEOUT_MS };
    struct ccid_reply reply;
    enum status status = ask(slot, &question, &reply, data, sizeof data);
    if (status == STATUS_OK)
        status = status_of(&reply);
    if (status == STATUS_OK)
        status = atr_parse(data, reply.size, &slot->atr);
    return status == STATUS_FULL ? STATUS_PROTOCOL : status;
}

static bool is_final(enum status status)
{
    return status == STATUS_OK || status == STATUS_NOT_FOUND || status == STATUS_DISCONNECTED ||
           status == STATUS_CANCELLED || status == STATUS_IO;
}

static enum status reset_at_some_voltage(struct ccid_slot *slot)
{
    const struct ccid_descriptor *descriptor = &slot->reader->descriptor;
    if (descriptor->chooses_voltage || descriptor->voltages == 0)
        return reset_at(slot, POWER_AUTOMATIC);
    enum status status = STATUS_UNSUPPORTED;
    for (size_t i = 0; i < ARRAY_SIZE(VOLTAGES) && !is_final(status); i++) {
        if ((descriptor->voltages & VOLTAGES[i].supported) == 0)
            continue;
        if (status != STATUS_UNSUPPORTED)
            ccid_slot_power_off(slot);
        status = reset_at(slot, VOLTAGES[i].select);
    }
    return status;
}

/* ---- protocol ---- */

/* A reader that negotiates with the card knows best which protocol came of it. */
static enum status ask_protocol(struct ccid_slot *slot)
{
    uint8_t data[CCID_DATA_SIZE_MAX];
    struct ccid_question question = { .message = CCID_GET_PARAMETERS,
                                      .answer = CCID_ANSWER_PARAMETERS,
                                      .timeout_ms = STATUS_TIMEOUT_MS };
    struct ccid_reply reply;
    enum status status = ask(slot, &question, &reply, data, sizeof data);
    if (status == STATUS_OK && reply.outcome == CCID_DONE && reply.detail <= CARD_PROTOCOL_T1 &&
        slot->atr.offers[reply.detail])
        slot->protocol = (enum card_protocol)reply.detail;
    return status;
}

static enum status tell_parameters(struct ccid_slot *slot)
{
    uint8_t parameters[CCID_PARAMETERS_SIZE_MAX], data[CCID_DATA_SIZE_MAX];
    struct ccid_question question = {
        .message = CCID_SET_PARAMETERS,
        .answer = CCID_ANSWER_PARAMETERS,
        .specific = { (uint8_t)slot->protocol },
        .data = parameters,
        .size = ccid_build_parameters(&slot->atr, slot->protocol, parameters),
        .timeout_ms = STATUS_TIMEOUT_MS,
    };
    struct ccid_reply reply;
    enum status status = ask(slot, &question, &reply, data, sizeof data);
    if (status == STATUS_OK)
        status = status_of(&reply);
    if (status != STATUS_UNSUPPORTED)
        return status;
    /* Such a reader keeps to what the ATR says; the first command will tell. */
    log_warning("contact_reader", "parameters_refused", "error %02x", reply.error);
    return STATUS_OK;
}

static enum status settle(struct ccid_slot *slot)
{
    const struct ccid_descriptor *descriptor = &slot->reader->descriptor;
    slot->protocol = slot->atr.protocol;
    enum status status = descriptor->sets_parameters ? ask_protocol(slot) : tell_parameters(slot);
    if (status != STATUS_OK || descriptor->level != CCID_LEVEL_TPDU ||
        slot->protocol != CARD_PROTOCOL_T1)
        return status;
    t1_init(&slot->t1, &slot->link, &slot->atr, descriptor->data_size_max);
    return descriptor->offers_block_size
               ? STATUS_OK
               : t1_offer_block_size(&slot->t1, descriptor->block_size_max);
}

enum status ccid_slot_power_on(struct ccid_slot *slot)
{
    enum status status = reset_at_some_voltage(slot);
    if (status == STATUS_OK)
        status = settle(slot);
    if (status == STATUS_OK)
        log_info("contact_reader", "card_reset", "T=%d, level %d", (int)slot->protocol,
                 (int)slot->reader->descriptor.level);
    return status;
}

/* ---- commands ---- */

static enum status transfer(struct ccid_slot *slot, enum ccid_part part, const uint8_t *data,
                            size_t size, struct ccid_reply *reply, uint8_t *in, size_t room)
{
    struct ccid_question question = { .message = CCID_TRANSFER,
                                      .answer = CCID_ANSWER_DATA,
                                      .specific = { slot->link.waiting_factor, (uint8_t)part },
                                      .data = data,
                                      .size = size,
                                      .timeout_ms = TRANSFER_TIMEOUT_MS };
    if (slot->link.waiting_factor > 1)
        question.timeout_ms += TRANSFER_TIMEOUT_MS;
    enum status status = ask(slot, &question, reply, in, room);
    if (status == STATUS_OK)
        status = status_of(reply);
    /* Without power it was out and in again meanwhile; otherwise the reader does not know what we
     * want, and no card will change that. */
    if (status == STATUS_UNSUPPORTED)
        status = reply->card == CCID_CARD_INACTIVE ? STATUS_PROTOCOL : STATUS_IO;
    return status == STATUS_FULL ? STATUS_PROTOCOL : status;
}

/* All but the last part of a message too long for the reader; each is answered by "go on". */
static enum status send_parts(struct ccid_slot *slot, const uint8_t *out, size_t size,
                              size_t *sent_out)
{
    size_t room = slot->reader->descriptor.data_size_max, offset = 0;
    enum status status = STATUS_OK;
    while (size - offset > room && status == STATUS_OK) {
        struct ccid_reply reply;
        enum ccid_part part = offset == 0 ? CCID_PART_FIRST : CCID_PART_MIDDLE;
        status = transfer(slot, part, out + offset, room, &reply, NULL, 0);
        if (status == STATUS_OK && reply.detail != CCID_PART_NONE)
            status = STATUS_PROTOCOL;
        offset += room;
    }
    *sent_out = offset;
    return status;
}

static bool has_more(const struct ccid_reply *reply)
{
    return reply->detail == CCID_PART_FIRST || reply->detail == CCID_PART_MIDDLE;
}

static enum status transmit_in_parts(struct ccid_slot *slot, const uint8_t *out, size_t size,
                                     uint8_t *in, size_t in_size, size_t *got_out)
{
    struct ccid_reply reply = { 0 };
    size_t sent = 0;
    enum status status = send_parts(slot, out, size, &sent);
    enum ccid_part part = sent == 0 ? CCID_PART_WHOLE : CCID_PART_LAST;
    if (status == STATUS_OK)
        status = transfer(slot, part, out + sent, size - sent, &reply, in, in_size);
    *got_out = status == STATUS_OK ? reply.size : 0;
    while (status == STATUS_OK && has_more(&reply)) {
        status = transfer(slot, CCID_PART_NONE, NULL, 0, &reply, in + *got_out, in_size - *got_out);
        if (status == STATUS_OK && reply.size == 0)
            status = STATUS_PROTOCOL; /* nothing, again and again */
        *got_out += status == STATUS_OK ? reply.size : 0;
    }
    return status;
}

static struct ccid_slot *slot_of(struct card_link *link)
{
    return (struct ccid_slot *)((char *)link - offsetof(struct ccid_slot, link));
}

static enum status transmit(struct card_link *link, const uint8_t *out, size_t size, uint8_t *in,
                            size_t in_size, size_t *got_out)
{
    struct ccid_slot *slot = slot_of(link);
    const struct ccid_descriptor *descriptor = &slot->reader->descriptor;
    *got_out = 0;
    if (descriptor->level == CCID_LEVEL_EXTENDED_APDU)
        return transmit_in_parts(slot, out, size, in, in_size, got_out);
    if (size > descriptor->data_size_max) {
        log_error("contact_reader", "message_too_long", "%zu bytes, the reader takes %zu", size,
                  descriptor->data_size_max);
        return STATUS_IO;
    }
    struct ccid_reply reply;
    enum status status = transfer(slot, CCID_PART_WHOLE, out, size, &reply, in, in_size);
    *got_out = status == STATUS_OK ? reply.size : 0;
    return status;
}

static enum status exchange(struct apdu_channel *channel, const struct apdu *command,
                            struct apdu_answer *out)
{
    struct ccid_slot *slot = (struct ccid_slot *)channel;
    bool is_bare = slot->reader->descriptor.level == CCID_LEVEL_TPDU;
    if (is_bare && slot->protocol == CARD_PROTOCOL_T1)
        return apdu_exchange(&slot->t1.link, APDU_FORM_WHOLE, command, out);
    return apdu_exchange(&slot->link, is_bare ? APDU_FORM_TPDU : APDU_FORM_WHOLE, command, out);
}

void ccid_slot_init(struct ccid_slot *slot, struct ccid_link *reader, int number)
{
    *slot = (struct ccid_slot){ .channel = { .exchange = exchange },
                                .link = { .transmit = transmit },
                                .reader = reader,
                                .number = (uint8_t)number };
}
