/* Somebody's payments: what there is in all, what is missing, what is due next. */
#include "scenes/scene_inquiry_parts.h"

#define GAPS_SHOWN 3 /* the paper has all of them */

static const char *run_words(const struct scene_page *page, month_index first, month_index last)
{
    const char *begin = scene_month_words(page, first);
    if (first == last)
        return begin;
    return SCENE_FORMAT(page, STR_UNIT_MONTH_RANGE, { "first", begin },
                        { "last", scene_month_words(page, last) });
}

static void gaps(struct scene_page *page, const struct view_total *total)
{
    for (int i = 0; i < total->gap_count && i < GAPS_SHOWN; i++) {
        const struct view_gap *gap = &total->gaps[i];
        scene_row(page, scene_text(page, STR_INQUIRY_GAP), run_words(page, gap->first, gap->last),
                  false);
    }
    if (total->more_gaps || total->gap_count > GAPS_SHOWN)
        scene_words(page, scene_text(page, STR_INQUIRY_MORE_GAPS), scene_caption(page, INK_SECOND));
    if (total->gap_count > 0)
        scene_words(page,
                    SCENE_FORMAT(page, STR_INQUIRY_GAP_LEAD, { "window", scene_window(page) }),
                    scene_caption(page, INK_SECOND));
}

static const char *next_words(const struct scene_page *page, const struct view_total *total)
{
    const char *month = scene_month_words(page, total->next_due);
    if (total->next_due_day == 0)
        return month;
    return SCENE_FORMAT(page, STR_INQUIRY_NEXT_BY, { "month", month },
                        { "day", scene_count(page, total->next_due_day) });
}

static void total_card(struct scene_page *page, const struct view_total *total)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_words(page, total->name[page->language],
                STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    scene_row(page, scene_months(page, total->months), scene_amount(page, total->amount_fen), true);
    scene_words(page, run_words(page, total->first, total->last), scene_caption(page, INK_SECOND));
    scene_rule(page);
    gaps(page, total);
    scene_row(page, scene_text(page, total->is_late ? STR_INQUIRY_LATE : STR_INQUIRY_NEXT),
              next_words(page, total), true);
    scene_card_end(page, card);
}

static void nothing(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    scene_illustration(page, ICON_LOOK, page->wide ? 120 : 200, 900, INK_DEFAULT);
    scene_gap(page, 16);
    scene_words(
        page,
        inquiry->payments_total > 0
            ? scene_text(page, STR_INQUIRY_NO_MONTHS)
            : scene_text(page, inquiry->is_bureaus ? STR_INQUIRY_NONE : STR_INQUIRY_NONE_HERE),
        STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_CENTRE));
}

static void option(struct scene_page *page, const char *id, enum icon icon, enum string_id title,
                   enum string_id words, enum intent intent)
{
    const struct scene_option choice = {
        .id = id,
        .title = scene_text(page, title),
        .words = page->elder ? NULL : scene_text(page, words),
        .icon = icon,
        .intent = intent,
        .enabled = true,
    };
    scene_gap(page, 16);
    scene_option(page, &choice);
}

static void options(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    if (inquiry->payments_total > 0)
        option(page, "inquiry.where", ICON_CHECK, STR_WHERE_TITLE, STR_INQUIRY_WHERE_LEAD,
               INTENT_WHERE);
    if (inquiry->half > 0)
        option(page, "inquiry.list", ICON_RECEIPT, STR_INQUIRY_LIST, STR_INQUIRY_LIST_LEAD,
               INTENT_LIST_MONTHS);
    if (inquiry->can_pay)
        option(page, "inquiry.pay", ICON_PAY, STR_INQUIRY_PAY, STR_INQUIRY_PAY_LEAD, INTENT_START);
}

static void body(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    scene_title(page, scene_text(page, STR_INQUIRY_TITLE));
    scene_gap(page, 12);
    scene_inquiry_source(page);
    scene_print_notice(page, page->view->inquiry.print);
    for (int i = 0; i < inquiry->total_count; i++) {
        scene_gap(page, 16);
        total_card(page, &inquiry->totals[i]);
    }
    if (inquiry->total_count == 0)
        nothing(page);
    if (inquiry->more)
        scene_words(page, SCENE_FORMAT(page, STR_INQUIRY_MORE, { "window", scene_window(page) }),
                    scene_caption(page, INK_SECOND));
    scene_second_column(page);
    options(page);
}

void scene_inquiry(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const struct scene_action actions[] = {
        { "footer.back", scene_text(&page, STR_FOOTER_BACK), INTENT_BACK, 0, true, false },
        { "footer.cancel", scene_text(&page, STR_FOOTER_CANCEL), INTENT_CANCEL, 0, true, false },
        { "inquiry.print", scene_text(&page, STR_INQUIRY_PRINT), INTENT_PRINT, 0, true, true },
    };
    scene_footer(&page, actions, 3);
    scene_build_body(&page, body, SCENE_LEVELS);
}
