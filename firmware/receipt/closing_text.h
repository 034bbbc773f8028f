/*
 * The day's root as the closing slip prints it: what a person reads aloud or types to compare the
 * paper in the safe with the bureau's books. Chinese with English beside it, one fact a line.
 */
#pragma once
#include "base/status.h"
#include "store/journal_root.h"
#include <stddef.h>

#define CLOSING_TEXT_SIZE 768
#define CLOSING_KEY_BYTES 8 /* of the key: how root.pub begins, which tells keys apart */

/* Lines ended by \n. Hash and signature stand in groups of four digits, so that an eye keeps its
 * place. STATUS_FULL if it does not fit. */
NODISCARD enum status closing_text_compose(const struct journal_root *root, char *out, size_t size);
