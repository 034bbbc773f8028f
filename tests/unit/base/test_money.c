#include "base/money.h"

#include "base/check.h"
#include "support/unit.h"

static void capitals_follow_the_official_examples_and_the_fixed_choices(void **state)
{
    (void)state;
    static const struct {
        const char *figure, *words;
    } VECTORS[] = {
        /* the six printed in annex 1 of 银发〔1997〕393号 */
        { "1409.50", "人民币壹仟肆佰零玖元伍角" },
        { "6007.14", "人民币陆仟零柒元壹角肆分" },
        { "1680.32", "人民币壹仟陆佰捌拾元零叁角贰分" },
        { "107000.53", "人民币壹拾万柒仟元零伍角叁分" },
        { "16409.02", "人民币壹万陆仟肆佰零玖元零贰分" },
        { "325.04", "人民币叁佰贰拾伍元零肆分" },
        /* amounts of real policies and the corners of the rule */
        { "1432.40", "人民币壹仟肆佰叁拾贰元肆角" },
        { "7162.20", "人民币柒仟壹佰陆拾贰元贰角" },
        { "10.05", "人民币壹拾元零伍分" },
        { "584.92", "人民币伍佰捌拾肆元玖角贰分" },
        { "71.62", "人民币柒拾壹元陆角贰分" },
        { "1492.00", "人民币壹仟肆佰玖拾贰元整" },
        { "59428.80", "人民币伍万玖仟肆佰贰拾捌元捌角" },
        { "7019.04", "人民币柒仟零壹拾玖元零肆分" },
        { "10005.00", "人民币壹万零伍元整" },
        { "1000100.00", "人民币壹佰万零壹佰元整" },
        { "100001000.00", "人民币壹亿零壹仟元整" },
        { "0.05", "人民币伍分" },
        /* beyond the table */
        { "0.00", "人民币零元整" },
        { "0.50", "人民币伍角" },
        { "0.55", "人民币伍角伍分" },
        { "10.50", "人民币壹拾元零伍角" },
        { "100010000.00", "人民币壹亿零壹万元整" },
        { "500102000.00", "人民币伍亿零壹拾万贰仟元整" },
        { "1000000000.00", "人民币壹拾亿元整" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(VECTORS); i++) {
        char words[MONEY_WORDS_SIZE];
        int64_t fen = -1;
        assert_int_equal(money_parse(VECTORS[i].figure, &fen), STATUS_OK);
        money_format_words(fen, words);
        assert_string_equal(words, VECTORS[i].words);
    }
}

static int64_t rated(int64_t fen, int32_t rate, const char *word)
{
    enum money_rounding rounding;
    assert_int_equal(money_rounding_parse(word, &rounding), STATUS_OK);
    return money_apply_rate(fen, rate, rounding);
}

static void each_rounding_does_what_its_word_says(void **state)
{
    (void)state;
    /* Chengdu: 6015.00 x 8.75 % = 526.3125 and x 0.75 % = 45.1125, both printed rounded */
    assert_int_equal(rated(601500, 87500, "half-up-fen"), 52631);
    assert_int_equal(rated(601500, 7500, "half-up-fen"), 4511);
    assert_int_equal(rated(601500, 87500, "up-fen"), 52632);
    assert_int_equal(rated(601500, 87500, "down-fen"), 52631);
    assert_int_equal(rated(601500, 87500, "half-up-jiao"), 52630);
    assert_int_equal(rated(601500, 87500, "up-jiao"), 52640);
    assert_int_equal(rated(601500, 87500, "down-jiao"), 52630);
    assert_int_equal(rated(601500, 87500, "half-up-yuan"), 52600);
    assert_int_equal(rated(601500, 87500, "up-yuan"), 52700);
    assert_int_equal(rated(601500, 87500, "down-yuan"), 52600);
}

static void halves_go_up_and_exact_amounts_stay(void **state)
{
    (void)state;
    assert_int_equal(rated(1, 500000, "half-up-fen"), 1);
    assert_int_equal(rated(1, 499999, "half-up-fen"), 0);
    assert_int_equal(rated(10, 500000, "half-up-jiao"), 10);
    assert_int_equal(rated(477500, 200000, "up-yuan"), 95500);
    assert_int_equal(rated(477500, 200000, "up-fen"), 95500);
    assert_int_equal(rated(0, 200000, "up-yuan"), 0);
}

static void the_largest_sum_and_the_whole_rate_do_not_overflow(void **state)
{
    (void)state;
    assert_int_equal(money_apply_rate(MONEY_FEN_MAX, MONEY_RATE_ONE, MONEY_HALF_UP_YUAN),
                     MONEY_FEN_MAX);
}

static void an_unknown_rounding_word_is_refused(void **state)
{
    (void)state;
    enum money_rounding rounding;
    assert_int_equal(money_rounding_parse("half-down-fen", &rounding), STATUS_INVALID);
    assert_int_equal(money_rounding_parse("", &rounding), STATUS_INVALID);
}

static void apply_rate_of(void *fen)
{
    (void)money_apply_rate(*(int64_t *)fen, 200000, MONEY_UP_FEN);
}

static void a_negative_or_absurd_sum_is_our_own_bug(void **state)
{
    (void)state;
    int64_t negative = -1, absurd = MONEY_FEN_MAX + 1;
    assert_aborts(apply_rate_of, &negative);
    assert_aborts(apply_rate_of, &absurd);
}

static void figures_are_written_with_and_without_groups(void **state)
{
    (void)state;
    static const struct {
        int64_t fen;
        int grouped;
        const char *text;
    } CASES[] = {
        { 0, 1, "0.00" },
        { 5, 1, "0.05" },
        { 99999, 1, "999.99" },
        { 123450, 1, "1,234.50" },
        { 123450, 0, "1234.50" },
        { 100000000, 1, "1,000,000.00" },
        { -5, 1, "-0.05" },
        { -123450, 1, "-1,234.50" },
        { INT64_MIN, 1, "-92,233,720,368,547,758.08" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        char text[MONEY_TEXT_SIZE];
        money_format(CASES[i].fen, CASES[i].grouped, text);
        assert_string_equal(text, CASES[i].text);
    }
}

static void only_plain_figures_with_two_decimals_are_read(void **state)
{
    (void)state;
    int64_t fen = 0;
    assert_int_equal(money_parse("7462.00", &fen), STATUS_OK);
    assert_int_equal(fen, 746200);
    assert_int_equal(money_parse("1000000000.00", &fen), STATUS_OK);
    assert_int_equal(fen, MONEY_FEN_MAX);
    static const char *const REFUSED[] = {
        "",      ".50",   "7462",   "7462.", "7462.0",        "7462.000",
        "+1.00", "-1.00", "1,0.00", "1.00 ", " 1.00",         "1e3.00",
        "1.0x",  "１.00", "0x1.00", "1..00", "1000000000.01", "99999999999999999999.00",
    };
    for (size_t i = 0; i < ARRAY_SIZE(REFUSED); i++)
        assert_int_equal(money_parse(REFUSED[i], &fen), STATUS_INVALID);
    assert_int_equal(fen, MONEY_FEN_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capitals_follow_the_official_examples_and_the_fixed_choices),
        cmocka_unit_test(each_rounding_does_what_its_word_says),
        cmocka_unit_test(halves_go_up_and_exact_amounts_stay),
        cmocka_unit_test(the_largest_sum_and_the_whole_rate_do_not_overflow),
        cmocka_unit_test(an_unknown_rounding_word_is_refused),
        cmocka_unit_test(a_negative_or_absurd_sum_is_our_own_bug),
        cmocka_unit_test(figures_are_written_with_and_without_groups),
        cmocka_unit_test(only_plain_figures_with_two_decimals_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
