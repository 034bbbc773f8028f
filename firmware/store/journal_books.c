#include "store/journal_books.h"

#include "base/check.h"
#include "base/money.h"
#include <string.h>

/* Whatever is not here, no entry may move. */
static const struct allowed {
    enum journal_kind kind;
    enum book_account debit, credit;
} ALLOWED[] = {
    { JOURNAL_NOTE_CREDITED, BOOK_CASH_BOX, BOOK_CITIZEN },
    { JOURNAL_NOTE_UNKNOWN, BOOK_CASH_BOX, BOOK_UNKNOWN },
    { JOURNAL_PAYMENT_COMPLETED, BOOK_CITIZEN, BOOK_PREMIUM },
    { JOURNAL_PAYMENT_COMPLETED, BOOK_CITIZEN, BOOK_SURPLUS },
};

bool journal_books_allow(const char *kind, const char *debit, const char *credit)
{
    for (size_t i = 0; i < ARRAY_SIZE(ALLOWED); i++)
        if (strcmp(kind, journal_kind_name(ALLOWED[i].kind)) == 0 &&
            strcmp(debit, book_account_name(ALLOWED[i].debit)) == 0 &&
            strcmp(credit, book_account_name(ALLOWED[i].credit)) == 0)
            return true;
    return false;
}

static int find_account(const char *name)
{
    for (int i = 0; i < BOOK_ACCOUNTS; i++)
        if (strcmp(name, book_account_name((enum book_account)i)) == 0)
            return i;
    return BOOK_ACCOUNTS;
}

static const char *add_posting(struct journal_books *books, const char *kind, const json_t *posting,
                               int64_t *moved_fen)
{
    const char *debit = json_string_value(json_array_get(posting, 0));
    const char *credit = json_string_value(json_array_get(posting, 1));
    int64_t amount_fen = json_integer_value(json_array_get(posting, 2));
    if (json_array_size(posting) != 3 || !debit || !credit || amount_fen <= 0 ||
        amount_fen > MONEY_FEN_MAX)
        return "a posting that cannot be read";
    if (!journal_books_allow(kind, debit, credit))
        return "it moves money that entries of its kind must not move";
    int from = find_account(credit), to = find_account(debit);
    books->balance_fen[to] += to == BOOK_CASH_BOX ? amount_fen : -amount_fen;
    books->balance_fen[from] += from == BOOK_CASH_BOX ? -amount_fen : amount_fen;
    *moved_fen += amount_fen;
    return NULL;
}

/* A note in the box whose value is known is booked with that value, and one that is booked is in
 * the box. */
static const char *check_note(const char *kind, const json_t *body, int64_t moved_fen)
{
    const json_t *box = json_object_get(body, "box");
    bool is_credited = strcmp(kind, journal_kind_name(JOURNAL_NOTE_CREDITED)) == 0;
    if (!is_credited && strcmp(kind, journal_kind_name(JOURNAL_NOTE_UNKNOWN)) != 0)
        return box ? "it puts a note into the box that is no note's entry" : NULL;
    int64_t value_fen = json_integer_value(json_object_get(body, "value"));
    if (json_integer_value(box) != moved_fen ||
        (moved_fen != value_fen && (is_credited || moved_fen != 0)))
        return "the note's value, its booking and its place in the box differ";
    return NULL;
}

const char *journal_books_add(struct journal_books *books, const char *kind, const json_t *body)
{
    const json_t *postings = json_object_get(body, "post");
    int64_t moved_fen = 0;
    const char *wrong = NULL;
    if (json_array_size(postings) > JOURNAL_POSTINGS_MAX)
        return "more postings than an entry may have";
    for (size_t i = 0; i < json_array_size(postings) && !wrong; i++)
        wrong = add_posting(books, kind, json_array_get(postings, i), &moved_fen);
    if (!wrong)
        wrong = check_note(kind, body, moved_fen);
    for (int i = 0; i < BOOK_ACCOUNTS && !wrong; i++)
        if (books->balance_fen[i] < 0)
            wrong = "after it an account has less than nothing";
    return wrong;
}
