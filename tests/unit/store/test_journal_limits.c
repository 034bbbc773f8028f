#include "store_rig.h"
#include "support/unit.h"

/* What the limits of a kiosk are measured by: the cash of the day, the notes in the box, what the
 * bureau has not acknowledged. All of it from the entries, so that no restart begins anew. */

#define HOUR_MS INT64_C(3600000)

static int64_t today_fen(struct store_rig *rig)
{
    return journal_day_cash_fen(rig->journal, clock_wall_ms(&rig->clock.clock));
}

static void pass(struct store_rig *rig, int64_t ms)
{
    rig->clock.wall_ms += ms;
}

static void assert_sound(struct store_rig *rig)
{
    int64_t bad_seq = 0;
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_OK);
}

static void credit(struct store_rig *rig, int64_t value_fen)
{
    assert_int_equal(rig_credit(rig, RIG_TXN, value_fen), STATUS_OK);
}

static void find_unknown_note(struct store_rig *rig, int64_t value_fen)
{
    struct journal_draft draft = {
        .kind = JOURNAL_NOTE_UNKNOWN,
        .body = value_fen > 0 ? "{\"value\":5000}" : "{\"value\":0}",
        .postings = { { BOOK_CASH_BOX, BOOK_UNKNOWN, value_fen } },
        .posting_count = value_fen > 0,
        .note_into_box_fen = value_fen,
        .note_value_unknown = value_fen == 0,
    };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
}

static void sums_the_cash_of_the_day_over_restarts(void **state)
{
    struct store_rig *rig = *state;
    rig_accept_quote(rig, RIG_TXN, 30000);
    assert_int_equal(today_fen(rig), 0);
    credit(rig, 10000);
    credit(rig, 5000);
    find_unknown_note(rig, 5000);
    find_unknown_note(rig, 0);
    assert_int_equal(today_fen(rig), 20000);
    rig_reopen(rig);
    credit(rig, 2000);
    assert_int_equal(today_fen(rig), 22000);
    assert_sound(rig);
}

static void begins_the_day_anew_at_midnight_and_not_before(void **state)
{
    struct store_rig *rig = *state;
    int64_t to_midnight_ms =
        24 * HOUR_MS - (RIG_WALL_MS + 8 * HOUR_MS) % (24 * HOUR_MS); /* China's */
    rig_accept_quote(rig, RIG_TXN, 30000);
    credit(rig, 10000);
    pass(rig, to_midnight_ms - 1);
    assert_int_equal(today_fen(rig), 10000);
    pass(rig, 1);
    assert_int_equal(today_fen(rig), 0);
    credit(rig, 5000);
    assert_int_equal(today_fen(rig), 5000);
    pass(rig, -1); /* a clock set back: the day that is over is not begun a second time … */
    assert_int_equal(today_fen(rig), 0);
    credit(rig, 2000); /* … but for what comes in on it */
    assert_int_equal(today_fen(rig), 2000);
    assert_sound(rig);
}

static void money_that_is_only_moved_is_no_cash_of_the_day(void **state)
{
    struct store_rig *rig = *state;
    rig_play_visit(rig);
    assert_int_equal(today_fen(rig), 15000);
}

static void counts_the_notes_until_the_box_is_taken_out(void **state)
{
    struct store_rig *rig = *state;
    rig_accept_quote(rig, RIG_TXN, 30000);
    credit(rig, 10000);
    credit(rig, 10000);
    find_unknown_note(rig, 0);
    assert_int_equal(journal_box_notes(rig->journal), 3);
    rig_reopen(rig);
    assert_int_equal(journal_box_notes(rig->journal), 3);
    assert_int_equal(rig_append(rig, JOURNAL_BOX_EVENT, NULL, "{\"event\":\"removed\"}"),
                     STATUS_OK);
    assert_int_equal(journal_box_notes(rig->journal), 0);
    assert_int_equal(rig_append(rig, JOURNAL_BOX_EVENT, NULL, "{\"event\":\"replaced\"}"),
                     STATUS_OK);
    credit(rig, 5000);
    assert_int_equal(journal_box_notes(rig->journal), 1);
    assert_int_equal(journal_cash_unit_count(rig->journal, 10000), 2); /* ever taken */
    assert_sound(rig);
}

static void counts_payments_the_bureau_does_not_have(void **state)
{
    struct store_rig *rig = *state;
    rig_accept_quote(rig, RIG_TXN, 30000);
    assert_int_equal(journal_unsent_cash(rig->journal).payments, 0);
    credit(rig, 10000);
    credit(rig, 10000);
    assert_int_equal(journal_unsent_cash(rig->journal).payments, 1);
    assert_int_equal(rig_credit(rig, "K0003-20261123-000319", 5000), STATUS_OK);
    assert_int_equal(journal_unsent_cash(rig->journal).payments, 2);
    assert_int_equal(journal_unsent_cash(rig->journal).cash_fen, 25000);
    assert_int_equal(journal_set_acked(rig->journal, journal_last_seq(rig->journal)), STATUS_OK);
    assert_int_equal(journal_unsent_cash(rig->journal).payments, 0);
}

static void fills_the_sums_of_a_journal_from_before(void **state)
{
    struct store_rig *rig = *state;
    rig_play_visit(rig);
    rig_tamper(rig, "DELETE FROM tally WHERE name LIKE 'day/%' OR name LIKE 'box/%'");
    rig_tamper(
        rig,
        "DROP TABLE payment; DROP TABLE rejected; DROP TABLE delivery; DROP TABLE registration;"
        " PRAGMA user_version = 2");
    rig_reopen(rig);
    assert_int_equal(today_fen(rig), 15000);
    assert_int_equal(journal_box_notes(rig->journal), 2);
    assert_sound(rig);
}

static void tells_the_notes_of_a_transaction(void **state)
{
    struct store_rig *rig = *state;
    struct journal_transaction transaction;
    rig_accept_quote(rig, RIG_TXN, 30000);
    credit(rig, 10000);
    credit(rig, 5000);
    assert_int_equal(journal_find_transaction(rig->journal, RIG_TXN, &transaction), STATUS_OK);
    assert_int_equal(transaction.credited_notes, 2);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(sums_the_cash_of_the_day_over_restarts),
        ON_RIG(begins_the_day_anew_at_midnight_and_not_before),
        ON_RIG(money_that_is_only_moved_is_no_cash_of_the_day),
        ON_RIG(counts_the_notes_until_the_box_is_taken_out),
        ON_RIG(counts_payments_the_bureau_does_not_have),
        ON_RIG(fills_the_sums_of_a_journal_from_before),
        ON_RIG(tells_the_notes_of_a_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
