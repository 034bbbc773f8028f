/*
 * What is owed for a run of months: pure arithmetic over a policy; no device, no clock.
 *
 * Each month is priced with the limits and rate valid in that month; each insurance clamps the
 * chosen base by its own limits. Lines, not just a sum; if any month is refused the whole quote is.
 * The same policy and request always give the same quote, so a receipt can be worked out again
 * years later from the revision it names.
 */
#pragma once
#include "plan/due.h"

#define QUOTE_MONTHS_MAX 12
/* The months of a run, and those whose difference is billed with it. */
#define QUOTE_LINES_MAX (2 * POLICY_INSURANCES_MAX * QUOTE_MONTHS_MAX)

struct quote_line {
    month_index month;
    int insurance;         /* index into the policy */
    int64_t base_fen;      /* after clamping; 0 where no base counts */
    int32_t rate;          /* millionths, of all parts together; 0 for fixed sums and tiers */
    int64_t amount_fen;    /* the premium */
    int64_t account_fen;   /* its part for the personal account */
    int64_t pooled_fen;    /* and the rest, so that the two always add up */
    int64_t surcharge_fen; /* on top of the premium, for a month paid late */
    int64_t part_fen[POLICY_PARTS_MAX]; /* where the policy names parts, each rounded by itself */
    int source;                         /* of the amount or of the limits */
    int rate_source;
    month_index since, rate_since; /* from when the figures of both sources are in force */
    int grade;                     /* which of the list was chosen, from 1; 0 none */
    int period_months;             /* 12 where only the whole year can be paid, else 1 */
    bool is_difference;   /* of a month that was paid before: amount_fen is what is still to pay */
    int32_t due_date;     /* yyyymmdd; 0 none is fixed */
    enum due_state state; /* on the day of the request; DUE_AHEAD without one */
};

enum quote_refusal {
    QUOTE_OK,
    QUOTE_PENDING,        /* no official figure for that month */
    QUOTE_OUTSIDE_LIMITS, /* chosen base refused */
    QUOTE_EXPIRED,
    QUOTE_TOO_MANY,      /* not 1..12 months */
    QUOTE_NOT_A_GRADE,   /* the choice is not in the list of that month */
    QUOTE_NOT_A_STEP,    /* the base is no multiple of the step */
    QUOTE_BACK,          /* a past month that may not be paid any more */
    QUOTE_PERIOD,        /* not a number of months that may be paid at a time */
    QUOTE_NO_DIFFERENCE, /* no retroactive difference is billed here */
};

struct quote_request {
    uint32_t insurances; /* bit per index */
    int64_t chosen_base_fen;
    bool base_is_given; /* chosen long ago: it need not be in the list of sums of the month */
    month_index first;
    int months; /* 1..12 */
    /* The month each insurance begins with; earlier ones get no line. 0: all of them. */
    month_index from[POLICY_INSURANCES_MAX];
    const struct due_paid *paid; /* one for each insurance: no line for these. NULL: nothing is */
    int area;                    /* index; 0: the first, or none where the policy has none */
    /* Which of its list is chosen in each insurance, from 1. 0: by chosen_base_fen. */
    int grade[POLICY_INSURANCES_MAX];
    /* yyyymmdd: past months are held against the back rule and surcharged. 0: neither. */
    int32_t today;
};

struct quote {
    struct quote_line lines[QUOTE_LINES_MAX];
    int line_count;
    int64_t total_fen; /* surcharges included */
    enum quote_refusal refusal;
    month_index refused_month;
    int refused_insurance;
};

/* refusal says whether the rest is meaningful. */
void quote_make(const struct policy *policy, const struct quote_request *request,
                struct quote *out);

/* "pending", and the code that a refusal slip prints (R14 base or grade, R15 policy, R16 back). */
const char *quote_refusal_name(enum quote_refusal refusal);
const char *quote_refusal_code(enum quote_refusal refusal);

/* The limits a chosen base must respect in a month, over the selected insurances that use a base
 * (the pension's own, where both exist). false if no base is needed or no figure exists. */
bool quote_base_limits(const struct policy *policy, uint32_t insurances, month_index month,
                       int area, int64_t *floor_fen, int64_t *ceiling_fen);

/* The bases, or sums of tiers, that may be chosen in an insurance in a month, in order; how many.
 * 0: the choice is free, or there is none, or no figure. */
int quote_choices(const struct policy *policy, int insurance, month_index month, int area,
                  int64_t out[POLICY_GRADES_MAX]);

/* The insurance whose choice of a base counts in another one: itself, or what its same_base names.
 */
int quote_leader(const struct policy *policy, int insurance);

/* How many months are paid at least: 12 of a tier that is sold by the year only, else 1. */
int quote_period_months(const struct policy *policy, int insurance, month_index month, int area);

/* ---- the rules of time (quote_rules.c) ---- */

/* How many months from first may be paid in one go (1..12), by each insurance's pay rule; months
 * before this one come on top of it. */
int quote_months_max(const struct policy *policy, uint32_t insurances, month_index first,
                     month_index this_month);

/* Whether just so many may: with pay = quarter for one, 3, 6, 9 and 12, but not 4. */
bool quote_period_is_allowed(const struct policy *policy, uint32_t insurances, month_index first,
                             int months, month_index this_month);

/* The earliest month that may still be paid. */
month_index quote_first_payable(const struct policy_insurance *insurance, month_index this_month);

/* On so many fen that were due in a month and are paid on a day; 0 if it is not late. */
int64_t quote_surcharge(const struct policy_insurance *insurance, int64_t amount_fen,
                        month_index due_month, int32_t today);

/* One month that was paid, as its record tells. */
struct quote_paid {
    month_index month;
    int64_t base_fen, amount_fen; /* the principal, without surcharge */
    int grade;                    /* of a list of percentages; 0 none, or not recorded */
};

/*
 * What the months come to by today's figures, less what was paid: one line a month whose amount is
 * the difference, above or below zero (the agency refunds that; it never leaves the kiosk), months
 * without one left out. The record of the payment itself stays as it is.
 *
 * refusal: QUOTE_NO_DIFFERENCE where the policy does not bill it, or as quote_make; QUOTE_TOO_MANY
 * for more than QUOTE_LINES_MAX months.
 */
void quote_difference(const struct policy *policy, int insurance, int area,
                      const struct quote_paid *paid, int paid_count, struct quote *out);
