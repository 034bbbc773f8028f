/*
 * Inside of the journal, for the files of this folder only.
 *
 * A write that the disk refuses leaves memory as it was, sets fault and rolls back. Whether a
 * commit whose flush failed will be found after a power loss is not knowable; the next successful
 * write overwrites its WAL frames, and journal_recheck is such a write.
 */
#pragma once
#include "store/db.h"
#include "store/journal.h"
#include "store/journal_projection.h"

#define TALLY_ACCOUNT "account/"
#define TALLY_UNIT "unit/"
#define TALLY_BOX_NOTES "box/notes"  /* since it was last taken out */
#define TALLY_DAY "day/date"         /* of the last cash, YYYYMMDD … */
#define TALLY_DAY_CASH "day/cash"    /* … and what came in on it */
#define TALLY_VOUCHER "voucher/last" /* the last serial that was used up; no row: none yet */

/* An account number is the block's prefix and eight digits. */
#define NUMBER_PREFIX_LENGTH_MAX 16
#define NUMBER_MAX 99999999
#define SQL_NEXT_BLOCK "SELECT min(seq) FROM number_block WHERE used < count"
#define SQL_NEXT_NUMBER "printf('%s%08d', prefix, first + used)"

/* Of a receipt's states those after which something is still to be done. The same words in index
 * and query, or SQLite does not use the index. */
#define SQL_SLIP_IS_OPEN "state IN ('due', 'composed', 'sending', 'held')"
#define FACT_REBUILD "rebuild" /* a migration added projections */
#define FACT_ACKED_SEQ "acked_seq"

struct journal {
    struct db *db;
    const struct clock *clock;
    int lock_fd; /* -1: read only */
    enum status fault;
    bool has_unsafe_log; /* see db_make_log_safe: not writable before it has succeeded */
    int64_t last_seq, acked_seq;
    uint8_t last_hash[JOURNAL_HASH_SIZE];
    struct db_statement *begin, *commit, *rollback, *insert;
    struct db_statement *put_fact, *get_fact, *next_serial;
    struct projector projector;
    bool has_row_rest;                    /* see journal_forget_pages */
    char body[JOURNAL_BODY_SIZE_MAX + 1]; /* the entry being composed */
};

/* A write transaction. begin fails with the fault while the journal is not writable; end commits if
 * status is STATUS_OK, else rolls back, and returns what came of it. */
NODISCARD enum status journal_begin(struct journal *journal);
NODISCARD enum status journal_end(struct journal *journal, enum status status);

/* Of the payments among these entries: when they were first sent, or acknowledged. Writes nothing
 * if there are none or it is known. */
NODISCARD enum status journal_note_delivery(struct journal *journal, int64_t first_seq,
                                            int64_t last_seq, bool is_acked);

/* Reads the newest seq and hash back from the file. */
NODISCARD enum status journal_load_position(struct journal *journal);

/* Verifies the chain of entries first_seq…; first_bad_seq_out 0 and STATUS_OK if sound. With a
 * projector, applies them to it as well. */
NODISCARD enum status journal_verify_chain(struct journal *journal, int64_t first_seq,
                                           struct projector *projector, int64_t *first_bad_seq_out);
