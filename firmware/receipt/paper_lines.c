#include "receipt/paper_lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"

#define LINE_BYTES_MAX 512
#define LINE_CHARACTERS_MAX 192 /* of 20 dots and more: over twice what fits */

void paper_lines_init(struct paper_lines *lines, struct font *font)
{
    *lines = (struct paper_lines){ .font = font, .collecting = true };
}

/* Texts and their pictures name a person. */
static void free_line(struct paper_line *line)
{
    if (line->pixels.alpha != NULL)
        bytes_wipe(line->pixels.alpha, (size_t)line->pixels.stride * (size_t)line->pixels.height);
    font_pixels_free(&line->pixels);
    bytes_wipe(line->text, strlen(line->text));
    free(line->text);
    free(line);
}

void paper_lines_free(struct paper_lines *lines)
{
    for (int i = 0; i < lines->count; i++)
        free_line(lines->lines[i]);
    free(lines->lines);
    *lines = (struct paper_lines){ 0 };
}

static bool is_space(uint32_t c)
{
    return c == ' ';
}

/* Han, kana and full-width forms may be parted anywhere; Latin words and numbers only at spaces. */
static bool is_wide(uint32_t c)
{
    return c >= 0x2e80;
}

/* Must not begin a line. */
static bool is_closing(uint32_t c)
{
    const char *cursor = "，。；：、！？）》」』”’〕】%％,.;:!?)]";
    for (uint32_t closing = text_next(&cursor); closing != 0; closing = text_next(&cursor)) {
        if (closing == c)
            return true;
    }
    return false;
}

/* Must not end a line. */
static bool is_opening(uint32_t c)
{
    const char *cursor = "（《「『“‘〔【￥([";
    for (uint32_t opening = text_next(&cursor); opening != 0; opening = text_next(&cursor)) {
        if (opening == c)
            return true;
    }
    return false;
}

static bool may_part(uint32_t before, uint32_t after)
{
    bool counts = before >= '0' && before <= '9' && is_wide(after); /* 11号, 3版 */
    if (counts)
        return false;
    if (is_space(before) || is_space(after))
        return true;
    return (is_wide(before) || is_wide(after)) && !is_closing(after) && !is_opening(before);
}

static void copy_trimmed(char *out, const char *text, size_t length)
{
    while (length > 0 && is_space((uint8_t)text[length - 1]))
        length--;
    CHECK(length < LINE_BYTES_MAX);
    memcpy(out, text, length);
    out[length] = '\0';
}

static bool fits(struct paper_lines *lines, struct paper_type type, const char *text, size_t length,
                 int width)
{
    char line[LINE_BYTES_MAX];
    copy_trimmed(line, text, length);
    return font_measure(lines->font, type.weight, type.size, line) <= width;
}

/* Where each character of the first line ends at most, and whether the line may end there. */
struct ends {
    int count;
    size_t at[LINE_CHARACTERS_MAX];
    bool may_part[LINE_CHARACTERS_MAX];
};

static void find_ends(const char *text, struct ends *ends)
{
    const char *cursor = text;
    uint32_t before = 0;
    ends->count = 0;
    while (*cursor != '\0' && *cursor != '\n' && ends->count < LINE_CHARACTERS_MAX) {
        uint32_t c = text_next(&cursor);
        if ((size_t)(cursor - text) >= LINE_BYTES_MAX)
            break;
        if (ends->count > 0)
            ends->may_part[ends->count - 1] = may_part(before, c);
        ends->may_part[ends->count] = true;
        ends->at[ends->count++] = (size_t)(cursor - text);
        before = c;
    }
}

/* How many bytes of text make the next line of at most width dots; at least one character. */
static size_t take_line(struct paper_lines *lines, struct paper_type type, const char *text,
                        int width)
{
    struct ends ends;
    find_ends(text, &ends);
    if (ends.count == 0 || fits(lines, type, text, ends.at[ends.count - 1], width))
        return ends.count > 0 ? ends.at[ends.count - 1] : 0;
    int last = 0; /* fits, or must; one that does not is never below */
    for (int over = ends.count - 1; over - last > 1;) {
        int middle = (last + over) / 2;
        if (fits(lines, type, text, ends.at[middle], width))
            last = middle;
        else
            over = middle;
    }
    for (int i = last; i >= 0; i--) {
        if (ends.may_part[i])
            return ends.at[i];
    }
    return ends.at[last];
}

static void render(struct paper_lines *lines, struct paper_line *line, const char *text)
{
    font_pixels_free(&line->pixels);
    enum status status =
        font_render(lines->font, line->type.weight, line->type.size, text, &line->pixels);
    if (status != STATUS_OK)
        lines->bad = status;
}

/* The whole text first: most fit, and of the others the font then knows each letter. */
static void make(struct paper_lines *lines, struct paper_line *line)
{
    char text[LINE_BYTES_MAX];
    line->length = strlen(line->text);
    render(lines, line, line->text);
    if (line->pixels.width <= line->width_max)
        return;
    line->length = take_line(lines, line->type, line->text, line->width_max);
    copy_trimmed(text, line->text, line->length);
    render(lines, line, text);
}

/* A text that is made and stands whole on its line does for every width it fits. */
static bool is_for(const struct paper_lines *lines, const struct paper_line *line, int width_max)
{
    bool whole = !lines->collecting && line->text[line->length] == '\0';
    return line->width_max == width_max || (whole && line->pixels.width <= width_max);
}

static bool is_same(const struct paper_line *line, struct paper_type type, const char *text)
{
    return line->type.size == type.size && line->type.weight == type.weight &&
           strcmp(line->text, text) == 0;
}

static struct paper_line *find(struct paper_lines *lines, struct paper_type type, const char *text,
                               int width_max)
{
    for (int i = 0; i < lines->count; i++) {
        if (is_same(lines->lines[i], type, text) && is_for(lines, lines->lines[i], width_max))
            return lines->lines[i];
    }
    return NULL;
}

static bool has_room_for_one(struct paper_lines *lines)
{
    if (lines->count < lines->capacity)
        return true;
    int capacity = lines->capacity > 0 ? 2 * lines->capacity : 128;
    struct paper_line **grown =
        realloc(lines->lines, (size_t)capacity * sizeof(struct paper_line *));
    if (grown == NULL)
        return false;
    lines->lines = grown;
    lines->capacity = capacity;
    return true;
}

static struct paper_line *add(struct paper_lines *lines, struct paper_type type, const char *text,
                              int width_max)
{
    struct paper_line *line = calloc(1, sizeof(*line));
    if (line == NULL || (line->text = strdup(text)) == NULL || !has_room_for_one(lines)) {
        if (line != NULL)
            free(line->text);
        free(line);
        return NULL;
    }
    line->type = type;
    line->width_max = width_max;
    line->length = strlen(text);
    lines->lines[lines->count++] = line;
    return line;
}

const struct paper_line *paper_lines_get(struct paper_lines *lines, struct paper_type type,
                                         const char *text, int width_max)
{
    static char nothing[] = "";
    static const struct paper_line EMPTY = { .text = nothing };
    struct paper_line *line = find(lines, type, text, width_max);
    if (line != NULL)
        return line;
    line = add(lines, type, text, width_max);
    if (line == NULL) {
        lines->bad = STATUS_FULL;
        return &EMPTY;
    }
    if (!lines->collecting)
        make(lines, line);
    return line;
}

static int compare(const void *a, const void *b)
{
    const struct paper_line *first = *(struct paper_line *const *)a;
    const struct paper_line *second = *(struct paper_line *const *)b;
    if (first->type.weight != second->type.weight)
        return first->type.weight < second->type.weight ? -1 : 1;
    return first->type.size - second->type.size;
}

const char *paper_line_rest(const struct paper_line *line, const char *text)
{
    text += line->length;
    while (is_space((uint8_t)*text) || *text == '\n')
        text++;
    return text;
}

void paper_lines_make(struct paper_lines *lines)
{
    int taken = lines->count;
    lines->collecting = false;
    if (taken > 0)
        qsort(lines->lines, (size_t)taken, sizeof(struct paper_line *), compare);
    for (int i = 0; i < taken; i++) {
        struct paper_line *line = lines->lines[i];
        make(lines, line);
        for (const char *rest = paper_line_rest(line, line->text); *rest != '\0';) {
            const struct paper_line *next =
                paper_lines_get(lines, line->type, rest, line->width_max);
            if (lines->bad != STATUS_OK)
                return;
            rest = paper_line_rest(next, rest);
        }
    }
}
