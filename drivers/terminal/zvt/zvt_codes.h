/*
 * What ZVT's codes mean for a citizen or for staff (PA00P015 chapters 10 and 11). Pure.
 */
#pragma once
#include "drivers/terminal/terminal.h"
#include <stdbool.h>
#include <stdint.h>

/* Of a result (27, 06 1E, 84 xx) that is not 0. */
enum terminal_reason zvt_reason(uint8_t result);

/* Of the key of an intermediate status. */
enum terminal_step zvt_step(uint8_t key);
/* Whether an unattended device has to show the terminal's own words for it. */
bool zvt_words_are_shown(uint8_t key);

/* What ends the state a status enquiry tells. */
enum zvt_cure {
    ZVT_CURE_NONE,       /* 00: it is ready */
    ZVT_CURE_WAIT,       /* it is busy with itself: ask again */
    ZVT_CURE_INITIALISE, /* 06 93 */
    ZVT_CURE_DIAGNOSE,   /* 06 70 */
    ZVT_CURE_CLOSE_DAY,  /* 06 50: staff, at the end of a day */
    ZVT_CURE_TAKE_CARD,  /* a card is still in it */
    ZVT_CURE_SERVICE,    /* nothing the kiosk can do */
};
enum zvt_cure zvt_cure_of(uint8_t terminal_status);

/* "declined by the bank (05)" …: one short English line of the code, for staff and the log. */
const char *zvt_code_text(uint8_t result);
