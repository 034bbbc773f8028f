/*
 * One INI file on its way through inih: counts lines, refuses what inih would silently accept, and
 * reports every error as file, line and text.
 *
 * Bounds: SETTINGS_FILE_SIZE_MAX bytes, lines as long as inih's own buffer (199 bytes).
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "settings/settings.h"

#define SETTINGS_FILE_SIZE_MAX 65536

struct settings_source {
    const char *file;
    const char *text;
    size_t size, offset;
    int line;
    int errors;
    bool section_lost; /* the last section header could not be read */
    settings_on_error *on_error;
    void *error_context;
    /* Told of each section header and each pair, in order. */
    void (*on_section)(void *context, const char *section);
    void (*on_pair)(void *context, const char *key, const char *value);
    void *context;
};

void settings_source_error(struct settings_source *source, int line, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Runs source->text through inih. The caller looks at source->errors. */
void settings_source_parse(struct settings_source *source);

/* The whole file as a new string in *text_out (free it). STATUS_NOT_FOUND, STATUS_INVALID when too
 * large, STATUS_IO; each is reported. */
NODISCARD enum status settings_source_read(struct settings_source *source, char **text_out);
