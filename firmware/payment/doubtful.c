#include "payment/doubtful.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "base/text.h"

#define CODE_SIZE 48

void doubtful_init(struct doubtful *list)
{
    *list = (struct doubtful){ 0 };
}

void doubtful_deinit(struct doubtful *list)
{
    free(list->items);
    *list = (struct doubtful){ 0 };
}

static struct doubtful_item *add_item(struct doubtful *list)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 16 : 2 * list->capacity;
        list->items = realloc(list->items, (size_t)list->capacity * sizeof *list->items);
        CHECK(list->items != NULL);
    }
    struct doubtful_item *item = &list->items[list->count++];
    *item = (struct doubtful_item){ 0 };
    return item;
}

static const char *text_of(const json_t *body, const char *member)
{
    const char *text = json_string_value(json_object_get(body, member));
    return text != NULL ? text : "";
}

/* The entry may be of a kiosk that lies: what is no sum is none. */
static int64_t fen_of(const json_t *body, const char *member)
{
    int64_t fen = json_integer_value(json_object_get(body, member));
    return fen > 0 && fen <= MONEY_FEN_MAX ? fen : 0;
}

static void copy_compared(const json_t *value, char *out, size_t size)
{
    if (json_is_integer(value))
        text_format(out, size, "%lld", (long long)json_integer_value(value));
    else if (json_is_string(value))
        text_copy(out, size, json_string_value(value));
}

static bool is_kind(const struct journal_entry *entry, enum journal_kind kind)
{
    return strcmp(entry->kind, journal_kind_name(kind)) == 0;
}

static void add(struct doubtful *list, const struct journal_entry *entry, const json_t *body,
                const struct cash_remedy *remedy)
{
    struct doubtful_item *item = add_item(list);
    item->seq = entry->seq;
    item->at_ms = entry->at_ms;
    item->remedy = remedy;
    text_copy(item->kind, sizeof item->kind, entry->kind);
    text_copy(item->txn, sizeof item->txn, entry->txn);
    bool is_number = json_object_get(body, "was") == NULL;
    copy_compared(json_object_get(body, is_number ? "expected" : "was"), item->expected,
                  sizeof item->expected);
    copy_compared(json_object_get(body, is_number ? "found" : "is"), item->found,
                  sizeof item->found);
    if (!is_kind(entry, JOURNAL_NOTE_UNKNOWN))
        return;
    item->value_fen = fen_of(body, "value");
    item->escrow_fen = fen_of(body, "escrow");
    item->in_box = json_object_get(body, "box") != NULL;
}

/* The last note that may be anywhere: only the very next word about a note can be about it. */
static struct doubtful_item *find_lost(struct doubtful *list)
{
    for (int i = list->count - 1; i >= 0; i--)
        if (strcmp(list->items[i].kind, journal_kind_name(JOURNAL_NOTE_UNKNOWN)) == 0)
            return list->items[i].in_box ? NULL : &list->items[i];
    return NULL;
}

static void answer_note(struct doubtful *list, const struct journal_entry *entry,
                        const json_t *body)
{
    struct doubtful_item *lost = find_lost(list);
    bool proved = is_kind(entry, JOURNAL_NOTE_UNKNOWN) &&
                  strcmp(text_of(body, "why"), "proved_too_late") == 0;
    if (lost == NULL || lost->answered_by != 0 || strcmp(lost->txn, entry->txn) != 0 ||
        (!proved && !is_kind(entry, JOURNAL_NOTE_RETURNED)) ||
        fen_of(body, "value") != lost->escrow_fen)
        return;
    lost->answered_by = entry->seq;
}

static void answer_box(struct doubtful *list, const struct journal_entry *entry, const json_t *body)
{
    if (strcmp(text_of(body, "event"), "replaced") != 0)
        return;
    for (int i = 0; i < list->count; i++)
        if (list->items[i].answered_by == 0 &&
            strcmp(list->items[i].remedy->word, "box_removed") == 0)
            list->items[i].answered_by = entry->seq;
}

static void add_paper(struct doubtful *list, const struct journal_entry *entry, const json_t *body)
{
    bool is_claim = strcmp(text_of(body, "paper"), JOURNAL_PAPER_UNKNOWN_NOTE) == 0;
    for (int i = 0; i < list->count && entry->txn[0] != '\0'; i++) {
        struct doubtful_item *item = &list->items[i];
        if (strcmp(item->txn, entry->txn) != 0)
            continue;
        if (!is_claim) {
            text_copy(item->voucher, sizeof item->voucher, text_of(body, "voucher"));
            continue;
        }
        text_copy(item->slip, sizeof item->slip, text_of(body, "voucher"));
        text_copy(item->slip_state, sizeof item->slip_state, text_of(body, "state"));
    }
}

/* The slip of the visit may be there before another word about its note comes. */
static void inherit_paper(struct doubtful *list)
{
    struct doubtful_item *item = &list->items[list->count - 1];
    for (int i = list->count - 2; i >= 0 && item->txn[0] != '\0' && item->slip[0] == '\0'; i--) {
        const struct doubtful_item *before = &list->items[i];
        if (strcmp(before->txn, item->txn) != 0)
            continue;
        text_copy(item->slip, sizeof item->slip, before->slip);
        text_copy(item->slip_state, sizeof item->slip_state, before->slip_state);
        text_copy(item->voucher, sizeof item->voucher, before->voucher);
    }
}

void doubtful_add(struct doubtful *list, const struct journal_entry *entry)
{
    json_t *body = json_loads(entry->body, 0, NULL);
    if (is_kind(entry, JOURNAL_NOTE_UNKNOWN) || is_kind(entry, JOURNAL_NOTE_RETURNED))
        answer_note(list, entry, body);
    if (is_kind(entry, JOURNAL_BOX_EVENT))
        answer_box(list, entry, body);
    if (is_kind(entry, JOURNAL_RECEIPT_STATE))
        add_paper(list, entry, body);
    const struct cash_remedy *remedy = cash_remedy_of(entry->kind, body);
    if (remedy != NULL) {
        add(list, entry, body, remedy);
        inherit_paper(list);
    }
    json_decref(body);
}

static void copy_without_blanks(char out[CODE_SIZE], const char *code)
{
    size_t length = 0;
    for (; *code != '\0' && length + 1 < CODE_SIZE; code++)
        if (*code != ' ')
            out[length++] = *code;
    out[length] = '\0';
}

bool doubtful_has_code(const struct doubtful_item *item, const char *code)
{
    char wanted[CODE_SIZE], seq[24];
    copy_without_blanks(wanted, code);
    text_format(seq, sizeof seq, "%lld", (long long)item->seq);
    return wanted[0] != '\0' &&
           (strcmp(wanted, item->slip) == 0 || strcmp(wanted, item->voucher) == 0 ||
            strcmp(wanted, item->txn) == 0 || strcmp(wanted, seq) == 0);
}

int doubtful_open_count(const struct doubtful *list)
{
    int count = 0;
    for (int i = 0; i < list->count; i++)
        count += list->items[i].answered_by == 0;
    return count;
}

int64_t doubtful_open_fen(const struct doubtful *list)
{
    int64_t sum_fen = 0;
    for (int i = 0; i < list->count; i++)
        if (list->items[i].answered_by == 0)
            sum_fen += list->items[i].value_fen;
    return sum_fen;
}
