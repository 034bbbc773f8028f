/*
 * The head of a speech program's output, whole and as it grows: more bytes never take back an
 * answer.
 */
#include "ui/wav.h"

#include "base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wav_head head, before;
    enum wav_result last = WAV_MORE;
    for (size_t part = 0; part <= size && part <= WAV_HEAD_SIZE_MAX; part++) {
        const enum wav_result result = wav_parse_head(data, part, &head);
        CHECK(last != WAV_OK || (result == WAV_OK && head.size == before.size &&
                                 head.rate == before.rate && head.length == before.length));
        CHECK(last != WAV_BAD || result == WAV_BAD);
        CHECK(result != WAV_MORE || part < WAV_HEAD_SIZE_MAX);
        if (result == WAV_OK)
            CHECK(head.size <= part && head.rate >= 8000 && head.rate <= 48000);
        last = result;
        before = head;
    }
    return 0;
}
