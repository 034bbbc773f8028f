/*
 * What waits for people, at the kiosk (guichetctl) and at the bureau in the same words: the items
 * of payment/doubtful.h as JSON and as text.
 */
#pragma once
#include <jansson.h>
#include <stdio.h>

#include "payment/doubtful.h"
#include "tools/bureau/store.h"

/* Appends the items of one kiosk that have this code (NULL: all) to a JSON list. */
void doubtful_report_add(json_t *list, const char *kiosk, const struct doubtful *items,
                         const char *code);

/* All kiosks' items. The caller's snapshot, if any, holds. */
NODISCARD enum status doubtful_report_build(struct bureau_store *reader, const char *code,
                                            json_t **list_out);

/* Each with what is known and what to do in both languages, and the sum of the open ones. kiosk:
 * only its own; NULL: all. */
void doubtful_report_print(FILE *out, const json_t *list, const char *kiosk);

/* Every entry of the visits that the items are of. */
NODISCARD enum status doubtful_report_print_visits(FILE *out, struct bureau_store *reader,
                                                   const json_t *list);
