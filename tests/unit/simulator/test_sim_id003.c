/* The acceptor's other tongue, byte by byte; frames are written as the open hosts print them. */
#include "support/unit.h"

#include <string.h>

#include "tools/simulator/model_acceptor.h"
#include "unit/drivers/hex.h"

static struct {
    struct model_acceptor acceptor;
    struct clock_fake clock;
} host;

static struct usb_model *usb(void)
{
    return &host.acceptor.usb;
}

static void wait_ms(int ms)
{
    for (int i = 0; i < ms; i += 5) {
        clock_fake_advance(&host.clock, 5);
        usb()->ops->advance(usb());
    }
}

static int ask_control(uint8_t type, uint8_t request, uint16_t value, uint16_t index,
                       const char *data)
{
    uint8_t bytes[64] = { 0 };
    const struct usb_setup setup = {
        .type = type,
        .request = request,
        .value = value,
        .index = index,
        .length = (uint16_t)((type & 0x80) != 0 ? 1 : hex_bytes(data, bytes, sizeof bytes)),
    };
    return usb_model_control(usb(), &setup, bytes);
}

static void send(const char *hex)
{
    uint8_t bytes[64];
    size_t size = hex_bytes(hex, bytes, sizeof bytes);
    usb()->ops->bulk_out(usb(), 0x02, bytes, size);
    wait_ms(20);
}

static size_t take(uint8_t *bytes, size_t size)
{
    int got = usb()->ops->bulk_in(usb(), 0x81, bytes, size);
    return got > 0 ? (size_t)got : 0;
}

/* The code of the reply, or -1 if none came. */
static int ask(const char *hex)
{
    uint8_t bytes[512];
    send(hex);
    return take(bytes, sizeof bytes) >= 5 ? bytes[2] : -1;
}

static int status(void)
{
    return ask("FC 05 11 27 56");
}

static int wait_for_status(int wanted)
{
    int is = status();
    for (int i = 0; i < 100 && is != wanted; i++) {
        wait_ms(50);
        is = status();
    }
    return is;
}

static int errors(void)
{
    return model_acceptor_errors(&host.acceptor);
}

static void open_line(void)
{
    ask_control(0x21, 0x20, 0, 0, "80 25 00 00 00 02 08");
    ask_control(0x21, 0x22, 3, 0, "");
}

static int set_up(void **state)
{
    (void)state;
    memset(&host, 0, sizeof host);
    clock_fake_init(&host.clock, 0);
    model_acceptor_init_id003(&host.acceptor, &host.clock.clock, 100, BRIDGE_CDC);
    open_line();
    wait_ms(1600);
    return 0;
}

static void set_up_device(void)
{
    assert_int_equal(ask("FC 07 C0 00 00 2D B5"), 0xC0);
    assert_int_equal(ask("FC 06 C3 00 04 D6"), 0xC3);
}

static void accept_all(void)
{
    assert_int_equal(ask("FC 05 40 2B 15"), 0x50);
    wait_ms(5000);
    assert_int_equal(status(), 0x1B); /* for as long as it is not set up */
    set_up_device();
    assert_int_equal(wait_for_status(0x11), 0x11);
}

static struct note *feed_to_escrow(int yuan)
{
    struct note *note = model_acceptor_feed(&host.acceptor, yuan, false);
    assert_int_equal(wait_for_status(0x13), 0x13);
    return note;
}

/* ---- a note's way ---- */

static void takes_nothing_after_power_up_before_the_reset(void **state)
{
    (void)state;
    struct note *note = model_acceptor_feed(&host.acceptor, 100, false);
    assert_int_equal(status(), 0x40);
    ask("FC 07 C0 00 00 2D B5");
    ask("FC 06 C3 00 04 D6");
    wait_ms(2000);
    assert_int_equal(status(), 0x40);
    assert_int_equal(note->place, NOTE_IN_MOUTH);
    ask("FC 05 40 2B 15");
    set_up_device();
    assert_int_equal(wait_for_status(0x13), 0x13);
}

static void repeats_the_credit_until_it_is_acknowledged(void **state)
{
    (void)state;
    accept_all();
    struct note *note = feed_to_escrow(100);
    struct note *second = model_acceptor_feed(&host.acceptor, 50, false);
    assert_int_equal(ask("FC 05 41 A2 04"), 0x50);
    assert_int_equal(status(), 0x14);
    assert_int_equal(wait_for_status(0x15), 0x15);
    wait_ms(3000);
    assert_int_equal(status(), 0x15);
    assert_int_equal(note->place, NOTE_IN_BOX);
    assert_int_equal(second->place, NOTE_IN_MOUTH);
    assert_int_equal(ask("FC 05 50 AA 05"), -1); /* nothing is said to an ACK */
    assert_int_equal(status(), 0x16);
    assert_int_equal(wait_for_status(0x12), 0x12);
    assert_int_equal(errors(), 0);
}

static void says_the_credit_again_when_the_acknowledgement_is_lost(void **state)
{
    (void)state;
    accept_all();
    feed_to_escrow(100);
    ask("FC 05 41 A2 04");
    assert_int_equal(wait_for_status(0x15), 0x15);
    host.acceptor.fault = ACCEPTOR_FAULT_CREDIT_AGAIN;
    ask("FC 05 50 AA 05");
    assert_int_equal(status(), 0x15);
    ask("FC 05 50 AA 05");
    assert_int_equal(wait_for_status(0x11), 0x11);
    assert_int_equal(errors(), 0);
}

static void with_stack_2_the_credit_comes_once_the_note_lies_in_the_box(void **state)
{
    (void)state;
    accept_all();
    struct note *note = feed_to_escrow(100);
    assert_int_equal(ask("FC 05 42 39 36"), 0x50);
    while (note->place != NOTE_IN_BOX) {
        assert_int_equal(status(), 0x14);
        wait_ms(50);
    }
    assert_int_equal(status(), 0x15);
}

static void gives_back_on_return_and_after_silence(void **state)
{
    (void)state;
    accept_all();
    struct note *note = feed_to_escrow(20);
    assert_int_equal(ask("FC 05 43 B0 27"), 0x50);
    assert_int_equal(status(), 0x18);
    assert_int_equal(wait_for_status(0x11), 0x11);
    assert_int_equal(note->place, NOTE_RETURNED);
    note = feed_to_escrow(20);
    wait_ms(4000);
    assert_int_equal(status(), 0x13); /* asked, it keeps the note */
    wait_ms(6000);
    assert_int_equal(note->place, NOTE_RETURNED);
}

/* ---- power lost with a note inside ---- */

static int restart_with(enum note_place place, struct note **note_out)
{
    model_acceptor_set_power(&host.acceptor, false);
    if (note_out != NULL && place != NOTE_IN_MOUTH) {
        assert_true(model_acceptor_leave_inside(&host.acceptor, 100, place));
        *note_out = host.acceptor.moving;
    }
    model_acceptor_set_power(&host.acceptor, true);
    open_line();
    assert_int_equal(status(), -1); /* it is not listening yet */
    wait_ms(1600);
    return status();
}

static void tells_where_a_note_lies_at_power_up_until_the_reset_moves_it(void **state)
{
    (void)state;
    static const struct {
        enum note_place lies, ends;
        int status;
    } ROWS[] = {
        { NOTE_READING, NOTE_RETURNED, 0x41 },   { NOTE_ESCROW, NOTE_RETURNED, 0x41 },
        { NOTE_STACKING, NOTE_IN_BOX, 0x42 },    { NOTE_CREDITED, NOTE_IN_BOX, 0x42 },
        { NOTE_REJECTING, NOTE_RETURNED, 0x41 },
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct note *note = NULL;
        assert_int_equal(restart_with(ROWS[i].lies, &note), ROWS[i].status);
        wait_ms(3000);
        assert_int_equal(status(), ROWS[i].status);
        assert_int_equal(note->place, ROWS[i].lies);
        assert_int_equal(ask("FC 05 40 2B 15"), 0x50);
        set_up_device();
        assert_int_equal(wait_for_status(0x11), 0x11);
        assert_int_equal(note->place, ROWS[i].ends);
    }
    assert_int_equal(errors(), 0);
}

static void remembers_a_credit_over_a_power_cut_or_not(void **state)
{
    (void)state;
    for (int remembers = 0; remembers < 2; remembers++) {
        accept_all();
        struct note *note = feed_to_escrow(100);
        ask("FC 05 41 A2 04");
        wait_for_status(0x15);
        wait_ms(1000);
        assert_int_equal(note->place, NOTE_IN_BOX);
        host.acceptor.remembers = remembers == 1;
        assert_int_equal(restart_with(NOTE_IN_MOUTH, NULL), 0x40);
        ask("FC 05 40 2B 15");
        set_up_device();
        int last = remembers == 1 ? 0x15 : 0x11;
        assert_int_equal(wait_for_status(last), last);
    }
}

/* ---- a host's mistakes ---- */

static void a_reset_that_loses_a_credit_is_a_mistake(void **state)
{
    (void)state;
    accept_all();
    feed_to_escrow(100);
    ask("FC 05 41 A2 04");
    wait_for_status(0x15);
    ask("FC 05 40 2B 15");
    set_up_device();
    assert_int_equal(wait_for_status(0x11), 0x11);
    assert_true(errors() > 0);
}

static void an_acknowledgement_without_a_credit_is_a_mistake(void **state)
{
    (void)state;
    accept_all();
    ask("FC 05 50 AA 05");
    assert_int_equal(errors(), 1);
}

static void refuses_orders_without_a_note(void **state)
{
    (void)state;
    static const char *const ORDERS[] = { "FC 05 41 A2 04", "FC 05 42 39 36", "FC 05 43 B0 27",
                                          "FC 05 44 0F 53" };
    accept_all();
    for (size_t i = 0; i < sizeof ORDERS / sizeof ORDERS[0]; i++)
        assert_int_equal(ask(ORDERS[i]), 0x4B);
}

static void is_silent_on_a_bad_crc_and_counts_it(void **state)
{
    (void)state;
    assert_int_equal(ask("FC 05 11 27 57"), -1);
    assert_int_equal(errors(), 1);
    assert_int_equal(status(), 0x40);
}

static void hears_nothing_on_a_line_set_otherwise(void **state)
{
    (void)state;
    static const char *const CODINGS[] = {
        "80 25 00 00 00 00 08", /* no parity */
        "80 25 00 00 02 02 08", /* two stop bits */
        "00 4B 00 00 00 02 08", /* 19200 */
    };
    for (size_t i = 0; i < sizeof CODINGS / sizeof CODINGS[0]; i++) {
        ask_control(0x21, 0x20, 0, 0, CODINGS[i]);
        assert_int_equal(status(), -1);
    }
    open_line();
    assert_int_equal(status(), 0x40);
}

/* ---- the bridge ---- */

static void an_ftdi_puts_its_status_before_every_packet(void **state)
{
    (void)state;
    uint8_t bytes[512];
    model_acceptor_init_id003(&host.acceptor, &host.clock.clock, 100, BRIDGE_FTDI);
    wait_ms(1600);
    ask_control(0x40, 3, 0x4138, 0, ""); /* 9600 */
    ask_control(0x40, 4, 0x0208, 0, ""); /* 8E1 */
    ask_control(0x40, 1, 0x0303, 0, "");
    take(bytes, sizeof bytes);
    send("FC 05 88 6F 5F"); /* the version: longer than a packet */
    size_t size = take(bytes, sizeof bytes);
    assert_true(size > 64);
    assert_memory_equal(bytes, "\x01\x60\xFC", 3);
    assert_memory_equal(bytes + 64, "\x01\x60", 2);
    wait_ms(20);
    assert_int_equal(take(bytes, sizeof bytes), 2); /* and alone while nobody speaks */
    assert_int_equal(errors(), 0);
}

static void a_bridge_stalls_on_the_words_of_another(void **state)
{
    (void)state;
    for (int kind = 0; kind < BRIDGE_KIND_COUNT; kind++) {
        model_acceptor_init_id003(&host.acceptor, &host.clock.clock, 100, (enum bridge_kind)kind);
        assert_int_equal(ask_control(0x43, 0x55, 0, 0, ""), USB_STALL);
        assert_int_equal(ask_control(0x40, 0x77, 0, 0, ""), USB_STALL);
        assert_int_equal(errors(), 2);
    }
}

#define TEST(test) cmocka_unit_test_setup(test, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_nothing_after_power_up_before_the_reset),
        TEST(repeats_the_credit_until_it_is_acknowledged),
        TEST(says_the_credit_again_when_the_acknowledgement_is_lost),
        TEST(with_stack_2_the_credit_comes_once_the_note_lies_in_the_box),
        TEST(gives_back_on_return_and_after_silence),
        TEST(tells_where_a_note_lies_at_power_up_until_the_reset_moves_it),
        TEST(remembers_a_credit_over_a_power_cut_or_not),
        TEST(a_reset_that_loses_a_credit_is_a_mistake),
        TEST(an_acknowledgement_without_a_credit_is_a_mistake),
        TEST(refuses_orders_without_a_note),
        TEST(is_silent_on_a_bad_crc_and_counts_it),
        TEST(hears_nothing_on_a_line_set_otherwise),
        TEST(an_ftdi_puts_its_status_before_every_packet),
        TEST(a_bridge_stalls_on_the_words_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
