#include "ui/spoken_text.h"

#include "base/check.h"
#include "ui/spoken_reader.h"

static bool is_han(uint32_t code)
{
    return (code >= 0x2e80 && code <= 0x2fff) || (code >= 0x3040 && code <= 0x9fff) ||
           (code >= 0xf900 && code <= 0xfaff) || (code >= 0x20000 && code <= 0x3ffff);
}

/* ---- writing ---- */

static bool part_is_empty(const struct spoken_reader *reader)
{
    const struct spoken_out *out = reader->out;
    return out->used == 0 || (uint8_t)out->text[out->used - 1] <= SPOKEN_MARK + SPOKEN_LANGUAGES;
}

static void trim(struct spoken_out *out)
{
    while (out->used > 0 && out->text[out->used - 1] == ' ')
        out->text[--out->used] = '\0';
}

static void put_rest(struct spoken_reader *reader)
{
    static const char *const RESTS[][SPOKEN_LANGUAGES] = {
        [REST_NONE] = { "", "" },
        [REST_PAUSE] = { "，", ", " },
        [REST_STOP] = { "。", ". " },
        [REST_QUESTION] = { "？", "? " },
    };
    if (reader->rest != REST_NONE && reader->language != SPOKEN_LANGUAGES &&
        !part_is_empty(reader)) {
        trim(reader->out);
        spoken_put(reader->out, RESTS[reader->rest][reader->language]);
    }
    reader->rest = REST_NONE;
}

/* The pause stands with what came before it; only then the voice may change. */
static void settle(struct spoken_reader *reader, int language)
{
    put_rest(reader);
    if (reader->language == language)
        return;
    trim(reader->out);
    const char mark[] = { (char)(SPOKEN_MARK + language), '\0' };
    spoken_put(reader->out, mark);
    reader->language = language;
}

int spoken_reader_language(const struct spoken_reader *reader)
{
    return reader->language == SPOKEN_LANGUAGES ? reader->page : reader->language;
}

static void say(struct spoken_reader *reader, const char *words)
{
    settle(reader, spoken_reader_language(reader));
    spoken_put(reader->out, words);
}

void spoken_reader_say(struct spoken_reader *reader, const char *zh, const char *en)
{
    say(reader, spoken_reader_language(reader) == SPOKEN_ZH ? zh : en);
}

static void rest(struct spoken_reader *reader, enum spoken_rest kind)
{
    if (kind > reader->rest)
        reader->rest = kind;
}

void spoken_reader_space(struct spoken_reader *reader)
{
    if (spoken_reader_language(reader) == SPOKEN_EN && reader->rest == REST_NONE &&
        !part_is_empty(reader) && reader->out->text[reader->out->used - 1] != ' ')
        spoken_put(reader->out, " ");
}

void spoken_reader_begin(struct spoken_reader *reader)
{
    settle(reader, spoken_reader_language(reader));
}

/* ---- letters and signs ---- */

/* The language whose letters come next, or none. */
static int next_script(const char *at)
{
    uint32_t code;
    while ((code = text_next(&at)) != 0) {
        if (is_han(code))
            return SPOKEN_ZH;
        if (spoken_is_latin(code))
            return SPOKEN_EN;
    }
    return SPOKEN_LANGUAGES;
}

/* A single Latin letter in a Chinese text is read by the Chinese voice: A 座. */
static int letter_language(const struct spoken_reader *reader, uint32_t code, const char *next)
{
    if (is_han(code))
        return SPOKEN_ZH;
    const bool is_alone = !spoken_is_latin(spoken_peek(next)) && !spoken_is_latin(reader->before);
    return is_alone ? spoken_reader_language(reader) : SPOKEN_EN;
}

static void put_character(struct spoken_reader *reader, uint32_t code)
{
    char text[TEXT_CHARACTER_SIZE + 1] = "";
    text[text_encode(code, text)] = '\0';
    spoken_put(reader->out, text);
}

static void take_letter(struct spoken_reader *reader, uint32_t code, const char *next)
{
    const int language = letter_language(reader, code, next);
    settle(reader, language);
    put_character(reader, code);
}

/* Signs that are a pause to the ear, and those that end a sentence. */
static bool is_pause(uint32_t code)
{
    static const uint32_t PAUSES[] = { ',',    ':',    ';',    '(',    ')',    '\n',   0xb7,
                                       0x2014, 0x2026, 0x3001, 0x300a, 0x300b, 0x3014, 0x3015,
                                       0xff08, 0xff09, 0xff0c, 0xff1a, 0xff1b };
    for (size_t i = 0; i < ARRAY_SIZE(PAUSES); i++) {
        if (PAUSES[i] == code)
            return true;
    }
    return false;
}

static bool is_stop(uint32_t code)
{
    return code == '.' || code == '!' || code == '?' || code == 0x3002 || code == 0xff01 ||
           code == 0xff1f;
}

/* 王*华 is 王某华: that a part of the name is left out must be heard. */
static void take_star(struct spoken_reader *reader)
{
    const bool is_name = is_han(reader->before) || is_han(spoken_peek(reader->at));
    while (*reader->at == '*')
        reader->at++;
    if (!is_name)
        return;
    settle(reader, SPOKEN_ZH);
    spoken_put(reader->out, "某");
}

static bool is_currency(uint32_t code)
{
    return code == 0xa5 || code == 0xffe5;
}

static bool take_word_sign(struct spoken_reader *reader, uint32_t code)
{
    static const struct {
        uint32_t code;
        const char *zh, *en;
    } SIGNS[] = {
        { 0xd7, "乘", "times" }, { '%', "百分号", "percent" }, { '&', "和", "and" },
        { '+', "加", "plus" },   { '=', "等于", "equals" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(SIGNS); i++) {
        if (SIGNS[i].code != code)
            continue;
        spoken_reader_space(reader);
        spoken_reader_say(reader, SIGNS[i].zh, SIGNS[i].en);
        spoken_reader_space(reader);
        return true;
    }
    return false;
}

/* 元/月 is a yuan a month; anything else with a slash is an "or". */
static void take_slash(struct spoken_reader *reader)
{
    const bool is_rate =
        spoken_starts_with(reader->at, "月") || spoken_starts_with(reader->at, "年") ||
        spoken_starts_with(reader->at, "人") || spoken_starts_with(reader->at, "month") ||
        spoken_starts_with(reader->at, "year");
    if (is_rate)
        spoken_reader_say(reader, "每", " a ");
    else
        rest(reader, REST_PAUSE);
}

/* Within an English word: self-service, don't. */
static bool joins_words(const struct spoken_reader *reader, uint32_t code)
{
    return (code == '-' || code == '\'' || code == 0x2019) && spoken_is_latin(reader->before) &&
           spoken_is_latin(spoken_peek(reader->at));
}

/* A wide gap stands between two things. */
static void take_space(struct spoken_reader *reader, uint32_t code)
{
    if (code == 0x3000 || *reader->at == ' ')
        rest(reader, REST_PAUSE);
    if (reader->language != reader->page && next_script(reader->at) != reader->language &&
        reader->language != SPOKEN_LANGUAGES && *spoken_skip_spaces(reader->at) != '\0')
        settle(reader, reader->page);
    spoken_reader_space(reader);
}

static void take_sign(struct spoken_reader *reader, uint32_t code)
{
    if (code == '*') {
        take_star(reader);
    } else if (code == ' ' || code == '\t' || code == 0xa0 || code == 0x3000) {
        take_space(reader, code);
    } else if (joins_words(reader, code)) {
        put_character(reader, code == '-' ? '-' : '\'');
    } else if (code == '/') {
        take_slash(reader);
    } else if (is_stop(code)) {
        rest(reader, code == '?' || code == 0xff1f ? REST_QUESTION : REST_STOP);
    } else if (is_pause(code)) {
        rest(reader, REST_PAUSE);
        if (reader->page != reader->language && code == '(' && reader->language < SPOKEN_LANGUAGES)
            settle(reader, reader->page);
    } else {
        (void)take_word_sign(reader, code); /* any other sign is for the eye: →, 《, [ */
    }
}

static void take_one(struct spoken_reader *reader)
{
    const char *next = reader->at;
    const uint32_t code = text_next(&next);
    const bool has_sign = is_currency(code) && spoken_is_digit(*spoken_skip_spaces(next));
    if (has_sign)
        reader->at = spoken_skip_spaces(next);
    if ((has_sign || spoken_is_digit(*reader->at)) && spoken_reader_take_figure(reader, has_sign))
        return;
    reader->at = next;
    if (is_han(code) || spoken_is_latin(code))
        take_letter(reader, code, next);
    else
        take_sign(reader, code);
    reader->before = code;
}

void spoken_text_put(struct spoken_out *out, int language, const char *text)
{
    struct spoken_reader reader = {
        .out = out, .at = text, .page = language, .language = SPOKEN_LANGUAGES
    };
    CHECK(language >= 0 && language < SPOKEN_LANGUAGES && out->size > out->used);
    while (*reader.at)
        take_one(&reader);
    if (reader.rest >= REST_STOP)
        put_rest(&reader);
    trim(out);
}

void spoken_text_put_typed(struct spoken_out *out, int language, const char *digits)
{
    const char mark[] = { (char)(SPOKEN_MARK + language), '\0' };
    spoken_put(out, mark);
    for (bool is_first = true; *digits; digits++) {
        if (*digits == ' ')
            continue;
        if (!is_first && language == SPOKEN_EN)
            spoken_put(out, " ");
        spoken_put_digits(out, language, digits, 1, true);
        is_first = false;
    }
}
