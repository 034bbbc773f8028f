/*
 * The day's root: one entry a day in which the kiosk signs, with a key of its own (Ed25519), how
 * far its journal goes and the hash of the last entry.
 *
 * Hashes alone prove that nobody changed an entry by halves; who has the file can make all of them
 * anew. The key is not in the journal, and the bureau keeps every root, so a journal made anew does
 * not fit its roots, nor a root made anew the bureau's.
 *
 * The signature covers this text, lines ended by \n:
 *   guichet day root 1 · kiosk · date (2026-11-23) · last_seq · hash (hex)
 */
#pragma once
#include "base/clock.h"
#include "store/journal.h"
#include <jansson.h>

#define JOURNAL_ROOT_SIGNATURE_BYTES 64
#define JOURNAL_ROOT_DATE_SIZE 11
#define JOURNAL_ROOT_KIOSK_SIZE 16

struct journal_root {
    char kiosk[JOURNAL_ROOT_KIOSK_SIZE];
    char date[JOURNAL_ROOT_DATE_SIZE]; /* the local day it was signed */
    int64_t last_seq;                  /* the entry before this one */
    uint8_t hash[JOURNAL_HASH_SIZE];   /* of that entry */
    uint8_t key[JOURNAL_ROOT_KEY_BYTES];
    uint8_t signature[JOURNAL_ROOT_SIGNATURE_BYTES];
};

struct journal_root_key {
    uint8_t public_key[JOURNAL_ROOT_KEY_BYTES];
    uint8_t secret_key[64];
};

/* Reads root.key (a seed, mode 0600) or makes it, and puts root.pub beside it for whoever checks.
 * STATUS_INVALID malformed, STATUS_DENIED mode too open or folder not writable, STATUS_IO. */
NODISCARD enum status journal_root_open_key(const char *path, struct journal_root_key *out);
void journal_root_close_key(struct journal_root_key *key); /* wipes */

/* Signs the journal as it stands now, in an entry. Errors of journal_append. */
NODISCARD enum status journal_root_append(struct journal *journal,
                                          const struct journal_root_key *key, const char *kiosk,
                                          const struct clock *clock);

/*
 * The same, at most once a local day and only if something was appended since the last one.
 * STATUS_OK also when there was nothing to do.
 */
NODISCARD enum status journal_root_append_daily(struct journal *journal,
                                                const struct journal_root_key *key,
                                                const char *kiosk, const struct clock *clock);

/* Reads the body of an entry. STATUS_INVALID it is no root. */
NODISCARD enum status journal_root_parse(const json_t *body, struct journal_root *out);
/* Is the signature that of root->key? Whether that is the kiosk's key is for the caller to know. */
bool journal_root_is_signed(const struct journal_root *root);
/* Does it name the entry before its own, and that one's hash? */
bool journal_root_fits(const struct journal_root *root, int64_t seq,
                       const uint8_t previous_hash[JOURNAL_HASH_SIZE]);
/* The newest root. STATUS_NOT_FOUND if none. */
NODISCARD enum status journal_root_find_last(struct journal *journal, struct journal_root *out);
/* The newest root before an entry; its own place is the one after .last_seq. */
NODISCARD enum status journal_root_find_before(struct journal *journal, int64_t seq,
                                               struct journal_root *out);
/*
 * The end of a day, at any hour: signs what was appended since the last root, were it of today.
 * STATUS_OK also when there is nothing.
 */
NODISCARD enum status journal_root_append_end(struct journal *journal,
                                              const struct journal_root_key *key, const char *kiosk,
                                              const struct clock *clock);
