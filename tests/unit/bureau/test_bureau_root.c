/*
 * The days a kiosk signs: which the bureau takes, and who may tell it that another key counts.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "store/journal_root.h"
#include "support/unit.h"
#include "tools/bureau/ledger.h"
#include "tools/bureau/root.h"
#include "unit/bureau/desk_rig.h"

#define NOW_MS INT64_C(1795399267000)

static const uint8_t SEED[32] = { 7 }, OTHER_SEED[32] = { 8 };

static void write_root(const uint8_t seed[32], struct journal_root *root, char body[512])
{
    unsigned char public_key[32], secret_key[64];
    char text[256], hash[65], key[65], signature[129];
    assert_true(sodium_init() >= 0);
    assert_int_equal(crypto_sign_seed_keypair(public_key, secret_key, seed), 0);
    bytes_to_hex(root->hash, sizeof root->hash, hash);
    snprintf(text, sizeof text, "guichet day root 1\n%s\n%s\n%lld\n%s\n", root->kiosk, root->date,
             (long long)root->last_seq, hash);
    assert_int_equal(crypto_sign_detached(root->signature, NULL, (unsigned char *)text,
                                          strlen(text), secret_key),
                     0);
    bytes_to_hex(public_key, sizeof public_key, key);
    bytes_to_hex(root->signature, sizeof root->signature, signature);
    snprintf(body, 512,
             "{\"kiosk\":\"%s\",\"date\":\"%s\",\"last_seq\":%lld,\"hash\":\"%s\","
             "\"key\":\"%s\",\"signature\":\"%s\"}",
             root->kiosk, root->date, (long long)root->last_seq, hash, key, signature);
}

/* Of what the kiosk has written so far. */
static struct journal_root root_of(const struct desk_rig *rig)
{
    struct journal_root root = { .kiosk = KIOSK, .date = "2026-11-23" };
    root.last_seq = (int64_t)json_array_size(rig->entries);
    memcpy(root.hash, rig->hash, sizeof root.hash);
    return root;
}

static void takes_a_root_that_is_signed_and_true(void **state)
{
    struct desk_rig *rig = *state;
    const uint8_t seed[32] = { 7 };
    char body[512];
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    struct journal_root root = root_of(rig);
    write_root(seed, &root, body);
    assert_string_equal(try_entry(rig, "day_root", body), "");
    assert_true(ledger_says(rig, "\"root_date\":\"2026-11-23\",\"root_seq\":7"));
    root = root_of(rig);
    write_root(seed, &root, body);
    assert_string_equal(try_entry(rig, "day_root", body), "");
    assert_true(ledger_says(rig, "\"root_seq\":8"));
}

static void refuses_a_root_of_another_journal(void **state)
{
    struct desk_rig *rig = *state;
    const uint8_t seed[32] = { 7 };
    char body[512];
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    struct journal_root root = root_of(rig);
    root.hash[0] ^= 1;
    write_root(seed, &root, body);
    assert_string_equal(try_entry(rig, "day_root", body), "bad_root");
    root = root_of(rig);
    root.last_seq--;
    write_root(seed, &root, body);
    assert_string_equal(try_entry(rig, "day_root", body), "bad_root");
    root = root_of(rig);
    memcpy(root.kiosk, "000004", 7);
    write_root(seed, &root, body);
    assert_string_equal(try_entry(rig, "day_root", body), "bad_root");
    assert_string_equal(try_entry(rig, "day_root", "{}"), "bad_root");
    assert_true(ledger_says(rig, "\"root_date\":\"\",\"root_seq\":0"));
}

static void refuses_a_root_that_is_not_signed_or_by_another_key(void **state)
{
    struct desk_rig *rig = *state;
    const uint8_t seed[32] = { 7 }, other[32] = { 8 };
    char body[512];
    struct journal_root root = root_of(rig);
    write_root(seed, &root, body);
    char *signature = strstr(body, "signature") + 12;
    signature[0] = signature[0] == '0' ? '1' : '0';
    assert_string_equal(try_entry(rig, "day_root", body), "root_not_signed");
    root = root_of(rig);
    write_root(seed, &root, body);
    assert_string_equal(try_entry(rig, "day_root", body), "");
    root = root_of(rig);
    write_root(other, &root, body);
    assert_string_equal(try_entry(rig, "day_root", body), "root_key_changed");
    root = root_of(rig);
    write_root(seed, &root, body);
    assert_string_equal(try_entry(rig, "day_root", body), "");
}

/* ---- another key ---- */

static void public_key_of(const uint8_t seed[32], uint8_t key[JOURNAL_ROOT_KEY_BYTES])
{
    unsigned char secret_key[64];
    assert_true(sodium_init() >= 0);
    assert_int_equal(crypto_sign_seed_keypair(key, secret_key, seed), 0);
}

static const char *try_root(struct desk_rig *rig, const uint8_t seed[32])
{
    char body[512];
    struct journal_root root = root_of(rig);
    write_root(seed, &root, body);
    return try_entry(rig, "day_root", body);
}

static enum status accept(struct desk_rig *rig, const char *kiosk, const uint8_t seed[32],
                          const char *by, const char *and)
{
    uint8_t key[JOURNAL_ROOT_KEY_BYTES];
    const struct root_acceptance acceptance = {
        .accepted_by = by, .confirmed_by = and, .why = "new board", .at_ms = NOW_MS
    };
    public_key_of(seed, key);
    return root_accept_key(&rig->store, kiosk, key, &acceptance);
}

static void takes_the_key_two_people_accepted_and_no_longer_the_old_one(void **state)
{
    struct desk_rig *rig = *state;
    assert_string_equal(try_root(rig, SEED), "");
    assert_string_equal(try_root(rig, OTHER_SEED), "root_key_changed");
    assert_int_equal(accept(rig, KIOSK, OTHER_SEED, "Zhao", "Qian"), STATUS_OK);
    assert_string_equal(try_root(rig, OTHER_SEED), "");
    assert_string_equal(try_root(rig, SEED), "root_key_changed");
}

static void keeps_who_accepted_which_key(void **state)
{
    struct desk_rig *rig = *state;
    uint8_t key[JOURNAL_ROOT_KEY_BYTES];
    char old_hex[65], new_hex[65], expected[400], *text = NULL;
    size_t size;
    json_t *ledger;
    assert_string_equal(try_root(rig, SEED), "");
    assert_int_equal(accept(rig, KIOSK, OTHER_SEED, "Zhao", "Qian"), STATUS_OK);
    public_key_of(SEED, key);
    bytes_to_hex(key, sizeof key, old_hex);
    public_key_of(OTHER_SEED, key);
    bytes_to_hex(key, sizeof key, new_hex);
    assert_int_equal(ledger_build(&rig->store, &ledger), STATUS_OK);
    FILE *out = open_memstream(&text, &size);
    ledger_print(out, ledger);
    fclose(out);
    snprintf(expected, sizeof expected,
             "accepted by Zhao and Qian: new board\n    was %s\n    is  %s\n", old_hex, new_hex);
    assert_non_null(strstr(text, expected));
    free(text);
    json_decref(ledger);
}

static void accepts_no_key_on_one_persons_word(void **state)
{
    struct desk_rig *rig = *state;
    assert_string_equal(try_root(rig, SEED), "");
    assert_int_equal(accept(rig, KIOSK, OTHER_SEED, "Zhao", "Zhao"), STATUS_INVALID);
    assert_int_equal(accept(rig, KIOSK, OTHER_SEED, "Zhao", "ZHAO"), STATUS_INVALID);
    assert_int_equal(accept(rig, KIOSK, OTHER_SEED, "Zhao", NULL), STATUS_INVALID);
    assert_int_equal(accept(rig, KIOSK, OTHER_SEED, "", "Qian"), STATUS_INVALID);
    assert_int_equal(accept(rig, "000099", OTHER_SEED, "Zhao", "Qian"), STATUS_NOT_FOUND);
    assert_int_equal(accept(rig, KIOSK, SEED, "Zhao", "Qian"), STATUS_EXISTS);
    assert_string_equal(try_root(rig, OTHER_SEED), "root_key_changed");
    assert_true(ledger_says(rig, "\"root_key_changes\":[]"));
}

static void takes_only_the_accepted_key_from_a_kiosk_that_never_signed(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    assert_int_equal(accept(rig, KIOSK, SEED, "Zhao", "Qian"), STATUS_OK);
    assert_string_equal(try_root(rig, OTHER_SEED), "root_key_changed");
    assert_string_equal(try_root(rig, SEED), "");
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(takes_a_root_that_is_signed_and_true),
        ON_RIG(refuses_a_root_of_another_journal),
        ON_RIG(refuses_a_root_that_is_not_signed_or_by_another_key),
        ON_RIG(takes_the_key_two_people_accepted_and_no_longer_the_old_one),
        ON_RIG(keeps_who_accepted_which_key),
        ON_RIG(accepts_no_key_on_one_persons_word),
        ON_RIG(takes_only_the_accepted_key_from_a_kiosk_that_never_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
