#include "base/bytes.h"
#include "support/unit.h"
#include "tools/simulator/model_contact_reader.h"
#include <string.h>

/* The answers begin as the class's document prints them: type, length, slot, number, status. */

struct bench {
    struct clock_fake clock;
    struct model_contact_reader reader;
    struct usb_model *usb;
};

static struct bench bench;

static int set_up(void **state)
{
    (void)state;
    clock_fake_init(&bench.clock, 0);
    model_contact_reader_init(&bench.reader, &bench.clock.clock, 100);
    bench.usb = &bench.reader.usb;
    bench.usb->ops->plugged(bench.usb);
    return 0;
}

static void send_hex(const char *hex)
{
    uint8_t bytes[128];
    size_t size = strlen(hex) / 2;
    assert_int_equal(bytes_from_hex(hex, bytes, size), STATUS_OK);
    assert_int_equal(bench.usb->ops->bulk_out(bench.usb, 0x01, bytes, size), (int)size);
}

static void expect_in(uint8_t pipe, const char *expected)
{
    uint8_t reply[1024];
    char hex[2049];
    int size = bench.usb->ops->bulk_in(bench.usb, pipe, reply, sizeof reply);
    assert_true(size > 0);
    bytes_to_hex(reply, (size_t)size, hex);
    assert_string_equal(hex, expected);
}

static void expect_reply(const char *request, const char *expected)
{
    send_hex(request);
    clock_fake_advance(&bench.clock, 1000);
    bench.usb->ops->advance(bench.usb);
    expect_in(0x82, expected);
}

static void insert(const char *id)
{
    model_contact_reader_set_card(&bench.reader, 0, contact_card_find(id));
}

#define POWER_ON "62000000000000010000"
#define ATR                                                                                        \
    "3b6d00000099544832996000000000"                                                               \
    "0001"

static void an_empty_slot_says_so(void **state)
{
    (void)state;
    expect_in(0x83, "5002");
    expect_reply("65000000000000000000", "81000000000000020000");
    expect_reply("62000000000001010000", "8000000000000142fe00");
    assert_int_equal(bench.reader.protocol_errors, 0);
}

static void a_card_is_announced_and_answers_a_reset(void **state)
{
    (void)state;
    expect_in(0x83, "5002");
    insert("sb-01");
    expect_in(0x83, "5003");
    expect_reply(POWER_ON, "80110000000000000000" ATR);
    expect_reply("6105000000000100000011"
                 "00000a00",
                 "82050000000001000000"
                 "1100000a00");
    assert_int_equal(bench.reader.protocol_errors, 0);
}

static void t0_tells_lengths_step_by_step(void **state)
{
    (void)state;
    insert("sb-01");
    expect_reply(POWER_ON, "80110000000000000000" ATR);
    expect_reply("6f14000000000100000000a404000f7378312e73682ec9e7bbe1b1a3d5cf",
                 "80020000000001000000"
                 "6113");
    expect_reply("6f05000000000200000000c0000013", "80150000000002000000"
                                                   "6f11840f7378312e73682ec9e7bbe1b1a3d5cf9000");
    expect_reply("6f07000000000300000000a4020002ef05", "80020000000003000000"
                                                       "9000");
    expect_reply("6f05000000000400000000b2030000", "80020000000004000000"
                                                   "6c06");
    expect_reply("6f05000000000500000000b2030006", "80080000000005000000"
                                                   "0304322e30309000");
    assert_int_equal(bench.reader.protocol_errors, 0);
}

static void t1_answers_blocks(void **state)
{
    (void)state;
    insert("sb-04");
    expect_reply(POWER_ON, "80160000000000000000"
                           "3bed0000813110450099544832996000000000000147");
    expect_reply("6f05000000000100000000c101fe3e", "80050000000001000000"
                                                   "00e101fe1e");
    expect_reply("6f0b0000000002000000000007"
                 "00a4020002ef0549",
                 "80060000000002000000"
                 "0000026a82ea");
    expect_reply("6f0b0000000003000000000007"
                 "00a4020002ef0500",
                 "80040000000003000000"
                 "00910091");
    assert_int_equal(bench.reader.slots[0].errors, 1); /* the wrong check byte */
}

static void time_is_asked_for_before_the_answer(void **state)
{
    (void)state;
    insert("sb-01");
    expect_reply(POWER_ON, "80110000000000000000" ATR);
    bench.reader.fault = CONTACT_FAULT_EXTENSION;
    expect_reply("6f07000000000100000000a4020002ef05", "80000000000001800200");
    clock_fake_advance(&bench.clock, 1000);
    bench.usb->ops->advance(bench.usb);
    expect_in(0x82, "80000000000001800200");
    clock_fake_advance(&bench.clock, 1000);
    bench.usb->ops->advance(bench.usb);
    expect_in(0x82, "80020000000001000000"
                    "6a82");
}

static void mistakes_are_counted(void **state)
{
    (void)state;
    insert("sb-01");
    expect_reply("65000000000000000000", "81000000000000010000");
    expect_reply("65000000000002000000", "81000000000002010000"); /* a number left out */
    expect_reply("65000000000103000000", "81000000000103420500"); /* no such slot */
    expect_reply("6b000000000004000000", "81000000000004410000"); /* not modelled */
    send_hex("65000000000005000000");
    send_hex("65000000000006000000"); /* while busy */
    assert_int_equal(bench.reader.protocol_errors, 4);
}

static void a_third_generation_card_takes_one_proof_only(void **state)
{
    (void)state;
    static const uint8_t CHALLENGE[] = { 0x00, 0x84, 0x00, 0x00, 0x08 };
    uint8_t out[CONTACT_CARD_ANSWER_MAX], randoms[16], proof[5 + 16] = { 0, 0x82, 0, 0x0A, 16 };
    struct contact_card card = { .kind = contact_card_find("sb-08"), .tries_left = 3 };
    contact_card_reset(&card, out);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(contact_card_take_tpdu(&card, CHALLENGE, sizeof CHALLENGE, out), 10);
        memcpy(randoms + 8 * i, out, 8);
    }
    contact_card_prove(randoms, proof + 5);
    proof[20] ^= 1;
    assert_int_equal(contact_card_take_tpdu(&card, proof, sizeof proof, out), 2);
    assert_int_equal(out[0] << 8 | out[1], 0x63C2);
    proof[20] ^= 1;
    assert_int_equal(contact_card_take_tpdu(&card, proof, sizeof proof, out), 2);
    assert_int_equal(out[0] << 8 | out[1], 0x9000);
}

#define CASE(test) cmocka_unit_test_setup(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_empty_slot_says_so),
        CASE(a_card_is_announced_and_answers_a_reset),
        CASE(t0_tells_lengths_step_by_step),
        CASE(t1_answers_blocks),
        CASE(time_is_asked_for_before_the_answer),
        CASE(mistakes_are_counted),
        CASE(a_third_generation_card_takes_one_proof_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
