/*
 * The page behind the code on a slip: is it genuine, what was taken, is it credited?
 *
 * A signed statement (store/statement.h) is checked with the kiosk's key and set beside the books.
 * The older link has the number and 16 digits of the entry's hash, which only the books can answer;
 * a kiosk without a key still prints it. Whoever holds the paper has either, so numbers cannot be
 * tried out; what is shown of a person is the masked ID that stands on the paper.
 */
#pragma once
#include "tools/bureau/store.h"
#include <stddef.h>

/* Both return the HTTP status; *html_out is malloc'd, NULL when out of memory. Texts may be NULL.
 *
 * 200 the signature holds and the books do not contradict it (credited or not yet); 400 no
 * statement; 404 no such kiosk or no key of it; 409 the books say something else; 422 it is not
 * what the kiosk signed; 500. */
unsigned page_statement(struct bureau_store *reader, const char *text, char **html_out,
                        size_t *size_out);
/* 200 booked, 400 no such link, 404 not found, 500. */
unsigned page_voucher(struct bureau_store *reader, const char *n, const char *h, char **html_out,
                      size_t *size_out);
