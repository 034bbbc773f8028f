/*
 * The one definition of an entry's hash in code; kiosk and bureau share it (formula: journal.h).
 */
#pragma once
#include <stdint.h>

#define JOURNAL_HASH_SIZE 32

void journal_hash_entry(const uint8_t previous[JOURNAL_HASH_SIZE], int64_t seq, int64_t at_ms,
                        const char *txn, const char *kind, const char *body,
                        uint8_t out[JOURNAL_HASH_SIZE]);
