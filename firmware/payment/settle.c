#include "payment/settle.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

static const char *const OUTCOMES[] = {
    [SETTLE_COMPLETE] = "complete",   [SETTLE_ENDED_EARLY] = "ended_early",
    [SETTLE_TIMED_OUT] = "timed_out", [SETTLE_INTERRUPTED] = "interrupted",
    [SETTLE_CANCELLED] = "cancelled",
};
static_assert(ARRAY_SIZE(OUTCOMES) == SETTLE_OUTCOMES, "a word for each outcome");

const char *settle_outcome_name(enum settle_outcome outcome)
{
    CHECK((unsigned)outcome < SETTLE_OUTCOMES);
    return OUTCOMES[outcome];
}

void settle_compute(const int64_t *month_totals_fen, int months, int64_t paid_fen,
                    struct settlement *out)
{
    CHECK(paid_fen >= 0);
    *out = (struct settlement){ .paid_fen = paid_fen, .surplus_fen = paid_fen };
    for (int i = 0; i < months; i++) {
        CHECK(month_totals_fen[i] > 0);
        if (month_totals_fen[i] > out->surplus_fen)
            return;
        out->months_covered++;
        out->applied_fen += month_totals_fen[i];
        out->surplus_fen -= month_totals_fen[i];
    }
}

void settle_compute_whole(const int64_t *month_totals_fen, int months, int64_t paid_fen,
                          struct settlement *out)
{
    settle_compute(month_totals_fen, months, paid_fen, out);
    if (out->months_covered < months)
        *out = (struct settlement){ .paid_fen = paid_fen, .surplus_fen = paid_fen };
}

/* What the entries of one transaction say. */
struct reading {
    struct settle_record *record;
    bool has_quote, closed, bad;
    int64_t
        lost_fen; /* of the last note that may be anywhere; 0: it was proved, or there is none */
};

/* A note that may be anywhere counts with what it was worth in escrow, until word of it comes. */
static void read_unknown(struct reading *reading, const json_t *body)
{
    const char *why = json_string_value(json_object_get(body, "why"));
    int64_t value_fen = json_integer_value(json_object_get(body, "value"));
    bool is_lost = json_object_get(body, "box") == NULL;
    bool was_lost =
        why != NULL && strcmp(why, "proved_too_late") == 0 && value_fen == reading->lost_fen;
    if (is_lost)
        value_fen = why != NULL && strcmp(why, "fraud") == 0
                        ? 0
                        : json_integer_value(json_object_get(body, "escrow"));
    reading->record->unknown_notes++;
    reading->record->unknown_fen += was_lost ? 0 : value_fen;
    reading->lost_fen = is_lost ? value_fen : 0;
}

static void read_returned(struct reading *reading, const json_t *body)
{
    if (json_integer_value(json_object_get(body, "value")) != reading->lost_fen)
        return;
    reading->record->unknown_fen -= reading->lost_fen;
    reading->lost_fen = 0;
}

static bool read_month(struct settle_record *record, const json_t *item)
{
    const char *text = json_string_value(json_object_get(item, "month"));
    json_int_t amount_fen = json_integer_value(json_object_get(item, "amount"));
    int i = record->months;
    if (text == NULL || month_parse(text, &record->month[i]) != STATUS_OK)
        return false;
    if (amount_fen <= 0 || amount_fen > MONEY_FEN_MAX)
        return false;
    if (i > 0 && record->month[i] <= record->month[i - 1])
        return false;
    record->month_fen[i] = amount_fen;
    record->months++;
    return true;
}

static bool read_quote(struct settle_record *record, const json_t *body)
{
    const json_t *months = json_object_get(body, "months");
    size_t count = json_array_size(months);
    *record = (struct settle_record){ 0 };
    if (count < 1 || count > SETTLE_MONTHS_MAX)
        return false;
    int64_t total_fen = 0;
    for (size_t i = 0; i < count; i++) {
        if (!read_month(record, json_array_get(months, i)))
            return false;
        total_fen += record->month_fen[i];
    }
    record->is_whole = json_is_true(json_object_get(body, "whole"));
    record->due_fen = json_integer_value(json_object_get(body, "due"));
    return record->due_fen == total_fen;
}

static void read_closing(struct settle_record *record, const json_t *body,
                         const struct journal_entry *entry, bool cancelled)
{
    const char *outcome = json_string_value(json_object_get(body, cancelled ? "why" : "outcome"));
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    record->repeated = true;
    record->cancelled = cancelled;
    record->seq = entry->seq;
    record->at_ms = entry->at_ms;
    memcpy(record->hash, entry->hash, JOURNAL_HASH_SIZE);
    text_copy(record->outcome, sizeof(record->outcome), outcome ? outcome : "");
    text_copy(record->voucher, sizeof(record->voucher), voucher ? voucher : "");
    record->sum = (struct settlement){
        .paid_fen = json_integer_value(json_object_get(body, "paid")),
        .applied_fen = json_integer_value(json_object_get(body, "applied")),
        .surplus_fen = json_integer_value(json_object_get(body, "surplus")),
        .months_covered = (int)json_array_size(json_object_get(body, "months")),
    };
}

static bool is_kind(const struct journal_entry *entry, enum journal_kind kind)
{
    return strcmp(entry->kind, journal_kind_name(kind)) == 0;
}

static bool on_entry(void *context, const struct journal_entry *entry)
{
    struct reading *reading = context;
    json_t *body = json_loads(entry->body, 0, NULL);
    if (is_kind(entry, JOURNAL_QUOTE_ACCEPTED)) {
        reading->has_quote = true;
        reading->closed = false; /* a quote after a cancellation begins anew */
        reading->bad = !read_quote(reading->record, body);
    } else if (is_kind(entry, JOURNAL_PAYMENT_COMPLETED)) {
        reading->closed = true;
        read_closing(reading->record, body, entry, false);
    } else if (is_kind(entry, JOURNAL_NOTE_UNKNOWN)) {
        read_unknown(reading, body);
    } else if (is_kind(entry, JOURNAL_NOTE_RETURNED)) {
        read_returned(reading, body);
    } else if (is_kind(entry, JOURNAL_PAYMENT_CANCELLED)) {
        reading->closed = true;
        read_closing(reading->record, body, entry, true);
    }
    json_decref(body);
    return !reading->bad;
}

static json_t *covered_months(const struct settle_record *record)
{
    json_t *months = json_array();
    for (int i = 0; i < record->sum.months_covered; i++) {
        char text[MONTH_TEXT_SIZE];
        month_format(record->month[i], text);
        json_array_append_new(months, json_pack("{s:s, s:I}", "month", text, "amount",
                                                (json_int_t)record->month_fen[i]));
    }
    return months;
}

static void add_posting(struct journal_draft *draft, enum book_account to, int64_t amount_fen)
{
    if (amount_fen > 0)
        draft->postings[draft->posting_count++] = (struct journal_posting){
            .debit = BOOK_CITIZEN, .credit = to, .amount_fen = amount_fen
        };
}

static json_t *completed_body(const struct settle_record *record)
{
    return json_pack(
        "{s:I, s:I, s:I, s:I, s:s, s:s, s:o}", "paid", (json_int_t)record->sum.paid_fen, "applied",
        (json_int_t)record->sum.applied_fen, "surplus", (json_int_t)record->sum.surplus_fen, "due",
        (json_int_t)record->due_fen, "outcome", record->outcome, "voucher", record->voucher,
        "months", covered_months(record));
}

static enum status append_closing(struct journal *journal, const char *txn,
                                  struct settle_record *record)
{
    json_t *tree =
        record->cancelled ? json_pack("{s:s}", "why", record->outcome) : completed_body(record);
    char *body = json_dumps(tree, JSON_COMPACT);
    json_decref(tree);
    if (body == NULL)
        return STATUS_FULL;
    struct journal_draft draft = {
        .kind = record->cancelled ? JOURNAL_PAYMENT_CANCELLED : JOURNAL_PAYMENT_COMPLETED,
        .txn = txn,
        .body = body,
    };
    add_posting(&draft, BOOK_PREMIUM, record->sum.applied_fen);
    add_posting(&draft, BOOK_SURPLUS, record->sum.surplus_fen);
    enum status status = journal_append(journal, &draft, &record->seq);
    free(body);
    return status;
}

/* The next number; used up by the entry that closes the payment, so that none is lost between. */
static enum status name_voucher(struct journal *journal, const char *region, const char *device,
                                int64_t wall_ms, char out[VOUCHER_SIZE])
{
    int64_t serial = 0;
    enum status status = journal_peek_voucher(journal, &serial);
    if (status != STATUS_OK)
        return status;
    struct clock_civil civil = clock_civil_of(wall_ms);
    voucher_format(region, device, civil.year * 10000 + civil.month * 100 + civil.day, serial, out);
    return STATUS_OK;
}

static bool take_place(void *context, const struct journal_entry *entry)
{
    struct settle_record *record = context;
    record->at_ms = entry->at_ms;
    memcpy(record->hash, entry->hash, JOURNAL_HASH_SIZE);
    return false;
}

/* Time and place in the chain as recorded, so that a copy of the receipt says the same. */
static enum status read_place(struct journal *journal, struct settle_record *record)
{
    return journal_read(journal, record->seq, 1, take_place, record);
}

static void compute_sum(struct settle_record *record, int64_t paid_fen)
{
    if (record->is_whole)
        settle_compute_whole(record->month_fen, record->months, paid_fen, &record->sum);
    else
        settle_compute(record->month_fen, record->months, paid_fen, &record->sum);
}

enum status settle_transaction(struct journal *journal, const char *txn,
                               enum settle_outcome outcome, const char *region, const char *device,
                               const struct clock *clock, struct settle_record *out)
{
    *out = (struct settle_record){ 0 };
    struct reading reading = { .record = out };
    enum status status = journal_read_transaction(journal, txn, on_entry, &reading);
    if (status != STATUS_OK)
        return status;
    if (!reading.has_quote)
        return STATUS_NOT_FOUND;
    if (reading.bad) {
        log_error("payment", "quote_malformed", "quote_accepted of %s cannot be read", txn);
        return STATUS_INVALID;
    }
    if (reading.closed)
        return STATUS_OK;
    struct journal_transaction transaction;
    status = journal_find_transaction(journal, txn, &transaction);
    if (status != STATUS_OK)
        return status;
    if (transaction.escrow_fen > 0)
        return STATUS_BUSY;
    compute_sum(out, transaction.credited_fen);
    text_copy(out->outcome, sizeof(out->outcome), settle_outcome_name(outcome));
    out->cancelled = transaction.credited_fen == 0;
    out->at_ms = clock_wall_ms(clock);
    if (!out->cancelled)
        status = name_voucher(journal, region, device, out->at_ms, out->voucher);
    if (status != STATUS_OK)
        return status;
    status = append_closing(journal, txn, out);
    if (status != STATUS_OK) {
        out->voucher[0] = '\0'; /* not used up: the next slip gets it */
        return status;
    }
    log_info("payment", "settled", "%s %s: paid %lld, applied %lld, surplus %lld", txn,
             out->outcome, (long long)out->sum.paid_fen, (long long)out->sum.applied_fen,
             (long long)out->sum.surplus_fen);
    return read_place(journal, out);
}
