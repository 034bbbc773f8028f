#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "plan/policy_internal.h"

/* A key's value is either words for a function to read, or plain text for a field. */
struct policy_key {
    const char *name;
    enum policy_section section;
    policy_reader *read; /* NULL: text */
    size_t offset, size; /* of the field, for text */
    bool repeats, is_required;
    bool by_area; /* may be "name.area" */
};

#define TEXT(type, field)                                                                          \
    .offset = offsetof(struct type, field), .size = sizeof((struct type *)0)->field

static const struct policy_key KEYS[] = {
    { "id", SECTION_POLICY, .read = policy_read_id, .is_required = true },
    { "format", SECTION_POLICY, .read = policy_read_format, .is_required = true },
    { "region", SECTION_POLICY, .read = policy_read_region, .is_required = true },
    { "revision", SECTION_POLICY, .read = policy_read_revision, .is_required = true },
    { "replaces", SECTION_POLICY, .read = policy_read_replaces },
    { "issued", SECTION_POLICY, .read = policy_read_issued, .is_required = true },
    { "author", SECTION_POLICY, .read = policy_read_author, .is_required = true },
    { "approver", SECTION_POLICY, .read = policy_read_approver, .is_required = true },
    { "expires", SECTION_POLICY, .read = policy_read_expires },
    { "strict", SECTION_POLICY, .read = policy_read_strict },
    { "name_zh", SECTION_POLICY, TEXT(policy, name_zh), .is_required = true },
    { "name_en", SECTION_POLICY, TEXT(policy, name_en), .is_required = true },
    { "collector", SECTION_POLICY, .read = policy_read_collector, .is_required = true },
    { "collector_zh", SECTION_POLICY, TEXT(policy, collector_zh), .is_required = true },
    { "collector_en", SECTION_POLICY, TEXT(policy, collector_en), .is_required = true },
    { "voucher", SECTION_POLICY, .read = policy_read_voucher },
    { "surplus", SECTION_POLICY, .read = policy_read_surplus, .is_required = true },
    { "surplus_zh", SECTION_POLICY, TEXT(policy, surplus_zh), .is_required = true },
    { "surplus_en", SECTION_POLICY, TEXT(policy, surplus_en), .is_required = true },
    { "material", SECTION_POLICY, .read = policy_read_material, .repeats = true },
    { "phone", SECTION_POLICY, .read = policy_read_phone, .repeats = true },
    { "materials_zh", SECTION_POLICY, TEXT(policy, materials_zh) },
    { "materials_en", SECTION_POLICY, TEXT(policy, materials_en) },

    { "number", SECTION_SOURCE, TEXT(policy_source, number), .is_required = true },
    { "date", SECTION_SOURCE, .read = policy_read_source_date, .is_required = true },
    { "place", SECTION_SOURCE, TEXT(policy_source, place), .is_required = true },

    { "name_zh", SECTION_AREA, TEXT(policy_area, name_zh), .is_required = true },
    { "name_en", SECTION_AREA, TEXT(policy_area, name_en), .is_required = true },

    { "name_zh", SECTION_BANK, TEXT(policy_bank, name_zh), .is_required = true },
    { "name_en", SECTION_BANK, TEXT(policy_bank, name_en), .is_required = true },
    { "number", SECTION_BANK, .read = policy_read_bank_number },
    { "source", SECTION_BANK, .read = policy_read_bank_source, .is_required = true },

    { "code", SECTION_INSURANCE, .read = policy_read_code, .is_required = true },
    { "name_zh", SECTION_INSURANCE, TEXT(policy_insurance, name_zh), .is_required = true },
    { "name_en", SECTION_INSURANCE, TEXT(policy_insurance, name_en), .is_required = true },
    { "basis_zh", SECTION_INSURANCE, TEXT(policy_insurance, basis_zh), .is_required = true },
    { "basis_en", SECTION_INSURANCE, TEXT(policy_insurance, basis_en), .is_required = true },
    { "mode", SECTION_INSURANCE, .read = policy_read_mode, .is_required = true },
    { "rate", SECTION_INSURANCE, .read = policy_read_rate, .repeats = true, .by_area = true },
    { "account", SECTION_INSURANCE, .read = policy_read_account, .repeats = true, .by_area = true },
    { "limits", SECTION_INSURANCE, .read = policy_read_limits, .repeats = true, .by_area = true },
    { "fixed", SECTION_INSURANCE, .read = policy_read_fixed, .repeats = true, .by_area = true },
    { "average", SECTION_INSURANCE, .read = policy_read_average, .repeats = true, .by_area = true },
    { "grades", SECTION_INSURANCE, .read = policy_read_grades, .repeats = true, .by_area = true },
    { "percent", SECTION_INSURANCE, .read = policy_read_percents, .repeats = true,
      .by_area = true },
    { "tier", SECTION_INSURANCE, .read = policy_read_tier, .repeats = true, .by_area = true },
    { "part", SECTION_INSURANCE, .read = policy_read_part, .repeats = true, .by_area = true },
    { "part-name", SECTION_INSURANCE, .read = policy_read_part_name, .repeats = true },
    { "pending", SECTION_INSURANCE, .read = policy_read_pending, .repeats = true, .by_area = true },
    { "check", SECTION_INSURANCE, .read = policy_read_check, .repeats = true, .by_area = true },
    { "same-base", SECTION_INSURANCE, .read = policy_read_same_base },
    { "choose", SECTION_INSURANCE, .read = policy_read_choose },
    { "outside", SECTION_INSURANCE, .read = policy_read_outside },
    { "round", SECTION_INSURANCE, .read = policy_read_round },
    { "round-base", SECTION_INSURANCE, .read = policy_read_round_base },
    { "pay", SECTION_INSURANCE, .read = policy_read_pay },
    { "align", SECTION_INSURANCE, .read = policy_read_align },
    { "split", SECTION_INSURANCE, .read = policy_read_split },
    { "back", SECTION_INSURANCE, .read = policy_read_back },
    { "retro", SECTION_INSURANCE, .read = policy_read_retro },
    { "surcharge", SECTION_INSURANCE, .read = policy_read_surcharge },
    { "wait", SECTION_INSURANCE, .read = policy_read_wait },
    { "wait-break", SECTION_INSURANCE, .read = policy_read_wait_break },
    { "age", SECTION_INSURANCE, .read = policy_read_age },
    { "residence", SECTION_INSURANCE, .read = policy_read_residence },
    { "due-day", SECTION_INSURANCE, .read = policy_read_due_day },
    { "window", SECTION_INSURANCE, .read = policy_read_window },
    { "expires", SECTION_INSURANCE, .read = policy_read_insurance_expires },
};

/* The key's bit in its section's mask of keys seen. */
static uint64_t bit_of(size_t index)
{
    size_t first = index;
    while (first > 0 && KEYS[first - 1].section == KEYS[index].section)
        first--;
    CHECK(index - first < 64);
    return UINT64_C(1) << (index - first);
}

static uint64_t *seen_of(struct policy_draft *draft)
{
    switch (draft->section) {
    case SECTION_SOURCE:
        return &draft->sources[draft->index].seen;
    case SECTION_AREA:
        return &draft->areas[draft->index].seen;
    case SECTION_BANK:
        return &draft->banks[draft->index].seen;
    case SECTION_INSURANCE:
        return &draft->insurances[draft->index].seen;
    case SECTION_NONE:
    case SECTION_UNKNOWN:
    case SECTION_POLICY:
    case SECTION_END:
        break;
    }
    return &draft->policy_seen;
}

static char *fields_of(struct policy_draft *draft)
{
    struct policy *policy = draft->policy;
    switch (draft->section) {
    case SECTION_SOURCE:
        return (char *)&policy->sources[draft->index];
    case SECTION_AREA:
        return (char *)&policy->areas[draft->index];
    case SECTION_BANK:
        return (char *)&policy->banks[draft->index];
    case SECTION_INSURANCE:
        return (char *)&policy->insurances[draft->index];
    case SECTION_NONE:
    case SECTION_UNKNOWN:
    case SECTION_POLICY:
    case SECTION_END:
        break;
    }
    return (char *)policy;
}

static int find_key(enum policy_section section, const char *name, bool by_area)
{
    for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++)
        if (KEYS[i].section == section && strcmp(KEYS[i].name, name) == 0 &&
            (KEYS[i].by_area || !by_area))
            return (int)i;
    return -1;
}

/* Areas must be defined before they are used, so that a figure is never kept for none. */
static int find_area(const struct policy *policy, const char *id)
{
    for (int i = 0; i < policy->area_count; i++)
        if (strcmp(policy->areas[i].id, id) == 0)
            return i;
    return -1;
}

/* "limits.tier2": cuts the area off and finds it. false after reporting. */
static bool read_area(struct policy_draft *draft, char *name, bool *by_area_out)
{
    char *dot = strchr(name, '.');
    draft->area = POLICY_AREA_ALL;
    *by_area_out = dot != NULL;
    if (!dot)
        return true;
    *dot = '\0';
    draft->area = find_area(draft->policy, dot + 1);
    if (draft->area >= 0)
        return true;
    policy_add_error(draft, draft->line, "E03", "no [area %.20s] before this line", dot + 1);
    return false;
}

static void read_value(struct policy_draft *draft, const struct policy_key *key, const char *value)
{
    char copy[POLICY_VALUE_SIZE];
    if (key->read) {
        text_copy(copy, sizeof copy, value);
        key->read(draft, copy);
    } else if (!text_copy(fields_of(draft) + key->offset, key->size, value)) {
        policy_add_error(draft, draft->line, "E01", "%s is longer than %zu bytes", key->name,
                         key->size - 1);
    }
}

void policy_read_key(struct policy_draft *draft, const char *full_name, const char *value)
{
    char name[64];
    bool by_area;
    if (draft->section == SECTION_UNKNOWN)
        return;
    if (draft->section == SECTION_END) {
        policy_add_error(draft, draft->line, "E45", "text after [end]");
        return;
    }
    text_copy(name, sizeof name, full_name);
    if (!read_area(draft, name, &by_area))
        return;
    int index = find_key(draft->section, name, by_area);
    if (index < 0) {
        policy_add_error(draft, draft->line, "E03", "unknown key '%.40s' in this place", full_name);
        return;
    }
    const struct policy_key *key = &KEYS[index];
    uint64_t *seen = seen_of(draft), bit = bit_of((size_t)index);
    if ((*seen & bit) && !key->repeats) {
        policy_add_error(draft, draft->line, "E05", "%s is given twice", name);
        return;
    }
    *seen |= bit;
    read_value(draft, key, value);
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
    if (strchr("0123456789-+.", id[0])) {
        policy_add_error(draft, draft->line, "E17", "the id of a source begins with a letter");
        return;
    }
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

static void begin_area(struct policy_draft *draft, const char *id)
{
    struct policy *policy = draft->policy;
    if (find_area(policy, id) >= 0) {
        policy_add_error(draft, draft->line, "E06", "[area %.16s] is given twice", id);
        return;
    }
    if (policy->area_count == POLICY_AREAS_MAX ||
        !text_copy(policy->areas[policy->area_count].id, sizeof policy->areas[0].id, id)) {
        policy_add_error(draft, draft->line, "E45", "more than %d areas, or an id over 15 bytes",
                         POLICY_AREAS_MAX);
        return;
    }
    draft->section = SECTION_AREA;
    draft->index = policy->area_count++;
    draft->areas[draft->index].line = draft->line;
}

static void begin_bank(struct policy_draft *draft, const char *id)
{
    struct policy *policy = draft->policy;
    for (int i = 0; i < policy->bank_count; i++) {
        if (strcmp(policy->banks[i].id, id) == 0) {
            policy_add_error(draft, draft->line, "E06", "[bank %.16s] is given twice", id);
            return;
        }
    }
    if (policy->bank_count == POLICY_BANKS_MAX ||
        !text_copy(policy->banks[policy->bank_count].id, sizeof policy->banks[0].id, id)) {
        policy_add_error(draft, draft->line, "E45", "more than %d banks, or an id over 15 bytes",
                         POLICY_BANKS_MAX);
        return;
    }
    draft->section = SECTION_BANK;
    draft->index = policy->bank_count++;
    draft->banks[draft->index].line = draft->line;
    policy->banks[draft->index].source = -1;
}

static void begin_insurance(struct policy_draft *draft, const char *id)
{
    struct policy *policy = draft->policy;
    if (policy_find_insurance(policy, id) >= 0) {
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
    struct policy_insurance *insurance = &policy->insurances[draft->index];
    insurance->same_base = -1;
    insurance->expires = POLICY_MONTH_OPEN;
    insurance->pay = POLICY_PAY_MONTH;
    for (int i = 0; i < POLICY_RULES; i++)
        insurance->rule_sources[i] = -1;
}

static void begin_named_section(struct policy_draft *draft, const char *name)
{
    static const struct {
        const char *word;
        void (*begin)(struct policy_draft *draft, const char *id);
    } SECTIONS[] = { { "source ", begin_source },
                     { "area ", begin_area },
                     { "bank ", begin_bank },
                     { "insurance ", begin_insurance } };
    for (size_t i = 0; i < ARRAY_SIZE(SECTIONS); i++) {
        size_t length = strlen(SECTIONS[i].word);
        if (strncmp(name, SECTIONS[i].word, length) == 0 && name[length] != '\0') {
            SECTIONS[i].begin(draft, name + length);
            return;
        }
    }
    policy_add_error(draft, draft->line, "E03", "unknown section [%.40s]", name);
}

void policy_begin_section(struct policy_draft *draft, const char *name)
{
    if (draft->section == SECTION_END) {
        policy_add_error(draft, draft->line, "E45", "a section after [end]");
        return;
    }
    draft->section = SECTION_UNKNOWN;
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
    else if (strcmp(name, "end") == 0)
        draft->section = SECTION_END;
    else
        begin_named_section(draft, name);
}

/* How many keys are missing. */
static int check_section(struct policy_draft *draft, enum policy_section section, uint64_t seen,
                         int line)
{
    int missing = 0;
    for (size_t i = 0; i < ARRAY_SIZE(KEYS); i++) {
        if (KEYS[i].section != section || !KEYS[i].is_required || (seen & bit_of(i)))
            continue;
        policy_add_error(draft, line, section == SECTION_SOURCE ? "E17" : "E04", "%s is missing",
                         KEYS[i].name);
        missing++;
    }
    return missing;
}

void policy_check_required(struct policy_draft *draft)
{
    draft->section = SECTION_NONE;
    if (draft->policy_line == 0 && draft->section_count == 0)
        policy_add_error(draft, 1, "E02", "no [policy] section");
    else if (draft->policy_line > 0)
        (void)check_section(draft, SECTION_POLICY, draft->policy_seen, draft->policy_line);
    for (int i = 0; i < draft->policy->source_count; i++)
        if (draft->sources[i].section_line > 0)
            (void)check_section(draft, SECTION_SOURCE, draft->sources[i].seen,
                                draft->sources[i].section_line);
    for (int i = 0; i < draft->policy->area_count; i++)
        (void)check_section(draft, SECTION_AREA, draft->areas[i].seen, draft->areas[i].line);
    for (int i = 0; i < draft->policy->bank_count; i++)
        (void)check_section(draft, SECTION_BANK, draft->banks[i].seen, draft->banks[i].line);
    for (int i = 0; i < draft->policy->insurance_count; i++)
        if (check_section(draft, SECTION_INSURANCE, draft->insurances[i].seen,
                          draft->insurances[i].section_line) > 0)
            draft->insurances[i].has_errors = true;
}
