#include "base/text.h"

#include <iconv.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"

#define REPLACEMENT 0xFFFDu

/* The largest n <= size at which in can be cut without splitting a character. */
static size_t cut_length(const char *in, size_t size)
{
    size_t n = size;
    while (n > 0 && ((uint8_t)in[n] & 0xC0) == 0x80)
        n--;
    return n;
}

bool text_copy(char *out, size_t out_size, const char *in)
{
    CHECK(out_size > 0);
    size_t length = strlen(in);
    bool whole = length < out_size;
    if (!whole)
        length = cut_length(in, out_size - 1);
    memcpy(out, in, length);
    out[length] = '\0';
    return whole;
}

/* Removes an incomplete character at the end of a text that was cut at a byte. */
static void drop_split_character(char *text, size_t length)
{
    size_t start = length;
    while (start > 0 && ((uint8_t)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    uint8_t lead = (uint8_t)text[start - 1];
    size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length - (start - 1) < needed)
        text[start - 1] = '\0';
}

bool text_format(char *out, size_t out_size, const char *format, ...)
{
    CHECK(out_size > 0);
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(out, out_size, format, arguments);
    va_end(arguments);
    CHECK(length >= 0);
    if ((size_t)length < out_size)
        return true;
    drop_split_character(out, out_size - 1);
    return false;
}

/* Length of the sequence a lead byte announces, 0 if it announces none; its payload in *code. */
static int lead_length(uint8_t lead, uint32_t *code)
{
    if (lead < 0x80) {
        *code = lead;
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        *code = lead & 0x1Fu;
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *code = lead & 0x0Fu;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *code = lead & 0x07u;
        return 4;
    }
    return 0;
}

static bool is_scalar(uint32_t code, int length)
{
    static const uint32_t LEAST[] = { 0, 0, 0x80, 0x800, 0x10000 }; /* below: overlong */
    return code >= LEAST[length] && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
}

/* Decodes one character of at most size bytes. Returns its length, 0 if malformed. */
static int decode(const uint8_t *in, size_t size, uint32_t *code)
{
    int length = lead_length(in[0], code);
    if (length == 0 || (size_t)length > size)
        return 0;
    for (int i = 1; i < length; i++) {
        if ((in[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (in[i] & 0x3Fu);
    }
    return is_scalar(*code, length) ? length : 0;
}

uint32_t text_next(const char **cursor)
{
    const uint8_t *in = (const uint8_t *)*cursor;
    if (*in == 0)
        return 0;
    uint32_t code = 0;
    int length = decode(in, strnlen(*cursor, 4), &code);
    if (length == 0) {
        *cursor += 1;
        return REPLACEMENT;
    }
    *cursor += length;
    return code;
}

bool text_is_valid_utf8(const char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint32_t code = 0;
        int length = decode((const uint8_t *)text + at, size - at, &code);
        if (length == 0)
            return false;
        at += (size_t)length;
    }
    return true;
}

size_t text_encode(uint32_t code, char out[TEXT_CHARACTER_SIZE])
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t LEAD[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
    for (size_t i = length - 1; i > 0; i--, code >>= 6)
        out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(LEAD[length] | code);
    return length;
}

/* The next code point of UTF-16LE; false on a lone surrogate. *at moves by 2 or 4. */
static bool next_ucs2le(const uint8_t *in, size_t size, size_t *at, uint32_t *code)
{
    uint32_t unit = (uint32_t)in[*at] | (uint32_t)in[*at + 1] << 8;
    *at += 2;
    *code = unit;
    if (unit < 0xD800 || unit > 0xDFFF)
        return true;
    if (unit > 0xDBFF || *at + 2 > size)
        return false;
    uint32_t low = (uint32_t)in[*at] | (uint32_t)in[*at + 1] << 8;
    if (low < 0xDC00 || low > 0xDFFF)
        return false;
    *at += 2;
    *code = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

enum status text_from_ucs2le(const uint8_t *in, size_t in_size, char *out, size_t out_size)
{
    if (in_size % 2 != 0 || out_size == 0)
        return STATUS_INVALID;
    while (in_size > 0 && in[in_size - 1] == 0 && (in[in_size - 2] == ' ' || in[in_size - 2] == 0))
        in_size -= 2;

    size_t length = 0;
    for (size_t at = 0; at < in_size;) {
        uint32_t code;
        char character[TEXT_CHARACTER_SIZE];
        /* A NUL inside would silently shorten a name. */
        if (!next_ucs2le(in, in_size, &at, &code) || code == 0)
            goto invalid;
        size_t size = text_encode(code, character);
        if (length + size >= out_size)
            goto invalid;
        memcpy(out + length, character, size);
        length += size;
    }
    out[length] = '\0';
    return STATUS_OK;
invalid:
    out[0] = '\0';
    return STATUS_INVALID;
}

static bool has_control(const uint8_t *in, size_t in_size)
{
    for (size_t i = 0; i < in_size; i++)
        if (in[i] < ' ')
            return true;
    return false;
}

enum status text_from_gb18030(const uint8_t *in, size_t in_size, char *out, size_t out_size)
{
    if (out_size == 0)
        return STATUS_INVALID;
    out[0] = '\0';
    if (has_control(in, in_size)) /* never the second byte of a character */
        return STATUS_INVALID;
    iconv_t table = iconv_open("UTF-8", "GB18030");
    if (table == (iconv_t)-1)
        return STATUS_UNSUPPORTED;
    /* iconv's input is not const for history's sake; it is not written to. */
    char *from = (char *)(uintptr_t)in, *to = out;
    size_t room = out_size - 1;
    size_t failed = iconv(table, &from, &in_size, &to, &room);
    iconv_close(table);
    *(failed == 0 ? to : out) = '\0';
    return failed == 0 ? STATUS_OK : STATUS_INVALID;
}

static size_t count_characters(const char *text)
{
    size_t count = 0;
    while (text_next(&text) != 0)
        count++;
    return count;
}

void text_mask_name(const char *name, char *out, size_t out_size)
{
    CHECK(out_size > 0);
    size_t count = count_characters(name), length = 0;
    for (size_t i = 0; i < count; i++) {
        char character[TEXT_CHARACTER_SIZE];
        uint32_t code = text_next(&name);
        bool shown = (i == 0 && count > 1) || (i == count - 1 && count > 2);
        size_t size = text_encode(shown ? code : '*', character);
        if (length + size >= out_size)
            break;
        memcpy(out + length, character, size);
        length += size;
    }
    out[length] = '\0';
}

void text_mask_number(const char *number, char *out, size_t out_size)
{
    text_copy(out, out_size, number);
    size_t whole = strlen(number), length = strlen(out);
    for (size_t i = 0; i < length; i++) {
        if (whole < 8 || (i >= 4 && i + 2 < whole))
            out[i] = '*';
    }
}
