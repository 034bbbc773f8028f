#include "store/migrations.h"

#include "base/check.h"
#include "store/journal_internal.h"

/*
 * An entry of the commonest kinds must dirty as few pages as can be, for each page goes to the disk
 * at every commit: no index on txn (a visit remembers its first entry and reading starts there),
 * and all balances and note counts share one page of "tally".
 */
static const char FIRST[] =
    "CREATE TABLE journal("
    "  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, txn TEXT NOT NULL, kind TEXT NOT NULL,"
    "  body TEXT NOT NULL, hash BLOB NOT NULL) STRICT;"
    /* Projections: functions of the entries. */
    "CREATE TABLE tally(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE visit("
    "  txn TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, due INTEGER NOT NULL DEFAULT 0,"
    "  open INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;"
    "CREATE INDEX visit_open ON visit(first_seq) WHERE open = 1;"
    "CREATE TABLE person(hash TEXT PRIMARY KEY, account TEXT NOT NULL UNIQUE) STRICT, WITHOUT "
    "ROWID;"
    "CREATE TABLE number_block("
    "  seq INTEGER PRIMARY KEY, lease TEXT NOT NULL UNIQUE, prefix TEXT NOT NULL,"
    "  first INTEGER NOT NULL, count INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0) STRICT;"
    /* Not entries: counters that only grow, facts, and room to try whether the disk takes writes.
     */
    "CREATE TABLE serial(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE probe(filler BLOB) STRICT;";

/*
 * What has been paid, so that no month is paid twice, and the papers that are still owed. "quoted"
 * holds the lines of a quote until its payment is closed. The fact asks journal_open to fill the
 * new tables from the entries that are already there.
 */
static const char PAID_MONTHS_AND_SLIPS[] =
    "CREATE TABLE quoted("
    "  txn TEXT NOT NULL, person TEXT NOT NULL, code TEXT NOT NULL, month INTEGER NOT NULL,"
    "  PRIMARY KEY(txn, person, code, month)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE paid_month("
    "  person TEXT NOT NULL, code TEXT NOT NULL, month INTEGER NOT NULL,"
    "  PRIMARY KEY(person, code, month)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE slip("
    "  txn TEXT NOT NULL, paper TEXT NOT NULL, voucher TEXT NOT NULL, state TEXT NOT NULL,"
    "  sent INTEGER NOT NULL, PRIMARY KEY(txn, paper)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX slip_open ON slip(txn) WHERE " SQL_SLIP_IS_OPEN ";"
    "INSERT OR REPLACE INTO fact VALUES('" FACT_REBUILD "', 'due');";

/* New tallies: the cash of the day, the notes since the box was taken out. */
static const char DAY_AND_BOX[] = "INSERT OR REPLACE INTO fact VALUES('" FACT_REBUILD "', 'due');";

/* Voucher numbers are counted by the entries that name them. */
static const char VOUCHER_NUMBERS[] =
    "DELETE FROM serial WHERE name = 'voucher';"
    "INSERT OR REPLACE INTO fact VALUES('" FACT_REBUILD "', 'due');";

/*
 * Whose payment it was and what the bureau set aside, so that somebody can be shown his own; and
 * when each was sent and acknowledged, which is no entry, for it happens to entries.
 */
static const char PAYMENTS[] =
    "CREATE TABLE payment("
    "  seq INTEGER PRIMARY KEY, txn TEXT NOT NULL, person TEXT NOT NULL, voucher TEXT NOT NULL)"
    "  STRICT;"
    "CREATE INDEX payment_of_person ON payment(person, seq);"
    "CREATE INDEX payment_of_voucher ON payment(voucher);"
    "CREATE TABLE rejected(seq INTEGER PRIMARY KEY, reason TEXT NOT NULL) STRICT;"
    "CREATE TABLE delivery(seq INTEGER PRIMARY KEY, sent INTEGER NOT NULL,"
    "  acked INTEGER NOT NULL DEFAULT 0) STRICT;"
    "INSERT OR REPLACE INTO fact VALUES('" FACT_REBUILD "', 'due');";

/* Which entry registered a person, so that he can be told if the bureau set it aside. */
static const char REGISTRATIONS[] =
    "CREATE TABLE registration("
    "  seq INTEGER PRIMARY KEY, person TEXT NOT NULL, account TEXT NOT NULL) STRICT;"
    "CREATE INDEX registration_of_person ON registration(person, seq);"
    "INSERT OR REPLACE INTO fact VALUES('" FACT_REBUILD "', 'due');";

const char *const JOURNAL_MIGRATIONS[] = { FIRST,       PAID_MONTHS_AND_SLIPS,
                                           DAY_AND_BOX, VOUCHER_NUMBERS,
                                           PAYMENTS,    REGISTRATIONS };
const int JOURNAL_MIGRATION_COUNT = ARRAY_SIZE(JOURNAL_MIGRATIONS);
