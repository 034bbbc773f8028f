/*
 * Closing a payment: which months the money covers, what is over, and the durable entry that says
 * so. Pure arithmetic plus one append; also used at start for a payment a crash cut off.
 *
 * What settle_transaction reads is the body of quote_accepted, which whoever accepts a quote
 * writes:
 *
 *   { "account": "…", "person": "<hex>", "sealed": "<base64>",
 *     "due": 149200,                                  fen; the sum of months[].amount
 *     "months": [ {"month":"2026-11","amount":149200} ],   1..24, oldest first, no month twice
 *     "lines": [ {"month":"2026-11","insurance":"pension","code":"110","base":746000,
 *                 "rate":200000,"amount":149200,"account":59680} ],   for the bureau and the
 * receipt "policy": "310000-2026", "revision": 3, "surplus": "credit" }
 *
 * A line may also have "surcharge" (fen, on top of its amount), "grade" (its place in a list) and
 * "kind": "difference" (what is still to pay for a month that was paid by older figures). With
 * "whole": true the months are covered all or none. "area" is the id of the policy's area.
 *
 * Only "due", "months" and "whole" decide here; the other members pass through to the bureau.
 *
 * What it writes is payment_completed:
 *
 *   { "paid": 150000, "applied": 149200, "surplus": 800, "due": 149200, "outcome": "complete",
 *     "voucher": "…", "months": [ {"month":"2026-11","amount":149200} ] }     the months covered
 *
 * with the postings citizen → premium (applied) and citizen → surplus; or, when no note was
 * credited, payment_cancelled {"why": outcome}.
 */
#pragma once
#include "base/clock.h"
#include "plan/quote.h"
#include "store/journal.h"
#include "store/voucher.h"

/* Months are covered oldest first and only whole; the rest is surplus. */
struct settlement {
    int months_covered;
    int64_t paid_fen, applied_fen, surplus_fen;
};
void settle_compute(const int64_t *month_totals_fen, int months, int64_t paid_fen,
                    struct settlement *out);
/* All of them, or none. */
void settle_compute_whole(const int64_t *month_totals_fen, int months, int64_t paid_fen,
                          struct settlement *out);

/* A run of months, and as many whose difference is billed with it. */
#define SETTLE_MONTHS_MAX 24

/* Why the payment ended; the word in the entry is settle_outcome_name(). */
enum settle_outcome {
    SETTLE_COMPLETE,    /* inserted >= due */
    SETTLE_ENDED_EARLY, /* the citizen pays only what is in */
    SETTLE_TIMED_OUT,
    SETTLE_INTERRUPTED, /* crash, power loss, or the acceptor was lost */
    SETTLE_CANCELLED,   /* before the first note */
    SETTLE_OUTCOMES,
};
/* "complete", "ended_early", "timed_out", "interrupted", "cancelled". */
const char *settle_outcome_name(enum settle_outcome outcome);

struct settle_record {
    struct settlement sum;
    int64_t due_fen;
    int months;    /* in the quote; the first sum.months_covered of them are paid */
    bool is_whole; /* all of them or none: a year that is sold only as one */
    month_index month[SETTLE_MONTHS_MAX];
    int64_t month_fen[SETTLE_MONTHS_MAX];
    bool cancelled; /* no note was credited: payment_cancelled; there is no voucher */
    bool repeated;  /* it had been closed before; this is what was recorded then */
    char voucher[VOUCHER_SIZE];
    char outcome[24];
    int unknown_notes;   /* of this transaction, that could not be proved: a claim slip each */
    int64_t unknown_fen; /* their values, as far as known, of one that may be anywhere what it was
                            worth in escrow; not part of paid_fen */
    int64_t seq, at_ms;  /* of the closing entry */
    uint8_t hash[JOURNAL_HASH_SIZE];
};

/*
 * Closes txn with what its entries say. Safe to call again: a closed transaction gives back what
 * was recorded and appends nothing. region and device are six digits each (settings: region,
 * kiosk_id).
 *
 * Returns: STATUS_OK
 *          STATUS_NOT_FOUND  no quote_accepted of that transaction
 *          STATUS_BUSY       a note of it is in escrow or being looked for; wait for the cash flow
 *          STATUS_INVALID    its quote_accepted is malformed
 *          or the journal's errors; then nothing was closed, try again after journal_recheck.
 */
NODISCARD enum status settle_transaction(struct journal *journal, const char *txn,
                                         enum settle_outcome outcome, const char *region,
                                         const char *device, const struct clock *clock,
                                         struct settle_record *out);
