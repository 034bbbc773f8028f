/*
 * What one insurance comes to over some months, whether or not they can be paid today: pure
 * arithmetic over a policy, month by month, so that a rate or a limit that changes inside the run
 * counts from its month on.
 */
#pragma once
#include "plan/quote.h"

struct cost_request {
    int insurance;    /* index into the policy */
    int64_t base_fen; /* where none is chosen from a list: 0 the lowest of each month */
    int grade;        /* of the list of the insurance that leads it, from 1; 0 by base_fen */
    month_index first;
    int months; /* 1..QUOTE_MONTHS_MAX */
    int32_t
        today; /* yyyymmdd, if what is late is surcharged and what is too late refused; else 0 */
    int area;  /* of the policy; 0 the first, or none */
};

struct cost {
    int64_t amount_fen; /* surcharges included */
    int64_t surcharge_fen;
    bool is_moved;              /* the base lay outside some month's limits and was moved to them */
    enum quote_refusal refusal; /* QUOTE_OK, or why there is no sum … */
    month_index refused_month;  /* … and the first month it is for */
};

/* One month without a figure and there is no sum, for half of one would mislead. A tier that is
 * only sold by the year has a cost for twelve months and none for fewer (QUOTE_PERIOD). */
void cost_make(const struct policy *policy, const struct cost_request *request, struct cost *out);

/* The first month alone, as a quote: with the line that says how its amount is made. */
void cost_quote_month(const struct policy *policy, const struct cost_request *request,
                      struct quote *out);
