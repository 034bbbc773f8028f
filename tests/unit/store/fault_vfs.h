/*
 * A disk that fails on order: SQLite's own VFS, where the n-th write or flush from now is refused.
 */
#pragma once
#include <stdbool.h>

enum fault_kind {
    FAULT_WRITE_FULL, /* the write reaches nothing: SQLITE_FULL */
    FAULT_WRITE_TORN, /* half of it reaches the file: SQLITE_IOERR_WRITE */
    FAULT_SYNC,       /* the flush is refused: SQLITE_IOERR_FSYNC */
};

/* Becomes the default VFS; for files opened from now on. */
void fault_vfs_install(void);

/* Every operation of that kind fails from the n-th on (1: the next), until fault_vfs_heal. */
void fault_vfs_arm(enum fault_kind kind, int n);
void fault_vfs_heal(void);
bool fault_vfs_has_fired(void);

/* Flushes since the last call. */
int fault_vfs_take_syncs(void);
