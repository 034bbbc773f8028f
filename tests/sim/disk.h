/*
 * The disks of the kiosk and of the bureau: a whole SQLite VFS in memory that knows what a power
 * cut would leave of a file.
 *
 * A write is seen by every reader at once and is safe only after the next sync of its file. At a
 * power cut each write since then is kept, lost or torn, each for itself, as a disk with a volatile
 * cache does. What a failed sync should have written is never safe by a later one (Linux marks such
 * pages clean), unless it is written again.
 *
 * Not simulated: a file that vanishes, bits that rot, more than one opening of a file.
 */
#pragma once
#include "sim/dice.h"
#include <stdbool.h>
#include <stddef.h>

enum disk_machine {
    DISK_KIOSK, /* files called …journal.db… */
    DISK_BUREAU,
    DISK_MACHINES,
};

enum disk_trouble {
    DISK_SOUND,
    DISK_FULL,  /* no write gets through */
    DISK_TEARS, /* half of a write gets through, then an error */
    DISK_SYNC_FAILS,
};

/* Asked before each write and sync. True: the machine dies here, and nothing it writes from then on
 * reaches the disk, until disk_revive. */
typedef bool disk_on_step(void *context, enum disk_machine machine);

/* Becomes SQLite's default VFS. Once in a process, before the first database is opened. */
void disk_install(void);

/* Two empty disks. */
void disk_reset(disk_on_step *on_step, void *context);

/* What lies on both disks now is what disk_load_template puts on empty ones. */
void disk_keep_template(void);
void disk_load_template(void);

void disk_set_trouble(enum disk_machine machine, enum disk_trouble trouble);
/* From here on nothing of this machine reaches its disk, though its program still winds up. */
void disk_kill(enum disk_machine machine);
/* The machine may write again. Requires: its files are closed. */
void disk_revive(enum disk_machine machine);
/* What was written and not synced is kept, lost or torn. Requires: its files are closed. */
void disk_lose_power(enum disk_machine machine, struct dice *dice);

/* Nothing of the write-ahead log is waiting for a sync: what was committed would survive. */
bool disk_is_synced(enum disk_machine machine);
/* What waits may be the rest of a commit that was refused: the disk has refused a write or a sync
 * of the log since the last good sync of it. */
bool disk_has_refused(enum disk_machine machine);
