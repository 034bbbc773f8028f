#include "store/journal_registrations.h"

#include <jansson.h>

#include "base/text.h"
#include "store/journal_internal.h"

#define SQL_REGISTRATIONS                                                                          \
    "SELECT registration.seq, at, account, coalesce(reason, ''), txn FROM registration"            \
    " JOIN journal ON journal.seq = registration.seq"                                              \
    " LEFT JOIN rejected ON rejected.seq = registration.seq"

static enum status fill(const struct journal *journal, struct db_statement *row,
                        struct journal_registration *out)
{
    *out = (struct journal_registration){ .seq = db_column_int(row, 0),
                                          .at_ms = db_column_int(row, 1) };
    out->is_acked = out->seq <= journal->acked_seq;
    bool whole = text_copy(out->account, sizeof out->account, db_column_text(row, 2)) &&
                 text_copy(out->rejected, sizeof out->rejected, db_column_text(row, 3)) &&
                 text_copy(out->txn, sizeof out->txn, db_column_text(row, 4));
    return whole ? STATUS_OK : STATUS_CORRUPT;
}

enum status journal_find_registration(struct journal *journal, const char *person_hash,
                                      struct journal_registration *out)
{
    struct db_statement *statement;
    enum status status = db_prepare(
        journal->db, SQL_REGISTRATIONS " WHERE person = ?1 ORDER BY registration.seq DESC LIMIT 1",
        &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, person_hash);
    status = db_step(statement);
    if (status == STATUS_OK)
        status = fill(journal, statement, out);
    db_finalize(statement);
    return status;
}

enum status journal_list_registrations(struct journal *journal, bool rejected_only,
                                       journal_registration_fn *tell, void *context)
{
    struct db_statement *statement;
    enum status status = db_prepare(journal->db,
                                    rejected_only ? SQL_REGISTRATIONS
                                        " WHERE reason IS NOT NULL ORDER BY registration.seq"
                                                  : SQL_REGISTRATIONS " ORDER BY registration.seq",
                                    &statement);
    while (status == STATUS_OK && (status = db_step(statement)) == STATUS_OK) {
        struct journal_registration registration;
        status = fill(journal, statement, &registration);
        if (status == STATUS_OK)
            tell(context, &registration);
    }
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* A body that an older program wrote has no starts. */
static void tell_starts(const char *body, journal_start_fn *tell, void *context)
{
    json_t *root = json_loads(body, 0, NULL);
    const char *code;
    json_t *value;
    json_object_foreach(json_object_get(root, "starts"), code, value)
    {
        month_index month;
        if (json_is_string(value) && month_parse(json_string_value(value), &month) == STATUS_OK)
            tell(context, code, month);
    }
    json_decref(root);
}

enum status journal_list_starts(struct journal *journal, const char *person_hash,
                                journal_start_fn *tell, void *context)
{
    struct db_statement *statement;
    enum status status =
        db_prepare(journal->db,
                   "SELECT body FROM registration JOIN journal ON journal.seq = registration.seq"
                   " WHERE person = ?1 AND registration.seq NOT IN (SELECT seq FROM rejected)"
                   " ORDER BY registration.seq DESC LIMIT 1",
                   &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, person_hash);
    status = db_step(statement);
    if (status == STATUS_OK)
        tell_starts(db_column_text(statement, 0), tell, context);
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
