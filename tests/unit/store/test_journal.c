#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/bytes.h"
#include "base/check.h"
#include "store/voucher.h"
#include "support/unit.h"
#include "unit/store/store_rig.h"

struct seen {
    int count;
    struct journal_entry last;
    char body[512];
};

static bool remember(void *context, const struct journal_entry *entry)
{
    struct seen *seen = context;
    seen->count++;
    seen->last = *entry;
    snprintf(seen->body, sizeof seen->body, "%s", entry->body);
    return true;
}

static bool stop_at_once(void *context, const struct journal_entry *entry)
{
    (void)remember(context, entry);
    return false;
}

/* Computed with Python: hashlib.sha256(prev + struct.pack("<QQ", seq, at) + …). */
static void hashes_an_entry_as_the_vector_says(void **state)
{
    (void)state;
    static const uint8_t ZERO[JOURNAL_HASH_SIZE];
    uint8_t first[JOURNAL_HASH_SIZE], second[JOURNAL_HASH_SIZE];
    char hex[2 * JOURNAL_HASH_SIZE + 1];
    journal_hash_entry(ZERO, 1, RIG_WALL_MS, "", "kiosk_started", "{\"version\":\"0.1.0\"}", first);
    bytes_to_hex(first, sizeof first, hex);
    assert_string_equal(hex, "315ab9a39a126686b897bf4f5fadefe226f51ad02d5bfe6809a86b15c7d8c45e");
    journal_hash_entry(first, 2, RIG_WALL_MS + 5, RIG_TXN, "note_credited",
                       "{\"value\":10000,\"post\":[[\"cash_box\",\"citizen\",10000]]}", second);
    bytes_to_hex(second, sizeof second, hex);
    assert_string_equal(hex, "b59a7b087f4ddd3161b2cf00afadfff33fe7a5dfc7705a99e906c98792f309a1");
}

static void chains_each_entry_to_the_one_before(void **state)
{
    struct store_rig *rig = *state;
    uint8_t hash[JOURNAL_HASH_SIZE] = { 0 }, stored[JOURNAL_HASH_SIZE];
    assert_int_equal(rig_append(rig, JOURNAL_KIOSK_STARTED, NULL, "{\"version\":\"1\"}"),
                     STATUS_OK);
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_CANCELLED, RIG_TXN, "{}"), STATUS_OK);
    journal_hash_entry(hash, 1, RIG_WALL_MS, "", "kiosk_started", "{\"version\":\"1\"}", hash);
    assert_int_equal(journal_hash_at(rig->journal, 1, stored), STATUS_OK);
    assert_memory_equal(stored, hash, sizeof hash);
    journal_hash_entry(hash, 2, RIG_WALL_MS, RIG_TXN, "payment_cancelled", "{}", hash);
    journal_last_hash(rig->journal, stored);
    assert_memory_equal(stored, hash, sizeof hash);
    assert_int_equal(journal_last_seq(rig->journal), 2);
}

static void has_a_zero_hash_before_the_first_entry(void **state)
{
    struct store_rig *rig = *state;
    static const uint8_t ZERO[JOURNAL_HASH_SIZE];
    uint8_t hash[JOURNAL_HASH_SIZE];
    assert_int_equal(journal_hash_at(rig->journal, 0, hash), STATUS_OK);
    assert_memory_equal(hash, ZERO, sizeof hash);
    assert_int_equal(journal_hash_at(rig->journal, 1, hash), STATUS_NOT_FOUND);
}

static void adds_the_postings_and_the_note_to_the_body(void **state)
{
    struct store_rig *rig = *state;
    struct seen seen = { 0 };
    assert_int_equal(rig_credit(rig, RIG_TXN, 10000), STATUS_OK);
    assert_int_equal(journal_read(rig->journal, 1, 10, remember, &seen), STATUS_OK);
    assert_string_equal(seen.body, "{\"value\":10000,\"stacked\":8,"
                                   "\"post\":[[\"cash_box\",\"citizen\",10000]],\"box\":10000}");
}

static void adds_postings_to_an_empty_body(void **state)
{
    struct store_rig *rig = *state;
    struct seen seen = { 0 };
    struct journal_draft draft = {
        .kind = JOURNAL_BOX_EVENT,
        .body = "{ } ",
        .postings = { { BOOK_CITIZEN, BOOK_PREMIUM, 1 }, { BOOK_CITIZEN, BOOK_SURPLUS, 2 } },
        .posting_count = 2,
    };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
    assert_int_equal(journal_read(rig->journal, 1, 10, remember, &seen), STATUS_OK);
    assert_string_equal(seen.body,
                        "{ \"post\":[[\"citizen\",\"premium\",1],[\"citizen\",\"surplus\",2]]}");
}

static void refuses_a_body_that_is_no_object_and_stays_writable(void **state)
{
    struct store_rig *rig = *state;
    static const char *const BAD[] = { "",
                                       "[]",
                                       "{",
                                       "nonsense}",
                                       "{\"a\":1} x",
                                       "{\"a\":}",
                                       "{\"post\":[]}",
                                       "{\"box\":100}",
                                       "{\"a\":1,\"a\":2}",
                                       "{\"a\":\"\xff\"}" };
    for (size_t i = 0; i < ARRAY_SIZE(BAD); i++)
        assert_int_equal(rig_append(rig, JOURNAL_KIOSK_STARTED, NULL, BAD[i]), STATUS_INVALID);
    assert_true(journal_is_writable(rig->journal));
    assert_int_equal(journal_last_seq(rig->journal), 0);
    assert_int_equal(rig_append(rig, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
}

static void refuses_a_body_over_the_bound(void **state)
{
    struct store_rig *rig = *state;
    static char body[JOURNAL_BODY_SIZE_MAX + 2];
    memset(body, 'x', sizeof body - 1);
    memcpy(body, "{\"a\":\"", 6);
    memcpy(body + JOURNAL_BODY_SIZE_MAX - 2, "\"}", 3);
    assert_int_equal(rig_append(rig, JOURNAL_KIOSK_STARTED, NULL, body), STATUS_OK);
    memcpy(body + JOURNAL_BODY_SIZE_MAX - 2, "x\"}", 4);
    assert_int_equal(rig_append(rig, JOURNAL_KIOSK_STARTED, NULL, body), STATUS_INVALID);
}

static void appends_all_drafts_or_none(void **state)
{
    struct store_rig *rig = *state;
    struct journal_draft drafts[] = {
        { .kind = JOURNAL_NOTE_CREDITED,
          .txn = RIG_TXN,
          .body = "{\"value\":10000}",
          .postings = { { BOOK_CASH_BOX, BOOK_CITIZEN, 10000 } },
          .posting_count = 1 },
        { .kind = JOURNAL_QUOTE_ACCEPTED, .txn = RIG_TXN, .body = "{\"due\":\"much\"}" },
    };
    uint8_t before[JOURNAL_HASH_SIZE], after[JOURNAL_HASH_SIZE];
    journal_last_hash(rig->journal, before);
    assert_int_equal(journal_append_all(rig->journal, drafts, 2), STATUS_INVALID);
    journal_last_hash(rig->journal, after);
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(journal_last_seq(rig->journal), 0);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_CASH_BOX), 0);

    drafts[1].body = "{\"due\":500}";
    assert_int_equal(journal_append_all(rig->journal, drafts, 2), STATUS_OK);
    assert_int_equal(journal_last_seq(rig->journal), 2);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_CASH_BOX), 10000);
    rig_reopen(rig);
    assert_int_equal(journal_last_seq(rig->journal), 2);
}

static void keeps_the_books_balanced_through_a_visit(void **state)
{
    struct store_rig *rig = *state;
    rig_play_visit(rig);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_CASH_BOX), 15000);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_CITIZEN), 0);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_PREMIUM), 14950);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_SURPLUS), 50);
    assert_int_equal(journal_cash_unit_count(rig->journal, 10000), 1);
    assert_int_equal(journal_cash_unit_count(rig->journal, 5000), 1);
    assert_int_equal(journal_cash_unit_count(rig->journal, 2000), 0);
}

static void counts_a_note_of_unknown_value(void **state)
{
    struct store_rig *rig = *state;
    struct journal_draft draft = { .kind = JOURNAL_NOTE_UNKNOWN,
                                   .body = "{\"value\":0}",
                                   .note_value_unknown = true };
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
    assert_int_equal(journal_cash_unit_count(rig->journal, 0), 1);
    assert_int_equal(journal_account_balance(rig->journal, BOOK_UNKNOWN), 0);
}

static void sums_the_cash_the_bureau_has_not_acknowledged(void **state)
{
    struct store_rig *rig = *state;
    rig_accept_quote(rig, RIG_TXN, 30000);
    assert_int_equal(journal_unsent_cash(rig->journal).cash_fen, 0);
    assert_int_equal(rig_credit(rig, RIG_TXN, 10000), STATUS_OK);
    assert_int_equal(journal_set_acked(rig->journal, journal_last_seq(rig->journal)), STATUS_OK);
    assert_int_equal(rig_credit(rig, RIG_TXN, 5000), STATUS_OK);
    assert_int_equal(journal_unsent_cash(rig->journal).cash_fen, 5000);
}

static void tells_the_running_transaction(void **state)
{
    struct store_rig *rig = *state;
    struct journal_transaction now;
    assert_int_equal(journal_open_transaction(rig->journal, &now), STATUS_NOT_FOUND);
    rig_accept_quote(rig, RIG_TXN, 30000);
    assert_int_equal(rig_credit(rig, RIG_TXN, 10000), STATUS_OK);
    assert_int_equal(rig_escrow(rig, RIG_TXN, 20000), STATUS_OK);
    assert_int_equal(journal_open_transaction(rig->journal, &now), STATUS_OK);
    assert_string_equal(now.txn, RIG_TXN);
    assert_int_equal(now.due_fen, 30000);
    assert_int_equal(now.credited_fen, 10000);
    assert_int_equal(now.escrow_fen, 20000);
    assert_true(now.open);
    assert_int_equal(rig_append(rig, JOURNAL_NOTE_RETURNED, RIG_TXN, "{\"value\":20000}"),
                     STATUS_OK);
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_COMPLETED, RIG_TXN, "{}"), STATUS_OK);
    assert_int_equal(journal_open_transaction(rig->journal, &now), STATUS_NOT_FOUND);
    assert_int_equal(journal_find_transaction(rig->journal, RIG_TXN, &now), STATUS_OK);
    assert_int_equal(now.escrow_fen, 0);
    assert_false(now.open);
}

static void reads_the_entries_of_one_transaction_only(void **state)
{
    struct store_rig *rig = *state;
    struct seen seen = { 0 };
    rig_play_visit(rig);
    rig_accept_quote(rig, "K0003-20261123-000319", 100);
    assert_int_equal(rig_append(rig, JOURNAL_RECEIPT_STATE, RIG_TXN, "{\"copy\":0}"), STATUS_OK);
    assert_int_equal(journal_read_transaction(rig->journal, RIG_TXN, remember, &seen), STATUS_OK);
    assert_int_equal(seen.count, 8);
    assert_string_equal(seen.last.kind, "receipt_state");
}

static void stops_reading_when_told(void **state)
{
    struct store_rig *rig = *state;
    struct seen seen = { 0 };
    rig_play_visit(rig);
    assert_int_equal(journal_read(rig->journal, 3, 100, stop_at_once, &seen), STATUS_OK);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.last.seq, 3);
}

static void never_gives_a_serial_twice(void **state)
{
    struct store_rig *rig = *state;
    int64_t value;
    assert_int_equal(journal_next_serial(rig->journal, "txn", &value), STATUS_OK);
    assert_int_equal(value, 1);
    assert_int_equal(journal_next_serial(rig->journal, "txn", &value), STATUS_OK);
    assert_int_equal(value, 2);
    rig_reopen(rig);
    assert_int_equal(journal_next_serial(rig->journal, "txn", &value), STATUS_OK);
    assert_int_equal(value, 3);
}

static void gives_each_leased_number_once(void **state)
{
    struct store_rig *rig = *state;
    char number[JOURNAL_NUMBER_SIZE], found[JOURNAL_NUMBER_SIZE];
    assert_int_equal(journal_peek_number(rig->journal, number), STATUS_NOT_FOUND);
    rig_lease(rig, "lease-1", 99, 2);
    assert_int_equal(journal_numbers_left(rig->journal), 2);
    assert_int_equal(journal_peek_number(rig->journal, number), STATUS_OK);
    assert_string_equal(number, "P900000099");
    assert_int_equal(rig_register(rig, "aa11", number), STATUS_OK);
    assert_int_equal(rig_register(rig, "bb22", number), STATUS_INVALID);
    assert_int_equal(journal_find_person(rig->journal, "bb22", found), STATUS_NOT_FOUND);
    assert_int_equal(journal_find_person(rig->journal, "aa11", found), STATUS_OK);
    assert_string_equal(found, number);
    assert_int_equal(journal_numbers_left(rig->journal), 1);
    assert_int_equal(rig_register(rig, "bb22", "P900000100"), STATUS_OK);
    assert_int_equal(journal_peek_number(rig->journal, number), STATUS_NOT_FOUND);
}

static void goes_on_to_the_next_block(void **state)
{
    struct store_rig *rig = *state;
    char number[JOURNAL_NUMBER_SIZE];
    rig_lease(rig, "lease-1", 1, 1);
    rig_lease(rig, "lease-2", 500, 10);
    assert_int_equal(rig_register(rig, "aa11", "P900000001"), STATUS_OK);
    assert_int_equal(journal_peek_number(rig->journal, number), STATUS_OK);
    assert_string_equal(number, "P900000500");
}

static void takes_a_lease_and_a_person_once(void **state)
{
    struct store_rig *rig = *state;
    rig_lease(rig, "lease-1", 1, 5);
    assert_int_equal(
        rig_append(rig, JOURNAL_NUMBERS_LEASED, NULL,
                   "{\"prefix\":\"P9\",\"first\":1,\"count\":5,\"lease\":\"lease-1\"}"),
        STATUS_EXISTS);
    assert_int_equal(rig_register(rig, "aa11", "P900000001"), STATUS_OK);
    assert_int_equal(rig_register(rig, "aa11", "P900000002"), STATUS_EXISTS);
    assert_int_equal(journal_numbers_left(rig->journal), 4);
    assert_true(journal_is_writable(rig->journal));
}

#define TWO_MONTHS                                                                                 \
    "{\"due\":400,\"person\":\"aa11\",\"months\":[],\"lines\":["                                   \
    "{\"month\":\"2026-11\",\"code\":\"110\"},{\"month\":\"2026-11\",\"code\":\"310\"},"           \
    "{\"month\":\"2026-12\",\"code\":\"110\"}]}"

static void add_month(void *context, month_index month)
{
    char text[MONTH_TEXT_SIZE];
    month_format(month, text);
    strcat(strcat(context, " "), text);
}

static void assert_paid(struct store_rig *rig, const char *person, const char *code,
                        const char *months)
{
    char found[256] = "";
    assert_int_equal(journal_list_paid_months(rig->journal, person, code, add_month, found),
                     STATUS_OK);
    assert_string_equal(found, months);
}

static void assert_verified(struct store_rig *rig)
{
    int64_t bad_seq;
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_OK);
}

static enum status issue(struct store_rig *rig, enum journal_kind kind, const char *txn,
                         int64_t serial)
{
    char voucher[VOUCHER_SIZE], body[160];
    voucher_format("999900", "000003", 20261123, serial, voucher);
    snprintf(body, sizeof body,
             "{\"voucher\":\"%s\",\"paper\":\"unknown_note\",\"state\":\"composed\"}", voucher);
    return rig_append(rig, kind, txn, body);
}

static int64_t next_voucher(struct store_rig *rig)
{
    int64_t serial = -1;
    assert_int_equal(journal_peek_voucher(rig->journal, &serial), STATUS_OK);
    return serial;
}

static void uses_a_voucher_number_up_by_the_entry_that_names_it(void **state)
{
    struct store_rig *rig = *state;
    assert_int_equal(next_voucher(rig), 1);
    assert_int_equal(next_voucher(rig), 1); /* looking uses nothing up */
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T1", 1), STATUS_OK);
    assert_int_equal(next_voucher(rig), 2);
    rig_reopen(rig);
    assert_int_equal(issue(rig, JOURNAL_RECEIPT_STATE, "T1", 2), STATUS_OK);
    assert_int_equal(issue(rig, JOURNAL_RECEIPT_STATE, "T1", 2), STATUS_OK); /* its next state */
    assert_int_equal(next_voucher(rig), 3);
    assert_verified(rig);
}

static void takes_no_entry_that_skips_or_repeats_a_voucher_number(void **state)
{
    struct store_rig *rig = *state;
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T1", 41), STATUS_OK); /* a new disk */
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T2", 43), STATUS_INVALID);
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T2", 41), STATUS_INVALID);
    assert_int_equal(issue(rig, JOURNAL_RECEIPT_STATE, "T2", 40), STATUS_INVALID);
    assert_true(journal_is_writable(rig->journal));
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T2", 42), STATUS_OK);
    assert_verified(rig);
}

static void goes_on_with_voucher_numbers_after_the_largest(void **state)
{
    struct store_rig *rig = *state;
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T1", 999999), STATUS_OK);
    assert_int_equal(next_voucher(rig), 0);
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T2", 0), STATUS_OK);
    assert_int_equal(next_voucher(rig), 1);
    assert_verified(rig);
}

static void knows_the_months_paid_in_each_insurance(void **state)
{
    struct store_rig *rig = *state;
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, RIG_TXN, TWO_MONTHS), STATUS_OK);
    assert_paid(rig, "aa11", "110", "");
    rig_reopen(rig); /* the quote and its completion may lie in different runs */
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_COMPLETED, RIG_TXN,
                                "{\"months\":[{\"month\":\"2026-11\"},{\"month\":\"2026-12\"}]}"),
                     STATUS_OK);
    assert_paid(rig, "aa11", "110", " 2026-11 2026-12");
    assert_paid(rig, "aa11", "310", " 2026-11");
    assert_paid(rig, "aa11", "410", "");
    assert_paid(rig, "bb22", "110", "");
    assert_verified(rig);
}

static void counts_only_months_the_money_covered(void **state)
{
    struct store_rig *rig = *state;
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, RIG_TXN, TWO_MONTHS), STATUS_OK);
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_COMPLETED, RIG_TXN,
                                "{\"months\":[{\"month\":\"2026-11\"}]}"),
                     STATUS_OK);
    assert_paid(rig, "aa11", "110", " 2026-11");
    /* The quote is used up: a second completion adds nothing. */
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_COMPLETED, RIG_TXN,
                                "{\"months\":[{\"month\":\"2026-12\"}]}"),
                     STATUS_OK);
    assert_paid(rig, "aa11", "110", " 2026-11");
    assert_verified(rig);
}

static void a_cancelled_quote_pays_nothing(void **state)
{
    struct store_rig *rig = *state;
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, RIG_TXN, TWO_MONTHS), STATUS_OK);
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_CANCELLED, RIG_TXN, "{}"), STATUS_OK);
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_COMPLETED, RIG_TXN,
                                "{\"months\":[{\"month\":\"2026-11\"}]}"),
                     STATUS_OK);
    assert_paid(rig, "aa11", "110", "");
}

static void refuses_a_quote_whose_lines_name_no_month(void **state)
{
    struct store_rig *rig = *state;
    static const char *const BAD[] = {
        "{\"due\":1,\"lines\":[]}",
        "{\"due\":1,\"person\":\"aa11\",\"lines\":[{\"month\":\"2026-13\",\"code\":\"110\"}]}",
        "{\"due\":1,\"person\":\"aa11\",\"lines\":[{\"month\":\"2026-11\"}]}",
        "{\"due\":1,\"person\":\"aa11\",\"lines\":[7]}",
    };
    for (size_t i = 0; i < ARRAY_SIZE(BAD); i++)
        assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, RIG_TXN, BAD[i]), STATUS_INVALID);
    assert_int_equal(journal_last_seq(rig->journal), 0);
}

/* Numbers were drawn ahead of their entries once, and one could be lost: such a kiosk goes on after
 * its last number, and what is missing is named. */
static void counts_on_in_a_journal_from_before_numbers_had_no_gap(void **state)
{
    struct store_rig *rig = *state;
    struct journal_finding finding;
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T1", 5), STATUS_OK);
    rig_tamper(rig, "DELETE FROM tally WHERE name = 'voucher/last'");
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T2", 9), STATUS_OK);
    rig_tamper(rig, "DELETE FROM tally WHERE name = 'voucher/last';"
                    " INSERT INTO serial VALUES('voucher', 12); DROP TABLE payment;"
                    " DROP TABLE rejected; DROP TABLE delivery; DROP TABLE registration; PRAGMA "
                    "user_version=2");
    rig_reopen(rig);
    assert_int_equal(next_voucher(rig), 10);
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T3", 11), STATUS_INVALID);
    assert_int_equal(issue(rig, JOURNAL_PAYMENT_COMPLETED, "T3", 10), STATUS_OK);
    assert_int_equal(journal_inspect(rig->journal, NULL, 0, &finding), STATUS_CORRUPT);
    assert_int_equal(finding.fault, JOURNAL_ENTRY_UNBOOKABLE);
    assert_int_equal(finding.seq, 2);
}

static void fills_the_paid_months_of_a_journal_from_before_they_were_kept(void **state)
{
    struct store_rig *rig = *state;
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, RIG_TXN, TWO_MONTHS), STATUS_OK);
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_COMPLETED, RIG_TXN,
                                "{\"months\":[{\"month\":\"2026-11\"}]}"),
                     STATUS_OK);
    rig_tamper(rig, "DROP TABLE quoted; DROP TABLE paid_month; DROP TABLE slip; DROP TABLE payment;"
                    " DROP TABLE rejected; DROP TABLE delivery; DROP TABLE registration;"
                    " PRAGMA user_version=1");
    rig_reopen(rig);
    assert_paid(rig, "aa11", "110", " 2026-11");
    assert_verified(rig);
    rig_tamper(rig, "DELETE FROM paid_month");
    rig_reopen(rig); /* rebuilt once, not at every start: a changed projection stays visible */
    assert_paid(rig, "aa11", "110", "");
}

static void set_receipt(struct store_rig *rig, const char *paper, const char *receipt_state)
{
    char body[160];
    snprintf(body, sizeof body,
             "{\"voucher\":\"V-%s\",\"paper\":\"%s\",\"state\":\"%s\",\"copy\":0}", paper, paper,
             receipt_state);
    assert_int_equal(rig_append(rig, JOURNAL_RECEIPT_STATE, RIG_TXN, body), STATUS_OK);
}

static void owes_a_slip_from_the_payment_until_it_has_come_out(void **state)
{
    struct store_rig *rig = *state;
    struct journal_slip slip;
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_NOT_FOUND);
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_COMPLETED, RIG_TXN, "{\"voucher\":\"V1\"}"),
                     STATUS_OK);
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_OK);
    assert_string_equal(slip.txn, RIG_TXN);
    assert_string_equal(slip.paper, JOURNAL_PAPER_PAYMENT);
    assert_string_equal(slip.voucher, "V1");
    assert_false(slip.was_sent);
    set_receipt(rig, "interrupted", "composed");
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_OK);
    set_receipt(rig, "interrupted", "sending");
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_NOT_FOUND);
    assert_int_equal(journal_sending_slip(rig->journal, &slip), STATUS_OK);
    set_receipt(rig, "interrupted", "failed");
    assert_int_equal(journal_sending_slip(rig->journal, &slip), STATUS_NOT_FOUND);
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_OK);
    assert_true(slip.was_sent);
    set_receipt(rig, "interrupted", "printed");
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_NOT_FOUND);
    assert_verified(rig);
}

static void owes_nothing_more_to_a_person_who_was_told_that_it_failed(void **state)
{
    struct store_rig *rig = *state;
    struct journal_slip slip;
    assert_int_equal(rig_append(rig, JOURNAL_PAYMENT_COMPLETED, RIG_TXN, "{\"voucher\":\"V1\"}"),
                     STATUS_OK);
    set_receipt(rig, "payment", "composed");
    set_receipt(rig, "payment", "failed");
    set_receipt(rig, "registration", "composed");
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_NOT_FOUND);
}

static void owes_one_claim_slip_however_often_word_of_the_note_comes(void **state)
{
    struct store_rig *rig = *state;
    struct journal_slip slip;
    assert_int_equal(rig_append(rig, JOURNAL_NOTE_UNKNOWN, NULL, "{\"value\":0}"), STATUS_OK);
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_NOT_FOUND);
    assert_int_equal(rig_append(rig, JOURNAL_NOTE_UNKNOWN, RIG_TXN, "{\"value\":0}"), STATUS_OK);
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_OK);
    assert_string_equal(slip.paper, JOURNAL_PAPER_UNKNOWN_NOTE);
    set_receipt(rig, "unknown_note", "failed");
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_OK);
    assert_string_equal(slip.voucher, "V-unknown_note");
    set_receipt(rig, "unknown_note", "printed");
    assert_int_equal(rig_append(rig, JOURNAL_NOTE_UNKNOWN, RIG_TXN, "{\"value\":5000}"), STATUS_OK);
    assert_int_equal(journal_owed_slip(rig->journal, &slip), STATUS_NOT_FOUND);
    assert_verified(rig);
}

static void keeps_facts_and_the_acknowledged_seq(void **state)
{
    struct store_rig *rig = *state;
    char text[16];
    assert_int_equal(journal_get_fact(rig->journal, "acceptor", text, sizeof text),
                     STATUS_NOT_FOUND);
    assert_int_equal(journal_put_fact(rig->journal, "acceptor", "4711"), STATUS_OK);
    assert_int_equal(journal_put_fact(rig->journal, "acceptor", "4712"), STATUS_OK);
    rig_play_visit(rig);
    assert_int_equal(journal_set_acked(rig->journal, 5), STATUS_OK);
    assert_int_equal(journal_set_acked(rig->journal, 999), STATUS_INVALID);
    rig_reopen(rig);
    assert_int_equal(journal_get_fact(rig->journal, "acceptor", text, sizeof text), STATUS_OK);
    assert_string_equal(text, "4712");
    assert_int_equal(journal_acked_seq(rig->journal), 5);
}

static void lets_nobody_else_write(void **state)
{
    struct store_rig *rig = *state;
    struct journal *other;
    assert_int_equal(journal_open(rig->path, &rig->clock.clock, &other), STATUS_BUSY);
    assert_null(other);
}

static void can_be_read_while_a_kiosk_writes(void **state)
{
    struct store_rig *rig = *state;
    struct journal *reader;
    struct journal_draft draft = { .kind = JOURNAL_KIOSK_STARTED, .body = "{}" };
    int64_t bad;
    rig_play_visit(rig);
    assert_int_equal(journal_open_read_only(rig->path, &reader), STATUS_OK);
    assert_int_equal(journal_verify(reader, &bad), STATUS_OK);
    assert_int_equal(journal_append(reader, &draft, NULL), STATUS_DENIED);
    assert_false(journal_is_writable(reader));
    assert_int_equal(rig_append(rig, JOURNAL_KIOSK_STARTED, NULL, "{}"), STATUS_OK);
    journal_close(reader);
}

static void keeps_its_file_private(void **state)
{
    struct store_rig *rig = *state;
    struct stat info;
    char wal[128];
    rig_play_visit(rig);
    assert_int_equal(stat(rig->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    snprintf(wal, sizeof wal, "%s-wal", rig->path);
    assert_int_equal(stat(wal, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void names_every_kind_and_account(void **state)
{
    (void)state;
    for (int i = 0; i < JOURNAL_KINDS; i++)
        assert_true(strlen(journal_kind_name((enum journal_kind)i)) < 32);
    for (int i = 0; i < BOOK_ACCOUNTS; i++)
        assert_non_null(book_account_name((enum book_account)i));
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

/* In the evening by UTC it is the next day in China. */
static void has_the_day_of_china_wherever_it_is_read(void **state)
{
    static const char *const ZONES[] = { "Asia/Shanghai", "UTC", "America/New_York" };
    struct store_rig *rig = *state;
    rig->clock.wall_ms = INT64_C(1796068800000); /* 2026-11-30T20:00:00Z */
    rig_play_visit(rig);
    for (size_t i = 0; i < ARRAY_SIZE(ZONES); i++) {
        assert_int_equal(setenv("TZ", ZONES[i], 1), 0);
        tzset();
        assert_int_equal(journal_day_of(rig->clock.wall_ms), 20261201);
        assert_int_equal(journal_day_cash_fen(rig->journal, rig->clock.wall_ms), 15000);
        assert_verified(rig);
    }
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_an_entry_as_the_vector_says),
        cmocka_unit_test(names_every_kind_and_account),
        ON_RIG(chains_each_entry_to_the_one_before),
        ON_RIG(has_a_zero_hash_before_the_first_entry),
        ON_RIG(adds_the_postings_and_the_note_to_the_body),
        ON_RIG(adds_postings_to_an_empty_body),
        ON_RIG(refuses_a_body_that_is_no_object_and_stays_writable),
        ON_RIG(refuses_a_body_over_the_bound),
        ON_RIG(appends_all_drafts_or_none),
        ON_RIG(keeps_the_books_balanced_through_a_visit),
        ON_RIG(has_the_day_of_china_wherever_it_is_read),
        ON_RIG(counts_a_note_of_unknown_value),
        ON_RIG(tells_the_running_transaction),
        ON_RIG(reads_the_entries_of_one_transaction_only),
        ON_RIG(stops_reading_when_told),
        ON_RIG(never_gives_a_serial_twice),
        ON_RIG(uses_a_voucher_number_up_by_the_entry_that_names_it),
        ON_RIG(takes_no_entry_that_skips_or_repeats_a_voucher_number),
        ON_RIG(goes_on_with_voucher_numbers_after_the_largest),
        ON_RIG(counts_on_in_a_journal_from_before_numbers_had_no_gap),
        ON_RIG(gives_each_leased_number_once),
        ON_RIG(goes_on_to_the_next_block),
        ON_RIG(takes_a_lease_and_a_person_once),
        ON_RIG(sums_the_cash_the_bureau_has_not_acknowledged),
        ON_RIG(knows_the_months_paid_in_each_insurance),
        ON_RIG(counts_only_months_the_money_covered),
        ON_RIG(a_cancelled_quote_pays_nothing),
        ON_RIG(refuses_a_quote_whose_lines_name_no_month),
        ON_RIG(fills_the_paid_months_of_a_journal_from_before_they_were_kept),
        ON_RIG(owes_a_slip_from_the_payment_until_it_has_come_out),
        ON_RIG(owes_nothing_more_to_a_person_who_was_told_that_it_failed),
        ON_RIG(owes_one_claim_slip_however_often_word_of_the_note_comes),
        ON_RIG(keeps_facts_and_the_acknowledged_seq),
        ON_RIG(lets_nobody_else_write),
        ON_RIG(can_be_read_while_a_kiosk_writes),
        ON_RIG(keeps_its_file_private),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
