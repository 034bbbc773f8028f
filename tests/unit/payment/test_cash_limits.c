#include "cash_rig.h"

#include <string.h>

/* What is refused in advance, and what still arrives in escrow. */

static int open_ready(void **state)
{
    static struct rig rig;
    rig_open(&rig);
    rig_status(&rig, DEVICE_READY);
    rig_wait(&rig, 5000);
    *state = &rig;
    return 0;
}

static int close_all(void **state)
{
    rig_close(*state);
    return 0;
}

static struct note_terms exact(int64_t due_fen)
{
    return (struct note_terms){ .due_fen = due_fen,
                                .sum_fen_max = NOTE_NO_LIMIT,
                                .notes_max = NOTE_NO_LIMIT };
}

static struct note_terms limited(int64_t due_fen, int64_t sum_fen_max, int64_t notes_max)
{
    return (struct note_terms){ .due_fen = due_fen,
                                .surplus_is_kept = true,
                                .sum_fen_max = sum_fen_max,
                                .notes_max = notes_max };
}

static void assert_accepts(const struct rig *rig, int64_t least_fen, int64_t most_fen, int count)
{
    assert_true(rig->device.accepting);
    assert_int_equal(rig->device.accepted_count, count);
    assert_int_equal(rig->device.accepted_fen[0], least_fen);
    assert_int_equal(rig->device.accepted_fen[count - 1], most_fen);
}

static const struct cash_flow_event *last_heard(const struct rig *rig,
                                                enum cash_flow_event_kind kind)
{
    for (int i = rig->heard_count - 1; i >= 0; i--)
        if (rig->heard[i].kind == kind)
            return &rig->heard[i];
    fail_msg("nothing of kind %d was heard", (int)kind);
    return NULL;
}

static void reject(struct rig *rig, int64_t value_fen)
{
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_READING });
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_REJECTED,
                                                  .value_fen = value_fen,
                                                  .reason = CASH_REJECT_NOT_ACCEPTED });
}

static void opens_the_mouth_only_for_notes_up_to_what_is_owed(void **state)
{
    struct rig *rig = *state;
    const struct note_terms terms = exact(18000);
    rig_begin_with(rig, &terms);
    assert_accepts(rig, 100, 10000, 6);
    rig_insert(rig, 10000);
    assert_accepts(rig, 100, 5000, 5);
    rig_insert(rig, 5000);
    assert_accepts(rig, 100, 2000, 4);
    rig_insert(rig, 1000);
    rig_insert(rig, 2000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 18000);
    assert_int_equal(rig->device.box_count, 4);
}

static void tells_the_device_only_when_what_is_wanted_changes(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_insert(rig, 10000);
    assert_int_equal(rig->device.enabled, 1);
}

/* Goal: a device that forgot its inhibits, or was faster than they, does not get the note. */
static void gives_back_from_escrow_what_is_too_large(void **state)
{
    struct rig *rig = *state;
    const struct note_terms terms = exact(4000);
    rig_begin_with(rig, &terms);
    rig_escrow(rig, 10000);
    assert_int_equal(rig->device.return_calls, 1);
    assert_int_equal(rig->device.stack_calls, 0);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_ESCROWED), 0);
    const struct cash_flow_event *heard = last_heard(rig, CASH_FLOW_NOTE_UNWANTED);
    assert_int_equal(heard->answer, NOTE_TOO_LARGE);
    assert_int_equal(heard->value_fen, 10000);
    rig_finish_return(rig, CASH_REJECT_HOST);
    assert_accepts(rig, 100, 2000, 4);
    rig_insert(rig, 2000);
    rig_insert(rig, 2000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig->device.box_fen, 4000);
}

static void gives_back_from_escrow_a_denomination_that_is_off(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 20000); /* the rig's set ends at 100 yuan */
    assert_int_equal(rig->device.return_calls, 1);
    assert_int_equal(last_heard(rig, CASH_FLOW_NOTE_UNWANTED)->answer, NOTE_NOT_TAKEN);
    rig_finish_return(rig, CASH_REJECT_HOST);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_CREDITED), 0);
    assert_int_equal(rig->device.box_count, 0);
}

static void says_why_the_device_refused_a_note_also_without_its_value(void **state)
{
    struct rig *rig = *state;
    const struct note_terms terms = exact(4000);
    rig_begin_with(rig, &terms);
    reject(rig, 5000);
    assert_int_equal(last_heard(rig, CASH_FLOW_NOTE_BACK)->answer, NOTE_TOO_LARGE);
    reject(rig, 20000);
    assert_int_equal(last_heard(rig, CASH_FLOW_NOTE_BACK)->answer, NOTE_NOT_TAKEN);
    reject(rig, 0);
    assert_int_equal(last_heard(rig, CASH_FLOW_NOTE_BACK)->answer, NOTE_TOO_LARGE);
}

static void says_that_a_denomination_is_off_when_all_that_are_on_are_wanted(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    reject(rig, 0);
    assert_int_equal(last_heard(rig, CASH_FLOW_NOTE_BACK)->answer, NOTE_NOT_TAKEN);
}

static void takes_no_note_past_the_count_and_none_that_leads_there(void **state)
{
    struct rig *rig = *state;
    const struct note_terms terms = limited(25000, NOTE_NO_LIMIT, 4);
    rig_begin_with(rig, &terms);
    assert_accepts(rig, 100, 10000, 6); /* 1 + 100 + 100 + 50 would still do */
    rig_insert(rig, 100);
    assert_accepts(rig, 5000, 10000, 2);
    reject(rig, 2000);
    assert_int_equal(last_heard(rig, CASH_FLOW_NOTE_BACK)->answer, NOTE_PAST_LIMIT);
    rig_insert(rig, 5000);
    assert_accepts(rig, 10000, 10000, 1);
    rig_insert(rig, 10000);
    rig_insert(rig, 10000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig->device.box_count, 4);
}

static void takes_no_note_past_the_sum(void **state)
{
    struct rig *rig = *state;
    const struct note_terms terms = limited(25050, 26000, NOTE_NO_LIMIT);
    rig_begin_with(rig, &terms);
    rig_insert(rig, 10000);
    rig_insert(rig, 10000);
    assert_accepts(rig, 100, 5000, 5);
    rig_insert(rig, 5000);
    assert_accepts(rig, 100, 1000, 3);
    rig_insert(rig, 1000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_int_equal(rig->device.box_fen, 26000);
}

/* Goal: terms that changed under a payment never take one note more; what is in stays booked and
 * the flow says so, once. Method: terms that no note can meet from the start. */
static void takes_nothing_on_terms_that_no_notes_can_meet(void **state)
{
    struct rig *rig = *state;
    const struct note_terms terms = exact(4020);
    rig_begin_with(rig, &terms);
    assert_int_equal(rig_heard(rig, CASH_FLOW_LIMIT), 1);
    assert_false(rig->device.accepting);
    assert_int_equal(rig->device.enabled, 0);
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 1);
    assert_true(cash_flow_is_at_rest(&rig->flow));
}

/* Goal: the notes before a restart count. Method: the same transaction is begun again on terms that
 * leave one note. */
static void counts_notes_of_the_same_payment_from_the_journal(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 1000);
    rig_insert(rig, 1000);
    cash_flow_end(&rig->flow);
    struct note_terms terms = rig->flow.terms;
    terms.due_fen = 11000;
    terms.notes_max = 3;
    cash_flow_begin(&rig->flow, RIG_TXN, &terms);
    assert_accepts(rig, 10000, 10000, 1);
    rig_insert(rig, 10000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_ENDED), 2);
    assert_int_equal(rig->flow.inserted_notes, 3);
}

static void opens_again_for_what_is_wanted_when_the_device_comes_back(void **state)
{
    struct rig *rig = *state;
    const struct note_terms terms = exact(18000);
    rig_begin_with(rig, &terms);
    rig_insert(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    assert_false(rig->device.accepting);
    rig_status(rig, DEVICE_READY);
    assert_accepts(rig, 100, 5000, 5);
}

#define READY(test) cmocka_unit_test_setup_teardown(test, open_ready, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        READY(opens_the_mouth_only_for_notes_up_to_what_is_owed),
        READY(tells_the_device_only_when_what_is_wanted_changes),
        READY(gives_back_from_escrow_what_is_too_large),
        READY(gives_back_from_escrow_a_denomination_that_is_off),
        READY(says_why_the_device_refused_a_note_also_without_its_value),
        READY(says_that_a_denomination_is_off_when_all_that_are_on_are_wanted),
        READY(takes_no_note_past_the_count_and_none_that_leads_there),
        READY(takes_no_note_past_the_sum),
        READY(takes_nothing_on_terms_that_no_notes_can_meet),
        READY(counts_notes_of_the_same_payment_from_the_journal),
        READY(opens_again_for_what_is_wanted_when_the_device_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
