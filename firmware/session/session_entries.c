#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/text.h"
#include "session/session_internal.h"
#include "store/statement.h"

/* ---- transaction numbers ---- */

/* "K310001-20261123-000318": kiosk, day, serial. */
NODISCARD static enum status new_txn(struct session *session)
{
    int64_t serial = 0;
    enum status status = journal_next_serial(session->parts.journal, "txn", &serial);
    if (status != STATUS_OK)
        return status;
    text_format(session->v.txn, sizeof session->v.txn, "K%s-%08d-%06lld",
                session->parts.settings->kiosk_id, session_today(session), (long long)serial);
    session->v.txn_is_used = false;
    return STATUS_OK;
}

enum status entries_begin_txn(struct session *session)
{
    bool is_fresh = session->v.txn[0] != '\0' && !session->v.txn_is_used;
    return is_fresh ? STATUS_OK : new_txn(session);
}

/* ---- quote_accepted, as payment/settle.h describes it ---- */

static json_t *compose_months(const struct session *session)
{
    const struct quote *quote = &session->v.quote;
    json_t *months = json_array();
    for (int m = 0; m < session->v.months; m++) {
        month_index month = session->v.first_month + m;
        char text[MONTH_TEXT_SIZE];
        int64_t amount_fen = 0;
        for (int i = 0; i < quote->line_count; i++)
            if (quote->lines[i].month == month)
                amount_fen += quote->lines[i].amount_fen;
        month_format(month, text);
        json_array_append_new(
            months, json_pack("{s:s, s:I}", "month", text, "amount", (json_int_t)amount_fen));
    }
    return months;
}

static json_t *compose_lines(const struct session *session)
{
    const struct quote *quote = &session->v.quote;
    json_t *lines = json_array();
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        const struct policy_insurance *insurance =
            &session->parts.policy->insurances[line->insurance];
        char month[MONTH_TEXT_SIZE];
        month_format(line->month, month);
        json_array_append_new(lines,
                              json_pack("{s:s, s:s, s:s, s:I, s:i, s:I, s:I}", "month", month,
                                        "insurance", insurance->id, "code", insurance->code, "base",
                                        (json_int_t)line->base_fen, "rate", line->rate, "amount",
                                        (json_int_t)line->amount_fen, "account",
                                        (json_int_t)line->account_fen));
    }
    return lines;
}

static const char *surplus_word(enum policy_surplus surplus)
{
    switch (surplus) {
    case POLICY_SURPLUS_CREDIT:
        return "credit";
    case POLICY_SURPLUS_CLAIM:
        return "claim";
    case POLICY_SURPLUS_NONE:
        break;
    }
    return "none";
}

static char *compose_quote(const struct session *session, const char *sealed)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:I, s:o, s:o, s:s, s:i, s:s, s:s}", "account", visit->account, "person",
        visit->person, "sealed", sealed, "due", (json_int_t)visit->quote.total_fen, "months",
        compose_months(session), "lines", compose_lines(session), "policy", policy->id, "revision",
        policy->revision, "sha256", policy->sha256, "surplus", surplus_word(policy->surplus));
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

/* What the page showed may be older than a payment that has been settled since. */
NODISCARD static enum status check_is_unpaid(const struct session *session)
{
    const struct session_visit *visit = &session->v;
    for (int i = 0; i < visit->quote.line_count; i++) {
        const struct quote_line *line = &visit->quote.lines[i];
        month_index until;
        enum status status =
            journal_paid_until(session->parts.journal, visit->person,
                               session->parts.policy->insurances[line->insurance].code, &until);
        if (status == STATUS_OK && until >= line->month)
            return STATUS_EXISTS;
        if (status != STATUS_OK && status != STATUS_NOT_FOUND)
            return status;
    }
    return STATUS_OK;
}

enum status entries_accept_quote(struct session *session)
{
    struct session_visit *visit = &session->v;
    char sealed[SEAL_TEXT_SIZE];
    enum status status = check_is_unpaid(session);
    if (status == STATUS_OK)
        status = entries_begin_txn(session);
    if (status != STATUS_OK)
        return status;
    status = registration_seal_person(session->parts.seal, &visit->card, visit->phone,
                                      session->parts.settings->consent_version,
                                      clock_wall_ms(session->parts.clock), sealed);
    if (status != STATUS_OK)
        return status;
    char *body = compose_quote(session, sealed);
    const struct journal_draft draft = {
        .kind = JOURNAL_QUOTE_ACCEPTED,
        .txn = visit->txn,
        .body = body,
    };
    /* Also if it is refused: it may be durable after all, and no payment has two quotes. */
    visit->txn_is_used = true;
    status = body ? journal_append(session->parts.journal, &draft, NULL) : STATUS_INVALID;
    bytes_free_wiped(body);
    if (status == STATUS_OK)
        session_appended(session);
    return status;
}

/* ---- receipt facts ---- */

static void add_kiosk(const struct session *session, struct receipt_facts *facts)
{
    const struct settings *settings = session->parts.settings;
    text_copy(facts->bureau[0], sizeof facts->bureau[0], settings->bureau_zh);
    text_copy(facts->bureau[1], sizeof facts->bureau[1], settings->bureau_en);
    text_copy(facts->place[0], sizeof facts->place[0], settings->place_zh);
    text_copy(facts->place[1], sizeof facts->place[1], settings->place_en);
    text_copy(facts->window[0], sizeof facts->window[0], settings->window_zh);
    text_copy(facts->window[1], sizeof facts->window[1], settings->window_en);
    text_copy(facts->kiosk_id, sizeof facts->kiosk_id, settings->kiosk_id);
    text_copy(facts->service_phone, sizeof facts->service_phone, settings->service_phone);
    facts->at_ms = clock_wall_ms(session->parts.clock);
}

static void add_policy(const struct session *session, struct receipt_facts *facts)
{
    const struct policy *policy = session->parts.policy;
    if (!policy)
        return;
    text_copy(facts->policy_id, sizeof facts->policy_id, policy->id);
    facts->policy_revision = policy->revision;
    text_copy(facts->collector[0], sizeof facts->collector[0], policy->collector_zh);
    text_copy(facts->collector[1], sizeof facts->collector[1], policy->collector_en);
    text_copy(facts->surplus_rule[0], sizeof facts->surplus_rule[0], policy->surplus_zh);
    text_copy(facts->surplus_rule[1], sizeof facts->surplus_rule[1], policy->surplus_en);
}

static void add_person(const struct session *session, struct receipt_facts *facts)
{
    const struct session_visit *visit = &session->v;
    text_mask_name(visit->card.name, facts->name_masked, sizeof facts->name_masked);
    text_mask_number(visit->card.number, facts->number_masked, sizeof facts->number_masked);
    text_copy(facts->account_number, sizeof facts->account_number, visit->account);
}

static bool continues(const struct receipt_line *line, const struct quote_line *next,
                      const char *name)
{
    return line->last + 1 == next->month && line->base_fen == next->base_fen &&
           line->rate == next->rate && strcmp(line->name[0], name) == 0;
}

/* Months at the same base and rate become one line of paper. */
static void add_line(const struct session *session, const struct quote_line *line,
                     struct receipt_facts *facts)
{
    const struct policy_insurance *insurance = &session->parts.policy->insurances[line->insurance];
    struct receipt_line *out = NULL;
    for (int i = 0; i < facts->line_count; i++)
        if (continues(&facts->lines[i], line, insurance->name_zh))
            out = &facts->lines[i];
    if (!out) {
        if (facts->line_count == RECEIPT_LINES_MAX)
            return;
        out = &facts->lines[facts->line_count++];
        text_copy(out->name[0], sizeof out->name[0], insurance->name_zh);
        text_copy(out->name[1], sizeof out->name[1], insurance->name_en);
        out->first = line->month;
        out->base_fen = line->base_fen;
        out->rate = line->rate;
    }
    out->last = line->month;
    out->amount_fen += line->amount_fen;
    out->account_fen += line->account_fen;
}

static void add_source(const struct policy *policy, int source, struct receipt_facts *facts)
{
    const char *number = policy->sources[source].number;
    size_t length = strlen(facts->sources);
    if (strstr(facts->sources, number))
        return;
    text_format(facts->sources + length, sizeof facts->sources - length, "%s%s",
                length > 0 ? "；" : "", number);
}

static void add_paid_lines(const struct session *session, struct receipt_facts *facts)
{
    const struct session_visit *visit = &session->v;
    month_index end = visit->first_month + visit->record.sum.months_covered;
    for (int i = 0; i < visit->quote.line_count; i++) {
        const struct quote_line *line = &visit->quote.lines[i];
        if (line->month >= end)
            continue;
        add_line(session, line, facts);
        add_source(session->parts.policy, line->source, facts);
        add_source(session->parts.policy, line->rate_source, facts);
    }
}

/* What the kiosk signs about a payment; holds without the bureau and without a network. */
NODISCARD static bool sign_statement(const struct session *session,
                                     const struct settle_record *record,
                                     const struct receipt_facts *facts,
                                     char out[STATEMENT_TEXT_SIZE])
{
    const struct journal_root_key *key = session->parts.signing_key;
    struct statement statement = {
        .paid_fen = record->sum.paid_fen,
        .at_s = record->at_ms / 1000,
        .seq = record->seq,
    };
    memcpy(statement.hash, record->hash, sizeof statement.hash);
    bool signs =
        key && text_copy(statement.voucher, sizeof statement.voucher, record->voucher) &&
        text_copy(statement.number_masked, sizeof statement.number_masked, facts->number_masked) &&
        statement_sign(&statement, key) == STATUS_OK;
    if (signs)
        statement_format(&statement, out);
    else
        log_error("session", "slip_not_signed", "%s", record->voucher);
    return signs;
}

/* A link if there is a page to look at, else the statement alone. Without a key only the bureau can
 * say whether the number is genuine: the first digits of the entry's hash are for it. */
static void add_code(const struct session *session, const struct settle_record *record,
                     struct receipt_facts *facts)
{
    const char *url = session->parts.settings->verify_url;
    size_t length = strlen(url);
    const char *slash = length > 0 && url[length - 1] != '/' ? "/" : "";
    char statement[STATEMENT_TEXT_SIZE], hash[2 * JOURNAL_HASH_SIZE + 1];
    bytes_to_hex(record->hash, sizeof record->hash, hash);
    if (sign_statement(session, record, facts, statement)) {
        if (!text_format(facts->verify, sizeof facts->verify, "%s%s%s", url, slash, statement))
            text_copy(facts->verify, sizeof facts->verify, statement);
    } else if (length > 0) {
        text_format(facts->verify, sizeof facts->verify, "%s?n=%s&h=%.16s", url, record->voucher,
                    hash);
    } else {
        text_format(facts->verify, sizeof facts->verify, "GUICHET1|%s|%lld|%.16s", record->voucher,
                    (long long)record->sum.paid_fen, hash);
    }
}

static void add_record(const struct session *session, const struct settle_record *record,
                       struct receipt_facts *facts)
{
    text_copy(facts->voucher, sizeof facts->voucher, record->voucher);
    facts->at_ms = record->at_ms;
    facts->due_fen = record->due_fen;
    facts->paid_fen = record->sum.paid_fen;
    facts->applied_fen = record->sum.applied_fen;
    facts->surplus_fen = record->sum.surplus_fen;
    facts->partial = record->sum.months_covered < record->months;
    add_code(session, record, facts);
}

/* A slip without a payment has a number of its own, so that its life can be followed too; the entry
 * that says it is composed uses the number up. */
static void add_own_voucher(struct session *session, struct receipt_facts *facts)
{
    const struct settings *settings = session->parts.settings;
    int64_t serial = 0;
    if (journal_peek_voucher(session->parts.journal, &serial) == STATUS_OK)
        voucher_format(settings->region, settings->kiosk_id, session_today(session), serial,
                       facts->voucher);
}

void entries_compose_facts(struct session *session, enum session_slip slip,
                           struct receipt_facts *facts)
{
    bool is_recovery = session->recovery.state == RECOVERY_PRINTING;
    *facts = (struct receipt_facts){ 0 };
    add_kiosk(session, facts);
    add_policy(session, facts);
    text_copy(facts->txn, sizeof facts->txn, is_recovery ? session->r.txn : session->v.txn);
    facts->is_recorded = is_recovery && session->r.copy > 0;
    if (!is_recovery)
        add_person(session, facts);
    switch (slip) {
    case SLIP_PAYMENT:
        facts->kind = RECEIPT_PAYMENT;
        add_record(session, &session->v.record, facts);
        add_paid_lines(session, facts);
        break;
    case SLIP_REGISTRATION:
        facts->kind = RECEIPT_REGISTRATION;
        add_own_voucher(session, facts);
        break;
    case SLIP_INTERRUPTED:
        facts->kind = RECEIPT_INTERRUPTED;
        facts->copy = session->r.copy;
        add_record(session, &session->r.record, facts);
        break;
    case SLIP_UNKNOWN_NOTE:
        facts->kind = RECEIPT_UNKNOWN_NOTE;
        facts->copy = is_recovery ? session->r.copy : 0;
        facts->paid_fen = is_recovery ? session->r.record.unknown_fen : session->v.unknown_fen;
        if (is_recovery && session->r.voucher[0] != '\0')
            text_copy(facts->voucher, sizeof facts->voucher, session->r.voucher);
        else
            add_own_voucher(session, facts);
        break;
    case SLIP_RECORD:
        facts->kind = RECEIPT_INQUIRY;
        facts->is_recorded = true; /* it can be had again at any time */
        break;
    case SLIP_PLAN:
        facts->kind = RECEIPT_PLAN;
        facts->is_recorded = true; /* the policy and a month: it can be had again at any time */
        break;
    case SLIP_COPY:
    case SLIP_NONE:
        break;
    }
}
