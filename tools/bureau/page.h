/*
 * The page behind the receipt's QR code: does such a voucher exist, its amount, its state.
 *
 * Whoever holds the paper has both the number and 16 digits of the entry's hash, so numbers cannot
 * be tried out; nothing personal is shown.
 */
#pragma once
#include "tools/bureau/store.h"
#include <stddef.h>

/* Returns the HTTP status; *html_out is malloc'd, NULL when out of memory. n and h may be NULL. */
unsigned page_voucher(struct bureau_store *reader, const char *n, const char *h, char **html_out,
                      size_t *size_out);
