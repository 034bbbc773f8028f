/*
 * One person, one account: who a sealed registration is about, without keeping who it is.
 *
 * The tag is HMAC-SHA-256 of the ID number under a key that follows from the sealing key; whoever
 * has the bureau's file but not that key can neither read it nor try ID numbers against it.
 */
#pragma once
#include "tools/bureau/sealing.h"
#include "tools/bureau/store.h"

#define PERSON_TAG_SIZE 65

struct person_key {
    struct sealing_key sealing;
    uint8_t tag_key[32];
};

/* From bureau.key of that folder; the errors of sealing_read_key. */
NODISCARD enum status person_read_key(const char *folder, struct person_key *out);
void person_wipe_key(struct person_key *key);

/* sealed is the text of an entry. STATUS_DENIED it was not sealed for this key, STATUS_INVALID it
 * is no sealed text or names no ID number. */
NODISCARD enum status person_compute_tag(const struct person_key *key, const char *sealed,
                                         char out[PERSON_TAG_SIZE]);

/*
 * The same for a question. What a kiosk seals for one says so ("ask":"payments"): what lies sealed
 * in a journal, which may be stolen with its disk, opens nobody's record.
 */
#define PERSON_ASK_PAYMENTS "payments"
#define PERSON_ASK_REGISTRATION "registration"
NODISCARD enum status person_compute_asked_tag(const struct person_key *key, const char *sealed,
                                               const char *ask, char out[PERSON_TAG_SIZE]);

/* Of an ID number somebody at the bureau names; a small x counts as X. */
void person_tag_number(const struct person_key *key, const char *number, char out[PERSON_TAG_SIZE]);

/*
 * Looks once more at what a registration seals: ID number (GB 11643, born by the day of at_ms),
 * birth and sex as it says them (*out), a mobile number. One from before those were sealed (no
 * "birth") holds. False: it does not hold. Requires a text person_compute_tag takes.
 */
struct person_facts {
    int sex; /* GB/T 2261.1; 0 not said */
    int32_t birth;
};
bool person_is_sound(const struct person_key *key, const char *sealed, int64_t at_ms,
                     struct person_facts *out);

/* Tags the citizens booked while the bureau had no key. One who has an account already stays
 * without a tag, which is logged. Requires: store->person_key. */
NODISCARD enum status person_tag_citizens(struct bureau_store *store);
