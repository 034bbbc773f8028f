#include "base/text.h"

#include <string.h>

#include "base/check.h"
#include "support/unit.h"

static void a_copy_is_whole_when_it_fits(void **state)
{
    (void)state;
    char out[7];
    assert_true(text_copy(out, sizeof out, "王华"));
    assert_string_equal(out, "王华");
    assert_true(text_copy(out, 1, ""));
    assert_string_equal(out, "");
}

static void a_cut_never_splits_a_character(void **state)
{
    (void)state;
    char out[8];
    assert_false(text_copy(out, sizeof out, "王小华"));
    assert_string_equal(out, "王小");
    assert_false(text_copy(out, 3, "王"));
    assert_string_equal(out, "");
    assert_false(text_format(out, sizeof out, "a%s", "王小华"));
    assert_string_equal(out, "a王小");
    assert_false(text_format(out, sizeof out, "%s", "abcdefghij"));
    assert_string_equal(out, "abcdefg");
    assert_false(text_format(out, sizeof out, "abcd%s", "王小"));
    assert_string_equal(out, "abcd王");
    assert_true(text_format(out, sizeof out, "%d", 42));
    assert_string_equal(out, "42");
}

static void characters_come_one_by_one(void **state)
{
    (void)state;
    const char *cursor = "aé王𠮷";
    assert_int_equal(text_next(&cursor), 'a');
    assert_int_equal(text_next(&cursor), 0xE9);
    assert_int_equal(text_next(&cursor), 0x738B);
    assert_int_equal(text_next(&cursor), 0x20BB7);
    assert_int_equal(text_next(&cursor), 0);
    assert_int_equal(text_next(&cursor), 0);
}

static void each_malformed_byte_is_one_replacement(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        int replacements;
    } CASES[] = {
        { "\x80", 1 },             /* a lone continuation */
        { "\xC0\xAF", 2 },         /* overlong */
        { "\xE0\x80\x80", 3 },     /* overlong */
        { "\xED\xA0\x80", 3 },     /* a surrogate */
        { "\xF4\x90\x80\x80", 4 }, /* over U+10FFFF */
        { "\xE7\x8E", 2 },         /* cut short */
        { "\xFF", 1 },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        const char *cursor = CASES[i].bytes;
        int count = 0;
        for (uint32_t c; (c = text_next(&cursor)) != 0; count++)
            assert_int_equal(c, 0xFFFD);
        assert_int_equal(count, CASES[i].replacements);
        assert_false(text_is_valid_utf8(CASES[i].bytes, strlen(CASES[i].bytes)));
    }
    assert_true(text_is_valid_utf8("王 a", 5));
    assert_false(text_is_valid_utf8("王", 2));
}

static void every_scalar_survives_encoding(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 97) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        char bytes[TEXT_CHARACTER_SIZE + 1] = { 0 };
        text_encode(code, bytes);
        const char *cursor = bytes;
        assert_int_equal(text_next(&cursor), code);
        assert_int_equal(*cursor, 0);
    }
}

static void names_on_a_card_lose_their_padding(void **state)
{
    (void)state;
    const uint8_t card[30] = { 0x8B, 0x73, 0x0F, 0x5C, 0x4E, 0x53, ' ', 0, ' ', 0 };
    char name[32];
    assert_int_equal(text_from_ucs2le(card, sizeof card, name, sizeof name), STATUS_OK);
    assert_string_equal(name, "王小华");
    const uint8_t blank[4] = { ' ', 0, ' ', 0 };
    assert_int_equal(text_from_ucs2le(blank, sizeof blank, name, sizeof name), STATUS_OK);
    assert_string_equal(name, "");
    const uint8_t pair[4] = { 0x42, 0xD8, 0xB7, 0xDF };
    assert_int_equal(text_from_ucs2le(pair, sizeof pair, name, sizeof name), STATUS_OK);
    assert_string_equal(name, "𠮷");
}

static void a_name_that_is_no_text_is_refused(void **state)
{
    (void)state;
    char out[16];
    const uint8_t high_alone[2] = { 0x42, 0xD8 }, low_alone[2] = { 0xB7, 0xDF };
    const uint8_t high_then_letter[4] = { 0x42, 0xD8, 'a', 0 };
    const uint8_t nul_inside[6] = { 'a', 0, 0, 0, 'b', 0 };
    const uint8_t fine[4] = { 0x8B, 0x73, 0x4E, 0x53 };
    assert_int_equal(text_from_ucs2le(high_alone, 2, out, sizeof out), STATUS_INVALID);
    assert_int_equal(text_from_ucs2le(low_alone, 2, out, sizeof out), STATUS_INVALID);
    assert_int_equal(text_from_ucs2le(high_then_letter, 4, out, sizeof out), STATUS_INVALID);
    assert_int_equal(text_from_ucs2le(nul_inside, 6, out, sizeof out), STATUS_INVALID);
    assert_int_equal(text_from_ucs2le(fine, 3, out, sizeof out), STATUS_INVALID);
    assert_int_equal(text_from_ucs2le(fine, 4, out, 6), STATUS_INVALID);
    assert_string_equal(out, "");
    assert_int_equal(text_from_ucs2le(fine, 4, out, 7), STATUS_OK);
    assert_string_equal(out, "王华");
}

/* 社会保障 as the name of the card's application writes it; 䶮 came with GB 18030. */
static void reads_chinese_as_older_cards_write_it(void **state)
{
    (void)state;
    static const uint8_t words[] = { 0xC9, 0xE7, 0xBB, 0xE1, 0xB1, 0xA3, 0xD5, 0xCF };
    static const uint8_t rare[] = { 0xD5, 0xC5, 0xFE, 0x9F };
    static const uint8_t half[] = { 0xC9, 0xE7, 0xBB }, control[] = { 'a', 0, 'b' };
    char out[32];
    assert_int_equal(text_from_gb18030(words, sizeof words, out, sizeof out), STATUS_OK);
    assert_string_equal(out, "社会保障");
    assert_int_equal(text_from_gb18030(rare, sizeof rare, out, sizeof out), STATUS_OK);
    assert_string_equal(out, "张䶮");
    assert_int_equal(text_from_gb18030(half, sizeof half, out, sizeof out), STATUS_INVALID);
    assert_string_equal(out, "");
    assert_int_equal(text_from_gb18030(control, sizeof control, out, sizeof out), STATUS_INVALID);
    assert_int_equal(text_from_gb18030(words, sizeof words, out, 12), STATUS_INVALID);
    assert_int_equal(text_from_gb18030(words, sizeof words, out, 13), STATUS_OK);
    assert_int_equal(text_from_gb18030(words, 0, out, 1), STATUS_OK);
}

static void a_masked_name_shows_its_ends_only(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        { "王小华", "王*华" },    { "李明", "李*" }, { "李", "*" }, { "", "" },
        { "阿依古丽", "阿**丽" },
    };
    for (size_t i = 0; i < ARRAY_SIZE(CASES); i++) {
        char out[64];
        text_mask_name(CASES[i][0], out, sizeof out);
        assert_string_equal(out, CASES[i][1]);
    }
    char tight[5];
    text_mask_name("王小华", tight, sizeof tight);
    assert_string_equal(tight, "王*");
}

static void a_masked_number_shows_four_and_two(void **state)
{
    (void)state;
    char out[32];
    text_mask_number("99010119900307888X", out, sizeof out);
    assert_string_equal(out, "9901************8X");
    text_mask_number("13805710000", out, sizeof out);
    assert_string_equal(out, "1380*****00");
    text_mask_number("1234567", out, sizeof out);
    assert_string_equal(out, "*******");
    char tight[10];
    text_mask_number("99010119900307888X", tight, sizeof tight);
    assert_string_equal(tight, "9901*****");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_chinese_as_older_cards_write_it),
        cmocka_unit_test(a_copy_is_whole_when_it_fits),
        cmocka_unit_test(a_cut_never_splits_a_character),
        cmocka_unit_test(characters_come_one_by_one),
        cmocka_unit_test(each_malformed_byte_is_one_replacement),
        cmocka_unit_test(every_scalar_survives_encoding),
        cmocka_unit_test(names_on_a_card_lose_their_padding),
        cmocka_unit_test(a_name_that_is_no_text_is_refused),
        cmocka_unit_test(a_masked_name_shows_its_ends_only),
        cmocka_unit_test(a_masked_number_shows_four_and_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
