#include "support/unit.h"

#include <string.h>

#include "base/text.h"
#include "payment/cash_note.h"

#define TXN "K0003-20261123-000001"

static struct cash_note escrowed(void)
{
    return (struct cash_note){
        .state = CASH_NOTE_ESCROWED, .txn = TXN, .serial = "A", .value_fen = 10000, .stacked = 41
    };
}

static struct cash_note credited(void)
{
    return (struct cash_note){ .state = CASH_NOTE_CREDITED,
                               .by = CASH_CLAIM_STACKED,
                               .txn = TXN,
                               .serial = "A",
                               .value_fen = 10000,
                               .stacked = 42,
                               .in_box = true };
}

static struct cash_note lost(void)
{
    return (struct cash_note){ .state = CASH_NOTE_UNKNOWN,
                               .by = CASH_CLAIM_GIVEN_UP,
                               .txn = TXN,
                               .serial = "A",
                               .escrow_fen = 10000,
                               .stacked = 41 };
}

static struct cash_claim claim_of(enum cash_claim_kind kind, int64_t value_fen, int64_t counter)
{
    return (struct cash_claim){
        .kind = kind,
        .value_fen = value_fen,
        .serial = "A",
        .counter = counter,
        .counter_is_fresh = counter >= 0,
        .expected = 41,
        .transaction_is_open = true,
    };
}

static struct cash_verdict judge(struct cash_note last, struct cash_claim claim)
{
    struct cash_verdict verdict;
    cash_note_judge(&last, &claim, &verdict);
    return verdict;
}

static void credits_the_escrowed_note_that_was_stacked(void **state)
{
    (void)state;
    struct cash_verdict verdict = judge(escrowed(), claim_of(CASH_CLAIM_STACKED, 10000, -1));
    assert_int_equal(verdict.kind, CASH_VERDICT_CREDIT);
    assert_int_equal(verdict.value_fen, 10000);
    assert_int_equal(verdict.stacked, 42);
    assert_string_equal(verdict.txn, TXN);
    assert_true(verdict.in_box && verdict.recovered);
}

static void does_not_credit_another_value_a_closed_payment_or_another_device(void **state)
{
    (void)state;
    struct cash_claim claim = claim_of(CASH_CLAIM_STACKED, 5000, -1);
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_UNKNOWN);
    assert_int_equal(judge(escrowed(), claim).value_fen, 5000);

    claim = claim_of(CASH_CLAIM_STACKED, 10000, -1);
    claim.transaction_is_open = false;
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_UNKNOWN);

    claim = claim_of(CASH_CLAIM_STACKED, 10000, -1);
    strcpy(claim.serial, "B");
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_UNKNOWN);
}

static void knows_its_own_event_again_until_the_device_moves_on(void **state)
{
    (void)state;
    struct cash_claim claim = claim_of(CASH_CLAIM_STACKED, 10000, 42);
    assert_int_equal(judge(credited(), claim).kind, CASH_VERDICT_NOTHING);
    claim.counter = -1;
    assert_int_equal(judge(credited(), claim).kind, CASH_VERDICT_NOTHING);
    claim.counter = 43;
    assert_int_equal(judge(credited(), claim).kind, CASH_VERDICT_UNKNOWN);
    claim.counter = 42;
    claim.moved_on = true;
    assert_int_equal(judge(credited(), claim).kind, CASH_VERDICT_UNKNOWN);
}

static void takes_a_cleared_note_for_the_credited_one_only_on_the_counters_word(void **state)
{
    (void)state;
    assert_int_equal(judge(credited(), claim_of(CASH_CLAIM_IN_BOX, 10000, 42)).kind,
                     CASH_VERDICT_NOTHING);
    assert_int_equal(judge(credited(), claim_of(CASH_CLAIM_IN_BOX, 0, 42)).kind,
                     CASH_VERDICT_NOTHING);
    assert_int_equal(judge(credited(), claim_of(CASH_CLAIM_IN_BOX, 10000, 43)).kind,
                     CASH_VERDICT_UNKNOWN);
    struct cash_claim claim = claim_of(CASH_CLAIM_IN_BOX, 10000, -1);
    assert_int_equal(judge(credited(), claim).kind, CASH_VERDICT_WAIT);
    claim.is_final = true;
    assert_int_equal(judge(credited(), claim).kind, CASH_VERDICT_UNKNOWN);
    struct cash_note cleared = credited();
    cleared.by = CASH_CLAIM_IN_BOX;
    assert_int_equal(judge(cleared, claim_of(CASH_CLAIM_IN_BOX, 0, -1)).kind, CASH_VERDICT_WAIT);
    claim = claim_of(CASH_CLAIM_IN_BOX, 10000, -1);
    assert_int_equal(judge(cleared, claim).kind, CASH_VERDICT_WAIT);
    claim.is_final = true;
    assert_int_equal(judge(cleared, claim).kind, CASH_VERDICT_NOTHING);
}

/* A note of fifty was not found; a hundred is cleared into the box later: that is somebody else's.
 */
static void takes_no_other_note_for_the_one_that_was_not_found(void **state)
{
    (void)state;
    struct cash_note missing = escrowed();
    missing.state = CASH_NOTE_UNKNOWN;
    missing.value_fen = 0;
    missing.escrow_fen = 5000;
    struct cash_verdict verdict = judge(missing, claim_of(CASH_CLAIM_IN_BOX, 10000, -1));
    assert_int_equal(verdict.kind, CASH_VERDICT_UNKNOWN);
    assert_string_equal(verdict.why, "no_transaction");
    verdict = judge(missing, claim_of(CASH_CLAIM_IN_BOX, 5000, -1));
    assert_string_equal(verdict.why, "proved_too_late");
}

static void credits_a_cleared_note_by_value_or_by_counter(void **state)
{
    (void)state;
    assert_int_equal(judge(escrowed(), claim_of(CASH_CLAIM_IN_BOX, 10000, -1)).kind,
                     CASH_VERDICT_CREDIT);
    assert_int_equal(judge(escrowed(), claim_of(CASH_CLAIM_IN_BOX, 0, 42)).kind,
                     CASH_VERDICT_CREDIT);
    assert_int_equal(judge(escrowed(), claim_of(CASH_CLAIM_IN_BOX, 0, -1)).kind, CASH_VERDICT_WAIT);
    struct cash_claim claim = claim_of(CASH_CLAIM_IN_BOX, 0, -1);
    claim.is_final = true;
    struct cash_verdict verdict = judge(escrowed(), claim);
    assert_int_equal(verdict.kind, CASH_VERDICT_UNKNOWN);
    assert_int_equal(verdict.value_fen, 0);
    assert_int_equal(verdict.escrow_fen, 10000);
    assert_true(verdict.in_box);
    assert_int_equal(judge(escrowed(), claim_of(CASH_CLAIM_IN_BOX, 5000, 42)).kind,
                     CASH_VERDICT_UNKNOWN);
}

static void reads_the_counter_both_ways_and_admits_when_it_cannot(void **state)
{
    (void)state;
    assert_int_equal(judge(escrowed(), claim_of(CASH_CLAIM_COUNTER, 0, 42)).kind,
                     CASH_VERDICT_CREDIT);
    assert_int_equal(judge(escrowed(), claim_of(CASH_CLAIM_COUNTER, 0, 41)).kind,
                     CASH_VERDICT_RETURN);
    struct cash_verdict verdict = judge(escrowed(), claim_of(CASH_CLAIM_COUNTER, 0, 43));
    assert_int_equal(verdict.kind, CASH_VERDICT_UNKNOWN);
    assert_false(verdict.in_box);
    assert_int_equal(verdict.value_fen, 0);
    struct cash_claim stale = claim_of(CASH_CLAIM_COUNTER, 0, 41);
    stale.counter_is_fresh = false;
    assert_int_equal(judge(escrowed(), stale).kind, CASH_VERDICT_UNKNOWN);
}

static void counts_over_the_wrap(void **state)
{
    (void)state;
    struct cash_note last = escrowed();
    last.stacked = UINT32_MAX;
    struct cash_claim claim = claim_of(CASH_CLAIM_COUNTER, 0, 0);
    claim.expected = UINT32_MAX;
    struct cash_verdict verdict = judge(last, claim);
    assert_int_equal(verdict.kind, CASH_VERDICT_CREDIT);
    assert_int_equal(verdict.stacked, 0);
    assert_int_equal(cash_counter_ahead(UINT32_MAX, 0), -1);
}

static void books_a_lost_note_when_it_is_proved_and_not_before(void **state)
{
    (void)state;
    struct cash_verdict verdict = judge(escrowed(), claim_of(CASH_CLAIM_GIVEN_UP, 0, -1));
    assert_int_equal(verdict.kind, CASH_VERDICT_UNKNOWN);
    assert_false(verdict.in_box);
    verdict = judge(lost(), claim_of(CASH_CLAIM_STACKED, 10000, 42));
    assert_int_equal(verdict.kind, CASH_VERDICT_UNKNOWN);
    assert_int_equal(verdict.value_fen, 10000);
    assert_true(verdict.in_box);
    assert_string_equal(verdict.txn, TXN);
    assert_int_equal(judge(lost(), claim_of(CASH_CLAIM_COUNTER, 0, 42)).value_fen, 10000);
    assert_int_equal(judge(lost(), claim_of(CASH_CLAIM_COUNTER, 0, 41)).kind, CASH_VERDICT_RETURN);
    assert_int_equal(judge(lost(), claim_of(CASH_CLAIM_GIVEN_UP, 0, -1)).kind,
                     CASH_VERDICT_NOTHING);
}

static void leaves_a_lost_note_alone_when_another_one_comes_back(void **state)
{
    (void)state;
    struct cash_claim claim = claim_of(CASH_CLAIM_RETURNED, 5000, -1);
    claim.moved_on = true;
    assert_int_equal(judge(lost(), claim).kind, CASH_VERDICT_NOTHING);
    claim.moved_on = false;
    assert_int_equal(judge(lost(), claim).kind, CASH_VERDICT_NOTHING);
    claim.value_fen = 10000;
    assert_int_equal(judge(lost(), claim).kind, CASH_VERDICT_RETURN);
    struct cash_note before = lost();
    before.has_successor = true;
    assert_int_equal(judge(before, claim).kind, CASH_VERDICT_NOTHING);
    claim.kind = CASH_CLAIM_IN_FRONT;
    assert_string_equal(judge(before, claim).txn, "");
    assert_string_equal(judge(lost(), claim).txn, TXN);
    assert_true(judge(before, claim_of(CASH_CLAIM_STACKED, 10000, 42)).in_box);
}

static void takes_only_its_own_return_for_the_escrowed_note(void **state)
{
    (void)state;
    struct cash_claim claim = claim_of(CASH_CLAIM_RETURNED, 5000, -1);
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_NOTHING);
    claim.value_fen = 10000;
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_RETURN);
    claim.about_other = true;
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_NOTHING);
    claim = claim_of(CASH_CLAIM_RETURNED, 0, -1);
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_RETURN);
    assert_int_equal(judge(escrowed(), claim).value_fen, 10000);
}

static void believes_the_credit_point_over_a_return_read_just_before(void **state)
{
    (void)state;
    struct cash_note last = escrowed();
    last.state = CASH_NOTE_RETURNED;
    last.by = CASH_CLAIM_RETURNED;
    last.stacked = -1;
    struct cash_claim claim = claim_of(CASH_CLAIM_STACKED, 10000, -1);
    strcpy(claim.txn, TXN);
    struct cash_verdict verdict = judge(last, claim);
    assert_int_equal(verdict.kind, CASH_VERDICT_CREDIT);
    assert_string_equal(verdict.txn, TXN);
    assert_int_equal(verdict.stacked, 42);

    struct cash_claim other = claim;
    other.moved_on = true;
    assert_int_equal(judge(last, other).kind, CASH_VERDICT_UNKNOWN);
    other = claim;
    other.transaction_is_open = false;
    assert_int_equal(judge(last, other).kind, CASH_VERDICT_UNKNOWN);
    other = claim;
    other.value_fen = 5000;
    assert_int_equal(judge(last, other).kind, CASH_VERDICT_UNKNOWN);
    other = claim;
    strcpy(other.serial, "B");
    assert_int_equal(judge(last, other).kind, CASH_VERDICT_UNKNOWN);
    other = claim;
    strcpy(other.txn, "K0003-20261123-000002");
    assert_int_equal(judge(last, other).kind, CASH_VERDICT_UNKNOWN);
    last.by = CASH_CLAIM_COUNTER;
    assert_int_equal(judge(last, claim).kind, CASH_VERDICT_UNKNOWN);
}

/* Two notes put in one after the other, and a power cut before the first one's return was booked.
 */
static void asks_the_counter_when_another_note_lies_in_front(void **state)
{
    (void)state;
    struct cash_claim claim = claim_of(CASH_CLAIM_IN_FRONT, 500, -1);
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_WAIT);
    claim.is_final = true;
    assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_UNKNOWN);
    assert_int_equal(judge(escrowed(), claim).escrow_fen, 10000);

    struct cash_verdict verdict = judge(escrowed(), claim_of(CASH_CLAIM_IN_FRONT, 500, 41));
    assert_int_equal(verdict.kind, CASH_VERDICT_RETURN);
    assert_int_equal(verdict.value_fen, 10000);
    verdict = judge(escrowed(), claim_of(CASH_CLAIM_IN_FRONT, 500, 42));
    assert_int_equal(verdict.kind, CASH_VERDICT_CREDIT);
    assert_int_equal(verdict.value_fen, 10000);
    assert_int_equal(verdict.by, CASH_CLAIM_COUNTER);
}

/* What another device gives back is not the note that this one has or had. */
static void gives_nothing_back_on_the_word_of_another_device(void **state)
{
    (void)state;
    const enum cash_claim_kind kinds[] = { CASH_CLAIM_RETURNED, CASH_CLAIM_IN_FRONT };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct cash_claim claim = claim_of(kinds[i], 10000, -1);
        assert_string_equal(judge(lost(), claim).txn, TXN);
        strcpy(claim.serial, "B");
        assert_int_equal(judge(escrowed(), claim).kind, CASH_VERDICT_NOTHING);
        assert_string_not_equal(judge(lost(), claim).txn, TXN);
    }
}

/* A note that was looked for in vain stays one of the device that had it. */
static void names_the_device_that_had_the_note_it_cannot_find(void **state)
{
    (void)state;
    struct cash_claim claim = claim_of(CASH_CLAIM_COUNTER, 0, 7);
    strcpy(claim.serial, "B");
    struct cash_verdict verdict = judge(escrowed(), claim);
    assert_int_equal(verdict.kind, CASH_VERDICT_UNKNOWN);
    assert_string_equal(verdict.serial, "A");
    assert_int_equal(verdict.stacked, 41);
}

/* ID-003: after a restart its credit names no note, and it counts nothing. */
static struct cash_claim by_order(enum cash_claim_kind kind)
{
    struct cash_claim claim = claim_of(kind, 0, -1);
    claim.by_order = true;
    return claim;
}

static void credits_the_note_told_to_stack_when_the_credit_names_none(void **state)
{
    (void)state;
    static const enum cash_claim_kind KINDS[] = { CASH_CLAIM_STACKED, CASH_CLAIM_IN_BOX };
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        struct cash_verdict verdict = judge(escrowed(), by_order(KINDS[i]));
        assert_int_equal(verdict.kind, CASH_VERDICT_CREDIT);
        assert_int_equal(verdict.value_fen, 10000);
        assert_true(verdict.in_box);
        /* What it says again, in whatever words, is that note, and is not waited for. */
        assert_int_equal(judge(credited(), by_order(KINDS[i])).kind, CASH_VERDICT_NOTHING);
    }
}

static void credits_nothing_by_order_where_no_order_was(void **state)
{
    (void)state;
    struct cash_note returned = escrowed();
    returned.state = CASH_NOTE_RETURNED;
    returned.by = CASH_CLAIM_IN_FRONT;
    const struct cash_note lasts[] = { { .state = CASH_NOTE_NONE }, returned };
    for (size_t i = 0; i < sizeof(lasts) / sizeof(lasts[0]); i++) {
        struct cash_verdict verdict = judge(lasts[i], by_order(CASH_CLAIM_STACKED));
        assert_int_equal(verdict.kind, CASH_VERDICT_UNKNOWN);
        assert_int_equal(verdict.value_fen, 0);
        assert_true(verdict.in_box);
    }
}

static void books_by_order_what_was_given_up_as_unknown(void **state)
{
    (void)state;
    struct cash_verdict verdict = judge(lost(), by_order(CASH_CLAIM_STACKED));
    assert_int_equal(verdict.kind, CASH_VERDICT_UNKNOWN);
    assert_int_equal(verdict.value_fen, 10000);
    assert_string_equal(verdict.why, "proved_too_late");
}

static void believes_no_order_of_another_device_or_of_a_note_before_the_last_movement(void **state)
{
    (void)state;
    struct cash_claim other = by_order(CASH_CLAIM_STACKED);
    text_copy(other.serial, sizeof(other.serial), "B");
    assert_int_equal(judge(escrowed(), other).kind, CASH_VERDICT_UNKNOWN);
    struct cash_claim later = by_order(CASH_CLAIM_IN_BOX);
    later.moved_on = true;
    assert_int_equal(judge(credited(), later).kind, CASH_VERDICT_UNKNOWN);
}

static void never_credits_what_it_did_not_escrow(void **state)
{
    (void)state;
    const enum cash_note_state states[] = { CASH_NOTE_NONE, CASH_NOTE_CREDITED, CASH_NOTE_RETURNED,
                                            CASH_NOTE_UNKNOWN };
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        for (int kind = 0; kind < CASH_CLAIMS; kind++) {
            for (int counter = -1; counter <= 44; counter += counter < 0 ? 42 : 1) {
                struct cash_note last = credited();
                last.state = states[i];
                last.in_box = last.state == CASH_NOTE_CREDITED;
                struct cash_claim claim = claim_of((enum cash_claim_kind)kind, 10000, counter);
                assert_int_not_equal(judge(last, claim).kind, CASH_VERDICT_CREDIT);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credits_the_escrowed_note_that_was_stacked),
        cmocka_unit_test(does_not_credit_another_value_a_closed_payment_or_another_device),
        cmocka_unit_test(knows_its_own_event_again_until_the_device_moves_on),
        cmocka_unit_test(takes_a_cleared_note_for_the_credited_one_only_on_the_counters_word),
        cmocka_unit_test(takes_no_other_note_for_the_one_that_was_not_found),
        cmocka_unit_test(credits_a_cleared_note_by_value_or_by_counter),
        cmocka_unit_test(reads_the_counter_both_ways_and_admits_when_it_cannot),
        cmocka_unit_test(counts_over_the_wrap),
        cmocka_unit_test(books_a_lost_note_when_it_is_proved_and_not_before),
        cmocka_unit_test(leaves_a_lost_note_alone_when_another_one_comes_back),
        cmocka_unit_test(takes_only_its_own_return_for_the_escrowed_note),
        cmocka_unit_test(believes_the_credit_point_over_a_return_read_just_before),
        cmocka_unit_test(asks_the_counter_when_another_note_lies_in_front),
        cmocka_unit_test(gives_nothing_back_on_the_word_of_another_device),
        cmocka_unit_test(names_the_device_that_had_the_note_it_cannot_find),
        cmocka_unit_test(credits_the_note_told_to_stack_when_the_credit_names_none),
        cmocka_unit_test(credits_nothing_by_order_where_no_order_was),
        cmocka_unit_test(books_by_order_what_was_given_up_as_unknown),
        cmocka_unit_test(believes_no_order_of_another_device_or_of_a_note_before_the_last_movement),
        cmocka_unit_test(never_credits_what_it_did_not_escrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
