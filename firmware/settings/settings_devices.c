#include "settings/settings_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"

#define NOT_GIVEN (-1)

static const char *const CLASS_WORDS[SETTINGS_CLASSES] = {
    [SETTINGS_ID_READER] = "id_reader",
    [SETTINGS_CONTACT_READER] = "contact_reader",
    [SETTINGS_CASH_ACCEPTOR] = "cash_acceptor",
    [SETTINGS_PRINTER] = "printer",
};

/* One section, until the next begins. */
struct device_section {
    enum settings_class class;
    char name[64]; /* "id_reader sam" */
    int line;      /* 0: none open, or refused */
    struct device_match match;
};

struct devices_reader {
    struct settings_source *source;
    struct settings settings;
    char names[SETTINGS_DEVICES_MAX][64];
    int named;
    bool begun; /* a section header has been seen */
    struct device_section section;
};

static void close_section(struct devices_reader *reader)
{
    struct device_section *section = &reader->section;
    const struct device_match *match = &section->match;
    int line = section->line;
    section->line = 0;
    if (line == 0)
        return;
    if (match->driver[0] == '\0')
        settings_source_error(reader->source, line, "[%s] names no driver", section->name);
    if ((match->vid == NOT_GIVEN) != (match->pid == NOT_GIVEN))
        settings_source_error(reader->source, line, "[%s]: vid and pid belong together",
                              section->name);
    else if (match->vid == NOT_GIVEN && match->interface_class == NOT_GIVEN)
        settings_source_error(reader->source, line, "[%s] needs vid and pid, or interface_class",
                              section->name);
    else if (match->interface_subclass != NOT_GIVEN && match->interface_class == NOT_GIVEN)
        settings_source_error(reader->source, line,
                              "[%s]: interface_subclass needs interface_class", section->name);
    int index = reader->settings.device_count;
    if (index == SETTINGS_DEVICES_MAX) {
        settings_source_error(reader->source, line, "more than %d devices", SETTINGS_DEVICES_MAX);
        return;
    }
    reader->settings.devices[index].class = section->class;
    reader->settings.devices[index].match = *match;
    reader->settings.device_count++;
}

static bool is_label(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return length > 0 && text[length] == '\0';
}

/* "id_reader sam": a class, one blank, a label of one's own. */
static bool find_class(const char *name, enum settings_class *out)
{
    for (int i = 0; i < SETTINGS_CLASSES; i++) {
        size_t length = strlen(CLASS_WORDS[i]);
        if (strncmp(name, CLASS_WORDS[i], length) == 0 && name[length] == ' ' &&
            is_label(name + length + 1)) {
            *out = (enum settings_class)i;
            return true;
        }
    }
    return false;
}

static bool is_named(struct devices_reader *reader, const char *name)
{
    for (int i = 0; i < reader->named; i++) {
        if (strcmp(reader->names[i], name) == 0)
            return true;
    }
    if (reader->named < SETTINGS_DEVICES_MAX)
        text_copy(reader->names[reader->named++], sizeof reader->names[0], name);
    return false;
}

static void on_section(void *context, const char *name)
{
    struct devices_reader *reader = context;
    struct settings_source *source = reader->source;
    close_section(reader);
    reader->begun = true;
    enum settings_class class = SETTINGS_ID_READER;
    if (strlen(name) >= sizeof reader->section.name || !find_class(name, &class)) {
        settings_source_error(
            source, source->line,
            "[%.60s]: expected [id_reader NAME], [contact_reader NAME], [cash_acceptor NAME] or "
            "[printer NAME]",
            name);
        return;
    }
    if (is_named(reader, name)) {
        settings_source_error(source, source->line, "[%s] is given twice", name);
        return;
    }
    struct device_section *section = &reader->section;
    *section = (struct device_section){
        .class = class,
        .line = source->line,
        .match = { .vid = NOT_GIVEN,
                   .pid = NOT_GIVEN,
                   .interface_class = NOT_GIVEN,
                   .interface_subclass = NOT_GIVEN },
    };
    text_copy(section->name, sizeof section->name, name);
}

/* "0x0400" or "1024", up to max. */
static void take_number(struct devices_reader *reader, const char *key, const char *value, int max,
                        int *field)
{
    struct settings_source *source = reader->source;
    bool hex = strncmp(value, "0x", 2) == 0;
    const char *digits = hex ? value + 2 : value;
    size_t length = strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
    long number = length > 0 && length <= 8 ? strtol(digits, NULL, hex ? 16 : 10) : -1;
    if (digits[length] != '\0' || number < 0 || number > max)
        settings_source_error(source, source->line, "%s: \"%.40s\" is outside 0x0..0x%X", key,
                              value, (unsigned)max);
    else if (*field != NOT_GIVEN)
        settings_source_error(source, source->line, "%s is given twice", key);
    else
        *field = (int)number;
}

static void take_text(struct devices_reader *reader, const char *key, const char *value,
                      char *field, size_t size)
{
    struct settings_source *source = reader->source;
    if (field[0] != '\0')
        settings_source_error(source, source->line, "%s is given twice", key);
    else if (!text_copy(field, size, value))
        settings_source_error(source, source->line, "%s is longer than %d bytes", key,
                              (int)size - 1);
}

static void on_pair(void *context, const char *key, const char *value)
{
    struct devices_reader *reader = context;
    struct device_match *match = &reader->section.match;
    if (!reader->begun) {
        settings_source_error(reader->source, reader->source->line,
                              "%.50s stands before the first section", key);
        return;
    }
    if (reader->section.line == 0)
        return; /* the section was refused; said once */
    if (strcmp(key, "driver") == 0 && is_label(value))
        take_text(reader, key, value, match->driver, sizeof match->driver);
    else if (strcmp(key, "driver") == 0)
        settings_source_error(reader->source, reader->source->line,
                              "driver: \"%.40s\" is not a driver's name", value);
    else if (strcmp(key, "options") == 0)
        take_text(reader, key, value, match->options, sizeof match->options);
    else if (strcmp(key, "vid") == 0)
        take_number(reader, key, value, 0xFFFF, &match->vid);
    else if (strcmp(key, "pid") == 0)
        take_number(reader, key, value, 0xFFFF, &match->pid);
    else if (strcmp(key, "interface_class") == 0)
        take_number(reader, key, value, 0xFF, &match->interface_class);
    else if (strcmp(key, "interface_subclass") == 0)
        take_number(reader, key, value, 0xFF, &match->interface_subclass);
    else
        settings_source_error(reader->source, reader->source->line, "unknown key %.50s", key);
}

enum status settings_parse_devices(struct settings_source *source, struct settings *out)
{
    struct devices_reader reader = { .source = source, .settings = *out };
    source->on_section = on_section;
    source->on_pair = on_pair;
    source->context = &reader;
    settings_source_parse(source);
    close_section(&reader);
    if (source->errors > 0)
        return STATUS_INVALID;
    *out = reader.settings;
    return STATUS_OK;
}
