/* Somebody's payments month by month, half a year at a time. */
#include "scenes/scene_inquiry_parts.h"

static void month_card(struct scene_page *page, int first, int end)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_words(page, scene_month_words(page, inquiry->rows[first].month),
                STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    for (int i = first; i < end; i++) {
        const struct view_row *row = &inquiry->rows[i];
        scene_row(page, inquiry->totals[row->total].name[page->language],
                  scene_amount(page, row->amount_fen), true);
        const struct string_value values[] = { { "amount", scene_yuan(page, row->base_fen) },
                                               { "state", scene_money_state(page, row->money) } };
        const enum string_id words = row->is_difference  ? STR_LIST_DIFFERENCE
                                     : row->base_fen > 0 ? STR_LIST_BASE
                                                         : STR_LIST_FIXED;
        scene_words(page, scene_format(page, words, values, 2),
                    scene_caption(page, row->money == MONEY_SET_ASIDE ? INK_CAUTION : INK_SECOND));
    }
    scene_card_end(page, card);
}

static void turns(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    const int before = inquiry->half - 1, after = inquiry->half + 1;
    const struct scene_action actions[] = {
        { "list.earlier", scene_text(page, STR_LIST_EARLIER), INTENT_LIST_MONTHS, before,
          before >= inquiry->half_first && inquiry->half_first > 0, false },
        { "list.later", scene_text(page, STR_LIST_LATER), INTENT_LIST_MONTHS, after,
          after <= inquiry->half_last, false },
    };
    scene_turns(page, actions);
}

static void body(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    scene_title(page,
                SCENE_FORMAT(page,
                             inquiry->half % 2 == 0 ? STR_LIST_TITLE_FIRST : STR_LIST_TITLE_SECOND,
                             { "year", scene_count(page, inquiry->half / 2) }));
    scene_gap(page, 12);
    scene_inquiry_source(page);
    turns(page);
    for (int first = 0, end; first < inquiry->row_count; first = end) {
        end = first + 1;
        while (end < inquiry->row_count && inquiry->rows[end].month == inquiry->rows[first].month)
            end++;
        scene_gap(page, 16);
        month_card(page, first, end);
    }
    if (inquiry->row_count == 0)
        scene_lead(page, scene_text(page, STR_LIST_EMPTY));
}

void scene_list_months(const struct session_view *view, const struct scene_panel *panel,
                       struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, body, SCENE_LEVELS);
}
