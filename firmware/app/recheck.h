/*
 * When a journal that failed is tried again: a while after each failure, and not at all once it can
 * be written, whoever noticed that first (a payment that waits for it tries on its own).
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define RECHECK_MS 15000

struct recheck {
    int64_t at_ms; /* INT64_MAX: nothing has failed */
};

void recheck_init(struct recheck *recheck);

/* To be asked at each turn of the loop. True: try now; if it fails again, the next time follows. */
bool recheck_is_due(struct recheck *recheck, bool has_failed, int64_t now_ms);
