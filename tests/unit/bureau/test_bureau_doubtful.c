/*
 * What the kiosks left for people, at the bureau: by kiosk, and found by the number on a slip.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "tools/bureau/doubtful_report.h"
#include "unit/bureau/desk_rig.h"

#define SLIP "990000000003202611230000016"
#define LOST                                                                                       \
    "{\"value\":0,\"by\":\"given_up\",\"acceptor\":\"1\",\"why\":\"device_lost\",\"escrow\":5000}"
#define NOBODYS                                                                                    \
    "{\"value\":10000,\"why\":\"no_transaction\",\"post\":[[\"cash_box\",\"unknown\",10000]],"     \
    "\"box\":10000}"
#define PRINTED                                                                                    \
    "{\"voucher\":\"" SLIP "\",\"paper\":\"unknown_note\",\"state\":\"printed\",\"copy\":0}"

/* Kiosk 3: a paid visit with a note lost in it and its slip; kiosk 9: a note of nobody. */
static void fill(struct desk_rig *rig)
{
    write_visit(rig);
    write_entry(rig, "note_unknown", LOST);
    write_entry(rig, "receipt_state", PRINTED);
    assert_int_equal(send(rig, 1, 9), 200);
    become_kiosk(rig, "000009");
    rig->txn = "";
    write_entry(rig, "note_unknown", NOBODYS);
    write_entry(rig, "counter_mismatch",
                "{\"counter\":\"stacked\",\"expected\":7,\"found\":6,\"acceptor\":\"1\"}");
    assert_int_equal(send(rig, 1, 2), 200);
}

static json_t *build(struct desk_rig *rig, const char *code)
{
    json_t *list;
    assert_int_equal(doubtful_report_build(&rig->store, code, &list), STATUS_OK);
    return list;
}

static const char *print(struct desk_rig *rig, const char *code, const char *kiosk)
{
    static char text[8192];
    text[0] = '\0'; /* nothing is written of an empty list */
    json_t *list = build(rig, code);
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_non_null(out);
    doubtful_report_print(out, list, kiosk);
    if (code)
        assert_int_equal(doubtful_report_print_visits(out, &rig->store, list), STATUS_OK);
    fclose(out);
    json_decref(list);
    return text;
}

static void expect_said(const char *text, const char *sentence)
{
    if (!strstr(text, sentence))
        fail_msg("expected \"%s\" in:\n%s", sentence, text);
}

static void lists_what_each_kiosk_left(void **state)
{
    struct desk_rig *rig = *state;
    fill(rig);
    json_t *list = build(rig, NULL);
    assert_int_equal(json_array_size(list), 3);
    json_decref(list);
    const char *text = print(rig, NULL, NULL);
    expect_said(text, "kiosk 000003 entry 8, ");
    expect_said(text,
                "(device_lost) of visit " TXN ", a note of 50.00 yuan that may be in the box");
    expect_said(text, "kiosk 000009 entry 1, ");
    expect_said(text, "(no_transaction), 100.00 yuan in the box");
    expect_said(text, "(counter_behind), expected 7, found 6");
    expect_said(text, "两人清点钱箱");
    expect_said(text, "doubtful: 3 of 3 open, 100.00 yuan of them in the box\n");
    assert_null(strstr(print(rig, NULL, "000009"), "000003"));
    assert_true(ledger_says(rig, "\"word\":\"no_transaction\""));
}

static void finds_a_note_and_its_visit_by_the_number_on_the_slip(void **state)
{
    struct desk_rig *rig = *state;
    fill(rig);
    const char *text = print(rig, "990000 000003 20261123 000001 6", NULL);
    expect_said(text, "slip " SLIP " (printed)\n");
    expect_said(text, "visit " TXN " at kiosk 000003\n");
    expect_said(text, "note_credited      100.00\n");
    expect_said(text, "payment_completed  150.00\n");
    assert_null(strstr(text, "000009"));
    expect_said(print(rig, TXN, NULL), "slip " SLIP);
}

static void says_nothing_of_a_number_nobody_sent(void **state)
{
    struct desk_rig *rig = *state;
    fill(rig);
    assert_string_equal(print(rig, "990000000003202611230000024", NULL), "");
    json_t *list = build(rig, "");
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
}

static void a_note_proved_later_is_one_open_item(void **state)
{
    struct desk_rig *rig = *state;
    write_visit(rig);
    write_entry(rig, "note_unknown", LOST);
    write_entry(rig, "receipt_state", PRINTED);
    write_entry(rig, "note_unknown",
                "{\"value\":5000,\"why\":\"proved_too_late\",\"post\":[[\"cash_box\",\"unknown\","
                "5000]],\"box\":5000}");
    assert_int_equal(send(rig, 1, 10), 200);
    const char *text = print(rig, SLIP, NULL);
    expect_said(text, "answered by entry 10\n");
    expect_said(text, "doubtful: 1 of 2 open, 50.00 yuan of them in the box\n");
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(lists_what_each_kiosk_left),
        ON_RIG(finds_a_note_and_its_visit_by_the_number_on_the_slip),
        ON_RIG(says_nothing_of_a_number_nobody_sent),
        ON_RIG(a_note_proved_later_is_one_open_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
