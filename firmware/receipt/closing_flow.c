#include "receipt/closing_flow.h"

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

enum state {
    REST,
    WAITING,
    PRINTING,
    STATES_COUNT
};

enum event {
    EV_DEADLINE = SM_EVENT_DEADLINE,
    EV_START,
    EV_PRINTER, /* it can print, or says why it cannot */
    EV_NEXT,    /* a slip came out: is there another? */
    EV_END,
    EVENTS_COUNT,
};

static const char *const EVENT_NAMES[] = {
    [EV_DEADLINE] = "deadline", [EV_START] = "start", [EV_PRINTER] = "printer",
    [EV_NEXT] = "next",         [EV_END] = "end",
};

static void end(struct closing_flow *flow, enum closing_result result)
{
    flow->result = result;
    sm_post(&flow->sm, EV_END, NULL);
}

static void end_unwritten(struct closing_flow *flow, const char *what, enum status status)
{
    log_error("receipt", "closing_refused", "%s: %s", what, status_name(status));
    end(flow, CLOSING_NOT_WRITTEN);
}

/* ---- which slip ---- */

/* A run that was cut off while its slip was being printed. */
static enum status book_cut_off(struct closing_flow *flow, struct journal_closing *last)
{
    char body[160], voucher[JOURNAL_CLOSING_VOUCHER_SIZE];
    int next_copy = 0;
    if (last->state != JOURNAL_CLOSING_SENDING)
        return STATUS_OK;
    enum status status = receipt_flow_next_copy(flow->parts.journal, last->txn, &next_copy);
    if (status != STATUS_OK)
        return status;
    journal_closing_voucher(last->number, voucher);
    text_format(body, sizeof body,
                "{\"voucher\":\"%s\",\"paper\":\"" JOURNAL_PAPER_CLOSING
                "\",\"state\":\"unknown\",\"copy\":%d}",
                voucher, next_copy - 1);
    const struct journal_draft draft = { .kind = JOURNAL_RECEIPT_STATE,
                                         .txn = last->txn,
                                         .body = body };
    status = journal_append(flow->parts.journal, &draft, NULL);
    last->state = JOURNAL_CLOSING_UNKNOWN;
    return status;
}

static enum status sign(struct closing_flow *flow, int number, struct journal_closing *next_out)
{
    const struct closing_flow_parts *parts = &flow->parts;
    const struct clock_civil now = clock_civil_of(clock_wall_ms(parts->clock));
    enum status status = journal_root_append_end(parts->journal, parts->root_key,
                                                 parts->settings->kiosk_id, parts->clock);
    *next_out =
        (struct journal_closing){ .number = number, .seq = journal_last_seq(parts->journal) + 1 };
    text_format(next_out->txn, sizeof next_out->txn, "K%s-%04d%02d%02d-Z%06d",
                parts->settings->kiosk_id, now.year, now.month, now.day, number);
    return status;
}

/* Is there anything since the last closing's root (number 0: since the first entry)? */
static enum status is_due(struct closing_flow *flow, const struct journal_closing *last,
                          bool *due_out)
{
    struct journal_root root = { .last_seq = 0 };
    enum status status = last->number > 0
                             ? journal_root_find_before(flow->parts.journal, last->seq, &root)
                             : STATUS_OK;
    return status == STATUS_OK ? journal_closing_is_due(flow->parts.journal, root.last_seq, due_out)
                               : status;
}

/* out->number 0: there is none, or none after those that were printed. */
static enum status choose(struct closing_flow *flow, struct journal_closing *out)
{
    struct journal_closing last = { .number = 0 };
    bool due = false;
    enum status status = journal_closing_find(flow->parts.journal, INT64_MAX, &last);
    if (status == STATUS_OK)
        status = book_cut_off(flow, &last);
    else if (status == STATUS_NOT_FOUND)
        status = STATUS_OK;
    if (status == STATUS_OK)
        status = is_due(flow, &last, &due);
    bool is_owed = last.number > 0 && last.state != JOURNAL_CLOSING_PRINTED;
    if (status == STATUS_OK && due && !is_owed)
        return sign(flow, last.number + 1, out);
    *out = last;
    if (!is_owed && flow->slips > 0)
        out->number = 0;
    return status;
}

/* ---- printing it ---- */

static void print(struct closing_flow *flow, const struct journal_closing *slip)
{
    const struct settings *settings = flow->parts.settings;
    struct receipt_facts facts = { .kind = RECEIPT_CLOSING,
                                   .at_ms = clock_wall_ms(flow->parts.clock),
                                   .copy = flow->copy,
                                   .is_recorded = true, /* it follows from the entries */
                                   .closing = &flow->closing };
    text_copy(facts.bureau[0], sizeof facts.bureau[0], settings->bureau_zh);
    text_copy(facts.bureau[1], sizeof facts.bureau[1], settings->bureau_en);
    text_copy(facts.place[0], sizeof facts.place[0], settings->place_zh);
    text_copy(facts.place[1], sizeof facts.place[1], settings->place_en);
    text_copy(facts.kiosk_id, sizeof facts.kiosk_id, settings->kiosk_id);
    journal_closing_voucher(slip->number, facts.voucher);
    text_copy(facts.txn, sizeof facts.txn, slip->txn);
    flow->has_tried = true;
    receipt_flow_print(&flow->receipt, &facts);
}

static void enter_printing(void *context)
{
    struct closing_flow *flow = context;
    struct journal_closing slip = { .number = 0 };
    enum status status = choose(flow, &slip);
    if (status == STATUS_OK && slip.number == 0) {
        end(flow, flow->slips > 0 ? CLOSING_PRINTED : CLOSING_NOTHING_THERE);
        return;
    }
    if (status == STATUS_OK)
        status = closing_read(flow->parts.journal, &slip, &flow->closing);
    if (status == STATUS_OK)
        status = receipt_flow_next_copy(flow->parts.journal, slip.txn, &flow->copy);
    if (status == STATUS_OK)
        print(flow, &slip);
    else
        end_unwritten(flow, "the closing", status);
}

static void on_receipt(void *context, enum receipt_result result)
{
    struct closing_flow *flow = context;
    switch (result) {
    case RECEIPT_PRINTED:
        flow->slips++;
        sm_post(&flow->sm, EV_NEXT, NULL);
        break;
    case RECEIPT_FAILED:
        end(flow,
            journal_is_writable(flow->parts.journal) ? CLOSING_NOT_PRINTED : CLOSING_NOT_WRITTEN);
        break;
    case RECEIPT_NOT_KNOWN:
    case RECEIPT_PENDING:
        end(flow, CLOSING_MAY_LIE);
        break;
    }
}

static void enter_rest(void *context)
{
    struct closing_flow *flow = context;
    log_info("receipt", "closing_ended", "result %d, closing %d, copy %d", (int)flow->result,
             flow->closing.number, flow->copy);
    flow->parts.on_end(flow->parts.context);
}

static void set_unknown(void *context, const void *argument)
{
    (void)argument;
    ((struct closing_flow *)context)->result = CLOSING_MAY_LIE;
}

static const struct sm_state STATES[] = {
    [REST] = { "rest", enter_rest, 0 },
    /* A driver finds, claims and asks a printer within some seconds; longer, and there is none. */
    [WAITING] = { "waiting", NULL, 15000 },
    /* Two tries and the wait between them, each with a deadline of its own. */
    [PRINTING] = { "printing", enter_printing, 90000 },
};

static const struct sm_arrow ARROWS[] = {
    { REST, EV_START, NULL, NULL, WAITING },

    { WAITING, EV_PRINTER, NULL, NULL, PRINTING },
    { WAITING, EV_DEADLINE, NULL, NULL, PRINTING }, /* signs; the slip stays owed */

    { PRINTING, EV_NEXT, NULL, NULL, PRINTING },
    { PRINTING, EV_END, NULL, NULL, REST },
    { PRINTING, EV_DEADLINE, NULL, set_unknown, REST },

    /* Of a printer whose state changes meanwhile, and of a slip that is no longer waited for. */
    { SM_ANY, EV_PRINTER, NULL, sm_ignore, SM_STAY },
    { REST, EV_NEXT, NULL, sm_ignore, SM_STAY },
    { REST, EV_END, NULL, sm_ignore, SM_STAY },
};

static const struct sm_table TABLE = {
    .module = "receipt",
    .name = "closing",
    .states = STATES,
    .state_count = STATES_COUNT,
    .arrows = ARROWS,
    .arrow_count = ARRAY_SIZE(ARROWS),
    .event_names = EVENT_NAMES,
    .event_count = EVENTS_COUNT,
    .rest_state = REST,
    .fault_state = REST,
};

void closing_flow_start(struct closing_flow *flow, const struct closing_flow_parts *parts)
{
    *flow = (struct closing_flow){ .parts = *parts };
    receipt_flow_init(&flow->receipt, parts->clock, parts->journal, parts->printer,
                      parts->settings->font, parts->settings->printer_width_dots, on_receipt, flow);
    receipt_flow_use_font(&flow->receipt, parts->font);
    sm_init(&flow->sm, &TABLE, parts->clock, flow);
    sm_post(&flow->sm, EV_START, NULL);
}

static bool is_settled(const struct device_status *status)
{
    const uint32_t named = DEVICE_PROBLEM_PAPER_OUT | DEVICE_PROBLEM_COVER_OPEN;
    return status->state == DEVICE_READY || status->state == DEVICE_DEGRADED ||
           (status->problems & named) != 0;
}

void closing_flow_on_printer(struct closing_flow *flow, const struct printer_event *event)
{
    if (event->kind == PRINTER_EVENT_STATUS)
        flow->printer = event->status;
    receipt_flow_on_printer(&flow->receipt, event);
    if (event->kind == PRINTER_EVENT_STATUS && is_settled(&flow->printer))
        sm_post(&flow->sm, EV_PRINTER, NULL);
}

void closing_flow_tick(struct closing_flow *flow)
{
    receipt_flow_tick(&flow->receipt);
    sm_tick(&flow->sm);
}

int64_t closing_flow_next_deadline_ms(const struct closing_flow *flow)
{
    const int64_t receipt_ms = receipt_flow_next_deadline_ms(&flow->receipt);
    const int64_t own_ms = sm_next_deadline_ms(&flow->sm);
    return own_ms < receipt_ms ? own_ms : receipt_ms;
}
