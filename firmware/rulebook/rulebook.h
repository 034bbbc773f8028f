/*
 * The policy files of this kiosk: which one is in force, what may replace it, and every one there
 * ever was, so that an old receipt can be worked out again.
 *
 * What came with the installation lies in policy_dir; what came since, and a copy of what was in
 * force, lies in a folder of the kiosk's own as <region>-r<revision>-<hash>.policy with its .sig.
 * A file is written aside, made durable and renamed: one that is there is whole. A bad file never
 * replaces a good one, and no revision replaces a higher one (the highest seen is a fact of the
 * journal, so that removing files does not turn time back).
 *
 * With a key registry every file needs the signatures of author and approver. Without one a
 * development kiosk reads what is installed unsigned, and takes nothing from the bureau; a
 * production kiosk has no policy at all.
 *
 * Threads:   main loop. Ownership: policies that are returned are the caller's (policy_free).
 * Errors:    every fault of a file is logged as "file:line: Enn what".
 */
#pragma once
#include "base/clock.h"
#include "plan/policy.h"
#include "rulebook/signature.h"
#include "store/journal.h"
#include <stdbool.h>
#include <stddef.h>

#define RULEBOOK_PATH_SIZE 320
#define RULEBOOK_CLOCK_ERROR_DAYS 1 /* a clock that is wrong by more is a fault of its own */

struct rulebook_config {
    const char *folder;    /* the kiosk's own; made if it is not there */
    const char *shipped;   /* policy_dir */
    const char *region;    /* six digits */
    const char *keys_path; /* the key registry; "" none */
    bool production;
};

struct rulebook {
    char folder[RULEBOOK_PATH_SIZE], shipped[RULEBOOK_PATH_SIZE], region[8];
    char keys_path[RULEBOOK_PATH_SIZE];
    bool needs_signatures;
    struct signature_keys keys;
    struct rulebook_stamp {
        int64_t file_ns, signature_ns, keys_ns, size;
    } stamp; /* of what is installed by hand, when it was last read */
    const struct clock *clock;
    struct journal *journal;
};

/* The strings of config are copied; clock and journal must outlive the rulebook. */
void rulebook_open(struct rulebook *rulebook, const struct rulebook_config *config,
                   const struct clock *clock, struct journal *journal);

/* The policy in force; NULL if no file is good. Reads the registry too: one that cannot be read has
 * no keys, so that nothing is good. */
struct policy *rulebook_load(struct rulebook *rulebook);

/* Whether policy, signatures or registry are other files than at the last rulebook_load: somebody
 * corrected them. */
bool rulebook_has_changed(const struct rulebook *rulebook);

/* A file from the bureau, as it came. */
struct rulebook_offer {
    int revision;     /* as the bureau says; only for the journal if the file cannot be read */
    const char *text; /* of the policy */
    size_t size;
    const char *signatures;
    size_t signatures_size;
};

enum rulebook_verdict {
    RULEBOOK_INSTALLED, /* durable and journaled (policy_installed); the new policy is returned */
    RULEBOOK_REFUSED,   /* journaled with its codes (policy_refused) */
    RULEBOOK_KNOWN,     /* the same bytes were refused before on this day; nothing was written */
    RULEBOOK_FAILED,    /* the disk or the journal refused; to be tried again */
};

/* in_force: what it would replace, NULL none. *policy_out is set only for RULEBOOK_INSTALLED. */
enum rulebook_verdict rulebook_take(struct rulebook *rulebook, const struct policy *in_force,
                                    const struct rulebook_offer *offer, struct policy **policy_out);

/* The revision above which the bureau is asked for a file. */
int rulebook_revision(const struct rulebook *rulebook, const struct policy *in_force);

/* An earlier revision, as a receipt names it. STATUS_OK; STATUS_NOT_FOUND no such file is here;
 * STATUS_CORRUPT it is not the file it was. */
NODISCARD enum status rulebook_load_revision(const struct rulebook *rulebook, int revision,
                                             const char *sha256, struct policy **out);
