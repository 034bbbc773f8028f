#include "store/statement.h"

#include "support/unit.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINK "https://rsj.example.gov.cn/v/"

static struct journal_root_key make_key(uint8_t seed_byte)
{
    struct journal_root_key key;
    uint8_t seed[32];
    memset(seed, seed_byte, sizeof seed);
    assert_true(sodium_init() >= 0);
    assert_int_equal(crypto_sign_seed_keypair(key.public_key, key.secret_key, seed), 0);
    return key;
}

static struct statement typical(void)
{
    struct statement statement = {
        .paid_fen = 300000,
        .at_s = 1795398067,
        .seq = 318,
        .number_masked = "9999************12",
    };
    voucher_format("999900", "000003", 20261123, 318, statement.voucher);
    memset(statement.hash, 0xA5, sizeof statement.hash);
    return statement;
}

static struct statement signed_by(const struct journal_root_key *key)
{
    struct statement statement = typical();
    assert_int_equal(statement_sign(&statement, key), STATUS_OK);
    return statement;
}

static void says_the_same_after_a_way_through_the_code(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1);
    struct statement statement = signed_by(&key), read;
    char text[STATEMENT_TEXT_SIZE], link[STATEMENT_TEXT_SIZE + sizeof LINK];
    statement_format(&statement, text);
    assert_int_equal(statement_parse(text, &read), STATUS_OK);
    assert_memory_equal(&read, &statement, sizeof read);
    assert_true(statement_is_signed(&read, key.public_key));
    snprintf(link, sizeof link, "%s%s", LINK, text);
    assert_int_equal(statement_parse(link, &read), STATUS_OK);
    assert_memory_equal(&read, &statement, sizeof read);
}

/* The bytes are documented, so another program may read them: this is what it must find. */
static void has_the_bytes_that_are_documented(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1);
    struct statement statement = signed_by(&key);
    char text[STATEMENT_TEXT_SIZE];
    statement_format(&statement, text);
    assert_int_equal(strlen(text), 4 + 210);
    /* 01, 9999000000032026112300031 8.., 300000, 1795398067, 318, A5…: by another's base32 */
    assert_memory_equal(
        text, "GV1.AGMZSAAAAABSAJQREMAAGGDAAAAAJE7ANMBZTMYAAAAT5JNFUWS2LJNFUWS2LJNFUWS2LJ", 74);
    assert_int_equal(strspn(text + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 210);
}

static void is_the_same_each_time_it_is_signed(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1);
    struct statement first = signed_by(&key), second = signed_by(&key);
    assert_memory_equal(&first, &second, sizeof first);
}

static void does_not_hold_when_any_letter_of_it_was_changed(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1);
    struct statement statement = signed_by(&key), read;
    char text[STATEMENT_TEXT_SIZE];
    statement_format(&statement, text);
    for (size_t i = 0; text[i] != '\0'; i++) {
        char kept = text[i];
        text[i] = kept == 'B' ? 'C' : 'B';
        assert_false(statement_parse(text, &read) == STATUS_OK &&
                     statement_is_signed(&read, key.public_key));
        text[i] = kept;
    }
}

static void does_not_hold_when_anything_it_says_was_changed(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1);
    struct statement changed[6];
    for (int i = 0; i < 6; i++)
        changed[i] = signed_by(&key);
    changed[0].paid_fen++;
    changed[1].at_s++;
    changed[2].seq++;
    changed[3].hash[15] ^= 1;
    changed[4].number_masked[17] = '3';
    voucher_format("999900", "000003", 20261123, 319, changed[5].voucher);
    for (int i = 0; i < 6; i++)
        assert_false(statement_is_signed(&changed[i], key.public_key));
}

static void holds_under_no_other_key(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1), other = make_key(2);
    struct statement statement = signed_by(&key);
    assert_true(statement_names_key(&statement, key.public_key));
    assert_false(statement_names_key(&statement, other.public_key));
    assert_false(statement_is_signed(&statement, other.public_key));
    /* somebody with a key of his own who names the kiosk's */
    struct statement forged = signed_by(&other);
    memcpy(forged.key_id, statement.key_id, sizeof forged.key_id);
    assert_false(statement_is_signed(&forged, key.public_key));
}

static void carries_the_longest_and_the_shortest_content(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1);
    struct statement statement = typical(), read;
    char text[STATEMENT_TEXT_SIZE];
    statement.paid_fen = INT64_C(100000000000);
    statement.at_s = statement.seq = UINT32_MAX;
    memset(statement.number_masked, 'X', sizeof statement.number_masked - 1);
    assert_int_equal(statement_sign(&statement, &key), STATUS_OK);
    statement_format(&statement, text);
    assert_int_equal(statement_parse(text, &read), STATUS_OK);
    assert_memory_equal(&read, &statement, sizeof read);
    statement.number_masked[0] = '\0';
    statement.paid_fen = statement.at_s = statement.seq = 0;
    assert_int_equal(statement_sign(&statement, &key), STATUS_OK);
    statement_format(&statement, text);
    assert_int_equal(statement_parse(text, &read), STATUS_OK);
    assert_true(statement_is_signed(&read, key.public_key));
    assert_string_equal(read.number_masked, "");
}

static void signs_nothing_that_is_out_of_range(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1);
    struct statement bad[6];
    for (int i = 0; i < 6; i++)
        bad[i] = typical();
    bad[0].paid_fen = -1;
    bad[1].paid_fen = INT64_C(100000000001);
    bad[2].at_s = INT64_C(4294967296);
    bad[3].seq = -1;
    bad[4].number_masked[0] = 'x';
    bad[5].voucher[26] ^= 1;
    for (int i = 0; i < 6; i++)
        assert_int_equal(statement_sign(&bad[i], &key), STATUS_INVALID);
}

static void refuses_what_is_no_statement_or_not_all_of_one(void **state)
{
    (void)state;
    struct journal_root_key key = make_key(1);
    struct statement statement = signed_by(&key), read;
    char text[STATEMENT_TEXT_SIZE], longer[STATEMENT_TEXT_SIZE + 2];
    statement_format(&statement, text);
    snprintf(longer, sizeof longer, "%sA", text);
    assert_int_equal(statement_parse(longer, &read), STATUS_INVALID);
    for (size_t length = strlen(text); length-- > 0;) {
        text[length] = '\0';
        assert_int_equal(statement_parse(text, &read), STATUS_INVALID);
    }
    static const char *const OTHERS[] = {
        "", "GV1.", "GV2.AA", "gv1.aa", "GV1.A=", "GV1.1", "/", "https://example/v?n=1&h=2"
    };
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        assert_int_equal(statement_parse(OTHERS[i], &read), STATUS_INVALID);
    char *huge = malloc(100000);
    assert_non_null(huge);
    memset(huge, 'A', 99999);
    huge[99999] = '\0';
    assert_int_equal(statement_parse(huge, &read), STATUS_INVALID);
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_the_same_after_a_way_through_the_code),
        cmocka_unit_test(has_the_bytes_that_are_documented),
        cmocka_unit_test(is_the_same_each_time_it_is_signed),
        cmocka_unit_test(does_not_hold_when_any_letter_of_it_was_changed),
        cmocka_unit_test(does_not_hold_when_anything_it_says_was_changed),
        cmocka_unit_test(holds_under_no_other_key),
        cmocka_unit_test(carries_the_longest_and_the_shortest_content),
        cmocka_unit_test(signs_nothing_that_is_out_of_range),
        cmocka_unit_test(refuses_what_is_no_statement_or_not_all_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
