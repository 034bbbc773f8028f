#include "ui/wav.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

#define CHUNK_HEAD_SIZE 8
#define FORMAT_SIZE_MIN 16

static bool is_tag(const uint8_t *at, const char *tag)
{
    return memcmp(at, tag, 4) == 0;
}

static uint32_t u32_at(const uint8_t *at)
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, at, 4);
    return bytes_read_u32le(&reader);
}

/* 1 = PCM; one channel; 16 bits. */
static bool parse_format(const uint8_t *data, size_t size, struct wav_head *out)
{
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size);
    const uint16_t format = bytes_read_u16le(&reader), channels = bytes_read_u16le(&reader);
    const uint32_t rate = bytes_read_u32le(&reader);
    (void)bytes_read_u32le(&reader); /* bytes a second follow from the rest */
    const uint16_t block = bytes_read_u16le(&reader), bits = bytes_read_u16le(&reader);
    if (reader.bad || format != 1 || channels != 1 || block != 2 || bits != 16 || rate < 8000 ||
        rate > 48000)
        return false;
    out->rate = (int)rate;
    return true;
}

static enum wav_result more(size_t size)
{
    return size < WAV_HEAD_SIZE_MAX ? WAV_MORE : WAV_BAD;
}

/* Chunks up to the one of the samples; those we do not know are passed over. */
static enum wav_result parse_chunks(const uint8_t *data, size_t size, struct wav_head *out)
{
    size_t at = 12;
    for (;;) {
        if (size - at < CHUNK_HEAD_SIZE)
            return more(size);
        const uint8_t *chunk = data + at;
        const uint32_t length = u32_at(chunk + 4);
        at += CHUNK_HEAD_SIZE;
        if (is_tag(chunk, "data")) {
            out->size = at;
            out->length = length;
            return out->rate > 0 ? WAV_OK : WAV_BAD;
        }
        if (length > WAV_HEAD_SIZE_MAX)
            return WAV_BAD;
        const size_t padded = length + (length & 1);
        if (size - at < padded)
            return at + padded >= WAV_HEAD_SIZE_MAX ? WAV_BAD : more(size);
        if (is_tag(chunk, "fmt ") &&
            (length < FORMAT_SIZE_MIN || !parse_format(data + at, length, out)))
            return WAV_BAD;
        at += padded;
    }
}

enum wav_result wav_parse_head(const uint8_t *data, size_t size, struct wav_head *out)
{
    *out = (struct wav_head){ 0 };
    const size_t magic = size < 4 ? size : 4;
    if (memcmp(data, "RIFF", magic) != 0)
        return WAV_BAD;
    if (size < 12)
        return WAV_MORE;
    if (!is_tag(data + 8, "WAVE"))
        return WAV_BAD;
    return parse_chunks(data, size, out);
}
