#include "tools/bureau/doubtful_report.h"

#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"

static const char OF_ALL_KIOSKS[] =
    "SELECT kiosk, seq, at, txn, kind, body FROM entry WHERE kind IN ('note_unknown',"
    " 'note_returned', 'counter_mismatch', 'device_swapped', 'dataset_changed', 'box_event',"
    " 'receipt_state') ORDER BY kiosk, seq";

static json_t *item_json(const char *kiosk, const struct doubtful_item *item)
{
    return json_pack("{s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:s, s:s, s:I, s:s,"
                     " s:s, s:s}",
                     "kiosk", kiosk, "seq", (json_int_t)item->seq, "at", (json_int_t)item->at_ms,
                     "kind", item->kind, "txn", item->txn, "slip", item->slip, "slip_state",
                     item->slip_state, "voucher", item->voucher, "value",
                     (json_int_t)item->value_fen, "may_be", (json_int_t)item->escrow_fen, "in_box",
                     item->in_box, "expected", item->expected, "found", item->found, "answered_by",
                     (json_int_t)item->answered_by, "word", item->remedy->word, "en",
                     item->remedy->en, "zh", item->remedy->zh);
}

void doubtful_report_add(json_t *list, const char *kiosk, const struct doubtful *items,
                         const char *code)
{
    for (int i = 0; i < items->count; i++)
        if (code == NULL || doubtful_has_code(&items->items[i], code))
            json_array_append_new(list, item_json(kiosk, &items->items[i]));
}

static void read_row(struct db_statement *row, struct journal_entry *out, char *body, size_t size)
{
    *out = (struct journal_entry){ .seq = db_column_int(row, 1),
                                   .at_ms = db_column_int(row, 2),
                                   .body = body };
    text_copy(out->txn, sizeof out->txn, db_column_text(row, 3));
    text_copy(out->kind, sizeof out->kind, db_column_text(row, 4));
    text_copy(body, size, db_column_text(row, 5));
}

enum status doubtful_report_build(struct bureau_store *reader, const char *code, json_t **list_out)
{
    struct db_statement *row;
    struct doubtful items;
    char kiosk[BUREAU_KIOSK_SIZE] = "", body[JOURNAL_BODY_SIZE_MAX + 1];
    *list_out = NULL;
    enum status status = db_prepare(reader->db, OF_ALL_KIOSKS, &row);
    if (status != STATUS_OK)
        return status;
    *list_out = json_array();
    doubtful_init(&items);
    while ((status = db_step(row)) == STATUS_OK) {
        struct journal_entry entry;
        if (strcmp(kiosk, db_column_text(row, 0)) != 0) {
            doubtful_report_add(*list_out, kiosk, &items, code);
            doubtful_deinit(&items);
            text_copy(kiosk, sizeof kiosk, db_column_text(row, 0));
        }
        read_row(row, &entry, body, sizeof body);
        doubtful_add(&items, &entry);
    }
    doubtful_report_add(*list_out, kiosk, &items, code);
    doubtful_deinit(&items);
    db_finalize(row);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* ---- as text ---- */

static const char *text_of(const json_t *item, const char *member)
{
    const char *text = json_string_value(json_object_get(item, member));
    return text ? text : "";
}

static int64_t int_of(const json_t *item, const char *member)
{
    return json_integer_value(json_object_get(item, member));
}

static const char *yuan(int64_t fen, char text[MONEY_TEXT_SIZE])
{
    money_format(fen, 1, text);
    return text;
}

static void print_facts(FILE *out, const json_t *item)
{
    char text[MONEY_TEXT_SIZE];
    if (int_of(item, "value") > 0)
        fprintf(out, ", %s yuan in the box", yuan(int_of(item, "value"), text));
    else if (json_is_true(json_object_get(item, "in_box")))
        fputs(", a note of unknown value in the box", out);
    else if (int_of(item, "may_be") > 0)
        fprintf(out, ", a note of %s yuan that may be in the box",
                yuan(int_of(item, "may_be"), text));
    if (text_of(item, "found")[0] != '\0')
        fprintf(out, ", expected %s, found %s", text_of(item, "expected"), text_of(item, "found"));
}

static void print_numbers(FILE *out, const json_t *item)
{
    if (text_of(item, "slip")[0] != '\0')
        fprintf(out, "    slip %s (%s)\n", text_of(item, "slip"), text_of(item, "slip_state"));
    else if (text_of(item, "txn")[0] != '\0' && strcmp(text_of(item, "kind"), "note_unknown") == 0)
        fputs("    slip: not printed yet\n", out);
    if (text_of(item, "voucher")[0] != '\0')
        fprintf(out, "    receipt of the payment %s\n", text_of(item, "voucher"));
}

static void print_item(FILE *out, const json_t *item)
{
    char at[CLOCK_ISO_SIZE];
    const char *kiosk = text_of(item, "kiosk"), *txn = text_of(item, "txn");
    clock_format_iso(int_of(item, "at"), at);
    fputs("doubtful: ", out);
    if (kiosk[0] != '\0')
        fprintf(out, "kiosk %s ", kiosk);
    fprintf(out, "entry %lld, %s, %s (%s)", (long long)int_of(item, "seq"), at,
            text_of(item, "kind"), text_of(item, "word"));
    if (txn[0] != '\0')
        fprintf(out, " of visit %s", txn);
    print_facts(out, item);
    if (int_of(item, "answered_by") > 0)
        fprintf(out, "; answered by entry %lld", (long long)int_of(item, "answered_by"));
    fputc('\n', out);
    print_numbers(out, item);
    if (int_of(item, "answered_by") == 0)
        fprintf(out, "    %s\n    %s\n", text_of(item, "en"), text_of(item, "zh"));
}

void doubtful_report_print(FILE *out, const json_t *list, const char *kiosk)
{
    char text[MONEY_TEXT_SIZE];
    int open_count = 0, count = 0;
    int64_t open_fen = 0;
    size_t index;
    json_t *item;
    json_array_foreach(list, index, item)
    {
        if (kiosk && strcmp(kiosk, text_of(item, "kiosk")) != 0)
            continue;
        print_item(out, item);
        count++;
        open_count += int_of(item, "answered_by") == 0;
        open_fen += int_of(item, "answered_by") == 0 ? int_of(item, "value") : 0;
    }
    if (count > 0)
        fprintf(out, "doubtful: %d of %d open, %s yuan of them in the box\n", open_count, count,
                yuan(open_fen, text));
}

static enum status print_visit(FILE *out, struct bureau_store *reader, const char *kiosk,
                               const char *txn)
{
    struct db_statement *row;
    enum status status =
        db_prepare(reader->db,
                   "SELECT seq, at, kind, CASE WHEN json_valid(body) THEN coalesce("
                   "json_extract(body, '$.value'), json_extract(body, '$.paid'),"
                   " json_extract(body, '$.due'), -1) ELSE -1 END FROM entry"
                   " WHERE kiosk = ?1 AND txn = ?2 ORDER BY seq",
                   &row);
    if (status != STATUS_OK)
        return status;
    db_bind_text(row, 1, kiosk);
    db_bind_text(row, 2, txn);
    fprintf(out, "visit %s at kiosk %s\n", txn, kiosk);
    while ((status = db_step(row)) == STATUS_OK) {
        char at[CLOCK_ISO_SIZE], text[MONEY_TEXT_SIZE] = "";
        int64_t fen = db_column_int(row, 3);
        clock_format_iso(db_column_int(row, 1), at);
        if (fen >= 0 && fen <= MONEY_FEN_MAX)
            money_format(fen, 1, text);
        fprintf(out, "  entry %lld  %s  %-18s %s\n", (long long)db_column_int(row, 0), at,
                db_column_text(row, 2), text);
    }
    db_finalize(row);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static bool is_same_visit(const json_t *a, const json_t *b)
{
    return strcmp(text_of(a, "kiosk"), text_of(b, "kiosk")) == 0 &&
           strcmp(text_of(a, "txn"), text_of(b, "txn")) == 0;
}

enum status doubtful_report_print_visits(FILE *out, struct bureau_store *reader, const json_t *list)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < json_array_size(list) && status == STATUS_OK; i++) {
        const json_t *item = json_array_get(list, i);
        bool is_told = text_of(item, "txn")[0] == '\0';
        for (size_t k = 0; k < i; k++)
            is_told |= is_same_visit(item, json_array_get(list, k));
        if (!is_told)
            status = print_visit(out, reader, text_of(item, "kiosk"), text_of(item, "txn"));
    }
    return status;
}
