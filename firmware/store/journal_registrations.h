/*
 * The registrations made at this kiosk, found by whose they are (keyed hash), and what the bureau
 * made of them.
 *
 * Threads: main loop, as the journal.
 */
#pragma once
#include "base/month.h"
#include "store/journal_payments.h"

struct journal_registration {
    int64_t seq;
    int64_t at_ms; /* wall */
    char account[JOURNAL_NUMBER_SIZE];
    char txn[JOURNAL_TXN_SIZE];         /* on the slip of that visit */
    bool is_acked;                      /* the bureau has it */
    char rejected[JOURNAL_REASON_SIZE]; /* why the bureau set it aside; empty */
};

/* The newest of a person. STATUS_NOT_FOUND if none, or the journal's errors. */
NODISCARD enum status journal_find_registration(struct journal *journal, const char *person_hash,
                                                struct journal_registration *out);

/* All of the kiosk, oldest first; with rejected_only those that the bureau set aside. */
typedef void journal_registration_fn(void *context,
                                     const struct journal_registration *registration);
NODISCARD enum status journal_list_registrations(struct journal *journal, bool rejected_only,
                                                 journal_registration_fn *tell, void *context);

/* From which month each insurance (AAE140) was registered, in the newest registration of a person
 * that was not set aside. Tells nothing if there is none. */
typedef void journal_start_fn(void *context, const char *code, month_index month);
NODISCARD enum status journal_list_starts(struct journal *journal, const char *person_hash,
                                          journal_start_fn *tell, void *context);
