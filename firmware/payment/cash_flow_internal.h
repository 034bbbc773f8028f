/*
 * What the parts of the cash flow share: cash_flow.c has the table, cash_device.c hears the
 * acceptor, cash_booking.c makes claims about notes durable.
 */
#pragma once
#include "payment/cash_flow.h"

#define CASH_RETRY_MS_MIN 500
#define CASH_RETRY_MS_MAX 30000
#define CASH_LOAD_RETRY_MS 5000 /* while the journal does not tell the last note, at rest */

/* A device tells the leftovers of the last run with its first polls (200 to 1000 ms apart,
 * SSP manual GA138); only after that does its counter speak for a note no event
 * spoke for. */
#define CASH_SETTLE_MS 3000

enum cash_state {
    CASH_REST,
    CASH_WAITING,
    CASH_JOURNALING,
    CASH_STACKING,
    CASH_RETURNING,
    CASH_BOOKING,
    CASH_SEARCHING,
    CASH_AWAY,
    CASH_CLOSED,
    CASH_DRAINING,
    CASH_STATES_COUNT,
};

enum cash_event {
    CASH_EV_DEADLINE = SM_EVENT_DEADLINE,
    CASH_EV_BEGIN,
    CASH_EV_END,
    CASH_EV_READY,    /* the acceptor can accept */
    CASH_EV_GONE,     /* it no longer can */
    CASH_EV_READING,  /* a note moves in */
    CASH_EV_REJECTED, /* and out again */
    CASH_EV_ESCROWED,
    CASH_EV_DURABLE, /* note_escrowed is in the journal */
    CASH_EV_REFUSED, /* the journal refused it */
    CASH_EV_CLAIM,   /* the acceptor says where a note is */
    CASH_EV_COUNTED, /* its counters can be compared */
    CASH_EV_BOOKED,
    CASH_EV_DRAINED,
    CASH_EV_SWAPPED, /* another acceptor answers than the payment began with */
    CASH_EV_LIMITED, /* no note is wanted any more */
    CASH_EV_COUNT,
};

void cash_flow_notify(struct cash_flow *flow, enum cash_flow_event_kind kind, int64_t value_fen,
                      enum cash_reject_reason reason);
void cash_flow_close_mouth(struct cash_flow *flow);
/* Nothing more is accepted in this payment, and the listener hears why, once. */
void cash_flow_break(struct cash_flow *flow, enum cash_flow_event_kind why, int64_t value_fen);

/* cash_device.c */
bool cash_flow_can_accept(const struct cash_flow *flow);
/* Before the mouth may open on it: only the books say with which one the last payment was. */
void cash_flow_meet_device(struct cash_flow *flow);
/* It has counted notes that are not in the books, and that will be judged within CASH_SETTLE_MS. */
bool cash_flow_is_to_be_compared(const struct cash_flow *flow);
/* What the acceptor that is here says of itself. */
void cash_flow_witness(const struct cash_flow *flow, struct cash_witness *out);
void cash_flow_post(struct cash_flow *flow, int event);
/* Handles what came in while an event was being handled. */
void cash_flow_drain(struct cash_flow *flow);

/* cash_booking.c, all in the shape of the table's guards, actions and entries. */
bool cash_booking_has_queued(void *context, const void *argument);
void cash_booking_take(void *context, const void *argument);  /* argument: struct cash_claim */
void cash_booking_queue(void *context, const void *argument); /* argument: struct cash_claim */
void cash_booking_take_queued(void *context, const void *argument);
void cash_booking_by_counter(void *context, const void *argument);
void cash_booking_give_up(void *context, const void *argument);
void cash_booking_enter(void *context);
void cash_booking_again(void *context, const void *argument);

/* The note that the journal told last is in flow->note; false: the journal cannot be read now. */
bool cash_booking_load(struct cash_flow *flow);

/* The box was taken out or put back; what the journal refuses is tried again later. */
void cash_booking_box(struct cash_flow *flow, enum cash_event_kind kind);
void cash_booking_append_box(struct cash_flow *flow);
