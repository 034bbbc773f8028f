#include "store/journal.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "store/journal_compose.h"
#include "store/journal_internal.h"
#include "store/migrations.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PROBE_BYTES 65536      /* more than the largest entry and its projections */
#define ROW_IN_PAGE_BYTES 2008 /* of a page of 2048 (db.c); a longer row spills out of it */
#define PATH_LENGTH_MAX 480

static bool is_fault(enum status status)
{
    return status != STATUS_OK && status != STATUS_INVALID && status != STATUS_EXISTS &&
           status != STATUS_NOT_FOUND;
}

enum status journal_begin(struct journal *journal)
{
    if (journal->lock_fd < 0)
        return STATUS_DENIED;
    if (journal->fault != STATUS_OK)
        return journal->fault;
    journal->fault = db_run(journal->begin);
    return journal->fault;
}

enum status journal_end(struct journal *journal, enum status status)
{
    if (status == STATUS_OK)
        status = db_run(journal->commit);
    if (status == STATUS_OK)
        return STATUS_OK;
    projector_forget(&journal->projector);
    /* SQLite has already rolled back after some errors; then this one has nothing to do. */
    if (db_in_transaction(journal->db) && db_run(journal->rollback) != STATUS_OK)
        status = is_fault(status) ? status : STATUS_IO;
    if (is_fault(status)) {
        journal->fault = status;
        log_error("store", "journal_not_writable", "%s after entry %lld", status_name(status),
                  (long long)journal->last_seq);
    }
    return status;
}

enum status journal_load_position(struct journal *journal)
{
    struct db_statement *statement;
    enum status status = db_prepare(
        journal->db, "SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1", &statement);
    if (status != STATUS_OK)
        return status;
    journal->last_seq = 0;
    memset(journal->last_hash, 0, sizeof journal->last_hash);
    status = db_step(statement);
    if (status == STATUS_OK) {
        size_t size;
        const void *hash = db_column_blob(statement, 1, &size);
        journal->last_seq = db_column_int(statement, 0);
        if (size == JOURNAL_HASH_SIZE)
            memcpy(journal->last_hash, hash, JOURNAL_HASH_SIZE);
        else
            status = STATUS_CORRUPT;
    }
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status load_acked(struct journal *journal)
{
    char text[24];
    enum status status = journal_get_fact(journal, FACT_ACKED_SEQ, text, sizeof text);
    if (status == STATUS_OK)
        journal->acked_seq = strtoll(text, NULL, 10);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status prepare(struct journal *journal)
{
    const struct {
        struct db_statement **statement;
        const char *sql;
    } statements[] = {
        { &journal->begin, "BEGIN IMMEDIATE" },
        { &journal->commit, "COMMIT" },
        { &journal->rollback, "ROLLBACK" },
        { &journal->insert, "INSERT INTO journal(seq, at, txn, kind, body, hash)"
                            " VALUES(?1, ?2, ?3, ?4, ?5, ?6)" },
        { &journal->put_fact, "INSERT INTO fact VALUES(?1, ?2)"
                              " ON CONFLICT(key) DO UPDATE SET value = excluded.value" },
        { &journal->get_fact, "SELECT value FROM fact WHERE key = ?1" },
        { &journal->next_serial, "INSERT INTO serial VALUES(?1, 1) ON CONFLICT(name)"
                                 " DO UPDATE SET value = value + 1 RETURNING value" },
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_SIZE(statements) && status == STATUS_OK; i++)
        status = db_prepare(journal->db, statements[i].sql, statements[i].statement);
    return status == STATUS_OK ? projector_open(&journal->projector, journal->db) : status;
}

/* Two writers would fork the chain. A lock beside the file, because SQLite's own are on the file.
 */
static enum status take_lock(struct journal *journal, const char *path)
{
    char lock_path[PATH_LENGTH_MAX + 8];
    if (!text_format(lock_path, sizeof lock_path, "%s-lock", path))
        return STATUS_INVALID;
    journal->lock_fd = open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (journal->lock_fd < 0) {
        log_error("store", "lock_failed", "cannot create the journal's lock: %s", strerror(errno));
        return errno == ENOSPC ? STATUS_FULL : STATUS_DENIED;
    }
    if (flock(journal->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return STATUS_OK;
    log_error("store", "journal_in_use", "another process writes this journal");
    return STATUS_BUSY;
}

static enum status check_tail(struct journal *journal)
{
    int64_t bad_seq;
    int64_t first = journal->last_seq - JOURNAL_VERIFY_ON_OPEN + 1;
    enum status status = journal_verify_chain(journal, first < 1 ? 1 : first, NULL, &bad_seq);
    if (status == STATUS_CORRUPT)
        log_error("store", "chain_broken", "entry %lld does not match its hash",
                  (long long)bad_seq);
    return status;
}

/* Small however old the kiosk. */
static const char *const SMALL_TABLES[] = { "tally",  "number_block", "quoted",
                                            "serial", "fact",         "probe" };

/*
 * Tables that grow with the years: the end where the next visit's rows go, and what is still open.
 * Persons lie in the order of their hashes; of them this is a sample. Where the rows of one go is
 * read when that person is at the screen, before any money.
 */
static const char *const NEXT_TO_WRITE[] = {
    "SELECT * FROM visit ORDER BY txn DESC LIMIT 256",
    "SELECT * FROM slip ORDER BY txn DESC, paper DESC LIMIT 256",
    "SELECT first_seq FROM visit INDEXED BY visit_open WHERE open = 1",
    "SELECT txn FROM slip INDEXED BY slip_open WHERE " SQL_SLIP_IS_OPEN,
    "SELECT account FROM person ORDER BY account DESC LIMIT 256",
    "SELECT hash FROM person ORDER BY hash DESC LIMIT 256",
    "SELECT * FROM paid_month ORDER BY person DESC, code DESC, month DESC LIMIT 256",
    "SELECT * FROM payment ORDER BY seq DESC LIMIT 256",
    "SELECT person FROM payment INDEXED BY payment_of_person ORDER BY person DESC LIMIT 256",
    "SELECT voucher FROM payment INDEXED BY payment_of_voucher ORDER BY voucher DESC LIMIT 256",
    "SELECT * FROM rejected ORDER BY seq DESC LIMIT 256",
    "SELECT * FROM registration ORDER BY seq DESC LIMIT 256",
    "SELECT person FROM registration INDEXED BY registration_of_person ORDER BY person DESC"
    " LIMIT 256",
    "SELECT * FROM delivery ORDER BY seq DESC LIMIT 256",
};

/*
 * Garbage where a balance or the next number should be must show before a note is taken, not at the
 * append that meets it. All of a large journal is left to journal_verify: reading it would keep
 * people waiting at every start, a second for a million entries.
 */
static enum status check_pages(struct journal *journal)
{
    if (db_size_bytes(journal->db) <= JOURNAL_CHECKED_BYTES)
        return db_check_pages(journal->db, NULL);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < ARRAY_SIZE(SMALL_TABLES) && status == STATUS_OK; i++)
        status = db_check_pages(journal->db, SMALL_TABLES[i]);
    for (size_t i = 0; i < ARRAY_SIZE(NEXT_TO_WRITE) && status == STATUS_OK; i++)
        status = db_check_rows(journal->db, NEXT_TO_WRITE[i]);
    return status;
}

static enum status fill_new_projections(struct journal *journal)
{
    char text[8];
    enum status status = journal_get_fact(journal, FACT_REBUILD, text, sizeof text);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    return status == STATUS_OK ? journal_rebuild(journal) : status;
}

/* What was read may not be on the disk. If it cannot be made safe now the journal can be read, and
 * journal_recheck tries again. */
static enum status make_log_safe(struct journal *journal)
{
    journal->fault = db_make_log_safe(journal->db);
    journal->has_unsafe_log = journal->fault != STATUS_OK;
    if (journal->has_unsafe_log)
        log_error("store", "journal_not_writable", "%s: what is in its log cannot be made safe",
                  status_name(journal->fault));
    return journal->fault;
}

static enum status open_file(struct journal *journal, const char *path, enum db_mode mode)
{
    enum status status = mode == DB_READ_ONLY ? STATUS_OK : take_lock(journal, path);
    if (status == STATUS_OK)
        status = db_open(path, mode, &journal->db);
    if (status == STATUS_OK && mode != DB_READ_ONLY)
        (void)!make_log_safe(journal);
    if (status == STATUS_OK)
        status = db_migrate(journal->db, JOURNAL_MIGRATIONS, JOURNAL_MIGRATION_COUNT);
    if (status == STATUS_OK)
        status = prepare(journal);
    if (status == STATUS_OK)
        status = journal_load_position(journal);
    if (status == STATUS_OK)
        status = load_acked(journal);
    if (status == STATUS_OK && mode != DB_READ_ONLY)
        status = check_pages(journal);
    if (status == STATUS_OK && mode != DB_READ_ONLY)
        status = check_tail(journal);
    if (status == STATUS_OK && mode != DB_READ_ONLY)
        status = fill_new_projections(journal);
    return status;
}

static enum status open_mode(const char *path, enum db_mode mode, const struct clock *clock,
                             struct journal **out)
{
    *out = NULL;
    struct journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return STATUS_IO;
    journal->clock = clock;
    journal->lock_fd = -1;
    enum status status = open_file(journal, path, mode);
    if (status != STATUS_OK) {
        journal_close(journal);
        return status;
    }
    *out = journal;
    return STATUS_OK;
}

enum status journal_open(const char *path, const struct clock *clock, struct journal **out)
{
    return open_mode(path, DB_READ_WRITE, clock, out);
}

enum status journal_open_read_only(const char *path, struct journal **out)
{
    return open_mode(path, DB_READ_ONLY, &clock_system, out);
}

/*
 * SQLite lays each row out in one buffer that it keeps for good, and a short row leaves the end of
 * a longer one standing. A row of zeros as long as any that stays on its page is laid out over it
 * and rolled back; nothing goes to the disk.
 */
static void overwrite_last_row(struct journal *journal)
{
    char sql[64];
    if (!journal_is_writable(journal) || journal_begin(journal) != STATUS_OK)
        return;
    text_format(sql, sizeof sql, "INSERT INTO probe VALUES(zeroblob(%d))", ROW_IN_PAGE_BYTES);
    enum status status = db_exec(journal->db, sql);
    journal->has_row_rest = status != STATUS_OK;
    (void)!journal_end(journal, status == STATUS_OK ? STATUS_INVALID : status);
}

void journal_forget_pages(struct journal *journal)
{
    if (journal->has_row_rest)
        overwrite_last_row(journal);
    db_forget_pages(journal->db);
}

void journal_close(struct journal *journal)
{
    if (!journal)
        return;
    db_finalize(journal->begin);
    db_finalize(journal->commit);
    db_finalize(journal->rollback);
    db_finalize(journal->insert);
    db_finalize(journal->put_fact);
    db_finalize(journal->get_fact);
    db_finalize(journal->next_serial);
    projector_close(&journal->projector);
    db_close(journal->db);
    if (journal->lock_fd >= 0)
        close(journal->lock_fd);
    free(journal);
}

static enum status insert_entry(struct journal *journal, const struct journal_draft *draft,
                                int64_t seq, uint8_t hash[JOURNAL_HASH_SIZE])
{
    const char *txn = draft->txn ? draft->txn : "";
    const char *kind = journal_kind_name(draft->kind);
    int64_t at_ms = clock_wall_ms(journal->clock);
    if (strlen(txn) >= JOURNAL_TXN_SIZE)
        return STATUS_INVALID;
    json_t *parsed;
    enum status status = journal_compose(draft, journal->body, &parsed);
    if (status != STATUS_OK)
        return status;
    journal_hash_entry(hash, seq, at_ms, txn, kind, journal->body, hash);
    db_bind_int(journal->insert, 1, seq);
    db_bind_int(journal->insert, 2, at_ms);
    db_bind_text(journal->insert, 3, txn);
    db_bind_text(journal->insert, 4, kind);
    db_bind_text(journal->insert, 5, journal->body);
    db_bind_blob(journal->insert, 6, hash, JOURNAL_HASH_SIZE);
    status = db_run(journal->insert);
    bytes_wipe(journal->body,
               strlen(journal->body)); /* a longer entry would show under a shorter */
    if (status ==
        STATUS_EXISTS) /* somebody wrote past our lock: the chain in memory is not the file's */
        status = STATUS_CORRUPT;
    if (status == STATUS_OK)
        status = projector_apply(&journal->projector, seq, at_ms, txn, kind, parsed);
    json_decref(parsed);
    return status;
}

enum status journal_append_all(struct journal *journal, const struct journal_draft *drafts,
                               int count)
{
    uint8_t hash[JOURNAL_HASH_SIZE];
    memcpy(hash, journal->last_hash, sizeof hash);
    journal->has_row_rest = true;
    enum status status = journal_begin(journal);
    if (status != STATUS_OK)
        return status;
    for (int i = 0; i < count && status == STATUS_OK; i++)
        status = insert_entry(journal, &drafts[i], journal->last_seq + 1 + i, hash);
    status = journal_end(journal, status);
    if (status != STATUS_OK) {
        log_warning("store", "append_failed", "%s: %s", journal_kind_name(drafts[0].kind),
                    status_name(status));
        return status;
    }
    journal->last_seq += count;
    memcpy(journal->last_hash, hash, sizeof hash);
    return STATUS_OK;
}

enum status journal_append(struct journal *journal, const struct journal_draft *draft,
                           int64_t *seq_out)
{
    enum status status = journal_append_all(journal, draft, 1);
    if (status == STATUS_OK && seq_out)
        *seq_out = journal->last_seq;
    return status;
}

bool journal_is_writable(const struct journal *journal)
{
    return journal->lock_fd >= 0 && journal->fault == STATUS_OK;
}

bool journal_is_safe(const struct journal *journal)
{
    return !journal->has_unsafe_log;
}

static enum status probe(struct journal *journal)
{
    char sql[80];
    text_format(sql, sizeof sql, "INSERT INTO probe VALUES(zeroblob(%d))", PROBE_BYTES);
    enum status status = db_exec(journal->db, sql);
    return status == STATUS_OK ? db_exec(journal->db, "DELETE FROM probe") : status;
}

enum status journal_recheck(struct journal *journal)
{
    if (journal->lock_fd < 0)
        return STATUS_DENIED;
    enum status status = journal->has_unsafe_log ? make_log_safe(journal) : STATUS_OK;
    if (status == STATUS_OK)
        status = probe(journal);
    if (status == STATUS_OK)
        status = journal_load_position(journal);
    if (status == STATUS_OK)
        status = check_tail(journal);
    if (status == STATUS_OK && journal->fault != STATUS_OK)
        log_info("store", "journal_writable", "again, after entry %lld",
                 (long long)journal->last_seq);
    journal->fault = status;
    return status;
}

int64_t journal_last_seq(const struct journal *journal)
{
    return journal->last_seq;
}

void journal_last_hash(const struct journal *journal, uint8_t out[JOURNAL_HASH_SIZE])
{
    memcpy(out, journal->last_hash, JOURNAL_HASH_SIZE);
}

int64_t journal_acked_seq(const struct journal *journal)
{
    return journal->acked_seq;
}

enum status journal_set_acked(struct journal *journal, int64_t seq)
{
    char text[24];
    if (seq < 0 || seq > journal->last_seq)
        return STATUS_INVALID;
    text_format(text, sizeof text, "%lld", (long long)seq);
    enum status status = journal_put_fact(journal, FACT_ACKED_SEQ, text);
    if (status == STATUS_OK && seq > journal->acked_seq)
        status = journal_note_delivery(journal, journal->acked_seq + 1, seq, true);
    if (status == STATUS_OK)
        journal->acked_seq = seq;
    return status;
}
