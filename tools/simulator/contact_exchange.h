/*
 * What the contact card reader makes of one message: power, parameters, transfers at each level.
 * The wire (model_contact_reader.c) brings the message and sends the reply.
 */
#pragma once
#include "tools/simulator/model_contact_reader.h"

#define CONTACT_HEADER_SIZE 10

struct message {
    uint8_t type, slot, sequence;
    const uint8_t *specific; /* bytes 7 to 9 */
    const uint8_t *data;
    size_t size;
};

/* Each composes the reply and says when it leaves. */
void contact_exchange_execute(struct model_contact_reader *reader, const struct message *message);
void contact_exchange_refuse(struct model_contact_reader *reader, const struct message *message,
                             uint8_t error);
void contact_exchange_acknowledge(struct model_contact_reader *reader,
                                  const struct message *message);
