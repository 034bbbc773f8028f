#include "tools/simulator/contact_exchange.h"
#include "base/bytes.h"
#include "base/check.h"
#include <string.h>

enum {
    MESSAGE_SET_PARAMETERS = 0x61,
    MESSAGE_POWER_ON = 0x62,
    MESSAGE_POWER_OFF = 0x63,
    MESSAGE_SLOT_STATUS = 0x65,
    MESSAGE_GET_PARAMETERS = 0x6C,
    MESSAGE_TRANSFER = 0x6F
};
enum {
    ANSWER_DATA = 0x80,
    ANSWER_STATUS = 0x81,
    ANSWER_PARAMETERS = 0x82
};
enum {
    ERROR_NOT_SUPPORTED = 0x00,
    ERROR_LENGTH = 0x01,
    ERROR_POWER = 0x07,
    ERROR_PARITY = 0xFD,
    ERROR_MUTE = 0xFE
};
enum {
    PART_WHOLE = 0x00,
    PART_FIRST = 0x01,
    PART_LAST = 0x02,
    PART_MIDDLE = 0x03,
    PART_NONE = 0x10
};
enum {
    DELAY_STATUS_MS = 2,
    DELAY_RESET_MS = 60,
    DELAY_TRANSFER_MS = 20 /* some 300 bytes a second at the default speed */
};

static bool take_fault(struct model_contact_reader *reader, enum contact_fault fault)
{
    if (reader->fault != fault)
        return false;
    reader->fault = CONTACT_FAULT_NONE;
    return true;
}

/* ---- answers ---- */

static uint8_t card_bits(const struct model_contact_reader *reader, int slot)
{
    const struct contact_card *card = &reader->slots[slot < CONTACT_SLOTS ? slot : 0];
    if (slot >= reader->features.slot_count || card->kind == NULL)
        return 2;
    return card->powered ? 0 : 1;
}

static uint8_t answer_type(uint8_t type)
{
    switch (type) {
    case MESSAGE_POWER_ON:
    case MESSAGE_TRANSFER:
        return ANSWER_DATA;
    case MESSAGE_SET_PARAMETERS:
    case MESSAGE_GET_PARAMETERS:
        return ANSWER_PARAMETERS;
    }
    return ANSWER_STATUS;
}

static void compose(struct model_contact_reader *reader, const struct message *message,
                    uint8_t type, uint8_t status, uint8_t error, uint8_t detail, const void *data,
                    size_t size)
{
    struct bytes_writer writer;
    bytes_writer_init(&writer, reader->reply, sizeof reader->reply);
    bytes_write_u8(&writer, type);
    bytes_write_u32le(&writer, (uint32_t)size);
    bytes_write_u8(&writer, message->slot);
    bytes_write_u8(&writer, message->sequence);
    bytes_write_u8(&writer, status);
    bytes_write_u8(&writer, error);
    bytes_write_u8(&writer, detail);
    if (size > 0)
        bytes_write_all(&writer, data, size);
    CHECK(!writer.bad);
    reader->reply_size = writer.offset;
}

static void answer(struct model_contact_reader *reader, const struct message *message, int delay_ms,
                   uint8_t detail, const void *data, size_t size)
{
    compose(reader, message, answer_type(message->type), card_bits(reader, message->slot), 0,
            detail, data, size);
    reader->reply_at_ms = usb_model_after(&reader->usb, delay_ms);
}

void contact_exchange_refuse(struct model_contact_reader *reader, const struct message *message,
                             uint8_t error)
{
    compose(reader, message, answer_type(message->type), card_bits(reader, message->slot) | 0x40,
            error, 0, NULL, 0);
    reader->reply_at_ms = usb_model_after(&reader->usb, DELAY_STATUS_MS);
}

/* ---- power and parameters ---- */

static bool answers_at(const struct model_contact_reader *reader, uint8_t select)
{
    const struct contact_features *features = &reader->features;
    if (reader->fault == CONTACT_FAULT_MUTE)
        return false;
    return features->card_voltage == 0 || (select == 0 && features->chooses_voltage) ||
           select == features->card_voltage;
}

static void power_on(struct model_contact_reader *reader, const struct message *message)
{
    static const uint8_t NO_ATR[] = { 0x3B, 0x6D, 0x00 };
    struct contact_card *card = &reader->slots[message->slot];
    uint8_t atr[33], select = message->specific[0];
    reader->resets++;
    if (select == 0 && !reader->features.chooses_voltage) {
        reader->protocol_errors++;
        contact_exchange_refuse(reader, message, ERROR_POWER);
        return;
    }
    if (card->kind == NULL || !answers_at(reader, select)) {
        contact_exchange_refuse(reader, message, ERROR_MUTE);
        return;
    }
    size_t size = contact_card_reset(card, atr);
    bool is_bad = reader->fault == CONTACT_FAULT_BAD_ATR;
    answer(reader, message, DELAY_RESET_MS, 0, is_bad ? NO_ATR : atr,
           is_bad ? sizeof NO_ATR : size);
}

static void power_off(struct model_contact_reader *reader, const struct message *message)
{
    struct contact_card *card = &reader->slots[message->slot];
    if (card->kind != NULL)
        contact_card_power_off(card);
    answer(reader, message, DELAY_STATUS_MS, 0, NULL, 0);
}

static const uint8_t PARAMETERS_T0[] = { 0x11, 0x00, 0x00, 0x0A, 0x00 };
static const uint8_t PARAMETERS_T1[] = { 0x11, 0x10, 0x00, 0x45, 0x00, 0x10, 0x00 };

static void parameters(struct model_contact_reader *reader, const struct message *message)
{
    const struct contact_card *card = &reader->slots[message->slot];
    if (!card->powered) {
        contact_exchange_refuse(reader, message, ERROR_MUTE);
        return;
    }
    bool is_t1 = card->kind->speaks_t1;
    const uint8_t *own = is_t1 ? PARAMETERS_T1 : PARAMETERS_T0;
    size_t size = is_t1 ? sizeof PARAMETERS_T1 : sizeof PARAMETERS_T0;
    bool agrees = message->specific[0] == (is_t1 ? 1 : 0) && message->size == size &&
                  memcmp(message->data, own, size) == 0;
    if (message->type == MESSAGE_SET_PARAMETERS && !agrees)
        reader->protocol_errors++;
    answer(reader, message, DELAY_STATUS_MS, is_t1 ? 1 : 0, own, size);
}

/* ---- transfers ---- */

static size_t room_of(const struct model_contact_reader *reader)
{
    return (size_t)reader->features.message_size - CONTACT_HEADER_SIZE;
}

/* The next part of an answer, at the extended level. */
static void give_part(struct model_contact_reader *reader, const struct message *message)
{
    size_t left = reader->answer_size - reader->answer_offset, room = room_of(reader);
    size_t size = left < room ? left : room;
    bool is_first = reader->answer_offset == 0, is_last = size == left;
    uint8_t part =
        is_first ? (is_last ? PART_WHOLE : PART_FIRST) : (is_last ? PART_LAST : PART_MIDDLE);
    answer(reader, message, DELAY_TRANSFER_MS, part, reader->answer + reader->answer_offset, size);
    reader->answer_offset += size;
}

static void transfer_extended(struct model_contact_reader *reader, const struct message *message)
{
    uint8_t part = message->specific[1];
    if (part == PART_NONE) {
        if (message->size != 0 || reader->answer_offset == reader->answer_size)
            reader->protocol_errors++;
        give_part(reader, message);
        return;
    }
    if (part == PART_WHOLE || part == PART_FIRST)
        reader->command_size = 0;
    if (part > PART_MIDDLE || message->size > sizeof reader->command - reader->command_size) {
        reader->protocol_errors++;
        contact_exchange_refuse(reader, message, ERROR_LENGTH);
        return;
    }
    memcpy(reader->command + reader->command_size, message->data, message->size);
    reader->command_size += message->size;
    if (part == PART_FIRST || part == PART_MIDDLE) {
        answer(reader, message, DELAY_STATUS_MS, PART_NONE, NULL, 0);
        return;
    }
    reader->answer_size = contact_card_take_apdu(&reader->slots[message->slot], reader->command,
                                                 reader->command_size, reader->answer);
    reader->answer_offset = 0;
    give_part(reader, message);
}

static void transfer_bare(struct model_contact_reader *reader, const struct message *message)
{
    struct contact_card *card = &reader->slots[message->slot];
    uint8_t out[CONTACT_CARD_BLOCK_MAX];
    size_t size;
    if (message->specific[1] != 0 || message->specific[2] != 0)
        reader->protocol_errors++;
    if (reader->features.level == CONTACT_LEVEL_SHORT)
        size = contact_card_take_apdu(card, message->data, message->size, out);
    else if (card->kind->speaks_t1)
        size = contact_card_take_block(card, message->data, message->size, out);
    else
        size = contact_card_take_tpdu(card, message->data, message->size, out);
    answer(reader, message, DELAY_TRANSFER_MS, 0, out, size);
}

static void transfer(struct model_contact_reader *reader, const struct message *message)
{
    struct contact_card *card = &reader->slots[message->slot];
    reader->transfers++;
    if (take_fault(reader, CONTACT_FAULT_PULL))
        model_contact_reader_set_card(reader, message->slot, NULL);
    if (card->kind == NULL || !card->powered) {
        contact_exchange_refuse(reader, message, ERROR_MUTE);
        return;
    }
    bool shows_blocks = reader->features.level == CONTACT_LEVEL_TPDU && card->kind->speaks_t1;
    if (reader->fault == CONTACT_FAULT_CHECKSUM && !shows_blocks) {
        reader->fault = CONTACT_FAULT_NONE;
        contact_exchange_refuse(reader, message, ERROR_PARITY);
        return;
    }
    if (shows_blocks && take_fault(reader, CONTACT_FAULT_CHECKSUM))
        card->spoils_next = true;
    if (shows_blocks && take_fault(reader, CONTACT_FAULT_WAITING))
        card->waits_next = true;
    if (reader->features.level == CONTACT_LEVEL_EXTENDED)
        transfer_extended(reader, message);
    else
        transfer_bare(reader, message);
    if (take_fault(reader, CONTACT_FAULT_EXTENSION))
        reader->extensions_left = 2;
}

/* ---- messages ---- */

void contact_exchange_execute(struct model_contact_reader *reader, const struct message *message)
{
    switch (message->type) {
    case MESSAGE_POWER_ON:
        power_on(reader, message);
        return;
    case MESSAGE_POWER_OFF:
        power_off(reader, message);
        return;
    case MESSAGE_SLOT_STATUS:
        answer(reader, message, DELAY_STATUS_MS, 0, NULL, 0);
        return;
    case MESSAGE_SET_PARAMETERS:
    case MESSAGE_GET_PARAMETERS:
        parameters(reader, message);
        return;
    case MESSAGE_TRANSFER:
        transfer(reader, message);
        return;
    }
    reader->protocol_errors++;
    contact_exchange_refuse(reader, message, ERROR_NOT_SUPPORTED);
}

void contact_exchange_acknowledge(struct model_contact_reader *reader,
                                  const struct message *message)
{
    answer(reader, message, DELAY_STATUS_MS, 0, NULL, 0);
}
