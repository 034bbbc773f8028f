#include "plan/policy.h"

#include <stdlib.h>

#include "base/check.h"
#include "policy_text.h"

struct report {
    int count;
    struct {
        int line;
        char code[4];
        char text[160];
    } errors[80];
};

static void remember_error(void *context, const char *file, int line, const char *code,
                           const char *text)
{
    struct report *report = context;
    assert_string_equal(file, "test.policy");
    assert_true(report->count < (int)ARRAY_SIZE(report->errors));
    report->errors[report->count].line = line;
    snprintf(report->errors[report->count].code, sizeof report->errors[0].code, "%s", code);
    snprintf(report->errors[report->count++].text, sizeof report->errors[0].text, "%s", text);
}

static enum status parse(const void *bytes, size_t size, struct report *report)
{
    struct policy *policy = NULL;
    *report = (struct report){ 0 };
    enum status status =
        policy_parse("test.policy", bytes, size, "310000", remember_error, report, &policy);
    assert_true((status == STATUS_OK) == (policy != NULL));
    policy_free(policy);
    return status;
}

/* The shipped file with its first "find" replaced. */
static void replace_in_policy(const char *find, const char *replacement, char out[POLICY_TEXT_MAX])
{
    char text[POLICY_TEXT_MAX];
    read_policy_text("310000-shanghai.policy", text);
    char *at = strstr(text, find);
    if (!at)
        fail_msg("the shipped policy does not contain '%s'", find);
    int size = snprintf(out, POLICY_TEXT_MAX, "%.*s%s%s", (int)(at - text), text, replacement,
                        at + strlen(find));
    assert_in_range(size, 1, POLICY_TEXT_MAX - 1);
}

static int line_of(const char *text, const char *find)
{
    int line = 1;
    for (const char *at = strstr(text, find); at > text; at--)
        line += at[-1] == '\n';
    return line;
}

static bool has_error(const struct report *report, const char *code, int line)
{
    for (int i = 0; i < report->count; i++)
        if (strcmp(report->errors[i].code, code) == 0 &&
            (line == 0 || report->errors[i].line == line))
            return true;
    return false;
}

static void reads_the_shipped_policies_whole(void **state)
{
    (void)state;
    struct policy *policy = load_policy("310000-shanghai.policy");
    assert_string_equal(policy->id, "shanghai-individual");
    assert_string_equal(policy->region, "310000");
    assert_int_equal(policy->revision, 1);
    assert_int_equal(strlen(policy->sha256), 64);
    assert_int_equal(policy->insurance_count, 2);
    assert_string_equal(policy->insurances[0].code, "110");
    assert_int_equal(policy->insurances[0].limits.count, 2);
    assert_false(policy->insurances[0].clamp_outside);
    assert_false(policy->insurances[0].pay_ahead);
    assert_int_equal(policy->insurances[0].age_min, 16);
    assert_int_equal(policy->insurances[0].age_max_male, 60);
    assert_int_equal(policy->insurances[0].age_max_female, 55);
    assert_int_equal(policy->insurances[1].same_base, 0);
    assert_int_equal(policy->insurances[1].wait_months, 6);
    policy_free(policy);
    policy = load_policy("440300-shenzhen.policy");
    assert_true(policy->insurances[0].pay_ahead);
    assert_int_equal(policy->insurances[1].pending.count, 1);
    assert_string_equal(policy->insurances[1].pending.items[0].pending,
                        "no official limits for 2027 yet; the notice comes at the year's end");
    policy_free(policy);
}

static void a_text_may_go_on_in_an_indented_line(void **state)
{
    (void)state;
    struct policy *policy = load_policy("310000-shanghai.policy");
    assert_string_equal(policy->surplus_en,
                        "Notes cannot pay jiao and fen. What is over is credited to your own "
                        "payment account and counts towards your next payment.");
    assert_non_null(strstr(policy->insurances[0].basis_zh, "（第五十八条第二款）；可以直接缴费"));
    policy_free(policy);
}

static void the_hash_is_of_the_bytes_of_the_file(void **state)
{
    (void)state;
    struct policy *policy = load_policy("310000-shanghai.policy");
    char command[1024], found[65] = "";
    snprintf(command, sizeof command, "sha256sum '%s/config/policy/310000-shanghai.policy'",
             SOURCE_DIR);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_int_equal(fread(found, 1, 64, pipe), 64);
    assert_int_equal(pclose(pipe), 0);
    assert_string_equal(policy->sha256, found);
    policy_free(policy);
}

static void names_the_line_and_code_of_each_kind_of_error(void **state)
{
    (void)state;
    static const struct {
        const char *find, *replacement, *code;
    } CASES[] = {
        { "name_zh = 上海市", "name_zh = \xFF", "E01" },
        { "name_en = Shanghai", "name_en = Shang\rhai", "E01" },
        { "name_en = Shanghai", "name_en = \xEF\xBB\xBFShanghai", "E01" },
        { "format = 1", "format = 2", "E02" },
        { "name_en = Shanghai", "nickname = Shanghai", "E03" },
        { "name_en = Shanghai", "just some words", "E03" },
        { "code = 110", "number = 110", "E03" },
        { "[source s5]", "[sauce s5]", "E03" },
        { "revision = 1\n", "", "E04" },
        { "issued = 2026-09-01\n", "", "E04" },
        { "collector_zh = 税务部门\n", "", "E04" },
        { "region = 310000", "region = 310000\nregion = 310000", "E05" },
        { "mode = rate", "mode = rate\nmode = rate", "E05" },
        { "[source s2]", "[source s1]", "E06" },
        { "code = 310", "code = 110", "E06" },
        { "id = shanghai-individual", "id = Shanghai", "E07" },
        { "region = 310000", "region = 31000", "E08" },
        { "region = 310000", "region = 440300", "E08" },
        { "20.00% s2", "20.00% s9", "E14" },
        { "rate = 2025-07.. 20.00% s2", "rate = 2025-07.. 20.00%", "E16" },
        { "limits = 2026-07.. 7546.00 37731.00 s4", "limits = 2026-07.. 7546.00 37731.00", "E16" },
        { "date = 2024-03-07", "date = spring 2024", "E17" },
        { "place = gov.cn\n", "", "E17" },
        { "rate = 2025-07..", "rate = 2025-00..", "E18" },
        { "rate = 2025-07..", "rate = 2025-13..", "E18" },
        { "rate = 2025-07..", "rate = 1989-07..", "E18" },
        { "rate = 2025-07..", "rate = 2025-07", "E18" },
        { "2025-07..2026-06 7460.00 37302.00 s3", "2026-06..2025-07 7460.00 37302.00 s3", "E19" },
        { "limits = 2026-07..", "limits = 2026-06..", "E20" },
        { "limits = 2026-07..", "limits = 2026-08..", "E21" },
        { "2025-07..2026-06 7460.00", "2025-07.. 7460.00", "E22" },
        { "7460.00 37302.00", "7460 37302.00", "E23" },
        { "7460.00 37302.00", "-7460.00 37302.00", "E23" },
        { "7460.00 37302.00", "7460.00 10000000.01", "E23" },
        { "20.00% s2", "20.00001% s2", "E24" },
        { "20.00% s2", "100.01% s2", "E24" },
        { "20.00% s2", "0.2 s2", "E24" },
        { "8.00% s6", "20.01% s6", "E25" },
        { "account = 2025-07..", "account = 2025-06..", "E25" },
        { "7460.00 37302.00", "37302.00 7460.00", "E26" },
        { "7460.00 37302.00", "0.00 37302.00", "E26" },
        { "rate = 2025-07.. 20.00% s2\naccount = 2025-07.. 8.00% s6\n", "", "E31" },
        { "mode = rate", "mode = fixed", "E31" },
        { "mode = rate", "mode = tiers", "E31" },
        { "round = half-up-fen", "round = half-up-fen\nfixed = 2026-01.. 100.00 s1", "E32" },
        { "round = half-up-fen", "round = to-even", "E35" },
        { "pay = month s1", "pay = weekly s1", "E35" },
        { "outside = refuse", "outside = guess", "E35" },
        { "same-base = pension", "same-base = housing", "E36" },
        { "same-base = pension", "same-base = medical", "E36" },
        { "choose = free", "choose = free\nsame-base = medical", "E36" },
        { "same-base = pension\n", "", "E37" },
        { "age = 16 60 55", "age = 61 60 55", "E38" },
        { "age = 16 60 55", "age = young 60 55", "E38" },
        { "7546.00 1509.20 hand", "7546.00 1509.19 hand", "E42" },
        { "check = 2026-06 7460.00 1492.00", "check = 2024-06 7460.00 1492.00", "E42" },
        { "expires = 2027-06", "expires = 2026-08", "E44" },
        { "[source s5]", "[source s5", "E45" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        char text[POLICY_TEXT_MAX];
        struct report report;
        replace_in_policy(CASES[i].find, CASES[i].replacement, text);
        enum status status = parse(text, strlen(text), &report);
        if (status != STATUS_INVALID || !has_error(&report, CASES[i].code, 0))
            fail_msg("'%s' gave %s, %d errors, first %s %s", CASES[i].replacement,
                     status_name(status), report.count, report.errors[0].code,
                     report.errors[0].text);
    }
}

static void the_line_of_an_error_is_the_line_in_the_file(void **state)
{
    (void)state;
    static const struct {
        const char *find, *replacement, *at, *code;
    } CASES[] = {
        { "20.00% s2", "20.00x s2", "20.00x s2", "E24" },
        { "pay = month s1", "pay = weekly", "pay = weekly", "E35" },
        { "place = gov.cn\n", "", "[source s6]", "E17" },
        { "7546.00 1509.20 hand", "7546.00 1.00 hand", "7546.00 1.00 hand", "E42" },
        { "limits = 2026-07..", "limits = 2026-08..", "limits = 2026-08..", "E21" },
        { "basis_zh", "\tnothing\nbasis_zh", "\tnothing", "E38" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        char text[POLICY_TEXT_MAX];
        struct report report;
        replace_in_policy(CASES[i].find, CASES[i].replacement, text);
        assert_int_equal(parse(text, strlen(text), &report), STATUS_INVALID);
        /* The age line before it is a single value: what is indented below repeats it. */
        const char *code = strcmp(CASES[i].code, "E38") == 0 ? "E05" : CASES[i].code;
        if (!has_error(&report, code, line_of(text, CASES[i].at)))
            fail_msg("%s: first error is line %d %s %s", CASES[i].replacement,
                     report.errors[0].line, report.errors[0].code, report.errors[0].text);
    }
}

static void reports_all_errors_of_a_file_in_one_pass_and_in_order(void **state)
{
    (void)state;
    static const char TEXT[] = "[policy]\n"
                               "id = X\n"
                               "format = 1\n"
                               "region = 31\n"
                               "[insurance pension]\n"
                               "mode = rate\n"
                               "rate = 2026-01.. 200% s1\n"
                               "limits = 2026-01.. 1 2 s1\n"
                               "what\n";
    static const struct {
        int line;
        const char *code;
    } EXPECTED[] = { { 2, "E07" }, { 4, "E08" }, { 7, "E24" }, { 8, "E23" }, { 9, "E03" } };
    struct report report;
    assert_int_equal(parse(TEXT, strlen(TEXT), &report), STATUS_INVALID);
    for (size_t i = 0; i < ARRAY_SIZE(EXPECTED); i++)
        assert_true(has_error(&report, EXPECTED[i].code, EXPECTED[i].line));
    for (int i = 1; i < report.count; i++)
        assert_true(report.errors[i - 1].line <= report.errors[i].line);
}

static void a_source_that_is_never_used_is_only_a_warning(void **state)
{
    (void)state;
    char text[POLICY_TEXT_MAX];
    struct report report;
    replace_in_policy("wait = 6 s5", "wait = 6", text);
    assert_int_equal(parse(text, strlen(text), &report), STATUS_OK);
    assert_int_equal(report.count, 1);
    assert_string_equal(report.errors[0].code, "E15");
    assert_int_equal(strncmp(report.errors[0].text, "warning: ", 9), 0);
}

static void a_stated_hole_is_accepted_and_an_overlapping_one_is_not(void **state)
{
    (void)state;
    char text[POLICY_TEXT_MAX];
    struct report report;
    replace_in_policy("limits = 2026-07.. 7546.00 37731.00 s4\nchoose = free",
                      "limits = 2026-09.. 7546.00 37731.00 s4\npending = 2026-07..2026-08 late\n"
                      "check = 2026-09 7546.00 1509.20 hand\nchoose = free",
                      text);
    char *old_checks = strstr(text, "check = 2026-07 7546.00 1509.20 hand\n");
    memmove(old_checks, strstr(old_checks, "\n\n"), strlen(strstr(old_checks, "\n\n")) + 1);
    assert_int_equal(parse(text, strlen(text), &report), STATUS_OK);
    replace_in_policy("choose = free", "pending = 2026-08..2026-08 late\nchoose = free", text);
    assert_int_equal(parse(text, strlen(text), &report), STATUS_INVALID);
    assert_true(has_error(&report, "E20", 0));
}

static void refuses_what_is_too_large_or_empty(void **state)
{
    (void)state;
    struct report report;
    char *text = calloc(1, 300000);
    assert_non_null(text);
    assert_int_equal(parse(text, 0, &report), STATUS_INVALID);
    assert_true(has_error(&report, "E45", 0));
    assert_int_equal(parse("[policy]\n\0\n", 11, &report), STATUS_INVALID);
    assert_true(has_error(&report, "E01", 2));
    memset(text, '#', 300000);
    assert_int_equal(parse(text, 197, &report), STATUS_INVALID);
    assert_true(has_error(&report, "E01", 1));
    assert_int_equal(parse(text, 300000, &report), STATUS_INVALID);
    assert_true(has_error(&report, "E01", 0));
    memset(text, '\n', 5000);
    assert_int_equal(parse(text, 5000, &report), STATUS_INVALID);
    assert_true(has_error(&report, "E45", 4097));
    for (int i = 0; i < 70; i++)
        snprintf(text + i * 9, 10, "[policy]\n");
    assert_int_equal(parse(text, 630, &report), STATUS_INVALID);
    assert_true(has_error(&report, "E45", 65));
    free(text);
}

static void a_missing_file_is_not_found(void **state)
{
    (void)state;
    struct policy *policy = NULL;
    assert_int_equal(policy_load("/nonexistent/x.policy", "310000", NULL, NULL, &policy),
                     STATUS_NOT_FOUND);
    assert_null(policy);
}

static void knows_a_city_that_takes_only_the_exact_sum(void **state)
{
    (void)state;
    struct policy *policy = load_policy("440300-shenzhen.policy");
    assert_int_equal(policy->surplus, POLICY_SURPLUS_CREDIT);
    policy_free(policy);
    policy = load_policy("../../tests/scenarios/exact_policy/440300-exact.policy");
    assert_int_equal(policy->surplus, POLICY_SURPLUS_NONE);
    policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_a_city_that_takes_only_the_exact_sum),
        cmocka_unit_test(reads_the_shipped_policies_whole),
        cmocka_unit_test(a_text_may_go_on_in_an_indented_line),
        cmocka_unit_test(the_hash_is_of_the_bytes_of_the_file),
        cmocka_unit_test(names_the_line_and_code_of_each_kind_of_error),
        cmocka_unit_test(the_line_of_an_error_is_the_line_in_the_file),
        cmocka_unit_test(reports_all_errors_of_a_file_in_one_pass_and_in_order),
        cmocka_unit_test(a_source_that_is_never_used_is_only_a_warning),
        cmocka_unit_test(a_stated_hole_is_accepted_and_an_overlapping_one_is_not),
        cmocka_unit_test(refuses_what_is_too_large_or_empty),
        cmocka_unit_test(a_missing_file_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
