#include "unit/store/store_rig.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/unit.h"

static void open_journal(struct store_rig *rig)
{
    assert_int_equal(journal_open(rig->path, &rig->clock.clock, &rig->journal), STATUS_OK);
}

int rig_setup(void **state)
{
    struct store_rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    snprintf(rig->folder, sizeof rig->folder, "/tmp/guichet-store-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    snprintf(rig->path, sizeof rig->path, "%s/journal.db", rig->folder);
    clock_fake_init(&rig->clock, RIG_WALL_MS);
    open_journal(rig);
    *state = rig;
    return 0;
}

int rig_teardown(void **state)
{
    struct store_rig *rig = *state;
    static const char *const SUFFIXES[] = { "", "-wal", "-shm", "-lock" };
    journal_close(rig->journal);
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", rig->path, SUFFIXES[i]);
        unlink(path);
    }
    rmdir(rig->folder);
    free(rig);
    return 0;
}

void rig_reopen(struct store_rig *rig)
{
    journal_close(rig->journal);
    rig->journal = NULL;
    open_journal(rig);
}

enum status rig_append(struct store_rig *rig, enum journal_kind kind, const char *txn,
                       const char *body)
{
    struct journal_draft draft = { .kind = kind, .txn = txn, .body = body };
    return journal_append(rig->journal, &draft, NULL);
}

void rig_lease(struct store_rig *rig, const char *lease, int first, int count)
{
    char body[160];
    snprintf(body, sizeof body,
             "{\"kind\":\"account\",\"prefix\":\"P9\",\"first\":%d,\"count\":%d,\"lease\":\"%s\"}",
             first, count, lease);
    assert_int_equal(rig_append(rig, JOURNAL_NUMBERS_LEASED, NULL, body), STATUS_OK);
}

enum status rig_register(struct store_rig *rig, const char *person, const char *account)
{
    char body[160];
    snprintf(body, sizeof body, "{\"account\":\"%s\",\"person\":\"%s\",\"sealed\":\"\"}", account,
             person);
    return rig_append(rig, JOURNAL_REGISTERED, RIG_TXN, body);
}

void rig_accept_quote(struct store_rig *rig, const char *txn, int64_t due_fen)
{
    char body[64];
    snprintf(body, sizeof body, "{\"due\":%lld}", (long long)due_fen);
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, txn, body), STATUS_OK);
}

enum status rig_escrow(struct store_rig *rig, const char *txn, int64_t value_fen)
{
    char body[64];
    snprintf(body, sizeof body, "{\"value\":%lld,\"stacked\":7}", (long long)value_fen);
    return rig_append(rig, JOURNAL_NOTE_ESCROWED, txn, body);
}

enum status rig_credit(struct store_rig *rig, const char *txn, int64_t value_fen)
{
    char body[64];
    snprintf(body, sizeof body, "{\"value\":%lld,\"stacked\":8}", (long long)value_fen);
    struct journal_draft draft = {
        .kind = JOURNAL_NOTE_CREDITED,
        .txn = txn,
        .body = body,
        .postings = { { BOOK_CASH_BOX, BOOK_CITIZEN, value_fen } },
        .posting_count = 1,
        .note_into_box_fen = value_fen,
    };
    return journal_append(rig->journal, &draft, NULL);
}

void rig_play_visit(struct store_rig *rig)
{
    rig_lease(rig, "lease-1", 41, 2);
    assert_int_equal(rig_register(rig, "aa11", "P900000041"), STATUS_OK);
    rig_accept_quote(rig, RIG_TXN, 14950);
    assert_int_equal(rig_escrow(rig, RIG_TXN, 10000), STATUS_OK);
    assert_int_equal(rig_credit(rig, RIG_TXN, 10000), STATUS_OK);
    assert_int_equal(rig_escrow(rig, RIG_TXN, 5000), STATUS_OK);
    assert_int_equal(rig_credit(rig, RIG_TXN, 5000), STATUS_OK);
    struct journal_draft completed = {
        .kind = JOURNAL_PAYMENT_COMPLETED,
        .txn = RIG_TXN,
        .body = "{\"paid\":15000,\"applied\":14950,\"surplus\":50}",
        .postings = { { BOOK_CITIZEN, BOOK_PREMIUM, 14950 }, { BOOK_CITIZEN, BOOK_SURPLUS, 50 } },
        .posting_count = 2,
    };
    assert_int_equal(journal_append(rig->journal, &completed, NULL), STATUS_OK);
}

void rig_tamper(struct store_rig *rig, const char *sql)
{
    sqlite3 *handle;
    assert_int_equal(sqlite3_open(rig->path, &handle), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}
