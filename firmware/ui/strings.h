/*
 * All words of the screens, by id and language; the files of assets/locale, compiled in. Two ids
 * never share a text because they happen to agree in one language.
 */
#pragma once
#include "string_ids.h"
#include <stdbool.h>
#include <stddef.h>

#define STRING_LANGUAGES 2 /* in the order of enum language: zh, en */

/* Tables made at build time. */
extern const char *const STRING_TEXTS[STRINGS][STRING_LANGUAGES];
extern const char *const STRING_NAMES[STRINGS];
/* Is the language written from right to left ("X-Direction: rtl" in its .po file)? */
extern const bool STRING_RIGHT_TO_LEFT[STRING_LANGUAGES];

/* Never NULL. Requires 0 <= language < STRING_LANGUAGES. */
const char *string_text(enum string_id id, int language);

struct string_value {
    const char *name; /* "amount" for {amount} */
    const char *text;
};

/* Replaces {name} by its value; an unknown name stays as it is. Always terminated, never splits a
 * character; returns false if it had to cut. */
bool strings_format(char *out, size_t out_size, const char *template_text,
                    const struct string_value *values, int count);
