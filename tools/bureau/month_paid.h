/*
 * Each month of an account is paid once, whichever kiosk took the money, and each difference once.
 *
 * A kiosk that cannot reach the bureau knows only what it took itself; so the same month may come
 * from two of them. The first that arrives counts, the other is set aside as a whole with its notes
 * on "citizen", until staff has settled it with the holder of the slip.
 */
#pragma once
#include "tools/bureau/booking.h"

/*
 * entry: a payment_completed whose visit is of the account. Of the lines of its quote, those whose
 * month the money covered; a difference is known by its month and the policy's revision.
 *
 * out->reason: "month_paid" with the month and the insurance's code as detail, or unchanged.
 */
NODISCARD enum status month_paid_check(struct bureau_store *store, const char *kiosk,
                                       const struct bureau_entry *entry, const char *account,
                                       struct booking_refusal *out);

/* Requires: month_paid_check found none. */
NODISCARD enum status month_paid_apply(struct bureau_store *store, const char *kiosk,
                                       const struct bureau_entry *entry, const char *account);
