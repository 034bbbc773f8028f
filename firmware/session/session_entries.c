#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/log.h"
#include "base/money.h"
#include "base/text.h"
#include "session/session_internal.h"
#include "session/session_place.h"
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

int entries_bill(const struct quote *quote, struct session_bill bill[SETTLE_MONTHS_MAX])
{
    int count = 0;
    for (int i = 0; i < quote->line_count; i++) {
        const struct quote_line *line = &quote->lines[i];
        int at = 0;
        while (at < count && bill[at].month < line->month)
            at++;
        if (at == count || bill[at].month != line->month) {
            CHECK(count < SETTLE_MONTHS_MAX);
            memmove(&bill[at + 1], &bill[at], sizeof *bill * (size_t)(count - at));
            bill[at] = (struct session_bill){ .month = line->month };
            count++;
        }
        bill[at].amount_fen += line->amount_fen + line->surcharge_fen;
        bill[at].is_whole = bill[at].is_whole || line->period_months > 1;
    }
    return count;
}

static json_t *compose_months(const struct session_bill *bill, int count)
{
    json_t *months = json_array();
    for (int i = 0; i < count; i++) {
        char text[MONTH_TEXT_SIZE];
        month_format(bill[i].month, text);
        json_array_append_new(months, json_pack("{s:s, s:I}", "month", text, "amount",
                                                (json_int_t)bill[i].amount_fen));
    }
    return months;
}

/* What most lines have not is left out: a surcharge, a place in a list, being a difference. */
static json_t *compose_line(const struct policy *policy, const struct quote_line *line)
{
    const struct policy_insurance *insurance = &policy->insurances[line->insurance];
    char month[MONTH_TEXT_SIZE];
    month_format(line->month, month);
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:I, s:i, s:I, s:I}", "month", month, "insurance", insurance->id,
                  "code", insurance->code, "base", (json_int_t)line->base_fen, "rate", line->rate,
                  "amount", (json_int_t)line->amount_fen, "account", (json_int_t)line->account_fen);
    if (line->surcharge_fen > 0)
        json_object_set_new(object, "surcharge", json_integer(line->surcharge_fen));
    if (line->grade > 0)
        json_object_set_new(object, "grade", json_integer(line->grade));
    if (line->is_difference)
        json_object_set_new(object, "kind", json_string("difference"));
    return object;
}

static json_t *compose_lines(const struct session *session)
{
    const struct quote *quote = &session->v.quote;
    json_t *lines = json_array();
    for (int i = 0; i < quote->line_count; i++)
        json_array_append_new(lines, compose_line(session->parts.policy, &quote->lines[i]));
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

/* A year that is sold only as one is paid whole or not at all, and what is billed with it. */
bool entries_bill_is_whole(const struct session_bill *bill, int count)
{
    bool is_whole = false;
    for (int i = 0; i < count; i++)
        is_whole = is_whole || bill[i].is_whole;
    return is_whole;
}

static char *compose_quote(const struct session *session, const char *sealed)
{
    const struct session_visit *visit = &session->v;
    const struct policy *policy = session->parts.policy;
    struct session_bill bill[SETTLE_MONTHS_MAX];
    int count = entries_bill(&visit->quote, bill);
    json_t *body = json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:s, s:i, s:s, s:s}", "account",
                             visit->account, "person", visit->person, "sealed", sealed, "due",
                             (json_int_t)visit->quote.total_fen, "months",
                             compose_months(bill, count), "lines", compose_lines(session), "policy",
                             policy->id, "revision", policy->revision, "sha256", policy->sha256,
                             "surplus", surplus_word(policy->surplus));
    if (policy->area_count > 0)
        json_object_set_new(body, "area", json_string(policy->areas[visit->area].id));
    if (entries_bill_is_whole(bill, count))
        json_object_set_new(body, "whole", json_true());
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

enum status entries_accept_quote(struct session *session)
{
    struct session_visit *visit = &session->v;
    char sealed[SEAL_TEXT_SIZE];
    /* What the page showed may be older than a payment that has been settled since. */
    enum status status = owed_check_unpaid(session);
    if (status == STATUS_OK)
        status = entries_begin_txn(session);
    if (status != STATUS_OK)
        return status;
    status = registration_seal_person(session->parts.seal, &visit->card, visit->phone, NULL,
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
    const struct policy *policy = session->parts.policy;
    const char *social = place_phone(settings, policy, POLICY_PHONE_SOCIAL);
    const char *tax = place_phone(settings, policy, POLICY_PHONE_TAX);
    const char *medical = place_phone(settings, policy, POLICY_PHONE_MEDICAL);
    text_copy(facts->bureau[0], sizeof facts->bureau[0], settings->bureau_zh);
    text_copy(facts->bureau[1], sizeof facts->bureau[1], settings->bureau_en);
    text_copy(facts->place[0], sizeof facts->place[0], settings->place_zh);
    text_copy(facts->place[1], sizeof facts->place[1], settings->place_en);
    text_copy(facts->window[0], sizeof facts->window[0], settings->window_zh);
    text_copy(facts->window[1], sizeof facts->window[1], settings->window_en);
    text_copy(facts->kiosk_id, sizeof facts->kiosk_id, settings->kiosk_id);
    text_copy(facts->service_phone, sizeof facts->service_phone,
              place_phone(settings, policy, POLICY_PHONE_SERVICE));
    text_format(facts->hotlines[0], sizeof facts->hotlines[0], "社保 %s、税务 %s、医保 %s", social,
                tax, medical);
    text_format(facts->hotlines[1], sizeof facts->hotlines[1],
                "%s (social insurance), %s (tax), %s (medical)", social, tax, medical);
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
    facts->proof = (enum receipt_proof)policy->voucher;
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
           line->rate == next->rate && line->is_difference == next->is_difference &&
           strcmp(line->name[0], name) == 0;
}

/* The newest line of its insurance and kind; NULL there is none. */
static struct receipt_line *find_like(struct receipt_facts *facts, const struct quote_line *line,
                                      const char *name)
{
    for (int i = facts->line_count - 1; i >= 0; i--)
        if (facts->lines[i].is_difference == line->is_difference &&
            strcmp(facts->lines[i].name[0], name) == 0)
            return &facts->lines[i];
    return NULL;
}

static struct receipt_line *find_continued(struct receipt_facts *facts,
                                           const struct quote_line *line, const char *name)
{
    for (int i = facts->line_count - 1; i >= 0; i--)
        if (continues(&facts->lines[i], line, name))
            return &facts->lines[i];
    return NULL;
}

static struct receipt_line *begin_line(struct receipt_facts *facts, const struct quote_line *line,
                                       const struct policy_insurance *insurance)
{
    struct receipt_line *out = &facts->lines[facts->line_count++];
    CHECK(facts->line_count <= RECEIPT_LINES_MAX);
    text_copy(out->name[0], sizeof out->name[0], insurance->name_zh);
    text_copy(out->name[1], sizeof out->name[1], insurance->name_en);
    out->first = line->month;
    out->base_fen = line->base_fen;
    out->rate = line->rate;
    out->is_difference = line->is_difference;
    return out;
}

/* Room is kept for the first line of each insurance and kind. */
#define LINES_FREE (RECEIPT_LINES_MAX - 2 * POLICY_INSURANCES_MAX)
static_assert(LINES_FREE > 0, "every insurance has its months and a difference");

/* Months at the same base and rate become one line of paper; where that would be too many, a line
 * takes in other bases. */
static void add_line(const struct session *session, const struct quote_line *line,
                     struct receipt_facts *facts)
{
    const struct policy_insurance *insurance = &session->parts.policy->insurances[line->insurance];
    struct receipt_line *out = find_continued(facts, line, insurance->name_zh);
    struct receipt_line *like = find_like(facts, line, insurance->name_zh);
    if (!out && like && facts->line_count >= LINES_FREE) {
        out = like;
        out->is_mixed = true;
        out->base_fen = 0;
        out->rate = 0;
    }
    if (!out)
        out = begin_line(facts, line, insurance);
    out->last = line->month;
    out->amount_fen += line->amount_fen;
    out->surcharge_fen += line->surcharge_fen;
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
    month_index end = owed_covered_end(visit);
    for (int i = 0; i < visit->quote.line_count; i++) {
        const struct quote_line *line = &visit->quote.lines[i];
        if (line->month >= end)
            continue;
        add_line(session, line, facts);
        add_source(session->parts.policy, line->source, facts);
        add_source(session->parts.policy, line->rate_source, facts);
    }
}

/* What is to be paid next, and until when: the paper goes on the wall at home. */
static void add_next(const struct session *session, struct receipt_facts *facts)
{
    struct owed_next next;
    owed_find_next(session, &next);
    facts->next_month = next.month;
    facts->next_date = next.date;
    facts->next_is_late = next.is_late;
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

static void add_start(const struct session *session, int index, struct receipt_facts *facts)
{
    const struct policy_insurance *insurance = &session->parts.policy->insurances[index];
    month_index start = session->v.from[index];
    struct receipt_note *note = session_add_note(facts, insurance->name_zh, insurance->name_en);
    text_format(note->value, sizeof note->value, "%04d.%02d 起", month_year(start),
                month_number(start));
}

static void add_base(const struct session *session, struct receipt_facts *facts)
{
    char money[MONEY_TEXT_SIZE];
    int64_t floor_fen, ceiling_fen;
    if (!choice_limits(session, &floor_fen, &ceiling_fen))
        return;
    money_format(session->v.base_fen, 1, money);
    struct receipt_note *note = session_add_note(facts, "月缴费基数", "Monthly base");
    text_format(note->value, sizeof note->value, "￥%s", money);
}

static void add_sentence(struct receipt_facts *facts, bool is_so, const char *const yes[2],
                         const char *const no[2])
{
    (void)session_add_note(facts, is_so ? yes[0] : no[0], is_so ? yes[1] : no[1]);
}

/* What was registered, as the person said it; whether the bureau has looked at it yet (within 10
 * working days: Agency Regulation, art. 6), and who keeps the signature. */
static void add_registration(const struct session *session, struct receipt_facts *facts)
{
    static const char *const CHECKED[2] = {
        "社保局已在线核对，没有发现问题。",
        "The bureau has looked at it online and found nothing against it."
    };
    static const char *const NOT_CHECKED[2] = {
        "离线登记：社保局将在 10 个工作日内核对；如不受理，下次来本机时会说明原因。",
        "Registered offline: the bureau looks at it within 10 working days. If it cannot accept "
        "it, "
        "this machine tells you why next time."
    };
    static const char *const SIGNED[2] = { "已在屏幕上签名。", "Signed on the screen." };
    static const char *const UNSIGNED[2] = { "未在屏幕上签名，请在下方签名并交到窗口：",
                                             "Not signed on the screen. Please sign below and hand "
                                             "this in at the window:" };
    const struct session_visit *visit = &session->v;
    struct receipt_note *note;
    if (!visit->registered_now) {
        (void)session_add_note(facts, "您此前已经登记，本次没有重复登记，编号见上。",
                               "You were registered before. Nothing was registered again; your "
                               "number is above.");
        return;
    }
    for (int i = 0; i < session->parts.policy->insurance_count; i++)
        if (visit->insurances >> i & 1)
            add_start(session, i, facts);
    add_base(session, facts);
    if (visit->precheck.state == PRECHECK_RENEWAL)
        (void)session_add_note(facts, "续保：沿用原来的个人缴费编号。",
                               "Renewed: your account number of before goes on.");
    note = session_add_note(facts, "个人信息同意书版本", "Text of the consent, version");
    text_format(note->value, sizeof note->value, "%d", session->parts.settings->consent_version);
    add_sentence(facts, visit->precheck.state != PRECHECK_NOT_KNOWN, CHECKED, NOT_CHECKED);
    add_sentence(facts, visit->is_signed, SIGNED, UNSIGNED);
    if (!visit->is_signed)
        (void)session_add_note(facts, "＿＿＿＿＿＿＿＿＿＿＿＿", "Signature");
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
        add_next(session, facts);
        break;
    case SLIP_REGISTRATION:
        facts->kind = RECEIPT_REGISTRATION;
        add_own_voucher(session, facts);
        facts->paid_fen = session->v.record.sum.paid_fen;
        add_registration(session, facts);
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
    case SLIP_REFUSAL:
        facts->kind = RECEIPT_REFUSAL;
        add_own_voucher(session, facts);
        refused_add_notes(session, facts);
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
