/*
 * Reading a policy file, in three steps that share one draft: bytes to lines to keys
 * (policy_ini.c), keys to figures (policy_keys.c), figures against each other (policy_check.c).
 */
#pragma once
#include "plan/policy.h"

#define POLICY_FILE_BYTES_MAX (256 * 1024)
#define POLICY_FILE_LINES_MAX 4096
#define POLICY_SECTIONS_MAX 64
#define POLICY_LINE_BYTES_MAX 196 /* what inih takes as one line, as Debian builds it (200) */
#define POLICY_ERRORS_MAX 64
#define POLICY_CHECKS_MAX 64
#define POLICY_AMOUNT_FEN_MAX INT64_C(1000000000)
#define POLICY_MONTH_OPEN INT32_MAX

enum policy_section {
    SECTION_NONE,
    SECTION_UNKNOWN, /* reported once; its keys are passed over */
    SECTION_POLICY,
    SECTION_SOURCE,
    SECTION_INSURANCE,
};

enum policy_figure {
    FIGURE_RATE,
    FIGURE_ACCOUNT,
    FIGURE_LIMITS,
    FIGURE_FIXED,
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
    int same_base_line;
    bool inherits;
    int inherits_line;
    bool is_broken; /* a figure was refused, so recomputing its checks would only add noise */
    uint64_t seen;
};

struct policy_check_draft {
    int insurance, line;
    month_index month;
    int64_t base_fen; /* -1: a fixed sum */
    int64_t expected_fen;
};

struct policy_draft {
    const char *region;
    struct policy *policy;
    int line;
    bool is_continued; /* the line goes on with the value of the one before */
    enum policy_section section;
    int index; /* of the source or insurance the section is about */
    int section_count;
    int policy_line; /* of [policy], 0 none */
    uint64_t policy_seen;
    bool expires_is_set;
    int expires_line;
    struct policy_source_draft sources[POLICY_SOURCES_MAX];
    struct policy_insurance_draft insurances[POLICY_INSURANCES_MAX];
    struct policy_check_draft checks[POLICY_CHECKS_MAX];
    int check_count;
    struct policy_error errors[POLICY_ERRORS_MAX];
    int error_count; /* warnings included */
    bool is_refused;
    int last_key; /* index + 1 of the key read last in this section, 0 none */
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
struct policy_ranges *policy_figures(struct policy_insurance *insurance, enum policy_figure figure);
const char *policy_figure_name(enum policy_figure figure);
/* E02, E04, E17: what a section must have. */
void policy_check_required(struct policy_draft *draft);

/* policy_values.c: one value each; false after reporting. */
bool policy_read_month(struct policy_draft *draft, const char *word, month_index *out);
bool policy_read_span(struct policy_draft *draft, const char *word, month_index *first,
                      month_index *last);
bool policy_read_amount(struct policy_draft *draft, const char *word, int64_t *fen_out);
bool policy_read_percent(struct policy_draft *draft, const char *word, int32_t *rate_out);
bool policy_read_source(struct policy_draft *draft, const char *word, int *source_out);
bool policy_read_number(const char *word, int min, int max, int *out);
bool policy_is_date(const char *word, bool day_is_optional);
/* The source named id, added if it is new; -1 when there are too many. */
int policy_find_source(struct policy_draft *draft, const char *id);
/* Cuts text at blanks, in place. More words than max: the count is max + 1. */
int policy_split(char *text, char **words, int max);

/* policy_check.c */
void policy_check_all(struct policy_draft *draft);
