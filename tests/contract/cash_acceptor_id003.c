/*
 * What is ID-003's own: notes found at power-up, a credit that waits for ACK, and the bridge
 * between. Behind another bridge than the usual only this suite runs.
 */
#include "drivers/cash_acceptor/cash_acceptor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "contract/cash_rig.h"

static void takes_notes_without_a_mistake_on_the_line(void **state)
{
    struct cash_rig *rig = *state;
    const struct cash_acceptor_event *event = &rig->heard[rig->read_count - 1];
    long before = acceptor_number("protocol_errors");
    /* Longer than one packet of any bridge, and whole. */
    assert_string_equal(event->status.model,
                        "U(CHN)-05-SS ID003-03V216-35 23NOV26 A4C1 virtual unit of the t");
    enable_all(rig);
    take_note(rig, 100);
    take_note(rig, 10);
    rig_sim("note 50 --fake");
    expect(rig, CASH_EVENT_NOTE_REJECTED);
    assert_int_equal(acceptor_number("protocol_errors"), before);
}

static void finds_it_again_when_it_is_plugged_in_anew(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("unplug acceptor");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("plug acceptor");
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5);
}

static void a_lost_acknowledgement_is_said_again_and_credits_once(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault credit-again");
    take_note(rig, 100);
    take_note(rig, 5); /* taken, so the second ACK arrived */
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 2);
}

/* Power lost with a note there, by an acceptor of which this process knows nothing. */
static void leave_inside(struct cash_rig *rig, const char *place)
{
    rig_sim("acceptor power off");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("acceptor inside 100 %s", place);
    rig_sim("acceptor power on");
}

static const struct cash_acceptor_event *expect_found(struct cash_rig *rig, bool into_box)
{
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_RECOVERED);
    assert_int_equal(event->into_box, into_box);
    assert_int_equal(event->value_fen, 0);
    assert_int_equal(event->by_order, into_box);
    assert_int_equal(event->status.state, DEVICE_STARTING);
    return event;
}

/* Reset only after the acknowledgement: until then the next process hears of it too. */
static void a_note_found_inside_stays_where_it_is_until_it_is_in_the_books(void **state)
{
    static const struct {
        const char *lies, *ends;
        bool into_box;
    } ROWS[] = { { "reading", "returned", false },
                 { "escrow", "returned", false },
                 { "stacking", "box", true } };
    struct cash_rig *rig = *state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        long before_fen = fen_in(ROWS[i].ends);
        leave_inside(rig, ROWS[i].lies);
        expect_found(rig, ROWS[i].into_box);
        stop(rig);
        open_acceptor(rig);
        assert_true(expect_found(rig, ROWS[i].into_box)->repeated);
        rig_run_for(&rig->rig, 500);
        assert_int_equal(fen_in(ROWS[i].lies), 10000);
        cash_acceptor_acknowledge(rig->acceptor);
        expect_state(rig, DEVICE_READY);
        assert_int_equal(fen_in(ROWS[i].ends) - before_fen, 10000);
    }
}

static void a_note_that_nothing_is_said_of_is_told_by_nothing_but_ready(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor memory off");
    rig_sim("acceptor fault silent-stack");
    rig_sim("acceptor fail at box");
    escrow(rig, 100);
    cash_acceptor_stack(rig->acceptor);
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("acceptor power on");
    expect_state(rig, DEVICE_READY);
    rig_sim("acceptor memory on");
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_RETURNED), 0);
    take_note(rig, 5);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 1);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_RECOVERED), 0);
}

static void a_model_without_hold_keeps_the_note_by_being_asked(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault no-hold");
    escrow(rig, 100);
    rig_run_for(&rig->rig, 7000);
    assert_int_equal(fen_in("escrow"), 10000);
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, cash_rig_set_up, cash_rig_tear_down)

int main(int argc, char **argv)
{
    cash_rig_choose(argc, argv);
    const struct CMUnitTest line[] = {
        CONTRACT(takes_notes_without_a_mistake_on_the_line),
        CONTRACT(finds_it_again_when_it_is_plugged_in_anew),
        CONTRACT(a_lost_acknowledgement_is_said_again_and_credits_once),
    };
    const struct CMUnitTest notes[] = {
        CONTRACT(a_note_found_inside_stays_where_it_is_until_it_is_in_the_books),
        CONTRACT(a_note_that_nothing_is_said_of_is_told_by_nothing_but_ready),
        CONTRACT(a_model_without_hold_keeps_the_note_by_being_asked),
    };
    int failed = cmocka_run_group_tests(line, NULL, NULL);
    bool usual = strchr(cash_rig_driver(), '-') == NULL;
    return failed + (usual ? cmocka_run_group_tests(notes, NULL, NULL) : 0);
}
