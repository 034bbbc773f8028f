/* Descriptors: rebuilt from dumps of real readers (readers/ of the free CCID driver). */
#include "drivers/contact_reader/ccid/ccid_wire.h"

#include "support/unit.h"
#include "unit/drivers/hex.h"

static enum status parse(const char *hex, struct ccid_descriptor *out)
{
    uint8_t data[64];
    return ccid_parse_descriptor(data, hex_bytes(hex, data, sizeof data), out);
}

#define HEAD "3621 0001"
#define CLOCKS "A00F0000 A00F0000 00"
#define RATES "002A0000 24400500 00"
#define TAIL "0000 0000 00 01"

/* ACS ACR38 plug-in, 072F:90CC: nothing automatic, bare TPDUs. */
static void reads_a_tpdu_reader(void **state)
{
    (void)state;
    struct ccid_descriptor reader;
    assert_int_equal(parse(HEAD "00 07 03000000" CLOCKS RATES
                                "F7000000 00000000 00000000 30000100 0F010000" TAIL,
                           &reader),
                     STATUS_OK);
    assert_int_equal(reader.version, 0x0100);
    assert_int_equal(reader.slot_count, 1);
    assert_int_equal(reader.voltages, 7);
    assert_int_equal(reader.protocols, 3);
    assert_int_equal(reader.level, CCID_LEVEL_TPDU);
    assert_int_equal(reader.data_size_max, 261);
    assert_int_equal(reader.block_size_max, 247);
    assert_false(reader.chooses_voltage || reader.sets_parameters || reader.offers_block_size);
}

/* ActivCard V2, 09C3:0008: messages of 263 bytes, less than the longest block needs. */
static void reads_a_reader_with_narrow_messages(void **state)
{
    (void)state;
    struct ccid_descriptor reader;
    assert_int_equal(parse(HEAD "00 01 03000000" CLOCKS RATES
                                "FC000000 00000000 00000000 BA000100 07010000" TAIL,
                           &reader),
                     STATUS_OK);
    assert_int_equal(reader.level, CCID_LEVEL_TPDU);
    assert_int_equal(reader.data_size_max, 253);
    assert_true(reader.chooses_voltage);
    assert_false(reader.sets_parameters);
}

/* ACS ACR1281U, 072F:2224: three slots, whole APDUs, its own IFSD. */
static void reads_an_apdu_reader_with_slots(void **state)
{
    (void)state;
    struct ccid_descriptor reader;
    assert_int_equal(parse(HEAD "02 07 03000000" CLOCKS RATES
                                "00020000 00000000 00000000 BA040400 0A020000" TAIL,
                           &reader),
                     STATUS_OK);
    assert_int_equal(reader.slot_count, 3);
    assert_int_equal(reader.level, CCID_LEVEL_EXTENDED_APDU);
    assert_int_equal(reader.data_size_max, 512);
    assert_true(reader.offers_block_size);
}

static void refuses_what_is_no_descriptor(void **state)
{
    (void)state;
    struct ccid_descriptor reader;
    assert_int_equal(parse("", &reader), STATUS_PROTOCOL);
    assert_int_equal(parse("3621 0001 00 07", &reader), STATUS_PROTOCOL);
    assert_int_equal(parse("0921 1101 00 01 22 4100", &reader), STATUS_PROTOCOL); /* HID's */
    assert_int_equal(parse(HEAD "10 07 03000000" CLOCKS RATES
                                "00020000 00000000 00000000 BA040400 0A020000" TAIL,
                           &reader),
                     STATUS_UNSUPPORTED);
    assert_int_equal(parse(HEAD "00 07 03000000" CLOCKS RATES
                                "00020000 00000000 00000000 30000100 20000000" TAIL,
                           &reader),
                     STATUS_UNSUPPORTED);
    /* Whole commands may come in parts, so that a smaller message will do; down to a limit. */
    assert_int_equal(parse(HEAD "00 07 03000000" CLOCKS RATES
                                "00020000 00000000 00000000 BA040400 20000000" TAIL,
                           &reader),
                     STATUS_OK);
    assert_int_equal(parse(HEAD "00 07 03000000" CLOCKS RATES
                                "00020000 00000000 00000000 BA040400 10000000" TAIL,
                           &reader),
                     STATUS_UNSUPPORTED);
}

static void builds_headers(void **state)
{
    (void)state;
    uint8_t out[CCID_HEADER_SIZE];
    const struct ccid_request power = {
        .message = CCID_POWER_ON, .slot = 1, .sequence = 0x2A, .specific = { 2 }
    };
    ccid_build_header(&power, out);
    assert_bytes_equal(out, sizeof out, "62 00000000 01 2A 02 0000");
    const struct ccid_request transfer = {
        .message = CCID_TRANSFER, .sequence = 3, .specific = { 5, CCID_PART_MIDDLE }, .size = 258
    };
    ccid_build_header(&transfer, out);
    assert_bytes_equal(out, sizeof out, "6F 02010000 00 03 05 0300");
}

static enum status parse_reply(const char *hex, struct ccid_reply *out)
{
    uint8_t header[CCID_HEADER_SIZE];
    assert_int_equal(hex_bytes(hex, header, sizeof header), sizeof header);
    return ccid_parse_reply(header, out);
}

static void understands_answers(void **state)
{
    (void)state;
    struct ccid_reply reply;
    assert_int_equal(parse_reply("80 11000000 00 07 00 00 00", &reply), STATUS_OK);
    assert_int_equal(reply.size, 17);
    assert_int_equal(reply.card, CCID_CARD_ACTIVE);
    assert_int_equal(reply.outcome, CCID_DONE);
    assert_int_equal(parse_reply("80 00000000 00 07 42 FE 00", &reply), STATUS_OK);
    assert_int_equal(reply.card, CCID_CARD_ABSENT);
    assert_int_equal(reply.outcome, CCID_FAILED);
    assert_int_equal(reply.error, CCID_ERROR_MUTE);
    assert_int_equal(parse_reply("80 00000000 00 07 80 05 00", &reply), STATUS_OK);
    assert_int_equal(reply.outcome, CCID_MORE_TIME);
    assert_int_equal(parse_reply("81 00000000 01 07 01 00 00", &reply), STATUS_OK);
    assert_int_equal(reply.card, CCID_CARD_INACTIVE);
    assert_int_equal(reply.slot, 1);
}

static void refuses_rubbish(void **state)
{
    (void)state;
    struct ccid_reply reply;
    assert_int_equal(parse_reply("62 00000000 00 07 00 00 00", &reply), STATUS_PROTOCOL);
    assert_int_equal(parse_reply("85 00000000 00 07 00 00 00", &reply), STATUS_PROTOCOL);
    assert_int_equal(parse_reply("80 01020000 00 07 00 00 00", &reply), STATUS_PROTOCOL);
    assert_int_equal(parse_reply("80 FFFFFFFF 00 07 00 00 00", &reply), STATUS_PROTOCOL);
}

/* 11 00 00 0A 00 and 11 10 00 4D 00 20 00: the defaults every driver sends. */
static void builds_parameters(void **state)
{
    (void)state;
    uint8_t out[CCID_PARAMETERS_SIZE_MAX];
    struct atr atr = { .speed = 0x95, .waiting = 10, .ifsc = 32, .block_waiting = 0x4D };
    size_t size = ccid_build_parameters(&atr, CARD_PROTOCOL_T0, out);
    assert_bytes_equal(out, size, "11 00 00 0A 00");
    size = ccid_build_parameters(&atr, CARD_PROTOCOL_T1, out);
    assert_bytes_equal(out, size, "11 10 00 4D 00 20 00");
    atr.is_specific = atr.speed_applies = atr.inverse = atr.crc = true;
    size = ccid_build_parameters(&atr, CARD_PROTOCOL_T1, out);
    assert_bytes_equal(out, size, "95 13 00 4D 00 20 00");
}

static size_t notice(const char *hex, int slots, struct ccid_notice *out)
{
    uint8_t data[16];
    return ccid_parse_notice(data, hex_bytes(hex, data, sizeof data), slots, out);
}

static void understands_notices(void **state)
{
    (void)state;
    struct ccid_notice out;
    assert_int_equal(notice("5003", 1, &out), 2);
    assert_int_equal(out.kind, CCID_NOTICE_SLOTS);
    assert_int_equal(out.slots, 1);
    assert_int_equal(notice("5002", 1, &out), 2); /* gone, and that has changed */
    assert_int_equal(out.slots, 1);
    assert_int_equal(notice("5001", 1, &out), 2); /* there, as before */
    assert_int_equal(out.slots, 0);
    assert_int_equal(notice("500C02", 5, &out), 3);
    assert_int_equal(out.slots, 0x12);
    assert_int_equal(notice("51010042", 1, &out), 4);
    assert_int_equal(out.kind, CCID_NOTICE_HARDWARE_ERROR);
    assert_int_equal(out.error, 0x42);
    assert_int_equal(notice("50", 1, &out), 0);
    assert_int_equal(notice("", 1, &out), 0);
    assert_int_equal(notice("7703", 1, &out), 1); /* unknown: a byte is left out */
    assert_int_equal(out.kind, CCID_NOTICE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_tpdu_reader),
        cmocka_unit_test(reads_a_reader_with_narrow_messages),
        cmocka_unit_test(reads_an_apdu_reader_with_slots),
        cmocka_unit_test(refuses_what_is_no_descriptor),
        cmocka_unit_test(builds_headers),
        cmocka_unit_test(understands_answers),
        cmocka_unit_test(refuses_rubbish),
        cmocka_unit_test(builds_parameters),
        cmocka_unit_test(understands_notices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
