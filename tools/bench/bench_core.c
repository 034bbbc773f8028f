/*
 * guichet-bench: what one note and one receipt cost, beside the least the machine could do.
 *
 *   guichet-bench DIRECTORY FONT_DIRECTORY     (the directory is used for scratch files)
 *
 * Commits are taken in turns, one of each kind a round, so that a noisy disk is noisy for all:
 *   raw      rewrite 8 KiB inside a written file + fdatasync
 *   least    SQLite, WAL, synchronous=FULL, one integer updated: the least SQLite can do
 *   journal  one note_credited entry with its postings, through the journal
 */
#include "base/clock.h"
#include "drivers/printer/escpos/escpos_wire.h"
#include "receipt/receipt.h"
#include "store/journal.h"
#include "ui/font.h"
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 2000
#define WARM_UP 200 /* the WAL grows to its full size before anything is counted */
#define RECEIPTS 51
#define RAW_BLOCKS 512

static double samples[3][ROUNDS];

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "guichet-bench: %s\n", what);
    exit(1);
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

static int open_raw(const char *directory)
{
    char path[512], block[8192] = { 0 };
    snprintf(path, sizeof path, "%s/raw", directory);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (int i = 0; fd >= 0 && i < RAW_BLOCKS; i++)
        if (write(fd, block, sizeof block) != sizeof block)
            fail("cannot write the raw file");
    if (fd < 0 || fsync(fd) != 0)
        fail("cannot make the raw file");
    return fd;
}

static double raw_commit(int fd, int round)
{
    char block[8192];
    memset(block, round, sizeof block);
    double start_ms = now_ms();
    if (pwrite(fd, block, sizeof block, (off_t)(round % RAW_BLOCKS) * 8192) != sizeof block ||
        fdatasync(fd) != 0)
        fail("raw write");
    return now_ms() - start_ms;
}

static sqlite3_stmt *open_least(const char *directory, sqlite3 **db)
{
    char path[512];
    sqlite3_stmt *update = NULL;
    int keep = 1;
    snprintf(path, sizeof path, "%s/least.db", directory);
    if (sqlite3_open(path, db) != SQLITE_OK ||
        sqlite3_exec(*db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "CREATE TABLE one(n INTEGER); INSERT INTO one VALUES(0)",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_file_control(*db, NULL, SQLITE_FCNTL_PERSIST_WAL, &keep) != SQLITE_OK ||
        sqlite3_prepare_v2(*db, "UPDATE one SET n=n+1", -1, &update, NULL) != SQLITE_OK)
        fail("cannot make the least database");
    return update;
}

static double least_commit(sqlite3_stmt *update)
{
    double start_ms = now_ms();
    if (sqlite3_step(update) != SQLITE_DONE)
        fail("least commit");
    sqlite3_reset(update);
    return now_ms() - start_ms;
}

static double journal_commit(struct journal *journal)
{
    struct journal_draft note = {
        .kind = JOURNAL_NOTE_CREDITED,
        .txn = "K000003-20261123-000001",
        .body = "{\"value\":10000,\"acceptor\":\"4880564\",\"stacked\":123456}",
        .postings = { { BOOK_CASH_BOX, BOOK_CITIZEN, 10000 } },
        .posting_count = 1,
        .note_into_box_fen = 10000,
    };
    double start_ms = now_ms();
    if (journal_append(journal, &note, NULL) != STATUS_OK)
        fail("journal commit");
    return now_ms() - start_ms;
}

static void bench_commits(const char *directory)
{
    static const char *const NAMES[] = { "raw fdatasync loop", "least SQLite commit",
                                         "journal entry" };
    char path[512];
    sqlite3 *db;
    struct journal *journal;
    double ms[3];
    int raw = open_raw(directory);
    sqlite3_stmt *least = open_least(directory, &db);
    snprintf(path, sizeof path, "%s/journal.db", directory);
    if (journal_open(path, &clock_system, &journal) != STATUS_OK)
        fail("cannot open the journal");
    for (int i = -WARM_UP; i < ROUNDS; i++) {
        ms[0] = raw_commit(raw, i < 0 ? -i : i);
        ms[1] = least_commit(least);
        ms[2] = journal_commit(journal);
        for (int k = 0; i >= 0 && k < 3; k++)
            samples[k][i] = ms[k];
    }
    for (int k = 0; k < 3; k++)
        ms[k] = median(samples[k], ROUNDS);
    for (int k = 0; k < 3; k++)
        printf("  %-22s %8.0f /s   %.3f ms\n", NAMES[k], 1000 / ms[k], ms[k]);
    printf("  journal against the least SQLite commit: %.2f (goal >= 0.9); against raw: %.2f (goal "
           ">= 0.8)\n",
           ms[1] / ms[2], ms[0] / ms[2]);
    sqlite3_finalize(least);
    sqlite3_close(db);
    journal_close(journal);
    close(raw);
}

static void fill_receipt(struct receipt_facts *facts)
{
    *facts = (struct receipt_facts){
        .kind = RECEIPT_PAYMENT,
        .bureau = { "临江市社会保险服务", "Linjiang Social Insurance Service" },
        .place = { "大厅 03 号", "Hall 03" },
        .kiosk_id = "000003",
        .service_phone = "12333",
        .window = { "2 号窗口", "Window 2" },
        .voucher = "440300000003202611230000188",
        .txn = "K000003-20261123-000018",
        .at_ms = 1795398067000,
        .name_masked = "王*华",
        .number_masked = "4499**********21",
        .account_number = "4403000000000018",
        .line_count = 2,
        .lines = { { .name = { "职工基本养老保险", "Employee basic pension" },
                     .first = month_of(2026, 11),
                     .last = month_of(2026, 12),
                     .base_fen = 477500,
                     .rate = 200000,
                     .amount_fen = 191000,
                     .account_fen = 76400 },
                   { .name = { "职工基本医疗保险", "Employee basic medical" },
                     .first = month_of(2026, 11),
                     .last = month_of(2026, 12),
                     .base_fen = 672700,
                     .rate = 80000,
                     .amount_fen = 107632 } },
        .due_fen = 298632,
        .paid_fen = 300000,
        .applied_fen = 298632,
        .surplus_fen = 1368,
        .policy_id = "shenzhen-individual",
        .policy_revision = 1,
        .sources = "粤人社发〔2025〕32号",
        .collector = { "税务部门", "Tax authority" },
        .surplus_rule = { "多缴部分计入个人缴费账户，抵扣下期费用。",
                          "What is over is kept for the next payment." },
        .verify = "https://bureau.example/v?n=440300000003202611230000188&h=0123456789abcdef",
    };
}

static void bench_receipts(const char *fonts)
{
    static double ms[RECEIPTS];
    struct receipt_facts facts;
    struct printer_bitmap bitmap;
    struct font *font;
    fill_receipt(&facts);
    size_t raster_bytes = 0, wire_bytes = 0;
    double first_ms = 0;
    int height = 0;
    double open_ms = now_ms();
    if (font_open(fonts, &font) != STATUS_OK)
        fail("cannot open the font");
    open_ms = now_ms() - open_ms;
    for (int i = 0; i < RECEIPTS; i++) {
        double start_ms = now_ms();
        if (receipt_render_with(&facts, 576, font, &bitmap) != STATUS_OK)
            fail("cannot render the receipt");
        ms[i] = now_ms() - start_ms;
        first_ms = i == 0 ? ms[0] : first_ms;
        raster_bytes = printer_bitmap_stride(&bitmap) * (size_t)bitmap.height_dots;
        height = bitmap.height_dots;
        if (i == 0)
            wire_bytes = escpos_job_size(&bitmap);
        receipt_bitmap_free(&bitmap);
    }
    font_close(font);
    printf(
        "  receipt 576 x %d dots: font opened in %.1f ms, first %.1f ms, then %.1f ms (median of "
        "%d)\n",
        height, open_ms, first_ms, median(ms + 1, RECEIPTS - 1), RECEIPTS - 1);
    printf("  bytes to the printer: %zu of %zu plain raster = %.2f (goal <= 0.65)\n", wire_bytes,
           raster_bytes, (double)wire_bytes / (double)raster_bytes);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        fail("usage: guichet-bench DIRECTORY FONT_DIRECTORY");
    puts("durable entries (medians, taken in turns)");
    bench_commits(argv[1]);
    puts("receipt");
    bench_receipts(argv[2]);
    return 0;
}
