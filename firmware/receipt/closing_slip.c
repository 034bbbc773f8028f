#include "receipt/closing_slip.h"

#include <inttypes.h>
#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "receipt/closing_text.h"

#define TEXT_SIZE 256

static void put_span(struct sheet *sheet, const struct closing *closing)
{
    char text[TEXT_SIZE], number[JOURNAL_CLOSING_VOUCHER_SIZE];
    journal_closing_voucher(closing->number, number);
    sheet_fact(sheet, sheet->style->key, "日结号", "Closing no.", number);
    text_format(text, sizeof text, "%s %s %s", sheet->facts->kiosk_id, sheet->facts->place[0],
                sheet->facts->place[1]);
    sheet_fact(sheet, sheet->style->body, "设备", "Kiosk", text);
    sheet_format_time(closing->first_at_ms, text);
    sheet_fact(sheet, sheet->style->body, "开始", "From", text);
    sheet_format_time(closing->last_at_ms, text);
    sheet_fact(sheet, sheet->style->body, "结束", "To", text);
    text_format(text, sizeof text, "%" PRId64 "–%" PRId64, closing->first_seq, closing->last_seq);
    sheet_fact(sheet, sheet->style->body, "流水", "Entries", text);
    sheet_format_time(sheet->facts->at_ms, text);
    sheet_fact(sheet, sheet->style->body, "打印", "Printed", text);
}

static void put_heading(struct sheet *sheet, const char *zh, const char *en)
{
    struct paper_label label = sheet_label(sheet, zh, en);
    label.type = sheet->style->strong;
    paper_rule(&sheet->paper, PAPER_DASHED);
    paper_pair(&sheet->paper, &label, sheet->style->body, "");
    paper_feed(&sheet->paper, 2);
}

static void put_unit(struct sheet *sheet, const struct journal_cash_unit *unit)
{
    char label[64], value[SHEET_YUAN_SIZE];
    if (unit->count == 0)
        return;
    if (unit->denomination_fen == 0) {
        text_format(value, sizeof value, "%" PRId64 " 张", unit->count);
        sheet_pair(sheet, sheet->style->strong, "面额不明", "Value unknown", value);
        return;
    }
    text_format(label, sizeof label, "%" PRId64 " 元 × %" PRId64, unit->denomination_fen / 100,
                unit->count);
    sheet_money(sheet, sheet->style->body, label, "", unit->denomination_fen * unit->count);
}

static void put_box(struct sheet *sheet, const struct closing *closing)
{
    char sum[SHEET_YUAN_SIZE];
    put_heading(sheet, "钱箱内（按账本）", "In the box, by the ledger");
    for (int i = 0; i < closing->unit_count; i++)
        put_unit(sheet, &closing->units[i]);
    sheet_format_yuan(closing->box_fen, sum);
    paper_rule(&sheet->paper, PAPER_HEAVY);
    sheet_pair(sheet, sheet->style->sum, "合计", "Sum", sum);
    paper_rule(&sheet->paper, PAPER_HEAVY);
}

static void put_count(struct sheet *sheet, const char *zh, const char *en, int64_t count)
{
    char text[32];
    text_format(text, sizeof text, "%" PRId64, count);
    sheet_pair(sheet, sheet->style->body, zh, en, text);
}

static void put_day(struct sheet *sheet, const struct closing *closing)
{
    const struct style *style = sheet->style;
    put_heading(sheet, "本次日结", "Since the last closing");
    put_count(sheet, "缴费笔数", "Payments", closing->payments);
    sheet_money(sheet, style->body, "实收现金", "Cash received", closing->paid_fen);
    sheet_money(sheet, style->body, "已缴保费", "Applied", closing->applied_fen);
    sheet_money(sheet, style->body, "多缴余额", "Surplus", closing->surplus_fen);
    put_count(sheet, "取消笔数", "Cancelled", closing->cancellations);
    put_count(sheet, "登记人数", "Registered", closing->registrations);
    put_count(sheet, "收入纸币（张）", "Notes taken", closing->notes);
    sheet_money(sheet, style->body, "纸币金额", "Their sum", closing->notes_fen);
}

static void put_item(struct sheet *sheet, const struct closing_item *item)
{
    char left[64], value[SHEET_YUAN_SIZE] = "";
    text_format(left, sizeof left, "#%" PRId64 " %s", item->seq, item->code);
    if (item->value_fen > 0)
        sheet_format_yuan(item->value_fen, value);
    else if (item->is_note)
        text_copy(value, sizeof value, "面额不明");
    paper_text(&sheet->paper, sheet->style->english, PAPER_LEFT, left);
    struct paper_label label = sheet_label(sheet, item->txn, "");
    label.type = sheet->style->english;
    if (item->txn[0] != '\0' || value[0] != '\0')
        paper_pair(&sheet->paper, &label, sheet->style->body, value);
    paper_feed(&sheet->paper, 4);
}

static void put_items(struct sheet *sheet, const struct closing *closing)
{
    int64_t shown =
        closing->item_count < CLOSING_ITEMS_MAX ? closing->item_count : CLOSING_ITEMS_MAX;
    char count[32];
    put_heading(sheet, "待查", "To look into");
    put_count(sheet, "待查项数", "Items", closing->item_count);
    for (int64_t i = 0; i < shown; i++)
        put_item(sheet, &closing->items[i]);
    if (closing->item_count > shown) {
        text_format(count, sizeof count, "%" PRId64, closing->item_count - shown);
        sheet_pair(sheet, sheet->style->body, "其余见账本", "More, in the ledger", count);
    }
    paper_rule(&sheet->paper, PAPER_DASHED);
    put_count(sheet, "尚未上传（条）", "Not yet sent", closing->unsent_count);
    sheet_money(sheet, sheet->style->body, "其中现金", "Cash in them", closing->unsent_fen);
}

/* Line by line: what closing_text aligns must stay so. */
static void put_root(struct sheet *sheet, const struct closing *closing)
{
    char text[CLOSING_TEXT_SIZE];
    if (closing_text_compose(&closing->root, text, sizeof text) != STATUS_OK) {
        sheet->paper.bad = STATUS_FULL;
        return;
    }
    paper_rule(&sheet->paper, PAPER_DASHED);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = '\0';
        paper_text(&sheet->paper, sheet->style->body, PAPER_LEFT, line);
    }
}

static void put_hands(struct sheet *sheet)
{
    paper_rule(&sheet->paper, PAPER_DASHED);
    sheet_say(sheet, sheet->style->body, "请连同钱箱交社保局核对。签名须与账本一致。",
              "Hand in with the cash box. The signature must be the one in the ledger.");
    paper_feed(&sheet->paper, 12);
    struct paper_label done = sheet_label(sheet, "经办", "Done by");
    struct paper_label checked = sheet_label(sheet, "复核", "Checked by");
    paper_pair(&sheet->paper, &done, sheet->style->body, "");
    paper_feed(&sheet->paper, 36);
    paper_rule(&sheet->paper, PAPER_THIN);
    paper_pair(&sheet->paper, &checked, sheet->style->body, "");
    paper_feed(&sheet->paper, 36);
    paper_rule(&sheet->paper, PAPER_THIN);
    paper_feed(&sheet->paper, 24);
}

void closing_slip_draw(struct sheet *sheet)
{
    const struct closing *closing = sheet->facts->closing;
    CHECK(closing);
    put_span(sheet, closing);
    put_box(sheet, closing);
    put_day(sheet, closing);
    put_items(sheet, closing);
    put_root(sheet, closing);
    put_hands(sheet);
}
