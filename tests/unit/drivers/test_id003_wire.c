/* Vectors: frames on which the open implementations of ID-003 agree, and a real table of euros. */
#include "drivers/cash_acceptor/id003/id003_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "unit/drivers/hex.h"

static const struct {
    const char *frame;
    uint8_t code;
    const char *data;
} FRAMES[] = {
    { "FC 05 11 27 56", ID003_STATUS_REQUEST, "" }, { "FC 05 50 AA 05", ID003_ACK, "" },
    { "FC 05 40 2B 15", ID003_RESET, "" },          { "FC 05 41 A2 04", ID003_STACK_1, "" },
    { "FC 05 42 39 36", ID003_STACK_2, "" },        { "FC 05 43 B0 27", ID003_RETURN, "" },
    { "FC 05 44 0F 53", ID003_HOLD, "" },           { "FC 06 C3 00 04 D6", ID003_INHIBIT, "00" },
    { "FC 06 C3 01 8D C7", ID003_INHIBIT, "01" },   { "FC 05 15 03 10", ID003_VEND_VALID, "" },
    { "FC 06 13 63 A2 D8", ID003_ESCROW, "63" },    { "FC 05 8A 7D 7C", ID003_CURRENCY, "" },
};

static const char EUROS[] = "FC 25 8A 61 00 00 00 62 E0 05 00 63 E0 0A 00 64 E0 14 00 65 E0 32 00 "
                            "66 E0 0A 01 67 E0 14 01 68 E0 32 01 05 C1";

static enum id003_progress feed_all(struct id003_decoder *decoder, const uint8_t *bytes,
                                    size_t size)
{
    enum id003_progress progress = ID003_MORE;
    for (size_t i = 0; i < size; i++)
        progress = id003_decoder_feed(decoder, bytes[i]);
    return progress;
}

static enum id003_progress feed_hex(struct id003_decoder *decoder, const char *hex)
{
    uint8_t bytes[512];
    return feed_all(decoder, bytes, hex_bytes(hex, bytes, sizeof bytes));
}

static void builds_the_known_frames(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof FRAMES / sizeof FRAMES[0]; i++) {
        struct id003_frame frame = { .code = FRAMES[i].code };
        uint8_t out[ID003_FRAME_MAX];
        frame.size = (uint8_t)hex_bytes(FRAMES[i].data, frame.data, sizeof frame.data);
        size_t size = id003_build_frame(&frame, out);
        assert_bytes_equal(out, size, FRAMES[i].frame);
    }
}

static void decodes_the_known_frames(void **state)
{
    (void)state;
    struct id003_decoder decoder;
    id003_decoder_init(&decoder);
    for (size_t i = 0; i < sizeof FRAMES / sizeof FRAMES[0]; i++) {
        assert_int_equal(feed_hex(&decoder, FRAMES[i].frame), ID003_FRAME);
        assert_int_equal(decoder.frame.code, FRAMES[i].code);
        assert_bytes_equal(decoder.frame.data, decoder.frame.size, FRAMES[i].data);
    }
}

static void the_longest_frame_survives_also_when_it_is_full_of_fc(void **state)
{
    (void)state;
    struct id003_frame frame = { .code = ID003_STX, .size = ID003_DATA_MAX };
    struct id003_decoder decoder;
    uint8_t out[ID003_FRAME_MAX];
    memset(frame.data, ID003_STX, sizeof frame.data);
    size_t size = id003_build_frame(&frame, out);
    assert_int_equal(size, ID003_FRAME_MAX);
    id003_decoder_init(&decoder);
    assert_int_equal(feed_all(&decoder, out, size), ID003_FRAME);
    assert_int_equal(decoder.frame.size, ID003_DATA_MAX);
}

static void every_single_spoiled_bit_is_noticed(void **state)
{
    (void)state;
    for (int bit = 0; bit < 6 * 8; bit++) {
        uint8_t bytes[8];
        struct id003_decoder decoder;
        size_t size = hex_bytes("FC 06 13 63 A2 D8", bytes, sizeof bytes);
        bytes[bit / 8] = (uint8_t)(bytes[bit / 8] ^ 1u << bit % 8);
        id003_decoder_init(&decoder);
        assert_int_not_equal(feed_all(&decoder, bytes, size), ID003_FRAME);
    }
}

static void finds_the_frame_after_noise_and_after_an_impossible_length(void **state)
{
    (void)state;
    struct id003_decoder decoder;
    id003_decoder_init(&decoder);
    assert_int_equal(feed_hex(&decoder, "00 12 FF FC 04"), ID003_BAD);
    assert_int_equal(feed_hex(&decoder, "55 FC 05 15 03 10"), ID003_FRAME);
    assert_int_equal(decoder.frame.code, ID003_VEND_VALID);
}

static void reads_a_real_table_of_denominations(void **state)
{
    (void)state;
    static const int64_t FEN[] = { 0, 500, 1000, 2000, 5000, 10000, 20000, 50000 };
    struct id003_decoder decoder;
    struct id003_currency currency;
    id003_decoder_init(&decoder);
    assert_int_equal(feed_hex(&decoder, EUROS), ID003_FRAME);
    assert_int_equal(id003_parse_currency(decoder.frame.data, decoder.frame.size, &currency),
                     STATUS_OK);
    assert_memory_equal(currency.value_fen, FEN, sizeof FEN);
    assert_int_equal(currency.country[0], 0);
    assert_int_equal(currency.country[7], 0xE0);
}

static enum status parse_currency(const char *hex)
{
    uint8_t data[64];
    struct id003_currency currency;
    return id003_parse_currency(data, hex_bytes(hex, data, sizeof data), &currency);
}

static void refuses_tables_that_do_not_add_up(void **state)
{
    (void)state;
    assert_int_equal(parse_currency(""), STATUS_PROTOCOL);
    assert_int_equal(parse_currency("61 00 05"), STATUS_PROTOCOL);
    assert_int_equal(parse_currency("61 00 05 00 61 00 0A 00"), STATUS_PROTOCOL); /* twice */
    assert_int_equal(parse_currency("61 00 05 FF"), STATUS_PROTOCOL);             /* 5·10^255 */
    assert_int_equal(parse_currency("61 00 00 FF"), STATUS_OK);                   /* not used */
    assert_int_equal(parse_currency("6F 00 05 00"), STATUS_OK);                   /* no note */
}

static void knows_the_denomination_codes_from_bar_codes(void **state)
{
    (void)state;
    assert_int_equal(id003_channel_of(0x60), 0);
    assert_int_equal(id003_channel_of(0x61), 1);
    assert_int_equal(id003_channel_of(0x68), 8);
    assert_int_equal(id003_channel_of(0x6F), 0);
}

static void reasons_become_those_of_the_class(void **state)
{
    (void)state;
    assert_int_equal(id003_reject_reason(0x79), CASH_REJECT_NOT_ACCEPTED);
    assert_int_equal(id003_reject_reason(0x98), CASH_REJECT_SECOND_NOTE);
    assert_int_equal(id003_reject_reason(0x7C), CASH_REJECT_FAULT);
    assert_int_equal(id003_reject_reason(0x72), CASH_REJECT_NOT_RECOGNISED);
    assert_int_equal(id003_reject_reason(0xEE), CASH_REJECT_NOT_RECOGNISED);
    assert_int_equal(id003_failure_problem(0xAF), DEVICE_PROBLEM_COVER_OPEN);
    assert_int_equal(id003_failure_problem(0xAB), DEVICE_PROBLEM_BOX_REMOVED);
    assert_int_equal(id003_failure_problem(0xA2), DEVICE_PROBLEM_HARDWARE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_the_known_frames),
        cmocka_unit_test(decodes_the_known_frames),
        cmocka_unit_test(the_longest_frame_survives_also_when_it_is_full_of_fc),
        cmocka_unit_test(every_single_spoiled_bit_is_noticed),
        cmocka_unit_test(finds_the_frame_after_noise_and_after_an_impossible_length),
        cmocka_unit_test(reads_a_real_table_of_denominations),
        cmocka_unit_test(refuses_tables_that_do_not_add_up),
        cmocka_unit_test(knows_the_denomination_codes_from_bar_codes),
        cmocka_unit_test(reasons_become_those_of_the_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
