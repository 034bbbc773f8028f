/*
 * The commands of guichetctl; each returns the exit code: 0 well, 1 a finding, 2 wrong usage.
 */
#pragma once
#include "rulebook/signature.h"
#include <stdbool.h>

/* root_keys: each the path of a root.pub of this kiosk, with "@FIRST-" or "@FIRST-LAST" after it if
 * its roots count among those entries only. None: the roots must only agree among themselves. */
#define ROOT_KEYS_MAX 16
int command_journal_verify(const char *path, const char *const *root_keys, int root_key_count);
/* Two of: a journal, a bureau's file, a device's counters as JSON (explain.h). 1 if anything needs
 * somebody. */
int command_journal_explain(const char *path_a, const char *path_b);
/* What waits for people; code NULL: all. 1 too if nothing has the code. */
int command_journal_doubtful(const char *path, const char *code);
/* 1 with rejected_only if there are any. */
int command_journal_registrations(const char *path, bool rejected_only);
int command_journal_show(const char *path, const char *txn); /* txn NULL: all */

/*
 * Sets side by side what was physically paid (virtual hardware at sim_socket; NULL: not known),
 * what the journal says and what the bureau's ledger says. 1 if anything differs.
 */
int command_report(const char *journal_path, const char *bureau_db, const char *sim_socket);

/* policy_command.c. Prints every error of a policy file as a kiosk would; replaced: the file it
 * must follow (E09, E10), NULL not asked. */
int command_policy_lint(const char *path, const char *replaced);
int command_policy_verify(const char *path, const char *keys_path);
/* confirms: warnings are meant; only the approver needs it. */
int command_policy_sign(const char *path, enum signature_role role, const char *key_path,
                        bool confirms);
/* Prints the line for the key registry. */
int command_policy_make_key(const char *folder, const char *name, enum signature_role role);

/* policy_quote.c: options --month --months --base --grade --insurance --area --today. */
int command_policy_quote(int argc, char **argv);

/* policy_recheck.c: 1 if a quote of the journal cannot be had again from the files of a folder. */
int command_policy_recheck(const char *journal_path, const char *folder);

/* policy_diff.c: 1 if a payer would notice. */
int command_policy_diff(const char *old_path, const char *new_path);
/*
 * What the code on a slip states and whether it is signed; text: the code's text, a file of it or
 * "-". key_path: the kiosk's root.pub; bureau_db: the bureau's file, for the key and for what its
 * books say; both may be NULL.
 */
int command_receipt_verify(const char *text, const char *key_path, const char *bureau_db);

/* Every slip number a journal has used and what became of it. 1 if one is missing. */
int command_receipt_list(const char *journal_path);
