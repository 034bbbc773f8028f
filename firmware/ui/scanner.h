/*
 * A code scanner that types what it reads, as a keyboard does, and ends with Enter. What it types
 * is told apart from a person's keys by its speed: nobody types twenty letters at sixteen a second.
 *
 * The first letters cannot be told apart and count as keys; whoever takes the line replaces what
 * they did.
 *
 * Units: ms of any clock that does not jump. No allocation, no SDL.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define SCANNER_LINE_MAX 1024 /* a longer one is thrown away whole */

struct scanner {
    char line[SCANNER_LINE_MAX + 1];
    int length;
    bool is_too_long;
    int64_t first_ms, last_ms;
};

/* Somebody or something typed text; what is no printable ASCII ends the line. */
void scanner_put(struct scanner *scanner, const char *text, int64_t now_ms);

/* A scanner is at it: the key that comes now means nothing by itself. */
bool scanner_is_typing(const struct scanner *scanner, int64_t now_ms);

/* Enter was pressed. The line if a scanner typed it, else NULL; valid until the next call. */
const char *scanner_end(struct scanner *scanner, int64_t now_ms);
