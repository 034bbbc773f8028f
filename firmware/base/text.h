/*
 * UTF-8 text in fixed buffers.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies, always terminates, never splits a character. Returns false if it had to cut. */
bool text_copy(char *out, size_t out_size, const char *in);

/* snprintf that never splits a character; false if it had to cut. */
bool text_format(char *out, size_t out_size, const char *format, ...) PRINTF_LIKE(3, 4);

/* Next code point; advances *cursor. U+FFFD for each malformed byte. 0 at the end. */
uint32_t text_next(const char **cursor);

bool text_is_valid_utf8(const char *text, size_t size);

/* UCS-2LE to UTF-8, trailing spaces and NULs trimmed. STATUS_INVALID on a lone surrogate or when
 * out is too small. */
NODISCARD enum status text_from_ucs2le(const uint8_t *in, size_t in_size, char *out,
                                       size_t out_size);

/* GBK, and GB 18030 of which it is a part, to UTF-8. STATUS_INVALID on what is no character, on a
 * control character, or when out is too small; STATUS_UNSUPPORTED if the C library has no table. */
NODISCARD enum status text_from_gb18030(const uint8_t *in, size_t in_size, char *out,
                                        size_t out_size);

/* Masks a name for screens and paper: first and last character stay, what is between becomes '*':
 * 王小华 → 王*华, 李明 → 李*. */
void text_mask_name(const char *name, char *out, size_t out_size);

/* Keeps the first 4 and last 2 of an ID number, the rest '*'. Shorter than 8: all '*'. */
void text_mask_number(const char *number, char *out, size_t out_size);

/* Writes one code point as UTF-8, unterminated; returns how many bytes. */
#define TEXT_CHARACTER_SIZE 4
size_t text_encode(uint32_t code, char out[TEXT_CHARACTER_SIZE]);
