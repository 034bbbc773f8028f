/*
 * `guichetctl journal explain` and `journal doubtful`: differences as sentences.
 */
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/unit.h"
#include "tools/bureau/desk.h"
#include "unit/bureau/ctl_rig.h"

/* ---- explain ---- */

static void write_device(struct ctl_rig *rig, const char *json)
{
    FILE *file = fopen(rig->socket_path, "w");
    assert_non_null(file);
    fputs(json, file);
    fclose(file);
}

static int explain(struct ctl_rig *rig, const char *a, const char *b)
{
    char arguments[512];
    snprintf(arguments, sizeof arguments, "journal explain %s %s", a, b);
    return ctl_run(rig, arguments);
}

static void explains_that_nothing_differs(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    ctl_deliver(rig);
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 0);
    ctl_expect_said(rig, "The journal is that of kiosk 000003.\n");
    ctl_expect_said(rig, "The bureau has every entry of the journal, up to 6.\n");
    ctl_expect_said(rig, "Nothing needs anybody.\n");
}

static void explains_what_is_on_its_way(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    ctl_deliver(rig);
    rig_accept_quote(rig->store, RIG_TXN "-2", 5000);
    assert_int_equal(rig_credit(rig->store, RIG_TXN "-2", 5000), STATUS_OK);
    assert_int_equal(explain(rig, rig->bureau_path, rig->store->path), 0);
    ctl_expect_said(
        rig, "Entries 7 to 8 have not reached the bureau yet; 50.00 yuan were taken in them");
    ctl_expect_said(rig,
                    "Of cash taken the journal has 200.00 yuan, the bureau 150.00: the entries on "
                    "their way make up for it.");
}

static void explains_an_entry_changed_after_it_was_sent(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    ctl_deliver(rig);
    rig_tamper(rig->store, "UPDATE journal SET hash = randomblob(32) WHERE seq = 4");
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    ctl_expect_said(rig, "Entry 4 in the journal is not the one the bureau was sent");
    rig_tamper(rig->store, "DELETE FROM journal WHERE seq >= 4");
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    ctl_expect_said(rig, "The bureau has entries up to 6, the journal ends at 3");
}

static void explains_that_a_journal_is_broken_though_its_hashes_are_old(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    ctl_deliver(rig);
    rig_tamper(rig->store, "UPDATE journal SET body = replace(body, '10000', '20000')");
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    ctl_expect_said(rig, "is broken in itself");
}

static void explains_that_the_bureaus_copy_was_changed(void **state)
{
    struct ctl_rig *rig = *state;
    sqlite3 *db;
    ctl_play_visit(rig);
    ctl_deliver(rig);
    assert_int_equal(sqlite3_open(rig->bureau_path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE entry SET body = body || ' ' WHERE seq = 4", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    ctl_expect_said(rig, "Entry 4 in the journal is not the one the bureau was sent");
}

static void copy_journal(const struct ctl_rig *rig, const char *copy_path)
{
    char sql[256];
    snprintf(sql, sizeof sql, "VACUUM INTO '%s'", copy_path);
    unlink(copy_path);
    rig_tamper(rig->store, sql);
}

static void explains_which_of_two_journals_goes_on(void **state)
{
    struct ctl_rig *rig = *state;
    char copy_path[128];
    snprintf(copy_path, sizeof copy_path, "%s.copy", rig->store->path);
    ctl_play_visit(rig);
    copy_journal(rig, copy_path);
    assert_int_equal(explain(rig, rig->store->path, copy_path), 0);
    ctl_expect_said(rig, "Up to entry 6 both have the same entries.\n");
    rig_accept_quote(rig->store, RIG_TXN "-2", 5000);
    assert_int_equal(explain(rig, copy_path, rig->store->path), 1);
    ctl_expect_said(rig, "The second one goes on to 7: ");
    unlink(copy_path);
}

static void refuses_counters_that_cannot_be(void **state)
{
    struct ctl_rig *rig = *state;
    static const char *const FILES[] = {
        "{\"stacked\":\"many\"}", "{\"stacked\":-1}",    "{\"acceptor\":7}", "{\"box\":[]}",
        "{\"box\":{\"100\":-1}}", "{\"box\":{\"3\":4}}", "{\"counted\":1}",  "[]",
    };
    ctl_play_visit(rig);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        write_device(rig, FILES[i]);
        assert_int_equal(explain(rig, rig->store->path, rig->socket_path), 1);
        assert_null(strstr(rig->out, "missing"));
    }
}

static void explains_money_that_was_set_aside_or_that_nobody_explains(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_QUOTE_ACCEPTED, RIG_TXN "-2",
                                "{\"account\":\"990100000007\",\"due\":100}"),
                     STATUS_OK);
    ctl_deliver(rig);
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    ctl_expect_said(rig, "The bureau set 1 entries aside:\n");
    ctl_expect_said(rig, "The account was never registered here: ");
    rig_tamper(rig->store, "UPDATE tally SET value = value + 100 WHERE name = 'account/premium'");
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    ctl_expect_said(
        rig, "Of contributions the journal has 150.50 yuan, the bureau 149.50: 1.00 yuan lie "
             "in the entries the bureau set aside");
}

static void explains_the_counters_of_the_acceptor(void **state)
{
    struct ctl_rig *rig = *state;
    static const struct {
        const char *device, *sentence;
        int status;
    } CASES[] = {
        { "{\"acceptor\":\"5F0021\",\"stacked\":9}", "agree at 9", 0 },
        { "{\"acceptor\":\"5F0021\",\"stacked\":10}", "took 1 notes that no entry explains", 1 },
        { "{\"acceptor\":\"5F0021\",\"stacked\":7}", "explains 2 notes more", 1 },
        { "{\"acceptor\":\"77\",\"stacked\":9}", "it was exchanged", 1 },
        { "{\"box\":{\"100\":1,\"50\":1}}", "The notes counted in the box are those", 0 },
        { "{\"box\":{\"100\":1}}", "50.00 yuan are missing", 1 },
        { "{\"box\":{\"100\":2,\"50\":1}}", "100.00 yuan too much", 1 },
    };
    ctl_play_visit(rig);
    assert_int_equal(journal_put_fact(rig->store->journal, "acceptor.serial", "5F0021"), STATUS_OK);
    assert_int_equal(journal_put_fact(rig->store->journal, "acceptor.stacked", "9"), STATUS_OK);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        write_device(rig, CASES[i].device);
        assert_int_equal(explain(rig, rig->store->path, rig->socket_path), CASES[i].status);
        ctl_expect_said(rig, CASES[i].sentence);
    }
    ctl_deliver(rig);
    write_device(rig, "{\"box\":{\"100\":1}}");
    assert_int_equal(explain(rig, rig->bureau_path, rig->socket_path), 1);
    ctl_expect_said(rig,
                    "In the box are 100.00 yuan, in the bureau's books for all its kiosks 150.00: "
                    "money is missing");
}

/* ---- doubtful ---- */

static int doubtful(struct ctl_rig *rig, const char *code)
{
    char arguments[512];
    snprintf(arguments, sizeof arguments, "journal doubtful %s %s", rig->store->path, code);
    return ctl_run(rig, arguments);
}

static void finds_what_is_doubtful_by_the_number_on_the_slip(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    assert_int_equal(doubtful(rig, ""), 0);
    ctl_expect_said(rig, "Nothing is doubtful.\n");
    assert_int_equal(rig_append(rig->store, JOURNAL_NOTE_UNKNOWN, RIG_TXN,
                                "{\"value\":0,\"why\":\"device_lost\",\"escrow\":2000}"),
                     STATUS_OK);
    assert_int_equal(rig_append(rig->store, JOURNAL_RECEIPT_STATE, RIG_TXN,
                                "{\"voucher\":\"990000000003202611230003200\",\"paper\":"
                                "\"unknown_note\",\"state\":\"printed\",\"copy\":0}"),
                     STATUS_OK);
    assert_int_equal(doubtful(rig, "'990000 000003 20261123 000320 0'"), 0);
    ctl_expect_said(rig, "entry 7, ");
    ctl_expect_said(rig, "of visit " RIG_TXN ", a note of 20.00 yuan that may be in the box");
    ctl_expect_said(rig, "slip 990000000003202611230003200 (printed)");
    ctl_expect_said(rig, "按凭条编号退还或补记");
    ctl_expect_said(rig, "payment_completed");
    assert_int_equal(doubtful(rig, "990000000003202611230000016"), 1);
    ctl_expect_said(rig, "Nothing doubtful has this code.\n");
    ctl_deliver(rig);
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    ctl_expect_said(rig, "doubtful: 1 of 1 open, 0.00 yuan of them in the box\n");
    assert_null(strstr(rig->out, "Nothing needs anybody."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(explains_that_nothing_differs),
        ON_RIG(explains_what_is_on_its_way),
        ON_RIG(explains_an_entry_changed_after_it_was_sent),
        ON_RIG(explains_that_a_journal_is_broken_though_its_hashes_are_old),
        ON_RIG(explains_that_the_bureaus_copy_was_changed),
        ON_RIG(explains_which_of_two_journals_goes_on),
        ON_RIG(refuses_counters_that_cannot_be),
        ON_RIG(explains_money_that_was_set_aside_or_that_nobody_explains),
        ON_RIG(explains_the_counters_of_the_acceptor),
        ON_RIG(finds_what_is_doubtful_by_the_number_on_the_slip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
