#include "store/journal.h"

#include "base/text.h"
#include "store/journal_internal.h"
#include "store/journal_payments.h"
#include "store/voucher.h"
#include <jansson.h>
#include <string.h>

#define ENTRY_COLUMNS "seq, at, txn, kind, body, hash"

/* A text goes into the hash up to its first NUL; what came after it would not be covered. */
static bool texts_are_whole(struct db_statement *statement)
{
    for (int column = 2; column <= 4; column++) {
        size_t size;
        const char *text = db_column_text(statement, column);
        (void)db_column_blob(statement, column, &size);
        if (strlen(text) != size)
            return false;
    }
    return true;
}

static enum status fill_entry(struct db_statement *statement, struct journal_entry *entry)
{
    size_t size;
    const void *hash = db_column_blob(statement, 5, &size);
    entry->seq = db_column_int(statement, 0);
    entry->at_ms = db_column_int(statement, 1);
    bool whole = texts_are_whole(statement) &&
                 text_copy(entry->txn, sizeof entry->txn, db_column_text(statement, 2)) &&
                 text_copy(entry->kind, sizeof entry->kind, db_column_text(statement, 3));
    entry->body = (char *)(uintptr_t)db_column_text(statement, 4);
    if (!whole || size != JOURNAL_HASH_SIZE)
        return STATUS_CORRUPT;
    memcpy(entry->hash, hash, JOURNAL_HASH_SIZE);
    return STATUS_OK;
}

/* A statement of its own for each reader, so that on_entry may read too. */
static enum status read_all(struct db_statement *statement, journal_on_entry *on_entry,
                            void *context)
{
    struct journal_entry entry;
    enum status status;
    while ((status = db_step(statement)) == STATUS_OK) {
        status = fill_entry(statement, &entry);
        if (status != STATUS_OK || !on_entry(context, &entry))
            break;
    }
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status journal_read(struct journal *journal, int64_t first_seq, int64_t count_max,
                         journal_on_entry *on_entry, void *context)
{
    struct db_statement *statement;
    enum status status = db_prepare(
        journal->db, "SELECT " ENTRY_COLUMNS " FROM journal WHERE seq >= ?1 ORDER BY seq LIMIT ?2",
        &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_int(statement, 1, first_seq);
    db_bind_int(statement, 2, count_max);
    return read_all(statement, on_entry, context);
}

enum status journal_read_transaction(struct journal *journal, const char *txn,
                                     journal_on_entry *on_entry, void *context)
{
    struct db_statement *statement;
    enum status status =
        db_prepare(journal->db,
                   "SELECT " ENTRY_COLUMNS " FROM journal WHERE txn = ?1 AND"
                   " seq >= (SELECT first_seq FROM visit WHERE txn = ?1) ORDER BY seq",
                   &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, txn);
    return read_all(statement, on_entry, context);
}

enum status journal_read_payment(struct journal *journal, const struct journal_payment *payment,
                                 journal_on_entry *on_entry, void *context)
{
    struct db_statement *statement;
    enum status status =
        db_prepare(journal->db,
                   "SELECT " ENTRY_COLUMNS " FROM journal WHERE txn = ?1 AND seq BETWEEN"
                   " (SELECT first_seq FROM visit WHERE txn = ?1) AND ?2 ORDER BY seq",
                   &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, payment->txn);
    db_bind_int(statement, 2, payment->seq);
    return read_all(statement, on_entry, context);
}

enum status journal_hash_at(struct journal *journal, int64_t seq, uint8_t out[JOURNAL_HASH_SIZE])
{
    struct db_statement *statement;
    if (seq == 0) {
        memset(out, 0, JOURNAL_HASH_SIZE);
        return STATUS_OK;
    }
    enum status status =
        db_prepare(journal->db, "SELECT hash FROM journal WHERE seq = ?1", &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_int(statement, 1, seq);
    status = db_step(statement);
    if (status == STATUS_OK) {
        size_t size;
        const void *hash = db_column_blob(statement, 0, &size);
        status = size == JOURNAL_HASH_SIZE ? STATUS_OK : STATUS_CORRUPT;
        if (status == STATUS_OK)
            memcpy(out, hash, JOURNAL_HASH_SIZE);
    }
    db_finalize(statement);
    return status;
}

/* The first column of the only row; value_out stays as it is when there is none. */
static enum status query_int(struct journal *journal, const char *sql, const char *text,
                             int64_t *value_out)
{
    struct db_statement *statement;
    enum status status = db_prepare(journal->db, sql, &statement);
    if (status != STATUS_OK)
        return status;
    if (text)
        db_bind_text(statement, 1, text);
    status = db_step(statement);
    if (status == STATUS_OK)
        *value_out = db_column_int(statement, 0);
    db_finalize(statement);
    return status;
}

static enum status query_text(struct journal *journal, const char *sql, const char *text, char *out,
                              size_t out_size)
{
    struct db_statement *statement;
    enum status status = db_prepare(journal->db, sql, &statement);
    if (status != STATUS_OK)
        return status;
    if (text)
        db_bind_text(statement, 1, text);
    status = db_step(statement);
    if (status == STATUS_OK && !text_copy(out, out_size, db_column_text(statement, 0)))
        status = STATUS_CORRUPT;
    db_finalize(statement);
    return status;
}

static int64_t read_tally(struct journal *journal, const char *name)
{
    int64_t value = 0;
    /* Nobody posted to it, or the fault is logged and the next append says so. */
    if (query_int(journal, "SELECT value FROM tally WHERE name = ?1", name, &value) != STATUS_OK)
        return 0;
    return value;
}

int64_t journal_account_balance(struct journal *journal, enum book_account account)
{
    char name[40];
    text_format(name, sizeof name, TALLY_ACCOUNT "%s", book_account_name(account));
    return read_tally(journal, name);
}

int64_t journal_cash_unit_count(struct journal *journal, int64_t denomination_fen)
{
    char name[40];
    text_format(name, sizeof name, TALLY_UNIT "%lld", (long long)denomination_fen);
    return read_tally(journal, name);
}

int64_t journal_box_notes(struct journal *journal)
{
    return read_tally(journal, TALLY_BOX_NOTES);
}

int64_t journal_day_of(int64_t wall_ms)
{
    struct clock_civil civil = clock_civil_in_china(wall_ms);
    return civil.year * 10000 + civil.month * 100 + civil.day;
}

int64_t journal_day_cash_fen(struct journal *journal, int64_t wall_ms)
{
    bool is_today = read_tally(journal, TALLY_DAY) == journal_day_of(wall_ms);
    return is_today ? read_tally(journal, TALLY_DAY_CASH) : 0;
}

static bool is_kind(const struct journal_entry *entry, enum journal_kind kind)
{
    return strcmp(entry->kind, journal_kind_name(kind)) == 0;
}

static int64_t read_value(const struct journal_entry *entry)
{
    json_t *body = json_loads(entry->body, JSON_REJECT_DUPLICATES, NULL);
    int64_t value_fen = json_integer_value(json_object_get(body, "value"));
    json_decref(body);
    return value_fen;
}

static bool add_up_note(void *context, const struct journal_entry *entry)
{
    struct journal_transaction *sum = context;
    if (is_kind(entry, JOURNAL_NOTE_ESCROWED))
        sum->escrow_fen = read_value(entry);
    else if (is_kind(entry, JOURNAL_NOTE_CREDITED)) {
        sum->credited_fen += read_value(entry);
        sum->credited_notes++;
    }
    if (is_kind(entry, JOURNAL_NOTE_CREDITED) || is_kind(entry, JOURNAL_NOTE_RETURNED) ||
        is_kind(entry, JOURNAL_NOTE_UNKNOWN))
        sum->escrow_fen = 0;
    return true;
}

static enum status query_visit(struct journal *journal, const char *condition, const char *txn,
                               struct journal_transaction *out)
{
    struct db_statement *statement;
    char sql[160];
    text_format(sql, sizeof sql, "SELECT txn, due, open FROM visit WHERE %s", condition);
    enum status status = db_prepare(journal->db, sql, &statement);
    if (status != STATUS_OK)
        return status;
    if (txn)
        db_bind_text(statement, 1, txn);
    status = db_step(statement);
    if (status == STATUS_OK) {
        *out = (struct journal_transaction){ .due_fen = db_column_int(statement, 1),
                                             .open = db_column_int(statement, 2) != 0 };
        text_copy(out->txn, sizeof out->txn, db_column_text(statement, 0));
    }
    db_finalize(statement);
    return status == STATUS_OK ? journal_read_transaction(journal, out->txn, add_up_note, out)
                               : status;
}

enum status journal_open_transaction(struct journal *journal, struct journal_transaction *out)
{
    return query_visit(journal, "open = 1 ORDER BY first_seq DESC LIMIT 1", NULL, out);
}

enum status journal_find_transaction(struct journal *journal, const char *txn,
                                     struct journal_transaction *out)
{
    return query_visit(journal, "txn = ?1", txn, out);
}

int64_t journal_numbers_left(struct journal *journal)
{
    int64_t left = 0;
    if (query_int(journal, "SELECT coalesce(sum(count - used), 0) FROM number_block", NULL,
                  &left) != STATUS_OK)
        return 0;
    return left;
}

enum status journal_peek_number(struct journal *journal, char out[JOURNAL_NUMBER_SIZE])
{
    return query_text(
        journal, "SELECT " SQL_NEXT_NUMBER " FROM number_block WHERE seq = (" SQL_NEXT_BLOCK ")",
        NULL, out, JOURNAL_NUMBER_SIZE);
}

enum status journal_find_person(struct journal *journal, const char *person_hash,
                                char account_out[JOURNAL_NUMBER_SIZE])
{
    return query_text(journal, "SELECT account FROM person WHERE hash = ?1", person_hash,
                      account_out, JOURNAL_NUMBER_SIZE);
}

enum status journal_list_paid_months(struct journal *journal, const char *person_hash,
                                     const char *insurance_code,
                                     void (*on_month)(void *context, month_index month),
                                     void *context)
{
    struct db_statement *statement;
    enum status status = db_prepare(journal->db,
                                    "SELECT month FROM paid_month WHERE person = ?1 AND code = ?2"
                                    " ORDER BY month",
                                    &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, person_hash);
    db_bind_text(statement, 2, insurance_code);
    while ((status = db_step(statement)) == STATUS_OK)
        on_month(context, (month_index)db_column_int(statement, 0));
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status journal_peek_voucher(struct journal *journal, int64_t *serial_out)
{
    int64_t last = -1;
    enum status status =
        query_int(journal, "SELECT value FROM tally WHERE name = ?1", TALLY_VOUCHER, &last);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    *serial_out = voucher_next_serial(last);
    return STATUS_OK;
}

static enum status query_slip(struct journal *journal, const char *condition,
                              struct journal_slip *out)
{
    struct db_statement *statement;
    char sql[320];
    if (!text_format(sql, sizeof sql,
                     "SELECT txn, paper, voucher, sent FROM slip WHERE " SQL_SLIP_IS_OPEN
                     " AND %s ORDER BY txn, paper LIMIT 1",
                     condition))
        return STATUS_INVALID;
    enum status status = db_prepare(journal->db, sql, &statement);
    if (status != STATUS_OK)
        return status;
    status = db_step(statement);
    if (status == STATUS_OK) {
        out->was_sent = db_column_int(statement, 3) != 0;
        if (!text_copy(out->txn, sizeof out->txn, db_column_text(statement, 0)) ||
            !text_copy(out->paper, sizeof out->paper, db_column_text(statement, 1)) ||
            !text_copy(out->voucher, sizeof out->voucher, db_column_text(statement, 2)))
            status = STATUS_CORRUPT;
    }
    db_finalize(statement);
    return status;
}

enum status journal_owed_slip(struct journal *journal, struct journal_slip *out)
{
    return query_slip(journal,
                      "state <> 'sending' AND paper IN ('" JOURNAL_PAPER_PAYMENT
                      "', '" JOURNAL_PAPER_UNKNOWN_NOTE "')",
                      out);
}

enum status journal_sending_slip(struct journal *journal, struct journal_slip *out)
{
    return query_slip(journal, "state = 'sending'", out);
}

struct journal_unsent journal_unsent_cash(struct journal *journal)
{
    struct db_statement *statement;
    struct journal_unsent unsent = { 0 };
    if (db_prepare(journal->db,
                   "SELECT coalesce(sum(json_extract(body, '$.value')), 0), count(DISTINCT txn)"
                   " FROM journal WHERE seq > ?1 AND kind IN ('note_credited', 'note_unknown')",
                   &statement) != STATUS_OK)
        return unsent;
    db_bind_int(statement, 1, journal->acked_seq);
    if (db_step(statement) == STATUS_OK) {
        unsent.cash_fen = db_column_int(statement, 0);
        unsent.payments = db_column_int(statement, 1);
    }
    db_finalize(statement);
    return unsent;
}
