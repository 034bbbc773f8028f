/*
 * The last banknote as the journal tells it, and the judgement of what a device now claims about
 * it.
 *
 * A kiosk handles one note at a time, so the last note_… entry of the whole journal says everything
 * a claim can be compared with, before a crash and after it alike. cash_note_judge is pure: the
 * same rules decide in the middle of a payment and at a start, and README.md lists them.
 */
#pragma once
#include "drivers/cash_acceptor/cash_acceptor.h"
#include "store/journal.h"
#include <stdbool.h>
#include <stdint.h>

enum cash_note_state {
    CASH_NOTE_NONE,
    CASH_NOTE_ESCROWED, /* told to stack, or about to be: where it is, is not proved yet */
    CASH_NOTE_CREDITED,
    CASH_NOTE_RETURNED,
    CASH_NOTE_UNKNOWN,
};

/* Who says so; the member "by" of the entries. */
enum cash_claim_kind {
    CASH_CLAIM_STACKED,  /* the credit event */
    CASH_CLAIM_IN_BOX,   /* found at the device's start: cleared into the box */
    CASH_CLAIM_IN_FRONT, /* found at the device's start: given out at the front */
    CASH_CLAIM_RETURNED, /* given back */
    CASH_CLAIM_FRAUD,    /* manipulated */
    CASH_CLAIM_COUNTER,  /* no event came; the device's counter of stacked notes is all there is */
    CASH_CLAIM_GIVEN_UP, /* nobody says anything: the device did not come back in time */
    CASH_CLAIMS,
};
const char *cash_claim_name(enum cash_claim_kind kind);

struct cash_note {
    enum cash_note_state state;
    enum cash_claim_kind by;
    char txn[JOURNAL_TXN_SIZE];
    char serial[DEVICE_SERIAL_SIZE];
    int64_t value_fen;
    int64_t escrow_fen; /* of an UNKNOWN that was in escrow: the value it then had; else 0 */
    int64_t stacked;    /* the device's counter as the books explain it: with this note once in_box,
                           else without it; -1 not known */
    bool in_box;
    bool has_successor; /* as loaded: another payment was accepted after it */
};

struct cash_claim {
    enum cash_claim_kind kind;
    int64_t value_fen; /* 0: not known */
    bool by_order;     /* the device takes in only what it was told to (cash_acceptor.h) */
    enum cash_reject_reason reason;
    char serial[DEVICE_SERIAL_SIZE]; /* the device's; empty: not known */
    int64_t counter;                 /* its counter of stacked notes as last read; -1 not known */
    bool counter_is_fresh;           /* read after the last note went into escrow */
    int64_t expected;                /* the counter that the books explain; -1 not known */
    bool moved_on;                   /* the device has taken up another note since the last booking,
                                        so it has no unacknowledged event of that one */
    bool heard_moved_on;             /* … already when this was heard */
    bool transaction_is_open;        /* of the last note's txn */
    bool is_final;                   /* do not answer WAIT */
    bool seen_live;                  /* within the payment, the device never left */
    char txn[JOURNAL_TXN_SIZE];      /* of the payment under way; empty: none */
    bool has_parting;                /* the device went away before this could be judged … */
    bool parting_is_fresh;
    uint32_t parting_counter; /* … and this was its last reading */
    bool about_other;         /* of a note that came while the last one was unresolved and
                                 that never reached the books */
};

enum cash_verdict_kind {
    CASH_VERDICT_NOTHING, /* already booked, or nothing to book */
    CASH_VERDICT_WAIT,    /* the counter will tell; keep the claim until it is read */
    CASH_VERDICT_CREDIT,
    CASH_VERDICT_RETURN,
    CASH_VERDICT_UNKNOWN,
};

struct cash_verdict {
    enum cash_verdict_kind kind;
    enum cash_claim_kind by;
    char txn[JOURNAL_TXN_SIZE];
    char serial[DEVICE_SERIAL_SIZE];
    int64_t value_fen, escrow_fen;
    int64_t stacked; /* as in struct cash_note */
    bool in_box;     /* the note is in the box and must be counted there */
    bool recovered;
    const char *why; /* a fixed word */
};

void cash_note_judge(const struct cash_note *last, const struct cash_claim *claim,
                     struct cash_verdict *out);

/* How far counter a is ahead of b, over the wrap at 2^32. Requires both known. */
int32_t cash_counter_ahead(int64_t a, int64_t b);

/* Finds the last note entry. STATUS_OK also when there is none; else the journal's errors. */
NODISCARD enum status cash_note_load(struct journal *journal, struct cash_note *out);

/* Appends note_escrowed and remembers it in *last. The journal's errors. */
NODISCARD enum status cash_note_append_escrow(struct journal *journal, const char *txn,
                                              int64_t value_fen, const char *serial,
                                              int64_t stacked, struct cash_note *last);

/* Appends what a verdict says and remembers it in *last. Requires: CREDIT, RETURN or UNKNOWN. */
NODISCARD enum status cash_note_append(struct journal *journal, const struct cash_verdict *verdict,
                                       struct cash_note *last);
