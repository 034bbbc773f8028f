#include "drivers/cash_acceptor/ssp/ssp_wire.h"

#include <string.h>

#include "base/bytes.h"
#include "base/money.h"

uint16_t ssp_crc(const uint8_t *data, size_t size)
{
    uint16_t crc = 0xFFFF;
    for (size_t i = 0; i < size; i++) {
        crc = (uint16_t)(crc ^ data[i] << 8);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x8005 : crc << 1);
    }
    return crc;
}

size_t ssp_build_frame(const struct ssp_frame *frame, uint8_t *out)
{
    uint8_t raw[2 + SSP_DATA_MAX + 2] = { frame->address, frame->size };
    size_t size = 2 + (size_t)frame->size, length = 0;
    memcpy(raw + 2, frame->data, frame->size);
    uint16_t crc = ssp_crc(raw, size);
    raw[size++] = (uint8_t)crc;
    raw[size++] = (uint8_t)(crc >> 8);
    out[length++] = SSP_STX;
    for (size_t i = 0; i < size; i++) {
        out[length++] = raw[i];
        if (raw[i] == SSP_STX)
            out[length++] = SSP_STX;
    }
    return length;
}

void ssp_decoder_init(struct ssp_decoder *decoder)
{
    memset(decoder, 0, sizeof *decoder);
}

static enum ssp_progress finish_frame(struct ssp_decoder *decoder)
{
    size_t size = decoder->count - 2;
    uint16_t crc = (uint16_t)(decoder->raw[size] | decoder->raw[size + 1] << 8);
    decoder->inside = false;
    if (crc != ssp_crc(decoder->raw, size))
        return SSP_BAD;
    decoder->frame.address = decoder->raw[0];
    decoder->frame.size = decoder->raw[1];
    memcpy(decoder->frame.data, decoder->raw + 2, decoder->raw[1]);
    return SSP_FRAME;
}

static enum ssp_progress add_byte(struct ssp_decoder *decoder, uint8_t byte)
{
    decoder->raw[decoder->count++] = byte;
    bool complete = decoder->count >= 2 && decoder->count == (size_t)decoder->raw[1] + 4;
    return complete ? finish_frame(decoder) : SSP_MORE;
}

static void begin_frame(struct ssp_decoder *decoder)
{
    decoder->inside = true;
    decoder->stuffed = false;
    decoder->count = 0;
}

enum ssp_progress ssp_decoder_feed(struct ssp_decoder *decoder, uint8_t byte)
{
    if (!decoder->inside) {
        if (byte == SSP_STX)
            begin_frame(decoder);
        return SSP_MORE;
    }
    if (decoder->stuffed && byte != SSP_STX) {
        /* A single 7F inside a packet restarts reception; this byte is the first after it. */
        begin_frame(decoder);
        return add_byte(decoder, byte);
    }
    if (byte == SSP_STX && !decoder->stuffed) {
        decoder->stuffed = true;
        return SSP_MORE;
    }
    decoder->stuffed = false;
    return add_byte(decoder, byte);
}

/* ---- setup and counters ---- */

static bool is_validator(uint8_t unit_type)
{
    return unit_type == 0x00 || unit_type == 0x06 || unit_type == 0x07;
}

enum status ssp_parse_setup(const uint8_t *data, size_t size, const char *currency,
                            struct ssp_setup *out)
{
    memset(out, 0, sizeof *out);
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    out->unit_type = bytes_read_u8(&reader);
    const uint8_t *firmware = bytes_read_view(&reader, 4);
    bytes_read_view(&reader, 3 + 3); /* country and value multiplier of old versions */
    size_t count = bytes_read_u8(&reader);
    if (reader.bad || count > CASH_CHANNELS_MAX)
        return STATUS_PROTOCOL;
    memcpy(out->firmware, firmware, 4);
    bytes_read_view(&reader, 2 * count); /* values and security of old versions */
    int64_t multiplier = bytes_read_u24be(&reader);
    out->version = bytes_read_u8(&reader);
    if (reader.bad)
        return STATUS_PROTOCOL;
    if (!is_validator(out->unit_type) || out->version < SSP_VERSION_MIN ||
        out->version > SSP_VERSION_MAX)
        return STATUS_UNSUPPORTED;
    const uint8_t *countries = bytes_read_view(&reader, 3 * count);
    for (size_t i = 0; i < count; i++) {
        int64_t value_fen = multiplier * bytes_read_u32le(&reader);
        if (reader.bad || value_fen > MONEY_FEN_MAX)
            return STATUS_PROTOCOL;
        bool ours = memcmp(countries + 3 * i, currency, 3) == 0;
        out->value_fen[i] = ours ? value_fen : 0;
    }
    out->channel_count = (int)count;
    return bytes_left(&reader) == 0 ? STATUS_OK : STATUS_PROTOCOL;
}

enum status ssp_parse_counters(const uint8_t *data, size_t size, struct cash_counters *out)
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    uint8_t count = bytes_read_u8(&reader);
    struct cash_counters counters = { .known = true };
    counters.stacked = bytes_read_u32le(&reader);
    counters.stored = bytes_read_u32le(&reader);
    counters.dispensed = bytes_read_u32le(&reader);
    counters.transferred = bytes_read_u32le(&reader);
    counters.rejected = bytes_read_u32le(&reader);
    if (reader.bad || count != 5 || bytes_left(&reader) != 0)
        return STATUS_PROTOCOL;
    *out = counters;
    return STATUS_OK;
}

/* ---- poll events ---- */

static const struct {
    enum ssp_event_code code;
    uint8_t data_size;
    bool needs_ack;
} EVENTS[] = {
    { SSP_EVENT_SLAVE_RESET, 0, false },
    { SSP_EVENT_READ, 1, false },
    { SSP_EVENT_CREDIT, 1, true },
    { SSP_EVENT_REJECTING, 0, false },
    { SSP_EVENT_REJECTED, 0, false },
    { SSP_EVENT_STACKING, 0, false },
    { SSP_EVENT_STACKED, 0, false },
    { SSP_EVENT_SAFE_JAM, 0, false },
    { SSP_EVENT_UNSAFE_JAM, 0, false },
    { SSP_EVENT_DISABLED, 0, false },
    { SSP_EVENT_STACKER_FULL, 0, false },
    { SSP_EVENT_FRAUD, 1, true },
    { SSP_EVENT_BOX_REPLACED, 0, false },
    { SSP_EVENT_BOX_REMOVED, 0, false },
    { SSP_EVENT_CLEARED_INTO_BOX, 1, true },
    { SSP_EVENT_CLEARED_FROM_FRONT, 1, false },
    { SSP_EVENT_PATH_OPEN, 0, false },
    { SSP_EVENT_INITIALISING, 0, false },
    { SSP_EVENT_CHANNELS_DISABLED, 0, false },
};

enum status ssp_parse_events(const uint8_t *data, size_t size, struct ssp_events *out)
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    out->count = 0;
    while (bytes_left(&reader) > 0) {
        uint8_t code = bytes_read_u8(&reader);
        size_t kind = 0;
        while (kind < sizeof EVENTS / sizeof EVENTS[0] && EVENTS[kind].code != code)
            kind++;
        if (kind == sizeof EVENTS / sizeof EVENTS[0])
            return STATUS_UNSUPPORTED;
        struct ssp_event event = { .code = EVENTS[kind].code };
        if (EVENTS[kind].data_size == 1)
            event.channel = bytes_read_u8(&reader);
        if (reader.bad || out->count == SSP_EVENTS_MAX)
            return STATUS_PROTOCOL;
        out->events[out->count++] = event;
    }
    return STATUS_OK;
}

bool ssp_event_needs_ack(enum ssp_event_code code)
{
    for (size_t i = 0; i < sizeof EVENTS / sizeof EVENTS[0]; i++)
        if (EVENTS[i].code == code)
            return EVENTS[i].needs_ack;
    return false;
}

enum cash_reject_reason ssp_reject_reason(uint8_t code)
{
    switch (code) {
    case 0x00:
        return CASH_REJECT_NONE;
    case 0x06: /* channel inhibited */
        return CASH_REJECT_NOT_ACCEPTED;
    case 0x07: /* second note inserted */
    case 0x1C: /* double note */
        return CASH_REJECT_SECOND_NOTE;
    case 0x08: /* host */
    case 0x0C: /* disabled by host */
        return CASH_REJECT_HOST;
    case 0x13: /* escrow time-out */
        return CASH_REJECT_TIMEOUT;
    case 0x0A: /* rear sensor */
    case 0x0D: /* slow mechanism */
    case 0x15: /* no cam */
    case 0x1D: /* cannot stack */
        return CASH_REJECT_FAULT;
    }
    return CASH_REJECT_NOT_RECOGNISED;
}
