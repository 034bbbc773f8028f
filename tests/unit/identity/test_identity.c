#include "identity/identity.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "support/unit.h"

#define TODAY 20261123

/* An invented person; the county 449999 does not exist. */
static struct identity_card good_card(void)
{
    return (struct identity_card){
        .kind = IDENTITY_RESIDENT,
        .name = "李明轩",
        .number = "449999198803150019",
        .sex = 1,
        .nation = 1,
        .birth = 19880315,
        .valid_from = 20160520,
        .valid_to = 20360520,
    };
}

/* Judged by two independent validators (python stdnum, npm id-validator) and, where they differ,
 * by the standard. */
static void agrees_with_the_standard_on_numbers_that_divide_validators(void **state)
{
    (void)state;
    static const struct {
        const char *number;
        bool is_valid;
    } NUMBERS[] = {
        { "110101199001010015", true },  { "110101200002290018", true }, /* 2000 was a leap year */
        { "650102190002290013", false },                                 /* 1900 was not */
        { "440524188001010014", true }, /* the standard's own example: an abolished county */
        { "11010519491231002X", true }, /* the standard's own example */
        { "810000199001010019", true },  { "830000199001010012", true },
        { "910000199001010012", false },
    };
    for (size_t i = 0; i < ARRAY_SIZE(NUMBERS); i++)
        if (identity_number_is_valid(NUMBERS[i].number, TODAY) != NUMBERS[i].is_valid)
            fail_msg("%s", NUMBERS[i].number);
}

static void refuses_malformed_numbers(void **state)
{
    (void)state;
    static const char *const NUMBERS[] = {
        "",
        "11010519491231002",   /* one short */
        "11010519491231002XX", /* one long */
        "11010519491231002x",  /* chips hold the capital X */
        "1101051949123100X2",  /* X elsewhere */
        "110105194912310021",  /* check digit */
        "110105491231002",     /* the old form of 15 digits */
        "11010519491331002X",  /* month 13 */
        "１１0105194912310",   /* not ASCII */
    };
    for (size_t i = 0; i < ARRAY_SIZE(NUMBERS); i++)
        if (identity_number_is_valid(NUMBERS[i], TODAY))
            fail_msg("%s", NUMBERS[i]);
}

static void every_single_wrong_digit_is_noticed(void **state)
{
    (void)state;
    const char good[] = "449999198803150019";
    assert_true(identity_number_is_valid(good, TODAY));
    for (int at = 0; at < 18; at++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            char wrong[19];
            memcpy(wrong, good, sizeof wrong);
            wrong[at] = digit;
            if (digit != good[at] && identity_number_is_valid(wrong, TODAY))
                fail_msg("%s", wrong);
        }
    }
}

static void nobody_is_born_after_today(void **state)
{
    (void)state;
    assert_true(identity_number_is_valid("449999198803150019", 19880315));
    assert_false(identity_number_is_valid("449999198803150019", 19880314));
}

static void a_good_card_is_good_on_its_first_and_last_day(void **state)
{
    (void)state;
    struct identity_card card = good_card();
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_GOOD);
    assert_int_equal(identity_check(&card, 20160520), IDENTITY_GOOD);
    assert_int_equal(identity_check(&card, 20360520), IDENTITY_GOOD);
    assert_int_equal(identity_check(&card, 20160519), IDENTITY_NOT_YET_VALID);
    assert_int_equal(identity_check(&card, 20360521), IDENTITY_EXPIRED);
    card.valid_to = IDENTITY_NO_EXPIRY;
    assert_int_equal(identity_check(&card, 20990101), IDENTITY_GOOD);
}

static void a_card_that_contradicts_its_own_number_is_refused(void **state)
{
    (void)state;
    struct identity_card card = good_card();
    card.sex = 2;
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_BAD_NUMBER);
    card = good_card();
    card.birth = 19880316;
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_BAD_NUMBER);
    card = good_card();
    card.number[17] = '8';
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_BAD_NUMBER);
}

static void a_permit_and_its_number_range_belong_together(void **state)
{
    (void)state;
    struct identity_card card = good_card();
    card.kind = IDENTITY_HMT_PERMIT;
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_BAD_NUMBER);
    strcpy(card.number, "810000199001010019");
    card.birth = 19900101;
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_GOOD);
    card.kind = IDENTITY_RESIDENT;
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_BAD_NUMBER);
}

static void foreigners_cards_go_to_the_window_whatever_their_number(void **state)
{
    (void)state;
    struct identity_card card = good_card();
    card.kind = IDENTITY_FOREIGN_PR;
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_KIND_AT_WINDOW);
    strcpy(card.number, "XYZ000000000000");
    card.kind = IDENTITY_FOREIGN_PR_2017;
    assert_int_equal(identity_check(&card, TODAY), IDENTITY_KIND_AT_WINDOW);
}

static void a_year_is_complete_on_the_birthday(void **state)
{
    (void)state;
    assert_int_equal(identity_age(19880315, 20260314), 37);
    assert_int_equal(identity_age(19880315, 20260315), 38);
    assert_int_equal(identity_age(20000229, 20260228), 25);
    assert_int_equal(identity_age(20000229, 20260301), 26);
}

static void wiping_leaves_no_byte(void **state)
{
    (void)state;
    struct identity_card card = good_card();
    const uint8_t *bytes = (const uint8_t *)&card;
    identity_wipe(&card);
    for (size_t i = 0; i < sizeof card; i++)
        assert_int_equal(bytes[i], 0);
}

/* ---- the social security card beside it ---- */

static struct social_card good_social_card(void)
{
    return (struct social_card){ .generation = 2,
                                 .name = "李明轩",
                                 .number = "449999198803150019",
                                 .issued = 20180601,
                                 .valid_to = 20380531 };
}

static enum identity_social_verdict compare(const struct social_card *social, int32_t today)
{
    const struct identity_card identity = good_card();
    return identity_compare_social_card(social, &identity, today);
}

static void the_same_persons_cards_agree(void **state)
{
    (void)state;
    struct social_card social = good_social_card();
    assert_int_equal(compare(&social, TODAY), IDENTITY_SOCIAL_GOOD);
    assert_int_equal(compare(&social, 20180601), IDENTITY_SOCIAL_GOOD);
    assert_int_equal(compare(&social, 20380531), IDENTITY_SOCIAL_GOOD);
    assert_int_equal(compare(&social, 20180531), IDENTITY_SOCIAL_NOT_YET_VALID);
    assert_int_equal(compare(&social, 20380601), IDENTITY_SOCIAL_EXPIRED);
}

static void dates_left_open_do_not_count_against_it(void **state)
{
    (void)state;
    struct social_card social = good_social_card();
    social.issued = social.valid_to = 0;
    assert_int_equal(compare(&social, TODAY), IDENTITY_SOCIAL_GOOD);
}

static void the_old_number_is_the_same_number(void **state)
{
    (void)state;
    struct social_card social = good_social_card();
    text_copy(social.number, sizeof social.number, "449999880315001");
    assert_int_equal(compare(&social, TODAY), IDENTITY_SOCIAL_GOOD);
    text_copy(social.number, sizeof social.number, "449999880315002");
    assert_int_equal(compare(&social, TODAY), IDENTITY_SOCIAL_OTHER_PERSON);
    text_copy(social.number, sizeof social.number, "449999881315001"); /* month 13 */
    assert_int_equal(compare(&social, TODAY), IDENTITY_SOCIAL_BAD_NUMBER);
}

static void another_persons_card_is_noticed(void **state)
{
    (void)state;
    struct social_card social = good_social_card();
    text_copy(social.number, sizeof social.number, "449999199511020022");
    text_copy(social.name, sizeof social.name, "王晓雨");
    assert_int_equal(compare(&social, TODAY), IDENTITY_SOCIAL_OTHER_PERSON);
    text_copy(social.number, sizeof social.number, "449999198803150018");
    assert_int_equal(compare(&social, TODAY), IDENTITY_SOCIAL_BAD_NUMBER);
}

static void names_are_compared_without_their_points(void **state)
{
    (void)state;
    static const struct {
        const char *social, *identity;
        enum identity_social_verdict verdict;
    } TABLE[] = {
        { "李明煊", "李明轩", IDENTITY_SOCIAL_OTHER_NAME },
        { "李明", "李明轩", IDENTITY_SOCIAL_OTHER_NAME },
        { "李明轩一", "李明轩", IDENTITY_SOCIAL_OTHER_NAME },
        { "", "李明轩", IDENTITY_SOCIAL_OTHER_NAME },
        { "阿依古丽·麦麦提", "阿依古丽·麦麦提", IDENTITY_SOCIAL_GOOD },
        { "阿依古丽.麦麦提", "阿依古丽·麦麦提", IDENTITY_SOCIAL_GOOD },
        { "阿依古丽•麦麦提", "阿依古丽·麦麦提", IDENTITY_SOCIAL_GOOD },
        { "阿依古丽麦麦提", "阿依古丽·麦麦提", IDENTITY_SOCIAL_GOOD },
        { "李 明轩", "李明轩", IDENTITY_SOCIAL_GOOD },
    };
    for (size_t i = 0; i < ARRAY_SIZE(TABLE); i++) {
        struct social_card social = good_social_card();
        struct identity_card identity = good_card();
        text_copy(social.name, sizeof social.name, TABLE[i].social);
        text_copy(identity.name, sizeof identity.name, TABLE[i].identity);
        if (identity_compare_social_card(&social, &identity, TODAY) != TABLE[i].verdict)
            fail_msg("%s and %s", TABLE[i].social, TABLE[i].identity);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_standard_on_numbers_that_divide_validators),
        cmocka_unit_test(refuses_malformed_numbers),
        cmocka_unit_test(every_single_wrong_digit_is_noticed),
        cmocka_unit_test(nobody_is_born_after_today),
        cmocka_unit_test(a_good_card_is_good_on_its_first_and_last_day),
        cmocka_unit_test(a_card_that_contradicts_its_own_number_is_refused),
        cmocka_unit_test(a_permit_and_its_number_range_belong_together),
        cmocka_unit_test(foreigners_cards_go_to_the_window_whatever_their_number),
        cmocka_unit_test(a_year_is_complete_on_the_birthday),
        cmocka_unit_test(wiping_leaves_no_byte),
        cmocka_unit_test(the_same_persons_cards_agree),
        cmocka_unit_test(dates_left_open_do_not_count_against_it),
        cmocka_unit_test(the_old_number_is_the_same_number),
        cmocka_unit_test(another_persons_card_is_noticed),
        cmocka_unit_test(names_are_compared_without_their_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
