/*
 * The simulation's own reading of the kiosk's entries, kept beside the truth of the devices: what
 * each transaction was credited, what was booked as unknown, what every account holds. It believes
 * neither the projections of the journal nor those of the bureau; both are compared with it.
 */
#pragma once
#include "sim/acceptor.h"
#include "store/journal.h"

#define BOOKS_TXNS_MAX 256
#define BOOKS_ENTRIES_MAX 8192

struct books_txn {
    char txn[JOURNAL_TXN_SIZE];
    int64_t credited_fen, due_fen;
    bool quoted, paid, cancelled;
    int64_t paid_fen, applied_fen, surplus_fen;
    char voucher[40];
    int closings;
    int credited_notes;
    int64_t money_seq; /* the last entry of a note of it that is credited or unknown */
    int unknown_notes;
    int64_t box_fen; /* the truth: this transaction's notes in the box */
    int box_count;
};

struct books {
    int64_t last_seq;
    uint8_t hashes[BOOKS_ENTRIES_MAX][JOURNAL_HASH_SIZE]; /* of entry i + 1 */
    int64_t balances[BOOK_ACCOUNTS];
    int64_t balances_at[BOOKS_ENTRIES_MAX][BOOK_ACCOUNTS]; /* after entry i + 1 */
    struct books_txn txns[BOOKS_TXNS_MAX];
    int txn_count;
    int units[ACCEPTOR_VALUES], unit_unknown; /* notes booked as in the box */
    int unknown_open;                         /* note_unknown without a place */
    int unknown_total, unknown_notes;         /* entries; notes they are about */
    const struct sim_acceptor *acceptor;      /* which notes were put in, and where they ended */
    int escrow_note;                          /* which of them the last note_escrowed is about */
    int64_t cleared_fen; /* of the last note entry, if a device told it as cleared into the box;
                            else -1 */
    char cleared_by[16]; /* … and which device */
    bool note_is_lost;   /* the last note entry says that it could not be found … */
    char lost_txn[JOURNAL_TXN_SIZE]; /* … and of which visit it was */
    int false_returns;               /* entries that a note was given back that was not */
    int registered, completed;
    int box_notes; /* booked since the box was taken out */
    int64_t day,
        day_cash_fen; /* of the last cash: its day, and what came in one after the other on it */
    bool note_is_escrowed; /* the last note entry is note_escrowed */
    char last_kind[32];
    int64_t last_value_fen;
    char last_txn[JOURNAL_TXN_SIZE];
    char last_state[16], last_voucher[40];
    int mismatches, swaps;
    const char *wrong; /* an entry that no sound kiosk writes; NULL if none */
};

void books_reset(struct books *books, const struct sim_acceptor *acceptor);
/* Takes up what the journal has new. False: it cannot be read now. */
bool books_read(struct books *books, struct journal *journal);
/* Makes one if there is none. */
int books_find_txn(struct books *books, const char *txn);
int books_booked_count(const struct books *books);
