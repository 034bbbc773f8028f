#include "tools/bureau/bill.h"

#include <string.h>

#include "base/money.h"
#include "base/month.h"
#include "payment/settle.h"
#include "plan/quote.h"

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text ? text : "";
}

static bool read_fen(const json_t *object, const char *member, int64_t *fen_out)
{
    const json_t *value = json_object_get(object, member);
    *fen_out = json_integer_value(value);
    return json_is_integer(value) && *fen_out >= 0 && *fen_out <= MONEY_FEN_MAX;
}

/* A line is of the month itself, or what is still to pay for one that was paid before. */
static bool kind_is_known(const json_t *line)
{
    const json_t *kind = json_object_get(line, "kind");
    return !kind || (json_is_string(kind) && strcmp(json_string_value(kind), "difference") == 0);
}

static bool line_is_sound(const json_t *line, int64_t *fen_out)
{
    int64_t amount_fen, surcharge_fen = 0;
    month_index month;
    bool is_sound =
        month_parse(text_of(line, "month"), &month) == STATUS_OK &&
        text_of(line, "code")[0] != '\0' && kind_is_known(line) &&
        read_fen(line, "amount", &amount_fen) && amount_fen > 0 &&
        (!json_object_get(line, "surcharge") || read_fen(line, "surcharge", &surcharge_fen));
    *fen_out = is_sound ? amount_fen + surcharge_fen : 0;
    return is_sound;
}

static bool is_twice(const json_t *lines, size_t index)
{
    const json_t *line = json_array_get(lines, index);
    for (size_t i = 0; i < index; i++) {
        const json_t *before = json_array_get(lines, i);
        if (strcmp(text_of(before, "month"), text_of(line, "month")) == 0 &&
            strcmp(text_of(before, "code"), text_of(line, "code")) == 0)
            return true;
    }
    return false;
}

/* The lines of one month; how many there are is counted, so that in the end none is left over. */
static bool month_is_sound(const json_t *month, const json_t *lines, size_t *line_count)
{
    int64_t amount_fen, line_fen, sum_fen = 0;
    size_t index;
    const json_t *line;
    if (!read_fen(month, "amount", &amount_fen))
        return false;
    json_array_foreach(lines, index, line)
    {
        if (strcmp(text_of(line, "month"), text_of(month, "month")) != 0)
            continue;
        if (!line_is_sound(line, &line_fen) || is_twice(lines, index))
            return false;
        sum_fen += line_fen;
        ++*line_count;
    }
    return sum_fen == amount_fen;
}

static bool months_are_sound(const struct bureau_entry *entry, const json_t *months,
                             const json_t *lines)
{
    int64_t due_fen = 0;
    size_t index, line_count = 0;
    const json_t *month;
    const char *before = "";
    json_array_foreach(months, index, month)
    {
        if (strcmp(text_of(month, "month"), before) <= 0 ||
            !month_is_sound(month, lines, &line_count))
            return false;
        before = text_of(month, "month");
        due_fen += json_integer_value(json_object_get(month, "amount"));
    }
    return line_count == json_array_size(lines) && due_fen == entry_read_fen(entry, "due");
}

bool bill_covers(const json_t *months, const char *month)
{
    size_t index;
    const json_t *item;
    json_array_foreach(months, index, item)
    {
        if (strcmp(text_of(item, "month"), month) == 0)
            return true;
    }
    return false;
}

bool bill_is_sound(const struct bureau_entry *entry)
{
    const json_t *months = json_object_get(entry->content, "months");
    const json_t *lines = json_object_get(entry->content, "lines");
    if (!months || !lines)
        return true;
    return json_is_array(months) && json_is_array(lines) &&
           json_array_size(months) <= SETTLE_MONTHS_MAX &&
           json_array_size(lines) <= QUOTE_LINES_MAX && months_are_sound(entry, months, lines);
}
