#include "scenes/scene_parts.h"

#include "ui/text_layout.h"

#define COLUMNS 3

static void month_choice(struct scene_page *page, struct ui_rect rect, int count, int64_t sum_fen)
{
    const struct session_view *view = page->view;
    const bool chosen = count == view->months_chosen;
    const enum theme_surface surface = chosen ? SURFACE_BUTTON_PRIMARY : SURFACE_BUTTON;
    const enum theme_ink ink = chosen ? INK_PAPER : INK_STRONG;
    const enum theme_ink second = chosen ? INK_PAPER : INK_SECOND;
    const char *words = scene_months(page, count);
    char id[] = "months.00";
    id[7] = (char)(count < 10 ? '0' + count : '0' + count / 10);
    id[8] = (char)(count < 10 ? '\0' : '0' + count % 10);
    struct ui_node *node =
        scene_button(page, rect, id, words,
                     STYLE(surface, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_SPOKEN_ONLY,
                     INTENT_CHOOSE_MONTHS, count);
    node->role = UI_ROLE_CHOICE;
    node->selected = chosen;
    const struct scene_column column = page->column;
    const int big = text_layout_pitch(scene_px(page, theme_size_dp(SIZE_BUTTON)));
    const int small = text_layout_pitch(scene_px(page, theme_size_dp(SIZE_SMALL)));
    page->column = (struct scene_column){ rect.x, rect.y + (rect.height - big - 2 * small) / 2,
                                          rect.width, column.bottom };
    scene_words(page, words, STYLE(SURFACE_NONE, SIZE_BUTTON, ink, ALIGN_CENTRE) | STYLE_BOLD);
    scene_words(page,
                SCENE_FORMAT(page, STR_MONTHS_TO,
                             { "month", scene_month(page, view->months[count - 1].month) }),
                STYLE(SURFACE_NONE, SIZE_SMALL, second, ALIGN_CENTRE));
    scene_words(page, scene_amount(page, sum_fen),
                STYLE(SURFACE_NONE, SIZE_SMALL, second, ALIGN_CENTRE));
    page->column = column;
}

static void month_grid(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const int gap = scene_px(page, 20),
              height = scene_px(page, page->wide                    ? 146
                                      : page->view->month_count > 6 ? 172
                                                                    : 210);
    const int width = (page->column.width - gap * (COLUMNS - 1)) / COLUMNS;
    int64_t sum_fen = 0;
    for (int i = 0; i < view->month_count; i++) {
        sum_fen += view->months[i].amount_fen;
        const struct ui_rect rect = { page->column.x + i % COLUMNS * (width + gap),
                                      page->column.y + i / COLUMNS * (height + gap), width,
                                      height };
        month_choice(page, rect, i + 1, sum_fen);
    }
    const int rows = (view->month_count + COLUMNS - 1) / COLUMNS;
    page->column.y += rows * height + (rows - 1) * gap;
}

static const char *sum_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const int last = view->months_chosen - 1;
    if (last < 0 || last >= view->month_count)
        return scene_text(page, STR_MONTHS_DUE);
    if (last == 0)
        return scene_month(page, view->months[0].month);
    return SCENE_FORMAT(page, STR_UNIT_MONTH_RANGE,
                        { "first", scene_month(page, view->months[0].month) },
                        { "last", scene_month(page, view->months[last].month) });
}

void scene_months_page(const struct session_view *view, const struct scene_panel *panel,
                       struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_title(&page, scene_text(&page, STR_MONTHS_TITLE));
    const month_index first = view->month_count > 0 ? view->months[0].month : view->first_month;
    scene_lead(&page, SCENE_FORMAT(&page, STR_MONTHS_LEAD, { "month", scene_month(&page, first) }));
    if (page.wide) {
        scene_sum(&page, sum_words(&page), view->due_fen);
        scene_second_column(&page);
    }
    month_grid(&page);
    if (!page.wide) {
        scene_gap(&page, 36);
        scene_sum(&page, sum_words(&page), view->due_fen);
    }
    scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT), view->months_chosen > 0);
}
