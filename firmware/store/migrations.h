/*
 * The schema of the journal file, as SQL compiled in. Append-only: a released migration never
 * changes, for kiosks in the field have applied it.
 */
#pragma once

extern const char *const JOURNAL_MIGRATIONS[];
extern const int JOURNAL_MIGRATION_COUNT;
