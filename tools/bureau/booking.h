/*
 * What an entry means to the bureau: may it be booked, and the booking.
 *
 * An entry that may not be booked is kept in the chain, goes to the dead letters with its reason,
 * and does not block those behind it. What hangs on it follows it there: a quote whose account was
 * not registered, and the payment of a quote that was not booked. The notes of such a visit are
 * booked all the same, for they lie in the box; their value stays on "citizen" until staff has
 * settled it, and is never anybody else's.
 */
#pragma once
#include "tools/bureau/entry.h"
#include "tools/bureau/store.h"

struct booking_refusal {
    /*
     * NULL if the entry may be booked, else a fixed word (staff reads dead_letter_remedy):
     *   any entry          body_not_json, unknown_kind, bad_posting, postings_not_allowed
     *   registered         number_not_leased, number_taken, person_known, person_unreadable, or
     *                      the word of a refusal: identity, those of claim.h (by the policy), and
     *                      marks of standing.h
     *   quote_accepted     bad_quote, account_unknown, account_of_another, already_quoted,
     *                      already_paid
     *   note_credited      note_not_booked, visit_closed
     *   note_unknown       note_not_booked
     *   payment_completed  visit_unknown, voucher_taken, already_paid, visit_closed, bad_sum,
     *                      voucher_invalid, month_paid
     *   payment_cancelled  already_paid, bad_sum
     *   day_root           bad_root, root_not_signed, root_key_changed
     */
    const char *reason;
    /* person_known: the account; month_paid: "2026-11 110". For staff, never for a kiosk. */
    char detail[JOURNAL_NUMBER_SIZE];
};

NODISCARD enum status booking_check(struct bureau_store *store, const char *kiosk,
                                    const struct bureau_entry *entry, struct booking_refusal *out);

/* Requires: booking_check found no reason. */
NODISCARD enum status booking_apply(struct bureau_store *store, const char *kiosk,
                                    const struct bureau_entry *entry);
