/* Whatever stands for an answer to reset, and the same bytes as nested TLV. */
#include "base/check.h"
#include "drivers/iso7816/atr.h"
#include "drivers/iso7816/tlv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct atr atr;
    if (atr_parse(data, size, &atr) == STATUS_OK) {
        CHECK(atr.offers[atr.protocol]);
        CHECK(atr.history_size <= ATR_HISTORY_MAX && atr.ifsc > 0);
    }
    struct tlv tlv;
    size_t used = 0;
    if (tlv_parse(data, size, &tlv, &used))
        CHECK(used <= size && tlv.value + tlv.size == data + used);
    if (size >= 2 && tlv_find(data, size, (uint16_t)(data[0] << 8 | data[1]), &tlv))
        CHECK(tlv.value >= data && tlv.value + tlv.size <= data + size);
    return 0;
}
