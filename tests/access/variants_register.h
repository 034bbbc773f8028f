/*
 * The views of the registration pages; entries of the table in variants.c.
 */
#pragma once
#include "registration/refusal.h"
#include "session/session_view.h"

enum variant_register {
    REGISTER_TYPICAL = 0,
    REGISTER_COMPLETE = 1, /* every material is there, the field is full */
    REGISTER_FULL = 2,     /* all there is room for */
    REGISTER_DATE = 4,     /* the second page of the certificate */
    REGISTER_WRONG = 8,    /* what was typed will not do */
    REGISTER_AGAIN = 16,
    REGISTER_BEFORE = 32,
    REGISTER_OFFLINE = 64,
    REGISTER_UNSIGNED = 128,
};
void variant_register(struct session_view *view, int flags);

/* A refusal, by whom, and what came of its print. */
#define VARIANT_REFUSAL(refusal, by) ((refusal) << 8 | (by) << 4)
enum variant_refusal {
    VARIANT_IS_PRINTING = 1,
    VARIANT_IS_PRINTED = 2,
    VARIANT_IS_UNPRINTED = 3,
};
void variant_refusal(struct session_view *view, int argument);
