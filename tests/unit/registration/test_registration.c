#include "registration/registration.h"

#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/check.h"
#include "support/unit.h"

#define WALL_MS INT64_C(1795399267000)

/* Invented; the county 449999 does not exist. */
static const struct identity_card CARD = {
    .name = "阿依古丽·\"麦麦提\"",
    .number = "449999199006050044",
    .sex = 2,
    .birth = 19900605,
    .address = "广东省虚构市示例区团结里5号院\\2单元",
};

struct fixture {
    char folder[64];
    struct clock_fake clock;
    struct journal *journal;
    struct seal seal;
    uint8_t bureau_secret[32];
    struct policy *policy;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    char path[128];
    fixture = (struct fixture){ .folder = "/tmp/guichet-registration-XXXXXX" };
    assert_non_null(mkdtemp(fixture.folder));
    clock_fake_init(&fixture.clock, WALL_MS);
    snprintf(path, sizeof path, "%s/journal.db", fixture.folder);
    assert_int_equal(journal_open(path, &fixture.clock.clock, &fixture.journal), STATUS_OK);
    assert_true(sodium_init() >= 0);
    crypto_box_keypair(fixture.seal.bureau_public_key, fixture.bureau_secret);
    memset(fixture.seal.person_key, 7, sizeof fixture.seal.person_key);
    assert_int_equal(policy_load(SOURCE_DIR "/config/policy/310000-shanghai.policy", NULL, NULL,
                                 NULL, &fixture.policy),
                     STATUS_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    char command[128];
    policy_free(fixture->policy);
    journal_close(fixture->journal);
    snprintf(command, sizeof command, "rm -r '%s'", fixture->folder);
    return system(command);
}

static void lease(struct fixture *fixture, int count)
{
    char body[160];
    snprintf(body, sizeof body,
             "{\"kind\":\"account\",\"prefix\":\"P9\",\"first\":41,\"count\":%d,\"lease\":\"a\"}",
             count);
    const struct journal_draft draft = { .kind = JOURNAL_NUMBERS_LEASED, .body = body };
    assert_int_equal(journal_append(fixture->journal, &draft, NULL), STATUS_OK);
}

static enum status commit(struct fixture *fixture, const struct identity_card *card,
                          const char *phone, char account[JOURNAL_NUMBER_SIZE])
{
    const struct registration_request request = {
        .card = card,
        .phone = phone,
        .consent_version = 3,
        .policy = fixture->policy,
        .insurances = 3,
        .base_fen = 754600,
        .first_month = month_of(2026, 11),
        .txn = "K0003-20261123-000318",
        .at_ms = WALL_MS,
    };
    return registration_commit(fixture->journal, &fixture->seal, &request, account);
}

static bool keep_body(void *context, const struct journal_entry *entry)
{
    snprintf(context, JOURNAL_BODY_SIZE_MAX, "%s", entry->body);
    assert_string_equal(entry->kind, journal_kind_name(JOURNAL_REGISTERED));
    return true;
}

static json_t *last_body(struct fixture *fixture, char text[JOURNAL_BODY_SIZE_MAX])
{
    assert_int_equal(
        journal_read(fixture->journal, journal_last_seq(fixture->journal), 1, keep_body, text),
        STATUS_OK);
    json_t *body = json_loads(text, 0, NULL);
    assert_non_null(body);
    return body;
}

static const char *text_at(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    assert_non_null(text);
    return text;
}

static void gives_the_next_leased_number_and_writes_one_entry(void **state)
{
    struct fixture *fixture = *state;
    char account[JOURNAL_NUMBER_SIZE], next[JOURNAL_NUMBER_SIZE], text[JOURNAL_BODY_SIZE_MAX];
    lease(fixture, 2);
    assert_int_equal(journal_peek_number(fixture->journal, next), STATUS_OK);
    assert_int_equal(commit(fixture, &CARD, "13900000000", account), STATUS_OK);
    assert_string_equal(account, next);
    assert_int_equal(journal_numbers_left(fixture->journal), 1);
    json_t *body = last_body(fixture, text);
    assert_string_equal(text_at(body, "account"), account);
    assert_string_equal(text_at(body, "from"), "2026-11");
    assert_string_equal(text_at(body, "policy"), "shanghai-individual");
    assert_int_equal(json_integer_value(json_object_get(body, "consent")), 3);
    const json_t *codes = json_object_get(body, "insurances");
    assert_int_equal(json_array_size(codes), 2);
    assert_string_equal(json_string_value(json_array_get(codes, 1)), "310");
    json_decref(body);
}

static void only_the_bureau_can_read_who_it_was(void **state)
{
    struct fixture *fixture = *state;
    char account[JOURNAL_NUMBER_SIZE], text[JOURNAL_BODY_SIZE_MAX];
    unsigned char box[SEAL_TEXT_SIZE], plain[SEAL_PLAIN_SIZE_MAX];
    size_t size = 0;
    lease(fixture, 1);
    assert_int_equal(commit(fixture, &CARD, "13900000000", account), STATUS_OK);
    json_t *body = last_body(fixture, text);
    assert_null(strstr(text, "阿依古丽"));
    assert_null(strstr(text, CARD.number));
    assert_null(strstr(text, "13900000000"));
    const char *sealed = text_at(body, "sealed");
    assert_int_equal(sodium_base642bin(box, sizeof box, sealed, strlen(sealed), NULL, &size, NULL,
                                       sodium_base64_VARIANT_ORIGINAL),
                     0);
    assert_int_equal(crypto_box_seal_open(plain, box, size, fixture->seal.bureau_public_key,
                                          fixture->bureau_secret),
                     0);
    json_t *person =
        json_loadb((const char *)plain, size - crypto_box_SEALBYTES, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(person);
    assert_string_equal(text_at(person, "name"), CARD.name);
    assert_string_equal(text_at(person, "number"), CARD.number);
    assert_string_equal(text_at(person, "address"), CARD.address);
    assert_string_equal(text_at(person, "phone"), "13900000000");
    assert_int_equal(json_integer_value(json_object_get(person, "at")), WALL_MS);
    json_decref(person);
    json_decref(body);
}

static void a_known_person_keeps_the_number_and_nothing_is_appended(void **state)
{
    struct fixture *fixture = *state;
    char first[JOURNAL_NUMBER_SIZE], second[JOURNAL_NUMBER_SIZE];
    lease(fixture, 2);
    assert_int_equal(commit(fixture, &CARD, "13900000000", first), STATUS_OK);
    int64_t seq = journal_last_seq(fixture->journal);
    assert_int_equal(commit(fixture, &CARD, "13911111111", second), STATUS_EXISTS);
    assert_string_equal(first, second);
    assert_int_equal(journal_last_seq(fixture->journal), seq);
    assert_int_equal(journal_numbers_left(fixture->journal), 1);
}

static void without_numbers_nobody_is_registered(void **state)
{
    struct fixture *fixture = *state;
    char account[JOURNAL_NUMBER_SIZE];
    int64_t seq = journal_last_seq(fixture->journal);
    assert_int_equal(commit(fixture, &CARD, "13900000000", account), STATUS_NOT_FOUND);
    assert_int_equal(journal_last_seq(fixture->journal), seq);
}

static void a_wrong_phone_number_is_refused_before_anything_is_written(void **state)
{
    struct fixture *fixture = *state;
    static const char *const PHONES[] = {
        "", "1390000000", "139000000000", "03900000000", "12900000000", "1390000000x"
    };
    char account[JOURNAL_NUMBER_SIZE];
    lease(fixture, 1);
    for (size_t i = 0; i < ARRAY_SIZE(PHONES); i++) {
        assert_false(registration_phone_is_valid(PHONES[i]));
        assert_int_equal(commit(fixture, &CARD, PHONES[i], account), STATUS_INVALID);
    }
    assert_int_equal(journal_numbers_left(fixture->journal), 1);
    assert_true(registration_phone_is_valid("13900000000"));
    assert_true(registration_phone_is_valid("19900000000"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gives_the_next_leased_number_and_writes_one_entry),
        TEST(only_the_bureau_can_read_who_it_was),
        TEST(a_known_person_keeps_the_number_and_nothing_is_appended),
        TEST(without_numbers_nobody_is_registered),
        TEST(a_wrong_phone_number_is_refused_before_anything_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
