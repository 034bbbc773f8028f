/*
 * Reading a policy file, in steps that share one draft: bytes to keys with values (policy_ini.c),
 * keys to readers (policy_keys.c), values to figures and rules (policy_head.c, policy_figures.c,
 * policy_rules.c), figures against each other (policy_check.c, policy_warn.c).
 */
#pragma once
#include "plan/policy.h"

#define POLICY_FILE_BYTES_MAX (256 * 1024)
#define POLICY_FILE_LINES_MAX 4096
#define POLICY_SECTIONS_MAX 64
#define POLICY_LINE_BYTES_MAX 196 /* what inih takes as one line, as Debian builds it (200) */
#define POLICY_VALUE_SIZE 1024    /* of a value with all the lines it goes on in */
#define POLICY_WORDS_MAX (POLICY_GRADES_MAX + 4)
#define POLICY_ERRORS_MAX 400
#define POLICY_CHECKS_MAX 96
#define POLICY_AMOUNT_FEN_MAX INT64_C(1000000000)
#define POLICY_MONTH_OPEN INT32_MAX

enum policy_section {
    SECTION_NONE,
    SECTION_UNKNOWN, /* reported once; its keys are passed over */
    SECTION_POLICY,
    SECTION_SOURCE,
    SECTION_AREA,
    SECTION_BANK,
    SECTION_INSURANCE,
    SECTION_END,
};

enum policy_figure {
    FIGURE_RATE,
    FIGURE_ACCOUNT,
    FIGURE_LIMITS,
    FIGURE_FIXED,
    FIGURE_AVERAGE,
    FIGURE_GRADES,
    FIGURE_PERCENT,
    FIGURE_TIER,
    FIGURE_PART,
    FIGURE_PENDING,
    FIGURES,
};

struct policy_error {
    int line;
    char code[4];
    char text[160];
};

struct policy_source_draft {
    int section_line; /* 0: used but never defined */
    int used_line;    /* 0: defined but never used */
    uint64_t seen;
};

struct policy_insurance_draft {
    int section_line;
    int figure_lines[FIGURES][POLICY_RANGES_MAX];
    char same_base[24]; /* resolved when all sections are known */
    int same_base_line, choose_line, pay_line, surcharge_line, expires_line;
    bool is_broken;  /* a line could not be read: what looks missing may not be */
    bool has_errors; /* that, or its figures contradict each other */
    uint64_t seen;
};

struct policy_check_draft {
    int insurance, line, area;
    month_index month;
    int64_t base_fen; /* 0: none */
    int grade;        /* 0: none */
    int64_t expected_fen;
};

struct policy_part_section { /* [area …] and [bank …] */
    int line;
    uint64_t seen;
};

struct policy_draft {
    const struct policy_against *against;
    struct policy *policy;
    int line;
    enum policy_section section;
    int index; /* of what the section is about */
    int area;  /* of the key being read */
    int section_count;
    int policy_line; /* of [policy], 0 none */
    uint64_t policy_seen;
    int expires_line, issued_line, revision_line, replaces_line, approver_line;
    bool is_strict, replaces_is_good;
    struct policy_source_draft sources[POLICY_SOURCES_MAX];
    struct policy_part_section areas[POLICY_AREAS_MAX], banks[POLICY_BANKS_MAX];
    struct policy_insurance_draft insurances[POLICY_INSURANCES_MAX];
    struct policy_check_draft checks[POLICY_CHECKS_MAX];
    int check_count;
    struct policy_error errors[POLICY_ERRORS_MAX];
    int error_count; /* warnings included */
    int lost_count;  /* beyond what errors holds */
    bool is_refused;
};

void policy_add_error(struct policy_draft *draft, int line, const char *code, const char *format,
                      ...) PRINTF_LIKE(4, 5);
void policy_add_warning(struct policy_draft *draft, int line, const char *code, const char *format,
                        ...) PRINTF_LIKE(4, 5);

/* policy_ini.c: false if the bytes are no text of ours (E01, E45); nothing else is looked at then.
 */
bool policy_read_lines(struct policy_draft *draft, const char *bytes, size_t size);

/* policy_keys.c */
void policy_begin_section(struct policy_draft *draft, const char *name);
void policy_read_key(struct policy_draft *draft, const char *name, const char *value);
/* E02, E04, E17: what a section must have. */
void policy_check_required(struct policy_draft *draft);

/* The readers of one value each, named by the table in policy_keys.c; words are cut in place. */
typedef void policy_reader(struct policy_draft *draft, char *value);

/* policy_head.c: [policy], [source], [bank] */
policy_reader policy_read_id, policy_read_format, policy_read_region, policy_read_revision,
    policy_read_replaces, policy_read_issued, policy_read_author, policy_read_approver,
    policy_read_collector, policy_read_voucher, policy_read_expires, policy_read_surplus,
    policy_read_strict, policy_read_material, policy_read_phone, policy_read_source_date,
    policy_read_bank_number, policy_read_bank_source;

/* policy_figures.c: what holds for a span of months */
policy_reader policy_read_rate, policy_read_account, policy_read_limits, policy_read_fixed,
    policy_read_average, policy_read_grades, policy_read_percents, policy_read_tier,
    policy_read_part, policy_read_part_name, policy_read_pending, policy_read_check;
struct policy_ranges *policy_figures(struct policy_insurance *insurance, enum policy_figure figure);
const char *policy_figure_name(enum policy_figure figure);

/* policy_rules.c: the rules of an insurance in words */
policy_reader policy_read_code, policy_read_mode, policy_read_same_base, policy_read_choose,
    policy_read_outside, policy_read_round, policy_read_round_base, policy_read_pay,
    policy_read_align, policy_read_split, policy_read_back, policy_read_retro,
    policy_read_surcharge, policy_read_wait, policy_read_wait_break, policy_read_age,
    policy_read_residence, policy_read_due_day, policy_read_window, policy_read_insurance_expires;

/* policy_values.c: one value each; false after reporting. */
struct policy_word {
    const char *word;
    int value;
};
bool policy_read_month(struct policy_draft *draft, const char *word, month_index *out);
bool policy_read_span(struct policy_draft *draft, const char *word, month_index *first,
                      month_index *last);
bool policy_read_amount(struct policy_draft *draft, const char *word, int64_t *fen_out);
/* A percentage of at most max_percent. */
bool policy_read_percent(struct policy_draft *draft, const char *word, int max_percent,
                         int32_t *rate_out);
bool policy_parse_percent(const char *word, int32_t *rate_out);
bool policy_read_source(struct policy_draft *draft, const char *word, int *source_out);
/* One of the words of a table that ends with a NULL word; E35 with all of them otherwise. */
bool policy_read_word(struct policy_draft *draft, const char *key, const char *word,
                      const struct policy_word *words, int *out);
bool policy_find_word(const struct policy_word *words, const char *word, int *out);
bool policy_read_number(const char *word, int min, int max, int *out);
int policy_days_in_month(month_index month);
bool policy_is_date(const char *word, bool day_is_optional);
/* The source named id, added if it is new; -1 when there are too many. */
int policy_find_source(struct policy_draft *draft, const char *id);
/* Cuts text at blanks, in place. More words than max: the count is max + 1 or more. */
int policy_split(char *text, char **words, int max);
struct policy_insurance *policy_insurance_of(struct policy_draft *draft);
int policy_find_insurance(const struct policy *policy, const char *id);

/* policy_check.c, policy_warn.c */
void policy_check_all(struct policy_draft *draft);
void policy_warn_all(struct policy_draft *draft);
