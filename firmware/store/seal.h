/*
 * Personal data at rest: sealed for the bureau (libsodium sealed box to its X25519 key), so that a
 * stolen disk tells nothing, and a keyed hash (HMAC-SHA-256 under a key of this kiosk) for what the
 * kiosk must find again.
 *
 * Keys come from files of mode 0600 (bureau.pub: 32 bytes hex; person.key: 32 bytes hex, made on
 * first start).
 */
#pragma once
#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

#define SEAL_PLAIN_SIZE_MAX 2560 /* a person, or a signature as long as a field holds it */
#define SEAL_TEXT_SIZE (((SEAL_PLAIN_SIZE_MAX + 48) * 4 / 3) + 8) /* base64 of box + overhead */
#define SEAL_PERSON_HASH_SIZE 65

struct seal {
    uint8_t bureau_public_key[32];
    uint8_t person_key[32];
};

/* Reads both files; creates person.key if it is missing.
 * STATUS_NOT_FOUND bureau.pub is missing; STATUS_INVALID malformed; STATUS_DENIED mode too open. */
NODISCARD enum status seal_open(struct seal *seal, const char *bureau_public_path,
                                const char *person_key_path);
void seal_close(struct seal *seal); /* wipes */

/* Seals size bytes into base64 text. */
NODISCARD enum status seal_text(const struct seal *seal, const void *plain, size_t size, char *out,
                                size_t out_size);

/* Hex of HMAC(person_key, ID number). */
void seal_person_hash(const struct seal *seal, const char *id_number,
                      char out[SEAL_PERSON_HASH_SIZE]);
