#include "base/bytes.h"
#include "support/unit.h"
#include "tools/simulator/model_id_reader.h"
#include <string.h>

struct bench {
    struct clock_fake clock;
    struct model_id_reader reader;
    struct usb_model *usb;
};

static struct bench bench;

static void start(enum id_framing framing)
{
    clock_fake_init(&bench.clock, 0);
    model_id_reader_init(&bench.reader, &bench.clock.clock, 100, framing);
    bench.usb = &bench.reader.usb;
    bench.usb->ops->plugged(bench.usb);
}

static int set_up(void **state)
{
    (void)state;
    start(ID_FRAMING_B);
    return 0;
}

static void send_hex(const char *hex)
{
    uint8_t bytes[64];
    size_t size = strlen(hex) / 2;
    assert_int_equal(bytes_from_hex(hex, bytes, size), STATUS_OK);
    assert_int_equal(bench.usb->ops->bulk_out(bench.usb, 0x02, bytes, size), (int)size);
}

static int receive(uint8_t *reply)
{
    clock_fake_advance(&bench.clock, 1000);
    bench.usb->ops->advance(bench.usb);
    return bench.usb->ops->bulk_in(bench.usb, 0x81, reply, 4096);
}

static void expect_reply(const char *request, const char *expected)
{
    uint8_t reply[4096];
    char hex[8193];
    send_hex(request);
    int size = receive(reply);
    assert_true(size > 0);
    bytes_to_hex(reply, (size_t)size, hex);
    assert_string_equal(hex, expected);
}

#define FIND "aaaaaa966900032001"
#define SELECT "aaaaaa966900032002"
#define READ "aaaaaa966900033001"
#define FOUND "aaaaaa9669000800009f0000000097"
#define SELECTED "aaaaaa9669000c00009000000000000000009c"
#define NO_CARD "aaaaaa9669000400008084"

static void put_card(const char *id)
{
    model_id_reader_set_card(&bench.reader, id == NULL ? NULL : citizen_find(id));
}

static void read_card(uint8_t reply[4096])
{
    expect_reply(FIND "22", FOUND);
    expect_reply(SELECT "21", SELECTED);
    send_hex(READ "32");
    assert_int_equal(receive(reply), 1295);
}

static void answers_the_canonical_frames(void **state)
{
    (void)state;
    expect_reply(FIND "22", NO_CARD);
    expect_reply("aaaaaa9669000311ffed", "aaaaaa9669000400009094");
    expect_reply(SELECT "21", "aaaaaa9669000400008185");
    put_card("id-01");
    expect_reply(FIND "22", FOUND);
    expect_reply(SELECT "21", SELECTED);
    bench.reader.fault = ID_FAULT_REJECTED;
    expect_reply(READ "32", "aaaaaa9669000400003236");
    bench.reader.fault = ID_FAULT_MOVE;
    expect_reply(FIND "22", FOUND);
    expect_reply(SELECT "21", SELECTED);
    expect_reply(READ "32", "aaaaaa9669000400004145");
}

static void gives_text_and_photo_with_their_lengths(void **state)
{
    (void)state;
    uint8_t reply[4096], sum = 0;
    put_card("id-03");
    read_card(reply);
    static const uint8_t HEAD[] = {
        0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x05, 0x08, 0, 0, 0x90, 1, 0, 4, 0
    };
    assert_memory_equal(reply, HEAD, sizeof HEAD);
    for (int i = 5; i < 1294; i++)
        sum ^= reply[i];
    assert_int_equal(reply[1294], sum);
    const uint8_t *text = reply + 14;
    assert_memory_equal(text + 122, "3\0003\0009\0009\0009\0009\0001\0009\0007\0009\000", 20);
    static const uint8_t LONG_TERM[] = { 0x7F, 0x95, 0x1F, 0x67, ' ', 0 };
    assert_memory_equal(text + 204, LONG_TERM, sizeof LONG_TERM);
    assert_int_equal(text[248], ' ');
}

static void puts_the_letter_of_a_permit_at_248(void **state)
{
    (void)state;
    uint8_t reply[4096];
    put_card("id-06");
    read_card(reply);
    assert_memory_equal(reply + 14 + 248, "J\0", 2);
    assert_memory_equal(reply + 14 + 220, "H\0000\0000\000", 6);
}

static void finds_a_card_it_has_read_only_after_it_was_lifted(void **state)
{
    (void)state;
    uint8_t reply[4096];
    put_card("id-01");
    read_card(reply);
    expect_reply(FIND "22", NO_CARD);
    put_card(NULL);
    put_card("id-01");
    expect_reply(FIND "22", FOUND);
}

static void finds_it_again_when_told_so(void **state)
{
    (void)state;
    uint8_t reply[4096];
    bench.reader.finds_again = true;
    put_card("id-01");
    read_card(reply);
    expect_reply(FIND "22", FOUND);
}

static void gives_the_appended_address_or_says_there_is_none(void **state)
{
    (void)state;
    uint8_t reply[4096];
    put_card("id-01");
    read_card(reply);
    expect_reply("aaaaaa96690003300330", "aaaaaa9669000400009195");
    put_card(NULL);
    put_card("id-05");
    read_card(reply);
    send_hex("aaaaaa96690003300330");
    assert_int_equal(receive(reply), 81);
}

static void fails_a_read_when_the_card_is_lifted_meanwhile(void **state)
{
    (void)state;
    uint8_t reply[4096];
    put_card("id-01");
    expect_reply(FIND "22", FOUND);
    expect_reply(SELECT "21", SELECTED);
    send_hex(READ "32");
    put_card(NULL);
    assert_int_equal(receive(reply), 11);
    assert_int_equal(reply[9], 0x41);
}

static void refuses_a_wrong_checksum(void **state)
{
    (void)state;
    expect_reply(FIND "21", "aaaaaa9669000400001014");
    assert_int_equal(bench.reader.protocol_errors, 1);
}

static void refuses_a_length_no_command_has(void **state)
{
    (void)state;
    expect_reply("aaaaaa96690002", "aaaaaa9669000400001115");
    expect_reply("aaaaaa96690fff", "aaaaaa9669000400001115");
}

static void refuses_commands_out_of_order_and_unknown_ones(void **state)
{
    (void)state;
    put_card("id-01");
    expect_reply(SELECT "21", "aaaaaa9669000400002125");
    expect_reply(READ "32", "aaaaaa9669000400002125");
    expect_reply("aaaaaa96690003a003a0", "aaaaaa9669000400002125");
}

static void skips_noise_before_the_preamble(void **state)
{
    (void)state;
    expect_reply("00aa55" FIND "22", NO_CARD);
    assert_true(bench.reader.protocol_errors > 0);
}

static void does_not_listen_while_it_is_busy(void **state)
{
    (void)state;
    uint8_t reply[4096];
    send_hex(FIND "22");
    send_hex(FIND "22");
    assert_int_equal(receive(reply), 11);
    assert_int_equal(receive(reply), USB_NAK);
}

static void splits_head_and_body_over_four_pipes(void **state)
{
    (void)state;
    uint8_t bytes[64], reply[64];
    start(ID_FRAMING_A);
    assert_int_equal(bytes_from_hex(FIND "22", bytes, 10), STATUS_OK);
    const struct usb_model_ops *ops = bench.usb->ops;
    ops->bulk_out(bench.usb, 0x02, bytes, 7);
    ops->bulk_out(bench.usb, 0x06, bytes + 7, 3);
    clock_fake_advance(&bench.clock, 49);
    ops->advance(bench.usb);
    assert_int_equal(ops->bulk_in(bench.usb, 0x81, reply, 64), USB_NAK);
    clock_fake_advance(&bench.clock, 1);
    ops->advance(bench.usb);
    assert_int_equal(ops->bulk_in(bench.usb, 0x81, reply, 64), 7);
    assert_int_equal(ops->bulk_in(bench.usb, 0x85, reply, 64), 4);
    assert_int_equal(reply[2], 0x80);
}

static void loses_bytes_on_the_wrong_pipe(void **state)
{
    (void)state;
    uint8_t bytes[64];
    start(ID_FRAMING_A);
    assert_int_equal(bytes_from_hex(FIND "22", bytes, 10), STATUS_OK);
    bench.usb->ops->bulk_out(bench.usb, 0x02, bytes, 10);
    assert_int_equal(bench.reader.protocol_errors, 3);
    assert_int_equal(bench.usb->ops->due_ms(bench.usb), -1);
}

static void babbles_when_the_host_has_no_room_for_a_packet(void **state)
{
    (void)state;
    uint8_t reply[64];
    send_hex(FIND "22");
    clock_fake_advance(&bench.clock, 1000);
    bench.usb->ops->advance(bench.usb);
    assert_int_equal(bench.usb->ops->bulk_in(bench.usb, 0x81, reply, 7), USB_BABBLE);
}

/* GB 11643, done here once more. */
static char check_digit(const char *number)
{
    static const int WEIGHTS[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = 0;
    for (int i = 0; i < 17; i++)
        sum += (number[i] - '0') * WEIGHTS[i];
    return "10X98765432"[sum % 11];
}

static void has_citizens_with_right_numbers_and_one_with_a_wrong_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < CITIZEN_COUNT; i++) {
        const struct citizen *citizen = &CITIZENS[i];
        assert_int_equal(strlen(citizen->number), 18);
        assert_memory_equal(citizen->number + 6, citizen->birth, 8);
        bool right = check_digit(citizen->number) == citizen->number[17];
        assert_int_equal(right, strcmp(citizen->id, "id-bad") != 0);
        bool male = (citizen->number[16] - '0') % 2 == 1;
        assert_int_equal(citizen->sex[0], male ? '1' : '2');
    }
}

static void describes_itself_with_consistent_descriptors(void **state)
{
    (void)state;
    for (enum id_framing framing = ID_FRAMING_A; framing <= ID_FRAMING_B; framing++) {
        start(framing);
        uint8_t data[255];
        struct usb_setup setup = { .type = 0x80, .request = 6, .value = 0x0200, .length = 255 };
        int size = usb_model_control(bench.usb, &setup, data);
        assert_int_equal(size, data[2] | data[3] << 8);
        assert_int_equal(usb_model_interface_of(bench.usb, 0x85), framing == ID_FRAMING_A ? 0 : -1);
        setup = (struct usb_setup){ .type = 0xC0, .request = 1, .length = 4 };
        assert_int_equal(usb_model_control(bench.usb, &setup, data), USB_STALL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(answers_the_canonical_frames, set_up),
        cmocka_unit_test_setup(gives_text_and_photo_with_their_lengths, set_up),
        cmocka_unit_test_setup(puts_the_letter_of_a_permit_at_248, set_up),
        cmocka_unit_test_setup(finds_a_card_it_has_read_only_after_it_was_lifted, set_up),
        cmocka_unit_test_setup(finds_it_again_when_told_so, set_up),
        cmocka_unit_test_setup(gives_the_appended_address_or_says_there_is_none, set_up),
        cmocka_unit_test_setup(fails_a_read_when_the_card_is_lifted_meanwhile, set_up),
        cmocka_unit_test_setup(refuses_a_wrong_checksum, set_up),
        cmocka_unit_test_setup(refuses_a_length_no_command_has, set_up),
        cmocka_unit_test_setup(refuses_commands_out_of_order_and_unknown_ones, set_up),
        cmocka_unit_test_setup(skips_noise_before_the_preamble, set_up),
        cmocka_unit_test_setup(does_not_listen_while_it_is_busy, set_up),
        cmocka_unit_test_setup(splits_head_and_body_over_four_pipes, set_up),
        cmocka_unit_test_setup(loses_bytes_on_the_wrong_pipe, set_up),
        cmocka_unit_test_setup(babbles_when_the_host_has_no_room_for_a_packet, set_up),
        cmocka_unit_test_setup(has_citizens_with_right_numbers_and_one_with_a_wrong_one, set_up),
        cmocka_unit_test_setup(describes_itself_with_consistent_descriptors, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
