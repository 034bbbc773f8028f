/*
 * The closing of an accounting day as its slip tells it: what lies in the box by the ledger, what
 * the entries since the closing before it add up to, what must be looked into, and the day's root.
 * No personal data: entries are counted and summed, persons are not read.
 *
 * Sums in fen. Everything but .unsent_* is a function of the entries up to the root, so a copy
 * printed later says the same.
 */
#pragma once
#include "store/journal_closing.h"

#define CLOSING_ITEMS_MAX 12 /* more are counted, and stand in the bureau's books */

/* An entry somebody must look into. */
struct closing_item {
    int64_t seq;
    char code[32]; /* why: of note_unknown "why", of entry_rejected "reason", else the kind */
    char txn[JOURNAL_TXN_SIZE];
    int64_t value_fen; /* of a note; 0: not known, or no note */
    bool is_note;
};

struct closing {
    int number;
    struct journal_root root;
    int64_t first_seq, last_seq; /* what it closes; last_seq is the root's */
    int64_t first_at_ms, last_at_ms;

    int unit_count; /* in the box, the largest value first; 0: of unknown value */
    struct journal_cash_unit units[JOURNAL_CASH_UNITS_MAX];
    int64_t box_fen;

    int64_t payments, cancellations, registrations;
    int64_t paid_fen, applied_fen, surplus_fen;
    int64_t notes, notes_fen; /* booked, credited or unknown */

    int64_t item_count; /* may be more than there is room for */
    struct closing_item items[CLOSING_ITEMS_MAX];

    int64_t unsent_count, unsent_fen; /* when it was read */
};

/* What a closing closes. id: of journal_closing_find; of one not yet begun the number it will have
 * and the seq its first entry will have. STATUS_NOT_FOUND: there is no root before it; or the
 * journal's errors. */
NODISCARD enum status closing_read(struct journal *journal, const struct journal_closing *id,
                                   struct closing *out);
