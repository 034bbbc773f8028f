/*
 * Who signed a policy file: two people with two keys, the author and the approver.
 *
 * X.policy is signed in X.policy.sig, one line a signature:
 *
 *     author a.zhao 2026-09-01 <128 hex digits>
 *     approver b.qian 2026-09-02 <128 hex digits>
 *
 * Each is Ed25519 over "guichet-policy-1\n" role "\n" name "\n" date "\n" and the exact bytes of
 * the file. Whose keys count is in the key registry, one line a key:
 *
 *     a.zhao author <64 hex digits>
 *     b.qian approver <64 hex digits> revoked 2026-10-01
 *
 * A revoked key signs no new file; a file that was installed before stays good if the signature is
 * older than the revocation. In both files a line that begins with # is a comment.
 *
 * Errors are reported as in a policy file: "file:line: E12 what", or E13 for an impossible date.
 */
#pragma once
#include "base/status.h"
#include "plan/policy.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNATURE_KEYS_MAX 32
#define SIGNATURE_FILE_BYTES_MAX 4096
#define SIGNATURE_PUBLIC_BYTES 32
#define SIGNATURE_SEED_BYTES 32 /* what a person's secret key file holds (store/key_file.h) */
#define SIGNATURE_LINE_SIZE 256
#define SIGNATURE_DATE_SIZE 11

enum signature_role {
    SIGNATURE_AUTHOR,
    SIGNATURE_APPROVER,
    SIGNATURE_ROLES,
};
const char *signature_role_name(enum signature_role role);

struct signature_key {
    char name[32];
    enum signature_role role;
    uint8_t public_key[SIGNATURE_PUBLIC_BYTES];
    char revoked[SIGNATURE_DATE_SIZE]; /* "" : it is not */
};

struct signature_keys {
    struct signature_key items[SIGNATURE_KEYS_MAX];
    int count;
};

/* STATUS_OK, or STATUS_INVALID after every bad line was reported; out is empty then. */
NODISCARD enum status signature_keys_parse(const char *file, const char *bytes, size_t size,
                                           policy_on_error *on_error, void *context,
                                           struct signature_keys *out);
/* Also STATUS_NOT_FOUND, STATUS_IO. */
NODISCARD enum status signature_keys_load(const char *path, policy_on_error *on_error,
                                          void *context, struct signature_keys *out);

struct signature_check {
    const char *file; /* the name of the signature file, for messages */
    const struct policy *policy;
    const void *policy_bytes;
    size_t policy_size;
    const struct signature_keys *keys;
    const char *date_max; /* no signature is from later: today and a clock's error. NULL: any */
    bool is_new;          /* not yet installed here: no key may be revoked */
};

/* STATUS_OK: both are there and good. STATUS_DENIED: every fault was reported (E12, E13). */
NODISCARD enum status signature_verify(const struct signature_check *check, const char *bytes,
                                       size_t size, policy_on_error *on_error, void *context);

/* The line for the signature file, with its line end. */
void signature_make(enum signature_role role, const char *name, const char *date,
                    const void *policy_bytes, size_t policy_size,
                    const uint8_t seed[SIGNATURE_SEED_BYTES], char out[SIGNATURE_LINE_SIZE]);
void signature_public_key(const uint8_t seed[SIGNATURE_SEED_BYTES],
                          uint8_t out[SIGNATURE_PUBLIC_BYTES]);
