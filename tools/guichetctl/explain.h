/*
 * What two of the three sides (a kiosk's journal, the bureau's books, the acceptor's counters) have
 * differently, in sentences. Each prints what it finds and returns how many differences need
 * somebody; entries that are merely on their way are told and not counted.
 */
#pragma once
#include "store/journal.h"
#include "tools/bureau/store.h"
#include <jansson.h>

int explain_journal_and_bureau(struct journal *journal, struct bureau_store *bureau);

/*
 * device: {"acceptor":"191C4104","stacked":1012,"box":{"100":3,"50":1}}, each member optional:
 * serial number, lifetime counter, and the notes counted in the box, by yuan.
 */
/* NULL: the file is as above. Else what is wrong with it. */
const char *explain_check_device(const json_t *device);
int explain_journal_and_device(struct journal *journal, const json_t *device);
int explain_bureau_and_device(struct bureau_store *bureau, const json_t *device);
int explain_two_journals(struct journal *a, struct journal *b);

/* What the journal leaves for people (doubtful_report.h), with this code or (NULL) all. The list is
 * the caller's, also after an error. */
NODISCARD enum status explain_list_doubtful(struct journal *journal, const char *code,
                                            json_t **list_out);
