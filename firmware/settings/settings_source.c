#include "settings/settings_source.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void settings_source_error(struct settings_source *source, int line, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0)
        text[0] = '\0';
    source->errors++;
    source->on_error(source->error_context, source->file, line, text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* "[name]" with nothing but a comment behind it; the name goes to the listener. */
static bool take_section(struct settings_source *source, const char *line)
{
    const char *end = strchr(line, ']');
    if (end == NULL)
        return false;
    const char *rest = end + 1;
    while (is_blank(*rest))
        rest++;
    if (*rest != '\0' && *rest != ';' && *rest != '#')
        return false;
    char name[200];
    if (!text_format(name, sizeof name, "%.*s", (int)(end - line - 1), line + 1))
        return false;
    source->on_section(source->context, name);
    return true;
}

/* What inih reads leniently (continued lines, text after a section) is refused here, by line. */
static bool judge_line(struct settings_source *source, const char *line)
{
    const char *start = line;
    while (is_blank(*start))
        start++;
    if (*start == '\0' || *start == ';' || *start == '#')
        return true;
    if (start > line) {
        settings_source_error(source, source->line, "the line starts with a blank");
        return false;
    }
    if (!text_is_valid_utf8(line, strlen(line))) {
        settings_source_error(source, source->line, "the line is not UTF-8");
        return false;
    }
    if (*line == '[') {
        source->section_lost = !take_section(source, line);
        if (!source->section_lost)
            return true;
        settings_source_error(source, source->line, "a section is written [name]");
        return false;
    }
    if (strpbrk(line, "=:") == NULL) {
        settings_source_error(source, source->line, "expected: key = value");
        return false;
    }
    return true;
}

/* fgets over the text, for inih: one line a call, so that source->line is the line of its answer.
 */
static char *next_line(char *out, int out_size, void *stream)
{
    struct settings_source *source = stream;
    if (source->offset == source->size)
        return NULL;
    const char *start = source->text + source->offset;
    size_t left = source->size - source->offset;
    const char *newline = memchr(start, '\n', left);
    size_t length = newline != NULL ? (size_t)(newline - start) : left;
    source->offset += length + (newline != NULL);
    source->line++;

    bool usable = true;
    if (length + 2 > (size_t)out_size) {
        settings_source_error(source, source->line, "the line is longer than %d bytes",
                              out_size - 2);
        usable = false;
    } else if (memchr(start, '\0', length) != NULL) {
        settings_source_error(source, source->line, "the line contains a NUL");
        usable = false;
    }
    if (usable) {
        memcpy(out, start, length);
        out[length] = '\0';
        usable = judge_line(source, out);
    }
    if (!usable)
        length = 0; /* inih sees an empty line, and goes on: all errors in one pass */
    out[length] = '\n';
    out[length + 1] = '\0';
    return out;
}

static int on_pair(void *user, const char *section, const char *key, const char *value)
{
    (void)section; /* inih cuts long names; the listener has the whole one */
    struct settings_source *source = user;
    if (!source->section_lost) /* else these keys belong to a section nobody could read */
        source->on_pair(source->context, key, value);
    return 1;
}

void settings_source_parse(struct settings_source *source)
{
    static const char BOM[] = "\xEF\xBB\xBF";
    source->offset = source->size >= 3 && memcmp(source->text, BOM, 3) == 0 ? 3 : 0;
    source->line = 0;
    if (source->size > SETTINGS_FILE_SIZE_MAX) {
        settings_source_error(source, 0, "the file is larger than %d bytes",
                              SETTINGS_FILE_SIZE_MAX);
        return;
    }
    int failed_line = ini_parse_stream(next_line, source, on_pair, source);
    if (failed_line != 0)
        settings_source_error(source, failed_line, "the line cannot be read");
}

enum status settings_source_read(struct settings_source *source, char **text_out)
{
    FILE *file = fopen(source->file, "rb");
    if (file == NULL) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        settings_source_error(source, 0, "cannot be opened: %s", strerror(errno));
        return missing ? STATUS_NOT_FOUND : STATUS_IO;
    }
    enum status status = STATUS_IO;
    char *text = malloc(SETTINGS_FILE_SIZE_MAX + 1);
    if (text == NULL)
        goto out;
    source->size = fread(text, 1, SETTINGS_FILE_SIZE_MAX + 1, file);
    if (ferror(file)) {
        settings_source_error(source, 0, "cannot be read: %s", strerror(errno));
        goto out;
    }
    source->text = text;
    *text_out = text;
    text = NULL;
    status = STATUS_OK;
out:
    free(text);
    fclose(file);
    return status;
}
