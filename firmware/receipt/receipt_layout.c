#include "receipt/receipt.h"

#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "receipt/paper.h"

#define WIDTH_NARROW 384
#define WIDTH_WIDE 576
#define TEXT_SIZE 256

/* Han body at least 24 dots (3 mm), English at least 20; key facts 32 and more (printer.md §4).
 * Small sizes are bold, so that no stroke is thinner than two dots. */
struct style {
    struct paper_type title, title_en, heading, body, strong, english, key, sum;
    int margin;
};

static const struct style WIDE = {
    .title = { 54, FONT_BOLD },
    .title_en = { 28, FONT_BOLD },
    .heading = { 34, FONT_BOLD },
    .body = { 27, FONT_REGULAR },
    .strong = { 28, FONT_BOLD },
    .english = { 21, FONT_REGULAR },
    .key = { 32, FONT_BOLD },
    .sum = { 48, FONT_BOLD },
    .margin = 16,
};

static const struct style NARROW = {
    .title = { 44, FONT_BOLD },
    .title_en = { 24, FONT_BOLD },
    .heading = { 28, FONT_BOLD },
    .body = { 26, FONT_REGULAR },
    .strong = { 26, FONT_BOLD },
    .english = { 20, FONT_REGULAR },
    .key = { 32, FONT_BOLD },
    .sum = { 40, FONT_BOLD },
    .margin = 8,
};

struct sheet {
    struct paper paper;
    const struct style *style;
    const struct receipt_facts *facts;
};

struct words {
    const char *zh, *en;
};

static const struct words TITLES[] = {
    [RECEIPT_PAYMENT] = { "缴费凭条", "Payment slip" },
    [RECEIPT_REGISTRATION] = { "参保登记凭条", "Registration slip" },
    [RECEIPT_INTERRUPTED] = { "中断缴费凭条", "Slip for an interrupted payment" },
    [RECEIPT_UNKNOWN_NOTE] = { "钞票待查凭条", "Claim slip for a banknote" },
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
};

static void under(struct sheet *sheet, const char *en)
{
    if (en[0] != '\0')
        paper_text(&sheet->paper, sheet->style->english, PAPER_LEFT, en);
}

/* A Chinese paragraph with its English below. */
static void say(struct sheet *sheet, struct paper_type type, const char *zh, const char *en)
{
    paper_text(&sheet->paper, type, PAPER_LEFT, zh);
    under(sheet, en);
}

static void pair(struct sheet *sheet, struct paper_type value_type, const char *zh, const char *en,
                 const char *value)
{
    if (value[0] == '\0')
        return;
    struct paper_label label = {
        .type = sheet->style->body,
        .small = sheet->style->english,
        .text = zh,
        .translation = en,
    };
    paper_pair(&sheet->paper, &label, value_type, value);
    paper_feed(&sheet->paper, 3);
}

static void money_pair(struct sheet *sheet, struct paper_type value_type, const char *zh,
                       const char *en, int64_t fen)
{
    char text[MONEY_TEXT_SIZE], value[MONEY_TEXT_SIZE + 8];
    money_format(fen, 1, text);
    text_format(value, sizeof(value), "￥%s", text);
    pair(sheet, value_type, zh, en, value);
}

static void put_copy_mark(struct sheet *sheet)
{
    char zh[64], en[64];
    if (sheet->facts->copy <= 0)
        return;
    text_format(zh, sizeof(zh), "补打 第 %d 次", sheet->facts->copy);
    text_format(en, sizeof(en), "Copy no. %d: same number, not a second payment",
                sheet->facts->copy);
    paper_feed(&sheet->paper, 6);
    int box = paper_begin_box(&sheet->paper);
    paper_text(&sheet->paper, sheet->style->key, PAPER_CENTRE, zh);
    paper_text(&sheet->paper, sheet->style->english, PAPER_CENTRE, en);
    paper_end_box(&sheet->paper, box);
}

static void put_head(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    const struct style *style = sheet->style;
    const struct words *title = &TITLES[facts->kind], *lead = &LEADS[facts->kind];
    paper_feed(&sheet->paper, 8);
    paper_text(&sheet->paper, style->heading, PAPER_CENTRE, facts->bureau[0]);
    paper_text(&sheet->paper, style->english, PAPER_CENTRE, facts->bureau[1]);
    paper_feed(&sheet->paper, 6);
    paper_text(&sheet->paper, style->title, PAPER_CENTRE, title->zh);
    paper_text(&sheet->paper, style->title_en, PAPER_CENTRE, title->en);
    put_copy_mark(sheet);
    paper_rule(&sheet->paper, false);
    if (lead->zh == NULL)
        return;
    say(sheet, style->strong, lead->zh, lead->en);
    paper_rule(&sheet->paper, true);
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

static void format_time(int64_t at_ms, char out[32])
{
    struct clock_civil at = clock_civil_of(at_ms);
    text_format(out, 32, "%04d-%02d-%02d %02d:%02d:%02d", at.year, at.month, at.day, at.hour,
                at.minute, at.second);
}

static void put_number(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char grouped[64];
    if (facts->voucher[0] == '\0')
        return;
    group_voucher(facts->voucher, grouped, sizeof(grouped));
    pair(sheet, sheet->style->english, "凭条号", "Slip number", " ");
    paper_text(&sheet->paper, sheet->style->key, PAPER_LEFT, grouped);
    paper_feed(&sheet->paper, 4);
}

static void put_place(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char time[32], zh[128];
    format_time(facts->at_ms, time);
    pair(sheet, sheet->style->body, "时间", "Time", time);
    text_format(zh, sizeof(zh), "%s %s", facts->place[0], facts->kiosk_id);
    pair(sheet, sheet->style->body, "设备", "Kiosk", zh);
    paper_text(&sheet->paper, sheet->style->english, PAPER_RIGHT, facts->place[1]);
    pair(sheet, sheet->style->body, "交易号", "Transaction", facts->txn);
}

static void put_person(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    if (facts->name_masked[0] == '\0' && facts->account_number[0] == '\0')
        return;
    paper_rule(&sheet->paper, true);
    pair(sheet, sheet->style->strong, "姓名", "Name", facts->name_masked);
    pair(sheet, sheet->style->body, "证件号码", "ID number", facts->number_masked);
    pair(sheet, sheet->style->key, "个人缴费账号", "Personal payment account",
         facts->account_number);
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

static void put_period(struct sheet *sheet, const struct receipt_line *line)
{
    char first[MONTH_TEXT_SIZE], last[MONTH_TEXT_SIZE], value[64];
    month_format(line->first, first);
    month_format(line->last, last);
    if (line->first == line->last)
        text_copy(value, sizeof(value), first);
    else
        text_format(value, sizeof(value), "%s 至 %s", first, last);
    pair(sheet, sheet->style->body, "所属期", "Months", value);
}

static void put_line(struct sheet *sheet, const struct receipt_line *line)
{
    char base[MONEY_TEXT_SIZE], rate[24], value[80];
    paper_rule(&sheet->paper, true);
    money_pair(sheet, sheet->style->strong, line->name[0], line->name[1], line->amount_fen);
    put_period(sheet, line);
    if (line->base_fen > 0) {
        money_format(line->base_fen, 1, base);
        format_rate(line->rate, rate);
        text_format(value, sizeof(value), "￥%s×%s", base, rate);
        pair(sheet, sheet->style->body, "基数×费率", "Base × rate, monthly", value);
    }
    if (line->account_fen > 0)
        money_pair(sheet, sheet->style->body, "其中计入个人账户", "Of which to your own account",
                   line->account_fen);
}

static void put_lines(struct sheet *sheet)
{
    CHECK(sheet->facts->line_count <= RECEIPT_LINES_MAX);
    for (int i = 0; i < sheet->facts->line_count; i++)
        put_line(sheet, &sheet->facts->lines[i]);
}

/* The sum stands alone: in figures, and in capitals that nobody can alter. */
static void put_paid(struct sheet *sheet, const char *zh, const char *en, int64_t fen)
{
    char text[MONEY_TEXT_SIZE], figures[MONEY_TEXT_SIZE + 8], capitals[MONEY_WORDS_SIZE];
    money_format(fen, 1, text);
    text_format(figures, sizeof(figures), "￥%s", text);
    money_format_words(fen, capitals);
    paper_feed(&sheet->paper, 4);
    int box = paper_begin_box(&sheet->paper);
    pair(sheet, sheet->style->english, zh, en, " ");
    paper_text(&sheet->paper, sheet->style->sum, PAPER_RIGHT, figures);
    paper_text(&sheet->paper, sheet->style->strong, PAPER_LEFT, capitals);
    paper_end_box(&sheet->paper, box);
    paper_feed(&sheet->paper, 8);
}

static void put_sums(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    struct paper_type strong = sheet->style->strong;
    paper_rule(&sheet->paper, true);
    put_paid(sheet, "实收现金", "Cash received", facts->paid_fen);
    if (facts->due_fen > 0)
        money_pair(sheet, sheet->style->body, "应缴", "Due", facts->due_fen);
    money_pair(sheet, strong, "缴纳保险费", "Paid as premiums", facts->applied_fen);
    money_pair(sheet, strong, "余额", "Over", facts->surplus_fen);
    if (facts->surplus_fen > 0)
        say(sheet, sheet->style->body, facts->surplus_rule[0], facts->surplus_rule[1]);
    if (facts->partial)
        say(sheet, strong, "本次未缴足：只缴纳完整月份，其余月份仍须缴费。",
            "Paid in part: whole months only. The other months are still due.");
}

static void put_note(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    if (facts->paid_fen > 0)
        put_paid(sheet, "钞票面值", "Value of the note", facts->paid_fen);
    else
        say(sheet, sheet->style->strong, "钞票面值：设备未能确认", "Value of the note: not known");
}

static void put_money(struct sheet *sheet)
{
    switch (sheet->facts->kind) {
    case RECEIPT_PAYMENT:
    case RECEIPT_INTERRUPTED:
        put_sums(sheet);
        break;
    case RECEIPT_UNKNOWN_NOTE:
        paper_rule(&sheet->paper, true);
        put_note(sheet);
        break;
    case RECEIPT_REGISTRATION:
        break;
    }
}

static void put_policy(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char value[96];
    if (facts->policy_id[0] == '\0')
        return;
    paper_rule(&sheet->paper, true);
    text_format(value, sizeof(value), "%s 第 %d 版", facts->policy_id, facts->policy_revision);
    pair(sheet, sheet->style->body, "政策", "Policy and revision", value);
    if (facts->sources[0] == '\0')
        return;
    pair(sheet, sheet->style->english, "依据", "Sources", " ");
    paper_text(&sheet->paper, sheet->style->body, PAPER_LEFT, facts->sources);
}

static void put_code(struct sheet *sheet)
{
    if (sheet->facts->verify[0] == '\0')
        return;
    paper_rule(&sheet->paper, true);
    paper_qr(&sheet->paper, sheet->facts->verify);
    paper_text(&sheet->paper, sheet->style->body, PAPER_CENTRE, "扫码核验");
    paper_text(&sheet->paper, sheet->style->english, PAPER_CENTRE, "Scan to verify");
}

static void put_official(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char zh[TEXT_SIZE], en[TEXT_SIZE];
    if (facts->kind != RECEIPT_PAYMENT && facts->kind != RECEIPT_INTERRUPTED)
        return;
    bool named = facts->collector[0][0] != '\0';
    text_format(zh, sizeof(zh), "本凭条是缴费凭条，不是税务票据。缴费证明由%s开具。",
                named ? facts->collector[0] : "征收机构");
    text_format(en, sizeof(en),
                "This is a payment slip, not a tax receipt. The official certificate is issued by "
                "%s.",
                facts->collector[1][0] != '\0' ? facts->collector[1] : "the collecting authority");
    say(sheet, sheet->style->strong, zh, en);
    paper_feed(&sheet->paper, 6);
}

static void put_help(struct sheet *sheet)
{
    const struct receipt_facts *facts = sheet->facts;
    char zh[TEXT_SIZE], en[TEXT_SIZE];
    text_format(zh, sizeof(zh), "有疑问请持本凭条到 %s，或拨打社保 12333、税务 12366。",
                facts->window[0][0] != '\0' ? facts->window[0] : "窗口");
    text_format(en, sizeof(en),
                "Questions: bring this slip to %s, or call 12333 (social "
                "security) or 12366 (tax).",
                facts->window[1][0] != '\0' ? facts->window[1] : "the window");
    say(sheet, sheet->style->body, zh, en);
    pair(sheet, sheet->style->strong, "服务电话", "Service phone", facts->service_phone);
}

static void put_foot(struct sheet *sheet)
{
    bool narrow = sheet->style == &NARROW;
    paper_rule(&sheet->paper, true);
    put_official(sheet);
    put_help(sheet);
    paper_rule(&sheet->paper, false);
    paper_text(&sheet->paper, sheet->style->strong, PAPER_CENTRE,
               narrow ? "热敏纸易褪色，\n请及时复印或扫码留存"
                      : "热敏纸易褪色，请及时复印或扫码留存");
    paper_text(&sheet->paper, sheet->style->english, PAPER_CENTRE,
               narrow ? "Thermal print fades:\ncopy it or scan the code."
                      : "Thermal print fades: copy it or scan the code.");
    paper_feed(&sheet->paper, 24);
}

enum status receipt_render(const struct receipt_facts *facts, int width_dots, const char *font_path,
                           struct printer_bitmap *out)
{
    CHECK(width_dots == WIDTH_NARROW || width_dots == WIDTH_WIDE);
    *out = (struct printer_bitmap){ 0 };
    struct font *font = NULL;
    enum status status = font_open(font_path, &font);
    if (status != STATUS_OK)
        return status;
    struct sheet sheet = { .style = width_dots == WIDTH_WIDE ? &WIDE : &NARROW, .facts = facts };
    paper_init(&sheet.paper, font, width_dots, sheet.style->margin);
    put_head(&sheet);
    put_number(&sheet);
    put_place(&sheet);
    put_person(&sheet);
    put_lines(&sheet);
    put_money(&sheet);
    put_policy(&sheet);
    put_code(&sheet);
    put_foot(&sheet);
    font_close(font);
    return paper_finish(&sheet.paper, out);
}

void receipt_bitmap_free(struct printer_bitmap *bitmap)
{
    free(bitmap->rows);
    *bitmap = (struct printer_bitmap){ 0 };
}
