/*
 * Inside spoken_text: a cursor over a text of the screen. spoken_text.c has letters, signs and the
 * change of voices, spoken_figures.c everything that begins with a digit.
 */
#pragma once
#include "base/text.h"
#include "ui/spoken_text.h"
#include <string.h>

enum spoken_rest {
    REST_NONE,
    REST_PAUSE,
    REST_STOP,
    REST_QUESTION,
};

struct spoken_reader {
    struct spoken_out *out;
    const char *at;
    int page;              /* language of the page */
    int language;          /* of the part being written; SPOKEN_LANGUAGES: none yet */
    uint32_t before;       /* the last character read; 0 at the start */
    enum spoken_rest rest; /* due before the next word */
};

static inline bool spoken_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool spoken_is_latin(uint32_t code)
{
    return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') ||
           (code >= 0xc0 && code <= 0x24f && code != 0xd7 && code != 0xf7);
}

static inline uint32_t spoken_peek(const char *at)
{
    return text_next(&at);
}

static inline const char *spoken_skip_spaces(const char *at)
{
    while (*at == ' ')
        at++;
    return at;
}

static inline bool spoken_starts_with(const char *at, const char *words)
{
    return strncmp(at, words, strlen(words)) == 0;
}

/* spoken_text.c */
/* Figures and signs are said in the language they stand in. */
int spoken_reader_language(const struct spoken_reader *reader);
/* Pays the pause that is due and opens a part if there is none. */
void spoken_reader_begin(struct spoken_reader *reader);
void spoken_reader_say(struct spoken_reader *reader, const char *zh, const char *en);
/* An English word and a figure must not run together; Chinese knows no spaces. */
void spoken_reader_space(struct spoken_reader *reader);

/* spoken_figures.c: a number that begins here, with the unit it is of; false if none does.
 * has_sign: a currency sign stood before it. */
bool spoken_reader_take_figure(struct spoken_reader *reader, bool has_sign);
