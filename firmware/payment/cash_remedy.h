/*
 * What staff does about what the cash side could not settle by itself: one table, for guichetctl,
 * for the bureau and for the kiosk's own maintenance pages.
 *
 * An entry that needs somebody has a word of its own (of note_unknown the "why"); README.md says
 * for each whether cash is offered meanwhile.
 */
#pragma once
#include <jansson.h>

struct cash_remedy {
    const char *word; /* fixed; "counter_ahead" */
    const char *zh;   /* what it is, and what to do, for staff */
    const char *en;
};

/* What to do about an entry of this kind (journal_kind_name) with this body; NULL: nothing. A word
 * that this program does not know gets an answer all the same. */
const struct cash_remedy *cash_remedy_of(const char *kind, const json_t *body);
