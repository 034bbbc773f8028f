/*
 * The day's root of a kiosk (store/journal_root.h): is it signed with the key the kiosk has always
 * used, and does it name the journal that came?
 *
 * The first root, which comes over the kiosk's own certificate, tells the key; from then on no
 * other counts until two people have accepted it.
 */
#pragma once
#include "store/journal_root.h"
#include "tools/bureau/booking.h"

NODISCARD enum status root_check(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry, struct booking_refusal *out);
/* Requires: root_check found no reason. */
NODISCARD enum status root_apply(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry);

#define ROOT_NAME_SIZE 65
#define ROOT_WHY_SIZE 257

/* Why another key counts from now on. Two people answer for it. */
struct root_acceptance {
    const char *accepted_by, *confirmed_by; /* not empty, and not the same */
    const char *why;                        /* not empty */
    int64_t at_ms;                          /* wall */
};

/*
 * From now on this key counts for the kiosk's roots, and no other; kept with the key before it.
 * Roots that were set aside stay so. A server may be running on the same books.
 *
 * Returns: STATUS_OK; STATUS_INVALID a name or the reason is missing or too long, or both names are
 *          the same; STATUS_NOT_FOUND no such kiosk; STATUS_EXISTS the key counts already; or the
 *          store's errors.
 */
NODISCARD enum status root_accept_key(struct bureau_store *store, const char *kiosk,
                                      const uint8_t key[JOURNAL_ROOT_KEY_BYTES],
                                      const struct root_acceptance *acceptance);
