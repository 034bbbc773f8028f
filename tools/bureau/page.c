#include "tools/bureau/page.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"

#define VOUCHER_LENGTH_MAX 39
#define HASH16_LENGTH 16

static const char HEAD[] =
    "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    "<title>凭证查验 · Voucher check</title><style>"
    "body{margin:0;background:#F3F6FA;color:#0E1B2E;font:18px/1.5 system-ui,sans-serif}"
    "main{max-width:34rem;margin:2rem auto;padding:0 1rem}"
    "section{background:#fff;border:1px solid #D3DCE8;border-radius:20px;padding:1.5rem}"
    "h1{font-size:1.5rem;margin:0 0 1rem}.lamp{border-radius:14px;padding:1rem;margin-bottom:1rem}"
    ".good{background:#E2F3EA;color:#0B6B45}.caution{background:#FFF1D6;color:#7A4B00}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem;margin:0}"
    "dt{color:#42526B}dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}"
    "</style></head><body><main><section><h1>凭证查验 <small>Voucher check</small></h1>";
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

static void put_money(FILE *out, const char *label, int64_t fen)
{
    char text[MONEY_TEXT_SIZE];
    money_format(fen, 1, text);
    fprintf(out, "<dt>%s</dt><dd>¥ %s</dd>", label, text);
}

static void put_payment(FILE *out, const char *voucher, struct db_statement *row)
{
    struct clock_civil civil = clock_civil_of(db_column_int(row, 0));
    put_lamp(out, "good", "该凭证真实有效，款项已由经办机构入账。",
             "This voucher is genuine; the bureau has booked the payment.");
    fprintf(out, "<dl><dt>凭证号 Voucher</dt><dd>%s</dd>", voucher);
    fprintf(out, "<dt>时间 Date</dt><dd>%04d-%02d-%02d %02d:%02d</dd>", civil.year, civil.month,
            civil.day, civil.hour, civil.minute);
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
                 "尚未查到该凭证。自助终端可能还未联网上传，请稍后再试，或持凭证到窗口办理。",
                 "Not found yet. The kiosk may not have sent it; try later, or bring the voucher to"
                 " the window.");
    db_finalize(statement);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

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
        put_lamp(out, "caution", "链接不完整，请重新扫描凭证上的二维码。",
                 "The link is incomplete; please scan the code on the voucher again.");
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
