#include "scenes/scene_parts.h"

#include "base/check.h"

static void section(struct scene_page *page, enum icon icon, enum string_id title,
                    const char *words)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    const int side = scene_px(page, 64), gap = scene_px(page, 28);
    struct ui_node *node = ui_tree_add(
        page->tree, UI_ROLE_IMAGE, (struct ui_rect){ page->column.x, page->column.y, side, side },
        STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    node->image = (int)icon;
    page->column.x += side + gap;
    page->column.width -= side + gap;
    scene_words(page, scene_text(page, title),
                STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    scene_words(page, words, scene_prose(page, INK_STRONG));
    scene_card_end(page, card);
    scene_gap(page, 24);
}

static const char *here_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->cash_service != SERVICE_OFFERED)
        return SCENE_FORMAT(page, STR_RIGHTS_HERE_NO_CASH,
                            { "reason", scene_service(page, view->cash_service) });
    return SCENE_FORMAT(page, STR_RIGHTS_HERE_LEAD, { "notes", scene_denominations(page) });
}

static bool body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_RIGHTS_TITLE));
    scene_gap(page, 20);
    section(page, ICON_PAY, STR_RIGHTS_HERE, here_words(page));
    section(page, ICON_WINDOW, STR_RIGHTS_WINDOW,
            SCENE_FORMAT(page, STR_RIGHTS_WINDOW_LEAD, { "window", scene_window(page) }));
    const bool fits = scene_fits(page);
    scene_second_column(page);
    section(page, ICON_PHONE, STR_RIGHTS_PHONE,
            SCENE_FORMAT(page, STR_RIGHTS_PHONE_LEAD, { "phone", view->service_phone }));
    section(page, ICON_SHIELD, STR_RIGHTS_YOURS, scene_text(page, STR_RIGHTS_YOURS_LEAD));
    return fits && scene_fits(page);
}

void scene_rights(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_build_body(&page, body);
    const struct scene_action back = { "rights.back", scene_text(&page, STR_FOOTER_BACK),
                                       INTENT_BACK,   0,
                                       true,          false };
    scene_footer(&page, &back, 1);
}
