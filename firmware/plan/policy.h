/*
 * A city's policy, read from one INI file: what an individual pays, from when, by which rule, and
 * the source of each figure. Nothing about a city is in code.
 *
 * A policy is loaded whole or not at all; every error is reported as "file:line: Enn what"
 * (codes: config/policy/README.md). The last good policy stays in force.
 *
 * Threads:   main loop. Ownership: policy_load allocates, policy_free frees; immutable in between.
 */
#pragma once
#include "base/money.h"
#include "base/month.h"
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define POLICY_INSURANCES_MAX 6
#define POLICY_RANGES_MAX 24
#define POLICY_SOURCES_MAX 32
#define POLICY_TEXT_SIZE 192

struct policy_source {
    char id[16];
    char number[96]; /* 沪人社规〔2023〕5号 */
    char date[12];
    char place[64];
};

struct policy_range { /* months first..last, last = INT32_MAX when open */
    month_index first, last;
    int32_t rate;                   /* millionths, for rate and account */
    int64_t floor_fen, ceiling_fen; /* for limits */
    int64_t amount_fen;             /* for fixed */
    int source;                     /* index */
    char pending[POLICY_TEXT_SIZE]; /* why there is no figure; empty otherwise */
};

struct policy_ranges {
    struct policy_range items[POLICY_RANGES_MAX];
    int count;
};

enum policy_mode {
    POLICY_RATE,
    POLICY_FIXED
};

struct policy_insurance {
    char id[24];  /* "pension" */
    char code[8]; /* AAE140: 110, 310 */
    char name_zh[64], name_en[64];
    enum policy_mode mode;
    struct policy_ranges rate, account, limits, fixed, pending;
    int same_base; /* index of the insurance whose chosen base is inherited, -1 none */
    enum money_rounding rounding;
    bool clamp_outside; /* a base outside the limits is lifted/lowered (true) or refused */
    bool pay_ahead;     /* months to the end of the calendar year may be paid in one go */
    char basis_zh[POLICY_TEXT_SIZE], basis_en[POLICY_TEXT_SIZE]; /* legal basis, plain words */
    int wait_months;                           /* waiting time before benefits, 0 none */
    int age_min, age_max_male, age_max_female; /* 0: not stated */
};

enum policy_surplus {
    POLICY_SURPLUS_CREDIT, /* to the payer's account */
    POLICY_SURPLUS_CLAIM,  /* a slip for the window */
    POLICY_SURPLUS_NONE    /* there may be none: only the exact sum is taken */
};

struct policy {
    char id[48];
    char region[8];
    char name_zh[64], name_en[64];
    int revision;
    char issued[12];
    char collector_zh[64], collector_en[64];
    char sha256[65];
    month_index expires; /* last month it may be used for, INT32_MAX open */
    struct policy_source sources[POLICY_SOURCES_MAX];
    int source_count;
    struct policy_insurance insurances[POLICY_INSURANCES_MAX];
    int insurance_count;
    enum policy_surplus surplus;
    char surplus_zh[POLICY_TEXT_SIZE],
        surplus_en[POLICY_TEXT_SIZE]; /* shown before the first note */
    char materials_zh[POLICY_TEXT_SIZE], materials_en[POLICY_TEXT_SIZE];
};

/* Called once per error, in file order. A text that begins with "warning: " does not refuse the
 * file. */
typedef void policy_on_error(void *context, const char *file, int line, const char *code,
                             const char *text);

/*
 * Returns: STATUS_OK, STATUS_NOT_FOUND (no file), STATUS_INVALID (every error was reported),
 *          STATUS_IO.
 */
NODISCARD enum status policy_load(const char *path, const char *region, policy_on_error *on_error,
                                  void *context, struct policy **out);

/* The same from bytes already in memory; file is only a name for the messages. Never STATUS_IO. */
NODISCARD enum status policy_parse(const char *file, const void *bytes, size_t size,
                                   const char *region, policy_on_error *on_error, void *context,
                                   struct policy **out);
void policy_free(struct policy *policy);

/* The range that covers a month; NULL if none does. */
const struct policy_range *policy_find_range(const struct policy_ranges *ranges, month_index month);
