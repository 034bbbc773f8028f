#include "store/journal_projection.h"

#include "base/check.h"
#include "base/money.h"
#include "base/text.h"
#include "store/journal_internal.h"
#include <stdio.h>
#include <string.h>

const char *const PROJECTION_TABLES[] = { "tally", "visit", "person", "number_block" };
const int PROJECTION_TABLE_COUNT = ARRAY_SIZE(PROJECTION_TABLES);

enum status projector_open(struct projector *projector, struct db *db)
{
    *projector = (struct projector){ .db = db };
    const struct {
        struct db_statement **statement;
        const char *sql;
    } statements[] = {
        { &projector->tally_add,
          "INSERT INTO tally VALUES(?1, ?2)"
          " ON CONFLICT(name) DO UPDATE SET value = value + excluded.value" },
        { &projector->visit_begin, "INSERT OR IGNORE INTO visit(txn, first_seq) VALUES(?1, ?2)" },
        { &projector->visit_quote, "UPDATE visit SET due = ?2, open = 1 WHERE txn = ?1" },
        { &projector->visit_close, "UPDATE visit SET open = 0 WHERE txn = ?1" },
        { &projector->person_add, "INSERT INTO person VALUES(?1, ?2)" },
        { &projector->block_add, "INSERT INTO number_block(seq, lease, prefix, first, count)"
                                 " VALUES(?1, ?2, ?3, ?4, ?5)" },
        { &projector->block_use, "UPDATE number_block SET used = used + 1 WHERE seq = "
                                 "(" SQL_NEXT_BLOCK ") AND " SQL_NEXT_NUMBER " = ?1" },
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_SIZE(statements) && status == STATUS_OK; i++)
        status = db_prepare(db, statements[i].sql, statements[i].statement);
    return status;
}

void projector_close(struct projector *projector)
{
    db_finalize(projector->tally_add);
    db_finalize(projector->visit_begin);
    db_finalize(projector->visit_quote);
    db_finalize(projector->visit_close);
    db_finalize(projector->person_add);
    db_finalize(projector->block_add);
    db_finalize(projector->block_use);
}

static enum status add_tally(struct projector *projector, const char *name, int64_t value)
{
    db_bind_text(projector->tally_add, 1, name);
    db_bind_int(projector->tally_add, 2, value);
    return db_run(projector->tally_add);
}

static int find_account(const json_t *name)
{
    const char *text = json_string_value(name);
    for (int i = 0; text && i < BOOK_ACCOUNTS; i++)
        if (strcmp(text, book_account_name((enum book_account)i)) == 0)
            return i;
    return BOOK_ACCOUNTS;
}

/* A debit raises an asset and lowers a liability. */
static enum status book(struct projector *projector, int account, int64_t debit_fen)
{
    char name[32];
    snprintf(name, sizeof name, TALLY_ACCOUNT "%s", book_account_name((enum book_account)account));
    return add_tally(projector, name, account == BOOK_CASH_BOX ? debit_fen : -debit_fen);
}

static enum status apply_posting(struct projector *projector, const json_t *posting)
{
    if (json_array_size(posting) != 3)
        return STATUS_INVALID;
    int debit = find_account(json_array_get(posting, 0));
    int credit = find_account(json_array_get(posting, 1));
    int64_t amount_fen = json_integer_value(json_array_get(posting, 2));
    if (debit == BOOK_ACCOUNTS || credit == BOOK_ACCOUNTS || debit == credit || amount_fen <= 0 ||
        amount_fen > MONEY_FEN_MAX)
        return STATUS_INVALID;
    enum status status = book(projector, debit, amount_fen);
    return status == STATUS_OK ? book(projector, credit, -amount_fen) : status;
}

static enum status apply_postings(struct projector *projector, const json_t *body)
{
    const json_t *postings = json_object_get(body, "post");
    enum status status = STATUS_OK;
    for (size_t i = 0; i < json_array_size(postings) && status == STATUS_OK; i++)
        status = apply_posting(projector, json_array_get(postings, i));
    return status;
}

static enum status apply_box(struct projector *projector, const json_t *body)
{
    const json_t *value = json_object_get(body, "box");
    if (!value)
        return STATUS_OK;
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return STATUS_INVALID;
    char name[40];
    snprintf(name, sizeof name, TALLY_UNIT "%lld", (long long)json_integer_value(value));
    return add_tally(projector, name, 1);
}

static enum status run_visit(struct db_statement *statement, const char *txn, int64_t value)
{
    db_bind_text(statement, 1, txn);
    db_bind_int(statement, 2, value);
    return db_run(statement);
}

static bool read_fen(const json_t *body, const char *member, int64_t *fen_out)
{
    const json_t *value = json_object_get(body, member);
    *fen_out = json_integer_value(value);
    return json_is_integer(value) && *fen_out >= 0 && *fen_out <= MONEY_FEN_MAX;
}

static enum status apply_quote(struct projector *projector, const char *txn, const json_t *body)
{
    int64_t due_fen;
    if (txn[0] == '\0' || !read_fen(body, "due", &due_fen))
        return STATUS_INVALID;
    return run_visit(projector->visit_quote, txn, due_fen);
}

/* What the notes of a visit add up to is read from its entries; here they must only be sound. */
static enum status apply_note(struct projector *projector, const char *txn, const json_t *body)
{
    int64_t value_fen;
    (void)projector;
    (void)txn;
    return read_fen(body, "value", &value_fen) ? STATUS_OK : STATUS_INVALID;
}

static enum status apply_close(struct projector *projector, const char *txn, const json_t *body)
{
    (void)body;
    db_bind_text(projector->visit_close, 1, txn);
    return db_run(projector->visit_close);
}

/* A number is used up by the entry that names it, and only the next one may be named: so none is
 * given twice and none is skipped. */
static enum status apply_registered(struct projector *projector, const char *txn,
                                    const json_t *body)
{
    (void)txn;
    const char *account = json_string_value(json_object_get(body, "account"));
    const char *person = json_string_value(json_object_get(body, "person"));
    if (!account || !person || account[0] == '\0' || strlen(account) >= JOURNAL_NUMBER_SIZE)
        return STATUS_INVALID;
    db_bind_text(projector->block_use, 1, account);
    enum status status = db_run(projector->block_use);
    if (status != STATUS_OK)
        return status;
    if (db_changes(projector->db) != 1)
        return STATUS_INVALID;
    db_bind_text(projector->person_add, 1, person);
    db_bind_text(projector->person_add, 2, account);
    return db_run(projector->person_add);
}

static bool block_is_sound(const char *lease, const char *prefix, int64_t first, int64_t count)
{
    return lease && prefix && lease[0] != '\0' && strlen(prefix) <= NUMBER_PREFIX_LENGTH_MAX &&
           first >= 0 && count > 0 && first + count - 1 <= NUMBER_MAX;
}

static enum status apply_lease(struct projector *projector, int64_t seq, const json_t *body)
{
    const char *lease = json_string_value(json_object_get(body, "lease"));
    const char *prefix = json_string_value(json_object_get(body, "prefix"));
    int64_t first, count;
    if (!read_fen(body, "first", &first) || !read_fen(body, "count", &count) ||
        !block_is_sound(lease, prefix, first, count))
        return STATUS_INVALID;
    db_bind_int(projector->block_add, 1, seq);
    db_bind_text(projector->block_add, 2, lease);
    db_bind_text(projector->block_add, 3, prefix);
    db_bind_int(projector->block_add, 4, first);
    db_bind_int(projector->block_add, 5, count);
    return db_run(projector->block_add);
}

static const struct {
    enum journal_kind kind;
    enum status (*apply)(struct projector *projector, const char *txn, const json_t *body);
} RULES[] = {
    { JOURNAL_QUOTE_ACCEPTED, apply_quote },    { JOURNAL_NOTE_ESCROWED, apply_note },
    { JOURNAL_NOTE_CREDITED, apply_note },      { JOURNAL_PAYMENT_COMPLETED, apply_close },
    { JOURNAL_PAYMENT_CANCELLED, apply_close }, { JOURNAL_REGISTERED, apply_registered },
};

void projector_forget(struct projector *projector)
{
    projector->known_txn[0] = '\0';
}

static enum status begin_visit(struct projector *projector, const char *txn, int64_t seq)
{
    if (txn[0] == '\0' || strcmp(txn, projector->known_txn) == 0)
        return STATUS_OK;
    enum status status = run_visit(projector->visit_begin, txn, seq);
    if (status == STATUS_OK)
        text_copy(projector->known_txn, sizeof projector->known_txn, txn);
    return status;
}

enum status projector_apply(struct projector *projector, int64_t seq, const char *txn,
                            const char *kind, const json_t *body)
{
    enum status status = begin_visit(projector, txn, seq);
    if (status == STATUS_OK)
        status = apply_postings(projector, body);
    if (status == STATUS_OK)
        status = apply_box(projector, body);
    if (status == STATUS_OK && strcmp(kind, journal_kind_name(JOURNAL_NUMBERS_LEASED)) == 0)
        return apply_lease(projector, seq, body);
    for (size_t i = 0; i < ARRAY_SIZE(RULES) && status == STATUS_OK; i++)
        if (strcmp(kind, journal_kind_name(RULES[i].kind)) == 0)
            return RULES[i].apply(projector, txn, body);
    return status;
}
