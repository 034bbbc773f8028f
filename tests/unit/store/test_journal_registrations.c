/*
 * Who registered here, and what the bureau made of it.
 */
#include <stdio.h>

#include "store/journal_registrations.h"
#include "support/unit.h"
#include "unit/store/store_rig.h"

static struct journal_registration found(struct store_rig *rig, const char *person)
{
    struct journal_registration registration;
    assert_int_equal(journal_find_registration(rig->journal, person, &registration), STATUS_OK);
    return registration;
}

static void reject(struct store_rig *rig, int64_t seq, const char *reason)
{
    char body[96];
    snprintf(body, sizeof body, "{\"seq\":%lld,\"reason\":\"%s\"}", (long long)seq, reason);
    assert_int_equal(rig_append(rig, JOURNAL_ENTRY_REJECTED, NULL, body), STATUS_OK);
}

static void tells_when_it_was_and_whether_the_bureau_has_it(void **state)
{
    struct store_rig *rig = *state;
    struct journal_registration registration;
    rig_lease(rig, "a", 41, 2);
    assert_int_equal(journal_find_registration(rig->journal, "aa", &registration),
                     STATUS_NOT_FOUND);
    assert_int_equal(rig_register(rig, "aa", "P900000041"), STATUS_OK);
    registration = found(rig, "aa");
    assert_string_equal(registration.account, "P900000041");
    assert_int_equal(registration.at_ms, RIG_WALL_MS);
    assert_false(registration.is_acked);
    assert_string_equal(registration.rejected, "");
    assert_int_equal(journal_set_acked(rig->journal, registration.seq), STATUS_OK);
    assert_true(found(rig, "aa").is_acked);
}

static void one_that_was_set_aside_says_why_and_may_be_made_anew(void **state)
{
    struct store_rig *rig = *state;
    char account[JOURNAL_NUMBER_SIZE];
    int64_t bad_seq;
    rig_lease(rig, "a", 41, 2);
    assert_int_equal(rig_register(rig, "aa", "P900000041"), STATUS_OK);
    reject(rig, found(rig, "aa").seq, "employed");
    assert_string_equal(found(rig, "aa").rejected, "employed");
    assert_int_equal(journal_find_person(rig->journal, "aa", account), STATUS_NOT_FOUND);
    assert_int_equal(rig_register(rig, "aa", "P900000041"), STATUS_INVALID); /* is used up */
    assert_int_equal(rig_register(rig, "aa", "P900000042"), STATUS_OK);
    assert_string_equal(found(rig, "aa").rejected, "");
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_OK);
}

static void a_rejection_that_comes_once_more_does_not_undo_the_second_one(void **state)
{
    struct store_rig *rig = *state;
    char account[JOURNAL_NUMBER_SIZE];
    rig_lease(rig, "a", 41, 2);
    assert_int_equal(rig_register(rig, "aa", "P900000041"), STATUS_OK);
    int64_t first = found(rig, "aa").seq;
    reject(rig, first, "employed");
    assert_int_equal(rig_register(rig, "aa", "P900000042"), STATUS_OK);
    reject(rig, first, "employed");
    assert_int_equal(journal_find_person(rig->journal, "aa", account), STATUS_OK);
    assert_string_equal(account, "P900000042");
}

static void a_number_of_the_bureau_uses_up_none_of_ours(void **state)
{
    struct store_rig *rig = *state;
    char account[JOURNAL_NUMBER_SIZE];
    int64_t bad_seq;
    rig_lease(rig, "a", 41, 2);
    assert_int_equal(rig_append(rig, JOURNAL_REGISTERED, RIG_TXN,
                                "{\"account\":\"880100000007\",\"person\":\"aa\",\"sealed\":\"\","
                                "\"given\":\"bureau\"}"),
                     STATUS_OK);
    assert_int_equal(journal_numbers_left(rig->journal), 2);
    assert_int_equal(journal_find_person(rig->journal, "aa", account), STATUS_OK);
    assert_string_equal(account, "880100000007");
    assert_int_equal(journal_verify(rig->journal, &bad_seq), STATUS_OK);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(tells_when_it_was_and_whether_the_bureau_has_it),
        ON_RIG(one_that_was_set_aside_says_why_and_may_be_made_anew),
        ON_RIG(a_rejection_that_comes_once_more_does_not_undo_the_second_one),
        ON_RIG(a_number_of_the_bureau_uses_up_none_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
