#include "store/db.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 2000 /* a reader of guichetctl may be checkpointing at its exit */

#define IDLE_STATEMENTS_MAX 48 /* the queries of a visit are some forty */

/* https://www.sqlite.org/fileformat2.html, 4.1 "WAL File Format" */
#define LOG_HEADER_SIZE 32
#define LOG_PAGE_SIZE_AT 8
#define LOG_SALTS_AT 16
#define LOG_FRAME_HEADER_SIZE 24
#define LOG_FRAME_SALTS_AT 8
#define LOG_SALTS_SIZE 8
#define LOG_PAGE_SIZE_MIN 512
#define LOG_PAGE_SIZE_MAX 65536
#define LOG_BYTES_AT_ONCE                                                                          \
    (LOG_FRAME_HEADER_SIZE + LOG_PAGE_SIZE_MAX) /* SQLite writes up to 128 KB */

struct db_statement {
    sqlite3_stmt *native;
    struct db *db;
};

struct db {
    sqlite3 *handle;
    enum db_mode mode;
    struct db_statement *idle[IDLE_STATEMENTS_MAX]; /* finalized by their users, oldest first */
    int idle_count;
    bool has_safe_log; /* db_make_log_safe has succeeded */
};

static enum status io_status(sqlite3 *handle)
{
    int os_error = sqlite3_system_errno(handle);
    if (os_error == ENOSPC || os_error == EDQUOT || os_error == EFBIG)
        return STATUS_FULL;
    return STATUS_IO;
}

static enum status status_of(sqlite3 *handle, int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return STATUS_OK;
    case SQLITE_FULL:
        return STATUS_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return STATUS_CORRUPT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
        return STATUS_DENIED;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STATUS_BUSY;
    case SQLITE_CONSTRAINT:
        return STATUS_EXISTS;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        CHECK((code & 0xff) != SQLITE_MISUSE && (code & 0xff) != SQLITE_RANGE);
        return STATUS_IO;
    default:
        return io_status(handle);
    }
}

static enum status fail(sqlite3 *handle, int code)
{
    enum status status = status_of(handle, code);
    if (status != STATUS_EXISTS) /* a taken key is an answer, not a fault */
        log_error("store", "sqlite_failed", "%s: %s (%d, errno %d)", status_name(status),
                  sqlite3_errmsg(handle), sqlite3_extended_errcode(handle),
                  sqlite3_system_errno(handle));
    return status;
}

/* Whether the last connection copies the log into the database when it closes. */
static enum status set_copying_at_close(struct db *db, bool is_on)
{
    int code = sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, is_on ? 0 : 1, NULL);
    return code == SQLITE_OK ? STATUS_OK : fail(db->handle, code);
}

/* SQLite would create the file as the umask says; its WAL inherits the mode from it. */
static void create_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
}

static enum status set_up(struct db *db, enum db_mode mode)
{
    int keep = 1;
    char pragmas[160];
    sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
    (void)sqlite3_extended_result_codes(db->handle, 1);
    if (mode != DB_READ_WRITE)
        return STATUS_OK;
    int code = sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    if (code != SQLITE_OK)
        return fail(db->handle, code);
    enum status status = set_copying_at_close(db, false);
    if (status != STATUS_OK)
        return status;
    /* Half of SQLite's page size, so that the two pages an entry touches cost the disk little more
     * than one. */
    snprintf(pragmas, sizeof pragmas,
             "PRAGMA page_size=2048; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
             "PRAGMA wal_autocheckpoint=%d; PRAGMA foreign_keys=ON",
             DB_LOG_PAGES);
    return db_exec(db, pragmas);
}

/* ---- memory: SQLite copies entries, so what it gives back is wiped ---- */

static sqlite3_mem_methods plain_memory;

static void free_wiped(void *data)
{
    bytes_wipe(data, (size_t)plain_memory.xSize(data));
    plain_memory.xFree(data);
}

static void *realloc_wiped(void *data, int size)
{
    void *moved = plain_memory.xMalloc(size);
    int old_size = plain_memory.xSize(data);
    if (!moved)
        return NULL;
    memcpy(moved, data, (size_t)(old_size < size ? old_size : size));
    free_wiped(data);
    return moved;
}

/* No slabs either: what lies in a slab goes from hand to hand within SQLite and is never freed. */
static void set_up_memory(void)
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &plain_memory) != SQLITE_OK) {
        log_warning("store", "memory_not_wiped", "SQLite was in use before the first database");
        return;
    }
    sqlite3_mem_methods wiping = plain_memory;
    wiping.xFree = free_wiped;
    wiping.xRealloc = realloc_wiped;
    CHECK(sqlite3_config(SQLITE_CONFIG_MALLOC, &wiping) == SQLITE_OK);
    CHECK(sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0) == SQLITE_OK);
    CHECK(sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) == SQLITE_OK);
}

void db_forget_pages(struct db *db)
{
    (void)sqlite3_db_release_memory(db->handle);
}

enum status db_open(const char *path, enum db_mode mode, struct db **out)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    *out = NULL;
    CHECK(pthread_once(&once, set_up_memory) == 0);
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        return STATUS_IO;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (mode == DB_READ_ONLY)
        flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX;
    if (mode == DB_READ_WRITE)
        create_private(path);
    db->mode = mode;
    int code = sqlite3_open_v2(mode == DB_IN_MEMORY ? ":memory:" : path, &db->handle, flags, NULL);
    enum status status = code == SQLITE_OK ? set_up(db, mode) : fail(db->handle, code);
    if (status != STATUS_OK) {
        db_close(db);
        return status;
    }
    *out = db;
    return STATUS_OK;
}

/* ---- statements; parsing one costs more than most queries take ---- */

static void forget_statement(struct db_statement *statement)
{
    (void)sqlite3_finalize(statement->native); /* repeats an error already reported by the step */
    free(statement);
}

static struct db_statement *take_idle(struct db *db, int index)
{
    struct db_statement *statement = db->idle[index];
    db->idle_count--;
    memmove(&db->idle[index], &db->idle[index + 1],
            (size_t)(db->idle_count - index) * sizeof db->idle[0]);
    return statement;
}

static struct db_statement *find_idle(struct db *db, const char *sql)
{
    for (int i = db->idle_count - 1; i >= 0; i--)
        if (strcmp(sqlite3_sql(db->idle[i]->native), sql) == 0)
            return take_idle(db, i);
    return NULL;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    while (db->idle_count > 0)
        forget_statement(take_idle(db, db->idle_count - 1));
    CHECK(sqlite3_close(db->handle) == SQLITE_OK);
    free(db);
}

enum status db_exec(struct db *db, const char *sql)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? STATUS_OK : fail(db->handle, code);
}

static enum status read_version(struct db *db, int *version_out)
{
    struct db_statement *statement;
    enum status status = db_prepare(db, "PRAGMA user_version", &statement);
    if (status != STATUS_OK)
        return status;
    status = db_step(statement);
    if (status == STATUS_OK)
        *version_out = (int)db_column_int(statement, 0);
    db_finalize(statement);
    return status;
}

static enum status migrate_one(struct db *db, const char *sql, int version)
{
    char set_version[48];
    snprintf(set_version, sizeof set_version, "PRAGMA user_version=%d", version);
    enum status status = db_exec(db, "BEGIN IMMEDIATE");
    if (status != STATUS_OK)
        return status;
    status = db_exec(db, sql);
    if (status == STATUS_OK)
        status = db_exec(db, set_version);
    if (status == STATUS_OK)
        status = db_exec(db, "COMMIT");
    if (status != STATUS_OK && db_in_transaction(db))
        (void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return status;
}

enum status db_migrate(struct db *db, const char *const *migrations, int count)
{
    int version = 0;
    enum status status = read_version(db, &version);
    if (status != STATUS_OK)
        return status;
    if (version > count || (db->mode == DB_READ_ONLY && version < count)) {
        log_error("store", "schema_unknown", "schema version %d, this program knows %d", version,
                  count);
        return STATUS_UNSUPPORTED;
    }
    if (version == count)
        return STATUS_OK;
    if (db->mode == DB_READ_WRITE && !db->has_safe_log)
        status = db_make_log_safe(db);
    for (; version < count && status == STATUS_OK; version++)
        status = migrate_one(db, migrations[version], version + 1);
    return status;
}

/* How many of the frames in data are SQLite's log: those with the salts of its head. */
static int count_frames(const uint8_t *data, int count, int size, const uint8_t *salts)
{
    for (int i = 0; i < count; i++)
        if (memcmp(data + (size_t)i * (size_t)size + LOG_FRAME_SALTS_AT, salts, LOG_SALTS_SIZE) !=
            0)
            return i;
    return count;
}

static int write_frames_again(sqlite3_file *log, int64_t end, const uint8_t *salts, int size,
                              uint8_t *buffer)
{
    const int at_once = LOG_BYTES_AT_ONCE / size;
    int code = SQLITE_OK, found = at_once;
    int64_t offset = LOG_HEADER_SIZE;
    while (code == SQLITE_OK && found == at_once) {
        int64_t left = (end - offset) / size;
        int wanted = left < at_once ? (int)left : at_once;
        if (wanted > 0)
            code = log->pMethods->xRead(log, buffer, wanted * size, offset);
        found = code == SQLITE_OK ? count_frames(buffer, wanted, size, salts) : 0;
        if (found > 0)
            code = log->pMethods->xWrite(log, buffer, found * size, offset);
        offset += (int64_t)found * size;
    }
    return code;
}

/* What has no head is no log for SQLite either. */
static int write_log_again(sqlite3_file *log)
{
    uint8_t head[LOG_HEADER_SIZE];
    struct bytes_reader reader;
    sqlite3_int64 end = 0;
    int code = log->pMethods->xFileSize(log, &end);
    if (code != SQLITE_OK || end < LOG_HEADER_SIZE)
        return code;
    code = log->pMethods->xRead(log, head, sizeof head, 0);
    if (code == SQLITE_OK)
        code = log->pMethods->xWrite(log, head, sizeof head, 0);
    bytes_reader_init(&reader, head + LOG_PAGE_SIZE_AT, sizeof head - LOG_PAGE_SIZE_AT);
    uint32_t page_size = bytes_read_u32be(&reader);
    if (code != SQLITE_OK || page_size < LOG_PAGE_SIZE_MIN || page_size > LOG_PAGE_SIZE_MAX)
        return code;
    uint8_t *buffer = malloc(LOG_BYTES_AT_ONCE);
    if (!buffer)
        return SQLITE_NOMEM;
    code = write_frames_again(log, end, head + LOG_SALTS_AT, LOG_FRAME_HEADER_SIZE + (int)page_size,
                              buffer);
    bytes_wipe(buffer, LOG_BYTES_AT_ONCE);
    free(buffer);
    return code == SQLITE_OK ? log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) : code;
}

/* Under the write lock, so that no other program's commit is written over. */
static enum status write_log_again_locked(struct db *db)
{
    sqlite3_file *log = NULL;
    enum status status = db_exec(db, "BEGIN IMMEDIATE");
    if (status != STATUS_OK)
        return status;
    int code = sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&log);
    if (code == SQLITE_OK && log && log->pMethods)
        code = write_log_again(log);
    if (code != SQLITE_OK) {
        log_error("store", "log_not_safe", "%s", sqlite3_errstr(code));
        status = (code & 0xff) == SQLITE_FULL ? STATUS_FULL : STATUS_IO;
    }
    enum status ended = db_exec(db, "ROLLBACK");
    return status == STATUS_OK ? ended : status;
}

enum status db_make_log_safe(struct db *db)
{
    enum status status = write_log_again_locked(db);
    if (status == STATUS_OK)
        status = set_copying_at_close(db, true);
    db->has_safe_log = status == STATUS_OK;
    return status;
}

enum status db_prepare(struct db *db, const char *sql, struct db_statement **out)
{
    *out = find_idle(db, sql);
    if (*out)
        return STATUS_OK;
    struct db_statement *statement = calloc(1, sizeof *statement);
    if (!statement)
        return STATUS_IO;
    statement->db = db;
    int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  &statement->native, NULL);
    if (code != SQLITE_OK) {
        free(statement);
        return fail(db->handle, code);
    }
    *out = statement;
    return STATUS_OK;
}

/* Nothing of what was bound or read stays in it. */
void db_finalize(struct db_statement *statement)
{
    if (!statement)
        return;
    struct db *db = statement->db;
    (void)sqlite3_reset(statement->native);
    (void)sqlite3_clear_bindings(statement->native);
    if (db->idle_count == IDLE_STATEMENTS_MAX)
        forget_statement(take_idle(db, 0));
    db->idle[db->idle_count++] = statement;
}

void db_bind_int(struct db_statement *statement, int index, int64_t value)
{
    CHECK(sqlite3_bind_int64(statement->native, index, value) == SQLITE_OK);
}

void db_bind_text(struct db_statement *statement, int index, const char *text)
{
    CHECK(sqlite3_bind_text(statement->native, index, text, -1, SQLITE_STATIC) == SQLITE_OK);
}

void db_bind_blob(struct db_statement *statement, int index, const void *data, size_t size)
{
    CHECK(size <= INT32_MAX);
    CHECK(sqlite3_bind_blob(statement->native, index, data, (int)size, SQLITE_STATIC) == SQLITE_OK);
}

enum status db_step(struct db_statement *statement)
{
    int code = sqlite3_step(statement->native);
    if (code == SQLITE_ROW)
        return STATUS_OK;
    enum status status = code == SQLITE_DONE ? STATUS_NOT_FOUND : fail(statement->db->handle, code);
    (void)sqlite3_reset(statement->native);
    return status;
}

enum status db_run(struct db_statement *statement)
{
    enum status status = db_step(statement);
    CHECK(status != STATUS_OK); /* a row nobody reads would keep the statement open */
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

void db_reset(struct db_statement *statement)
{
    (void)sqlite3_reset(statement->native);
}

enum status db_check_pages(struct db *db, const char *table)
{
    char sql[96];
    struct db_statement *statement;
    snprintf(sql, sizeof sql, "PRAGMA quick_check(%s)", table ? table : "1");
    enum status status = db_prepare(db, sql, &statement);
    if (status != STATUS_OK)
        return status;
    status = db_step(statement);
    if (status == STATUS_OK && strcmp(db_column_text(statement, 0), "ok") != 0) {
        log_error("store", "pages_damaged", "%s", db_column_text(statement, 0));
        status = STATUS_CORRUPT;
    }
    db_finalize(statement);
    return status;
}

enum status db_check_rows(struct db *db, const char *select)
{
    struct db_statement *statement;
    enum status status = db_prepare(db, select, &statement);
    if (status != STATUS_OK)
        return status;
    do
        status = db_step(statement);
    while (status == STATUS_OK);
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

int64_t db_size_bytes(struct db *db)
{
    struct db_statement *statement;
    int64_t bytes = 0;
    if (db_prepare(db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
                   &statement) != STATUS_OK)
        return 0;
    if (db_step(statement) == STATUS_OK)
        bytes = db_column_int(statement, 0);
    db_finalize(statement);
    return bytes;
}

bool db_in_transaction(struct db *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}

int64_t db_changes(struct db *db)
{
    return sqlite3_changes64(db->handle);
}

int db_column_count(struct db_statement *statement)
{
    return sqlite3_column_count(statement->native);
}

int64_t db_column_int(struct db_statement *statement, int index)
{
    return sqlite3_column_int64(statement->native, index);
}

const char *db_column_text(struct db_statement *statement, int index)
{
    const char *text = (const char *)sqlite3_column_text(statement->native, index);
    return text ? text : "";
}

const void *db_column_blob(struct db_statement *statement, int index, size_t *size_out)
{
    const void *data = sqlite3_column_blob(statement->native, index);
    *size_out = (size_t)sqlite3_column_bytes(statement->native, index);
    return data;
}
