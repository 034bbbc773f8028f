/*
 * The built guichetctl on a journal, the bureau's file and a stand-in for the simulator's socket.
 */
#include <jansson.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "store/statement.h"
#include "support/unit.h"
#include "sync/sync_wire.h"
#include "tools/bureau/desk.h"
#include "unit/store/store_rig.h"

struct ctl_rig {
    struct store_rig *store;
    char bureau_path[128], socket_path[128];
    char out[16384];
    int socket_fd;
    pthread_t simulator;
    const char *notes;
};

static int setup(void **state)
{
    struct ctl_rig *rig = calloc(1, sizeof *rig);
    void *store;
    assert_non_null(rig);
    assert_int_equal(rig_setup(&store), 0);
    rig->store = store;
    snprintf(rig->bureau_path, sizeof rig->bureau_path, "%s/bureau.db", rig->store->folder);
    snprintf(rig->socket_path, sizeof rig->socket_path, "%s/sim.sock", rig->store->folder);
    *state = rig;
    return 0;
}

static int teardown(void **state)
{
    static const char *const SUFFIXES[] = { "", "-wal", "-shm" };
    struct ctl_rig *rig = *state;
    void *store = rig->store;
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s%s", rig->bureau_path, SUFFIXES[i]);
        unlink(path);
    }
    unlink(rig->socket_path);
    free(rig);
    return rig_teardown(&store);
}

static int run(struct ctl_rig *rig, const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command, GUICHETCTL " %s 2>&1", arguments);
    FILE *output = popen(command, "r");
    assert_non_null(output);
    rig->out[fread(rig->out, 1, sizeof rig->out - 1, output)] = '\0';
    return WEXITSTATUS(pclose(output));
}

static int run_report(struct ctl_rig *rig, bool with_hardware)
{
    char arguments[512];
    snprintf(arguments, sizeof arguments, "report --journal %s --bureau-db %s%s%s",
             rig->store->path, rig->bureau_path, with_hardware ? " --sim-socket " : "",
             with_hardware ? rig->socket_path : "");
    return run(rig, arguments);
}

/* A visit whose number the bureau has leased: 150 yuan in two notes. */
static void play_visit(struct ctl_rig *rig)
{
    struct store_rig *store = rig->store;
    const char *lease = "{\"kind\":\"account\",\"prefix\":\"9901\",\"first\":1,\"count\":10,"
                        "\"lease\":\"1-aa\"}";
    assert_int_equal(rig_append(store, JOURNAL_NUMBERS_LEASED, NULL, lease), STATUS_OK);
    assert_int_equal(rig_register(store, "aa", "990100000001"), STATUS_OK);
    assert_int_equal(rig_append(store, JOURNAL_QUOTE_ACCEPTED, RIG_TXN,
                                "{\"account\":\"990100000001\",\"person\":\"aa\",\"due\":14950}"),
                     STATUS_OK);
    assert_int_equal(rig_credit(store, RIG_TXN, 10000), STATUS_OK);
    assert_int_equal(rig_credit(store, RIG_TXN, 5000), STATUS_OK);
    struct journal_draft completed = {
        .kind = JOURNAL_PAYMENT_COMPLETED,
        .txn = RIG_TXN,
        .body = "{\"paid\":15000,\"applied\":14950,\"surplus\":50,\"voucher\":"
                "\"990000000003202611230003192\"}",
        .postings = { { BOOK_CITIZEN, BOOK_PREMIUM, 14950 }, { BOOK_CITIZEN, BOOK_SURPLUS, 50 } },
        .posting_count = 2,
    };
    assert_int_equal(journal_append(store->journal, &completed, NULL), STATUS_OK);
}

static void deliver(struct ctl_rig *rig)
{
    struct bureau_store bureau;
    json_t *reply = NULL;
    char *request;
    size_t size;
    int64_t last_seq;
    const char *lease = "{\"request\":\"1-aa\",\"count\":10}";
    assert_int_equal(bureau_store_open(&bureau, rig->bureau_path, "9901"), STATUS_OK);
    assert_int_equal(desk_lease_numbers(&bureau, "000003", lease, strlen(lease), &reply), 200);
    json_decref(reply);
    assert_int_equal(sync_wire_build_batch(rig->store->journal, 1, &request, &size, &last_seq),
                     STATUS_OK);
    assert_int_equal(desk_take_entries(&bureau, "000003", request, size, 1, &reply), 200);
    json_decref(reply);
    free(request);
    bureau_store_close(&bureau);
}

static void *answer_once(void *context)
{
    struct ctl_rig *rig = context;
    char question[64] = "";
    int fd = accept(rig->socket_fd, NULL, NULL);
    if (recv(fd, question, sizeof question - 1, 0) > 0 && strcmp(question, "notes\n") == 0) {
        ssize_t sent = send(fd, rig->notes, strlen(rig->notes), MSG_NOSIGNAL);
        (void)sent;
    }
    close(fd);
    return NULL;
}

static void start_simulator(struct ctl_rig *rig, const char *notes)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    rig->notes = notes;
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", rig->socket_path);
    rig->socket_fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(rig->socket_fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(rig->socket_fd, 1), 0);
    assert_int_equal(pthread_create(&rig->simulator, NULL, answer_once, rig), 0);
}

static void stop_simulator(struct ctl_rig *rig)
{
    pthread_join(rig->simulator, NULL);
    close(rig->socket_fd);
}

static void finds_all_three_sides_equal(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    deliver(rig);
    start_simulator(rig,
                    "{\"box\":{\"fen\":15000,\"notes\":{\"100\":1,\"50\":1}},\"list\":[]}\nok\n");
    assert_int_equal(run_report(rig, true), 0);
    stop_simulator(rig);
    assert_non_null(strstr(rig->out, "All sides say the same."));
    assert_non_null(strstr(rig->out, "149.50"));
    assert_null(strstr(rig->out, "DIFFERS"));
}

static void says_where_the_notes_differ_from_the_books(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    deliver(rig);
    start_simulator(rig, "{\"box\":{\"fen\":20000,\"notes\":{\"100\":2}},\"list\":[]}\nok\n");
    assert_int_equal(run_report(rig, true), 1);
    stop_simulator(rig);
    assert_non_null(strstr(rig->out, "3 difference(s)")); /* the sum and two denominations */
}

static void says_what_the_bureau_does_not_have_yet(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    deliver(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_BOX_EVENT, NULL, "{}"), STATUS_OK);
    assert_int_equal(run_report(rig, false), 1);
    assert_non_null(strstr(rig->out, "1 difference(s)"));
}

static void tells_staff_what_to_do_about_a_dead_letter(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_QUOTE_ACCEPTED, RIG_TXN "-2",
                                "{\"account\":\"990100000007\",\"due\":100}"),
                     STATUS_OK);
    deliver(rig);
    assert_int_equal(run_report(rig, false), 1);
    assert_non_null(strstr(rig->out, "1 difference(s)"));
    assert_non_null(strstr(rig->out, "quote_accepted of visit " RIG_TXN "-2: account_unknown\n"));
    assert_non_null(strstr(rig->out, "The account was never registered here: "));
}

static void says_when_nobody_answers_at_the_socket(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    deliver(rig);
    assert_int_equal(run_report(rig, true), 1);
    assert_non_null(strstr(rig->out, "disconnected"));
}

static void verifies_and_shows_a_journal(void **state)
{
    struct ctl_rig *rig = *state;
    char arguments[256];
    play_visit(rig);
    snprintf(arguments, sizeof arguments, "journal verify %s", rig->store->path);
    assert_int_equal(run(rig, arguments), 0);
    assert_non_null(strstr(
        rig->out, "sound: 6 entries, chain, books and projections; voucher numbers without a gap"));
    assert_non_null(strstr(rig->out, "the next slip's is 000320"));
    rig_tamper(rig->store, "UPDATE journal SET at = at + 1 WHERE seq = 4");
    assert_int_equal(run(rig, arguments), 1);
    assert_non_null(strstr(rig->out, "BROKEN: entry 4 is not what its hash says"));
    snprintf(arguments, sizeof arguments, "journal show %s --txn " RIG_TXN, rig->store->path);
    assert_int_equal(run(rig, arguments), 0);
    assert_non_null(strstr(rig->out, "payment_completed"));
    assert_null(strstr(rig->out, "numbers_leased"));
}

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
    return run(rig, arguments);
}

static void expect_said(struct ctl_rig *rig, const char *sentence)
{
    if (!strstr(rig->out, sentence))
        fail_msg("expected \"%s\" in:\n%s", sentence, rig->out);
}

static void explains_that_nothing_differs(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    deliver(rig);
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 0);
    expect_said(rig, "The journal is that of kiosk 000003.\n");
    expect_said(rig, "The bureau has every entry of the journal, up to 6.\n");
    expect_said(rig, "Nothing needs anybody.\n");
}

static void explains_what_is_on_its_way(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    deliver(rig);
    rig_accept_quote(rig->store, RIG_TXN "-2", 5000);
    assert_int_equal(rig_credit(rig->store, RIG_TXN "-2", 5000), STATUS_OK);
    assert_int_equal(explain(rig, rig->bureau_path, rig->store->path), 0);
    expect_said(rig,
                "Entries 7 to 8 have not reached the bureau yet; 50.00 yuan were taken in them");
    expect_said(rig, "Of cash taken the journal has 200.00 yuan, the bureau 150.00: the entries on "
                     "their way make up for it.");
}

static void explains_an_entry_changed_after_it_was_sent(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    deliver(rig);
    rig_tamper(rig->store, "UPDATE journal SET hash = randomblob(32) WHERE seq = 4");
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    expect_said(rig, "Entry 4 in the journal is not the one the bureau was sent");
    rig_tamper(rig->store, "DELETE FROM journal WHERE seq >= 4");
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    expect_said(rig, "The bureau has entries up to 6, the journal ends at 3");
}

static void explains_that_a_journal_is_broken_though_its_hashes_are_old(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    deliver(rig);
    rig_tamper(rig->store, "UPDATE journal SET body = replace(body, '10000', '20000')");
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    expect_said(rig, "is broken in itself");
}

static void explains_that_the_bureaus_copy_was_changed(void **state)
{
    struct ctl_rig *rig = *state;
    sqlite3 *db;
    play_visit(rig);
    deliver(rig);
    assert_int_equal(sqlite3_open(rig->bureau_path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE entry SET body = body || ' ' WHERE seq = 4", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    expect_said(rig, "Entry 4 in the journal is not the one the bureau was sent");
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
    play_visit(rig);
    copy_journal(rig, copy_path);
    assert_int_equal(explain(rig, rig->store->path, copy_path), 0);
    expect_said(rig, "Up to entry 6 both have the same entries.\n");
    rig_accept_quote(rig->store, RIG_TXN "-2", 5000);
    assert_int_equal(explain(rig, copy_path, rig->store->path), 1);
    expect_said(rig, "The second one goes on to 7: ");
    unlink(copy_path);
}

static void refuses_counters_that_cannot_be(void **state)
{
    struct ctl_rig *rig = *state;
    static const char *const FILES[] = {
        "{\"stacked\":\"many\"}", "{\"stacked\":-1}",    "{\"acceptor\":7}", "{\"box\":[]}",
        "{\"box\":{\"100\":-1}}", "{\"box\":{\"3\":4}}", "{\"counted\":1}",  "[]",
    };
    play_visit(rig);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        write_device(rig, FILES[i]);
        assert_int_equal(explain(rig, rig->store->path, rig->socket_path), 1);
        assert_null(strstr(rig->out, "missing"));
    }
}

static void explains_money_that_was_set_aside_or_that_nobody_explains(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_QUOTE_ACCEPTED, RIG_TXN "-2",
                                "{\"account\":\"990100000007\",\"due\":100}"),
                     STATUS_OK);
    deliver(rig);
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    expect_said(rig, "The bureau set 1 entries aside:\n");
    expect_said(rig, "The account was never registered here: ");
    rig_tamper(rig->store, "UPDATE tally SET value = value + 100 WHERE name = 'account/premium'");
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    expect_said(rig,
                "Of contributions the journal has 150.50 yuan, the bureau 149.50: 1.00 yuan lie "
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
    play_visit(rig);
    assert_int_equal(journal_put_fact(rig->store->journal, "acceptor.serial", "5F0021"), STATUS_OK);
    assert_int_equal(journal_put_fact(rig->store->journal, "acceptor.stacked", "9"), STATUS_OK);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        write_device(rig, CASES[i].device);
        assert_int_equal(explain(rig, rig->store->path, rig->socket_path), CASES[i].status);
        expect_said(rig, CASES[i].sentence);
    }
    deliver(rig);
    write_device(rig, "{\"box\":{\"100\":1}}");
    assert_int_equal(explain(rig, rig->bureau_path, rig->socket_path), 1);
    expect_said(rig, "In the box are 100.00 yuan, in the bureau's books for all its kiosks 150.00: "
                     "money is missing");
}

/* ---- doubtful ---- */

static int doubtful(struct ctl_rig *rig, const char *code)
{
    char arguments[512];
    snprintf(arguments, sizeof arguments, "journal doubtful %s %s", rig->store->path, code);
    return run(rig, arguments);
}

static void finds_what_is_doubtful_by_the_number_on_the_slip(void **state)
{
    struct ctl_rig *rig = *state;
    play_visit(rig);
    assert_int_equal(doubtful(rig, ""), 0);
    expect_said(rig, "Nothing is doubtful.\n");
    assert_int_equal(rig_append(rig->store, JOURNAL_NOTE_UNKNOWN, RIG_TXN,
                                "{\"value\":0,\"why\":\"device_lost\",\"escrow\":2000}"),
                     STATUS_OK);
    assert_int_equal(rig_append(rig->store, JOURNAL_RECEIPT_STATE, RIG_TXN,
                                "{\"voucher\":\"990000000003202611230000016\",\"paper\":"
                                "\"unknown_note\",\"state\":\"printed\",\"copy\":0}"),
                     STATUS_OK);
    assert_int_equal(doubtful(rig, "'990000 000003 20261123 000001 6'"), 0);
    expect_said(rig, "entry 7, ");
    expect_said(rig, "of visit " RIG_TXN ", a note of 20.00 yuan that may be in the box");
    expect_said(rig, "slip 990000000003202611230000016 (printed)");
    expect_said(rig, "按凭条编号退还或补记");
    expect_said(rig, "payment_completed");
    assert_int_equal(doubtful(rig, "990000000003202611230000024"), 1);
    expect_said(rig, "Nothing doubtful has this code.\n");
    deliver(rig);
    assert_int_equal(explain(rig, rig->store->path, rig->bureau_path), 1);
    expect_said(rig, "doubtful: 1 of 1 open, 0.00 yuan of them in the box\n");
    assert_null(strstr(rig->out, "Nothing needs anybody."));
}

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
    return run(rig, arguments);
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
    play_visit(rig);
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
    play_visit(rig);
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
    assert_int_equal(run(rig, arguments), 0);
    assert_non_null(strstr(rig->out, "SIGNED."));
    forget_slip(&slip);
}

static void takes_nothing_for_genuine_that_is_not(void **state)
{
    struct ctl_rig *rig = *state;
    struct receipt_rig slip, dear;
    struct statement statement, other;
    char text[STATEMENT_TEXT_SIZE];
    play_visit(rig);
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
    play_visit(rig);
    make_slip(rig, &slip, 15000);
    deliver(rig);
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
    play_visit(rig);
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
    assert_int_equal(run(rig, arguments), 0);
    assert_non_null(strstr(rig->out, "990000000003202611230003192"));
    assert_non_null(strstr(rig->out, "150.00  printed, 1 copies"));
    assert_non_null(strstr(rig->out, claim));
    assert_non_null(strstr(rig->out, "VOID: never came out, 0 copies"));
    assert_non_null(strstr(rig->out, "2 numbers, no gap"));
    assert_int_equal(run(rig, "receipt list /nonexistent"), 1);
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
    assert_int_equal(run(rig, arguments), 1);
    assert_non_null(strstr(rig->out, "GAP: after 000001 comes 000003"));
}

static void checks_a_policy_file(void **state)
{
    struct ctl_rig *rig = *state;
    assert_int_equal(run(rig, "policy " SOURCE_DIR "/config/policy/310000-shanghai.policy"), 0);
    assert_non_null(strstr(rig->out, "good: "));
    assert_int_equal(run(rig, "policy " SOURCE_DIR "/tools/guichetctl/README.md"), 1);
    assert_non_null(strstr(rig->out, "README.md:1: E"));
    assert_int_equal(run(rig, "policy /nonexistent"), 1);
}

static void tells_its_usage(void **state)
{
    struct ctl_rig *rig = *state;
    assert_int_equal(run(rig, ""), 2);
    assert_int_equal(run(rig, "journal"), 2);
    assert_int_equal(run(rig, "report --journal x"), 2);
    assert_int_equal(run(rig, "receipt verify"), 2);
    assert_int_equal(run(rig, "receipt verify --key x"), 2);
    assert_int_equal(run(rig, "--help"), 0);
}

#define ON_RIG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(finds_all_three_sides_equal),
        ON_RIG(says_where_the_notes_differ_from_the_books),
        ON_RIG(says_what_the_bureau_does_not_have_yet),
        ON_RIG(tells_staff_what_to_do_about_a_dead_letter),
        ON_RIG(says_when_nobody_answers_at_the_socket),
        ON_RIG(verifies_and_shows_a_journal),
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
        ON_RIG(says_what_a_slip_states_and_what_its_signature_does_not_prove),
        ON_RIG(reads_a_slip_from_a_link_a_file_and_a_scanner),
        ON_RIG(takes_nothing_for_genuine_that_is_not),
        ON_RIG(adds_what_the_bureau_has_booked),
        ON_RIG(lists_every_slip_number_with_what_became_of_it),
        ON_RIG(names_the_place_of_a_missing_slip_number),
        ON_RIG(checks_a_policy_file),
        ON_RIG(tells_its_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
