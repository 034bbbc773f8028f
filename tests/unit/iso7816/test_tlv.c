#include "drivers/iso7816/tlv.h"

#include "support/unit.h"
#include "unit/drivers/hex.h"

/* The FCI of a card whose algorithm is SM4: 9F0C 03 86 01 03 inside A5 inside 6F. */
static const char FCI[] = "6F1B 840F7378312E73682EC9E7BBE1B1A3D5CF A508 9F0C0386010388 00";

static bool find(const char *hex, uint16_t tag, struct tlv *out)
{
    static uint8_t data[512];
    return tlv_find(data, hex_bytes(hex, data, sizeof data), tag, out);
}

static void finds_a_tag_inside_others(void **state)
{
    (void)state;
    struct tlv tlv;
    assert_true(find(FCI, 0x9F0C, &tlv));
    assert_bytes_equal(tlv.value, tlv.size, "860103");
    assert_true(find(FCI, 0x84, &tlv));
    assert_int_equal(tlv.size, 15);
    assert_false(find(FCI, 0x85, &tlv));
}

static void takes_lengths_of_two_and_three_bytes(void **state)
{
    (void)state;
    struct tlv tlv;
    assert_true(find("70810384 0109", 0x84, &tlv));
    assert_bytes_equal(tlv.value, tlv.size, "09");
    assert_true(find("7082000384 0109", 0x84, &tlv));
}

static void what_does_not_fit_is_not_there(void **state)
{
    (void)state;
    static const char *const TABLE[] = { "84",     "8402AA",        "9F",          "6F058404AABB",
                                         "848000", "84830000 01AA", "9F8101 01 AA" };
    struct tlv tlv;
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++)
        assert_false(find(TABLE[i], 0x84, &tlv) || find(TABLE[i], 0x9F81, &tlv));
}

static void does_not_descend_for_ever(void **state)
{
    (void)state;
    struct tlv tlv;
    assert_true(find("6F09 6F07 6F05 8403AABBCC", 0x84, &tlv));
    assert_false(find("6F0B 6F09 6F07 6F05 8403AABBCC", 0x84, &tlv));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_tag_inside_others),
        cmocka_unit_test(takes_lengths_of_two_and_three_bytes),
        cmocka_unit_test(what_does_not_fit_is_not_there),
        cmocka_unit_test(does_not_descend_for_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
