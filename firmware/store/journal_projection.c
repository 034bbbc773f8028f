#include "store/journal_projection.h"

#include "base/check.h"
#include "base/money.h"
#include "base/text.h"
#include "store/journal_internal.h"
#include "store/voucher.h"
#include <stdio.h>
#include <string.h>

const struct projection_table PROJECTION_TABLES[] = {
    { "tally", "name" },
    { "visit", "txn" },
    { "person", "hash" },
    { "number_block", "seq" },
    { "quoted", "txn, person, code, month" },
    { "paid_month", "person, code, month" },
    { "slip", "txn, paper" },
    { "payment", "seq" },
    { "rejected", "seq" },
    { "registration", "seq" },
};
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
        { &projector->tally_set, "INSERT INTO tally VALUES(?1, ?2)"
                                 " ON CONFLICT(name) DO UPDATE SET value = excluded.value" },
        { &projector->tally_day,
          "INSERT INTO tally VALUES('" TALLY_DAY_CASH "', ?1)"
          " ON CONFLICT(name) DO UPDATE SET value = excluded.value + CASE ?2 WHEN"
          " (SELECT value FROM tally WHERE name = '" TALLY_DAY "') THEN value ELSE 0 END" },
        { &projector->tally_get, "SELECT value FROM tally WHERE name = ?1" },
        { &projector->visit_begin, "INSERT OR IGNORE INTO visit(txn, first_seq) VALUES(?1, ?2)" },
        { &projector->visit_quote, "UPDATE visit SET due = ?2, open = 1 WHERE txn = ?1" },
        { &projector->visit_close, "UPDATE visit SET open = 0 WHERE txn = ?1" },
        { &projector->person_add, "INSERT INTO person VALUES(?1, ?2)" },
        { &projector->person_learn, "INSERT OR IGNORE INTO person VALUES(?1, ?2)" },
        { &projector->block_add, "INSERT INTO number_block(seq, lease, prefix, first, count)"
                                 " VALUES(?1, ?2, ?3, ?4, ?5)" },
        { &projector->block_use, "UPDATE number_block SET used = used + 1 WHERE seq = "
                                 "(" SQL_NEXT_BLOCK ") AND " SQL_NEXT_NUMBER " = ?1" },
        { &projector->quoted_add, "INSERT OR IGNORE INTO quoted VALUES(?1, ?2, ?3, ?4)" },
        { &projector->quoted_pay, "INSERT OR IGNORE INTO paid_month SELECT person, code, month"
                                  " FROM quoted WHERE txn = ?1 AND month = ?2" },
        { &projector->quoted_drop, "DELETE FROM quoted WHERE txn = ?1" },
        { &projector->slip_owe, "INSERT OR IGNORE INTO slip VALUES(?1, ?2, ?3, 'due', 0)" },
        { &projector->slip_set,
          "INSERT INTO slip VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(txn, paper) DO UPDATE SET"
          " voucher = excluded.voucher, state = excluded.state, sent = max(sent, excluded.sent)" },
        { &projector->slip_find, "SELECT 1 FROM slip WHERE txn = ?1 AND voucher = ?2" },
        { &projector->payment_add, "INSERT INTO payment SELECT ?1, ?2, person, ?3 FROM quoted"
                                   " WHERE txn = ?2 LIMIT 1" },
        { &projector->rejected_add, "INSERT OR IGNORE INTO rejected VALUES(?1, ?2)" },
        { &projector->registration_add, "INSERT INTO registration VALUES(?1, ?2, ?3)" },
        { &projector->registration_undo,
          "DELETE FROM person WHERE hash = (SELECT person FROM registration AS undone"
          " WHERE seq = ?1 AND NOT EXISTS (SELECT 1 FROM registration AS newer WHERE"
          " newer.person = undone.person AND newer.seq > ?1))" },
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_SIZE(statements) && status == STATUS_OK; i++)
        status = db_prepare(db, statements[i].sql, statements[i].statement);
    return status;
}

void projector_close(struct projector *projector)
{
    db_finalize(projector->tally_add);
    db_finalize(projector->tally_set);
    db_finalize(projector->tally_day);
    db_finalize(projector->tally_get);
    db_finalize(projector->visit_begin);
    db_finalize(projector->visit_quote);
    db_finalize(projector->visit_close);
    db_finalize(projector->person_add);
    db_finalize(projector->person_learn);
    db_finalize(projector->block_add);
    db_finalize(projector->block_use);
    db_finalize(projector->quoted_add);
    db_finalize(projector->quoted_pay);
    db_finalize(projector->quoted_drop);
    db_finalize(projector->slip_owe);
    db_finalize(projector->slip_set);
    db_finalize(projector->slip_find);
    db_finalize(projector->payment_add);
    db_finalize(projector->rejected_add);
    db_finalize(projector->registration_add);
    db_finalize(projector->registration_undo);
}

static enum status add_tally(struct projector *projector, const char *name, int64_t value)
{
    db_bind_text(projector->tally_add, 1, name);
    db_bind_int(projector->tally_add, 2, value);
    return db_run(projector->tally_add);
}

static enum status set_tally(struct projector *projector, const char *name, int64_t value)
{
    db_bind_text(projector->tally_set, 1, name);
    db_bind_int(projector->tally_set, 2, value);
    return db_run(projector->tally_set);
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

static int64_t cash_in(const json_t *body)
{
    const json_t *postings = json_object_get(body, "post");
    int64_t sum_fen = 0;
    for (size_t i = 0; i < json_array_size(postings); i++) {
        const json_t *posting = json_array_get(postings, i);
        if (find_account(json_array_get(posting, 0)) == BOOK_CASH_BOX)
            sum_fen += json_integer_value(json_array_get(posting, 2));
    }
    return sum_fen;
}

/* Two rows for whatever day it is, not one row a day: all tallies share a page. The first cash of
 * another day begins anew, also of an earlier one by a clock that was set back. */
static enum status apply_day(struct projector *projector, int64_t at_ms, const json_t *body)
{
    int64_t sum_fen = cash_in(body), day = journal_day_of(at_ms);
    if (sum_fen == 0)
        return STATUS_OK;
    db_bind_int(projector->tally_day, 1, sum_fen);
    db_bind_int(projector->tally_day, 2, day);
    enum status status = db_run(projector->tally_day);
    return status == STATUS_OK ? set_tally(projector, TALLY_DAY, day) : status;
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
    enum status status = add_tally(projector, name, 1);
    return status == STATUS_OK ? add_tally(projector, TALLY_BOX_NOTES, 1) : status;
}

/* Who takes the box out takes its notes along. The counts by value go on: they are all notes ever
 * taken, which is what the books explain. */
static enum status apply_box_event(struct projector *projector, const char *txn, const json_t *body)
{
    const char *event = json_string_value(json_object_get(body, "event"));
    (void)txn;
    return event && strcmp(event, "removed") == 0 ? set_tally(projector, TALLY_BOX_NOTES, 0)
                                                  : STATUS_OK;
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

static bool read_month(const json_t *item, month_index *month_out)
{
    const char *text = json_string_value(json_object_get(item, "month"));
    return text && month_parse(text, month_out) == STATUS_OK;
}

static enum status drop_quoted(struct projector *projector, const char *txn)
{
    db_bind_text(projector->quoted_drop, 1, txn);
    return db_run(projector->quoted_drop);
}

static enum status add_quoted(struct projector *projector, const char *txn, const char *person,
                              const json_t *line)
{
    const char *code = json_string_value(json_object_get(line, "code"));
    month_index month;
    if (!code || !read_month(line, &month))
        return STATUS_INVALID;
    db_bind_text(projector->quoted_add, 1, txn);
    db_bind_text(projector->quoted_add, 2, person);
    db_bind_text(projector->quoted_add, 3, code);
    db_bind_int(projector->quoted_add, 4, month);
    return db_run(projector->quoted_add);
}

static enum status apply_quote(struct projector *projector, const char *txn, const json_t *body)
{
    const json_t *lines = json_object_get(body, "lines");
    const char *person = json_string_value(json_object_get(body, "person"));
    int64_t due_fen;
    if (txn[0] == '\0' || !read_fen(body, "due", &due_fen) || (lines && !person))
        return STATUS_INVALID;
    enum status status = run_visit(projector->visit_quote, txn, due_fen);
    if (status == STATUS_OK)
        status = drop_quoted(projector, txn); /* a quote after a cancellation begins anew */
    for (size_t i = 0; i < json_array_size(lines) && status == STATUS_OK; i++)
        status = add_quoted(projector, txn, person, json_array_get(lines, i));
    return status;
}

/* What the notes of a visit add up to is read from its entries; here they must only be sound. */
static enum status apply_note(struct projector *projector, const char *txn, const json_t *body)
{
    int64_t value_fen;
    (void)projector;
    (void)txn;
    return read_fen(body, "value", &value_fen) ? STATUS_OK : STATUS_INVALID;
}

static enum status find_slip(struct projector *projector, const char *txn, const char *voucher)
{
    db_bind_text(projector->slip_find, 1, txn);
    db_bind_text(projector->slip_find, 2, voucher);
    enum status status = db_step(projector->slip_find);
    if (status == STATUS_OK)
        db_reset(projector->slip_find);
    return status;
}

/* -1 none yet */
static enum status read_last_serial(struct projector *projector, int64_t *serial_out)
{
    *serial_out = -1;
    db_bind_text(projector->tally_get, 1, TALLY_VOUCHER);
    enum status status = db_step(projector->tally_get);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    *serial_out = db_column_int(projector->tally_get, 0);
    db_reset(projector->tally_get);
    return STATUS_OK;
}

static enum status set_last_serial(struct projector *projector, int64_t serial)
{
    db_bind_text(projector->tally_set, 1, TALLY_VOUCHER);
    db_bind_int(projector->tally_set, 2, serial);
    return db_run(projector->tally_set);
}

/* A new number must be the one after the last; the first one may be any, for a kiosk whose disk was
 * changed goes on where the bureau saw it last. Texts of another shape are not numbered. */
static enum status use_voucher(struct projector *projector, const char *txn, const char *voucher)
{
    int64_t last;
    if (!voucher || !voucher_is_valid(voucher))
        return STATUS_OK;
    enum status status = find_slip(projector, txn, voucher);
    if (status != STATUS_NOT_FOUND)
        return status;
    status = read_last_serial(projector, &last);
    if (status != STATUS_OK)
        return status;
    int64_t serial = voucher_serial(voucher);
    if (last >= 0 && serial != voucher_next_serial(last) && !projector->forgives_gaps) {
        projector->refusal = "its voucher number is not the one after the last";
        return STATUS_INVALID;
    }
    return set_last_serial(projector, serial);
}

static enum status owe_slip(struct projector *projector, const char *txn, const char *paper,
                            const char *voucher)
{
    db_bind_text(projector->slip_owe, 1, txn);
    db_bind_text(projector->slip_owe, 2, paper);
    db_bind_text(projector->slip_owe, 3, voucher ? voucher : "");
    return db_run(projector->slip_owe);
}

/* One slip a visit, also when word of the same note comes twice. */
static enum status apply_unknown(struct projector *projector, const char *txn, const json_t *body)
{
    enum status status = apply_note(projector, txn, body);
    if (status != STATUS_OK || txn[0] == '\0')
        return status;
    return owe_slip(projector, txn, JOURNAL_PAPER_UNKNOWN_NOTE, NULL);
}

static enum status close_visit(struct projector *projector, const char *txn)
{
    db_bind_text(projector->visit_close, 1, txn);
    enum status status = db_run(projector->visit_close);
    return status == STATUS_OK ? drop_quoted(projector, txn) : status;
}

static enum status pay_month(struct projector *projector, const char *txn, const json_t *item)
{
    month_index month;
    if (!read_month(item, &month))
        return STATUS_INVALID;
    db_bind_text(projector->quoted_pay, 1, txn);
    db_bind_int(projector->quoted_pay, 2, month);
    return db_run(projector->quoted_pay);
}

/* "months" are those the money covered: only they are paid. */
static enum status apply_completed(struct projector *projector, const char *txn, const json_t *body)
{
    const json_t *months = json_object_get(body, "months");
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    enum status status = use_voucher(projector, txn, voucher);
    for (size_t i = 0; i < json_array_size(months) && status == STATUS_OK; i++)
        status = pay_month(projector, txn, json_array_get(months, i));
    if (status == STATUS_OK)
        status = close_visit(projector, txn);
    return status == STATUS_OK ? owe_slip(projector, txn, JOURNAL_PAPER_PAYMENT, voucher) : status;
}

/* Before the quote's lines go: they say whose it is. */
static enum status add_payment(struct projector *projector, int64_t seq, const char *txn,
                               const json_t *body)
{
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    db_bind_int(projector->payment_add, 1, seq);
    db_bind_text(projector->payment_add, 2, txn);
    db_bind_text(projector->payment_add, 3, voucher ? voucher : "");
    return db_run(projector->payment_add);
}

static enum status apply_rejected(struct projector *projector, const char *txn, const json_t *body)
{
    const char *reason = json_string_value(json_object_get(body, "reason"));
    const json_t *seq = json_object_get(body, "seq");
    (void)txn;
    if (!reason || !json_is_integer(seq))
        return STATUS_OK;
    db_bind_int(projector->rejected_add, 1, json_integer_value(seq));
    db_bind_text(projector->rejected_add, 2, reason);
    enum status status = db_run(projector->rejected_add);
    /* Whoever was not registered after all may register anew; the number is used up. */
    db_bind_int(projector->registration_undo, 1, json_integer_value(seq));
    return status == STATUS_OK ? db_run(projector->registration_undo) : status;
}

static enum status apply_cancelled(struct projector *projector, const char *txn, const json_t *body)
{
    (void)body;
    return close_visit(projector, txn);
}

/* A slip for somebody who is told at the screen when it fails is finished then; one that is printed
 * for somebody who is not there is held until it comes out. */
static const char *slip_state(const char *state, const char *paper)
{
    bool is_for_the_absent = strcmp(paper, JOURNAL_PAPER_INTERRUPTED) == 0 ||
                             strcmp(paper, JOURNAL_PAPER_UNKNOWN_NOTE) == 0;
    return strcmp(state, "failed") == 0 && is_for_the_absent ? "held" : state;
}

static enum status apply_receipt(struct projector *projector, const char *txn, const json_t *body)
{
    const char *state = json_string_value(json_object_get(body, "state"));
    const char *paper = json_string_value(json_object_get(body, "paper"));
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    if (!state || txn[0] == '\0')
        return STATUS_OK;
    if (!paper)
        paper = JOURNAL_PAPER_PAYMENT;
    enum status status = use_voucher(projector, txn, voucher);
    if (status != STATUS_OK)
        return status;
    bool replaces_payment = strcmp(paper, JOURNAL_PAPER_INTERRUPTED) == 0;
    db_bind_text(projector->slip_set, 1, txn);
    db_bind_text(projector->slip_set, 2, replaces_payment ? JOURNAL_PAPER_PAYMENT : paper);
    db_bind_text(projector->slip_set, 3, voucher ? voucher : "");
    db_bind_text(projector->slip_set, 4, slip_state(state, paper));
    db_bind_int(projector->slip_set, 5, strcmp(state, "sending") == 0);
    return db_run(projector->slip_set);
}

/* A number is used up by the entry that names it, and only the next one may be named: so none is
 * given twice and none is skipped. One that the bureau gave is no number of ours. */
static enum status use_number(struct projector *projector, const char *account, const json_t *body)
{
    const char *given = json_string_value(json_object_get(body, "given"));
    if (given && strcmp(given, JOURNAL_GIVEN_BY_BUREAU) == 0)
        return STATUS_OK;
    db_bind_text(projector->block_use, 1, account);
    enum status status = db_run(projector->block_use);
    return status == STATUS_OK && db_changes(projector->db) != 1 ? STATUS_INVALID : status;
}

static enum status apply_registered(struct projector *projector, int64_t seq, const json_t *body)
{
    const char *account = json_string_value(json_object_get(body, "account"));
    const char *person = json_string_value(json_object_get(body, "person"));
    if (!account || !person || account[0] == '\0' || strlen(account) >= JOURNAL_NUMBER_SIZE)
        return STATUS_INVALID;
    enum status status = use_number(projector, account, body);
    if (status != STATUS_OK)
        return status;
    db_bind_text(projector->person_add, 1, person);
    db_bind_text(projector->person_add, 2, account);
    status = db_run(projector->person_add);
    db_bind_int(projector->registration_add, 1, seq);
    db_bind_text(projector->registration_add, 2, person);
    db_bind_text(projector->registration_add, 3, account);
    return status == STATUS_OK ? db_run(projector->registration_add) : status;
}

/* Who is known already, or whose number stands under another hash, stays as it is. */
static enum status apply_known(struct projector *projector, const json_t *body)
{
    const char *account = json_string_value(json_object_get(body, "account"));
    const char *person = json_string_value(json_object_get(body, "person"));
    if (!account || !person || account[0] == '\0' || strlen(account) >= JOURNAL_NUMBER_SIZE)
        return STATUS_INVALID;
    db_bind_text(projector->person_learn, 1, person);
    db_bind_text(projector->person_learn, 2, account);
    return db_run(projector->person_learn);
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
    { JOURNAL_QUOTE_ACCEPTED, apply_quote },        { JOURNAL_NOTE_ESCROWED, apply_note },
    { JOURNAL_NOTE_CREDITED, apply_note },          { JOURNAL_NOTE_UNKNOWN, apply_unknown },
    { JOURNAL_PAYMENT_COMPLETED, apply_completed }, { JOURNAL_PAYMENT_CANCELLED, apply_cancelled },
    { JOURNAL_RECEIPT_STATE, apply_receipt },       { JOURNAL_BOX_EVENT, apply_box_event },
    { JOURNAL_ENTRY_REJECTED, apply_rejected },
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

enum status projector_apply(struct projector *projector, int64_t seq, int64_t at_ms,
                            const char *txn, const char *kind, const json_t *body)
{
    projector->refusal = NULL;
    enum status status = begin_visit(projector, txn, seq);
    if (status == STATUS_OK)
        status = apply_postings(projector, body);
    if (status == STATUS_OK)
        status = apply_box(projector, body);
    if (status == STATUS_OK)
        status = apply_day(projector, at_ms, body);
    if (status == STATUS_OK && strcmp(kind, journal_kind_name(JOURNAL_NUMBERS_LEASED)) == 0)
        return apply_lease(projector, seq, body);
    if (status == STATUS_OK && strcmp(kind, journal_kind_name(JOURNAL_REGISTERED)) == 0)
        return apply_registered(projector, seq, body);
    if (status == STATUS_OK && strcmp(kind, journal_kind_name(JOURNAL_PERSON_KNOWN)) == 0)
        return apply_known(projector, body);
    if (status == STATUS_OK && strcmp(kind, journal_kind_name(JOURNAL_PAYMENT_COMPLETED)) == 0)
        status = add_payment(projector, seq, txn, body);
    for (size_t i = 0; i < ARRAY_SIZE(RULES) && status == STATUS_OK; i++)
        if (strcmp(kind, journal_kind_name(RULES[i].kind)) == 0)
            return RULES[i].apply(projector, txn, body);
    return status;
}
