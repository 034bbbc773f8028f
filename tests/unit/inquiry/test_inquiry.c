/*
 * A person's payments out of this kiosk's journal, out of the bureau's answer, and both as one.
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "inquiry/inquiry.h"
#include "support/unit.h"
#include "unit/store/store_rig.h"

#define OTHER_TXN "K0003-20261123-000319"
#define FIRST "990000000003202611230003192"
#define SECOND "990000000003202611230003200"
#define ELSEWHERE "990000000009202611230000013"
#define KIOSK_ID "000003"

static struct inquiry_record own, bureaus;

static void pay(struct store_rig *rig, const char *txn, const char *person, const char *voucher)
{
    char quote[512], completed[256];
    snprintf(quote, sizeof quote,
             "{\"account\":\"1\",\"person\":\"%s\",\"due\":20000,\"lines\":["
             "{\"month\":\"2026-11\",\"insurance\":\"pension\",\"code\":\"110\",\"base\":50000,"
             "\"amount\":10000},"
             "{\"month\":\"2026-12\",\"insurance\":\"pension\",\"code\":\"110\",\"base\":50000,"
             "\"amount\":10000}]}",
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
    assert_int_equal(journal_append(rig->journal, &draft, NULL), STATUS_OK);
}

static void read_own(struct store_rig *rig)
{
    assert_int_equal(inquiry_read_own(rig->journal, "aa", KIOSK_ID, 77, &own), STATUS_OK);
}

static void shows_the_months_the_money_covered(void **state)
{
    struct store_rig *rig = *state;
    pay(rig, RIG_TXN, "aa", FIRST);
    pay(rig, OTHER_TXN, "bb", SECOND);
    read_own(rig);
    assert_false(own.is_bureaus);
    assert_int_equal(own.as_of_ms, 77);
    assert_int_equal(own.payment_count, 1);
    assert_int_equal(own.month_count, 1);
    assert_string_equal(own.payments[0].voucher, FIRST);
    assert_string_equal(own.payments[0].txn, RIG_TXN);
    assert_int_equal(own.payments[0].paid_fen, 10000);
    assert_int_equal(own.months[0].month, month_of(2026, 11));
    assert_int_equal(own.months[0].base_fen, 50000);
    assert_string_equal(own.months[0].insurance, "pension");
}

static void lights_a_lamp_for_each_step_that_is_certain(void **state)
{
    struct store_rig *rig = *state;
    pay(rig, RIG_TXN, "aa", FIRST);
    read_own(rig);
    const struct inquiry_payment *payment = &own.payments[0];
    assert_true(payment->lit[INQUIRY_TAKEN] && payment->lit_ms[INQUIRY_TAKEN] == RIG_WALL_MS);
    assert_false(payment->lit[INQUIRY_SENT]);
    rig->clock.wall_ms += 1000;
    int64_t last = journal_last_seq(rig->journal);
    assert_int_equal(journal_note_sent(rig->journal, 1, last), STATUS_OK);
    read_own(rig);
    assert_int_equal(payment->lit_ms[INQUIRY_SENT], RIG_WALL_MS + 1000);
    assert_false(payment->lit[INQUIRY_RECEIVED]);
    rig->clock.wall_ms += 1000;
    assert_int_equal(journal_set_acked(rig->journal, last), STATUS_OK);
    read_own(rig);
    assert_int_equal(payment->lit_ms[INQUIRY_RECEIVED], RIG_WALL_MS + 2000);
    assert_false(payment->lit[INQUIRY_CREDITED]); /* only the bureau can say that */
}

static void tells_sums_by_number_only_with_the_hash_of_the_slip(void **state)
{
    struct store_rig *rig = *state;
    uint8_t hash[JOURNAL_HASH_SIZE];
    char hex[17];
    pay(rig, RIG_TXN, "aa", FIRST);
    journal_last_hash(rig->journal, hash);
    bytes_to_hex(hash, 8, hex);
    assert_int_equal(inquiry_find_own(rig->journal, FIRST, "", KIOSK_ID, 1, &own), STATUS_OK);
    assert_int_equal(own.payment_count, 1);
    assert_int_equal(own.month_count, 0);
    assert_int_equal(own.payments[0].paid_fen, INQUIRY_NOT_TOLD);
    assert_true(own.payments[0].lit[INQUIRY_TAKEN]);
    assert_int_equal(inquiry_find_own(rig->journal, FIRST, "0123456789abcdef", KIOSK_ID, 1, &own),
                     STATUS_OK);
    assert_int_equal(own.payments[0].paid_fen, INQUIRY_NOT_TOLD);
    assert_int_equal(inquiry_find_own(rig->journal, FIRST, hex, KIOSK_ID, 1, &own), STATUS_OK);
    assert_int_equal(own.payments[0].paid_fen, 10000);
    assert_int_equal(own.month_count, 1);
    assert_int_equal(inquiry_find_own(rig->journal, SECOND, "", KIOSK_ID, 1, &own),
                     STATUS_NOT_FOUND);
}

static void parse(const char *payments, const char *months)
{
    char body[2048];
    snprintf(body, sizeof body,
             "{\"at\":1795399269000,\"more\":false,"
             "\"payments\":[%s],\"months\":[%s]}",
             payments, months);
    assert_int_equal(inquiry_parse_answer(body, strlen(body), &bureaus), STATUS_OK);
}

#define CREDITED(voucher, at)                                                                      \
    "{\"voucher\":\"" voucher "\",\"kiosk\":\"000009\",\"at\":" at ",\"received\":1795399268000,"  \
    "\"state\":\"credited\",\"paid\":10000,\"applied\":10000,\"surplus\":0}"
#define MONTH(payment, month)                                                                      \
    "{\"payment\":" payment ",\"month\":\"" month "\",\"insurance\":\"pension\",\"code\":\"110\"," \
    "\"base\":50000,\"amount\":10000}"

static void shows_what_the_bureau_has_and_what_is_still_on_its_way(void **state)
{
    struct store_rig *rig = *state;
    pay(rig, RIG_TXN, "aa", FIRST);
    pay(rig, OTHER_TXN, "aa", SECOND);
    read_own(rig);
    parse(CREDITED(ELSEWHERE, "1000") "," CREDITED(FIRST, "500"),
          MONTH("0", "2026-10") "," MONTH("1", "2026-11"));
    inquiry_merge_own(&bureaus, &own);
    assert_int_equal(bureaus.payment_count, 3);
    /* Newest first: the one that has not been sent. */
    assert_string_equal(bureaus.payments[0].voucher, SECOND);
    assert_false(bureaus.payments[0].lit[INQUIRY_SENT]);
    assert_string_equal(bureaus.payments[1].voucher, ELSEWHERE);
    assert_false(bureaus.payments[1].is_own);
    assert_string_equal(bureaus.payments[2].voucher, FIRST);
    assert_true(bureaus.payments[2].is_own);
    assert_string_equal(bureaus.payments[2].txn, RIG_TXN);
    assert_true(bureaus.payments[2].lit[INQUIRY_CREDITED]);
    assert_int_equal(bureaus.month_count, 3);
    for (int i = 0; i < 3; i++) {
        static const int MONTHS[] = { 11, 10, 11 }; /* of payments 0, 1, 2 */
        assert_int_equal(month_number(bureaus.months[i].month), MONTHS[bureaus.months[i].payment]);
    }
}

static void takes_no_answer_that_breaks_a_bound(void **state)
{
    (void)state;
    static const char *const BODIES[] = {
        "",
        "[]",
        "{\"error\":\"malformed\"}",
        "{\"at\":1,\"more\":false,\"payments\":[]}",
        "{\"at\":1,\"more\":0,\"payments\":[],\"months\":[]}",
        "{\"at\":1e5,\"more\":false,\"payments\":[],\"months\":[]}",
        "{\"at\":1,\"more\":false,\"payments\":[],\"months\":[" MONTH("0", "2026-11") "]}",
        "{\"at\":1,\"more\":false,\"payments\":[" CREDITED("990000000003202611230003193",
                                                           "1") "],\"months\":[]}",
        "{\"at\":1,\"more\":false,\"payments\":[" CREDITED(FIRST, "-1") "],\"months\":[]}",
        "{\"at\":1,\"more\":false,\"payments\":[" CREDITED(FIRST, "1") "],\"months\":[" MONTH(
            "0", "2026-13") "]}",
    };
    for (size_t i = 0; i < sizeof BODIES / sizeof *BODIES; i++) {
        assert_int_equal(inquiry_parse_answer(BODIES[i], strlen(BODIES[i]), &bureaus),
                         STATUS_PROTOCOL);
        assert_int_equal(bureaus.payment_count, 0);
    }
}

static void asks_with_the_number_sealed(void **state)
{
    (void)state;
    struct seal seal = { .bureau_public_key = { 9 } };
    char question[INQUIRY_QUESTION_SIZE];
    assert_int_equal(inquiry_ask_person(&seal, "99010119900307888X", question), STATUS_OK);
    assert_null(strstr(question, "9901"));
    assert_int_equal(strncmp(question, "{\"sealed\":\"", 11), 0);
    assert_int_equal(inquiry_ask_person(&seal, "1\",\"x\":\"", question), STATUS_INVALID);
    inquiry_ask_voucher(FIRST, "", question);
    assert_string_equal(question, "{\"voucher\":\"" FIRST "\"}");
    inquiry_ask_voucher(FIRST, "0123456789abcdef", question);
    assert_string_equal(question, "{\"voucher\":\"" FIRST "\",\"hash\":\"0123456789abcdef\"}");
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(shows_the_months_the_money_covered),
        ON_RIG(lights_a_lamp_for_each_step_that_is_certain),
        ON_RIG(tells_sums_by_number_only_with_the_hash_of_the_slip),
        ON_RIG(shows_what_the_bureau_has_and_what_is_still_on_its_way),
        cmocka_unit_test(takes_no_answer_that_breaks_a_bound),
        cmocka_unit_test(asks_with_the_number_sealed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
