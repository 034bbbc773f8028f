/*
 * Closing a payment: which months the money covers, what is over, and the durable entry that says so.
 * Pure arithmetic plus one append; also used at start for a payment a crash cut off.
 */
#pragma once
#include "plan/quote.h"
#include "store/journal.h"

#define VOUCHER_SIZE 40

/* Months are covered oldest first and only whole; the rest is surplus. */
struct settlement {
    int months_covered;
    int64_t paid_fen, applied_fen, surplus_fen;
};
void settle_compute(const int64_t *month_totals_fen, int months, int64_t paid_fen,
                    struct settlement *out);

/*
 * The kiosk's slip number: region(6) device(6) date(8) serial(6) check(1), digits only
 * (reference: policy.md §4.4); check is the Luhn digit.
 */
void voucher_format(const char *region, const char *device, int32_t date_yyyymmdd, int64_t serial,
                    char out[VOUCHER_SIZE]);
bool voucher_is_valid(const char *voucher);
