#include "store/journal_closing.h"

#include "base/text.h"
#include "store/journal_internal.h"
#include <stdlib.h>
#include <string.h>

#define SQL_CLOSINGS "FROM slip JOIN visit USING(txn) WHERE paper = '" JOURNAL_PAPER_CLOSING "'"

void journal_closing_voucher(int number, char out[JOURNAL_CLOSING_VOUCHER_SIZE])
{
    text_format(out, JOURNAL_CLOSING_VOUCHER_SIZE, "Z%06d", number);
}

static bool read_number(const char *voucher, int *number_out)
{
    char again[JOURNAL_CLOSING_VOUCHER_SIZE];
    long number = voucher[0] == 'Z' ? strtol(voucher + 1, NULL, 10) : 0;
    if (number < 1 || number > JOURNAL_CLOSING_MAX)
        return false;
    *number_out = (int)number;
    journal_closing_voucher(*number_out, again);
    return strcmp(again, voucher) == 0;
}

static enum journal_closing_state read_state(const char *state)
{
    if (strcmp(state, "printed") == 0)
        return JOURNAL_CLOSING_PRINTED;
    if (strcmp(state, "sending") == 0)
        return JOURNAL_CLOSING_SENDING;
    return strcmp(state, "unknown") == 0 ? JOURNAL_CLOSING_UNKNOWN : JOURNAL_CLOSING_NOT_OUT;
}

enum status journal_closing_find(struct journal *journal, int64_t before_seq,
                                 struct journal_closing *out)
{
    struct db_statement *statement;
    enum status status = db_prepare(journal->db,
                                    "SELECT txn, voucher, state, first_seq " SQL_CLOSINGS
                                    " AND first_seq < ?1 ORDER BY first_seq DESC LIMIT 1",
                                    &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_int(statement, 1, before_seq);
    status = db_step(statement);
    if (status == STATUS_OK) {
        *out = (struct journal_closing){ .state = read_state(db_column_text(statement, 2)),
                                         .seq = db_column_int(statement, 3) };
        if (!text_copy(out->txn, sizeof out->txn, db_column_text(statement, 0)) ||
            !read_number(db_column_text(statement, 1), &out->number))
            status = STATUS_CORRUPT;
    }
    db_finalize(statement);
    return status;
}

enum status journal_closing_is_due(struct journal *journal, int64_t after_seq, bool *due_out)
{
    struct db_statement *statement;
    enum status status =
        db_prepare(journal->db,
                   "SELECT EXISTS(SELECT 1 FROM journal WHERE seq > ?1 AND kind <> 'day_root'"
                   " AND txn NOT IN (SELECT txn " SQL_CLOSINGS "))",
                   &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_int(statement, 1, after_seq);
    status = db_step(statement);
    if (status == STATUS_OK)
        *due_out = db_column_int(statement, 0) != 0;
    db_finalize(statement);
    return status;
}

enum status journal_cash_units(struct journal *journal,
                               struct journal_cash_unit out[JOURNAL_CASH_UNITS_MAX], int *count_out)
{
    struct db_statement *statement;
    enum status status =
        db_prepare(journal->db,
                   "SELECT CAST(substr(name, length('" TALLY_UNIT "') + 1) AS INTEGER), value"
                   " FROM tally WHERE name GLOB '" TALLY_UNIT "*' ORDER BY 1 DESC",
                   &statement);
    if (status != STATUS_OK)
        return status;
    *count_out = 0;
    while ((status = db_step(statement)) == STATUS_OK && *count_out < JOURNAL_CASH_UNITS_MAX)
        out[(*count_out)++] =
            (struct journal_cash_unit){ db_column_int(statement, 0), db_column_int(statement, 1) };
    db_finalize(statement);
    if (status == STATUS_OK)
        return STATUS_FULL;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
