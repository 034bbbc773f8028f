/*
 * What the contract suites share: a main loop to wait on, and the simulator's control socket.
 *
 * A suite runs inside the virtual hardware: guichet-sim run --socket S --headless --fast --out DIR
 * -- SUITE. The simulator puts the socket's path into GUICHET_SIM_SOCKET.
 */
#pragma once
#include "base/queue.h"
#include <stdbool.h>
#include <stddef.h>

#define RIG_PATIENCE_MS                                                                            \
    40000 /* twice the longest a driver may sleep; only a failing test waits so */

struct rig {
    struct queue queue;
    pthread_mutex_t lock;
    pthread_cond_t posted;
    bool woken; /* guarded by lock */
};

void rig_init(struct rig *rig);
void rig_deinit(struct rig *rig);

/* Runs the main loop until done(context), at most RIG_PATIENCE_MS. False if it did not happen. */
bool rig_run_until(struct rig *rig, bool (*done)(void *context), void *context);

/* Runs the main loop for so long; for what must not happen. */
void rig_run_for(struct rig *rig, int ms);

/* Sends a command to the simulator; fails the test if it is refused. The answer lives until the
 * next call. */
const char *rig_sim(const char *format, ...) __attribute__((format(printf, 1, 2)));
