#include "drivers/iso7816/tlv.h"

#include "base/bytes.h"

enum {
    TAG_CONSTRUCTED = 0x20,
    TAG_MORE = 0x1F, /* low five bits: the tag has another byte */
    LENGTH_LONG = 0x80
};

static uint16_t read_tag(struct bytes_reader *reader)
{
    uint8_t first = bytes_read_u8(reader);
    if ((first & TAG_MORE) != TAG_MORE)
        return first;
    uint8_t second = bytes_read_u8(reader);
    if ((second & 0x80) != 0)
        reader->bad = true; /* three bytes and more: not on these cards */
    return (uint16_t)(first << 8 | second);
}

static size_t read_length(struct bytes_reader *reader)
{
    uint8_t first = bytes_read_u8(reader);
    if (first < LENGTH_LONG)
        return first;
    if (first == (LENGTH_LONG | 1))
        return bytes_read_u8(reader);
    if (first == (LENGTH_LONG | 2))
        return bytes_read_u16be(reader);
    reader->bad = true; /* indefinite, or longer than any answer */
    return 0;
}

bool tlv_parse(const uint8_t *data, size_t size, struct tlv *out, size_t *used_out)
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    out->tag = read_tag(&reader);
    out->size = read_length(&reader);
    out->value = reader.bad ? NULL : bytes_read_view(&reader, out->size);
    *used_out = reader.offset;
    return !reader.bad;
}

static bool is_constructed(uint16_t tag)
{
    return ((tag > 0xFF ? tag >> 8 : tag) & TAG_CONSTRUCTED) != 0;
}

static bool find(const uint8_t *data, size_t size, uint16_t tag, int depth, struct tlv *out)
{
    struct tlv element;
    for (size_t used = 0; size > 0 && tlv_parse(data, size, &element, &used);
         data += used, size -= used) {
        if (element.tag == tag) {
            *out = element;
            return true;
        }
        if (is_constructed(element.tag) && depth < TLV_DEPTH_MAX &&
            find(element.value, element.size, tag, depth + 1, out))
            return true;
    }
    return false;
}

bool tlv_find(const uint8_t *data, size_t size, uint16_t tag, struct tlv *out)
{
    return find(data, size, tag, 1, out);
}
