/*
 * The head of a WAV stream, as a speech program in another process writes it: bytes from outside.
 *
 * Only what we play is taken: PCM, one channel, 16 bits, 8000..48000 Hz. A program that writes into
 * a pipe cannot know the length beforehand, so the one in the head is an upper bound at most.
 *
 * Pure.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define WAV_HEAD_SIZE_MAX 512

enum wav_result {
    WAV_OK,
    WAV_MORE, /* the head is not complete yet */
    WAV_BAD,
};

struct wav_head {
    int rate;        /* samples a second */
    size_t size;     /* of the head in bytes: here the samples begin */
    uint32_t length; /* of the samples in bytes, at most */
};

/* WAV_MORE only while size < WAV_HEAD_SIZE_MAX. */
enum wav_result wav_parse_head(const uint8_t *data, size_t size, struct wav_head *out);
