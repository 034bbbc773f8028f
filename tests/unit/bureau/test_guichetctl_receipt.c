/*
 * `guichetctl receipt`: the code on a slip, and the numbers of slips.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/statement.h"
#include "support/unit.h"
#include "unit/bureau/ctl_rig.h"

/* ---- the code on a slip ---- */

struct receipt_rig {
    struct journal_root_key key;
    char key_path[128], pub_path[128], text[STATEMENT_TEXT_SIZE];
    char text_path[128];
};

/* The visit's payment is entry 6; its kiosk has signed the day, so the bureau will know its key. */
static void make_slip(struct ctl_rig *rig, struct receipt_rig *out, int64_t paid_fen)
{
    struct statement statement = { .voucher = "990000000003202611230003192",
                                   .paid_fen = paid_fen,
                                   .at_s = 1795398067,
                                   .seq = 6,
                                   .number_masked = "9999************12" };
    uint8_t hash[JOURNAL_HASH_SIZE];
    snprintf(out->key_path, sizeof out->key_path, "%s/root.key", rig->store->folder);
    snprintf(out->pub_path, sizeof out->pub_path, "%s/root.pub", rig->store->folder);
    snprintf(out->text_path, sizeof out->text_path, "%s/slip.txt", rig->store->folder);
    assert_int_equal(journal_root_open_key(out->key_path, &out->key), STATUS_OK);
    assert_int_equal(journal_hash_at(rig->store->journal, 6, hash), STATUS_OK);
    memcpy(statement.hash, hash, sizeof statement.hash);
    assert_int_equal(statement_sign(&statement, &out->key), STATUS_OK);
    statement_format(&statement, out->text);
    assert_int_equal(
        journal_root_append(rig->store->journal, &out->key, "000003", &rig->store->clock.clock),
        STATUS_OK);
}

static void forget_slip(const struct receipt_rig *slip)
{
    unlink(slip->key_path);
    unlink(slip->pub_path);
    unlink(slip->text_path);
}

static int verify(struct ctl_rig *rig, const char *option, const char *path, const char *text)
{
    char arguments[768];
    snprintf(arguments, sizeof arguments, "receipt verify %s %s '%s'", option, path, text);
    return ctl_run(rig, arguments);
}

static void says_what_a_slip_states_and_what_its_signature_does_not_prove(void **state)
{
    static const char *const SENTENCES[] = {
        "990000000003202611230003192",
        "000003, region 990000",
        "150.00 yuan (人民币壹佰伍拾元整)",
        "2026-11-23 09:41:07 (China)",
        "9999************12",
        "entry   6, hash ",
        "SIGNED.",
        "does not prove",
        "received or credited",
    };
    struct ctl_rig *rig = *state;
    struct receipt_rig slip;
    ctl_play_visit(rig);
    make_slip(rig, &slip, 15000);
    assert_int_equal(verify(rig, "--key", slip.pub_path, slip.text), 0);
    for (size_t i = 0; i < sizeof SENTENCES / sizeof *SENTENCES; i++)
        if (!strstr(rig->out, SENTENCES[i]))
            fail_msg("not said: %s", SENTENCES[i]);
    forget_slip(&slip);
}

static void reads_a_slip_from_a_link_a_file_and_a_scanner(void **state)
{
    struct ctl_rig *rig = *state;
    struct receipt_rig slip;
    char arguments[768], link[300];
    ctl_play_visit(rig);
    make_slip(rig, &slip, 15000);
    snprintf(link, sizeof link, "https://rsj.example.gov.cn/v/%s", slip.text);
    assert_int_equal(verify(rig, "--key", slip.pub_path, link), 0);
    FILE *file = fopen(slip.text_path, "w");
    assert_non_null(file);
    fprintf(file, "%s\n", link);
    fclose(file);
    assert_int_equal(verify(rig, "--key", slip.pub_path, slip.text_path), 0);
    snprintf(arguments, sizeof arguments, "receipt verify --key %s - < %s", slip.pub_path,
             slip.text_path);
    assert_int_equal(ctl_run(rig, arguments), 0);
    assert_non_null(strstr(rig->out, "SIGNED."));
    forget_slip(&slip);
}

static void takes_nothing_for_genuine_that_is_not(void **state)
{
    struct ctl_rig *rig = *state;
    struct receipt_rig slip, dear;
    struct statement statement, other;
    char text[STATEMENT_TEXT_SIZE];
    ctl_play_visit(rig);
    make_slip(rig, &slip, 15000);
    make_slip(rig, &dear, 1500000);
    assert_int_equal(statement_parse(slip.text, &statement), STATUS_OK);
    assert_int_equal(statement_parse(dear.text, &other), STATUS_OK);
    memcpy(other.signature, statement.signature, sizeof other.signature);
    statement_format(&other, text); /* another sum under the signature */
    assert_int_equal(verify(rig, "--key", slip.pub_path, text), 1);
    assert_non_null(strstr(rig->out, "FALSE. The signature does not fit"));
    assert_null(strstr(rig->out, "SIGNED."));
    assert_int_equal(verify(rig, "", "", slip.text), 1);
    assert_non_null(strstr(rig->out, "NOT CHECKED."));
    slip.text[100] = '\0';
    assert_int_equal(verify(rig, "--key", slip.pub_path, slip.text), 1);
    assert_non_null(strstr(rig->out, "FALSE. This is no signed statement"));
    assert_int_equal(verify(rig, "--key", "/nonexistent", dear.text), 1);
    assert_int_equal(verify(rig, "--key", slip.pub_path, rig->store->path), 1); /* no text file */
    assert_non_null(strstr(rig->out, "cannot be read, or is too long"));
    FILE *key = fopen(slip.pub_path, "w");
    assert_non_null(key);
    fprintf(key, "%064d\n", 7);
    fclose(key);
    assert_int_equal(verify(rig, "--key", slip.pub_path, dear.text), 1);
    assert_non_null(strstr(rig->out, "FALSE. It was signed with another key"));
    forget_slip(&slip);
}

static void adds_what_the_bureau_has_booked(void **state)
{
    struct ctl_rig *rig = *state;
    struct receipt_rig slip, dear;
    ctl_play_visit(rig);
    make_slip(rig, &slip, 15000);
    ctl_deliver(rig);
    assert_int_equal(verify(rig, "--bureau-db", rig->bureau_path, slip.text), 0);
    assert_non_null(strstr(rig->out, "CREDITED in the bureau's books: 149.50 contributions"));
    make_slip(rig, &dear, 1500000);
    assert_int_equal(verify(rig, "--bureau-db", rig->bureau_path, dear.text), 1);
    assert_non_null(strstr(rig->out, "THE BOOKS DIFFER."));
    assert_int_equal(verify(rig, "--bureau-db", "/nonexistent", slip.text), 1);
    forget_slip(&slip);
}

static void lists_every_slip_number_with_what_became_of_it(void **state)
{
    static const char *const STATES[] = { "composed\",\"copy\":0", "sending\",\"copy\":0",
                                          "printed\",\"copy\":0", "sending\",\"copy\":1" };
    struct ctl_rig *rig = *state;
    char arguments[256], body[200], claim[VOUCHER_SIZE];
    ctl_play_visit(rig);
    for (int i = 0; i < 4; i++) {
        snprintf(
            body, sizeof body,
            "{\"voucher\":\"990000000003202611230003192\",\"paper\":\"payment\",\"state\":\"%s}",
            STATES[i]);
        assert_int_equal(rig_append(rig->store, JOURNAL_RECEIPT_STATE, RIG_TXN, body), STATUS_OK);
    }
    voucher_format("990000", "000003", 20261123, 320, claim);
    for (int i = 0; i < 2; i++) {
        snprintf(body, sizeof body,
                 "{\"voucher\":\"%s\",\"paper\":\"registration\",\"state\":\"%s\",\"copy\":0}",
                 claim, i == 0 ? "composed" : "failed");
        assert_int_equal(rig_append(rig->store, JOURNAL_RECEIPT_STATE, "T2", body), STATUS_OK);
    }
    snprintf(arguments, sizeof arguments, "receipt list %s", rig->store->path);
    assert_int_equal(ctl_run(rig, arguments), 0);
    assert_non_null(strstr(rig->out, "990000000003202611230003192"));
    assert_non_null(strstr(rig->out, "150.00  printed, 1 copies"));
    assert_non_null(strstr(rig->out, claim));
    assert_non_null(strstr(rig->out, "VOID: never came out, 0 copies"));
    assert_non_null(strstr(rig->out, "2 numbers, no gap"));
    assert_int_equal(ctl_run(rig, "receipt list /nonexistent"), 1);
}

/* A journal somebody cut a slip out of. */
static void names_the_place_of_a_missing_slip_number(void **state)
{
    struct ctl_rig *rig = *state;
    char arguments[256], body[200], voucher[VOUCHER_SIZE];
    for (int serial = 1; serial <= 3; serial++) {
        char txn[8];
        voucher_format("990000", "000003", 20261123, serial, voucher);
        snprintf(txn, sizeof txn, "T%d", serial);
        snprintf(body, sizeof body,
                 "{\"voucher\":\"%s\",\"paper\":\"registration\",\"state\":\"composed\"}", voucher);
        assert_int_equal(rig_append(rig->store, JOURNAL_RECEIPT_STATE, txn, body), STATUS_OK);
    }
    rig_tamper(rig->store, "DELETE FROM journal WHERE seq = 2");
    snprintf(arguments, sizeof arguments, "receipt list %s", rig->store->path);
    assert_int_equal(ctl_run(rig, arguments), 1);
    assert_non_null(strstr(rig->out, "GAP: after 000001 comes 000003"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(says_what_a_slip_states_and_what_its_signature_does_not_prove),
        ON_RIG(reads_a_slip_from_a_link_a_file_and_a_scanner),
        ON_RIG(takes_nothing_for_genuine_that_is_not),
        ON_RIG(adds_what_the_bureau_has_booked),
        ON_RIG(lists_every_slip_number_with_what_became_of_it),
        ON_RIG(names_the_place_of_a_missing_slip_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
