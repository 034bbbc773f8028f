/*
 * May somebody register this, by the policy alone? The kiosk asks before the registration, and the
 * bureau once more when the entry arrives, with the same function: a kiosk may be an old one, or in
 * wrong hands.
 *
 * Pure. Dates are yyyymmdd.
 */
#pragma once
#include "plan/quote.h"
#include "registration/refusal.h"

struct registration_claim {
    uint32_t insurances; /* bits of the policy's */
    int sex;             /* 1, 2 (GB/T 2261.1); 0 not known: ages are not judged */
    int32_t birth;
    int64_t base_fen;
    month_index starts[POLICY_INSURANCES_MAX];
    int32_t today;
};

/* Is the person of an age this insurance takes? */
bool registration_suits_age(const struct policy_insurance *insurance, int sex, int32_t birth,
                            int32_t today);

/* R01, R02, R13, R14, R15, R16, or REFUSAL_NONE. A base is good if it is in one of the areas. */
enum refusal registration_judge(const struct policy *policy,
                                const struct registration_claim *claim);

/* What a quote that is refused means to who registers; REFUSAL_NONE: nothing. */
enum refusal registration_refusal_of(enum quote_refusal refusal);
