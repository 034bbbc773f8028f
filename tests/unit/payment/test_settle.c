#include "cash_rig.h"

#include <stdio.h>
#include <string.h>

#define REGION "999900"
#define DEVICE "000003"

static int open_all(void **state)
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

static void append(struct rig *rig, enum journal_kind kind, const char *body)
{
    struct journal_draft draft = { .kind = kind, .txn = RIG_TXN, .body = body };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
}

/* Three months, the middle one dearer. */
static void accept_three_months(struct rig *rig)
{
    append(rig, JOURNAL_QUOTE_ACCEPTED,
           "{\"due\":40050,\"months\":[{\"month\":\"2026-11\",\"amount\":10000},"
           "{\"month\":\"2026-12\",\"amount\":20050},{\"month\":\"2027-01\",\"amount\":10000}]}");
}

static void pay(struct rig *rig, const int64_t *notes_fen, int count)
{
    accept_three_months(rig);
    rig_begin_next(rig, RIG_TXN, 40050);
    for (int i = 0; i < count; i++)
        rig_insert(rig, notes_fen[i]);
    cash_flow_end(&rig->flow);
}

static enum status settle(struct rig *rig, enum settle_outcome outcome, struct settle_record *out)
{
    return settle_transaction(rig->journal, RIG_TXN, outcome, REGION, DEVICE, &rig->clock.clock,
                              out);
}

static void covers_whole_months_oldest_first(void **state)
{
    (void)state;
    const int64_t months_fen[] = { 10000, 20050, 10000 };
    const struct {
        int64_t paid_fen, applied_fen;
        int months;
    } cases[] = {
        { 0, 0, 0 },         { 9999, 0, 0 },      { 10000, 10000, 1 }, { 30049, 10000, 1 },
        { 30050, 30050, 2 }, { 40050, 40050, 3 }, { 45000, 40050, 3 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct settlement sum;
        settle_compute(months_fen, 3, cases[i].paid_fen, &sum);
        assert_int_equal(sum.months_covered, cases[i].months);
        assert_int_equal(sum.applied_fen, cases[i].applied_fen);
        assert_int_equal(sum.surplus_fen, cases[i].paid_fen - cases[i].applied_fen);
        assert_int_equal(sum.paid_fen, cases[i].paid_fen);
    }
}

static void never_skips_a_dear_month_to_cover_a_cheap_one(void **state)
{
    (void)state;
    const int64_t months_fen[] = { 20050, 10000 };
    struct settlement sum;
    settle_compute(months_fen, 2, 15000, &sum);
    assert_int_equal(sum.months_covered, 0);
    assert_int_equal(sum.surplus_fen, 15000);
}

static void covers_a_whole_year_or_nothing(void **state)
{
    (void)state;
    const int64_t months_fen[] = { 20000, 20000 };
    struct settlement sum;
    settle_compute_whole(months_fen, 2, 39999, &sum);
    assert_int_equal(sum.months_covered, 0);
    assert_int_equal(sum.surplus_fen, 39999);
    settle_compute_whole(months_fen, 2, 40010, &sum);
    assert_int_equal(sum.months_covered, 2);
    assert_int_equal(sum.surplus_fen, 10);
}

static void closes_a_payment_with_postings_that_leave_nothing_in_between(void **state)
{
    struct rig *rig = *state;
    const int64_t notes_fen[] = { 10000, 10000, 10000, 5000 };
    struct settle_record record;
    pay(rig, notes_fen, 4);
    assert_int_equal(settle(rig, SETTLE_TIMED_OUT, &record), STATUS_OK);
    assert_int_equal(record.sum.months_covered, 2);
    assert_int_equal(record.sum.applied_fen, 30050);
    assert_int_equal(record.sum.surplus_fen, 4950);
    assert_int_equal(rig_balance(rig, BOOK_CITIZEN), 0);
    assert_int_equal(rig_balance(rig, BOOK_PREMIUM), 30050);
    assert_int_equal(rig_balance(rig, BOOK_SURPLUS), 4950);
    assert_int_equal(rig_balance(rig, BOOK_CASH_BOX), 35000);
    assert_true(voucher_is_valid(record.voucher));
    assert_string_equal(record.outcome, "timed_out");

    char expected[400];
    snprintf(expected, sizeof(expected),
             "{\"paid\":35000,\"applied\":30050,\"surplus\":4950,\"due\":40050,"
             "\"outcome\":\"timed_out\",\"voucher\":\"%s\",\"months\":["
             "{\"month\":\"2026-11\",\"amount\":10000},{\"month\":\"2026-12\",\"amount\":20050}],"
             "\"post\":[[\"citizen\",\"premium\",30050],[\"citizen\",\"surplus\",4950]]}",
             record.voucher);
    assert_string_equal(rig_last_body(rig, JOURNAL_PAYMENT_COMPLETED), expected);
    uint8_t hash[JOURNAL_HASH_SIZE];
    assert_int_equal(journal_hash_at(rig->journal, record.seq, hash), STATUS_OK);
    assert_memory_equal(record.hash, hash, sizeof(hash));
}

static void gives_back_what_was_recorded_when_asked_again(void **state)
{
    struct rig *rig = *state;
    const int64_t notes_fen[] = { 10000, 5000 };
    struct settle_record first, second;
    pay(rig, notes_fen, 2);
    assert_int_equal(settle(rig, SETTLE_ENDED_EARLY, &first), STATUS_OK);
    int64_t seq = journal_last_seq(rig->journal);
    clock_fake_advance(&rig->clock, 90000000);
    assert_int_equal(settle(rig, SETTLE_INTERRUPTED, &second), STATUS_OK);
    assert_int_equal(journal_last_seq(rig->journal), seq);
    assert_true(second.repeated && !first.repeated);
    second.repeated = false;
    assert_memory_equal(&first, &second, sizeof(first));
}

static void cancels_a_payment_that_took_nothing(void **state)
{
    struct rig *rig = *state;
    struct settle_record record;
    pay(rig, NULL, 0);
    assert_int_equal(settle(rig, SETTLE_CANCELLED, &record), STATUS_OK);
    assert_true(record.cancelled);
    assert_string_equal(record.voucher, "");
    assert_string_equal(rig_last_body(rig, JOURNAL_PAYMENT_CANCELLED), "{\"why\":\"cancelled\"}");
    struct journal_transaction open;
    assert_int_equal(journal_open_transaction(rig->journal, &open), STATUS_NOT_FOUND);
}

static void waits_while_a_note_is_looked_for(void **state)
{
    struct rig *rig = *state;
    struct settle_record record;
    accept_three_months(rig);
    rig_begin_next(rig, RIG_TXN, 40050);
    rig_escrow(rig, 10000);
    assert_int_equal(settle(rig, SETTLE_INTERRUPTED, &record), STATUS_BUSY);
    rig_finish_stacking(rig);
    assert_int_equal(settle(rig, SETTLE_INTERRUPTED, &record), STATUS_OK);
    assert_int_equal(record.sum.paid_fen, 10000);
}

static void tells_of_notes_that_could_not_be_proved(void **state)
{
    struct rig *rig = *state;
    struct settle_record record;
    accept_three_months(rig);
    rig_begin_next(rig, RIG_TXN, 40050);
    rig_insert(rig, 10000);
    rig_escrow(rig, 10000);
    rig_status(rig, DEVICE_ABSENT);
    rig_wait(rig, CASH_SEARCH_MS_MAX + 1000);
    assert_int_equal(settle(rig, SETTLE_INTERRUPTED, &record), STATUS_OK);
    assert_int_equal(record.unknown_notes, 1);
    assert_int_equal(record.unknown_fen, 10000);
    assert_int_equal(record.sum.paid_fen, 10000);
}

static void counts_a_note_that_was_proved_later_once(void **state)
{
    struct rig *rig = *state;
    struct settle_record record;
    tells_of_notes_that_could_not_be_proved(state);
    rig_status(rig, DEVICE_READY);
    rig_finish_stacking(rig);
    assert_int_equal(settle(rig, SETTLE_INTERRUPTED, &record), STATUS_OK);
    assert_int_equal(record.unknown_notes, 2);
    assert_int_equal(record.unknown_fen, 10000);
}

static void claims_nothing_for_a_note_that_was_given_back_after_all(void **state)
{
    struct rig *rig = *state;
    struct settle_record record;
    tells_of_notes_that_could_not_be_proved(state);
    rig_status(rig, DEVICE_READY);
    rig_finish_return(rig, CASH_REJECT_FAULT);
    assert_int_equal(settle(rig, SETTLE_INTERRUPTED, &record), STATUS_OK);
    assert_int_equal(record.unknown_fen, 0);
}

static void claims_nothing_for_a_note_that_was_fished_out(void **state)
{
    struct rig *rig = *state;
    struct settle_record record;
    accept_three_months(rig);
    rig_begin_next(rig, RIG_TXN, 40050);
    rig_escrow(rig, 10000);
    rig_event(rig,
              &(struct cash_acceptor_event){ .kind = CASH_EVENT_NOTE_FRAUD, .value_fen = 10000 });
    assert_int_equal(settle(rig, SETTLE_INTERRUPTED, &record), STATUS_OK);
    assert_int_equal(record.unknown_notes, 1);
    assert_int_equal(record.unknown_fen, 0);
    assert_int_equal(rig->heard[rig->heard_count - 1].value_fen, 0);
}

static void refuses_a_quote_it_cannot_read(void **state)
{
    struct rig *rig = *state;
    const char *const bodies[] = {
        "{\"due\":100}",
        "{\"due\":100,\"months\":[]}",
        "{\"due\":100,\"months\":[{\"month\":\"2026-11\",\"amount\":99}]}",
        "{\"due\":100,\"months\":[{\"month\":\"2026-13\",\"amount\":100}]}",
        "{\"due\":0,\"months\":[{\"month\":\"2026-11\",\"amount\":0}]}",
        "{\"due\":100,\"months\":[{\"month\":\"2026-11\",\"amount\":50},"
        "{\"month\":\"2026-11\",\"amount\":50}]}",
        "{\"due\":100,\"months\":[{\"month\":\"2026-12\",\"amount\":50},"
        "{\"month\":\"2026-11\",\"amount\":50}]}",
    };
    struct settle_record record;
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        append(rig, JOURNAL_QUOTE_ACCEPTED, bodies[i]);
        int64_t seq = journal_last_seq(rig->journal);
        char txn[] = RIG_TXN;
        assert_int_equal(settle_transaction(rig->journal, txn, SETTLE_COMPLETE, REGION, DEVICE,
                                            &rig->clock.clock, &record),
                         STATUS_INVALID);
        assert_int_equal(journal_last_seq(rig->journal), seq);
        journal_close(rig->journal);
        unlink(rig->path);
        assert_int_equal(journal_open(rig->path, &rig->clock.clock, &rig->journal), STATUS_OK);
    }
    assert_int_equal(settle(rig, SETTLE_COMPLETE, &record), STATUS_NOT_FOUND);
}

static void closes_nothing_on_a_full_disk_and_closes_once_when_there_is_room(void **state)
{
    struct rig *rig = *state;
    const int64_t notes_fen[] = { 10000 };
    struct settle_record record;
    pay(rig, notes_fen, 1);
    rig_fill_disk(rig);
    enum status status = settle(rig, SETTLE_TIMED_OUT, &record);
    rig_free_disk(rig);
    assert_int_not_equal(status, STATUS_OK);
    assert_string_equal(record.voucher, "");
    assert_int_equal(journal_recheck(rig->journal), STATUS_OK);
    assert_int_equal(rig_entries(rig, JOURNAL_PAYMENT_COMPLETED), 0);
    assert_int_equal(settle(rig, SETTLE_TIMED_OUT, &record), STATUS_OK);
    assert_int_equal(rig_entries(rig, JOURNAL_PAYMENT_COMPLETED), 1);
}

#define RIG_TEST(name) cmocka_unit_test_setup_teardown(name, open_all, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(covers_whole_months_oldest_first),
        cmocka_unit_test(covers_a_whole_year_or_nothing),
        cmocka_unit_test(never_skips_a_dear_month_to_cover_a_cheap_one),
        RIG_TEST(closes_a_payment_with_postings_that_leave_nothing_in_between),
        RIG_TEST(gives_back_what_was_recorded_when_asked_again),
        RIG_TEST(cancels_a_payment_that_took_nothing),
        RIG_TEST(waits_while_a_note_is_looked_for),
        RIG_TEST(tells_of_notes_that_could_not_be_proved),
        RIG_TEST(counts_a_note_that_was_proved_later_once),
        RIG_TEST(claims_nothing_for_a_note_that_was_given_back_after_all),
        RIG_TEST(claims_nothing_for_a_note_that_was_fished_out),
        RIG_TEST(refuses_a_quote_it_cannot_read),
        RIG_TEST(closes_nothing_on_a_full_disk_and_closes_once_when_there_is_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
