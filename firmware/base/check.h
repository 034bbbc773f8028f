/*
 * CHECK(condition): our own bug, on in release too. Logs module, condition and place and aborts;
 * the supervisor restarts the kiosk and the journal recovers.
 */
#pragma once

_Noreturn void check_failed(const char *condition, const char *file, int line);

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            check_failed(#condition, __FILE__, __LINE__);                                          \
    } while (0)

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
