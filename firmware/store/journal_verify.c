#include "store/journal.h"

#include "base/log.h"
#include "base/text.h"
#include "store/journal_internal.h"
#include "store/migrations.h"
#include <string.h>

struct chain_walk {
    struct projector *projector; /* NULL: hashes only */
    int64_t next_seq, bad_seq;
    enum status status;
    uint8_t hash[JOURNAL_HASH_SIZE];
};

static enum status project(struct projector *projector, const struct journal_entry *entry)
{
    json_t *body = json_loads(entry->body, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(body)) {
        json_decref(body);
        return STATUS_CORRUPT;
    }
    enum status status = projector_apply(projector, entry->seq, entry->txn, entry->kind, body);
    json_decref(body);
    /* What append refused cannot be in a sound file. */
    return status == STATUS_INVALID || status == STATUS_EXISTS ? STATUS_CORRUPT : status;
}

static bool walk_entry(void *context, const struct journal_entry *entry)
{
    struct chain_walk *walk = context;
    journal_hash_entry(walk->hash, entry->seq, entry->at_ms, entry->txn, entry->kind, entry->body,
                       walk->hash);
    if (entry->seq != walk->next_seq || memcmp(walk->hash, entry->hash, sizeof walk->hash) != 0)
        walk->status = STATUS_CORRUPT;
    else if (walk->projector)
        walk->status = project(walk->projector, entry);
    if (walk->status != STATUS_OK)
        return false;
    walk->next_seq++;
    return true;
}

enum status journal_verify_chain(struct journal *journal, int64_t first_seq,
                                 struct projector *projector, int64_t *first_bad_seq_out)
{
    struct chain_walk walk = { .projector = projector, .next_seq = first_seq };
    *first_bad_seq_out = 0;
    enum status status = journal_hash_at(journal, first_seq - 1, walk.hash);
    if (status == STATUS_OK)
        status = journal_read(journal, first_seq, INT64_MAX, walk_entry, &walk);
    if (status == STATUS_OK)
        status = walk.status;
    /* Entries cut off at the end leave a sound chain; projections and the bureau tell those. */
    if (status == STATUS_CORRUPT || status == STATUS_NOT_FOUND) {
        *first_bad_seq_out = walk.next_seq;
        return STATUS_CORRUPT;
    }
    return status;
}

static bool rows_equal(struct db_statement *a, struct db_statement *b)
{
    for (int i = 0; i < db_column_count(a); i++)
        if (strcmp(db_column_text(a, i), db_column_text(b, i)) != 0)
            return false;
    return true;
}

static enum status compare_rows(struct db_statement *a, struct db_statement *b)
{
    for (;;) {
        enum status status_a = db_step(a), status_b = db_step(b);
        if (status_a == STATUS_NOT_FOUND && status_b == STATUS_NOT_FOUND)
            return STATUS_OK;
        if (status_a != status_b || !rows_equal(a, b))
            return STATUS_CORRUPT;
        if (status_a != STATUS_OK)
            return status_a;
    }
}

static enum status compare_table(struct db *a, struct db *b, const struct projection_table *table)
{
    char sql[96];
    struct db_statement *rows_a = NULL, *rows_b = NULL;
    text_format(sql, sizeof sql, "SELECT * FROM %s ORDER BY %s", table->name, table->key);
    enum status status = db_prepare(a, sql, &rows_a);
    if (status == STATUS_OK)
        status = db_prepare(b, sql, &rows_b);
    if (status == STATUS_OK)
        status = compare_rows(rows_a, rows_b);
    if (status == STATUS_CORRUPT)
        log_error("store", "projection_differs", "%s does not follow from the entries",
                  table->name);
    db_finalize(rows_a);
    db_finalize(rows_b);
    return status;
}

static enum status compare_projections(struct journal *journal, struct db *fresh,
                                       int64_t *first_bad_seq_out)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < PROJECTION_TABLE_COUNT && status == STATUS_OK; i++)
        status = compare_table(journal->db, fresh, &PROJECTION_TABLES[i]);
    if (status == STATUS_CORRUPT)
        *first_bad_seq_out = JOURNAL_BAD_PROJECTION;
    return status;
}

/* One read snapshot over all, for a kiosk may be writing. */
static enum status verify_against(struct journal *journal, struct db *fresh,
                                  int64_t *first_bad_seq_out)
{
    struct projector projector = { 0 };
    enum status status = db_exec(journal->db, "BEGIN");
    if (status != STATUS_OK)
        return status;
    status = db_migrate(fresh, JOURNAL_MIGRATIONS, JOURNAL_MIGRATION_COUNT);
    if (status == STATUS_OK)
        status = projector_open(&projector, fresh);
    if (status == STATUS_OK)
        status = journal_verify_chain(journal, 1, &projector, first_bad_seq_out);
    if (status == STATUS_OK)
        status = compare_projections(journal, fresh, first_bad_seq_out);
    projector_close(&projector);
    enum status ended = db_exec(journal->db, "COMMIT");
    return status == STATUS_OK ? ended : status;
}

enum status journal_verify(struct journal *journal, int64_t *first_bad_seq_out)
{
    struct db *fresh;
    *first_bad_seq_out = 0;
    enum status status = db_open(NULL, DB_IN_MEMORY, &fresh);
    if (status != STATUS_OK)
        return status;
    status = verify_against(journal, fresh, first_bad_seq_out);
    db_close(fresh);
    return status;
}

static enum status clear_projections(struct journal *journal)
{
    enum status status = STATUS_OK;
    projector_forget(&journal->projector);
    for (int i = 0; i < PROJECTION_TABLE_COUNT && status == STATUS_OK; i++) {
        char sql[64];
        text_format(sql, sizeof sql, "DELETE FROM %s", PROJECTION_TABLES[i].name);
        status = db_exec(journal->db, sql);
    }
    if (status == STATUS_OK)
        status = db_exec(journal->db, "DELETE FROM fact WHERE key = '" FACT_REBUILD "'");
    return status;
}

enum status journal_rebuild(struct journal *journal)
{
    int64_t bad_seq;
    enum status status = journal_begin(journal);
    if (status != STATUS_OK)
        return status;
    status = clear_projections(journal);
    if (status == STATUS_OK)
        status = journal_verify_chain(journal, 1, &journal->projector, &bad_seq);
    return journal_end(journal, status);
}
