#include "plan/policy.h"

#include <glob.h>
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
    assert_int_equal(policy->insurances[0].pay, POLICY_PAY_MONTH);
    assert_int_equal(policy->insurances[0].age_min, 16);
    assert_int_equal(policy->insurances[0].age_max_male, 60);
    assert_int_equal(policy->insurances[0].age_max_female, 55);
    assert_int_equal(policy->insurances[1].same_base, 0);
    assert_int_equal(policy->insurances[1].wait_months, 6);
    assert_int_equal(policy->insurances[1].wait_gap_months, 3);
    assert_string_equal(
        policy_rule_source(policy, &policy->insurances[1], POLICY_RULE_WAIT)->number,
        "沪医保规〔2025〕7号");
    assert_null(policy_rule_source(policy, &policy->insurances[1], POLICY_RULE_RETRO));
    assert_int_equal(policy->insurances[0].residence, POLICY_RESIDENCE_WORKS_HERE);
    policy_free(policy);
    policy = load_policy("440300-shenzhen.policy");
    assert_true(policy->insurances[0].pay_ahead);
    assert_int_equal(policy->insurances[1].pending.count, 2);
    assert_string_equal(policy->insurances[1].pending.items[1].pending,
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
    replace_in_policy("unless-gap-under 3 s5", "unless-gap-under 3", text);
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
    replace_in_policy("limits = 2025-07..2026-06 7460.00 37302.00 s3\n"
                      "limits = 2026-07.. 7546.00 37731.00 s4\nchoose = free",
                      "limits = 2025-07..2026-04 7460.00 37302.00 s3\n"
                      "pending = 2026-05..2026-06 late\n"
                      "limits = 2026-07.. 7546.00 37731.00 s4\nchoose = free",
                      text);
    char *check = strstr(text, "check = 2026-06 7460.00 1492.00");
    memcpy(check, "check = 2026-04", 15);
    assert_int_equal(parse(text, strlen(text), &report), STATUS_OK);
    replace_in_policy("choose = free", "pending = 2026-08..2026-08 late\nchoose = free", text);
    assert_int_equal(parse(text, strlen(text), &report), STATUS_INVALID);
    assert_true(has_error(&report, "E20", 0));
}

static int count_good_policies(void)
{
    glob_t found;
    assert_int_equal(glob(SOURCE_DIR "/config/policy/*.policy", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct policy *policy = NULL;
        assert_int_equal(policy_load(found.gl_pathv[i], NULL, print_policy_error, NULL, &policy),
                         STATUS_OK);
        /* The kiosk finds a policy by the region at the front of its name. */
        assert_int_equal(strncmp(strrchr(found.gl_pathv[i], '/') + 1, policy->region, 6), 0);
        policy_free(policy);
    }
    int count = (int)found.gl_pathc;
    globfree(&found);
    return count;
}

static void at_least_ten_real_places_are_shipped_and_good(void **state)
{
    (void)state;
    assert_true(count_good_policies() >= 10);
}

/* Each figure leads to number, date and place of a document, and says from when it holds. */
static void every_shipped_figure_has_a_document(void **state)
{
    (void)state;
    struct policy *policy = load_policy("500000-chongqing.policy");
    const struct policy_range *limits =
        policy_find_range(&policy->insurances[0].limits, month_of(2025, 3));
    assert_non_null(limits);
    assert_int_equal(limits->first, month_of(2025, 1));
    assert_string_equal(policy->sources[limits->source].place, "rlsbj.cq.gov.cn");
    assert_string_equal(policy->sources[limits->source].date, "2025-09-17");
    assert_int_equal(policy->insurances[1].mode, POLICY_TIERS);
    assert_int_equal(policy->insurances[1].pay, POLICY_PAY_YEAR);
    assert_int_equal(policy->material_count, 1);
    policy_free(policy);
}

static void reads_areas_parts_grades_and_banks(void **state)
{
    (void)state;
    struct policy *policy = load_policy("../../tests/unit/plan/good.policy");
    const struct policy_insurance *pension = &policy->insurances[0];
    assert_int_equal(policy->area_count, 2);
    assert_int_equal(policy_find_range_in(&pension->limits, month_of(2026, 1), 0)->floor_fen,
                     486000);
    assert_int_equal(policy_find_range_in(&pension->limits, month_of(2026, 1), 1)->floor_fen,
                     485900);
    assert_string_equal(policy->insurances[1].parts[1].name_en, "Large-sum aid");
    const struct policy_insurance *graded = &policy->insurances[2];
    assert_int_equal(graded->lists[graded->grades.items[0].list].count, 4);
    assert_int_equal(policy->bank_count, 1);
    assert_string_equal(policy->banks[0].number, "102100099996");
    assert_true(policy->materials[1].for_withholding);
    assert_string_equal(policy->phones[POLICY_PHONE_SERVICE], "0571-88880000");
    assert_string_equal(policy->phones[POLICY_PHONE_TAX], "0571-12366");
    assert_string_equal(policy->phones[POLICY_PHONE_SOCIAL], "");
    assert_int_equal(policy->replaces_revision, 6);
    assert_int_equal(policy->voucher, POLICY_VOUCHER_PAYMENT_PROOF);
    assert_int_equal(pension->surcharge, 500);
    assert_int_equal(pension->due_day, 25);
    assert_int_equal(pension->window_first, 901);
    assert_int_equal(pension->window_last, 1231);
    assert_int_equal(pension->retro, POLICY_RETRO_FLOOR_ONLY);
    policy_free(policy);
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
        cmocka_unit_test(reports_all_errors_of_a_file_in_one_pass_and_in_order),
        cmocka_unit_test(a_source_that_is_never_used_is_only_a_warning),
        cmocka_unit_test(a_stated_hole_is_accepted_and_an_overlapping_one_is_not),
        cmocka_unit_test(at_least_ten_real_places_are_shipped_and_good),
        cmocka_unit_test(every_shipped_figure_has_a_document),
        cmocka_unit_test(reads_areas_parts_grades_and_banks),
        cmocka_unit_test(refuses_what_is_too_large_or_empty),
        cmocka_unit_test(a_missing_file_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
