/*
 * Why somebody is not registered: one table for the screen, the slip, the journal and the bureau.
 *
 * Each has a code for staff (R01 … R18 of our reference; R00 and R19 are ours), a word for the
 * wire, one sentence a citizen can read, what to bring and where to go, and who can know it. A code
 * never gets another meaning. On every slip the right of review stands with it (Social Insurance
 * Law, art. 83).
 *
 * Pure.
 */
#pragma once
#include "base/month.h"
#include "plan/policy.h"
#include <stdbool.h>
#include <stdint.h>

enum refusal {
    REFUSAL_NONE,
    REFUSAL_TOO_YOUNG,        /* R01 */
    REFUSAL_RETIRED,          /* R02 at or above the age of the policy */
    REFUSAL_EMPLOYED,         /* R03 an employer has the person registered; law art. 50 */
    REFUSAL_PENSIONER,        /* R04 */
    REFUSAL_UNEMPLOYMENT,     /* R05 the fund pays the medical insurance; law art. 48 */
    REFUSAL_ELSEWHERE,        /* R06 active in another place */
    REFUSAL_RESIDENT_MEDICAL, /* R07 in the same period */
    REFUSAL_IDENTITY,         /* R08 expired, wrong check digit, number and card differ */
    REFUSAL_NOT_IN_PERSON,    /* R09 face or PIN: no kiosk of ours asks for either */
    REFUSAL_RECORD_CLOSED,    /* R10 the record says deceased or emigrated */
    REFUSAL_OPEN_BILL,        /* R11 */
    REFUSAL_RESIDENCE,        /* R12 */
    REFUSAL_WINDOW,           /* R13 outside the enrolment dates of the policy */
    REFUSAL_BASE,             /* R14 base or grade not allowed */
    REFUSAL_POLICY,           /* R15 no figures in force */
    REFUSAL_BACK_PAYMENT,     /* R16 */
    REFUSAL_DOCUMENT,         /* R17 a kind the kiosk does not register */
    REFUSAL_YEARS,            /* R18 enough years: nothing to pay */
    REFUSAL_KNOWN,            /* R19 registered already, under another number */
    REFUSAL_OTHER,            /* R00 set aside for a reason this program has no code for */
    REFUSALS,
};

/* Who can know it. */
enum refusal_knower {
    REFUSAL_BY_KIOSK,  /* from the card and the policy */
    REFUSAL_BY_BUREAU, /* from its records: offline it is not known, and decided later */
    REFUSAL_BY_BOTH,
};

struct refusal_words {
    const char *code;      /* "R03" */
    const char *word;      /* "employed": in the bureau's answers, dead letters and register */
    const char *insurance; /* AAE140: it concerns this one only; NULL all */
    enum refusal_knower knower;
    const char *sentence[2]; /* zh, en */
    const char *bring[2];    /* what to bring and where to go */
};

/* REFUSAL_NONE has no words. */
const struct refusal_words *refusal_words(enum refusal refusal);
/* REFUSAL_OTHER for a word this program does not know, REFUSAL_NONE for none at all. */
enum refusal refusal_of_word(const char *word);
/* Does it stand in the way of one of these (bits of the policy's insurances)? */
bool refusal_concerns(enum refusal refusal, const struct policy *policy, uint32_t insurances);

/* The right of review, for every slip that refuses. zh, en. */
extern const char *const REFUSAL_REVIEW[2];

/* May one enrol in all of these today (YYYYMMDD)? The windows are the policy's. */
bool refusal_window_is_open(const struct policy *policy, uint32_t insurances, int32_t today);
