#include "drivers/terminal/terminal.h"

#include <stddef.h>

#include "base/check.h"

const char *terminal_outcome_name(enum terminal_outcome outcome)
{
    static const char *const NAMES[] = {
        [TERMINAL_UNKNOWN] = "unknown",
        [TERMINAL_CHARGED] = "charged",
        [TERMINAL_NOT_CHARGED] = "not_charged",
    };
    CHECK((size_t)outcome < sizeof NAMES / sizeof NAMES[0]);
    return NAMES[outcome];
}

const char *terminal_reason_name(enum terminal_reason reason)
{
    static const char *const NAMES[TERMINAL_REASONS] = {
        [TERMINAL_REASON_NONE] = "none",
        [TERMINAL_REASON_DECLINED] = "declined",
        [TERMINAL_REASON_CARD] = "card",
        [TERMINAL_REASON_EXPIRED] = "expired",
        [TERMINAL_REASON_PIN] = "pin",
        [TERMINAL_REASON_BALANCE] = "balance",
        [TERMINAL_REASON_CANCELLED] = "cancelled",
        [TERMINAL_REASON_REFUSED] = "refused",
        [TERMINAL_REASON_NO_BANK] = "no_bank",
        [TERMINAL_REASON_NOT_READY] = "not_ready",
        [TERMINAL_REASON_NEEDS_DAY] = "needs_day",
        [TERMINAL_REASON_FAULT] = "fault",
        [TERMINAL_REASON_REVERSED] = "reversed",
        [TERMINAL_REASON_IRREVERSIBLE] = "irreversible",
    };
    CHECK(reason < TERMINAL_REASONS);
    return NAMES[reason];
}
