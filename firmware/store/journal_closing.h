/*
 * The closings of a kiosk's accounting days, as its entries tell them.
 *
 * A closing is a day's root (journal_root.h) and the slip that prints it: receipt_state entries of
 * the paper JOURNAL_PAPER_CLOSING in a transaction of their own, the number in "voucher". Its root
 * is the newest before its first entry. What it closes are the entries after the root of the
 * closing before it, up to its own: closings join without a gap, and no entry is in two.
 */
#pragma once
#include "store/journal.h"
#include "store/journal_root.h"

#define JOURNAL_CLOSING_MAX 999999

enum journal_closing_state {
    JOURNAL_CLOSING_NOT_OUT, /* certainly not on paper, or not whole */
    JOURNAL_CLOSING_SENDING, /* being printed, as far as the journal knows */
    JOURNAL_CLOSING_UNKNOWN, /* may lie on paper */
    JOURNAL_CLOSING_PRINTED,
};

struct journal_closing {
    int number; /* 1, 2, … without a gap: it counts as given with its first entry */
    char txn[JOURNAL_TXN_SIZE];
    int64_t seq; /* of its first entry */
    enum journal_closing_state state;
};

/* The newest closing whose first entry is before this one. STATUS_NOT_FOUND if none;
 * STATUS_CORRUPT if its number is none. */
NODISCARD enum status journal_closing_find(struct journal *journal, int64_t before_seq,
                                           struct journal_closing *out);

/* "Z000012", as "voucher" of its entries. */
#define JOURNAL_CLOSING_VOUCHER_SIZE 12
void journal_closing_voucher(int number, char out[JOURNAL_CLOSING_VOUCHER_SIZE]);

/* Is there an entry after this one besides roots and what closings write themselves? */
NODISCARD enum status journal_closing_is_due(struct journal *journal, int64_t after_seq,
                                             bool *due_out);

/* Notes in the box by value, the largest first; 0: of unknown value. STATUS_FULL: more values than
 * there are banknotes. */
#define JOURNAL_CASH_UNITS_MAX 16
struct journal_cash_unit {
    int64_t denomination_fen, count;
};
NODISCARD enum status journal_cash_units(struct journal *journal,
                                         struct journal_cash_unit out[JOURNAL_CASH_UNITS_MAX],
                                         int *count_out);
