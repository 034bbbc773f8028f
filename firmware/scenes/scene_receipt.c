#include "scenes/scene_parts.h"

static void body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_RECEIPT_TITLE));
    if (view->paid_fen > 0)
        scene_lead(page, SCENE_FORMAT(page, STR_RECEIPT_LEAD,
                                      { "amount", scene_yuan(page, view->paid_fen) }));
    else
        scene_lead(page, scene_text(page, STR_RECEIPT_LEAD_REGISTERED));
    if (page->wide)
        scene_centre(page);
    scene_second_column(page);
    const int air = scene_grow(page, 100, 300) / 2;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    page->column.y += air;
    scene_illustration(page, ICON_TAKE_RECEIPT, page->wide ? 400 : 600, 900, INK_DEFAULT);
    page->column.y += air;
    scene_card_end(page, card);
}

void scene_receipt(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer(&page, NULL, 0);
    scene_build_body(&page, body, SCENE_LEVELS);
}
