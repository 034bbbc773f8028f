/*
 * What a refusing disk, a kill and a tampering hand do to the journal.
 */
#include "store/journal.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "support/unit.h"
#include "unit/store/fault_vfs.h"
#include "unit/store/store_rig.h"

#define SWEEP_MAX 64 /* more disk operations than one append ever makes */

static void assert_sound(struct store_rig *rig)
{
    int64_t bad_seq = 0;
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_OK);
    assert_int_equal(bad_seq, 0);
}

/* The n-th disk operation of a credit fails. Returns false once n is past the last one. */
static bool credit_on_failing_disk(struct store_rig *rig, enum fault_kind kind, int n)
{
    int64_t seq = journal_last_seq(rig->journal);
    int64_t box = journal_account_balance(rig->journal, BOOK_CASH_BOX);
    fault_vfs_arm(kind, n);
    enum status status = rig_credit(rig, RIG_TXN, 10000);
    fault_vfs_heal();
    if (status == STATUS_OK)
        return false;
    assert_true(fault_vfs_has_fired());
    assert_int_equal(status, kind == FAULT_WRITE_FULL ? STATUS_FULL : STATUS_IO);
    assert_false(journal_is_writable(rig->journal));
    assert_int_equal(journal_last_seq(rig->journal), seq);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_CASH_BOX), box);
    assert_int_equal(rig_credit(rig, RIG_TXN, 10000), status); /* refused without trying */
    return true;
}

static void sweep(struct store_rig *rig, enum fault_kind kind)
{
    int failures = 0;
    rig_accept_quote(rig, RIG_TXN, 90000);
    for (int n = 1; n < SWEEP_MAX && credit_on_failing_disk(rig, kind, n); n++) {
        failures++;
        assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
        assert_true(journal_is_writable(rig->journal));
        assert_sound(rig);
        assert_int_equal(rig_credit(rig, RIG_TXN, 5000), STATUS_OK);
    }
    assert_in_range(failures, 1, SWEEP_MAX - 2);
    rig_reopen(rig);
    assert_sound(rig);
    assert_int_equal(journal_cash_unit_count(rig->journal, 5000), failures);
}

static void writes_nothing_when_the_disk_is_full(void **state)
{
    sweep(*state, FAULT_WRITE_FULL);
}

static void writes_nothing_when_a_write_is_torn(void **state)
{
    sweep(*state, FAULT_WRITE_TORN);
}

static void does_not_count_an_entry_whose_flush_failed(void **state)
{
    sweep(*state, FAULT_SYNC);
}

/* Reopened without a recheck between: what a power loss right after the failure would meet. */
static void has_a_sound_chain_when_reopened_after_a_failure(void **state)
{
    struct store_rig *rig = *state;
    static const enum fault_kind KINDS[] = { FAULT_WRITE_FULL, FAULT_WRITE_TORN, FAULT_SYNC };
    rig_accept_quote(rig, RIG_TXN, 90000);
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        for (int n = 1; n < SWEEP_MAX && credit_on_failing_disk(rig, KINDS[i], n); n++) {
            rig_reopen(rig);
            assert_sound(rig);
        }
}

static void stays_refused_while_the_disk_stays_full(void **state)
{
    struct store_rig *rig = *state;
    fault_vfs_arm(FAULT_WRITE_FULL, 1);
    assert_int_equal(rig_credit(rig, RIG_TXN, 10000), STATUS_FULL);
    assert_int_equal(journal_recheck(rig->journal), STATUS_FULL);
    assert_false(journal_is_writable(rig->journal));
    int64_t value;
    assert_int_equal(journal_next_serial(rig->journal, "txn", &value), STATUS_FULL);
    assert_int_equal(journal_put_fact(rig->journal, "a", "b"), STATUS_FULL);
    fault_vfs_heal();
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
}

static void flushes_once_an_entry(void **state)
{
    struct store_rig *rig = *state;
    assert_int_equal(rig_credit(rig, RIG_TXN, 10000), STATUS_OK);
    (void)fault_vfs_take_syncs();
    for (int i = 0; i < 10; i++)
        assert_int_equal(rig_credit(rig, RIG_TXN, 10000), STATUS_OK);
    assert_int_equal(fault_vfs_take_syncs(), 10);
}

/* The child appends for ever and tells each durable entry by one byte. */
static _Noreturn void append_until_killed(const char *path, int told_fd)
{
    struct journal *journal;
    struct journal_draft draft = { .kind = JOURNAL_NOTE_CREDITED,
                                   .txn = RIG_TXN,
                                   .body = "{\"value\":10000}",
                                   .postings = { { BOOK_CASH_BOX, BOOK_CITIZEN, 10000 } },
                                   .posting_count = 1,
                                   .note_into_box_fen = 10000 };
    if (journal_open(path, &clock_system, &journal) != STATUS_OK)
        _exit(1);
    while (journal_append(journal, &draft, NULL) == STATUS_OK)
        if (write(told_fd, "x", 1) != 1)
            break;
    _exit(2);
}

/* Reads at least wanted bytes, kills, and reads what is left. Returns how many entries were told.
 */
static int kill_after(pid_t child, int told_fd, int wanted)
{
    char byte;
    int told = 0, result;
    while (told < wanted && read(told_fd, &byte, 1) == 1)
        told++;
    assert_int_equal(told, wanted);
    assert_int_equal(kill(child, SIGKILL), 0);
    while (read(told_fd, &byte, 1) == 1)
        told++;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFSIGNALED(result));
    return told;
}

static void keeps_every_told_entry_when_killed(void **state)
{
    struct store_rig *rig = *state;
    journal_close(rig->journal);
    rig->journal = NULL;
    int64_t before = 0;
    for (int round = 1; round <= 5; round++) {
        int told_pipe[2];
        assert_int_equal(pipe(told_pipe), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            append_until_killed(rig->path, told_pipe[1]);
        close(told_pipe[1]);
        int told = kill_after(child, told_pipe[0], round * 37);
        close(told_pipe[0]);

        rig_reopen(rig);
        int64_t now = journal_last_seq(rig->journal);
        assert_in_range(now - before, told, told + 1); /* one may be durable and not yet told */
        assert_int_equal(journal_cash_unit_count(rig->journal, 10000), now);
        assert_sound(rig);
        before = now;
        journal_close(rig->journal);
        rig->journal = NULL;
    }
}

static void points_at_the_first_changed_entry(void **state)
{
    struct store_rig *rig = *state;
    static const char *const CHANGES[] = {
        "UPDATE journal SET body = replace(body, '5000', '9000') WHERE seq = 7",
        "UPDATE journal SET at = at + 1 WHERE seq = 7",
        "UPDATE journal SET txn = 'K0003-20261123-000319' WHERE seq = 7",
        "UPDATE journal SET kind = 'note_unknown' WHERE seq = 7",
        "UPDATE journal SET hash = zeroblob(32) WHERE seq = 7",
        "DELETE FROM journal WHERE seq = 7",
    };
    rig_play_visit(rig);
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        int64_t bad_seq = 0;
        rig_tamper(rig, "CREATE TABLE kept AS SELECT * FROM journal");
        rig_tamper(rig, CHANGES[i]);
        assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_CORRUPT);
        assert_int_equal(bad_seq, 7);
        rig_tamper(rig, "DELETE FROM journal; INSERT INTO journal SELECT * FROM kept;"
                        " DROP TABLE kept");
        assert_sound(rig);
    }
}

static void will_not_open_on_a_broken_chain(void **state)
{
    struct store_rig *rig = *state;
    rig_play_visit(rig);
    rig_tamper(rig, "UPDATE journal SET body = replace(body, '15000', '16000') WHERE seq = 8");
    journal_close(rig->journal);
    assert_int_equal(journal_open(rig->path, &rig->clock.clock, &rig->journal), STATUS_CORRUPT);
    assert_null(rig->journal);
}

static void will_not_open_what_is_no_database(void **state)
{
    struct store_rig *rig = *state;
    journal_close(rig->journal);
    char text[4096], wal_path[128];
    memset(text, 'x', sizeof text);
    snprintf(wal_path, sizeof wal_path, "%s-wal", rig->path); /* the kept WAL would heal the file */
    assert_int_equal(unlink(wal_path), 0);
    int fd = open(rig->path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, text, sizeof text), sizeof text);
    close(fd);
    assert_int_equal(journal_open(rig->path, &rig->clock.clock, &rig->journal), STATUS_CORRUPT);
}

static void will_not_open_in_a_missing_folder(void **state)
{
    struct journal *journal;
    (void)state;
    assert_int_equal(journal_open("/nonexistent/journal.db", &clock_system, &journal),
                     STATUS_DENIED);
    assert_null(journal);
}

static void will_not_open_a_newer_schema(void **state)
{
    struct store_rig *rig = *state;
    rig_tamper(rig, "PRAGMA user_version = 999");
    journal_close(rig->journal);
    assert_int_equal(journal_open(rig->path, &rig->clock.clock, &rig->journal), STATUS_UNSUPPORTED);
}

static void tells_a_changed_projection_and_rebuilds_it(void **state)
{
    struct store_rig *rig = *state;
    static const char *const CHANGES[] = {
        "UPDATE tally SET value = value + 1 WHERE name = 'account/premium'",
        "DELETE FROM tally WHERE name = 'unit/10000'",
        "UPDATE visit SET due = due - 1",
        "UPDATE number_block SET used = 0",
        "DELETE FROM person",
        "INSERT INTO person VALUES('cc33', 'P900000042')",
        "INSERT INTO paid_month VALUES('aa11', '110', 24322)",
        "INSERT INTO quoted VALUES('T', 'aa11', '110', 24322)",
        "DELETE FROM slip",
    };
    rig_play_visit(rig);
    for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
        int64_t bad_seq = 0;
        rig_tamper(rig, CHANGES[i]);
        assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_CORRUPT);
        assert_int_equal(bad_seq, JOURNAL_BAD_PROJECTION);
        assert_int_equal(journal_rebuild(rig->journal), STATUS_OK);
        assert_sound(rig);
    }
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), 14950);
    assert_int_equal(journal_numbers_left(rig->journal), 1);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(writes_nothing_when_the_disk_is_full),
        ON_RIG(writes_nothing_when_a_write_is_torn),
        ON_RIG(does_not_count_an_entry_whose_flush_failed),
        ON_RIG(has_a_sound_chain_when_reopened_after_a_failure),
        ON_RIG(stays_refused_while_the_disk_stays_full),
        ON_RIG(flushes_once_an_entry),
        ON_RIG(keeps_every_told_entry_when_killed),
        ON_RIG(points_at_the_first_changed_entry),
        ON_RIG(will_not_open_on_a_broken_chain),
        ON_RIG(will_not_open_what_is_no_database),
        cmocka_unit_test(will_not_open_in_a_missing_folder),
        ON_RIG(will_not_open_a_newer_schema),
        ON_RIG(tells_a_changed_projection_and_rebuilds_it),
    };
    fault_vfs_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
