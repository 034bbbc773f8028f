/*
 * Until when each month is to be paid, which months a person still owes, and which can be paid no
 * more: pure arithmetic over an insurance's due day and back rule and the months that are paid.
 *
 * Units: dates are yyyymmdd, 0 not fixed; months month_index, 0 none.
 */
#pragma once
#include "plan/policy.h"

/* What a back rule reaches at most (config/policy/README.md), and a calendar year and one ahead. */
#define DUE_BACK_MAX 120
#define DUE_SPAN (DUE_BACK_MAX + 24)

/* The months of one insurance that a person has paid. Older ones than the window holds count only
 * in that he has paid before. */
struct due_paid {
    month_index from;  /* of months[0] */
    month_index first; /* the earliest that is paid; 0 he never paid */
    month_index start; /* registered from; 0 not known */
    bool months[DUE_SPAN];
};

void due_paid_begin(struct due_paid *paid, month_index this_month);
void due_paid_add(struct due_paid *paid, month_index month);
/* What is owed begins with the month the person registered from, whatever was paid before it. */
void due_paid_start(struct due_paid *paid, month_index month);
bool due_is_paid(const struct due_paid *paid, month_index month);

enum due_state {
    DUE_AHEAD,   /* a month that has not begun */
    DUE_NOW,     /* this month, until its due day is over */
    DUE_ARREARS, /* over */
};

/* The month a date lies in. */
month_index due_month_of(int32_t date);

/* The due day of the month that is paid, or its last day if it has fewer; 0 none is fixed. */
int32_t due_date(const struct policy_insurance *insurance, month_index month);
/* today is yyyymmdd. On the due day itself a month is not late yet. */
enum due_state due_state_of(const struct policy_insurance *insurance, month_index month,
                            int32_t today);
/* Days after the due date, 0 none or not fixed. */
int due_days_late(const struct policy_insurance *insurance, month_index month, int32_t today);

/* The first unpaid month from month on that may be paid; where quarters, halves or years begin with
 * the calendar's, the first of one. */
month_index due_begin(const struct policy_insurance *insurance, const struct due_paid *paid,
                      int32_t today, month_index month);

/*
 * What a person owes in one insurance. Who has never paid nor registered owes this month, and may
 * pay earlier ones as far as the back rule goes; who has owes every unpaid month since the start
 * registered from, or else the first payment, that still may be paid. Where quarters, halves or
 * years begin with the calendar's, so do next and latest.
 */
struct due_owed {
    month_index earliest; /* the first unpaid month that may be paid, from the start on */
    month_index next;     /* the first one that is owed */
    month_index latest;   /* the first unpaid one from this month on: leaving out what is late */
    int arrears;          /* so many of the unpaid months from next on are late */
    /* The newest stretch since then that may not be paid any more (R16). */
    month_index closed_first, closed_last;
};
void due_owed_of(const struct policy_insurance *insurance, const struct due_paid *paid,
                 int32_t today, struct due_owed *out);
