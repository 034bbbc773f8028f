/*
 * Keys in files: 32 bytes as 64 hex digits, mode 0600. Logged once, here, by what the key is
 * called and never by what it is.
 */
#pragma once
#include "base/status.h"
#include <stdint.h>
#include <sys/types.h>

#define KEY_FILE_BYTES 32

/* refused_mode: permission bits that make the file untrustworthy.
 * STATUS_OK, STATUS_NOT_FOUND (not logged), STATUS_DENIED, STATUS_INVALID no key is in it. */
NODISCARD enum status key_file_read(const char *path, const char *what, mode_t refused_mode,
                                    uint8_t key[KEY_FILE_BYTES]);
/* Makes a random key and the file for it. STATUS_OK it is on the disk, STATUS_DENIED, STATUS_IO. */
NODISCARD enum status key_file_create(const char *path, const char *what,
                                      uint8_t key[KEY_FILE_BYTES]);
/* The file for a key that exists already, anew if it is there. */
NODISCARD enum status key_file_write(const char *path, const char *what, mode_t mode,
                                     const uint8_t key[KEY_FILE_BYTES]);
/* Logs that a key cannot be used, and gives status back. */
enum status key_file_refuse(const char *what, enum status status);
