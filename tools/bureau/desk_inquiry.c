#include "tools/bureau/desk.h"

#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"
#include "store/journal.h"
#include "store/voucher.h"
#include "tools/bureau/bill.h"
#include "tools/bureau/person.h"

enum {
    HTTP_OK = 200,
    HTTP_BAD_REQUEST = 400,
    HTTP_SERVER_ERROR = 500,
    HTTP_UNAVAILABLE = 503
};

#define HASH16_LENGTH 16

struct answer {
    json_t *payments, *months;
    bool more; /* there are older ones than are told */
};

static int answer_error(int http_status, const char *error, json_t **reply_out)
{
    *reply_out = json_pack("{s:s}", "error", error);
    return http_status;
}

static int answer_failed(enum status status, json_t **reply_out)
{
    log_error("bureau", "inquiry_failed", "%s", status_name(status));
    return answer_error(HTTP_SERVER_ERROR, "store", reply_out);
}

/* Of the lines that were quoted those whose month the money covered. */
static void add_lines(struct answer *answer, const json_t *quote, const json_t *covered)
{
    json_int_t payment = (json_int_t)json_array_size(answer->payments) - 1;
    size_t index;
    json_t *line;
    json_array_foreach(json_object_get(quote, "lines"), index, line)
    {
        const char *month = json_string_value(json_object_get(line, "month"));
        const char *insurance = json_string_value(json_object_get(line, "insurance"));
        const char *code = json_string_value(json_object_get(line, "code"));
        if (!month || !insurance || !code || !bill_covers(covered, month))
            continue;
        if (json_array_size(answer->months) == DESK_MONTHS_MAX) {
            answer->more = true;
            return;
        }
        json_t *item = json_pack("{s:I, s:s, s:s, s:s, s:I, s:I}", "payment", payment, "month",
                                 month, "insurance", insurance, "code", code, "base",
                                 json_integer_value(json_object_get(line, "base")), "amount",
                                 json_integer_value(json_object_get(line, "amount")));
        if (json_object_get(line, "kind"))
            json_object_set(item, "kind", json_object_get(line, "kind"));
        if (json_object_get(line, "grade"))
            json_object_set(item, "grade", json_object_get(line, "grade"));
        json_array_append_new(answer->months, item);
    }
}

static enum status add_quote(struct bureau_store *store, struct answer *answer, const char *kiosk,
                             const char *txn, int64_t seq, const json_t *covered)
{
    struct db_statement *statement = bureau_statement(store, SQL_QUOTE_OF_VISIT);
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, txn);
    db_bind_int(statement, 3, seq);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    json_t *quote = json_loads(db_column_text(statement, 0), JSON_REJECT_DUPLICATES, NULL);
    db_reset(statement);
    add_lines(answer, quote, covered);
    json_decref(quote);
    return STATUS_OK;
}

static void copy_sum(json_t *payment, const json_t *content, const char *member)
{
    json_object_set_new(payment, member,
                        json_integer(json_integer_value(json_object_get(content, member))));
}

/* tells_money: a number alone can be guessed; sums and months are for who proves more. */
static enum status add_payment(struct bureau_store *store, struct answer *answer,
                               struct db_statement *row, bool tells_money)
{
    json_t *content = json_loads(db_column_text(row, 5), JSON_REJECT_DUPLICATES, NULL);
    const char *voucher = json_string_value(json_object_get(content, "voucher"));
    const char *reason = db_column_text(row, 6);
    enum status status = STATUS_OK;
    if (!voucher || !voucher_is_valid(voucher)) {
        json_decref(content);
        return STATUS_OK;
    }
    json_t *payment = json_pack("{s:s, s:s, s:I, s:I, s:s}", "voucher", voucher, "kiosk",
                                db_column_text(row, 0), "at", (json_int_t)db_column_int(row, 3),
                                "received", (json_int_t)db_column_int(row, 4), "state",
                                reason[0] != '\0' ? "rejected" : "credited");
    if (reason[0] != '\0')
        json_object_set_new(payment, "reason", json_string(reason));
    json_array_append_new(answer->payments, payment);
    if (tells_money) {
        copy_sum(payment, content, "paid");
        copy_sum(payment, content, "applied");
        copy_sum(payment, content, "surplus");
        status = add_quote(store, answer, db_column_text(row, 0), db_column_text(row, 1),
                           db_column_int(row, 2), json_object_get(content, "months"));
    }
    json_decref(content);
    return status;
}

/* hash16 NULL: whoever asks has proved to be the payer. */
static enum status add_all(struct bureau_store *store, enum bureau_sql sql, const char *key,
                           const char *hash16, struct answer *answer)
{
    struct db_statement *statement = bureau_statement(store, sql);
    enum status status;
    db_bind_text(statement, 1, key);
    db_bind_int(statement, 2, DESK_PAYMENTS_MAX + 1);
    while ((status = db_step(statement)) == STATUS_OK) {
        bool tells_money =
            !hash16 || (hash16[0] != '\0' && strcmp(hash16, db_column_text(statement, 7)) == 0);
        answer->more |= json_array_size(answer->payments) == DESK_PAYMENTS_MAX;
        if (!answer->more)
            status = add_payment(store, answer, statement, tells_money);
        if (answer->more || status != STATUS_OK) {
            db_reset(statement);
            return status;
        }
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* Not whose account it is: the person is not told it here, and what is not sent leaves no trace. */
static json_t *reply_of(const struct answer *answer, int64_t now_ms)
{
    return json_pack("{s:I, s:O, s:O, s:b}", "at", (json_int_t)now_ms, "payments", answer->payments,
                     "months", answer->months, "more", (int)answer->more);
}

/* STATUS_NOT_FOUND: nobody with that tag has registered. */
static enum status find_account(struct bureau_store *store, const char *tag,
                                char account[JOURNAL_NUMBER_SIZE])
{
    struct db_statement *statement = bureau_statement(store, SQL_CITIZEN_OF_PERSON);
    db_bind_text(statement, 1, tag);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status;
    bool whole = text_copy(account, JOURNAL_NUMBER_SIZE, db_column_text(statement, 0));
    db_reset(statement);
    return whole ? STATUS_OK : STATUS_CORRUPT;
}

static int tell_person(struct bureau_store *store, const char *sealed, int64_t now_ms,
                       struct answer *answer, json_t **reply_out)
{
    char tag[PERSON_TAG_SIZE], account[JOURNAL_NUMBER_SIZE] = "";
    if (!store->person_key)
        return answer_error(HTTP_UNAVAILABLE, "no_sealing_key", reply_out);
    if (person_compute_asked_tag(store->person_key, sealed, PERSON_ASK_PAYMENTS, tag) != STATUS_OK)
        return answer_error(HTTP_BAD_REQUEST, "person_unreadable", reply_out);
    enum status status = find_account(store, tag, account);
    if (status == STATUS_OK)
        status = add_all(store, SQL_PAYMENTS_OF, account, NULL, answer);
    if (status == STATUS_OK)
        status = add_all(store, SQL_REJECTED_OF, account, NULL, answer);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND)
        return answer_failed(status, reply_out);
    *reply_out = reply_of(answer, now_ms);
    return HTTP_OK;
}

static int tell_voucher(struct bureau_store *store, const char *voucher, const char *hash16,
                        int64_t now_ms, struct answer *answer, json_t **reply_out)
{
    if (!voucher_is_valid(voucher) ||
        (hash16[0] != '\0' &&
         (strlen(hash16) != HASH16_LENGTH || strspn(hash16, "0123456789abcdef") != HASH16_LENGTH)))
        return answer_error(HTTP_BAD_REQUEST, "malformed", reply_out);
    enum status status = add_all(store, SQL_PAYMENT_BY_VOUCHER, voucher, hash16, answer);
    if (status == STATUS_OK && json_array_size(answer->payments) == 0)
        status = add_all(store, SQL_REJECTED_BY_VOUCHER, voucher, hash16, answer);
    if (status != STATUS_OK)
        return answer_failed(status, reply_out);
    *reply_out = reply_of(answer, now_ms);
    return HTTP_OK;
}

int desk_tell_payments(struct bureau_store *store, const char *kiosk, const char *body, size_t size,
                       int64_t now_ms, json_t **reply_out)
{
    json_t *request = json_loadb(body ? body : "", size, JSON_REJECT_DUPLICATES, NULL);
    const char *sealed = json_string_value(json_object_get(request, "sealed"));
    const char *voucher = json_string_value(json_object_get(request, "voucher"));
    const char *hash16 = json_string_value(json_object_get(request, "hash"));
    struct answer answer = { .payments = json_array(), .months = json_array() };
    int http_status;
    if (sealed && !voucher)
        http_status = tell_person(store, sealed, now_ms, &answer, reply_out);
    else if (voucher && !sealed)
        http_status =
            tell_voucher(store, voucher, hash16 ? hash16 : "", now_ms, &answer, reply_out);
    else
        http_status = answer_error(HTTP_BAD_REQUEST, "malformed", reply_out);
    log_info("bureau", "inquiry", "kiosk %s, by %s: %d", kiosk, sealed ? "person" : "number",
             http_status);
    json_decref(answer.payments);
    json_decref(answer.months);
    json_decref(request);
    return http_status;
}
