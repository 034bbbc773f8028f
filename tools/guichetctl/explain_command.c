#include "tools/guichetctl/guichetctl.h"

#include <stdio.h>
#include <string.h>

#include "tools/guichetctl/explain.h"

enum side_kind {
    SIDE_JOURNAL,
    SIDE_BUREAU,
    SIDE_DEVICE,
    SIDES
};

struct side {
    const char *path;
    enum side_kind kind;
    struct journal *journal;
    struct bureau_store bureau;
    json_t *device;
};

static bool is_database(const char *path)
{
    static const char MAGIC[] = "SQLite format 3";
    char head[sizeof MAGIC] = "";
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t count = fread(head, 1, sizeof head, file);
    fclose(file);
    return count == sizeof head && memcmp(head, MAGIC, sizeof MAGIC) == 0;
}

/* Both are SQLite files; only a bureau's has kiosks. */
static bool has_kiosks(const char *path)
{
    struct db *db;
    struct db_statement *statement = NULL;
    if (db_open(path, DB_READ_ONLY, &db) != STATUS_OK)
        return false;
    bool found = db_prepare(db, "SELECT 1 FROM sqlite_schema WHERE name = 'kiosk'", &statement) ==
                     STATUS_OK &&
                 db_step(statement) == STATUS_OK;
    db_finalize(statement);
    db_close(db);
    return found;
}

static enum status open_side(const char *path, struct side *side)
{
    *side = (struct side){ .path = path };
    if (!is_database(path)) {
        side->kind = SIDE_DEVICE;
        side->device = json_load_file(path, JSON_REJECT_DUPLICATES, NULL);
        const char *wrong = json_is_object(side->device) ? explain_check_device(side->device)
                                                         : "it is no JSON object";
        if (wrong)
            fprintf(stderr, "guichetctl: %s: %s\n", path, wrong);
        return wrong ? STATUS_INVALID : STATUS_OK;
    }
    side->kind = has_kiosks(path) ? SIDE_BUREAU : SIDE_JOURNAL;
    return side->kind == SIDE_BUREAU ? bureau_store_open_read_only(&side->bureau, path)
                                     : journal_open_read_only(path, &side->journal);
}

static void close_side(struct side *side)
{
    journal_close(side->journal);
    if (side->bureau.db)
        bureau_store_close(&side->bureau);
    json_decref(side->device);
}

static int compare(struct side *a, struct side *b)
{
    if (a->kind == SIDE_JOURNAL && b->kind == SIDE_JOURNAL)
        return explain_two_journals(a->journal, b->journal);
    if (a->kind == SIDE_JOURNAL && b->kind == SIDE_BUREAU)
        return explain_journal_and_bureau(a->journal, &b->bureau);
    if (a->kind == SIDE_JOURNAL && b->kind == SIDE_DEVICE)
        return explain_journal_and_device(a->journal, b->device);
    if (a->kind == SIDE_BUREAU && b->kind == SIDE_DEVICE)
        return explain_bureau_and_device(&a->bureau, b->device);
    puts("Two files of one kind say nothing about each other; give a journal with one of them.");
    return 1;
}

/* The comparison takes each entry by its hash, which is worth nothing in a journal that was
 * changed. */
static int explain_soundness(const struct side *side)
{
    struct journal_finding finding;
    if (side->kind != SIDE_JOURNAL ||
        journal_inspect(side->journal, NULL, 0, &finding) == STATUS_OK)
        return 0;
    printf("%s is broken in itself, so what follows may mislead: guichetctl journal verify says "
           "where.\n",
           side->path);
    return 1;
}

int command_journal_explain(const char *path_a, const char *path_b)
{
    struct side a, b = { 0 };
    const char *wrong = path_a;
    enum status status = open_side(path_a, &a);
    if (status == STATUS_OK) {
        wrong = path_b;
        status = open_side(path_b, &b);
    }
    int findings = 1;
    if (status == STATUS_OK)
        findings = explain_soundness(&a) + explain_soundness(&b) +
                   (a.kind <= b.kind ? compare(&a, &b) : compare(&b, &a));
    else
        fprintf(stderr, "guichetctl: %s: %s\n", wrong, status_name(status));
    if (status == STATUS_OK && findings == 0)
        puts("Nothing needs anybody.");
    close_side(&a);
    close_side(&b);
    return findings == 0 ? 0 : 1;
}
