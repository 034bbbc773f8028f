#include "drivers/id_reader/sam/sam_wire.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

static const uint8_t PREAMBLE[] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69 };

static uint8_t check_byte(const uint8_t *data, size_t size)
{
    uint8_t check = 0;
    for (size_t i = 0; i < size; i++)
        check ^= data[i];
    return check;
}

void sam_build_request(enum sam_command command, uint8_t out[SAM_REQUEST_SIZE])
{
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, SAM_REQUEST_SIZE);
    bytes_write_all(&writer, PREAMBLE, sizeof PREAMBLE);
    bytes_write_u16be(&writer, SAM_REQUEST_BODY_SIZE);
    bytes_write_u16be(&writer, (uint16_t)command);
    bytes_write_u8(&writer, check_byte(out + sizeof PREAMBLE, 4));
}

enum status sam_parse_header(const uint8_t header[SAM_HEADER_SIZE], size_t *length_out)
{
    if (memcmp(header, PREAMBLE, sizeof PREAMBLE) != 0)
        return STATUS_PROTOCOL;
    size_t length = (size_t)header[5] << 8 | header[6];
    if (length < SAM_LENGTH_MIN || length > SAM_LENGTH_MAX)
        return STATUS_PROTOCOL;
    *length_out = length;
    return STATUS_OK;
}

enum sam_result sam_result_of(uint8_t sw3)
{
    static const struct {
        uint8_t sw3;
        enum sam_result result;
    } TABLE[] = {
        { 0x90, SAM_RESULT_OK },
        { 0x9F, SAM_RESULT_OK },
        { 0x10, SAM_RESULT_LINE_ERROR },
        { 0x11, SAM_RESULT_LINE_ERROR },
        { 0x21, SAM_RESULT_REQUEST_ERROR },
        { 0x23, SAM_RESULT_REQUEST_ERROR },
        { 0x24, SAM_RESULT_REQUEST_ERROR },
        { 0x31, SAM_RESULT_CARD_REFUSED },
        { 0x32, SAM_RESULT_CARD_REFUSED },
        { 0x33, SAM_RESULT_CARD_REFUSED },
        { 0x40, SAM_RESULT_WRONG_CARD },
        { 0x41, SAM_RESULT_CARD_MOVED },
        { 0x47, SAM_RESULT_CARD_MOVED },
        { 0x60, SAM_RESULT_SELF_TEST },
        { 0x66, SAM_RESULT_UNAUTHORISED },
        { 0x80, SAM_RESULT_NO_CARD },
        { 0x81, SAM_RESULT_CARD_MOVED },
        { 0x91, SAM_RESULT_ABSENT_ITEM },
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++)
        if (TABLE[i].sw3 == sw3)
            return TABLE[i].result;
    return SAM_RESULT_UNKNOWN;
}

enum status sam_parse_body(const uint8_t *body, size_t length, struct sam_reply *out)
{
    if (length < SAM_LENGTH_MIN || length > SAM_LENGTH_MAX)
        return STATUS_PROTOCOL;
    const uint8_t length_bytes[] = { (uint8_t)(length >> 8), (uint8_t)length };
    if ((check_byte(length_bytes, 2) ^ check_byte(body, length)) != 0)
        return STATUS_PROTOCOL;
    memcpy(out->sw, body, 3);
    out->result = sam_result_of(body[2]);
    out->data = body + 3;
    out->size = length - SAM_LENGTH_MIN;
    return STATUS_OK;
}

enum status sam_format_serial(const uint8_t *data, size_t size, char out[SAM_SERIAL_SIZE])
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    unsigned standard = bytes_read_u16le(&reader), type = bytes_read_u16le(&reader);
    uint32_t date = bytes_read_u32le(&reader), serial = bytes_read_u32le(&reader);
    uint32_t extra = bytes_read_u32le(&reader);
    if (reader.bad || bytes_left(&reader) != 0)
        return STATUS_PROTOCOL;
    snprintf(out, SAM_SERIAL_SIZE, "%02u.%02u-%08u-%010u-%010u", standard, type, date, serial,
             extra);
    return STATUS_OK;
}

/* ---- the text block: offsets in bytes of UCS-2LE, GA/T 490 ---- */

struct field {
    uint16_t offset, size;
};

struct layout {
    enum identity_kind kind;
    struct field name, other_name, sex, nation, birth, address, number, authority, from, to;
};

#define TYPE_OFFSET 248

static const struct layout RESIDENT = {
    .kind = IDENTITY_RESIDENT,
    .name = { 0, 30 },
    .sex = { 30, 2 },
    .nation = { 32, 4 },
    .birth = { 36, 16 },
    .address = { 52, 70 },
    .number = { 122, 36 },
    .authority = { 158, 30 },
    .from = { 188, 16 },
    .to = { 204, 16 },
};

static const struct layout HMT_PERMIT = {
    .kind = IDENTITY_HMT_PERMIT,
    .name = { 0, 30 },
    .sex = { 30, 2 },
    .birth = { 36, 16 },
    .address = { 52, 70 },
    .number = { 122, 36 },
    .authority = { 158, 30 },
    .from = { 188, 16 },
    .to = { 204, 16 },
};

static const struct layout FOREIGN_PR = {
    .kind = IDENTITY_FOREIGN_PR,
    .name = { 0, 30 },
    .other_name = { 52, 70 },
    .sex = { 30, 2 },
    .birth = { 36, 16 },
    .number = { 122, 36 },
    .from = { 188, 16 },
    .to = { 204, 16 },
};

static const struct layout FOREIGN_PR_2017 = {
    .kind = IDENTITY_FOREIGN_PR_2017,
    .name = { 158, 30 },
    .other_name = { 0, 120 },
    .sex = { 120, 2 },
    .birth = { 220, 16 },
    .number = { 122, 30 },
    .authority = { 240, 8 },
    .from = { 188, 16 },
    .to = { 204, 16 },
};

static bool has_control_character(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

/* A layout without this field leaves the text empty. */
static enum status read_text(const uint8_t *block, struct field field, char *out, size_t out_size)
{
    out[0] = '\0';
    if (field.size == 0)
        return STATUS_OK;
    enum status status = text_from_ucs2le(block + field.offset, field.size, out, out_size);
    if (status == STATUS_OK && has_control_character(out))
        status = STATUS_INVALID;
    return status;
}

/* A blank or missing field is 0; anything else must be all digits. */
static enum status read_number(const uint8_t *block, struct field field, int *out)
{
    char text[16];
    *out = 0;
    enum status status = read_text(block, field, text, sizeof text);
    for (const char *digit = text; status == STATUS_OK && *digit != '\0'; digit++) {
        if (*digit < '0' || *digit > '9')
            status = STATUS_INVALID;
        else
            *out = *out * 10 + (*digit - '0');
    }
    bytes_wipe(text, sizeof text);
    return status;
}

static bool is_date(int32_t date)
{
    int month = date / 100 % 100, day = date % 100;
    return date >= 18000101 && date <= IDENTITY_NO_EXPIRY && month >= 1 && month <= 12 &&
           day >= 1 && day <= 31;
}

static enum status read_date(const uint8_t *block, struct field field, int32_t *out)
{
    int date = 0;
    enum status status = read_number(block, field, &date);
    *out = date;
    return status == STATUS_OK && is_date(date) ? STATUS_OK : STATUS_INVALID;
}

/* 长期, then spaces. */
static enum status read_expiry(const uint8_t *block, struct field field, int32_t *out)
{
    static const uint8_t LONG_TERM[] = { 0x7F, 0x95, 0x1F, 0x67 };
    if (memcmp(block + field.offset, LONG_TERM, sizeof LONG_TERM) != 0)
        return read_date(block, field, out);
    *out = IDENTITY_NO_EXPIRY;
    return STATUS_OK;
}

static enum status read_name(const uint8_t *block, const struct layout *layout,
                             struct identity_card *card)
{
    enum status status = read_text(block, layout->name, card->name, sizeof card->name);
    if (status == STATUS_OK && card->name[0] == '\0')
        status = read_text(block, layout->other_name, card->name, sizeof card->name);
    return status == STATUS_OK && card->name[0] == '\0' ? STATUS_INVALID : status;
}

static enum status read_id_number(const uint8_t *block, struct field field, char *out,
                                  size_t out_size)
{
    enum status status = read_text(block, field, out, out_size);
    if (status != STATUS_OK)
        return status;
    size_t length = strlen(out);
    bool plain = strspn(out, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == length;
    return plain && length * 2 == field.size ? STATUS_OK : STATUS_INVALID;
}

static const struct layout *find_layout(const uint8_t *block)
{
    if (block[TYPE_OFFSET + 1] != 0)
        return NULL;
    switch (block[TYPE_OFFSET]) {
    case ' ':
    case '\0':
        return &RESIDENT;
    case 'J':
        return &HMT_PERMIT;
    case 'Y':
        return &FOREIGN_PR;
    case 'I':
        return &FOREIGN_PR_2017;
    }
    return NULL;
}

static enum status parse_block(const uint8_t *block, struct identity_card *card)
{
    const struct layout *layout = find_layout(block);
    if (layout == NULL)
        return STATUS_UNSUPPORTED;
    card->kind = layout->kind;
    enum status status = read_name(block, layout, card);
    if (status == STATUS_OK)
        status = read_id_number(block, layout->number, card->number, sizeof card->number);
    if (status == STATUS_OK)
        status = read_number(block, layout->sex, &card->sex);
    if (status == STATUS_OK)
        status = read_number(block, layout->nation, &card->nation);
    if (status == STATUS_OK)
        status = read_date(block, layout->birth, &card->birth);
    if (status == STATUS_OK)
        status = read_text(block, layout->address, card->address, sizeof card->address);
    if (status == STATUS_OK)
        status = read_text(block, layout->authority, card->authority, sizeof card->authority);
    if (status == STATUS_OK)
        status = read_date(block, layout->from, &card->valid_from);
    if (status == STATUS_OK)
        status = read_expiry(block, layout->to, &card->valid_to);
    return status;
}

enum status sam_parse_card(const uint8_t *data, size_t size, struct identity_card *out)
{
    memset(out, 0, sizeof *out);
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    size_t text_size = bytes_read_u16be(&reader), photo_size = bytes_read_u16be(&reader);
    if (reader.bad || text_size != SAM_TEXT_SIZE || bytes_left(&reader) != text_size + photo_size)
        return STATUS_PROTOCOL;
    enum status status = parse_block(bytes_read_view(&reader, text_size), out);
    if (status != STATUS_OK)
        bytes_wipe(out, sizeof *out);
    return status;
}

enum status sam_parse_address(const uint8_t *data, size_t size, struct identity_card *card)
{
    char address[sizeof card->address];
    if (size != SAM_ADDRESS_SIZE)
        return STATUS_INVALID;
    enum status status =
        read_text(data, (struct field){ 0, SAM_ADDRESS_SIZE }, address, sizeof address);
    if (status == STATUS_OK && address[0] != '\0')
        memcpy(card->address, address, sizeof address);
    bytes_wipe(address, sizeof address);
    return status;
}
