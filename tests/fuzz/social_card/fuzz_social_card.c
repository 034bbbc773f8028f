/*
 * A card that answers anything to the commands of a reading: the input is a row of answers, each
 * with its length before it. Also each answer alone as every kind of record.
 */
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "drivers/social_card/social_card_reading.h"

struct hostile_card {
    struct apdu_channel channel;
    const uint8_t *data;
    size_t size;
};

static enum status exchange(struct apdu_channel *channel, const struct apdu *command,
                            struct apdu_answer *out)
{
    struct hostile_card *card = (struct hostile_card *)channel;
    CHECK(command->ins != 0x20); /* the PIN is nobody's business */
    if (card->size == 0)
        return STATUS_NOT_FOUND;
    size_t count = *card->data++;
    card->size--;
    count = count < card->size ? count : card->size;
    enum status status = apdu_parse_answer(card->data, count, out);
    card->data += count;
    card->size -= count;
    return status;
}

static enum status prove(struct card_authority *authority, const struct card_challenge *challenge,
                         struct apdu_channel *sam, uint8_t proof_out[CARD_AUTHORITY_PROOF_SIZE])
{
    (void)authority;
    (void)sam;
    memcpy(proof_out, challenge->randoms, CARD_AUTHORITY_PROOF_SIZE);
    return STATUS_OK;
}

static void check_card(const struct social_card *card)
{
    CHECK(card->generation >= 1 && card->generation <= 3);
    CHECK(card->name[0] != '\0' && text_is_valid_utf8(card->name, strlen(card->name)));
    CHECK(strlen(card->number) == 15 || strlen(card->number) == 18);
    CHECK(card->valid_to >= 0 && card->issued >= 0);
}

static void try_records(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < SOCIAL_CARD_RECORD_COUNT; i++) {
        struct social_card card = { 0 };
        struct social_card_value value;
        uint8_t tag = (uint8_t)SOCIAL_CARD_RECORDS[i].tag;
        if (social_card_parse_record(data, size, tag, &value) != STATUS_OK)
            continue;
        (void)!social_card_take(&card, SOCIAL_CARD_RECORDS[i].tag, &value);
        (void)!social_card_take_name(&card, &value, &value);
        CHECK(text_is_valid_utf8(card.name, strlen(card.name)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_records(data, size);
    struct hostile_card hostile = { .channel = { .exchange = exchange },
                                    .data = data,
                                    .size = size };
    struct card_authority authority = { .prove = prove };
    const struct atr atr = { 0 };
    const struct social_card_source source = { .card = &hostile.channel,
                                               .atr = &atr,
                                               .authority = size % 2 ? &authority : NULL };
    struct social_card card;
    enum social_card_result result;
    if (social_card_read(&source, &card, &result) == STATUS_OK && result == SOCIAL_CARD_READ)
        check_card(&card);
    return 0;
}
