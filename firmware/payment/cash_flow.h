/*
 * The cash payment of one visit: notes in, each booked before the acceptor forgets it.
 *
 * A note's life: escrowed by the device → note_escrowed durable → stack → note_credited durable →
 * acknowledged to the device → told to the session. If the journal refuses at any point before
 * stack, the note goes back; so does one that is not wanted (note_plan.h), which the acceptor is
 * told to refuse by itself as far as it can. What the device cannot prove is booked as
 * note_unknown, never guessed.
 *
 * The flow also runs without a visit: cash_flow_recover resolves what a crash or power loss left.
 *
 * Threads:   main loop. Ownership: journal, acceptor and listener outlive the flow.
 */
#pragma once
#include "base/clock.h"
#include "base/sm.h"
#include "drivers/cash_acceptor/cash_acceptor.h"
#include "payment/cash_audit.h"
#include "payment/cash_note.h"
#include "payment/note_plan.h"
#include "store/journal.h"
#include <stdbool.h>
#include <stdint.h>

#define CASH_EVENTS_MAX 8 /* acceptor events that arrive while one is being handled */
#define CASH_CLAIMS_MAX 4 /* claims that wait for the journal; a device has one unacknowledged */
#define CASH_SEARCH_MS_MAX                                                                         \
    60000 /* how long a note is looked for before it is booked as unknown                          \
           */

enum cash_flow_event_kind {
    CASH_FLOW_READING,
    CASH_FLOW_NOTE_TAKEN,     /* booked: .value_fen, .inserted_fen */
    CASH_FLOW_NOTE_BACK,      /* .reason; .answer if it is CASH_REJECT_NOT_ACCEPTED */
    CASH_FLOW_NOTE_UNWANTED,  /* .value_fen, .answer: it goes back from escrow */
    CASH_FLOW_JOURNAL_FAILED, /* the note went back; nothing more is accepted */
    CASH_FLOW_DEVICE_LOST,    /* nothing more is accepted until it returns */
    CASH_FLOW_DEVICE_BACK,
    CASH_FLOW_NOTE_UNKNOWN,   /* a note may be in the box and cannot be proved; .value_fen: what it
                                 was worth in escrow, 0 if not even that is known */
    CASH_FLOW_ENDED,          /* acceptor is off, every note is resolved; .inserted_fen is final */
    CASH_FLOW_NOT_RECORDED,   /* a note is inside and the journal refuses; tried until it is booked,
                                 then NOTE_TAKEN or NOTE_UNKNOWN; .value_fen may be 0 */
    CASH_FLOW_DEVICE_SWAPPED, /* another acceptor answers, or its channels are worth something else;
                                 nothing more is accepted */
    CASH_FLOW_LIMIT,          /* no note is wanted any more, and not all is paid */
};

struct cash_flow_event {
    enum cash_flow_event_kind kind;
    int64_t value_fen;
    int64_t inserted_fen;
    enum cash_reject_reason reason;
    enum note_answer answer; /* why this note is not taken */
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
    struct note_terms terms;
    int64_t inserted_fen, inserted_notes;
    int64_t wanted_fen[NOTE_KINDS_MAX]; /* what the acceptor was told to accept */
    int wanted_count;
    int64_t escrow_fen;
    bool stack_asked, ending;
    struct device_status status;
    struct cash_counters counters;   /* as last read on this connection */
    char dataset[CASH_DATASET_SIZE]; /* the channels as last told; empty: not yet */
    struct cash_acceptor_event last;

    struct cash_note note;   /* the last one in the journal */
    bool note_is_stale;      /* an append failed: read the journal again before judging */
    bool note_is_known;      /* the journal could be read at least once */
    bool other_note;         /* one that is not in the books is on its way back, not the last one */
    bool active;             /* a payment is under way */
    bool accepting;          /* the acceptor was told to accept */
    bool broken;             /* nothing more is accepted in this payment */
    bool reading;            /* a note is moving in */
    bool lost_told;          /* the listener heard DEVICE_LOST and not yet DEVICE_BACK */
    bool moved_on;           /* a note moved since the last booking */
    bool counters_are_fresh; /* read after the last note went into escrow */
    bool counter_may_lag;
    bool handling;           /* an event is being handled; others queue */
    struct cash_claim claim; /* the one being booked */
    struct cash_claim claims[CASH_CLAIMS_MAX];
    int claim_count;
    struct cash_claim waiting; /* for the counter; valid if is_waiting */
    bool is_waiting;
    struct cash_acceptor_event events[CASH_EVENTS_MAX];
    int event_count;
    int64_t compare_at_ms;   /* when the counters are set against the books; INT64_MAX: not */
    int64_t search_until_ms; /* INT64_MAX: nothing is looked for */
    int64_t retry_ms;        /* back-off while the journal refuses */
    int64_t load_at_ms;      /* when a stale note is read again, at rest */
    enum cash_event_kind box_events[CASH_CLAIMS_MAX]; /* not yet in the journal */
    int box_event_count;
    int64_t box_retry_at_ms;
};

void cash_flow_init(struct cash_flow *flow, const struct clock *clock, struct journal *journal,
                    struct cash_acceptor *acceptor, cash_flow_listener *listener, void *context);

/* Begins accepting for txn, whose quote_accepted is durable. Requires: the flow is at rest, and the
 * set of the terms outlives the payment. Without a ready acceptor it begins with
 * CASH_FLOW_DEVICE_LOST; with terms that no notes can meet it takes none and tells CASH_FLOW_LIMIT.
 */
void cash_flow_begin(struct cash_flow *flow, const char *txn, const struct note_terms *terms);

/* No more notes; CASH_FLOW_ENDED follows once the one under way is resolved, which takes at most
 * CASH_SEARCH_MS_MAX while the journal can be written. It also ends by itself when inserted >= due.
 * After JOURNAL_FAILED, NOTE_UNKNOWN, DEVICE_SWAPPED and LIMIT nothing more is accepted: call it
 * then. At rest it does nothing. The listener of CASH_FLOW_ENDED finds the flow at rest. */
void cash_flow_end(struct cash_flow *flow);

/* The person is still there: waiting for notes has all its time again. */
void cash_flow_hold(struct cash_flow *flow);

/* Every acceptor event of the kiosk goes through here, also without a payment. */
void cash_flow_on_acceptor(struct cash_flow *flow, const struct cash_acceptor_event *event);

/* NOTE_UNKNOWN also comes without a payment, when the note of a transaction from before a restart
 * could not be proved; cash_flow_is_recovering is false right after it. */

void cash_flow_tick(struct cash_flow *flow);
int64_t cash_flow_next_deadline_ms(const struct cash_flow *flow);
bool cash_flow_is_at_rest(const struct cash_flow *flow);

/* True while a transaction from before a restart still waits for the device to say where a note is,
 * or the journal cannot tell whether there is one; no payment may begin. When it turns false the
 * transaction can be completed from the journal. */
bool cash_flow_is_recovering(const struct cash_flow *flow);
