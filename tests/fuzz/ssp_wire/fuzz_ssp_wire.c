/* Whatever an acceptor sends: a byte stream, and its frames as every kind of answer. */
#include <string.h>

#include "base/check.h"
#include "drivers/cash_acceptor/ssp/ssp_crypto.h"
#include "drivers/cash_acceptor/ssp/ssp_wire.h"

static void parse_answer(const uint8_t *data, size_t size)
{
    struct ssp_setup setup;
    struct cash_counters counters;
    struct ssp_events events;
    if (ssp_parse_setup(data, size, "CNY", &setup) == STATUS_OK)
        CHECK(setup.channel_count >= 0 && setup.channel_count <= CASH_CHANNELS_MAX);
    (void)!ssp_parse_counters(data, size, &counters);
    if (ssp_parse_events(data, size, &events) == STATUS_OK)
        CHECK(events.count <= SSP_EVENTS_MAX);
}

static void handle_frame(const struct ssp_frame *frame)
{
    /* What was accepted must be what its own bytes say. */
    uint8_t bytes[SSP_FRAME_MAX], opened[SSP_DATA_MAX];
    struct ssp_decoder again;
    size_t size = ssp_build_frame(frame, bytes), opened_size = 0;
    enum ssp_progress progress = SSP_MORE;
    ssp_decoder_init(&again);
    for (size_t i = 0; i < size; i++)
        progress = ssp_decoder_feed(&again, bytes[i]);
    CHECK(progress == SSP_FRAME && again.frame.size == frame->size);
    CHECK(memcmp(again.frame.data, frame->data, frame->size) == 0);

    struct ssp_crypto crypto;
    ssp_crypto_set_key(&crypto, SSP_FIXED_KEY, 0x6595);
    (void)!ssp_crypto_open(&crypto, frame, opened, &opened_size);
    parse_answer(frame->data, frame->size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ssp_decoder decoder;
    ssp_decoder_init(&decoder);
    for (size_t i = 0; i < size; i++)
        if (ssp_decoder_feed(&decoder, data[i]) == SSP_FRAME)
            handle_frame(&decoder.frame);
    parse_answer(data, size);
    return 0;
}
