#include "store/journal_compose.h"

#include "base/check.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct body_writer {
    char *out;
    size_t length;
    bool cut;
};

static void add(struct body_writer *writer, const char *format, ...) PRINTF_LIKE(2, 3);
static void add(struct body_writer *writer, const char *format, ...)
{
    size_t room = JOURNAL_BODY_SIZE_MAX + 1 - writer->length;
    va_list arguments;
    va_start(arguments, format);
    int count = vsnprintf(writer->out + writer->length, room, format, arguments);
    va_end(arguments);
    if (count < 0 || (size_t)count >= room)
        writer->cut = true;
    else
        writer->length += (size_t)count;
}

static void add_postings(struct body_writer *writer, const struct journal_draft *draft,
                         const char *separator)
{
    add(writer, "%s\"post\":[", separator);
    for (int i = 0; i < draft->posting_count; i++) {
        const struct journal_posting *posting = &draft->postings[i];
        add(writer, "%s[\"%s\",\"%s\",%lld]", i > 0 ? "," : "", book_account_name(posting->debit),
            book_account_name(posting->credit), (long long)posting->amount_fen);
    }
    add(writer, "]");
}

/* Length of the object without its closing brace; 0 if it is none. */
static size_t open_object_length(const char *body)
{
    size_t length = strlen(body);
    while (length > 0 && strchr(" \t\r\n", body[length - 1]))
        length--;
    return length >= 2 && length <= JOURNAL_BODY_SIZE_MAX && body[length - 1] == '}' ? length - 1
                                                                                     : 0;
}

static bool is_empty_object(const char *body, size_t open_length)
{
    return strspn(body, "{ \t\r\n") >= open_length;
}

enum status journal_compose(const struct journal_draft *draft, char *out, json_t **parsed_out)
{
    CHECK(draft->posting_count >= 0 && draft->posting_count <= JOURNAL_POSTINGS_MAX);
    bool boxed = draft->note_into_box_fen > 0 || draft->note_value_unknown;
    size_t open_length = open_object_length(draft->body);
    if (open_length == 0)
        return STATUS_INVALID;
    struct body_writer writer = { .out = out, .length = open_length };
    memcpy(out, draft->body, open_length);
    const char *separator = is_empty_object(draft->body, open_length) ? "" : ",";
    if (draft->posting_count > 0) {
        add_postings(&writer, draft, separator);
        separator = ",";
    }
    if (boxed)
        add(&writer, "%s\"box\":%lld", separator,
            draft->note_value_unknown ? 0LL : (long long)draft->note_into_box_fen);
    add(&writer, "}");
    if (writer.cut)
        return STATUS_INVALID;

    json_t *parsed = json_loadb(out, writer.length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(parsed) || (draft->posting_count == 0 && json_object_get(parsed, "post")) ||
        (!boxed && json_object_get(parsed, "box"))) {
        json_decref(parsed);
        return STATUS_INVALID;
    }
    *parsed_out = parsed;
    return STATUS_OK;
}
