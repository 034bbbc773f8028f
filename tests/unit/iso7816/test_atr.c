/* ATRs of public lists (smartcard_list.txt) and of the standard's own rules. */
#include "drivers/iso7816/atr.h"

#include "support/unit.h"
#include "unit/drivers/hex.h"

static enum status parse(const char *hex, struct atr *atr)
{
    uint8_t data[64];
    return atr_parse(data, hex_bytes(hex, data, sizeof data), atr);
}

/* 3B 6D 00 00 and 13 bytes of history: the only pattern of social security cards seen. */
static void a_social_security_card_speaks_t0_at_the_default_speed(void **state)
{
    (void)state;
    struct atr atr;
    assert_int_equal(parse("3B6D0000 0081 544832 8660 112233445566", &atr), STATUS_OK);
    assert_int_equal(atr.protocol, CARD_PROTOCOL_T0);
    assert_true(atr.offers[CARD_PROTOCOL_T0]);
    assert_false(atr.offers[CARD_PROTOCOL_T1]);
    assert_int_equal(atr.speed, 0x11);
    assert_int_equal(atr.waiting, 10);
    assert_int_equal(atr.history_size, 13);
    assert_int_equal(atr.history[12], 0x66);
}

static void t1_parameters_come_from_the_first_group_that_is_for_t1(void **state)
{
    (void)state;
    struct atr atr;
    /* A public T=1 ATR: 3B DA 18 FF 81 B1 FE 75 1F 03 + history + TCK (OpenPGP card). */
    assert_int_equal(parse("3BDA18FF81B1FE751F030031C573C001400090000C", &atr), STATUS_OK);
    assert_int_equal(atr.protocol, CARD_PROTOCOL_T1);
    assert_int_equal(atr.speed, 0x18);
    assert_int_equal(atr.guard, 0xFF);
    assert_int_equal(atr.ifsc, 0xFE);
    assert_int_equal(atr.block_waiting, 0x75);
    assert_false(atr.crc);
    assert_int_equal(atr.history_size, 10);
}

static void the_first_protocol_named_is_the_one_to_speak(void **state)
{
    (void)state;
    struct atr atr;
    /* TD1 80 (T=0), TD2 01 (T=1): contactless readers' ATR; TCK makes the XOR zero. */
    assert_int_equal(parse("3B80800101", &atr), STATUS_OK);
    assert_int_equal(atr.protocol, CARD_PROTOCOL_T0);
    assert_true(atr.offers[CARD_PROTOCOL_T0] && atr.offers[CARD_PROTOCOL_T1]);
}

static void ta2_gives_protocol_and_speed(void **state)
{
    (void)state;
    struct atr atr;
    /* TA1 95, TD1 91 (T=1, TA2 follows, TD2), TA2 01, TD2 31: TA3 FE, TB3 45; TCK. */
    assert_int_equal(parse("3B9095 9101 31FE45 1F", &atr), STATUS_OK);
    assert_true(atr.is_specific);
    assert_true(atr.speed_applies);
    assert_int_equal(atr.protocol, CARD_PROTOCOL_T1);
    assert_int_equal(atr.speed, 0x95);
    assert_int_equal(atr.ifsc, 0xFE);
}

static void an_inverse_card_is_one_too(void **state)
{
    (void)state;
    struct atr atr;
    assert_int_equal(parse("3F6500002009695020", &atr), STATUS_OK);
    assert_true(atr.inverse);
}

static void a_byte_after_the_end_does_no_harm(void **state)
{
    (void)state;
    struct atr atr;
    assert_int_equal(parse("3B6D0000 0081 544832 8660 112233445566 00", &atr), STATUS_OK);
    assert_int_equal(atr.history_size, 13);
}

static void what_is_no_atr_is_refused(void **state)
{
    (void)state;
    static const char *const TABLE[] = {
        "",                                           /* nothing */
        "3B",                                         /* T0 is missing */
        "3A6D0000 0081544832 8660 112233445566",      /* TS */
        "3B6D0000 0081544832 8660 1122334455",        /* history cut off */
        "3BDA18FF81B1FE751F030031C573C001400090000D", /* TCK wrong */
        "3BDA18FF81B1FE751F030031C573C00140009000",   /* TCK missing */
        "3BF0 F0F0F0F0 F0F0F0F0 F0F0F0F0 F0F0F0F0 F0F0F0F0 F0F0F0F0 F0F0F0F0 F0F0F0F0",
    };
    struct atr atr;
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++)
        assert_int_equal(parse(TABLE[i], &atr), STATUS_PROTOCOL);
}

static void a_protocol_nobody_speaks_is_named(void **state)
{
    (void)state;
    struct atr atr;
    /* TD1 0E: T=14 alone; TCK. */
    assert_int_equal(parse("3B800E8E", &atr), STATUS_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_social_security_card_speaks_t0_at_the_default_speed),
        cmocka_unit_test(t1_parameters_come_from_the_first_group_that_is_for_t1),
        cmocka_unit_test(the_first_protocol_named_is_the_one_to_speak),
        cmocka_unit_test(ta2_gives_protocol_and_speed),
        cmocka_unit_test(an_inverse_card_is_one_too),
        cmocka_unit_test(a_byte_after_the_end_does_no_harm),
        cmocka_unit_test(what_is_no_atr_is_refused),
        cmocka_unit_test(a_protocol_nobody_speaks_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
