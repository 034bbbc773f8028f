/*
 * The table of refusals, the bureau's answer, and a signature as bytes and as a picture.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "registration/precheck.h"
#include "registration/registration.h"
#include "support/unit.h"

#define VIEW_TEXT_SIZE 192 /* of the page and of a note on paper */

static void every_refusal_has_a_code_of_its_own_and_words_that_fit(void **state)
{
    (void)state;
    for (int i = REFUSAL_NONE + 1; i < REFUSALS; i++) {
        const struct refusal_words *words = refusal_words((enum refusal)i);
        assert_int_equal(strlen(words->code), 3);
        assert_int_equal(words->code[0], 'R');
        for (int language = 0; language < 2; language++) {
            assert_in_range(strlen(words->sentence[language]), 10, VIEW_TEXT_SIZE - 1);
            assert_in_range(strlen(words->bring[language]), 10, VIEW_TEXT_SIZE - 1);
        }
        for (int other = REFUSAL_NONE + 1; other < i; other++) {
            assert_string_not_equal(words->code, refusal_words((enum refusal)other)->code);
            assert_string_not_equal(words->word, refusal_words((enum refusal)other)->word);
        }
        assert_int_equal(refusal_of_word(words->word), i);
    }
    assert_in_range(strlen(REFUSAL_REVIEW[0]), 10, VIEW_TEXT_SIZE - 1);
    assert_in_range(strlen(REFUSAL_REVIEW[1]), 10, VIEW_TEXT_SIZE - 1);
}

static void codes_are_those_of_the_reference(void **state)
{
    static const enum refusal BY_CODE[] = {
        REFUSAL_TOO_YOUNG,        REFUSAL_RETIRED,      REFUSAL_EMPLOYED,
        REFUSAL_PENSIONER,        REFUSAL_UNEMPLOYMENT, REFUSAL_ELSEWHERE,
        REFUSAL_RESIDENT_MEDICAL, REFUSAL_IDENTITY,     REFUSAL_NOT_IN_PERSON,
        REFUSAL_RECORD_CLOSED,    REFUSAL_OPEN_BILL,    REFUSAL_RESIDENCE,
        REFUSAL_WINDOW,           REFUSAL_BASE,         REFUSAL_POLICY,
        REFUSAL_BACK_PAYMENT,     REFUSAL_DOCUMENT,     REFUSAL_YEARS,
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(BY_CODE); i++) {
        const char *code = refusal_words(BY_CODE[i])->code;
        assert_int_equal(strtol(code + 1, NULL, 10), i + 1);
    }
}

static void a_word_of_a_newer_bureau_is_a_refusal_all_the_same(void **state)
{
    (void)state;
    assert_int_equal(refusal_of_word("tall"), REFUSAL_OTHER);
    assert_int_equal(refusal_of_word(""), REFUSAL_NONE);
}

static void a_window_may_lie_over_new_year(void **state)
{
    struct policy *policy = calloc(1, sizeof *policy);
    (void)state;
    assert_non_null(policy);
    policy->insurance_count = 2;
    assert_true(refusal_window_is_open(policy, 3, 20261123));
    policy->insurances[1].window_first = 901;
    policy->insurances[1].window_last = 1231;
    assert_true(refusal_window_is_open(policy, 3, 20261123));
    assert_false(refusal_window_is_open(policy, 3, 20260831));
    assert_true(refusal_window_is_open(policy, 1, 20260831));
    policy->insurances[1].window_first = 1115;
    policy->insurances[1].window_last = 228;
    assert_true(refusal_window_is_open(policy, 2, 20270101));
    assert_true(refusal_window_is_open(policy, 2, 20261115));
    assert_false(refusal_window_is_open(policy, 2, 20270301));
    free(policy);
}

static void the_day_somebody_left_must_be_possible(void **state)
{
    (void)state;
    assert_true(registration_leaving_date_is_valid("20261123", 19880315, 20261123));
    assert_false(registration_leaving_date_is_valid("20261124", 19880315, 20261123));
    assert_false(registration_leaving_date_is_valid("20260229", 19880315, 20261123));
    assert_true(registration_leaving_date_is_valid("20240229", 19880315, 20261123));
    assert_false(registration_leaving_date_is_valid("20040314", 19880315, 20261123));
    assert_true(registration_leaving_date_is_valid("20040315", 19880315, 20261123));
    assert_false(registration_leaving_date_is_valid("2026112", 19880315, 20261123));
    assert_false(registration_leaving_date_is_valid("2026112x", 19880315, 20261123));
}

static struct ui_strokes cross(void)
{
    static const struct ui_stroke_point POINTS[] = {
        { 1000, 2000, true }, { 2000, 2000, false }, { 1500, 1000, true }, { 1500, 3000, false }
    };
    struct ui_strokes strokes = { 0 };
    for (size_t i = 0; i < ARRAY_SIZE(POINTS); i++)
        (void)strokes_put(&strokes, &POINTS[i]);
    return strokes;
}

static void a_signature_comes_back_as_it_was_drawn(void **state)
{
    uint8_t bytes[SIGNATURE_SIZE_MAX];
    struct ui_strokes drawn = cross(), read;
    int width_mm, height_mm;
    (void)state;
    size_t size = signature_encode(&drawn, 200, 80, bytes);
    assert_int_equal(size, SIGNATURE_HEAD + 12);
    assert_int_equal(signature_decode(bytes, size, &read, &width_mm, &height_mm), STATUS_OK);
    assert_true(strokes_are_same(&drawn, &read));
    assert_int_equal(width_mm, 200);
    assert_int_equal(height_mm, 80);
    assert_int_equal(signature_decode(bytes, size - 1, &read, &width_mm, &height_mm),
                     STATUS_INVALID);
    assert_int_equal(signature_encode(&drawn, 0, 80, bytes), 0);
    strokes_clear(&drawn);
    assert_int_equal(signature_encode(&drawn, 200, 80, bytes), 0);
}

static void the_fullest_one_can_be_sealed(void **state)
{
    uint8_t bytes[SIGNATURE_SIZE_MAX];
    struct ui_strokes strokes = { .count = UI_STROKE_POINTS_MAX };
    (void)state;
    for (int i = 0; i < strokes.count; i++)
        strokes.points[i] = (struct ui_stroke_point){ 4095, 4095, true };
    size_t size = signature_encode(&strokes, 255, 255, bytes);
    assert_in_range(size, SIGNATURE_HEAD + 1, SEAL_PLAIN_SIZE_MAX);
}

static void the_picture_has_ink_where_the_finger_was(void **state)
{
    uint8_t bytes[SIGNATURE_SIZE_MAX], *pbm;
    struct ui_strokes drawn = cross();
    size_t pbm_size, size = signature_encode(&drawn, 100, 50, bytes);
    (void)state;
    assert_int_equal(signature_draw(bytes, size, &pbm, &pbm_size), STATUS_OK);
    const char *head = "P4\n816 416\n";
    assert_memory_equal(pbm, head, strlen(head));
    assert_int_equal(pbm_size, strlen(head) + 102 * 416);
    const uint8_t *rows = pbm + strlen(head);
    int x = 8 + 1500 * 799 / 4096, y = 8 + 2000 * 399 / 4096;
    assert_true(rows[y * 102 + x / 8] >> (7 - x % 8) & 1);
    assert_int_equal(rows[0], 0);
    free(pbm);
}

static void a_question_names_nobody(void **state)
{
    struct seal seal;
    uint8_t secret[32];
    char question[PRECHECK_QUESTION_SIZE];
    struct policy *policy = calloc(1, sizeof *policy);
    (void)state;
    assert_non_null(policy);
    assert_true(sodium_init() >= 0);
    crypto_box_keypair(seal.bureau_public_key, secret);
    policy->insurance_count = 2;
    strcpy(policy->insurances[0].code, "110");
    strcpy(policy->insurances[1].code, "310");
    assert_int_equal(precheck_ask(&seal, "449999199006050044", policy, 3, question), STATUS_OK);
    assert_null(strstr(question, "4499"));
    assert_non_null(strstr(question, "\"insurances\":[\"110\",\"310\"]"));
    assert_int_equal(precheck_ask(&seal, "44\"9999", policy, 3, question), STATUS_INVALID);
    free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_has_a_code_of_its_own_and_words_that_fit),
        cmocka_unit_test(codes_are_those_of_the_reference),
        cmocka_unit_test(a_word_of_a_newer_bureau_is_a_refusal_all_the_same),
        cmocka_unit_test(a_window_may_lie_over_new_year),
        cmocka_unit_test(the_day_somebody_left_must_be_possible),
        cmocka_unit_test(a_signature_comes_back_as_it_was_drawn),
        cmocka_unit_test(the_fullest_one_can_be_sealed),
        cmocka_unit_test(the_picture_has_ink_where_the_finger_was),
        cmocka_unit_test(a_question_names_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
