/*
 * A disk that gives back garbage: every page of the journal's file in turn. The kiosk must notice
 * before it takes money, must not touch the file, and must not begin a new one. Of a large journal
 * the pages of old entries, and no others, are left to journal_verify.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/unit.h"
#include "unit/store/store_rig.h"

#define PAGE 2048
#define VISITS 60
#define OLD_ENTRIES 90 /* of 16 kB each: more than JOURNAL_CHECKED_BYTES */
#define FILLER 16000

struct copy {
    char *bytes;
    size_t size;
};

static struct copy read_file(const char *path)
{
    struct stat info;
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &info), 0);
    struct copy copy = { malloc((size_t)info.st_size + 1), (size_t)info.st_size };
    assert_int_equal(read(fd, copy.bytes, copy.size), (ssize_t)copy.size);
    close(fd);
    return copy;
}

static void write_file(const char *path, const struct copy *copy)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, copy->bytes, copy->size), (ssize_t)copy->size);
    close(fd);
}

/* Without its WAL, which would heal the pages it still holds. */
static void remove_wal(const struct store_rig *rig)
{
    char path[128];
    snprintf(path, sizeof path, "%s-wal", rig->path);
    unlink(path);
    snprintf(path, sizeof path, "%s-shm", rig->path);
    unlink(path);
}

static void play_visits(struct store_rig *rig)
{
    rig_play_visit(rig);
    for (int i = 0; i < VISITS; i++) {
        char txn[JOURNAL_TXN_SIZE];
        snprintf(txn, sizeof txn, "K0003-20261124-%06d", i);
        rig_accept_quote(rig, txn, 5000);
        assert_int_equal(rig_credit(rig, txn, 5000), STATUS_OK);
        struct journal_draft completed = {
            .kind = JOURNAL_PAYMENT_COMPLETED,
            .txn = txn,
            .body = "{\"paid\":5000,\"applied\":5000,\"surplus\":0}",
            .postings = { { BOOK_CITIZEN, BOOK_PREMIUM, 5000 } },
            .posting_count = 1,
        };
        assert_int_equal(journal_append(rig->journal, &completed, NULL), STATUS_OK);
    }
}

/* False: the journal opened on it, and nothing that it read then was amiss. */
static bool is_noticed(struct store_rig *rig, const struct copy *damaged)
{
    write_file(rig->path, damaged);
    remove_wal(rig);
    enum status status = journal_open(rig->path, &rig->clock.clock, &rig->journal);
    if (status == STATUS_OK) {
        journal_close(rig->journal);
        rig->journal = NULL;
        return false;
    }
    assert_null(rig->journal);
    struct copy after = read_file(rig->path);
    assert_int_equal(after.size, damaged->size);
    assert_memory_equal(after.bytes, damaged->bytes, after.size);
    free(after.bytes);
    return true;
}

static bool is_of_an_old_entry(const char page[PAGE])
{
    return memmem(page, PAGE, "oooooooooooooooo", 16) != NULL;
}

static void append_old_entries(struct store_rig *rig)
{
    static char body[FILLER + 32];
    char filler[FILLER + 1];
    memset(filler, 'o', FILLER);
    filler[FILLER] = '\0';
    snprintf(body, sizeof body, "{\"version\":\"%s\"}", filler);
    for (int i = 0; i < OLD_ENTRIES; i++)
        assert_int_equal(rig_append(rig, JOURNAL_KIOSK_STARTED, NULL, body), STATUS_OK);
}

/* Gives the file as it is after closing. */
static struct copy close_and_read(struct store_rig *rig)
{
    journal_close(rig->journal);
    rig->journal = NULL;
    remove_wal(rig);
    return read_file(rig->path);
}

static void damage_every_page(struct store_rig *rig, bool but_old_entries)
{
    struct copy good = close_and_read(rig), bad = read_file(rig->path);
    int damaged = 0;
    srandom(7);
    for (size_t page = 0; page < good.size / PAGE; page++) {
        const char *bytes = good.bytes + page * PAGE;
        if (but_old_entries && is_of_an_old_entry(bytes))
            continue;
        for (size_t i = 0; i < PAGE; i++)
            bad.bytes[page * PAGE + i] = (char)random();
        if (!is_noticed(rig, &bad))
            fail_msg("page %zu of %zu: garbage went unnoticed", page + 1, good.size / PAGE);
        memcpy(bad.bytes + page * PAGE, bytes, PAGE);
        damaged++;
    }
    assert_true(damaged > 20);
    free(good.bytes);
    free(bad.bytes);
}

static void notices_garbage_in_any_page(void **state)
{
    struct store_rig *rig = *state;
    play_visits(rig);
    damage_every_page(rig, false);
}

static void notices_garbage_where_a_large_journal_goes_on(void **state)
{
    struct store_rig *rig = *state;
    struct stat info;
    append_old_entries(rig);
    play_visits(rig);
    journal_close(rig->journal);
    assert_int_equal(stat(rig->path, &info), 0);
    assert_true(info.st_size > JOURNAL_CHECKED_BYTES);
    assert_int_equal(journal_open(rig->path, &rig->clock.clock, &rig->journal), STATUS_OK);
    damage_every_page(rig, true);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(notices_garbage_in_any_page),
        ON_RIG(notices_garbage_where_a_large_journal_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
