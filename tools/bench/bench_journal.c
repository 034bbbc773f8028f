/*
 * guichet-bench-journal: what a long backlog costs the journal, which is the queue to the bureau.
 *
 *   guichet-bench-journal backlog DIRECTORY ENTRIES…   journals of so many unsent entries against
 *                                                      an empty one
 *   guichet-bench-journal append DIRECTORY ENTRIES     appends one by one (for counting flushes)
 *
 * Other programs run on this machine too. So everything that is compared is taken in turns, one of
 * each in a row, in an order drawn anew for each row; a ratio is the median of the ratios within
 * a row. What others add is never negative: what a tenth of the times stays under is closer to what
 * our own code and disk cost, and stands beside each median. The size 0 is a control: another empty
 * journal.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/db.h"
#include "store/journal.h"
#include "tools/bench/bench_visits.h"

#define COURSES_MAX 8 /* the first is the empty one all are held against */
#define ROUNDS 1000
#define WARM_UP 100
#define OPENINGS 25
#define VISITS_AT_ONCE 2000
#define BATCH 100 /* as the sync sends them */
#define HASHES 20000
#define LOG_PAGES_LEFT 30 /* a visit's pages: a kiosk that dies with its log as good as full */
#define LOG_HEAD_BYTES 32
#define FRAME_HEAD_BYTES 24
#define PAGE_BYTES 2048

struct course {
    int64_t entries;
    char path[512];
    struct journal *journal;
    int64_t visits; /* appended so far */
    double fill_s;
    double wall_ms[ROUNDS], cpu_ms[ROUNDS]; /* of one visit */
    double note_ms[ROUNDS];                 /* the entries of its notes alone */
    double take_ms[ROUNDS];
    double clean_ms[OPENINGS], killed_ms[OPENINGS];
};

static double clock_ms(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double now_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
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

/* Leaves the values in their order. */
static double quantile(const double *values, int count, double share)
{
    double sorted[ROUNDS];
    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, compare);
    return sorted[(int)(share * (count - 1))];
}

static double median(const double *values, int count)
{
    return quantile(values, count, 0.5);
}

static double fast(const double *values, int count)
{
    return quantile(values, count, 0.1);
}

static double median_ratio(const double *numerators, const double *denominators, int count)
{
    double ratios[ROUNDS];
    for (int i = 0; i < count; i++)
        ratios[i] = numerators[i] / denominators[i];
    return median(ratios, count);
}

/* ---- filling ---- */

static void open_course(struct course *course)
{
    must(journal_open(course->path, &clock_system, &course->journal), "cannot open a journal");
}

static void close_course(struct course *course)
{
    journal_close(course->journal);
    course->journal = NULL;
}

/* The kiosk's own entries in the kiosk's own way, only many of them to a commit. */
static void fill(struct course *course)
{
    static struct bench_visit visits[VISITS_AT_ONCE];
    static struct journal_draft drafts[VISITS_AT_ONCE * BENCH_VISIT_ENTRIES];
    double start_ms = now_ms();
    for (int64_t left; (left = course->entries - journal_last_seq(course->journal)) > 0;) {
        int64_t wanted = (left + BENCH_VISIT_ENTRIES - 1) / BENCH_VISIT_ENTRIES;
        int count = wanted < VISITS_AT_ONCE ? (int)wanted : VISITS_AT_ONCE;
        for (int i = 0; i < count; i++) {
            bench_visit_fill(&visits[i], course->visits++);
            memcpy(&drafts[(ptrdiff_t)i * BENCH_VISIT_ENTRIES], visits[i].drafts,
                   sizeof visits[i].drafts);
        }
        must(journal_append_all(course->journal, drafts, count * BENCH_VISIT_ENTRIES),
             "cannot fill a journal");
    }
    course->fill_s = (now_ms() - start_ms) / 1e3;
}

/* ---- enqueueing, and taking what comes next ---- */

/* Gives how long the entries of its notes took. */
static double append_visit(struct course *course)
{
    static struct bench_visit visit;
    double note_ms = 0;
    bench_visit_fill(&visit, course->visits++);
    for (int i = 0; i < BENCH_VISIT_ENTRIES; i++) {
        double start_ms = now_ms();
        must(journal_append(course->journal, &visit.drafts[i], NULL), "cannot append");
        if (visit.drafts[i].kind == JOURNAL_NOTE_ESCROWED ||
            visit.drafts[i].kind == JOURNAL_NOTE_CREDITED)
            note_ms += now_ms() - start_ms;
    }
    return note_ms;
}

static void time_visit(struct course *course, int round)
{
    double wall_ms = now_ms(), cpu_ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    double note_ms = append_visit(course);
    if (round < 0)
        return;
    course->cpu_ms[round] = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu_ms;
    course->wall_ms[round] = now_ms() - wall_ms;
    course->note_ms[round] = note_ms;
}

static bool count_bytes(void *context, const struct journal_entry *entry)
{
    *(size_t *)context += strlen(entry->body);
    return true;
}

/* From the middle of the backlog: where the bureau's acknowledgement happens to stand. */
static void time_take(struct course *course, int round)
{
    size_t bytes = 0;
    double start_ms = now_ms();
    must(journal_read(course->journal, journal_last_seq(course->journal) / 2, BATCH, count_bytes,
                      &bytes),
         "cannot read");
    if (round >= 0)
        course->take_ms[round] = now_ms() - start_ms;
}

/* Nobody always comes behind the same other one. */
static void shuffle(int *order, int count)
{
    for (int i = 0; i < count; i++)
        order[i] = i;
    for (int i = count - 1; i > 0; i--) {
        int j = (int)(random() % (i + 1)), kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

static void bench_queue(struct course *courses, int count)
{
    int order[COURSES_MAX];
    for (int round = -WARM_UP; round < ROUNDS; round++) {
        shuffle(order, count);
        for (int i = 0; i < count; i++)
            time_visit(&courses[order[i]], round);
    }
    for (int round = -WARM_UP; round < ROUNDS; round++)
        for (int i = 0; i < count; i++)
            time_take(&courses[i], round);
}

/* ---- opening ---- */

/* How many pages the write-ahead log holds since it was last begun: those with its own salt. */
static int count_log_pages(const char *path)
{
    char log_path[520];
    uint8_t head[LOG_HEAD_BYTES], frame[FRAME_HEAD_BYTES];
    int pages = 0;
    snprintf(log_path, sizeof log_path, "%s-wal", path);
    int fd = open(log_path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || pread(fd, head, sizeof head, 0) != sizeof head)
        fail("cannot read a log");
    while (pread(fd, frame, sizeof frame,
                 LOG_HEAD_BYTES + (off_t)pages * (FRAME_HEAD_BYTES + PAGE_BYTES)) == sizeof frame &&
           memcmp(frame + 8, head + 16, 8) == 0)
        pages++;
    close(fd);
    return pages;
}

/* Works until the log is as good as full, the most there can be to recover; then dies, or ends in
 * order. */
static void run_kiosk(struct course *course, bool dies)
{
    int result;
    pid_t child = fork();
    if (child == 0) {
        open_course(course);
        while (count_log_pages(course->path) < DB_LOG_PAGES - LOG_PAGES_LEFT)
            (void)append_visit(course);
        if (dies)
            raise(SIGKILL);
        close_course(course);
        _exit(0);
    }
    if (child < 0 || waitpid(child, &result, 0) != child ||
        (dies ? !WIFSIGNALED(result) : result != 0))
        fail("the child did not end as it should");
}

static double open_ms(struct course *course)
{
    double start_ms = now_ms();
    open_course(course);
    double taken_ms = now_ms() - start_ms;
    course->visits = journal_last_seq(course->journal) / BENCH_VISIT_ENTRIES;
    close_course(course);
    return taken_ms;
}

static void bench_opening(struct course *courses, int count)
{
    for (int round = 0; round < OPENINGS; round++)
        for (int i = 0; i < count; i++) {
            run_kiosk(&courses[i], true);
            courses[i].killed_ms[round] = open_ms(&courses[i]);
            run_kiosk(&courses[i], false);
            courses[i].clean_ms[round] = open_ms(&courses[i]);
        }
}

/* ---- the report ---- */

static void print_queue(const struct course *courses, int count)
{
    puts(
        "                 enqueue, speed of empty (goal >= 0.95)       | an entry  | next 100, ms");
    puts("                 whole visits                | notes alone    | of a visit| (goal <= "
         "0.1)");
    puts("       unsent    median   tenth     CPU      | median   tenth | ms, tenth | median   "
         "tenth");
    for (int i = 1; i < count; i++) {
        const struct course *empty = &courses[0], *c = &courses[i];
        printf("  %11lld   %7.3f %7.3f %7.3f      |%7.3f %7.3f |   %7.3f | %6.3f %7.3f\n",
               (long long)c->entries, median_ratio(empty->wall_ms, c->wall_ms, ROUNDS),
               fast(empty->wall_ms, ROUNDS) / fast(c->wall_ms, ROUNDS),
               median_ratio(empty->cpu_ms, c->cpu_ms, ROUNDS),
               median_ratio(empty->note_ms, c->note_ms, ROUNDS),
               fast(empty->note_ms, ROUNDS) / fast(c->note_ms, ROUNDS),
               fast(c->wall_ms, ROUNDS) / BENCH_VISIT_ENTRIES, median(c->take_ms, ROUNDS),
               fast(c->take_ms, ROUNDS));
    }
}

static void print_opening(const struct course *courses, int count)
{
    puts("                 open after kill -9, log full:");
    puts("                 ms over a clean open     | clean open, ms");
    puts("                 (goal <= 5)              |");
    puts("       unsent    median   tenth           | median   tenth");
    for (int i = 1; i < count; i++) {
        const struct course *c = &courses[i];
        double over_ms[OPENINGS];
        for (int round = 0; round < OPENINGS; round++)
            over_ms[round] = c->killed_ms[round] - c->clean_ms[round];
        printf("  %11lld   %+7.2f %+7.2f          | %7.2f %7.2f   (filled in %.0f s)\n",
               (long long)c->entries, median(over_ms, OPENINGS),
               fast(c->killed_ms, OPENINGS) - fast(c->clean_ms, OPENINGS),
               median(c->clean_ms, OPENINGS), fast(c->clean_ms, OPENINGS), c->fill_s);
    }
}

/* The hash of an entry as it is stored, against a fast commit of the empty journal, of which it
 * takes the larger share. */
static void print_hash(const struct course *empty)
{
    static const char STORED[] = "{\"value\":10000,\"acceptor\":\"4880564\",\"stacked\":123456,"
                                 "\"post\":[[\"cash_box\",\"citizen\",10000]],\"box\":10000}";
    uint8_t hash[JOURNAL_HASH_SIZE] = { 0 };
    double start_ms = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
    for (int i = 0; i < HASHES; i++)
        journal_hash_entry(hash, i, 1795398067000, "K000003-20261123-000001", "note_credited",
                           STORED, hash);
    double hash_ms = (clock_ms(CLOCK_PROCESS_CPUTIME_ID) - start_ms) / HASHES;
    double commit_ms = fast(empty->wall_ms, ROUNDS) / BENCH_VISIT_ENTRIES;
    printf("  chain hash: %.5f ms of a commit of at least %.3f ms = %.2f %% (goal <= 2)\n", hash_ms,
           commit_ms, 100 * hash_ms / commit_ms);
}

static void bench_backlog(const char *directory, char **sizes, int count)
{
    static struct course courses[COURSES_MAX];
    if (count >= COURSES_MAX)
        fail("too many sizes");
    for (int i = 0; i <= count; i++) {
        courses[i].entries = i == 0 ? 0 : strtoll(sizes[i - 1], NULL, 10);
        snprintf(courses[i].path, sizeof courses[i].path, "%s/%d.db", directory, i);
        open_course(&courses[i]);
        fill(&courses[i]);
    }
    sync(); /* or the kernel writes gigabytes of filling meanwhile */
    bench_queue(courses, count + 1);
    print_queue(courses, count + 1);
    print_hash(&courses[0]);
    for (int i = 0; i <= count; i++)
        close_course(&courses[i]);
    fflush(stdout); /* or the children print it again */
    bench_opening(&courses[1], count);
    print_opening(courses, count + 1);
}

static void append_only(const char *directory, int64_t entries)
{
    struct course course = { 0 };
    struct bench_visit visit;
    snprintf(course.path, sizeof course.path, "%s/flushes.db", directory);
    open_course(&course);
    bench_visit_fill(&visit, 0);
    for (int64_t i = 0; i < entries; i++)
        must(journal_append(course.journal, &visit.drafts[2], NULL), "cannot append"); /* a note */
    _exit(0); /* closing would be a checkpoint, and that is not what is counted */
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "append") == 0)
        append_only(argv[2], strtoll(argv[3], NULL, 10));
    if (argc < 4 || strcmp(argv[1], "backlog") != 0)
        fail("usage: backlog DIRECTORY ENTRIES… | append DIRECTORY ENTRIES");
    bench_backlog(argv[2], argv + 3, argc - 3);
    return 0;
}
