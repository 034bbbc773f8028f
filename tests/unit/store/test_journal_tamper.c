/*
 * Somebody has the journal's file in their hands: what they do to its rows, one by one, and which
 * entry is named for it.
 */
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/journal_root.h"
#include "store/voucher.h"
#include "support/unit.h"
#include "unit/store/store_rig.h"

#define KIOSK "000003"

/* Eight entries of a visit and a root, twice; the last root is entry 13. */
struct tamper_rig {
    struct store_rig *store;
    struct journal_root_key key;
    char key_path[128];
    int64_t last_seq;
};

static void sign_day(struct tamper_rig *rig)
{
    assert_int_equal(
        journal_root_append(rig->store->journal, &rig->key, KIOSK, &rig->store->clock.clock),
        STATUS_OK);
}

static int setup(void **state)
{
    static struct tamper_rig rig;
    void *store;
    rig = (struct tamper_rig){ 0 };
    assert_int_equal(rig_setup(&store), 0);
    rig.store = store;
    snprintf(rig.key_path, sizeof rig.key_path, "%s/root.key", rig.store->folder);
    assert_int_equal(journal_root_open_key(rig.key_path, &rig.key), STATUS_OK);
    rig_play_visit(rig.store);
    sign_day(&rig);
    clock_fake_advance(&rig.store->clock, 86400000);
    rig_accept_quote(rig.store, "K0003-20261124-000319", 5000);
    assert_int_equal(rig_escrow(rig.store, "K0003-20261124-000319", 5000), STATUS_OK);
    assert_int_equal(rig_credit(rig.store, "K0003-20261124-000319", 5000), STATUS_OK);
    sign_day(&rig);
    rig.last_seq = journal_last_seq(rig.store->journal);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    struct tamper_rig *rig = *state;
    char public_path[128];
    void *store = rig->store;
    snprintf(public_path, sizeof public_path, "%s/root.pub", rig->store->folder);
    unlink(rig->key_path);
    unlink(public_path);
    return rig_teardown(&store);
}

static struct journal_finding inspect_by(struct tamper_rig *rig,
                                         const struct journal_root_trust *trusted, int count)
{
    struct journal_finding finding;
    enum status status = journal_inspect(rig->store->journal, trusted, count, &finding);
    assert_int_equal(status, finding.fault == JOURNAL_SOUND ? STATUS_OK : STATUS_CORRUPT);
    return finding;
}

static struct journal_finding inspect(struct tamper_rig *rig)
{
    return inspect_by(rig, NULL, 0);
}

static struct journal_root_trust trust_in(const struct tamper_rig *rig)
{
    struct journal_root_trust trust = { .first_seq = 1, .last_seq = INT64_MAX };
    memcpy(trust.key, rig->key.public_key, sizeof trust.key);
    return trust;
}

static void expect(struct tamper_rig *rig, enum journal_fault fault, int64_t seq)
{
    struct journal_finding finding = inspect(rig);
    if (finding.fault != fault || finding.seq != seq)
        fail_msg("expected fault %d at %lld, found %d at %lld (%s)", fault, (long long)seq,
                 finding.fault, (long long)finding.seq, finding.detail);
}

static void keep(struct tamper_rig *rig)
{
    rig_tamper(rig->store, "CREATE TABLE kept AS SELECT * FROM journal");
}

static void put_back(struct tamper_rig *rig)
{
    rig_tamper(rig->store, "DELETE FROM journal; INSERT INTO journal SELECT * FROM kept;"
                           " DROP TABLE kept");
    expect(rig, JOURNAL_SOUND, 0);
}

/* ?1 in sql is the entry's number. One statement after the other. */
static void tamper(struct tamper_rig *rig, const char *sql, int64_t seq)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(rig->store->path, &db), SQLITE_OK);
    while (sql[0] != '\0') {
        sqlite3_stmt *statement;
        assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, &sql), SQLITE_OK);
        if (sqlite3_bind_parameter_count(statement) > 0)
            assert_int_equal(sqlite3_bind_int64(statement, 1, seq), SQLITE_OK);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        sqlite3_finalize(statement);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void finds_a_journal_nobody_touched_sound(void **state)
{
    struct tamper_rig *rig = *state;
    assert_int_equal(rig->last_seq, 13);
    expect(rig, JOURNAL_SOUND, 0);
    struct journal_root_trust key = trust_in(rig);
    assert_int_equal(inspect_by(rig, &key, 1).fault, JOURNAL_SOUND);
}

static void names_every_entry_that_was_changed(void **state)
{
    struct tamper_rig *rig = *state;
    static const struct {
        const char *sql;
        enum journal_fault fault;
    } CHANGES[] = {
        { "UPDATE journal SET at = at + 1 WHERE seq = ?1", JOURNAL_ENTRY_CHANGED },
        { "UPDATE journal SET txn = txn || '1' WHERE seq = ?1", JOURNAL_ENTRY_CHANGED },
        { "UPDATE journal SET kind = kind || 's' WHERE seq = ?1", JOURNAL_ENTRY_CHANGED },
        { "UPDATE journal SET body = body || ' ' WHERE seq = ?1", JOURNAL_ENTRY_CHANGED },
        { "UPDATE journal SET hash = randomblob(32) WHERE seq = ?1", JOURNAL_ENTRY_CHANGED },
        { "UPDATE journal SET hash = x'00' WHERE seq = ?1", JOURNAL_ENTRY_UNREADABLE },
        { "UPDATE journal SET body = body || char(0) || 'x' WHERE seq = ?1",
          JOURNAL_ENTRY_UNREADABLE },
    };
    for (int64_t seq = 1; seq <= rig->last_seq; seq++)
        for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
            keep(rig);
            tamper(rig, CHANGES[i].sql, seq);
            expect(rig, CHANGES[i].fault, seq);
            put_back(rig);
        }
}

static void names_every_entry_that_was_removed(void **state)
{
    struct tamper_rig *rig = *state;
    for (int64_t seq = 1; seq < rig->last_seq; seq++) {
        keep(rig);
        tamper(rig, "DELETE FROM journal WHERE seq = ?1", seq);
        expect(rig, JOURNAL_ENTRY_MISSING, seq);
        put_back(rig);
    }
}

static void names_the_first_of_entries_removed_at_the_end(void **state)
{
    struct tamper_rig *rig = *state;
    assert_int_equal(journal_set_acked(rig->store->journal, rig->last_seq), STATUS_OK);
    for (int64_t seq = 1; seq <= rig->last_seq; seq++) {
        keep(rig);
        tamper(rig, "DELETE FROM journal WHERE seq >= ?1", seq);
        expect(rig, JOURNAL_TAIL_MISSING, seq);
        put_back(rig);
    }
}

/* What the bureau has not acknowledged is missed by the sums. */
static void misses_the_money_of_an_entry_removed_at_the_end(void **state)
{
    struct tamper_rig *rig = *state;
    keep(rig);
    rig_tamper(rig->store, "DELETE FROM journal WHERE seq >= 12");
    struct journal_finding finding = inspect(rig);
    assert_int_equal(finding.fault, JOURNAL_SUMS_DIFFER);
    assert_string_equal(finding.detail, "tally: account/cash_box");
    put_back(rig);
}

static void names_the_first_of_two_entries_that_were_swapped(void **state)
{
    struct tamper_rig *rig = *state;
    static const char SWAP[] = "UPDATE journal SET seq = -1 WHERE seq = ?1;"
                               "UPDATE journal SET seq = ?1 WHERE seq = ?1 + 1;"
                               "UPDATE journal SET seq = ?1 + 1 WHERE seq = -1";
    for (int64_t seq = 1; seq < rig->last_seq; seq++) {
        keep(rig);
        tamper(rig, SWAP, seq);
        expect(rig, JOURNAL_ENTRY_CHANGED, seq);
        put_back(rig);
    }
}

/* A copy of an entry of its own kind, which would book the same note a second time. */
static void names_the_entry_that_was_inserted(void **state)
{
    struct tamper_rig *rig = *state;
    static const char INSERT[] =
        "UPDATE journal SET seq = -seq WHERE seq > ?1;"
        "UPDATE journal SET seq = 1 - seq WHERE seq < 0;"
        "INSERT INTO journal SELECT seq + 1, at, txn, kind, body, hash FROM journal"
        " WHERE seq = ?1";
    for (int64_t seq = 1; seq <= rig->last_seq; seq++) {
        keep(rig);
        tamper(rig, INSERT, seq);
        expect(rig, JOURNAL_ENTRY_CHANGED, seq + 1);
        put_back(rig);
    }
}

static void names_a_row_before_the_first_entry(void **state)
{
    struct tamper_rig *rig = *state;
    keep(rig);
    rig_tamper(rig->store, "INSERT INTO journal SELECT -5, at, txn, kind, body, hash FROM journal"
                           " WHERE seq = 5");
    expect(rig, JOURNAL_ENTRY_FOREIGN, -5);
    put_back(rig);
    keep(rig);
    rig_tamper(rig->store, "INSERT INTO journal SELECT 900, at, txn, kind, body, hash FROM journal"
                           " WHERE seq = 5");
    expect(rig, JOURNAL_ENTRY_MISSING, 14);
    put_back(rig);
}

/* Computes every hash anew, as somebody would who knows how. */
static void make_chain_anew(struct tamper_rig *rig)
{
    uint8_t hash[JOURNAL_HASH_SIZE] = { 0 };
    sqlite3 *db;
    sqlite3_stmt *read, *write;
    assert_int_equal(sqlite3_open(rig->store->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT seq, at, txn, kind, body FROM journal"
                                        " WHERE seq = (SELECT min(seq) FROM journal WHERE seq > ?)",
                                        -1, &read, NULL),
                     SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "UPDATE journal SET hash = ? WHERE seq = ?", -1, &write, NULL),
        SQLITE_OK);
    int64_t seq = 0;
    while (sqlite3_bind_int64(read, 1, seq), sqlite3_step(read) == SQLITE_ROW) {
        seq = sqlite3_column_int64(read, 0);
        journal_hash_entry(hash, seq, sqlite3_column_int64(read, 1),
                           (const char *)sqlite3_column_text(read, 2),
                           (const char *)sqlite3_column_text(read, 3),
                           (const char *)sqlite3_column_text(read, 4), hash);
        sqlite3_reset(read);
        sqlite3_bind_blob(write, 1, hash, sizeof hash, SQLITE_STATIC);
        sqlite3_bind_int64(write, 2, seq);
        assert_int_equal(sqlite3_step(write), SQLITE_DONE);
        sqlite3_reset(write);
    }
    sqlite3_finalize(read);
    sqlite3_finalize(write);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* The chain is sound and only the books are not: each kind of money made out of nothing. */
static void names_the_entry_that_breaks_the_books(void **state)
{
    struct tamper_rig *rig = *state;
    static const struct {
        const char *sql;
        int64_t seq;
    } FORGERIES[] = {
        /* a note of 100 credited as one of 1,000 */
        { "UPDATE journal SET body = replace(body, '\"citizen\",10000', '\"citizen\",100000')"
          " WHERE seq = 5",
          5 },
        /* credited and not in the box */
        { "UPDATE journal SET body = replace(body, '\"box\":5000', '\"box\":0') WHERE seq = 7", 7 },
        /* more paid than was put in */
        { "UPDATE journal SET body = replace(body, '14950]', '94950]') WHERE seq = 8", 8 },
        /* the surplus taken out as cash */
        { "UPDATE journal SET body = replace(body, '[\"citizen\",\"surplus\",50]',"
          " '[\"surplus\",\"cash_box\",50]') WHERE seq = 8",
          8 },
        /* a registration that pays itself */
        { "UPDATE journal SET body = replace(body, '}', ',\"post\":[[\"cash_box\",\"citizen\","
          "500]]}') WHERE seq = 3",
          3 },
        /* a body that cannot be read */
        { "UPDATE journal SET body = '[]' WHERE seq = 6", 6 },
        /* a number of the block that was not the next one */
        { "UPDATE journal SET body = replace(body, 'P900000041', 'P900000042') WHERE seq = 2", 2 },
    };
    for (size_t i = 0; i < sizeof FORGERIES / sizeof *FORGERIES; i++) {
        keep(rig);
        rig_tamper(rig->store, FORGERIES[i].sql);
        make_chain_anew(rig);
        struct journal_finding finding = inspect(rig);
        assert_int_equal(finding.seq, FORGERIES[i].seq);
        assert_int_equal(finding.fault,
                         i == 5 ? JOURNAL_ENTRY_UNREADABLE : JOURNAL_ENTRY_UNBOOKABLE);
        put_back(rig);
    }
}

static void compose_slip(int64_t serial, char body[160])
{
    char voucher[VOUCHER_SIZE];
    voucher_format("999900", KIOSK, 20261124, serial, voucher);
    snprintf(body, 160, "{\"voucher\":\"%s\",\"paper\":\"registration\",\"state\":\"composed\"}",
             voucher);
}

/* A slip between two others has vanished: 1, 3. */
static void names_the_entry_whose_voucher_number_skips_one(void **state)
{
    struct tamper_rig *rig = *state;
    char body[160], sql[256];
    for (int serial = 1; serial <= 2; serial++) {
        char txn[8];
        compose_slip(serial, body);
        snprintf(txn, sizeof txn, "T%d", serial);
        assert_int_equal(rig_append(rig->store, JOURNAL_RECEIPT_STATE, txn, body), STATUS_OK);
    }
    expect(rig, JOURNAL_SOUND, 0);
    compose_slip(3, body);
    snprintf(sql, sizeof sql, "UPDATE journal SET body = '%s' WHERE seq = 15", body);
    rig_tamper(rig->store, sql);
    make_chain_anew(rig);
    struct journal_finding finding = inspect(rig);
    assert_int_equal(finding.fault, JOURNAL_ENTRY_UNBOOKABLE);
    assert_int_equal(finding.seq, 15);
    assert_non_null(strstr(finding.detail, "voucher number"));
}

/* Notes, payment, hashes and sums are made anew without a fault: the root does not fit. */
static void forge_whole_journal(struct tamper_rig *rig)
{
    rig_tamper(rig->store, "DELETE FROM journal WHERE seq BETWEEN 6 AND 7");
    rig_tamper(rig->store, "UPDATE journal SET body = replace(replace(body, '14950', '9950'),"
                           " '15000', '10000') WHERE seq = 8");
    rig_tamper(rig->store, "UPDATE journal SET seq = -seq WHERE seq > 7");
    rig_tamper(rig->store, "UPDATE journal SET seq = -seq - 2 WHERE seq < 0");
    make_chain_anew(rig);
}

static void names_the_root_that_a_journal_made_anew_does_not_fit(void **state)
{
    struct tamper_rig *rig = *state;
    keep(rig);
    forge_whole_journal(rig);
    expect(rig, JOURNAL_ROOT_FALSE, 7);
    put_back(rig);
}

static void tells_roots_that_were_signed_with_another_key(void **state)
{
    struct tamper_rig *rig = *state;
    struct store_rig *store = rig->store;
    struct journal_root_trust old_key = trust_in(rig);
    forge_whole_journal(rig);
    rig_tamper(store, "DELETE FROM journal WHERE kind = 'day_root' OR seq > 7");
    make_chain_anew(rig);
    rig_reopen(store);
    assert_int_equal(journal_rebuild(store->journal), STATUS_OK);
    assert_int_equal(unlink(rig->key_path), 0);
    assert_int_equal(journal_root_open_key(rig->key_path, &rig->key), STATUS_OK);
    sign_day(rig);
    assert_int_equal(inspect(rig).fault, JOURNAL_SOUND); /* nothing is left to tell by */
    struct journal_finding finding = inspect_by(rig, &old_key, 1);
    assert_int_equal(finding.fault, JOURNAL_ROOT_FALSE);
    assert_int_equal(finding.seq, journal_last_seq(store->journal));
}

/* After guichet-bureau accept-root-key a journal has roots of two keys. */
static void takes_the_roots_of_every_key_it_is_told_at_their_place(void **state)
{
    struct tamper_rig *rig = *state;
    struct journal_root_trust keys[2] = { trust_in(rig) };
    assert_int_equal(unlink(rig->key_path), 0);
    assert_int_equal(journal_root_open_key(rig->key_path, &rig->key), STATUS_OK);
    assert_int_equal(rig_append(rig->store, JOURNAL_BOX_EVENT, NULL, "{}"), STATUS_OK);
    sign_day(rig);
    keys[1] = trust_in(rig);
    int64_t last_seq = journal_last_seq(rig->store->journal);
    assert_int_equal(inspect(rig).seq, last_seq); /* by the first root's key alone */
    assert_int_equal(inspect_by(rig, keys, 1).seq, last_seq);
    assert_int_equal(inspect_by(rig, keys + 1, 1).seq, 9);
    assert_int_equal(inspect_by(rig, keys, 2).fault, JOURNAL_SOUND);
    keys[0].last_seq = last_seq - 1;
    keys[1].first_seq = last_seq;
    assert_int_equal(inspect_by(rig, keys, 2).fault, JOURNAL_SOUND);
    keys[0].last_seq = 8; /* and not where it does not count */
    struct journal_finding finding = inspect_by(rig, keys, 2);
    assert_int_equal(finding.fault, JOURNAL_ROOT_FALSE);
    assert_int_equal(finding.seq, 9);
    assert_string_equal(finding.detail, "its key counts for other entries only");
}

/* ---- the root itself ---- */

static void signs_once_a_day_and_only_when_something_happened(void **state)
{
    struct tamper_rig *rig = *state;
    struct store_rig *store = rig->store;
    const struct clock *clock = &store->clock.clock;
    struct journal_root root;
    for (int i = 0; i < 3; i++)
        assert_int_equal(journal_root_append_daily(store->journal, &rig->key, KIOSK, clock),
                         STATUS_OK);
    assert_int_equal(journal_last_seq(store->journal), 13); /* the day is signed already */
    clock_fake_advance(&store->clock, 86400000);
    assert_int_equal(journal_root_append_daily(store->journal, &rig->key, KIOSK, clock), STATUS_OK);
    assert_int_equal(journal_last_seq(store->journal), 13); /* and nothing was done since */
    assert_int_equal(rig_append(store, JOURNAL_BOX_EVENT, NULL, "{}"), STATUS_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(journal_root_append_daily(store->journal, &rig->key, KIOSK, clock),
                         STATUS_OK);
    assert_int_equal(journal_last_seq(store->journal), 15);
    assert_int_equal(journal_root_find_last(store->journal, &root), STATUS_OK);
    assert_int_equal(root.last_seq, 14);
    assert_string_equal(root.kiosk, KIOSK);
    assert_true(journal_root_is_signed(&root));
    expect(rig, JOURNAL_SOUND, 0);
}

static void signs_nothing_in_an_empty_journal(void **state)
{
    struct store_rig *store = *state;
    struct journal_root_key key = { 0 };
    assert_int_equal(journal_root_append_daily(store->journal, &key, KIOSK, &store->clock.clock),
                     STATUS_OK);
    assert_int_equal(journal_last_seq(store->journal), 0);
}

static void keeps_its_key(void **state)
{
    struct tamper_rig *rig = *state;
    struct journal_root_key again;
    assert_int_equal(journal_root_open_key(rig->key_path, &again), STATUS_OK);
    assert_memory_equal(again.public_key, rig->key.public_key, sizeof again.public_key);
    assert_memory_equal(again.secret_key, rig->key.secret_key, sizeof again.secret_key);
    assert_int_equal(chmod(rig->key_path, 0644), 0);
    assert_int_equal(journal_root_open_key(rig->key_path, &again), STATUS_DENIED);
    journal_root_close_key(&again);
}

static void does_not_take_a_signature_of_anything_else(void **state)
{
    struct tamper_rig *rig = *state;
    struct journal_root root;
    assert_int_equal(journal_root_find_last(rig->store->journal, &root), STATUS_OK);
    struct journal_root others[] = { root, root, root, root, root, root };
    others[0].last_seq++;
    others[1].hash[31] ^= 1;
    others[2].date[9] ^= 1;
    others[3].kiosk[5] ^= 1;
    others[4].signature[0] ^= 1;
    others[5].key[0] ^= 1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(journal_root_is_signed(&others[i]));
    assert_true(journal_root_is_signed(&root));
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(finds_a_journal_nobody_touched_sound),
        ON_RIG(names_every_entry_that_was_changed),
        ON_RIG(names_every_entry_that_was_removed),
        ON_RIG(names_the_first_of_entries_removed_at_the_end),
        ON_RIG(misses_the_money_of_an_entry_removed_at_the_end),
        ON_RIG(names_the_first_of_two_entries_that_were_swapped),
        ON_RIG(names_the_entry_that_was_inserted),
        ON_RIG(names_a_row_before_the_first_entry),
        ON_RIG(names_the_entry_that_breaks_the_books),
        ON_RIG(names_the_entry_whose_voucher_number_skips_one),
        ON_RIG(names_the_root_that_a_journal_made_anew_does_not_fit),
        ON_RIG(tells_roots_that_were_signed_with_another_key),
        ON_RIG(takes_the_roots_of_every_key_it_is_told_at_their_place),
        ON_RIG(signs_once_a_day_and_only_when_something_happened),
        cmocka_unit_test_setup_teardown(signs_nothing_in_an_empty_journal, rig_setup, rig_teardown),
        ON_RIG(keeps_its_key),
        ON_RIG(does_not_take_a_signature_of_anything_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
