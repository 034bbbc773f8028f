#include "base/bytes.h"

#include <string.h>

#include "support/unit.h"

static void what_was_written_is_read_back(void **state)
{
    (void)state;
    uint8_t wire[32];
    struct bytes_writer writer;
    bytes_writer_init(&writer, wire, sizeof wire);
    bytes_write_u8(&writer, 0x01);
    bytes_write_u16le(&writer, 0x0203);
    bytes_write_u16be(&writer, 0x0405);
    bytes_write_u32le(&writer, 0x06070809);
    bytes_write_u32be(&writer, 0x0A0B0C0D);
    bytes_write_u64le(&writer, 0x1112131415161718);
    bytes_write_all(&writer, "\x21\x22\x23", 3);
    assert_false(writer.bad);
    assert_int_equal(writer.offset, 24);

    struct bytes_reader reader;
    bytes_reader_init(&reader, wire, writer.offset);
    assert_int_equal(bytes_read_u8(&reader), 0x01);
    assert_int_equal(bytes_read_u16le(&reader), 0x0203);
    assert_int_equal(bytes_read_u16be(&reader), 0x0405);
    assert_int_equal(bytes_read_u32le(&reader), 0x06070809);
    assert_int_equal(bytes_read_u32be(&reader), 0x0A0B0C0D);
    assert_int_equal(bytes_read_u64le(&reader), 0x1112131415161718);
    assert_int_equal(bytes_read_u24be(&reader), 0x212223);
    assert_int_equal(bytes_left(&reader), 0);
    assert_false(reader.bad);
}

static void bytes_lie_in_the_order_the_name_says(void **state)
{
    (void)state;
    uint8_t wire[6];
    struct bytes_writer writer;
    bytes_writer_init(&writer, wire, sizeof wire);
    bytes_write_u16le(&writer, 0x1234);
    bytes_write_u32be(&writer, 0xAABBCCDD);
    assert_memory_equal(wire, "\x34\x12\xAA\xBB\xCC\xDD", 6);
}

static void a_read_over_the_end_turns_bad_and_stays_bad(void **state)
{
    (void)state;
    uint8_t wire[3] = { 1, 2, 3 };
    struct bytes_reader reader;
    bytes_reader_init(&reader, wire, sizeof wire);
    assert_int_equal(bytes_read_u32le(&reader), 0);
    assert_true(reader.bad);
    assert_int_equal(bytes_read_u8(&reader), 0);
    assert_int_equal(bytes_left(&reader), 0);
    assert_null(bytes_read_view(&reader, 0));
}

static void a_huge_count_does_not_wrap_round(void **state)
{
    (void)state;
    uint8_t wire[4] = { 0 };
    struct bytes_reader reader;
    bytes_reader_init(&reader, wire, sizeof wire);
    (void)bytes_read_u8(&reader);
    assert_null(bytes_read_view(&reader, SIZE_MAX));
    assert_true(reader.bad);
}

static void a_write_over_the_end_turns_bad_and_touches_nothing(void **state)
{
    (void)state;
    uint8_t wire[4] = { 9, 9, 9, 9 };
    struct bytes_writer writer;
    bytes_writer_init(&writer, wire, 3);
    bytes_write_u32le(&writer, 0);
    assert_true(writer.bad);
    bytes_write_u8(&writer, 0);
    assert_int_equal(writer.offset, 0);
    assert_memory_equal(wire, "\x09\x09\x09\x09", 4);
}

static void hex_goes_both_ways_and_must_be_exact(void **state)
{
    (void)state;
    char hex[9];
    uint8_t out[4] = { 0 };
    bytes_to_hex("\x00\x7F\xA5\xFF", 4, hex);
    assert_string_equal(hex, "007fa5ff");
    assert_int_equal(bytes_from_hex("007FA5ff", out, 4), STATUS_OK);
    assert_memory_equal(out, "\x00\x7F\xA5\xFF", 4);
    assert_int_equal(bytes_from_hex("007fa5f", out, 4), STATUS_INVALID);
    assert_int_equal(bytes_from_hex("007fa5ff0", out, 4), STATUS_INVALID);
    assert_int_equal(bytes_from_hex("007fa5fg", out, 4), STATUS_INVALID);
    assert_int_equal(bytes_from_hex("", out, 4), STATUS_INVALID);
}

static void wiped_memory_is_zero(void **state)
{
    (void)state;
    char secret[] = "99010119900307888X";
    bytes_wipe(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        assert_int_equal(secret[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(bytes_lie_in_the_order_the_name_says),
        cmocka_unit_test(a_read_over_the_end_turns_bad_and_stays_bad),
        cmocka_unit_test(a_huge_count_does_not_wrap_round),
        cmocka_unit_test(a_write_over_the_end_turns_bad_and_touches_nothing),
        cmocka_unit_test(hex_goes_both_ways_and_must_be_exact),
        cmocka_unit_test(wiped_memory_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
