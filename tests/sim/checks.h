/*
 * What must hold after every step of a world, each as a function with a name. README.md says for
 * each what it protects and which seeded defects prove that it can fail.
 */
#pragma once
#include "sim/world.h"

/* Before a step, and after it: is there a reason why a note may have to be booked as unknown? */
void checks_find_causes(struct sim_world *world);
/* After a step. The first that fails ends the world. */
void checks_run(struct sim_world *world);

/* After everything has come to rest: what may differ for a moment may not differ now. */
void checks_at_rest(struct sim_world *world);

/* At the moment itself, before anything irreversible is done. */
void checks_before_stack(struct sim_world *world);
void checks_before_acknowledge(struct sim_world *world);
void checks_before_print(struct sim_world *world, const struct paper_out *paper, const char *code);

/* After a start: what was committed is still there. */
void checks_after_start(struct sim_world *world);
