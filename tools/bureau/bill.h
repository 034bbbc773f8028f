/*
 * The bill in a quote_accepted (firmware/payment/settle.h): months with their sums, and the lines
 * they are made of.
 */
#pragma once
#include "tools/bureau/entry.h"

/*
 * Whether months and lines are one bill: every line belongs to a month of it, each month is the sum
 * of its lines with their surcharges, all of them are what is due, no insurance has a month twice.
 * A difference is not a second payment of its month: it is of a kind of its own and never stands
 * beside the month itself. A quote without lines has none to be wrong.
 */
bool bill_is_sound(const struct bureau_entry *entry);

/* Whether a month ("2026-11") is one of those that a payment_completed says were covered. */
bool bill_covers(const json_t *months, const char *month);
