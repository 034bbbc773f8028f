/*
 * The journal on a disk with a volatile cache: what the disk of the simulation loses, and what the
 * journal must not lose on it.
 */
#include "sim/disk.h"

#include <stdio.h>
#include <stdlib.h>

#include "store/db.h"
#include "store/journal.h"
#include "support/unit.h"

static char folder[64], path[96];
static struct clock_fake fake;
static struct journal *journal;
static struct dice dice;

static int set_up(void **state)
{
    (void)state;
    disk_reset(NULL, NULL);
    clock_fake_init(&fake, INT64_C(1795399267000));
    assert_int_equal(journal_open(path, &fake.clock, &journal), STATUS_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    disk_set_trouble(DISK_KIOSK, DISK_SOUND);
    journal_close(journal);
    return 0;
}

static enum status append(void)
{
    const struct journal_draft draft = { .kind = JOURNAL_BOX_EVENT,
                                         .body = "{\"event\":\"removed\"}" };
    return journal_append(journal, &draft, NULL);
}

/* The process dies without closing anything; whether the power fails too is the caller's. */
static void die(void)
{
    disk_kill(DISK_KIOSK);
    journal_close(journal);
    journal = NULL;
    disk_revive(DISK_KIOSK);
}

static void open_again(void)
{
    assert_int_equal(journal_open(path, &fake.clock, &journal), STATUS_OK);
}

static void keeps_every_entry_over_power_cuts(void **state)
{
    (void)state;
    for (int i = 1; i <= 50; i++) {
        assert_int_equal(append(), STATUS_OK);
        assert_true(disk_is_synced(DISK_KIOSK));
        die();
        disk_lose_power(DISK_KIOSK, &dice);
        open_again();
        assert_int_equal(journal_last_seq(journal), i);
    }
}

/* A flush fails; the program starts again and finds the refused entry whole, for the kernel shows
 * it; it goes on; the power fails. Nothing that was answered with STATUS_OK may be gone. */
static void keeps_what_was_written_after_a_flush_had_failed(void **state)
{
    (void)state;
    for (int round = 0; round < 20; round++) {
        assert_int_equal(append(), STATUS_OK);
        disk_set_trouble(DISK_KIOSK, DISK_SYNC_FAILS);
        assert_int_not_equal(append(), STATUS_OK);
        die();
        disk_set_trouble(DISK_KIOSK, DISK_SOUND);
        open_again();
        assert_int_equal(append(), STATUS_OK);
        assert_int_equal(append(), STATUS_OK);
        int64_t last_seq = journal_last_seq(journal);
        die();
        disk_lose_power(DISK_KIOSK, &dice);
        open_again();
        assert_int_equal(journal_last_seq(journal), last_seq);
    }
}

/* The same, and the disk still refuses at the start: it can be read, and nothing builds on it. */
static void writes_nothing_on_a_log_it_cannot_make_safe(void **state)
{
    (void)state;
    assert_int_equal(append(), STATUS_OK);
    disk_set_trouble(DISK_KIOSK, DISK_SYNC_FAILS);
    assert_int_not_equal(append(), STATUS_OK);
    die();
    open_again();
    assert_false(journal_is_writable(journal));
    assert_false(journal_is_safe(journal));
    assert_int_not_equal(append(), STATUS_OK);
    assert_int_not_equal(journal_recheck(journal), STATUS_OK);
    disk_set_trouble(DISK_KIOSK, DISK_SOUND);
    assert_int_equal(journal_recheck(journal), STATUS_OK);
    assert_true(journal_is_safe(journal));
    assert_int_equal(append(), STATUS_OK);
    int64_t last_seq = journal_last_seq(journal);
    die();
    disk_lose_power(DISK_KIOSK, &dice);
    open_again();
    assert_int_equal(journal_last_seq(journal), last_seq);
}

/* Entries of some pages, so that a copy of them into the database can be cut in two. */
static enum status append_much(void)
{
    static char body[6000];
    const struct journal_draft draft = { .kind = JOURNAL_BOX_EVENT, .body = body };
    snprintf(body, sizeof body, "{\"event\":\"%0*d\"}", (int)sizeof body - 40, 7);
    return journal_append(journal, &draft, NULL);
}

/* A log that has just begun has no older state of any page. */
static void empty_log(void)
{
    struct db *db;
    assert_int_equal(db_open(path, DB_READ_WRITE, &db), STATUS_OK);
    assert_int_equal(db_make_log_safe(db), STATUS_OK);
    assert_int_equal(db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)"), STATUS_OK);
    db_close(db);
}

static int64_t steps_left; /* then it dies; 0: it does not */

static bool count_step(void *context, enum disk_machine machine)
{
    (void)context;
    (void)machine;
    return steps_left > 0 && --steps_left == 0;
}

/* The power fails at one step of the start that follows or of what it does at its end. True: it
 * came that far. */
static bool fails_at_step_of_a_run(int64_t step)
{
    steps_left = step;
    (void)!journal_open(path, &fake.clock, &journal);
    journal_close(journal);
    journal = NULL;
    bool is_cut = steps_left == 0;
    steps_left = 0;
    die();
    disk_lose_power(DISK_KIOSK, &dice);
    return is_cut;
}

/* A flush fails, the program starts again, reads what only the kernel has, and begins to copy it
 * into the database; the power fails in the middle of that. */
static void survives_a_power_cut_while_it_copies_a_log_whose_flush_had_failed(void **state)
{
    (void)state;
    bool was_cut = true;
    for (int64_t step = 1; was_cut; step++) {
        for (int again = 0; again < 8; again++) {
            journal_close(journal);
            disk_reset(count_step, NULL);
            open_again();
            for (int i = 0; i < 5; i++)
                assert_int_equal(append_much(), STATUS_OK);
            journal_close(journal);
            empty_log();
            open_again();
            assert_int_equal(journal_put_fact(journal, "a", "b"), STATUS_OK); /* its head */
            disk_set_trouble(DISK_KIOSK, DISK_SYNC_FAILS);
            assert_int_not_equal(append_much(), STATUS_OK);
            die();
            disk_set_trouble(DISK_KIOSK, DISK_SOUND);
            was_cut = fails_at_step_of_a_run(step);
            open_again();
            assert_true(journal_last_seq(journal) >= 5);
        }
    }
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(keeps_every_entry_over_power_cuts),
        ON_DISK(keeps_what_was_written_after_a_flush_had_failed),
        ON_DISK(writes_nothing_on_a_log_it_cannot_make_safe),
        ON_DISK(survives_a_power_cut_while_it_copies_a_log_whose_flush_had_failed),
    };
    snprintf(folder, sizeof folder, "/tmp/guichet-disk-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/journal.db", folder);
    dice.state = 7;
    disk_install();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    char lock[112];
    snprintf(lock, sizeof lock, "%s-lock", path);
    unlink(lock);
    unlink(path);
    rmdir(folder);
    return failed;
}
