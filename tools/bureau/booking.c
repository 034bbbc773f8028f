#include "tools/bureau/booking.h"

#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/text.h"
#include "store/journal.h"
#include "store/voucher.h"
#include "tools/bureau/bill.h"
#include "tools/bureau/claim.h"
#include "tools/bureau/month_paid.h"
#include "tools/bureau/person.h"
#include "tools/bureau/postings.h"
#include "tools/bureau/root.h"
#include "tools/bureau/standing.h"

#define HASH16_SIZE 17

static bool kind_is_known(const char *kind)
{
    for (int i = 0; i < JOURNAL_KINDS; i++)
        if (strcmp(kind, journal_kind_name((enum journal_kind)i)) == 0)
            return true;
    return false;
}

/* STATUS_OK there is a row, STATUS_NOT_FOUND there is none. */
static enum status has_row(struct db_statement *statement)
{
    enum status status = db_step(statement);
    if (status == STATUS_OK)
        db_reset(statement);
    return status;
}

/* For a row that must be there. */
static enum status run_on_one_row(struct bureau_store *store, struct db_statement *statement)
{
    enum status status = db_run(statement);
    return status == STATUS_OK && db_changes(store->db) != 1 ? STATUS_CORRUPT : status;
}

/* ---- registered ---- */

/* The bureau's own number: of this person, and not one of the kiosk's blocks. */
static bool is_given(const struct bureau_entry *entry)
{
    return strcmp(entry_read_text(entry, "given"), JOURNAL_GIVEN_BY_BUREAU) == 0;
}

static enum status check_leased(struct bureau_store *store, const char *kiosk, const char *account,
                                struct booking_refusal *out)
{
    struct db_statement *leased = bureau_statement(store, SQL_NUMBER_LEASED);
    db_bind_text(leased, 1, kiosk);
    db_bind_text(leased, 2, account);
    enum status status = has_row(leased);
    if (status == STATUS_NOT_FOUND)
        out->reason = "number_not_leased";
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status check_number(struct bureau_store *store, const char *kiosk,
                                const struct bureau_entry *entry, struct booking_refusal *out)
{
    const char *account = entry_read_text(entry, "account");
    struct db_statement *citizen = bureau_statement(store, SQL_CITIZEN_FIND);
    enum status status = is_given(entry) ? STATUS_OK : check_leased(store, kiosk, account, out);
    if (status != STATUS_OK || out->reason)
        return status;
    db_bind_text(citizen, 1, account);
    status = has_row(citizen);
    if (status == STATUS_OK)
        out->reason = "number_taken";
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* "" for a bureau without its key. False: the key does not open it. */
static bool read_tag(const struct bureau_store *store, const struct bureau_entry *entry,
                     char tag[PERSON_TAG_SIZE])
{
    tag[0] = '\0';
    return !store->person_key ||
           person_compute_tag(store->person_key, entry_read_text(entry, "sealed"), tag) ==
               STATUS_OK;
}

static void judge_standing(const struct bureau_entry *entry, const struct precheck *standing,
                           struct booking_refusal *out)
{
    bool is_his = strcmp(standing->account, entry_read_text(entry, "account")) == 0;
    if (standing->state == PRECHECK_REFUSED)
        out->reason = refusal_words(standing->refusal)->word;
    else if (standing->state == PRECHECK_KNOWN)
        out->reason = "person_known";
    else if (is_given(entry) && !(standing->state == PRECHECK_RENEWAL && is_his))
        out->reason = "number_not_leased";
    if (standing->state == PRECHECK_KNOWN)
        text_copy(out->detail, sizeof out->detail, standing->account);
}

static enum status check_person(struct bureau_store *store, const struct bureau_entry *entry,
                                struct booking_refusal *out)
{
    char tag[PERSON_TAG_SIZE];
    struct precheck standing;
    if (!read_tag(store, entry, tag)) {
        out->reason = "person_unreadable";
        return STATUS_OK;
    }
    struct person_facts person = { 0 };
    if (store->person_key && !person_is_sound(store->person_key, entry_read_text(entry, "sealed"),
                                              entry->at_ms, &person)) {
        out->reason = refusal_words(REFUSAL_IDENTITY)->word;
        return STATUS_OK;
    }
    enum refusal by_policy = claim_judge(store, entry, &person);
    if (by_policy != REFUSAL_NONE) {
        out->reason = refusal_words(by_policy)->word;
        return STATUS_OK;
    }
    enum status status =
        standing_find(store, tag, json_object_get(entry->content, "insurances"), &standing);
    if (status == STATUS_OK)
        judge_standing(entry, &standing, out);
    return status;
}

static enum status check_registered(struct bureau_store *store, const char *kiosk,
                                    const struct bureau_entry *entry, struct booking_refusal *out)
{
    enum status status = check_number(store, kiosk, entry, out);
    return status == STATUS_OK && !out->reason ? check_person(store, entry, out) : status;
}

/* ---- a visit: quote, notes, payment ---- */

struct visit {
    char account[JOURNAL_NUMBER_SIZE]; /* "": no quote of it was booked */
    int64_t credited_fen;
    bool paid, cancelled;
};

static enum status find_visit(struct bureau_store *store, const char *kiosk, const char *txn,
                              struct visit *out)
{
    struct db_statement *statement = bureau_statement(store, SQL_VISIT_FIND);
    *out = (struct visit){ 0 };
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, txn);
    enum status status = db_step(statement);
    if (status == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (status != STATUS_OK)
        return status;
    text_copy(out->account, sizeof out->account, db_column_text(statement, 0));
    out->credited_fen = db_column_int(statement, 1);
    out->paid = strcmp(db_column_text(statement, 2), BUREAU_VISIT_PAID) == 0;
    out->cancelled = strcmp(db_column_text(statement, 2), BUREAU_VISIT_CANCELLED) == 0;
    db_reset(statement);
    return STATUS_OK;
}

/* A kiosk knows its own citizens by a hash under its own key. Of a citizen of another kiosk only
 * what it sealed can tell. */
static bool is_own_account(const struct bureau_store *store, const char *kiosk,
                           const struct bureau_entry *entry, struct db_statement *citizen)
{
    char tag[PERSON_TAG_SIZE];
    const char *known_tag = db_column_text(citizen, 2);
    if (strcmp(db_column_text(citizen, 0), kiosk) == 0)
        return strcmp(db_column_text(citizen, 1), entry_read_text(entry, "person")) == 0;
    return known_tag[0] != '\0' && read_tag(store, entry, tag) && strcmp(tag, known_tag) == 0;
}

static enum status check_account(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry, struct booking_refusal *out)
{
    struct db_statement *citizen = bureau_statement(store, SQL_CITIZEN_FIND);
    db_bind_text(citizen, 1, entry_read_text(entry, "account"));
    enum status status = db_step(citizen);
    if (status == STATUS_NOT_FOUND)
        out->reason = "account_unknown";
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    if (!is_own_account(store, kiosk, entry, citizen))
        out->reason = "account_of_another";
    db_reset(citizen);
    return STATUS_OK;
}

static enum status check_quote(struct bureau_store *store, const char *kiosk,
                               const struct bureau_entry *entry, struct booking_refusal *out)
{
    const char *account = entry_read_text(entry, "account");
    struct visit visit;
    if (entry_read_fen(entry, "due") < 0 || account[0] == '\0' ||
        strlen(account) >= JOURNAL_NUMBER_SIZE || entry->txn[0] == '\0' || !bill_is_sound(entry)) {
        out->reason = "bad_quote";
        return STATUS_OK;
    }
    enum status status = find_visit(store, kiosk, entry->txn, &visit);
    if (status != STATUS_OK)
        return status;
    if (visit.paid)
        out->reason = "already_paid";
    else if (visit.account[0] != '\0' && !visit.cancelled)
        out->reason = "already_quoted";
    return out->reason ? STATUS_OK : check_account(store, kiosk, entry, out);
}

static enum status check_credited(struct bureau_store *store, const char *kiosk,
                                  const struct bureau_entry *entry, struct booking_refusal *out)
{
    int64_t value_fen = entry_read_fen(entry, "value");
    struct visit visit;
    if (value_fen <= 0 || entry->txn[0] == '\0' ||
        postings_sum_fen(entry, BOOK_CASH_BOX, BOOK_CITIZEN) != value_fen) {
        out->reason = "note_not_booked";
        return STATUS_OK;
    }
    enum status status = find_visit(store, kiosk, entry->txn, &visit);
    if (status == STATUS_OK && (visit.paid || visit.cancelled))
        out->reason = "visit_closed";
    return status;
}

/* A note that may be in the box or not moves nothing. */
static enum status check_unknown(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry, struct booking_refusal *out)
{
    (void)store;
    (void)kiosk;
    int64_t posted_fen = postings_sum_fen(entry, BOOK_CASH_BOX, BOOK_UNKNOWN);
    if (posted_fen != 0 && posted_fen != entry_read_fen(entry, "value"))
        out->reason = "note_not_booked";
    return STATUS_OK;
}

static bool sums_are_sound(const struct bureau_entry *entry, int64_t credited_fen)
{
    int64_t paid_fen = entry_read_fen(entry, "paid");
    int64_t applied_fen = entry_read_fen(entry, "applied");
    int64_t surplus_fen = entry_read_fen(entry, "surplus");
    return paid_fen >= 0 && applied_fen >= 0 && surplus_fen >= 0 &&
           paid_fen == applied_fen + surplus_fen && paid_fen == credited_fen &&
           postings_sum_fen(entry, BOOK_CITIZEN, BOOK_PREMIUM) == applied_fen &&
           postings_sum_fen(entry, BOOK_CITIZEN, BOOK_SURPLUS) == surplus_fen;
}

/* The region is the bureau's own, if it was told; else that of the kiosk's first payment. */
static enum status check_region(struct bureau_store *store, const char *kiosk, const char *voucher,
                                struct booking_refusal *out)
{
    struct db_statement *statement = bureau_statement(store, SQL_KIOSK_REGION);
    char region[VOUCHER_REGION_SIZE];
    voucher_read_region(voucher, region);
    if (store->region[0] != '\0') {
        if (strcmp(store->region, region) != 0)
            out->reason = "voucher_invalid";
        return STATUS_OK;
    }
    db_bind_text(statement, 1, kiosk);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status;
    const char *known = db_column_text(statement, 0);
    if (known[0] != '\0' && strcmp(known, region) != 0)
        out->reason = "voucher_invalid";
    db_reset(statement);
    return STATUS_OK;
}

static enum status check_voucher(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry, struct booking_refusal *out)
{
    const char *voucher = entry_read_text(entry, "voucher");
    if (voucher_is_valid(voucher) && voucher_is_of_kiosk(voucher, kiosk))
        return check_region(store, kiosk, voucher, out);
    out->reason = "voucher_invalid";
    return STATUS_OK;
}

static enum status check_completed(struct bureau_store *store, const char *kiosk,
                                   const struct bureau_entry *entry, struct booking_refusal *out)
{
    struct db_statement *payment = bureau_statement(store, SQL_PAYMENT_FIND);
    struct visit visit;
    enum status status = find_visit(store, kiosk, entry->txn, &visit);
    if (status != STATUS_OK)
        return status;
    db_bind_text(payment, 1, entry_read_text(entry, "voucher"));
    status = has_row(payment);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return status;
    if (visit.account[0] == '\0')
        out->reason = "visit_unknown";
    else if (status == STATUS_OK)
        out->reason = "voucher_taken";
    else if (visit.paid)
        out->reason = "already_paid";
    else if (visit.cancelled)
        out->reason = "visit_closed";
    else if (!sums_are_sound(entry, visit.credited_fen))
        out->reason = "bad_sum";
    if (!out->reason)
        status = check_voucher(store, kiosk, entry, out);
    else
        status = STATUS_OK;
    if (status == STATUS_OK && !out->reason)
        status = month_paid_check(store, kiosk, entry, visit.account, out);
    return status;
}

static enum status check_cancelled(struct bureau_store *store, const char *kiosk,
                                   const struct bureau_entry *entry, struct booking_refusal *out)
{
    struct visit visit;
    enum status status = find_visit(store, kiosk, entry->txn, &visit);
    if (status == STATUS_OK && visit.paid)
        out->reason = "already_paid";
    else if (status == STATUS_OK && visit.credited_fen > 0)
        out->reason = "bad_sum";
    return status;
}

/* ---- the booking ---- */

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
    for (size_t i = 0; i < postings_count(entry) && status == STATUS_OK; i++) {
        struct posting posting = postings_at(entry, i);
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
    char tag[PERSON_TAG_SIZE];
    if (!read_tag(store, entry, tag))
        return STATUS_INVALID;
    db_bind_text(statement, 1, entry_read_text(entry, "account"));
    db_bind_text(statement, 2, kiosk);
    db_bind_int(statement, 3, entry->at_ms);
    db_bind_text(statement, 4, entry_read_text(entry, "sealed"));
    db_bind_text(statement, 5, entry_read_text(entry, "person"));
    db_bind_text(statement, 6, tag);
    return db_run(statement);
}

static enum status apply_quote(struct bureau_store *store, const char *kiosk,
                               const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_VISIT_QUOTE);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, entry->txn);
    db_bind_text(statement, 3, entry_read_text(entry, "account"));
    return db_run(statement);
}

static enum status apply_credited(struct bureau_store *store, const char *kiosk,
                                  const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_VISIT_CREDIT);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, entry->txn);
    db_bind_int(statement, 3, entry_read_fen(entry, "value"));
    return db_run(statement);
}

static enum status add_payment(struct bureau_store *store, const char *kiosk,
                               const struct bureau_entry *entry, const char *account)
{
    struct db_statement *statement = bureau_statement(store, SQL_PAYMENT_ADD);
    char hash16[HASH16_SIZE];
    bytes_to_hex(entry->hash, (HASH16_SIZE - 1) / 2, hash16);
    db_bind_text(statement, 1, entry_read_text(entry, "voucher"));
    db_bind_text(statement, 2, kiosk);
    db_bind_text(statement, 3, entry->txn);
    db_bind_int(statement, 4, entry->seq);
    db_bind_int(statement, 5, entry->at_ms);
    db_bind_text(statement, 6, account);
    db_bind_int(statement, 7, entry_read_fen(entry, "paid"));
    db_bind_int(statement, 8, entry_read_fen(entry, "applied"));
    db_bind_int(statement, 9, entry_read_fen(entry, "surplus"));
    db_bind_text(statement, 10, entry_read_text(entry, "outcome"));
    db_bind_text(statement, 11, hash16);
    return db_run(statement);
}

static enum status close_visit(struct bureau_store *store, const char *kiosk, const char *txn,
                               const char *how)
{
    struct db_statement *statement = bureau_statement(store, SQL_VISIT_CLOSE);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, txn);
    db_bind_text(statement, 3, how);
    return db_run(statement);
}

static enum status remember_region(struct bureau_store *store, const char *kiosk,
                                   const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_KIOSK_SET_REGION);
    char region[VOUCHER_REGION_SIZE];
    voucher_read_region(entry_read_text(entry, "voucher"), region);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, region);
    return db_run(statement);
}

static enum status apply_completed(struct bureau_store *store, const char *kiosk,
                                   const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_CITIZEN_PAID);
    struct visit visit;
    enum status status = find_visit(store, kiosk, entry->txn, &visit);
    if (status == STATUS_OK)
        status = add_payment(store, kiosk, entry, visit.account);
    if (status == STATUS_OK)
        status = close_visit(store, kiosk, entry->txn, BUREAU_VISIT_PAID);
    if (status == STATUS_OK)
        status = remember_region(store, kiosk, entry);
    if (status == STATUS_OK)
        status = month_paid_apply(store, kiosk, entry, visit.account);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, visit.account);
    db_bind_int(statement, 2, entry_read_fen(entry, "applied"));
    db_bind_int(statement, 3, entry_read_fen(entry, "surplus"));
    return run_on_one_row(store, statement);
}

static enum status apply_cancelled(struct bureau_store *store, const char *kiosk,
                                   const struct bureau_entry *entry)
{
    return close_visit(store, kiosk, entry->txn, BUREAU_VISIT_CANCELLED);
}

static enum status apply_receipt(struct bureau_store *store, const char *kiosk,
                                 const struct bureau_entry *entry)
{
    struct db_statement *statement = bureau_statement(store, SQL_PAYMENT_RECEIPT);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, entry_read_text(entry, "voucher"));
    db_bind_text(statement, 3, entry_read_text(entry, "state"));
    return db_run(statement);
}

static const struct rule {
    enum journal_kind kind;
    enum status (*check)(struct bureau_store *store, const char *kiosk,
                         const struct bureau_entry *entry, struct booking_refusal *out);
    enum status (*apply)(struct bureau_store *store, const char *kiosk,
                         const struct bureau_entry *entry);
} RULES[] = {
    { JOURNAL_REGISTERED, check_registered, apply_registered },
    { JOURNAL_QUOTE_ACCEPTED, check_quote, apply_quote },
    { JOURNAL_NOTE_CREDITED, check_credited, apply_credited },
    { JOURNAL_NOTE_UNKNOWN, check_unknown, NULL },
    { JOURNAL_PAYMENT_COMPLETED, check_completed, apply_completed },
    { JOURNAL_PAYMENT_CANCELLED, check_cancelled, apply_cancelled },
    { JOURNAL_RECEIPT_STATE, NULL, apply_receipt },
    { JOURNAL_DAY_ROOT, root_check, root_apply },
};

static const struct rule *find_rule(const struct bureau_entry *entry)
{
    for (size_t i = 0; i < ARRAY_SIZE(RULES); i++)
        if (entry_is_kind(entry, RULES[i].kind))
            return &RULES[i];
    return NULL;
}

enum status booking_check(struct bureau_store *store, const char *kiosk,
                          const struct bureau_entry *entry, struct booking_refusal *out)
{
    *out = (struct booking_refusal){ 0 };
    if (!json_is_object(entry->content))
        out->reason = "body_not_json";
    else if (!kind_is_known(entry->kind))
        out->reason = "unknown_kind";
    else if (!postings_are_sound(entry))
        out->reason = "bad_posting";
    else if (!postings_are_allowed(entry))
        out->reason = "postings_not_allowed";
    const struct rule *rule = out->reason ? NULL : find_rule(entry);
    return rule && rule->check ? rule->check(store, kiosk, entry, out) : STATUS_OK;
}

enum status booking_apply(struct bureau_store *store, const char *kiosk,
                          const struct bureau_entry *entry)
{
    const struct rule *rule = find_rule(entry);
    enum status status = book_postings(store, kiosk, entry);
    return status == STATUS_OK && rule && rule->apply ? rule->apply(store, kiosk, entry) : status;
}
