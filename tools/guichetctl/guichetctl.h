/*
 * The commands of guichetctl; each returns the exit code: 0 well, 1 a finding, 2 wrong usage.
 */
#pragma once

/* root_key_path: the kiosk's root.pub; NULL: the roots must only agree among themselves. */
int command_journal_verify(const char *path, const char *root_key_path);
/* Two of: a journal, a bureau's file, a device's counters as JSON (explain.h). 1 if anything needs
 * somebody. */
int command_journal_explain(const char *path_a, const char *path_b);
/* What waits for people; code NULL: all. 1 too if nothing has the code. */
int command_journal_doubtful(const char *path, const char *code);
int command_journal_show(const char *path, const char *txn); /* txn NULL: all */

/*
 * Sets side by side what was physically paid (virtual hardware at sim_socket; NULL: not known),
 * what the journal says and what the bureau's ledger says. 1 if anything differs.
 */
int command_report(const char *journal_path, const char *bureau_db, const char *sim_socket);

/*
 * What the code on a slip states and whether it is signed; text: the code's text, a file of it or
 * "-". key_path: the kiosk's root.pub; bureau_db: the bureau's file, for the key and for what its
 * books say; both may be NULL.
 */
int command_receipt_verify(const char *text, const char *key_path, const char *bureau_db);

/* Every slip number a journal has used and what became of it. 1 if one is missing. */
int command_receipt_list(const char *journal_path);

/* Prints every error of a policy file as a kiosk would. */
int command_policy(const char *path);
