#include "drivers/cash_acceptor/id003/id003_wire.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

#define HEAD_SIZE 3 /* FC, length, code */
#define CRC_SIZE 2
#define CURRENCY_ROW_SIZE 4
#define VALUE_YUAN_MAX 100000 /* more than any banknote of any currency we could be set to */

uint16_t id003_crc(const uint8_t *data, size_t size)
{
    uint16_t crc = 0;
    for (size_t i = 0; i < size; i++) {
        crc = (uint16_t)(crc ^ data[i]);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)((crc & 1) != 0 ? crc >> 1 ^ 0x8408 : crc >> 1);
    }
    return crc;
}

size_t id003_build_frame(const struct id003_frame *frame, uint8_t *out)
{
    CHECK(frame->size <= ID003_DATA_MAX);
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, ID003_FRAME_MAX);
    bytes_write_u8(&writer, ID003_STX);
    bytes_write_u8(&writer, (uint8_t)(ID003_FRAME_MIN + frame->size));
    bytes_write_u8(&writer, frame->code);
    bytes_write_all(&writer, frame->data, frame->size);
    bytes_write_u16le(&writer, id003_crc(out, writer.offset));
    CHECK(!writer.bad);
    return writer.offset;
}

void id003_decoder_init(struct id003_decoder *decoder)
{
    memset(decoder, 0, sizeof *decoder);
}

static enum id003_progress end_frame(struct id003_decoder *decoder)
{
    size_t body = decoder->count - CRC_SIZE;
    uint16_t crc = (uint16_t)(decoder->raw[body] | decoder->raw[body + 1] << 8);
    decoder->count = 0;
    if (crc != id003_crc(decoder->raw, body))
        return ID003_BAD;
    decoder->frame.code = decoder->raw[2];
    decoder->frame.size = (uint8_t)(body - HEAD_SIZE);
    memcpy(decoder->frame.data, decoder->raw + HEAD_SIZE, decoder->frame.size);
    return ID003_FRAME;
}

enum id003_progress id003_decoder_feed(struct id003_decoder *decoder, uint8_t byte)
{
    if (decoder->count == 0 && byte != ID003_STX)
        return ID003_MORE; /* noise between frames */
    if (decoder->count == 1 && byte < ID003_FRAME_MIN) {
        decoder->count = 0;
        return ID003_BAD;
    }
    decoder->raw[decoder->count++] = byte;
    bool complete = decoder->count >= ID003_FRAME_MIN && decoder->count == decoder->raw[1];
    return complete ? end_frame(decoder) : ID003_MORE;
}

/* ---- denominations ---- */

int id003_channel_of(uint8_t escrow_code)
{
    int channel = escrow_code - ID003_ESCROW_CODE_FIRST + 1;
    return channel >= 1 && channel <= ID003_DENOMINATIONS_MAX ? channel : 0;
}

/* value × 10^exponent, as whole units of the currency. */
static enum status value_of(uint8_t value, uint8_t exponent, int64_t *fen_out)
{
    int64_t yuan = value;
    for (int i = 0; i < exponent && yuan != 0; i++) {
        yuan *= 10;
        if (yuan > VALUE_YUAN_MAX)
            return STATUS_PROTOCOL;
    }
    *fen_out = yuan * 100;
    return STATUS_OK;
}

enum status id003_parse_currency(const uint8_t *data, size_t size, struct id003_currency *out)
{
    memset(out, 0, sizeof *out);
    if (size == 0 || size % CURRENCY_ROW_SIZE != 0)
        return STATUS_PROTOCOL;
    bool seen[ID003_DENOMINATIONS_MAX] = { false };
    for (size_t row = 0; row < size; row += CURRENCY_ROW_SIZE) {
        int channel = id003_channel_of(data[row]);
        if (channel == 0)
            continue;
        if (seen[channel - 1])
            return STATUS_PROTOCOL;
        seen[channel - 1] = true;
        out->country[channel - 1] = data[row + 1];
        enum status status = value_of(data[row + 2], data[row + 3], &out->value_fen[channel - 1]);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* ---- reasons ---- */

enum cash_reject_reason id003_reject_reason(uint8_t code)
{
    switch (code) {
    case 0x79: /* inhibited */
        return CASH_REJECT_NOT_ACCEPTED;
    case 0x98: /* several notes */
        return CASH_REJECT_SECOND_NOTE;
    case 0x75: /* conveying */
    case 0x7B: /* operation */
    case 0x7C: /* a note left in the stacker */
        return CASH_REJECT_FAULT;
    default: /* 71 insertion, 72 magnetic … 7F: the note was not recognised */
        return CASH_REJECT_NOT_RECOGNISED;
    }
}

uint32_t id003_failure_problem(uint8_t code)
{
    if (code == 0xAF) /* the head is lifted off */
        return DEVICE_PROBLEM_COVER_OPEN;
    return code == 0xAB ? DEVICE_PROBLEM_BOX_REMOVED : DEVICE_PROBLEM_HARDWARE;
}
