#include "scenes/scene_parts.h"

#include "base/check.h"

static void section(struct scene_page *page, enum icon icon, enum string_id title,
                    const char *words)
{
    const int air = scene_grow(page, 80, 160) / 2;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    page->column.y += air;
    const int side = scene_px(page, page->room == ROOM_AMPLE ? 84 : 64), gap = scene_px(page, 28);
    struct ui_node *node = ui_tree_add(
        page->tree, UI_ROLE_IMAGE, (struct ui_rect){ page->column.x, page->column.y, side, side },
        STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    node->image = (int)icon;
    page->column.x += side + gap;
    page->column.width -= side + gap;
    scene_words(page, scene_text(page, title),
                STYLE(SURFACE_NONE, page->room == ROOM_AMPLE ? SIZE_HEAD : SIZE_BUTTON, INK_STRONG,
                      ALIGN_LEFT) |
                    STYLE_BOLD);
    scene_gap(page, 4);
    scene_words(page, words, scene_prose(page, INK_STRONG));
    page->column.y += air;
    scene_card_end(page, card);
}

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
    scene_title(page, scene_text(page, STR_RIGHTS_TITLE));
    scene_gap(page, 20);
    page->body.y = page->column.y; /* both columns begin below the title */
    section(page, ICON_PAY, STR_RIGHTS_HERE, here_words(page));
    scene_gap(page, 24);
    section(page, ICON_WINDOW, STR_RIGHTS_WINDOW,
            SCENE_FORMAT(page, STR_RIGHTS_WINDOW_LEAD, { "window", scene_window(page) }));
    if (!page->wide)
        scene_gap(page, 24);
    scene_second_column(page);
    section(page, ICON_PHONE, STR_RIGHTS_PHONE,
            SCENE_FORMAT(page, STR_RIGHTS_PHONE_LEAD, { "phone", view->service_phone }));
    scene_gap(page, 24);
    section(page, ICON_SHIELD, STR_RIGHTS_YOURS, scene_text(page, STR_RIGHTS_YOURS_LEAD));
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
