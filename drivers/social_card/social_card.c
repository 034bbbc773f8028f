#include "drivers/social_card/social_card.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include "drivers/iso7816/tlv.h"

/* In the order of reading: the version says where the others lie. */
const struct social_card_record SOCIAL_CARD_RECORDS[] = {
    { SOCIAL_CARD_TAG_VERSION, SOCIAL_CARD_ISSUER, 3, 3, false },
    { SOCIAL_CARD_TAG_ID, SOCIAL_CARD_ISSUER, 1, 1, false },
    { SOCIAL_CARD_TAG_CARD_NUMBER, SOCIAL_CARD_ISSUER, 7, 7, true },
    { SOCIAL_CARD_TAG_ISSUED, SOCIAL_CARD_ISSUER, 5, 5, true },
    { SOCIAL_CARD_TAG_VALID_TO, SOCIAL_CARD_ISSUER, 6, 6, true },
    { SOCIAL_CARD_TAG_NUMBER, SOCIAL_CARD_HOLDER, 1, 1, false },
    { SOCIAL_CARD_TAG_NAME, SOCIAL_CARD_HOLDER, 2, 2, false },
    { SOCIAL_CARD_TAG_NAME_MORE, SOCIAL_CARD_HOLDER, 0, 3, true },
};
const size_t SOCIAL_CARD_RECORD_COUNT = ARRAY_SIZE(SOCIAL_CARD_RECORDS);

enum {
    TAG_CONTROL = 0x9F0C, /* issuer's own data in the FCI */
    TAG_ALGORITHM = 0x86,
    ALGORITHM_3DES = 1
};

enum {
    DATE_SIZE = 4,
    CARD_NUMBER_SIZE = 9, /* more follows on some cards and is not part of it */
    NUMBER_OLD = 15,
    NUMBER_NEW = 18
};

enum status social_card_parse_record(const uint8_t *data, size_t size, uint8_t tag,
                                     struct social_card_value *out)
{
    if (size < 2 || data[0] != tag)
        return STATUS_NOT_FOUND;
    if (data[1] > size - 2 || data[1] > sizeof out->bytes)
        return STATUS_PROTOCOL;
    out->size = data[1];
    memcpy(out->bytes, data + 2, out->size);
    return STATUS_OK;
}

enum status social_card_parse_version(const struct social_card_value *value, int *generation_out)
{
    if (value->size < 3 || value->bytes[1] != '.' || value->bytes[0] < '1' || value->bytes[0] > '3')
        return STATUS_UNSUPPORTED;
    *generation_out = value->bytes[0] - '0';
    return STATUS_OK;
}

uint8_t social_card_algorithm(const uint8_t *fci, size_t size)
{
    struct tlv control, algorithm;
    if (!tlv_find(fci, size, TAG_CONTROL, &control) ||
        !tlv_find(control.value, control.size, TAG_ALGORITHM, &algorithm) || algorithm.size != 1)
        return ALGORITHM_3DES;
    return algorithm.value[0];
}

/* Text fields are filled with zeros, by some issuers with blanks, and never written ones with FF.
 */
static size_t trimmed_size(const struct social_card_value *value)
{
    size_t size = value->size;
    while (size > 0 && (value->bytes[size - 1] == 0 || value->bytes[size - 1] == ' ' ||
                        value->bytes[size - 1] == 0xFF))
        size--;
    return size;
}

static bool is_character(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z');
}

/* Figures and capital letters only. */
static enum status take_code(const struct social_card_value *value, char *out, size_t out_size)
{
    size_t size = trimmed_size(value);
    if (size >= out_size)
        return STATUS_FULL;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = value->bytes[i] == 'x' ? 'X' : value->bytes[i];
        if (!is_character(byte))
            return STATUS_INVALID;
        out[i] = (char)byte;
    }
    out[size] = '\0';
    return STATUS_OK;
}

static enum status take_number(const struct social_card_value *value, char *out, size_t out_size)
{
    enum status status = take_code(value, out, out_size);
    if (status != STATUS_OK)
        return status;
    size_t size = strlen(out), figures = strspn(out, "0123456789");
    bool is_old = size == NUMBER_OLD && figures == size;
    bool is_new = size == NUMBER_NEW && figures >= NUMBER_NEW - 1;
    return is_old || is_new ? STATUS_OK : STATUS_INVALID;
}

static enum status take_card_number(const struct social_card_value *value, char *out,
                                    size_t out_size)
{
    struct social_card_value first = *value;
    if (first.size > CARD_NUMBER_SIZE)
        first.size = CARD_NUMBER_SIZE;
    return take_code(&first, out, out_size);
}

/* Two figures a byte, the rest filled with F. Empty (all F or all zero) is 0. */
static enum status take_date(const struct social_card_value *value, int32_t *out)
{
    static const uint8_t BLANK[DATE_SIZE] = { 0xFF, 0xFF, 0xFF, 0xFF };
    if (value->size != DATE_SIZE)
        return STATUS_INVALID;
    int32_t date = 0;
    for (size_t i = 0; i < DATE_SIZE; i++) {
        int high = value->bytes[i] >> 4, low = value->bytes[i] & 0x0F;
        if (high > 9 || low > 9)
            return memcmp(value->bytes, BLANK, DATE_SIZE) == 0 ? STATUS_OK : STATUS_INVALID;
        date = date * 100 + high * 10 + low;
    }
    int month = date / 100 % 100, day = date % 100;
    if (date != 0 && (month < 1 || month > 12 || day < 1 || day > 31))
        return STATUS_INVALID;
    *out = date;
    return STATUS_OK;
}

/* The first three bytes of the identification code. */
static enum status take_region(const struct social_card_value *value, char *out)
{
    char region[8];
    if (value->size != SOCIAL_CARD_ID_SIZE)
        return STATUS_INVALID;
    bytes_to_hex(value->bytes, 3, region);
    if (strspn(region, "0123456789") != 6)
        return STATUS_INVALID;
    memcpy(out, region, 7);
    return STATUS_OK;
}

enum status social_card_take(struct social_card *card, enum social_card_tag tag,
                             const struct social_card_value *value)
{
    switch (tag) {
    case SOCIAL_CARD_TAG_VERSION:
        return social_card_parse_version(value, &card->generation);
    case SOCIAL_CARD_TAG_ID:
        return take_region(value, card->region);
    case SOCIAL_CARD_TAG_CARD_NUMBER:
        return take_card_number(value, card->card_number, sizeof card->card_number);
    case SOCIAL_CARD_TAG_ISSUED:
        return take_date(value, &card->issued);
    case SOCIAL_CARD_TAG_VALID_TO:
        return take_date(value, &card->valid_to);
    case SOCIAL_CARD_TAG_NUMBER:
        return take_number(value, card->number, sizeof card->number);
    case SOCIAL_CARD_TAG_NAME:
    case SOCIAL_CARD_TAG_NAME_MORE:
        break;
    }
    return STATUS_INVALID;
}

enum status social_card_take_name(struct social_card *card, const struct social_card_value *name,
                                  const struct social_card_value *more)
{
    uint8_t bytes[2 * SOCIAL_CARD_VALUE_MAX];
    size_t size = trimmed_size(name), more_size = trimmed_size(more);
    if (size == 0)
        return STATUS_INVALID;
    memcpy(bytes, name->bytes, size);
    memcpy(bytes + size, more->bytes, more_size);
    enum status status = text_from_gb18030(bytes, size + more_size, card->name, sizeof card->name);
    bytes_wipe(bytes, sizeof bytes);
    return status;
}

void social_card_wipe(struct social_card *card)
{
    bytes_wipe(card, sizeof *card);
}
