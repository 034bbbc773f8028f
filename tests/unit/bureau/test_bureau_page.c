/* What a citizen is told who scans the code on a slip. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "desk_rig.h"
#include "support/unit.h"
#include "tools/bureau/page.h"
#include "tools/bureau/slip.h"

#define PAYMENT_SEQ 6 /* of write_visit */

static struct journal_root_key key, other_key;
static char *html;

static int make_keys(void **state)
{
    uint8_t seed[32] = { 1 };
    (void)state;
    assert_true(sodium_init() >= 0);
    assert_int_equal(crypto_sign_seed_keypair(key.public_key, key.secret_key, seed), 0);
    seed[0] = 2;
    assert_int_equal(crypto_sign_seed_keypair(other_key.public_key, other_key.secret_key, seed), 0);
    return 0;
}

/* As root_apply keeps it once the kiosk has signed a day. */
static void know_key(struct desk_rig *rig)
{
    struct db_statement *statement;
    assert_int_equal(
        db_prepare(rig->store.db, "UPDATE kiosk SET root_key = ?1 WHERE id = ?2", &statement),
        STATUS_OK);
    db_bind_blob(statement, 1, key.public_key, sizeof key.public_key);
    db_bind_text(statement, 2, KIOSK);
    assert_int_equal(db_run(statement), STATUS_OK);
    db_finalize(statement);
}

/* The payment of write_visit, as its kiosk states it. */
static struct statement typical(struct desk_rig *rig)
{
    struct statement statement = {
        .voucher = VOUCHER,
        .paid_fen = 15000,
        .at_s = 1795398067, /* 2026-11-23 01:41:07 UTC */
        .seq = PAYMENT_SEQ,
        .number_masked = "9999************12",
    };
    uint8_t hash[JOURNAL_HASH_SIZE];
    assert_int_equal(bytes_from_hex(rig->first_hashes[PAYMENT_SEQ], hash, sizeof hash), STATUS_OK);
    memcpy(statement.hash, hash, sizeof statement.hash);
    return statement;
}

/* Opens the page; html holds it until the next one. Returns the HTTP status. */
static unsigned open_page(struct desk_rig *rig, const char *text)
{
    size_t size;
    free(html);
    return page_statement(&rig->store, text, &html, &size);
}

static unsigned show(struct desk_rig *rig, struct statement statement,
                     const struct journal_root_key *by)
{
    char text[STATEMENT_TEXT_SIZE];
    assert_int_equal(statement_sign(&statement, by), STATUS_OK);
    statement_format(&statement, text);
    return open_page(rig, text);
}

static bool says(const char *text)
{
    return strstr(html, text) != NULL;
}

static int close_page(void **state)
{
    free(html);
    html = NULL;
    return desk_teardown(state);
}

static void tells_three_facts_of_a_payment_that_is_booked(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    know_key(rig);
    assert_int_equal(show(rig, typical(rig), &key), 200);
    assert_true(says("① 终端已收款") && says("Money taken"));
    assert_true(says("② 凭条已打印") && says("Slip printed"));
    assert_true(says("③ 经办机构已入账") && says("Credited in the bureau's books"));
    assert_true(says("150.00") && says("149.50") && says("0.50"));
    assert_true(says(VOUCHER) && says("9999************12"));
    assert_false(says("990100000001")); /* the account is nobody else's business */
    assert_false(says("class=\"lamp bad\""));
}

static void tells_the_time_of_the_city_and_not_of_the_server(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    know_key(rig);
    assert_int_equal(setenv("TZ", "America/New_York", 1), 0);
    tzset();
    assert_int_equal(show(rig, typical(rig), &key), 200);
    assert_true(says("2026-11-23 09:41:07"));
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

static void says_that_what_has_not_come_yet_is_not_credited(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 5), 200);
    know_key(rig);
    assert_int_equal(show(rig, typical(rig), &key), 200);
    assert_true(says("① 终端已收款") && says("150.00"));
    assert_true(says("尚未收到终端的报告"));
    assert_true(says("③ 尚未入账：终端可能还未联网上传"));
    assert_false(says("已入账") || says("149.50"));
}

static void says_what_the_kiosk_told_of_its_paper(void **state)
{
    static const struct {
        const char *body, *word;
    } CASES[] = {
        { "{\"voucher\":\"" VOUCHER "\",\"state\":\"failed\"}", "凭条未能打印" },
        { "{\"voucher\":\"" VOUCHER "\",\"state\":\"unknown\"}", "未能确认凭条是否打印" },
        { "{\"voucher\":\"" VOUCHER "\",\"state\":\"composed\"}", "尚未收到终端的报告" },
    };
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    know_key(rig);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_string_equal(try_entry(rig, "receipt_state", CASES[i].body), "");
        assert_int_equal(show(rig, typical(rig), &key), 200);
        assert_true(says(CASES[i].word));
        assert_false(says("凭条已打印"));
        assert_true(says("③ 经办机构已入账"));
    }
}

/* The visit was closed before, so a second payment of it is set aside. */
static void says_that_staff_has_what_could_not_be_booked(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    know_key(rig);
    struct statement statement = typical(rig);
    voucher_format("990000", KIOSK, 20261123, 320, statement.voucher);
    statement.seq = 8;
    assert_string_not_equal(try_entry(rig, "payment_completed", "{\"paid\":15000}"), "");
    assert_int_equal(show(rig, statement, &key), 200);
    assert_true(says("尚未入账：经办机构已收到"));
}

static void does_not_vouch_for_what_was_changed(void **state)
{
    struct desk_rig *rig = *state;
    char text[STATEMENT_TEXT_SIZE];
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    know_key(rig);
    struct statement statement = typical(rig);
    assert_int_equal(statement_sign(&statement, &key), STATUS_OK);
    statement.paid_fen = 1500000;
    statement_format(&statement, text);
    assert_int_equal(open_page(rig, text), 422);
    assert_true(says("核验不通过") && says("签名不符") && says("Not genuine"));
    assert_false(says("15,000.00") || says("终端已收款"));
}

static void does_not_vouch_for_a_key_that_is_not_the_kiosks(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    know_key(rig);
    assert_int_equal(show(rig, typical(rig), &other_key), 422);
    assert_true(says("签名密钥不是这台自助终端的密钥"));
    assert_false(says("150.00"));
}

static void does_not_vouch_for_a_kiosk_it_does_not_know(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(show(rig, typical(rig), &key), 404);
    assert_true(says("没有登记这台自助终端的公钥"));
    assert_int_equal(send(rig, 1, 7), 200); /* the kiosk is known, its key has not come */
    assert_int_equal(show(rig, typical(rig), &key), 404);
    assert_false(says("150.00"));
}

/* A kiosk that signs one thing and books another. */
static void tells_when_the_books_say_something_else(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    know_key(rig);
    struct statement changed[3] = { typical(rig), typical(rig), typical(rig) };
    changed[0].paid_fen++;
    changed[1].seq++;
    changed[2].hash[0] ^= 1;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(show(rig, changed[i], &key), 409);
        assert_true(says("与经办机构的账目不一致"));
        assert_false(says("③ 经办机构已入账"));
    }
}

static void asks_for_another_scan_when_the_link_is_cut(void **state)
{
    static const char *const TEXTS[] = {
        "", "GV1.", "GV1.AAAA", "<script>alert(1)</script>", "GV1.<script>", "../../etc/passwd"
    };
    struct desk_rig *rig = *state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        assert_int_equal(open_page(rig, TEXTS[i]), 400);
        assert_true(says("链接不完整"));
        assert_false(says("<script>"));
    }
    assert_int_equal(open_page(rig, NULL), 400);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, desk_setup, close_page)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(tells_three_facts_of_a_payment_that_is_booked),
        ON_RIG(tells_the_time_of_the_city_and_not_of_the_server),
        ON_RIG(says_that_what_has_not_come_yet_is_not_credited),
        ON_RIG(says_what_the_kiosk_told_of_its_paper),
        ON_RIG(says_that_staff_has_what_could_not_be_booked),
        ON_RIG(does_not_vouch_for_what_was_changed),
        ON_RIG(does_not_vouch_for_a_key_that_is_not_the_kiosks),
        ON_RIG(does_not_vouch_for_a_kiosk_it_does_not_know),
        ON_RIG(tells_when_the_books_say_something_else),
        ON_RIG(asks_for_another_scan_when_the_link_is_cut),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
