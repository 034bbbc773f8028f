#include "base/bytes.h"
#include "unit/simulator/acceptor_host.h"
#include <string.h>

static void checks_the_vectors_of_the_manual(void **state)
{
    (void)state;
    static const char *const FRAMES[] = { "80011165 82",    "8001f02380",
                                          "8001071202",     "8001f12600",
                                          "8003f0ef03c5ca", "8003f0ee04d7cc",
                                          "8002060803 94",  "800933f401000045555258c3ee" };
    for (size_t i = 0; i < sizeof FRAMES / sizeof FRAMES[0]; i++) {
        char hex[64];
        uint8_t frame[32];
        size_t length = 0;
        for (const char *at = FRAMES[i]; *at != '\0'; at++) {
            if (*at != ' ')
                hex[length++] = *at;
        }
        hex[length] = '\0';
        assert_int_equal(bytes_from_hex(hex, frame, length / 2), STATUS_OK);
        uint16_t crc = ssp_link_crc(frame, length / 2 - 2);
        assert_int_equal(crc, frame[length / 2 - 2] | frame[length / 2 - 1] << 8);
    }
}

static void derives_the_key_of_the_guide(void **state)
{
    (void)state;
    /* S2: generator, modulus, host's and device's inter-keys; rnd 1768794, key 05D8A535. */
    assert_int_equal(ssp_power_mod(0x7B059425, 1768794, 0x068BFB6B), 0x0470AA6C);
    assert_int_equal(ssp_power_mod(0x042F6DD5, 1768794, 0x068BFB6B), 0x05D8A535);
    assert_true(ssp_is_prime(UINT64_C(18446744073709551557)));
    assert_false(ssp_is_prime(UINT64_C(18446744073709551556)));
    assert_false(ssp_is_prime(3215031751)); /* strong pseudoprime to 2, 3, 5, 7 */
}

static void decrypts_a_published_packet(void **state)
{
    (void)state;
    /* kybarg's test vector is a reply with count 1: seen as a request it carries the data F0…. */
    static const uint8_t WIRE[] = { 0x7F, 0x00, 0x11, 0x7E, 0x70, 0x2F, 0xFE, 0x1D,
                                    0x41, 0x19, 0x44, 0xAD, 0xDA, 0xD1, 0xDF, 0xD6,
                                    0x77, 0xF5, 0x33, 0xCC, 0x63, 0x1D };
    static const uint8_t KEY[16] = { 0x67, 0x45, 0x23, 0x01, 0x67, 0x45, 0x23, 0x01, 0x95, 0x65 };
    struct ssp_link link;
    struct ssp_request request;
    ssp_link_init(&link, 0);
    memcpy(link.key, KEY, 16);
    link.keyed = true;
    link.count = 1;
    enum ssp_arrival arrival = SSP_NOTHING;
    for (size_t i = 0; i < sizeof WIRE; i++)
        arrival = ssp_link_take(&link, WIRE[i], &request);
    assert_int_equal(arrival, SSP_EXECUTE);
    static const uint8_t PLAIN[] = { 0xF0, 0x00, 0x4A, 0x78, 0xB4 };
    assert_int_equal(request.size, sizeof PLAIN);
    assert_memory_equal(request.data, PLAIN, sizeof PLAIN);
}

static void answers_sync_with_either_bit(void **state)
{
    (void)state;
    host.bit = 0x80;
    assert_int_equal(host_ask(0x11), 0xF0);
    assert_int_equal(host_ask(0x0C), 0xF0);
    host_expect_data("f0004a78b4");
    host.bit = 0x00;
    assert_int_equal(host_ask(0x11), 0xF0);
    assert_int_equal(host_ask(0x0C), 0xF0);
    host_expect_data("f0004a78b4");
}

static void repeats_the_last_reply_on_the_same_bit_without_executing(void **state)
{
    (void)state;
    host_synchronise();
    assert_int_equal(host_ask(0x07), 0xF0);
    host_expect_data("f0f1e8");
    host_resend();
    assert_int_equal(host_receive(), 0xF0);
    host_expect_data("f0f1e8");
    assert_int_equal(host_ask(0x07), 0xF0);
    host_expect_data("f0e8");
}

static void keeps_silent_on_a_wrong_crc(void **state)
{
    (void)state;
    host_synchronise();
    static const uint8_t BAD[] = { 0x7F, 0x00, 0x01, 0x07, 0x00, 0x00 };
    host.usb->ops->bulk_out(host.usb, 0x02, BAD, sizeof BAD);
    assert_int_equal(host_receive(), -1);
    assert_int_equal(host_ask(0x07), 0xF0);
}

static void refuses_unknown_commands_and_wrong_parameters(void **state)
{
    (void)state;
    host_synchronise();
    assert_int_equal(host_ask(0x33), 0xF2);
    assert_int_equal(host_ask(0x06), 0xF3);
    assert_int_equal(host_ask_with(0x06, 9), 0xF8);
    assert_int_equal(host_ask_u64(0x4A, 1000), 0xF4);
    assert_int_equal(host_ask(0x18), 0xF8);
    assert_int_equal(host_ask(0x08), 0xF5);
}

static void wants_the_secret_commands_encrypted(void **state)
{
    (void)state;
    host_synchronise();
    assert_int_equal(host_ask(0x56), 0xFA);
    memset(host.key, 0, sizeof host.key);
    assert_int_equal(host_ask_secretly(0x56), 0xFA);
    host_agree_on_a_key();
    assert_int_equal(host_ask(0x56), 0xF4);
    assert_int_equal(host_ask_secretly(0x56), 0xF0);
}

static void drops_a_packet_with_a_wrong_counter(void **state)
{
    (void)state;
    host_bring_up();
    host.count += 5;
    assert_int_equal(host_ask_secretly(0x56), -1);
}

static void tells_its_channels_in_expanded_form(void **state)
{
    (void)state;
    host_synchronise();
    assert_int_equal(host_ask_with(0x06, 8), 0xF0);
    assert_int_equal(host_ask(0x05), 0xF0);
    host_expect_data("f000"
                     "30343038"
                     "434e59"
                     "000000"
                     "05"
                     "050a143264"
                     "0202020202"
                     "000064"
                     "08"
                     "434e59434e59434e59434e59434e59"
                     "050000000a000000140000003200000064000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(checks_the_vectors_of_the_manual, host_set_up),
        cmocka_unit_test_setup(derives_the_key_of_the_guide, host_set_up),
        cmocka_unit_test_setup(decrypts_a_published_packet, host_set_up),
        cmocka_unit_test_setup(answers_sync_with_either_bit, host_set_up),
        cmocka_unit_test_setup(repeats_the_last_reply_on_the_same_bit_without_executing,
                               host_set_up),
        cmocka_unit_test_setup(keeps_silent_on_a_wrong_crc, host_set_up),
        cmocka_unit_test_setup(refuses_unknown_commands_and_wrong_parameters, host_set_up),
        cmocka_unit_test_setup(wants_the_secret_commands_encrypted, host_set_up),
        cmocka_unit_test_setup(drops_a_packet_with_a_wrong_counter, host_set_up),
        cmocka_unit_test_setup(tells_its_channels_in_expanded_form, host_set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
