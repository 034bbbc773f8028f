/*
 * A receipt's life: composed → sending → printed | failed | unknown, each durable before the next
 * step. Never sent again by itself past "sending"; a copy is marked 补打 and keeps its number.
 */
#pragma once
#include <stdbool.h>
#include "base/clock.h"
#include "base/sm.h"
#include "drivers/printer/printer.h"
#include "receipt/receipt.h"
#include "store/journal.h"

enum receipt_result { RECEIPT_PENDING, RECEIPT_PRINTED, RECEIPT_FAILED, RECEIPT_NOT_KNOWN };

typedef void receipt_flow_listener(void *context, enum receipt_result result);

struct receipt_flow {
    struct sm sm;
    const struct clock *clock;
    struct journal *journal;
    struct printer *printer;
    const char *font_path;
    int width_dots;
    receipt_flow_listener *listener;
    void *context;
    struct receipt_facts facts;
    struct device_status status;
    uint32_t job;
    enum printer_evidence evidence;
    int retries;
};

void receipt_flow_init(struct receipt_flow *flow, const struct clock *clock,
                       struct journal *journal, struct printer *printer, const char *font_path,
                       int width_dots, receipt_flow_listener *listener, void *context);

/* Requires: at rest. The listener is called once, with the final result. */
void receipt_flow_print(struct receipt_flow *flow, const struct receipt_facts *facts);

void receipt_flow_on_printer(struct receipt_flow *flow, const struct printer_event *event);
void receipt_flow_tick(struct receipt_flow *flow);
int64_t receipt_flow_next_deadline_ms(const struct receipt_flow *flow);
bool receipt_flow_is_at_rest(const struct receipt_flow *flow);
