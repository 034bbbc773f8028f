/*
 * The receipt: facts in, one bitmap out; and its life in the journal.
 *
 * The bitmap is a pure function of the facts: the same voucher prints the same dots. It carries the
 * voucher number, the account number, months, lines, the sum in figures and in capital Chinese, the
 * surplus, policy and sources, a verification QR, and what to do with it; Chinese with English
 * under it. Personal data is masked.
 */
#pragma once
#include "base/month.h"
#include "drivers/printer/printer.h"
#include <stdbool.h>
#include <stdint.h>

/* Each insurance with its months and with a difference for months before has one at least; changes
 * of figures inside a run may take as many again. What would be more is one line of its kind,
 * mixed: a strip of paper leaves out no fen. */
#define RECEIPT_LINES_MAX 18
/* A link and a signed statement; all of it taken makes a code of 308 dots, which 384 can hold. */
#define RECEIPT_VERIFY_SIZE 320

enum receipt_kind {
    RECEIPT_PAYMENT,
    RECEIPT_REGISTRATION, /* registered, nothing paid */
    RECEIPT_INTERRUPTED,  /* printed after a restart: money is booked, no personal data at hand */
    RECEIPT_UNKNOWN_NOTE, /* a note that cannot be proved: claim slip for the window */
    RECEIPT_INQUIRY,      /* what a person has paid, for himself; no proof of anything */
    RECEIPT_REFUSAL,      /* why somebody was not registered, and what to bring */
    RECEIPT_PLAN,         /* after leaving a job: what to do by when; nobody's, in large type */
    RECEIPT_CLOSING,      /* of an accounting day, for staff */
};

struct closing;

struct receipt_line {
    char name[2][64]; /* zh, en */
    month_index first, last;
    int64_t base_fen; /* 0: fixed amount */
    int32_t rate;
    int64_t amount_fen, account_fen;
    int64_t surcharge_fen; /* on top of amount_fen, for what was paid late */
    bool is_difference;    /* for months paid before by older figures */
    bool is_mixed;         /* of several bases or rates: base_fen and rate say nothing */
};

#define RECEIPT_NOTES_MAX 40

struct receipt_note { /* one more fact, in the order of the paper; without a value a sentence */
    char zh[192], en[192], value[64];
};

/* What the payer gets in the end, and who gives it (plan/policy.h, enum policy_voucher). */
enum receipt_proof {
    RECEIPT_PROOF_SLIP, /* nothing else is named */
    RECEIPT_PROOF_TAX_CERTIFICATE,
    RECEIPT_PROOF_PAYMENT_PROOF,
    RECEIPT_PROOF_FISCAL_RECEIPT,
    RECEIPT_PROOFS,
};

struct receipt_facts {
    enum receipt_kind kind;
    char bureau[2][64], place[2][64], kiosk_id[16];
    char service_phone[24], window[2][32], hotlines[2][128];
    char voucher[40];
    char txn[40];
    int64_t at_ms;
    char name_masked[64], number_masked[24], account_number[32];
    int line_count;
    struct receipt_line lines[RECEIPT_LINES_MAX];
    int note_count;
    struct receipt_note notes[RECEIPT_NOTES_MAX];
    char bring[2][192], open[2][320]; /* of a plan: what to bring, when the hall is open */
    int64_t due_fen, paid_fen, applied_fen, surplus_fen;
    bool partial;
    month_index next_month; /* what is to be paid next; 0 not said */
    int32_t next_date;      /* yyyymmdd, until when; 0 no day is fixed */
    bool next_is_late;      /* it is over already */
    char policy_id[48];
    int policy_revision;
    char sources[160]; /* document numbers, joined */
    char collector[2][64];
    char surplus_rule[2][192];
    enum receipt_proof proof;
    char verify[RECEIPT_VERIFY_SIZE]; /* content of the QR */
    int copy;                         /* 0 the original; n the n-th 补打 */
    bool is_recorded;                 /* the journal holds these facts already; not printed */
    const struct closing *closing;    /* RECEIPT_CLOSING: what it tells; outlives the print */
};

/* Allocates out->rows (free with receipt_bitmap_free). width_dots 384 or 576. font_path as the ui.
 */
NODISCARD enum status receipt_render(const struct receipt_facts *facts, int width_dots,
                                     const char *font_path, struct printer_bitmap *out);
/* The same with a font that is open already: opening one takes longer than the receipt. */
struct font;
NODISCARD enum status receipt_render_with(const struct receipt_facts *facts, int width_dots,
                                          struct font *font, struct printer_bitmap *out);
void receipt_bitmap_free(struct printer_bitmap *bitmap);
