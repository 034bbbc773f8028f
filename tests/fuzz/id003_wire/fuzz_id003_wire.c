/* Whatever an ID-003 acceptor sends: a byte stream, and its frames as every kind of answer. */
#include <string.h>

#include "base/check.h"
#include "drivers/cash_acceptor/id003/id003_wire.h"

static void parse_answer(const uint8_t *data, size_t size)
{
    struct id003_currency currency;
    if (id003_parse_currency(data, size, &currency) == STATUS_OK)
        for (int i = 0; i < ID003_DENOMINATIONS_MAX; i++)
            CHECK(currency.value_fen[i] >= 0 && currency.value_fen[i] % 100 == 0);
    for (size_t i = 0; i < size; i++) {
        int channel = id003_channel_of(data[i]);
        CHECK(channel >= 0 && channel <= ID003_DENOMINATIONS_MAX);
        CHECK(id003_reject_reason(data[i]) != CASH_REJECT_NONE);
        CHECK(id003_failure_problem(data[i]) != 0);
    }
}

/* What was accepted must be what its own bytes say. */
static void handle_frame(const struct id003_frame *frame)
{
    uint8_t bytes[ID003_FRAME_MAX];
    struct id003_decoder again;
    size_t size = id003_build_frame(frame, bytes);
    enum id003_progress progress = ID003_MORE;
    id003_decoder_init(&again);
    for (size_t i = 0; i < size; i++)
        progress = id003_decoder_feed(&again, bytes[i]);
    CHECK(progress == ID003_FRAME && again.frame.code == frame->code);
    CHECK(again.frame.size == frame->size);
    CHECK(memcmp(again.frame.data, frame->data, frame->size) == 0);
    parse_answer(frame->data, frame->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct id003_decoder decoder;
    id003_decoder_init(&decoder);
    for (size_t i = 0; i < size; i++)
        if (id003_decoder_feed(&decoder, data[i]) == ID003_FRAME)
            handle_frame(&decoder.frame);
    parse_answer(data, size);
    return 0;
}
