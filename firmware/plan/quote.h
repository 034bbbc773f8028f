/*
 * What is owed for a run of months: pure arithmetic over a policy; no device, no clock.
 *
 * Each month is priced with the limits and rate valid in that month; each insurance clamps the
 * chosen base by its own limits. Lines, not just a sum; if any month is refused the whole quote is.
 */
#pragma once
#include "plan/policy.h"

#define QUOTE_LINES_MAX (POLICY_INSURANCES_MAX * 14)

struct quote_line {
    month_index month;
    int insurance;    /* index into the policy */
    int64_t base_fen; /* after clamping; 0 for fixed */
    int32_t rate;     /* millionths; 0 for fixed */
    int64_t amount_fen;
    int64_t account_fen; /* part for the personal account */
    int source;          /* source of the amount or of the limits */
    int rate_source;
};

enum quote_refusal {
    QUOTE_OK,
    QUOTE_PENDING,        /* no official figure for that month */
    QUOTE_OUTSIDE_LIMITS, /* chosen base refused */
    QUOTE_EXPIRED,
    QUOTE_TOO_MANY,
};

struct quote_request {
    uint32_t insurances; /* bit per index */
    int64_t chosen_base_fen;
    month_index first;
    int months; /* 1..12 */
    /* The first month still unpaid in each insurance; earlier ones get no line. 0: all of them. */
    month_index unpaid_from[POLICY_INSURANCES_MAX];
};

struct quote {
    struct quote_line lines[QUOTE_LINES_MAX];
    int line_count;
    int64_t total_fen;
    enum quote_refusal refusal;
    month_index refused_month;
    int refused_insurance;
};

/* refusal says whether the rest is meaningful. */
void quote_make(const struct policy *policy, const struct quote_request *request,
                struct quote *out);

/* The limits a chosen base must respect in a month, over the selected insurances that use a base
 * (the pension's own, where both exist). false if no base is needed or no figure exists. */
bool quote_base_limits(const struct policy *policy, uint32_t insurances, month_index month,
                       int64_t *floor_fen, int64_t *ceiling_fen);

/* How many months from first may be paid in one go (1..12), by each insurance's pay rule. */
int quote_months_max(const struct policy *policy, uint32_t insurances, month_index first);
