/*
 * Every parser of a bureau's reply on the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "sync/sync_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sync_ack ack;
    struct sync_point point;
    struct sync_lease lease;
    const char *body = (const char *)data;
    if (sync_wire_parse_ack(body, size, &ack) == STATUS_OK) {
        CHECK(ack.rejected_count <= SYNC_BATCH_ENTRIES && ack.point.seq >= 0);
        for (int i = 0; i < ack.rejected_count; i++)
            CHECK(ack.rejected[i].seq >= 1 && ack.rejected[i].seq <= ack.point.seq &&
                  strpbrk(ack.rejected[i].reason, "\"\\\n") == NULL);
    }
    if (sync_wire_parse_point(body, size, &point) == STATUS_OK)
        CHECK(point.seq >= 0);
    if (sync_wire_parse_lease(body, size, &lease) == STATUS_OK)
        CHECK(lease.first >= 0 && lease.count >= 1 && strpbrk(lease.prefix, "\"\\\n") == NULL);
    int revision;
    if (sync_wire_parse_policies(body, size, "310000", &revision) == STATUS_OK)
        CHECK(revision >= 0 && revision <= SYNC_POLICY_REVISION_MAX);
    struct sync_policy policy;
    if (sync_wire_parse_policy(body, size, &policy) == STATUS_OK) {
        CHECK(policy.revision >= 1 && strlen(policy.text) == policy.size &&
              strlen(policy.signatures) == policy.signatures_size);
        sync_wire_free_policy(&policy);
    }
    return 0;
}
