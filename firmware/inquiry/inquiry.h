/*
 * What a person can be shown of his own payments: what this kiosk's journal holds, what the bureau
 * tells, the two as one, and what follows from it: totals, gaps, what is due next.
 *
 * A record is one person's. Whoever holds one wipes it (bytes_wipe) when the visit ends.
 *
 * Threads: main loop. Nothing here waits: the question goes out by sync_flow_ask.
 * Units:   *_fen are fen, *_ms wall milliseconds, 0 not known.
 */
#pragma once
#include "base/month.h"
#include "store/journal_payments.h"
#include "store/seal.h"
#include "store/voucher.h"

#define INQUIRY_PAYMENTS_MAX 60 /* five years, month by month; sync/WIRE.md */
#define INQUIRY_MONTHS_MAX 240
#define INQUIRY_NOT_TOLD (-1)

/* The way of a payment: four lamps, each lit only by who can know it. */
enum inquiry_lamp {
    INQUIRY_TAKEN,    /* booked at the kiosk that took it */
    INQUIRY_SENT,     /* put on the wire */
    INQUIRY_RECEIVED, /* the bureau has it */
    INQUIRY_CREDITED, /* and has booked it on the account */
    INQUIRY_LAMPS,
};

struct inquiry_payment {
    char voucher[VOUCHER_SIZE];
    char kiosk[16];
    bool is_own;                /* taken here: it can be printed again */
    char txn[JOURNAL_TXN_SIZE]; /* of our own; empty */
    bool lit[INQUIRY_LAMPS];
    int64_t lit_ms[INQUIRY_LAMPS];
    char rejected[JOURNAL_REASON_SIZE];         /* why the bureau set it aside; empty */
    int64_t paid_fen, applied_fen, surplus_fen; /* INQUIRY_NOT_TOLD: only the number was known */
};

struct inquiry_month {
    month_index month;
    int payment; /* index */
    char insurance[24], code[8];
    int64_t base_fen; /* 0: a fixed sum */
    int64_t amount_fen;
    bool
        is_difference; /* for a month paid before by older figures: it counts no month of its own */
    int grade;         /* which of a list was chosen; 0 none, or not told */
};

struct inquiry_record {
    bool is_bureaus; /* else only what this kiosk took */
    int64_t as_of_ms;
    bool more; /* there are older ones than stand here */
    int payment_count, month_count;
    struct inquiry_payment payments[INQUIRY_PAYMENTS_MAX]; /* newest first */
    struct inquiry_month months[INQUIRY_MONTHS_MAX];
};

/* ---- this kiosk's own ---- */

/* The payments of a person (keyed hash). STATUS_OK, also when there are none, or the journal's
 * errors. */
NODISCARD enum status inquiry_read_own(struct journal *journal, const char *person_hash,
                                       const char *kiosk_id, int64_t now_ms,
                                       struct inquiry_record *out);

/*
 * The one with this number. A number can be guessed, so sums and months are told only with the
 * first 16 digits of the closing entry's hash, which stand in the code on the slip; hash16 may be
 * empty. STATUS_NOT_FOUND: it was not taken here.
 */
NODISCARD enum status inquiry_find_own(struct journal *journal, const char *voucher,
                                       const char *hash16, const char *kiosk_id, int64_t now_ms,
                                       struct inquiry_record *out);

/* ---- the bureau's ---- */

#define INQUIRY_ACTION "inquiry"
#define INQUIRY_QUESTION_SIZE (SEAL_TEXT_SIZE + 64)

/* The question as sync/WIRE.md has it; the ID number is in it sealed only. STATUS_INVALID it does
 * not fit. */
NODISCARD enum status inquiry_ask_person(const struct seal *seal, const char *id_number,
                                         char out[INQUIRY_QUESTION_SIZE]);
void inquiry_ask_voucher(const char *voucher, const char *hash16, char out[INQUIRY_QUESTION_SIZE]);

/* Bytes from outside: every list, number and word is bounded, and an answer that breaks one bound
 * is STATUS_PROTOCOL as a whole; *out is then empty. */
NODISCARD enum status inquiry_parse_answer(const char *body, size_t size,
                                           struct inquiry_record *out);

/* Adds to the bureau's what only this kiosk knows: which it took itself and when it sent them, and
 * those the bureau has not got or booked on another account. */
void inquiry_merge_own(struct inquiry_record *bureaus, const struct inquiry_record *own);

/* ---- a number by hand or by a scanner ---- */

#define INQUIRY_TEXT_MAX 1024

struct inquiry_number {
    char voucher[VOUCHER_SIZE];
    char hash16[17]; /* empty: only the number is known */
};

/*
 * What a scanner reads from a slip, or somebody types: the number with or without blanks, the link
 * of the code (?n=…&h=…), the kiosk's own short form (GUICHET1|…), or a signed statement
 * (store/statement.h). STATUS_INVALID it is none of these, or its check digit is wrong.
 */
NODISCARD enum status inquiry_read_number(const char *text, struct inquiry_number *out);

/* ---- what follows ---- */

/* Of one insurance, from the policy of today. */
struct inquiry_rule {
    char code[8];
    month_index payable_from; /* an earlier month can no longer be paid here */
    int due_day;              /* 1..31 of the month that is paid; 0 the policy names none */
};

#define INQUIRY_GAPS_MAX 6
struct inquiry_gap {
    month_index first, last;
    bool is_payable; /* as a whole */
};

struct inquiry_total {
    char code[8], insurance[24];
    int months;
    int64_t amount_fen;
    month_index first, last; /* paid; 0 none */
    int gap_count;           /* as many as stand here */
    bool more_gaps;
    struct inquiry_gap gaps[INQUIRY_GAPS_MAX];
    month_index next_due; /* the first month that is to be paid now or next */
    int next_due_day;     /* in next_due; 0 not known */
    bool is_late;         /* its day is over */
};

/* Of the months of one insurance (by code). Months whose payment was set aside do not count as
 * paid. today: yyyymmdd. */
void inquiry_total_of(const struct inquiry_record *record, const struct inquiry_rule *rule,
                      int32_t today, struct inquiry_total *out);
