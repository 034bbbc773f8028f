#include "receipt/closing.h"

#include "base/check.h"
#include "base/text.h"
#include <jansson.h>
#include <string.h>

static int64_t number_of(const json_t *body, const char *member)
{
    return json_integer_value(json_object_get(body, member));
}

static void add_item(struct closing *closing, const struct journal_entry *entry, const char *code,
                     const json_t *body)
{
    if (closing->item_count < CLOSING_ITEMS_MAX) {
        struct closing_item *item = &closing->items[closing->item_count];
        *item = (struct closing_item){ .seq = entry->seq, .value_fen = number_of(body, "value") };
        item->is_note = strcmp(entry->kind, journal_kind_name(JOURNAL_NOTE_UNKNOWN)) == 0;
        (void)text_copy(item->code, sizeof item->code, code ? code : entry->kind);
        text_copy(item->txn, sizeof item->txn, entry->txn);
    }
    closing->item_count++;
}

static void add_note(struct closing *closing, const struct journal_entry *entry, const json_t *body)
{
    (void)entry;
    closing->notes++;
    closing->notes_fen += number_of(body, "value");
}

static void add_unknown(struct closing *closing, const struct journal_entry *entry,
                        const json_t *body)
{
    add_note(closing, entry, body);
    add_item(closing, entry, json_string_value(json_object_get(body, "why")), body);
}

static void add_payment(struct closing *closing, const struct journal_entry *entry,
                        const json_t *body)
{
    (void)entry;
    closing->payments++;
    closing->paid_fen += number_of(body, "paid");
    closing->applied_fen += number_of(body, "applied");
    closing->surplus_fen += number_of(body, "surplus");
}

static void add_cancellation(struct closing *closing, const struct journal_entry *entry,
                             const json_t *body)
{
    (void)entry;
    (void)body;
    closing->cancellations++;
}

static void add_registration(struct closing *closing, const struct journal_entry *entry,
                             const json_t *body)
{
    (void)entry;
    (void)body;
    closing->registrations++;
}

static void add_mismatch(struct closing *closing, const struct journal_entry *entry,
                         const json_t *body)
{
    add_item(closing, entry, NULL, body);
}

static void add_rejected(struct closing *closing, const struct journal_entry *entry,
                         const json_t *body)
{
    add_item(closing, entry, json_string_value(json_object_get(body, "reason")), body);
}

static const struct {
    enum journal_kind kind;
    void (*add)(struct closing *closing, const struct journal_entry *entry, const json_t *body);
} SUMS[] = {
    { JOURNAL_NOTE_CREDITED, add_note },        { JOURNAL_NOTE_UNKNOWN, add_unknown },
    { JOURNAL_PAYMENT_COMPLETED, add_payment }, { JOURNAL_PAYMENT_CANCELLED, add_cancellation },
    { JOURNAL_REGISTERED, add_registration },   { JOURNAL_COUNTER_MISMATCH, add_mismatch },
    { JOURNAL_ENTRY_REJECTED, add_rejected },
};

static bool add_entry(void *context, const struct journal_entry *entry)
{
    struct closing *closing = context;
    if (entry->seq == closing->first_seq)
        closing->first_at_ms = entry->at_ms;
    closing->last_at_ms = entry->at_ms;
    for (size_t i = 0; i < ARRAY_SIZE(SUMS); i++) {
        if (strcmp(entry->kind, journal_kind_name(SUMS[i].kind)) != 0)
            continue;
        json_t *body = json_loads(entry->body, JSON_REJECT_DUPLICATES, NULL);
        SUMS[i].add(closing, entry, body);
        json_decref(body);
    }
    return true;
}

static void take_unit_back(struct closing *closing, int64_t denomination_fen)
{
    for (int i = 0; i < closing->unit_count; i++)
        if (closing->units[i].denomination_fen == denomination_fen)
            closing->units[i].count--;
}

/* The box as it was: of notes that came after the root. */
static bool take_back(void *context, const struct journal_entry *entry)
{
    struct closing *closing = context;
    bool is_note = strcmp(entry->kind, journal_kind_name(JOURNAL_NOTE_CREDITED)) == 0 ||
                   strcmp(entry->kind, journal_kind_name(JOURNAL_NOTE_UNKNOWN)) == 0;
    if (!is_note)
        return true;
    json_t *body = json_loads(entry->body, JSON_REJECT_DUPLICATES, NULL);
    const json_t *boxed = json_object_get(body, "box");
    if (json_is_integer(boxed)) {
        take_unit_back(closing, json_integer_value(boxed));
        closing->box_fen -= json_integer_value(boxed);
    }
    json_decref(body);
    return true;
}

static enum status read_box(struct journal *journal, struct closing *out)
{
    out->box_fen = journal_account_balance(journal, BOOK_CASH_BOX);
    enum status status = journal_cash_units(journal, out->units, &out->unit_count);
    return status == STATUS_OK ? journal_read(journal, out->last_seq + 1, INT64_MAX, take_back, out)
                               : status;
}

/* 1, or the entry after the root of the closing before this one. */
static enum status find_first(struct journal *journal, int64_t before_seq, int64_t *first_seq_out)
{
    struct journal_closing previous;
    struct journal_root root;
    *first_seq_out = 1;
    enum status status = journal_closing_find(journal, before_seq, &previous);
    if (status == STATUS_OK)
        status = journal_root_find_before(journal, previous.seq, &root);
    if (status == STATUS_OK)
        *first_seq_out = root.last_seq + 1; /* its root is the first entry it did not cover */
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status closing_read(struct journal *journal, const struct journal_closing *id,
                         struct closing *out)
{
    *out = (struct closing){ .number = id->number };
    enum status status = journal_root_find_before(journal, id->seq, &out->root);
    if (status == STATUS_OK)
        status = find_first(journal, id->seq, &out->first_seq);
    if (status != STATUS_OK)
        return status;
    out->last_seq = out->root.last_seq;
    int64_t acked_seq = journal_acked_seq(journal);
    out->unsent_count = out->last_seq > acked_seq ? out->last_seq - acked_seq : 0;
    out->unsent_fen = journal_unsent_cash(journal).cash_fen;
    status =
        journal_read(journal, out->first_seq, out->last_seq - out->first_seq + 1, add_entry, out);
    return status == STATUS_OK ? read_box(journal, out) : status;
}
