/*
 * WIRE.md in C: batches out, replies in. Replies are bytes from outside: every number, text and
 * list has a bound, and a reply that breaks one is STATUS_PROTOCOL as a whole.
 */
#pragma once
#include "store/journal.h"
#include "sync/sync.h"
#include <stddef.h>
#include <stdint.h>

#define SYNC_REASON_SIZE 48
#define SYNC_PREFIX_SIZE 17
#define SYNC_LEASE_ID_SIZE 40
#define SYNC_LEASE_COUNT 200
#define SYNC_LEASE_COUNT_MAX 100000
#define SYNC_POLICY_REVISION_MAX 999999

struct sync_point {
    int64_t seq;
    uint8_t hash[JOURNAL_HASH_SIZE];
};

struct sync_rejection {
    int64_t seq;
    char reason[SYNC_REASON_SIZE]; /* a to z, 0 to 9, _ */
};

struct sync_ack {
    struct sync_point point;
    int rejected_count;
    struct sync_rejection rejected[SYNC_BATCH_ENTRIES];
};

struct sync_lease {
    char lease[SYNC_LEASE_ID_SIZE];
    char prefix[SYNC_PREFIX_SIZE];
    int64_t first, count;
};

/*
 * The entries from first_seq on, as many as fit, as a request body (malloc'd).
 *
 * Requires: first_seq <= journal_last_seq.
 * Returns:  STATUS_OK, STATUS_FULL (memory), or the journal's errors.
 */
NODISCARD enum status sync_wire_build_batch(struct journal *journal, int64_t first_seq,
                                            char **request_out, size_t *size_out,
                                            int64_t *last_seq_out);

/* STATUS_OK or STATUS_PROTOCOL. */
NODISCARD enum status sync_wire_parse_ack(const char *body, size_t size, struct sync_ack *out);
NODISCARD enum status sync_wire_parse_point(const char *body, size_t size, struct sync_point *out);
NODISCARD enum status sync_wire_parse_lease(const char *body, size_t size, struct sync_lease *out);

/* The revision offered for a region in the answer to a poll; 0 none. STATUS_OK or STATUS_PROTOCOL.
 */
NODISCARD enum status sync_wire_parse_policies(const char *body, size_t size, const char *region,
                                               int *revision_out);
/* STATUS_OK; out is then for sync_wire_free_policy. STATUS_PROTOCOL. */
NODISCARD enum status sync_wire_parse_policy(const char *body, size_t size,
                                             struct sync_policy *out);
void sync_wire_free_policy(struct sync_policy *policy);
