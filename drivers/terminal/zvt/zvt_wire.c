#include "drivers/terminal/zvt/zvt_wire.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

#define DLE 0x10
#define STX 0x02
#define ETX 0x03
#define LONG_LENGTH 0xFF
#define HEAD_SIZE 3
#define LONG_HEAD_SIZE 5

uint16_t zvt_crc(const uint8_t *data, size_t size, uint16_t seed)
{
    uint16_t crc = seed;
    for (size_t i = 0; i < size; i++) {
        crc = (uint16_t)(crc ^ data[i]);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)((crc & 1) != 0 ? crc >> 1 ^ 0x8408 : crc >> 1);
    }
    return crc;
}

size_t zvt_build_apdu(const struct zvt_apdu *apdu, uint8_t *out)
{
    CHECK(apdu->size <= ZVT_DATA_MAX);
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, ZVT_APDU_MAX);
    bytes_write_u16be(&writer, apdu->command);
    if (apdu->size < LONG_LENGTH) {
        bytes_write_u8(&writer, (uint8_t)apdu->size);
    } else {
        bytes_write_u8(&writer, LONG_LENGTH);
        bytes_write_u16le(&writer, (uint16_t)apdu->size);
    }
    bytes_write_all(&writer, apdu->data, apdu->size);
    CHECK(!writer.bad);
    return writer.offset;
}

size_t zvt_build_block(const struct zvt_apdu *apdu, uint8_t *out)
{
    static const uint8_t BEGIN[] = { DLE, STX }, END[] = { DLE, ETX };
    uint8_t raw[ZVT_APDU_MAX];
    size_t size = zvt_build_apdu(apdu, raw);
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, ZVT_BLOCK_MAX);
    bytes_write_all(&writer, BEGIN, sizeof BEGIN);
    for (size_t i = 0; i < size; i++) {
        bytes_write_u8(&writer, raw[i]);
        if (raw[i] == DLE)
            bytes_write_u8(&writer, DLE);
    }
    bytes_write_all(&writer, END, sizeof END);
    bytes_write_u16le(&writer, zvt_crc(&END[1], 1, zvt_crc(raw, size, 0)));
    bytes_wipe(raw, sizeof raw);
    CHECK(!writer.bad);
    return writer.offset;
}

/* How long the APDU at the front will be; 0 while its head is not whole; over ZVT_APDU_MAX: bad. */
static size_t length_of(const uint8_t *raw, size_t count)
{
    if (count < HEAD_SIZE)
        return 0;
    if (raw[2] != LONG_LENGTH)
        return HEAD_SIZE + (size_t)raw[2];
    return count < LONG_HEAD_SIZE ? 0 : LONG_HEAD_SIZE + (size_t)(raw[3] | raw[4] << 8);
}

static void take_apdu(struct zvt_decoder *decoder, size_t length)
{
    size_t head = decoder->raw[2] == LONG_LENGTH ? LONG_HEAD_SIZE : HEAD_SIZE;
    decoder->apdu.command = (uint16_t)(decoder->raw[0] << 8 | decoder->raw[1]);
    decoder->apdu.size = length - head;
    memcpy(decoder->apdu.data, decoder->raw + head, decoder->apdu.size);
}

void zvt_decoder_init(struct zvt_decoder *decoder, bool serial)
{
    bytes_wipe(decoder, sizeof *decoder);
    decoder->serial = serial;
}

static enum zvt_progress feed_stream(struct zvt_decoder *decoder, uint8_t byte)
{
    decoder->raw[decoder->count++] = byte;
    size_t length = length_of(decoder->raw, decoder->count);
    if (length > ZVT_APDU_MAX) {
        decoder->count = 0;
        return ZVT_BAD;
    }
    if (length == 0 || decoder->count < length)
        return ZVT_MORE;
    take_apdu(decoder, length);
    decoder->count = 0;
    return ZVT_APDU;
}

/* ---- blocks of a serial line ---- */

enum {
    BETWEEN, /* blocks */
    OPENING, /* DLE seen, STX expected */
    INSIDE,
    ESCAPED, /* DLE seen inside: another DLE, or the end */
    CRC_LOW,
    CRC_HIGH,
};

static enum zvt_progress between(struct zvt_decoder *decoder, uint8_t byte)
{
    if (byte == DLE)
        decoder->state = OPENING;
    if (byte == ZVT_ACK)
        return ZVT_ACKED;
    return byte == ZVT_NAK ? ZVT_NAKED : ZVT_MORE;
}

static enum zvt_progress drop_block(struct zvt_decoder *decoder)
{
    decoder->state = BETWEEN;
    decoder->count = 0;
    return ZVT_BAD;
}

static enum zvt_progress keep(struct zvt_decoder *decoder, uint8_t byte)
{
    if (decoder->count == sizeof decoder->raw)
        return drop_block(decoder);
    decoder->raw[decoder->count++] = byte;
    decoder->state = INSIDE;
    return ZVT_MORE;
}

static enum zvt_progress escaped(struct zvt_decoder *decoder, uint8_t byte)
{
    if (byte == DLE)
        return keep(decoder, byte);
    if (byte == ETX) {
        decoder->state = CRC_LOW;
        return ZVT_MORE;
    }
    if (byte != STX)
        return drop_block(decoder);
    decoder->state = INSIDE; /* the other side began anew */
    decoder->count = 0;
    return ZVT_MORE;
}

static enum zvt_progress end_block(struct zvt_decoder *decoder, uint8_t crc_high)
{
    static const uint8_t END = ETX;
    uint16_t crc = (uint16_t)(decoder->crc_low | crc_high << 8);
    size_t count = decoder->count;
    bool whole = count >= HEAD_SIZE && length_of(decoder->raw, count) == count;
    drop_block(decoder);
    if (!whole || crc != zvt_crc(&END, 1, zvt_crc(decoder->raw, count, 0)))
        return ZVT_BAD;
    take_apdu(decoder, count);
    return ZVT_APDU;
}

static enum zvt_progress feed_line(struct zvt_decoder *decoder, uint8_t byte)
{
    switch (decoder->state) {
    case OPENING:
        decoder->state = byte == STX ? INSIDE : BETWEEN;
        return byte == STX ? ZVT_MORE : ZVT_BAD;
    case INSIDE:
        if (byte != DLE)
            return keep(decoder, byte);
        decoder->state = ESCAPED;
        return ZVT_MORE;
    case ESCAPED:
        return escaped(decoder, byte);
    case CRC_LOW:
        decoder->crc_low = byte;
        decoder->state = CRC_HIGH;
        return ZVT_MORE;
    case CRC_HIGH:
        return end_block(decoder, byte);
    default:
        return between(decoder, byte);
    }
}

enum zvt_progress zvt_decoder_feed(struct zvt_decoder *decoder, uint8_t byte)
{
    return decoder->serial ? feed_line(decoder, byte) : feed_stream(decoder, byte);
}
