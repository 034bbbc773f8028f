#include "drivers/iso7816/apdu.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

#define INS_GET_RESPONSE 0xC0
#define FETCHES_MAX 16 /* an answer in pieces of 16 bytes; a card that has ever more is broken */

enum {
    SW1_MORE = 0x61,
    SW1_WRONG_LENGTH = 0x6C
};

size_t apdu_encode(const struct apdu *command, enum apdu_form form,
                   uint8_t out[APDU_COMMAND_SIZE_MAX])
{
    CHECK(command->size <= APDU_DATA_SIZE_MAX && command->le >= APDU_NO_LE && command->le <= 255);
    const uint8_t header[] = { command->cla, command->ins, command->p1, command->p2 };
    bool is_bare = form == APDU_FORM_TPDU;
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, APDU_COMMAND_SIZE_MAX);
    bytes_write_all(&writer, header, sizeof header);
    if (command->size > 0) {
        bytes_write_u8(&writer, (uint8_t)command->size);
        bytes_write_all(&writer, command->data, command->size);
    }
    if (command->le != APDU_NO_LE && (command->size == 0 || !is_bare))
        bytes_write_u8(&writer, (uint8_t)command->le);
    else if (command->size == 0 && is_bare)
        bytes_write_u8(&writer, 0);
    CHECK(!writer.bad);
    return writer.offset;
}

enum status apdu_parse_answer(const uint8_t *data, size_t size, struct apdu_answer *out)
{
    if (size < 2 || size > APDU_ANSWER_SIZE_MAX)
        return STATUS_PROTOCOL;
    out->size = size - 2;
    memcpy(out->data, data, out->size);
    out->sw = (uint16_t)(data[size - 2] << 8 | data[size - 1]);
    return STATUS_OK;
}

static enum status exchange_once(struct card_link *link, enum apdu_form form,
                                 const struct apdu *command, struct apdu_answer *out)
{
    uint8_t sent[APDU_COMMAND_SIZE_MAX], got[APDU_ANSWER_SIZE_MAX];
    size_t sent_size = apdu_encode(command, form, sent), got_size = 0;
    enum status status = link->transmit(link, sent, sent_size, got, sizeof got, &got_size);
    if (status == STATUS_OK)
        status = apdu_parse_answer(got, got_size, out);
    bytes_wipe(got, sizeof got);
    return status;
}

static bool append(struct apdu_answer *answer, const struct apdu_answer *piece)
{
    if (piece->size > sizeof answer->data - answer->size)
        return false;
    memcpy(answer->data + answer->size, piece->data, piece->size);
    answer->size += piece->size;
    answer->sw = piece->sw;
    return true;
}

/* The same command, once, with the length the card names. */
static enum status exchange_exact(struct card_link *link, enum apdu_form form,
                                  const struct apdu *command, struct apdu_answer *out)
{
    enum status status = exchange_once(link, form, command, out);
    if (status != STATUS_OK || out->sw >> 8 != SW1_WRONG_LENGTH || command->le == APDU_NO_LE)
        return status;
    struct apdu again = *command;
    again.le = out->sw & 0xFF;
    return exchange_once(link, form, &again, out);
}

enum status apdu_exchange(struct card_link *link, enum apdu_form form, const struct apdu *command,
                          struct apdu_answer *out)
{
    enum status status = exchange_exact(link, form, command, out);
    struct apdu_answer piece;
    for (int i = 0; status == STATUS_OK && out->sw >> 8 == SW1_MORE; i++) {
        const struct apdu fetch = { .ins = INS_GET_RESPONSE, .le = out->sw & 0xFF };
        status = i < FETCHES_MAX ? exchange_exact(link, form, &fetch, &piece) : STATUS_PROTOCOL;
        if (status == STATUS_OK && !append(out, &piece))
            status = STATUS_PROTOCOL;
    }
    bytes_wipe(&piece, sizeof piece);
    return status;
}
