#include "inquiry/inquiry.h"

#include <jansson.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

#define HASH16_BYTES 8

struct reader {
    struct inquiry_record *record;
    struct inquiry_payment *payment;
    const char *hash16; /* NULL: whoever asks has proved to be the payer */
    bool tells_money;
    json_t *quote;     /* the last one before the payment */
    json_t *completed; /* the closing entry */
};

static bool take_entry(void *context, const struct journal_entry *entry)
{
    struct reader *reader = context;
    char hex[2 * HASH16_BYTES + 1];
    if (strcmp(entry->kind, journal_kind_name(JOURNAL_QUOTE_ACCEPTED)) == 0) {
        json_decref(reader->quote);
        reader->quote = json_loads(entry->body, JSON_REJECT_DUPLICATES, NULL);
    }
    if (strcmp(entry->kind, journal_kind_name(JOURNAL_PAYMENT_COMPLETED)) == 0) {
        json_decref(reader->completed);
        reader->completed = json_loads(entry->body, JSON_REJECT_DUPLICATES, NULL);
        bytes_to_hex(entry->hash, HASH16_BYTES, hex);
        reader->tells_money = !reader->hash16 || strcmp(reader->hash16, hex) == 0;
        reader->payment->lit_ms[INQUIRY_TAKEN] = entry->at_ms;
    }
    return true;
}

static bool covers(const json_t *months, const char *month)
{
    size_t index;
    json_t *item;
    json_array_foreach(months, index, item)
    {
        const char *text = json_string_value(json_object_get(item, "month"));
        if (text && strcmp(text, month) == 0)
            return true;
    }
    return false;
}

static bool is_difference(const char *kind)
{
    return kind && strcmp(kind, "difference") == 0;
}

static void take_line(struct reader *reader, const json_t *line)
{
    struct inquiry_record *record = reader->record;
    struct inquiry_month *out = &record->months[record->month_count];
    const char *month = json_string_value(json_object_get(line, "month"));
    const char *insurance = json_string_value(json_object_get(line, "insurance"));
    const char *code = json_string_value(json_object_get(line, "code"));
    if (!month || !covers(json_object_get(reader->completed, "months"), month))
        return;
    if (record->month_count == INQUIRY_MONTHS_MAX) {
        record->more = true;
        return;
    }
    *out = (struct inquiry_month){
        .payment = (int)(reader->payment - record->payments),
        .base_fen = json_integer_value(json_object_get(line, "base")),
        .amount_fen = json_integer_value(json_object_get(line, "amount")),
        .is_difference = is_difference(json_string_value(json_object_get(line, "kind"))),
        .grade = (int)json_integer_value(json_object_get(line, "grade")),
    };
    if (month_parse(month, &out->month) == STATUS_OK &&
        text_copy(out->insurance, sizeof out->insurance, insurance ? insurance : "") &&
        text_copy(out->code, sizeof out->code, code ? code : ""))
        record->month_count++;
}

static void take_sums(struct reader *reader)
{
    struct inquiry_payment *payment = reader->payment;
    size_t index;
    json_t *line;
    payment->paid_fen = json_integer_value(json_object_get(reader->completed, "paid"));
    payment->applied_fen = json_integer_value(json_object_get(reader->completed, "applied"));
    payment->surplus_fen = json_integer_value(json_object_get(reader->completed, "surplus"));
    json_array_foreach(json_object_get(reader->quote, "lines"), index, line)
        take_line(reader, line);
}

/* Booked and acknowledged is the bureau's last word, as far as a kiosk hears it: what it could not
 * book it names with the acknowledgement. */
static void light(struct inquiry_payment *payment, const struct journal_payment *found)
{
    payment->lit[INQUIRY_TAKEN] = true;
    payment->lit[INQUIRY_SENT] = found->sent_ms > 0 || found->is_acked;
    payment->lit_ms[INQUIRY_SENT] = found->sent_ms;
    payment->lit[INQUIRY_RECEIVED] = found->is_acked;
    payment->lit_ms[INQUIRY_RECEIVED] = found->acked_ms;
    text_copy(payment->rejected, sizeof payment->rejected, found->rejected);
}

static enum status add_payment(struct journal *journal, const struct journal_payment *found,
                               const char *hash16, const char *kiosk_id,
                               struct inquiry_record *record)
{
    struct inquiry_payment *payment = &record->payments[record->payment_count];
    struct reader reader = { .record = record, .payment = payment, .hash16 = hash16 };
    *payment = (struct inquiry_payment){
        .is_own = true,
        .paid_fen = INQUIRY_NOT_TOLD,
        .applied_fen = INQUIRY_NOT_TOLD,
        .surplus_fen = INQUIRY_NOT_TOLD,
    };
    text_copy(payment->voucher, sizeof payment->voucher, found->voucher);
    text_copy(payment->kiosk, sizeof payment->kiosk, kiosk_id);
    text_copy(payment->txn, sizeof payment->txn, found->txn);
    light(payment, found);
    enum status status = journal_read_payment(journal, found, take_entry, &reader);
    if (status == STATUS_OK && reader.tells_money)
        take_sums(&reader);
    json_decref(reader.quote);
    json_decref(reader.completed);
    if (status == STATUS_OK)
        record->payment_count++;
    return status;
}

struct list {
    struct journal *journal;
    const char *kiosk_id;
    struct inquiry_record *record;
    enum status status;
};

static bool take_payment(void *context, const struct journal_payment *found)
{
    struct list *list = context;
    if (list->record->payment_count == INQUIRY_PAYMENTS_MAX) {
        list->record->more = true;
        return false;
    }
    list->status = add_payment(list->journal, found, NULL, list->kiosk_id, list->record);
    return list->status == STATUS_OK;
}

enum status inquiry_read_own(struct journal *journal, const char *person_hash, const char *kiosk_id,
                             int64_t now_ms, struct inquiry_record *out)
{
    struct list list = { .journal = journal, .kiosk_id = kiosk_id, .record = out };
    memset(out, 0, sizeof *out);
    out->as_of_ms = now_ms;
    enum status status =
        journal_list_payments(journal, person_hash, INQUIRY_PAYMENTS_MAX + 1, take_payment, &list);
    return status == STATUS_OK ? list.status : status;
}

enum status inquiry_find_own(struct journal *journal, const char *voucher, const char *hash16,
                             const char *kiosk_id, int64_t now_ms, struct inquiry_record *out)
{
    struct journal_payment found;
    memset(out, 0, sizeof *out);
    out->as_of_ms = now_ms;
    enum status status = journal_find_payment(journal, voucher, &found);
    return status == STATUS_OK ? add_payment(journal, &found, hash16, kiosk_id, out) : status;
}
