/*
 * Bounded reading and writing of byte buffers, for every wire format of the project.
 *
 * A reader or writer that runs over its end turns bad and stays bad; callers check once at the end.
 * No allocation.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes_reader {
    const uint8_t *data;
    size_t size, offset;
    bool bad; /* a read went over the end */
};

struct bytes_writer {
    uint8_t *data;
    size_t size, offset;
    bool bad; /* a write went over the end */
};

void bytes_reader_init(struct bytes_reader *reader, const void *data, size_t size);
uint8_t bytes_read_u8(struct bytes_reader *reader);
uint16_t bytes_read_u16le(struct bytes_reader *reader);
uint16_t bytes_read_u16be(struct bytes_reader *reader);
uint32_t bytes_read_u24be(struct bytes_reader *reader);
uint32_t bytes_read_u32le(struct bytes_reader *reader);
uint32_t bytes_read_u32be(struct bytes_reader *reader);
uint64_t bytes_read_u64le(struct bytes_reader *reader);
/* A view of the next count bytes; NULL (and bad) if there are fewer. */
const uint8_t *bytes_read_view(struct bytes_reader *reader, size_t count);
size_t bytes_left(const struct bytes_reader *reader);

void bytes_writer_init(struct bytes_writer *writer, void *data, size_t size);
void bytes_write_u8(struct bytes_writer *writer, uint8_t value);
void bytes_write_u16le(struct bytes_writer *writer, uint16_t value);
void bytes_write_u16be(struct bytes_writer *writer, uint16_t value);
void bytes_write_u32le(struct bytes_writer *writer, uint32_t value);
void bytes_write_u32be(struct bytes_writer *writer, uint32_t value);
void bytes_write_u64le(struct bytes_writer *writer, uint64_t value);
void bytes_write_all(struct bytes_writer *writer, const void *data, size_t size);

/* Lower-case hex; out must hold 2 * size + 1. */
void bytes_to_hex(const void *data, size_t size, char *out);
/* Exactly 2 * size hex digits. STATUS_INVALID otherwise. */
NODISCARD enum status bytes_from_hex(const char *hex, void *out, size_t size);

/* Overwrites memory in a way the compiler may not leave out. For personal data and keys. */
void bytes_wipe(void *data, size_t size);
/* free() that leaves nothing behind; for libraries that copy what we give them. NULL is fine. */
void bytes_free_wiped(void *data);
void *bytes_realloc_wiped(void *data, size_t size);
