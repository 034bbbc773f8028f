/* What an inquiry gives on paper: the record as a slip, and a receipt once more. */
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "receipt/receipt_recall.h"
#include "session/session_internal.h"

#define PAYMENTS_ON_PAPER 4
#define TAIL_DIGITS 7 /* of a slip's number: its count and check digit */

struct receipt_note *session_add_note(struct receipt_facts *facts, const char *zh, const char *en)
{
    static struct receipt_note beyond; /* no room: written to and never shown */
    struct receipt_note *note = &beyond;
    if (facts->note_count < RECEIPT_NOTES_MAX)
        note = &facts->notes[facts->note_count++];
    *note = (struct receipt_note){ 0 };
    text_copy(note->zh, sizeof note->zh, zh);
    text_copy(note->en, sizeof note->en, en);
    return note;
}

void session_format_month(month_index month, char out[16])
{
    text_format(out, 16, "%04d.%02d", month_year(month), month_number(month));
}

static void format_date(int64_t at_ms, char out[32])
{
    struct clock_civil at = clock_civil_of(at_ms);
    text_format(out, 32, "%04d-%02d-%02d %02d:%02d", at.year, at.month, at.day, at.hour, at.minute);
}

/* ---- lines: months in a row at one base ---- */

static bool continues(const struct receipt_line *line, const struct inquiry_month *month,
                      const char *name)
{
    return line->last + 1 == month->month && line->base_fen == month->base_fen &&
           strcmp(line->name[0], name) == 0;
}

static const struct inquiry_month *next_month(const struct inquiry_record *record, const char *code,
                                              month_index after)
{
    const struct inquiry_month *next = NULL;
    for (int i = 0; i < record->month_count; i++) {
        const struct inquiry_month *month = &record->months[i];
        bool is_paid = record->payments[month->payment].rejected[0] == '\0';
        if (is_paid && !month->is_difference && month->month > after &&
            strcmp(month->code, code) == 0 && (!next || month->month < next->month))
            next = month;
    }
    return next;
}

/* With the differences that were paid for it since. */
static int64_t amount_of(const struct inquiry_record *record, const struct inquiry_month *of)
{
    int64_t amount_fen = 0;
    for (int i = 0; i < record->month_count; i++) {
        const struct inquiry_month *month = &record->months[i];
        bool is_paid = record->payments[month->payment].rejected[0] == '\0';
        if (is_paid && month->month == of->month && strcmp(month->code, of->code) == 0 &&
            (month == of || month->is_difference))
            amount_fen += month->amount_fen;
    }
    return amount_fen;
}

/* The oldest lines make room for newer ones. False: one had to. */
static bool add_month(struct receipt_facts *facts, const struct policy_insurance *insurance,
                      const struct inquiry_month *month, int64_t amount_fen)
{
    bool is_whole = facts->line_count < RECEIPT_LINES_MAX;
    struct receipt_line *line = facts->line_count > 0 ? &facts->lines[facts->line_count - 1] : NULL;
    if (line && continues(line, month, insurance->name_zh)) {
        line->last = month->month;
        line->amount_fen += amount_fen;
        return true;
    }
    if (!is_whole)
        memmove(&facts->lines[0], &facts->lines[1],
                sizeof facts->lines[0] * (RECEIPT_LINES_MAX - 1));
    else
        facts->line_count++;
    line = &facts->lines[facts->line_count - 1];
    *line = (struct receipt_line){
        .first = month->month,
        .last = month->month,
        .base_fen = month->base_fen,
        .amount_fen = amount_fen,
    };
    text_copy(line->name[0], sizeof line->name[0], insurance->name_zh);
    text_copy(line->name[1], sizeof line->name[1], insurance->name_en);
    return is_whole;
}

static bool add_lines(const struct session *session, const struct policy_insurance *insurance,
                      struct receipt_facts *facts)
{
    const struct inquiry_record *record = &session->v.inquiry.shown;
    bool is_whole = true;
    const struct inquiry_month *month = next_month(record, insurance->code, 0);
    for (; month; month = next_month(record, insurance->code, month->month))
        is_whole = add_month(facts, insurance, month, amount_of(record, month)) && is_whole;
    return is_whole;
}

/* ---- notes ---- */

static void add_source(const struct session *session, struct receipt_facts *facts)
{
    const struct inquiry_record *record = &session->v.inquiry.shown;
    struct receipt_note *note =
        record->is_bureaus
            ? session_add_note(facts, "来源：社保局的记录", "Records of the bureau, as of")
            : session_add_note(facts, "来源：只有本机收的缴费",
                               "Only payments at this machine, as of");
    char date[32];
    format_date(record->as_of_ms, date);
    text_copy(note->value, sizeof note->value, date);
}

static void add_total(const struct policy_insurance *insurance, const struct inquiry_total *total,
                      struct receipt_facts *facts)
{
    char zh[64], en[64], money[MONEY_TEXT_SIZE], month[16];
    text_format(zh, sizeof zh, "%s 合计", insurance->name_zh);
    text_format(en, sizeof en, "%s, in all", insurance->name_en);
    money_format(total->amount_fen, 1, money);
    struct receipt_note *note = session_add_note(facts, zh, en);
    text_format(note->value, sizeof note->value, "%d 个月 ￥%s", total->months, money);
    for (int i = 0; i < total->gap_count; i++) {
        char first[16], last[16];
        const struct inquiry_gap *gap = &total->gaps[i];
        session_format_month(gap->first, first);
        session_format_month(gap->last, last);
        note = session_add_note(facts, "没有缴费的月", "Not paid");
        text_format(note->value, sizeof note->value, "%s%s%s", first,
                    gap->first < gap->last ? "–" : "", gap->first < gap->last ? last : "");
    }
    session_format_month(total->next_due, month);
    note = session_add_note(facts, "下次应缴", "Next due");
    if (total->next_due_day > 0)
        text_format(note->value, sizeof note->value, "%s.%02d", month, total->next_due_day);
    else
        text_copy(note->value, sizeof note->value, month);
}

static void add_payment(const struct inquiry_payment *payment, struct receipt_facts *facts)
{
    static const char *const STATES[INQUIRY_LAMPS][2] = {
        [INQUIRY_TAKEN] = { "已收款", "taken" },
        [INQUIRY_SENT] = { "已发送", "sent" },
        [INQUIRY_RECEIVED] = { "社保局已收到", "the bureau has it" },
        [INQUIRY_CREDITED] = { "已入账", "booked" },
    };
    char zh[64], en[64], date[32];
    int lamp = INQUIRY_LAMPS - 1;
    size_t length = strlen(payment->voucher);
    while (lamp > INQUIRY_TAKEN && !payment->lit[lamp])
        lamp--;
    bool is_set_aside = payment->rejected[0] != '\0';
    const char *tail = payment->voucher + (length > TAIL_DIGITS ? length - TAIL_DIGITS : 0);
    text_format(zh, sizeof zh, "凭证尾号 %s %s", tail, is_set_aside ? "待处理" : STATES[lamp][0]);
    text_format(en, sizeof en, "Receipt …%s: %s", tail,
                is_set_aside ? "waits for the window" : STATES[lamp][1]);
    struct receipt_note *note = session_add_note(facts, zh, en);
    if (payment->lit_ms[lamp] > 0 && !is_set_aside) {
        format_date(payment->lit_ms[lamp], date);
        text_copy(note->value, sizeof note->value, date);
    } else if (is_set_aside) {
        text_copy(note->value, sizeof note->value, session_set_aside_code(payment->rejected));
    }
}

enum status session_inquiry_compose_slip(struct session *session, struct receipt_facts *facts)
{
    const struct session_inquiry *inquiry = &session->v.inquiry;
    struct inquiry_total totals[VIEW_TOTALS_MAX];
    int insurances[VIEW_TOTALS_MAX];
    bool is_whole = !inquiry->shown.more;
    *facts = (struct receipt_facts){ 0 };
    enum status status = entries_begin_txn(session);
    if (status != STATUS_OK)
        return status;
    session->v.txn_is_used = true; /* the life of this paper is told under it */
    entries_compose_facts(session, SLIP_RECORD, facts);
    text_mask_number(session->v.account, facts->account_number, sizeof facts->account_number);
    add_source(session, facts);
    int count = session_inquiry_totals(session, totals, insurances);
    for (int i = 0; i < count; i++) {
        const struct policy_insurance *insurance =
            &session->parts.policy->insurances[insurances[i]];
        is_whole = add_lines(session, insurance, facts) && is_whole;
        add_total(insurance, &totals[i], facts);
    }
    for (int i = 0; i < inquiry->shown.payment_count && i < PAYMENTS_ON_PAPER; i++)
        add_payment(&inquiry->shown.payments[i], facts);
    if (!is_whole || inquiry->shown.payment_count > PAYMENTS_ON_PAPER)
        (void)session_add_note(facts, "较早的记录没有打全，请到窗口查询",
                               "Older records: ask at the window");
    return STATUS_OK;
}

/* Whoever stands here is the payer: asked of the journal again, for a copy is worth money. */
enum status session_inquiry_compose_copy(struct session *session, int payment,
                                         struct receipt_facts *facts)
{
    const struct inquiry_payment *wanted = &session->v.inquiry.shown.payments[payment];
    struct journal_payment found;
    *facts = (struct receipt_facts){ 0 };
    enum status status = journal_find_payment(session->parts.journal, wanted->voucher, &found);
    if (status != STATUS_OK)
        return status;
    if (!session->v.has_card || strcmp(found.person, session->v.person) != 0)
        return STATUS_DENIED;
    return receipt_recall(session->parts.journal, found.txn, found.voucher, facts);
}
