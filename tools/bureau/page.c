#include "tools/bureau/page.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "tools/bureau/slip.h"

#define VOUCHER_LENGTH_MAX 39
#define HASH16_LENGTH 16

static const char HEAD[] =
    "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    "<title>凭条核验 · Slip check</title><style>"
    "body{margin:0;background:#F3F6FA;color:#0E1B2E;font:18px/1.5 system-ui,sans-serif}"
    "main{max-width:34rem;margin:2rem auto;padding:0 1rem}"
    "section{background:#fff;border:1px solid #D3DCE8;border-radius:20px;padding:1.5rem}"
    "h1{font-size:1.5rem;margin:0 0 1rem}.lamp{border-radius:14px;padding:1rem;margin-bottom:1rem}"
    ".good{background:#E2F3EA;color:#0B6B45}.caution{background:#FFF1D6;color:#7A4B00}"
    ".bad{background:#FBE4E4;color:#A31515}.lamp b{font-size:1.15rem}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem;margin:0}"
    "dt{color:#42526B}dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;"
    "overflow-wrap:anywhere}"
    "</style></head><body><main><section><h1>凭条核验 <small>Slip check</small></h1>";
static const char FOOT[] = "</section></main></body></html>";

static bool consists_of(const char *text, size_t length_min, size_t length_max,
                        int (*belongs)(int character))
{
    size_t length = text ? strlen(text) : 0;
    for (size_t i = 0; i < length; i++)
        if (!belongs((unsigned char)text[i]))
            return false;
    return length >= length_min && length <= length_max;
}

static void put_lamp(FILE *out, const char *class, const char *zh, const char *en)
{
    fprintf(out, "<div class=\"lamp %s\"><b>%s</b><br>%s</div>", class, zh, en);
}

static void put_row(FILE *out, const char *label, const char *value)
{
    fprintf(out, "<dt>%s</dt><dd>%s</dd>", label, value);
}

static void put_time(FILE *out, int64_t wall_ms)
{
    struct clock_civil civil = clock_civil_in_china(wall_ms);
    fprintf(out, "<dt>时间 Time</dt><dd>%04d-%02d-%02d %02d:%02d:%02d<br>北京时间 China time</dd>",
            civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second);
}

static void put_money(FILE *out, const char *label, int64_t fen)
{
    char text[MONEY_TEXT_SIZE];
    money_format(fen, 1, text);
    fprintf(out, "<dt>%s</dt><dd>¥ %s</dd>", label, text);
}

static void put_payment(FILE *out, const char *voucher, struct db_statement *row)
{
    put_lamp(out, "good", "该凭条真实有效，款项已由经办机构入账。",
             "This slip is genuine; the bureau has booked the payment.");
    fputs("<dl>", out);
    put_row(out, "凭条号 Slip number", voucher);
    put_time(out, db_column_int(row, 0));
    put_money(out, "实收 Received", db_column_int(row, 1));
    put_money(out, "缴费 Contributions", db_column_int(row, 2));
    put_money(out, "余额 Surplus", db_column_int(row, 3));
    fputs("</dl>", out);
}

static enum status put_answer(FILE *out, struct bureau_store *reader, const char *voucher,
                              const char *hash16, bool *found_out)
{
    struct db_statement *statement;
    enum status status = db_prepare(reader->db,
                                    "SELECT at, paid, applied, surplus FROM payment"
                                    " WHERE voucher = ?1 AND hash16 = lower(?2)",
                                    &statement);
    if (status != STATUS_OK)
        return status;
    db_bind_text(statement, 1, voucher);
    db_bind_text(statement, 2, hash16);
    status = db_step(statement);
    *found_out = status == STATUS_OK;
    if (status == STATUS_OK)
        put_payment(out, voucher, statement);
    else
        put_lamp(out, "caution",
                 "尚未查到该凭条。自助终端可能还未联网上传，请稍后再试，或持凭条到窗口办理。",
                 "Not found yet. The kiosk may not have sent it; try later, or bring the slip to"
                 " the window.");
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

/* ---- a signed statement ---- */

struct words {
    const char *class, *zh, *en;
};

/* What is wrong with it, loudest first to read; empty for SLIP_HOLDS. */
static const struct refusal {
    unsigned http_status;
    struct words words;
} REFUSALS[] = {
    [SLIP_MALFORMED] = { 400,
                         { "caution", "链接不完整，请重新扫描凭条上的二维码。",
                           "The link is incomplete; please scan the code on the slip again." } },
    [SLIP_KIOSK_UNKNOWN] = { 404,
                             { "bad", "无法核验：经办机构没有登记这台自助终端的公钥。",
                               "Cannot be checked: the bureau knows no such kiosk, or its key has"
                               " not come yet. Bring the slip to the window." } },
    [SLIP_KEY_FOREIGN] = { 422,
                           { "bad",
                             "核验不通过：签名密钥不是这台自助终端的密钥。请勿采信，持凭条到窗口核"
                             "实。",
                             "Not genuine: signed with another key than this kiosk's. Do not rely"
                             " on it; ask at the window." } },
    [SLIP_SIGNATURE_FALSE] = { 422,
                               { "bad",
                                 "核验不通过：签名不符，内容可能被改动过。请勿采信，持凭条到窗口核"
                                 "实。",
                                 "Not genuine: the signature does not fit what it says, so "
                                 "something"
                                 " was changed. Do not rely on it; ask at the window." } },
    [SLIP_DIFFERS] = { 409,
                       { "bad", "凭条由终端签名，但与经办机构的账目不一致。请持凭条到窗口核实。",
                         "The kiosk signed this, and the bureau's books say something else. Bring"
                         " the slip to the window." } },
    [SLIP_HOLDS] = { 200, { NULL, NULL, NULL } },
};

/* What the kiosk last said about its paper; whoever holds it knows better. */
static const struct {
    const char *state;
    struct words words;
} PAPERS[] = {
    { "printed", { "good", "② 凭条已打印", "2 Slip printed, as the kiosk reports." } },
    { "failed",
      { "caution", "② 终端报告：凭条未能打印", "2 The kiosk reports that printing failed." } },
    { "unknown",
      { "caution", "② 终端未能确认凭条是否打印",
        "2 The kiosk could not tell whether it printed." } },
};

static struct words paper_words(const struct slip *slip)
{
    for (size_t i = 0; i < ARRAY_SIZE(PAPERS); i++)
        if (strcmp(slip->paper, PAPERS[i].state) == 0)
            return PAPERS[i].words;
    return (struct words){ "caution", "② 打印情况：经办机构尚未收到终端的报告",
                           "2 Printing: no report of the kiosk has come yet." };
}

static struct words credit_words(const struct slip *slip)
{
    if (slip->credited)
        return (struct words){ "good", "③ 经办机构已入账", "3 Credited in the bureau's books." };
    if (slip->was_set_aside)
        return (struct words){ "caution",
                               "③ 尚未入账：经办机构已收到，工作人员正在处理，请持凭条到窗口询问",
                               "3 Not credited yet: it has arrived and staff must settle it; ask at"
                               " the window." };
    return (
        struct words){ "caution", "③ 尚未入账：终端可能还未联网上传，请稍后再查",
                       "3 Not credited yet: the kiosk may not have sent it; look again later." };
}

static void put_words(FILE *out, struct words words)
{
    put_lamp(out, words.class, words.zh, words.en);
}

static void put_statement(FILE *out, const struct statement *statement)
{
    char kiosk[VOUCHER_DEVICE_SIZE], entry[32];
    voucher_read_device(statement->voucher, kiosk);
    snprintf(entry, sizeof entry, "%lld", (long long)statement->seq);
    fputs("<dl>", out);
    put_money(out, "实收现金 Cash taken", statement->paid_fen);
    put_time(out, statement->at_s * 1000);
    put_row(out, "凭条号 Slip number", statement->voucher);
    if (statement->number_masked[0] != '\0')
        put_row(out, "证件号码 ID", statement->number_masked);
    put_row(out, "自助终端 Kiosk", kiosk);
    put_row(out, "记账序号 Entry", entry);
    fputs("</dl>", out);
}

static void put_credit(FILE *out, const struct slip *slip)
{
    put_words(out, credit_words(slip));
    if (!slip->credited)
        return;
    fputs("<dl>", out);
    put_money(out, "已缴保费 Contributions", slip->applied_fen);
    put_money(out, "余额 Surplus", slip->surplus_fen);
    fputs("</dl>", out);
}

static void put_facts(FILE *out, const struct slip *slip)
{
    put_lamp(out, "good", "① 终端已收款：签名核验通过，内容未被改动",
             "1 Money taken: the kiosk signed this and nothing was changed.");
    put_statement(out, &slip->statement);
    put_words(out, paper_words(slip));
    put_credit(out, slip);
}

/* A false statement is not repeated: its sum would look like something. */
static unsigned put_judgement(FILE *out, const struct slip *slip)
{
    const struct refusal *refusal = &REFUSALS[slip->verdict];
    if (slip->verdict == SLIP_HOLDS)
        put_facts(out, slip);
    else
        put_words(out, refusal->words);
    if (slip->verdict == SLIP_DIFFERS)
        put_statement(out, &slip->statement);
    return refusal->http_status;
}

unsigned page_statement(struct bureau_store *reader, const char *text, char **html_out,
                        size_t *size_out)
{
    struct slip slip;
    unsigned http_status = 500;
    FILE *out = open_memstream(html_out, size_out);
    if (!out)
        return 500;
    fputs(HEAD, out);
    if (slip_judge(reader, text ? text : "", &slip) == STATUS_OK)
        http_status = put_judgement(out, &slip);
    fputs(FOOT, out);
    if (fclose(out) != 0)
        *html_out = NULL;
    return http_status;
}

/* ---- a number and a piece of a hash ---- */

unsigned page_voucher(struct bureau_store *reader, const char *n, const char *h, char **html_out,
                      size_t *size_out)
{
    bool found = false;
    unsigned http_status = 200;
    FILE *out = open_memstream(html_out, size_out);
    if (!out)
        return 500;
    fputs(HEAD, out);
    if (!consists_of(n, 1, VOUCHER_LENGTH_MAX, isdigit) ||
        !consists_of(h, HASH16_LENGTH, HASH16_LENGTH, isxdigit)) {
        http_status = 400;
        put_lamp(out, "caution", "链接不完整，请重新扫描凭条上的二维码。",
                 "The link is incomplete; please scan the code on the slip again.");
    } else if (put_answer(out, reader, n, h, &found) != STATUS_OK) {
        http_status = 500;
    } else if (!found) {
        http_status = 404;
    }
    fputs(FOOT, out);
    if (fclose(out) != 0)
        *html_out = NULL;
    return http_status;
}
