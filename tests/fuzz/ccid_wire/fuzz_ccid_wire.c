/* Whatever a reader sends: a descriptor, an answer's header, a row of notices. */
#include "base/check.h"
#include "drivers/contact_reader/ccid/ccid_wire.h"

static void try_notices(const uint8_t *data, size_t size)
{
    int slot_count = size > 0 ? data[0] % CCID_SLOTS_MAX + 1 : 1;
    struct ccid_notice notice;
    for (size_t used; size > 0; data += used, size -= used) {
        used = ccid_parse_notice(data, size, slot_count, &notice);
        CHECK(used <= size && notice.slots < 1u << CCID_SLOTS_MAX);
        CHECK(used > 0 || notice.kind == CCID_NOTICE_NONE);
        if (used == 0)
            return;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ccid_descriptor descriptor;
    struct ccid_reply reply;
    if (ccid_parse_descriptor(data, size, &descriptor) == STATUS_OK)
        CHECK(descriptor.data_size_max <= CCID_DATA_SIZE_MAX &&
              descriptor.slot_count <= CCID_SLOTS_MAX);
    if (size >= CCID_HEADER_SIZE && ccid_parse_reply(data, &reply) == STATUS_OK)
        CHECK(reply.size <= CCID_DATA_SIZE_MAX);
    try_notices(data, size);
    return 0;
}
