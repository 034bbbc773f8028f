/* After leaving a job: which month was the last insured one, and what follows from it. */
#include "scenes/scene_learn_parts.h"

#include "base/check.h"

#define TAGS_MAX 12

/* ---- which month ---- */

static void leaving_body(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    scene_title(page, scene_text(page, STR_LEAVING_TITLE));
    scene_lead(page, scene_text(page, STR_LEAVING_ASK));
    scene_card_title(page, scene_text(page, STR_LEAVING_YEAR));
    scene_gap(page, 12);
    struct scene_grid years = scene_grid_begin(
        page, "leaving.year",
        scene_grid_columns(page, scene_count(page, learn->leaving_year_last), page->wide ? 3 : 5),
        learn->leaving_year_last - learn->leaving_year_first + 1);
    for (int year = learn->leaving_year_first; year <= learn->leaving_year_last; year++)
        scene_grid_add(page, &years, year, scene_count(page, year), INTENT_CHOOSE_YEAR, year, true,
                       year == learn->leaving_year);
    scene_grid_end(page, &years);
    scene_gap(page, 24);
    scene_second_column(page);
    scene_card_title(page, scene_text(page, STR_LEAVING_MONTH));
    scene_gap(page, 12);
    struct scene_grid months = scene_grid_begin(page, "leaving.month", 3, 12);
    for (int number = 1; number <= 12; number++) {
        const month_index month = month_of(learn->leaving_year, number);
        scene_grid_add(page, &months, number, scene_month_name(page, number), INTENT_CHOOSE_MONTH,
                       month, month <= learn->month, month == learn->left);
    }
    scene_grid_end(page, &months);
}

void scene_leaving(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, leaving_body, SCENE_LEVELS);
}

/* ---- what follows ---- */

static void missing(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    const char *tags[TAGS_MAX];
    if (learn->missing == 0) {
        scene_banner(
            page, SURFACE_BANNER_GOOD, ICON_CHECK,
            SCENE_FORMAT(page, STR_PLAN_NO_GAP, { "when", scene_month_words(page, learn->left) }));
        return;
    }
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WARNING,
                 SCENE_FORMAT(page, STR_PLAN_GAP, { "when", scene_month_words(page, learn->left) },
                              { "span", scene_months(page, learn->missing) },
                              { "run", scene_run(page, learn->first_missing,
                                                 learn->first_missing + learn->missing - 1) }));
    if (learn->missing > TAGS_MAX || learn->missing < 2)
        return;
    for (int i = 0; i < learn->missing; i++)
        tags[i] = scene_month(page, learn->first_missing + i);
    scene_gap(page, 12);
    scene_tags(page, tags, learn->missing, SURFACE_TAG_CAUTION);
}

static const char *day_words(const struct scene_page *page, const struct view_day *day)
{
    const char *date = scene_date(page, day->month, day->day);
    return day->is_over ? SCENE_FORMAT(page, STR_PLAN_OVER, { "date", date }) : date;
}

static void due(struct scene_page *page, const struct view_leaving *leaving)
{
    scene_row(page, scene_text(page, STR_PLAN_NEXT),
              scene_run(page, leaving->due_first, leaving->due_first + leaving->due_months - 1),
              true);
    const struct view_day day = { leaving->due_first, leaving->due_day, true, leaving->is_late };
    scene_row(page, scene_text(page, STR_FIGURE_DUE),
              leaving->due_day == 0 ? scene_text(page, STR_DUE_UNSET) : day_words(page, &day),
              true);
}

static void waiting(struct scene_page *page, const struct view_leaving *leaving)
{
    if (leaving->wait == WAIT_MONTHS)
        scene_words(
            page,
            SCENE_FORMAT(page, STR_PLAN_WAIT, { "span", scene_months(page, leaving->wait_months) }),
            scene_prose(page, INK_CAUTION));
    else if (leaving->wait == WAIT_NOT_STATED && leaving->is_medical)
        scene_words(page,
                    SCENE_FORMAT(page, STR_PLAN_WAIT_UNKNOWN, { "window", scene_window(page) }),
                    scene_prose(page, INK_CAUTION));
    else if (leaving->is_medical)
        scene_words(page, scene_text(page, STR_PLAN_NO_WAIT), scene_prose(page, INK_GOOD));
    if (leaving->no_wait.month != 0)
        scene_row(page, scene_text(page, STR_PLAN_NO_WAIT_BY), day_words(page, &leaving->no_wait),
                  true);
}

static void back(struct scene_page *page, const struct view_leaving *leaving)
{
    const char *run =
        leaving->back_first == 0 ? "" : scene_run(page, leaving->back_first, leaving->back_last);
    const struct string_value values[] = { { "run", run },
                                           { "amount", scene_yuan(page, leaving->amount_fen) },
                                           { "window", scene_window(page) } };
    static const enum string_id WORDS[] = {
        [BACK_COST_NOTHING] = STR_PLAN_BACK_REFUSED, [BACK_COST_SUM] = STR_PLAN_BACK_SUM,
        [BACK_COST_REFUSED] = STR_PLAN_BACK_REFUSED, [BACK_COST_PENDING] = STR_PLAN_BACK_PENDING,
        [BACK_COST_WINDOW] = STR_PLAN_BACK_WINDOW,
    };
    if (leaving->cost == BACK_COST_NOTHING)
        return;
    scene_words(page, scene_format(page, WORDS[leaving->cost], values, 3),
                scene_prose(page, INK_STRONG));
    if (leaving->cost == BACK_COST_SUM && !leaving->closes)
        scene_words(page, scene_text(page, STR_PLAN_BACK_PART), scene_prose(page, INK_CAUTION));
}

static void no_gap(struct scene_page *page, const struct view_leaving *leaving)
{
    scene_row(page, scene_text(page, STR_PLAN_NO_GAP_BY), day_words(page, &leaving->no_gap), true);
}

/* Each answer with the rule it follows from. */
static void plan_card(struct scene_page *page, int index)
{
    static const struct {
        void (*draw)(struct scene_page *page, const struct view_leaving *leaving);
        enum view_figure figure;
    } ANSWERS[] = {
        { due, FIGURE_DUE },
        { no_gap, FIGURE_BACK },
        { waiting, FIGURE_WAIT },
        { back, FIGURE_AMOUNT },
    };
    const struct view_leaving *leaving = &page->view->learn.leaving[index];
    const struct view_standard *standard = &page->view->learn.standards[index];
    scene_gap(page, 16);
    struct scene_card card = scene_rows_begin(page);
    scene_card_title(page, standard->name[page->language]);
    for (size_t i = 0; i < ARRAY_SIZE(ANSWERS); i++) {
        const struct scene_why why = scene_why_begin(page);
        const int top = page->column.y;
        ANSWERS[i].draw(page, leaving);
        if (page->column.y == top) { /* it has nothing to say */
            page->column = why.column;
            continue;
        }
        scene_why_end(page, why, index, ANSWERS[i].figure,
                      scene_figure_name(page, standard, ANSWERS[i].figure));
        scene_gap(page, 12);
    }
    scene_rows_end(page, card);
}

static void bring(struct scene_page *page)
{
    const char *materials = page->view->materials[page->language];
    scene_gap(page, 20);
    scene_section(page, ICON_REGISTER, scene_text(page, STR_HOME_BRING),
                  materials[0] != '\0' ? materials : scene_text(page, STR_HOME_BRING_CARD));
    scene_gap(page, 20);
    if (page->view->visit_service != SERVICE_OFFERED)
        return;
    const struct scene_option option = {
        .id = "plan.start",
        .title = scene_text(page, STR_PLAN_START),
        .words = page->elder ? NULL : scene_text(page, STR_PLAN_START_LEAD),
        .icon = ICON_PAY,
        .intent = INTENT_START,
        .enabled = true,
    };
    scene_option(page, &option);
}

static void plan_body(struct scene_page *page)
{
    const struct view_learn *learn = &page->view->learn;
    scene_title(page, scene_text(page, STR_PLAN_TITLE));
    scene_gap(page, 12);
    missing(page);
    scene_print_notice(page, learn->print);
    for (int i = 0; i < learn->leaving_count; i++) {
        if (i == 1)
            scene_second_column(page);
        plan_card(page, i);
    }
    bring(page);
}

void scene_plan(const struct session_view *view, const struct scene_panel *panel,
                struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const struct scene_action actions[] = {
        { "footer.back", scene_text(&page, STR_FOOTER_BACK), INTENT_BACK, 0, true, false },
        { "footer.cancel", scene_text(&page, STR_FOOTER_CANCEL), INTENT_CANCEL, 0, true, false },
        { "plan.print", scene_text(&page, STR_PLAN_PRINT), INTENT_PRINT, 0, true, true },
    };
    scene_footer(&page, actions, 3);
    scene_build_body(&page, plan_body, SCENE_LEVELS);
}
