/*
 * What the entries add up to: balances, notes in the box, visits, persons, number blocks, paid
 * months, papers owed, the last voucher number, payments and what the bureau set aside.
 *
 * The same code runs at append and at rebuild, so a projection is a function of the entries alone.
 * Runs inside the caller's database transaction.
 */
#pragma once
#include "base/status.h"
#include "store/db.h"
#include "store/journal.h"
#include <jansson.h>
#include <stdint.h>

struct projector {
    struct db *db;
    struct db_statement *tally_add, *tally_set, *tally_day, *tally_get;
    struct db_statement *visit_begin, *visit_quote, *visit_close;
    struct db_statement *person_add, *person_learn, *block_add, *block_use;
    struct db_statement *quoted_add, *quoted_pay, *quoted_drop;
    struct db_statement *slip_owe, *slip_set, *slip_find;
    struct db_statement *payment_add, *rejected_add, *registration_add, *registration_undo;
    char known_txn[JOURNAL_TXN_SIZE]; /* its visit has begun; forgotten on rollback */
    bool forgives_gaps;  /* at rebuild: kiosks drew voucher numbers ahead of their entries once */
    const char *refusal; /* after STATUS_INVALID: why, where that is worth a word; else NULL */
};

NODISCARD enum status projector_open(struct projector *projector, struct db *db);
void projector_close(struct projector *projector);

/* at_ms is the entry's wall time; body its body parsed, "post" and "box" included. STATUS_INVALID,
 * STATUS_EXISTS or the database's errors; the caller rolls back. */
NODISCARD enum status projector_apply(struct projector *projector, int64_t seq, int64_t at_ms,
                                      const char *txn, const char *kind, const json_t *body);

/* The transaction it worked in was rolled back. */
void projector_forget(struct projector *projector);

struct projection_table {
    const char *name;
    const char *key; /* columns that tell its rows apart */
};
extern const struct projection_table PROJECTION_TABLES[];
extern const int PROJECTION_TABLE_COUNT;
