#include "drivers/iso7816/t1.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"

#define PROLOGUE_SIZE 3 /* NAD PCB LEN */
#define EDC_SIZE_MAX 2

/* PCB (11.3.2.2). */
enum {
    PCB_I_NUMBER = 0x40,
    PCB_I_MORE = 0x20,
    PCB_R = 0x80,
    PCB_R_NUMBER = 0x10,
    PCB_R_EDC_ERROR = 0x01,
    PCB_R_OTHER_ERROR = 0x02,
    PCB_S = 0xC0,
    PCB_S_RESYNCH = 0xC0,
    PCB_S_IFS = 0xC1,
    PCB_S_ABORT = 0xC2,
    PCB_S_WAIT = 0xC3,
    PCB_S_ANSWER = 0x20,
};

enum block_kind {
    BLOCK_I,
    BLOCK_R,
    BLOCK_S
};

struct block {
    uint8_t pcb;
    size_t size;
    uint8_t inf[T1_INF_SIZE_MAX];
};

/* One command on its way: what is left of it, what has come back. */
struct conversation {
    const uint8_t *out;
    size_t out_size, out_offset;
    size_t piece; /* size of our I-block under way, 0 while the card sends */
    uint8_t *in;
    size_t in_size, in_count;
    struct block next; /* what we send now */
    int failures;      /* in a row */
    bool resynched;    /* once a command */
    bool done;
};

static enum block_kind kind_of(uint8_t pcb)
{
    if ((pcb & 0x80) == 0)
        return BLOCK_I;
    return (pcb & 0x40) == 0 ? BLOCK_R : BLOCK_S;
}

/* ---- bytes ---- */

static uint8_t xor_of(const uint8_t *data, size_t size)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum ^= data[i];
    return sum;
}

/* ISO/IEC 13239's polynomial from FFFF, not inverted at the end and high byte first, as the hosts
 * in the field compute it; no card of ours asks for it. */
static uint16_t crc_of(const uint8_t *data, size_t size)
{
    uint16_t crc = 0xFFFF;
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0x8408 : crc >> 1);
    }
    return crc;
}

static size_t encode_block(const struct t1 *t1, const struct block *block,
                           uint8_t out[T1_BLOCK_SIZE_MAX])
{
    struct bytes_writer writer;
    bytes_writer_init(&writer, out, T1_BLOCK_SIZE_MAX);
    bytes_write_u8(&writer, 0); /* NAD: one host, one card */
    bytes_write_u8(&writer, block->pcb);
    bytes_write_u8(&writer, (uint8_t)block->size);
    bytes_write_all(&writer, block->inf, block->size);
    if (t1->crc)
        bytes_write_u16be(&writer, crc_of(out, writer.offset));
    else
        bytes_write_u8(&writer, xor_of(out, writer.offset));
    CHECK(!writer.bad);
    return writer.offset;
}

/* STATUS_PROTOCOL: the length or the check bytes are wrong; STATUS_INVALID: no block of T=1. */
static enum status parse_block(const struct t1 *t1, const uint8_t *data, size_t size,
                               struct block *out)
{
    size_t edc = t1->crc ? 2 : 1;
    if (size < PROLOGUE_SIZE + edc || data[2] > T1_INF_SIZE_MAX ||
        size != PROLOGUE_SIZE + edc + data[2])
        return STATUS_PROTOCOL;
    size_t end = size - edc;
    bool agrees = t1->crc ? crc_of(data, end) == (data[end] << 8 | data[end + 1])
                          : xor_of(data, end) == data[end];
    if (!agrees)
        return STATUS_PROTOCOL;
    *out = (struct block){ .pcb = data[1], .size = data[2] };
    memcpy(out->inf, data + PROLOGUE_SIZE, out->size);
    return kind_of(out->pcb) == BLOCK_R && out->size != 0 ? STATUS_INVALID : STATUS_OK;
}

/* Returns as struct card_link, or STATUS_INVALID as parse_block(). */
static enum status exchange_block(struct t1 *t1, const struct block *out, struct block *in)
{
    uint8_t sent[T1_BLOCK_SIZE_MAX], got[T1_BLOCK_SIZE_MAX];
    size_t sent_size = encode_block(t1, out, sent), got_size = 0;
    enum status status =
        t1->blocks->transmit(t1->blocks, sent, sent_size, got, sizeof got, &got_size);
    t1->blocks->waiting_factor = 0;
    if (status == STATUS_OK)
        status = parse_block(t1, got, got_size, in);
    bytes_wipe(sent, sizeof sent);
    bytes_wipe(got, sizeof got);
    return status;
}

static bool is_spoilt(enum status status)
{
    return status == STATUS_TIMEOUT || status == STATUS_PROTOCOL || status == STATUS_INVALID;
}

/* ---- what is sent next ---- */

static void send_piece(struct t1 *t1, struct conversation *talk)
{
    size_t left = talk->out_size - talk->out_offset;
    talk->piece = left < t1->ifsc ? left : t1->ifsc;
    talk->next = (struct block){ .size = talk->piece };
    talk->next.pcb =
        (uint8_t)((t1->send_number ? PCB_I_NUMBER : 0) | (talk->piece < left ? PCB_I_MORE : 0));
    memcpy(talk->next.inf, talk->out + talk->out_offset, talk->piece);
}

static void send_receipt(const struct t1 *t1, struct conversation *talk, uint8_t error)
{
    uint8_t number = t1->receive_number ? PCB_R_NUMBER : 0;
    talk->next = (struct block){ .pcb = (uint8_t)(PCB_R | number | error) };
}

static void send_supervision(struct conversation *talk, uint8_t pcb, const uint8_t *inf,
                             size_t size)
{
    talk->next = (struct block){ .pcb = pcb, .size = size };
    memcpy(talk->next.inf, inf, size);
}

static void begin(struct t1 *t1, struct conversation *talk)
{
    bytes_wipe(talk->in, talk->in_count);
    talk->in_count = 0;
    talk->out_offset = 0;
    send_piece(t1, talk);
}

/* ---- what has come ---- */

static enum status take_data(struct t1 *t1, struct conversation *talk, const struct block *in)
{
    bool number = (in->pcb & PCB_I_NUMBER) != 0;
    bool is_last_piece = talk->out_offset + talk->piece == talk->out_size;
    if (number != (t1->receive_number != 0) || (talk->piece > 0 && !is_last_piece))
        return STATUS_INVALID;
    if (in->size > talk->in_size - talk->in_count)
        return STATUS_FULL;
    if (talk->piece > 0) { /* an answer says that the whole question arrived */
        t1->send_number ^= 1;
        talk->piece = 0;
        talk->out_offset = talk->out_size;
    }
    memcpy(talk->in + talk->in_count, in->inf, in->size);
    talk->in_count += in->size;
    t1->receive_number ^= 1;
    talk->done = (in->pcb & PCB_I_MORE) == 0;
    if (!talk->done)
        send_receipt(t1, talk, 0);
    return STATUS_OK;
}

static enum status take_receipt(struct t1 *t1, struct conversation *talk, const struct block *in)
{
    bool number = (in->pcb & PCB_R_NUMBER) != 0;
    bool is_next = number != (t1->send_number != 0);
    bool has_more = talk->out_offset + talk->piece < talk->out_size;
    if (talk->piece > 0 && is_next && has_more) {
        talk->out_offset += talk->piece;
        t1->send_number ^= 1;
        send_piece(t1, talk);
        return STATUS_OK;
    }
    /* It did not understand our last I-block, or our last R-block while it sends. */
    talk->failures++;
    if (talk->piece > 0 && !is_next)
        send_piece(t1, talk);
    else
        send_receipt(t1, talk, 0);
    return STATUS_OK;
}

static enum status take_supervision(struct t1 *t1, struct conversation *talk,
                                    const struct block *in)
{
    switch (in->pcb) {
    case PCB_S_WAIT:
        if (in->size != 1)
            return STATUS_INVALID;
        t1->blocks->waiting_factor = in->inf[0];
        send_supervision(talk, PCB_S_WAIT | PCB_S_ANSWER, in->inf, in->size);
        return STATUS_OK;
    case PCB_S_IFS:
        if (in->size != 1 || in->inf[0] == 0 || in->inf[0] > T1_INF_SIZE_MAX)
            return STATUS_INVALID;
        t1->ifsc = in->inf[0] < t1->block_room ? in->inf[0] : t1->block_room;
        send_supervision(talk, PCB_S_IFS | PCB_S_ANSWER, in->inf, in->size);
        return STATUS_OK;
    case PCB_S_ABORT: /* the card gives up its chain; nothing it sent is worth keeping */
        return STATUS_FULL;
    }
    return STATUS_INVALID;
}

static enum status take_block(struct t1 *t1, struct conversation *talk, const struct block *in)
{
    switch (kind_of(in->pcb)) {
    case BLOCK_I:
        return take_data(t1, talk, in);
    case BLOCK_R:
        return take_receipt(t1, talk, in);
    case BLOCK_S:
        return take_supervision(t1, talk, in);
    }
    return STATUS_INVALID;
}

/* ---- errors ---- */

/* 11.6.3.2: both numbers begin anew, and so does the command. */
static enum status resynchronise(struct t1 *t1, struct conversation *talk)
{
    const struct block request = { .pcb = PCB_S_RESYNCH };
    struct block in;
    enum status status = STATUS_PROTOCOL;
    for (int i = 0; i < T1_TRIES && is_spoilt(status); i++) {
        status = exchange_block(t1, &request, &in);
        if (status == STATUS_OK && in.pcb != (PCB_S_RESYNCH | PCB_S_ANSWER))
            status = STATUS_PROTOCOL;
    }
    if (status != STATUS_OK)
        return status == STATUS_INVALID ? STATUS_PROTOCOL : status;
    t1->send_number = t1->receive_number = 0;
    talk->resynched = true;
    talk->failures = 0;
    begin(t1, talk);
    return STATUS_OK;
}

static enum status on_spoilt(struct t1 *t1, struct conversation *talk, enum status why)
{
    if (++talk->failures < T1_TRIES) {
        /* Rule 7.1: the receipt names the block we wait for. */
        send_receipt(t1, talk, why == STATUS_PROTOCOL ? PCB_R_EDC_ERROR : PCB_R_OTHER_ERROR);
        return STATUS_OK;
    }
    if (!talk->resynched)
        return resynchronise(t1, talk);
    return why == STATUS_TIMEOUT ? STATUS_TIMEOUT : STATUS_PROTOCOL;
}

static enum status step(struct t1 *t1, struct conversation *talk)
{
    struct block in;
    int failures = talk->failures;
    enum status status = exchange_block(t1, &talk->next, &in);
    if (status == STATUS_OK)
        status = take_block(t1, talk, &in);
    bytes_wipe(&in, sizeof in);
    if (is_spoilt(status))
        return on_spoilt(t1, talk, status);
    if (status != STATUS_OK)
        return status == STATUS_FULL ? STATUS_PROTOCOL : status;
    if (talk->failures == failures)
        talk->failures = 0;
    else if (talk->failures >= T1_TRIES)
        return talk->resynched ? STATUS_PROTOCOL : resynchronise(t1, talk);
    return STATUS_OK;
}

static enum status transmit(struct card_link *link, const uint8_t *out, size_t size, uint8_t *in,
                            size_t in_size, size_t *got_out)
{
    struct t1 *t1 = (struct t1 *)link;
    struct conversation talk = { .out = out, .out_size = size, .in = in, .in_size = in_size };
    begin(t1, &talk);
    enum status status = STATUS_OK;
    for (int i = 0; status == STATUS_OK && !talk.done; i++)
        status = i < T1_BLOCKS_MAX ? step(t1, &talk) : STATUS_PROTOCOL;
    *got_out = status == STATUS_OK ? talk.in_count : 0;
    bytes_wipe(&talk.next, sizeof talk.next);
    return status;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

void t1_init(struct t1 *t1, struct card_link *blocks, const struct atr *atr, size_t block_room)
{
    CHECK(atr->offers[CARD_PROTOCOL_T1] && block_room >= 32);
    size_t room = block_room - PROLOGUE_SIZE - EDC_SIZE_MAX;
    *t1 = (struct t1){ .link = { .transmit = transmit },
                       .blocks = blocks,
                       .ifsc = smaller(smaller(atr->ifsc, room), T1_INF_SIZE_MAX),
                       .block_room = room,
                       .crc = atr->crc };
}

enum status t1_offer_block_size(struct t1 *t1, size_t size)
{
    const uint8_t inf = (uint8_t)smaller(size, smaller(t1->block_room, T1_INF_SIZE_MAX));
    const struct block offer = { .pcb = PCB_S_IFS, .size = 1, .inf = { inf } };
    struct block in;
    enum status status = STATUS_PROTOCOL;
    for (int i = 0; i < T1_TRIES && is_spoilt(status); i++) {
        status = exchange_block(t1, &offer, &in);
        if (status == STATUS_OK &&
            (in.pcb != (PCB_S_IFS | PCB_S_ANSWER) || in.size != 1 || in.inf[0] != inf))
            status = STATUS_PROTOCOL;
    }
    return is_spoilt(status) ? STATUS_OK : status;
}
