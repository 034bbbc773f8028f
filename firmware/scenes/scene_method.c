#include "scenes/scene_parts.h"

/* Every month alike: the line can be checked by eye, so much a month times so many months. */
static bool months_are_alike(const struct session_view *view)
{
    for (int i = 1; i < view->months_chosen && i < view->month_count; i++) {
        if (view->months[i].amount_fen != view->months[0].amount_fen)
            return false;
    }
    return true;
}

static void lines(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const int months = view->months_chosen;
    const bool alike = months_are_alike(view);
    for (int i = 0; i < view->insurance_count; i++) {
        const struct view_insurance *insurance = &view->insurances[i];
        if (!insurance->selected)
            continue;
        const char *monthly = scene_yuan(page, insurance->monthly_fen);
        scene_row(page, insurance->name[page->language],
                  alike ? SCENE_FORMAT(page, STR_METHOD_LINE, { "amount", monthly },
                                       { "count", scene_count(page, months) })
                        : SCENE_FORMAT(page, STR_UNIT_YUAN_MONTH, { "amount", monthly }),
                  false);
        scene_rule(page);
    }
}

static void period(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const int last = view->months_chosen - 1;
    if (last < 0 || last >= view->month_count)
        return;
    const char *first = scene_month(page, view->months[0].month);
    const char *months =
        last == 0 ? first
                  : SCENE_FORMAT(page, STR_UNIT_MONTH_RANGE, { "first", first },
                                 { "last", scene_month(page, view->months[last].month) });
    scene_row(page, scene_text(page, STR_METHOD_PERIOD), months, false);
    scene_rule(page);
}

static void check_card(struct scene_page *page)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    period(page);
    lines(page);
    scene_gap(page, 12);
    scene_total(page, scene_text(page, STR_METHOD_TOTAL), page->view->due_fen);
    scene_card_end(page, card);
}

static void cash_way(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool cash = view->cash_service == SERVICE_OFFERED;
    const struct scene_option option = {
        .id = "method.cash",
        .title = scene_text(page, cash ? STR_METHOD_CASH : STR_METHOD_NO_CASH),
        .words =
            cash ? scene_text(page, STR_METHOD_CASH_LEAD) : scene_service(page, view->cash_service),
        .icon = ICON_NOTE,
        .intent = INTENT_PAY_CASH,
        .enabled = cash,
        .primary = cash,
    };
    scene_option(page, &option);
    scene_gap(page, 24);
    if (cash && view->cash_broke_off)
        return; /* the window is named on top */
    if (cash) {
        scene_banner(page, SURFACE_BANNER, ICON_WINDOW,
                     SCENE_FORMAT(page, STR_METHOD_AT_WINDOW, { "window", scene_window(page) },
                                  { "phone", view->service_phone }));
        return;
    }
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WINDOW,
                 SCENE_FORMAT(page, STR_METHOD_NO_CASH_LEAD, { "window", scene_window(page) }));
    scene_gap(page, 20);
    scene_banner(page, SURFACE_BANNER, ICON_PHONE,
                 SCENE_FORMAT(page, STR_RIGHTS_PHONE_LEAD, { "phone", view->service_phone }));
}

/* Whoever comes back from the cash page without having touched anything is told why first. */
static void tell_broken_off(struct scene_page *page)
{
    if (page->view->cash_service != SERVICE_OFFERED || !page->view->cash_broke_off)
        return;
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WARNING,
                 SCENE_FORMAT(page, STR_METHOD_BROKE_OFF, { "window", scene_window(page) }));
    scene_gap(page, 24);
}

static void body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_METHOD_TITLE));
    scene_gap(page, 16);
    tell_broken_off(page);
    check_card(page);
    if (!page->wide)
        scene_gap(page, 28);
    scene_second_column(page);
    if (view->cash_service == SERVICE_OFFERED) {
        scene_banner(
            page, SURFACE_BANNER_CAUTION, ICON_INFO,
            SCENE_FORMAT(page, STR_METHOD_NO_CHANGE, { "rule", view->surplus[page->language] }));
        scene_gap(page, 28);
    }
    cash_way(page);
}

void scene_method(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, body, SCENE_LEVELS);
}
