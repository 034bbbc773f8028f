#include "settings/settings_touch.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "base/text.h"
#include "settings/settings_source.h"

#define NUMBER_MAX 10000000 /* ten panels in millionths */

struct key {
    const char *section, *name;
    size_t at; /* in struct settings_touch; an int32_t */
    int32_t min, max;
};

#define TERM(term, index)                                                                          \
    {                                                                                              \
        "map", term, offsetof(struct settings_touch, map) + (index) * sizeof(int32_t),             \
            -NUMBER_MAX, NUMBER_MAX                                                                \
    }
#define COUNT(name)                                                                                \
    {                                                                                              \
        "test", #name, offsetof(struct settings_touch, name), 0, NUMBER_MAX                        \
    }

static const struct key KEYS[] = {
    TERM("xx", 0),  TERM("xy", 1), TERM("x0", 2), TERM("yx", 3),   TERM("yy", 4),    TERM("y0", 5),
    COUNT(targets), COUNT(dead),   COUNT(misses), COUNT(worst_um), COUNT(jitter_um),
};

struct reader {
    struct settings_source *source;
    char section[16];
    bool given[ARRAY_SIZE(KEYS) + 1]; /* and "passed" */
    struct settings_touch touch;
};

static void on_section(void *context, const char *section)
{
    struct reader *reader = context;
    if (!text_copy(reader->section, sizeof reader->section, section) ||
        (strcmp(section, "map") != 0 && strcmp(section, "test") != 0))
        settings_source_error(reader->source, reader->source->line, "unknown section [%s]",
                              reader->section);
}

static bool read_number(const char *text, int32_t min, int32_t max, int32_t *out)
{
    char *end;
    errno = 0;
    const long number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < min || number > max)
        return false;
    *out = (int32_t)number;
    return true;
}

static bool take(struct reader *reader, size_t index, const char *value)
{
    const struct key *key = &KEYS[index];
    int32_t *out = (int32_t *)(void *)((char *)&reader->touch + key->at);
    return read_number(value, key->min, key->max, out);
}

static bool take_passed(struct reader *reader, const char *value)
{
    reader->touch.passed = strcmp(value, "yes") == 0;
    return reader->touch.passed || strcmp(value, "no") == 0;
}

static size_t find_key(const struct reader *reader, const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++) {
        if (strcmp(KEYS[i].name, name) == 0 && strcmp(KEYS[i].section, reader->section) == 0)
            return i;
    }
    const bool is_passed = strcmp(name, "passed") == 0 && strcmp(reader->section, "test") == 0;
    return is_passed ? ARRAY_SIZE(KEYS) : ARRAY_SIZE(KEYS) + 1;
}

static void on_pair(void *context, const char *name, const char *value)
{
    struct reader *reader = context;
    struct settings_source *source = reader->source;
    const size_t index = find_key(reader, name);
    if (index > ARRAY_SIZE(KEYS)) {
        settings_source_error(source, source->line, "unknown key %s", name);
        return;
    }
    if (reader->given[index])
        settings_source_error(source, source->line, "%s is given twice", name);
    reader->given[index] = true;
    if (!(index < ARRAY_SIZE(KEYS) ? take(reader, index, value) : take_passed(reader, value)))
        settings_source_error(source, source->line, "%s is out of range", name);
}

static enum status parse(struct settings_source *source, struct settings_touch *out)
{
    struct reader reader = { .source = source };
    source->on_section = on_section;
    source->on_pair = on_pair;
    source->context = &reader;
    settings_source_parse(source);
    for (size_t i = 0; i < ARRAY_SIZE(reader.given); i++) {
        if (!reader.given[i])
            settings_source_error(source, 0, "%s must be given",
                                  i < ARRAY_SIZE(KEYS) ? KEYS[i].name : "passed");
    }
    if (source->errors > 0)
        return STATUS_INVALID;
    *out = reader.touch;
    return STATUS_OK;
}

enum status settings_touch_load(const char *path, settings_on_error *on_error, void *context,
                                struct settings_touch *out)
{
    struct settings_source source = { .file = path,
                                      .on_error = on_error,
                                      .error_context = context };
    char *text = NULL;
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return STATUS_NOT_FOUND;
    enum status status = settings_source_read(&source, &text);
    if (status == STATUS_OK)
        status = parse(&source, out);
    free(text);
    return status;
}

static bool write_all(int fd, const struct settings_touch *touch)
{
    const char *section = "";
    for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++) {
        const int32_t *value = (const int32_t *)(const void *)((const char *)touch + KEYS[i].at);
        if (strcmp(section, KEYS[i].section) != 0 && dprintf(fd, "[%s]\n", KEYS[i].section) < 0)
            return false;
        section = KEYS[i].section;
        if (dprintf(fd, "%s = %d\n", KEYS[i].name, (int)*value) < 0)
            return false;
    }
    return dprintf(fd, "passed = %s\n", touch->passed ? "yes" : "no") > 0 && fsync(fd) == 0;
}

/* A rename is durable once its folder is. */
static bool sync_folder_of(const char *path)
{
    char folder[SETTINGS_PATH_SIZE + 32];
    const char *slash = strrchr(path, '/');
    if (!text_format(folder, sizeof folder, "%.*s", slash ? (int)(slash + 1 - path) : 2,
                     slash ? path : "./"))
        return false;
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const bool synced = fsync(fd) == 0;
    close(fd);
    return synced;
}

enum status settings_touch_save(const char *path, const struct settings_touch *touch)
{
    char aside[SETTINGS_PATH_SIZE + 40];
    if (!text_format(aside, sizeof aside, "%s.new", path))
        return STATUS_INVALID;
    const int fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return STATUS_IO;
    const bool written = write_all(fd, touch);
    const bool closed = close(fd) == 0;
    if (written && closed && rename(aside, path) == 0 && sync_folder_of(path))
        return STATUS_OK;
    unlink(aside);
    return STATUS_IO;
}
