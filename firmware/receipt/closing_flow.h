/*
 * Closes the accounting day and prints its slip: what a technician's service mode and the staff's
 * maintenance mode both run.
 *
 * It waits for the printer, prints first what an earlier closing still owes, signs what is not yet
 * closed (a day_root) and prints that slip; with nothing to close, the last slip once more as a
 * copy. Signing does not need the printer: a slip that does not come out is owed, keeps its number
 * and its figures, and comes with the next run, were the kiosk in use in between. Each slip lives
 * as any receipt does (receipt_flow.h).
 *
 * Threads: main loop. Ownership: the parts outlive the flow.
 */
#pragma once
#include "base/sm.h"
#include "receipt/closing.h"
#include "receipt/receipt_flow.h"
#include "settings/settings.h"

enum closing_result {
    CLOSING_PENDING,
    CLOSING_PRINTED,
    CLOSING_NOT_PRINTED,   /* signed and owed; .printer says what is wrong with the printer */
    CLOSING_MAY_LIE,       /* on paper, and nobody knows: owed as a copy */
    CLOSING_NOT_WRITTEN,   /* the journal or the key refused: nothing was printed */
    CLOSING_NOTHING_THERE, /* the journal is empty */
};

typedef void closing_flow_listener(void *context);

struct closing_flow_parts {
    const struct clock *clock;
    struct journal *journal; /* writable */
    struct printer *printer;
    const struct journal_root_key *root_key;
    const struct settings *settings; /* names of kiosk and bureau, paper's width, font */
    struct font *font;               /* NULL: opened for each slip */
    closing_flow_listener *on_end;   /* once; the result stands */
    void *context;
};

struct closing_flow {
    struct closing_flow_parts parts;
    struct sm sm;
    struct receipt_flow receipt;
    struct closing closing;       /* the last slip's */
    struct device_status printer; /* as it told last */
    int copy;                     /* of the last slip: 0 the original */
    int slips;                    /* printed in this run */
    bool has_tried;               /* at least one slip was begun */
    enum closing_result result;
};

void closing_flow_start(struct closing_flow *flow, const struct closing_flow_parts *parts);
void closing_flow_on_printer(struct closing_flow *flow, const struct printer_event *event);
void closing_flow_tick(struct closing_flow *flow);
int64_t closing_flow_next_deadline_ms(const struct closing_flow *flow);
