/*
 * A cash flow on a real journal, a clock that moves when told, and an acceptor with a mouth, an
 * escrow and a box, so that a test can count the notes in the box against the books.
 *
 * The acceptor is a model at class level: it keeps its unacknowledged event and its counter over
 * every crash, as a device does. What a power cut does to it is chosen by the test.
 *
 * rig_point() is the place where the kiosk may die: each call of the acceptor, each word to the
 * listener and each event about to be delivered is one.
 */
#pragma once
#include "support/unit.h"

#include "payment/cash_flow.h"
#include "payment/settle.h"

#define RIG_TXN "K0003-20261123-000001"
#define RIG_SERIAL "5F0021"

struct rig_device {
    struct cash_acceptor acceptor; /* first: the ops cast it back */
    bool ready, has_counters, accepting, told;
    int64_t accepted_fen[CASH_CHANNELS_MAX];
    int accepted_count;
    char serial[DEVICE_SERIAL_SIZE];
    uint32_t stacked, dispensed, rejected, reading;
    int channel_count;
    int64_t channel_value_fen[CASH_CHANNELS_MAX];
    int64_t escrow_fen; /* a note lies in escrow; 0 none */
    int64_t moving_fen; /* on its way into the box */
    struct cash_acceptor_event unacked;
    bool has_unacked;
    int box_count, returned_count;
    int64_t box_fen;
    int enabled, disabled, stack_calls, return_calls, acknowledge_calls;
};

struct rig {
    struct rig_device device;
    struct clock_fake clock;
    struct cash_flow flow;
    struct journal *journal;
    char directory[64], path[80];
    struct cash_flow_event heard[64];
    int heard_count;
    int points, crash_at; /* 0: never */
    jmp_buf crash;
    rlim_t file_limit;     /* kept by rig_fill_disk */
    bool is_full_at_start; /* the disk is full when rig_restart begins the flow */
};

void rig_open(struct rig *rig);
void rig_close(struct rig *rig);
/* The process dies: the journal is opened again and a new flow begins from it. */
void rig_restart(struct rig *rig);
void rig_point(struct rig *rig);

void rig_accept_quote(struct rig *rig, const char *txn, int64_t due_fen);
void rig_begin(struct rig *rig, int64_t due_fen);
/* The same on other terms; their set is the rig's: 1 to 100 yuan. */
void rig_begin_with(struct rig *rig, const struct note_terms *terms);
/* Of a transaction whose quote is accepted. */
void rig_begin_next(struct rig *rig, const char *txn, int64_t due_fen);

/* What the acceptor says. */
void rig_status(struct rig *rig, enum device_state state);
/* The driver reads everything anew, as at the beginning and the end of accepting. */
void rig_inspect(struct rig *rig);
void rig_event(struct rig *rig, const struct cash_acceptor_event *event);
void rig_escrow(struct rig *rig, int64_t value_fen); /* a person puts a note in */
void rig_finish_stacking(struct rig *rig);           /* the note falls into the box and is told */
void rig_finish_return(struct rig *rig, enum cash_reject_reason reason);
void rig_insert(struct rig *rig, int64_t value_fen); /* in, stacked, told */

/* Lets time pass, ticking at every deadline. */
void rig_wait(struct rig *rig, int64_t ms);

/* No write gets through until rig_free_disk: as on a full disk, for this process only. */
void rig_fill_disk(struct rig *rig);
void rig_free_disk(struct rig *rig);

int rig_heard(const struct rig *rig, enum cash_flow_event_kind kind);
int rig_entries(const struct rig *rig, enum journal_kind kind);
/* The text of the last entry of that kind; "" if none. */
const char *rig_last_body(const struct rig *rig, enum journal_kind kind);
int64_t rig_units(const struct rig *rig); /* notes booked as being in the box, unknown ones too */
int64_t rig_balance(const struct rig *rig, enum book_account account);
