/*
 * SQLite as this project uses it: WAL, synchronous=FULL, a WAL file that is kept (a new one costs
 * file-system metadata at every commit until it has grown), statements prepared once.
 *
 * db.c is the only file that includes sqlite3.h.
 *
 * Threads:   one thread per struct db.
 * Ownership: the opener owns the db and its statements; statements are finalized before db_close.
 * Errors:    STATUS_FULL no space, STATUS_IO, STATUS_CORRUPT, STATUS_DENIED not writable or not
 *            openable, STATUS_BUSY somebody else writes, STATUS_EXISTS a key is already there.
 *            Logged once, here.
 */
#pragma once
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A commit that brings the write-ahead log to so many pages copies them into the database. The log
 * is what a start after a power cut has to read and copy, so it is kept short: 1 MB. That costs two
 * flushes more in some two hundred entries.
 */
#define DB_LOG_PAGES 500

struct db;
struct db_statement;

enum db_mode {
    DB_READ_WRITE, /* created with mode 0600 when missing */
    DB_READ_ONLY,
    DB_IN_MEMORY, /* path is ignored */
};

NODISCARD enum status db_open(const char *path, enum db_mode mode, struct db **out);
void db_close(struct db *db); /* NULL is fine */

/* Gives back the pages read so far, wiped; the next statement reads them anew. */
void db_forget_pages(struct db *db);

/* Runs SQL text without parameters or results. */
NODISCARD enum status db_exec(struct db *db, const char *sql);

/*
 * Brings the schema to the last of count migrations (PRAGMA user_version counts those applied);
 * each runs in a transaction of its own. Migrations are append-only. A file that needs any has its
 * log made safe first.
 *
 * Returns: STATUS_OK, STATUS_UNSUPPORTED (the file is from a newer program, or read-only and
 * older), or the errors above.
 */
NODISCARD enum status db_migrate(struct db *db, const char *const *migrations, int count);

/*
 * Makes the disk have all that can be read: writes the write-ahead log anew, as it is, and flushes
 * it.
 *
 * A flush that failed leaves pages that the kernel shows and the disk does not have (Linux calls
 * them clean and will not write them again). A program that starts then reads such a commit as
 * whole; at the next power cut every commit behind it would be lost with it, and a copy of it that
 * the cut leaves half-made in the database would have no log to be mended from. So a writer calls
 * this once after opening, before it believes what it reads. Until it has succeeded nothing copies
 * the log into the database, not even db_close.
 *
 * Returns: STATUS_OK, STATUS_BUSY (somebody else writes), or the errors above; then nothing may be
 *          written before it has succeeded.
 */
NODISCARD enum status db_make_log_safe(struct db *db);

NODISCARD enum status db_prepare(struct db *db, const char *sql, struct db_statement **out);
/* The db keeps it, empty, for whoever prepares the same text next. NULL is fine. */
void db_finalize(struct db_statement *statement);

/* index counts from 1. Texts and blobs are borrowed until the statement is run or reset. */
void db_bind_int(struct db_statement *statement, int index, int64_t value);
void db_bind_text(struct db_statement *statement, int index, const char *text);
void db_bind_blob(struct db_statement *statement, int index, const void *data, size_t size);

/* The next row: STATUS_OK there is one, STATUS_NOT_FOUND there is none (the statement is reset). */
NODISCARD enum status db_step(struct db_statement *statement);

/* Runs a statement that gives no rows, and resets it. */
NODISCARD enum status db_run(struct db_statement *statement);
void db_reset(struct db_statement *statement);

/*
 * Reads every page of a table and of its indexes, or with table NULL of the whole file, and looks
 * whether it can be one. STATUS_CORRUPT if not. Contents are for the caller to judge.
 */
NODISCARD enum status db_check_pages(struct db *db, const char *table);

/* Reads the rows of a SELECT without parameters, and so every page they lie on. STATUS_CORRUPT if
 * one cannot be read. */
NODISCARD enum status db_check_rows(struct db *db, const char *select);
int64_t db_size_bytes(struct db *db); /* 0 if it cannot be read */

bool db_in_transaction(struct db *db);

/* Rows the last statement changed. */
int64_t db_changes(struct db *db);

/* index counts from 0. Texts and blobs are valid until the next step, run or reset. */
int db_column_count(struct db_statement *statement);
int64_t db_column_int(struct db_statement *statement, int index);
const char *db_column_text(struct db_statement *statement, int index); /* "" for NULL */
const void *db_column_blob(struct db_statement *statement, int index, size_t *size_out);
