/*
 * Worlds with small limits: a site that takes few denominations, that takes little in one visit, in
 * one day, into one box or while the bureau is away, or whose policy gives no surplus. And the
 * invariant limits_hold: what the kiosk told to stack was within what it knew when the payment
 * began.
 *
 * What has come in is added up here from the entries (books.h), not taken from the projections that
 * the kiosk asks. Terms hold from the beginning of a payment to its end, as in the product.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct sim_world;

struct sim_limits {
    bool gives_no_surplus; /* the policy's word */
    bool was_paying;
    int64_t sum_fen_max, notes_max; /* of the payment under way, as it began; INT64_MAX: none */
    int64_t answered_wall_ms;       /* the latest at which the bureau was heard */
};

/* A quarter of the seeds; none of those in seeds.txt that are older than these worlds. */
bool limits_are_small(uint64_t seed);

/* Draws this world's settings and its policy's rule; plenty of everything if the plan says so. */
void limits_make(struct sim_world *world);

/* One of the notes that are taken here, mostly one that is not too large. */
int64_t limits_choose_note(struct sim_world *world, int64_t missing_fen);

/* The bureau has answered. */
void limits_hear_bureau(struct sim_world *world);
/* After each step: may the payment that has just begun begin, and how far may it go? */
void limits_follow(struct sim_world *world);
/* At the moment of stack(). */
void limits_check_stack(struct sim_world *world);
/* After new entries. */
void limits_check_closings(struct sim_world *world);
