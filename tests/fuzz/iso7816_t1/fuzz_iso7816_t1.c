/*
 * A card that answers anything: the input is a row of answers, each with its length before it. The
 * first byte says whether the check bytes are put right, so that a fuzzer gets past them.
 */
#include <string.h>

#include "base/check.h"
#include "drivers/iso7816/t1.h"

struct hostile_link {
    struct card_link link;
    const uint8_t *data;
    size_t size;
    bool is_mended;
};

static enum status transmit(struct card_link *link, const uint8_t *out, size_t size, uint8_t *in,
                            size_t in_size, size_t *got_out)
{
    struct hostile_link *hostile = (struct hostile_link *)link;
    CHECK(size >= 4 && size <= T1_BLOCK_SIZE_MAX && out[2] == size - 4);
    if (hostile->size == 0)
        return STATUS_NOT_FOUND;
    size_t count = *hostile->data++;
    hostile->size--;
    if (count == 0)
        return STATUS_TIMEOUT;
    count = count < hostile->size ? count : hostile->size;
    count = count < in_size ? count : in_size;
    memcpy(in, hostile->data, count);
    hostile->data += count;
    hostile->size -= count;
    for (size_t i = 0; hostile->is_mended && i < count; i++)
        in[count - 1] = i == 0 ? 0 : in[count - 1] ^ in[i - 1];
    *got_out = count;
    return STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct hostile_link hostile = { .link = { .transmit = transmit },
                                    .data = data + 2,
                                    .size = size - 2,
                                    .is_mended = (data[0] & 1) != 0 };
    const struct atr atr = { .offers = { false, true }, .ifsc = data[1] > 0 ? data[1] : 1 };
    static const uint8_t DATA[] = "a command of some length";
    const struct apdu command = { .ins = 0xA4, .data = DATA, .size = sizeof DATA, .le = 0 };
    struct apdu_answer answer = { 0 };
    struct t1 t1;
    t1_init(&t1, &hostile.link, &atr, T1_BLOCK_SIZE_MAX);
    if (t1_offer_block_size(&t1, 254) != STATUS_OK)
        return 0;
    while (apdu_exchange(&t1.link, APDU_FORM_WHOLE, &command, &answer) == STATUS_OK)
        CHECK(answer.size <= sizeof answer.data);
    return 0;
}
