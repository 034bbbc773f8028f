/*
 * Every row of policy_cases.csv: amounts that officials printed, or that follow from a printed rate
 * and base. Most come from the shipped files; where a shipped file has the months pending because
 * a figure around the case was seen at second hand only, the row brings its own figures.
 */
#include <stdlib.h>

#include "base/check.h"
#include "plan/quote.h"
#include "policy_text.h"

static const struct {
    const char *city, *file;
} SHIPPED[] = {
    { "Beijing", "110000-beijing.policy" },     { "Tianjin", "120000-tianjin.policy" },
    { "Shanghai", "310000-shanghai.policy" },   { "Nanjing", "320100-nanjing.policy" },
    { "Hangzhou", "330100-hangzhou.policy" },   { "Wuhan", "420100-wuhan.policy" },
    { "Guangzhou", "440100-guangzhou.policy" }, { "Shenzhen", "440300-shenzhen.policy" },
    { "Chongqing", "500000-chongqing.policy" }, { "Chengdu", "510100-chengdu.policy" },
};

/* Where only one limit or none is official, the limits are the case's own base: the case is about
 * the rate. */
static const struct {
    const char *city, *date, *insurance, *figures;
} OWN_FIGURES[] = {
    { "Hangzhou", "2024-12", "pension",
      "mode = rate\nrate = 2024-01.. 20.00% s1\nlimits = 2024-01..2024-12 4812.00 4812.00 s1\n" },
    { "Hangzhou", "2025-01", "medical",
      "mode = rate\nrate = 2023-01.. 9.50% s1\nlimits = 2025-01..2025-12 10000.00 10000.00 s1\n" },
    { "Guangzhou", "2026-01", "medical",
      "mode = rate\nrate = 2024-03..2025-12 6.50% s1\nrate = 2026-01.. 8.00% s1\n"
      "limits = 2024-03.. 10000.00 10000.00 s1\n" },
    { "(national)", "2025", "resident_pension",
      "mode = tiers\npay = year\n"
      "tier = 2014-01.. 100.00 200.00 300.00 400.00 500.00 600.00 700.00 800.00\n"
      "    900.00 1000.00 1500.00 2000.00 year s1\n" },
};

struct golden {
    char *city, *date, *insurance, *choice, *months, *expected;
};

static bool split_golden(char *line, struct golden *out)
{
    char **fields[] = { &out->city,   &out->date,   &out->insurance,
                        &out->choice, &out->months, &out->expected };
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
        if (!(*fields[i] = strsep(&line, ",")))
            return false;
    return line != NULL;
}

static struct policy *policy_of(const struct golden *golden)
{
    for (size_t i = 0; i < ARRAY_SIZE(OWN_FIGURES); i++)
        if (strcmp(OWN_FIGURES[i].city, golden->city) == 0 &&
            strcmp(OWN_FIGURES[i].date, golden->date) == 0 &&
            strcmp(OWN_FIGURES[i].insurance, golden->insurance) == 0)
            return make_policy(golden->insurance, OWN_FIGURES[i].figures);
    for (size_t i = 0; i < ARRAY_SIZE(SHIPPED); i++)
        if (strcmp(SHIPPED[i].city, golden->city) == 0)
            return load_policy(SHIPPED[i].file);
    fail_msg("no policy for %s", golden->city);
    return NULL;
}

/* "medical_large" is the part "large" of medical, "pension_difference" a kind of pension. */
static int insurance_of(const struct policy *policy, const char *name)
{
    for (int i = 0; i < policy->insurance_count; i++) {
        size_t length = strlen(policy->insurances[i].id);
        bool is_own = strncmp(policy->insurances[i].id, name, length) == 0;
        if (is_own && (name[length] == '\0' || name[length] == '_'))
            return i;
    }
    fail_msg("no insurance %s", name);
    return -1;
}

static month_index first_month(const char *date)
{
    month_index month = month_of(atoi(date), 1); /* a year alone */
    if (strlen(date) > 4)
        assert_int_equal(month_parse(date, &month), STATUS_OK);
    return month;
}

static int64_t fen_of(const char *text)
{
    char word[32];
    int64_t fen = 0;
    snprintf(word, sizeof word, "%.*s", (int)strcspn(text, ">"), text);
    assert_int_equal(money_parse(word, &fen), STATUS_OK);
    return fen;
}

/* The yearly amount names the resident grade: its place in the list. */
static int grade_of(const struct policy *policy, int insurance, month_index month, const char *text)
{
    int64_t choices[POLICY_GRADES_MAX];
    int count = quote_choices(policy, insurance, month, 0, choices);
    int number = atoi(text);
    for (int i = 0; number > count && i < count; i++)
        if (choices[i] == number * 100)
            return i + 1;
    return number;
}

static int64_t difference_of(const struct policy *policy, int insurance,
                             const struct golden *golden)
{
    struct quote_paid paid[QUOTE_MONTHS_MAX];
    struct quote quote;
    int months = atoi(golden->months);
    /* The months before the named one, back to the first of the effective range. */
    month_index first = first_month(golden->date) - months + 1;
    int64_t base_fen = fen_of(golden->choice + strlen("diff:"));
    for (int i = 0; i < months; i++)
        paid[i] = (struct quote_paid){ first + i, base_fen, base_fen / 5, 0 };
    quote_difference(policy, insurance, 0, paid, months, &quote);
    assert_int_equal(quote.refusal, QUOTE_OK);
    assert_int_equal(quote.line_count, months);
    assert_int_equal(quote.lines[0].base_fen, fen_of(strchr(golden->choice, '>') + 1));
    return quote.total_fen;
}

static int64_t amount_of(const struct policy *policy, int insurance, const struct golden *golden)
{
    struct quote quote;
    struct quote_request request = {
        .insurances = 1u << insurance,
        .first = first_month(golden->date),
        .months = atoi(golden->months),
    };
    const char *value = strchr(golden->choice, ':');
    bool is_number =
        strncmp(golden->choice, "tier:", 5) == 0 || strncmp(golden->choice, "grade:", 6) == 0;
    if (is_number)
        request.grade[insurance] = grade_of(policy, insurance, request.first, value + 1);
    else if (value)
        request.chosen_base_fen = fen_of(value + 1);
    quote_make(policy, &request, &quote);
    if (quote.refusal != QUOTE_OK)
        fail_msg("%s %s %s: %s", golden->city, golden->date, golden->insurance,
                 quote_refusal_name(quote.refusal));
    const struct policy_insurance *rules = &policy->insurances[insurance];
    for (int i = 0; i < rules->part_count; i++)
        if (strcmp(golden->insurance + strlen(rules->id) + 1, rules->parts[i].id) == 0)
            return quote.lines[0].part_fen[i];
    return quote.total_fen;
}

static void assert_golden(const struct golden *golden)
{
    struct policy *policy = policy_of(golden);
    int insurance = insurance_of(policy, golden->insurance);
    bool is_difference = strncmp(golden->choice, "diff:", 5) == 0;
    /* Whether persons are billed is the bureau's to decide; the sum is not. */
    if (is_difference) {
        assert_int_equal(policy->insurances[insurance].retro, POLICY_RETRO_UNSET);
        policy->insurances[insurance].retro = POLICY_RETRO_COLLECT;
    }
    int64_t found = is_difference ? difference_of(policy, insurance, golden)
                                  : amount_of(policy, insurance, golden);
    if (found != atoll(golden->expected))
        fail_msg("%s %s %s %s: %lld, not %s", golden->city, golden->date, golden->insurance,
                 golden->choice, (long long)found, golden->expected);
    policy_free(policy);
}

static void reproduces_every_case_to_the_fen(void **state)
{
    (void)state;
    FILE *file = fopen(SOURCE_DIR "/tests/unit/plan/policy_cases.csv", "r");
    assert_non_null(file);
    char line[1024];
    int cases = 0;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        struct golden golden;
        assert_true(split_golden(line, &golden));
        assert_golden(&golden);
        cases++;
    }
    fclose(file);
    assert_int_equal(cases, 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reproduces_every_case_to_the_fen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
