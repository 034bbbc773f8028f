#include "payment/cash_note.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/log.h"
#include "base/text.h"

/* A hint where to start reading, so that a start does not walk years of entries. An old hint costs
 * time only: reading goes on to the end. */
#define FACT_NOTE_SEQ "acceptor.note_seq"

struct note_kind {
    enum journal_kind kind;
    enum cash_note_state state;
};

static const struct note_kind KINDS[] = {
    { JOURNAL_NOTE_ESCROWED, CASH_NOTE_ESCROWED },
    { JOURNAL_NOTE_CREDITED, CASH_NOTE_CREDITED },
    { JOURNAL_NOTE_RETURNED, CASH_NOTE_RETURNED },
    { JOURNAL_NOTE_UNKNOWN, CASH_NOTE_UNKNOWN },
};

static enum cash_claim_kind parse_claim(const char *word)
{
    for (int i = 0; word != NULL && i < CASH_CLAIMS; i++) {
        if (strcmp(word, cash_claim_name((enum cash_claim_kind)i)) == 0)
            return (enum cash_claim_kind)i;
    }
    return CASH_CLAIM_STACKED;
}

static void parse_note(const struct journal_entry *entry, enum cash_note_state state,
                       struct cash_note *out)
{
    json_t *body = json_loads(entry->body, 0, NULL);
    const char *serial = json_string_value(json_object_get(body, "acceptor"));
    const json_t *stacked = json_object_get(body, "stacked");
    *out = (struct cash_note){
        .state = state,
        .by = parse_claim(json_string_value(json_object_get(body, "by"))),
        .value_fen = json_integer_value(json_object_get(body, "value")),
        .escrow_fen = json_integer_value(json_object_get(body, "escrow")),
        .stacked = json_is_integer(stacked) ? json_integer_value(stacked) : -1,
        .in_box = json_object_get(body, "box") != NULL,
    };
    text_copy(out->txn, sizeof(out->txn), entry->txn);
    text_copy(out->serial, sizeof(out->serial), serial != NULL ? serial : "");
    json_decref(body);
}

static bool on_entry(void *context, const struct journal_entry *entry)
{
    struct cash_note *note = context;
    if (strcmp(entry->kind, journal_kind_name(JOURNAL_QUOTE_ACCEPTED)) == 0)
        note->has_successor = strcmp(entry->txn, note->txn) != 0;
    for (size_t i = 0; i < ARRAY_SIZE(KINDS); i++) {
        if (strcmp(entry->kind, journal_kind_name(KINDS[i].kind)) == 0)
            parse_note(entry, KINDS[i].state, context);
    }
    return true;
}

enum status cash_note_load(struct journal *journal, struct cash_note *out)
{
    char text[24];
    int64_t first_seq = 1;
    if (journal_get_fact(journal, FACT_NOTE_SEQ, text, sizeof(text)) == STATUS_OK)
        first_seq = strtoll(text, NULL, 10);
    *out = (struct cash_note){ .state = CASH_NOTE_NONE, .stacked = -1 };
    return journal_read(journal, first_seq, INT64_MAX, on_entry, out);
}

static void set_counter(json_t *body, int64_t stacked)
{
    if (stacked >= 0)
        json_object_set_new(body, "stacked", json_integer(stacked));
}

static enum status append(struct journal *journal, struct journal_draft *draft, json_t *body)
{
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    CHECK(text != NULL); /* out of memory; a restart recovers */
    int64_t seq = 0;
    draft->body = text;
    enum status status = journal_append(journal, draft, &seq);
    free(text);
    CHECK(status != STATUS_INVALID); /* we made the body */
    if (status != STATUS_OK)
        return status;
    char hint[24];
    text_format(hint, sizeof(hint), "%lld", (long long)seq);
    if (journal_put_fact(journal, FACT_NOTE_SEQ, hint) != STATUS_OK)
        log_warning("payment", "hint_not_kept", "after entry %lld", (long long)seq);
    return STATUS_OK;
}

enum status cash_note_append_escrow(struct journal *journal, const char *txn, int64_t value_fen,
                                    const char *serial, int64_t stacked, struct cash_note *last)
{
    json_t *body = json_pack("{s:I, s:s}", "value", (json_int_t)value_fen, "acceptor", serial);
    set_counter(body, stacked);
    struct journal_draft draft = { .kind = JOURNAL_NOTE_ESCROWED, .txn = txn };
    enum status status = append(journal, &draft, body);
    if (status != STATUS_OK)
        return status;
    *last = (struct cash_note){ .state = CASH_NOTE_ESCROWED,
                                .value_fen = value_fen,
                                .stacked = stacked };
    text_copy(last->txn, sizeof(last->txn), txn);
    text_copy(last->serial, sizeof(last->serial), serial);
    return STATUS_OK;
}

static enum journal_kind kind_of(const struct cash_verdict *verdict)
{
    switch (verdict->kind) {
    case CASH_VERDICT_CREDIT:
        return JOURNAL_NOTE_CREDITED;
    case CASH_VERDICT_RETURN:
        return JOURNAL_NOTE_RETURNED;
    case CASH_VERDICT_UNKNOWN:
        return JOURNAL_NOTE_UNKNOWN;
    case CASH_VERDICT_NOTHING:
    case CASH_VERDICT_WAIT:
        break;
    }
    CHECK(false);
    return JOURNAL_KINDS;
}

static json_t *body_of(const struct cash_verdict *verdict)
{
    json_t *body = json_pack("{s:I, s:s, s:s}", "value", (json_int_t)verdict->value_fen, "by",
                             cash_claim_name(verdict->by), "acceptor", verdict->serial);
    set_counter(body, verdict->stacked);
    if (verdict->recovered)
        json_object_set_new(body, "recovered", json_true());
    if (verdict->kind == CASH_VERDICT_RETURN)
        json_object_set_new(body, "reason", json_string(verdict->why));
    if (verdict->kind == CASH_VERDICT_UNKNOWN)
        json_object_set_new(body, "why", json_string(verdict->why));
    if (verdict->escrow_fen > 0)
        json_object_set_new(body, "escrow", json_integer(verdict->escrow_fen));
    return body;
}

static void add_money(struct journal_draft *draft, const struct cash_verdict *verdict)
{
    if (!verdict->in_box)
        return;
    draft->note_value_unknown = verdict->value_fen == 0;
    draft->note_into_box_fen = verdict->value_fen;
    if (verdict->value_fen == 0)
        return;
    draft->postings[draft->posting_count++] = (struct journal_posting){
        .debit = BOOK_CASH_BOX,
        .credit = verdict->kind == CASH_VERDICT_CREDIT ? BOOK_CITIZEN : BOOK_UNKNOWN,
        .amount_fen = verdict->value_fen,
    };
}

static void remember(const struct cash_verdict *verdict, struct cash_note *last)
{
    *last = (struct cash_note){
        .by = verdict->by,
        .value_fen = verdict->value_fen,
        .escrow_fen = verdict->escrow_fen,
        .stacked = verdict->stacked,
        .in_box = verdict->in_box,
    };
    const enum journal_kind kind = kind_of(verdict);
    for (size_t i = 0; i < ARRAY_SIZE(KINDS); i++) {
        if (KINDS[i].kind == kind)
            last->state = KINDS[i].state;
    }
    text_copy(last->txn, sizeof(last->txn), verdict->txn);
    text_copy(last->serial, sizeof(last->serial), verdict->serial);
}

enum status cash_note_append(struct journal *journal, const struct cash_verdict *verdict,
                             struct cash_note *last)
{
    struct journal_draft draft = { .kind = kind_of(verdict), .txn = verdict->txn };
    add_money(&draft, verdict);
    enum status status = append(journal, &draft, body_of(verdict));
    if (status == STATUS_OK)
        remember(verdict, last);
    return status;
}
