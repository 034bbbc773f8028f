/*
 * How a person stands with the bureau before he is registered: what its register of persons says,
 * and which account he has.
 *
 * The register holds marks, not persons: a tag (person.h) and a word, told by whoever keeps the
 * bureau's records (`guichet-bureau person`). Words that refuse are those of
 * registration/refusal.h; "former" names the account of somebody who was registered once.
 */
#pragma once
#include "registration/precheck.h"
#include "tools/bureau/person.h"
#include "tools/bureau/store.h"
#include <jansson.h>
#include <stdio.h>

#define STANDING_FORMER "former"

/* insurances: array of codes (AAE140); a mark about another one does not count. With a bureau that
 * has no key nobody can be known: PRECHECK_NEW. Never PRECHECK_NOT_KNOWN. */
NODISCARD enum status standing_find(struct bureau_store *store, const char *tag,
                                    const json_t *insurances, struct precheck *out);

/*
 * Takes marks, one a line: "NUMBER MARK [DETAIL]", "NUMBER -MARK" takes one back, # begins a
 * comment. All lines or none; what is wrong is told on errors, by line and without the number.
 *
 * Requires: store->person_key. Returns: STATUS_OK, STATUS_INVALID a line is no mark, or the
 * store's errors. *count_out: lines that were marks.
 */
NODISCARD enum status standing_import(struct bureau_store *store, FILE *in, const char *by,
                                      int64_t now_ms, FILE *errors, int *count_out);

/* Who is marked, as tag, mark, detail, time, name; one a line. */
NODISCARD enum status standing_list(struct bureau_store *reader, FILE *out);
