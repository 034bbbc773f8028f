#include "base/bytes.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void bytes_reader_init(struct bytes_reader *reader, const void *data, size_t size)
{
    *reader = (struct bytes_reader){ .data = data, .size = size };
}

const uint8_t *bytes_read_view(struct bytes_reader *reader, size_t count)
{
    if (reader->bad || count > reader->size - reader->offset) {
        reader->bad = true;
        return NULL;
    }
    const uint8_t *view = reader->data + reader->offset;
    reader->offset += count;
    return view;
}

size_t bytes_left(const struct bytes_reader *reader)
{
    return reader->bad ? 0 : reader->size - reader->offset;
}

static uint64_t read_le(struct bytes_reader *reader, size_t count)
{
    const uint8_t *view = bytes_read_view(reader, count);
    uint64_t value = 0;
    for (size_t i = 0; view != NULL && i < count; i++)
        value |= (uint64_t)view[i] << (8 * i);
    return value;
}

static uint64_t read_be(struct bytes_reader *reader, size_t count)
{
    const uint8_t *view = bytes_read_view(reader, count);
    uint64_t value = 0;
    for (size_t i = 0; view != NULL && i < count; i++)
        value = value << 8 | view[i];
    return value;
}

uint8_t bytes_read_u8(struct bytes_reader *reader)
{
    return (uint8_t)read_le(reader, 1);
}

uint16_t bytes_read_u16le(struct bytes_reader *reader)
{
    return (uint16_t)read_le(reader, 2);
}

uint16_t bytes_read_u16be(struct bytes_reader *reader)
{
    return (uint16_t)read_be(reader, 2);
}

uint32_t bytes_read_u24be(struct bytes_reader *reader)
{
    return (uint32_t)read_be(reader, 3);
}

uint32_t bytes_read_u32le(struct bytes_reader *reader)
{
    return (uint32_t)read_le(reader, 4);
}

uint32_t bytes_read_u32be(struct bytes_reader *reader)
{
    return (uint32_t)read_be(reader, 4);
}

uint64_t bytes_read_u64le(struct bytes_reader *reader)
{
    return read_le(reader, 8);
}

void bytes_writer_init(struct bytes_writer *writer, void *data, size_t size)
{
    *writer = (struct bytes_writer){ .data = data, .size = size };
}

/* Room for count bytes, or NULL and bad. */
static uint8_t *reserve(struct bytes_writer *writer, size_t count)
{
    if (writer->bad || count > writer->size - writer->offset) {
        writer->bad = true;
        return NULL;
    }
    uint8_t *room = writer->data + writer->offset;
    writer->offset += count;
    return room;
}

static void write_le(struct bytes_writer *writer, uint64_t value, size_t count)
{
    uint8_t *room = reserve(writer, count);
    for (size_t i = 0; room != NULL && i < count; i++)
        room[i] = (uint8_t)(value >> (8 * i));
}

static void write_be(struct bytes_writer *writer, uint64_t value, size_t count)
{
    uint8_t *room = reserve(writer, count);
    for (size_t i = 0; room != NULL && i < count; i++)
        room[i] = (uint8_t)(value >> (8 * (count - 1 - i)));
}

void bytes_write_u8(struct bytes_writer *writer, uint8_t value)
{
    write_le(writer, value, 1);
}

void bytes_write_u16le(struct bytes_writer *writer, uint16_t value)
{
    write_le(writer, value, 2);
}

void bytes_write_u16be(struct bytes_writer *writer, uint16_t value)
{
    write_be(writer, value, 2);
}

void bytes_write_u32le(struct bytes_writer *writer, uint32_t value)
{
    write_le(writer, value, 4);
}

void bytes_write_u32be(struct bytes_writer *writer, uint32_t value)
{
    write_be(writer, value, 4);
}

void bytes_write_u64le(struct bytes_writer *writer, uint64_t value)
{
    write_le(writer, value, 8);
}

void bytes_write_all(struct bytes_writer *writer, const void *data, size_t size)
{
    uint8_t *room = reserve(writer, size);
    if (room != NULL && size > 0)
        memcpy(room, data, size);
}

void bytes_to_hex(const void *data, size_t size, char *out)
{
    static const char DIGITS[] = "0123456789abcdef";
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = DIGITS[bytes[i] >> 4];
        out[2 * i + 1] = DIGITS[bytes[i] & 0x0F];
    }
    out[2 * size] = '\0';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

enum status bytes_from_hex(const char *hex, void *out, size_t size)
{
    if (strlen(hex) != 2 * size)
        return STATUS_INVALID;
    uint8_t *bytes = out;
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(hex[2 * i]), low = hex_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return STATUS_INVALID;
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    return STATUS_OK;
}

void bytes_wipe(void *data, size_t size)
{
    explicit_bzero(data, size);
}

void bytes_free_wiped(void *data)
{
    if (data)
        bytes_wipe(data, malloc_usable_size(data));
    free(data);
}

void *bytes_realloc_wiped(void *data, size_t size)
{
    void *moved = malloc(size);
    size_t old_size = data ? malloc_usable_size(data) : 0;
    if (!moved)
        return NULL;
    if (data)
        memcpy(moved, data, old_size < size ? old_size : size);
    bytes_free_wiped(data);
    return moved;
}
