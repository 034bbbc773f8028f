/*
 * Whose payments were taken here, and how far each has come.
 */
#include <stdio.h>
#include <string.h>

#include "store/journal_payments.h"
#include "support/unit.h"
#include "unit/store/store_rig.h"

#define OTHER_TXN "K0003-20261123-000319"
#define FIRST "990000000003202611230003192"
#define SECOND "990000000003202611230003200"

static int64_t pay(struct store_rig *rig, const char *txn, const char *person, const char *voucher)
{
    char quote[256], completed[256];
    int64_t seq = 0;
    snprintf(quote, sizeof quote,
             "{\"account\":\"1\",\"person\":\"%s\",\"due\":10000,\"lines\":["
             "{\"month\":\"2026-11\",\"code\":\"110\"}]}",
             person);
    snprintf(completed, sizeof completed,
             "{\"paid\":10000,\"applied\":10000,\"surplus\":0,\"voucher\":\"%s\",\"months\":["
             "{\"month\":\"2026-11\"}]}",
             voucher);
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, txn, quote), STATUS_OK);
    assert_int_equal(rig_credit(rig, txn, 10000), STATUS_OK);
    const struct journal_draft draft = {
        .kind = JOURNAL_PAYMENT_COMPLETED,
        .txn = txn,
        .body = completed,
        .postings = { { BOOK_CITIZEN, BOOK_PREMIUM, 10000 } },
        .posting_count = 1,
    };
    assert_int_equal(journal_append(rig->journal, &draft, &seq), STATUS_OK);
    return seq;
}

struct list {
    int count;
    struct journal_payment items[4];
};

static bool take(void *context, const struct journal_payment *payment)
{
    struct list *list = context;
    list->items[list->count++] = *payment;
    return true;
}

static struct list list_of(struct store_rig *rig, const char *person)
{
    struct list list = { 0 };
    assert_int_equal(journal_list_payments(rig->journal, person, 4, take, &list), STATUS_OK);
    return list;
}

static void lists_a_persons_own_newest_first(void **state)
{
    struct store_rig *rig = *state;
    int64_t first = pay(rig, RIG_TXN, "aa", FIRST);
    int64_t second = pay(rig, OTHER_TXN, "aa", SECOND);
    struct list list = list_of(rig, "aa");
    assert_int_equal(list.count, 2);
    assert_int_equal(list.items[0].seq, second);
    assert_string_equal(list.items[0].txn, OTHER_TXN);
    assert_int_equal(list.items[1].seq, first);
    assert_string_equal(list.items[1].voucher, FIRST);
    assert_int_equal(list_of(rig, "bb").count, 0);
}

static void finds_one_by_its_number(void **state)
{
    struct store_rig *rig = *state;
    struct journal_payment found;
    int64_t seq = pay(rig, RIG_TXN, "aa", FIRST);
    assert_int_equal(journal_find_payment(rig->journal, FIRST, &found), STATUS_OK);
    assert_int_equal(found.seq, seq);
    assert_string_equal(found.person, "aa");
    assert_int_equal(journal_find_payment(rig->journal, SECOND, &found), STATUS_NOT_FOUND);
    assert_int_equal(journal_find_payment(rig->journal, "", &found), STATUS_NOT_FOUND);
}

static void keeps_when_it_was_first_sent_and_when_acknowledged(void **state)
{
    struct store_rig *rig = *state;
    int64_t seq = pay(rig, RIG_TXN, "aa", FIRST);
    assert_int_equal(list_of(rig, "aa").items[0].sent_ms, 0);
    rig->clock.wall_ms = 1000;
    assert_int_equal(journal_note_sent(rig->journal, 1, seq), STATUS_OK);
    rig->clock.wall_ms = 2000;
    assert_int_equal(journal_note_sent(rig->journal, 1, seq), STATUS_OK); /* a second try */
    struct journal_payment payment = list_of(rig, "aa").items[0];
    assert_int_equal(payment.sent_ms, 1000);
    assert_false(payment.is_acked);
    rig->clock.wall_ms = 3000;
    assert_int_equal(journal_set_acked(rig->journal, seq), STATUS_OK);
    rig_reopen(rig);
    payment = list_of(rig, "aa").items[0];
    assert_int_equal(payment.sent_ms, 1000);
    assert_int_equal(payment.acked_ms, 3000);
    assert_true(payment.is_acked);
}

static void a_payment_the_bureau_lost_is_not_acknowledged_any_more(void **state)
{
    struct store_rig *rig = *state;
    int64_t seq = pay(rig, RIG_TXN, "aa", FIRST);
    assert_int_equal(journal_set_acked(rig->journal, seq), STATUS_OK);
    assert_int_equal(journal_set_acked(rig->journal, seq - 1), STATUS_OK);
    struct journal_payment payment = list_of(rig, "aa").items[0];
    assert_false(payment.is_acked);
    assert_int_equal(payment.acked_ms, 0);
    assert_true(payment.sent_ms > 0);
}

static void says_why_the_bureau_set_it_aside(void **state)
{
    struct store_rig *rig = *state;
    char body[96];
    int64_t seq = pay(rig, RIG_TXN, "aa", FIRST);
    (void)pay(rig, OTHER_TXN, "aa", SECOND);
    snprintf(body, sizeof body, "{\"seq\":%lld,\"reason\":\"visit_unknown\"}", (long long)seq);
    assert_int_equal(rig_append(rig, JOURNAL_ENTRY_REJECTED, NULL, body), STATUS_OK);
    struct list list = list_of(rig, "aa");
    assert_string_equal(list.items[0].rejected, "");
    assert_string_equal(list.items[1].rejected, "visit_unknown");
}

static void is_the_same_after_a_rebuild(void **state)
{
    struct store_rig *rig = *state;
    int64_t bad_seq;
    int64_t seq = pay(rig, RIG_TXN, "aa", FIRST);
    assert_int_equal(journal_set_acked(rig->journal, seq), STATUS_OK);
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_OK);
    rig_tamper(rig, "DELETE FROM payment");
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_CORRUPT);
    assert_int_equal(bad_seq, JOURNAL_BAD_PROJECTION);
    assert_int_equal(journal_rebuild(rig->journal), STATUS_OK);
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_OK);
    assert_int_equal(list_of(rig, "aa").count, 1);
    assert_true(list_of(rig, "aa").items[0].acked_ms > 0);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(lists_a_persons_own_newest_first),
        ON_RIG(finds_one_by_its_number),
        ON_RIG(keeps_when_it_was_first_sent_and_when_acknowledged),
        ON_RIG(a_payment_the_bureau_lost_is_not_acknowledged_any_more),
        ON_RIG(says_why_the_bureau_set_it_aside),
        ON_RIG(is_the_same_after_a_rebuild),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
