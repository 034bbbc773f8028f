/* Whatever a ZVT terminal sends: the first byte says over which line; then its APDUs as every kind
 * of message. */
#include <string.h>

#include "base/check.h"
#include "drivers/terminal/zvt/zvt_fields.h"
#include "drivers/terminal/zvt/zvt_wire.h"

/* No field may hold a number in full or a control character. */
static void check_fields(const struct zvt_fields *fields)
{
    CHECK(strlen(fields->card) <= 8);
    for (const char *c = fields->text; *c != '\0'; c++)
        CHECK((unsigned char)*c >= 0x20);
    CHECK(fields->amount >= ZVT_NONE && fields->totals_sum >= ZVT_NONE);
}

static void handle_apdu(const struct zvt_apdu *apdu, bool serial)
{
    static struct zvt_decoder again;
    static uint8_t bytes[ZVT_BLOCK_MAX];
    struct zvt_fields fields;
    int number;
    size_t size = serial ? zvt_build_block(apdu, bytes) : zvt_build_apdu(apdu, bytes);
    enum zvt_progress progress = ZVT_MORE;
    zvt_decoder_init(&again, serial);
    for (size_t i = 0; i < size; i++)
        progress = zvt_decoder_feed(&again, bytes[i]);
    CHECK(progress == ZVT_APDU && again.apdu.size == apdu->size);
    CHECK(memcmp(again.apdu.data, apdu->data, apdu->size) == 0);
    if (zvt_parse_fields(apdu->data, apdu->size, &fields) == STATUS_OK)
        check_fields(&fields);
    if (zvt_parse_abort(apdu, &fields) == STATUS_OK)
        check_fields(&fields);
    if (zvt_parse_intermediate(apdu, &number, &fields) == STATUS_OK)
        check_fields(&fields);
    if (zvt_parse_enquiry(apdu, &number) == STATUS_OK)
        CHECK(number >= ZVT_NONE && number <= 255);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct zvt_decoder decoder;
    if (size == 0)
        return 0;
    zvt_decoder_init(&decoder, data[0] % 2 != 0);
    for (size_t i = 1; i < size; i++)
        if (zvt_decoder_feed(&decoder, data[i]) == ZVT_APDU)
            handle_apdu(&decoder.apdu, decoder.serial);
    return 0;
}
