/*
 * Policy texts for tests: the shipped files, and a small one made around a few figures.
 */
#pragma once
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "plan/policy.h"
#include "support/unit.h"

#define POLICY_TEXT_MAX 16384

__attribute__((unused)) static void read_policy_text(const char *name, char out[POLICY_TEXT_MAX])
{
    char path[512];
    snprintf(path, sizeof path, SOURCE_DIR "/config/policy/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(out, 1, POLICY_TEXT_MAX - 1, file);
    fclose(file);
    assert_in_range(size, 1, POLICY_TEXT_MAX - 2);
    out[size] = '\0';
}

__attribute__((unused)) static void print_policy_error(void *context, const char *file, int line,
                                                       const char *code, const char *text)
{
    (void)context;
    if (strncmp(text, "warning: ", 9) == 0)
        return;
    fprintf(stderr, "%s:%d: %s %s\n", file, line, code, text);
}

__attribute__((unused)) static struct policy *load_policy(const char *name)
{
    char path[512];
    struct policy *policy = NULL;
    snprintf(path, sizeof path, SOURCE_DIR "/config/policy/%s", name);
    assert_int_equal(policy_load(path, NULL, print_policy_error, NULL, &policy), STATUS_OK);
    return policy;
}

/* One insurance with these figure lines, under a complete head. */
__attribute__((unused)) static struct policy *make_policy(const char *insurance,
                                                          const char *figures)
{
    char text[POLICY_TEXT_MAX];
    struct policy *policy = NULL;
    int size = snprintf(text, sizeof text,
                        "[policy]\nid = case\nformat = 1\nregion = 990000\nrevision = 1\n"
                        "issued = 2026-09-01\nauthor = a.zhao\napprover = b.qian\n"
                        "name_zh = 某市\nname_en = Somewhere\ncollector = tax\n"
                        "collector_zh = 税务\ncollector_en = Tax\nsurplus = credit\n"
                        "surplus_zh = 记入\nsurplus_en = Credited\n"
                        "[source s1]\nnumber = 1\ndate = 2025-09\nplace = here\n"
                        "[insurance %s]\ncode = 110\nname_zh = 险\nname_en = Insurance\n"
                        "basis_zh = 法\nbasis_en = Law\n%s",
                        insurance, figures);
    assert_in_range(size, 1, sizeof text - 1);
    assert_int_equal(
        policy_parse("case", text, (size_t)size, NULL, print_policy_error, NULL, &policy),
        STATUS_OK);
    return policy;
}
