#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

#define LINE_SIZE 1024
#define TAIL "\"}\n"
#define ESCAPE_SIZE_MAX 6 /* \u00XX */

static atomic_int level_min = LOG_INFO;

void log_set_level(enum log_level level)
{
    atomic_store(&level_min, (int)level);
}

static const char *level_word(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return "debug";
    case LOG_INFO:
        return "info";
    case LOG_WARNING:
        return "warning";
    case LOG_ERROR:
        return "error";
    }
    return "error";
}

/* sd-daemon(3): journald takes the priority from a leading <n>. */
static const char *journal_prefix(enum log_level level)
{
    if (getenv("JOURNAL_STREAM") == NULL)
        return "";
    switch (level) {
    case LOG_DEBUG:
        return "<7>";
    case LOG_INFO:
        return "<6>";
    case LOG_WARNING:
        return "<4>";
    case LOG_ERROR:
        return "<3>";
    }
    return "<3>";
}

static void format_time(char *out, size_t out_size)
{
    char iso[CLOCK_ISO_SIZE];
    int64_t now_ms = clock_wall_ms(&clock_system);
    clock_format_iso(now_ms, iso);
    text_format(out, out_size, "%.19s.%03dZ", iso, (int)(now_ms % 1000));
}

/* Appends text as the inside of a JSON string, leaving room for the tail. Returns the new length.
 */
static size_t append_escaped(char *line, size_t length, const char *text)
{
    while (length + ESCAPE_SIZE_MAX + sizeof TAIL <= LINE_SIZE) {
        uint32_t c = text_next(&text);
        if (c == 0)
            break;
        if (c == '"' || c == '\\') {
            line[length++] = '\\';
            line[length++] = (char)c;
        } else if (c < 0x20 || c == 0x7F) {
            length += (size_t)snprintf(line + length, ESCAPE_SIZE_MAX + 1, "\\u%04x", (unsigned)c);
        } else {
            length += text_encode(c, line + length);
        }
    }
    return length;
}

void log_write(enum log_level level, const char *module, const char *event, const char *format, ...)
{
    if ((int)level < atomic_load(&level_min))
        return;
    int saved_errno = errno;
    char text[LINE_SIZE], at[32], line[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(text, sizeof text, format, arguments) < 0)
        text[0] = '\0';
    va_end(arguments);

    format_time(at, sizeof at);
    int head =
        snprintf(line, sizeof line,
                 "%s{\"at\":\"%s\",\"level\":\"%s\",\"module\":\"%.40s\",\"event\":\"%.60s\","
                 "\"text\":\"",
                 journal_prefix(level), at, level_word(level), module, event);
    size_t length = append_escaped(line, (size_t)head, text);
    for (const char *tail = TAIL; *tail; tail++)
        line[length++] = *tail;
    /* Nobody is left to tell when stderr is gone. */
    ssize_t written = write(STDERR_FILENO, line, length);
    (void)written;
    errno = saved_errno;
}
