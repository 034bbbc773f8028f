/*
 * The cash payment of one visit: notes in, each booked before the acceptor forgets it.
 *
 * A note's life: escrowed by the device → note_escrowed durable → stack → note_credited durable →
 * acknowledged to the device → told to the session. If the journal refuses at any point before
 * stack, the note goes back. What the device cannot prove is booked as note_unknown, never guessed.
 *
 * The flow also runs without a visit: cash_flow_recover resolves what a crash or power loss left.
 *
 * Threads:   main loop. Ownership: journal, acceptor and listener outlive the flow.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include "base/clock.h"
#include "base/sm.h"
#include "drivers/cash_acceptor/cash_acceptor.h"
#include "store/journal.h"

#define CASH_DENOMINATIONS_MAX 8

enum cash_flow_event_kind {
    CASH_FLOW_READING,
    CASH_FLOW_NOTE_TAKEN,    /* booked: .value_fen, .inserted_fen */
    CASH_FLOW_NOTE_BACK,     /* .reason */
    CASH_FLOW_JOURNAL_FAILED,/* the note went back; nothing more is accepted */
    CASH_FLOW_DEVICE_LOST,   /* nothing more is accepted until it returns */
    CASH_FLOW_DEVICE_BACK,
    CASH_FLOW_NOTE_UNKNOWN,  /* a note may be in the box and cannot be proved; .value_fen may be 0 */
    CASH_FLOW_ENDED,         /* acceptor is off, every note is resolved; .inserted_fen is final */
};

struct cash_flow_event {
    enum cash_flow_event_kind kind;
    int64_t value_fen;
    int64_t inserted_fen;
    enum cash_reject_reason reason;
};

typedef void cash_flow_listener(void *context, const struct cash_flow_event *event);

struct cash_flow {
    struct sm sm;
    const struct clock *clock;
    struct journal *journal;
    struct cash_acceptor *acceptor;
    cash_flow_listener *listener;
    void *context;
    char txn[JOURNAL_TXN_SIZE];
    int64_t due_fen, inserted_fen;
    int64_t denominations_fen[CASH_DENOMINATIONS_MAX];
    int denomination_count;
    int64_t escrow_fen;
    bool stack_asked, ending;
    struct device_status status;
    struct cash_counters counters;
    struct cash_acceptor_event last;
};

void cash_flow_init(struct cash_flow *flow, const struct clock *clock, struct journal *journal,
                    struct cash_acceptor *acceptor, cash_flow_listener *listener, void *context);

/* Begins accepting for txn, whose quote_accepted is durable. Requires: the flow is at rest. */
void cash_flow_begin(struct cash_flow *flow, const char *txn, int64_t due_fen,
                     const int64_t *denominations_fen, int count);

/* No more notes; CASH_FLOW_ENDED follows once the one under way is resolved. It also ends by itself
 * when inserted >= due. */
void cash_flow_end(struct cash_flow *flow);

/* Every acceptor event of the kiosk goes through here, also without a payment. */
void cash_flow_on_acceptor(struct cash_flow *flow, const struct cash_acceptor_event *event);

void cash_flow_tick(struct cash_flow *flow);
int64_t cash_flow_next_deadline_ms(const struct cash_flow *flow);
bool cash_flow_is_at_rest(const struct cash_flow *flow);

/* True while a transaction from before a restart still waits for the device to say where a note is;
 * no payment may begin. When it turns false the transaction can be completed from the journal. */
bool cash_flow_is_recovering(const struct cash_flow *flow);
