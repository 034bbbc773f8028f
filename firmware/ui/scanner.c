#include "ui/scanner.h"

#include <stddef.h>

/* Scanners send a letter each 1 to 20 ms; painting what the first one did may hold up the second.
 */
#define PAUSE_MS 200
#define BURST_MS 35
#define BURST_LETTERS 2
#define LETTER_MS_MAX 60 /* on the average; the fastest typists need 100 */
#define LETTERS_MIN 20   /* a receipt's number has 27 digits */

static void begin(struct scanner *scanner)
{
    scanner->length = 0;
    scanner->is_too_long = false;
}

static void add(struct scanner *scanner, char letter)
{
    if (scanner->length == SCANNER_LINE_MAX)
        scanner->is_too_long = true;
    else
        scanner->line[scanner->length++] = letter;
}

void scanner_put(struct scanner *scanner, const char *text, int64_t now_ms)
{
    if (now_ms - scanner->last_ms > PAUSE_MS)
        begin(scanner);
    if (scanner->length == 0)
        scanner->first_ms = now_ms;
    scanner->last_ms = now_ms;
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~')
            begin(scanner);
        else
            add(scanner, *text);
    }
}

bool scanner_is_typing(const struct scanner *scanner, int64_t now_ms)
{
    return scanner->length >= BURST_LETTERS && now_ms - scanner->last_ms <= BURST_MS;
}

const char *scanner_end(struct scanner *scanner, int64_t now_ms)
{
    const int64_t took_ms = scanner->last_ms - scanner->first_ms;
    const bool is_line = scanner->length >= LETTERS_MIN && !scanner->is_too_long &&
                         now_ms - scanner->last_ms <= PAUSE_MS &&
                         took_ms <= (int64_t)LETTER_MS_MAX * scanner->length;
    scanner->line[is_line ? scanner->length : 0] = '\0';
    begin(scanner);
    return is_line ? scanner->line : NULL;
}
