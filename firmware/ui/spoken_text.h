/*
 * A text of the screen as a text for a voice: amounts, dates, times and long numbers in words or
 * digits, signs that only the eye needs left out, everything else as it is.
 *
 * Where the script changes, a mark tells which language's voice goes on: an English voice can read
 * no Chinese and the other way round. Nothing in the result can be taken for a command by a speech
 * program: no control characters, no brackets.
 *
 * Pure; any bytes are accepted.
 */
#pragma once
#include "ui/spoken_numbers.h"

/* One byte before each part: SPOKEN_MARK + language. */
#define SPOKEN_MARK '\x01'

/* Appends the parts of text, of a page in language. */
void spoken_text_put(struct spoken_out *out, int language, const char *text);

/* What was typed on a keypad: digit by digit, however short and however grouped. */
void spoken_text_put_typed(struct spoken_out *out, int language, const char *digits);
