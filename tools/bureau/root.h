/*
 * The day's root of a kiosk (store/journal_root.h): is it signed with the key the kiosk has always
 * used, and does it name the journal that came?
 *
 * The first root, which comes over the kiosk's own certificate, tells the key; from then on no
 * other counts.
 */
#pragma once
#include "tools/bureau/booking.h"

NODISCARD enum status root_check(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry, struct booking_refusal *out);
/* Requires: root_check found no reason. */
NODISCARD enum status root_apply(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry);
