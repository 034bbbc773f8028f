/*
 * The journal: one append-only, hash-chained SQLite table that is also the queue to the bureau.
 *
 * Everything that matters is an entry. An entry may carry postings between accounts (double entry)
 * and thereby moves the projections (account, cash_unit, transaction) in the same SQLite
 * transaction; projections can be rebuilt from the entries and compared (journal_verify).
 *
 * hash = SHA-256(previous hash (32 zero bytes before the first) ∥ seq as u64 LE ∥ at_ms as u64 LE ∥
 *                txn ∥ 0x00 ∥ kind ∥ 0x00 ∥ body), texts as UTF-8 without terminator.
 *
 * Durable: journal_append returns STATUS_OK only after COMMIT under WAL and synchronous=FULL.
 *
 * Threads:   main loop only.
 * Errors:    STATUS_FULL no space, STATUS_IO the disk refused, STATUS_CORRUPT the file is damaged.
 *            After any of these journal_is_writable() is false until journal_recheck() succeeds.
 */
#pragma once
#include "base/clock.h"
#include "base/month.h"
#include "base/status.h"
#include "store/journal_hash.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_TXN_SIZE 40 /* "K0003-20261123-000318"; empty for entries without a visit */
#define JOURNAL_BODY_SIZE_MAX 16384
#define JOURNAL_POSTINGS_MAX 4
#define JOURNAL_NUMBER_SIZE 32
#define JOURNAL_GIVEN_BY_BUREAU "bureau"
#define JOURNAL_VERIFY_ON_OPEN 256
#define JOURNAL_CHECKED_BYTES (1 << 20) /* up to here every page is looked at on opening */

/* The accounts of the books. The text in an entry's body is the name in lower case. */
enum book_account {
    BOOK_CASH_BOX, /* asset: notes in the box whose value is known */
    BOOK_CITIZEN,  /* liability: taken from the citizen of a running transaction, not yet applied */
    BOOK_PREMIUM,  /* liability to the collector: premiums paid */
    BOOK_SURPLUS,  /* liability: personal payment accounts */
    BOOK_UNKNOWN,  /* liability: notes in the box that no transaction could be proved for */
    BOOK_ACCOUNTS,
};
const char *book_account_name(enum book_account account);

enum journal_kind {
    JOURNAL_KIOSK_STARTED,  /* {"version","acceptor_serial"?} */
    JOURNAL_POLICY_LOADED,  /* {"id","revision","sha256"} */
    JOURNAL_NUMBERS_LEASED, /* {"kind":"account","prefix","first","count","lease"} */
    /* {"account","person","sealed","insurances":[…],"starts":{"110":"2026-11",…},"from","base",
     *  "policy","revision","consent","way","document","checked","signed","signature"?,"given"?}
     * Codes: firmware/registration/README.md. given "bureau": the number is the bureau's own, not
     * of a block. Entries before the sixth schema end with "consent". */
    JOURNAL_REGISTERED,
    /* {"account","person","sealed","due","lines":[…],"policy","revision","surplus"} */
    JOURNAL_QUOTE_ACCEPTED,
    JOURNAL_NOTE_ESCROWED, /* {"value","acceptor","stacked"}  stacked: the device's counter */
    JOURNAL_NOTE_CREDITED, /* {"value","acceptor","stacked","recovered"?} cash_box ← citizen */
    JOURNAL_NOTE_RETURNED, /* {"value","reason","stacked"?} */
    JOURNAL_NOTE_UNKNOWN,  /* {"value","acceptor","why"} cash_box ← unknown; value may be 0 */
    JOURNAL_PAYMENT_COMPLETED, /* {"paid","applied","surplus","outcome","voucher","months":[…]} */
    JOURNAL_PAYMENT_CANCELLED, /* {"why"} nothing was taken */
    JOURNAL_RECEIPT_STATE,     /* {"voucher","paper","state","copy","evidence"?,"slip"?}; slip: what
                                * was printed, receipt/receipt_recall.h */
    JOURNAL_DEVICE_SWAPPED,    /* {"class","was","is","expected"?,"found"?,"last","value"} */
    JOURNAL_COUNTER_MISMATCH,  /* {"counter","expected","found","acceptor","last","value"} */
    JOURNAL_DATASET_CHANGED,   /* {"acceptor","was","is"}: what each channel is worth, in fen */
    JOURNAL_BOX_EVENT,         /* {"event":"removed"|"replaced","missed"?} */
    JOURNAL_ENTRY_REJECTED,    /* {"seq","reason"}: the bureau's dead letter */
    JOURNAL_DAY_ROOT, /* {"kiosk","date","last_seq","hash","key","signature"}: journal_root.h */
    JOURNAL_POLICY_INSTALLED, /* {"id","revision","sha256","replaces"}: came from the bureau */
    JOURNAL_POLICY_REFUSED, /* {"revision","sha256","codes":["E12",…]}: came, and was not good */
    JOURNAL_PERSON_KNOWN, /* {"account","person"}: the bureau said so, to who was about to register;
                           * it is known here from now on, also offline */
    JOURNAL_KINDS,
};
const char *journal_kind_name(enum journal_kind kind);

struct journal_posting {
    enum book_account debit, credit;
    int64_t amount_fen; /* > 0 */
};

/* What to append. body is a JSON object text without the members "post" and "box": journal_append
 * adds the postings to it, so that the bureau books the same, as
 * "post":[["cash_box","citizen",10000],…] (debit, credit, fen), and the value of a note now in the
 * box as "box":10000 (0: unknown), so that every projection is a function of the entries alone. */
struct journal_draft {
    enum journal_kind kind;
    const char *txn;  /* may be NULL */
    const char *body; /* JSON object */
    struct journal_posting postings[JOURNAL_POSTINGS_MAX];
    int posting_count;
    int64_t note_into_box_fen; /* a note of this value is now in the box (cash_unit + 1); 0 none */
    bool note_value_unknown;   /* a note of unknown value is now in the box (cash_unit 0 + 1) */
};

struct journal_entry {
    int64_t seq;
    int64_t at_ms; /* wall */
    char txn[JOURNAL_TXN_SIZE];
    char kind[32];
    char *body; /* points into the reader's own buffer; valid until its next call */
    uint8_t hash[JOURNAL_HASH_SIZE];
};

struct journal;

/*
 * Opens or creates the journal, recovers its WAL, looks at its pages (of one over
 * JOURNAL_CHECKED_BYTES at those the next visit will write to) and verifies the chain of the last
 * entries (JOURNAL_VERIFY_ON_OPEN); the whole chain is verified by journal_verify. Takes no longer
 * for a larger journal. A damaged file stays as it is.
 *
 * Returns: STATUS_OK, STATUS_CORRUPT, STATUS_IO, STATUS_FULL, STATUS_DENIED (file not writable),
 *          STATUS_BUSY (another process has it open to write), STATUS_UNSUPPORTED (newer schema).
 */
NODISCARD enum status journal_open(const char *path, const struct clock *clock,
                                   struct journal **out);
/* For reading and verifying only, also while a kiosk writes. Appending is STATUS_DENIED. */
NODISCARD enum status journal_open_read_only(const char *path, struct journal **out);
void journal_close(struct journal *journal);

/* Entries that were read or written lie in memory until then: pages, and the row SQLite laid out
 * last. They are on the disk all the same. */
void journal_forget_pages(struct journal *journal);

/*
 * Returns: STATUS_OK; STATUS_INVALID the body is no JSON object, too long, lacks a member its kind
 *          needs, or names an account number that is not journal_peek_number's; STATUS_EXISTS the
 *          lease or person is already in the journal (both leave it writable); the errors above.
 */
NODISCARD enum status journal_append(struct journal *journal, const struct journal_draft *draft,
                                     int64_t *seq_out);

/* Several drafts in one durable step: all or none. */
NODISCARD enum status journal_append_all(struct journal *journal,
                                         const struct journal_draft *drafts, int count);

bool journal_is_writable(const struct journal *journal);

/* What can be read is on the disk. False after a start that could not make it so yet: then it may
 * be gone after the next power cut, and nothing of it may leave the kiosk. */
bool journal_is_safe(const struct journal *journal);

/* Tries to write and remove a probe in the database; makes a failed journal writable again. */
NODISCARD enum status journal_recheck(struct journal *journal);

/* Reads entries in order; each call of on_entry gets the next. Stops early when it returns false.
 */
typedef bool journal_on_entry(void *context, const struct journal_entry *entry);
NODISCARD enum status journal_read(struct journal *journal, int64_t first_seq, int64_t count_max,
                                   journal_on_entry *on_entry, void *context);

/* All entries of one transaction. */
NODISCARD enum status journal_read_transaction(struct journal *journal, const char *txn,
                                               journal_on_entry *on_entry, void *context);

int64_t journal_last_seq(const struct journal *journal);
void journal_last_hash(const struct journal *journal, uint8_t out[JOURNAL_HASH_SIZE]);
NODISCARD enum status journal_hash_at(struct journal *journal, int64_t seq,
                                      uint8_t out[JOURNAL_HASH_SIZE]);

/* The bureau has everything up to seq. Never goes back unless the caller says so by set. */
int64_t journal_acked_seq(const struct journal *journal);
NODISCARD enum status journal_set_acked(struct journal *journal, int64_t seq);

/* Projections. A balance is positive on the account's own side: cash_box = citizen + premium +
 * surplus + unknown, after every entry. */
int64_t journal_account_balance(struct journal *journal, enum book_account account);
int64_t journal_cash_unit_count(struct journal *journal, int64_t denomination_fen); /* 0: unknown */

/* Notes in the box, of known and unknown value, since it was last taken out ("box_event" removed).
 * A box that is exchanged while the kiosk is off is not noticed: the count is then too high. */
int64_t journal_box_notes(struct journal *journal);

/* The accounting day is the date of the entries' wall time in China, YYYYMMDD: whoever verifies a
 * journal elsewhere comes to the same sums. */
int64_t journal_day_of(int64_t wall_ms);
/* Cash booked (credited or unknown) on the day of wall_ms; 0 if the last cash is of another day. */
int64_t journal_day_cash_fen(struct journal *journal, int64_t wall_ms);

/* Cash booked (credited or unknown) by entries the bureau has not acknowledged yet. */
struct journal_unsent {
    int64_t cash_fen;
    int64_t payments; /* visits it is of, the one under way too */
};
struct journal_unsent journal_unsent_cash(struct journal *journal);

/* The running state of a cash transaction, as the entries tell it. */
struct journal_transaction {
    char txn[JOURNAL_TXN_SIZE];
    int64_t due_fen;      /* from quote_accepted */
    int64_t credited_fen; /* sum of note_credited */
    int64_t credited_notes;
    int64_t escrow_fen; /* a note_escrowed without credited/returned/unknown after it; 0 none */
    bool open;          /* quote accepted, neither completed nor cancelled */
};
/* The newest open transaction; STATUS_NOT_FOUND if none. At most one is open at a time. */
NODISCARD enum status journal_open_transaction(struct journal *journal,
                                               struct journal_transaction *out);
NODISCARD enum status journal_find_transaction(struct journal *journal, const char *txn,
                                               struct journal_transaction *out);

/* Serial counters that never repeat, kept in the same file: "txn". The number is used up even if
 * nothing is appended afterwards. */
NODISCARD enum status journal_next_serial(struct journal *journal, const char *name,
                                          int64_t *value_out);

/*
 * The serial of the next voucher number (store/voucher.h), used up only when a payment_completed or
 * receipt_state that names it is appended. Such an entry is STATUS_INVALID if it skips a number, so
 * the numbers of a kiosk have no gap, and a slip that never came out has its states to say so.
 *
 * Returns: STATUS_OK or the errors above.
 */
NODISCARD enum status journal_peek_voucher(struct journal *journal, int64_t *serial_out);

/* Leased account numbers: how many are left, and the next one, used up only when a draft of kind
 * JOURNAL_REGISTERED naming it is appended. */
int64_t journal_numbers_left(struct journal *journal);
NODISCARD enum status journal_peek_number(struct journal *journal, char out[JOURNAL_NUMBER_SIZE]);

/* Finds the account number of a person registered at this kiosk, by keyed hash of the ID number
 * (hex, seal_person_hash). STATUS_NOT_FOUND if none. */
NODISCARD enum status journal_find_person(struct journal *journal, const char *person_hash,
                                          char account_out[JOURNAL_NUMBER_SIZE]);

/*
 * The months paid at this kiosk for a person (keyed hash) in one insurance (its code), in order, as
 * payment_completed and the lines of its quote tell: only months the money covered count.
 *
 * Returns: STATUS_OK, also when there are none, or the journal's errors.
 */
NODISCARD enum status journal_list_paid_months(struct journal *journal, const char *person_hash,
                                               const char *insurance_code,
                                               void (*on_month)(void *context, month_index month),
                                               void *context);

/* The papers of a visit, as "paper" of receipt_state names them; without it, the payment's. An
 * interrupted visit's slip stands in the payment's place. */
#define JOURNAL_PAPER_PAYMENT "payment"
#define JOURNAL_PAPER_REGISTRATION "registration"
#define JOURNAL_PAPER_INTERRUPTED "interrupted"
#define JOURNAL_PAPER_UNKNOWN_NOTE "unknown_note"
#define JOURNAL_PAPER_REFUSAL "refusal" /* told at the screen when it fails */
#define JOURNAL_PAPER_INQUIRY "inquiry" /* told at the screen when it fails; it has no number */
#define JOURNAL_PAPER_PLAN "plan"       /* the same; nobody's */
#define JOURNAL_PAPER_CLOSING "closing" /* of an accounting day: journal_closing.h */

struct journal_slip {
    char txn[JOURNAL_TXN_SIZE];
    char paper[16];   /* payment, registration or unknown_note */
    char voucher[40]; /* empty if it has none yet */
    bool was_sent;    /* to the printer at some time: the next one is a copy */
};
/* The oldest paper that somebody must still get and that certainly has not come out: of a payment
 * that was closed, of a note that could not be proved. STATUS_NOT_FOUND if none. */
NODISCARD enum status journal_owed_slip(struct journal *journal, struct journal_slip *out);
/* The oldest one being sent, as far as the journal knows: after a start it is one that may lie on
 * paper. STATUS_NOT_FOUND if none. */
NODISCARD enum status journal_sending_slip(struct journal *journal, struct journal_slip *out);

/* A small durable key-value shelf for what is not an entry (acceptor serial and counter last seen).
 */
NODISCARD enum status journal_put_fact(struct journal *journal, const char *key, const char *value);
NODISCARD enum status journal_get_fact(struct journal *journal, const char *key, char *out,
                                       size_t out_size);

/* What is wrong with a journal, the first thing there is. */
enum journal_fault {
    JOURNAL_SOUND,
    JOURNAL_ENTRY_MISSING,    /* an entry is not where it must be */
    JOURNAL_ENTRY_FOREIGN,    /* a row that no sequence leads to */
    JOURNAL_ENTRY_CHANGED,    /* it is not what its hash says, or its hash not that of this place */
    JOURNAL_ENTRY_UNREADABLE, /* a row no journal wrote */
    JOURNAL_ENTRY_UNBOOKABLE, /* it chains, and it breaks the rules of the books */
    JOURNAL_ROOT_FALSE,       /* a signed root that does not fit the chain or its key */
    JOURNAL_TAIL_MISSING,     /* the bureau acknowledged entries that are not there */
    JOURNAL_SUMS_DIFFER,      /* every entry is sound, a projection does not follow from them */
};
struct journal_finding {
    enum journal_fault fault;
    int64_t seq;      /* the first bad entry; JOURNAL_BAD_PROJECTION for JOURNAL_SUMS_DIFFER */
    char detail[112]; /* a few words more, or empty */
};

/* A key whose roots count, from entry first_seq to last_seq, both included. */
#define JOURNAL_ROOT_KEY_BYTES 32
struct journal_root_trust {
    uint8_t key[JOURNAL_ROOT_KEY_BYTES];
    int64_t first_seq, last_seq; /* 1 and INT64_MAX: anywhere */
};

/*
 * Recomputes the whole chain, the books and all projections, and checks every signed root: it must
 * be signed with a key that is trusted at its place. With trusted_count 0, with the key the first
 * root names.
 *
 * Returns: STATUS_OK sound; STATUS_CORRUPT see *out; or the errors above (out->fault is then
 *          JOURNAL_SOUND as far as it was read).
 */
NODISCARD enum status journal_inspect(struct journal *journal,
                                      const struct journal_root_trust *trusted, int trusted_count,
                                      struct journal_finding *out);

/* The same in short. first_bad_seq_out: 0 if all is well. */
#define JOURNAL_BAD_PROJECTION (-1)
NODISCARD enum status journal_verify(struct journal *journal, int64_t *first_bad_seq_out);

/* Makes the projections anew from the entries, in one durable step. */
NODISCARD enum status journal_rebuild(struct journal *journal);
