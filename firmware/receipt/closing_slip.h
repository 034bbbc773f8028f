/*
 * The slip of a closing, under the head that all slips share.
 */
#pragma once
#include "receipt/closing.h"
#include "receipt/sheet.h"

/* Requires: facts of the kind RECEIPT_CLOSING. */
void closing_slip_draw(struct sheet *sheet);
