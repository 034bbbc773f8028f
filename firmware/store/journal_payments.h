/*
 * The payments taken at this kiosk, found by who paid (keyed hash) or by the number of the slip,
 * and how far each has come on its way to the bureau.
 *
 * Threads: main loop, as the journal. Times are wall ms; 0 means not yet, or from before this
 * program kept them.
 */
#pragma once
#include "store/journal.h"

#define JOURNAL_REASON_SIZE 48

struct journal_payment {
    int64_t seq; /* of payment_completed */
    char txn[JOURNAL_TXN_SIZE];
    char voucher[40];
    char person[65];                    /* keyed hash, hex */
    int64_t sent_ms;                    /* first put on the wire */
    int64_t acked_ms;                   /* the bureau said that it has it */
    bool is_acked;                      /* the same, also without a time */
    char rejected[JOURNAL_REASON_SIZE]; /* why the bureau set it aside; empty */
};

typedef bool journal_on_payment(void *context, const struct journal_payment *payment);

/* Newest first, at most count_max; stops early when on_payment returns false. */
NODISCARD enum status journal_list_payments(struct journal *journal, const char *person_hash,
                                            int count_max, journal_on_payment *on_payment,
                                            void *context);

/* STATUS_NOT_FOUND: no payment with that number was taken here. */
NODISCARD enum status journal_find_payment(struct journal *journal, const char *voucher,
                                           struct journal_payment *out);

/* The entries of its visit, up to and with the one that closed it. */
NODISCARD enum status journal_read_payment(struct journal *journal,
                                           const struct journal_payment *payment,
                                           journal_on_entry *on_entry, void *context);

/* The entries up to last_seq are about to be sent. A failure costs only the date: it is told, and
 * nothing hangs on it. */
NODISCARD enum status journal_note_sent(struct journal *journal, int64_t first_seq,
                                        int64_t last_seq);
