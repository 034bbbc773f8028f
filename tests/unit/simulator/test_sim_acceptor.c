#include "unit/simulator/acceptor_host.h"
#include <string.h>

static void stacks_on_the_poll_after_the_escrow_was_told(void **state)
{
    (void)state;
    host_bring_up();
    struct note *note = model_acceptor_feed(&host.acceptor, 100, false);
    host_wait_ms(50);
    host_expect_poll("f0ef00");
    host_wait_ms(900);
    host_expect_poll("f0ef05");
    assert_int_equal(note->place, NOTE_ESCROW);
    host_expect_poll("f0cc");
    assert_int_equal(note->place, NOTE_STACKING);
    host_wait_ms(800);
    host_expect_poll("f0ee05cc");
    host_wait_ms(500);
    host_expect_poll("f0ee05eb");
    host_expect_poll("f0ee05");
    assert_int_equal(host_ask_secretly(0x57), 0xF0);
    host_expect_poll("f0");
    assert_int_equal(host_ask_secretly(0x57), 0xF5);
    assert_int_equal(note->place, NOTE_IN_BOX);
    assert_int_equal(host_ask(0x58), 0xF0);
    host_expect_data("f0050100000000000000000000000000000000000000");
}

static void takes_no_further_note_before_the_credit_is_acknowledged(void **state)
{
    (void)state;
    host_bring_up();
    host_feed_to_escrow(50);
    struct note *second = model_acceptor_feed(&host.acceptor, 20, false);
    host_expect_poll("f0ef04");
    host_expect_poll("f0cc");
    host_wait_ms(3000);
    host_expect_poll("f0ee04eb");
    assert_int_equal(second->place, NOTE_IN_MOUTH);
    assert_int_equal(host_ask_secretly(0x57), 0xF0);
    host_wait_ms(50);
    assert_int_equal(second->place, NOTE_READING);
}

static void forgets_a_credit_told_to_a_plain_poll(void **state)
{
    (void)state;
    host_bring_up();
    host_feed_to_escrow(10);
    assert_int_equal(host_ask(0x07), 0xF0);
    assert_int_equal(host_ask(0x07), 0xF0);
    host_wait_ms(2000);
    assert_int_equal(host_ask(0x07), 0xF0);
    host_expect_data("f0ee02eb");
    assert_int_equal(host_ask(0x07), 0xF0);
    host_expect_data("f0");
}

static void holds_the_note_as_long_as_the_host_says_so(void **state)
{
    (void)state;
    host_bring_up();
    struct note *note = host_feed_to_escrow(100);
    host_expect_poll("f0ef05");
    for (int i = 0; i < 10; i++) {
        host_wait_ms(2000);
        assert_int_equal(host_ask(0x18), 0xF0);
    }
    assert_int_equal(note->place, NOTE_ESCROW);
    host_expect_poll("f0cc");
}

static void returns_the_note_when_nobody_decides(void **state)
{
    (void)state;
    host_bring_up();
    struct note *note = host_feed_to_escrow(100);
    host_expect_poll("f0ef05");
    host_wait_ms(6000);
    assert_int_equal(note->place, NOTE_RETURNED);
    host_expect_poll("f0ec");
    assert_int_equal(host_ask(0x17), 0xF0);
    host_expect_data("f013");
}

static void returns_the_note_on_reject(void **state)
{
    (void)state;
    host_bring_up();
    struct note *note = host_feed_to_escrow(100);
    host_expect_poll("f0ef05");
    assert_int_equal(host_ask(0x08), 0xF0);
    host_expect_poll("f0ed");
    host_wait_ms(700);
    host_expect_poll("f0ec");
    assert_int_equal(note->place, NOTE_RETURNED);
    assert_int_equal(host_ask(0x17), 0xF0);
    host_expect_data("f008");
}

static void sends_back_what_is_inhibited_or_not_money(void **state)
{
    (void)state;
    host_bring_up();
    assert_int_equal(host_ask_with(0x02, 0x10), 0xF0);
    struct note *small = model_acceptor_feed(&host.acceptor, 5, false);
    host_wait_ms(1500);
    assert_int_equal(small->place, NOTE_RETURNED);
    assert_int_equal(small->reject_code, 0x06);
    struct note *fake = model_acceptor_feed(&host.acceptor, 100, true);
    host_wait_ms(1500);
    assert_int_equal(fake->place, NOTE_RETURNED);
    assert_int_equal(fake->reject_code, 0x02);
}

static void disables_itself_when_the_host_is_lost(void **state)
{
    (void)state;
    host_bring_up();
    host_expect_poll("f0");
    host_wait_ms(10100);
    host_expect_poll("f0e8");
}

static void cut_power_with_a_note_at(enum note_place place)
{
    host_bring_up();
    host.acceptor.fails = true;
    host.acceptor.fail_place = place;
    model_acceptor_feed(&host.acceptor, 100, false);
    for (int i = 0; i < 20 && host.usb->powered; i++) {
        host_ask_secretly(0x56);
        host_wait_ms(200);
    }
    assert_false(host.usb->powered);
    host_wait_ms(1000);
    assert_int_equal(host.acceptor.notes[0].place, place);
    model_acceptor_set_power(&host.acceptor, true);
    host_wait_ms(2000);
    host_synchronise();
    host_agree_on_a_key();
    assert_int_equal(host_ask_with(0x06, 8), 0xF0);
}

static void gives_a_note_back_that_was_not_accepted_when_power_failed(void **state)
{
    (void)state;
    cut_power_with_a_note_at(NOTE_ESCROW);
    host_expect_poll("f0f1e105e8");
    assert_int_equal(host.acceptor.notes[0].place, NOTE_RETURNED);
    host_expect_poll("f0e8");
}

static void takes_a_note_in_that_was_being_stacked_when_power_failed(void **state)
{
    (void)state;
    cut_power_with_a_note_at(NOTE_STACKING);
    host_expect_poll("f0f1e205e8");
    host_expect_poll("f0e205e8");
    assert_int_equal(host_ask_secretly(0x57), 0xF0);
    host_expect_poll("f0e8");
    assert_int_equal(host.acceptor.notes[0].place, NOTE_IN_BOX);
    assert_int_equal(host.acceptor.stacked, 1);
}

static void tells_an_unacknowledged_credit_again_as_cleared_into_the_box(void **state)
{
    (void)state;
    cut_power_with_a_note_at(NOTE_IN_BOX);
    host_expect_poll("f0f1e205e8");
    assert_int_equal(host.acceptor.stacked, 1);
}

static void may_forget_it_too_so_that_only_the_counter_tells(void **state)
{
    (void)state;
    host.acceptor.remembers = false;
    cut_power_with_a_note_at(NOTE_IN_BOX);
    host_expect_poll("f0f1e8");
    assert_int_equal(host.acceptor.stacked, 1);
}

static void hides_late_events_from_an_old_protocol_version(void **state)
{
    (void)state;
    host_synchronise();
    host_agree_on_a_key();
    model_acceptor_remove_box(&host.acceptor);
    host_expect_poll("f0f1e8");
    assert_int_equal(host_ask_with(0x06, 5), 0xF0);
    host_expect_poll("f0e3e8");
    model_acceptor_replace_box(&host.acceptor);
    host_expect_poll("f0e4e8");
}

static void replaces_the_credit_by_fraud_when_the_note_is_fished_out(void **state)
{
    (void)state;
    host_bring_up();
    struct note *note = host_feed_to_escrow(100);
    host.acceptor.fault = ACCEPTOR_FAULT_FRAUD;
    host_expect_poll("f0ef05");
    host_expect_poll("f0cc");
    host_wait_ms(1000);
    host_expect_poll("f0e605");
    host_expect_poll("f0e605");
    assert_int_equal(host_ask_secretly(0x57), 0xF0);
    assert_int_equal(note->place, NOTE_RETURNED);
}

static void keeps_telling_a_jam_until_staff_clear_it(void **state)
{
    (void)state;
    host_bring_up();
    host_feed_to_escrow(100);
    host.acceptor.fault = ACCEPTOR_FAULT_JAM;
    host_expect_poll("f0ef05");
    host_expect_poll("f0cc");
    host_wait_ms(1000);
    host_expect_poll("f0e9");
    host_expect_poll("f0e9");
    model_acceptor_clear_jam(&host.acceptor);
    host_expect_poll("f0");
}

static void gives_a_freed_note_back(void **state)
{
    (void)state;
    host_bring_up();
    struct note *note = host_feed_to_escrow(100);
    host.acceptor.fault = ACCEPTOR_FAULT_JAM;
    host_expect_poll("f0ef05");
    host_expect_poll("f0cc");
    host_wait_ms(1000);
    model_acceptor_free_jam(&host.acceptor);
    host_expect_poll("f0ed");
    host_wait_ms(700);
    host_expect_poll("f0ec");
    assert_int_equal(note->place, NOTE_RETURNED);
}

static void stacks_without_a_credit_after_a_safe_jam(void **state)
{
    (void)state;
    host_bring_up();
    struct note *note = host_feed_to_escrow(100);
    host.acceptor.fault = ACCEPTOR_FAULT_SAFE_JAM;
    host_expect_poll("f0ef05");
    host_expect_poll("f0cc");
    host_wait_ms(720);
    host_expect_poll("f0eacc");
    host_wait_ms(500);
    host_expect_poll("f0eb");
    assert_int_equal(note->place, NOTE_IN_BOX);
    assert_int_equal(host.acceptor.stacked, 1);
}

static void refuses_a_second_note_while_it_stacks_the_first(void **state)
{
    (void)state;
    host_bring_up();
    host_feed_to_escrow(100);
    host.acceptor.fault = ACCEPTOR_FAULT_SECOND_NOTE;
    host_expect_poll("f0ef05");
    host_expect_poll("f0eccc");
    assert_int_equal(host_ask(0x17), 0xF0);
    host_expect_data("f007");
    host_wait_ms(800);
    host_expect_poll("f0ee05cc");
}

static void takes_the_note_on_the_poll_after_a_refused_reject(void **state)
{
    (void)state;
    host_bring_up();
    struct note *note = host_feed_to_escrow(100);
    host.acceptor.fault = ACCEPTOR_FAULT_REJECT_REFUSED;
    host_expect_poll("f0ef05");
    assert_int_equal(host_ask(0x08), 0xF5);
    assert_int_equal(host_ask(0x18), 0xF0);
    assert_int_equal(note->place, NOTE_ESCROW);
    host_expect_poll("f0cc");
    assert_int_equal(note->place, NOTE_STACKING);
}

static void loses_one_reply_but_repeats_it(void **state)
{
    (void)state;
    host_bring_up();
    host.acceptor.fault = ACCEPTOR_FAULT_DROP;
    uint8_t command = 0x56;
    host_send_encrypted(&command, 1);
    assert_int_equal(host_receive(), -1);
    host_resend();
    assert_int_equal(host_receive(), 0xF0);
}

static void starts_over_after_reset(void **state)
{
    (void)state;
    host_bring_up();
    assert_int_equal(host_ask(0x01), 0xF0);
    assert_int_equal(host_ask(0x07), -1);
    host_wait_ms(1500);
    host_synchronise();
    assert_int_equal(host_ask_secretly(0x56), 0xFA);
    assert_int_equal(host_ask(0x07), 0xF0);
    host_expect_data("f0f1e8");
}

static void answers_the_line_requests_of_cdc(void **state)
{
    (void)state;
    uint8_t coding[7] = { 0x80, 0x25, 0, 0, 2, 0, 8 };
    struct usb_setup setup = { .type = 0x21, .request = 0x20, .length = 7 };
    assert_int_equal(usb_model_control(host.usb, &setup, coding), 7);
    setup = (struct usb_setup){ .type = 0xA1, .request = 0x21, .length = 7 };
    assert_int_equal(usb_model_control(host.usb, &setup, coding), 7);
    setup = (struct usb_setup){ .type = 0x21, .request = 0x22, .value = 3 };
    assert_int_equal(usb_model_control(host.usb, &setup, coding), 0);
    setup = (struct usb_setup){ .type = 0x21, .request = 0x22, .index = 1 };
    assert_int_equal(usb_model_control(host.usb, &setup, coding), USB_STALL);
    assert_int_equal(usb_model_interface_of(host.usb, 0x83), 0);
    assert_int_equal(usb_model_interface_of(host.usb, 0x02), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(stacks_on_the_poll_after_the_escrow_was_told, host_set_up),
        cmocka_unit_test_setup(takes_no_further_note_before_the_credit_is_acknowledged,
                               host_set_up),
        cmocka_unit_test_setup(forgets_a_credit_told_to_a_plain_poll, host_set_up),
        cmocka_unit_test_setup(holds_the_note_as_long_as_the_host_says_so, host_set_up),
        cmocka_unit_test_setup(returns_the_note_when_nobody_decides, host_set_up),
        cmocka_unit_test_setup(returns_the_note_on_reject, host_set_up),
        cmocka_unit_test_setup(sends_back_what_is_inhibited_or_not_money, host_set_up),
        cmocka_unit_test_setup(disables_itself_when_the_host_is_lost, host_set_up),
        cmocka_unit_test_setup(gives_a_note_back_that_was_not_accepted_when_power_failed,
                               host_set_up),
        cmocka_unit_test_setup(takes_a_note_in_that_was_being_stacked_when_power_failed,
                               host_set_up),
        cmocka_unit_test_setup(tells_an_unacknowledged_credit_again_as_cleared_into_the_box,
                               host_set_up),
        cmocka_unit_test_setup(may_forget_it_too_so_that_only_the_counter_tells, host_set_up),
        cmocka_unit_test_setup(hides_late_events_from_an_old_protocol_version, host_set_up),
        cmocka_unit_test_setup(replaces_the_credit_by_fraud_when_the_note_is_fished_out,
                               host_set_up),
        cmocka_unit_test_setup(keeps_telling_a_jam_until_staff_clear_it, host_set_up),
        cmocka_unit_test_setup(gives_a_freed_note_back, host_set_up),
        cmocka_unit_test_setup(stacks_without_a_credit_after_a_safe_jam, host_set_up),
        cmocka_unit_test_setup(refuses_a_second_note_while_it_stacks_the_first, host_set_up),
        cmocka_unit_test_setup(takes_the_note_on_the_poll_after_a_refused_reject, host_set_up),
        cmocka_unit_test_setup(loses_one_reply_but_repeats_it, host_set_up),
        cmocka_unit_test_setup(starts_over_after_reset, host_set_up),
        cmocka_unit_test_setup(answers_the_line_requests_of_cdc, host_set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
