/*
 * The postings of an entry: "post":[["cash_box","citizen",10000],…], debit, credit, fen.
 */
#pragma once
#include "tools/bureau/entry.h"

struct posting {
    const char *debit, *credit;
    int64_t amount_fen;
};

size_t postings_count(const struct bureau_entry *entry);
struct posting postings_at(const struct bureau_entry *entry, size_t index);

/* Known accounts, amounts that can be. */
bool postings_are_sound(const struct bureau_entry *entry);
/* None that the entry's kind does not move money by. Requires: postings_are_sound. */
bool postings_are_allowed(const struct bureau_entry *entry);
/* What the entry moves from debit to credit. */
int64_t postings_sum_fen(const struct bureau_entry *entry, enum book_account debit,
                         enum book_account credit);
