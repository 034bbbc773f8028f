/* ctl_rig.h */
#include "unit/bureau/ctl_rig.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/unit.h"
#include "sync/sync_wire.h"
#include "tools/bureau/desk.h"

int ctl_rig_setup(void **state)
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

int ctl_rig_teardown(void **state)
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

int ctl_run(struct ctl_rig *rig, const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command, GUICHETCTL " %s 2>&1", arguments);
    FILE *output = popen(command, "r");
    assert_non_null(output);
    rig->out[fread(rig->out, 1, sizeof rig->out - 1, output)] = '\0';
    return WEXITSTATUS(pclose(output));
}

/* A visit whose number the bureau has leased: 150 yuan in two notes. */
void ctl_play_visit(struct ctl_rig *rig)
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

void ctl_deliver(struct ctl_rig *rig)
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

void ctl_expect_said(struct ctl_rig *rig, const char *sentence)
{
    if (!strstr(rig->out, sentence))
        fail_msg("expected \"%s\" in:\n%s", sentence, rig->out);
}
