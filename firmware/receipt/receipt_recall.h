/*
 * What a slip said, kept in the journal: so that a copy says the very same, years later and
 * whatever has become of policy, place and key meanwhile.
 *
 * The first "composed" entry of a voucher holds all that was printed as its member "slip". Of the
 * person that is what the paper shows: masked name, masked ID, account number. What is sealed for
 * the bureau the kiosk cannot read and does not need.
 */
#pragma once
#include "receipt/receipt.h"
#include "store/journal.h"
#include <jansson.h>

/* "payment" …: how the journal calls the paper. */
const char *receipt_paper_name(enum receipt_kind kind);

/* The member "slip". NULL when out of memory. */
json_t *receipt_recall_write(const struct receipt_facts *facts);
/* Fills all but kind, voucher, txn and copy, which the entry tells itself. False: malformed. */
bool receipt_recall_read(const json_t *slip, struct receipt_facts *out);

/*
 * The facts of a slip that was composed before: same number, same statement, same sums. out->copy
 * is the count of the next print of this number (0: it was never sent to a printer, so the next
 * print is the original), and out->is_recorded keeps the flow from writing it all down again. Print
 * it with receipt_flow_print, after which bytes_wipe *out.
 *
 * txn and voucher are those of the payment_completed or receipt_state that names the voucher.
 *
 * Returns: STATUS_OK
 *          STATUS_NOT_FOUND  no slip of that voucher was composed in that transaction
 *          STATUS_CORRUPT    what was kept cannot be read
 *          or the journal's errors.
 */
NODISCARD enum status receipt_recall(struct journal *journal, const char *txn, const char *voucher,
                                     struct receipt_facts *out);
