/*
 * What the policy commands share: a file with its bytes, a person's secret key, the day.
 */
#pragma once
#include "plan/policy.h"
#include "rulebook/signature.h"
#include <stddef.h>

struct policy_file {
    char *bytes;
    size_t size;
    struct policy *policy;
};

/* Prints every error and warning. replaced: the file it follows, NULL not asked. STATUS_INVALID
 * when an error was printed. */
NODISCARD enum status policy_tool_load(const char *path, const char *replaced, int *warnings_out,
                                       struct policy_file *out);
void policy_tool_free(struct policy_file *file);

/* The local day, "2026-11-30". */
void policy_tool_today(char out[SIGNATURE_DATE_SIZE]);

/* <folder>/<name>.key, mode 0600: STATUS_EXISTS one is there already. */
NODISCARD enum status policy_tool_make_key(const char *folder, const char *name,
                                           char public_hex[2 * SIGNATURE_PUBLIC_BYTES + 1]);
NODISCARD enum status policy_tool_read_seed(const char *path, uint8_t seed[SIGNATURE_SEED_BYTES]);
