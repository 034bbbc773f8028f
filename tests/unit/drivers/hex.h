/* Bytes written as hex with spaces, as the protocol documents print them. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns how many bytes; at most size. */
static inline size_t hex_bytes(const char *hex, uint8_t *out, size_t size)
{
    size_t count = 0;
    for (; *hex != '\0'; hex += 2) {
        while (*hex == ' ')
            hex++;
        unsigned byte = 0;
        int matched = sscanf(hex, "%2x", &byte);
        if (matched != 1 || count >= size)
            abort();
        out[count++] = (uint8_t)byte;
    }
    return count;
}

#define assert_bytes_equal(actual, actual_size, hex)                                               \
    do {                                                                                           \
        uint8_t wanted_[512];                                                                      \
        size_t wanted_size_ = hex_bytes(hex, wanted_, sizeof wanted_);                             \
        assert_int_equal(actual_size, wanted_size_);                                               \
        assert_memory_equal(actual, wanted_, wanted_size_);                                        \
    } while (0)
