/*
 * What the page of the day's closing may know.
 */
#pragma once
#include "health/service.h"
#include <stdbool.h>

enum close_state {
    CLOSE_WORKING,
    CLOSE_PRINTED,
    CLOSE_COPIED,      /* printed once more; nothing was left to close */
    CLOSE_NOT_PRINTED, /* closed and signed; .printer says why there is no slip */
    CLOSE_MAY_LIE,     /* on paper, whole or not */
    CLOSE_NOT_WRITTEN, /* the ledger or the signing key refused */
    CLOSE_NOTHING,     /* an empty ledger */
    CLOSE_NO_JOURNAL,  /* none in the data folder */
    CLOSE_KIOSK_RUNS,  /* it has the ledger */
    CLOSE_STATES,
};

enum close_intent {
    CLOSE_INTENT_NONE,
    CLOSE_INTENT_FINISH,
    CLOSE_INTENT_LANGUAGE,
};

struct close_view {
    enum close_state state;
    int language;
    int seconds_left;     /* until the page goes by itself; 0: no result yet */
    int number;           /* of the slip, 0: none */
    int copy;             /* 0: the original */
    enum service printer; /* CLOSE_NOT_PRINTED: SERVICE_PAPER_OUT, _PRINTER_COVER, _NO_PRINTER */
};
