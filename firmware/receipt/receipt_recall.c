#include "receipt/receipt_recall.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/money.h"
#include "base/text.h"

struct text_field {
    const char *name;
    size_t at, size;
};

#define FIELD(type, name, member)                                                                  \
    {                                                                                              \
        name, offsetof(type, member), sizeof(((type *)0)->member)                                  \
    }
#define FACT(name, member) FIELD(struct receipt_facts, name, member)

static const struct text_field TEXTS[] = {
    FACT("bureau", bureau[0]),
    FACT("bureau_en", bureau[1]),
    FACT("place", place[0]),
    FACT("place_en", place[1]),
    FACT("kiosk", kiosk_id),
    FACT("phone", service_phone),
    FACT("hotlines", hotlines[0]),
    FACT("hotlines_en", hotlines[1]),
    FACT("window", window[0]),
    FACT("window_en", window[1]),
    FACT("name", name_masked),
    FACT("number", number_masked),
    FACT("account", account_number),
    FACT("policy", policy_id),
    FACT("sources", sources),
    FACT("collector", collector[0]),
    FACT("collector_en", collector[1]),
    FACT("surplus_rule", surplus_rule[0]),
    FACT("surplus_rule_en", surplus_rule[1]),
    FACT("verify", verify),
};

static const struct text_field LINE_TEXTS[] = {
    FIELD(struct receipt_line, "name", name[0]),
    FIELD(struct receipt_line, "name_en", name[1]),
};

static const char *const PAPERS[] = {
    [RECEIPT_PAYMENT] = JOURNAL_PAPER_PAYMENT,
    [RECEIPT_REGISTRATION] = JOURNAL_PAPER_REGISTRATION,
    [RECEIPT_INTERRUPTED] = JOURNAL_PAPER_INTERRUPTED,
    [RECEIPT_UNKNOWN_NOTE] = JOURNAL_PAPER_UNKNOWN_NOTE,
    [RECEIPT_INQUIRY] = JOURNAL_PAPER_INQUIRY,
    [RECEIPT_REFUSAL] = JOURNAL_PAPER_REFUSAL,
    [RECEIPT_PLAN] = JOURNAL_PAPER_PLAN,
    [RECEIPT_CLOSING] = JOURNAL_PAPER_CLOSING,
};

const char *receipt_paper_name(enum receipt_kind kind)
{
    CHECK((size_t)kind < ARRAY_SIZE(PAPERS));
    return PAPERS[kind];
}

/* ---- into the journal ---- */

static void write_texts(json_t *object, const void *from, const struct text_field *fields,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = (const char *)from + fields[i].at;
        if (text[0] != '\0')
            json_object_set_new(object, fields[i].name, json_string(text));
    }
}

static json_t *write_line(const struct receipt_line *line)
{
    char first[MONTH_TEXT_SIZE], last[MONTH_TEXT_SIZE];
    month_format(line->first, first);
    month_format(line->last, last);
    json_t *object =
        json_pack("{s:s, s:s, s:I, s:i, s:I, s:I}", "first", first, "last", last, "base",
                  (json_int_t)line->base_fen, "rate", (int)line->rate, "amount",
                  (json_int_t)line->amount_fen, "own", (json_int_t)line->account_fen);
    if (line->surcharge_fen > 0)
        json_object_set_new(object, "surcharge", json_integer(line->surcharge_fen));
    if (line->is_difference)
        json_object_set_new(object, "difference", json_true());
    if (line->is_mixed)
        json_object_set_new(object, "mixed", json_true());
    write_texts(object, line, LINE_TEXTS, ARRAY_SIZE(LINE_TEXTS));
    return object;
}

static void write_next(json_t *slip, const struct receipt_facts *facts)
{
    char month[MONTH_TEXT_SIZE];
    if (facts->next_month == 0)
        return;
    month_format(facts->next_month, month);
    json_object_set_new(slip, "next", json_string(month));
    json_object_set_new(slip, "next_date", json_integer(facts->next_date));
    json_object_set_new(slip, "next_late", json_boolean(facts->next_is_late));
}

static const struct text_field NOTE_TEXTS[] = {
    FIELD(struct receipt_note, "zh", zh),
    FIELD(struct receipt_note, "en", en),
    FIELD(struct receipt_note, "value", value),
};

static json_t *write_notes(const struct receipt_facts *facts)
{
    json_t *notes = json_array();
    for (int i = 0; i < facts->note_count; i++) {
        json_t *note = json_object();
        write_texts(note, &facts->notes[i], NOTE_TEXTS, ARRAY_SIZE(NOTE_TEXTS));
        json_array_append_new(notes, note);
    }
    return notes;
}

json_t *receipt_recall_write(const struct receipt_facts *facts)
{
    json_t *slip =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:b, s:i}", "at", (json_int_t)facts->at_ms, "due",
                  (json_int_t)facts->due_fen, "paid", (json_int_t)facts->paid_fen, "applied",
                  (json_int_t)facts->applied_fen, "surplus", (json_int_t)facts->surplus_fen,
                  "partial", facts->partial, "revision", facts->policy_revision);
    json_t *lines = json_array();
    for (int i = 0; i < facts->line_count; i++)
        json_array_append_new(lines, write_line(&facts->lines[i]));
    write_texts(slip, facts, TEXTS, ARRAY_SIZE(TEXTS));
    json_object_set_new(slip, "lines", lines);
    write_next(slip, facts);
    if (facts->proof != RECEIPT_PROOF_SLIP)
        json_object_set_new(slip, "proof", json_integer((json_int_t)facts->proof));
    if (facts->note_count > 0)
        json_object_set_new(slip, "notes", write_notes(facts));
    return slip;
}

/* ---- out of it ---- */

static bool read_texts(const json_t *object, void *into, const struct text_field *fields,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const json_t *text = json_object_get(object, fields[i].name);
        if (!text)
            continue;
        if (!json_is_string(text) ||
            !text_copy((char *)into + fields[i].at, fields[i].size, json_string_value(text)))
            return false;
    }
    return true;
}

static bool read_whole(const json_t *object, const char *name, int64_t max, int64_t *out)
{
    const json_t *value = json_object_get(object, name);
    *out = json_integer_value(value);
    return json_is_integer(value) && *out >= 0 && *out <= max;
}

static bool read_fen(const json_t *object, const char *name, int64_t *fen_out)
{
    return read_whole(object, name, MONEY_FEN_MAX, fen_out);
}

/* Slips from before there was such a member have none. */
static bool read_optional(const json_t *object, const char *name, int64_t max, int64_t *out)
{
    *out = 0;
    return !json_object_get(object, name) || read_whole(object, name, max, out);
}

static bool read_month(const json_t *object, const char *name, month_index *out)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text && month_parse(text, out) == STATUS_OK;
}

static bool read_line(const json_t *object, struct receipt_line *out)
{
    int64_t rate;
    bool whole = read_month(object, "first", &out->first) &&
                 read_month(object, "last", &out->last) &&
                 read_fen(object, "base", &out->base_fen) &&
                 read_whole(object, "rate", MONEY_RATE_ONE, &rate) &&
                 read_fen(object, "amount", &out->amount_fen) &&
                 read_fen(object, "own", &out->account_fen) &&
                 read_optional(object, "surcharge", MONEY_FEN_MAX, &out->surcharge_fen) &&
                 read_texts(object, out, LINE_TEXTS, ARRAY_SIZE(LINE_TEXTS));
    out->is_difference = json_is_true(json_object_get(object, "difference"));
    out->is_mixed = json_is_true(json_object_get(object, "mixed"));
    if (whole)
        out->rate = (int32_t)rate;
    return whole;
}

static bool read_lines(const json_t *lines, struct receipt_facts *out)
{
    size_t count = json_array_size(lines);
    if (!json_is_array(lines) || count > RECEIPT_LINES_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_line(json_array_get(lines, i), &out->lines[i]))
            return false;
    out->line_count = (int)count;
    return true;
}

static bool read_next(const json_t *slip, struct receipt_facts *out)
{
    int64_t date, proof;
    bool whole = read_optional(slip, "next_date", 29991231, &date) &&
                 read_optional(slip, "proof", RECEIPT_PROOFS - 1, &proof) &&
                 (!json_object_get(slip, "next") || read_month(slip, "next", &out->next_month));
    out->next_is_late = json_is_true(json_object_get(slip, "next_late"));
    if (whole) {
        out->next_date = (int32_t)date;
        out->proof = (enum receipt_proof)proof;
    }
    return whole;
}

/* Slips of older programs have none. */
static bool read_notes(const json_t *notes, struct receipt_facts *out)
{
    size_t count = json_array_size(notes);
    if (count > RECEIPT_NOTES_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!read_texts(json_array_get(notes, i), &out->notes[i], NOTE_TEXTS,
                        ARRAY_SIZE(NOTE_TEXTS)))
            return false;
    out->note_count = (int)count;
    return true;
}

bool receipt_recall_read(const json_t *slip, struct receipt_facts *out)
{
    int64_t revision;
    *out = (struct receipt_facts){ .partial = json_is_true(json_object_get(slip, "partial")) };
    bool whole = read_whole(slip, "at", INT64_MAX, &out->at_ms) &&
                 read_fen(slip, "due", &out->due_fen) && read_fen(slip, "paid", &out->paid_fen) &&
                 read_fen(slip, "applied", &out->applied_fen) &&
                 read_fen(slip, "surplus", &out->surplus_fen) &&
                 read_whole(slip, "revision", INT32_MAX, &revision) &&
                 read_texts(slip, out, TEXTS, ARRAY_SIZE(TEXTS)) &&
                 read_lines(json_object_get(slip, "lines"), out) &&
                 read_notes(json_object_get(slip, "notes"), out) && read_next(slip, out);
    if (whole)
        out->policy_revision = (int)revision;
    return whole;
}

/* ---- by voucher ---- */

struct search {
    const char *voucher;
    struct receipt_facts *out;
    enum status status;
    int copy;
};

static bool find_kind(const char *paper, enum receipt_kind *kind_out)
{
    for (size_t i = 0; paper && i < ARRAY_SIZE(PAPERS); i++) {
        if (i == RECEIPT_CLOSING || strcmp(paper, PAPERS[i]) != 0) /* of the entries, not a slip */
            continue;
        *kind_out = (enum receipt_kind)i;
        return true;
    }
    return false;
}

static void take_slip(struct search *search, const json_t *body, const json_t *slip)
{
    enum receipt_kind kind;
    bool whole = receipt_recall_read(slip, search->out) &&
                 find_kind(json_string_value(json_object_get(body, "paper")), &kind);
    search->status = whole ? STATUS_OK : STATUS_CORRUPT;
    if (whole)
        search->out->kind = kind;
}

static void count_copy(struct search *search, const json_t *body)
{
    const char *state = json_string_value(json_object_get(body, "state"));
    json_int_t copy = json_integer_value(json_object_get(body, "copy"));
    if (state && strcmp(state, "sending") == 0 && copy >= search->copy && copy < INT32_MAX)
        search->copy = (int)copy + 1;
}

static bool look_at_entry(void *context, const struct journal_entry *entry)
{
    struct search *search = context;
    if (strcmp(entry->kind, journal_kind_name(JOURNAL_RECEIPT_STATE)) != 0)
        return true;
    json_t *body = json_loads(entry->body, 0, NULL);
    const char *voucher = json_string_value(json_object_get(body, "voucher"));
    if (voucher && strcmp(voucher, search->voucher) == 0) {
        const json_t *slip = json_object_get(body, "slip");
        if (slip && search->status == STATUS_NOT_FOUND)
            take_slip(search, body, slip);
        count_copy(search, body);
    }
    json_decref(body);
    return search->status != STATUS_CORRUPT;
}

enum status receipt_recall(struct journal *journal, const char *txn, const char *voucher,
                           struct receipt_facts *out)
{
    struct search search = { .voucher = voucher, .out = out, .status = STATUS_NOT_FOUND };
    *out = (struct receipt_facts){ 0 };
    if (voucher[0] == '\0')
        return STATUS_NOT_FOUND;
    enum status status = journal_read_transaction(journal, txn, look_at_entry, &search);
    if (status == STATUS_OK)
        status = search.status;
    bool fits = text_copy(out->voucher, sizeof out->voucher, voucher) &&
                text_copy(out->txn, sizeof out->txn, txn);
    if (status == STATUS_OK && !fits)
        status = STATUS_CORRUPT;
    if (status != STATUS_OK) {
        bytes_wipe(out, sizeof *out);
        return status;
    }
    out->copy = search.copy;
    out->is_recorded = true;
    return STATUS_OK;
}
