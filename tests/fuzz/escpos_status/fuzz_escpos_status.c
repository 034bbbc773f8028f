/* Whatever a printer sends: its status bytes and its device ID. */
#include <string.h>

#include "base/check.h"
#include "drivers/printer/escpos/escpos_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct escpos_parser parser;
    char value[16];
    escpos_parser_init(&parser);
    for (size_t i = 0; i < size; i++) {
        if (!escpos_parser_feed(&parser, data[i]))
            continue;
        CHECK(parser.item.size >= 1 && parser.item.size <= ESCPOS_BLOCK_MAX);
        if (parser.item.kind == ESCPOS_ITEM_ASB)
            (void)escpos_asb_problems(parser.item.bytes);
        (void)escpos_is_process_id(&parser.item, (const uint8_t *)"A000");
        (void)escpos_is_clear_reply(&parser.item);
    }
    (void)escpos_device_id_value(data, size, "MDL,MODEL", value, sizeof value);
    CHECK(strlen(value) < sizeof value);
    return 0;
}
