#include "unit/sync/sync_rig.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/unit.h"
#include "tools/bureau/desk.h"
#include "tools/bureau/ledger.h"

static struct sync_rig *rig_of(struct transport *transport)
{
    return (struct sync_rig *)(void *)((char *)transport - offsetof(struct sync_rig, transport));
}

static enum status fake_send(struct transport *transport, const char *path, const char *body,
                             size_t size)
{
    struct sync_rig *rig = rig_of(transport);
    if (rig->waiting)
        return STATUS_BUSY;
    free(rig->body);
    rig->body = body ? strndup(body, size) : NULL;
    rig->size = size;
    snprintf(rig->path, sizeof rig->path, "%s", path);
    rig->waiting = true;
    rig->sent_count++;
    return STATUS_OK;
}

static void fake_cancel(struct transport *transport)
{
    rig_of(transport)->cancelled = true;
}

static void fake_close(struct transport *transport)
{
    (void)transport;
}

static const struct transport_ops FAKE_OPS = { .send = fake_send,
                                               .cancel = fake_cancel,
                                               .close = fake_close };

static void count_change(void *context)
{
    struct sync_rig *rig = context;
    rig->changes++;
}

static void start_flow(struct sync_rig *rig)
{
    sync_flow_init(&rig->flow, &rig->store->clock.clock, rig->store->journal, &rig->transport,
                   &rig->config, count_change, rig);
}

int sync_rig_setup(void **state)
{
    struct sync_rig *rig = calloc(1, sizeof *rig);
    void *store;
    assert_non_null(rig);
    assert_int_equal(rig_setup(&store), 0);
    rig->store = store;
    snprintf(rig->bureau_path, sizeof rig->bureau_path, "%s/bureau.db", rig->store->folder);
    assert_int_equal(bureau_store_open(&rig->bureau, rig->bureau_path, "9901"), STATUS_OK);
    rig->transport.ops = &FAKE_OPS;
    rig->config = (struct sync_config){ .kiosk_id = KIOSK,
                                        .region = "310000",
                                        .retry_s_min = RETRY_S_MIN,
                                        .retry_s_max = RETRY_S_MAX,
                                        .poll_s = POLL_S,
                                        .numbers_low = 0 };
    start_flow(rig);
    *state = rig;
    return 0;
}

int sync_rig_teardown(void **state)
{
    static const char *const SUFFIXES[] = { "", "-wal", "-shm" };
    struct sync_rig *rig = *state;
    void *store = rig->store;
    bureau_store_close(&rig->bureau);
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof *SUFFIXES; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s%s", rig->bureau_path, SUFFIXES[i]);
        unlink(path);
    }
    free(rig->body);
    free(rig);
    return rig_teardown(&store);
}

void restart_flow(struct sync_rig *rig)
{
    rig_reopen(rig->store);
    rig->waiting = false;
    start_flow(rig);
}

void let_time_pass(struct sync_rig *rig)
{
    int64_t wait_ms = sync_flow_next_deadline_ms(&rig->flow) - rig->store->clock.now_ms;
    if (wait_ms > 0)
        clock_fake_advance(&rig->store->clock, wait_ms);
    sync_flow_tick(&rig->flow);
}

void give_reply(struct sync_rig *rig, enum status status, int http_status, const char *body)
{
    struct transport_reply reply = { .status = status,
                                     .http_status = http_status,
                                     .body = (char *)(uintptr_t)body,
                                     .size = strlen(body) };
    rig->waiting = false;
    sync_flow_on_reply(&rig->flow, &reply);
}

char *ask_bureau(struct sync_rig *rig, int *http_status_out)
{
    json_t *reply = NULL;
    assert_true(rig->waiting);
    if (strcmp(rig->path, "/v1/kiosks/" KIOSK "/entries") == 0)
        *http_status_out = desk_take_entries(&rig->bureau, KIOSK, rig->body, rig->size, 1, &reply);
    else if (strcmp(rig->path, "/v1/kiosks/" KIOSK "/number-blocks") == 0)
        *http_status_out = desk_lease_numbers(&rig->bureau, KIOSK, rig->body, rig->size, &reply);
    else if (strcmp(rig->path, "/v1/kiosks/" KIOSK "/updates") == 0)
        *http_status_out = desk_tell_updates(&rig->bureau, KIOSK, 1, &reply);
    else if (strcmp(rig->path, "/v1/kiosks/" KIOSK "/policy") == 0)
        *http_status_out = desk_give_policy(&rig->bureau, KIOSK, rig->body, rig->size, &reply);
    else
        fail_msg("unknown path %s", rig->path);
    char *text = json_dumps(reply, JSON_COMPACT);
    json_decref(reply);
    return text;
}

void answer_truly(struct sync_rig *rig)
{
    int http_status = 0;
    char *text = ask_bureau(rig, &http_status);
    give_reply(rig, STATUS_OK, http_status, text);
    free(text);
}

void lose_reply(struct sync_rig *rig)
{
    int http_status = 0;
    free(ask_bureau(rig, &http_status));
    give_reply(rig, STATUS_TIMEOUT, 0, "");
}

void run_until_quiet(struct sync_rig *rig)
{
    for (int i = 0; i < 50; i++) {
        if (sync_flow_next_deadline_ms(&rig->flow) - rig->store->clock.now_ms >= POLL_S * 1000)
            return;
        let_time_pass(rig);
        if (rig->waiting)
            answer_truly(rig);
    }
    fail_msg("never quiet");
}

char *bureau_ledger(struct sync_rig *rig)
{
    json_t *ledger;
    assert_int_equal(ledger_build(&rig->bureau, &ledger), STATUS_OK);
    char *text = json_dumps(ledger, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(ledger);
    return text;
}
