/*
 * State machines as tables: the table is the diagram.
 *
 *   static const struct sm_state STATES[] = {
 *       [CASH_WAIT_NOTE] = { "wait_note", .enter = enter_wait_note, .deadline_ms = 90000 }, …
 *   static const struct sm_arrow ARROWS[] = {  in this state, on this event, if …, do …, go to
 *       { CASH_WAIT_NOTE, EV_NOTE_READ, note_is_wanted, remember_note, CASH_JOURNALING }, …
 *
 * Only the engine writes the state; actions send commands, they never choose the next state. Arrows
 * are tried in order. Every state but the rest state has a deadline; when it passes, the machine
 * gets SM_EVENT_DEADLINE. A (state, event) pair without an arrow goes to the fault state and is
 * logged; ignoring is written as an arrow with .action = sm_ignore and the same state.
 *
 * An action may post to its own machine; such events run after the current one, in order (at most
 * SM_PENDING_MAX waiting, CHECKed). Arguments are passed by pointer and must stay valid until
 * sm_post returns; a post from within an action carries no argument.
 *
 * Threads: the machine's owner only. No allocation.
 */
#pragma once
#include "base/clock.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SM_EVENT_DEADLINE 0 /* each machine's own events start at 1 */
#define SM_ANY (-1)         /* an arrow from every state */
#define SM_STAY (-2)        /* stay, without running enter; the deadline keeps running */
#define SM_PENDING_MAX 8

struct sm_state {
    const char *name;
    void (*enter)(void *context); /* optional */
    int32_t deadline_ms; /* 0 only for the rest state, or when enter calls sm_set_deadline */
};

struct sm_arrow {
    int from;
    int event;
    bool (*guard)(void *context, const void *argument);  /* optional */
    void (*action)(void *context, const void *argument); /* optional */
    int to; /* a state (entering it again if it is the same), or SM_STAY */
};

struct sm_table {
    const char *module; /* log tag */
    const char *name;
    const struct sm_state *states;
    int state_count;
    const struct sm_arrow *arrows;
    size_t arrow_count;
    const char *const *event_names;
    int event_count; /* including SM_EVENT_DEADLINE at 0 */
    int rest_state;
    int fault_state;
};

struct sm {
    const struct sm_table *table;
    const struct clock *clock;
    void *context;
    int state;
    int64_t deadline_at_ms; /* INT64_MAX: none */
    bool running;
    int pending[SM_PENDING_MAX];
    int pending_count;
};

/* Starts in the rest state without running its enter. CHECKs the table: indices, deadlines. */
void sm_init(struct sm *sm, const struct sm_table *table, const struct clock *clock, void *context);

void sm_post(struct sm *sm, int event, const void *argument);

/* Posts SM_EVENT_DEADLINE if the deadline has passed. */
void sm_tick(struct sm *sm);

/* Replaces the deadline of the current state; INT64_MAX for none (only where that is a rule). */
void sm_set_deadline(struct sm *sm, int64_t at_ms);

/* When sm_tick must be called next; INT64_MAX if never. */
int64_t sm_next_deadline_ms(const struct sm *sm);

const char *sm_state_name(const struct sm *sm);

void sm_ignore(void *context, const void *argument);
