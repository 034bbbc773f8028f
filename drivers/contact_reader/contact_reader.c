#include "drivers/contact_reader/contact_reader.h"

const char *contact_reader_reason_name(enum contact_reader_reason reason)
{
    switch (reason) {
    case CONTACT_READER_PULLED:
        return "pulled";
    case CONTACT_READER_MUTE:
        return "mute";
    case CONTACT_READER_OTHER:
        return "other";
    case CONTACT_READER_LOCKED:
        return "locked";
    case CONTACT_READER_NO_AUTHORITY:
        return "no_authority";
    case CONTACT_READER_UNPROVED:
        return "unproved";
    case CONTACT_READER_GARBLED:
        return "garbled";
    }
    return "invalid";
}
