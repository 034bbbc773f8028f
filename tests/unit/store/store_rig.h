/*
 * A journal in a folder of its own, on a clock that moves only when told.
 */
#pragma once
#include "base/clock.h"
#include "store/journal.h"
#include <limits.h>

#define RIG_WALL_MS INT64_C(1795399267000)
#define RIG_TXN "K0003-20261123-000318"

struct store_rig {
    char folder[64];
    char path[96];
    struct clock_fake clock;
    struct journal *journal;
};

/* cmocka set-up and tear-down: *state is a struct store_rig with an open journal. */
int rig_setup(void **state);
int rig_teardown(void **state);

void rig_reopen(struct store_rig *rig);

enum status rig_append(struct store_rig *rig, enum journal_kind kind, const char *txn,
                       const char *body);
void rig_lease(struct store_rig *rig, const char *lease, int first, int count);
enum status rig_register(struct store_rig *rig, const char *person, const char *account);
void rig_accept_quote(struct store_rig *rig, const char *txn, int64_t due_fen);
enum status rig_escrow(struct store_rig *rig, const char *txn, int64_t value_fen);
enum status rig_credit(struct store_rig *rig, const char *txn, int64_t value_fen);
/* One whole visit: two leased numbers, registration, quote, two notes, completion with surplus. */
void rig_play_visit(struct store_rig *rig);

/* Runs SQL on the file behind the journal's back. */
void rig_tamper(struct store_rig *rig, const char *sql);
