/*
 * The sync flow against the bureau's own desk (no network), on a clock that moves only when told.
 * The test is the wire: it decides which replies arrive, twice, late or not at all.
 */
#pragma once
#include "sync/sync.h"
#include "tools/bureau/store.h"
#include "unit/store/store_rig.h"

#define KIOSK "000003"
#define RETRY_S_MIN 2
#define RETRY_S_MAX 60
#define POLL_S 300

struct sync_rig {
    struct store_rig *store;
    struct bureau_store bureau;
    char bureau_path[128];
    struct transport transport; /* this rig is the transport */
    struct sync_config config;
    struct sync_flow flow;
    int sent_count;
    bool waiting; /* a request is on the wire */
    bool cancelled;
    char path[128];
    char *body;
    size_t size;
    int changes;
};

/* cmocka set-up and tear-down: *state is a struct sync_rig with a flow about to start. */
int sync_rig_setup(void **state);
int sync_rig_teardown(void **state);

/* As after a crash: what was on the wire is gone. */
void restart_flow(struct sync_rig *rig);

/* Moves the clock to the flow's next deadline and ticks. */
void let_time_pass(struct sync_rig *rig);

void give_reply(struct sync_rig *rig, enum status status, int http_status, const char *body);

/* What the bureau answers to the request on the wire; the bureau has then acted on it. */
char *ask_bureau(struct sync_rig *rig, int *http_status_out);
void answer_truly(struct sync_rig *rig);
void lose_reply(struct sync_rig *rig);

/* Exchanges until nothing is left but the next poll. */
void run_until_quiet(struct sync_rig *rig);

char *bureau_ledger(struct sync_rig *rig);
