#include <ini.h>
#include <string.h>

#include "base/text.h"
#include "plan/policy_internal.h"

/* inih takes one line after another from here; what it does not report by itself (the number of a
 * line, a line it can make nothing of, an empty section) is seen here. A key is read when its value
 * is whole: it may go on in indented lines. */
struct reader {
    struct policy_draft *draft;
    const char *at, *end;
    bool line_is_key;  /* the line given out last should be a key */
    bool key_was_read; /* and the parser took it for one */
    bool is_continued; /* it goes on with the value of the one before */
    int key_line;      /* of the key that waits for its value's end, 0 none */
    char key[64];      /* longer than any inih gives out */
    char value[POLICY_VALUE_SIZE];
};

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " \t");
}

static void finish_line(struct reader *reader)
{
    if (reader->line_is_key && !reader->key_was_read)
        policy_add_error(reader->draft, reader->draft->line, "E03",
                         "neither a section nor key = value");
    reader->line_is_key = reader->key_was_read = false;
}

static void finish_key(struct reader *reader)
{
    struct policy_draft *draft = reader->draft;
    int line = draft->line;
    if (reader->key_line == 0)
        return;
    draft->line = reader->key_line;
    reader->key_line = 0;
    policy_read_key(draft, reader->key, reader->value);
    draft->line = line;
}

static void begin_section(struct policy_draft *draft, const char *line)
{
    const char *end = strchr(line, ']');
    char name[POLICY_LINE_BYTES_MAX + 1];
    if (!end) {
        policy_add_error(draft, draft->line, "E45", "section without ]");
        draft->section = SECTION_UNKNOWN;
        return;
    }
    text_format(name, sizeof name, "%.*s", (int)(end - line - 1), line + 1);
    policy_begin_section(draft, name);
}

static void look_at_line(struct reader *reader, const char *line)
{
    struct policy_draft *draft = reader->draft;
    const char *text = skip_blanks(line);
    draft->line++;
    /* Like inih: a line that begins with a blank goes on with the value before it. */
    reader->is_continued = text > line;
    if (*text == '[' && !reader->is_continued) {
        finish_key(reader);
        begin_section(draft, text);
    } else {
        reader->line_is_key = *text != '\0' && !strchr("\r\n;#", *text);
    }
}

static char *read_line(char *out, int out_size, void *context)
{
    struct reader *reader = context;
    finish_line(reader);
    if (reader->at == reader->end)
        return NULL;
    const char *newline = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
    const char *next = newline ? newline + 1 : reader->end;
    size_t size = (size_t)(next - reader->at);
    /* Lines were measured before; this only guards against an inih built with a shorter line. */
    if (size >= (size_t)out_size)
        size = (size_t)out_size - 1;
    memcpy(out, reader->at, size);
    out[size] = '\0';
    reader->at = next;
    look_at_line(reader, out);
    return out;
}

/* A blank between Latin letters and figures, none between Chinese. */
static void continue_value(struct reader *reader, const char *value)
{
    size_t length = strlen(reader->value);
    const char *glue = length > 0 && (unsigned char)reader->value[length - 1] < 0x80 ? " " : "";
    if (!text_format(reader->value + length, sizeof reader->value - length, "%s%s", glue, value))
        policy_add_error(reader->draft, reader->draft->line, "E01", "value over %d bytes",
                         POLICY_VALUE_SIZE - 1);
}

static int on_key(void *context, const char *section, const char *name, const char *value)
{
    struct reader *reader = context;
    (void)section;
    reader->key_was_read = true;
    if (reader->is_continued && reader->key_line > 0) {
        continue_value(reader, value);
        return 1;
    }
    finish_key(reader);
    reader->key_line = reader->draft->line;
    text_copy(reader->key, sizeof reader->key, name);
    text_copy(reader->value, sizeof reader->value, value);
    return 1;
}

static bool check_line(struct policy_draft *draft, int number, const char *line, size_t size)
{
    const char *bom = "\xEF\xBB\xBF";
    if (size > 0 && line[size - 1] == '\r')
        size--;
    if (size > POLICY_LINE_BYTES_MAX)
        policy_add_error(draft, number, "E01", "line over %d bytes: go on in an indented line",
                         POLICY_LINE_BYTES_MAX);
    else if (memchr(line, '\0', size))
        policy_add_error(draft, number, "E01", "NUL byte");
    else if (!text_is_valid_utf8(line, size))
        policy_add_error(draft, number, "E01", "not UTF-8");
    else if (memchr(line, '\r', size))
        policy_add_error(draft, number, "E01", "CR alone");
    else if (number > 1 && memmem(line, size, bom, 3))
        policy_add_error(draft, number, "E01", "byte order mark in the middle");
    else
        return true;
    return false;
}

static bool check_lines(struct policy_draft *draft, const char *bytes, size_t size)
{
    bool good = true;
    int number = 0;
    for (size_t at = 0; at < size;) {
        const char *newline = memchr(bytes + at, '\n', size - at);
        size_t length = newline ? (size_t)(newline - bytes) - at : size - at;
        if (++number > POLICY_FILE_LINES_MAX) {
            policy_add_error(draft, number, "E45", "more than %d lines", POLICY_FILE_LINES_MAX);
            return false;
        }
        good = check_line(draft, number, bytes + at, length) && good;
        at += length + 1;
    }
    return good;
}

bool policy_read_lines(struct policy_draft *draft, const char *bytes, size_t size)
{
    if (size > POLICY_FILE_BYTES_MAX) {
        policy_add_error(draft, 0, "E01", "file over %d bytes", POLICY_FILE_BYTES_MAX);
        return false;
    }
    if (size == 0) {
        policy_add_error(draft, 0, "E45", "empty file");
        return false;
    }
    if (!check_lines(draft, bytes, size))
        return false;
    struct reader reader = { .draft = draft, .at = bytes, .end = bytes + size };
    /* Its result is the first bad line; finish_line has reported every one. */
    (void)ini_parse_stream(read_line, &reader, on_key, &reader);
    finish_line(&reader);
    finish_key(&reader);
    if (bytes[size - 1] != '\n')
        policy_add_error(draft, draft->line, "E45",
                         "the last line has no end: is the file cut off?");
    return true;
}
