/*
 * What the inquiry pages may know; part of session_view.h, which explains the rules.
 *
 * Rows and payments are those of the part that is shown: half a year, a few payments.
 */
#pragma once
#include "base/month.h"
#include <stdbool.h>
#include <stdint.h>

#define VIEW_LANGUAGES 2 /* as LANGUAGES */
#define VIEW_TOTALS_MAX 4
#define VIEW_GAPS_MAX 6
#define VIEW_ROWS_MAX (6 * VIEW_TOTALS_MAX)
#define VIEW_PAYMENTS_MAX 3
#define VIEW_SLIP_DIGITS 27

enum view_lamp {
    LAMP_TAKEN,    /* at the kiosk that took the money */
    LAMP_SENT,     /* to the bureau */
    LAMP_RECEIVED, /* the bureau has it */
    LAMP_CREDITED, /* and has booked it on the account */
    LAMPS,
};

/* How far the money of a month has come; the last of its payment's lamps. */
enum view_money {
    MONEY_TAKEN,
    MONEY_SENT,
    MONEY_RECEIVED,
    MONEY_CREDITED,
    MONEY_SET_ASIDE, /* the bureau has it and could not book it */
};

enum view_print {
    PRINT_NOTHING, /* was printed on this page */
    PRINT_DONE,
    PRINT_FAILED,
    PRINT_UNKNOWN, /* it may lie below or not */
};

struct view_gap {
    month_index first, last;
    bool is_payable;
};

struct view_total {
    char name[VIEW_LANGUAGES][64];
    int months;
    int64_t amount_fen;
    month_index first, last; /* paid */
    int gap_count;
    bool more_gaps;
    struct view_gap gaps[VIEW_GAPS_MAX];
    month_index next_due;
    int next_due_day; /* 0: the policy names none */
    bool is_late;
};

struct view_row {
    month_index month;
    int total; /* index: which insurance */
    int64_t base_fen, amount_fen;
    bool is_difference; /* for a month paid before by older figures */
    enum view_money money;
};

struct view_payment {
    int index; /* of all, newest first; the argument of INTENT_REPRINT */
    char voucher[40];
    int64_t paid_fen; /* -1: only the number was known, so no sum is told */
    bool taken_here;  /* else at another machine */
    bool can_reprint; /* here, and it is the payer who stands here */
    bool lit[LAMPS];
    int64_t lit_ms[LAMPS]; /* 0: no date is known */
    bool is_set_aside;
    char code[8]; /* for staff: why it was set aside */
};

struct view_inquiry {
    bool is_on;         /* the visit is an inquiry: also on the page that asks for the card */
    bool is_bureaus;    /* else only what this machine took */
    bool is_unreadable; /* the machine's own records could not be read */
    int64_t as_of_ms;
    bool more; /* there are older payments than the machine is told */

    int total_count;
    struct view_total totals[VIEW_TOTALS_MAX]; /* of insurances in which something was paid */
    bool can_pay;                              /* from here to what is owed */

    int half, half_first,
        half_last; /* year * 2, plus 1 from July on: shown, and the ends; 0 none */
    int row_count;
    struct view_row rows[VIEW_ROWS_MAX]; /* of that half, by month and insurance */

    int payments_total, payments_from; /* all; the first that is shown */
    int payment_count;
    struct view_payment payments[VIEW_PAYMENTS_MAX];

    char number_typed[VIEW_SLIP_DIGITS + 1];
    bool number_complete, number_refused;

    enum view_print print;
    bool print_is_copy;
    int reprints_left;
};
