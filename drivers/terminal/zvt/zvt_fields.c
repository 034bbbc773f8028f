#include "drivers/terminal/zvt/zvt_fields.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"

#define SHOWN_DIGITS 4
#define TLV_DEPTH_MAX 4

/* ---- numbers ---- */

static bool read_bcd(const uint8_t *bytes, size_t size, int64_t *out)
{
    int64_t value = 0;
    CHECK(size <= 8);
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] >> 4 > 9 || (bytes[i] & 15) > 9)
            return false;
        value = value * 100 + (bytes[i] >> 4) * 10 + (bytes[i] & 15);
    }
    *out = value;
    return true;
}

static bool read_bcd32(const uint8_t *bytes, size_t size, int32_t *out)
{
    int64_t value;
    if (!read_bcd(bytes, size, &value) || value > INT32_MAX)
        return false;
    *out = (int32_t)value;
    return true;
}

void zvt_write_bcd(struct bytes_writer *writer, uint64_t value, size_t bytes)
{
    uint64_t unit = 1;
    for (size_t i = 1; i < bytes; i++)
        unit *= 100;
    CHECK(value / 100 < unit);
    for (; unit > 0; unit /= 100)
        bytes_write_u8(writer, (uint8_t)(value / unit % 100 / 10 << 4 | value / unit % 10));
}

void zvt_write_amount(struct bytes_writer *writer, int64_t amount)
{
    CHECK(amount >= 0);
    bytes_write_u8(writer, 0x04);
    zvt_write_bcd(writer, (uint64_t)amount, 6);
}

void zvt_write_currency(struct bytes_writer *writer, int currency)
{
    bytes_write_u8(writer, 0x49);
    zvt_write_bcd(writer, (uint64_t)currency, 2);
}

/* ---- texts ---- */

/* A terminal's character set is not always what it was told: what is not ASCII becomes '?'. */
static void read_text(const uint8_t *bytes, size_t size, char *out, size_t out_size)
{
    size_t length = 0;
    for (size_t i = 0; i < size && length + 1 < out_size && bytes[i] != 0; i++)
        out[length++] = (char)(bytes[i] < 0x20 || bytes[i] > 0x7E ? '?' : bytes[i]);
    while (length > 0 && out[length - 1] == ' ')
        length--;
    out[length] = '\0';
}

/* UTF-8 where it is, for the terminal's words to the citizen. */
static void read_words(const uint8_t *bytes, size_t size, char *out, size_t out_size)
{
    char raw[256];
    if (size >= sizeof raw || memchr(bytes, 0, size) != NULL ||
        !text_is_valid_utf8((const char *)bytes, size)) {
        read_text(bytes, size, out, out_size);
        return;
    }
    memcpy(raw, bytes, size);
    raw[size] = '\0';
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)raw[i] < 0x20 || raw[i] == 0x7F)
            raw[i] = ' ';
    (void)text_copy(out, out_size, raw);
}

/* Digits, E for a masked one, F to fill. Of a number that came whole only its end is kept. */
static void read_card(const uint8_t *bytes, size_t size, char out[24])
{
    char digits[64], shown[SHOWN_DIGITS + 1] = "";
    size_t count = 0;
    for (size_t i = 0; i < 2 * size && count < sizeof digits; i++) {
        uint8_t nibble = (i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2]) & 15;
        if (nibble != 15)
            digits[count++] = nibble <= 9 ? (char)('0' + nibble) : '*';
    }
    size_t keep = count < SHOWN_DIGITS ? count : SHOWN_DIGITS;
    memcpy(shown, digits + count - keep, keep);
    (void)text_format(out, 24, "****%s", shown);
    bytes_wipe(digits, sizeof digits);
}

/* ---- the TLV container ---- */

struct element {
    uint32_t tag;
    const uint8_t *value;
    size_t size;
};

static bool read_length(struct bytes_reader *reader, size_t *out)
{
    uint8_t first = bytes_read_u8(reader);
    if (first < 0x80)
        *out = first;
    else if (first == 0x81)
        *out = bytes_read_u8(reader);
    else if (first == 0x82)
        *out = bytes_read_u16be(reader);
    else
        return false;
    return !reader->bad;
}

/* Tags of one byte, or of two where the first one's low five bits are all set. */
static bool read_element(struct bytes_reader *reader, struct element *out)
{
    out->tag = bytes_read_u8(reader);
    if ((out->tag & 0x1F) == 0x1F)
        out->tag = out->tag << 8 | bytes_read_u8(reader);
    if (!read_length(reader, &out->size))
        return false;
    out->value = bytes_read_view(reader, out->size);
    return !reader->bad;
}

static enum status read_container(const uint8_t *data, size_t size, int depth,
                                  struct zvt_fields *out);

static enum status take_element(const struct element *element, int depth, struct zvt_fields *out)
{
    bool good = true;
    switch (element->tag) {
    case 0x24: /* texts for the display */
    case 0x25: /* texts for the printer */
        return read_container(element->value, element->size, depth + 1, out);
    case 0x07:
        if (out->text[0] == '\0')
            read_words(element->value, element->size, out->text, sizeof out->text);
        break;
    case 0x1F2B:
        good = element->size <= 8 && read_bcd32(element->value, element->size, &out->trace);
        break;
    case 0x1F73:
        good = element->size <= 4 && read_bcd32(element->value, element->size, &out->sequence);
        break;
    default:
        break;
    }
    return good ? STATUS_OK : STATUS_PROTOCOL;
}

static enum status read_container(const uint8_t *data, size_t size, int depth,
                                  struct zvt_fields *out)
{
    if (depth > TLV_DEPTH_MAX)
        return STATUS_PROTOCOL;
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    while (bytes_left(&reader) > 0) {
        struct element element;
        if (!read_element(&reader, &element))
            return STATUS_PROTOCOL;
        enum status status = take_element(&element, depth, out);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* ---- bitmaps ---- */

enum {
    LLVAR = -2,
    LLLVAR = -3,
    CONTAINER = -6
};

/* How long each bitmap is, or how it says so (PA00P015, chapter 9). */
static const struct {
    uint8_t tag;
    int8_t length;
} BITMAPS[] = {
    { 0x01, 1 },         { 0x02, 1 },     { 0x03, 1 },      { 0x04, 6 },      { 0x05, 1 },
    { 0x06, CONTAINER }, { 0x0B, 3 },     { 0x0C, 3 },      { 0x0D, 2 },      { 0x0E, 2 },
    { 0x17, 2 },         { 0x19, 1 },     { 0x22, LLVAR },  { 0x23, LLVAR },  { 0x24, LLLVAR },
    { 0x27, 1 },         { 0x29, 4 },     { 0x2A, 15 },     { 0x2D, LLVAR },  { 0x2E, LLLVAR },
    { 0x37, 3 },         { 0x3A, 2 },     { 0x3B, 8 },      { 0x3C, LLLVAR }, { 0x3D, 3 },
    { 0x49, 2 },         { 0x4C, LLVAR }, { 0x60, LLLVAR }, { 0x87, 2 },      { 0x88, 3 },
    { 0x8A, 1 },         { 0x8B, LLVAR }, { 0x8C, 1 },      { 0x9A, LLLVAR }, { 0xA0, 1 },
    { 0xAA, 3 },         { 0xBA, 5 },
};

/* F3 F7 is 37. */
static bool read_var_length(struct bytes_reader *reader, int digits, size_t *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++) {
        uint8_t byte = bytes_read_u8(reader);
        if (reader->bad || byte >> 4 != 15 || (byte & 15) > 9)
            return false;
        *out = *out * 10 + (size_t)(byte & 15);
    }
    return true;
}

static bool read_bitmap(struct bytes_reader *reader, int length, struct element *out)
{
    out->size = length > 0 ? (size_t)length : 0;
    bool good = length > 0 || (length == CONTAINER ? read_length(reader, &out->size)
                                                   : read_var_length(reader, -length, &out->size));
    if (!good)
        return false;
    out->value = bytes_read_view(reader, out->size);
    return !reader->bad;
}

static int length_of(uint8_t tag)
{
    for (size_t i = 0; i < sizeof BITMAPS / sizeof BITMAPS[0]; i++)
        if (BITMAPS[i].tag == tag)
            return BITMAPS[i].length;
    return 0;
}

/* 60 of an end of day: receipts from and to, then count and sum for each of seven schemes. */
#define TOTALS_ROW_SIZE 7

static bool take_totals(const struct element *element, struct zvt_fields *out)
{
    if (element->size < 4 || (element->size - 4) % TOTALS_ROW_SIZE != 0)
        return false;
    out->totals_count = 0;
    out->totals_sum = 0;
    for (size_t i = 4; i < element->size; i += TOTALS_ROW_SIZE) {
        int64_t sum;
        if (!read_bcd(element->value + i + 1, 6, &sum))
            return false;
        out->totals_count += element->value[i];
        out->totals_sum += sum;
    }
    return true;
}

static bool take_bitmap(const struct element *element, struct zvt_fields *out)
{
    const uint8_t *value = element->value;
    int32_t number = 0;
    switch (element->tag) {
    case 0x04:
        return read_bcd(value, 6, &out->amount);
    case 0x06:
        return read_container(value, element->size, 0, out) == STATUS_OK;
    case 0x0B: /* all zero where the long one is in the container */
        if (!read_bcd32(value, 3, &number))
            return false;
        out->trace = out->trace > 0 ? out->trace : number;
        return true;
    case 0x0C:
        return read_bcd32(value, 3, &out->time);
    case 0x0D:
        return read_bcd32(value, 2, &out->date);
    case 0x19:
        out->payment_type = value[0];
        return true;
    case 0x22:
        read_card(value, element->size, out->card);
        return true;
    case 0x27:
        out->result = value[0];
        return true;
    case 0x29:
        bytes_to_hex(value, 4, out->terminal_id);
        return true;
    case 0x2A:
        read_text(value, 15, out->merchant, sizeof out->merchant);
        return true;
    case 0x3B:
        read_text(value, 8, out->authorisation, sizeof out->authorisation);
        return true;
    case 0x3C:
        read_words(value, element->size, out->text, sizeof out->text);
        return true;
    case 0x49:
        return read_bcd32(value, 2, &number) && (out->currency = number) >= 0;
    case 0x60:
        return take_totals(element, out);
    case 0x87: /* FFFF: there is none */
        if (value[0] == 0xFF && value[1] == 0xFF)
            number = ZVT_NO_RECEIPT;
        else if (!read_bcd32(value, 2, &number))
            return false;
        out->receipt = number;
        return true;
    case 0x8A:
        out->card_type = value[0];
        return true;
    case 0x8B:
        read_text(value, element->size, out->scheme, sizeof out->scheme);
        return true;
    default:
        return true;
    }
}

static void clear(struct zvt_fields *out)
{
    *out = (struct zvt_fields){
        .result = ZVT_NONE,
        .amount = ZVT_NONE,
        .currency = ZVT_NONE,
        .trace = ZVT_NONE,
        .time = ZVT_NONE,
        .date = ZVT_NONE,
        .receipt = ZVT_NONE,
        .payment_type = ZVT_NONE,
        .card_type = ZVT_NONE,
        .sequence = ZVT_NONE,
        .totals_sum = ZVT_NONE,
        .totals_count = ZVT_NONE,
    };
}

enum status zvt_parse_fields(const uint8_t *data, size_t size, struct zvt_fields *out)
{
    struct bytes_reader reader;
    clear(out);
    bytes_reader_init(&reader, data, size);
    while (bytes_left(&reader) > 0) {
        struct element element = { .tag = bytes_read_u8(&reader) };
        int length = length_of((uint8_t)element.tag);
        if (length == 0) {
            out->is_cut = true;
            return STATUS_OK;
        }
        if (!read_bitmap(&reader, length, &element) || !take_bitmap(&element, out))
            return STATUS_PROTOCOL;
    }
    return STATUS_OK;
}

enum status zvt_parse_abort(const struct zvt_apdu *apdu, struct zvt_fields *out)
{
    clear(out);
    if (apdu->size == 0)
        return STATUS_PROTOCOL;
    enum status status = zvt_parse_fields(apdu->data + 1, apdu->size - 1, out);
    out->result = apdu->data[0];
    return status;
}

/* A byte that begins no container is the new T4 in minutes; 06 may be either, so it is tried. */
enum status zvt_parse_intermediate(const struct zvt_apdu *apdu, int *key_out,
                                   struct zvt_fields *out)
{
    clear(out);
    if (apdu->size == 0)
        return STATUS_PROTOCOL;
    *key_out = apdu->data[0];
    if (apdu->size == 1)
        return STATUS_OK;
    if (apdu->data[1] == 0x06 && zvt_parse_fields(apdu->data + 1, apdu->size - 1, out) == STATUS_OK)
        return STATUS_OK;
    return zvt_parse_fields(apdu->data + 2, apdu->size - 2, out);
}

enum status zvt_parse_enquiry(const struct zvt_apdu *apdu, int *status_out)
{
    struct bytes_reader reader;
    size_t version = 0;
    *status_out = ZVT_NONE;
    if (apdu->size == 0)
        return STATUS_OK;
    bytes_reader_init(&reader, apdu->data, apdu->size);
    if (apdu->size > 1 &&
        (!read_var_length(&reader, 3, &version) || bytes_read_view(&reader, version) == NULL))
        return STATUS_PROTOCOL;
    *status_out = bytes_read_u8(&reader);
    return reader.bad ? STATUS_PROTOCOL : STATUS_OK;
}
