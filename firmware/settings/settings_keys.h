/*
 * The table of all keys of kiosk.ini: one line a key, with its default as text, so that a default
 * passes the same checks as a site's value and config/kiosk.ini can be compared with it.
 */
#pragma once
#include <stddef.h>

#include "settings/settings.h"

enum settings_kind {
    SETTINGS_TEXT,           /* min..max bytes of text */
    SETTINGS_PATH,           /* relative to the file's folder; may not be empty */
    SETTINGS_PATH_OR_NONE,   /* the same; empty: none */
    SETTINGS_NUMBER,         /* min..max */
    SETTINGS_NUMBER_OR_NONE, /* 0, or min..max */
    SETTINGS_SWITCH,         /* yes, no */
    SETTINGS_DIGITS,         /* exactly max digits */
    SETTINGS_PHONE,
    SETTINGS_ORIGIN, /* https://host[:port] */
    SETTINGS_PREFIX, /* https://…, or empty */
    SETTINGS_YUAN,   /* min..max in fen, written 1234.50 */
    SETTINGS_NOTES,  /* denominations in yuan, ascending */
    SETTINGS_HOURS,  /* as settings_hours.h describes them */
    SETTINGS_OUTPUT, /* speaker, headphone */
    SETTINGS_VOICE,  /* a voice of the speech program: letters, digits, - and + */
};

struct settings_key {
    const char *section, *name;
    enum settings_kind kind;
    size_t offset, size; /* of the field; size counts for texts */
    int64_t min, max;
    const char *fallback; /* NULL: the site must say it */
};

extern const struct settings_key SETTINGS_KEYS[];
extern const size_t SETTINGS_KEY_COUNT;
#define SETTINGS_KEYS_MAX 64

/*
 * Reads value into its field. folder is the settings file's, with its slash, or "".
 * False with a reason in why (WHY_SIZE bytes): "5 is outside 10..600".
 */
#define SETTINGS_WHY_SIZE 160
NODISCARD bool settings_key_apply(const struct settings_key *key, const char *value,
                                  const char *folder, struct settings *settings,
                                  char why[SETTINGS_WHY_SIZE]);
