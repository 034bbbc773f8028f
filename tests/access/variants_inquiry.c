#include "variants_inquiry.h"

#include <stdio.h>
#include <string.h>

#define COPY(out, text) snprintf((out), sizeof(out), "%s", (text))
#define NOVEMBER month_of(2026, 11)
#define MINUTE_MS INT64_C(60000)

static const char *const NAMES[VIEW_TOTALS_MAX][2] = {
    { "职工基本养老保险", "Employee pension insurance" },
    { "职工基本医疗保险", "Employee medical insurance" },
    { "失业保险", "Unemployment insurance" },
    { "大额医疗补助", "Large-sum medical aid" },
};

static void total(struct view_total *out, int index, bool full)
{
    *out = (struct view_total){ .months = full ? 118 : 9,
                                .amount_fen = full ? 100000000 : 1358280,
                                .first = month_of(full ? 2016 : 2026, 1),
                                .last = month_of(2026, 10),
                                .next_due = NOVEMBER,
                                .next_due_day = full ? 30 : 0,
                                .is_late = full && index == 1 };
    COPY(out->name[LANGUAGE_ZH], NAMES[index][0]);
    COPY(out->name[LANGUAGE_EN], NAMES[index][1]);
    out->gap_count = full ? VIEW_GAPS_MAX : index == 0;
    out->more_gaps = full;
    for (int i = 0; i < out->gap_count; i++)
        out->gaps[i] =
            (struct view_gap){ month_of(2026, 4) - 14 * i, month_of(2026, 4) - 14 * i + i, false };
}

static void payment(struct view_payment *out, int index, int flags)
{
    const bool offline = flags & INQUIRY_OFFLINE;
    const int64_t at_ms = INT64_C(1795398060000) - index * 31 * 86400000LL;
    *out = (struct view_payment){ .index = index,
                                  .paid_fen = flags & INQUIRY_FULL ? 13583500 : 150000,
                                  .taken_here = index != 1,
                                  .can_reprint = index != 1 && !(flags & INQUIRY_UNPRINTED) };
    COPY(out->voucher, "990100000003202611230003186");
    for (int lamp = 0; lamp < LAMPS; lamp++) {
        out->lit[lamp] = index > 0 || lamp < (offline ? 1 : LAMPS);
        out->lit_ms[lamp] =
            out->lit[lamp] && !(index == 1 && lamp == LAMP_SENT) ? at_ms + lamp * MINUTE_MS : 0;
    }
    if (offline)
        out->lit[LAMP_CREDITED] = false;
    if (!(flags & INQUIRY_ASIDE) || index > 0)
        return;
    out->is_set_aside = true;
    out->lit[LAMP_CREDITED] = false;
    COPY(out->code, "B03");
}

static void rows(struct view_inquiry *out, bool full)
{
    out->half = 2026 * 2;
    out->half_first = (full ? 2016 : 2026) * 2;
    out->half_last = 2026 * 2 + 1;
    for (int month = full ? 6 : 5; month >= 1; month--)
        for (int i = 0; i < out->total_count; i++)
            out->rows[out->row_count++] =
                (struct view_row){ .month = month_of(2026, month),
                                   .total = i,
                                   .base_fen = i < 3 ? 754600 : 0,
                                   .amount_fen = full ? 754620 : 150920,
                                   .money = month == 3   ? MONEY_SET_ASIDE
                                            : month == 2 ? MONEY_RECEIVED
                                                         : MONEY_CREDITED };
}

static void number(struct session_view *view, int flags)
{
    view->inquiry.can_pay = false;
    view->name_masked[0] = view->number_masked[0] = view->account_number[0] = '\0';
    if (flags & (INQUIRY_TYPED | INQUIRY_REFUSED))
        COPY(view->inquiry.number_typed,
             flags & INQUIRY_REFUSED ? "990100000003202611230003187" : "9901000000032026");
    view->inquiry.number_complete = flags & INQUIRY_REFUSED;
    view->inquiry.number_refused = flags & INQUIRY_REFUSED;
}

void variant_inquiry(struct session_view *view, int flags)
{
    struct view_inquiry *out = &view->inquiry;
    const bool full = flags & INQUIRY_FULL;
    *out = (struct view_inquiry){ .is_on = true,
                                  .is_bureaus = !(flags & (INQUIRY_OFFLINE | INQUIRY_UNREAD)),
                                  .is_unreadable = flags & INQUIRY_UNREAD,
                                  .as_of_ms = view->wall_ms,
                                  .more = full,
                                  .can_pay = true,
                                  .reprints_left = flags & INQUIRY_UNPRINTED ? 0 : 2 };
    view->bureau_reachable = out->is_bureaus;
    view->seconds_total = 60;
    view->seconds_left = 41;
    out->print = flags & INQUIRY_PRINTED     ? PRINT_DONE
                 : flags & INQUIRY_UNPRINTED ? PRINT_FAILED
                                             : PRINT_NOTHING;
    if (view->step == STEP_NUMBER || view->step == STEP_FOUND)
        number(view, flags);
    if (flags & INQUIRY_NOBODY)
        return;
    out->total_count = full ? VIEW_TOTALS_MAX : 2;
    for (int i = 0; i < out->total_count; i++)
        total(&out->totals[i], i, full);
    rows(out, full);
    out->payments_total = full ? 60 : 3;
    out->payments_from = full ? 3 : 0;
    out->payment_count = view->step == STEP_FOUND ? 1 : VIEW_PAYMENTS_MAX;
    for (int i = 0; i < out->payment_count; i++)
        payment(&out->payments[i], i, flags);
    if (flags & INQUIRY_NUMBER_ONLY)
        out->payments[0].paid_fen = -1;
    out->payments[0].can_reprint = out->payments[0].can_reprint && view->step != STEP_FOUND;
}
