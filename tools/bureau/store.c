#include "tools/bureau/store.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

static const char FIRST[] =
    "CREATE TABLE kiosk(id TEXT PRIMARY KEY, acked_seq INTEGER NOT NULL, acked_hash BLOB NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE entry(kiosk TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,"
    "  txn TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL,"
    "  received INTEGER NOT NULL, PRIMARY KEY(kiosk, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE dead_letter(kiosk TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL,"
    "  PRIMARY KEY(kiosk, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE ledger(kiosk TEXT NOT NULL, account TEXT NOT NULL, balance INTEGER NOT NULL,"
    "  PRIMARY KEY(kiosk, account)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE citizen(account TEXT PRIMARY KEY, kiosk TEXT NOT NULL, registered INTEGER,"
    "  sealed TEXT NOT NULL DEFAULT '', premium INTEGER NOT NULL DEFAULT 0,"
    "  surplus INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"
    "CREATE TABLE visit(kiosk TEXT NOT NULL, txn TEXT NOT NULL, account TEXT NOT NULL DEFAULT '',"
    "  credited INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(kiosk, txn)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE payment(voucher TEXT PRIMARY KEY, kiosk TEXT NOT NULL, txn TEXT NOT NULL,"
    "  seq INTEGER NOT NULL, at INTEGER NOT NULL, account TEXT NOT NULL, paid INTEGER NOT NULL,"
    "  applied INTEGER NOT NULL, surplus INTEGER NOT NULL, outcome TEXT NOT NULL,"
    "  hash16 TEXT NOT NULL, receipt TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;"
    "CREATE TABLE number_next(prefix TEXT PRIMARY KEY, next INTEGER NOT NULL) STRICT,"
    "  WITHOUT ROWID;"
    "CREATE TABLE number_lease(kiosk TEXT NOT NULL, request TEXT NOT NULL, prefix TEXT NOT NULL,"
    "  first INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(kiosk, request)) STRICT,"
    "  WITHOUT ROWID;";

/*
 * How a visit was closed, one payment to a visit, who a citizen is to the kiosk (claim, a hash
 * under its key) and to the bureau (person, see person.h), where a kiosk stands. Books in which a
 * visit was paid twice do not fit: such a file is refused until somebody has settled it.
 */
static const char SECOND[] =
    "CREATE UNIQUE INDEX payment_of_visit ON payment(kiosk, txn);"
    "ALTER TABLE visit ADD COLUMN closed TEXT NOT NULL DEFAULT '';"
    "UPDATE visit SET closed = 'cancelled' WHERE EXISTS (SELECT 1 FROM entry WHERE"
    "  entry.kiosk = visit.kiosk AND entry.txn = visit.txn AND kind = 'payment_cancelled');"
    "UPDATE visit SET closed = 'paid' WHERE EXISTS (SELECT 1 FROM payment WHERE"
    "  payment.kiosk = visit.kiosk AND payment.txn = visit.txn);"
    "ALTER TABLE citizen ADD COLUMN claim TEXT NOT NULL DEFAULT '';"
    "UPDATE citizen SET claim = coalesce((SELECT json_extract(body, '$.person') FROM entry WHERE"
    "  entry.kiosk = citizen.kiosk AND kind = 'registered' AND CASE WHEN json_valid(body) THEN"
    "  json_extract(body, '$.account') = citizen.account ELSE 0 END AND NOT EXISTS (SELECT 1 FROM"
    "  dead_letter AS dead WHERE dead.kiosk = entry.kiosk AND dead.seq = entry.seq) LIMIT 1), '');"
    "ALTER TABLE citizen ADD COLUMN person TEXT NOT NULL DEFAULT '';"
    "CREATE UNIQUE INDEX citizen_of_person ON citizen(person) WHERE person <> '';"
    "ALTER TABLE kiosk ADD COLUMN region TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE dead_letter ADD COLUMN detail TEXT NOT NULL DEFAULT '';";

/* The key a kiosk signs its days with, as it first came, and the last day that held. */
static const char THIRD[] = "ALTER TABLE kiosk ADD COLUMN root_key BLOB NOT NULL DEFAULT x'';"
                            "ALTER TABLE kiosk ADD COLUMN root_date TEXT NOT NULL DEFAULT '';"
                            "ALTER TABLE kiosk ADD COLUMN root_seq INTEGER NOT NULL DEFAULT 0;";

/* Who accepted another key, old (empty: none had come) and new, and why. Never changed. */
static const char FOURTH[] =
    "CREATE TABLE root_key_change("
    "  kiosk TEXT NOT NULL, at INTEGER NOT NULL, old_key BLOB NOT NULL, new_key BLOB NOT NULL,"
    "  accepted_by TEXT NOT NULL, confirmed_by TEXT NOT NULL, why TEXT NOT NULL) STRICT;";

/* What a citizen asks for: the payments of an account, and the quote behind each. */
static const char FIFTH[] =
    "CREATE INDEX payment_of_account ON payment(account, at);"
    "CREATE INDEX quote_of_visit ON entry(kiosk, txn, seq) WHERE kind = 'quote_accepted';";

/* What the bureau's own records say of a person (standing.h), without who it is. */
static const char SIXTH[] =
    "CREATE TABLE person_mark("
    "  person TEXT NOT NULL, mark TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL,"
    "  marked_by TEXT NOT NULL, PRIMARY KEY(person, mark)) STRICT, WITHOUT ROWID;";

/*
 * Which months of an account are paid, and by which bill (month_paid.h). Of a month that older
 * books have twice, the payment that came first counts; it is for staff to have noticed.
 */
static const char SEVENTH[] =
    "CREATE TABLE month_paid("
    "  account TEXT NOT NULL, code TEXT NOT NULL, month TEXT NOT NULL, bill TEXT NOT NULL,"
    "  kiosk TEXT NOT NULL, txn TEXT NOT NULL,"
    "  PRIMARY KEY(account, code, month, bill)) STRICT, WITHOUT ROWID;"
    "INSERT OR IGNORE INTO month_paid"
    " SELECT payment.account,"
    "  CASE line.type WHEN 'object' THEN json_extract(line.value, '$.code') END,"
    "  CASE line.type WHEN 'object' THEN json_extract(line.value, '$.month') END,"
    "  CASE WHEN line.type <> 'object' THEN NULL"
    "   WHEN json_extract(line.value, '$.kind') IS NULL THEN ''"
    "   ELSE 'r' || coalesce(json_extract(quote.body, '$.revision'), 0) END,"
    "  payment.kiosk, payment.txn"
    " FROM payment JOIN entry AS closed ON closed.kiosk = payment.kiosk AND closed.seq = "
    "payment.seq"
    " JOIN entry AS quote ON quote.kiosk = payment.kiosk AND quote.seq ="
    "  (SELECT max(seq) FROM entry AS q WHERE q.kiosk = payment.kiosk AND q.txn = payment.txn AND"
    "   q.kind = 'quote_accepted' AND q.seq < payment.seq AND NOT EXISTS (SELECT 1 FROM"
    "   dead_letter AS dead WHERE dead.kiosk = q.kiosk AND dead.seq = q.seq)),"
    "  json_each(CASE WHEN json_valid(quote.body) THEN quote.body ELSE '{}' END, '$.lines') AS line"
    " WHERE EXISTS (SELECT 1 FROM json_each(closed.body, '$.months') AS paid WHERE"
    "  CASE WHEN paid.type = 'object' AND line.type = 'object' THEN"
    "   json_extract(paid.value, '$.month') = json_extract(line.value, '$.month') ELSE 0 END)"
    " ORDER BY payment.at, payment.seq;";

static const char *const MIGRATIONS[] = { FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH, SEVENTH };

/* One row of an inquiry, whether it was booked or set aside. */
#define SQL_BOOKED                                                                                 \
    "SELECT payment.kiosk, payment.txn, payment.seq, payment.at, entry.received, entry.body,"      \
    " '', payment.hash16 FROM payment JOIN entry ON entry.kiosk = payment.kiosk"                   \
    " AND entry.seq = payment.seq"
#define SQL_SET_ASIDE                                                                              \
    "SELECT entry.kiosk, entry.txn, entry.seq, entry.at, entry.received, entry.body,"              \
    " dead.reason, '' FROM dead_letter AS dead JOIN entry ON entry.kiosk = dead.kiosk"             \
    " AND entry.seq = dead.seq"

static const char *const SQL[SQL_COUNT] = {
    [SQL_BEGIN] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_KIOSK_ADD] = "INSERT OR IGNORE INTO kiosk(id, acked_seq, acked_hash)"
                      " VALUES(?1, 0, zeroblob(32))",
    [SQL_KIOSK_POINT] = "SELECT acked_seq, acked_hash FROM kiosk WHERE id = ?1",
    [SQL_KIOSK_ADVANCE] = "UPDATE kiosk SET acked_seq = ?2, acked_hash = ?3 WHERE id = ?1",
    [SQL_KIOSK_REGION] = "SELECT region FROM kiosk WHERE id = ?1",
    [SQL_KIOSK_SET_REGION] = "UPDATE kiosk SET region = ?2 WHERE id = ?1 AND region = ''",
    [SQL_KIOSK_ROOT_KEY] = "SELECT root_key FROM kiosk WHERE id = ?1",
    [SQL_KIOSK_SET_ROOT] = "UPDATE kiosk SET root_key = ?2, root_date = ?3, root_seq = ?4"
                           " WHERE id = ?1",
    [SQL_KIOSK_SET_ROOT_KEY] = "UPDATE kiosk SET root_key = ?2 WHERE id = ?1",
    [SQL_ROOT_KEY_CHANGE_ADD] = "INSERT INTO root_key_change VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [SQL_ENTRY_ADD] = "INSERT INTO entry VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [SQL_ENTRY_HASH] = "SELECT hash FROM entry WHERE kiosk = ?1 AND seq = ?2",
    [SQL_DEAD_ADD] = "INSERT INTO dead_letter VALUES(?1, ?2, ?3, ?4)",
    [SQL_DEAD_RANGE] = "SELECT seq, reason FROM dead_letter"
                       " WHERE kiosk = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY seq",
    [SQL_LEDGER_ADD] = "INSERT INTO ledger VALUES(?1, ?2, ?3) ON CONFLICT(kiosk, account)"
                       " DO UPDATE SET balance = balance + excluded.balance",
    [SQL_CITIZEN_ADD] = "INSERT INTO citizen(account, kiosk, registered, sealed, claim, person)"
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_CITIZEN_PAID] = "UPDATE citizen SET premium = premium + ?2, surplus = surplus + ?3"
                         " WHERE account = ?1",
    [SQL_CITIZEN_FIND] = "SELECT kiosk, claim, person FROM citizen WHERE account = ?1",
    [SQL_CITIZEN_OF_PERSON] = "SELECT account FROM citizen WHERE person = ?1 AND person <> ''",
    [SQL_CITIZEN_UNTAGGED] = "SELECT account, sealed FROM citizen WHERE account > ?1"
                             " AND person = '' ORDER BY account LIMIT 1",
    [SQL_CITIZEN_TAG] = "UPDATE OR IGNORE citizen SET person = ?2 WHERE account = ?1",
    [SQL_MARK_ADD] = "INSERT INTO person_mark VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(person, mark)"
                     " DO UPDATE SET detail = excluded.detail, at = excluded.at,"
                     " marked_by = excluded.marked_by",
    [SQL_MARK_REMOVE] = "DELETE FROM person_mark WHERE person = ?1 AND mark = ?2",
    [SQL_MARKS_OF] = "SELECT mark, detail FROM person_mark WHERE person = ?1",
    [SQL_NUMBER_LEASED] = "SELECT 1 FROM number_lease WHERE kiosk = ?1"
                          " AND length(?2) = length(prefix) + 8"
                          " AND ?2 BETWEEN printf('%s%08d', prefix, first)"
                          " AND printf('%s%08d', prefix, first + count - 1) LIMIT 1",
    [SQL_VISIT_QUOTE] = "INSERT INTO visit(kiosk, txn, account) VALUES(?1, ?2, ?3)"
                        " ON CONFLICT(kiosk, txn) DO UPDATE SET account = excluded.account,"
                        " closed = ''",
    [SQL_VISIT_CREDIT] = "INSERT INTO visit(kiosk, txn, credited) VALUES(?1, ?2, ?3)"
                         " ON CONFLICT(kiosk, txn) DO UPDATE SET"
                         " credited = credited + excluded.credited",
    [SQL_VISIT_FIND] = "SELECT account, credited, closed FROM visit"
                       " WHERE kiosk = ?1 AND txn = ?2",
    [SQL_VISIT_CLOSE] = "UPDATE visit SET closed = ?3 WHERE kiosk = ?1 AND txn = ?2",
    [SQL_PAYMENT_ADD] = "INSERT INTO payment(voucher, kiosk, txn, seq, at, account, paid, applied,"
                        " surplus, outcome, hash16)"
                        " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    [SQL_PAYMENT_FIND] = "SELECT 1 FROM payment WHERE voucher = ?1",
    [SQL_PAYMENT_RECEIPT] = "UPDATE payment SET receipt = ?3 WHERE kiosk = ?1 AND voucher = ?2",
    [SQL_PAYMENTS_OF] = SQL_BOOKED " WHERE payment.account = ?1"
                                   " ORDER BY payment.at DESC, payment.voucher DESC LIMIT ?2",
    [SQL_PAYMENT_BY_VOUCHER] = SQL_BOOKED " WHERE payment.voucher = ?1 LIMIT ?2",
    [SQL_REJECTED_OF] = SQL_SET_ASIDE " JOIN visit ON visit.kiosk = entry.kiosk"
                                      " AND visit.txn = entry.txn"
                                      " WHERE entry.kind = 'payment_completed'"
                                      " AND visit.account = ?1 ORDER BY entry.at DESC LIMIT ?2",
    [SQL_REJECTED_BY_VOUCHER] =
        SQL_SET_ASIDE " WHERE entry.kind = 'payment_completed' AND CASE WHEN"
                      " json_valid(entry.body) THEN json_extract(entry.body, '$.voucher') = ?1"
                      " ELSE 0 END ORDER BY entry.at DESC LIMIT ?2",
    [SQL_QUOTE_OF_VISIT] = "SELECT body FROM entry WHERE kiosk = ?1 AND txn = ?2"
                           " AND kind = 'quote_accepted' AND seq < ?3 AND NOT EXISTS (SELECT 1 FROM"
                           " dead_letter AS dead WHERE dead.kiosk = entry.kiosk AND dead.seq ="
                           " entry.seq) ORDER BY seq DESC LIMIT 1",
    [SQL_MONTH_PAID_FIND] = "SELECT 1 FROM month_paid WHERE account = ?1 AND code = ?2"
                            " AND month = ?3 AND bill = ?4",
    [SQL_MONTH_PAID_ADD] = "INSERT INTO month_paid VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_LEASE_FIND] = "SELECT prefix, first, count FROM number_lease"
                       " WHERE kiosk = ?1 AND request = ?2",
    [SQL_LEASE_ADD] = "INSERT INTO number_lease VALUES(?1, ?2, ?3, ?4, ?5)",
    [SQL_NUMBER_NEXT] = "INSERT INTO number_next VALUES(?1, ?2 + 1) ON CONFLICT(prefix)"
                        " DO UPDATE SET next = next + ?2 RETURNING next - ?2",
};

enum status bureau_store_open(struct bureau_store *store, const char *path,
                              const char *number_prefix)
{
    memset(store, 0, sizeof *store);
    if (!text_copy(store->number_prefix, sizeof store->number_prefix, number_prefix))
        return STATUS_INVALID;
    enum status status = db_open(path, DB_READ_WRITE, &store->db);
    if (status == STATUS_OK)
        status = db_make_log_safe(store->db);
    if (status == STATUS_OK)
        status = db_migrate(store->db, MIGRATIONS, ARRAY_SIZE(MIGRATIONS));
    if (status == STATUS_EXISTS)
        log_error("bureau", "visit_paid_twice", "%s has a visit with two payments", path);
    for (int i = 0; i < SQL_COUNT && status == STATUS_OK; i++)
        status = db_prepare(store->db, SQL[i], &store->statements[i]);
    if (status != STATUS_OK)
        bureau_store_close(store);
    return status;
}

enum status bureau_store_open_read_only(struct bureau_store *store, const char *path)
{
    memset(store, 0, sizeof *store);
    enum status status = db_open(path, DB_READ_ONLY, &store->db);
    if (status == STATUS_OK)
        status = db_migrate(store->db, MIGRATIONS, ARRAY_SIZE(MIGRATIONS));
    if (status != STATUS_OK)
        bureau_store_close(store);
    return status;
}

void bureau_store_close(struct bureau_store *store)
{
    for (int i = 0; i < SQL_COUNT; i++)
        db_finalize(store->statements[i]);
    db_close(store->db);
    memset(store, 0, sizeof *store);
}

struct db_statement *bureau_statement(struct bureau_store *store, enum bureau_sql sql)
{
    return store->statements[sql];
}

enum status bureau_store_begin(struct bureau_store *store)
{
    return db_run(bureau_statement(store, SQL_BEGIN));
}

enum status bureau_store_end(struct bureau_store *store, enum status status)
{
    if (status == STATUS_OK)
        status = db_run(bureau_statement(store, SQL_COMMIT));
    if (status != STATUS_OK && db_in_transaction(store->db) &&
        db_run(bureau_statement(store, SQL_ROLLBACK)) != STATUS_OK)
        return STATUS_IO;
    return status;
}

static enum status read_hash(struct db_statement *statement, int column,
                             uint8_t out[JOURNAL_HASH_SIZE])
{
    size_t size;
    const void *hash = db_column_blob(statement, column, &size);
    if (size != JOURNAL_HASH_SIZE)
        return STATUS_CORRUPT;
    memcpy(out, hash, JOURNAL_HASH_SIZE);
    return STATUS_OK;
}

enum status bureau_store_point(struct bureau_store *store, const char *kiosk,
                               struct bureau_point *out)
{
    struct db_statement *statement = bureau_statement(store, SQL_KIOSK_POINT);
    memset(out, 0, sizeof *out);
    db_bind_text(statement, 1, kiosk);
    enum status status = db_step(statement);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    out->seq = db_column_int(statement, 0);
    status = read_hash(statement, 1, out->hash);
    db_reset(statement);
    return status;
}

enum status bureau_store_hash(struct bureau_store *store, const char *kiosk, int64_t seq,
                              uint8_t out[JOURNAL_HASH_SIZE])
{
    struct db_statement *statement = bureau_statement(store, SQL_ENTRY_HASH);
    memset(out, 0, JOURNAL_HASH_SIZE);
    if (seq == 0)
        return STATUS_OK;
    db_bind_text(statement, 1, kiosk);
    db_bind_int(statement, 2, seq);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status;
    status = read_hash(statement, 0, out);
    db_reset(statement);
    return status;
}
