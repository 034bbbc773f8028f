/*
 * Carries the journal to the bureau and brings leased numbers and policies back.
 *
 * The flow lives on the main loop (it reads the journal); HTTP runs on one thread behind struct
 * transport. Batches in order; the bureau acknowledges seq and hash; sending twice changes nothing.
 * Back-off with jitter and cap; the next try is visible. A rejected entry becomes entry_rejected
 * and never blocks those behind it. What somebody asks who stands here (an inquiry) goes out before
 * everything else, as soon as the wire is free. The wire is described in sync/WIRE.md.
 */
#pragma once
#include "base/clock.h"
#include "base/queue.h"
#include "base/sm.h"
#include "store/journal.h"
#include "sync/transport.h"
#include <stdbool.h>
#include <stdint.h>

#define SYNC_BATCH_ENTRIES 100
#define SYNC_BATCH_BYTES_MAX (512 * 1024)

struct sync_config {
    char kiosk_id[16];
    char region[8];
    int retry_s_min, retry_s_max, poll_s;
    int numbers_low;
};

/* A policy as the bureau sent it; judged by whoever takes it. */
struct sync_policy {
    int revision;
    char *text, *signatures; /* NUL-terminated */
    size_t size, signatures_size;
};

/* Whoever keeps the policies. Called on the main loop. */
struct sync_policy_port {
    void *context;
    /* The bureau's files above this revision are wanted. */
    int (*revision)(void *context);
    /* STATUS_OK: installed or refused for good; else it is asked for again later. */
    enum status (*take)(void *context, const struct sync_policy *policy);
};

struct sync_status {
    bool reachable;               /* the last exchange worked */
    int64_t last_success_wall_ms; /* 0: never since start */
    int64_t next_try_ms;          /* monotonic */
    int64_t unsent;               /* entries */
    bool refused;                 /* the bureau refuses our chain or certificate: staff needed */
};

/* What came of a question; body is valid until it returns. Any status but STATUS_OK: no answer. */
typedef void sync_on_answer(void *context, const struct transport_reply *reply);

struct sync_question {
    const char *action; /* the last part of the path; a literal */
    char *body;         /* the flow's own; wiped once it is sent */
    size_t size;
    sync_on_answer *on_answer; /* NULL: nobody waits for it (any more) */
    void *context;
};

struct sync_flow {
    struct sm sm;
    const struct clock *clock;
    struct journal *journal;
    struct transport *transport;
    struct sync_config config;
    struct sync_status status;
    int failures;
    uint64_t jitter_state;
    char lease_request[40];
    int64_t batch_last_seq;
    struct transport_reply *reply; /* borrowed during delivery */
    void (*on_change)(void *context);
    void *change_context;
    struct sync_policy_port policies; /* take NULL: policies are not asked for */
    int policy_offered; /* the bureau's highest revision for our region; 0 nothing to ask for */
    struct sync_question question;
    int64_t resume_at_ms; /* the try that was waited for when a question came between; 0 none */
    bool stepped; /* resending from the bureau's point; not again before it takes something */
};

void sync_flow_init(struct sync_flow *flow, const struct clock *clock, struct journal *journal,
                    struct transport *transport, const struct sync_config *config,
                    void (*on_change)(void *context), void *change_context);

/* From now on policies are taken from the bureau; port is copied. */
void sync_flow_take_policies(struct sync_flow *flow, const struct sync_policy_port *port);

/* Something was appended: send soon. */
void sync_flow_nudge(struct sync_flow *flow);
/*
 * Asks the bureau something out of turn; also while it is thought to be out of reach, for the try
 * is what tells. on_answer is called once, on the main loop, unless the question is dropped before.
 * How long to wait for it is for the caller to decide.
 *
 * Returns: STATUS_OK; STATUS_BUSY another question is open; STATUS_FULL no memory.
 */
NODISCARD enum status sync_flow_ask(struct sync_flow *flow, const char *action, const char *body,
                                    size_t size, sync_on_answer *on_answer, void *context);
/* Nobody waits any more: what is not sent is wiped, what is on the wire is cut off. */
void sync_flow_drop_question(struct sync_flow *flow);

void sync_flow_on_reply(struct sync_flow *flow, struct transport_reply *reply);
void sync_flow_tick(struct sync_flow *flow);
int64_t sync_flow_next_deadline_ms(const struct sync_flow *flow);
