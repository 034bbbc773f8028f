/*
 * What every banknote acceptor driver must do, on the wire model of the acceptor.
 *
 * Each test begins with a powered, empty acceptor whose last credit is acknowledged, and ends by
 * leaving it so.
 */
#include "drivers/cash_acceptor/cash_acceptor.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "contract/cash_rig.h"

/* ---- the suite ---- */

static void names_itself_its_channels_and_counters_when_ready(void **state)
{
    struct cash_rig *rig = *state;
    const struct cash_acceptor_event *event = &rig->heard[rig->read_count - 1];
    assert_int_equal(event->channel_count, 5);
    assert_memory_equal(event->channel_value_fen, ALL_NOTES, sizeof ALL_NOTES);
    assert_int_equal(event->counters.known, has_trait(COUNTS));
    assert_true(strlen(event->status.serial) > 0);
}

static void takes_nothing_until_enabled(void **state)
{
    struct cash_rig *rig = *state;
    rig_sim("note 100");
    rig_run_for(&rig->rig, 800);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_ESCROWED), 0);
    enable_all(rig);
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_ESCROWED)->value_fen, 10000);
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
}

static void escrow_stack_credit_acknowledge_and_the_next_note(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    enable_all(rig);
    take_note(rig, 100);
    take_note(rig, 20);
    assert_int_equal(escrow(rig, 5), 500);
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
    expect_fen_in(rig, "box", before_fen + 12000);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 2);
}

static void the_counters_move_with_the_credit(void **state)
{
    struct cash_rig *rig = *state;
    needs(COUNTS);
    uint32_t before = rig->heard[rig->read_count - 1].counters.stacked;
    enable_all(rig);
    take_note(rig, 10);
    take_note(rig, 10); /* by the second credit the first is surely counted */
    expect(rig, CASH_EVENT_STATUS);
    assert_true(rig->heard[rig->read_count - 1].counters.stacked - before >= 1);
}

static void a_returned_note_is_never_credited(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    enable_all(rig);
    escrow(rig, 50);
    cash_acceptor_return_note(rig->acceptor);
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_RETURNED);
    assert_int_equal(event->reason, CASH_REJECT_HOST);
    rig_run_for(&rig->rig, 600);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 0);
    assert_int_equal(fen_in("box"), before_fen);
}

static void an_inhibited_note_comes_back(void **state)
{
    static const int64_t ONLY_HUNDREDS[] = { 10000 };
    struct cash_rig *rig = *state;
    cash_acceptor_enable(rig->acceptor, ONLY_HUNDREDS, 1);
    rig_sim("note 20");
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_REJECTED)->reason, CASH_REJECT_NOT_ACCEPTED);
    assert_int_equal(escrow(rig, 100), 10000);
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_ESCROWED), 1);
}

static void a_suspect_note_comes_back(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("note 100 --fake");
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_REJECTED)->reason, CASH_REJECT_NOT_RECOGNISED);
}

/* The device's own escrow time-out is 5 s; the driver holds beyond it. */
static void holds_a_note_longer_than_the_device_would(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    escrow(rig, 100);
    rig_run_for(&rig->rig, 7000);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_RETURNED), 0);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 0);
    assert_int_equal(fen_in("escrow"), 10000);
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
}

static void orders_without_a_note_do_nothing(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    cash_acceptor_stack(rig->acceptor);
    cash_acceptor_return_note(rig->acceptor);
    cash_acceptor_acknowledge(rig->acceptor);
    enable_all(rig);
    escrow(rig, 100);
    rig_run_for(&rig->rig, 800);
    assert_int_equal(fen_in("box"), before_fen); /* the stack() of before did not count for it */
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
}

static void a_note_it_cannot_stack_comes_back(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault cannot-stack");
    escrow(rig, 100);
    cash_acceptor_stack(rig->acceptor);
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_RETURNED)->reason, CASH_REJECT_FAULT);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 0);
}

static void a_note_on_a_string_is_fraud_and_no_credit(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault fraud");
    escrow(rig, 100);
    cash_acceptor_stack(rig->acceptor);
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_FRAUD)->value_fen, 10000);
    cash_acceptor_acknowledge(rig->acceptor);
    take_note(rig, 5);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 1);
}

static void a_jam_is_a_fault_until_it_is_cleared(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault jam");
    escrow(rig, 100);
    cash_acceptor_stack(rig->acceptor);
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, DEVICE_PROBLEM_JAM);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 0);
    rig_sim("acceptor clear-jam");
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5);
}

static void the_box_is_watched_also_while_idle(void **state)
{
    struct cash_rig *rig = *state;
    rig_sim("box remove");
    expect(rig, CASH_EVENT_BOX_REMOVED);
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, DEVICE_PROBLEM_BOX_REMOVED);
    rig_sim("box replace");
    expect(rig, CASH_EVENT_BOX_REPLACED);
    expect_state(rig, DEVICE_READY);
    assert_int_equal(count_heard(rig, CASH_EVENT_BOX_REMOVED), 1);
    assert_int_equal(count_heard(rig, CASH_EVENT_BOX_REPLACED), 1);
}

static void a_full_box_is_a_fault(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("box full");
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, DEVICE_PROBLEM_BOX_FULL);
    rig_sim("box replace");
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5); /* it was enabled again by itself */
}

/* ---- crashes and power cuts ---- */

/* A process that never saw the note hears what it was worth, or that it is the one told to stack.
 */
static void expect_credit_of_before(const struct cash_acceptor_event *event)
{
    assert_int_equal(event->value_fen, has_trait(NAMES_CREDIT) ? 10000 : 0);
    assert_int_equal(event->by_order, !has_trait(NAMES_CREDIT));
}

static void a_stop_before_the_acknowledgement_repeats_the_credit(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    enable_all(rig);
    escrow(rig, 100);
    cash_acceptor_stack(rig->acceptor);
    assert_false(expect(rig, CASH_EVENT_NOTE_STACKED)->repeated);
    for (int i = 0; i < 2; i++) {
        stop(rig);
        open_acceptor(rig);
        const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_STACKED);
        assert_true(event->repeated);
        expect_credit_of_before(event);
    }
    cash_acceptor_acknowledge(rig->acceptor);
    enable_all(rig);
    take_note(rig, 5); /* it takes notes again, so the acknowledgement arrived */
    expect_fen_in(rig, "box", before_fen + 10500);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 4);
}

static void an_acknowledged_credit_is_not_repeated(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    take_note(rig, 100);
    assert_int_equal(escrow(rig, 5), 500); /* only after the acknowledgement is a note taken in */
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
    stop(rig);
    open_acceptor(rig);
    expect_state(rig, DEVICE_READY);
    rig_run_for(&rig->rig, 600);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 1);
}

/*
 * A kiosk of its own that is killed the moment it hears what it waits for: nothing said in parting.
 */
static void die_when(enum cash_event_kind last_words)
{
    static struct cash_rig rig;
    rig_init(&rig.rig);
    open_acceptor(&rig);
    enable_all(&rig);
    expect(&rig, CASH_EVENT_NOTE_ESCROWED);
    if (last_words == CASH_EVENT_NOTE_STACKED) {
        cash_acceptor_stack(rig.acceptor);
        expect(&rig, CASH_EVENT_NOTE_STACKED);
    }
    raise(SIGKILL);
}

/* Leaves rig with a new session after the other kiosk has died with a note of 100 inside. */
static void let_another_die(struct cash_rig *rig, const char *when)
{
    int status = 0;
    stop(rig);
    rig_sim("note 100");
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "dying kiosk", cash_rig_driver(), when, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    open_acceptor(rig);
}

static void killed_with_a_note_in_escrow_the_next_start_gives_it_back(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    let_another_die(rig, "escrowed");
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_RETURNED)->reason, CASH_REJECT_HOST);
    expect_state(rig, DEVICE_READY); /* only once nothing of before is under way */
    assert_int_equal(fen_in("box"), before_fen);
    assert_int_equal(fen_in("escrow"), 0);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 0);
}

static void killed_after_the_credit_the_next_start_hears_of_it(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    let_another_die(rig, "stacked");
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_STACKED);
    assert_true(event->repeated);
    expect_credit_of_before(event);
    cash_acceptor_acknowledge(rig->acceptor);
    enable_all(rig);
    take_note(rig, 5);
    expect_fen_in(rig, "box", before_fen + 10500);
}

static void replugged_with_a_note_in_escrow_it_gives_the_note_back(void **state)
{
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    enable_all(rig);
    escrow(rig, 100);
    rig_sim("unplug acceptor");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("plug acceptor");
    expect_state(rig, DEVICE_READY);
    rig_run_for(&rig->rig, 600);
    assert_int_equal(fen_in("box"), before_fen);
    assert_int_equal(fen_in("escrow"), 0);
    take_note(rig, 5); /* and is enabled again by itself */
}

static void unplugged_while_stacking_the_credit_comes_after_the_replug(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    escrow(rig, 100);
    cash_acceptor_stack(rig->acceptor);
    rig_sim("note 5"); /* waits in the mouth; one round trip so that the order is on its way */
    expect(rig, CASH_EVENT_NOTE_STACKED);
    rig_sim("unplug acceptor");
    expect_state(rig, DEVICE_ABSENT);
    cash_acceptor_acknowledge(rig->acceptor);
    rig_sim("plug acceptor");
    assert_int_equal(expect(rig, CASH_EVENT_NOTE_ESCROWED)->value_fen, 500);
    cash_acceptor_return_note(rig->acceptor);
    expect(rig, CASH_EVENT_NOTE_RETURNED);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 1);
}

static void cut_power(struct cash_rig *rig, const char *place)
{
    rig_sim("acceptor fail at %s", place);
    enable_all(rig);
    rig_sim("note 100");
    if (strcmp(place, "escrow") != 0) {
        expect(rig, CASH_EVENT_NOTE_ESCROWED);
        cash_acceptor_stack(rig->acceptor);
    }
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("acceptor power on");
}

static void power_lost_while_stacking_the_note_is_recovered_into_the_box(void **state)
{
    struct cash_rig *rig = *state;
    cut_power(rig, "stacking");
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_RECOVERED);
    assert_true(event->into_box);
    assert_int_equal(event->value_fen, 10000);
    stop(rig);
    open_acceptor(rig);
    event = expect(rig, CASH_EVENT_NOTE_RECOVERED);
    assert_true(event->into_box);
    assert_true(event->repeated);
    cash_acceptor_acknowledge(rig->acceptor);
    enable_all(rig);
    take_note(rig, 5);
}

static void power_lost_in_escrow_the_note_is_recovered_at_the_front(void **state)
{
    struct cash_rig *rig = *state;
    cut_power(rig, "escrow");
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_NOTE_RECOVERED);
    assert_false(event->into_box);
    /* The power went before anybody had heard what it was. */
    assert_int_equal(event->value_fen, has_trait(NAMES_CREDIT) ? 10000 : 0);
    cash_acceptor_acknowledge(rig->acceptor);
    take_note(rig, 5);
}

/* ---- bad lines ---- */

static void survives_lost_and_spoiled_answers_without_a_wrong_credit(void **state)
{
    static const char *const FAULTS[] = { "drop", "checksum", "garbage" };
    struct cash_rig *rig = *state;
    long before_fen = fen_in("box");
    enable_all(rig);
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++) {
        rig_sim("acceptor fault %s", FAULTS[i]);
        assert_int_equal(escrow(rig, 100), 10000);
        rig_sim("acceptor fault %s", FAULTS[i]);
        cash_acceptor_stack(rig->acceptor);
        expect(rig, CASH_EVENT_NOTE_STACKED);
        rig_sim("acceptor fault %s", FAULTS[i]);
        cash_acceptor_acknowledge(rig->acceptor);
    }
    take_note(rig, 5);
    expect_fen_in(rig, "box", before_fen + 30500);
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_STACKED), 4);
}

static void an_event_of_a_later_version_is_refused_and_the_session_begun_anew(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault unknown-event");
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, DEVICE_PROBLEM_UNSUPPORTED);
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5);
}

static void a_silent_acceptor_is_a_fault_until_it_speaks(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    rig_sim("acceptor fault silent");
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems,
                     DEVICE_PROBLEM_COMMUNICATION);
    rig_sim("acceptor fault none");
    expect_state(rig, DEVICE_READY);
    take_note(rig, 5);
}

static void another_unit_is_noticed(void **state)
{
    struct cash_rig *rig = *state;
    rig_sim("unplug acceptor");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("acceptor serial 99887766");
    rig_sim("plug acceptor");
    const struct cash_acceptor_event *event = expect_state(rig, DEVICE_DEGRADED);
    assert_int_equal(event->status.problems, DEVICE_PROBLEM_SWAPPED);
    assert_string_equal(event->status.serial, "99887766");
}

/* ---- what it is and has counted, at the beginning and the end of accepting ---- */

static const struct cash_acceptor_event *expect_inspection(struct cash_rig *rig, uint32_t after)
{
    const struct cash_acceptor_event *event = expect(rig, CASH_EVENT_STATUS);
    while (!event->counters.is_final || event->counters.reading == after)
        event = expect(rig, CASH_EVENT_STATUS);
    return event;
}

static void reads_the_counters_anew_as_accepting_begins_and_ends(void **state)
{
    struct cash_rig *rig = *state;
    const struct cash_counters at_start = rig->heard[rig->read_count - 1].counters;
    rig_sim("acceptor stray 50");
    enable_all(rig);
    const struct cash_counters begun = expect_inspection(rig, at_start.reading)->counters;
    if (has_trait(COUNTS))
        assert_int_equal(begun.stacked, at_start.stacked + 1);
    take_note(rig, 100);
    cash_acceptor_disable(rig->acceptor);
    const struct cash_counters ended = expect_inspection(rig, begun.reading)->counters;
    if (has_trait(COUNTS))
        assert_int_equal(ended.stacked, begun.stacked + 1);
}

static void notices_as_accepting_begins_that_the_channels_are_others(void **state)
{
    struct cash_rig *rig = *state;
    assert_int_equal(rig->heard[rig->read_count - 1].channel_value_fen[0], 500);
    rig_sim("acceptor dataset reversed");
    enable_all(rig);
    const struct cash_acceptor_event *event = expect_inspection(rig, 0);
    assert_int_equal(event->channel_value_fen[0], 10000);
    assert_int_equal(event->channel_value_fen[4], 500);
    take_note(rig, 100);
    rig_sim("acceptor dataset usual");
}

static void notices_another_unit_as_accepting_begins_without_a_gap(void **state)
{
    struct cash_rig *rig = *state;
    needs(HAS_SERIAL);
    rig_sim("acceptor serial 11223344");
    enable_all(rig);
    assert_string_equal(expect_state(rig, DEVICE_DEGRADED)->status.serial, "11223344");
    assert_int_equal(count_heard(rig, CASH_EVENT_NOTE_READING), 0);
}

static void close_is_prompt_and_silent(void **state)
{
    struct cash_rig *rig = *state;
    enable_all(rig);
    escrow(rig, 100);
    int64_t started_ms = clock_now_ms(&clock_system);
    cash_acceptor_close(rig->acceptor);
    int64_t took_ms = clock_now_ms(&clock_system) - started_ms;
    int heard = rig->heard_count;
    rig_run_for(&rig->rig, 300);
    assert_int_equal(rig->heard_count, heard);
    assert_true(took_ms < 5000);           /* a second is meant; a loaded machine gets more */
    assert_int_equal(fen_in("escrow"), 0); /* the note was given back in parting */
    open_acceptor(rig);
    expect_state(rig, DEVICE_READY);
}

static void speaks_the_protocol_without_a_mistake(void **state)
{
    struct cash_rig *rig = *state;
    long before = acceptor_number("protocol_errors");
    enable_all(rig);
    take_note(rig, 100);
    take_note(rig, 10);
    cash_acceptor_disable(rig->acceptor);
    rig_run_for(&rig->rig, 300);
    assert_int_equal(acceptor_number("protocol_errors"), before);
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, cash_rig_set_up, cash_rig_tear_down)

int main(int argc, char **argv)
{
    cash_rig_choose(argc, argv);
    if (argc == 3)
        die_when(strcmp(argv[2], "stacked") == 0 ? CASH_EVENT_NOTE_STACKED
                                                 : CASH_EVENT_NOTE_ESCROWED);
    const struct CMUnitTest tests[] = {
        CONTRACT(names_itself_its_channels_and_counters_when_ready),
        CONTRACT(takes_nothing_until_enabled),
        CONTRACT(escrow_stack_credit_acknowledge_and_the_next_note),
        CONTRACT(the_counters_move_with_the_credit),
        CONTRACT(a_returned_note_is_never_credited),
        CONTRACT(an_inhibited_note_comes_back),
        CONTRACT(a_suspect_note_comes_back),
        CONTRACT(holds_a_note_longer_than_the_device_would),
        CONTRACT(orders_without_a_note_do_nothing),
        CONTRACT(a_note_it_cannot_stack_comes_back),
        CONTRACT(a_note_on_a_string_is_fraud_and_no_credit),
        CONTRACT(a_jam_is_a_fault_until_it_is_cleared),
        CONTRACT(the_box_is_watched_also_while_idle),
        CONTRACT(a_full_box_is_a_fault),
        CONTRACT(a_stop_before_the_acknowledgement_repeats_the_credit),
        CONTRACT(an_acknowledged_credit_is_not_repeated),
        CONTRACT(killed_with_a_note_in_escrow_the_next_start_gives_it_back),
        CONTRACT(killed_after_the_credit_the_next_start_hears_of_it),
        CONTRACT(replugged_with_a_note_in_escrow_it_gives_the_note_back),
        CONTRACT(unplugged_while_stacking_the_credit_comes_after_the_replug),
        CONTRACT(power_lost_while_stacking_the_note_is_recovered_into_the_box),
        CONTRACT(power_lost_in_escrow_the_note_is_recovered_at_the_front),
        CONTRACT(survives_lost_and_spoiled_answers_without_a_wrong_credit),
        CONTRACT(an_event_of_a_later_version_is_refused_and_the_session_begun_anew),
        CONTRACT(a_silent_acceptor_is_a_fault_until_it_speaks),
        CONTRACT(another_unit_is_noticed),
        CONTRACT(reads_the_counters_anew_as_accepting_begins_and_ends),
        CONTRACT(notices_as_accepting_begins_that_the_channels_are_others),
        CONTRACT(notices_another_unit_as_accepting_begins_without_a_gap),
        CONTRACT(close_is_prompt_and_silent),
        CONTRACT(speaks_the_protocol_without_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
