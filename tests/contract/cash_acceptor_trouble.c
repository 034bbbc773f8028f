/*
 * The other half of the contract: a device that refuses, forgets to tell, jams or begins anew.
 *
 * No note may be taken that the kiosk wanted back, none may be told as returned that was not, and
 * whatever the device leaves unsaid, the acceptor takes notes again in the end.
 */
#include "drivers/cash_acceptor/cash_acceptor.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "contract/cash_rig.h"

#define SOME_ROUNDS_MS 2500 /* of keeping a note in escrow */

/* ---- a refused REJECT ---- */

static void a_note_it_refuses_to_give_back_is_never_taken_instead(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("acceptor fault reject-refused");
    cash_acceptor_return_note(rig->acceptor);
    rig_run_for(&rig->rig, SOME_ROUNDS_MS);
    assert_int_equal(fen_in("escrow"), 10000);
    rig_sim("acceptor fault none");
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_RETURNED)->value_fen, 10000);
    assert_int_equal(fen_in("box"), before_fen);
    take_note(rig, 5);
}

static void a_leftover_it_refuses_to_give_back_is_never_taken_instead(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("unplug acceptor");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("acceptor fault reject-refused");
    rig_sim("plug acceptor");
    expect_state(rig, DEVICE_STARTING);
    rig_run_for(&rig->rig, SOME_ROUNDS_MS);
    assert_int_equal(fen_in("escrow"), 10000);
    rig_sim("acceptor fault none");
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_RETURNED)->value_fen, 10000);
    expect_state(rig, DEVICE_READY);
    assert_int_equal(fen_in("box"), before_fen);
    take_note(rig, 5);
}

/* Left in silence a device gives the note back by itself. */
static void a_note_it_never_gives_back_on_request_comes_back_in_the_end(void **state)
{
    struct cash_rig *rig = *state;
    needs(ACCEPTS_BY_POLL);
    long before_fen = fen_in("box");
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("acceptor fault reject-refused");
    cash_acceptor_return_note(rig->acceptor);
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_RETURNED);
    assert_int_equal(event->value_fen, 10000);
    assert_int_equal(event->reason, CASH_REJECT_HOST);
    assert_int_equal(fen_in("box"), before_fen);
    rig_sim("acceptor fault none");
    take_note(rig, 5);
}

static void without_hold_a_leftover_it_refuses_to_give_back_is_waited_out(void **state)
{
    struct cash_rig *rig = *state;
    needs(ACCEPTS_BY_POLL);
    long before_fen = fen_in("box");
    enable_all(rig);
    rig_sim("acceptor fault no-hold");
    escrow(rig, 100);
    rig_run_for(&rig->rig, SOME_ROUNDS_MS); /* it is kept all the same */
    assert_int_equal(fen_in("escrow"), 10000);
    rig_sim("unplug acceptor");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("acceptor fault reject-refused");
    rig_sim("plug acceptor");
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_RETURNED)->value_fen, 10000);
    assert_int_equal(fen_in("box"), before_fen);
    rig_sim("acceptor fault none");
    take_note(rig, 5);
}

/* ---- what is left unsaid ---- */

static void a_reject_answered_without_a_note_does_not_hold_up_the_start(void **state)
{
    struct cash_rig *rig = *state;
    needs(ACCEPTS_BY_POLL);
    stop(rig);
    rig_sim("acceptor fault reject-echo");
    open_acceptor(rig);
    enable_all(rig);
    expect_state(rig, DEVICE_READY);
    take_note(rig, 20);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_RETURNED), 0);
}

static void a_return_it_never_reports_ends_in_a_new_start(void **state)
{
    struct cash_rig *rig = *state;
    needs(ACCEPTS_BY_POLL);
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("acceptor fault silent-return");
    cash_acceptor_return_note(rig->acceptor);
    expect_state(rig, DEVICE_STARTING);
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 1);
}

static void a_credit_it_never_reports_ends_in_a_new_start_that_counts_it(void **state)
{
    struct cash_rig *rig = *state;
    uint32_t before = rig->heard[rig->read_count - 1].counters.stacked;
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("acceptor fault silent-stack");
    cash_acceptor_stack(rig->acceptor);
    expect_state(rig, DEVICE_STARTING);
    const struct cash_acceptor_event *event = expect_state(rig, DEVICE_READY);
    if (has_trait(COUNTS))
        assert_int_equal(event->counters.stacked, before + 1);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_RETURNED), 0);
    take_note(rig, 5);
}

static void a_note_that_vanishes_while_being_read_does_not_keep_the_mouth_open(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault silent-read");
    rig_sim("note 100");
    expect(rig, CASH_EVENT_NOTE_READING);
    cash_acceptor_disable(rig->acceptor);
    for (int i = 0; i < 50 && acceptor_number("\"inhibits\"") != 0; i++)
        rig_run_for(&rig->rig, 100);
    assert_int_equal(acceptor_number("\"inhibits\""), 0);
}

/* ---- a device that begins anew ---- */

static void a_reset_of_its_own_is_a_start_like_any_other(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    escrow(rig, 5);
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
    rig_sim("acceptor reset");
    expect_state(rig, DEVICE_STARTING);
    expect_state(rig, DEVICE_READY);
    take_note(rig, 10);
}

static void a_reset_with_a_note_in_escrow_gives_up_the_note(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("acceptor reset");
    expect_state(rig, DEVICE_STARTING);
    assert_false(expect(rig, CASH_EVENT_NOTE_RECOVERED)->into_box);
    cash_acceptor_acknowledge(rig->acceptor);
    expect_state(rig, DEVICE_READY);
    assert_int_equal(fen_in("box"), before_fen);
    rig_sim("note 5 --fake"); /* and the next one's way is not taken for that of the first */
    expect(rig, CASH_EVENT_NOTE_REJECTED);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_RETURNED), 0);
}

/* ---- notes on their way to the box ---- */

static void a_second_note_refused_at_the_mouth_is_not_the_one_being_stacked(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("acceptor fault second-note");
    cash_acceptor_stack(rig->acceptor);
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_REJECTED)->reason, CASH_REJECT_SECOND_NOTE);
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_STACKED);
    assert_int_equal(event->value_fen, 10000);
    assert_false(event->repeated);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_RETURNED), 0);
    cash_acceptor_acknowledge(rig->acceptor);
    take_note(rig, 5);
}

static void a_note_freed_from_a_jam_is_returned_and_not_rejected(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("acceptor fault jam");
    cash_acceptor_stack(rig->acceptor);
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, DEVICE_PROBLEM_JAM);
    rig_sim("acceptor clear-jam back");
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_RETURNED);
    assert_int_equal(event->value_fen, 10000);
    assert_int_equal(event->reason, CASH_REJECT_FAULT);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_REJECTED), 0);
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5);
}

static void after_a_jam_it_starts_anew_and_reads_the_counters(void **state)
{
    struct cash_rig *rig = *state;
    uint32_t before = rig->heard[rig->read_count - 1].counters.stacked;
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("acceptor fault safe-jam");
    cash_acceptor_stack(rig->acceptor);
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, DEVICE_PROBLEM_JAM);
    expect_state(rig, DEVICE_STARTING);
    const struct cash_acceptor_event *event = expect_state(rig, DEVICE_READY);
    if (has_trait(COUNTS))
        assert_int_equal(event->counters.stacked, before + 1);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 0);
    take_note(rig, 5);
}

static void an_open_path_is_a_fault_until_it_is_closed(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault path-open");
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, DEVICE_PROBLEM_COVER_OPEN);
    rig_sim("acceptor fault none");
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5);
}

static void is_starting_for_as_long_as_the_device_says_so(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault initialising");
    expect_state(rig, DEVICE_STARTING);
    rig_sim("note 100");
    rig_run_for(&rig->rig, 1500);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_ESCROWED), 0);
    rig_sim("take-back");
    rig_sim("acceptor fault none");
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5);
}

static void a_word_about_inhibited_channels_changes_nothing(void **state)
{
    struct cash_rig *rig = *state;
    needs(ACCEPTS_BY_POLL);
    rig_sim("acceptor fault all-inhibited");
    enable_all(rig);
    take_note(rig, 5);
}

static void a_model_that_could_lose_a_credit_is_refused(void **state)
{
    struct cash_rig *rig = *state;
    needs(ACCEPTS_BY_POLL);
    enable_all(rig);
    rig_sim("acceptor fault no-ack");
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, DEVICE_PROBLEM_UNSUPPORTED);
    rig_sim("note 100");
    rig_run_for(&rig->rig, 1500);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_ESCROWED), 0);
    rig_sim("take-back");
    rig_sim("acceptor fault none");
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, cash_rig_set_up, cash_rig_tear_down)

int main(int argc, char **argv)
{
    cash_rig_choose(argc, argv);
    const struct CMUnitTest tests[] = {
        CONTRACT(a_note_it_refuses_to_give_back_is_never_taken_instead),
        CONTRACT(a_leftover_it_refuses_to_give_back_is_never_taken_instead),
        CONTRACT(a_note_it_never_gives_back_on_request_comes_back_in_the_end),
        CONTRACT(without_hold_a_leftover_it_refuses_to_give_back_is_waited_out),
        CONTRACT(a_reject_answered_without_a_note_does_not_hold_up_the_start),
        CONTRACT(a_return_it_never_reports_ends_in_a_new_start),
        CONTRACT(a_credit_it_never_reports_ends_in_a_new_start_that_counts_it),
        CONTRACT(a_note_that_vanishes_while_being_read_does_not_keep_the_mouth_open),
        CONTRACT(a_reset_of_its_own_is_a_start_like_any_other),
        CONTRACT(a_reset_with_a_note_in_escrow_gives_up_the_note),
        CONTRACT(a_second_note_refused_at_the_mouth_is_not_the_one_being_stacked),
        CONTRACT(a_note_freed_from_a_jam_is_returned_and_not_rejected),
        CONTRACT(after_a_jam_it_starts_anew_and_reads_the_counters),
        CONTRACT(an_open_path_is_a_fault_until_it_is_closed),
        CONTRACT(is_starting_for_as_long_as_the_device_says_so),
        CONTRACT(a_word_about_inhibited_channels_changes_nothing),
        CONTRACT(a_model_that_could_lose_a_credit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
