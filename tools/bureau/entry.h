/*
 * An entry of a kiosk's journal as it came over the wire.
 */
#pragma once
#include "store/journal.h"
#include <jansson.h>
#include <stdint.h>

struct bureau_entry {
    int64_t seq, at_ms;
    const char *txn, *kind, *body;
    uint8_t hash[JOURNAL_HASH_SIZE];
    const json_t *content; /* body parsed; NULL if it is no JSON object */
};

bool entry_is_kind(const struct bureau_entry *entry, enum journal_kind kind);
/* -1: missing, no integer, negative or beyond any sum. */
int64_t entry_read_fen(const struct bureau_entry *entry, const char *member);
/* "" if it is missing or no text. */
const char *entry_read_text(const struct bureau_entry *entry, const char *member);
