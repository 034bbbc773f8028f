#include "scenes/scene_parts.h"

static bool has_note(const struct session_view *view)
{
    return view->note_unknown || view->note_unrecorded;
}

/* Nothing was paid, and a note may be inside. */
static bool is_only_a_note(const struct session_view *view)
{
    return has_note(view) && view->paid_fen == 0;
}

static enum string_id title_of(const struct session_view *view)
{
    if (is_only_a_note(view))
        return STR_DONE_TITLE_NOTE;
    if (view->paid_fen == 0)
        return view->receipt_failed || view->receipt_unknown ? STR_DONE_TITLE_REGISTERED
                                                             : STR_DONE_TITLE_NOTHING;
    if (view->receipt_failed || view->receipt_unknown)
        return STR_DONE_TITLE_NO_RECEIPT;
    if (view->applied_fen == 0 && view->surplus_fen > 0)
        return STR_DONE_TITLE_CREDITED; /* less than a month: kept for the person, nothing paid */
    return view->partial ? STR_DONE_TITLE_PARTIAL : STR_DONE_TITLE;
}

static const char *months_paid(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const int last = view->months_paid - 1;
    if (last < 0 || last >= view->month_count)
        return scene_text(page, STR_DONE_MONTHS_NONE);
    const char *first = scene_month(page, view->months[0].month);
    if (last == 0)
        return first;
    return SCENE_FORMAT(page, STR_UNIT_MONTH_RANGE, { "first", first },
                        { "last", scene_month(page, view->months[last].month) });
}

/* In groups and alone on its line: it is read out on the phone and copied down at the window. */
static void long_number(struct scene_page *page, enum string_id label, const char *number,
                        const char *id)
{
    const enum theme_size most = page->room == ROOM_AMPLE ? SIZE_HEAD : SIZE_BUTTON;
    const enum theme_size size = scene_size_for(page, number, page->column.width, most);
    const int first = scene_keep_begin(page);
    scene_words(page, scene_text(page, label), scene_caption(page, INK_SECOND));
    struct ui_node *node =
        scene_words(page, number, STYLE(SURFACE_NONE, size, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "%s", id);
    scene_keep_end(page, first);
    scene_gap(page, 12);
}

static const char *next_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const char *month = scene_month(page, view->next_month);
    if (view->next_is_late)
        return SCENE_FORMAT(page, STR_DONE_NEXT_LATE, { "month", month });
    return view->next_date > 0 ? SCENE_FORMAT(page, STR_DONE_NEXT_BY, { "month", month },
                                              { "date", scene_due_date(page, view->next_date) })
                               : month;
}

static void facts(struct scene_page *page)
{
    const struct session_view *view = page->view;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    if (view->voucher[0] != '\0') {
        long_number(page, STR_DONE_VOUCHER, scene_number(page, view->voucher), "done.voucher");
        scene_rule(page);
    }
    if (view->claim_voucher[0] != '\0') {
        long_number(page, STR_DONE_CLAIM, scene_number(page, view->claim_voucher), "done.claim");
        scene_rule(page);
    }
    if (view->txn[0] != '\0') {
        long_number(page, STR_DONE_TXN, view->txn, "done.txn");
        scene_rule(page);
    }
    if (view->account_number[0] != '\0')
        scene_row(page, scene_text(page, STR_DONE_ACCOUNT),
                  scene_number(page, view->account_number), false);
    /* What is not closed yet has no months and no surplus yet. */
    if (view->paid_fen > 0 && view->txn[0] == '\0') {
        scene_rule(page);
        scene_row(page, scene_text(page, STR_DONE_MONTHS), months_paid(page), false);
        scene_rule(page);
        scene_row(page, scene_text(page, STR_DONE_METHOD), scene_text(page, STR_DONE_METHOD_CASH),
                  false);
        scene_rule(page);
        scene_row(page, scene_text(page, STR_DONE_APPLIED), scene_amount(page, view->applied_fen),
                  false);
    }
    if (view->applied_fen > 0 && view->next_month > 0) {
        scene_rule(page);
        scene_row(page, scene_text(page, STR_DONE_NEXT), next_words(page), false);
    }
    if (view->surplus_fen > 0) {
        scene_rule(page);
        scene_row(page, scene_text(page, STR_DONE_SURPLUS), scene_amount(page, view->surplus_fen),
                  false);
    }
    scene_card_end(page, card);
}

/* What the clerk is asked for: why there is no paper, as far as it is known. */
static void trouble(struct scene_page *page, enum theme_surface surface, const char *sentence)
{
    const enum service cash = page->view->cash_service;
    const char *code = service_code(cash == SERVICE_OFFERED ? SERVICE_NO_PRINTER : cash);
    scene_banner(page, surface, ICON_WARNING,
                 SCENE_FORMAT(page, STR_CODE_WITH, { "sentence", sentence }, { "code", code }));
}

static void receipt_notice(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const struct string_value values[] = { { "window", scene_window(page) },
                                           { "phone", view->service_phone } };
    if (view->paid_fen == 0 && (view->receipt_failed || view->receipt_unknown))
        trouble(page, SURFACE_BANNER_CAUTION, scene_format(page, STR_DONE_NO_SLIP, values, 2));
    else if (view->receipt_failed)
        trouble(page, SURFACE_BANNER_BAD, scene_format(page, STR_DONE_FAILED, values, 2));
    else if (view->receipt_unknown)
        trouble(page, SURFACE_BANNER_CAUTION, scene_format(page, STR_DONE_UNKNOWN, values, 2));
    else
        scene_banner(page, SURFACE_BANNER_GOOD, ICON_RECEIPT, scene_text(page, STR_DONE_PRINTED));
}

static void note_notice(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const struct string_value values[] = { { "window", scene_window(page) },
                                           { "phone", view->service_phone } };
    enum string_id words = STR_DONE_NOTE_UNRECORDED;
    if (!view->note_unrecorded)
        words = view->claim_printed ? STR_DONE_NOTE_SLIP : STR_DONE_NOTE_NO_SLIP;
    const enum view_cash_notice notice =
        view->note_unrecorded ? CASH_NOTICE_NOT_RECORDED : CASH_NOTICE_NOTE_UNKNOWN;
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WARNING,
                 SCENE_FORMAT(page, STR_CODE_WITH,
                              { "sentence", scene_format(page, words, values, 2) },
                              { "code", cash_notice_code(notice) }));
}

/* The note that must be checked comes before the sum still open, which the receipt says too. */
static bool is_crowded(const struct scene_page *page)
{
    return is_only_a_note(page->view) || (has_note(page->view) && page->level == SCENE_LEVELS);
}

static void reminders(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->card_left) {
        scene_alert(page, SURFACE_BANNER_CAUTION, ICON_REGISTER,
                    scene_text(page, STR_DONE_CARD_LEFT));
        scene_gap(page, 20);
    }
    if (has_note(view))
        note_notice(page);
    if (has_note(view) && !is_only_a_note(view))
        scene_gap(page, 20);
    if (!is_only_a_note(view))
        receipt_notice(page);
    if (view->partial && !is_crowded(page) && view->due_fen > view->paid_fen) {
        scene_gap(page, 20);
        scene_banner(page, SURFACE_BANNER_CAUTION, ICON_INFO,
                     SCENE_FORMAT(page, STR_DONE_PARTIAL,
                                  { "amount", scene_yuan(page, view->due_fen - view->paid_fen) },
                                  { "window", scene_window(page) }));
    }
}

static void headline(struct scene_page *page)
{
    static const enum theme_size LARGEST[] = { SIZE_HUGE, SIZE_HUGE, SIZE_AMOUNT };
    const struct session_view *view = page->view;
    if (page->room != ROOM_TIGHT) {
        const bool good = !is_only_a_note(view);
        const int side = view->paid_fen == 0 ? 260 : page->wide ? 120 : 170;
        scene_picture(page, good ? ICON_CHECK : ICON_NOTE, side, good ? INK_GOOD : INK_CAUTION);
        scene_gap(page, 16);
    }
    scene_words(page, scene_text(page, title_of(view)),
                STYLE(SURFACE_NONE, page->wide ? SIZE_KEY : SIZE_TITLE, INK_STRONG, ALIGN_CENTRE) |
                    STYLE_BOLD);
    if (view->paid_fen > 0) {
        const char *paid = scene_amount(page, view->paid_fen);
        const enum theme_size size =
            scene_size_for(page, paid, page->column.width, LARGEST[page->room]);
        scene_words(page, paid, STYLE(SURFACE_NONE, size, INK_GOOD, ALIGN_CENTRE) | STYLE_BOLD);
    }
    scene_gap(page, 20);
}

static void body(struct scene_page *page)
{
    headline(page);
    reminders(page);
    if (!page->wide)
        scene_gap(page, 28);
    scene_centre(page);
    scene_second_column(page);
    facts(page);
    scene_centre(page);
}

void scene_done(const struct session_view *view, const struct scene_panel *panel,
                struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const struct scene_action finish = { "done.finish", scene_text(&page, STR_DONE_FINISH),
                                         INTENT_DONE,   0,
                                         true,          true };
    scene_footer(&page, &finish, 1);
    scene_build_body(&page, body, SCENE_LEVELS + 1);
}
