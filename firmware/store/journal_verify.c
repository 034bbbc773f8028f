#include "store/journal.h"

#include "base/log.h"
#include "base/text.h"
#include "store/journal_books.h"
#include "store/journal_internal.h"
#include "store/journal_root.h"
#include "store/migrations.h"
#include <stdlib.h>
#include <string.h>

struct chain_walk {
    struct projector *projector; /* NULL: hashes only */
    int64_t next_seq;
    enum status status;
    uint8_t hash[JOURNAL_HASH_SIZE];
    bool inspects; /* the books and the roots as well */
    struct journal_books books;
    const struct journal_root_trust *trusted;
    int trusted_count;
    struct journal_root_trust first_key; /* of the first root: the only one, if none is trusted */
    struct journal_finding finding;
};

static enum status find(struct chain_walk *walk, enum journal_fault fault, int64_t seq,
                        const char *detail)
{
    walk->finding = (struct journal_finding){ .fault = fault, .seq = seq };
    text_copy(walk->finding.detail, sizeof walk->finding.detail, detail);
    return STATUS_CORRUPT;
}

/* NULL if the key counts at this place. */
static const char *judge_key(const struct chain_walk *walk, const struct journal_root *root,
                             int64_t seq)
{
    const char *wrong = "it is signed with another key";
    for (int i = 0; i < walk->trusted_count; i++) {
        const struct journal_root_trust *trust = &walk->trusted[i];
        if (memcmp(trust->key, root->key, sizeof root->key) != 0)
            continue;
        if (seq >= trust->first_seq && seq <= trust->last_seq)
            return NULL;
        wrong = "its key counts for other entries only";
    }
    return wrong;
}

static void trust_first_key(struct chain_walk *walk, const struct journal_root *root)
{
    walk->first_key = (struct journal_root_trust){ .first_seq = 1, .last_seq = INT64_MAX };
    memcpy(walk->first_key.key, root->key, sizeof root->key);
    walk->trusted = &walk->first_key;
    walk->trusted_count = 1;
}

static enum status check_root(struct chain_walk *walk, const struct journal_entry *entry,
                              const uint8_t previous_hash[JOURNAL_HASH_SIZE], const json_t *body)
{
    struct journal_root root;
    if (journal_root_parse(body, &root) != STATUS_OK)
        return find(walk, JOURNAL_ROOT_FALSE, entry->seq, "it cannot be read");
    if (walk->trusted_count == 0)
        trust_first_key(walk, &root);
    const char *wrong = judge_key(walk, &root, entry->seq);
    if (!journal_root_is_signed(&root))
        wrong = "the signature is false";
    else if (!wrong && !journal_root_fits(&root, entry->seq, previous_hash))
        wrong = "the chain before it is not the one that was signed";
    return wrong ? find(walk, JOURNAL_ROOT_FALSE, entry->seq, wrong) : STATUS_OK;
}

static enum status check_content(struct chain_walk *walk, const struct journal_entry *entry,
                                 const uint8_t previous_hash[JOURNAL_HASH_SIZE], const json_t *body)
{
    if (!json_is_object(body))
        return find(walk, JOURNAL_ENTRY_UNREADABLE, entry->seq, "its body is no JSON object");
    if (walk->inspects && strcmp(entry->kind, journal_kind_name(JOURNAL_DAY_ROOT)) == 0 &&
        check_root(walk, entry, previous_hash, body) != STATUS_OK)
        return STATUS_CORRUPT;
    enum status status =
        projector_apply(walk->projector, entry->seq, entry->at_ms, entry->txn, entry->kind, body);
    /* What append refused cannot be in a sound file. */
    if (status == STATUS_INVALID || status == STATUS_EXISTS)
        return find(walk, JOURNAL_ENTRY_UNBOOKABLE, entry->seq,
                    walk->projector->refusal ? walk->projector->refusal
                                             : "a kiosk would have refused it");
    const char *wrong = walk->inspects ? journal_books_add(&walk->books, entry->kind, body) : NULL;
    return status == STATUS_OK && wrong ? find(walk, JOURNAL_ENTRY_UNBOOKABLE, entry->seq, wrong)
                                        : status;
}

static enum status check_place(struct chain_walk *walk, const struct journal_entry *entry)
{
    if (entry->seq > walk->next_seq)
        return find(walk, JOURNAL_ENTRY_MISSING, walk->next_seq, "");
    if (entry->seq < walk->next_seq)
        return find(walk, JOURNAL_ENTRY_FOREIGN, entry->seq, "");
    journal_hash_entry(walk->hash, entry->seq, entry->at_ms, entry->txn, entry->kind, entry->body,
                       walk->hash);
    if (memcmp(walk->hash, entry->hash, sizeof walk->hash) != 0)
        return find(walk, JOURNAL_ENTRY_CHANGED, entry->seq, "");
    return STATUS_OK;
}

static bool walk_entry(void *context, const struct journal_entry *entry)
{
    struct chain_walk *walk = context;
    uint8_t previous_hash[JOURNAL_HASH_SIZE];
    memcpy(previous_hash, walk->hash, sizeof previous_hash);
    walk->status = check_place(walk, entry);
    if (walk->status == STATUS_OK && walk->projector) {
        json_t *body = json_loads(entry->body, JSON_REJECT_DUPLICATES, NULL);
        walk->status = check_content(walk, entry, previous_hash, body);
        json_decref(body);
    }
    if (walk->status != STATUS_OK)
        return false;
    walk->next_seq++;
    return true;
}

/* Entries cut off at the end leave a sound chain; the bureau's acknowledgement, projections and
 * the bureau itself tell those. */
static enum status walk_chain(struct journal *journal, int64_t first_seq, struct chain_walk *walk)
{
    walk->next_seq = first_seq;
    enum status status = journal_hash_at(journal, first_seq - 1, walk->hash);
    if (status == STATUS_NOT_FOUND)
        return find(walk, JOURNAL_ENTRY_MISSING, first_seq - 1, "");
    if (status == STATUS_CORRUPT)
        return find(walk, JOURNAL_ENTRY_UNREADABLE, first_seq - 1, "");
    /* The whole chain begins with the first row there is, whatever its number. */
    if (status == STATUS_OK)
        status = journal_read(journal, first_seq == 1 ? INT64_MIN : first_seq, INT64_MAX,
                              walk_entry, walk);
    if (status == STATUS_CORRUPT)
        return find(walk, JOURNAL_ENTRY_UNREADABLE, walk->next_seq,
                    "the row, or the page it lies on");
    return status == STATUS_OK ? walk->status : status;
}

enum status journal_verify_chain(struct journal *journal, int64_t first_seq,
                                 struct projector *projector, int64_t *first_bad_seq_out)
{
    struct chain_walk walk = { .projector = projector };
    enum status status = walk_chain(journal, first_seq, &walk);
    *first_bad_seq_out = walk.finding.seq;
    return status;
}

static bool rows_equal(struct db_statement *a, struct db_statement *b)
{
    for (int i = 0; i < db_column_count(a); i++)
        if (strcmp(db_column_text(a, i), db_column_text(b, i)) != 0)
            return false;
    return true;
}

/* The first row that only one side has, or that the sides have differently. */
static enum status compare_rows(struct db_statement *a, struct db_statement *b,
                                const char **key_out)
{
    for (;;) {
        enum status status_a = db_step(a), status_b = db_step(b);
        if (status_a == STATUS_NOT_FOUND && status_b == STATUS_NOT_FOUND)
            return STATUS_OK;
        *key_out = db_column_text(status_a == STATUS_OK ? a : b, 0);
        if (status_a != status_b || !rows_equal(a, b))
            return STATUS_CORRUPT;
        if (status_a != STATUS_OK)
            return status_a;
    }
}

/* Names the row by its first column, but not persons, who are nobody's business here. */
static enum status differ(const struct projection_table *table, const char *key,
                          struct journal_finding *out)
{
    bool is_person = strcmp(table->name, "person") == 0 || strcmp(table->name, "paid_month") == 0;
    *out = (struct journal_finding){ .fault = JOURNAL_SUMS_DIFFER, .seq = JOURNAL_BAD_PROJECTION };
    if (!text_format(out->detail, sizeof out->detail, "%s%s%s", table->name, is_person ? "" : ": ",
                     is_person ? "" : key))
        text_copy(out->detail, sizeof out->detail, table->name);
    log_error("store", "projection_differs", "%s does not follow from the entries", table->name);
    return STATUS_CORRUPT;
}

static enum status compare_table(struct db *a, struct db *b, const struct projection_table *table,
                                 struct journal_finding *out)
{
    char sql[96];
    const char *key = "";
    struct db_statement *rows_a = NULL, *rows_b = NULL;
    text_format(sql, sizeof sql, "SELECT * FROM %s ORDER BY %s", table->name, table->key);
    enum status status = db_prepare(a, sql, &rows_a);
    if (status == STATUS_OK)
        status = db_prepare(b, sql, &rows_b);
    if (status == STATUS_OK)
        status = compare_rows(rows_a, rows_b, &key);
    if (status == STATUS_CORRUPT)
        status = differ(table, key, out);
    db_finalize(rows_a);
    db_finalize(rows_b);
    return status;
}

static enum status compare_projections(struct journal *journal, struct db *fresh,
                                       struct journal_finding *out)
{
    enum status status = STATUS_OK;
    for (int i = 0; i < PROJECTION_TABLE_COUNT && status == STATUS_OK; i++)
        status = compare_table(journal->db, fresh, &PROJECTION_TABLES[i], out);
    return status;
}

/* What was acknowledged as far as the file itself says, for a kiosk may be writing. */
static enum status check_tail(struct journal *journal, struct chain_walk *walk)
{
    char text[24];
    enum status status = journal_get_fact(journal, FACT_ACKED_SEQ, text, sizeof text);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    if (strtoll(text, NULL, 10) < walk->next_seq)
        return STATUS_OK;
    return find(walk, JOURNAL_TAIL_MISSING, walk->next_seq, "");
}

static enum status inspect_into(struct journal *journal, struct db *fresh, struct chain_walk *walk)
{
    struct projector projector = { 0 };
    walk->projector = &projector;
    enum status status = db_migrate(fresh, JOURNAL_MIGRATIONS, JOURNAL_MIGRATION_COUNT);
    if (status == STATUS_OK)
        status = projector_open(&projector, fresh);
    if (status == STATUS_OK)
        status = walk_chain(journal, 1, walk);
    if (status == STATUS_OK)
        status = check_tail(journal, walk);
    if (status == STATUS_OK)
        status = compare_projections(journal, fresh, &walk->finding);
    projector_close(&projector);
    return status;
}

/* One read snapshot over all, for a kiosk may be writing. */
static enum status inspect_snapshot(struct journal *journal, struct db *fresh,
                                    struct chain_walk *walk)
{
    enum status status = db_exec(journal->db, "BEGIN");
    if (status != STATUS_OK)
        return status;
    status = inspect_into(journal, fresh, walk);
    enum status ended = db_exec(journal->db, "COMMIT");
    return status == STATUS_OK ? ended : status;
}

enum status journal_inspect(struct journal *journal, const struct journal_root_trust *trusted,
                            int trusted_count, struct journal_finding *out)
{
    struct db *fresh;
    struct chain_walk walk = { .inspects = true,
                               .trusted = trusted,
                               .trusted_count = trusted_count };
    *out = (struct journal_finding){ 0 };
    enum status status = db_open(NULL, DB_IN_MEMORY, &fresh);
    if (status != STATUS_OK)
        return status;
    status = inspect_snapshot(journal, fresh, &walk);
    db_close(fresh);
    *out = walk.finding;
    return status;
}

enum status journal_verify(struct journal *journal, int64_t *first_bad_seq_out)
{
    struct journal_finding finding;
    enum status status = journal_inspect(journal, NULL, 0, &finding);
    *first_bad_seq_out = finding.seq;
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
    journal->projector.forgives_gaps = true;
    if (status == STATUS_OK)
        status = journal_verify_chain(journal, 1, &journal->projector, &bad_seq);
    journal->projector.forgives_gaps = false;
    return journal_end(journal, status);
}
