/* The figures of this month and the rules of time, insurance by insurance; each can be touched. */
#include "scenes/scene_learn_parts.h"

#include "base/check.h"

static bool has(const struct view_standard *standard, enum view_figure figure)
{
    switch (figure) {
    case FIGURE_LIMITS:
        return standard->floor_fen > 0;
    case FIGURE_LIST:
        return standard->choice == CHOICE_GRADES || standard->choice == CHOICE_PERCENT;
    case FIGURE_RATE:
    case FIGURE_AMOUNT:
        return standard->is_rate;
    case FIGURE_ACCOUNT:
        return standard->account_rate > 0;
    case FIGURE_SUM:
        return !standard->is_rate;
    case FIGURE_WAIT:
        return standard->wait_months > 0;
    case FIGURE_AGE:
        return standard->age_min > 0 && standard->age_max_male > 0 && standard->age_max_female > 0;
    case FIGURE_PAY:
    case FIGURE_DUE:
    case FIGURE_BACK:
    case FIGURE_RETRO:
    case FIGURE_SURCHARGE:
    case FIGURES:
        break;
    }
    return true;
}

static void rows(struct scene_page *page, int index, const enum view_figure *figures, int count)
{
    const struct view_standard *standard = &page->view->learn.standards[index];
    for (int i = 0; i < count; i++)
        if (has(standard, figures[i]))
            scene_figure_row(page, index, figures[i], scene_figure_name(page, standard, figures[i]),
                             scene_rule_words(page, standard, figures[i]));
}

static void standard_card(struct scene_page *page, int index)
{
    static const enum view_figure FIGURES_OF[] = { FIGURE_LIMITS,  FIGURE_LIST,   FIGURE_RATE,
                                                   FIGURE_ACCOUNT, FIGURE_AMOUNT, FIGURE_SUM };
    const struct view_standard *standard = &page->view->learn.standards[index];
    scene_gap(page, 16);
    struct scene_card card = scene_rows_begin(page);
    scene_card_title(page, standard->name[page->language]);
    if (standard->is_known && standard->follows)
        scene_words(page, scene_text(page, STR_STANDARDS_FOLLOWS), scene_caption(page, INK_SECOND));
    if (standard->is_known)
        rows(page, index, FIGURES_OF, (int)ARRAY_SIZE(FIGURES_OF));
    else
        scene_words(page,
                    SCENE_FORMAT(page, STR_STANDARDS_UNKNOWN, { "window", scene_window(page) }),
                    scene_prose(page, INK_STRONG));
    scene_rows_end(page, card);
}

static void rules_card(struct scene_page *page, int index)
{
    static const enum view_figure RULES[] = { FIGURE_PAY,  FIGURE_DUE,       FIGURE_BACK,
                                              FIGURE_WAIT, FIGURE_SURCHARGE, FIGURE_RETRO,
                                              FIGURE_AGE };
    const struct view_standard *standard = &page->view->learn.standards[index];
    scene_gap(page, 16);
    struct scene_card card = scene_rows_begin(page);
    scene_card_title(page, standard->name[page->language]);
    rows(page, index, RULES, (int)ARRAY_SIZE(RULES));
    if (standard->pays_ahead)
        scene_words(page, scene_text(page, STR_TIMES_AHEAD), scene_caption(page, INK_SECOND));
    scene_rows_end(page, card);
}

static void cards(struct scene_page *page, void (*card)(struct scene_page *page, int index))
{
    const int count = page->view->learn.standard_count;
    for (int i = 0; i < count; i++) {
        if (i == (count + 1) / 2)
            scene_second_column(page);
        card(page, i);
    }
}

static void standards_body(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    scene_heading_begin(page);
    scene_title(page, SCENE_FORMAT(page, STR_STANDARDS_TITLE_OF,
                                   { "when", scene_month_words(page, learn->month) }));
    scene_lead(page, scene_text(page, STR_STANDARDS_TOUCH));
    scene_heading_end(page);
    cards(page, standard_card);
}

static void times_body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const struct scene_option rights = {
        .id = "times.rights",
        .title = scene_text(page, STR_RIGHTS_TITLE),
        .words = SCENE_FORMAT(page, STR_TIMES_COLLECTOR,
                              { "collector", view->collector[page->language] }),
        .icon = ICON_WINDOW,
        .intent = INTENT_OVERLAY,
        .argument = OVERLAY_RIGHTS,
        .enabled = true,
    };
    scene_heading_begin(page);
    scene_title(page, scene_text(page, STR_TIMES_TITLE));
    scene_lead(page, scene_text(page, STR_STANDARDS_TOUCH));
    scene_heading_end(page);
    scene_option(page, &rights);
    cards(page, rules_card);
}

static void build(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree, scene_body *body)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, body, SCENE_LEVELS);
}

void scene_standards(const struct session_view *view, const struct scene_panel *panel,
                     struct ui_tree *tree)
{
    build(view, panel, tree, standards_body);
}

void scene_times(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    build(view, panel, tree, times_body);
}
