/* Vectors: the worked examples of PA00P015, and messages of real terminals as the tests of the open
 * implementations publish them (Portalum.Zvt, EVerest/zvt). */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "drivers/terminal/zvt/zvt_codes.h"
#include "drivers/terminal/zvt/zvt_fields.h"
#include "drivers/terminal/zvt/zvt_wire.h"
#include "unit/drivers/hex.h"

static struct zvt_apdu apdu_of(const char *hex, bool serial)
{
    static struct zvt_decoder decoder;
    uint8_t bytes[1024];
    size_t size = hex_bytes(hex, bytes, sizeof bytes);
    zvt_decoder_init(&decoder, serial);
    for (size_t i = 0; i + 1 < size; i++)
        assert_int_equal(zvt_decoder_feed(&decoder, bytes[i]), ZVT_MORE);
    assert_int_equal(zvt_decoder_feed(&decoder, bytes[size - 1]), ZVT_APDU);
    return decoder.apdu;
}

static struct zvt_fields fields_of(const char *hex)
{
    struct zvt_apdu apdu = apdu_of(hex, false);
    struct zvt_fields fields;
    assert_int_equal(apdu.command, ZVT_STATUS_INFORMATION);
    assert_int_equal(zvt_parse_fields(apdu.data, apdu.size, &fields), STATUS_OK);
    assert_false(fields.is_cut);
    return fields;
}

static struct zvt_apdu make(uint16_t command, const char *hex)
{
    struct zvt_apdu apdu = { .command = command };
    apdu.size = hex_bytes(hex, apdu.data, sizeof apdu.data);
    return apdu;
}

/* ---- frames ---- */

static const struct {
    uint16_t command;
    const char *data, *block;
} BLOCKS[] = {
    /* CRCs of PA00P015 */
    { ZVT_REGISTRATION, "12 34 56 DE 09 78", "10 02 06 00 06 12 34 56 DE 09 78 10 03 2C 28" },
    { ZVT_ANSWER_GOOD, "", "10 02 80 00 00 10 03 F5 1F" },
};

static void builds_and_reads_the_blocks_of_the_standard(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BLOCKS / sizeof BLOCKS[0]; i++) {
        struct zvt_apdu apdu = make(BLOCKS[i].command, BLOCKS[i].data), read;
        uint8_t out[ZVT_BLOCK_MAX];
        assert_bytes_equal(out, zvt_build_block(&apdu, out), BLOCKS[i].block);
        read = apdu_of(BLOCKS[i].block, true);
        assert_int_equal(read.command, apdu.command);
        assert_bytes_equal(read.data, read.size, BLOCKS[i].data);
    }
}

static enum zvt_progress feed(struct zvt_decoder *decoder, const uint8_t *bytes, size_t size)
{
    enum zvt_progress progress = ZVT_MORE;
    for (size_t i = 0; i < size; i++)
        progress = zvt_decoder_feed(decoder, bytes[i]);
    return progress;
}

/* Also 254 and 255 bytes, where the length changes its form. */
static void every_length_full_of_dle_survives_both_ways(void **state)
{
    (void)state;
    static const size_t SIZES[] = { 0, 1, 253, 254, 255, 256, ZVT_DATA_MAX };
    static struct zvt_apdu apdu;
    static struct zvt_decoder decoder;
    static uint8_t out[ZVT_BLOCK_MAX];
    for (size_t i = 0; i < sizeof SIZES / sizeof SIZES[0]; i++)
        for (int serial = 0; serial < 2; serial++) {
            apdu.command = 0x1010;
            apdu.size = SIZES[i];
            memset(apdu.data, 0x10, apdu.size);
            size_t size = serial ? zvt_build_block(&apdu, out) : zvt_build_apdu(&apdu, out);
            zvt_decoder_init(&decoder, serial != 0);
            assert_int_equal(feed(&decoder, out, size), ZVT_APDU);
            assert_int_equal(decoder.apdu.command, apdu.command);
            assert_int_equal(decoder.apdu.size, apdu.size);
            assert_memory_equal(decoder.apdu.data, apdu.data, apdu.size);
        }
}

/* One flipped bit anywhere in a block is noticed: no APDU, or the same one after a repeat. */
static void a_flipped_bit_never_gives_another_apdu(void **state)
{
    (void)state;
    uint8_t block[64], good[64];
    size_t size = hex_bytes(BLOCKS[0].block, good, sizeof good);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        static struct zvt_decoder decoder;
        memcpy(block, good, size);
        block[bit / 8] = (uint8_t)(block[bit / 8] ^ 1 << bit % 8);
        zvt_decoder_init(&decoder, true);
        for (size_t i = 0; i < size; i++)
            assert_int_not_equal(zvt_decoder_feed(&decoder, block[i]), ZVT_APDU);
    }
}

static void tells_single_bytes_between_blocks(void **state)
{
    (void)state;
    struct zvt_decoder decoder;
    zvt_decoder_init(&decoder, true);
    assert_int_equal(zvt_decoder_feed(&decoder, ZVT_ACK), ZVT_ACKED);
    assert_int_equal(zvt_decoder_feed(&decoder, ZVT_NAK), ZVT_NAKED);
    assert_int_equal(zvt_decoder_feed(&decoder, 0x55), ZVT_MORE);
}

static void a_length_over_the_bound_ends_a_stream(void **state)
{
    (void)state;
    struct zvt_decoder decoder;
    static const uint8_t HEAD[] = { 0x04, 0x0F, 0xFF, 0x01, 0x10 };
    zvt_decoder_init(&decoder, false);
    assert_int_equal(feed(&decoder, HEAD, sizeof HEAD), ZVT_BAD);
}

/* ---- fields ---- */

static const char PAID[] =
    "04 0F 77 27 00 04 00 00 00 00 20 40 0B 00 04 70 0C 22 39 53 0D 10 06 0E 25 12 17 00 01 19 70 "
    "22 F0 F8 EE EE EE EE EE EE 47 71 29 28 00 48 69 2A 31 30 30 34 36 31 37 36 33 20 20 20 20 20 "
    "20 3B 36 31 31 38 30 34 00 00 3C F0 F1 F4 47 45 4E 2E 4E 52 2E 3A 36 31 31 38 30 34 49 09 78 "
    "87 04 70 88 00 04 70 8A 2E 8B F1 F7 44 65 62 69 74 20 4D 61 73 74 65 72 63 61 72 64 00";

static void reads_an_approved_payment(void **state)
{
    (void)state;
    struct zvt_fields fields = fields_of(PAID);
    assert_int_equal(fields.result, 0);
    assert_int_equal(fields.amount, 2040);
    assert_int_equal(fields.currency, 978);
    assert_int_equal(fields.receipt, 470);
    assert_int_equal(fields.trace, 470);
    assert_int_equal(fields.time, 223953);
    assert_int_equal(fields.date, 1006);
    assert_int_equal(fields.payment_type, 0x70);
    assert_string_equal(fields.terminal_id, "28004869");
    assert_string_equal(fields.merchant, "100461763");
    assert_string_equal(fields.card, "****4771");
    assert_string_equal(fields.scheme, "Debit Mastercard");
    assert_string_equal(fields.authorisation, "611804");
    assert_string_equal(fields.text, "GEN.NR.:611804");
}

static void takes_the_long_trace_from_the_container(void **state)
{
    (void)state;
    struct zvt_fields fields = fields_of(
        "04 0F 6C 27 00 04 00 00 00 00 20 40 0C 21 09 16 0D 11 01 0E 99 99 22 F0 F8 EE EE EE EE EE "
        "EE 47 71 A0 01 29 00 00 00 06 87 00 05 0B 00 00 00 8A 06 8B F1 F1 4D 41 53 54 45 52 43 41 "
        "52 44 00 06 2E 2F 08 1F 12 01 01 1F 10 01 03 60 1B 43 07 A0 00 00 00 04 10 10 44 10 44 65 "
        "62 69 74 20 4D 61 73 74 65 72 63 61 72 64 1F 2B 04 10 01 60 05");
    assert_int_equal(fields.receipt, 5);
    assert_int_equal(fields.trace, 10016005);
    assert_string_equal(fields.scheme, "MASTERCARD");
}

static void reads_one_that_was_aborted(void **state)
{
    (void)state;
    struct zvt_fields fields =
        fields_of("04 0F 1E 27 6C 29 28 00 48 69 3C F0 F1 F9 41 62 62 72 75 63 68 20 64 75 72 63 "
                  "68 20 4B 75 6E 64 65");
    assert_int_equal(fields.result, 0x6C);
    assert_int_equal(fields.amount, ZVT_NONE);
    assert_int_equal(fields.receipt, ZVT_NONE);
    assert_string_equal(fields.text, "Abbruch durch Kunde");
    assert_int_equal(zvt_reason(0x6C), TERMINAL_REASON_CANCELLED);
}

static void reads_one_that_was_declined(void **state)
{
    (void)state;
    struct zvt_fields fields =
        fields_of("04 0F 25 27 05 29 29 00 02 74 3C F0 F0 F9 41 62 67 65 6C 65 68 6E 74 8A 06 06 "
                  "0D 24 0B 07 09 41 62 67 65 6C 65 68 6E 74");
    assert_int_equal(fields.result, 5);
    assert_string_equal(fields.text, "Abgelehnt");
    assert_int_equal(zvt_reason(5), TERMINAL_REASON_DECLINED);
}

/* A terminal that forgets to mask must not make us know the number. */
static void keeps_no_card_number_that_came_whole(void **state)
{
    (void)state;
    struct zvt_fields fields;
    uint8_t data[32];
    size_t size = hex_bytes("22 F1 F0 62 22 02 12 34 56 78 90 12 3F", data, sizeof data);
    assert_int_equal(zvt_parse_fields(data, size, &fields), STATUS_OK);
    assert_string_equal(fields.card, "****0123");
    size = hex_bytes("22 F0 F1 1F", data, sizeof data);
    assert_int_equal(zvt_parse_fields(data, size, &fields), STATUS_OK);
    assert_string_equal(fields.card, "****1");
}

static void says_when_an_unknown_bitmap_hides_the_rest(void **state)
{
    (void)state;
    struct zvt_fields fields;
    uint8_t data[32];
    size_t size = hex_bytes("27 00 E9 04 00 00 00 00 10 00", data, sizeof data);
    assert_int_equal(zvt_parse_fields(data, size, &fields), STATUS_OK);
    assert_true(fields.is_cut);
    assert_int_equal(fields.result, 0);
    assert_int_equal(fields.amount, ZVT_NONE);
}

static void refuses_what_is_cut_or_no_digit(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "04 00 00 00 00 10", "04 00 00 00 00 1A 00", "22 F0 A1 11", "8B F1 F7 44",
        "06 05 24 07 07",    "06 83 00 00 00",       "87 0A 00",    "06 81",
    };
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        struct zvt_fields fields;
        uint8_t data[32];
        size_t size = hex_bytes(BAD[i], data, sizeof data);
        assert_int_equal(zvt_parse_fields(data, size, &fields), STATUS_PROTOCOL);
    }
}

static void reads_abort_intermediate_and_enquiry(void **state)
{
    (void)state;
    struct zvt_apdu apdu = make(ZVT_ABORT_BY_TERMINAL, "B8 87 FF FF");
    struct zvt_fields fields;
    int key, status;
    assert_int_equal(zvt_parse_abort(&apdu, &fields), STATUS_OK);
    assert_int_equal(fields.result, 0xB8);
    assert_int_equal(fields.receipt, ZVT_NO_RECEIPT);
    apdu = make(ZVT_INTERMEDIATE_STATUS, "0A 06 07 24 05 07 03 41 42 43");
    assert_int_equal(zvt_parse_intermediate(&apdu, &key, &fields), STATUS_OK);
    assert_int_equal(key, 0x0A);
    assert_string_equal(fields.text, "ABC");
    apdu = make(ZVT_INTERMEDIATE_STATUS, "0A 06 06 07 24 05 07 03 41 42 43");
    assert_int_equal(zvt_parse_intermediate(&apdu, &key, &fields), STATUS_OK);
    assert_string_equal(fields.text, "ABC");
    apdu = make(ZVT_COMPLETION, "F0 F0 F3 31 2E 30 51");
    assert_int_equal(zvt_parse_enquiry(&apdu, &status), STATUS_OK);
    assert_int_equal(status, 0x51);
    assert_int_equal(zvt_cure_of(0x51), ZVT_CURE_INITIALISE);
    apdu = make(ZVT_COMPLETION, "00");
    assert_int_equal(zvt_parse_enquiry(&apdu, &status), STATUS_OK);
    assert_int_equal(status, 0);
}

static void adds_up_the_totals_of_a_day(void **state)
{
    (void)state;
    struct zvt_fields fields;
    uint8_t data[80];
    size_t size = hex_bytes("60 F0 F5 F3 00 01 00 09"
                            " 02 00 00 00 00 30 00 00 00 00 00 00 00 00 03 00 00 00 01 00 00"
                            " 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                            " 01 00 00 00 00 00 50",
                            data, sizeof data);
    assert_int_equal(zvt_parse_fields(data, size, &fields), STATUS_OK);
    assert_int_equal(fields.totals_count, 6);
    assert_int_equal(fields.totals_sum, 3000 + 10000 + 50);
}

static void writes_amounts_as_digits(void **state)
{
    (void)state;
    uint8_t out[16];
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, sizeof out);
    zvt_write_amount(&writer, INT64_C(123456789012));
    zvt_write_currency(&writer, 156);
    assert_bytes_equal(out, writer.offset, "04 12 34 56 78 90 12 49 01 56");
}

static void every_code_has_a_reason_and_a_line(void **state)
{
    (void)state;
    for (int code = 1; code < 256; code++) {
        assert_int_not_equal(zvt_reason((uint8_t)code), TERMINAL_REASON_NONE);
        assert_true(strlen(zvt_code_text((uint8_t)code)) > 0);
        assert_true(zvt_step((uint8_t)code) < TERMINAL_STEPS);
    }
    assert_int_equal(zvt_step(0x44), TERMINAL_STEP_REMOVE_CARD);
    assert_true(zvt_words_are_shown(0x55));
    assert_false(zvt_words_are_shown(0x04));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_and_reads_the_blocks_of_the_standard),
        cmocka_unit_test(every_length_full_of_dle_survives_both_ways),
        cmocka_unit_test(a_flipped_bit_never_gives_another_apdu),
        cmocka_unit_test(tells_single_bytes_between_blocks),
        cmocka_unit_test(a_length_over_the_bound_ends_a_stream),
        cmocka_unit_test(reads_an_approved_payment),
        cmocka_unit_test(takes_the_long_trace_from_the_container),
        cmocka_unit_test(reads_one_that_was_aborted),
        cmocka_unit_test(reads_one_that_was_declined),
        cmocka_unit_test(keeps_no_card_number_that_came_whole),
        cmocka_unit_test(says_when_an_unknown_bitmap_hides_the_rest),
        cmocka_unit_test(refuses_what_is_cut_or_no_digit),
        cmocka_unit_test(reads_abort_intermediate_and_enquiry),
        cmocka_unit_test(adds_up_the_totals_of_a_day),
        cmocka_unit_test(writes_amounts_as_digits),
        cmocka_unit_test(every_code_has_a_reason_and_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
