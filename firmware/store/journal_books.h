/*
 * The rules of the books, whoever keeps them: which money an entry of a kind may move, and what
 * must hold after every entry. Shared with the bureau.
 */
#pragma once
#include "store/journal.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* May an entry of this kind move money from debit to credit? All three are names as entries spell
 * them. */
bool journal_books_allow(const char *kind, const char *debit, const char *credit);

struct journal_books {
    int64_t balance_fen[BOOK_ACCOUNTS]; /* positive on the account's own side */
};

/*
 * Adds what an entry moves. NULL if the books are sound after it, else what is wrong in a few
 * words:
 *   - a posting that is none, or that entries of its kind must not make;
 *   - a note whose value, posting and place in the box are not one sum;
 *   - an account that would have less than nothing.
 */
const char *journal_books_add(struct journal_books *books, const char *kind, const json_t *body);
