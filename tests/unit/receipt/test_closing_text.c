#include <string.h>

#include "receipt/closing_text.h"
#include "support/unit.h"

static struct journal_root example(void)
{
    struct journal_root root = { .kiosk = "000003", .date = "2026-11-23", .last_seq = 318 };
    for (size_t i = 0; i < sizeof root.hash; i++)
        root.hash[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof root.signature; i++)
        root.signature[i] = (uint8_t)(0xff - i);
    static const uint8_t KEY[] = { 0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5 };
    memcpy(root.key, KEY, sizeof KEY);
    return root;
}

static void says_what_was_signed_in_groups_of_four(void **state)
{
    char text[CLOSING_TEXT_SIZE];
    struct journal_root root = example();
    (void)state;
    assert_int_equal(closing_text_compose(&root, text, sizeof text), STATUS_OK);
    assert_string_equal(text, "日结签名 Day root\n"
                              "设备 Kiosk  000003\n"
                              "日期 Date  2026-11-23\n"
                              "截至流水 Up to entry  318\n"
                              "校验值 Hash\n"
                              "  0001 0203 0405 0607\n"
                              "  0809 0a0b 0c0d 0e0f\n"
                              "  1011 1213 1415 1617\n"
                              "  1819 1a1b 1c1d 1e1f\n"
                              "签名 Signature\n"
                              "  fffe fdfc fbfa f9f8\n"
                              "  f7f6 f5f4 f3f2 f1f0\n"
                              "  efee edec ebea e9e8\n"
                              "  e7e6 e5e4 e3e2 e1e0\n"
                              "  dfde dddc dbda d9d8\n"
                              "  d7d6 d5d4 d3d2 d1d0\n"
                              "  cfce cdcc cbca c9c8\n"
                              "  c7c6 c5c4 c3c2 c1c0\n"
                              "密钥 Key\n"
                              "  d75a 9801 82b1 0ab7\n");
}

static void does_not_cut_a_signature(void **state)
{
    char text[400];
    struct journal_root root = example();
    (void)state;
    assert_int_equal(closing_text_compose(&root, text, sizeof text - 100), STATUS_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_was_signed_in_groups_of_four),
        cmocka_unit_test(does_not_cut_a_signature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
