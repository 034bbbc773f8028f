/*
 * The body of an entry: the draft's object with the postings and the boxed note added.
 */
#pragma once
#include "store/journal.h"
#include <jansson.h>

/* Writes the text that is hashed, stored and sent to out (JOURNAL_BODY_SIZE_MAX + 1 bytes), and the
 * same parsed (json_decref it). STATUS_INVALID: no object, too long, or carries "post" or "box". */
NODISCARD enum status journal_compose(const struct journal_draft *draft, char *out,
                                      json_t **parsed_out);
