#include "scenes/scene_parts.h"

#include "base/check.h"

static const char *here_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->cash_service != SERVICE_OFFERED)
        return SCENE_FORMAT(page, STR_RIGHTS_HERE_NO_CASH,
                            { "reason", scene_service(page, view->cash_service) });
    return SCENE_FORMAT(page, STR_RIGHTS_HERE_LEAD, { "notes", scene_denominations(page) });
}

static void body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_heading_begin(page);
    scene_title(page, scene_text(page, STR_RIGHTS_TITLE));
    scene_gap(page, 20);
    scene_heading_end(page);
    scene_section(page, ICON_PAY, scene_text(page, STR_RIGHTS_HERE), here_words(page));
    scene_gap(page, 24);
    scene_section(page, ICON_WINDOW, scene_text(page, STR_RIGHTS_WINDOW),
                  SCENE_FORMAT(page, STR_RIGHTS_WINDOW_LEAD, { "window", scene_window(page) }));
    if (!page->wide)
        scene_gap(page, 24);
    scene_second_column(page);
    scene_section(page, ICON_PHONE, scene_text(page, STR_RIGHTS_PHONE),
                  SCENE_FORMAT(page, STR_RIGHTS_PHONE_LEAD, { "phone", view->service_phone }));
    scene_gap(page, 24);
    scene_section(page, ICON_SHIELD, scene_text(page, STR_RIGHTS_YOURS),
                  scene_text(page, STR_RIGHTS_YOURS_LEAD));
}

void scene_rights(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const struct scene_action back = { "rights.back", scene_text(&page, STR_FOOTER_BACK),
                                       INTENT_BACK,   0,
                                       true,          false };
    scene_footer(&page, &back, 1);
    scene_build_body(&page, body, SCENE_LEVELS);
}
