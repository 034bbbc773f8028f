#include "receipt/receipt_flow.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "receipt/receipt_recall.h"

#define RETRIES_MAX 1
#define EVENTS_MAX (int)ARRAY_SIZE(((struct receipt_flow *)0)->events)

enum state {
    REST,
    COMPOSING,
    SENDING,
    WAITING,
    PRINTED,
    FAILED,
    UNKNOWN,
    STATES_COUNT
};

enum event {
    EV_DEADLINE = SM_EVENT_DEADLINE,
    EV_PRINT,
    EV_SENT_OFF, /* the driver has the bitmap */
    EV_REFUSED,  /* it does not, or the journal refused */
    EV_READY,
    EV_PRINTED,
    EV_FAILED,
    EV_UNKNOWN,
    EV_TOLD,
    EVENTS_COUNT,
};

static const char *const EVENT_NAMES[] = {
    [EV_DEADLINE] = "deadline", [EV_PRINT] = "print",     [EV_SENT_OFF] = "sent_off",
    [EV_REFUSED] = "refused",   [EV_READY] = "ready",     [EV_PRINTED] = "printed",
    [EV_FAILED] = "failed",     [EV_UNKNOWN] = "unknown", [EV_TOLD] = "told",
};

static const char *const EVIDENCE[] = {
    [PRINTER_EVIDENCE_NONE] = "none",
    [PRINTER_EVIDENCE_STATUS_BYTE] = "status_byte",
    [PRINTER_EVIDENCE_PROCESS_ID] = "process_id",
};

static bool can_print(const struct receipt_flow *flow)
{
    return flow->status.state == DEVICE_READY || flow->status.state == DEVICE_DEGRADED;
}

static enum status append_body(struct receipt_flow *flow, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    CHECK(text != NULL);
    struct journal_draft draft = { .kind = JOURNAL_RECEIPT_STATE,
                                   .txn = flow->facts.txn,
                                   .body = text };
    enum status status = journal_append(flow->journal, &draft, NULL);
    bytes_free_wiped(text);
    return status;
}

/* What is printed is written down once, when it is composed for the first time. */
static bool is_first_composed(const struct receipt_flow *flow, const char *state)
{
    return strcmp(state, "composed") == 0 && flow->retries == 0 && !flow->facts.is_recorded;
}

static enum status append_state(struct receipt_flow *flow, const char *state, const char *evidence)
{
    json_t *body =
        json_pack("{s:s, s:s, s:s, s:i}", "voucher", flow->facts.voucher, "paper",
                  receipt_paper_name(flow->facts.kind), "state", state, "copy", flow->facts.copy);
    if (evidence != NULL)
        json_object_set_new(body, "evidence", json_string(evidence));
    if (is_first_composed(flow, state))
        json_object_set_new(body, "slip", receipt_recall_write(&flow->facts));
    enum status status = append_body(flow, body);
    if (status != STATUS_OK)
        log_error("receipt", "state_not_kept", "%s: %s", state, status_name(status));
    return status;
}

static enum status render(struct receipt_flow *flow, struct printer_bitmap *out)
{
    if (flow->font != NULL)
        return receipt_render_with(&flow->facts, flow->width_dots, flow->font, out);
    return receipt_render(&flow->facts, flow->width_dots, flow->font_path, out);
}

/* Composed and sending are durable before the printer sees a byte: after a crash nobody sends it
 * again without marking it as a copy. */
static enum status send_off(struct receipt_flow *flow)
{
    struct printer_bitmap bitmap = { 0 };
    enum status status = append_state(flow, "composed", NULL);
    if (status != STATUS_OK)
        return status;
    flow->is_numbered = true;
    if (!can_print(flow))
        return STATUS_BUSY;
    status = render(flow, &bitmap);
    if (status == STATUS_OK)
        status = append_state(flow, "sending", NULL);
    if (status == STATUS_OK)
        status = printer_print(flow->printer, ++flow->job, &bitmap);
    receipt_bitmap_free(&bitmap);
    return status;
}

static void enter_composing(void *context)
{
    struct receipt_flow *flow = context;
    enum status status = send_off(flow);
    if (status != STATUS_OK)
        log_error("receipt", "not_sent", "copy %d: %s", flow->facts.copy, status_name(status));
    sm_post(&flow->sm, status == STATUS_OK ? EV_SENT_OFF : EV_REFUSED, NULL);
}

/* Told in rest, so that the listener may print the next one. */
static void enter_rest(void *context)
{
    struct receipt_flow *flow = context;
    log_info("receipt", "finished", "copy %d: result %d", flow->facts.copy, (int)flow->result);
    bytes_wipe(&flow->facts, sizeof(flow->facts));
    flow->listener(flow->context, flow->result);
}

/* What happened to the paper has happened, also when the journal cannot take it down: the result is
 * told anyway, and a start finds "sending", which is treated as unknown. */
static void enter_printed(void *context)
{
    struct receipt_flow *flow = context;
    if (append_state(flow, "printed", EVIDENCE[flow->evidence]) == STATUS_OK)
        log_debug("receipt", "printed", "copy %d", flow->facts.copy);
    sm_post(&flow->sm, EV_TOLD, NULL);
}

static void enter_failed(void *context)
{
    struct receipt_flow *flow = context;
    if (append_state(flow, "failed", NULL) == STATUS_OK)
        log_debug("receipt", "failed", "copy %d", flow->facts.copy);
    sm_post(&flow->sm, EV_TOLD, NULL);
}

static void enter_unknown(void *context)
{
    struct receipt_flow *flow = context;
    if (append_state(flow, "unknown", NULL) == STATUS_OK)
        log_debug("receipt", "unknown", "copy %d", flow->facts.copy);
    sm_post(&flow->sm, EV_TOLD, NULL);
}

static bool may_retry(void *context, const void *argument)
{
    struct receipt_flow *flow = context;
    (void)argument;
    return flow->retries < RETRIES_MAX;
}

static bool may_retry_now(void *context, const void *argument)
{
    return may_retry(context, argument) && can_print(context);
}

static void mark_failed_try(void *context, const void *argument)
{
    struct receipt_flow *flow = context;
    (void)argument;
    if (append_state(flow, "failed", NULL) != STATUS_OK)
        log_warning("receipt", "retry_unbooked", "copy %d", flow->facts.copy);
}

static void count_retry(void *context, const void *argument)
{
    struct receipt_flow *flow = context;
    (void)argument;
    flow->retries++;
    flow->facts.copy++;
}

static void mark_and_count(void *context, const void *argument)
{
    mark_failed_try(context, argument);
    count_retry(context, argument);
}

static void set_printed(void *context, const void *argument)
{
    (void)argument;
    ((struct receipt_flow *)context)->result = RECEIPT_PRINTED;
}

static void set_failed(void *context, const void *argument)
{
    (void)argument;
    ((struct receipt_flow *)context)->result = RECEIPT_FAILED;
}

static void set_unknown(void *context, const void *argument)
{
    (void)argument;
    ((struct receipt_flow *)context)->result = RECEIPT_NOT_KNOWN;
}

static const struct sm_state STATES[] = {
    [REST] = { "rest", enter_rest, 0 },
    [COMPOSING] = { "composing", enter_composing, 5000 },
    /* 300 mm at 75 mm/s, the slowest clone, three times over, and the driver's own recovery. */
    [SENDING] = { "sending", NULL, 30000 },
    /* A driver clears the printer after a fault before it is ready again; longer than this a person
     * would stand before a kiosk that does nothing. */
    [WAITING] = { "waiting", NULL, 8000 },
    [PRINTED] = { "printed", enter_printed, 5000 },
    [FAILED] = { "failed", enter_failed, 5000 },
    [UNKNOWN] = { "unknown", enter_unknown, 5000 },
};

static const struct sm_arrow ARROWS[] = {
    { REST, EV_PRINT, NULL, NULL, COMPOSING },

    { COMPOSING, EV_SENT_OFF, NULL, NULL, SENDING },
    { COMPOSING, EV_REFUSED, NULL, NULL, FAILED },

    { SENDING, EV_PRINTED, NULL, NULL, PRINTED },
    { SENDING, EV_FAILED, may_retry_now, mark_and_count, COMPOSING },
    { SENDING, EV_FAILED, may_retry, mark_failed_try, WAITING },
    { SENDING, EV_FAILED, NULL, NULL, FAILED },
    { SENDING, EV_UNKNOWN, NULL, NULL, UNKNOWN },
    { SENDING, EV_DEADLINE, NULL, NULL, UNKNOWN },

    { WAITING, EV_READY, NULL, count_retry, COMPOSING },
    { WAITING, EV_DEADLINE, NULL, set_failed, REST },

    { PRINTED, EV_TOLD, NULL, set_printed, REST },
    { FAILED, EV_TOLD, NULL, set_failed, REST },
    { UNKNOWN, EV_TOLD, NULL, set_unknown, REST },

    /* Of a job that is no longer waited for. */
    { SM_ANY, EV_READY, NULL, sm_ignore, SM_STAY },
    { SM_ANY, EV_PRINTED, NULL, sm_ignore, SM_STAY },
    { SM_ANY, EV_FAILED, NULL, sm_ignore, SM_STAY },
    { SM_ANY, EV_UNKNOWN, NULL, sm_ignore, SM_STAY },
};

static const struct sm_table TABLE = {
    .module = "receipt",
    .name = "receipt",
    .states = STATES,
    .state_count = STATES_COUNT,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = EVENTS_COUNT,
    .rest_state = REST,
    .fault_state = UNKNOWN,
};

void receipt_flow_init(struct receipt_flow *flow, const struct clock *clock,
                       struct journal *journal, struct printer *printer, const char *font_path,
                       int width_dots, receipt_flow_listener *listener, void *context)
{
    *flow = (struct receipt_flow){
        .clock = clock,
        .journal = journal,
        .printer = printer,
        .font_path = font_path,
        .width_dots = width_dots,
        .listener = listener,
        .context = context,
    };
    sm_init(&flow->sm, &TABLE, clock, flow);
}

void receipt_flow_use_font(struct receipt_flow *flow, struct font *font)
{
    flow->font = font;
}

static void take_status(struct receipt_flow *flow, const struct device_status *status)
{
    bool was_able = can_print(flow);
    flow->status = *status;
    if (!was_able && can_print(flow))
        sm_post(&flow->sm, EV_READY, NULL);
}

static void handle(struct receipt_flow *flow, const struct printer_event *event)
{
    bool ours = event->job == flow->job;
    switch (event->kind) {
    case PRINTER_EVENT_STATUS:
        take_status(flow, &event->status);
        break;
    case PRINTER_EVENT_SENT:
        break;
    case PRINTER_EVENT_PRINTED:
        flow->evidence = event->evidence;
        if (ours)
            sm_post(&flow->sm, EV_PRINTED, NULL);
        break;
    case PRINTER_EVENT_FAILED:
        if (ours)
            sm_post(&flow->sm, EV_FAILED, NULL);
        break;
    case PRINTER_EVENT_UNKNOWN:
        if (ours)
            sm_post(&flow->sm, EV_UNKNOWN, NULL);
        break;
    }
}

static void drain_events(struct receipt_flow *flow)
{
    if (flow->handling)
        return;
    flow->handling = true;
    while (flow->event_count > 0) {
        struct printer_event event = flow->events[0];
        flow->event_count--;
        memmove(&flow->events[0], &flow->events[1],
                (size_t)flow->event_count * sizeof(flow->events[0]));
        handle(flow, &event);
    }
    flow->handling = false;
}

void receipt_flow_on_printer(struct receipt_flow *flow, const struct printer_event *event)
{
    CHECK(flow->event_count < EVENTS_MAX);
    flow->events[flow->event_count++] = *event;
    drain_events(flow);
}

void receipt_flow_print(struct receipt_flow *flow, const struct receipt_facts *facts)
{
    CHECK(receipt_flow_is_at_rest(flow));
    flow->facts = *facts;
    flow->retries = 0;
    flow->is_numbered = false;
    flow->evidence = PRINTER_EVIDENCE_NONE;
    bool outermost = !flow->handling;
    flow->handling = true;
    sm_post(&flow->sm, EV_PRINT, NULL);
    if (!outermost)
        return;
    flow->handling = false;
    drain_events(flow);
}

void receipt_flow_tick(struct receipt_flow *flow)
{
    flow->handling = true;
    sm_tick(&flow->sm);
    flow->handling = false;
    drain_events(flow);
}

int64_t receipt_flow_next_deadline_ms(const struct receipt_flow *flow)
{
    return sm_next_deadline_ms(&flow->sm);
}

bool receipt_flow_is_at_rest(const struct receipt_flow *flow)
{
    return flow->sm.state == REST;
}

static bool count_sent(void *context, const struct journal_entry *entry)
{
    int *copy = context;
    if (strcmp(entry->kind, journal_kind_name(JOURNAL_RECEIPT_STATE)) != 0)
        return true;
    json_t *body = json_loads(entry->body, 0, NULL);
    const char *state = json_string_value(json_object_get(body, "state"));
    json_int_t number = json_integer_value(json_object_get(body, "copy"));
    if (state != NULL && strcmp(state, "sending") == 0 && number >= *copy && number < INT32_MAX)
        *copy = (int)number + 1;
    json_decref(body);
    return true;
}

enum status receipt_flow_next_copy(struct journal *journal, const char *txn, int *copy_out)
{
    *copy_out = 0;
    return journal_read_transaction(journal, txn, count_sent, copy_out);
}
