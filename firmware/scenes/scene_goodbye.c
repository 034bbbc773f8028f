#include "scenes/scene_parts.h"

void scene_goodbye(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    page.column = page.body;
    scene_gap(&page, page.wide ? 60 : 260);
    scene_picture(&page, view->card_left ? ICON_REGISTER : ICON_CHECK, 220,
                  view->card_left ? INK_CAUTION : INK_GOOD);
    scene_gap(&page, 40);
    scene_words(&page, scene_text(&page, STR_GOODBYE_TITLE),
                STYLE(SURFACE_NONE, SIZE_TITLE, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD);
    scene_gap(&page, 16);
    scene_words(&page, scene_text(&page, STR_GOODBYE_LEAD),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_SECOND, ALIGN_CENTRE));
    scene_gap(&page, 48);
    if (view->card_left)
        scene_banner(&page, SURFACE_BANNER_CAUTION, ICON_WARNING,
                     scene_text(&page, STR_GOODBYE_CARD_LEFT));
    scene_footer(&page, NULL, 0);
}
