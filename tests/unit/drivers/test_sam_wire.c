/* Vectors: GA/T 467 frames as published by several makers, check bytes recomputed. */
#include "drivers/id_reader/sam/sam_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <uchar.h>

#include <cmocka.h>

#include "unit/drivers/hex.h"

static void builds_the_published_request_frames(void **state)
{
    (void)state;
    static const struct {
        enum sam_command command;
        const char *hex;
    } TABLE[] = {
        { SAM_COMMAND_STATUS, "AAAAAA9669 0003 11FF ED" },
        { SAM_COMMAND_IDENTIFY, "AAAAAA9669 0003 12FF EE" },
        { SAM_COMMAND_FIND, "AAAAAA9669 0003 2001 22" },
        { SAM_COMMAND_SELECT, "AAAAAA9669 0003 2002 21" },
        { SAM_COMMAND_READ, "AAAAAA9669 0003 3001 32" },
        { SAM_COMMAND_READ_ADDRESS, "AAAAAA9669 0003 3003 30" },
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        uint8_t request[SAM_REQUEST_SIZE];
        sam_build_request(TABLE[i].command, request);
        assert_bytes_equal(request, sizeof request, TABLE[i].hex);
    }
}

/* The frame's header and body as they arrive, parsed in two steps. */
static enum status parse_frame(const char *hex, struct sam_reply *reply)
{
    static uint8_t frame[SAM_HEADER_SIZE + SAM_LENGTH_MAX];
    size_t size = hex_bytes(hex, frame, sizeof frame), length = 0;
    enum status status = sam_parse_header(frame, &length);
    if (status != STATUS_OK || length != size - SAM_HEADER_SIZE)
        return STATUS_PROTOCOL;
    return sam_parse_body(frame + SAM_HEADER_SIZE, length, reply);
}

static void understands_the_published_replies(void **state)
{
    (void)state;
    static const struct {
        const char *hex;
        enum sam_result result;
        size_t size;
    } TABLE[] = {
        { "AAAAAA9669 0008 00009F 00000000 97", SAM_RESULT_OK, 4 },
        { "AAAAAA9669 000C 000090 0000000000000000 9C", SAM_RESULT_OK, 8 },
        { "AAAAAA9669 0004 000080 84", SAM_RESULT_NO_CARD, 0 },
        { "AAAAAA9669 0004 000081 85", SAM_RESULT_CARD_MOVED, 0 },
        { "AAAAAA9669 0004 000041 45", SAM_RESULT_CARD_MOVED, 0 },
        { "AAAAAA9669 0004 000032 36", SAM_RESULT_CARD_REFUSED, 0 },
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        struct sam_reply reply;
        assert_int_equal(parse_frame(TABLE[i].hex, &reply), STATUS_OK);
        assert_int_equal(reply.result, TABLE[i].result);
        assert_int_equal(reply.size, TABLE[i].size);
    }
}

static void refuses_malformed_frames(void **state)
{
    (void)state;
    struct sam_reply reply;
    /* wrong preamble, wrong check byte, LEN too small, LEN too large, a handheld's own time-out */
    assert_int_equal(parse_frame("AAAAAA9668 0004 000080 84", &reply), STATUS_PROTOCOL);
    assert_int_equal(parse_frame("AAAAAA9669 0004 000080 85", &reply), STATUS_PROTOCOL);
    assert_int_equal(parse_frame("AAAAAA9669 0003 000080", &reply), STATUS_PROTOCOL);
    assert_int_equal(parse_frame("AAAAAA9669 0A01 000080 84", &reply), STATUS_PROTOCOL);
    assert_int_equal(parse_frame("AAAAAA9669 0005 050505", &reply), STATUS_PROTOCOL);
}

static void check_byte_covers_the_length_that_travels_on_another_pipe(void **state)
{
    (void)state;
    struct sam_reply reply;
    uint8_t body[4] = { 0x00, 0x00, 0x80, 0x80 }; /* right only without the LEN bytes */
    assert_int_equal(sam_parse_body(body, sizeof body, &reply), STATUS_PROTOCOL);
}

static void formats_the_module_number(void **state)
{
    (void)state;
    uint8_t data[16];
    char serial[SAM_SERIAL_SIZE];
    hex_bytes("0500 0300 15EE3301 39300000 31D40000", data, sizeof data);
    assert_int_equal(sam_format_serial(data, sizeof data, serial), STATUS_OK);
    assert_string_equal(serial, "05.03-20180501-0000012345-0000054321");
    assert_int_equal(sam_format_serial(data, 15, serial), STATUS_PROTOCOL);
}

/* ---- text blocks ---- */

struct card_reply {
    uint8_t data[4 + SAM_TEXT_SIZE + 1024];
};

static void put(struct card_reply *reply, size_t offset, const char16_t *text)
{
    for (; *text != 0; text++, offset += 2) {
        reply->data[4 + offset] = (uint8_t)*text;
        reply->data[4 + offset + 1] = (uint8_t)(*text >> 8);
    }
}

static void clear_block(struct card_reply *reply)
{
    static const uint8_t LENGTHS[] = { 0x01, 0x00, 0x04, 0x00 };
    memset(reply, 0, sizeof *reply);
    memcpy(reply->data, LENGTHS, sizeof LENGTHS);
    for (size_t i = 0; i < SAM_TEXT_SIZE; i += 2)
        reply->data[4 + i] = ' ';
}

/* An invented person; region 99 does not exist. */
static void fill_resident(struct card_reply *reply)
{
    clear_block(reply);
    put(reply, 0, u"王小华");
    put(reply, 30, u"2");
    put(reply, 32, u"01");
    put(reply, 36, u"19850312");
    put(reply, 52, u"某省某市某路1号");
    put(reply, 122, u"990101198503120021");
    put(reply, 158, u"某市公安局");
    put(reply, 188, u"20200101");
    put(reply, 204, u"20400101");
}

static enum status parse(const struct card_reply *reply, struct identity_card *card)
{
    return sam_parse_card(reply->data, sizeof reply->data, card);
}

static void reads_a_resident_card(void **state)
{
    (void)state;
    struct card_reply reply;
    struct identity_card card;
    fill_resident(&reply);
    assert_int_equal(parse(&reply, &card), STATUS_OK);
    assert_int_equal(card.kind, IDENTITY_RESIDENT);
    assert_string_equal(card.name, "王小华");
    assert_string_equal(card.number, "990101198503120021");
    assert_int_equal(card.sex, 2);
    assert_int_equal(card.nation, 1);
    assert_int_equal(card.birth, 19850312);
    assert_string_equal(card.address, "某省某市某路1号");
    assert_string_equal(card.authority, "某市公安局");
    assert_int_equal(card.valid_from, 20200101);
    assert_int_equal(card.valid_to, 20400101);
}

static void long_term_cards_do_not_expire(void **state)
{
    (void)state;
    struct card_reply reply;
    struct identity_card card;
    fill_resident(&reply);
    put(&reply, 204, u"长期    ");
    assert_int_equal(parse(&reply, &card), STATUS_OK);
    assert_int_equal(card.valid_to, IDENTITY_NO_EXPIRY);
}

static void a_permit_of_type_j_has_no_nation(void **state)
{
    (void)state;
    struct card_reply reply;
    struct identity_card card;
    fill_resident(&reply);
    put(&reply, 122, u"810000199001010019");
    put(&reply, 220, u"H12345678");
    put(&reply, 248, u"J");
    assert_int_equal(parse(&reply, &card), STATUS_OK);
    assert_int_equal(card.kind, IDENTITY_HMT_PERMIT);
    assert_int_equal(card.nation, 0);
    assert_string_equal(card.number, "810000199001010019");
}

static void a_foreigner_without_a_chinese_name_keeps_the_english_one(void **state)
{
    (void)state;
    struct card_reply reply;
    struct identity_card card;
    fill_resident(&reply);
    put(&reply, 0, u"               ");
    put(&reply, 32, u"01");
    put(&reply, 52, u"DOE, JANE                          ");
    put(&reply, 122, u"910000199001010012");
    put(&reply, 248, u"Y");
    assert_int_equal(parse(&reply, &card), STATUS_OK);
    assert_int_equal(card.kind, IDENTITY_FOREIGN_PR);
    assert_string_equal(card.name, "DOE, JANE");
    assert_string_equal(card.address, "");
}

static void reads_the_layout_of_2017_for_foreigners(void **state)
{
    (void)state;
    struct card_reply reply;
    struct identity_card card;
    clear_block(&reply);
    put(&reply, 0, u"DOE, JOHN");
    put(&reply, 120, u"1");
    put(&reply, 122, u"USA310099010112");
    put(&reply, 152, u"USA");
    put(&reply, 188, u"20180101");
    put(&reply, 204, u"20280101");
    put(&reply, 220, u"19900101");
    put(&reply, 236, u"01");
    put(&reply, 240, u"1500");
    put(&reply, 248, u"I");
    assert_int_equal(parse(&reply, &card), STATUS_OK);
    assert_int_equal(card.kind, IDENTITY_FOREIGN_PR_2017);
    assert_string_equal(card.name, "DOE, JOHN");
    assert_string_equal(card.number, "USA310099010112");
    assert_int_equal(card.birth, 19900101);
    assert_int_equal(card.valid_to, 20280101);
}

static void refuses_fields_that_break_their_format(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        const char16_t *text;
        enum status status;
    } TABLE[] = {
        { 0, u"               ", STATUS_INVALID }, /* no name */
        { 0, u"王\n", STATUS_INVALID },            /* a control character */
        { 30, u"X", STATUS_INVALID },              /* sex */
        { 36, u"19851312", STATUS_INVALID },       /* month 13 */

        { 122, u"99010119850312002 ", STATUS_INVALID }, /* 17 characters */
        { 122, u"99010119850312002x", STATUS_INVALID },
        { 204, u"2040    ", STATUS_INVALID },
        { 248, u"Z", STATUS_UNSUPPORTED },
    };
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        struct card_reply reply;
        struct identity_card card;
        fill_resident(&reply);
        put(&reply, TABLE[i].offset, TABLE[i].text);
        assert_int_equal(parse(&reply, &card), TABLE[i].status);
    }
}

static void refuses_blocks_whose_lengths_do_not_add_up(void **state)
{
    (void)state;
    struct card_reply reply;
    struct identity_card card;
    fill_resident(&reply);
    assert_int_equal(sam_parse_card(reply.data, sizeof reply.data - 1, &card), STATUS_PROTOCOL);
    assert_int_equal(sam_parse_card(reply.data, 3, &card), STATUS_PROTOCOL);
    reply.data[0] = 0x02;
    assert_int_equal(parse(&reply, &card), STATUS_PROTOCOL);
}

static void the_newest_address_replaces_the_printed_one(void **state)
{
    (void)state;
    struct card_reply reply;
    struct identity_card card;
    uint8_t address[SAM_ADDRESS_SIZE];
    fill_resident(&reply);
    assert_int_equal(parse(&reply, &card), STATUS_OK);
    clear_block(&reply);
    put(&reply, 0, u"某省某市新街2号");
    memcpy(address, reply.data + 4, sizeof address);
    assert_int_equal(sam_parse_address(address, sizeof address, &card), STATUS_OK);
    assert_string_equal(card.address, "某省某市新街2号");
    clear_block(&reply);
    memcpy(address, reply.data + 4, sizeof address);
    assert_int_equal(sam_parse_address(address, sizeof address, &card), STATUS_OK);
    assert_string_equal(card.address, "某省某市新街2号");
    assert_int_equal(sam_parse_address(address, sizeof address - 2, &card), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(builds_the_published_request_frames),
        cmocka_unit_test(understands_the_published_replies),
        cmocka_unit_test(refuses_malformed_frames),
        cmocka_unit_test(check_byte_covers_the_length_that_travels_on_another_pipe),
        cmocka_unit_test(formats_the_module_number),
        cmocka_unit_test(reads_a_resident_card),
        cmocka_unit_test(long_term_cards_do_not_expire),
        cmocka_unit_test(a_permit_of_type_j_has_no_nation),
        cmocka_unit_test(a_foreigner_without_a_chinese_name_keeps_the_english_one),
        cmocka_unit_test(reads_the_layout_of_2017_for_foreigners),
        cmocka_unit_test(refuses_fields_that_break_their_format),
        cmocka_unit_test(refuses_blocks_whose_lengths_do_not_add_up),
        cmocka_unit_test(the_newest_address_replaces_the_printed_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
