/*
 * The commands of guichetctl; each returns the exit code: 0 well, 1 a finding, 2 wrong usage.
 */
#pragma once

int command_journal_verify(const char *path);
int command_journal_show(const char *path, const char *txn); /* txn NULL: all */
