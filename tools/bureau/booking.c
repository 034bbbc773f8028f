#include "tools/bureau/booking.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/money.h"
#include "base/text.h"
#include "store/journal.h"

#define HASH16_SIZE 17

static bool is_kind(const struct bureau_entry *entry, enum journal_kind kind)
{
    return strcmp(entry->kind, journal_kind_name(kind)) == 0;
}

static bool kind_is_known(const char *kind)
{
    for (int i = 0; i < JOURNAL_KINDS; i++)
        if (strcmp(kind, journal_kind_name((enum journal_kind)i)) == 0)
            return true;
    return false;
}

/* -1: missing, no integer, negative or beyond any sum. */
static int64_t read_fen(const struct bureau_entry *entry, const char *member)
{
    const json_t *value = json_object_get(entry->content, member);
    int64_t fen = json_integer_value(value);
    return json_is_integer(value) && fen >= 0 && fen <= MONEY_FEN_MAX ? fen : -1;
}

static const char *read_text(const struct bureau_entry *entry, const char *member)
{
    const char *text = json_string_value(json_object_get(entry->content, member));
    return text ? text : "";
}

static bool account_is_known(const char *name)
{
    for (int i = 0; name && i < BOOK_ACCOUNTS; i++)
        if (strcmp(name, book_account_name((enum book_account)i)) == 0)
            return true;
    return false;
}

struct posting {
    const char *debit, *credit;
    int64_t amount_fen;
};

static struct posting posting_at(const struct bureau_entry *entry, size_t index)
{
    const json_t *triple = json_array_get(json_object_get(entry->content, "post"), index);
    return (struct posting){
        .debit = json_string_value(json_array_get(triple, 0)),
        .credit = json_string_value(json_array_get(triple, 1)),
        .amount_fen =
            json_array_size(triple) == 3 ? json_integer_value(json_array_get(triple, 2)) : 0,
    };
}

static size_t posting_count(const struct bureau_entry *entry)
{
    return json_array_size(json_object_get(entry->content, "post"));
}

static bool postings_are_sound(const struct bureau_entry *entry)
{
    const json_t *post = json_object_get(entry->content, "post");
    if (post && (!json_is_array(post) || posting_count(entry) > JOURNAL_POSTINGS_MAX))
        return false;
    for (size_t i = 0; i < posting_count(entry); i++) {
        struct posting posting = posting_at(entry, i);
        if (!account_is_known(posting.debit) || !account_is_known(posting.credit) ||
            strcmp(posting.debit, posting.credit) == 0 || posting.amount_fen <= 0 ||
            posting.amount_fen > MONEY_FEN_MAX)
            return false;
    }
    return true;
}

/* What the entry moves from debit to credit. */
static int64_t posted_fen(const struct bureau_entry *entry, enum book_account debit,
                          enum book_account credit)
{
    int64_t sum_fen = 0;
    for (size_t i = 0; i < posting_count(entry); i++) {
        struct posting posting = posting_at(entry, i);
        if (strcmp(posting.debit, book_account_name(debit)) == 0 &&
            strcmp(posting.credit, book_account_name(credit)) == 0)
            sum_fen += posting.amount_fen;
    }
    return sum_fen;
}

/* STATUS_OK there is a row, STATUS_NOT_FOUND there is none. */
static enum status has_row(struct db_statement *statement)
{
    enum status status = db_step(statement);
    if (status == STATUS_OK)
        db_reset(statement);
    return status;
}

static enum status check_registered(struct bureau_store *store, const char *kiosk,
                                    const struct bureau_entry *entry, const char **reason_out)
{
    struct db_statement *leased = bureau_statement(store, SQL_NUMBER_LEASED);
    struct db_statement *citizen = bureau_statement(store, SQL_CITIZEN_FIND);
    const char *account = read_text(entry, "account");
    db_bind_text(leased, 1, kiosk);
    db_bind_text(leased, 2, account);
    enum status status = has_row(leased);
    if (status == STATUS_NOT_FOUND)
        *reason_out = "number_not_leased";
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    db_bind_text(citizen, 1, account);
    status = has_row(citizen);
    if (status == STATUS_OK)
        *reason_out = "number_taken";
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status check_quote(struct bureau_store *store, const char *kiosk,
                               const struct bureau_entry *entry, const char **reason_out)
{
    (void)store;
    (void)kiosk;
    const char *account = read_text(entry, "account");
    if (read_fen(entry, "due") < 0 || account[0] == '\0' ||
        strlen(account) >= JOURNAL_NUMBER_SIZE || entry->txn[0] == '\0')
        *reason_out = "bad_quote";
    return STATUS_OK;
}

static enum status check_credited(struct bureau_store *store, const char *kiosk,
                                  const struct bureau_entry *entry, const char **reason_out)
{
    (void)store;
    (void)kiosk;
    int64_t value_fen = read_fen(entry, "value");
    if (value_fen <= 0 || posted_fen(entry, BOOK_CASH_BOX, BOOK_CITIZEN) != value_fen)
        *reason_out = "note_not_booked";
    return STATUS_OK;
}

static enum status find_visit(struct bureau_store *store, const char *kiosk, const char *txn,
                              char account_out[JOURNAL_NUMBER_SIZE], int64_t *credited_fen_out)
{
    struct db_statement *statement = bureau_statement(store, SQL_VISIT_FIND);
    account_out[0] = '\0';
    *credited_fen_out = 0;
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, txn);
    enum status status = db_step(statement);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    text_copy(account_out, JOURNAL_NUMBER_SIZE, db_column_text(statement, 0));
    *credited_fen_out = db_column_int(statement, 1);
    db_reset(statement);
    return STATUS_OK;
}

static bool sums_are_sound(const struct bureau_entry *entry, int64_t credited_fen)
{
    int64_t paid_fen = read_fen(entry, "paid");
    int64_t applied_fen = read_fen(entry, "applied");
    int64_t surplus_fen = read_fen(entry, "surplus");
    return paid_fen >= 0 && applied_fen >= 0 && surplus_fen >= 0 &&
           paid_fen == applied_fen + surplus_fen && paid_fen == credited_fen &&
           posted_fen(entry, BOOK_CITIZEN, BOOK_PREMIUM) == applied_fen &&
           posted_fen(entry, BOOK_CITIZEN, BOOK_SURPLUS) == surplus_fen;
}

static enum status check_completed(struct bureau_store *store, const char *kiosk,
                                   const struct bureau_entry *entry, const char **reason_out)
{
    struct db_statement *payment = bureau_statement(store, SQL_PAYMENT_FIND);
    char account[JOURNAL_NUMBER_SIZE];
    int64_t credited_fen;
    enum status status = find_visit(store, kiosk, entry->txn, account, &credited_fen);
    if (status != STATUS_OK)
        return status;
    if (account[0] == '\0' || !sums_are_sound(entry, credited_fen)) {
        *reason_out = "bad_sum";
        return STATUS_OK;
    }
    db_bind_text(payment, 1, read_text(entry, "voucher"));
    status = has_row(payment);
    if (status == STATUS_OK)
        *reason_out = "voucher_taken";
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status book_ledger(struct bureau_store *store, const char *kiosk, const char *account,
                               int64_t debit_fen)
{
    struct db_statement *statement = bureau_statement(store, SQL_LEDGER_ADD);
    bool is_asset = strcmp(account, book_account_name(BOOK_CASH_BOX)) == 0;
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, account);
    db_bind_int(statement, 3, is_asset ? debit_fen : -debit_fen);
    return db_run(statement);
}

static enum status book_postings(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < posting_count(entry) && status == STATUS_OK; i++) {
        struct posting posting = posting_at(entry, i);
        status = book_ledger(store, kiosk, posting.debit, posting.amount_fen);
        if (status == STATUS_OK)
            status = book_ledger(store, kiosk, posting.credit, -posting.amount_fen);
    }
    return status;
}

static enum status apply_registered(struct bureau_store *store, const char *kiosk,
                                    const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_CITIZEN_ADD);
    db_bind_text(statement, 1, read_text(entry, "account"));
    db_bind_text(statement, 2, kiosk);
    db_bind_int(statement, 3, entry->at_ms);
    db_bind_text(statement, 4, read_text(entry, "sealed"));
    return db_run(statement);
}

static enum status apply_quote(struct bureau_store *store, const char *kiosk,
                               const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_VISIT_QUOTE);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, entry->txn);
    db_bind_text(statement, 3, read_text(entry, "account"));
    return db_run(statement);
}

static enum status apply_credited(struct bureau_store *store, const char *kiosk,
                                  const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_VISIT_CREDIT);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, entry->txn);
    db_bind_int(statement, 3, read_fen(entry, "value"));
    return db_run(statement);
}

static enum status add_payment(struct bureau_store *store, const char *kiosk,
                               const struct bureau_entry *entry, const char *account)
{
    struct db_statement *statement = bureau_statement(store, SQL_PAYMENT_ADD);
    char hash16[HASH16_SIZE];
    bytes_to_hex(entry->hash, (HASH16_SIZE - 1) / 2, hash16);
    db_bind_text(statement, 1, read_text(entry, "voucher"));
    db_bind_text(statement, 2, kiosk);
    db_bind_text(statement, 3, entry->txn);
    db_bind_int(statement, 4, entry->seq);
    db_bind_int(statement, 5, entry->at_ms);
    db_bind_text(statement, 6, account);
    db_bind_int(statement, 7, read_fen(entry, "paid"));
    db_bind_int(statement, 8, read_fen(entry, "applied"));
    db_bind_int(statement, 9, read_fen(entry, "surplus"));
    db_bind_text(statement, 10, read_text(entry, "outcome"));
    db_bind_text(statement, 11, hash16);
    return db_run(statement);
}

static enum status apply_completed(struct bureau_store *store, const char *kiosk,
                                   const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_CITIZEN_PAID);
    char account[JOURNAL_NUMBER_SIZE];
    int64_t credited_fen;
    enum status status = find_visit(store, kiosk, entry->txn, account, &credited_fen);
    if (status == STATUS_OK)
        status = add_payment(store, kiosk, entry, account);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, account);
    db_bind_text(statement, 2, kiosk);
    db_bind_int(statement, 3, read_fen(entry, "applied"));
    db_bind_int(statement, 4, read_fen(entry, "surplus"));
    return db_run(statement);
}

static enum status apply_receipt(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_PAYMENT_RECEIPT);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, read_text(entry, "voucher"));
    db_bind_text(statement, 3, read_text(entry, "state"));
    return db_run(statement);
}

static const struct rule {
    enum journal_kind kind;
    enum status (*check)(struct bureau_store *store, const char *kiosk,
                         const struct bureau_entry *entry, const char **reason_out);
    enum status (*apply)(struct bureau_store *store, const char *kiosk,
                         const struct bureau_entry *entry);
} RULES[] = {
    { JOURNAL_REGISTERED, check_registered, apply_registered },
    { JOURNAL_QUOTE_ACCEPTED, check_quote, apply_quote },
    { JOURNAL_NOTE_CREDITED, check_credited, apply_credited },
    { JOURNAL_PAYMENT_COMPLETED, check_completed, apply_completed },
    { JOURNAL_RECEIPT_STATE, NULL, apply_receipt },
};

static const struct rule *find_rule(const struct bureau_entry *entry)
{
    for (size_t i = 0; i < ARRAY_SIZE(RULES); i++)
        if (is_kind(entry, RULES[i].kind))
            return &RULES[i];
    return NULL;
}

enum status booking_check(struct bureau_store *store, const char *kiosk,
                          const struct bureau_entry *entry, const char **reason_out)
{
    *reason_out = NULL;
    if (!json_is_object(entry->content))
        *reason_out = "body_not_json";
    else if (!kind_is_known(entry->kind))
        *reason_out = "unknown_kind";
    else if (!postings_are_sound(entry))
        *reason_out = "bad_posting";
    const struct rule *rule = *reason_out ? NULL : find_rule(entry);
    return rule && rule->check ? rule->check(store, kiosk, entry, reason_out) : STATUS_OK;
}

enum status booking_apply(struct bureau_store *store, const char *kiosk,
                          const struct bureau_entry *entry)
{
    const struct rule *rule = find_rule(entry);
    enum status status = book_postings(store, kiosk, entry);
    return status == STATUS_OK && rule ? rule->apply(store, kiosk, entry) : status;
}
