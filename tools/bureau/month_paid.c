#include "tools/bureau/month_paid.h"

#include <string.h>

#include "base/text.h"
#include "tools/bureau/bill.h"

#define BILL_SIZE 24

struct payment {
    struct bureau_store *store;
    const char *kiosk, *txn, *account;
    struct booking_refusal *refusal;
};

/* What is done with each line; stops at the first that does not return STATUS_OK, or at a refusal.
 */
typedef enum status line_action(struct payment *payment, const char *month, const char *code,
                                const char *bill);

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text ? text : "";
}

/* "": the month itself; "r7": the difference that revision 7 bills for it. */
static void name_bill(const json_t *quote, const json_t *line, char out[BILL_SIZE])
{
    out[0] = '\0';
    if (json_object_get(line, "kind"))
        text_format(out, BILL_SIZE, "r%lld",
                    (long long)json_integer_value(json_object_get(quote, "revision")));
}

static enum status find_quote(struct bureau_store *store, const char *kiosk,
                              const struct bureau_entry *entry, json_t **quote_out)
{
    struct db_statement *statement = bureau_statement(store, SQL_QUOTE_OF_VISIT);
    *quote_out = NULL;
    db_bind_text(statement, 1, kiosk);
    db_bind_text(statement, 2, entry->txn);
    db_bind_int(statement, 3, entry->seq);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    *quote_out = json_loads(db_column_text(statement, 0), JSON_REJECT_DUPLICATES, NULL);
    db_reset(statement);
    return STATUS_OK;
}

static enum status for_each_line(struct payment *payment, const struct bureau_entry *entry,
                                 line_action *action)
{
    json_t *quote;
    size_t index;
    json_t *line;
    enum status status = find_quote(payment->store, payment->kiosk, entry, &quote);
    json_array_foreach(json_object_get(quote, "lines"), index, line)
    {
        char bill[BILL_SIZE];
        const char *month = text_of(line, "month"), *code = text_of(line, "code");
        if (status != STATUS_OK || (payment->refusal && payment->refusal->reason))
            break;
        if (!bill_covers(json_object_get(entry->content, "months"), month) || code[0] == '\0')
            continue;
        name_bill(quote, line, bill);
        status = action(payment, month, code, bill);
    }
    json_decref(quote);
    return status;
}

static void bind_line(struct db_statement *statement, const struct payment *payment,
                      const char *month, const char *code, const char *bill)
{
    db_bind_text(statement, 1, payment->account);
    db_bind_text(statement, 2, code);
    db_bind_text(statement, 3, month);
    db_bind_text(statement, 4, bill);
}

static enum status check_line(struct payment *payment, const char *month, const char *code,
                              const char *bill)
{
    struct db_statement *statement = bureau_statement(payment->store, SQL_MONTH_PAID_FIND);
    bind_line(statement, payment, month, code, bill);
    enum status status = db_step(statement);
    if (status != STATUS_OK)
        return status == STATUS_NOT_FOUND ? STATUS_OK : status;
    db_reset(statement);
    payment->refusal->reason = "month_paid";
    text_format(payment->refusal->detail, sizeof payment->refusal->detail, "%s %s", month, code);
    return STATUS_OK;
}

static enum status add_line(struct payment *payment, const char *month, const char *code,
                            const char *bill)
{
    struct db_statement *statement = bureau_statement(payment->store, SQL_MONTH_PAID_ADD);
    bind_line(statement, payment, month, code, bill);
    db_bind_text(statement, 5, payment->kiosk);
    db_bind_text(statement, 6, payment->txn);
    return db_run(statement);
}

enum status month_paid_check(struct bureau_store *store, const char *kiosk,
                             const struct bureau_entry *entry, const char *account,
                             struct booking_refusal *out)
{
    struct payment payment = { store, kiosk, entry->txn, account, out };
    return for_each_line(&payment, entry, check_line);
}

enum status month_paid_apply(struct bureau_store *store, const char *kiosk,
                             const struct bureau_entry *entry, const char *account)
{
    struct payment payment = { store, kiosk, entry->txn, account, NULL };
    return for_each_line(&payment, entry, add_line);
}
