/*
 * A city's policy, read from one INI file: what an individual pays, from when, by which rule, and
 * the source of each figure. Nothing about a city is in code.
 *
 * A policy is loaded whole or not at all; every error is reported as "file:line: Enn what"
 * (codes: config/policy/README.md). The last good policy stays in force.
 *
 * Threads:   main loop. Ownership: policy_load allocates, policy_free frees; immutable in between.
 * Units:     *_fen are fen, rates millionths, months month_index. Where a source is an index into
 *            policy.sources, -1 says that the file names none.
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
#define POLICY_LISTS_MAX 12
#define POLICY_GRADES_MAX 40
#define POLICY_PARTS_MAX 4
#define POLICY_SOURCES_MAX 32
#define POLICY_AREAS_MAX 8
#define POLICY_BANKS_MAX 24
#define POLICY_MATERIALS_MAX 12
#define POLICY_NOTES_MAX 32
#define POLICY_TEXT_SIZE 192
#define POLICY_AREA_ALL (-1)

struct policy_source {
    char id[16];
    char number[96]; /* 沪人社规〔2023〕5号 */
    char date[12];
    char place[64];
};

/* One figure line: months first..last, last = INT32_MAX when open. */
struct policy_range {
    month_index first, last;
    int area;                       /* index, or POLICY_AREA_ALL */
    int part;                       /* index, for part; 0 otherwise */
    int32_t rate;                   /* millionths, for rate, account and a part in percent */
    int64_t floor_fen, ceiling_fen; /* for limits */
    int64_t amount_fen;             /* for fixed, average and a part that is a sum */
    int list;                       /* index into lists, for grades, percent and tier; else -1 */
    int source;                     /* index */
    const char *pending;            /* why there is no figure, in policy.notes; NULL otherwise */
};

struct policy_ranges {
    struct policy_range items[POLICY_RANGES_MAX];
    int count;
};

/* The choices of one grades, percent or tier line, in the order of the file: fen, or millionths. */
struct policy_list {
    int64_t values[POLICY_GRADES_MAX];
    int count;
    bool is_yearly; /* tiers: a sum a year, else a month */
};

struct policy_part {
    char id[16];
    char name_zh[32], name_en[48];
};

enum policy_mode {
    POLICY_RATE,
    POLICY_FIXED,
    POLICY_TIERS /* the person chooses one of a list of sums */
};

enum policy_choice {
    POLICY_CHOOSE_FREE,
    POLICY_CHOOSE_GRADES,  /* a base from a list of sums */
    POLICY_CHOOSE_PERCENT, /* a base from a list of percentages of the average wage */
    POLICY_CHOOSE_INHERIT, /* whatever was chosen in same_base */
};

/* How many months may be paid at a time; a set. */
enum policy_pay {
    POLICY_PAY_MONTH = 1,
    POLICY_PAY_QUARTER = 2,
    POLICY_PAY_HALF = 4,
    POLICY_PAY_YEAR = 8,
};

enum policy_back {
    POLICY_BACK_NONE,
    POLICY_BACK_YEAR,  /* months of the current calendar year */
    POLICY_BACK_MONTHS /* the last back_months months */
};

/* What becomes of the difference when limits change for months already paid. */
enum policy_retro {
    POLICY_RETRO_UNSET, /* the bureau has not decided: nothing is billed */
    POLICY_RETRO_NONE,
    POLICY_RETRO_COLLECT,
    POLICY_RETRO_FLOOR_ONLY, /* only from those who paid on less than the new floor */
    POLICY_RETRO_NEXT_MONTH, /* added to the next month's bill */
};

enum policy_residence {
    POLICY_RESIDENCE_UNSET,
    POLICY_RESIDENCE_ANY,
    POLICY_RESIDENCE_WORKS_HERE,
    POLICY_RESIDENCE_LIVES_HERE,
    POLICY_RESIDENCE_HOUSEHOLD,
};

/* The rules of an insurance that are words, not months of figures; each may name a source. */
enum policy_rule {
    POLICY_RULE_PAY,
    POLICY_RULE_BACK,
    POLICY_RULE_RETRO,
    POLICY_RULE_SURCHARGE,
    POLICY_RULE_WAIT,
    POLICY_RULE_WAIT_BREAK,
    POLICY_RULE_AGE,
    POLICY_RULE_RESIDENCE,
    POLICY_RULE_DUE_DAY,
    POLICY_RULE_WINDOW,
    POLICY_RULES,
};

struct policy_insurance {
    char id[24];  /* "pension" */
    char code[8]; /* AAE140: 110, 310 */
    char name_zh[64], name_en[64];
    enum policy_mode mode;
    struct policy_ranges rate, account, limits, fixed, pending;
    struct policy_ranges average, grades, percent, tier, part;
    struct policy_list lists[POLICY_LISTS_MAX];
    int list_count;
    struct policy_part parts[POLICY_PARTS_MAX];
    int part_count;
    month_index expires; /* last month it may be used for, INT32_MAX open */
    enum policy_choice choice;
    int64_t step_fen; /* a free choice is a multiple of this, or a limit; 0 any */
    int same_base;    /* index of the insurance whose chosen base counts here too, -1 none */
    enum money_rounding rounding;
    enum money_rounding base_rounding; /* of a percentage of the average */
    bool clamp_outside; /* a base outside the limits is lifted/lowered (true) or refused */
    unsigned pay;       /* set of enum policy_pay */
    bool pay_ahead;     /* months to the end of the calendar year may be paid in one go */
    bool align;         /* quarters, halves and years begin where the calendar's do */
    bool split;         /* a yearly tier may be paid by the month */
    enum policy_back back;
    int back_months;
    enum policy_retro retro;
    int32_t surcharge;             /* millionths a day on what is late, 0 none */
    int due_day;                   /* 1..31, 0: not known, none is shown */
    int window_first, window_last; /* month * 100 + day, 0 none: when one may enrol */
    char basis_zh[POLICY_TEXT_SIZE], basis_en[POLICY_TEXT_SIZE]; /* legal basis, plain words */
    int wait_months;       /* waiting time before benefits, 0 none */
    int wait_gap_months;   /* no wait after a gap shorter than this, 0 not stated */
    int wait_break_months; /* waiting time after a break, 0 not stated */
    int age_min, age_max_male, age_max_female; /* 0: not stated */
    enum policy_residence residence;
    int rule_sources[POLICY_RULES];
};

enum policy_surplus {
    POLICY_SURPLUS_CREDIT, /* to the payer's account */
    POLICY_SURPLUS_CLAIM,  /* a slip for the window */
    POLICY_SURPLUS_NONE    /* there may be none: only the exact sum is taken */
};

/* AAB033: who takes the money. */
enum policy_collector {
    POLICY_COLLECTOR_BANK = 1,
    POLICY_COLLECTOR_TAX = 2,
    POLICY_COLLECTOR_AGENCY = 3,
    POLICY_COLLECTOR_MEDICAL = 4,
};

/* What the payer gets in the end; the kiosk itself only ever prints a payment slip. */
enum policy_voucher {
    POLICY_VOUCHER_SLIP,
    POLICY_VOUCHER_TAX_CERTIFICATE, /* 税收完税证明 */
    POLICY_VOUCHER_PAYMENT_PROOF,   /* 社会保险费缴费证明 */
    POLICY_VOUCHER_FISCAL_RECEIPT,  /* 财政票据 */
};

enum policy_material {
    POLICY_MATERIAL_ID_CARD,
    POLICY_MATERIAL_RESIDENCE_PERMIT,
    POLICY_MATERIAL_HOUSEHOLD_BOOK,
    POLICY_MATERIAL_LEAVING_CERTIFICATE,
    POLICY_MATERIAL_SOCIAL_CARD,
    POLICY_MATERIAL_BANK_CARD,
    POLICY_MATERIAL_PHOTO,
};

struct policy_needed {
    enum policy_material material;
    bool for_withholding; /* only with a withholding agreement */
    int source;
};

struct policy_area { /* a part of the region with limits of its own */
    char id[16];
    char name_zh[64], name_en[64];
};

/* Whom to call: the bureau itself, and the lines for questions of each authority. */
enum policy_phone {
    POLICY_PHONE_SERVICE,
    POLICY_PHONE_SOCIAL,
    POLICY_PHONE_TAX,
    POLICY_PHONE_MEDICAL,
    POLICY_PHONES,
};

struct policy_bank { /* may withhold */
    char id[16];     /* the collector's bank code */
    char number[16]; /* routing number of 12 digits, or empty */
    char name_zh[64], name_en[64];
    int source;
};

struct policy {
    char id[48];
    char region[8];
    char name_zh[64], name_en[64];
    int revision;
    int replaces_revision; /* 0: the first one */
    char replaces_sha256[65];
    char issued[12];
    char author[32], approver[32]; /* names of keys */
    enum policy_collector collector;
    int collector_source;
    char collector_zh[64], collector_en[64];
    char sha256[65];
    month_index expires; /* last month it may be used for, INT32_MAX open */
    struct policy_source sources[POLICY_SOURCES_MAX];
    int source_count;
    struct policy_area areas[POLICY_AREAS_MAX];
    int area_count;
    struct policy_bank banks[POLICY_BANKS_MAX];
    int bank_count;
    struct policy_insurance insurances[POLICY_INSURANCES_MAX];
    int insurance_count;
    enum policy_surplus surplus;
    int surplus_source;
    char surplus_zh[POLICY_TEXT_SIZE],
        surplus_en[POLICY_TEXT_SIZE]; /* shown before the first note */
    enum policy_voucher voucher;
    int voucher_source;
    char phones[POLICY_PHONES][24]; /* empty: the kiosk's own settings say it */
    struct policy_needed materials[POLICY_MATERIALS_MAX];
    int material_count;
    char materials_zh[POLICY_TEXT_SIZE], materials_en[POLICY_TEXT_SIZE];
    char notes[POLICY_NOTES_MAX][POLICY_TEXT_SIZE];
    int note_count;
};

/* Called once per error, in the order of lines. A text that begins with "warning: " does not refuse
 * the file. */
typedef void policy_on_error(void *context, const char *file, int line, const char *code,
                             const char *text);

/* What a file is held against besides itself. All zero: nothing. */
struct policy_against {
    const char *region;        /* NULL: any */
    int stored_revision;       /* of the same policy; a new file must be above it. 0: none */
    const char *stored_sha256; /* and must name this one as what it replaces */
    const char *today;         /* "2026-11-30": neither expired nor issued later. NULL: any day */
    const char *issued_max;    /* today and the allowed error of a clock. NULL: any day */
};

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
NODISCARD enum status policy_parse_against(const char *file, const void *bytes, size_t size,
                                           const struct policy_against *against,
                                           policy_on_error *on_error, void *context,
                                           struct policy **out);
void policy_free(struct policy *policy);

/* The whole file, malloc'd. STATUS_NOT_FOUND, STATUS_IO; one over the limit of a policy file comes
 * back one byte over it, so that the parser refuses it. */
NODISCARD enum status policy_read_file(const char *path, char **bytes_out, size_t *size_out);

/* The range that covers a month, in the first area; NULL if none does. */
const struct policy_range *policy_find_range(const struct policy_ranges *ranges, month_index month);
/* The same in a given area. */
const struct policy_range *policy_find_range_in(const struct policy_ranges *ranges,
                                                month_index month, int area);

/* The index of an area; 0, the first, for an empty id; -1 there is none of that id. */
int policy_find_area(const struct policy *policy, const char *id);

/* The source of a rule in words, NULL if the file names none. */
const struct policy_source *policy_rule_source(const struct policy *policy,
                                               const struct policy_insurance *insurance,
                                               enum policy_rule rule);
