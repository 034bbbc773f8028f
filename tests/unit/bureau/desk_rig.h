/*
 * The bureau's desk without a network, and a kiosk's chain to send it.
 */
#pragma once
#include <jansson.h>

#include "store/journal.h"
#include "tools/bureau/store.h"

#define KIOSK "000003"
#define TXN "K0003-20261123-000318"
#define VOUCHER "990000000003202611230003192"

struct desk_rig {
    const char *kiosk, *txn; /* whose entries are written */
    int64_t begin_ms;        /* wall time of entry 0; in 1970 if a test says nothing */
    char folder[64], path[96];
    struct bureau_store store;
    json_t *entries; /* a growing chain */
    uint8_t hash[JOURNAL_HASH_SIZE];
    char first_hashes[40][2 * JOURNAL_HASH_SIZE + 1]; /* [seq] */
    json_t *reply;
};

/* cmocka set-up and tear-down: *state is a struct desk_rig. */
int desk_setup(void **state);
int desk_teardown(void **state);

/* From here on the entries are those of another kiosk, from its first one on. */
void become_kiosk(struct desk_rig *rig, const char *kiosk);

/* Adds an entry to the rig's chain, as a kiosk would. */
void write_entry(struct desk_rig *rig, const char *kind, const char *body);
/* Seven sound entries: registered … payment_completed, receipt_state. */
void write_visit(struct desk_rig *rig);

/* All return the HTTP status. */
int send_text(struct desk_rig *rig, const char *text);
int send(struct desk_rig *rig, size_t first, size_t last); /* entries first…last of the chain */
/* Writes one entry, sends it, and returns why it was refused; "" if it was booked. */
const char *try_entry(struct desk_rig *rig, const char *kind, const char *body);
int lease(struct desk_rig *rig, const char *kiosk, const char *request, int count);

int64_t reply_int(const struct desk_rig *rig, const char *member);
const char *reply_text(const struct desk_rig *rig, const char *member);
const char *rejection_of(const struct desk_rig *rig, int64_t seq);

char *ledger_text(struct desk_rig *rig);
/* Is it said in the ledger's JSON (compact, members sorted)? */
bool ledger_says(struct desk_rig *rig, const char *text);
