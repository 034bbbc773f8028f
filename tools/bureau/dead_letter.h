/*
 * What staff reads about an entry the bureau could not book.
 */
#pragma once
#include <jansson.h>
#include <stdio.h>

/* One plain sentence: what it is and what to do. Any word gets an answer. */
const char *dead_letter_remedy(const char *reason);

/* One line each, of one kiosk or of all (NULL). ledger is ledger_build's. */
void dead_letter_print_all(FILE *out, const json_t *ledger, const char *kiosk);
