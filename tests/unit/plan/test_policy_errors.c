/*
 * One mistake at a time in good.policy, for every code of config/policy/README.md: the file is
 * refused (or, for a warning, taken) with exactly that code, once, at exactly that line.
 * E12, and E13 of a signature, are in tests/unit/rulebook.
 */
#include <stdlib.h>

#include "base/check.h"
#include "plan/policy.h"
#include "policy_text.h"

struct report {
    int count;
    struct {
        int line;
        char code[4];
        char text[160];
    } errors[16];
};

static void remember_error(void *context, const char *file, int line, const char *code,
                           const char *text)
{
    struct report *report = context;
    assert_string_equal(file, "good.policy");
    if (report->count < (int)ARRAY_SIZE(report->errors)) {
        report->errors[report->count].line = line;
        snprintf(report->errors[report->count].code, 4, "%s", code);
        snprintf(report->errors[report->count].text, 160, "%s", text);
    }
    report->count++;
}

static void read_good(char out[POLICY_TEXT_MAX])
{
    read_policy_text("../../tests/unit/plan/good.policy", out);
}

/* The stored revision it replaces, and a day on which it is good. */
static const struct policy_against GOOD = {
    .region = "990000",
    .stored_revision = 6,
    .stored_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    .today = "2026-11-30",
    .issued_max = "2026-12-01",
};

static enum status parse(const char *text, size_t size, const struct policy_against *against,
                         struct report *report)
{
    struct policy *policy = NULL;
    *report = (struct report){ 0 };
    enum status status =
        policy_parse_against("good.policy", text, size, against, remember_error, report, &policy);
    assert_true((status == STATUS_OK) == (policy != NULL));
    policy_free(policy);
    return status;
}

static int line_of(const char *text, const char *find)
{
    int line = 1;
    const char *found = strstr(text, find);
    if (!found)
        fail_msg("no line '%s' in the broken file", find);
    for (const char *at = found; at > text; at--)
        line += at[-1] == '\n';
    return line;
}

/* "at" is on the line that the error names: by default the replacement itself. */
struct mistake {
    const char *code, *find, *replacement, *at;
};

static void break_text(const struct mistake *mistake, char out[POLICY_TEXT_MAX])
{
    char good[POLICY_TEXT_MAX];
    read_good(good);
    char *at = strstr(good, mistake->find);
    if (!at)
        fail_msg("good.policy does not contain '%s'", mistake->find);
    int size = snprintf(out, POLICY_TEXT_MAX, "%.*s%s%s", (int)(at - good), good,
                        mistake->replacement, at + strlen(mistake->find));
    assert_in_range(size, 1, POLICY_TEXT_MAX - 1);
}

static bool gives_only(const struct mistake *mistake, enum status expected)
{
    char text[POLICY_TEXT_MAX];
    struct report report;
    break_text(mistake, text);
    int line = line_of(text, mistake->at ? mistake->at : mistake->replacement);
    enum status status = parse(text, strlen(text), &GOOD, &report);
    bool is_warning = strncmp(report.errors[0].text, "warning: ", 9) == 0;
    if (status == expected && report.count == 1 &&
        strcmp(report.errors[0].code, mistake->code) == 0 && report.errors[0].line == line &&
        is_warning == (expected == STATUS_OK))
        return true;
    for (int i = 0; i < report.count && i < (int)ARRAY_SIZE(report.errors); i++)
        fprintf(stderr, "  %d: %s %s\n", report.errors[i].line, report.errors[i].code,
                report.errors[i].text);
    fprintf(stderr, "'%s' for '%s' should give %s once at line %d, and gave %d messages (%s)\n",
            mistake->replacement, mistake->find, mistake->code, line, report.count,
            status_name(status));
    return false;
}

static void the_good_file_has_neither_error_nor_warning(void **state)
{
    (void)state;
    char text[POLICY_TEXT_MAX];
    struct report report;
    read_good(text);
    assert_int_equal(parse(text, strlen(text), &GOOD, &report), STATUS_OK);
    assert_int_equal(report.count, 0);
}

#define LONG_TEXT                                                                                  \
    "0123456789012345678901234567890123456789012345678901234567890123456789"                       \
    "0123456789012345678901234567890123456789012345678901234567890123456789"                       \
    "0123456789012345678901234567890123456789012345678901234567890123456789"
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct mistake MISTAKES[] = {
    { "E01", "name_zh = 某市", "name_zh = \xFF", NULL },
    { "E01", "name_en = Somewhere", "name_en = Some\rwhere", NULL },
    { "E01", "name_en = Somewhere", "name_en = \xEF\xBB\xBFSomewhere", NULL },
    { "E01", "name_en = Somewhere", "name_en = " LONG_TEXT, NULL },
    { "E01", "name_en = Somewhere",
      "name_en = 0123456789012345678901234567890123456789012345678901234567890123", NULL },
    { "E02", "format = 1", "format = 2", NULL },
    { "E02", "[policy]", "[area first]\nname_zh = 一\nname_en = One\n[policy]", "[area first]" },
    { "E03", "name_en = Somewhere\n", "name_en = Somewhere\nnickname = Some\n", "nickname" },
    { "E03", "name_en = Somewhere\n", "name_en = Somewhere\njust some words\n", "just some" },
    { "E03", "code = 110", "code = 110\nnumber = 110", "number = 110" },
    { "E03", "[bank 102]", "[sauce s5]\n[bank 102]", "[sauce" },
    { "E03", "limits.city = 2026", "limits.town = 2026", NULL },
    { "E03", "residence = works-here s1", "residence.city = works-here s1", NULL },
    { "E04", "region = 990000\n", "", "[policy]" },
    { "E04", "revision = 7", "revision = seven", NULL },
    { "E04", "issued = 2026-09-01\n", "", "[policy]" },
    { "E04", "author = a.zhao\n", "", "[policy]" },
    { "E04", "approver = b.qian\n", "", "[policy]" },
    { "E04", "approver = b.qian", "approver = B Qian", NULL },
    { "E04", "collector = tax s1\n", "", "[policy]" },
    { "E04", "mode = tiers\n", "", "[insurance resident]" },
    { "E04", "source = local\n", "", "[bank 102]" },
    { "E05", "region = 990000", "region = 990000\nregion = 990001", "region = 990001" },
    { "E05", "pay = year", "pay = year\npay = month", "pay = month\n" },
    { "E06", "[area county]", "[area city]\n[area county]", "[area city]\n[area county]" },
    { "E06", "code = 310", "code = 110", "code = 110\nname_zh = 职工基本医疗" },
    { "E06", "[bank 102]", "[source s2]\n[bank 102]", "[source s2]\n[bank" },
    { "E07", "id = somewhere", "id = Somewhere", NULL },
    { "E07", "id = somewhere", "id = x", NULL },
    { "E08", "region = 990000", "region = 99000", NULL },
    { "E08", "region = 990000", "region = 440300", NULL },
    { "E09", "revision = 7", "revision = 6", NULL },
    { "E09", "revision = 7", "revision = 5", NULL },
    { "E10", "replaces = 6 ", "replaces = 5 ", NULL },
    { "E10", "replaces = 6 sha256:0123", "replaces = 6 sha256:1123", NULL },
    { "E10", "replaces = 6 sha256:0", "replaces = 6 sha256:", NULL },
    { "E10", "replaces = 6 sha256:" HASH "\n", "", "revision = 7" },
    { "E10", "replaces = 6 ", "replaces = 7 ", NULL },
    { "E11", "approver = b.qian", "approver = a.zhao", NULL },
    { "E13", "issued = 2026-09-01", "issued = 2026-12-02", NULL },
    { "E14", "rate = 2026-01.. 20.00% s1\naccount", "rate = 2026-01.. 20.00% s9\naccount",
      "20.00% s9" },
    { "E16", "rate = 2025-01..2025-12 24.00% s1", "rate = 2025-01..2025-12 24.00%", NULL },
    { "E16", "limits.city = 2026-01.. 4860.00 24300.00 s1",
      "limits.city = 2026-01.. 4860.00 24300.00", NULL },
    { "E16", "    24762.00 s1", "    24762.00", "grades = 2025" },
    { "E16", "6765.00 year s2", "6765.00 year", NULL },
    { "E16", "5.00 hand\n\n[insurance large]", "5.00\n\n[insurance large]",
      "check = 2025-01 tier" },
    { "E16", "pending = 2026-01.. not known yet", "pending = 2026-01..", "pending = 2026-01..\n" },
    { "E17", "date = 2025-09-01", "date = autumn 2025", NULL },
    { "E17", "place = somewhere.example\n", "", "[source s1]" },
    { "E17", "number = 某医保〔2025〕2号\n", "", "[source s2]" },
    { "E17", "issued = 2026-09-01", "issued = 2026-09", "issued = 2026-09\n" },
    { "E17", "[bank 102]", "[source 1st]\n[bank 102]", "[source 1st]" },
    { "E18", "fixed = 2025-07..", "fixed = 2025-00..", NULL },
    { "E18", "fixed = 2025-07..", "fixed = 2025-13..", NULL },
    { "E18", "fixed = 2025-07..2026-06", "fixed = 1989-07..2026-06", NULL },
    { "E18", "fixed = 2025-07..2026-06", "fixed = 2025-07", NULL },
    { "E18", "expires = 2027-12", "expires = 2100-01", NULL },
    { "E18", "check = 2025-01 tier:2", "check = 2025-1 tier:2", NULL },
    { "E19", "fixed = 2025-07..2026-06", "fixed = 2026-06..2025-07", NULL },
    { "E20", "average = 2026-01.. 8100", "average = 2025-12.. 8100", NULL },
    { "E20", "limits.county = 2026-01..", "limits.county = 2025-12..", NULL },
    { "E20", "pending = 2026-07.. not", "pending = 2026-06.. not", NULL },
    { "E20", "part = basic 2026-01.. 8.75% s2",
      "part = basic 2026-01..2026-06 8.75% s2\npart = basic 2026-06.. 8.75% s2",
      "part = basic 2026-06" },
    { "E21", "average = 2026-01.. 8100", "average = 2026-02.. 8100", NULL },
    { "E22", "average = 2025-01..2025-12 8000.00", "average = 2025-01.. 8000.00", NULL },
    { "E23", "8000.00 s1", "8000 s1", NULL },
    { "E23", "8000.00 s1", "-8000.00 s1", NULL },
    { "E23", "8000.00 s1", "10000000.01 s1", NULL },
    { "E23", "8000.00 s1", "8000.00 8001.00 s1", NULL },
    { "E24", "account = 2025-01.. 8.00%", "account = 2025-01.. 8.00001%", NULL },
    { "E24", "account = 2025-01.. 8.00%", "account = 2025-01.. 100.01%", NULL },
    { "E24", "account = 2025-01.. 8.00%", "account = 2025-01.. 0.08", NULL },
    { "E25", "account = 2025-01.. 8.00%", "account = 2025-01.. 20.01%", NULL },
    { "E25", "account = 2025-01..", "account = 2024-12..", NULL },
    { "E26", "6015.00 30075.00 s2", "30075.00 6015.00 s2", NULL },
    { "E26", "6015.00 30075.00 s2", "0.00 30075.00 s2", NULL },
    { "E31", "mode = fixed", "mode = rates", NULL },
    { "E31",
      "part = basic 2026-01.. 8.75% s2\npart = large 2026-01.. 0.75% s2\n"
      "part-name = basic 基本医疗 | Basic\npart-name = large 大额互助 | Large-sum aid\n"
      "limits = 2026-01.. 6015.00 30075.00 s2\nsame-base = pension\nchoose = inherit\n"
      "outside = clamp\nexpires = 2026-12\ncheck = 2026-01 6015.00 571.42 hand\n",
      "", "[insurance medical]" },
    { "E31",
      "tier = 2025-01..2025-12 3075.00 6765.00 year s2\npay = year\n"
      "check = 2025-01 tier:2 6765.00 hand\n",
      "", "[insurance resident]" },
    { "E31",
      "fixed = 2025-07..2026-06 10.00 s2\npending = 2026-07.. not known yet\n"
      "check = 2025-07 - 10.00 s2\n",
      "", "[insurance large]" },
    { "E32", "fixed = 2025-07..2026-06 10.00 s2",
      "fixed = 2025-07..2026-06 10.00 s2\nrate = 2026-01.. 1.00% s2", "fixed = 2025-07" },
    { "E32", "pay = year", "pay = year\nrate = 2025-01.. 1.00% s2", "tier = 2025-01" },
    { "E32", "back = months 3 s1", "back = months 3 s1\npart = extra 2026-01.. 1.00% s1",
      "part = extra" },
    { "E33", "4952.00 6000.00 8000.00", "4952.00 8000.00 6000.00", NULL },
    { "E33", "2025-12 4952.00 6000.00", "2025-12 4951.99 6000.00", "grades = 2025" },
    { "E33", "3075.00 6765.00 year s2",
      "5000.00 5001.00 5002.00 5003.00 5004.00 5005.00 5006.00 5007.00\n    "
      "5008.00 5009.00 5010.00 5011.00 5012.00 5013.00 5014.00 5015.00\n    "
      "5016.00 5017.00 5018.00 5019.00 5020.00 5021.00 5022.00 5023.00\n    "
      "5024.00 5025.00 5026.00 5027.00 5028.00 5029.00 5030.00 5031.00\n    "
      "5032.00 5033.00 5034.00 5035.00 5036.00 5037.00 5038.00 5039.00\n    "
      "5040.00\n    "
      "year s2",
      "tier = 2025-01" },
    { "E33", "3075.00 6765.00 year", "6765.00 3075.00 year", NULL },
    { "E33", "choose = free step 1.00", "choose = grades\nround-base = up-fen",
      "choose = grades\nround" },
    { "E33", "choose = grades", "choose = free", "grades = 2025" },
    { "E34", "percent = 2026-01..", "percent = 2025-12..", NULL },
    { "E34", "250 300 s1", "250 301 s1", NULL },
    { "E34", "100 150", "59 150", NULL },
    { "E35", "round = half-up-fen", "round = to-even", NULL },
    { "E35", "pay = year", "pay = weekly", NULL },
    { "E35", "retro = floor-only local", "retro = sometimes local", NULL },
    { "E35", "outside = clamp\nround", "outside = guess\nround", NULL },
    { "E35", "back = months 3 s1", "back = ever s1", NULL },
    { "E35", "align = yes", "align = maybe", NULL },
    { "E35", "collector = tax s1", "collector = friend s1", NULL },
    { "E35", "material = id-card s1", "material = diploma s1", NULL },
    { "E35", "phone = tax 0571-12366", "phone = police 110", NULL },
    { "E35", "phone = tax 0571-12366", "phone = 12366", NULL },
    { "E04", "phone = tax 0571-12366", "phone = tax 0571x12366", NULL },
    { "E05", "phone = tax 0571-12366", "phone = service 12366", NULL },
    { "E35", "window = 09-01..12-31", "window = 09-31..12-31", NULL },
    { "E36", "same-base = pension", "same-base = housing", NULL },
    { "E36", "same-base = pension", "same-base = medical", NULL },
    { "E36", "same-base = pension", "same-base = large", NULL },
    { "E37", "same-base = pension\n", "", "choose = inherit" },
    { "E38", "age = 16 60 55", "age = 61 60 55", NULL },
    { "E38", "age = 16 60 55", "age = young 60 55", NULL },
    { "E39", "surcharge = 0.05% local", "surcharge = 0.21% local", NULL },
    { "E39", "surcharge = 0.05% local", "surcharge = 0.05%", NULL },
    { "E39", "due-day = 25 local", "due-day = unset", "surcharge = 0.05%" },
    { "E40", "due-day = 25 local", "due-day = 32 local", NULL },
    { "E40", "due-day = 25 local", "due-day = 0 local", NULL },
    { "E41", "pay = year", "pay = month year", NULL },
    { "E41", "pay = year\n", "", "[insurance resident]" },
    { "E42", "4860.00 972.00 hand", "4860.00 972.01 hand", NULL },
    { "E42", "check.city = 2025-12",
      "check.city = 2024-12 4800.00 1152.00 hand\ncheck.city = 2025-12", "check.city = 2024-12" },
    { "E42", "tier:2 6765.00", "tier:3 6765.00", NULL },
    { "E43", "check.county = 2026-01 4859.00 971.80 hand\n", "", "limits.county = 2026-01" },
    { "E44", "expires = 2027-12", "expires = 2026-10", NULL },
    { "E44", "expires = 2026-12", "expires = 2026-08", NULL },
    { "E45", "[end]\n", "[end]\nname_en = More\n", "name_en = More" },
    { "E45", "[end]\n", "[end]\n[area more]\n", "[area more]" },
    { "E45", "[end]\n", "[end]", "[end]" },
    { "E45", "[bank 102]", "[bank 102", "[bank 102" },
};

static void each_mistake_gives_its_code_at_its_line_and_nothing_else(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < ARRAY_SIZE(MISTAKES); i++)
        wrong += !gives_only(&MISTAKES[i], STATUS_INVALID);
    assert_int_equal(wrong, 0);
}

static void each_doubt_gives_a_warning_at_its_line_and_the_file_is_taken(void **state)
{
    (void)state;
    static const struct mistake DOUBTS[] = {
        { "E15", "[area city]", "[source s3]\nnumber = 3\ndate = 2025-03\nplace = x\n[area city]",
          "[source s3]" },
        { "E27", "6015.00 30075.00 s2", "6015.00 12029.99 s2", NULL },
        { "E27", "6015.00 30075.00 s2", "6015.00 72180.01 s2", NULL },
        { "E28", "2026-01.. 4860.00 24300.00", "2026-01.. 4860.00 24302.01", NULL },
        { "E29", "limits = 2026-01.. 6015.00 30075.00 s2\n",
          "limits = 2025-01..2025-12 6015.01 30075.00 s2\nlimits = 2026-01.. 6015.00 30075.00 s2\n"
          "rate = 2025-01..2025-12 8.00% s2\ncheck = 2025-01 6015.01 481.20 hand\n",
          "limits = 2026-01.. 6015" },
        { "E29", "limits = 2026-01.. 6015.00 30075.00 s2\n",
          "limits = 2025-01..2025-12 4811.99 30075.00 s2\nlimits = 2026-01.. 6015.00 30075.00 s2\n"
          "rate = 2025-01..2025-12 8.00% s2\ncheck = 2025-01 4811.99 384.96 hand\n",
          "limits = 2026-01.. 6015" },
        { "E30", "outside = clamp\nexpires",
          "rate = 2025-01..2025-10 14.00% s2\n"
          "rate = 2025-11..2025-12 8.00% s2\noutside = clamp\nexpires",
          "rate = 2025-11..2025-12" },
    };
    int wrong = 0;
    for (size_t i = 0; i < ARRAY_SIZE(DOUBTS); i++)
        wrong += !gives_only(&DOUBTS[i], STATUS_OK);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_good_file_has_neither_error_nor_warning),
        cmocka_unit_test(each_mistake_gives_its_code_at_its_line_and_nothing_else),
        cmocka_unit_test(each_doubt_gives_a_warning_at_its_line_and_the_file_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
