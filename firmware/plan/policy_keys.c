#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "plan/policy_internal.h"

#define WORDS_MAX 6

/* A key's value is either words for a function to read, or plain text for a field. */
struct policy_key {
    const char *name;
    enum policy_section section;
    void (*read)(struct policy_draft *draft, char *value); /* NULL: text */
    size_t offset, size;                                   /* of the field, for text */
    bool repeats, is_required;
};

static struct policy_insurance *insurance_of(struct policy_draft *draft)
{
    return &draft->policy->insurances[draft->index];
}

/* [policy] */

static void read_id(struct policy_draft *draft, char *value)
{
    size_t size = strlen(value);
    if (size < 3 || size > 40 || strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") != size)
        policy_add_error(draft, draft->line, "E07", "id is not 3 to 40 of a-z, 0-9 and -");
    else
        text_copy(draft->policy->id, sizeof draft->policy->id, value);
}

static void read_format(struct policy_draft *draft, char *value)
{
    if (strcmp(value, "1") != 0)
        policy_add_error(draft, draft->line, "E02", "format '%.20s' is not known; this one reads 1",
                         value);
}

static void read_region(struct policy_draft *draft, char *value)
{
    if (strlen(value) != 6 || strspn(value, "0123456789") != 6)
        policy_add_error(draft, draft->line, "E08", "region is not six digits");
    else if (draft->region && strcmp(draft->region, value) != 0)
        policy_add_error(draft, draft->line, "E08", "region %s is not this kiosk's, which is %s",
                         value, draft->region);
    else
        text_copy(draft->policy->region, sizeof draft->policy->region, value);
}

static void read_revision(struct policy_draft *draft, char *value)
{
    if (!policy_read_number(value, 1, 999999, &draft->policy->revision))
        policy_add_error(draft, draft->line, "E04", "revision is not a number from 1");
}

static void read_issued(struct policy_draft *draft, char *value)
{
    if (!policy_is_date(value, false))
        policy_add_error(draft, draft->line, "E17", "issued is not YYYY-MM-DD");
    else
        text_copy(draft->policy->issued, sizeof draft->policy->issued, value);
}

static void read_expires(struct policy_draft *draft, char *value)
{
    draft->expires_line = draft->line;
    draft->expires_is_set = policy_read_month(draft, value, &draft->policy->expires);
}

static bool find_surplus(const char *word, enum policy_surplus *out)
{
    static const char *const WORDS[] = {
        [POLICY_SURPLUS_CREDIT] = "credit",
        [POLICY_SURPLUS_CLAIM] = "claim",
        [POLICY_SURPLUS_NONE] = "none",
    };
    for (size_t i = 0; i < ARRAY_SIZE(WORDS); i++) {
        if (strcmp(word, WORDS[i]) != 0)
            continue;
        *out = (enum policy_surplus)i;
        return true;
    }
    return false;
}

/* credit, claim or none [source] */
static void read_surplus(struct policy_draft *draft, char *value)
{
    char *words[WORDS_MAX];
    int source;
    int count = policy_split(value, words, WORDS_MAX);
    if (count < 1 || count > 2 || !find_surplus(words[0], &draft->policy->surplus)) {
        policy_add_error(draft, draft->line, "E35", "surplus is credit, claim or none");
        return;
    }
    if (count == 2)
        (void)policy_read_source(draft, words[1], &source);
}

/* [source …] */

static void read_source_date(struct policy_draft *draft, char *value)
{
    struct policy_source *source = &draft->policy->sources[draft->index];
    if (!policy_is_date(value, true))
        policy_add_error(draft, draft->line, "E17", "date is neither YYYY-MM-DD nor YYYY-MM");
    else
        text_copy(source->date, sizeof source->date, value);
}

/* [insurance …] */

static void read_code(struct policy_draft *draft, char *value)
{
    struct policy *policy = draft->policy;
    if (!text_copy(insurance_of(draft)->code, sizeof insurance_of(draft)->code, value))
        policy_add_error(draft, draft->line, "E23", "code is longer than 7 characters");
    for (int i = 0; i < policy->insurance_count; i++)
        if (i != draft->index && strcmp(policy->insurances[i].code, value) == 0)
            policy_add_error(draft, draft->line, "E06", "code %.8s is used twice", value);
}

static void read_mode(struct policy_draft *draft, char *value)
{
    if (strcmp(value, "rate") == 0)
        insurance_of(draft)->mode = POLICY_RATE;
    else if (strcmp(value, "fixed") == 0)
        insurance_of(draft)->mode = POLICY_FIXED;
    else
        policy_add_error(draft, draft->line, "E31", "mode is rate or fixed");
}

struct policy_ranges *policy_figures(struct policy_insurance *insurance, enum policy_figure figure)
{
    struct policy_ranges *figures[FIGURES] = {
        [FIGURE_RATE] = &insurance->rate,       [FIGURE_ACCOUNT] = &insurance->account,
        [FIGURE_LIMITS] = &insurance->limits,   [FIGURE_FIXED] = &insurance->fixed,
        [FIGURE_PENDING] = &insurance->pending,
    };
    return figures[figure];
}

const char *policy_figure_name(enum policy_figure figure)
{
    static const char *const NAMES[FIGURES] = { "rate", "account", "limits", "fixed", "pending" };
    return NAMES[figure];
}

/* Kept in the order of their months, each with the line it came from. */
static void add_range(struct policy_draft *draft, enum policy_figure figure,
                      const struct policy_range *range)
{
    struct policy_ranges *ranges = policy_figures(insurance_of(draft), figure);
    int *lines = draft->insurances[draft->index].figure_lines[figure];
    if (ranges->count == POLICY_RANGES_MAX) {
        policy_add_error(draft, draft->line, "E45", "more than %d lines of %s", POLICY_RANGES_MAX,
                         policy_figure_name(figure));
        return;
    }
    int at = ranges->count++;
    for (; at > 0 && ranges->items[at - 1].first > range->first; at--) {
        ranges->items[at] = ranges->items[at - 1];
        lines[at] = lines[at - 1];
    }
    ranges->items[at] = *range;
    lines[at] = draft->line;
}

/* The words of a figure line: span, values, source. */
static int split_figure(struct policy_draft *draft, char *value, char **words, int value_count)
{
    int count = policy_split(value, words, WORDS_MAX);
    if (count == value_count + 1)
        policy_add_error(draft, draft->line, "E16", "figure without a source");
    else if (count != value_count + 2)
        policy_add_error(draft, draft->line, "E23", "expected a span of months, %d figure%s, %s",
                         value_count, value_count > 1 ? "s" : "", "a source");
    return count == value_count + 2;
}

static void read_rate_of(struct policy_draft *draft, char *value, enum policy_figure figure)
{
    char *words[WORDS_MAX];
    struct policy_range range = { 0 };
    if (!split_figure(draft, value, words, 1))
        return;
    bool good = policy_read_span(draft, words[0], &range.first, &range.last);
    good = policy_read_percent(draft, words[1], &range.rate) && good;
    good = policy_read_source(draft, words[2], &range.source) && good;
    if (good)
        add_range(draft, figure, &range);
}

static void read_rate(struct policy_draft *draft, char *value)
{
    read_rate_of(draft, value, FIGURE_RATE);
}

static void read_account(struct policy_draft *draft, char *value)
{
    read_rate_of(draft, value, FIGURE_ACCOUNT);
}

static void read_limits(struct policy_draft *draft, char *value)
{
    char *words[WORDS_MAX];
    struct policy_range range = { 0 };
    if (!split_figure(draft, value, words, 2))
        return;
    bool good = policy_read_span(draft, words[0], &range.first, &range.last);
    bool amounts_are_good = policy_read_amount(draft, words[1], &range.floor_fen);
    amounts_are_good = policy_read_amount(draft, words[2], &range.ceiling_fen) && amounts_are_good;
    good = policy_read_source(draft, words[3], &range.source) && good;
    if (amounts_are_good && (range.floor_fen == 0 || range.floor_fen > range.ceiling_fen)) {
        policy_add_error(draft, draft->line, "E26", "the floor is zero or above the ceiling");
        return;
    }
    if (good && amounts_are_good)
        add_range(draft, FIGURE_LIMITS, &range);
}

static void read_fixed(struct policy_draft *draft, char *value)
{
    char *words[WORDS_MAX];
    struct policy_range range = { 0 };
    if (!split_figure(draft, value, words, 1))
        return;
    bool good = policy_read_span(draft, words[0], &range.first, &range.last);
    good = policy_read_amount(draft, words[1], &range.amount_fen) && good;
    good = policy_read_source(draft, words[2], &range.source) && good;
    if (good)
        add_range(draft, FIGURE_FIXED, &range);
}

static void read_pending(struct policy_draft *draft, char *value)
{
    struct policy_range range = { .source = -1 };
    char *why = value + strcspn(value, " \t");
    if (*why != '\0')
        *why++ = '\0';
    why += strspn(why, " \t");
    if (!policy_read_span(draft, value, &range.first, &range.last))
        return;
    if (*why == '\0')
        policy_add_error(draft, draft->line, "E16", "pending without a reason in words");
    text_copy(range.pending, sizeof range.pending, why);
    add_range(draft, FIGURE_PENDING, &range);
}

static void read_same_base(struct policy_draft *draft, char *value)
{
    struct policy_insurance_draft *lines = &draft->insurances[draft->index];
    lines->same_base_line = draft->line;
    text_copy(lines->same_base, sizeof lines->same_base, value);
}

static void read_choose(struct policy_draft *draft, char *value)
{
    struct policy_insurance_draft *lines = &draft->insurances[draft->index];
    lines->inherits = strcmp(value, "inherit") == 0;
    lines->inherits_line = draft->line;
    if (!lines->inherits && strcmp(value, "free") != 0)
        policy_add_error(draft, draft->line, "E35", "choose is free or inherit");
}

static void read_outside(struct policy_draft *draft, char *value)
{
    if (strcmp(value, "clamp") != 0 && strcmp(value, "refuse") != 0)
        policy_add_error(draft, draft->line, "E35", "outside is clamp or refuse");
    insurance_of(draft)->clamp_outside = strcmp(value, "clamp") == 0;
}

static void read_round(struct policy_draft *draft, char *value)
{
    if (money_rounding_parse(value, &insurance_of(draft)->rounding) != STATUS_OK)
        policy_add_error(draft, draft->line, "E35", "round '%.20s' is not known", value);
}

/* month [ahead year-end] [source] */
static void read_pay(struct policy_draft *draft, char *value)
{
    char *words[WORDS_MAX];
    int source;
    int count = policy_split(value, words, WORDS_MAX);
    bool is_ahead =
        count >= 3 && strcmp(words[1], "ahead") == 0 && strcmp(words[2], "year-end") == 0;
    int used = is_ahead ? 3 : 1;
    if (count < 1 || strcmp(words[0], "month") != 0 || count > used + 1) {
        policy_add_error(draft, draft->line, "E35", "pay is: month, or: month ahead year-end");
        return;
    }
    insurance_of(draft)->pay_ahead = is_ahead;
    if (count > used)
        (void)policy_read_source(draft, words[used], &source);
}

/* months [source] */
static void read_wait(struct policy_draft *draft, char *value)
{
    char *words[WORDS_MAX];
    int source;
    int count = policy_split(value, words, WORDS_MAX);
    if (count < 1 || count > 2 ||
        !policy_read_number(words[0], 0, 24, &insurance_of(draft)->wait_months))
        policy_add_error(draft, draft->line, "E35", "wait is a number of months up to 24");
    else if (count == 2)
        (void)policy_read_source(draft, words[1], &source);
}

/* min, men under, women under [source] */
static void read_age(struct policy_draft *draft, char *value)
{
    struct policy_insurance *insurance = insurance_of(draft);
    char *words[WORDS_MAX];
    int source;
    int count = policy_split(value, words, WORDS_MAX);
    if (count < 3 || count > 4 || !policy_read_number(words[0], 1, 120, &insurance->age_min) ||
        !policy_read_number(words[1], 1, 120, &insurance->age_max_male) ||
        !policy_read_number(words[2], 1, 120, &insurance->age_max_female)) {
        policy_add_error(draft, draft->line, "E38", "age is: from, men under, women under");
        return;
    }
    if (insurance->age_min > insurance->age_max_male ||
        insurance->age_min > insurance->age_max_female)
        policy_add_error(draft, draft->line, "E38", "the youngest age is over the oldest");
    if (count == 4)
        (void)policy_read_source(draft, words[3], &source);
}

/* month, base or -, amount, source */
static void read_check(struct policy_draft *draft, char *value)
{
    struct policy_check_draft check = { .insurance = draft->index, .line = draft->line };
    char *words[WORDS_MAX];
    int source;
    int count = policy_split(value, words, WORDS_MAX);
    if (count != 4) {
        policy_add_error(draft, draft->line, count == 3 ? "E16" : "E23",
                         "check is: month, base or -, amount, source");
        return;
    }
    bool good = policy_read_month(draft, words[0], &check.month);
    if (strcmp(words[1], "-") == 0)
        check.base_fen = -1;
    else
        good = policy_read_amount(draft, words[1], &check.base_fen) && good;
    good = policy_read_amount(draft, words[2], &check.expected_fen) && good;
    good = policy_read_source(draft, words[3], &source) && good;
    if (good && draft->check_count == POLICY_CHECKS_MAX)
        policy_add_error(draft, draft->line, "E45", "more than %d checks", POLICY_CHECKS_MAX);
    else if (good)
        draft->checks[draft->check_count++] = check;
}

#define TEXT(type, field)                                                                          \
    .offset = offsetof(struct type, field), .size = sizeof((struct type *)0)->field

static const struct policy_key KEYS[] = {
    { "id", SECTION_POLICY, .read = read_id, .is_required = true },
    { "format", SECTION_POLICY, .read = read_format, .is_required = true },
    { "region", SECTION_POLICY, .read = read_region, .is_required = true },
    { "revision", SECTION_POLICY, .read = read_revision, .is_required = true },
    { "issued", SECTION_POLICY, .read = read_issued, .is_required = true },
    { "expires", SECTION_POLICY, .read = read_expires },
    { "surplus", SECTION_POLICY, .read = read_surplus, .is_required = true },
    { "name_zh", SECTION_POLICY, TEXT(policy, name_zh), .is_required = true },
    { "name_en", SECTION_POLICY, TEXT(policy, name_en), .is_required = true },
    { "collector_zh", SECTION_POLICY, TEXT(policy, collector_zh), .is_required = true },
    { "collector_en", SECTION_POLICY, TEXT(policy, collector_en), .is_required = true },
    { "surplus_zh", SECTION_POLICY, TEXT(policy, surplus_zh), .is_required = true },
    { "surplus_en", SECTION_POLICY, TEXT(policy, surplus_en), .is_required = true },
    { "materials_zh", SECTION_POLICY, TEXT(policy, materials_zh) },
    { "materials_en", SECTION_POLICY, TEXT(policy, materials_en) },
    { "number", SECTION_SOURCE, TEXT(policy_source, number), .is_required = true },
    { "date", SECTION_SOURCE, .read = read_source_date, .is_required = true },
    { "place", SECTION_SOURCE, TEXT(policy_source, place), .is_required = true },
    { "code", SECTION_INSURANCE, .read = read_code, .is_required = true },
    { "mode", SECTION_INSURANCE, .read = read_mode, .is_required = true },
    { "name_zh", SECTION_INSURANCE, TEXT(policy_insurance, name_zh), .is_required = true },
    { "name_en", SECTION_INSURANCE, TEXT(policy_insurance, name_en), .is_required = true },
    { "basis_zh", SECTION_INSURANCE, TEXT(policy_insurance, basis_zh), .is_required = true },
    { "basis_en", SECTION_INSURANCE, TEXT(policy_insurance, basis_en), .is_required = true },
    { "rate", SECTION_INSURANCE, .read = read_rate, .repeats = true },
    { "account", SECTION_INSURANCE, .read = read_account, .repeats = true },
    { "limits", SECTION_INSURANCE, .read = read_limits, .repeats = true },
    { "fixed", SECTION_INSURANCE, .read = read_fixed, .repeats = true },
    { "pending", SECTION_INSURANCE, .read = read_pending, .repeats = true },
    { "check", SECTION_INSURANCE, .read = read_check, .repeats = true },
    { "same-base", SECTION_INSURANCE, .read = read_same_base },
    { "choose", SECTION_INSURANCE, .read = read_choose },
    { "outside", SECTION_INSURANCE, .read = read_outside },
    { "round", SECTION_INSURANCE, .read = read_round },
    { "pay", SECTION_INSURANCE, .read = read_pay },
    { "wait", SECTION_INSURANCE, .read = read_wait },
    { "age", SECTION_INSURANCE, .read = read_age },
};
_Static_assert(ARRAY_SIZE(KEYS) <= 64, "one bit each in the seen masks");

static uint64_t *seen_of(struct policy_draft *draft)
{
    switch (draft->section) {
    case SECTION_SOURCE:
        return &draft->sources[draft->index].seen;
    case SECTION_INSURANCE:
        return &draft->insurances[draft->index].seen;
    case SECTION_NONE:
    case SECTION_UNKNOWN:
    case SECTION_POLICY:
        break;
    }
    return &draft->policy_seen;
}

static char *text_of(struct policy_draft *draft, const struct policy_key *key)
{
    char *base = (char *)draft->policy;
    if (draft->section == SECTION_SOURCE)
        base = (char *)&draft->policy->sources[draft->index];
    if (draft->section == SECTION_INSURANCE)
        base = (char *)insurance_of(draft);
    return base + key->offset;
}

/* A text that goes on in the next line: a blank between Latin letters, none between Chinese. */
static void read_text(struct policy_draft *draft, const struct policy_key *key, const char *value,
                      bool goes_on)
{
    char *text = text_of(draft, key);
    size_t length = goes_on ? strlen(text) : 0;
    const char *glue = length > 0 && (unsigned char)text[length - 1] < 0x80 ? " " : "";
    if (!text_format(text + length, key->size - length, "%s%s", glue, value))
        policy_add_error(draft, draft->line, "E01", "%s is longer than %zu bytes", key->name,
                         key->size - 1);
}

static int find_key(enum policy_section section, const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++)
        if (KEYS[i].section == section && strcmp(KEYS[i].name, name) == 0)
            return (int)i;
    return -1;
}

void policy_read_key(struct policy_draft *draft, const char *name, const char *value)
{
    char copy[POLICY_LINE_BYTES_MAX + 1];
    if (draft->section == SECTION_UNKNOWN)
        return;
    int index = find_key(draft->section, name);
    if (index < 0) {
        policy_add_error(draft, draft->line, "E03", "unknown key '%.40s' in this place", name);
        return;
    }
    const struct policy_key *key = &KEYS[index];
    uint64_t *seen = seen_of(draft), bit = UINT64_C(1) << index;
    bool goes_on = draft->is_continued && draft->last_key == index + 1 && !key->read;
    if ((*seen & bit) && !key->repeats && !goes_on) {
        policy_add_error(draft, draft->line, "E05", "%s is given twice", name);
        return;
    }
    *seen |= bit;
    draft->last_key = index + 1;
    text_copy(copy, sizeof copy, value);
    if (key->read)
        key->read(draft, copy);
    else
        read_text(draft, key, copy, goes_on);
}

static void begin_policy(struct policy_draft *draft)
{
    if (draft->policy_line > 0)
        policy_add_error(draft, draft->line, "E06", "[policy] is given twice");
    draft->policy_line = draft->line;
    draft->section = SECTION_POLICY;
}

static void begin_source(struct policy_draft *draft, const char *id)
{
    int source = policy_find_source(draft, id);
    if (source < 0) {
        policy_add_error(draft, draft->line, "E45", "more than %d sources, or an id over 15 bytes",
                         POLICY_SOURCES_MAX);
        return;
    }
    if (draft->sources[source].section_line > 0)
        policy_add_error(draft, draft->line, "E06", "[source %s] is given twice", id);
    draft->sources[source].section_line = draft->line;
    draft->section = SECTION_SOURCE;
    draft->index = source;
}

static int find_insurance(const struct policy *policy, const char *id)
{
    for (int i = 0; i < policy->insurance_count; i++)
        if (strcmp(policy->insurances[i].id, id) == 0)
            return i;
    return -1;
}

static void begin_insurance(struct policy_draft *draft, const char *id)
{
    struct policy *policy = draft->policy;
    if (find_insurance(policy, id) >= 0) {
        policy_add_error(draft, draft->line, "E06", "[insurance %.24s] is given twice", id);
        return;
    }
    if (policy->insurance_count == POLICY_INSURANCES_MAX ||
        !text_copy(policy->insurances[policy->insurance_count].id, sizeof policy->insurances[0].id,
                   id)) {
        policy_add_error(draft, draft->line, "E45", "more than %d insurances, or an id over %s",
                         POLICY_INSURANCES_MAX, "23 bytes");
        return;
    }
    draft->section = SECTION_INSURANCE;
    draft->index = policy->insurance_count++;
    draft->insurances[draft->index].section_line = draft->line;
    policy->insurances[draft->index].same_base = -1;
}

void policy_begin_section(struct policy_draft *draft, const char *name)
{
    draft->section = SECTION_UNKNOWN;
    draft->last_key = 0;
    if (++draft->section_count > POLICY_SECTIONS_MAX) {
        if (draft->section_count == POLICY_SECTIONS_MAX + 1)
            policy_add_error(draft, draft->line, "E45", "more than %d sections",
                             POLICY_SECTIONS_MAX);
        return;
    }
    if (draft->section_count == 1 && strcmp(name, "policy") != 0)
        policy_add_error(draft, draft->line, "E02", "the first section is not [policy]");
    if (strcmp(name, "policy") == 0)
        begin_policy(draft);
    else if (strncmp(name, "source ", 7) == 0 && name[7] != '\0')
        begin_source(draft, name + 7);
    else if (strncmp(name, "insurance ", 10) == 0 && name[10] != '\0')
        begin_insurance(draft, name + 10);
    else
        policy_add_error(draft, draft->line, "E03", "unknown section [%.40s]", name);
}

static void check_section(struct policy_draft *draft, enum policy_section section, uint64_t seen,
                          int line)
{
    for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++)
        if (KEYS[i].section == section && KEYS[i].is_required && !(seen >> i & 1))
            policy_add_error(draft, line, section == SECTION_SOURCE ? "E17" : "E04",
                             "%s is missing", KEYS[i].name);
}

void policy_check_required(struct policy_draft *draft)
{
    draft->section = SECTION_NONE;
    if (draft->policy_line == 0)
        policy_add_error(draft, 1, "E02", "no [policy] section");
    else
        check_section(draft, SECTION_POLICY, draft->policy_seen, draft->policy_line);
    for (int i = 0; i < draft->policy->source_count; i++)
        if (draft->sources[i].section_line > 0)
            check_section(draft, SECTION_SOURCE, draft->sources[i].seen,
                          draft->sources[i].section_line);
    for (int i = 0; i < draft->policy->insurance_count; i++)
        check_section(draft, SECTION_INSURANCE, draft->insurances[i].seen,
                      draft->insurances[i].section_line);
}
