#include "tools/bureau/postings.h"

#include <string.h>

#include "base/money.h"
#include "store/journal_books.h"

static bool account_is_known(const char *name)
{
    for (int i = 0; name && i < BOOK_ACCOUNTS; i++)
        if (strcmp(name, book_account_name((enum book_account)i)) == 0)
            return true;
    return false;
}

struct posting postings_at(const struct bureau_entry *entry, size_t index)
{
    const json_t *triple = json_array_get(json_object_get(entry->content, "post"), index);
    return (struct posting){
        .debit = json_string_value(json_array_get(triple, 0)),
        .credit = json_string_value(json_array_get(triple, 1)),
        .amount_fen =
            json_array_size(triple) == 3 ? json_integer_value(json_array_get(triple, 2)) : 0,
    };
}

size_t postings_count(const struct bureau_entry *entry)
{
    return json_array_size(json_object_get(entry->content, "post"));
}

static bool posting_is_sound(const struct posting *posting)
{
    return account_is_known(posting->debit) && account_is_known(posting->credit) &&
           strcmp(posting->debit, posting->credit) != 0 && posting->amount_fen > 0 &&
           posting->amount_fen <= MONEY_FEN_MAX;
}

bool postings_are_sound(const struct bureau_entry *entry)
{
    const json_t *post = json_object_get(entry->content, "post");
    if (post && (!json_is_array(post) || postings_count(entry) > JOURNAL_POSTINGS_MAX))
        return false;
    for (size_t i = 0; i < postings_count(entry); i++) {
        struct posting posting = postings_at(entry, i);
        if (!posting_is_sound(&posting))
            return false;
    }
    return true;
}

static bool posting_moves(const struct posting *posting, enum book_account debit,
                          enum book_account credit)
{
    return strcmp(posting->debit, book_account_name(debit)) == 0 &&
           strcmp(posting->credit, book_account_name(credit)) == 0;
}

bool postings_are_allowed(const struct bureau_entry *entry)
{
    for (size_t i = 0; i < postings_count(entry); i++) {
        struct posting posting = postings_at(entry, i);
        if (!journal_books_allow(entry->kind, posting.debit, posting.credit))
            return false;
    }
    return true;
}

int64_t postings_sum_fen(const struct bureau_entry *entry, enum book_account debit,
                         enum book_account credit)
{
    int64_t sum_fen = 0;
    for (size_t i = 0; i < postings_count(entry); i++) {
        struct posting posting = postings_at(entry, i);
        if (posting_moves(&posting, debit, credit))
            sum_fen += posting.amount_fen;
    }
    return sum_fen;
}
