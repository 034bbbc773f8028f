/*
 * A receipt's life: composed → sending → printed | failed | unknown, each durable before the next
 * step. Never sent again by itself past "sending"; a copy is marked 补打 and keeps its number.
 */
#pragma once
#include "base/clock.h"
#include "base/sm.h"
#include "drivers/printer/printer.h"
#include "receipt/receipt.h"
#include "store/journal.h"
#include <stdbool.h>

enum receipt_result {
    RECEIPT_PENDING,
    RECEIPT_PRINTED,
    RECEIPT_FAILED,
    RECEIPT_NOT_KNOWN
};

typedef void receipt_flow_listener(void *context, enum receipt_result result);

struct receipt_flow {
    struct sm sm;
    const struct clock *clock;
    struct journal *journal;
    struct printer *printer;
    const char *font_path;
    struct font *font; /* NULL: opened for each receipt */
    int width_dots;
    receipt_flow_listener *listener;
    void *context;
    struct receipt_facts facts;
    struct device_status status;
    uint32_t job;
    enum printer_evidence evidence;
    int retries;
    bool is_numbered; /* "composed" is durable: the slip's number is used up, on paper or not */
    enum receipt_result result;
    bool handling; /* an event is being handled; others queue */
    int event_count;
    struct printer_event events[4];
};

void receipt_flow_init(struct receipt_flow *flow, const struct clock *clock,
                       struct journal *journal, struct printer *printer, const char *font_path,
                       int width_dots, receipt_flow_listener *listener, void *context);

/* Prints with this font, which outlives the flow: the screens' own, open already, saves opening one
 * while a person waits for the paper. */
void receipt_flow_use_font(struct receipt_flow *flow, struct font *font);

/* Requires: at rest. The listener is called once, with the final result, when the flow is at rest
 * again; it may be called before this returns. A printer that is not ready gives RECEIPT_FAILED. A
 * FAILED job is sent once more by itself, as a copy. The facts are wiped at the end. */
void receipt_flow_print(struct receipt_flow *flow, const struct receipt_facts *facts);

void receipt_flow_on_printer(struct receipt_flow *flow, const struct printer_event *event);
void receipt_flow_tick(struct receipt_flow *flow);
int64_t receipt_flow_next_deadline_ms(const struct receipt_flow *flow);
bool receipt_flow_is_at_rest(const struct receipt_flow *flow);

/*
 * The copy number the next print of this transaction's receipt must carry: 0 if none was ever sent,
 * else one more than the last. For a receipt asked for again and for one that a crash cut off.
 *
 * Returns: STATUS_OK or the journal's errors.
 */
NODISCARD enum status receipt_flow_next_copy(struct journal *journal, const char *txn,
                                             int *copy_out);
