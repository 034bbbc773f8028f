/* T=1 from the card's side (ISO/IEC 7816-3, 11), with LRC. */
#include "base/check.h"
#include "tools/simulator/contact_card.h"
#include <string.h>

#define PIECE_MAX 20 /* short pieces, so that long records come in chains */

static uint8_t lrc(const uint8_t *data, size_t size)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum ^= data[i];
    return sum;
}

static size_t send_block(struct contact_card *card, uint8_t pcb, const uint8_t *inf, size_t size,
                         uint8_t *out)
{
    out[0] = 0;
    out[1] = pcb;
    out[2] = (uint8_t)size;
    if (size > 0)
        memcpy(out + 3, inf, size);
    out[3 + size] = lrc(out, 3 + size);
    memcpy(card->last, out, 4 + size);
    card->last_size = 4 + size;
    bool is_data = (pcb & 0x80) == 0;
    if (card->spoils_next && is_data) {
        card->spoils_next = false;
        out[3 + size] ^= 0x55;
    }
    return 4 + size;
}

static size_t send_receipt(struct contact_card *card, uint8_t error, uint8_t *out)
{
    return send_block(card, (uint8_t)(0x80 | (card->wants_number ? 0x10 : 0) | error), NULL, 0,
                      out);
}

static size_t send_piece(struct contact_card *card, uint8_t *out)
{
    size_t left = card->answer_size - card->answer_offset;
    size_t room = card->ifsd < PIECE_MAX ? card->ifsd : PIECE_MAX;
    card->piece = left < room ? left : room;
    uint8_t pcb = (uint8_t)((card->sends_number ? 0x40 : 0) | (card->piece < left ? 0x20 : 0));
    return send_block(card, pcb, card->answer + card->answer_offset, card->piece, out);
}

static void note_receipt(struct contact_card *card)
{
    if (card->piece == 0)
        return;
    card->answer_offset += card->piece;
    card->piece = 0;
    card->sends_number = !card->sends_number;
}

static size_t take_data(struct contact_card *card, const uint8_t *block, uint8_t *out)
{
    bool number = (block[1] & 0x40) != 0, has_more = (block[1] & 0x20) != 0;
    size_t size = block[2];
    if (number != card->wants_number || size > sizeof card->command - card->command_size)
        return send_receipt(card, 2, out);
    note_receipt(card); /* a new command says that the last answer arrived */
    card->wants_number = !card->wants_number;
    memcpy(card->command + card->command_size, block + 3, size);
    card->command_size += size;
    if (has_more)
        return send_receipt(card, 0, out);
    card->answer_size =
        contact_card_take_apdu(card, card->command, card->command_size, card->answer);
    card->answer_offset = 0;
    card->command_size = 0;
    static const uint8_t TIMES = 2;
    if (card->waits_next) {
        card->waits_next = false;
        return send_block(card, 0xC3, &TIMES, 1, out);
    }
    return send_piece(card, out);
}

static size_t repeat(const struct contact_card *card, uint8_t *out)
{
    memcpy(out, card->last, card->last_size);
    return card->last_size;
}

static size_t take_receipt(struct contact_card *card, uint8_t pcb, uint8_t *out)
{
    bool number = (pcb & 0x10) != 0;
    if (card->piece == 0 || number == card->sends_number)
        return card->last_size > 0 ? repeat(card, out) : send_receipt(card, 0, out);
    if (card->answer_offset + card->piece == card->answer_size) {
        card->errors++; /* a receipt for the last piece: there is nothing to say */
        return send_receipt(card, 2, out);
    }
    note_receipt(card);
    return send_piece(card, out);
}

static size_t take_supervision(struct contact_card *card, const uint8_t *block, uint8_t *out)
{
    switch (block[1]) {
    case 0xC0: /* resynchronise */
        card->wants_number = card->sends_number = false;
        card->command_size = card->answer_size = card->answer_offset = card->piece = 0;
        return send_block(card, 0xE0, NULL, 0, out);
    case 0xC1:
        card->ifsd = block[3];
        return send_block(card, 0xE1, block + 3, 1, out);
    case 0xE3: /* the time it asked for */
        return send_piece(card, out);
    }
    card->errors++;
    return send_receipt(card, 2, out);
}

size_t contact_card_take_block(struct contact_card *card, const uint8_t *data, size_t size,
                               uint8_t out[CONTACT_CARD_BLOCK_MAX])
{
    if (size < 4 || size != 4u + data[2] || lrc(data, size) != 0) {
        card->errors++;
        return send_receipt(card, 1, out);
    }
    if ((data[1] & 0x80) == 0)
        return take_data(card, data, out);
    if ((data[1] & 0x40) == 0)
        return take_receipt(card, data[1], out);
    return take_supervision(card, data, out);
}
