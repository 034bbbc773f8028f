#include "drivers/terminal/zvt/zvt_codes.h"

#include <stddef.h>

#include "base/check.h"

struct row {
    uint8_t code;
    enum terminal_reason reason;
    const char *text;
};

/* 01 to 63 come from the bank's host as they are; those its network names alike are told apart. */
static const struct row RESULTS[] = {
    { 0x00, TERMINAL_REASON_NONE, "ok" },
    { 0x04, TERMINAL_REASON_CARD, "bank: card is to be kept" },
    { 0x05, TERMINAL_REASON_DECLINED, "bank: declined" },
    { 0x33, TERMINAL_REASON_EXPIRED, "bank: card expired" },
    { 0x51, TERMINAL_REASON_BALANCE, "bank: not enough on the card" },
    { 0x54, TERMINAL_REASON_EXPIRED, "bank: card expired" },
    { 0x55, TERMINAL_REASON_PIN, "bank: wrong PIN" },
    { 0x61, TERMINAL_REASON_BALANCE, "bank: over a limit" },
    { 0x62, TERMINAL_REASON_CARD, "bank: card restricted" },
    { 0x64, TERMINAL_REASON_CARD, "card not readable" },
    { 0x65, TERMINAL_REASON_CARD, "no data on the card" },
    { 0x66, TERMINAL_REASON_FAULT, "processing error" },
    { 0x67, TERMINAL_REASON_CARD, "not allowed for this card" },
    { 0x68, TERMINAL_REASON_CARD, "not allowed for this card" },
    { 0x6A, TERMINAL_REASON_NEEDS_DAY, "turnover file is full" },
    { 0x6B, TERMINAL_REASON_NOT_READY, "not registered" },
    { 0x6C, TERMINAL_REASON_CANCELLED, "aborted, or nobody did anything in time" },
    { 0x6E, TERMINAL_REASON_CARD, "card is on the blocked list" },
    { 0x6F, TERMINAL_REASON_FAULT, "another currency" },
    { 0x71, TERMINAL_REASON_BALANCE, "credit too low" },
    { 0x72, TERMINAL_REASON_CARD, "chip error" },
    { 0x73, TERMINAL_REASON_CARD, "card data wrong" },
    { 0x74, TERMINAL_REASON_FAULT, "key counter is at its end" },
    { 0x75, TERMINAL_REASON_FAULT, "text is not authentic" },
    { 0x76, TERMINAL_REASON_CARD, "card is not on the list" },
    { 0x77, TERMINAL_REASON_NOT_READY, "end of day not possible" },
    { 0x78, TERMINAL_REASON_EXPIRED, "card expired" },
    { 0x79, TERMINAL_REASON_CARD, "card not valid yet" },
    { 0x7A, TERMINAL_REASON_CARD, "card unknown" },
    { 0x7B, TERMINAL_REASON_CARD, "no other way to read the card" },
    { 0x7C, TERMINAL_REASON_CARD, "no other way to read the card" },
    { 0x7D, TERMINAL_REASON_NO_BANK, "communication error" },
    { 0x7E, TERMINAL_REASON_CARD, "no other way to read the card" },
    { 0x83, TERMINAL_REASON_FAULT, "function not possible" },
    { 0x85, TERMINAL_REASON_FAULT, "key missing" },
    { 0x89, TERMINAL_REASON_FAULT, "PIN pad defect" },
    { 0x9A, TERMINAL_REASON_FAULT, "protocol error" },
    { 0x9B, TERMINAL_REASON_NO_BANK, "error on the line to the bank" },
    { 0x9C, TERMINAL_REASON_NOT_READY, "please wait" },
    { 0xA0, TERMINAL_REASON_NOT_READY, "receiver not ready" },
    { 0xA1, TERMINAL_REASON_NO_BANK, "bank does not answer" },
    { 0xA3, TERMINAL_REASON_NO_BANK, "no connection to the bank" },
    { 0xA4, TERMINAL_REASON_NO_BANK, "no connection to the bank" },
    { 0xA5, TERMINAL_REASON_NO_BANK, "no connection to the bank" },
    { 0xB1, TERMINAL_REASON_NEEDS_DAY, "memory is full" },
    { 0xB2, TERMINAL_REASON_NEEDS_DAY, "journal is full" },
    { 0xB4, TERMINAL_REASON_REVERSED, "already reversed" },
    { 0xB5, TERMINAL_REASON_IRREVERSIBLE, "reversal not possible" },
    { 0xB7, TERMINAL_REASON_IRREVERSIBLE, "amount or pre-authorisation wrong" },
    { 0xB8, TERMINAL_REASON_IRREVERSIBLE, "no such pre-authorisation" },
    { 0xBF, TERMINAL_REASON_FAULT, "voltage too low" },
    { 0xC0, TERMINAL_REASON_FAULT, "card lock defect" },
    { 0xC1, TERMINAL_REASON_FAULT, "merchant card locked" },
    { 0xC2, TERMINAL_REASON_NOT_READY, "diagnosis needed" },
    { 0xC3, TERMINAL_REASON_BALANCE, "over the terminal's greatest sum" },
    { 0xC4, TERMINAL_REASON_NOT_READY, "card profile is to be loaded" },
    { 0xC5, TERMINAL_REASON_CARD, "payment method not supported" },
    { 0xC6, TERMINAL_REASON_FAULT, "currency not usable" },
    { 0xC8, TERMINAL_REASON_CARD, "sum too small for this card" },
    { 0xC9, TERMINAL_REASON_CARD, "sum too small for this card" },
    { 0xCC, TERMINAL_REASON_FAULT, "printer not ready" },
    { 0xCD, TERMINAL_REASON_CARD, "function not possible for this card" },
    { 0xDC, TERMINAL_REASON_NOT_READY, "a card is inside" },
    { 0xDD, TERMINAL_REASON_FAULT, "card motor" },
    { 0xDE, TERMINAL_REASON_FAULT, "card motor" },
    { 0xDF, TERMINAL_REASON_FAULT, "out of order" },
    { 0xE0, TERMINAL_REASON_NOT_READY, "remote maintenance" },
    { 0xE1, TERMINAL_REASON_NOT_READY, "card is not fully taken out" },
    { 0xE2, TERMINAL_REASON_FAULT, "card reader defect" },
    { 0xE3, TERMINAL_REASON_FAULT, "shutter defect" },
    { 0xE4, TERMINAL_REASON_NOT_READY, "activation needed" },
    { 0xF0, TERMINAL_REASON_NEEDS_DAY, "an end of day is open" },
    { 0xFA, TERMINAL_REASON_NOT_READY, "offline payments are being sent" },
    { 0xFC, TERMINAL_REASON_FAULT, "a part of the terminal is missing" },
    { 0xFF, TERMINAL_REASON_FAULT, "system error" },
};

static const struct row *row_of(uint8_t code)
{
    for (size_t i = 0; i < sizeof RESULTS / sizeof RESULTS[0]; i++)
        if (RESULTS[i].code == code)
            return &RESULTS[i];
    return NULL;
}

enum terminal_reason zvt_reason(uint8_t result)
{
    const struct row *row = row_of(result);
    if (row != NULL)
        return row->reason;
    return result <= 0x63 ? TERMINAL_REASON_DECLINED : TERMINAL_REASON_FAULT;
}

const char *zvt_code_text(uint8_t result)
{
    const struct row *row = row_of(result);
    if (row != NULL)
        return row->text;
    return result <= 0x63 ? "bank: declined" : "error of the terminal";
}

/* ---- intermediate status ---- */

/* 41 to 5D are 01 to 1D with "remove the card" added. */
static uint8_t without_card_removal(uint8_t key)
{
    return key >= 0x41 && key <= 0x5D ? (uint8_t)(key - 0x40) : key;
}

enum terminal_step zvt_step(uint8_t key)
{
    uint8_t plain = without_card_removal(key);
    switch (plain) {
    case 0x00:
    case 0x01:
    case 0x02:
    case 0x11:
        return TERMINAL_STEP_LOOK_AT_PAD;
    case 0x0A:
        return TERMINAL_STEP_INSERT_CARD;
    case 0x04:
    case 0x06:
        return plain == key ? TERMINAL_STEP_ASKING_BANK : TERMINAL_STEP_REMOVE_CARD;
    case 0x05:
        return TERMINAL_STEP_UNDOING;
    case 0x0B:
        return TERMINAL_STEP_REMOVE_CARD;
    case 0x0C:
    case 0x15:
        return TERMINAL_STEP_TRY_AGAIN;
    case 0x1B:
    case 0x1C:
        return TERMINAL_STEP_APPROVED;
    case 0x03:
    case 0x07:
    case 0x08:
    case 0x09:
    case 0x0D:
    case 0x10:
    case 0x12:
    case 0x13:
    case 0x14:
    case 0x16:
    case 0x18:
    case 0x19:
    case 0x1D:
        return TERMINAL_STEP_DECLINED;
    default:
        return plain == key ? TERMINAL_STEP_WAIT : TERMINAL_STEP_REMOVE_CARD;
    }
}

bool zvt_words_are_shown(uint8_t key)
{
    uint8_t plain = without_card_removal(key);
    return key == 0xFF || (plain >= 0x01 && plain <= 0x03) || (plain >= 0x07 && plain <= 0x0A) ||
           (plain >= 0x0C && plain <= 0x0E) || plain == 0x10 || (plain >= 0x12 && plain <= 0x15) ||
           (plain >= 0x17 && plain <= 0x19) || (plain >= 0x1B && plain <= 0x1D);
}

/* ---- status enquiry ---- */

enum zvt_cure zvt_cure_of(uint8_t terminal_status)
{
    switch (terminal_status) {
    case 0x00:
        return ZVT_CURE_NONE;
    case 0x9C:
    case 0xE0:
        return ZVT_CURE_WAIT;
    case 0x51:
        return ZVT_CURE_INITIALISE;
    case 0x62:
    case 0xC1:
    case 0xC2:
        return ZVT_CURE_DIAGNOSE;
    case 0xB1:
    case 0xB2:
    case 0xF0:
        return ZVT_CURE_CLOSE_DAY;
    case 0xDC:
    case 0xE1:
        return ZVT_CURE_TAKE_CARD;
    default:
        return ZVT_CURE_SERVICE;
    }
}
