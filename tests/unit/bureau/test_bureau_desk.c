/*
 * The bureau's desk without a network: what it takes, compares, refuses, sets aside and leases.
 */
#include "tools/bureau/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "tools/bureau/page.h"
#include "unit/bureau/desk_rig.h"

static void books_a_visit(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    assert_int_equal(reply_int(rig, "acked_seq"), 7);
    assert_string_equal(reply_text(rig, "acked_hash"), rig->first_hashes[7]);
    assert_int_equal(json_array_size(json_object_get(rig->reply, "rejected")), 0);
    char *ledger = ledger_text(rig);
    assert_non_null(strstr(ledger, "{\"account\":\"990100000001\",\"kiosk\":\"" KIOSK
                                   "\",\"premium\":14950,\"surplus\":50}"));
    assert_non_null(strstr(ledger, "\"accounts\":{\"cash_box\":15000,\"citizen\":0,"
                                   "\"premium\":14950,\"surplus\":50}"));
    assert_non_null(strstr(ledger, "\"receipt\":\"printed\""));
    free(ledger);
}

static void changes_nothing_when_sent_again_in_any_cut(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    char *before = ledger_text(rig);
    for (size_t first = 1; first <= 7; first++)
        for (size_t last = first; last <= 7; last++) {
            assert_int_equal(send(rig, first, last), 200);
            assert_int_equal(reply_int(rig, "acked_seq"), 7);
        }
    char *after = ledger_text(rig);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void refuses_a_gap_with_its_last_good_point(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 2), 200);
    assert_int_equal(send(rig, 4, 7), 409);
    assert_string_equal(reply_text(rig, "error"), "gap");
    assert_int_equal(reply_int(rig, "acked_seq"), 2);
    assert_string_equal(reply_text(rig, "acked_hash"), rig->first_hashes[2]);
}

static void refuses_a_tampered_entry_and_the_whole_batch(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    json_object_set_new(
        json_array_get(rig->entries, 4), "body",
        json_string("{\"value\":50000,\"post\":[[\"cash_box\",\"citizen\",50000]]}"));
    char *before = ledger_text(rig);
    assert_int_equal(send(rig, 1, 7), 409);
    assert_string_equal(reply_text(rig, "error"), "chain");
    assert_int_equal(reply_int(rig, "acked_seq"), 0);
    char *after = ledger_text(rig);
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void refuses_another_entry_in_the_place_of_one_it_has(void **state)
{
    struct desk_rig *rig = *state;
    write_entry(rig, "box_event", "{\"event\":\"removed\"}");
    assert_int_equal(send(rig, 1, 1), 200);
    json_array_clear(rig->entries);
    memset(rig->hash, 0, sizeof rig->hash);
    write_entry(rig, "box_event", "{\"event\":\"replaced\"}");
    assert_int_equal(send(rig, 1, 1), 409);
    assert_string_equal(reply_text(rig, "error"), "chain");
    assert_int_equal(reply_int(rig, "acked_seq"), 1);
}

static void refuses_a_batch_that_does_not_join(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 3), 200);
    rig->first_hashes[3][0] = rig->first_hashes[3][0] == 'a' ? 'b' : 'a';
    assert_int_equal(send(rig, 4, 7), 409);
    assert_string_equal(reply_text(rig, "error"), "chain");
    assert_int_equal(reply_int(rig, "acked_seq"), 3);
}

static void sets_an_unbookable_entry_aside_and_goes_on(void **state)
{
    static const struct {
        const char *kind, *body, *reason;
    } CASES[] = {
        { "box_event", "no json", "body_not_json" },
        { "box_event", "[1]", "body_not_json" },
        { "never_heard_of", "{}", "unknown_kind" },
        { "box_event", "{\"post\":[[\"cash_box\",\"citizen\",0]]}", "bad_posting" },
        { "box_event", "{\"post\":[[\"cash_box\",\"cash_box\",5]]}", "bad_posting" },
        { "box_event", "{\"post\":[[\"cash_box\",\"pocket\",5]]}", "bad_posting" },
        { "box_event", "{\"post\":[[\"cash_box\",\"citizen\"]]}", "bad_posting" },
        { "box_event", "{\"post\":{}}", "bad_posting" },
        { "registered", "{\"account\":\"990100000099\"}", "number_not_leased" },
        { "registered", "{\"account\":\"990100000001\"}", "" },
        { "registered", "{\"account\":\"990100000001\"}", "number_taken" },
        { "quote_accepted", "{\"account\":\"990100000001\"}", "bad_quote" },
        { "note_credited", "{\"value\":100}", "note_not_booked" },
        { "note_credited", "{\"value\":100,\"post\":[[\"cash_box\",\"citizen\",99]]}",
          "note_not_booked" },
        { "payment_completed",
          "{\"paid\":5,\"applied\":5,\"surplus\":0,\"post\":[[\"citizen\",\"premium\",5]]}",
          "visit_unknown" },
        { "box_event", "{\"event\":\"removed\"}", "" },
    };
    size_t count = sizeof CASES / sizeof *CASES;
    struct desk_rig *rig = *state;
    assert_int_equal(lease(rig, KIOSK, "1-aa", 10), 200);
    for (size_t i = 0; i < count; i++)
        write_entry(rig, CASES[i].kind, CASES[i].body);
    for (int round = 0; round < 2; round++) { /* the second time too, for a lost reply */
        assert_int_equal(send(rig, 1, count), 200);
        assert_int_equal(reply_int(rig, "acked_seq"), count);
        for (size_t i = 0; i < count; i++)
            assert_string_equal(rejection_of(rig, (int64_t)i + 1), CASES[i].reason);
    }
}

/* tools/bureau/README.md, "A kiosk whose disk was replaced": what it says is what happens. */
static void takes_a_kiosk_with_a_new_disk_under_a_new_id_only(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    become_kiosk(rig, KIOSK); /* the same, from a first entry on */
    write_entry(rig, "kiosk_started", "{\"version\":\"1\",\"kiosk\":\"" KIOSK "\"}");
    assert_int_equal(send(rig, 1, 1), 409);
    assert_string_equal(reply_text(rig, "error"), "chain");
    assert_int_equal(reply_int(rig, "acked_seq"), 7);
    become_kiosk(rig, "000103");
    write_entry(rig, "kiosk_started", "{\"version\":\"1\",\"kiosk\":\"000103\"}");
    assert_int_equal(send(rig, 1, 1), 200);
    assert_int_equal(reply_int(rig, "acked_seq"), 1);
    /* The old one's last entry and its box stay as they were, an open item. */
    assert_true(ledger_says(rig, "\"acked_seq\":7"));
    assert_true(ledger_says(rig, "\"cash_box\":15000"));
    /* The numbers the old one had leased are not given out again. */
    assert_int_equal(lease(rig, "000103", "1-bb", 10), 200);
    assert_int_equal(json_integer_value(json_object_get(rig->reply, "first")), 11);
}

static void takes_no_voucher_twice(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    write_entry(rig, "payment_completed",
                "{\"paid\":15000,\"applied\":14950,\"surplus\":50,\"voucher\":\"" VOUCHER
                "\",\"post\":[[\"citizen\",\"premium\",14950],[\"citizen\",\"surplus\",50]]}");
    assert_int_equal(send(rig, 1, 8), 200);
    assert_string_equal(rejection_of(rig, 8), "voucher_taken");
    char *ledger = ledger_text(rig);
    assert_non_null(strstr(ledger, "\"premium\":14950,\"surplus\":50}"));
    free(ledger);
}

static void answers_malformed_requests_with_400(void **state)
{
    static const char *const MALFORMED[] = {
        "",
        "[]",
        "{}",
        "nonsense",
        "{\"first_seq\":1}",
        "{\"first_seq\":0,\"prev_hash\":\"%s\",\"entries\":[]}",
        "{\"first_seq\":1,\"prev_hash\":\"00\",\"entries\":[]}",
        "{\"first_seq\":1,\"prev_hash\":\"%s\",\"entries\":{}}",
        "{\"first_seq\":1,\"prev_hash\":\"%s\",\"entries\":[1]}",
        "{\"first_seq\":1,\"prev_hash\":\"%s\",\"entries\":[{\"seq\":1}]}",
    };
    struct desk_rig *rig = *state;
    for (size_t i = 0; i < sizeof MALFORMED / sizeof *MALFORMED; i++) {
        const char *gap = strstr(MALFORMED[i], "%s");
        char text[256];
        snprintf(text, sizeof text, "%.*s%s%s",
                 gap ? (int)(gap - MALFORMED[i]) : (int)strlen(MALFORMED[i]), MALFORMED[i],
                 gap ? rig->first_hashes[0] : "", gap ? gap + 2 : "");
        assert_int_equal(send_text(rig, text), 400);
        assert_string_equal(reply_text(rig, "error"), "malformed");
    }
    write_entry(rig, "box_event", "{}");
    json_object_set_new(json_array_get(rig->entries, 0), "seq", json_integer(2));
    assert_int_equal(send(rig, 1, 1), 400);
}

static void never_leases_a_number_twice(void **state)
{
    struct desk_rig *rig = *state;
    int64_t next = 1;
    for (int i = 0; i < 20; i++) {
        char request[16];
        snprintf(request, sizeof request, "%d-ff", i);
        assert_int_equal(lease(rig, i % 2 ? "000003" : "000004", request, 1 + i), 200);
        assert_int_equal(reply_int(rig, "first"), next);
        assert_int_equal(reply_int(rig, "count"), 1 + i);
        next += 1 + i;
    }
    assert_int_equal(lease(rig, "000003", "1-ff", 500), 200); /* asked again: the same block */
    assert_int_equal(reply_int(rig, "first"), 2);
    assert_int_equal(reply_int(rig, "count"), 2);
    assert_int_equal(lease(rig, "000003", "", 5), 400);
    assert_int_equal(lease(rig, "000003", "9-aa", 0), 400);
    assert_int_equal(lease(rig, "000003", "9-aa", 100000), 400);
}

static void shows_a_voucher_to_whoever_holds_the_paper(void **state)
{
    struct desk_rig *rig = *state;
    char hash16[17], *html;
    size_t size;
    write_visit(rig);
    assert_int_equal(send(rig, 1, 7), 200);
    snprintf(hash16, sizeof hash16, "%.16s", rig->first_hashes[6]);
    assert_int_equal(page_voucher(&rig->store, VOUCHER, hash16, &html, &size), 200);
    assert_non_null(strstr(html, "149.50"));
    assert_null(strstr(html, "990100000001")); /* the account is nobody else's business */
    free(html);
    hash16[0] = hash16[0] == 'a' ? 'b' : 'a';
    assert_int_equal(page_voucher(&rig->store, VOUCHER, hash16, &html, &size), 404);
    assert_null(strstr(html, "149.50"));
    free(html);
    assert_int_equal(page_voucher(&rig->store, "<script>", hash16, &html, &size), 400);
    assert_null(strstr(html, "<script>"));
    free(html);
    assert_int_equal(page_voucher(&rig->store, NULL, NULL, &html, &size), 400);
    free(html);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(books_a_visit),
        ON_RIG(changes_nothing_when_sent_again_in_any_cut),
        ON_RIG(refuses_a_gap_with_its_last_good_point),
        ON_RIG(refuses_a_tampered_entry_and_the_whole_batch),
        ON_RIG(refuses_another_entry_in_the_place_of_one_it_has),
        ON_RIG(refuses_a_batch_that_does_not_join),
        ON_RIG(sets_an_unbookable_entry_aside_and_goes_on),
        ON_RIG(takes_a_kiosk_with_a_new_disk_under_a_new_id_only),
        ON_RIG(takes_no_voucher_twice),
        ON_RIG(answers_malformed_requests_with_400),
        ON_RIG(never_leases_a_number_twice),
        ON_RIG(shows_a_voucher_to_whoever_holds_the_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
