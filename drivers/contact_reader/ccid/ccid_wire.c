#include "drivers/contact_reader/ccid/ccid_wire.h"

#include "base/bytes.h"
#include "base/check.h"

/* dwFeatures. */
enum {
    FEATURE_AUTO_ACTIVATION = 0x04,
    FEATURE_AUTO_VOLTAGE = 0x08,
    FEATURE_AUTO_NEGOTIATION = 0x40,
    FEATURE_AUTO_IFSD = 0x400,
    FEATURE_TPDU = 0x10000,
    FEATURE_SHORT_APDU = 0x20000,
    FEATURE_EXTENDED_APDU = 0x40000
};

enum {
    DESCRIPTOR_TYPE = 0x21,
    NOTICE_SLOT_CHANGE = 0x50,
    NOTICE_HARDWARE_ERROR = 0x51,
    NOTICE_HARDWARE_ERROR_SIZE = 4,
    ANSWER_LAST = 0x84
};

#define PART_SIZE_MIN 17 /* the ATR of a social security card; 54 is the least that was seen */

static enum ccid_level level_of(uint32_t features)
{
    if (features & FEATURE_EXTENDED_APDU)
        return CCID_LEVEL_EXTENDED_APDU;
    if (features & FEATURE_SHORT_APDU)
        return CCID_LEVEL_SHORT_APDU;
    return features & FEATURE_TPDU ? CCID_LEVEL_TPDU : CCID_LEVEL_CHARACTER;
}

static size_t room_of(uint32_t message_size)
{
    size_t room = message_size > CCID_HEADER_SIZE ? message_size - CCID_HEADER_SIZE : 0;
    return room < CCID_DATA_SIZE_MAX ? room : CCID_DATA_SIZE_MAX;
}

enum status ccid_parse_descriptor(const uint8_t *data, size_t size, struct ccid_descriptor *out)
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    if (bytes_read_u8(&reader) != CCID_DESCRIPTOR_SIZE ||
        bytes_read_u8(&reader) != DESCRIPTOR_TYPE || size < CCID_DESCRIPTOR_SIZE)
        return STATUS_PROTOCOL;
    *out = (struct ccid_descriptor){ .version = bytes_read_u16le(&reader) };
    out->slot_count = bytes_read_u8(&reader) + 1;
    out->voltages = bytes_read_u8(&reader);
    out->protocols = bytes_read_u32le(&reader);
    bytes_read_view(&reader, 18); /* clocks and data rates */
    out->block_size_max = bytes_read_u32le(&reader);
    bytes_read_view(&reader, 8); /* special protocols, mechanics */
    uint32_t features = bytes_read_u32le(&reader);
    out->level = level_of(features);
    out->chooses_voltage = (features & (FEATURE_AUTO_ACTIVATION | FEATURE_AUTO_VOLTAGE)) != 0;
    out->sets_parameters = (features & FEATURE_AUTO_NEGOTIATION) != 0;
    out->offers_block_size = (features & FEATURE_AUTO_IFSD) != 0;
    out->data_size_max = room_of(bytes_read_u32le(&reader));
    CHECK(!reader.bad);
    /* Below the APDU levels nothing can come in parts. */
    size_t least = out->level >= CCID_LEVEL_SHORT_APDU ? PART_SIZE_MIN : ATR_SIZE_MAX;
    bool fits = out->slot_count <= CCID_SLOTS_MAX && out->data_size_max >= least;
    return fits ? STATUS_OK : STATUS_UNSUPPORTED;
}

void ccid_build_header(const struct ccid_request *request, uint8_t out[CCID_HEADER_SIZE])
{
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, CCID_HEADER_SIZE);
    bytes_write_u8(&writer, (uint8_t)request->message);
    bytes_write_u32le(&writer, request->size);
    bytes_write_u8(&writer, request->slot);
    bytes_write_u8(&writer, request->sequence);
    bytes_write_all(&writer, request->specific, sizeof request->specific);
    CHECK(!writer.bad);
}

/* Values 3 are reserved; the cautious reading of each. */
static enum ccid_card card_of(uint8_t status)
{
    int card = status & 3;
    return card == 0 ? CCID_CARD_ACTIVE : card == 1 ? CCID_CARD_INACTIVE : CCID_CARD_ABSENT;
}

static enum ccid_outcome outcome_of(uint8_t status)
{
    int outcome = status >> 6;
    return outcome == 0 ? CCID_DONE : outcome == 2 ? CCID_MORE_TIME : CCID_FAILED;
}

enum status ccid_parse_reply(const uint8_t header[CCID_HEADER_SIZE], struct ccid_reply *out)
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, header, CCID_HEADER_SIZE);
    *out = (struct ccid_reply){ .message = bytes_read_u8(&reader) };
    uint32_t size = bytes_read_u32le(&reader);
    out->slot = bytes_read_u8(&reader);
    out->sequence = bytes_read_u8(&reader);
    uint8_t status = bytes_read_u8(&reader);
    out->card = card_of(status);
    out->outcome = outcome_of(status);
    out->error = bytes_read_u8(&reader);
    out->detail = bytes_read_u8(&reader);
    if (out->message < CCID_ANSWER_DATA || out->message > ANSWER_LAST || size > CCID_DATA_SIZE_MAX)
        return STATUS_PROTOCOL;
    out->size = size;
    return STATUS_OK;
}

size_t ccid_build_parameters(const struct atr *atr, enum card_protocol protocol,
                             uint8_t out[CCID_PARAMETERS_SIZE_MAX])
{
    const uint8_t inverse = atr->inverse ? 0x02 : 0;
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, CCID_PARAMETERS_SIZE_MAX);
    /* A card that may negotiate stays at the default speed until somebody does. */
    bytes_write_u8(&writer, atr->is_specific && atr->speed_applies ? atr->speed : 0x11);
    if (protocol == CARD_PROTOCOL_T0) {
        bytes_write_u8(&writer, inverse);
        bytes_write_u8(&writer, atr->guard);
        bytes_write_u8(&writer, atr->waiting);
        bytes_write_u8(&writer, 0); /* the clock is not to be stopped */
        return writer.offset;
    }
    bytes_write_u8(&writer, (uint8_t)(0x10 | inverse | (atr->crc ? 1 : 0)));
    bytes_write_u8(&writer, atr->guard);
    bytes_write_u8(&writer, atr->block_waiting);
    bytes_write_u8(&writer, 0);
    bytes_write_u8(&writer, atr->ifsc);
    bytes_write_u8(&writer, 0); /* NAD */
    CHECK(!writer.bad);
    return writer.offset;
}

/* Two bits a slot: a card is in, and that has changed. */
static uint32_t changed_slots(const uint8_t *bits, int slot_count)
{
    uint32_t slots = 0;
    for (int i = 0; i < slot_count; i++)
        if (bits[i / 4] >> (i % 4 * 2) & 2)
            slots |= 1u << i;
    return slots;
}

size_t ccid_parse_notice(const uint8_t *data, size_t size, int slot_count, struct ccid_notice *out)
{
    *out = (struct ccid_notice){ .kind = CCID_NOTICE_NONE };
    if (size == 0)
        return 0;
    size_t change_size = 1 + (size_t)(slot_count + 3) / 4;
    if (data[0] == NOTICE_SLOT_CHANGE && size >= change_size) {
        out->kind = CCID_NOTICE_SLOTS;
        out->slots = changed_slots(data + 1, slot_count);
        return change_size;
    }
    if (data[0] == NOTICE_HARDWARE_ERROR && size >= NOTICE_HARDWARE_ERROR_SIZE) {
        out->kind = CCID_NOTICE_HARDWARE_ERROR;
        out->slots = data[1] < CCID_SLOTS_MAX ? 1u << data[1] : 0;
        out->error = data[3];
        return NOTICE_HARDWARE_ERROR_SIZE;
    }
    return data[0] == NOTICE_SLOT_CHANGE || data[0] == NOTICE_HARDWARE_ERROR ? 0 : 1;
}
