#include "settings/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "settings/settings_internal.h"
#include "settings/settings_keys.h"

#define PRODUCTION_TIMEOUT_S_MIN 30 /* a shorter wait is for tests, never for citizens */

struct kiosk_reader {
    struct settings_source *source;
    struct settings settings;
    char folder[SETTINGS_PATH_SIZE]; /* of the file, with its slash; "" is the working directory */
    char section[200];
    bool section_known;
    int lines[SETTINGS_KEYS_MAX]; /* where each key was given; 0: not at all */
};

static void on_section(void *context, const char *section)
{
    struct kiosk_reader *reader = context;
    text_copy(reader->section, sizeof reader->section, section);
    reader->section_known = false;
    for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
        if (strcmp(SETTINGS_KEYS[i].section, section) == 0)
            reader->section_known = true;
    }
    if (!reader->section_known)
        settings_source_error(reader->source, reader->source->line, "unknown section [%.60s]",
                              section);
}

static const struct settings_key *find_key(const char *section, const char *name)
{
    for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
        const struct settings_key *key = &SETTINGS_KEYS[i];
        if (strcmp(key->section, section) == 0 && strcmp(key->name, name) == 0)
            return key;
    }
    return NULL;
}

static void on_pair(void *context, const char *name, const char *value)
{
    struct kiosk_reader *reader = context;
    struct settings_source *source = reader->source;
    if (reader->section[0] == '\0') {
        settings_source_error(source, source->line, "%.50s stands before the first section", name);
        return;
    }
    if (!reader->section_known)
        return; /* said once, at the section */
    const struct settings_key *key = find_key(reader->section, name);
    if (key == NULL) {
        settings_source_error(source, source->line, "unknown key %.50s in [%s]", name,
                              reader->section);
        return;
    }
    int *line = &reader->lines[key - SETTINGS_KEYS];
    if (*line != 0) {
        settings_source_error(source, source->line, "%s is given twice, first in line %d", name,
                              *line);
        return;
    }
    *line = source->line;
    char why[SETTINGS_WHY_SIZE];
    if (!settings_key_apply(key, value, reader->folder, &reader->settings, why))
        settings_source_error(source, source->line, "%s: %s", name, why);
}

static int line_of(const struct kiosk_reader *reader, const char *section, const char *name)
{
    const struct settings_key *key = find_key(section, name);
    CHECK(key != NULL);
    return reader->lines[key - SETTINGS_KEYS];
}

static void apply_defaults(struct kiosk_reader *reader)
{
    for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
        char why[SETTINGS_WHY_SIZE];
        const char *fallback = SETTINGS_KEYS[i].fallback;
        if (fallback != NULL)
            CHECK(settings_key_apply(&SETTINGS_KEYS[i], fallback, "", &reader->settings, why));
    }
}

static void check_present(struct kiosk_reader *reader)
{
    for (size_t i = 0; i < SETTINGS_KEY_COUNT; i++) {
        const struct settings_key *key = &SETTINGS_KEYS[i];
        if (key->fallback == NULL && reader->lines[i] == 0)
            settings_source_error(reader->source, 0, "%s in [%s] must be given", key->name,
                                  key->section);
    }
}

/* A warning comes before its limit, and one payment must be possible in a day. */
static void check_cash_limits(struct kiosk_reader *reader)
{
    struct settings_source *source = reader->source;
    const struct settings *s = &reader->settings;
    if (s->box_notes_max > 0 && s->box_notes_warn >= s->box_notes_max)
        settings_source_error(source, line_of(reader, "cash", "box_notes_warn"),
                              "box_notes_warn %d is not under box_notes_max %d", s->box_notes_warn,
                              s->box_notes_max);
    if (s->day_sum_max_fen > 0 && s->visit_sum_max_fen > s->day_sum_max_fen)
        settings_source_error(source, line_of(reader, "cash", "visit_sum_max_yuan"),
                              "visit_sum_max_yuan is over day_sum_max_yuan");
}

/* Rules that join two keys. */
static void check_together(struct kiosk_reader *reader)
{
    struct settings_source *source = reader->source;
    const struct settings *s = &reader->settings;
    if ((s->panel_width_px == 0) != (s->panel_height_px == 0))
        settings_source_error(source, line_of(reader, "panel", "width_px"),
                              "width_px and height_px: both or neither");
    if (s->sync_retry_s_min > s->sync_retry_s_max)
        settings_source_error(source, line_of(reader, "bureau", "retry_s_min"),
                              "retry_s_min %d is over retry_s_max %d", s->sync_retry_s_min,
                              s->sync_retry_s_max);
    check_cash_limits(reader);
    if (s->speech_private && s->speech_output != SETTINGS_HEADPHONE)
        settings_source_error(source, line_of(reader, "speech", "private"),
                              "private = yes needs output = headphone: a loudspeaker tells the "
                              "whole hall");
    if (!s->production)
        return;
    if (s->idle_timeout_s < PRODUCTION_TIMEOUT_S_MIN)
        settings_source_error(source, line_of(reader, "visit", "idle_timeout_s"),
                              "idle_timeout_s under %d s needs production = no",
                              PRODUCTION_TIMEOUT_S_MIN);
    if (s->cash_timeout_s < PRODUCTION_TIMEOUT_S_MIN)
        settings_source_error(source, line_of(reader, "visit", "cash_timeout_s"),
                              "cash_timeout_s under %d s needs production = no",
                              PRODUCTION_TIMEOUT_S_MIN);
    if (s->policy_keys[0] == '\0')
        settings_source_error(source, line_of(reader, "paths", "policy_keys"),
                              "no policy_keys needs production = no: policies must be signed");
}

static void find_folder(struct kiosk_reader *reader)
{
    const char *file = reader->source->file;
    const char *slash = strrchr(file, '/');
    size_t length = slash != NULL ? (size_t)(slash + 1 - file) : 0;
    if (length >= sizeof reader->folder)
        settings_source_error(reader->source, 0, "the path of this file is too long");
    else
        text_format(reader->folder, sizeof reader->folder, "%.*s", (int)length, file);
}

enum status settings_parse_kiosk(struct settings_source *source, struct settings *out)
{
    struct kiosk_reader reader = { .source = source };
    source->on_section = on_section;
    source->on_pair = on_pair;
    source->context = &reader;
    find_folder(&reader);
    apply_defaults(&reader);
    settings_source_parse(source);
    check_present(&reader);
    check_together(&reader);
    if (source->errors > 0)
        return STATUS_INVALID;
    *out = reader.settings;
    return STATUS_OK;
}

enum status settings_load(const char *path, settings_on_error *on_error, void *context,
                          struct settings *out)
{
    struct settings_source source = { .file = path,
                                      .on_error = on_error,
                                      .error_context = context };
    char *text = NULL;
    enum status status = settings_source_read(&source, &text);
    if (status == STATUS_OK)
        status = settings_parse_kiosk(&source, out);
    free(text);
    return status;
}

enum status settings_load_devices(const char *path, settings_on_error *on_error, void *context,
                                  struct settings *out)
{
    struct settings_source source = { .file = path,
                                      .on_error = on_error,
                                      .error_context = context };
    char *text = NULL;
    enum status status = settings_source_read(&source, &text);
    if (status == STATUS_OK)
        status = settings_parse_devices(&source, out);
    free(text);
    return status;
}
