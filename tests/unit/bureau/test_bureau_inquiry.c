/*
 * What the bureau tells a kiosk about a person's payments, and what it does not.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "tools/bureau/desk.h"
#include "tools/bureau/person.h"
#include "unit/bureau/desk_rig.h"

#define ID_NUMBER "99010119900307888X"
#define OTHER_NUMBER "990101199003078871"
#define ACCOUNT "990100000001"
#define OTHER_TXN "K0003-20261123-000319"
#define OTHER_VOUCHER "990000000003202611230000016"
#define QUOTE                                                                                      \
    "{\"account\":\"" ACCOUNT "\",\"person\":\"aa\",\"sealed\":\"\",\"due\":20000,\"lines\":["     \
    "{\"month\":\"2026-11\",\"insurance\":\"pension\",\"code\":\"110\",\"base\":50000,"            \
    "\"rate\":200000,\"amount\":10000,\"account\":4000},"                                          \
    "{\"month\":\"2026-12\",\"insurance\":\"pension\",\"code\":\"110\",\"base\":50000,"            \
    "\"rate\":200000,\"amount\":10000,\"account\":4000}]}"
#define NOTE_100 "{\"value\":10000,\"post\":[[\"cash_box\",\"citizen\",10000]],\"box\":10000}"
#define PAYMENT(voucher, paid)                                                                     \
    "{\"paid\":" paid ",\"applied\":" paid ",\"surplus\":0,\"outcome\":\"complete\",\"voucher\":"  \
    "\"" voucher "\",\"months\":[{\"month\":\"2026-11\",\"amount\":10000}],\"post\":["             \
    "[\"citizen\",\"premium\"," paid "]]}"

static struct person_key key;

static int setup(void **state)
{
    int result = desk_setup(state);
    struct desk_rig *rig = *state;
    char path[160];
    assert_true(sodium_init() >= 0);
    assert_int_equal(sealing_make_key(rig->folder), STATUS_OK);
    assert_int_equal(person_read_key(rig->folder, &key), STATUS_OK);
    for (int i = 0; i < 2; i++) { /* so that the folder can be removed */
        snprintf(path, sizeof path, "%s/bureau.%s", rig->folder, i == 0 ? "key" : "pub");
        unlink(path);
    }
    rig->store.person_key = &key;
    return result;
}

static void seal(const char *plain, char text[512])
{
    unsigned char box[256];
    size_t size = strlen(plain);
    crypto_box_seal(box, (const unsigned char *)plain, size, key.sealing.public_key);
    sodium_bin2base64(text, 512, box, size + crypto_box_SEALBYTES, sodium_base64_VARIANT_ORIGINAL);
}

static void register_person(struct desk_rig *rig)
{
    char sealed[512], body[768];
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    seal("{\"number\":\"" ID_NUMBER "\"}", sealed);
    snprintf(body, sizeof body, "{\"account\":\"" ACCOUNT "\",\"person\":\"aa\",\"sealed\":\"%s\"}",
             sealed);
    assert_string_equal(try_entry(rig, "registered", body), "");
}

/* One hundred for November, and what the bureau says to the payment. */
static const char *pay(struct desk_rig *rig, const char *txn, const char *payment)
{
    rig->txn = txn;
    assert_string_equal(try_entry(rig, "quote_accepted", QUOTE), "");
    assert_string_equal(try_entry(rig, "note_credited", NOTE_100), "");
    return try_entry(rig, "payment_completed", payment);
}

static int ask(struct desk_rig *rig, const char *body)
{
    json_decref(rig->reply);
    rig->reply = NULL;
    return desk_tell_payments(&rig->store, rig->kiosk, body, strlen(body), 9000, &rig->reply);
}

static int ask_sealed(struct desk_rig *rig, const char *plain)
{
    char sealed[512], body[600];
    seal(plain, sealed);
    snprintf(body, sizeof body, "{\"sealed\":\"%s\"}", sealed);
    return ask(rig, body);
}

static int ask_for(struct desk_rig *rig, const char *number)
{
    char plain[128];
    snprintf(plain, sizeof plain, "{\"ask\":\"payments\",\"number\":\"%s\"}", number);
    return ask_sealed(rig, plain);
}

static bool replied(const struct desk_rig *rig, const char *text)
{
    char *reply = json_dumps(rig->reply, JSON_COMPACT);
    bool found = strstr(reply, text) != NULL;
    free(reply);
    return found;
}

static size_t count(const struct desk_rig *rig, const char *list)
{
    return json_array_size(json_object_get(rig->reply, list));
}

static void tells_a_person_the_months_the_money_covered(void **state)
{
    struct desk_rig *rig = *state;
    register_person(rig);
    assert_string_equal(pay(rig, TXN, PAYMENT(VOUCHER, "10000")), "");
    assert_int_equal(ask_for(rig, ID_NUMBER), 200);
    assert_false(replied(rig, ACCOUNT));
    assert_int_equal(reply_int(rig, "at"), 9000);
    assert_int_equal(count(rig, "payments"), 1);
    assert_true(replied(rig, "{\"voucher\":\"" VOUCHER "\",\"kiosk\":\"" KIOSK "\",\"at\":1004,"
                             "\"received\":5,\"state\":\"credited\",\"paid\":10000,"
                             "\"applied\":10000,\"surplus\":0}"));
    assert_int_equal(count(rig, "months"), 1);
    assert_true(replied(rig, "{\"payment\":0,\"month\":\"2026-11\",\"insurance\":\"pension\","
                             "\"code\":\"110\",\"base\":50000,\"amount\":10000}"));
}

static void tells_it_to_any_kiosk(void **state)
{
    struct desk_rig *rig = *state;
    register_person(rig);
    assert_string_equal(pay(rig, TXN, PAYMENT(VOUCHER, "10000")), "");
    become_kiosk(rig, "000009");
    assert_int_equal(ask_for(rig, "99010119900307888x"), 200);
    assert_int_equal(count(rig, "payments"), 1);
}

static void tells_nothing_of_another_person(void **state)
{
    struct desk_rig *rig = *state;
    register_person(rig);
    assert_string_equal(pay(rig, TXN, PAYMENT(VOUCHER, "10000")), "");
    assert_int_equal(ask_for(rig, OTHER_NUMBER), 200);
    assert_int_equal(count(rig, "payments"), 0);
    assert_int_equal(count(rig, "months"), 0);
}

static void says_that_a_payment_was_set_aside_and_why(void **state)
{
    struct desk_rig *rig = *state;
    register_person(rig);
    assert_string_equal(pay(rig, TXN, PAYMENT(VOUCHER, "10000")), "");
    assert_string_equal(pay(rig, OTHER_TXN, PAYMENT(OTHER_VOUCHER, "9000")), "bad_sum");
    assert_int_equal(ask_for(rig, ID_NUMBER), 200);
    assert_int_equal(count(rig, "payments"), 2);
    assert_true(replied(rig, "\"voucher\":\"" OTHER_VOUCHER "\""));
    assert_true(replied(rig, "\"state\":\"rejected\",\"reason\":\"bad_sum\""));
    assert_int_equal(ask(rig, "{\"voucher\":\"" OTHER_VOUCHER "\"}"), 200);
    assert_true(replied(rig, "\"state\":\"rejected\",\"reason\":\"bad_sum\"}"));
}

static void tells_a_number_alone_neither_sums_nor_months_nor_whose_it_is(void **state)
{
    struct desk_rig *rig = *state;
    char body[160];
    register_person(rig);
    assert_string_equal(pay(rig, TXN, PAYMENT(VOUCHER, "10000")), "");
    size_t seq = json_array_size(rig->entries);
    assert_int_equal(ask(rig, "{\"voucher\":\"" VOUCHER "\"}"), 200);
    assert_int_equal(count(rig, "payments"), 1);
    assert_true(replied(rig, "\"received\":5,\"state\":\"credited\"}"));
    assert_false(replied(rig, "10000"));
    assert_false(replied(rig, ACCOUNT));
    assert_int_equal(count(rig, "months"), 0);
    /* The code on the paper carries sixteen digits of the entry's hash. */
    snprintf(body, sizeof body, "{\"voucher\":\"" VOUCHER "\",\"hash\":\"%.16s\"}",
             rig->first_hashes[seq]);
    assert_int_equal(ask(rig, body), 200);
    assert_true(replied(rig, "\"paid\":10000"));
    assert_int_equal(count(rig, "months"), 1);
    assert_false(replied(rig, ACCOUNT));
    assert_int_equal(ask(rig, "{\"voucher\":\"" VOUCHER "\",\"hash\":\"0123456789abcdef\"}"), 200);
    assert_false(replied(rig, "\"paid\""));
}

static void opens_no_record_with_what_lies_sealed_in_a_journal(void **state)
{
    struct desk_rig *rig = *state;
    register_person(rig);
    assert_int_equal(ask_sealed(rig, "{\"number\":\"" ID_NUMBER "\"}"), 400);
    assert_string_equal(reply_text(rig, "error"), "person_unreadable");
    assert_int_equal(ask_sealed(rig, "{\"ask\":\"all\",\"number\":\"" ID_NUMBER "\"}"), 400);
    assert_int_equal(ask(rig, "{\"sealed\":\"AAAA\"}"), 400);
}

static void registers_nobody_with_an_inquiry(void **state)
{
    struct desk_rig *rig = *state;
    char sealed[512], body[768];
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    seal("{\"ask\":\"payments\",\"number\":\"" ID_NUMBER "\"}", sealed);
    snprintf(body, sizeof body, "{\"account\":\"" ACCOUNT "\",\"person\":\"aa\",\"sealed\":\"%s\"}",
             sealed);
    assert_string_equal(try_entry(rig, "registered", body), "person_unreadable");
}

static void refuses_what_is_no_question(void **state)
{
    struct desk_rig *rig = *state;
    static const char *const BODIES[] = {
        "",
        "[]",
        "{}",
        "{\"voucher\":5}",
        "{\"voucher\":\"990000000003202611230003193\"}",
        "{\"voucher\":\"" VOUCHER "\",\"sealed\":\"AAAA\"}",
        "{\"voucher\":\"" VOUCHER "\",\"hash\":\"012\"}",
        "{\"voucher\":\"" VOUCHER "\",\"hash\":\"0123456789ABCDEF\"}",
    };
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++)
        assert_int_equal(ask(rig, BODIES[i]), 400);
    rig->store.person_key = NULL;
    assert_int_equal(ask_for(rig, ID_NUMBER), 503);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_a_person_the_months_the_money_covered, setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(tells_it_to_any_kiosk, setup, desk_teardown),
        cmocka_unit_test_setup_teardown(tells_nothing_of_another_person, setup, desk_teardown),
        cmocka_unit_test_setup_teardown(says_that_a_payment_was_set_aside_and_why, setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(
            tells_a_number_alone_neither_sums_nor_months_nor_whose_it_is, setup, desk_teardown),
        cmocka_unit_test_setup_teardown(opens_no_record_with_what_lies_sealed_in_a_journal, setup,
                                        desk_teardown),
        cmocka_unit_test_setup_teardown(registers_nobody_with_an_inquiry, setup, desk_teardown),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_question, setup, desk_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
