#include "drivers/id_reader/sam/sam_reasons.h"

uint32_t sam_problem_of(enum status status)
{
    switch (status) {
    case STATUS_UNSUPPORTED:
        return DEVICE_PROBLEM_UNSUPPORTED;
    case STATUS_DENIED:
        return DEVICE_PROBLEM_AUTHORISATION;
    case STATUS_CORRUPT:
        return DEVICE_PROBLEM_HARDWARE;
    case STATUS_OK:
    case STATUS_INVALID:
    case STATUS_TIMEOUT:
    case STATUS_DISCONNECTED:
    case STATUS_IO:
    case STATUS_PROTOCOL:
    case STATUS_BUSY:
    case STATUS_FULL:
    case STATUS_NOT_FOUND:
    case STATUS_EXISTS:
    case STATUS_CANCELLED:
        break;
    }
    return DEVICE_PROBLEM_COMMUNICATION;
}

enum id_reader_reason sam_reason_of(enum sam_result result)
{
    if (result == SAM_RESULT_WRONG_CARD)
        return ID_READER_WRONG_CARD;
    return result == SAM_RESULT_CARD_REFUSED ? ID_READER_BAD_CARD : ID_READER_MOVED;
}

bool sam_is_worth_repeating(enum status status)
{
    return status == STATUS_TIMEOUT || status == STATUS_PROTOCOL;
}
