/* Gathers what settings reports, as "file:line: text" lines, and parses texts from memory. */
#pragma once
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "settings/settings_internal.h"
#include "support/unit.h"

struct collected {
    char text[8192];
    int count;
};

static inline void collect(void *context, const char *file, int line, const char *text)
{
    struct collected *collected = context;
    size_t length = strlen(collected->text);
    text_format(collected->text + length, sizeof collected->text - length, "%s:%d: %s\n", file,
                line, text);
    collected->count++;
}

typedef enum status parse(struct settings_source *source, struct settings *out);

/* The copy is exact, so that AddressSanitizer sees a read of one byte too many. */
static inline enum status parse_bytes(parse *parser, const char *file, const void *bytes,
                                      size_t size, struct collected *errors, struct settings *out)
{
    char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    struct settings_source source = {
        .file = file, .text = copy, .size = size, .on_error = collect, .error_context = errors
    };
    memset(errors, 0, sizeof *errors);
    enum status status = parser(&source, out);
    free(copy);
    assert_int_equal(errors->count, source.errors);
    return status;
}
