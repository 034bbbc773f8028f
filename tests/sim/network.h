/*
 * The wire to the bureau and the bureau behind it: the bureau's own desk over its own books, on a
 * disk of its own. Requests and replies are lost, doubled, cut short, late; the bureau dies in the
 * middle of a batch and comes back.
 */
#pragma once
#include "sim/dice.h"
#include "sync/transport.h"
#include "tools/bureau/store.h"

#define NETWORK_NUMBER_PREFIX "P9"

struct sim_world;

enum exchange_fate {
    EXCHANGE_GOOD,
    EXCHANGE_NO_REQUEST,  /* lost on the way there */
    EXCHANGE_NO_REPLY,    /* done, and lost on the way back */
    EXCHANGE_TWICE,       /* the request arrives twice */
    EXCHANGE_AGAIN_LATER, /* … the second time long after its reply */
    EXCHANGE_TWO_REPLIES,
    EXCHANGE_CUT_REPLY,
    EXCHANGE_RUBBISH,
    EXCHANGE_BUREAU_DIES,
    EXCHANGE_BUREAU_DISK, /* refuses this once */
    EXCHANGE_FATES,
};

struct sim_network {
    struct transport transport; /* first: the ops cast it back */
    struct sim_world *world;
    struct bureau_store bureau;
    bool bureau_runs, is_down;
    bool waits; /* a request is on the wire */
    enum exchange_fate fate;
    char path[96];
    char *body;
    size_t size;
    int64_t due_ms;
    char old_path[96];
    char *old_body;
    size_t old_size;
    int64_t old_due_ms; /* INT64_MAX: none */
    int64_t bureau_back_ms;
    int64_t second_reply_ms;
    char *second_reply;
    int second_status;
    int bureau_steps, bureau_dies_at; /* of its disk */
    int exchanges, faults;
};

void network_init(struct sim_network *network, struct sim_world *world, const char *bureau_path);
void network_deinit(struct sim_network *network);
/* The kiosk died: nobody waits for the reply any more. */
void network_abandon(struct sim_network *network);
int64_t network_next_ms(const struct sim_network *network);
void network_run(struct sim_network *network);
/* A step of the bureau's disk. True: it dies here. */
bool network_bureau_step(struct sim_network *network);
