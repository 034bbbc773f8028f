/*
 * The bureau's own half of store/seal.h: the key pair kiosks seal personal data for.
 */
#pragma once
#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

#define SEALING_KEY_SIZE 32

struct sealing_key {
    uint8_t public_key[SEALING_KEY_SIZE], secret_key[SEALING_KEY_SIZE];
};

/* Writes bureau.pub and bureau.key (hex, 0600) unless bureau.key is there; then it writes
 * bureau.pub anew from it. */
NODISCARD enum status sealing_make_key(const char *folder);

NODISCARD enum status sealing_read_key(const char *folder, struct sealing_key *out);
void sealing_wipe_key(struct sealing_key *key);

/* plain_out needs room for the text's length; size_out excludes the terminator it adds.
 * STATUS_INVALID not base64 or too short, STATUS_DENIED not sealed for this key. */
NODISCARD enum status sealing_open_text(const struct sealing_key *key, const char *text,
                                        char *plain_out, size_t plain_size, size_t *size_out);
