#include "tools/bureau/entry.h"

#include <string.h>

#include "base/money.h"

bool entry_is_kind(const struct bureau_entry *entry, enum journal_kind kind)
{
    return strcmp(entry->kind, journal_kind_name(kind)) == 0;
}

int64_t entry_read_fen(const struct bureau_entry *entry, const char *member)
{
    const json_t *value = json_object_get(entry->content, member);
    int64_t fen = json_integer_value(value);
    return json_is_integer(value) && fen >= 0 && fen <= MONEY_FEN_MAX ? fen : -1;
}

const char *entry_read_text(const struct bureau_entry *entry, const char *member)
{
    const char *text = json_string_value(json_object_get(entry->content, member));
    return text ? text : "";
}
