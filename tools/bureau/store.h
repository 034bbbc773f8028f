/*
 * The bureau's books in one SQLite file: every entry of every kiosk as it came, and what they add
 * up to. One writer: the HTTPS thread. Readers (the public page, the ledger command) open the file
 * of their own.
 */
#pragma once
#include "base/status.h"
#include "store/db.h"
#include "store/journal_hash.h"
#include <stdint.h>

#define BUREAU_KIOSK_SIZE 16
#define BUREAU_PREFIX_SIZE 17
#define BUREAU_REGION_SIZE 7

/* visit.closed; "" while it is open. */
#define BUREAU_VISIT_PAID "paid"
#define BUREAU_VISIT_CANCELLED "cancelled"

struct person_key;
struct publish;

enum bureau_sql {
    SQL_BEGIN,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_KIOSK_ADD,
    SQL_KIOSK_POINT,
    SQL_KIOSK_ADVANCE,
    SQL_KIOSK_REGION,
    SQL_KIOSK_SET_REGION,
    SQL_KIOSK_ROOT_KEY,
    SQL_KIOSK_SET_ROOT,
    SQL_KIOSK_SET_ROOT_KEY,
    SQL_ROOT_KEY_CHANGE_ADD,
    SQL_ENTRY_ADD,
    SQL_ENTRY_HASH,
    SQL_DEAD_ADD,
    SQL_DEAD_RANGE,
    SQL_LEDGER_ADD,
    SQL_CITIZEN_ADD,
    SQL_CITIZEN_PAID,
    SQL_CITIZEN_FIND,
    SQL_CITIZEN_OF_PERSON,
    SQL_CITIZEN_UNTAGGED,
    SQL_CITIZEN_TAG,
    SQL_MARK_ADD,
    SQL_MARK_REMOVE,
    SQL_MARKS_OF,
    SQL_NUMBER_LEASED,
    SQL_VISIT_QUOTE,
    SQL_VISIT_CREDIT,
    SQL_VISIT_FIND,
    SQL_VISIT_CLOSE,
    SQL_PAYMENT_ADD,
    SQL_PAYMENT_FIND,
    SQL_PAYMENT_RECEIPT,
    SQL_PAYMENTS_OF,
    SQL_PAYMENT_BY_VOUCHER,
    SQL_REJECTED_OF,
    SQL_REJECTED_BY_VOUCHER,
    SQL_QUOTE_OF_VISIT,
    SQL_MONTH_PAID_FIND,
    SQL_MONTH_PAID_ADD,
    SQL_LEASE_FIND,
    SQL_LEASE_ADD,
    SQL_NUMBER_NEXT,
    SQL_COUNT,
};

struct bureau_store {
    struct db *db;
    struct db_statement *statements[SQL_COUNT];
    char number_prefix[BUREAU_PREFIX_SIZE];
    char region[BUREAU_REGION_SIZE];     /* of every voucher; "": each kiosk's first one decides */
    const struct person_key *person_key; /* the opener's; NULL: identities stay sealed */
    struct publish *publish;             /* the opener's; NULL: no policies */
};

/* A point of a kiosk's chain: everything up to seq is here, and hash is the hash of that entry. */
struct bureau_point {
    int64_t seq;
    uint8_t hash[JOURNAL_HASH_SIZE];
};

/* STATUS_EXISTS: the books are from before a visit could be paid only once, and one was paid twice.
 */
NODISCARD enum status bureau_store_open(struct bureau_store *store, const char *path,
                                        const char *number_prefix);
/* For readers: only db is set. */
NODISCARD enum status bureau_store_open_read_only(struct bureau_store *store, const char *path);
void bureau_store_close(struct bureau_store *store);

struct db_statement *bureau_statement(struct bureau_store *store, enum bureau_sql sql);

NODISCARD enum status bureau_store_begin(struct bureau_store *store);
/* Commits if status is STATUS_OK, else rolls back. Returns what came of it. */
NODISCARD enum status bureau_store_end(struct bureau_store *store, enum status status);

/* The last good point of a kiosk; seq 0 and a zero hash before its first entry. */
NODISCARD enum status bureau_store_point(struct bureau_store *store, const char *kiosk,
                                         struct bureau_point *out);
/* STATUS_NOT_FOUND if that entry is not here. seq 0: zero hash. */
NODISCARD enum status bureau_store_hash(struct bureau_store *store, const char *kiosk, int64_t seq,
                                        uint8_t out[JOURNAL_HASH_SIZE]);
