#include "sim/books.h"

#include "base/text.h"
#include <jansson.h>
#include <string.h>

void books_reset(struct books *books, const struct sim_acceptor *acceptor)
{
    books->acceptor = acceptor;
    /* The large tables need no clearing: last_seq says how much of them holds. */
    books->last_seq = 0;
    memset(books->balances, 0, sizeof books->balances);
    books->txn_count = 0;
    memset(books->units, 0, sizeof books->units);
    books->unit_unknown = books->unknown_open = books->unknown_total = books->unknown_notes = 0;
    books->escrow_note = books->false_returns = 0;
    books->note_is_lost = false;
    books->cleared_fen = -1;
    books->day = books->day_cash_fen = books->box_notes = 0;
    books->registered = books->completed = books->mismatches = books->swaps = 0;
    books->last_kind[0] = books->last_txn[0] = books->last_state[0] = books->last_voucher[0] = '\0';
    books->note_is_escrowed = false;
    books->wrong = NULL;
}

int books_find_txn(struct books *books, const char *txn)
{
    for (int i = books->txn_count - 1; i >= 0; i--)
        if (strcmp(books->txns[i].txn, txn) == 0)
            return i;
    if (books->txn_count == BOOKS_TXNS_MAX) {
        books->wrong = "more transactions than the simulation keeps";
        return 0;
    }
    struct books_txn *added = &books->txns[books->txn_count];
    *added = (struct books_txn){ 0 };
    text_copy(added->txn, sizeof added->txn, txn);
    return books->txn_count++;
}

int books_booked_count(const struct books *books)
{
    int count = books->unit_unknown;
    for (int i = 0; i < ACCEPTOR_VALUES; i++)
        count += books->units[i];
    return count;
}

static int account_of(const char *name)
{
    for (int i = 0; i < BOOK_ACCOUNTS; i++)
        if (name != NULL && strcmp(name, book_account_name((enum book_account)i)) == 0)
            return i;
    return -1;
}

static void post(struct books *books, const json_t *posting)
{
    int debit = account_of(json_string_value(json_array_get(posting, 0)));
    int credit = account_of(json_string_value(json_array_get(posting, 1)));
    int64_t amount_fen = json_integer_value(json_array_get(posting, 2));
    if (debit < 0 || credit < 0 || amount_fen <= 0) {
        books->wrong = "a posting that cannot be read";
        return;
    }
    /* Positive on the account's own side: only the cash box is an asset. */
    books->balances[debit] += debit == BOOK_CASH_BOX ? amount_fen : -amount_fen;
    books->balances[credit] += credit == BOOK_CASH_BOX ? -amount_fen : amount_fen;
}

static void put_into_box(struct books *books, const json_t *box)
{
    int64_t value_fen = json_integer_value(box);
    books->box_notes++;
    int index = acceptor_value_index(value_fen);
    if (value_fen == 0)
        books->unit_unknown++;
    else if (index >= 0)
        books->units[index]++;
    else
        books->wrong = "a note of a value that does not exist";
}

static int64_t number_of(const json_t *body, const char *member)
{
    return json_integer_value(json_object_get(body, member));
}

static const char *text_of(const json_t *body, const char *member)
{
    const char *text = json_string_value(json_object_get(body, member));
    return text != NULL ? text : "";
}

static void take_closing(struct books *books, struct books_txn *txn, const json_t *body)
{
    txn->closings++;
    txn->paid = true;
    txn->paid_fen = number_of(body, "paid");
    txn->applied_fen = number_of(body, "applied");
    txn->surplus_fen = number_of(body, "surplus");
    text_copy(txn->voucher, sizeof txn->voucher, text_of(body, "voucher"));
    books->completed++;
}

static bool is_kind(const struct journal_entry *entry, enum journal_kind kind)
{
    return strcmp(entry->kind, journal_kind_name(kind)) == 0;
}

static void take_visit_entry(struct books *books, const struct journal_entry *entry,
                             const json_t *body)
{
    struct books_txn *txn = &books->txns[books_find_txn(books, entry->txn)];
    if (is_kind(entry, JOURNAL_QUOTE_ACCEPTED)) {
        txn->quoted = true;
        txn->due_fen = number_of(body, "due");
    } else if (is_kind(entry, JOURNAL_NOTE_CREDITED)) {
        txn->credited_fen += number_of(body, "value");
        txn->credited_notes++;
        txn->money_seq = entry->seq;
    } else if (is_kind(entry, JOURNAL_PAYMENT_COMPLETED)) {
        take_closing(books, txn, body);
    } else if (is_kind(entry, JOURNAL_PAYMENT_CANCELLED)) {
        txn->closings++;
        txn->cancelled = true;
    }
}

static void take_unknown(struct books *books, const struct journal_entry *entry, const json_t *body)
{
    bool has_place = json_object_get(body, "box") != NULL;
    /* Lost before, and no other has come since: this is what became of it. */
    bool is_same = books->note_is_lost && books->acceptor->inserted_count == books->escrow_note;
    books->unknown_total++;
    books->unknown_notes += !is_same;
    books->unknown_open += !has_place - is_same;
    if (entry->txn[0] != '\0') {
        struct books_txn *txn = &books->txns[books_find_txn(books, entry->txn)];
        txn->unknown_notes++;
        txn->money_seq = entry->seq;
    }
}

/* There is one note at a time, so that an entry about what was in escrow is about that one; about
 * one that was lost only if it names its visit: the device may as well give back one that came
 * after. */
static void take_return(struct books *books, const struct journal_entry *entry, const json_t *body)
{
    bool is_about_lost = books->note_is_lost && strcmp(books->lost_txn, entry->txn) == 0;
    bool is_about_escrow = books->note_is_escrowed || is_about_lost;
    int note = is_about_escrow ? books->escrow_note : books->acceptor->inserted_count;
    bool is_out = books->acceptor->ends[note % ACCEPTOR_NOTES_MAX] == NOTE_WITH_CITIZEN;
    books->false_returns += number_of(body, "value") > 0 && !is_out;
    books->unknown_open -= is_about_lost;
}

static void take_note(struct books *books, const struct journal_entry *entry, const json_t *body)
{
    if (is_kind(entry, JOURNAL_NOTE_ESCROWED))
        books->escrow_note = books->acceptor->inserted_count;
    else if (is_kind(entry, JOURNAL_NOTE_RETURNED))
        take_return(books, entry, body);
    else if (is_kind(entry, JOURNAL_NOTE_UNKNOWN))
        take_unknown(books, entry, body);
    books->note_is_lost = is_kind(entry, JOURNAL_NOTE_UNKNOWN) &&
                          json_object_get(body, "box") == NULL && number_of(body, "escrow") > 0;
    text_copy(books->lost_txn, sizeof books->lost_txn, books->note_is_lost ? entry->txn : "");
    books->note_is_escrowed = is_kind(entry, JOURNAL_NOTE_ESCROWED);
    bool is_cleared =
        json_object_get(body, "box") != NULL && strcmp(text_of(body, "by"), "in_box") == 0;
    books->cleared_fen = is_cleared ? number_of(body, "value") : -1;
    text_copy(books->cleared_by, sizeof books->cleared_by, text_of(body, "acceptor"));
}

static void take_cash(struct books *books, const struct journal_entry *entry, int64_t cash_fen)
{
    int64_t day = journal_day_of(entry->at_ms);
    if (cash_fen <= 0)
        return;
    books->day_cash_fen = day == books->day ? books->day_cash_fen + cash_fen : cash_fen;
    books->day = day;
}

static void remember(struct books *books, const struct journal_entry *entry, const json_t *body)
{
    text_copy(books->last_kind, sizeof books->last_kind, entry->kind);
    text_copy(books->last_txn, sizeof books->last_txn, entry->txn);
    text_copy(books->last_state, sizeof books->last_state, text_of(body, "state"));
    text_copy(books->last_voucher, sizeof books->last_voucher, text_of(body, "voucher"));
    books->last_value_fen = number_of(body, "value");
}

static bool take(void *context, const struct journal_entry *entry)
{
    struct books *books = context;
    size_t index = 0;
    json_t *posting;
    if (entry->seq != books->last_seq + 1 || entry->seq > BOOKS_ENTRIES_MAX) {
        books->wrong = "entries are not in order, or more than the simulation keeps";
        return false;
    }
    json_t *body = json_loads(entry->body, 0, NULL);
    int64_t before_fen = books->balances[BOOK_CASH_BOX];
    json_array_foreach(json_object_get(body, "post"), index, posting) post(books, posting);
    take_cash(books, entry, books->balances[BOOK_CASH_BOX] - before_fen);
    if (json_object_get(body, "box") != NULL)
        put_into_box(books, json_object_get(body, "box"));
    if (is_kind(entry, JOURNAL_BOX_EVENT) && strcmp(text_of(body, "event"), "removed") == 0)
        books->box_notes = 0;
    if (strncmp(entry->kind, "note_", strlen("note_")) == 0)
        take_note(books, entry, body);
    if (entry->txn[0] != '\0')
        take_visit_entry(books, entry, body);
    books->registered += is_kind(entry, JOURNAL_REGISTERED);
    books->mismatches += is_kind(entry, JOURNAL_COUNTER_MISMATCH);
    books->swaps += is_kind(entry, JOURNAL_DEVICE_SWAPPED);
    remember(books, entry, body);
    json_decref(body);
    books->last_seq = entry->seq;
    memcpy(books->hashes[entry->seq - 1], entry->hash, JOURNAL_HASH_SIZE);
    memcpy(books->balances_at[entry->seq - 1], books->balances, sizeof books->balances);
    return true;
}

bool books_read(struct books *books, struct journal *journal)
{
    if (journal_last_seq(journal) <= books->last_seq)
        return true;
    return journal_read(journal, books->last_seq + 1, INT64_MAX, take, books) == STATUS_OK;
}
