#include "tools/simulator/contact_card_files.h"
#include "base/bytes.h"
#include "base/check.h"
#include <iconv.h>
#include <string.h>

enum {
    NAME_SIZE = 30,
    NAME_MORE_SIZE = 20
};

/* Tags of EF06 in the order of their records. */
static const uint8_t HOLDER_FIRST[] = { 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D };
static const uint8_t HOLDER_LATER[] = { 0x08, 0x09, 0x4E, 0x0A, 0x0B, 0x0C, 0x0D };

static uint8_t tag_of_number(const struct contact_card_kind *kind, int file, uint8_t number)
{
    const uint8_t *tags = kind->generation == 1 ? HOLDER_FIRST : HOLDER_LATER;
    size_t count = kind->generation == 1 ? sizeof HOLDER_FIRST : sizeof HOLDER_LATER;
    if (file == CONTACT_FILE_ISSUER)
        return number <= 7 ? number : 0; /* numbered as their tags */
    return number >= 1 && number <= count ? tags[number - 1] : 0;
}

/* Two figures a byte. */
static size_t put_figures(const char *figures, uint8_t *out)
{
    size_t size = strlen(figures) / 2;
    CHECK(bytes_from_hex(figures, out, size) == STATUS_OK);
    return size;
}

static size_t put_text(const char *text, uint8_t *out)
{
    memcpy(out, text, strlen(text));
    return strlen(text);
}

/* Bytes [from, from + size) of the name in GBK, filled with zeros. */
static size_t put_name(const char *name, size_t from, size_t size, uint8_t *out)
{
    char gbk[NAME_SIZE + NAME_MORE_SIZE] = { 0 };
    char *in = (char *)(uintptr_t)name, *to = gbk;
    size_t left = strlen(name), room = sizeof gbk;
    iconv_t table = iconv_open("GB18030", "UTF-8");
    CHECK(table != (iconv_t)-1);
    iconv(table, &in, &left, &to, &room); /* what does not fit is cut, as an issuer would */
    iconv_close(table);
    memcpy(out, gbk + from, size);
    return size;
}

static size_t issuer_value(const struct contact_card_kind *kind, uint8_t tag, uint8_t *out)
{
    static const char *const VERSIONS[] = { "", "1.00", "2.00", "3.00" };
    switch (tag) {
    case 0x01:
        return put_figures("449999D15600000500000001FFFFFFFF", out);
    case 0x02:
        return put_text("1", out);
    case 0x03:
        return put_text(VERSIONS[kind->generation], out);
    case 0x04:
        return put_figures("449999000000000000000001", out);
    case 0x05:
        return kind->issued != NULL ? put_figures(kind->issued, out) : 0;
    case 0x06:
        return put_figures(kind->valid_to != NULL ? kind->valid_to : "FFFFFFFF", out);
    case 0x07:
        return put_text("T00000001", out);
    }
    return 0;
}

static size_t holder_value(const struct contact_card_kind *kind, uint8_t tag, uint8_t *out)
{
    const struct citizen *citizen = citizen_find(kind->citizen);
    CHECK(citizen != NULL);
    const char *name = kind->name != NULL ? kind->name : citizen->name;
    switch (tag) {
    case 0x08:
        return put_text(citizen->number, out);
    case 0x09:
        return put_name(name, 0, NAME_SIZE, out);
    case 0x4E: /* an early second-generation card has no long name */
        return kind->generation == 1 ? 0 : put_name(name, NAME_SIZE, NAME_MORE_SIZE, out);
    case 0x0A:
        return put_text(citizen->sex, out);
    case 0x0B:
        return put_figures(citizen->nation, out);
    case 0x0C:
        return put_figures("449999", out);
    case 0x0D:
        return put_figures(citizen->birth, out);
    }
    return 0;
}

size_t contact_card_record(const struct contact_card_kind *kind, int file, uint8_t tag_or_number,
                           bool by_number, uint8_t out[64])
{
    uint8_t tag = by_number ? tag_of_number(kind, file, tag_or_number) : tag_or_number;
    size_t size = file == CONTACT_FILE_ISSUER ? issuer_value(kind, tag, out + 2)
                                              : holder_value(kind, tag, out + 2);
    if (size == 0)
        return 0;
    out[0] = tag;
    out[1] = (uint8_t)size;
    return size + 2;
}
