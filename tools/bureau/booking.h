/*
 * What an entry means to the bureau: may it be booked, and the booking.
 *
 * An entry that may not be booked is kept in the chain, goes to the dead letters with its reason,
 * and does not block those behind it.
 */
#pragma once
#include "tools/bureau/store.h"
#include <jansson.h>
#include <stdint.h>

struct bureau_entry {
    int64_t seq, at_ms;
    const char *txn, *kind, *body;
    uint8_t hash[JOURNAL_HASH_SIZE];
    const json_t *content; /* body parsed; NULL if it is no JSON object */
};

/*
 * *reason_out: NULL if the entry may be booked, else a fixed word: body_not_json, unknown_kind,
 * bad_posting, number_not_leased, number_taken, bad_quote, note_not_booked, bad_sum, voucher_taken.
 */
NODISCARD enum status booking_check(struct bureau_store *store, const char *kiosk,
                                    const struct bureau_entry *entry, const char **reason_out);

/* Requires: booking_check found no reason. */
NODISCARD enum status booking_apply(struct bureau_store *store, const char *kiosk,
                                    const struct bureau_entry *entry);
