/*
 * The bureau's answer to an inquiry: what is taken keeps every bound the screens rely on.
 */
#include <stdlib.h>
#include <string.h>

#include "base/check.h"
#include "base/money.h"
#include "inquiry/inquiry.h"

static void check_payment(const struct inquiry_payment *payment)
{
    CHECK(voucher_is_valid(payment->voucher));
    CHECK(strpbrk(payment->rejected, "\"\\\n") == NULL);
    CHECK(payment->lit[INQUIRY_CREDITED] == (payment->rejected[0] == '\0'));
    CHECK(payment->paid_fen >= INQUIRY_NOT_TOLD && payment->paid_fen <= MONEY_FEN_MAX);
    CHECK(!payment->is_own && payment->txn[0] == '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct inquiry_record record, own;
    const struct inquiry_rule rule = { .code = "110", .payable_from = month_of(2026, 11) };
    struct inquiry_total total;
    if (inquiry_parse_answer((const char *)data, size, &record) != STATUS_OK) {
        CHECK(record.payment_count == 0 && record.month_count == 0);
        return 0;
    }
    for (int i = 0; i < record.payment_count; i++)
        check_payment(&record.payments[i]);
    for (int i = 0; i < record.month_count; i++)
        CHECK(record.months[i].payment < record.payment_count && record.months[i].amount_fen >= 0);
    inquiry_total_of(&record, &rule, 20261130, &total);
    CHECK(total.gap_count <= INQUIRY_GAPS_MAX && total.next_due >= rule.payable_from);
    own = record;
    inquiry_merge_own(&record, &own);
    CHECK(record.payment_count >= own.payment_count);
    return 0;
}
