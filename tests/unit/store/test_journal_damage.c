/*
 * A disk that gives back garbage: every page of the journal's file in turn. The kiosk must notice
 * before it takes money, must not touch the file, and must not begin a new one.
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

static void notices_garbage_in_any_page(void **state)
{
    struct store_rig *rig = *state;
    play_visits(rig);
    journal_close(rig->journal);
    rig->journal = NULL;
    remove_wal(rig);
    struct copy good = read_file(rig->path);
    struct copy bad = read_file(rig->path);
    assert_true(good.size / PAGE > 20);
    srandom(7);
    for (size_t page = 0; page < good.size / PAGE; page++) {
        for (size_t i = 0; i < PAGE; i++)
            bad.bytes[page * PAGE + i] = (char)random();
        if (!is_noticed(rig, &bad))
            fail_msg("page %zu of %zu: garbage went unnoticed", page + 1, good.size / PAGE);
        memcpy(bad.bytes + page * PAGE, good.bytes + page * PAGE, PAGE);
    }
    free(good.bytes);
    free(bad.bytes);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(notices_garbage_in_any_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
