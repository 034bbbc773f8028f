#include "sync/sync.h"

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "store/journal_payments.h"
#include "sync/sync_reply.h"
#include "sync/sync_wire.h"
#include <stdlib.h>
#include <string.h>

/* A visit appends several entries within moments; they then travel together. */
#define NUDGE_DELAY_MS 200
/* Longer than the transport's own time-out; a guard against a transport that never answers. */
#define EXCHANGE_DEADLINE_MS 120000
#define PATH_SIZE 64

enum sync_state {
    SYNC_IDLE,
    SYNC_SENDING,
    SYNC_LEASING,
    SYNC_POLLING,
    SYNC_FETCHING,
    SYNC_ASKING, /* what somebody here wants to know */
    SYNC_WAITING,
    SYNC_STATES
};

enum sync_event {
    EV_NUDGE = 1,
    EV_DONE,
    EV_REFUSED,
    EV_FAILED,
    EV_ASK,
    EV_DROPPED, /* a question nobody waits for any more is off the wire */
    EV_COUNT
};
static const char *const EVENT_NAMES[EV_COUNT] = { "deadline", "nudge", "done",   "refused",
                                                   "failed",   "ask",   "dropped" };

static int64_t now_ms(const struct sync_flow *flow)
{
    return clock_now_ms(flow->clock);
}

static bool has_entries(void *context, const void *argument)
{
    const struct sync_flow *flow = context;
    (void)argument;
    /* The bureau keeps what it is told; an entry that is gone after a power cut would leave it with
     * another chain than ours, for ever. */
    return journal_is_safe(flow->journal) &&
           journal_acked_seq(flow->journal) < journal_last_seq(flow->journal);
}

static bool has_question(void *context, const void *argument)
{
    const struct sync_flow *flow = context;
    (void)argument;
    return flow->question.on_answer != NULL;
}

static bool needs_numbers(void *context, const void *argument)
{
    const struct sync_flow *flow = context;
    (void)argument;
    /* An empty journal has no hash to make a request id of that will never come again. */
    return journal_is_writable(flow->journal) && journal_last_seq(flow->journal) > 0 &&
           journal_numbers_left(flow->journal) < flow->config.numbers_low;
}

static bool wants_policy(void *context, const void *argument)
{
    const struct sync_flow *flow = context;
    (void)argument;
    return flow->policies.take && flow->policy_offered > 0 &&
           flow->policy_offered > flow->policies.revision(flow->policies.context);
}

static bool send_request(struct sync_flow *flow, const char *action, const char *body, size_t size)
{
    char path[PATH_SIZE];
    text_format(path, sizeof path, "/v1/kiosks/%s/%s", flow->config.kiosk_id, action);
    enum status status = flow->transport->ops->send(flow->transport, path, body, size);
    if (status == STATUS_OK)
        return true;
    log_warning("sync", "send_failed", "%s: %s", action, status_name(status));
    sm_post(&flow->sm, EV_FAILED, NULL);
    return false;
}

static void enter_sending(void *context)
{
    struct sync_flow *flow = context;
    char *batch = NULL;
    size_t size = 0;
    enum status status = sync_wire_build_batch(flow->journal, journal_acked_seq(flow->journal) + 1,
                                               &batch, &size, &flow->batch_last_seq);
    if (status != STATUS_OK) {
        log_error("sync", "batch_failed", "%s", status_name(status));
        sm_post(&flow->sm, EV_FAILED, NULL);
        return;
    }
    bool is_sent = send_request(flow, "entries", batch, size);
    bytes_free_wiped(batch);
    if (is_sent && journal_note_sent(flow->journal, journal_acked_seq(flow->journal) + 1,
                                     flow->batch_last_seq) != STATUS_OK)
        log_warning("sync", "date_not_kept", "when entry %lld was sent",
                    (long long)flow->batch_last_seq);
}

/* ---- a question ---- */

static void forget_body(struct sync_question *question)
{
    bytes_free_wiped(question->body);
    question->body = NULL;
}

static void enter_asking(void *context)
{
    struct sync_flow *flow = context;
    (void)send_request(flow, flow->question.action, flow->question.body, flow->question.size);
    forget_body(&flow->question);
}

/* The listener may ask the next thing. */
static void tell_answer(struct sync_flow *flow, const struct transport_reply *reply)
{
    struct sync_question question = flow->question;
    forget_body(&flow->question);
    flow->question = (struct sync_question){ 0 };
    if (question.on_answer)
        question.on_answer(question.context, reply);
}

/* ---- */

/* The request id is durable before it is sent, so that a block leased just before a crash is asked
 * for again and not lost. */
static enum status prepare_lease_request(struct sync_flow *flow)
{
    uint8_t hash[JOURNAL_HASH_SIZE];
    char hex[17];
    enum status status = journal_get_fact(flow->journal, SYNC_FACT_LEASE, flow->lease_request,
                                          sizeof flow->lease_request);
    if (status == STATUS_OK && flow->lease_request[0] != '\0')
        return STATUS_OK;
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    journal_last_hash(flow->journal, hash);
    bytes_to_hex(hash, (sizeof hex - 1) / 2, hex);
    text_format(flow->lease_request, sizeof flow->lease_request, "%lld-%s",
                (long long)journal_last_seq(flow->journal), hex);
    return journal_put_fact(flow->journal, SYNC_FACT_LEASE, flow->lease_request);
}

static void enter_leasing(void *context)
{
    struct sync_flow *flow = context;
    char body[96];
    enum status status = prepare_lease_request(flow);
    if (status != STATUS_OK) {
        log_error("sync", "lease_failed", "%s", status_name(status));
        sm_post(&flow->sm, EV_FAILED, NULL);
        return;
    }
    text_format(body, sizeof body, "{\"request\":\"%s\",\"count\":%d}", flow->lease_request,
                SYNC_LEASE_COUNT);
    (void)send_request(flow, "number-blocks", body, strlen(body));
}

static void enter_polling(void *context)
{
    (void)send_request(context, "updates", NULL, 0);
}

static void enter_fetching(void *context)
{
    struct sync_flow *flow = context;
    char body[64];
    text_format(body, sizeof body, "{\"region\":\"%s\",\"revision\":%d}", flow->config.region,
                flow->policies.revision(flow->policies.context));
    (void)send_request(flow, "policy", body, strlen(body));
}

static void enter_idle(void *context)
{
    struct sync_flow *flow = context;
    bool busy = has_entries(flow, NULL) || needs_numbers(flow, NULL) || wants_policy(flow, NULL);
    sm_set_deadline(&flow->sm, now_ms(flow) + (busy ? 0 : (int64_t)flow->config.poll_s * 1000));
}

static uint64_t next_random(struct sync_flow *flow)
{
    flow->jitter_state ^= flow->jitter_state << 13;
    flow->jitter_state ^= flow->jitter_state >> 7;
    flow->jitter_state ^= flow->jitter_state << 17;
    return flow->jitter_state;
}

/* Doubles up to the cap; of that between a half and the whole, so that the kiosks of a city do not
 * all come back in the same second. */
static int64_t backoff_ms(struct sync_flow *flow)
{
    int64_t delay_ms = (int64_t)flow->config.retry_s_min * 1000;
    int64_t cap_ms = (int64_t)flow->config.retry_s_max * 1000;
    for (int i = 1; i < flow->failures && delay_ms < cap_ms; i++)
        delay_ms *= 2;
    if (delay_ms > cap_ms)
        delay_ms = cap_ms;
    return delay_ms - (int64_t)(next_random(flow) % (uint64_t)(delay_ms / 2 + 1));
}

static void enter_waiting(void *context)
{
    struct sync_flow *flow = context;
    int64_t at_ms = now_ms(flow) + backoff_ms(flow);
    if (flow->resume_at_ms > 0 && flow->resume_at_ms < at_ms)
        at_ms = flow->resume_at_ms;
    flow->resume_at_ms = 0;
    sm_set_deadline(&flow->sm, at_ms);
}

static void note_success(void *context, const void *argument)
{
    struct sync_flow *flow = context;
    (void)argument;
    if (!flow->status.reachable)
        log_info("sync", "reachable", "after %d failures", flow->failures);
    flow->failures = 0;
    flow->status.reachable = true;
    flow->status.refused = false;
    flow->status.last_success_wall_ms = clock_wall_ms(flow->clock);
}

static void note_failure(void *context, const void *argument)
{
    struct sync_flow *flow = context;
    (void)argument;
    if (flow->failures < INT16_MAX)
        flow->failures++;
    flow->status.reachable = false;
}

static void note_refusal(void *context, const void *argument)
{
    struct sync_flow *flow = context;
    note_failure(flow, argument);
    flow->status.refused = true;
}

static void hasten(void *context, const void *argument)
{
    struct sync_flow *flow = context;
    (void)argument;
    int64_t at_ms = now_ms(flow) + NUDGE_DELAY_MS;
    if (sm_next_deadline_ms(&flow->sm) > at_ms)
        sm_set_deadline(&flow->sm, at_ms);
}

/* A question that fails must not put off the try that was due anyway. */
static void remember_try(void *context, const void *argument)
{
    struct sync_flow *flow = context;
    (void)argument;
    flow->resume_at_ms = sm_next_deadline_ms(&flow->sm);
}

static void fail_question(void *context, const void *argument)
{
    const struct transport_reply none = { .status = STATUS_DISCONNECTED };
    note_failure(context, argument);
    tell_answer(context, &none);
}

static const struct sm_state STATES[SYNC_STATES] = {
    [SYNC_IDLE] = { "idle", .enter = enter_idle },
    [SYNC_SENDING] = { "sending", enter_sending, EXCHANGE_DEADLINE_MS },
    [SYNC_LEASING] = { "leasing", enter_leasing, EXCHANGE_DEADLINE_MS },
    [SYNC_POLLING] = { "polling", enter_polling, EXCHANGE_DEADLINE_MS },
    [SYNC_FETCHING] = { "fetching", enter_fetching, EXCHANGE_DEADLINE_MS },
    [SYNC_ASKING] = { "asking", enter_asking, EXCHANGE_DEADLINE_MS },
    [SYNC_WAITING] = { "waiting", .enter = enter_waiting },
};

#define EXCHANGE_ARROWS(state)                                                                     \
    { state, EV_DONE, has_question, note_success, SYNC_ASKING },                                   \
        { state, EV_FAILED, has_question, note_failure, SYNC_ASKING },                             \
        { state, EV_ASK, NULL, sm_ignore, SM_STAY },                                               \
        { state, EV_DONE, NULL, note_success, SYNC_IDLE },                                         \
        { state, EV_REFUSED, NULL, note_refusal, SYNC_WAITING },                                   \
        { state, EV_FAILED, NULL, note_failure, SYNC_WAITING },                                    \
        { state, SM_EVENT_DEADLINE, NULL, note_failure, SYNC_WAITING },                            \
    {                                                                                              \
        state, EV_NUDGE, NULL, sm_ignore, state                                                    \
    }

static const struct sm_arrow ARROWS[] = {
    { SYNC_IDLE, EV_NUDGE, NULL, hasten, SM_STAY },
    { SYNC_IDLE, EV_ASK, NULL, NULL, SYNC_ASKING },
    { SYNC_IDLE, SM_EVENT_DEADLINE, has_entries, NULL, SYNC_SENDING },
    { SYNC_IDLE, SM_EVENT_DEADLINE, needs_numbers, NULL, SYNC_LEASING },
    { SYNC_IDLE, SM_EVENT_DEADLINE, wants_policy, NULL, SYNC_FETCHING },
    { SYNC_IDLE, SM_EVENT_DEADLINE, NULL, NULL, SYNC_POLLING },
    EXCHANGE_ARROWS(SYNC_SENDING),
    EXCHANGE_ARROWS(SYNC_LEASING),
    EXCHANGE_ARROWS(SYNC_POLLING),
    EXCHANGE_ARROWS(SYNC_FETCHING),
    { SYNC_ASKING, EV_DONE, NULL, note_success, SYNC_IDLE },
    { SYNC_ASKING, EV_FAILED, NULL, fail_question, SYNC_WAITING },
    { SYNC_ASKING, EV_REFUSED, NULL, note_refusal, SYNC_WAITING },
    { SYNC_ASKING, EV_DROPPED, NULL, NULL, SYNC_IDLE },
    { SYNC_ASKING, SM_EVENT_DEADLINE, NULL, fail_question, SYNC_WAITING },
    { SYNC_ASKING, EV_NUDGE, NULL, sm_ignore, SM_STAY },
    { SYNC_ASKING, EV_ASK, NULL, sm_ignore, SM_STAY },
    { SYNC_WAITING, EV_ASK, NULL, remember_try, SYNC_ASKING },
    { SYNC_WAITING, EV_NUDGE, NULL, sm_ignore, SYNC_WAITING },
    { SYNC_WAITING, SM_EVENT_DEADLINE, has_entries, NULL, SYNC_SENDING },
    { SYNC_WAITING, SM_EVENT_DEADLINE, needs_numbers, NULL, SYNC_LEASING },
    { SYNC_WAITING, SM_EVENT_DEADLINE, wants_policy, NULL, SYNC_FETCHING },
    { SYNC_WAITING, SM_EVENT_DEADLINE, NULL, NULL, SYNC_POLLING },
};

static const struct sm_table TABLE = {
    .module = "sync",
    .name = "sync",
    .states = STATES,
    .state_count = SYNC_STATES,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = EV_COUNT,
    .rest_state = SYNC_IDLE,
    .fault_state = SYNC_WAITING,
};

/* Brings the visible status up to date and tells of a change. */
static void tell(struct sync_flow *flow, const struct sync_status *before)
{
    struct sync_status *status = &flow->status;
    status->next_try_ms = sm_next_deadline_ms(&flow->sm);
    status->unsent = journal_last_seq(flow->journal) - journal_acked_seq(flow->journal);
    bool changed = status->reachable != before->reachable || status->refused != before->refused ||
                   status->unsent != before->unsent || status->next_try_ms != before->next_try_ms ||
                   status->last_success_wall_ms != before->last_success_wall_ms;
    if (changed && flow->on_change)
        flow->on_change(flow->change_context);
}

static uint64_t make_seed(const struct sync_flow *flow)
{
    uint64_t seed = 0xcbf29ce484222325u; /* FNV-1a */
    for (const char *c = flow->config.kiosk_id; *c != '\0'; c++)
        seed = (seed ^ (uint8_t)*c) * 0x100000001b3u;
    seed ^= (uint64_t)clock_wall_ms(flow->clock);
    return seed != 0 ? seed : 1;
}

void sync_flow_init(struct sync_flow *flow, const struct clock *clock, struct journal *journal,
                    struct transport *transport, const struct sync_config *config,
                    void (*on_change)(void *context), void *change_context)
{
    CHECK(config->retry_s_min > 0 && config->retry_s_max >= config->retry_s_min);
    CHECK(config->poll_s > 0);
    *flow = (struct sync_flow){
        .clock = clock,
        .journal = journal,
        .transport = transport,
        .config = *config,
        .on_change = on_change,
        .change_context = change_context,
    };
    flow->jitter_state = make_seed(flow);
    sm_init(&flow->sm, &TABLE, clock, flow);
    sm_set_deadline(&flow->sm, now_ms(flow)); /* ask at once: is the bureau there? */
    flow->status.next_try_ms = now_ms(flow);
    flow->status.unsent = journal_last_seq(journal) - journal_acked_seq(journal);
}

void sync_flow_take_policies(struct sync_flow *flow, const struct sync_policy_port *port)
{
    flow->policies = *port;
}

static void post(struct sync_flow *flow, int event)
{
    struct sync_status before = flow->status;
    sm_post(&flow->sm, event, NULL);
    tell(flow, &before);
}

void sync_flow_nudge(struct sync_flow *flow)
{
    post(flow, EV_NUDGE);
}

enum status sync_flow_ask(struct sync_flow *flow, const char *action, const char *body, size_t size,
                          sync_on_answer *on_answer, void *context)
{
    CHECK(on_answer && body);
    /* One that was dropped may still be on the wire. */
    if (flow->question.on_answer || flow->sm.state == SYNC_ASKING)
        return STATUS_BUSY;
    char *copy = malloc(size + 1);
    if (!copy)
        return STATUS_FULL;
    memcpy(copy, body, size);
    flow->question = (struct sync_question){ action, copy, size, on_answer, context };
    post(flow, EV_ASK);
    return STATUS_OK;
}

void sync_flow_drop_question(struct sync_flow *flow)
{
    if (!flow->question.on_answer)
        return;
    forget_body(&flow->question);
    flow->question = (struct sync_question){ 0 };
    if (flow->sm.state == SYNC_ASKING)
        flow->transport->ops->cancel(flow->transport);
}

/* What an answer means is for who asked. The bureau has been heard with it, but not with a 500 or
 * above: that may be all a gateway in front of it can say, and must not count against the limit of
 * hours. It does not say either that the bureau is away. */
static int event_of_answer(const struct transport_reply *reply)
{
    if (reply->status != STATUS_OK)
        return EV_FAILED;
    return reply->http_status >= 500 ? EV_DROPPED : EV_DONE;
}

static void take_answer(struct sync_flow *flow, const struct transport_reply *reply)
{
    bool was_dropped = flow->question.on_answer == NULL;
    struct sync_question question = flow->question;
    flow->question = (struct sync_question){ 0 };
    post(flow, was_dropped ? EV_DROPPED : event_of_answer(reply));
    if (question.on_answer)
        question.on_answer(question.context, reply);
}

static int event_of(enum sync_result result)
{
    switch (result) {
    case SYNC_RESULT_DONE:
        return EV_DONE;
    case SYNC_RESULT_REFUSED:
        return EV_REFUSED;
    case SYNC_RESULT_FAILED:
        return EV_FAILED;
    }
    return EV_FAILED;
}

void sync_flow_on_reply(struct sync_flow *flow, struct transport_reply *reply)
{
    switch ((enum sync_state)flow->sm.state) {
    case SYNC_SENDING:
        post(flow, event_of(sync_reply_to_entries(flow, reply)));
        return;
    case SYNC_LEASING:
        post(flow, event_of(sync_reply_to_lease(flow, reply)));
        return;
    case SYNC_POLLING:
        post(flow, event_of(sync_reply_to_poll(flow, reply)));
        return;
    case SYNC_FETCHING:
        post(flow, event_of(sync_reply_to_policy(flow, reply)));
        return;
    case SYNC_ASKING:
        take_answer(flow, reply);
        return;
    case SYNC_IDLE:
    case SYNC_WAITING:
    case SYNC_STATES:
        log_warning("sync", "late_reply", "in %s; it will be asked again",
                    sm_state_name(&flow->sm));
        return;
    }
}

void sync_flow_tick(struct sync_flow *flow)
{
    struct sync_status before = flow->status;
    sm_tick(&flow->sm);
    tell(flow, &before);
}

int64_t sync_flow_next_deadline_ms(const struct sync_flow *flow)
{
    return sm_next_deadline_ms(&flow->sm);
}
