/*
 * guichet-bench-journal: what a long backlog costs the journal, which is the queue to the bureau.
 *
 *   guichet-bench-journal backlog DIRECTORY ENTRIES…   ratios against an empty journal, in turns
 *   guichet-bench-journal append DIRECTORY ENTRIES     appends one by one (for counting its
 * flushes)
 *
 * backlog takes one entry each of the empty and the full journal in turns, so that a noisy disk is
 * noisy for both.
 */
#include "base/clock.h"
#include "store/journal.h"
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 1000
#define WARM_UP 100
#define OPENINGS 15
#define FILL_AT_ONCE 1000
#define BATCH 100 /* as the sync sends them */
#define HASHES 20000

#define TXN "K000003-20261123-000001"
#define BODY "{\"value\":10000,\"acceptor\":\"4880564\",\"stacked\":123456}"

static const struct journal_draft NOTE = {
    .kind = JOURNAL_NOTE_CREDITED,
    .txn = TXN,
    .body = BODY,
    .postings = { { BOOK_CASH_BOX, BOOK_CITIZEN, 10000 } },
    .posting_count = 1,
    .note_into_box_fen = 10000,
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "guichet-bench-journal: %s\n", what);
    exit(1);
}

static void must(enum status status, const char *what)
{
    if (status != STATUS_OK)
        fail(what);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

static struct journal *open_journal(const char *path)
{
    struct journal *journal;
    must(journal_open(path, &clock_system, &journal), "cannot open a journal");
    return journal;
}

static void fill(struct journal *journal, int64_t entries)
{
    static struct journal_draft notes[FILL_AT_ONCE];
    for (int i = 0; i < FILL_AT_ONCE; i++)
        notes[i] = NOTE;
    for (int64_t left = entries; left > 0; left -= FILL_AT_ONCE)
        must(journal_append_all(journal, notes, left < FILL_AT_ONCE ? (int)left : FILL_AT_ONCE),
             "cannot fill a journal");
}

static double append_ms(struct journal *journal)
{
    double start_ms = now_ms();
    must(journal_append(journal, &NOTE, NULL), "cannot append");
    return now_ms() - start_ms;
}

static bool count_bytes(void *context, const struct journal_entry *entry)
{
    *(size_t *)context += strlen(entry->body);
    return true;
}

/* From the middle of the backlog: where the bureau's acknowledgement happens to stand. */
static double take_ms(struct journal *journal)
{
    size_t bytes = 0;
    double start_ms = now_ms();
    must(journal_read(journal, journal_last_seq(journal) / 2, BATCH, count_bytes, &bytes),
         "cannot read");
    return now_ms() - start_ms;
}

static double open_ms(const char *path)
{
    double start_ms = now_ms();
    struct journal *journal = open_journal(path);
    double taken_ms = now_ms() - start_ms;
    journal_close(journal);
    return taken_ms;
}

/* A kiosk that dies with its WAL as it is. */
static void die_writing(const char *path)
{
    int result;
    pid_t child = fork();
    if (child == 0) {
        struct journal *journal = open_journal(path);
        for (int i = 0; i < 50; i++)
            (void)append_ms(journal);
        raise(SIGKILL);
    }
    if (child < 0 || waitpid(child, &result, 0) != child || !WIFSIGNALED(result))
        fail("the child did not die as it should");
}

static void bench_opening(const char *path, double *clean_ms, double *killed_ms)
{
    double clean[OPENINGS], killed[OPENINGS];
    for (int i = 0; i < OPENINGS; i++) {
        die_writing(path);
        killed[i] = open_ms(path);
        clean[i] = open_ms(path);
    }
    *clean_ms = median(clean, OPENINGS);
    *killed_ms = median(killed, OPENINGS);
}

static void bench_backlog(const char *directory, int64_t entries)
{
    static double ratios[ROUNDS], taken_ms[ROUNDS];
    char empty_path[512], full_path[512];
    double clean_ms, killed_ms;
    snprintf(empty_path, sizeof empty_path, "%s/empty-%lld.db", directory, (long long)entries);
    snprintf(full_path, sizeof full_path, "%s/full-%lld.db", directory, (long long)entries);
    struct journal *empty = open_journal(empty_path), *full = open_journal(full_path);
    double fill_ms = now_ms();
    fill(full, entries);
    fill_ms = now_ms() - fill_ms;
    for (int i = -WARM_UP; i < ROUNDS; i++) {
        /* Who comes first changes, for the second finds the disk busy with the first. */
        double first = append_ms(i % 2 ? empty : full), second = append_ms(i % 2 ? full : empty);
        double taken = take_ms(full);
        if (i < 0)
            continue;
        ratios[i] = i % 2 ? first / second : second / first;
        taken_ms[i] = taken;
    }
    journal_close(empty);
    journal_close(full);
    bench_opening(full_path, &clean_ms, &killed_ms);
    printf(
        "  %8lld unsent: enqueue %.2f of empty (goal >= 0.95); next %d in %.3f ms (goal <= 0.1); "
        "open %.1f ms, after kill -9 %+.1f ms (goal <= 5)   [filled in %.0f s]\n",
        (long long)entries, median(ratios, ROUNDS), BATCH, median(taken_ms, ROUNDS), clean_ms,
        killed_ms - clean_ms, fill_ms / 1e3);
}

/* The hash of an entry as it is stored, against a whole commit. */
static void bench_hash(const char *directory)
{
    static const char STORED[] = "{\"value\":10000,\"acceptor\":\"4880564\",\"stacked\":123456,"
                                 "\"post\":[[\"cash_box\",\"citizen\",10000]],\"box\":10000}";
    static double commits_ms[ROUNDS];
    uint8_t hash[JOURNAL_HASH_SIZE] = { 0 };
    char path[512];
    snprintf(path, sizeof path, "%s/hash.db", directory);
    struct journal *journal = open_journal(path);
    for (int i = -WARM_UP; i < ROUNDS; i++) {
        double ms = append_ms(journal);
        if (i >= 0)
            commits_ms[i] = ms;
    }
    journal_close(journal);
    double start_ms = now_ms();
    for (int i = 0; i < HASHES; i++)
        journal_hash_entry(hash, i, 1795398067000, TXN, "note_credited", STORED, hash);
    double hash_ms = (now_ms() - start_ms) / HASHES, commit_ms = median(commits_ms, ROUNDS);
    printf("  chain hash: %.4f ms of a commit of %.3f ms = %.2f %% (goal <= 2)\n", hash_ms,
           commit_ms, 100 * hash_ms / commit_ms);
}

static void append_only(const char *directory, int64_t entries)
{
    char path[512];
    snprintf(path, sizeof path, "%s/flushes.db", directory);
    struct journal *journal = open_journal(path);
    for (int64_t i = 0; i < entries; i++)
        (void)append_ms(journal);
    _exit(0); /* closing would be a checkpoint, and that is not what is counted */
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "append") == 0)
        append_only(argv[2], strtoll(argv[3], NULL, 10));
    if (argc < 4 || strcmp(argv[1], "backlog") != 0)
        fail("usage: backlog DIRECTORY ENTRIES… | append DIRECTORY ENTRIES");
    for (int i = 3; i < argc; i++)
        bench_backlog(argv[2], strtoll(argv[i], NULL, 10));
    bench_hash(argv[2]);
    return 0;
}
