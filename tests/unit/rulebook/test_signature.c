/*
 * E12 and E13: every way in which two signatures can fail to be two people's of this file.
 */
#include "rulebook/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "support/unit.h"

/* Never a person's: seeds of tests. */
static const uint8_t AUTHOR_SEED[SIGNATURE_SEED_BYTES] = { 1 };
static const uint8_t APPROVER_SEED[SIGNATURE_SEED_BYTES] = { 2 };
static const uint8_t OTHER_SEED[SIGNATURE_SEED_BYTES] = { 3 };
static const char TEXT[] = "any bytes; that they are a policy is not looked at here";
static const struct policy POLICY = {
    .author = "a.zhao",
    .approver = "b.qian",
    .issued = "2026-09-01",
};

struct report {
    int count, line;
    char code[4];
    char text[160];
};

static void remember(void *context, const char *file, int line, const char *code, const char *text)
{
    struct report *report = context;
    (void)file;
    report->count++;
    report->line = line;
    snprintf(report->code, sizeof report->code, "%s", code);
    snprintf(report->text, sizeof report->text, "%s", text);
}

static void add_key(char *registry, const char *name, const char *role, const uint8_t *seed,
                    const char *rest)
{
    uint8_t key[SIGNATURE_PUBLIC_BYTES];
    char hex[2 * SIGNATURE_PUBLIC_BYTES + 1];
    signature_public_key(seed, key);
    bytes_to_hex(key, sizeof key, hex);
    sprintf(registry + strlen(registry), "%s %s %s%s\n", name, role, hex, rest);
}

static struct signature_keys make_keys(const char *author_rest, const char *approver_rest)
{
    char registry[1024] = "# who may sign\n\n";
    struct signature_keys keys;
    add_key(registry, "a.zhao", "author", AUTHOR_SEED, author_rest);
    add_key(registry, "b.qian", "approver", APPROVER_SEED, approver_rest);
    add_key(registry, "c.sun", "approver", OTHER_SEED, "");
    add_key(registry, "b.zhao", "approver", AUTHOR_SEED, "");
    assert_int_equal(signature_keys_parse("keys", registry, strlen(registry), NULL, NULL, &keys),
                     STATUS_OK);
    assert_int_equal(keys.count, 4);
    return keys;
}

static void sign(char *out, enum signature_role role, const char *name, const char *date,
                 const uint8_t *seed)
{
    signature_make(role, name, date, TEXT, sizeof TEXT - 1, seed, out + strlen(out));
}

static void sign_well(char *out)
{
    out[0] = '\0';
    sign(out, SIGNATURE_AUTHOR, "a.zhao", "2026-09-01", AUTHOR_SEED);
    sign(out, SIGNATURE_APPROVER, "b.qian", "2026-09-02", APPROVER_SEED);
}

static enum status verify_policy(const struct policy *policy, const struct signature_keys *keys,
                                 const char *signatures, bool is_new, struct report *report)
{
    const struct signature_check check = {
        .file = "x.sig",
        .policy = policy,
        .policy_bytes = TEXT,
        .policy_size = sizeof TEXT - 1,
        .keys = keys,
        .date_max = "2026-11-30",
        .is_new = is_new,
    };
    *report = (struct report){ 0 };
    return signature_verify(&check, signatures, strlen(signatures), remember, report);
}

static enum status verify(const struct signature_keys *keys, const char *signatures,
                          struct report *report)
{
    return verify_policy(&POLICY, keys, signatures, true, report);
}

static void assert_refused(const char *signatures, const struct signature_keys *keys,
                           const char *code, const char *words)
{
    struct report report;
    enum status status = verify(keys, signatures, &report);
    if (status != STATUS_DENIED || report.count != 1 || strcmp(report.code, code) != 0 ||
        !strstr(report.text, words))
        fail_msg("wanted %s once with '%s', got %s, %d: %s %s", code, words, status_name(status),
                 report.count, report.code, report.text);
}

static void two_good_signatures_are_good(void **state)
{
    (void)state;
    struct signature_keys keys = make_keys("", "");
    struct report report;
    char text[1024];
    sign_well(text);
    assert_int_equal(verify(&keys, text, &report), STATUS_OK);
    assert_int_equal(report.count, 0);
}

static void one_is_not_enough(void **state)
{
    (void)state;
    struct signature_keys keys = make_keys("", "");
    char text[1024] = "";
    sign(text, SIGNATURE_AUTHOR, "a.zhao", "2026-09-01", AUTHOR_SEED);
    assert_refused(text, &keys, "E12", "no signature of the approver");
    struct report report;
    assert_int_equal(verify(&keys, "", &report), STATUS_DENIED);
    assert_int_equal(report.count, 2);
    sign(text, SIGNATURE_AUTHOR, "a.zhao", "2026-09-01", AUTHOR_SEED);
    sign(text, SIGNATURE_APPROVER, "b.qian", "2026-09-02", APPROVER_SEED);
    assert_refused(text, &keys, "E12", "a second signature as author");
}

static void every_bit_of_file_date_and_signature_counts(void **state)
{
    (void)state;
    struct signature_keys keys = make_keys("", "");
    char text[1024], *at;
    sign_well(text);
    at = strstr(text, "2026-09-02");
    at[9] = '3';
    assert_refused(text, &keys, "E12", "is not of this file");
    sign_well(text);
    at = strchr(text, '\n') - 1;
    *at = *at == '0' ? '1' : '0';
    assert_refused(text, &keys, "E12", "is not of this file");
    text[0] = '\0';
    signature_make(SIGNATURE_AUTHOR, "a.zhao", "2026-09-01", TEXT, sizeof TEXT - 2, AUTHOR_SEED,
                   text);
    sign(text, SIGNATURE_APPROVER, "b.qian", "2026-09-02", APPROVER_SEED);
    assert_refused(text, &keys, "E12", "is not of this file");
}

static void the_author_signs_as_author_and_the_approver_as_approver(void **state)
{
    (void)state;
    struct signature_keys keys = make_keys("", "");
    struct policy policy = POLICY;
    struct report report;
    char text[1024] = "";
    sign(text, SIGNATURE_AUTHOR, "a.zhao", "2026-09-01", AUTHOR_SEED);
    sign(text, SIGNATURE_APPROVER, "c.sun", "2026-09-02", OTHER_SEED);
    assert_refused(text, &keys, "E12", "signed by c.sun, but the approver of the file is b.qian");
    /* The author of the file has a key, but as approver. */
    snprintf(policy.author, sizeof policy.author, "c.sun");
    text[0] = '\0';
    sign(text, SIGNATURE_AUTHOR, "c.sun", "2026-09-01", OTHER_SEED);
    sign(text, SIGNATURE_APPROVER, "b.qian", "2026-09-02", APPROVER_SEED);
    assert_int_equal(verify_policy(&policy, &keys, text, true, &report), STATUS_DENIED);
    assert_string_equal(report.text, "c.sun has no key as author");
}

static void one_key_under_two_names_is_one_person(void **state)
{
    (void)state;
    struct signature_keys keys = make_keys("", "");
    struct policy policy = POLICY;
    struct report report;
    char text[1024] = "";
    snprintf(policy.approver, sizeof policy.approver, "b.zhao");
    sign(text, SIGNATURE_AUTHOR, "a.zhao", "2026-09-01", AUTHOR_SEED);
    sign(text, SIGNATURE_APPROVER, "b.zhao", "2026-09-02", AUTHOR_SEED);
    assert_int_equal(verify_policy(&policy, &keys, text, true, &report), STATUS_DENIED);
    assert_int_equal(report.count, 1);
    assert_string_equal(report.text, "the same key signed twice");
}

static void a_revoked_key_signs_nothing_new_and_what_it_signed_before_stays(void **state)
{
    (void)state;
    struct signature_keys later = make_keys("", " revoked 2026-09-03");
    struct signature_keys same_day = make_keys("", " revoked 2026-09-02");
    struct report report;
    char text[1024];
    sign_well(text);
    assert_refused(text, &later, "E12", "the key of b.qian was revoked on 2026-09-03");
    assert_int_equal(verify_policy(&POLICY, &later, text, false, &report), STATUS_OK);
    assert_int_equal(verify_policy(&POLICY, &same_day, text, false, &report), STATUS_DENIED);
}

static void nobody_signs_before_the_file_was_issued_nor_tomorrow(void **state)
{
    (void)state;
    struct signature_keys keys = make_keys("", "");
    char text[1024] = "";
    sign(text, SIGNATURE_AUTHOR, "a.zhao", "2026-08-31", AUTHOR_SEED);
    sign(text, SIGNATURE_APPROVER, "b.qian", "2026-09-02", APPROVER_SEED);
    assert_refused(text, &keys, "E13", "before the file was issued");
    text[0] = '\0';
    sign(text, SIGNATURE_AUTHOR, "a.zhao", "2026-09-01", AUTHOR_SEED);
    sign(text, SIGNATURE_APPROVER, "b.qian", "2026-12-01", APPROVER_SEED);
    assert_refused(text, &keys, "E13", "in the future");
}

static void lines_that_are_none_are_named_by_number(void **state)
{
    (void)state;
    struct signature_keys keys = make_keys("", "");
    static const char *const LINES[] = {
        "author",
        "author a.zhao 2026-9-1 00",
        "boss a.zhao 2026-09-01 00",
        "author a.zhao 2026-09-01 00",
        "author a.zhao 2026-09-01 0 extra",
        "a line that is far longer than any that could be one ........................."
        "..............................................................................."
        "..............................................................................."
        "..............................................................................."
        "..............................................................................."
        "..............................................................................."
        "...............................................................................",
    };
    for (size_t i = 0; i < ARRAY_SIZE(LINES); i++) {
        struct report report;
        char text[2048];
        sign_well(text);
        sprintf(text + strlen(text), "# %s\n%s\n", "comment", LINES[i]);
        assert_int_equal(verify(&keys, text, &report), STATUS_DENIED);
        assert_int_equal(report.count, 1);
        assert_int_equal(report.line, 4);
        assert_string_equal(report.code, "E12");
    }
}

static void a_registry_with_one_bad_line_has_no_keys(void **state)
{
    (void)state;
    static const char *const LINES[] = { "a.zhao author 00", "a.zhao boss %s", "a.zhao author %s x",
                                         "a.zhao author %s revoked soon", "b.qian approver %s" };
    for (size_t i = 0; i < ARRAY_SIZE(LINES); i++) {
        char registry[1024] = "", hex[2 * SIGNATURE_PUBLIC_BYTES + 1];
        uint8_t key[SIGNATURE_PUBLIC_BYTES];
        struct signature_keys keys;
        struct report report = { 0 };
        add_key(registry, "b.qian", "approver", APPROVER_SEED, "");
        signature_public_key(AUTHOR_SEED, key);
        bytes_to_hex(key, sizeof key, hex);
        const char *tail = strstr(LINES[i], "%s");
        sprintf(registry + strlen(registry), "%.*s%s%s\n",
                (int)(tail ? tail - LINES[i] : (long)strlen(LINES[i])), LINES[i], tail ? hex : "",
                tail ? tail + 2 : "");
        assert_int_equal(
            signature_keys_parse("keys", registry, strlen(registry), remember, &report, &keys),
            STATUS_INVALID);
        assert_int_equal(report.line, 2);
        assert_int_equal(keys.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_good_signatures_are_good),
        cmocka_unit_test(one_is_not_enough),
        cmocka_unit_test(every_bit_of_file_date_and_signature_counts),
        cmocka_unit_test(the_author_signs_as_author_and_the_approver_as_approver),
        cmocka_unit_test(one_key_under_two_names_is_one_person),
        cmocka_unit_test(a_revoked_key_signs_nothing_new_and_what_it_signed_before_stays),
        cmocka_unit_test(nobody_signs_before_the_file_was_issued_nor_tomorrow),
        cmocka_unit_test(lines_that_are_none_are_named_by_number),
        cmocka_unit_test(a_registry_with_one_bad_line_has_no_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
