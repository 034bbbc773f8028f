/*
 * Somebody has left a job: which months are missing since, what that means, and by when to pay.
 *
 * Pure: a policy, the last insured month and today give the answer. Where the policy does not say,
 * neither does this: "not stated" is an answer of its own and never a guess.
 *
 * The months that are missing are those after the last insured one and before this one; this month
 * can still be paid. So a gap is what remains if the person goes on with this month.
 */
#pragma once
#include "plan/policy.h"

struct leaving_day {
    month_index month; /* 0: there is none */
    int day;           /* 1..31 */
    bool is_fixed;     /* by the policy's due day; else it is the last day of the month */
};

enum leaving_wait {
    LEAVING_WAIT_NONE,       /* benefits go on */
    LEAVING_WAIT_MONTHS,     /* wait_months, once he goes on with this month */
    LEAVING_WAIT_NOT_STATED, /* there is a gap, and the policy does not say what follows */
};

enum leaving_cost {
    LEAVING_COST_NOTHING, /* no month is missing */
    LEAVING_COST_SUM,     /* amount_fen for back_first..back_last, by the lowest base or tier */
    LEAVING_COST_REFUSED, /* past months cannot be paid */
    LEAVING_COST_PENDING, /* they can, and refused_month has no official figure */
    LEAVING_COST_WINDOW,  /* they can, in a way that is worked out at the window: by the year */
};

struct leaving_line {
    int insurance; /* index into the policy */
    enum leaving_wait wait;
    int wait_months;
    int gap_months_max;         /* no wait after fewer than this; 0 not stated */
    struct leaving_day no_gap;  /* the last day on which the first missing month can be paid */
    struct leaving_day no_wait; /* the last day to go on without a wait; month 0: not stated */
    month_index due_first;      /* what is to be paid next … */
    int due_months;             /* … so many months at once at least */
    int due_day;                /* in due_first; 0: not fixed, ask at the window */
    bool is_late;               /* that day of this month is over */
    enum leaving_cost cost;
    month_index back_first, back_last; /* of the missing months, those that can still be paid */
    bool closes;                       /* they are all of them: the gap is gone then */
    int64_t amount_fen, surcharge_fen;
    month_index refused_month;
};

struct leaving {
    month_index last;          /* insured */
    month_index first_missing; /* 0: none is */
    int missing;               /* how many, up to the month before this one */
    int line_count;            /* one an insurance, in the order of the policy */
    struct leaving_line lines[POLICY_INSURANCES_MAX];
};

/* today is yyyymmdd; area of the policy, 0 the first. last may lie ahead of this month. */
void leaving_check(const struct policy *policy, month_index last, int32_t today, int area,
                   struct leaving *out);

/* Is the day behind us today (yyyymmdd)? A day that is none is. */
bool leaving_is_over(const struct leaving_day *day, int32_t today);
