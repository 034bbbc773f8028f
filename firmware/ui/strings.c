#include "ui/strings.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"

const char *string_text(enum string_id id, int language)
{
    CHECK((unsigned)id < STRINGS && language >= 0 && language < STRING_LANGUAGES);
    return STRING_TEXTS[id][language];
}

static const struct string_value *value_at(const char *brace, const struct string_value *values,
                                           int count, size_t *size_out)
{
    const char *end = strchr(brace, '}');
    if (!end)
        return NULL;
    const size_t length = (size_t)(end - brace) - 1;
    *size_out = length + 2;
    for (int i = 0; i < count; i++) {
        if (strlen(values[i].name) == length && memcmp(values[i].name, brace + 1, length) == 0)
            return &values[i];
    }
    return NULL;
}

bool strings_format(char *out, size_t out_size, const char *template_text,
                    const struct string_value *values, int count)
{
    CHECK(out_size > 0);
    size_t used = 0;
    out[0] = '\0';
    for (const char *cursor = template_text; *cursor != '\0';) {
        size_t skip = 0;
        const struct string_value *value =
            *cursor == '{' ? value_at(cursor, values, count, &skip) : NULL;
        if (value) {
            if (!text_copy(out + used, out_size - used, value->text))
                return false;
            used += strlen(value->text);
            cursor += skip;
            continue;
        }
        const char *start = cursor;
        (void)text_next(&cursor);
        const size_t bytes = (size_t)(cursor - start);
        if (used + bytes >= out_size)
            return false;
        memcpy(out + used, start, bytes);
        used += bytes;
        out[used] = '\0';
    }
    return true;
}
