/*
 * The built guichetctl on a journal, the bureau's file and a stand-in for the simulator's socket.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "store/journal_root.h"
#include "support/unit.h"
#include "unit/bureau/ctl_rig.h"

static int run_report(struct ctl_rig *rig, bool with_hardware)
{
    char arguments[512];
    snprintf(arguments, sizeof arguments, "report --journal %s --bureau-db %s%s%s",
             rig->store->path, rig->bureau_path, with_hardware ? " --sim-socket " : "",
             with_hardware ? rig->socket_path : "");
    return ctl_run(rig, arguments);
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
    ctl_play_visit(rig);
    ctl_deliver(rig);
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
    ctl_play_visit(rig);
    ctl_deliver(rig);
    start_simulator(rig, "{\"box\":{\"fen\":20000,\"notes\":{\"100\":2}},\"list\":[]}\nok\n");
    assert_int_equal(run_report(rig, true), 1);
    stop_simulator(rig);
    assert_non_null(strstr(rig->out, "3 difference(s)")); /* the sum and two denominations */
}

static void says_what_the_bureau_does_not_have_yet(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    ctl_deliver(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_BOX_EVENT, NULL, "{}"), STATUS_OK);
    assert_int_equal(run_report(rig, false), 1);
    assert_non_null(strstr(rig->out, "1 difference(s)"));
}

static void tells_staff_what_to_do_about_a_dead_letter(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    assert_int_equal(rig_append(rig->store, JOURNAL_QUOTE_ACCEPTED, RIG_TXN "-2",
                                "{\"account\":\"990100000007\",\"due\":100}"),
                     STATUS_OK);
    ctl_deliver(rig);
    assert_int_equal(run_report(rig, false), 1);
    assert_non_null(strstr(rig->out, "1 difference(s)"));
    assert_non_null(strstr(rig->out, "quote_accepted of visit " RIG_TXN "-2: account_unknown\n"));
    assert_non_null(strstr(rig->out, "The account was never registered here: "));
}

static void says_when_nobody_answers_at_the_socket(void **state)
{
    struct ctl_rig *rig = *state;
    ctl_play_visit(rig);
    ctl_deliver(rig);
    assert_int_equal(run_report(rig, true), 1);
    assert_non_null(strstr(rig->out, "disconnected"));
}

static void verifies_and_shows_a_journal(void **state)
{
    struct ctl_rig *rig = *state;
    char arguments[256];
    ctl_play_visit(rig);
    snprintf(arguments, sizeof arguments, "journal verify %s", rig->store->path);
    assert_int_equal(ctl_run(rig, arguments), 0);
    assert_non_null(strstr(
        rig->out, "sound: 6 entries, chain, books and projections; voucher numbers without a gap"));
    assert_non_null(strstr(rig->out, "the next slip's is 000320"));
    rig_tamper(rig->store, "UPDATE journal SET at = at + 1 WHERE seq = 4");
    assert_int_equal(ctl_run(rig, arguments), 1);
    assert_non_null(strstr(rig->out, "BROKEN: entry 4 is not what its hash says"));
    snprintf(arguments, sizeof arguments, "journal show %s --txn " RIG_TXN, rig->store->path);
    assert_int_equal(ctl_run(rig, arguments), 0);
    assert_non_null(strstr(rig->out, "payment_completed"));
    assert_null(strstr(rig->out, "numbers_leased"));
}

/* ---- signed roots ---- */

/* A key of its own beside the journal: NAME.key and NAME.pub. */
static void sign_with(struct ctl_rig *rig, const char *name)
{
    char path[160];
    struct journal_root_key key;
    snprintf(path, sizeof path, "%s/%s.key", rig->store->folder, name);
    assert_int_equal(journal_root_open_key(path, &key), STATUS_OK);
    assert_int_equal(journal_root_append(rig->store->journal, &key, "000003", &clock_system),
                     STATUS_OK);
    journal_root_close_key(&key);
}

static void forget_key(struct ctl_rig *rig, const char *name)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s.key", rig->store->folder, name);
    unlink(path);
    snprintf(path, sizeof path, "%s/%s.pub", rig->store->folder, name);
    unlink(path);
}

/* Of the two keys' files only what follows them differs. */
static int verify_by(struct ctl_rig *rig, const char *range_old, const char *range_new)
{
    char arguments[512];
    const char *folder = rig->store->folder;
    snprintf(arguments, sizeof arguments,
             "journal verify %s --root-key %s/old.pub%s --root-key %s/new.pub%s", rig->store->path,
             folder, range_old, folder, range_new);
    return ctl_run(rig, arguments);
}

static void verifies_by_the_key_before_and_the_key_after_a_change(void **state)
{
    struct ctl_rig *rig = *state;
    char arguments[256];
    ctl_play_visit(rig);
    sign_with(rig, "old");
    sign_with(rig, "new");
    snprintf(arguments, sizeof arguments, "journal verify %s --root-key %s/old.pub",
             rig->store->path, rig->store->folder);
    assert_int_equal(ctl_run(rig, arguments), 1);
    assert_non_null(strstr(rig->out, "entry 8 is a day's root that does not hold: it is signed "
                                     "with another key"));
    assert_int_equal(verify_by(rig, "", ""), 0);
    assert_int_equal(verify_by(rig, "@1-7", "@8-"), 0);
    assert_int_equal(verify_by(rig, "@1-6", "@8-"), 1);
    assert_non_null(strstr(rig->out, "entry 7 is a day's root that does not hold: its key counts "
                                     "for other entries only"));
    static const char *const MALFORMED[] = { "@", "@7", "@0-7", "@7-6", "@1-7x", "@-1-7" };
    for (size_t i = 0; i < sizeof MALFORMED / sizeof *MALFORMED; i++) {
        assert_int_equal(verify_by(rig, MALFORMED[i], ""), 1);
        assert_non_null(strstr(rig->out, "invalid"));
    }
    forget_key(rig, "old");
    forget_key(rig, "new");
}

static void tells_its_usage(void **state)
{
    struct ctl_rig *rig = *state;
    assert_int_equal(ctl_run(rig, ""), 2);
    assert_int_equal(ctl_run(rig, "journal"), 2);
    assert_int_equal(ctl_run(rig, "report --journal x"), 2);
    assert_int_equal(ctl_run(rig, "receipt verify"), 2);
    assert_int_equal(ctl_run(rig, "receipt verify --key x"), 2);
    assert_int_equal(ctl_run(rig, "policy"), 2);
    assert_int_equal(ctl_run(rig, "policy sign a boss b"), 2);
    assert_int_equal(ctl_run(rig, "journal verify"), 2);
    assert_int_equal(ctl_run(rig, "journal verify x --root-key"), 2);
    assert_int_equal(ctl_run(rig, "--help"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_RIG(finds_all_three_sides_equal),
        ON_RIG(says_where_the_notes_differ_from_the_books),
        ON_RIG(says_what_the_bureau_does_not_have_yet),
        ON_RIG(tells_staff_what_to_do_about_a_dead_letter),
        ON_RIG(says_when_nobody_answers_at_the_socket),
        ON_RIG(verifies_and_shows_a_journal),
        ON_RIG(verifies_by_the_key_before_and_the_key_after_a_change),
        ON_RIG(tells_its_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
