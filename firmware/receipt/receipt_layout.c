#include "receipt/receipt.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "receipt/closing_slip.h"
#include "receipt/sheet.h"

#define TEXT_SIZE 320

struct words {
    const char *zh, *en;
};

static const struct words TITLES[] = {
    [RECEIPT_PAYMENT] = { "缴费凭条", "Payment slip" },
    [RECEIPT_REGISTRATION] = { "参保登记凭条", "Registration slip" },
    [RECEIPT_INTERRUPTED] = { "中断缴费凭条", "Slip for an interrupted payment" },
    [RECEIPT_UNKNOWN_NOTE] = { "钞票待查凭条", "Claim slip for a banknote" },
    [RECEIPT_INQUIRY] = { "缴费记录查询单", "Your payments" },
    [RECEIPT_REFUSAL] = { "未予登记告知单", "Why you were not registered" },
    [RECEIPT_PLAN] = { "离职后参保缴费计划", "Your plan after leaving a job" },
    [RECEIPT_CLOSING] = { "日结凭条", "Closing slip" },
};

static const struct words LEADS[] = {
    [RECEIPT_PAYMENT] = { NULL, NULL },
    [RECEIPT_REGISTRATION] = { "登记已完成，本次未缴费。",
                               "You are registered. Nothing was paid." },
    [RECEIPT_INTERRUPTED] = { "缴费因故障中断。以下金额已收讫并记账，请妥善保管本凭条。",
                              "The payment was cut off by a fault. The sum below has been received "
                              "and booked. Keep this slip." },
    [RECEIPT_UNKNOWN_NOTE] = { "有一张钞票可能已进入钱箱，设备无法确认，未计入缴费。"
                               "请持本凭条到窗口核查。",
                               "A banknote may be in the cash box and the machine cannot prove it. "
                               "It is not part of your payment. Bring this slip to the window." },
    [RECEIPT_INQUIRY] = { "供本人查看，不作缴费凭证。不收费。",
                          "For your own information, free of charge. Not a receipt." },
    [RECEIPT_REFUSAL] = { "本次没有办理参保登记，没有收费。",
                          "You were not registered. Nothing was charged." },
    [RECEIPT_PLAN] = { "按您选的月份和现行政策推算，不含个人信息。不收费。",
                       "Worked out from the month you chose and the policy in force. Nothing about "
                       "you is on it. Free of charge." },
    [RECEIPT_CLOSING] = { NULL, NULL },
};

/* The form that is signed at the window comes out after the receipt. */
static const struct words REGISTERED_AND_PAID = {
    "登记已完成，缴费另有凭条。", "You are registered. The payment has a slip of its "
                                  "own."
};

static const struct words *lead_of(const struct receipt_facts *facts)
{
    bool is_paid = facts->kind == RECEIPT_REGISTRATION && facts->paid_fen > 0;
    return is_paid ? &REGISTERED_AND_PAID : &LEADS[facts->kind];
}

static void put_head(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    const struct style *style = sheet->style;
    const struct words *title = &TITLES[facts->kind], *lead = lead_of(facts);
    paper_feed(&sheet->paper, 8);
    paper_text(&sheet->paper, style->heading, PAPER_CENTRE, facts->bureau[0]);
    paper_text(&sheet->paper, style->english, PAPER_CENTRE, facts->bureau[1]);
    paper_feed(&sheet->paper, 2);
    paper_title(&sheet->paper, style->title, style->title_en, title->zh, title->en);
    sheet_copy_mark(sheet, facts->kind == RECEIPT_CLOSING ? "closing" : "payment");
    if (facts->copy <= 0)
        paper_rule(&sheet->paper, PAPER_THIN);
    else
        paper_feed(&sheet->paper, 8);
    if (lead->zh == NULL)
        return;
    sheet_say(sheet, style->strong, lead->zh, lead->en);
    paper_rule(&sheet->paper, PAPER_DASHED);
}

/* 27 digits in the groups they are made of, so that a person can read them out. */
static void group_voucher(const char *voucher, char *out, size_t out_size)
{
    static const int GROUPS[] = { 6, 6, 8, 6, 1 };
    if (strlen(voucher) != 27) {
        text_copy(out, out_size, voucher);
        return;
    }
    size_t length = 0;
    for (size_t i = 0; i < ARRAY_SIZE(GROUPS); i++) {
        memcpy(out + length, voucher, (size_t)GROUPS[i]);
        voucher += GROUPS[i];
        length += (size_t)GROUPS[i];
        out[length++] = i + 1 < ARRAY_SIZE(GROUPS) ? ' ' : '\0';
    }
}

static void put_number(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char grouped[64];
    if (facts->voucher[0] == '\0')
        return;
    group_voucher(facts->voucher, grouped, sizeof(grouped));
    sheet_pair(sheet, sheet->style->english, "凭条号", "Slip number", " ");
    paper_text(&sheet->paper, sheet->style->key, PAPER_LEFT, grouped);
    paper_feed(&sheet->paper, 4);
}

static void put_place(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char time[32], place[TEXT_SIZE];
    sheet_format_time(facts->at_ms, time);
    sheet_fact(sheet, sheet->style->body, "时间", "Time", time);
    text_format(place, sizeof(place), "%s %s %s", facts->kiosk_id, facts->place[0],
                facts->place[1]);
    sheet_fact(sheet, sheet->style->body, "设备", "Kiosk", place);
    sheet_fact(sheet, sheet->style->body, "交易号", "Transaction", facts->txn);
}

static void put_person(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    if (facts->name_masked[0] == '\0' && facts->account_number[0] == '\0')
        return;
    paper_rule(&sheet->paper, PAPER_DASHED);
    sheet_fact(sheet, sheet->style->strong, "姓名", "Name", facts->name_masked);
    sheet_fact(sheet, sheet->style->body, "证件号码", "ID", facts->number_masked);
    sheet_fact(sheet, sheet->style->key, "个人缴费账号", "Account", facts->account_number);
}

static void format_rate(int32_t rate_millionths, char out[24])
{
    text_format(out, 24, "%d.%04d", rate_millionths / 10000, rate_millionths % 10000);
    size_t length = strlen(out);
    while (out[length - 1] == '0')
        out[--length] = '\0';
    if (out[length - 1] == '.')
        out[--length] = '\0';
    out[length] = '%';
    out[length + 1] = '\0';
}

/* "2026.11–2026.12": hyphens beside the dash would read as one chain. */
static void format_months(const struct receipt_line *line, char *out, size_t out_size)
{
    int first_year = month_year(line->first), first = month_number(line->first);
    int last_year = month_year(line->last), last = month_number(line->last);
    if (line->first == line->last)
        text_format(out, out_size, "%04d.%02d", first_year, first);
    else
        text_format(out, out_size, "%04d.%02d–%04d.%02d", first_year, first, last_year, last);
}

/* Where the sum goes, if some of it stays the person's own. */
static void put_parts(struct sheet *sheet, const struct receipt_line *line)
{
    char own[SHEET_YUAN_SIZE], pooled[SHEET_YUAN_SIZE], value[2 * SHEET_YUAN_SIZE + 4];
    if (line->account_fen <= 0)
        return;
    sheet_format_yuan(line->account_fen, own);
    sheet_format_yuan(line->amount_fen - line->account_fen, pooled);
    text_format(value, sizeof(value), "%s＋%s", own, pooled);
    sheet_pair(sheet, sheet->style->body, "个人账户＋统筹", "Own + pooled", value);
}

static void put_line(struct sheet *sheet, const struct receipt_line *line)
{
    char months[32], base[SHEET_YUAN_SIZE], rate[24], value[80], name[96];
    text_format(name, sizeof(name), "%s%s", line->name[0], line->is_difference ? "（补差）" : "");
    sheet_money(sheet, sheet->style->strong, name, "", line->amount_fen);
    format_months(line, months, sizeof(months));
    text_format(value, sizeof(value), "所属期 %s", months);
    text_format(name, sizeof(name), "%s%s", line->name[1],
                line->is_difference ? ", difference" : "");
    sheet_two_sides(sheet, sheet->style->body, name, value);
    if (line->is_mixed) {
        sheet_pair(sheet, sheet->style->body, "月基数", "Monthly base", "各月不同 / varies");
    } else if (line->base_fen > 0 && line->rate == 0) { /* of another day's policy */
        sheet_format_yuan(line->base_fen, base);
        sheet_pair(sheet, sheet->style->body, "月基数", "Monthly base", base);
    } else if (line->base_fen > 0) {
        sheet_format_yuan(line->base_fen, base);
        format_rate(line->rate, rate);
        text_format(value, sizeof(value), "%s×%s", base, rate);
        sheet_pair(sheet, sheet->style->body, "月基数×费率", "Base × rate", value);
    }
    put_parts(sheet, line);
    if (line->surcharge_fen > 0)
        sheet_money(sheet, sheet->style->body, "滞纳金", "Late surcharge", line->surcharge_fen);
}

static void put_lines(struct sheet *sheet)
{
    CHECK(sheet->facts->line_count <= RECEIPT_LINES_MAX);
    for (int i = 0; i < sheet->facts->line_count; i++) {
        paper_rule(&sheet->paper, PAPER_DASHED);
        put_line(sheet, &sheet->facts->lines[i]);
    }
}

/* The sum stands alone: in figures, and in capitals that nobody can alter. */
static void put_paid(struct sheet *sheet, const char *zh, const char *en, int64_t fen)
{
    char figures[SHEET_YUAN_SIZE], capitals[MONEY_WORDS_SIZE];
    sheet_format_yuan(fen, figures);
    money_format_words(fen, capitals);
    paper_rule(&sheet->paper, PAPER_HEAVY);
    sheet_pair(sheet, sheet->style->sum, zh, "", figures);
    sheet_two_sides(sheet, sheet->style->strong, en, capitals);
    paper_rule(&sheet->paper, PAPER_HEAVY);
}

static struct paper_cell cell_of(const struct sheet *sheet, const char *zh, const char *en,
                                 const char *value)
{
    return (struct paper_cell){
        .label = sheet_label(sheet, zh, en),
        .value_type = sheet->style->strong,
        .value = value,
    };
}

/* Side by side, or one under the other where the sums or the paper do not let them. */
static void put_balance(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    const struct {
        const char *zh, *en;
        int64_t fen;
    } SUMS[] = {
        { "应缴", "Due", facts->due_fen },
        { "已缴保费", "Applied", facts->applied_fen },
        { "余额", "Over", facts->surplus_fen },
    };
    struct paper_cell cells[ARRAY_SIZE(SUMS)];
    char values[ARRAY_SIZE(SUMS)][SHEET_YUAN_SIZE];
    size_t first = facts->due_fen > 0 ? 0 : 1; /* not known after a restart */
    for (size_t i = first; i < ARRAY_SIZE(SUMS); i++) {
        sheet_format_yuan(SUMS[i].fen, values[i]);
        cells[i] = cell_of(sheet, SUMS[i].zh, SUMS[i].en, values[i]);
    }
    if (paper_cells(&sheet->paper, &cells[first], (int)(ARRAY_SIZE(SUMS) - first))) {
        paper_feed(&sheet->paper, 6);
        return;
    }
    for (size_t i = first; i < ARRAY_SIZE(SUMS); i++)
        sheet_pair(sheet, sheet->style->strong, SUMS[i].zh, SUMS[i].en, values[i]);
}

static void put_sums(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    put_paid(sheet, "实收现金", "Cash received", facts->paid_fen);
    put_balance(sheet);
    if (facts->surplus_fen > 0)
        sheet_say(sheet, sheet->style->body, facts->surplus_rule[0], facts->surplus_rule[1]);
    if (facts->partial)
        sheet_say(sheet, sheet->style->strong, "本次未缴足：只缴纳完整月份，其余月份仍须缴费。",
                  "Paid in part: whole months only. The other months are still due.");
}

/* What remains, and until when: no day is named that nobody has fixed. */
static void put_next(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char month[16], zh[TEXT_SIZE], en[TEXT_SIZE];
    const int32_t date = facts->next_date;
    if (facts->next_month == 0)
        return;
    paper_rule(&sheet->paper, PAPER_DASHED);
    text_format(month, sizeof(month), "%04d.%02d", month_year(facts->next_month),
                month_number(facts->next_month));
    sheet_pair(sheet, sheet->style->strong, "下次应缴", "Next month to pay", month);
    if (facts->next_is_late) {
        text_format(zh, sizeof(zh), "已过缴费期限，请尽快补缴。");
        text_format(en, sizeof(en), "It is overdue: pay it soon.");
    } else if (date > 0) {
        text_format(zh, sizeof(zh), "请于 %d 年 %d 月 %d 日前（含当日）缴纳。", date / 10000,
                    date / 100 % 100, date % 100);
        text_format(en, sizeof(en), "Pay it by %04d-%02d-%02d.", date / 10000, date / 100 % 100,
                    date % 100);
    } else {
        const bool has_phone = facts->service_phone[0] != '\0'; /* an old slip may tell none */
        text_format(zh, sizeof(zh), "本地未规定具体缴费日，请%s%s询问。",
                    has_phone ? "拨打 " : "到窗口", facts->service_phone);
        text_format(en, sizeof(en), "No day is fixed here; ask %s%s.",
                    has_phone ? "on " : "at the window", facts->service_phone);
    }
    sheet_say(sheet, sheet->style->body, zh, en);
}

static void put_unknown_value(struct sheet *sheet)
{
    paper_rule(&sheet->paper, PAPER_HEAVY);
    sheet_say(sheet, sheet->style->strong, "钞票面值：设备未能确认",
              "Value of the note: not known");
    paper_rule(&sheet->paper, PAPER_HEAVY);
}

static void put_note(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    if (facts->paid_fen > 0)
        put_paid(sheet, "钞票面值", "Value of the note", facts->paid_fen);
    else
        put_unknown_value(sheet);
}

/* A sum or a month at the right edge, or under its words where they are long. */
static void put_notes(struct sheet *sheet)
{
    CHECK(sheet->facts->note_count <= RECEIPT_NOTES_MAX);
    if (sheet->facts->note_count == 0)
        return;
    paper_rule(&sheet->paper, PAPER_HEAVY);
    for (int i = 0; i < sheet->facts->note_count; i++) {
        const struct receipt_note *note = &sheet->facts->notes[i];
        if (note->value[0] != '\0')
            sheet_pair(sheet, sheet->style->strong, note->zh, note->en, note->value);
        else
            sheet_say(sheet, sheet->style->strong, note->zh, note->en);
    }
}

static void put_large(struct sheet *sheet, const char *zh, const char *en, const char *value_zh,
                      const char *value_en)
{
    if (value_zh[0] == '\0')
        return;
    paper_rule(&sheet->paper, PAPER_DASHED);
    sheet_say(sheet, sheet->style->strong, zh, en);
    sheet_say(sheet, sheet->style->key, value_zh, value_en);
}

/* For whoever reads without his glasses: values in the size of key facts, each on a line of its own
 * below its words. A note without a value begins an insurance. */
static void put_plan(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    CHECK(facts->note_count <= RECEIPT_NOTES_MAX);
    paper_rule(&sheet->paper, PAPER_DASHED);
    for (int i = 0; i < facts->note_count; i++) {
        const struct receipt_note *note = &facts->notes[i];
        const bool is_heading = note->value[0] == '\0';
        if (is_heading)
            paper_rule(&sheet->paper, PAPER_HEAVY);
        sheet_say(sheet, is_heading ? sheet->style->key : sheet->style->strong, note->zh, note->en);
        if (!is_heading)
            paper_text(&sheet->paper, sheet->style->key, PAPER_LEFT, note->value);
        paper_feed(&sheet->paper, 8);
    }
    put_large(sheet, "要带什么", "Bring", facts->bring[0], facts->bring[1]);
    put_large(sheet, "在哪里办", "Where", facts->window[0], facts->window[1]);
    put_large(sheet, "什么时候", "When", facts->open[0], facts->open[1]);
    put_large(sheet, "服务电话", "Call", facts->service_phone, "");
}

static void put_money(struct sheet *sheet)
{
    switch (sheet->facts->kind) {
    case RECEIPT_PAYMENT:
    case RECEIPT_INTERRUPTED:
        put_sums(sheet);
        put_next(sheet);
        break;
    case RECEIPT_UNKNOWN_NOTE:
        put_note(sheet);
        break;
    case RECEIPT_INQUIRY:
    case RECEIPT_REGISTRATION:
    case RECEIPT_REFUSAL:
        put_notes(sheet);
        break;
    case RECEIPT_PLAN:
        put_plan(sheet);
        break;
    case RECEIPT_CLOSING:
        break;
    }
}

static void put_policy(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char value[TEXT_SIZE];
    if (facts->policy_id[0] == '\0')
        return;
    paper_rule(&sheet->paper, PAPER_DASHED);
    text_format(value, sizeof(value), "%s 第 %d 版", facts->policy_id, facts->policy_revision);
    sheet_fact(sheet, sheet->style->body, "政策", "Policy, revision", value);
    sheet_fact(sheet, sheet->style->body, "依据", "Sources", facts->sources);
}

static bool is_payment(const struct receipt_facts *facts)
{
    return facts->kind == RECEIPT_PAYMENT || facts->kind == RECEIPT_INTERRUPTED;
}

/* What comes later from whom, by its name; the slip is none of it. */
static void put_official(struct sheet *sheet)
{
    static const struct words PROOFS[] = {
        [RECEIPT_PROOF_SLIP] = { "缴费证明", "official proof" },
        [RECEIPT_PROOF_TAX_CERTIFICATE] = { "税收完税证明", "tax payment certificate" },
        [RECEIPT_PROOF_PAYMENT_PROOF] = { "社会保险费缴费证明", "proof of contributions" },
        [RECEIPT_PROOF_FISCAL_RECEIPT] = { "财政票据", "fiscal receipt" },
    };
    const struct receipt_facts *facts = sheet->facts;
    const struct words *proof = &PROOFS[facts->proof];
    char zh[TEXT_SIZE], en[TEXT_SIZE];
    if (!is_payment(facts))
        return;
    bool named = facts->collector[0][0] != '\0';
    text_format(zh, sizeof(zh), "本凭条不是税务票据。%s由%s开具。", proof->zh,
                named ? facts->collector[0] : "征收机构");
    text_format(en, sizeof(en), "No tax receipt. %s issues the %s.",
                facts->collector[1][0] != '\0' ? facts->collector[1] : "The collecting authority",
                proof->en);
    sheet_say(sheet, sheet->style->strong, zh, en);
    paper_feed(&sheet->paper, 4);
}

static void put_help(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char zh[TEXT_SIZE], en[TEXT_SIZE];
    /* Not twice: most kiosks name 12333 as their own number. */
    bool own = facts->service_phone[0] != '\0' && !strstr(facts->hotlines[0], facts->service_phone);
    bool lines = facts->hotlines[0][0] != '\0';
    text_format(zh, sizeof(zh), "有疑问请持本凭条到 %s%s%s%s%s%s。",
                facts->window[0][0] != '\0' ? facts->window[0] : "窗口",
                own || lines ? "，或拨打" : "", own ? " " : "", own ? facts->service_phone : "",
                own && lines ? "、" : "", facts->hotlines[0]);
    text_format(en, sizeof(en), "Questions? Bring this to %s%s%s%s%s.",
                facts->window[1][0] != '\0' ? facts->window[1] : "the window",
                own || lines ? " or call " : "", own ? facts->service_phone : "",
                own && lines ? ", " : "", facts->hotlines[1]);
    sheet_say(sheet, sheet->style->body, zh, en);
}

/* Social Insurance Law, art. 83: whoever disagrees with what the agency or the collector does. */
static void put_remedy(struct sheet *sheet)
{
    if (is_payment(sheet->facts) || sheet->facts->kind == RECEIPT_REGISTRATION)
        sheet_say(sheet, sheet->style->body,
                  "有异议可依法申请行政复议或提起诉讼（社会保险法第 83 条）。",
                  "If you disagree, ask for review or go to court (art. 83).");
}

static void put_care(struct sheet *sheet)
{
    sheet_say(sheet, sheet->style->strong, "热敏纸易褪色，请及时复印或扫码留存。",
              "Thermal print fades: copy or scan it.");
    paper_feed(&sheet->paper, 4);
}

static void put_foot(struct sheet *sheet)
{
    struct paper *paper = &sheet->paper;
    bool narrow = sheet->style->is_narrow;
    paper_rule(paper, PAPER_DASHED);
    if (sheet->facts->verify[0] != '\0') {
        paper_begin_beside_qr(paper, sheet->facts->verify);
        struct paper_label label = sheet_label(sheet, "扫码核验", "Scan to verify");
        paper_pair(paper, &label, label.small, "");
        paper_feed(paper, 4);
    }
    put_care(sheet);
    if (narrow) /* a column for few words */
        paper_end_beside(paper);
    put_official(sheet);
    if (is_payment(sheet->facts))
        paper_end_beside(paper);
    put_help(sheet);
    paper_end_beside(paper);
    put_remedy(sheet);
    paper_feed(paper, 24);
}

static void draw(struct sheet *sheet)
{
    put_head(sheet);
    if (sheet->facts->kind == RECEIPT_CLOSING) {
        closing_slip_draw(sheet);
        return;
    }
    put_number(sheet);
    put_place(sheet);
    put_person(sheet);
    put_lines(sheet);
    put_money(sheet);
    put_policy(sheet);
    put_foot(sheet);
}

enum status receipt_render_with(const struct receipt_facts *facts, int width_dots,
                                struct font *font, struct printer_bitmap *out)
{
    struct sheet sheet = { .style = sheet_style_of(width_dots), .facts = facts };
    paper_init(&sheet.paper, font, width_dots, sheet.style->margin);
    draw(&sheet);
    paper_begin_again(&sheet.paper);
    draw(&sheet);
    return paper_finish(&sheet.paper, out);
}

enum status receipt_render(const struct receipt_facts *facts, int width_dots, const char *font_path,
                           struct printer_bitmap *out)
{
    *out = (struct printer_bitmap){ 0 };
    struct font *font = NULL;
    enum status status = font_open(font_path, &font);
    if (status != STATUS_OK)
        return status;
    status = receipt_render_with(facts, width_dots, font, out);
    font_close(font);
    return status;
}

void receipt_bitmap_free(struct printer_bitmap *bitmap)
{
    bytes_free_wiped(bitmap->rows);
    *bitmap = (struct printer_bitmap){ 0 };
}
