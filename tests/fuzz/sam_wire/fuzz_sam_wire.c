/* Whatever a reader sends: a frame, and the same bytes as a card's content. */
#include <string.h>

#include "base/check.h"
#include "drivers/id_reader/sam/sam_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct identity_card card;
    struct sam_reply reply;
    size_t length = 0;
    if (size >= SAM_HEADER_SIZE && sam_parse_header(data, &length) == STATUS_OK &&
        length <= size - SAM_HEADER_SIZE &&
        sam_parse_body(data + SAM_HEADER_SIZE, length, &reply) == STATUS_OK) {
        CHECK(reply.size == length - SAM_LENGTH_MIN);
        if (sam_parse_card(reply.data, reply.size, &card) == STATUS_OK)
            CHECK(card.name[0] != '\0' && strlen(card.number) >= 15);
    }
    char serial[SAM_SERIAL_SIZE];
    (void)!sam_format_serial(data, size, serial);
    (void)!sam_parse_card(data, size, &card);
    memset(&card, 0, sizeof card);
    (void)!sam_parse_address(data, size, &card);
    return 0;
}
