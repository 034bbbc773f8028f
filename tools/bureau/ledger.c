#include "tools/bureau/ledger.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "tools/bureau/dead_letter.h"
#include "tools/bureau/doubtful_report.h"

/* Each column of the query becomes a member: pairs of its name and "#" for a number, "" for text.
 */
static json_t *row_object(struct db_statement *row, const char *const *columns)
{
    json_t *object = json_object();
    for (int i = 0; columns[2 * i]; i++) {
        bool is_number = columns[2 * i + 1][0] == '#';
        json_object_set_new(object, columns[2 * i],
                            is_number ? json_integer(db_column_int(row, i))
                                      : json_string(db_column_text(row, i)));
    }
    return object;
}

static enum status list_rows(struct bureau_store *reader, const char *sql,
                             const char *const *columns, json_t *list)
{
    struct db_statement *statement;
    enum status status = db_prepare(reader->db, sql, &statement);
    if (status != STATUS_OK)
        return status;
    while ((status = db_step(statement)) == STATUS_OK)
        json_array_append_new(list, row_object(statement, columns));
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status add_accounts(struct bureau_store *reader, json_t *kiosk)
{
    struct db_statement *statement;
    json_t *accounts = json_object();
    json_object_set_new(kiosk, "accounts", accounts);
    enum status status =
        db_prepare(reader->db, "SELECT account, balance FROM ledger WHERE kiosk = ?1", &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, json_string_value(json_object_get(kiosk, "id")));
    while ((status = db_step(statement)) == STATUS_OK)
        json_object_set_new(accounts, db_column_text(statement, 0),
                            json_integer(db_column_int(statement, 1)));
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status add_all_accounts(struct bureau_store *reader, json_t *kiosks)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < json_array_size(kiosks) && status == STATUS_OK; i++)
        status = add_accounts(reader, json_array_get(kiosks, i));
    return status;
}

static const struct part {
    const char *name, *sql;
    const char *const *columns;
} PARTS[] = {
    { "kiosks",
      "SELECT id, acked_seq, lower(hex(acked_hash)), root_date, root_seq FROM kiosk ORDER BY id",
      (const char *const[]){ "id", "", "acked_seq", "#", "acked_hash", "", "root_date", "",
                             "root_seq", "#", NULL } },
    { "citizens", "SELECT account, kiosk, premium, surplus FROM citizen ORDER BY account",
      (const char *const[]){ "account", "", "kiosk", "", "premium", "#", "surplus", "#", NULL } },
    { "payments",
      "SELECT voucher, kiosk, txn, seq, at, account, paid, applied, surplus, outcome, receipt"
      " FROM payment ORDER BY kiosk, seq",
      (const char *const[]){ "voucher", "",  "kiosk",   "", "txn",     "",  "seq",     "#",
                             "at",      "#", "account", "", "paid",    "#", "applied", "#",
                             "surplus", "#", "outcome", "", "receipt", "",  NULL } },
    { "root_key_changes",
      "SELECT kiosk, at, lower(hex(old_key)), lower(hex(new_key)), accepted_by, confirmed_by, why"
      " FROM root_key_change ORDER BY rowid",
      (const char *const[]){ "kiosk", "", "at", "#", "old_key", "", "new_key", "", "accepted_by",
                             "", "confirmed_by", "", "why", "", NULL } },
    { "dead_letters",
      "SELECT kiosk, seq, kind, txn, reason, detail FROM dead_letter JOIN entry USING(kiosk, seq)"
      " ORDER BY kiosk, seq",
      (const char *const[]){ "kiosk", "", "seq", "#", "kind", "", "txn", "", "reason", "", "detail",
                             "", NULL } },
};

enum status ledger_build(struct bureau_store *reader, json_t **ledger_out)
{
    json_t *ledger = json_object();
    enum status status = db_exec(reader->db, "BEGIN"); /* one snapshot over all tables */
    for (size_t i = 0; i < ARRAY_SIZE(PARTS) && status == STATUS_OK; i++) {
        json_t *list = json_array();
        json_object_set_new(ledger, PARTS[i].name, list);
        status = list_rows(reader, PARTS[i].sql, PARTS[i].columns, list);
    }
    if (status == STATUS_OK)
        status = add_all_accounts(reader, json_object_get(ledger, "kiosks"));
    json_t *doubtful = NULL;
    if (status == STATUS_OK)
        status = doubtful_report_build(reader, NULL, &doubtful);
    json_object_set_new(ledger, "doubtful", doubtful ? doubtful : json_array());
    if (status == STATUS_OK)
        status = db_exec(reader->db, "COMMIT");
    *ledger_out = ledger;
    return status;
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text ? text : "";
}

static void print_money(FILE *out, const char *label, const json_t *value)
{
    char text[MONEY_TEXT_SIZE];
    money_format(json_integer_value(value), 1, text);
    fprintf(out, "  %-10s %14s", label, text);
}

static void print_kiosks(FILE *out, const json_t *kiosks)
{
    size_t index;
    json_t *kiosk, *balance;
    const char *account;
    json_array_foreach(kiosks, index, kiosk)
    {
        fprintf(out, "kiosk %s, acknowledged up to entry %lld\n", text_of(kiosk, "id"),
                (long long)json_integer_value(json_object_get(kiosk, "acked_seq")));
        if (text_of(kiosk, "root_date")[0] != '\0')
            fprintf(out, "  signed on %s up to entry %lld\n", text_of(kiosk, "root_date"),
                    (long long)json_integer_value(json_object_get(kiosk, "root_seq")));
        json_object_foreach(json_object_get(kiosk, "accounts"), account, balance)
        {
            print_money(out, account, balance);
            fputc('\n', out);
        }
    }
}

static void print_citizens(FILE *out, const json_t *citizens)
{
    size_t index;
    json_t *citizen;
    json_array_foreach(citizens, index, citizen)
    {
        fprintf(out, "account %s", text_of(citizen, "account"));
        print_money(out, "premium", json_object_get(citizen, "premium"));
        print_money(out, "surplus", json_object_get(citizen, "surplus"));
        fputc('\n', out);
    }
}

static void print_payments(FILE *out, const json_t *payments)
{
    size_t index;
    json_t *payment;
    json_array_foreach(payments, index, payment)
    {
        char at[CLOCK_ISO_SIZE];
        clock_format_iso(json_integer_value(json_object_get(payment, "at")), at);
        fprintf(out, "payment %s  %s  account %s", text_of(payment, "voucher"), at,
                text_of(payment, "account"));
        print_money(out, "paid", json_object_get(payment, "paid"));
        print_money(out, "applied", json_object_get(payment, "applied"));
        print_money(out, "surplus", json_object_get(payment, "surplus"));
        fprintf(out, "  %s, receipt %s\n", text_of(payment, "outcome"),
                text_of(payment, "receipt"));
    }
}

static void print_key_changes(FILE *out, const json_t *changes)
{
    size_t index;
    json_t *change;
    json_array_foreach(changes, index, change)
    {
        char at[CLOCK_ISO_SIZE];
        const char *old_key = text_of(change, "old_key");
        clock_format_iso(json_integer_value(json_object_get(change, "at")), at);
        fprintf(out,
                "root key of kiosk %s  %s  accepted by %s and %s: %s\n    was %s\n    is  %s\n",
                text_of(change, "kiosk"), at, text_of(change, "accepted_by"),
                text_of(change, "confirmed_by"), text_of(change, "why"),
                old_key[0] != '\0' ? old_key : "none", text_of(change, "new_key"));
    }
}

void ledger_print(FILE *out, const json_t *ledger)
{
    print_kiosks(out, json_object_get(ledger, "kiosks"));
    print_citizens(out, json_object_get(ledger, "citizens"));
    print_payments(out, json_object_get(ledger, "payments"));
    print_key_changes(out, json_object_get(ledger, "root_key_changes"));
    dead_letter_print_all(out, ledger, NULL);
    doubtful_report_print(out, json_object_get(ledger, "doubtful"), NULL);
}
