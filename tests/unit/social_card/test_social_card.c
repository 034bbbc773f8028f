#include "drivers/social_card/social_card.h"

#include "support/unit.h"
#include "unit/drivers/hex.h"

static struct social_card_value value_of(const char *hex)
{
    struct social_card_value value = { 0 };
    value.size = hex_bytes(hex, value.bytes, sizeof value.bytes);
    return value;
}

static enum status take(struct social_card *card, enum social_card_tag tag, const char *hex)
{
    struct social_card_value value = value_of(hex);
    return social_card_take(card, tag, &value);
}

/* EF05 records as they were seen on a card, the last bytes of the code made up. */
static void takes_the_issuers_records(void **state)
{
    (void)state;
    struct social_card card = { 0 };
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_ID, "449999 D156000005 01020304 FFFFFFFF"),
                     STATUS_OK);
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_VERSION, "322E3031"), STATUS_OK);
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_ISSUED, "20180601"), STATUS_OK);
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_VALID_TO, "20280531"), STATUS_OK);
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_CARD_NUMBER, "413030303031303031"), STATUS_OK);
    assert_string_equal(card.region, "449999");
    assert_int_equal(card.generation, 2);
    assert_int_equal(card.issued, 20180601);
    assert_int_equal(card.valid_to, 20280531);
    assert_string_equal(card.card_number, "A00001001");
}

static void only_nine_characters_are_the_cards_number(void **state)
{
    (void)state;
    struct social_card card = { 0 };
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_CARD_NUMBER, "413030303031303031 AB"), STATUS_OK);
    assert_string_equal(card.card_number, "A00001001");
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_CARD_NUMBER, "3132333435363738 00"), STATUS_OK);
    assert_string_equal(card.card_number, "12345678");
}

static void takes_the_holders_number(void **state)
{
    (void)state;
    struct social_card card = { 0 };
    struct social_card_value value = { .size = 18 };
    memcpy(value.bytes, "44999919951102002x", 18);
    assert_int_equal(social_card_take(&card, SOCIAL_CARD_TAG_NUMBER, &value), STATUS_OK);
    assert_string_equal(card.number, "44999919951102002X");
    memcpy(value.bytes, "449999880315001\0\0\0", 18);
    assert_int_equal(social_card_take(&card, SOCIAL_CARD_TAG_NUMBER, &value), STATUS_OK);
    assert_string_equal(card.number, "449999880315001");
    memcpy(value.bytes, "449999880315001   ", 18);
    assert_int_equal(social_card_take(&card, SOCIAL_CARD_TAG_NUMBER, &value), STATUS_OK);
    memcpy(value.bytes, "44999988031500    ", 18);
    assert_int_equal(social_card_take(&card, SOCIAL_CARD_TAG_NUMBER, &value), STATUS_INVALID);
    memcpy(value.bytes, "4499991995110200XX", 18);
    assert_int_equal(social_card_take(&card, SOCIAL_CARD_TAG_NUMBER, &value), STATUS_INVALID);
}

static enum status take_name(struct social_card *card, const char *name, const char *more)
{
    struct social_card_value first = value_of(name), second = value_of(more);
    return social_card_take_name(card, &first, &second);
}

static void a_name_loses_its_padding(void **state)
{
    (void)state;
    struct social_card card;
    assert_int_equal(take_name(&card, "C0EEC3F7D0F9 0000000000", ""), STATUS_OK);
    assert_string_equal(card.name, "李明轩");
    assert_int_equal(take_name(&card, "C0EEC3F7D0F9 20202020", "0000"), STATUS_OK);
    assert_string_equal(card.name, "李明轩");
    assert_int_equal(take_name(&card, "0000000000", ""), STATUS_INVALID);
    assert_int_equal(take_name(&card, "C0", ""), STATUS_INVALID);
}

/* 阿依古丽.麦麦提 with a one-byte point: the 30th byte splits a character. */
static void a_long_name_is_joined_even_in_the_middle_of_a_character(void **state)
{
    (void)state;
    struct social_card card;
    assert_int_equal(take_name(&card,
                               "B0A2D2C0B9C5C0F6 2E C2F3C2F3CCE1A1A4CDC2B6FBD1B7B0A2D2C0B9C5C0",
                               "F6 C0EE 0000"),
                     STATUS_OK);
    assert_string_equal(card.name, "阿依古丽.麦麦提·吐尔逊阿依古丽李");
}

static void refuses_what_breaks_its_format(void **state)
{
    (void)state;
    static const struct {
        enum social_card_tag tag;
        const char *hex;
    } TABLE[] = {
        { SOCIAL_CARD_TAG_ID, "449999D156000005" },
        { SOCIAL_CARD_TAG_ID, "4499AAD15600000501020304FFFFFFFF" },
        { SOCIAL_CARD_TAG_ISSUED, "2018" },
        { SOCIAL_CARD_TAG_ISSUED, "20181301" },
        { SOCIAL_CARD_TAG_ISSUED, "2018AB01" },
        { SOCIAL_CARD_TAG_CARD_NUMBER, "41300A" },
    };
    struct social_card card = { 0 };
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++)
        assert_int_equal(take(&card, TABLE[i].tag, TABLE[i].hex), STATUS_INVALID);
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_VERSION, "342E3030"), STATUS_UNSUPPORTED);
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_VERSION, "32"), STATUS_UNSUPPORTED);
}

static void a_date_may_be_left_open(void **state)
{
    (void)state;
    struct social_card card = { 0 };
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_VALID_TO, "FFFFFFFF"), STATUS_OK);
    assert_int_equal(take(&card, SOCIAL_CARD_TAG_VALID_TO, "00000000"), STATUS_OK);
    assert_int_equal(card.valid_to, 0);
}

static void a_record_is_taken_only_under_its_own_tag(void **state)
{
    (void)state;
    struct social_card_value value;
    uint8_t data[64];
    size_t size = hex_bytes("0304322E3030", data, sizeof data);
    assert_int_equal(social_card_parse_record(data, size, 3, &value), STATUS_OK);
    assert_bytes_equal(value.bytes, value.size, "322E3030");
    assert_int_equal(social_card_parse_record(data, size, 4, &value), STATUS_NOT_FOUND);
    assert_int_equal(social_card_parse_record(data, size - 1, 3, &value), STATUS_PROTOCOL);
    assert_int_equal(social_card_parse_record(data, 1, 3, &value), STATUS_NOT_FOUND);
    data[1] = SOCIAL_CARD_VALUE_MAX + 1;
    assert_int_equal(social_card_parse_record(data, sizeof data, 3, &value), STATUS_PROTOCOL);
}

static void the_algorithm_stands_in_the_file_control_information(void **state)
{
    (void)state;
    uint8_t fci[64];
    size_t size =
        hex_bytes("6F19 840F7378312E73682EC9E7BBE1B1A3D5CF A506 9F0C03860103", fci, sizeof fci);
    assert_int_equal(social_card_algorithm(fci, size), 3);
    size = hex_bytes("6F11 840F7378312E73682EC9E7BBE1B1A3D5CF", fci, sizeof fci);
    assert_int_equal(social_card_algorithm(fci, size), 1);
    assert_int_equal(social_card_algorithm(fci, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_issuers_records),
        cmocka_unit_test(only_nine_characters_are_the_cards_number),
        cmocka_unit_test(takes_the_holders_number),
        cmocka_unit_test(a_name_loses_its_padding),
        cmocka_unit_test(a_long_name_is_joined_even_in_the_middle_of_a_character),
        cmocka_unit_test(refuses_what_breaks_its_format),
        cmocka_unit_test(a_date_may_be_left_open),
        cmocka_unit_test(a_record_is_taken_only_under_its_own_tag),
        cmocka_unit_test(the_algorithm_stands_in_the_file_control_information),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
