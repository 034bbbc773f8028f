/* What a base, a grade or a tier costs a month, a quarter and a year. */
#include "scenes/scene_learn_parts.h"

#include "base/check.h"
#include "base/text.h"
#include "ui/text_layout.h"

/* ---- the base ---- */

static void base_card(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    const int64_t base_fen = learn->base_fen;
    const bool is_lowest = base_fen == learn->base_floor_fen;
    const bool is_highest = base_fen == learn->base_ceiling_fen;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_card_title(page, scene_text(page, STR_OWED_BASE));
    scene_words(page,
                SCENE_FORMAT(page, STR_OWED_BASE_LEAD,
                             { "floor", scene_yuan_short(page, learn->base_floor_fen) },
                             { "ceiling", scene_yuan_short(page, learn->base_ceiling_fen) }),
                scene_caption(page, INK_SECOND));
    scene_gap(page, 16);
    const char *lowest = SCENE_FORMAT(page, STR_CALCULATOR_LOWEST,
                                      { "amount", scene_yuan_short(page, learn->base_floor_fen) });
    const char *highest =
        SCENE_FORMAT(page, STR_CALCULATOR_HIGHEST,
                     { "amount", scene_yuan_short(page, learn->base_ceiling_fen) });
    struct scene_grid grid =
        scene_grid_begin(page, "calculator.base", scene_grid_columns(page, highest, 3), 3);
    scene_grid_add(page, &grid, 0, lowest, INTENT_CHOOSE_BASE, 0, true, is_lowest);
    scene_grid_add(page, &grid, 1, highest, INTENT_CHOOSE_BASE, 1, true, is_highest);
    const bool is_own = !is_lowest && !is_highest;
    scene_grid_add(page, &grid, 2,
                   is_own ? scene_yuan_short(page, base_fen) : scene_text(page, STR_CALCULATOR_OWN),
                   INTENT_OWN_BASE, 0, true, is_own);
    scene_grid_end(page, &grid);
    scene_card_end(page, card);
}

/* ---- what it costs ---- */

static const char *pick_words(const struct scene_page *page, int pick, int64_t fen, int32_t percent,
                              bool is_tier)
{
    const struct string_value values[] = { { "number", scene_count(page, pick) },
                                           { "amount", scene_yuan_short(page, fen) },
                                           { "percent", scene_percent(page, percent) } };
    if (percent > 0)
        return scene_format(page, STR_GRADES_PERCENT, values, 3);
    return scene_format(page, is_tier ? STR_GRADES_TIER : STR_GRADES_GRADE, values, 2);
}

static const char *cost_words(const struct scene_page *page, const struct view_cost *cost)
{
    if (cost->is_known)
        return scene_amount(page, cost->amount_fen);
    if (cost->unknown == 0)
        return scene_text(page, STR_CALCULATOR_BY_YEAR);
    return SCENE_FORMAT(page, STR_CALCULATOR_UNKNOWN,
                        { "when", scene_month_words(page, cost->unknown) });
}

static const enum string_id PERIOD_NAMES[PERIODS] = {
    [PERIOD_MONTH] = STR_PERIOD_MONTH,
    [PERIOD_QUARTER] = STR_PERIOD_QUARTER,
    [PERIOD_YEAR] = STR_PERIOD_YEAR,
};

static void period_row(struct scene_page *page, int period, const struct view_cost *cost)
{
    scene_gap(page, 4);
    scene_row(page, scene_text(page, PERIOD_NAMES[period]), cost_words(page, cost), cost->is_known);
}

static void pick_row(struct scene_page *page, int index)
{
    const struct view_calculation *calculation = &page->view->learn.calculations[index];
    const bool is_tier = page->view->learn.standards[index].choice == CHOICE_TIERS;
    char id[32];
    text_format(id, sizeof id, "calculator.grades.%d", index);
    scene_lead_row(page, id, scene_text(page, is_tier ? STR_CALCULATOR_TIER : STR_CALCULATOR_GRADE),
                   pick_words(page, calculation->pick, calculation->pick_fen,
                              calculation->pick_percent, is_tier),
                   ICON_FORWARD, INTENT_GRADES, index);
}

/* A quarter's and a year's are made of months, and lead to the same page. */
static void sum_row(struct scene_page *page, int index, int period, const struct view_cost *cost)
{
    const enum view_figure figure =
        page->view->learn.standards[index].is_rate ? FIGURE_AMOUNT : FIGURE_SUM;
    char id[32];
    text_format(id, sizeof id, "calculator.sum.%d.%d", index, period);
    scene_lead_row(page, id, scene_text(page, PERIOD_NAMES[period]), cost_words(page, cost),
                   ICON_INFO, INTENT_FIGURE, VIEW_FIGURE(index, figure));
}

/* Every sum that is known can be touched: how it is made. */
static void costs(struct scene_page *page, int index)
{
    const struct view_learn *learn = &page->view->learn;
    const struct view_calculation *calculation = &learn->calculations[index];
    for (int period = 0; period < PERIODS; period++) {
        const struct view_cost *cost = &calculation->costs[period];
        const bool is_yearly = learn->standards[index].is_yearly;
        if (is_yearly && period != PERIOD_YEAR)
            continue;
        if (cost->is_known)
            sum_row(page, index, period, cost);
        else
            period_row(page, period, cost);
    }
}

static void insurance_card(struct scene_page *page, int index)
{
    const struct view_learn *learn = &page->view->learn;
    scene_gap(page, 16);
    struct scene_card card = scene_rows_begin(page);
    scene_card_title(page, learn->standards[index].name[page->language]);
    if (learn->calculations[index].pick > 0)
        pick_row(page, index);
    costs(page, index);
    scene_rows_end(page, card);
}

static void total_card(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    if (learn->standard_count < 2 || !learn->totals[PERIOD_MONTH].is_known)
        return;
    scene_gap(page, 16);
    struct scene_card card = scene_card_begin(page, SURFACE_CARD_SELECTED);
    scene_card_title(page, scene_text(page, STR_CALCULATOR_TOTAL));
    for (int period = 0; period < PERIODS; period++)
        if (learn->totals[period].is_known)
            period_row(page, period, &learn->totals[period]);
    scene_card_end(page, card);
}

static void calculator_body(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    scene_title(page, scene_text(page, STR_CALCULATOR_TITLE));
    scene_lead(page, SCENE_FORMAT(page, STR_CALCULATOR_FROM,
                                  { "when", scene_month_words(page, learn->month) }));
    if (learn->has_base)
        base_card(page);
    for (int i = 0; i < learn->standard_count; i++) {
        if (i == 1)
            scene_second_column(page);
        insurance_card(page, i);
    }
    total_card(page);
}

void scene_calculator(const struct session_view *view, const struct scene_panel *panel,
                      struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, calculator_body, SCENE_LEVELS);
}

/* ---- a list ---- */

static void grades_body(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    const struct view_standard *standard = &learn->standards[learn->picking];
    const bool is_tier = standard->choice == CHOICE_TIERS;
    scene_heading_begin(page);
    scene_title(page, scene_text(page, is_tier ? STR_GRADES_TITLE_TIER : STR_GRADES_TITLE));
    scene_lead(page, standard->average_fen > 0 && standard->choice == CHOICE_PERCENT
                         ? SCENE_FORMAT(page, STR_GRADES_AVERAGE,
                                        { "amount", scene_yuan_short(page, standard->average_fen) })
                         : standard->name[page->language]);
    scene_heading_end(page);
    if (page->wide)
        page->column.width = page->body.width;
    if (learn->pick_count == 0)
        return;
    const int last = learn->pick_count - 1;
    const char *longest =
        pick_words(page, last + 1, learn->picks_fen[last], learn->picks_percent[last], is_tier);
    struct scene_grid grid =
        scene_grid_begin(page, "grades", scene_grid_columns(page, longest, 3), learn->pick_count);
    for (int i = 0; i < learn->pick_count; i++)
        scene_grid_add(
            page, &grid, i,
            pick_words(page, i + 1, learn->picks_fen[i], learn->picks_percent[i], is_tier),
            INTENT_CHOOSE_GRADE, i, true, learn->calculations[learn->picking].pick == i + 1);
    scene_grid_end(page, &grid);
}

void scene_grades(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, grades_body, SCENE_LEVELS);
}
