/*
 * A line in the order in which it is seen, by the Unicode bidirectional algorithm (UAX #9,
 * FriBidi). Used where the language is written from right to left; lines are broken before, in the
 * order in which they are read.
 */
#pragma once

#define TEXT_VISUAL_SIZE 1088 /* a text of the tables with its values */

/* UTF-8 in, UTF-8 out, terminated; marks of direction are left out. Returns the length in bytes, 0
 * if the line is longer than a text may be. The paragraph runs from right to left. */
int text_visual_order(const char *text, int length, char *out, int out_size);
