/*
 * Whole transcripts, block by block, as ISO/IEC 7816-3 annex A writes them: what we send, what the
 * card answers. The script adds the check byte.
 */
#include "drivers/iso7816/t1.h"

#include "unit/iso7816/script_link.h"

struct rig {
    struct script_link script;
    struct t1 t1;
    uint8_t in[APDU_ANSWER_SIZE_MAX];
    size_t got;
};

static void start(struct rig *rig, const struct script_line *lines, uint8_t ifsc)
{
    const struct atr atr = { .offers = { false, true }, .ifsc = ifsc };
    script_init(&rig->script, lines, true);
    t1_init(&rig->t1, &rig->script.link, &atr, T1_BLOCK_SIZE_MAX);
}

static enum status send_to(struct rig *rig, const char *hex)
{
    uint8_t out[APDU_COMMAND_SIZE_MAX];
    size_t size = hex_bytes(hex, out, sizeof out);
    return rig->t1.link.transmit(&rig->t1.link, out, size, rig->in, sizeof rig->in, &rig->got);
}

static void play(const struct script_line *lines, uint8_t ifsc, enum status wanted,
                 const char *answer)
{
    struct rig rig;
    start(&rig, lines, ifsc);
    assert_int_equal(send_to(&rig, "00B2030400"), wanted);
    if (wanted == STATUS_OK)
        assert_bytes_equal(rig.in, rig.got, answer);
    assert_script_ended(&rig.script);
}

#define COMMAND "00B2030400"
#define I0 "000005" COMMAND
#define ANSWER "0304322E30309000"

/* 00 C1 01 FE 3E and 00 E1 01 FE 1E stand in every trace of a T=1 card. */
static void offers_blocks_of_254_bytes(void **state)
{
    (void)state;
    static const struct script_line LINES[] = { { .sent = "00C101FE", .answer = "00E101FE" },
                                                { 0 } };
    static const struct script_line REFUSED[] = {
        { .sent = "00C101FE", .answer = "008200" },
        { .sent = "00C101FE", .answer = "008200" },
        { .sent = "00C101FE", .answer = "008200" },
        { 0 },
    };
    struct rig rig;
    start(&rig, LINES, 32);
    assert_int_equal(t1_offer_block_size(&rig.t1, 254), STATUS_OK);
    start(&rig, REFUSED, 32);
    assert_int_equal(t1_offer_block_size(&rig.t1, 254), STATUS_OK);
    assert_script_ended(&rig.script);
}

/* A reader whose messages are shorter than the largest block. */
static void a_narrow_link_keeps_blocks_short(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = "00C1011B", .answer = "00E1011B" },
        { .sent = "00201B 00A404001900000000000000000000000000000000000000000000",
          .answer = "009000" },
        { .sent = "004003 000000", .answer = "000002 9000" },
        { 0 },
    };
    struct rig rig;
    const struct atr atr = { .offers = { false, true }, .ifsc = 254 };
    script_init(&rig.script, LINES, true);
    t1_init(&rig.t1, &rig.script.link, &atr, 32);
    assert_int_equal(t1_offer_block_size(&rig.t1, 254), STATUS_OK);
    assert_int_equal(send_to(&rig, "00A404001900000000000000000000000000000000000000000000000000"),
                     STATUS_OK);
    assert_script_ended(&rig.script);
}

static void numbers_alternate_from_command_to_command(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "000008" ANSWER },
        { .sent = "004005" COMMAND, .answer = "004008" ANSWER },
        { .sent = I0, .answer = "000008" ANSWER },
        { 0 },
    };
    struct rig rig;
    start(&rig, LINES, 32);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(send_to(&rig, COMMAND), STATUS_OK);
        assert_bytes_equal(rig.in, rig.got, ANSWER);
    }
}

static void a_long_command_goes_in_a_chain(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = "002002 00B2", .answer = "009000" },
        { .sent = "006002 0304", .answer = "008000" },
        { .sent = "000001 00", .answer = "000008 9000AABBCCDDEE01" },
        { 0 },
    };
    play(LINES, 2, STATUS_OK, "9000AABBCCDDEE01");
}

static void a_long_answer_comes_in_a_chain(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "002003 030432" },
        { .sent = "009000", .answer = "006003 2E3030" },
        { .sent = "008000", .answer = "000002 9000" },
        { 0 },
    };
    play(LINES, 32, STATUS_OK, ANSWER);
}

static void a_spoilt_block_is_asked_for_again(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "000008" ANSWER, .is_spoilt = true },
        { .sent = "008100", .answer = "000008" ANSWER },
        { 0 },
    };
    play(LINES, 32, STATUS_OK, ANSWER);
}

static void a_silent_card_is_reminded(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .status = STATUS_TIMEOUT },
        { .sent = "008200", .answer = "000008" ANSWER },
        { 0 },
    };
    play(LINES, 32, STATUS_OK, ANSWER);
}

/* The card did not understand our block and says so: the same block again. */
static void what_the_card_did_not_understand_is_repeated(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "008100" },
        { .sent = I0, .answer = "000008" ANSWER },
        { 0 },
    };
    play(LINES, 32, STATUS_OK, ANSWER);
}

static void a_receipt_lost_in_a_chain_is_given_again(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "002003 030432" },
        { .sent = "009000", .answer = "002003 030432" }, /* it did not hear us */
        { .sent = "009200", .answer = "006003 2E3030" },
        { .sent = "008000", .answer = "000002 9000" },
        { 0 },
    };
    play(LINES, 32, STATUS_OK, ANSWER);
}

static void a_card_that_needs_time_gets_it(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "00C30105" },
        { .sent = "00E30105", .answer = "000008" ANSWER, .waiting_factor = 5 },
        { 0 },
    };
    play(LINES, 32, STATUS_OK, ANSWER);
}

static void a_card_may_shrink_its_blocks(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "00C10103" },
        { .sent = "00E10103", .answer = "008000" }, /* and wants the block again */
        { .sent = "002003 00B203", .answer = "009000" },
        { .sent = "004002 0400", .answer = "000008" ANSWER },
        { 0 },
    };
    play(LINES, 32, STATUS_OK, ANSWER);
}

/* After three spoilt blocks both sides begin anew; the command is sent once more. */
static void resynchronises_and_sends_the_command_again(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "000008" ANSWER, .is_spoilt = true },
        { .sent = "008100", .answer = "000008" ANSWER, .is_spoilt = true },
        { .sent = "008100", .answer = "000008" ANSWER, .is_spoilt = true },
        { .sent = "00C000", .answer = "00E000" },
        { .sent = I0, .answer = "000008" ANSWER },
        { 0 },
    };
    play(LINES, 32, STATUS_OK, ANSWER);
}

static void a_card_that_stays_silent_is_given_up(void **state)
{
    (void)state;
    static const struct script_line LINES[] = {
        { .sent = I0, .status = STATUS_TIMEOUT },
        { .sent = "008200", .status = STATUS_TIMEOUT },
        { .sent = "008200", .status = STATUS_TIMEOUT },
        { .sent = "00C000", .status = STATUS_TIMEOUT },
        { .sent = "00C000", .status = STATUS_TIMEOUT },
        { .sent = "00C000", .status = STATUS_TIMEOUT },
        { 0 },
    };
    play(LINES, 32, STATUS_TIMEOUT, NULL);
}

/* A card gone is no spoilt block: nothing is repeated. */
static void a_card_pulled_out_ends_it_at_once(void **state)
{
    (void)state;
    static const struct script_line LINES[] = { { .sent = I0, .status = STATUS_NOT_FOUND }, { 0 } };
    play(LINES, 32, STATUS_NOT_FOUND, NULL);
}

static void a_card_without_end_is_given_up(void **state)
{
    (void)state;
    static struct script_line lines[T1_BLOCKS_MAX + 1];
    for (int i = 0; i < T1_BLOCKS_MAX; i++)
        lines[i] = (struct script_line){ .sent = i == 0 ? I0 : "00E30101",
                                         .answer = "00C30101",
                                         .waiting_factor = i == 0 ? 0 : 1 };
    play(lines, 32, STATUS_PROTOCOL, NULL);
}

static void more_than_fits_is_refused(void **state)
{
    (void)state;
    struct rig rig;
    static const struct script_line LINES[] = {
        { .sent = I0, .answer = "002008" ANSWER },
        { .sent = "009000", .answer = "004008" ANSWER },
        { 0 },
    };
    start(&rig, LINES, 32);
    uint8_t out[] = { 0x00, 0xB2, 0x03, 0x04, 0x00 }, in[12];
    assert_int_equal(rig.t1.link.transmit(&rig.t1.link, out, sizeof out, in, sizeof in, &rig.got),
                     STATUS_PROTOCOL);
    assert_int_equal(rig.got, 0);
}

/* The check string of CRC tables (6F91 by itself for this polynomial) behind a prologue. */
static enum status echo_crc(struct card_link *link, const uint8_t *out, size_t size, uint8_t *in,
                            size_t in_size, size_t *got_out)
{
    (void)link;
    (void)in_size;
    assert_bytes_equal(out, size, "000009 313233343536373839 FBA6");
    memcpy(in, out, size);
    *got_out = size;
    return STATUS_OK;
}

static void a_card_may_ask_for_a_crc(void **state)
{
    (void)state;
    struct card_link link = { .transmit = echo_crc };
    const struct atr atr = { .offers = { false, true }, .ifsc = 32, .crc = true };
    struct t1 t1;
    uint8_t in[APDU_ANSWER_SIZE_MAX];
    size_t got = 0;
    t1_init(&t1, &link, &atr, T1_BLOCK_SIZE_MAX);
    assert_int_equal(
        t1.link.transmit(&t1.link, (const uint8_t *)"123456789", 9, in, sizeof in, &got),
        STATUS_OK);
    assert_int_equal(got, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_blocks_of_254_bytes),
        cmocka_unit_test(a_narrow_link_keeps_blocks_short),
        cmocka_unit_test(numbers_alternate_from_command_to_command),
        cmocka_unit_test(a_long_command_goes_in_a_chain),
        cmocka_unit_test(a_long_answer_comes_in_a_chain),
        cmocka_unit_test(a_spoilt_block_is_asked_for_again),
        cmocka_unit_test(a_silent_card_is_reminded),
        cmocka_unit_test(what_the_card_did_not_understand_is_repeated),
        cmocka_unit_test(a_receipt_lost_in_a_chain_is_given_again),
        cmocka_unit_test(a_card_that_needs_time_gets_it),
        cmocka_unit_test(a_card_may_shrink_its_blocks),
        cmocka_unit_test(resynchronises_and_sends_the_command_again),
        cmocka_unit_test(a_card_that_stays_silent_is_given_up),
        cmocka_unit_test(a_card_pulled_out_ends_it_at_once),
        cmocka_unit_test(a_card_without_end_is_given_up),
        cmocka_unit_test(more_than_fits_is_refused),
        cmocka_unit_test(a_card_may_ask_for_a_crc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
