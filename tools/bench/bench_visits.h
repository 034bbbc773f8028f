/*
 * Entries as a kiosk writes them: whole visits, each of a person who comes again after a while.
 *
 * Threads: one. Ownership: a filled visit lies in the caller's struct; its drafts point into it.
 */
#pragma once
#include <stdint.h>

#include "store/journal.h"

#define BENCH_VISIT_ENTRIES 9

struct bench_visit {
    char txn[JOURNAL_TXN_SIZE];
    char quote[2600], completed[400], composed[120], sending[120], printed[120];
    struct journal_draft drafts[BENCH_VISIT_ENTRIES];
};

/* The number-th visit of a kiosk: a quote of three months and two insurances, two notes, the
 * payment, its receipt. */
void bench_visit_fill(struct bench_visit *visit, int64_t number);
