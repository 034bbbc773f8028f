#include "scenes/scene_parts.h"

void scene_receipt(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_title(&page, scene_text(&page, STR_RECEIPT_TITLE));
    if (view->paid_fen > 0)
        scene_lead(&page, SCENE_FORMAT(&page, STR_RECEIPT_LEAD,
                                       { "amount", scene_yuan(&page, view->paid_fen) }));
    else
        scene_lead(&page, scene_text(&page, STR_RECEIPT_LEAD_REGISTERED));
    scene_second_column(&page);
    struct scene_card card = scene_card_begin(&page, SURFACE_CARD);
    scene_picture(&page, ICON_TAKE_RECEIPT, page.wide ? 460 : 640, INK_DEFAULT);
    scene_card_end(&page, card);
    scene_footer(&page, NULL, 0);
}
