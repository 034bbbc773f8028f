/*
 * What the cash side left for people: every entry that has a remedy (cash_remedy.h), with the
 * number of the slip that the citizen holds, collected from the entries of one kiosk in their
 * order. Reads no database, so that guichetctl, the bureau and the kiosk's own pages say the same.
 *
 * An item is open until a later entry says what became of it: a note that was given up and then
 * proved, or given back; a box that came back. All others are closed by people.
 *
 * Ownership: doubtful_deinit frees the items.
 */
#pragma once
#include "payment/cash_remedy.h"
#include "store/journal.h"

struct doubtful_item {
    int64_t seq, at_ms;
    char kind[32];
    char txn[JOURNAL_TXN_SIZE]; /* empty: of no visit */
    char slip[40];              /* number of the claim slip; empty: none was begun */
    char slip_state[16];        /* the last one of its receipt_state; empty: none */
    char voucher[40];           /* of the visit's payment; empty: none */
    int64_t value_fen;  /* of the note in the box; 0: not known, or none is there for sure */
    int64_t escrow_fen; /* what a note that may be in the box was worth; else 0 */
    bool in_box;        /* it surely lies in the box */
    char expected[176], found[176]; /* of what was compared; empty: nothing was */
    int64_t answered_by;            /* the entry that says what became of it; 0: open */
    const struct cash_remedy *remedy;
};

struct doubtful {
    struct doubtful_item *items;
    int count, capacity;
};

void doubtful_init(struct doubtful *list);
void doubtful_deinit(struct doubtful *list);

/* The next entry of the kiosk; most leave the list as it is. Aborts without memory. */
void doubtful_add(struct doubtful *list, const struct journal_entry *entry);

/* code: the number of the slip or of the payment's receipt, blanks do not matter; the transaction;
 * or the entry's number. */
bool doubtful_has_code(const struct doubtful_item *item, const char *code);

/* Open items, and the notes of them that surely lie in the box. */
int doubtful_open_count(const struct doubtful *list);
int64_t doubtful_open_fen(const struct doubtful *list);
