#include "drivers/iso7816/atr.h"

#include <string.h>

#include "base/bytes.h"

enum {
    CONVENTION_DIRECT = 0x3B,
    CONVENTION_INVERSE = 0x3F
};

/* The high half of T0 and of each TD says which of TA TB TC TD follow. */
enum {
    HAS_TA = 0x10,
    HAS_TB = 0x20,
    HAS_TC = 0x40,
    HAS_TD = 0x80
};

enum {
    SPEED_DEFAULT = 0x11,         /* Fi 372, Di 1 */
    WAITING_DEFAULT = 10,         /* WI */
    IFSC_DEFAULT = 32,            /* 11.4.2 */
    BLOCK_WAITING_DEFAULT = 0x4D, /* 11.4.3 */
    TA2_BY_ITSELF = 0x10          /* bit 5: the card's own values, not TA1 */
};

#define GROUPS_MAX 8 /* more than 32 bytes of ATR hold */

/* What the interface bytes left to know while reading them. */
struct groups {
    int number;        /* 1: TA1 TB1 TC1 TD1 */
    int protocol;      /* of the TD before this group; -1 in the first */
    bool any_protocol; /* a TD was there */
    bool seen_t1;      /* the first group for T=1 alone counts */
    bool needs_check;  /* a protocol other than T=0 was named: TCK follows the history */
};

static void take_ta(struct atr *atr, const struct groups *groups, uint8_t value)
{
    if (groups->number == 1) {
        atr->speed = value;
    } else if (groups->number == 2) {
        atr->is_specific = true;
        atr->speed_applies = (value & TA2_BY_ITSELF) == 0;
        atr->protocol = (value & 0x0F) == 1 ? CARD_PROTOCOL_T1 : CARD_PROTOCOL_T0;
    } else if (groups->protocol == 1 && !groups->seen_t1 && value != 0 && value != 0xFF) {
        atr->ifsc = value;
    }
}

static void take_tb(struct atr *atr, const struct groups *groups, uint8_t value)
{
    if (groups->number > 2 && groups->protocol == 1 && !groups->seen_t1)
        atr->block_waiting = value;
}

static void take_tc(struct atr *atr, const struct groups *groups, uint8_t value)
{
    if (groups->number == 1)
        atr->guard = value;
    else if (groups->number == 2 && value != 0)
        atr->waiting = value;
    else if (groups->number > 2 && groups->protocol == 1 && !groups->seen_t1)
        atr->crc = (value & 1) != 0;
}

static void take_td(struct atr *atr, struct groups *groups, uint8_t value)
{
    int protocol = value & 0x0F;
    if (groups->number > 2 && groups->protocol == 1)
        groups->seen_t1 = true;
    if (protocol <= 1 && !groups->any_protocol && !atr->is_specific)
        atr->protocol = (enum card_protocol)protocol;
    if (protocol <= 1) {
        atr->offers[protocol] = true;
        groups->any_protocol = true;
    }
    groups->needs_check |= protocol != 0;
    groups->protocol = protocol;
}

/* Returns how many historical bytes T0 announces. */
static size_t take_groups(struct atr *atr, struct bytes_reader *reader, struct groups *groups)
{
    uint8_t follows = bytes_read_u8(reader);
    size_t history_size = follows & 0x0F;
    while ((follows & 0xF0) != 0 && !reader->bad && groups->number <= GROUPS_MAX) {
        if (follows & HAS_TA)
            take_ta(atr, groups, bytes_read_u8(reader));
        if (follows & HAS_TB)
            take_tb(atr, groups, bytes_read_u8(reader));
        if (follows & HAS_TC)
            take_tc(atr, groups, bytes_read_u8(reader));
        uint8_t next = follows & HAS_TD ? bytes_read_u8(reader) : 0;
        if (follows & HAS_TD)
            take_td(atr, groups, next);
        follows = next;
        groups->number++;
    }
    return history_size;
}

/* TCK makes the XOR of everything from T0 on zero (8.2.5). */
static bool check_agrees(const uint8_t *data, size_t end)
{
    uint8_t sum = 0;
    for (size_t i = 1; i < end; i++)
        sum ^= data[i];
    return sum == 0;
}

enum status atr_parse(const uint8_t *data, size_t size, struct atr *out)
{
    *out = (struct atr){ .speed = SPEED_DEFAULT,
                         .waiting = WAITING_DEFAULT,
                         .ifsc = IFSC_DEFAULT,
                         .block_waiting = BLOCK_WAITING_DEFAULT };
    struct bytes_reader reader;
    bytes_reader_init(&reader, data, size < ATR_SIZE_MAX ? size : ATR_SIZE_MAX);
    uint8_t convention = bytes_read_u8(&reader);
    if (convention != CONVENTION_DIRECT && convention != CONVENTION_INVERSE)
        return STATUS_PROTOCOL;
    out->inverse = convention == CONVENTION_INVERSE;
    struct groups groups = { .number = 1, .protocol = -1 };
    out->history_size = take_groups(out, &reader, &groups);
    const uint8_t *history = bytes_read_view(&reader, out->history_size);
    if (groups.needs_check)
        bytes_read_u8(&reader);
    if (reader.bad || (groups.needs_check && !check_agrees(data, reader.offset)))
        return STATUS_PROTOCOL;
    memcpy(out->history, history, out->history_size);
    if (!groups.any_protocol && groups.needs_check)
        return STATUS_UNSUPPORTED;
    if (!groups.any_protocol)
        out->offers[CARD_PROTOCOL_T0] = true;
    return out->offers[out->protocol] ? STATUS_OK : STATUS_UNSUPPORTED;
}
