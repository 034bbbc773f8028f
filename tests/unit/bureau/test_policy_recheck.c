/*
 * guichetctl policy recheck on a journal: quotes that come out again, and those that do not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/policy.h"
#include "support/unit.h"
#include "unit/store/store_rig.h"

static char output[4096];

static int recheck(struct store_rig *rig)
{
    char command[512];
    snprintf(command, sizeof command,
             GUICHETCTL " policy recheck %s " SOURCE_DIR "/config/policy 2>&1", rig->path);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    output[fread(output, 1, sizeof output - 1, pipe)] = '\0';
    return pclose(pipe) == 0 ? 0 : 1;
}

static void accept_quote(struct store_rig *rig, const char *sha256, int64_t due_fen,
                         int64_t amount_fen, int64_t account_fen)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"person\":\"ab\",\"due\":%lld,\"lines\":[{\"month\":\"2026-11\",\"insurance\":"
             "\"pension\","
             "\"code\":\"110\",\"base\":477500,\"rate\":200000,\"amount\":%lld,\"account\":%lld}],"
             "\"policy\":\"shenzhen-individual\",\"revision\":1,\"sha256\":\"%s\"}",
             (long long)due_fen, (long long)amount_fen, (long long)account_fen, sha256);
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, RIG_TXN, body), STATUS_OK);
}

static void hash_of_shenzhen(char out[65])
{
    struct policy *policy;
    assert_int_equal(
        policy_load(SOURCE_DIR "/config/policy/440300-shenzhen.policy", NULL, NULL, NULL, &policy),
        STATUS_OK);
    memcpy(out, policy->sha256, 65);
    policy_free(policy);
}

static void a_quote_comes_out_again_to_the_fen(void **state)
{
    char sha256[65];
    hash_of_shenzhen(sha256);
    accept_quote(*state, sha256, 95500, 95500, 38200);
    assert_int_equal(recheck(*state), 0);
    assert_non_null(strstr(output, "1 quotes, 1 lines worked out again from "));
    assert_non_null(strstr(output, ": all equal\n"));
}

static void a_fen_too_much_is_named(void **state)
{
    char sha256[65];
    hash_of_shenzhen(sha256);
    accept_quote(*state, sha256, 95501, 95501, 38200);
    assert_int_equal(recheck(*state), 1);
    assert_non_null(strstr(output, "entry 1: 110 2026-11: recorded 955.01, by shenzhen-individual "
                                   "revision 1 it is 955.00"));
}

static void a_wrong_account_part_or_sum_is_named(void **state)
{
    char sha256[65];
    hash_of_shenzhen(sha256);
    accept_quote(*state, sha256, 95500, 95500, 38201);
    assert_int_equal(recheck(*state), 1);
    assert_non_null(strstr(output, "1 differ"));
    accept_quote(*state, sha256, 95600, 95500, 38200);
    assert_int_equal(recheck(*state), 1);
    assert_non_null(strstr(output, "entry 2: its lines do not add up to what was due"));
}

static void a_revision_that_is_not_here_is_named(void **state)
{
    char sha256[65];
    memset(sha256, '0', 64);
    sha256[64] = '\0';
    accept_quote(*state, sha256, 95500, 95500, 38200);
    assert_int_equal(recheck(*state), 1);
    assert_non_null(strstr(output, "entry 1: no file here is revision 1, sha256:000"));
}

/* ---- differences ---- */

#define LATER_TXN "K0003-20261124-000009"

/* The month by older figures, 5.00 less, taken in one visit. */
static void pay_by_older_figures(struct store_rig *rig)
{
    static const char QUOTE[] =
        "{\"account\":\"990100000001\",\"person\":\"ab\",\"due\":95000,\"lines\":[{"
        "\"month\":\"2026-11\",\"code\":\"110\",\"base\":475000,\"amount\":95000,"
        "\"account\":38000}],\"revision\":0,\"sha256\":\"older\"}";
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, RIG_TXN, QUOTE), STATUS_OK);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(rig_escrow(rig, RIG_TXN, 10000), STATUS_OK);
        assert_int_equal(rig_credit(rig, RIG_TXN, 10000), STATUS_OK);
    }
    struct journal_draft completed = {
        .kind = JOURNAL_PAYMENT_COMPLETED,
        .txn = RIG_TXN,
        .body = "{\"paid\":100000,\"applied\":95000,\"surplus\":5000,\"months\":[{\"month\":\"2026-"
                "11\",\"amount\":95000}]}",
        .postings = { { BOOK_CITIZEN, BOOK_PREMIUM, 95000 }, { BOOK_CITIZEN, BOOK_SURPLUS, 5000 } },
        .posting_count = 2,
    };
    assert_int_equal(journal_append(rig->journal, &completed, NULL), STATUS_OK);
}

static void bill_difference(struct store_rig *rig, int64_t amount_fen)
{
    char sha256[65], body[512];
    hash_of_shenzhen(sha256);
    snprintf(
        body, sizeof body,
        "{\"account\":\"990100000001\",\"person\":\"ab\",\"due\":%lld,\"lines\":[{\"kind\":"
        "\"difference\",\"month\":\"2026-11\",\"code\":\"110\",\"base\":477500,\"amount\":%lld,"
        "\"account\":0}],\"revision\":1,\"sha256\":\"%s\"}",
        (long long)amount_fen, (long long)amount_fen, sha256);
    assert_int_equal(rig_append(rig, JOURNAL_QUOTE_ACCEPTED, LATER_TXN, body), STATUS_OK);
}

static void a_difference_is_worked_out_from_what_was_paid_before(void **state)
{
    pay_by_older_figures(*state);
    bill_difference(*state, 500);
    assert_int_equal(recheck(*state), 1); /* the older file is not here; the difference is right */
    assert_non_null(strstr(output, "1 differ\n"));
    assert_null(strstr(output, "entry 23"));
}

static void a_difference_that_is_a_fen_off_is_named(void **state)
{
    pay_by_older_figures(*state);
    bill_difference(*state, 501);
    assert_int_equal(recheck(*state), 1);
    assert_non_null(strstr(output, "entry 23: 110 2026-11: recorded 5.01"));
}

static void of_a_month_paid_elsewhere_it_is_said_that_it_can_be(void **state)
{
    bill_difference(*state, 500);
    assert_int_equal(recheck(*state), 0);
    assert_non_null(strstr(output, "1 differences for months paid elsewhere are possible"));
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(a_quote_comes_out_again_to_the_fen),
        ON_RIG(a_fen_too_much_is_named),
        ON_RIG(a_wrong_account_part_or_sum_is_named),
        ON_RIG(a_revision_that_is_not_here_is_named),
        ON_RIG(a_difference_is_worked_out_from_what_was_paid_before),
        ON_RIG(a_difference_that_is_a_fen_off_is_named),
        ON_RIG(of_a_month_paid_elsewhere_it_is_said_that_it_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
