/* A journal that refuses, events about another note than the one expected, and another device. */
#include "cash_rig.h"

#include <string.h>

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

static const struct cash_flow_event *last_heard(const struct rig *rig)
{
    assert_true(rig->heard_count > 0);
    return &rig->heard[rig->heard_count - 1];
}

static enum status settle(struct rig *rig)
{
    struct settle_record record;
    return settle_transaction(rig->journal, RIG_TXN, SETTLE_INTERRUPTED, "999900", "000003",
                              &rig->clock.clock, &record);
}

/* ---- the journal refuses ---- */

static void says_at_once_that_a_note_inside_is_not_recorded_yet(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_fill_disk(rig);
    rig_finish_stacking(rig);
    assert_int_equal(last_heard(rig)->kind, CASH_FLOW_NOT_RECORDED);
    assert_int_equal(last_heard(rig)->value_fen, 10000);
    assert_int_equal(last_heard(rig)->inserted_fen, 0);
    rig_wait(rig, 60000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOT_RECORDED), 1);
    cash_flow_end(&rig->flow);
    rig_free_disk(rig);
    rig_wait(rig, 40000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_TAKEN), 1);
    assert_int_equal(last_heard(rig)->kind, CASH_FLOW_ENDED);
    assert_int_equal(last_heard(rig)->inserted_fen, 10000);
}

static void says_that_a_note_came_back_when_even_that_cannot_be_recorded(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_fill_disk(rig);
    rig_finish_return(rig, CASH_REJECT_FAULT);
    assert_int_equal(last_heard(rig)->kind, CASH_FLOW_JOURNAL_FAILED);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOT_RECORDED), 0);
    rig_free_disk(rig);
    rig_wait(rig, 40000);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 1);
    assert_false(rig->device.accepting);
}

static void hears_a_device_that_repeats_itself_while_the_journal_is_down(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_fill_disk(rig);
    rig_finish_stacking(rig);
    for (int i = 0; i < 3 * CASH_CLAIMS_MAX; i++) {
        rig_event(rig, &rig->device.unacked);
        rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_RECOVERED });
    }
    assert_int_equal(rig->flow.claim_count, 1);
    for (int i = 0; i < 3 * CASH_CLAIMS_MAX; i++)
        rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_RETURNED,
                                                      .value_fen = 100 * (i + 1) });
    rig_free_disk(rig);
    rig_wait(rig, 40000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_int_equal(rig_units(rig), 1);
    assert_false(rig->device.has_unacked);
}

/* ---- the last note cannot be read at the start ---- */

static void restart_with_a_full_disk(struct rig *rig)
{
    rig->is_full_at_start = true;
    rig_restart(rig);
    assert_true(cash_flow_is_recovering(&rig->flow));
}

static void free_disk(struct rig *rig)
{
    rig_free_disk(rig);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
}

static void books_the_return_told_while_the_last_note_could_not_be_read(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    restart_with_a_full_disk(rig);
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig->device.escrow_fen = rig->device.moving_fen;
    rig->device.moving_fen = 0;
    rig_finish_return(rig, CASH_REJECT_HOST);
    rig_wait(rig, 10000);
    assert_true(cash_flow_is_recovering(&rig->flow));
    free_disk(rig);
    rig_wait(rig, 40000);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 1);
    assert_false(cash_flow_is_recovering(&rig->flow));
    assert_int_equal(settle(rig), STATUS_OK);
}

static void looks_for_the_note_as_soon_as_the_journal_can_be_read(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    restart_with_a_full_disk(rig);
    rig_wait(rig, 10 * CASH_SEARCH_MS_MAX);
    assert_true(cash_flow_is_recovering(&rig->flow));
    free_disk(rig);
    rig_wait(rig, 10000);
    rig_status(rig, DEVICE_READY);
    rig_finish_stacking(rig);
    rig_wait(rig, 10000);
    assert_false(cash_flow_is_recovering(&rig->flow));
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_int_equal(settle(rig), STATUS_OK);
}

static void lets_the_counter_speak_once_the_journal_can_be_read(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    restart_with_a_full_disk(rig);
    rig->device.stacked++;
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 10000);
    free_disk(rig);
    rig_wait(rig, 35000);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_NOTE_CREDITED), "\"by\":\"counter\""));
}

static void is_free_again_when_no_note_is_missing_after_all(void **state)
{
    struct rig *rig = *state;
    restart_with_a_full_disk(rig);
    rig_wait(rig, 60000);
    assert_true(cash_flow_is_recovering(&rig->flow));
    free_disk(rig);
    rig_wait(rig, 10000);
    assert_false(cash_flow_is_recovering(&rig->flow));
    assert_true(cash_flow_is_at_rest(&rig->flow));
    assert_int_equal(cash_flow_next_deadline_ms(&rig->flow), INT64_MAX);
}

static void knows_the_way_of_a_note_whose_refused_entry_was_durable_after_all(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_fill_disk(rig);
    rig_escrow(rig, 10000);
    rig_finish_return(rig, CASH_REJECT_HOST);
    cash_flow_end(&rig->flow);
    assert_true(cash_flow_is_recovering(&rig->flow));
    free_disk(rig);
    struct journal_draft durable = { .kind = JOURNAL_NOTE_ESCROWED,
                                     .txn = RIG_TXN,
                                     .body = "{\"value\":10000,\"acceptor\":\"5F0021\"}" };
    assert_int_equal(journal_append(rig->journal, &durable, NULL), STATUS_OK);
    assert_int_equal(settle(rig), STATUS_BUSY);
    rig_wait(rig, 10000);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 1);
    assert_int_equal(settle(rig), STATUS_OK);
}

static void puts_no_note_on_top_of_one_that_is_not_resolved(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    struct journal_draft unresolved = { .kind = JOURNAL_NOTE_ESCROWED,
                                        .txn = RIG_TXN,
                                        .body = "{\"value\":5000,\"acceptor\":\"5F0021\"}" };
    assert_int_equal(journal_append(rig->journal, &unresolved, NULL), STATUS_OK);
    rig->flow.note_is_stale = true;
    rig_escrow(rig, 5000);
    assert_int_equal(rig->device.stack_calls, 0);
    assert_int_equal(rig->device.return_calls, 1);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_ESCROWED), 1);
    assert_int_equal(rig_heard(rig, CASH_FLOW_JOURNAL_FAILED), 1);
    rig_finish_return(rig, CASH_REJECT_HOST);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 0);
    rig_wait(rig, 2 * CASH_SEARCH_MS_MAX);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 1);
}

/* ---- another note ---- */

/* The device restarted in mid-stacking, swallowed the note and knows nothing of it. */
static void swallow_silently(struct rig *rig)
{
    rig->device.box_count++;
    rig->device.box_fen += rig->device.moving_fen;
    rig->device.moving_fen = 0;
}

static void feed_another(struct rig *rig, int64_t value_fen)
{
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_READING });
    rig->device.escrow_fen = value_fen;
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_ESCROWED,
                                                  .value_fen = value_fen });
}

static void does_not_take_the_return_of_the_next_note_for_this_one(void **state)
{
    struct rig *rig = *state;
    const int64_t values_fen[] = { 5000, 10000 };
    rig->device.has_counters = false;
    rig_begin(rig, 90000);
    for (int i = 0; i < 2; i++) {
        rig_escrow(rig, 10000);
        swallow_silently(rig);
        feed_another(rig, values_fen[i]);
        assert_int_equal(rig->device.return_calls, i + 1);
        rig_finish_return(rig, CASH_REJECT_HOST);
        assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 0);
        assert_int_equal(last_heard(rig)->kind, CASH_FLOW_DEVICE_LOST);
        rig_wait(rig, CASH_SEARCH_MS_MAX + 1000);
        assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), i + 1);
        rig_restart(rig);
        rig_status(rig, DEVICE_READY);
        rig_wait(rig, 5000);
        rig_accept_quote(rig, "K0003-20261123-000002", 90000);
        rig_begin_next(rig, "K0003-20261123-000002", 90000);
    }
}

static void credits_a_note_it_had_read_as_returned_when_the_credit_comes(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_RETURNED,
                                                  .value_fen = 10000,
                                                  .reason = CASH_REJECT_FAULT });
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_RETURNED), 1);
    rig_finish_stacking(rig);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_int_equal(rig_balance(rig, BOOK_UNKNOWN), 0);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_TAKEN), 1);
    rig_event(rig, &(struct cash_acceptor_event){
                       .kind = CASH_EVENT_NOTE_STACKED, .value_fen = 10000, .repeated = true });
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 10000);
    assert_int_equal(rig_units(rig), 1);
}

/* ---- another device ---- */

static void never_opens_the_mouth_on_another_device(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    int enabled = rig->device.enabled;
    strcpy(rig->device.serial, "OTHER");
    rig->device.stacked = 5;
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    assert_int_equal(rig->device.enabled, enabled);
    assert_int_equal(last_heard(rig)->kind, CASH_FLOW_DEVICE_SWAPPED);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 1);
    cash_flow_end(&rig->flow);
    assert_int_equal(last_heard(rig)->kind, CASH_FLOW_ENDED);
    rig_wait(rig, 10000);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 1);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
    /* From now on it is the one the books know. */
    rig_accept_quote(rig, "K0003-20261123-000002", 5000);
    rig_begin_next(rig, "K0003-20261123-000002", 5000);
    rig_insert(rig, 5000);
    assert_int_equal(rig_heard(rig, CASH_FLOW_DEVICE_SWAPPED), 1);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 15000);
}

static void closes_the_mouth_when_the_number_changes_without_a_gap(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    assert_true(rig->device.accepting);
    strcpy(rig->device.serial, "OTHER");
    rig_status(rig, DEVICE_READY);
    assert_false(rig->device.accepting);
    assert_int_equal(last_heard(rig)->kind, CASH_FLOW_DEVICE_SWAPPED);
}

static void still_names_the_note_that_left_with_the_old_device(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    strcpy(rig->device.serial, "OTHER");
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    assert_int_equal(rig_heard(rig, CASH_FLOW_DEVICE_SWAPPED), 1);
    cash_flow_end(&rig->flow);
    rig_wait(rig, 2 * CASH_SEARCH_MS_MAX);
    assert_int_equal(rig_heard(rig, CASH_FLOW_NOTE_UNKNOWN), 1);
    assert_int_equal(last_heard(rig)->kind, CASH_FLOW_ENDED);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 1);
    assert_int_equal(settle(rig), STATUS_OK);
}

#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, open_ready, close_all)

/* ---- the count, over crashes ---- */

/* The fact beside the journal was not written before a crash, and then a note came and went. */
static void keeps_the_count_over_a_note_given_back(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    assert_int_equal(journal_put_fact(rig->journal, "acceptor.stacked", "41"), STATUS_OK);
    rig_escrow(rig, 5000);
    rig_finish_return(rig, CASH_REJECT_FAULT);
    rig_escrow(rig, 5000);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_NOTE_ESCROWED), "\"stacked\":42"));
    rig_finish_stacking(rig);
    rig_restart(rig);
    rig_status(rig, DEVICE_READY);
    rig_event(rig, &(struct cash_acceptor_event){
                       .kind = CASH_EVENT_NOTE_STACKED, .value_fen = 5000, .repeated = true });
    assert_int_equal(rig_units(rig), 2);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 0);
}

/* A power cut turned "stacked" into "cleared into the box", and that is told before READY. */
static void waits_for_the_counter_before_it_takes_a_note_for_another(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    int acknowledged = rig->device.acknowledge_calls;
    rig_restart(rig);
    rig_status(rig, DEVICE_STARTING);
    rig_event(rig,
              &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_RECOVERED, .into_box = true });
    assert_int_equal(rig->device.acknowledge_calls, acknowledged);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    assert_int_equal(rig->device.acknowledge_calls, acknowledged + 1);
    assert_int_equal(rig_units(rig), 1);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 0);
}

/* The same, and a payment begins before the counter has spoken. */
static void answers_what_waited_although_a_payment_began(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 10000);
    rig_insert(rig, 10000);
    int acknowledged = rig->device.acknowledge_calls;
    rig_restart(rig);
    rig_event(rig,
              &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_RECOVERED, .into_box = true });
    assert_int_equal(settle(rig), STATUS_OK);
    rig_status(rig, DEVICE_READY);
    rig_accept_quote(rig, "K0003-20261123-000002", 20000);
    rig_begin_next(rig, "K0003-20261123-000002", 20000);
    rig_wait(rig, 5000);
    assert_int_equal(rig->device.acknowledge_calls, acknowledged + 1);
    assert_int_equal(rig_units(rig), 1);
}

/* Told before READY and again after it: answered once, whatever moves before the counters are
 * compared. */
static void answers_once_what_was_told_twice(void **state)
{
    const struct cash_acceptor_event cleared = { .kind = CASH_EVENT_NOTE_RECOVERED,
                                                 .into_box = true,
                                                 .value_fen = 10000 };
    struct rig *rig = *state;
    rig_begin(rig, 10000);
    rig_insert(rig, 10000);
    rig_restart(rig);
    assert_int_equal(settle(rig), STATUS_OK);
    rig_status(rig, DEVICE_STARTING);
    rig_event(rig, &cleared);
    rig_status(rig, DEVICE_READY);
    rig_event(rig, &cleared);
    rig_accept_quote(rig, "K0003-20261123-000002", 20000);
    rig_begin_next(rig, "K0003-20261123-000002", 20000);
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_READING });
    rig_wait(rig, 5000);
    assert_int_equal(rig_units(rig), 1);
}

/* Given up while the device is away: the count, and whose it is, go on with that entry. */
static void keeps_the_count_of_a_device_that_is_away(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    assert_int_equal(journal_put_fact(rig->journal, "acceptor.stacked", "41"), STATUS_OK);
    rig_escrow(rig, 5000);
    rig_restart(rig);
    rig_wait(rig, 2 * CASH_SEARCH_MS_MAX);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 1);
    rig_status(rig, DEVICE_READY);
    assert_int_equal(settle(rig), STATUS_OK);
    rig_accept_quote(rig, "K0003-20261123-000002", 20000);
    rig_begin_next(rig, "K0003-20261123-000002", 20000);
    rig_escrow(rig, 10000);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_NOTE_ESCROWED), "\"stacked\":42"));
}

/* A repetition waits for a full disk, and meanwhile the acceptor is exchanged. */
static void remembers_which_device_said_what_waits(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 10000);
    rig_insert(rig, 10000);
    rig->is_full_at_start = true;
    rig_restart(rig);
    rig_event(rig, &(struct cash_acceptor_event){
                       .kind = CASH_EVENT_NOTE_STACKED, .value_fen = 10000, .repeated = true });
    rig_status(rig, DEVICE_READY);
    strcpy(rig->device.serial, "5F0099");
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig_free_disk(rig);
    rig_wait(rig, 60000);
    assert_int_equal(rig_units(rig), 1);
}

/* The same, in other words, which only the count of the one that has gone can prove. */
static void remembers_what_a_device_that_is_gone_had_counted(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 10000);
    rig_insert(rig, 10000);
    rig->is_full_at_start = true;
    rig_restart(rig);
    rig_status(rig, DEVICE_STARTING);
    rig_event(rig, &(struct cash_acceptor_event){
                       .kind = CASH_EVENT_NOTE_RECOVERED, .into_box = true, .value_fen = 10000 });
    rig_status(rig, DEVICE_READY);
    strcpy(rig->device.serial, "5F0099");
    rig_status(rig, DEVICE_ABSENT);
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig_free_disk(rig);
    rig_wait(rig, 60000);
    assert_int_equal(rig_units(rig), 1);
}

/* It does not count, says a thing once more as it is answered, and then takes up a note. */
static void answers_once_what_was_told_before_the_next_note_moved(void **state)
{
    const struct cash_acceptor_event cleared = { .kind = CASH_EVENT_NOTE_RECOVERED,
                                                 .into_box = true };
    struct rig *rig = *state;
    rig->device.has_counters = false;
    rig_begin(rig, 10000);
    rig_insert(rig, 10000);
    rig_restart(rig);
    assert_int_equal(settle(rig), STATUS_OK);
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig_event(rig, &cleared);
    rig_wait(rig, 5000);
    int64_t units = rig_units(rig);
    rig_event(rig, &cleared);
    rig_accept_quote(rig, "K0003-20261123-000002", 20000);
    rig_begin_next(rig, "K0003-20261123-000002", 20000);
    rig_event(rig, &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_READING });
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 60000);
    assert_int_equal(rig_units(rig), units);
}

static void cut_power(struct rig *rig, uint32_t stacked)
{
    rig->device.stacked = stacked;
    rig_restart(rig);
    rig_status(rig, DEVICE_STARTING);
    rig_event(rig, &(struct cash_acceptor_event){
                       .kind = CASH_EVENT_NOTE_RECOVERED, .into_box = true, .value_fen = 10000 });
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
}

/* Two notes of one value, each cleared into the box by a power cut, the second before any entry. */
static void never_takes_the_next_note_for_the_one_before(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    cut_power(rig, 42);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_CREDITED), 1);
    cut_power(rig, 43);
    assert_int_equal(rig_units(rig), 2);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 1);
}

/* Given up while the device was away; it is back, has counted the note and forgotten its event, and
 * a payment begins before the books were compared. */
static void hears_what_became_of_a_lost_note_before_it_takes_the_next(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    swallow_silently(rig);
    rig->device.stacked++;
    rig_wait(rig, 2 * CASH_SEARCH_MS_MAX);
    cash_flow_end(&rig->flow);
    assert_int_equal(rig_entries(rig, JOURNAL_NOTE_UNKNOWN), 1);

    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig_begin_next(rig, "K0003-20261123-000002", 10000);
    assert_false(rig->device.accepting);

    rig_wait(rig, 5000);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_NOTE_UNKNOWN), "proved_too_late"));
    assert_int_equal(rig_units(rig), 1);
    assert_int_equal(rig_entries(rig, JOURNAL_COUNTER_MISMATCH), 0);
    assert_true(rig->device.accepting);
}

/* The facts are still those of another device: what the last note says of this one holds. */
static void counts_on_from_the_last_note_of_a_device_the_facts_do_not_know(void **state)
{
    struct rig *rig = *state;
    rig_begin(rig, 90000);
    rig_insert(rig, 10000);
    assert_int_equal(journal_put_fact(rig->journal, "acceptor.serial", "OTHER"), STATUS_OK);
    rig_escrow(rig, 5000);
    assert_non_null(strstr(rig_last_body(rig, JOURNAL_NOTE_ESCROWED), "\"stacked\":42"));
}

static void notes_another_device_before_a_payment_if_the_journal_had_refused_to(void **state)
{
    struct rig *rig = *state;
    rig_fill_disk(rig);
    strcpy(rig->device.serial, "5F0099");
    rig_status(rig, DEVICE_STARTING);
    rig_status(rig, DEVICE_READY);
    rig_wait(rig, 5000);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 0);
    rig_free_disk(rig);
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
    rig_begin(rig, 90000);
    assert_int_equal(rig_entries(rig, JOURNAL_DEVICE_SWAPPED), 1);
    assert_true(rig->device.accepting);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(says_at_once_that_a_note_inside_is_not_recorded_yet),
        RIG_TEST(says_that_a_note_came_back_when_even_that_cannot_be_recorded),
        RIG_TEST(hears_a_device_that_repeats_itself_while_the_journal_is_down),
        RIG_TEST(books_the_return_told_while_the_last_note_could_not_be_read),
        RIG_TEST(looks_for_the_note_as_soon_as_the_journal_can_be_read),
        RIG_TEST(lets_the_counter_speak_once_the_journal_can_be_read),
        RIG_TEST(is_free_again_when_no_note_is_missing_after_all),
        RIG_TEST(knows_the_way_of_a_note_whose_refused_entry_was_durable_after_all),
        RIG_TEST(puts_no_note_on_top_of_one_that_is_not_resolved),
        RIG_TEST(does_not_take_the_return_of_the_next_note_for_this_one),
        RIG_TEST(credits_a_note_it_had_read_as_returned_when_the_credit_comes),
        RIG_TEST(never_opens_the_mouth_on_another_device),
        RIG_TEST(closes_the_mouth_when_the_number_changes_without_a_gap),
        RIG_TEST(still_names_the_note_that_left_with_the_old_device),
        RIG_TEST(keeps_the_count_over_a_note_given_back),
        RIG_TEST(waits_for_the_counter_before_it_takes_a_note_for_another),
        RIG_TEST(answers_what_waited_although_a_payment_began),
        RIG_TEST(answers_once_what_was_told_twice),
        RIG_TEST(keeps_the_count_of_a_device_that_is_away),
        RIG_TEST(remembers_which_device_said_what_waits),
        RIG_TEST(remembers_what_a_device_that_is_gone_had_counted),
        RIG_TEST(answers_once_what_was_told_before_the_next_note_moved),
        RIG_TEST(never_takes_the_next_note_for_the_one_before),
        RIG_TEST(hears_what_became_of_a_lost_note_before_it_takes_the_next),
        RIG_TEST(counts_on_from_the_last_note_of_a_device_the_facts_do_not_know),
        RIG_TEST(notes_another_device_before_a_payment_if_the_journal_had_refused_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
