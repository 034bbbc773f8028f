/*
 * What every ID card reader driver must do, on the wire model of the reader.
 */
#include "drivers/id_reader/id_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "contract/rig.h"
#include "drivers/id_reader/sam/sam.h"

#define HEARD_MAX 256

struct reader_rig {
    struct rig rig;
    struct id_reader *reader;
    struct id_reader_event heard[HEARD_MAX];
    int heard_count, read_count; /* read: already looked at by the test */
    enum id_reader_event_kind wanted;
    enum device_state wanted_state;
};

static const struct device_match MATCH = {
    .driver = "sam", .vid = 0x0400, .pid = 0xC35A, .interface_class = -1, .interface_subclass = -1
};

static void hear(void *context, const struct id_reader_event *event)
{
    struct reader_rig *rig = context;
    assert_true(rig->heard_count < HEARD_MAX);
    rig->heard[rig->heard_count++] = *event;
}

static bool has_heard_kind(void *context)
{
    struct reader_rig *rig = context;
    while (rig->read_count < rig->heard_count)
        if (rig->heard[rig->read_count++].kind == rig->wanted)
            return true;
    return false;
}

/* The next event of this kind; those before it are skipped. */
static const struct id_reader_event *expect(struct reader_rig *rig, enum id_reader_event_kind kind)
{
    rig->wanted = kind;
    if (!rig_run_until(&rig->rig, has_heard_kind, rig))
        fail_msg("event %d did not come", (int)kind);
    return &rig->heard[rig->read_count - 1];
}

static bool has_heard_state(void *context)
{
    struct reader_rig *rig = context;
    while (rig->read_count < rig->heard_count) {
        const struct id_reader_event *event = &rig->heard[rig->read_count++];
        if (event->kind == ID_READER_EVENT_STATUS && event->status.state == rig->wanted_state)
            return true;
    }
    return false;
}

static const struct id_reader_event *expect_state(struct reader_rig *rig, enum device_state state)
{
    rig->wanted_state = state;
    if (!rig_run_until(&rig->rig, has_heard_state, rig))
        fail_msg("state %s did not come", device_state_name(state));
    return &rig->heard[rig->read_count - 1];
}

static int count_heard(const struct reader_rig *rig, enum id_reader_event_kind kind)
{
    int count = 0;
    for (int i = 0; i < rig->heard_count; i++)
        count += rig->heard[i].kind == kind;
    return count;
}

static void expect_card(struct reader_rig *rig, const char *number)
{
    assert_string_equal(expect(rig, ID_READER_EVENT_CARD_READ)->card.number, number);
}

static int set_up(void **state)
{
    static struct reader_rig rig;
    memset(&rig, 0, sizeof rig);
    rig_init(&rig.rig);
    rig.reader = sam_open(&MATCH, &rig.rig.queue, hear, &rig);
    *state = &rig;
    if (rig.reader == NULL)
        return -1;
    expect_state(&rig, DEVICE_READY);
    return 0;
}

static int tear_down(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_close(rig->reader);
    rig_deinit(&rig->rig);
    rig_sim("fault reader none");
    rig_sim("reader refind off");
    if (strstr(rig_sim("state"), "\"card\": null") == NULL &&
        strstr(rig_sim("state"), "\"card\":null") == NULL)
        rig_sim("remove-card");
    return 0;
}

/* ---- the suite ---- */

static void names_itself_when_ready(void **state)
{
    struct reader_rig *rig = *state;
    const struct device_status *status = &rig->heard[rig->read_count - 1].status;
    assert_string_equal(status->serial, "05.03-20260101-0000004711-0099000001");
    assert_int_equal(status->problems, 0);
}

static void reads_a_card_once(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-01");
    expect(rig, ID_READER_EVENT_CARD_SEEN);
    const struct id_reader_event *event = expect(rig, ID_READER_EVENT_CARD_READ);
    assert_string_equal(event->card.name, "李明轩");
    assert_string_equal(event->card.number, "449999198803150019");
    assert_int_equal(event->card.birth, 19880315);
    rig_run_for(&rig->rig, 1500);
    assert_int_equal(count_heard(rig, ID_READER_EVENT_CARD_READ), 1);
}

static void reads_nothing_until_asked(void **state)
{
    struct reader_rig *rig = *state;
    rig_sim("insert-card id-01");
    rig_run_for(&rig->rig, 1000);
    assert_int_equal(count_heard(rig, ID_READER_EVENT_CARD_SEEN), 0);
    id_reader_set_reading(rig->reader, true);
    expect_card(rig, "449999198803150019");
}

static void tells_when_the_card_is_taken_away(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-01");
    expect_card(rig, "449999198803150019");
    rig_sim("remove-card");
    expect(rig, ID_READER_EVENT_CARD_GONE);
    rig_sim("insert-card id-03");
    expect_card(rig, "339999197908200035");
}

static void tells_it_too_where_a_read_card_is_found_again(void **state)
{
    struct reader_rig *rig = *state;
    rig_sim("reader refind on");
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-01");
    expect_card(rig, "449999198803150019");
    rig_run_for(&rig->rig, 1500);
    assert_int_equal(count_heard(rig, ID_READER_EVENT_CARD_READ), 1);
    assert_int_equal(count_heard(rig, ID_READER_EVENT_CARD_GONE), 0);
    rig_sim("remove-card");
    expect(rig, ID_READER_EVENT_CARD_GONE);
}

static void a_new_visit_reads_the_card_that_still_lies_there(void **state)
{
    struct reader_rig *rig = *state;
    rig_sim("reader refind on");
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-01");
    expect_card(rig, "449999198803150019");
    id_reader_set_reading(rig->reader, false);
    rig_run_for(&rig->rig, 500);
    id_reader_set_reading(rig->reader, true);
    expect_card(rig, "449999198803150019");
}

static void the_newest_address_wins(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-05");
    const struct id_reader_event *event = expect(rig, ID_READER_EVENT_CARD_READ);
    assert_string_equal(event->card.name, "张䶮");
    assert_string_equal(event->card.address, "浙江省虚构市样本区新居大道100号7幢1单元1203室");
}

static void a_permit_is_told_apart(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-06");
    assert_int_equal(expect(rig, ID_READER_EVENT_CARD_READ)->card.kind, IDENTITY_HMT_PERMIT);
}

/* One failed read is mended by the driver's own next try. */
static void a_card_moved_once_is_read_all_the_same(void **state)
{
    struct reader_rig *rig = *state;
    rig_sim("fault reader move");
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-01");
    expect_card(rig, "449999198803150019");
    assert_int_equal(count_heard(rig, ID_READER_EVENT_UNREADABLE), 0);
}

static void expect_unreadable(struct reader_rig *rig, const char *fault,
                              enum id_reader_reason reason)
{
    rig_sim("fault reader %s", fault);
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-01");
    assert_int_equal(expect(rig, ID_READER_EVENT_UNREADABLE)->reason, reason);
    rig_run_for(&rig->rig, 1200);
    assert_int_equal(count_heard(rig, ID_READER_EVENT_UNREADABLE), 1);
    rig_sim("fault reader none");
    rig_sim("remove-card");
    expect(rig, ID_READER_EVENT_CARD_GONE);
    rig_sim("insert-card id-03");
    expect_card(rig, "339999197908200035");
}

static void a_bad_card_is_named_once_and_the_next_one_read(void **state)
{
    expect_unreadable(*state, "forged", ID_READER_BAD_CARD);
}

static void a_rejected_card_is_a_bad_card(void **state)
{
    expect_unreadable(*state, "rejected", ID_READER_BAD_CARD);
}

static void another_kind_of_card_is_named(void **state)
{
    expect_unreadable(*state, "foreign", ID_READER_WRONG_CARD);
}

/* The first answer after this is spoiled; whichever it is, the card is read in the end. */
static void survives_one_spoiled_answer(void **state)
{
    static const char *const FAULTS[] = { "garbage", "checksum", "short", "stall" };
    struct reader_rig *rig = *state;
    rig_sim("reader refind on"); /* removal is then noticed at once */
    id_reader_set_reading(rig->reader, true);
    for (size_t i = 0; i < sizeof FAULTS / sizeof FAULTS[0]; i++) {
        rig_sim("fault reader %s", FAULTS[i]);
        rig_run_for(&rig->rig, 500);
        rig_sim("insert-card id-01");
        expect_card(rig, "449999198803150019");
        rig_sim("remove-card");
        expect(rig, ID_READER_EVENT_CARD_GONE);
    }
}

static void expect_fault_and_recovery(struct reader_rig *rig, const char *fault,
                                      enum device_problem problem)
{
    rig_sim("fault reader %s", fault);
    id_reader_set_reading(rig->reader, true);
    assert_int_equal(expect_state(rig, DEVICE_FAULT)->status.problems, problem);
    rig_sim("fault reader none");
    expect_state(rig, DEVICE_READY);
    rig_sim("insert-card id-01");
    expect_card(rig, "449999198803150019");
}

static void a_silent_reader_is_a_fault_until_it_speaks(void **state)
{
    expect_fault_and_recovery(*state, "silent", DEVICE_PROBLEM_COMMUNICATION);
}

static void a_reader_that_never_stops_talking_is_a_fault(void **state)
{
    expect_fault_and_recovery(*state, "endless", DEVICE_PROBLEM_COMMUNICATION);
}

static void an_unauthorised_module_is_a_fault(void **state)
{
    expect_fault_and_recovery(*state, "locked", DEVICE_PROBLEM_AUTHORISATION);
}

static void unplug_and_replug_heal_without_a_restart(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    for (int i = 0; i < 3; i++) {
        rig_sim("unplug reader");
        expect_state(rig, DEVICE_ABSENT);
        rig_sim("plug reader");
        expect_state(rig, DEVICE_READY);
    }
    rig_sim("insert-card id-01");
    expect_card(rig, "449999198803150019");
}

static void unplugged_while_reading_it_says_absent(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-01");
    expect(rig, ID_READER_EVENT_CARD_SEEN);
    rig_sim("unplug reader");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("plug reader");
    expect_state(rig, DEVICE_READY);
}

static void finds_the_other_framing_after_a_change_of_reader(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    rig_sim("unplug reader");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("reader framing b");
    rig_sim("plug reader");
    expect_state(rig, DEVICE_READY);
    rig_sim("insert-card id-01");
    expect_card(rig, "449999198803150019");
    rig_sim("unplug reader");
    expect_state(rig, DEVICE_ABSENT);
    rig_sim("reader framing a");
    rig_sim("plug reader");
    expect_state(rig, DEVICE_READY);
}

/* Closing in the middle of a read, several times over: no event after it, no thread left waiting.
 */
static void close_is_prompt_and_silent(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    rig_sim("insert-card id-01");
    expect(rig, ID_READER_EVENT_CARD_SEEN);
    int64_t started_ms = clock_now_ms(&clock_system);
    id_reader_close(rig->reader);
    int64_t took_ms = clock_now_ms(&clock_system) - started_ms;
    int heard = rig->heard_count;
    rig_run_for(&rig->rig, 300);
    assert_int_equal(rig->heard_count, heard);
    assert_true(took_ms < 5000); /* a second is meant; a loaded machine gets more */
    rig->reader = sam_open(&MATCH, &rig->rig.queue, hear, rig);
    assert_non_null(rig->reader);
    expect_state(rig, DEVICE_READY);
}

static void speaks_the_protocol_without_a_mistake(void **state)
{
    struct reader_rig *rig = *state;
    id_reader_set_reading(rig->reader, true);
    const char *before = strstr(rig_sim("state"), "\"reader\"");
    assert_non_null(before);
    long errors = strtol(strstr(before, "protocol_errors") + 17, NULL, 10);
    rig_sim("insert-card id-01");
    expect_card(rig, "449999198803150019");
    const char *after = strstr(rig_sim("state"), "\"reader\"");
    assert_int_equal(strtol(strstr(after, "protocol_errors") + 17, NULL, 10), errors);
}

#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTRACT(names_itself_when_ready),
        CONTRACT(reads_a_card_once),
        CONTRACT(reads_nothing_until_asked),
        CONTRACT(tells_when_the_card_is_taken_away),
        CONTRACT(tells_it_too_where_a_read_card_is_found_again),
        CONTRACT(a_new_visit_reads_the_card_that_still_lies_there),
        CONTRACT(the_newest_address_wins),
        CONTRACT(a_permit_is_told_apart),
        CONTRACT(a_card_moved_once_is_read_all_the_same),
        CONTRACT(a_bad_card_is_named_once_and_the_next_one_read),
        CONTRACT(a_rejected_card_is_a_bad_card),
        CONTRACT(another_kind_of_card_is_named),
        CONTRACT(survives_one_spoiled_answer),
        CONTRACT(a_silent_reader_is_a_fault_until_it_speaks),
        CONTRACT(a_reader_that_never_stops_talking_is_a_fault),
        CONTRACT(an_unauthorised_module_is_a_fault),
        CONTRACT(unplug_and_replug_heal_without_a_restart),
        CONTRACT(unplugged_while_reading_it_says_absent),
        CONTRACT(finds_the_other_framing_after_a_change_of_reader),
        CONTRACT(close_is_prompt_and_silent),
        CONTRACT(speaks_the_protocol_without_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
