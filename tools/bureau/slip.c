#include "tools/bureau/slip.h"

#include <string.h>

#include "base/text.h"

enum status slip_find_key(struct bureau_store *reader, const char *kiosk,
                          uint8_t key[JOURNAL_ROOT_KEY_BYTES])
{
    struct db_statement *query;
    size_t size = 0;
    enum status status = db_prepare(reader->db, "SELECT root_key FROM kiosk WHERE id = ?1", &query);
    if (status != STATUS_OK)
        return status;
    db_bind_text(query, 1, kiosk);
    status = db_step(query);
    const void *found = status == STATUS_OK ? db_column_blob(query, 0, &size) : NULL;
    if (status == STATUS_OK && size != JOURNAL_ROOT_KEY_BYTES)
        status = STATUS_NOT_FOUND; /* the kiosk sent entries and has signed no day yet */
    else if (status == STATUS_OK)
        memcpy(key, found, size);
    db_finalize(query);
    return status;
}

static enum slip_verdict judge_signature(const struct statement *statement,
                                         const uint8_t key[JOURNAL_ROOT_KEY_BYTES])
{
    if (!statement_names_key(statement, key))
        return SLIP_KEY_FOREIGN;
    return statement_is_signed(statement, key) ? SLIP_HOLDS : SLIP_SIGNATURE_FALSE;
}

/* The books' entry is the one that was signed: same place, same hash, same sum. */
static bool is_same_payment(struct db_statement *row, const struct slip *slip)
{
    size_t size;
    const struct statement *statement = &slip->statement;
    const void *hash = db_column_blob(row, 5, &size);
    return db_column_int(row, 4) == statement->seq && slip->paid_fen == statement->paid_fen &&
           size >= sizeof statement->hash &&
           memcmp(hash, statement->hash, sizeof statement->hash) == 0;
}

static enum status read_payment(struct bureau_store *reader, const char *kiosk, struct slip *out)
{
    struct db_statement *row;
    enum status status =
        db_prepare(reader->db,
                   "SELECT paid, applied, surplus, receipt, payment.seq, hash FROM payment"
                   " JOIN entry ON entry.kiosk = payment.kiosk AND entry.seq = payment.seq"
                   " WHERE voucher = ?1 AND payment.kiosk = ?2",
                   &row);
    if (status != STATUS_OK)
        return status;
    db_bind_text(row, 1, out->statement.voucher);
    db_bind_text(row, 2, kiosk);
    status = db_step(row);
    if (status == STATUS_OK) {
        out->credited = true;
        out->paid_fen = db_column_int(row, 0);
        out->applied_fen = db_column_int(row, 1);
        out->surplus_fen = db_column_int(row, 2);
        text_copy(out->paper, sizeof out->paper, db_column_text(row, 3));
        if (!is_same_payment(row, out))
            out->verdict = SLIP_DIFFERS;
    }
    db_finalize(row);
    return status;
}

static enum status look_set_aside(struct bureau_store *reader, const char *kiosk, struct slip *out)
{
    struct db_statement *row;
    enum status status =
        db_prepare(reader->db, "SELECT 1 FROM dead_letter WHERE kiosk = ?1 AND seq = ?2", &row);
    if (status != STATUS_OK)
        return status;
    db_bind_text(row, 1, kiosk);
    db_bind_int(row, 2, out->statement.seq);
    status = db_step(row);
    out->was_set_aside = status == STATUS_OK;
    db_finalize(row);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status slip_judge(struct bureau_store *reader, const char *text, struct slip *out)
{
    uint8_t key[JOURNAL_ROOT_KEY_BYTES];
    char kiosk[VOUCHER_DEVICE_SIZE];
    *out = (struct slip){ .verdict = SLIP_MALFORMED };
    if (statement_parse(text, &out->statement) != STATUS_OK)
        return STATUS_OK;
    voucher_read_device(out->statement.voucher, kiosk);
    enum status status = slip_find_key(reader, kiosk, key);
    if (status == STATUS_NOT_FOUND) {
        out->verdict = SLIP_KIOSK_UNKNOWN;
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    out->verdict = judge_signature(&out->statement, key);
    if (out->verdict != SLIP_HOLDS)
        return STATUS_OK;
    status = read_payment(reader, kiosk, out);
    return status == STATUS_NOT_FOUND ? look_set_aside(reader, kiosk, out) : status;
}
