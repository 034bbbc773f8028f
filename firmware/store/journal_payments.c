#include "store/journal_payments.h"

#include "base/text.h"
#include "store/journal_internal.h"

#define SQL_PAYMENTS                                                                               \
    "SELECT payment.seq, txn, voucher, person, coalesce(sent, 0), coalesce(acked, 0),"             \
    " coalesce(reason, '') FROM payment LEFT JOIN delivery ON delivery.seq = payment.seq"          \
    " LEFT JOIN rejected ON rejected.seq = payment.seq"

static enum status fill(const struct journal *journal, struct db_statement *row,
                        struct journal_payment *out)
{
    *out = (struct journal_payment){
        .seq = db_column_int(row, 0),
        .sent_ms = db_column_int(row, 4),
        .acked_ms = db_column_int(row, 5),
    };
    out->is_acked = out->seq <= journal->acked_seq;
    if (!out->is_acked)
        out->acked_ms = 0; /* a bureau restored from a backup asks for it again */
    bool whole = text_copy(out->txn, sizeof out->txn, db_column_text(row, 1)) &&
                 text_copy(out->voucher, sizeof out->voucher, db_column_text(row, 2)) &&
                 text_copy(out->person, sizeof out->person, db_column_text(row, 3)) &&
                 text_copy(out->rejected, sizeof out->rejected, db_column_text(row, 6));
    return whole ? STATUS_OK : STATUS_CORRUPT;
}

enum status journal_list_payments(struct journal *journal, const char *person_hash, int count_max,
                                  journal_on_payment *on_payment, void *context)
{
    struct journal_payment payment;
    struct db_statement *statement;
    enum status status = db_prepare(
        journal->db, SQL_PAYMENTS " WHERE person = ?1 ORDER BY payment.seq DESC LIMIT ?2",
        &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, person_hash);
    db_bind_int(statement, 2, count_max);
    while ((status = db_step(statement)) == STATUS_OK) {
        status = fill(journal, statement, &payment);
        if (status != STATUS_OK || !on_payment(context, &payment))
            break;
    }
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status journal_find_payment(struct journal *journal, const char *voucher,
                                 struct journal_payment *out)
{
    struct db_statement *statement;
    enum status status = db_prepare(
        journal->db, SQL_PAYMENTS " WHERE voucher = ?1 AND voucher <> '' LIMIT 1", &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, voucher);
    status = db_step(statement);
    if (status == STATUS_OK)
        status = fill(journal, statement, out);
    db_finalize(statement);
    return status;
}

/* Which payments there are is read first: most batches hold none, and a commit costs a flush. */
static enum status has_news(struct journal *journal, int64_t first_seq, int64_t last_seq,
                            bool is_acked, bool *has_out)
{
    struct db_statement *statement;
    enum status status = db_prepare(
        journal->db,
        "SELECT 1 FROM payment LEFT JOIN delivery ON delivery.seq = payment.seq"
        " WHERE payment.seq BETWEEN ?1 AND ?2 AND (sent IS NULL OR (?3 AND acked = 0)) LIMIT 1",
        &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_int(statement, 1, first_seq);
    db_bind_int(statement, 2, last_seq);
    db_bind_int(statement, 3, is_acked);
    status = db_step(statement);
    *has_out = status == STATUS_OK;
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status write_delivery(struct journal *journal, int64_t first_seq, int64_t last_seq,
                                  bool is_acked)
{
    struct db_statement *statement;
    enum status status = db_prepare(
        journal->db,
        "INSERT INTO delivery SELECT seq, ?3, CASE WHEN ?4 THEN ?3 ELSE 0 END FROM payment"
        " WHERE seq BETWEEN ?1 AND ?2 ON CONFLICT(seq) DO UPDATE SET"
        " acked = CASE WHEN acked = 0 THEN excluded.acked ELSE acked END",
        &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_int(statement, 1, first_seq);
    db_bind_int(statement, 2, last_seq);
    db_bind_int(statement, 3, clock_wall_ms(journal->clock));
    db_bind_int(statement, 4, is_acked);
    status = db_run(statement);
    db_finalize(statement);
    return status;
}

enum status journal_note_delivery(struct journal *journal, int64_t first_seq, int64_t last_seq,
                                  bool is_acked)
{
    bool has = false;
    enum status status = has_news(journal, first_seq, last_seq, is_acked, &has);
    if (status != STATUS_OK || !has)
        return status;
    status = journal_begin(journal);
    if (status != STATUS_OK)
        return status;
    return journal_end(journal, write_delivery(journal, first_seq, last_seq, is_acked));
}

enum status journal_note_sent(struct journal *journal, int64_t first_seq, int64_t last_seq)
{
    return journal_note_delivery(journal, first_seq, last_seq, false);
}
