/* What is left for people: every word has a remedy in both languages, and a slip's number finds
 * its items. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "payment/cash_note.h"
#include "payment/doubtful.h"

#define TXN "K0003-20261123-000318"
#define SLIP "999900000003202611230003192"

static int64_t next_seq;

static void say(struct doubtful *list, const char *txn, enum journal_kind kind, const char *body)
{
    char copy[512];
    struct journal_entry entry = { .seq = ++next_seq, .at_ms = 1795398067123, .body = copy };
    snprintf(entry.txn, sizeof entry.txn, "%s", txn);
    snprintf(entry.kind, sizeof entry.kind, "%s", journal_kind_name(kind));
    snprintf(copy, sizeof copy, "%s", body);
    doubtful_add(list, &entry);
}

static int open_list(void **state)
{
    static struct doubtful list;
    next_seq = 0;
    doubtful_init(&list);
    *state = &list;
    return 0;
}

static int close_list(void **state)
{
    doubtful_deinit(*state);
    return 0;
}

/* ---- every word the judgement can write ---- */

static void assert_is_known(const struct cash_note *last, const struct cash_claim *claim)
{
    struct cash_verdict verdict;
    cash_note_judge(last, claim, &verdict);
    if (verdict.kind != CASH_VERDICT_UNKNOWN)
        return;
    json_t *body = json_pack("{s:s}", "why", verdict.why);
    const struct cash_remedy *remedy = cash_remedy_of("note_unknown", body);
    assert_string_equal(remedy->word, verdict.why);
    assert_true(strlen(remedy->zh) > 30 && strlen(remedy->en) > 30);
    json_decref(body);
}

static void vary_claim(const struct cash_note *last, int kind, unsigned bits)
{
    struct cash_claim claim = {
        .kind = (enum cash_claim_kind)kind,
        .value_fen = bits & 1 ? 10000 : 0,
        .counter = bits & 2 ? 42 : -1,
        .counter_is_fresh = bits & 2,
        .expected = 41,
        .moved_on = bits & 4,
        .transaction_is_open = bits & 8,
        .is_final = true,
    };
    snprintf(claim.serial, sizeof claim.serial, "%s", bits & 16 ? "A" : "B");
    snprintf(claim.txn, sizeof claim.txn, "%s", bits & 32 ? TXN : "");
    assert_is_known(last, &claim);
}

static void every_doubt_of_the_judgement_has_a_remedy(void **state)
{
    (void)state;
    for (int note = CASH_NOTE_NONE; note <= CASH_NOTE_UNKNOWN; note++)
        for (int kind = 0; kind < CASH_CLAIMS; kind++)
            for (unsigned bits = 0; bits < 256; bits++) {
                struct cash_note last = { .state = (enum cash_note_state)note,
                                          .value_fen = bits & 64 ? 10000 : 5000,
                                          .escrow_fen = bits & 64 ? 10000 : 0,
                                          .stacked = 41,
                                          .in_box = bits & 128,
                                          .txn = TXN,
                                          .serial = "A" };
                vary_claim(&last, kind, bits);
            }
}

static void every_difference_has_a_word_of_its_own(void **state)
{
    (void)state;
    static const struct {
        enum journal_kind kind;
        const char *body, *word;
    } CASES[] = {
        { JOURNAL_COUNTER_MISMATCH, "{\"counter\":\"stacked\",\"expected\":41,\"found\":43}",
          "counter_ahead" },
        { JOURNAL_COUNTER_MISMATCH, "{\"expected\":41,\"found\":40}", "counter_behind" },
        { JOURNAL_COUNTER_MISMATCH, "{\"expected\":4294967295,\"found\":0}", "counter_ahead" },
        { JOURNAL_COUNTER_MISMATCH, "{\"counter\":\"dispensed\",\"expected\":0,\"found\":2}",
          "counter_payout" },
        { JOURNAL_COUNTER_MISMATCH, "{\"counter\":\"rejected\",\"expected\":9,\"found\":2}",
          "counter_set_back" },
        { JOURNAL_DEVICE_SWAPPED, "{\"was\":\"1\",\"is\":\"2\"}", "acceptor_swapped" },
        { JOURNAL_DATASET_CHANGED, "{\"was\":\"500\",\"is\":\"600\"}", "dataset_changed" },
        { JOURNAL_BOX_EVENT, "{\"event\":\"removed\"}", "box_removed" },
        { JOURNAL_BOX_EVENT, "{\"event\":\"replaced\",\"missed\":true}", "box_missed" },
        { JOURNAL_NOTE_UNKNOWN, "{\"why\":\"of a later program\"}", "other" },
        { JOURNAL_NOTE_UNKNOWN, "[]", "other" },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        json_t *body = json_loads(CASES[i].body, 0, NULL);
        assert_string_equal(cash_remedy_of(journal_kind_name(CASES[i].kind), body)->word,
                            CASES[i].word);
        json_decref(body);
    }
    json_t *replaced = json_loads("{\"event\":\"replaced\"}", 0, NULL);
    assert_null(cash_remedy_of("box_event", replaced));
    assert_null(cash_remedy_of("note_credited", replaced));
    json_decref(replaced);
}

/* ---- the list ---- */

static const char LOST[] =
    "{\"value\":0,\"by\":\"given_up\",\"acceptor\":\"1\",\"why\":\"device_lost\",\"escrow\":10000}";

static void say_slip(struct doubtful *list, const char *state)
{
    char body[160];
    snprintf(body, sizeof body,
             "{\"voucher\":\"" SLIP "\",\"paper\":\"unknown_note\",\"state\":\"%s\",\"copy\":0}",
             state);
    say(list, TXN, JOURNAL_RECEIPT_STATE, body);
}

static void the_number_on_the_slip_finds_the_note(void **state)
{
    struct doubtful *list = *state;
    say(list, TXN, JOURNAL_NOTE_UNKNOWN, LOST);
    say(list, TXN, JOURNAL_RECEIPT_STATE,
        "{\"voucher\":\"990000000003202611230003184\",\"state\":\"printed\"}");
    say_slip(list, "sending");
    say_slip(list, "printed");
    assert_int_equal(list->count, 1);
    const struct doubtful_item *item = &list->items[0];
    assert_string_equal(item->slip, SLIP);
    assert_string_equal(item->slip_state, "printed");
    assert_int_equal(item->escrow_fen, 10000);
    assert_false(item->in_box);
    assert_true(doubtful_has_code(item, "9999 0000 0003 2026 1123 0003 192"));
    assert_true(doubtful_has_code(item, "990000000003202611230003184"));
    assert_true(doubtful_has_code(item, TXN));
    assert_true(doubtful_has_code(item, "1"));
    assert_false(doubtful_has_code(item, "2"));
    assert_false(doubtful_has_code(item, ""));
    assert_false(doubtful_has_code(item, "9999000000032026112300031"));
}

static void a_note_proved_later_answers_the_one_given_up(void **state)
{
    struct doubtful *list = *state;
    say(list, TXN, JOURNAL_NOTE_UNKNOWN, LOST);
    say_slip(list, "printed");
    say(list, TXN, JOURNAL_NOTE_UNKNOWN,
        "{\"value\":10000,\"why\":\"proved_too_late\",\"box\":10000}");
    assert_int_equal(list->count, 2);
    assert_int_equal(list->items[0].answered_by, 3);
    assert_int_equal(list->items[1].answered_by, 0);
    assert_string_equal(list->items[1].slip, SLIP);
    assert_int_equal(doubtful_open_count(list), 1);
    assert_int_equal(doubtful_open_fen(list), 10000);
}

static void a_note_given_back_later_answers_it_too(void **state)
{
    struct doubtful *list = *state;
    say(list, TXN, JOURNAL_NOTE_UNKNOWN, LOST);
    say(list, "K0003-20261123-000319", JOURNAL_NOTE_RETURNED, "{\"value\":10000}");
    say(list, TXN, JOURNAL_NOTE_RETURNED, "{\"value\":5000}");
    assert_int_equal(doubtful_open_count(list), 1);
    say(list, TXN, JOURNAL_NOTE_RETURNED, "{\"value\":10000}");
    assert_int_equal(list->items[0].answered_by, 4);
    assert_int_equal(doubtful_open_count(list), 0);
}

static void a_note_of_nobody_is_listed_without_a_slip(void **state)
{
    struct doubtful *list = *state;
    say(list, "", JOURNAL_NOTE_UNKNOWN, "{\"value\":0,\"why\":\"value_not_known\",\"box\":0}");
    say(list, "", JOURNAL_NOTE_UNKNOWN, "{\"value\":5000,\"why\":\"no_transaction\",\"box\":5000}");
    say(list, "", JOURNAL_RECEIPT_STATE, "{\"voucher\":\"" SLIP "\",\"state\":\"printed\"}");
    assert_int_equal(list->count, 2);
    assert_true(list->items[0].in_box && list->items[1].in_box);
    assert_string_equal(list->items[1].slip, "");
    assert_int_equal(doubtful_open_fen(list), 5000);
}

static void a_box_that_came_back_needs_nobody(void **state)
{
    struct doubtful *list = *state;
    say(list, "", JOURNAL_BOX_EVENT, "{\"event\":\"removed\"}");
    assert_int_equal(doubtful_open_count(list), 1);
    say(list, "", JOURNAL_BOX_EVENT, "{\"event\":\"replaced\"}");
    assert_int_equal(list->count, 1);
    assert_int_equal(doubtful_open_count(list), 0);
}

static void names_what_was_expected_and_found(void **state)
{
    struct doubtful *list = *state;
    say(list, "", JOURNAL_COUNTER_MISMATCH,
        "{\"counter\":\"stacked\",\"expected\":41,\"found\":43}");
    say(list, "", JOURNAL_DEVICE_SWAPPED,
        "{\"class\":\"cash_acceptor\",\"was\":\"1\",\"is\":\"2\",\"expected\":5,\"found\":6}");
    assert_string_equal(list->items[0].expected, "41");
    assert_string_equal(list->items[0].found, "43");
    assert_string_equal(list->items[1].expected, "1");
    assert_string_equal(list->items[1].found, "2");
}

static void entries_of_a_kiosk_that_lies_do_no_harm(void **state)
{
    struct doubtful *list = *state;
    for (int i = 0; i < 40; i++)
        say(list, TXN, JOURNAL_NOTE_UNKNOWN,
            "{\"value\":9223372036854775807,\"escrow\":-5,\"why\":7,\"box\":1}");
    say(list, TXN, JOURNAL_COUNTER_MISMATCH,
        "{\"expected\":-9223372036854775808,\"found\":9223372036854775807}");
    say(list, TXN, JOURNAL_NOTE_UNKNOWN, "no json");
    assert_int_equal(list->count, 42);
    assert_int_equal(doubtful_open_fen(list), 0);
}

#define LIST_TEST(name) cmocka_unit_test_setup_teardown(name, open_list, close_list)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_doubt_of_the_judgement_has_a_remedy),
        cmocka_unit_test(every_difference_has_a_word_of_its_own),
        LIST_TEST(the_number_on_the_slip_finds_the_note),
        LIST_TEST(a_note_proved_later_answers_the_one_given_up),
        LIST_TEST(a_note_given_back_later_answers_it_too),
        LIST_TEST(a_note_of_nobody_is_listed_without_a_slip),
        LIST_TEST(a_box_that_came_back_needs_nobody),
        LIST_TEST(names_what_was_expected_and_found),
        LIST_TEST(entries_of_a_kiosk_that_lies_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
