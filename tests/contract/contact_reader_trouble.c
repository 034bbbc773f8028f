/*
 * What every driver of a contact card reader must bear, on the wire model: cards that cannot be
 * read, answers that are spoiled, a reader that leaves.
 */
#include "contract/contact_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"

/* ---- cards that cannot be read ---- */

static void expect_unreadable_once(struct contact_rig *rig, enum contact_reader_reason reason)
{
    expect_refused(rig, reason);
    rig_run_for(&rig->rig, 1500);
    assert_int_equal(count_heard(rig, CONTACT_READER_EVENT_UNREADABLE), 1);
    rig_sim("contact fault none");
    rig_sim("contact remove");
    expect(rig, CONTACT_READER_EVENT_CARD_GONE);
    rig_sim("contact insert sb-03");
    expect_card(rig, "339999197908200035");
}

static void a_card_of_another_kind_is_named_once_and_the_next_one_read(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert bank");
    expect_unreadable_once(rig, CONTACT_READER_OTHER);
}

static void a_locked_card_is_named(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-locked");
    expect_unreadable_once(rig, CONTACT_READER_LOCKED);
}

static void a_mute_card_is_named(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact fault mute");
    rig_sim("contact insert sb-01");
    expect_unreadable_once(rig, CONTACT_READER_MUTE);
}

static void a_card_with_a_broken_atr_is_named(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact fault bad-atr");
    rig_sim("contact insert sb-01");
    expect_unreadable_once(rig, CONTACT_READER_GARBLED);
}

static void a_card_pulled_out_while_being_read_is_named(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact fault pull");
    rig_sim("contact insert sb-01");
    expect_refused(rig, CONTACT_READER_PULLED);
    expect(rig, CONTACT_READER_EVENT_CARD_GONE);
    rig_sim("contact insert sb-01");
    expect_card(rig, "449999198803150019");
}

/* ---- trouble on the line ---- */

static void read_through(struct contact_rig *rig, const char *card, const char *number,
                         const char *fault)
{
    rig_sim("contact fault %s", fault);
    rig_sim("contact insert %s", card);
    expect_card(rig, number);
    rig_sim("contact remove");
    expect(rig, CONTACT_READER_EVENT_CARD_GONE);
    assert_non_null(strstr(rig_sim("state"), "\"fault\":\"none\"")); /* it did happen */
}

/* T=1 mends a spoilt block and waits for a slow card without a second reset. */
static void t1_mends_what_is_spoilt(void **state)
{
    static const char *const FAULTS[] = { "checksum", "waiting" };
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++) {
        long resets = sim_number("resets");
        read_through(rig, "sb-04", "449999199006050044", FAULTS[i]);
        assert_int_equal(sim_number("resets") - resets, 1);
    }
}

static void parity_errors_on_t0_are_read_over(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    read_through(rig, "sb-01", "449999198803150019", "checksum");
}

static void a_reader_that_needs_time_gets_it(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    long resets = sim_number("resets");
    read_through(rig, "sb-01", "449999198803150019", "extension");
    assert_int_equal(sim_number("resets") - resets, 1);
}

/* Whichever answer is spoiled, the card is read in the end. */
static void survives_one_spoiled_answer(void **state)
{
    static const char *const FAULTS[] = { "garbage", "surplus", "stale", "short", "stall" };
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++)
        read_through(rig, "sb-01", "449999198803150019", FAULTS[i]);
    assert_int_equal(count_heard(rig, CONTACT_READER_EVENT_UNREADABLE), 0);
}

static void expect_fault_and_recovery(struct contact_rig *rig, const char *fault)
{
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact fault %s", fault);
    const struct contact_reader_event *event = expect_state(rig, DEVICE_FAULT);
    assert_int_equal(event->status.problems, DEVICE_PROBLEM_COMMUNICATION);
    rig_sim("contact fault none");
    expect_state(rig, DEVICE_READY);
    rig_sim("contact insert sb-01");
    expect_card(rig, "449999198803150019");
}

static void a_silent_reader_is_a_fault_until_it_speaks(void **state)
{
    expect_fault_and_recovery(*state, "silent");
}

static void a_reader_that_never_stops_talking_is_a_fault(void **state)
{
    expect_fault_and_recovery(*state, "endless");
}

static void a_babbling_reader_is_connected_anew(void **state)
{
    expect_fault_and_recovery(*state, "babble");
}

/* ---- the bus ---- */

static void unplug_and_replug_heal_without_a_restart(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    for (int i = 0; i < 3; i++) {
        rig_sim("unplug contact");
        expect_state(rig, DEVICE_ABSENT);
        rig_sim("plug contact");
        expect_state(rig, DEVICE_READY);
    }
    rig_sim("contact insert sb-01");
    expect_card(rig, "449999198803150019");
}

static void unplugged_while_reading_it_says_absent(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-01");
    expect(rig, CONTACT_READER_EVENT_CARD_SEEN);
    rig_sim("unplug contact");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("plug contact");
    expect_state(rig, DEVICE_READY);
    expect_card(rig, "449999198803150019"); /* it is still in */
}

/* A visit that ends takes the power from the card and tells nothing more. */
static void a_reading_nobody_waits_for_ends(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact insert sb-01");
    expect(rig, CONTACT_READER_EVENT_CARD_SEEN);
    contact_reader_set_reading(rig->reader, false);
    rig_run_for(&rig->rig, 1500);
    assert_int_equal(count_heard(rig, CONTACT_READER_EVENT_CARD_READ), 0);
    assert_int_equal(count_heard(rig, CONTACT_READER_EVENT_UNREADABLE), 0);
    assert_non_null(strstr(rig_sim("state"), "\"powered\":false"));
}

/* Closing in the middle of a reading: no event after it, no thread left, no card left under power.
 */
static void close_is_prompt_and_silent(void **state)
{
    struct contact_rig *rig = *state;
    contact_reader_set_reading(rig->reader, true);
    rig_sim("contact fault extension");
    rig_sim("contact insert sb-01");
    expect(rig, CONTACT_READER_EVENT_CARD_SEEN);
    int64_t started_ms = clock_now_ms(&clock_system);
    contact_reader_close(rig->reader);
    int64_t took_ms = clock_now_ms(&clock_system) - started_ms;
    int heard = rig->heard_count;
    rig_run_for(&rig->rig, 300);
    assert_int_equal(rig->heard_count, heard);
    assert_true(took_ms < 5000); /* a second is meant; a loaded machine gets more */
    rig->reader = NULL;
    open_reader(rig, &CONTACT_MATCH, NULL, DEVICE_READY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(a_card_of_another_kind_is_named_once_and_the_next_one_read),
        CONTRACT(a_locked_card_is_named),
        CONTRACT(a_mute_card_is_named),
        CONTRACT(a_card_with_a_broken_atr_is_named),
        CONTRACT(a_card_pulled_out_while_being_read_is_named),
        CONTRACT(t1_mends_what_is_spoilt),
        CONTRACT(parity_errors_on_t0_are_read_over),
        CONTRACT(a_reader_that_needs_time_gets_it),
        CONTRACT(survives_one_spoiled_answer),
        CONTRACT(a_silent_reader_is_a_fault_until_it_speaks),
        CONTRACT(a_reader_that_never_stops_talking_is_a_fault),
        CONTRACT(a_babbling_reader_is_connected_anew),
        CONTRACT(unplug_and_replug_heal_without_a_restart),
        CONTRACT(unplugged_while_reading_it_says_absent),
        CONTRACT(a_reading_nobody_waits_for_ends),
        CONTRACT(close_is_prompt_and_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
