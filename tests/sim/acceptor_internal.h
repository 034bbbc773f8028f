/*
 * What the parts of the acceptor share: acceptor.c has the mechanism, acceptor_driver.c the link to
 * the kiosk, acceptor_power.c what is left after a power cut or an exchange.
 */
#pragma once
#include "sim/acceptor.h"

/* acceptor.c */
struct dice *acceptor_dice(struct sim_acceptor *acceptor);
/* In so many milliseconds, by chance up to twice as many. */
int64_t acceptor_later(struct sim_acceptor *acceptor, int64_t ms);
void acceptor_move(struct sim_acceptor *acceptor, enum note_place place, int64_t ms);
void acceptor_fall_into_box(struct sim_acceptor *acceptor);
void acceptor_give_to_citizen(struct sim_acceptor *acceptor);
#define STACKING_MS 900
#define RETURNING_MS 600

/* acceptor_driver.c */
extern const struct cash_acceptor_ops ACCEPTOR_OPS;
bool acceptor_is_reachable(const struct sim_acceptor *acceptor);
void acceptor_push(struct sim_acceptor *acceptor, struct cash_acceptor_event event);
void acceptor_push_status(struct sim_acceptor *acceptor, enum device_state state);
/* About the note that is inside. */
void acceptor_push_note(struct sim_acceptor *acceptor, enum cash_event_kind kind,
                        enum cash_reject_reason reason);
/* What the device tells until it is acknowledged: set, and said (once more). */
void acceptor_demand_answer(struct sim_acceptor *acceptor, enum cash_event_kind kind,
                            int64_t value_fen, bool into_box);
void acceptor_push_unacked(struct sim_acceptor *acceptor, bool repeated);
/* The link is there again: from STARTING on, as after a driver's open; and it is gone. */
void acceptor_begin_anew(struct sim_acceptor *acceptor);
void acceptor_lose_link(struct sim_acceptor *acceptor);
/* The one thing that is due of each kind. */
void acceptor_obey(struct sim_acceptor *acceptor);
void acceptor_deliver(struct sim_acceptor *acceptor);
void acceptor_become_ready(struct sim_acceptor *acceptor);
void acceptor_repeat(struct sim_acceptor *acceptor);
