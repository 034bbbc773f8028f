#include "scenes/scene_parts.h"

static void picture_card(struct scene_page *page, bool reading)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD_SELECTED);
    scene_picture(page, reading ? ICON_READING_CARD : ICON_PLACE_CARD, page->wide ? 440 : 600,
                  INK_DEFAULT);
    scene_card_end(page, card);
}

void scene_identify(const struct session_view *view, const struct scene_panel *panel,
                    struct ui_tree *tree)
{
    const bool reading = view->card_seen;
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_title(&page, scene_text(&page, reading ? STR_IDENTIFY_READING : STR_IDENTIFY_TITLE));
    scene_lead(&page, scene_text(&page, reading ? STR_IDENTIFY_READING_LEAD : STR_IDENTIFY_LEAD));
    if (!page.wide) {
        picture_card(&page, reading);
        scene_gap(&page, 28);
    }
    scene_banner(&page, SURFACE_BANNER, ICON_SHIELD, scene_text(&page, STR_IDENTIFY_PRIVACY));
    scene_gap(&page, 20);
    scene_banner(&page, SURFACE_BANNER_CAUTION, ICON_WINDOW,
                 SCENE_FORMAT(&page, STR_IDENTIFY_NO_CARD, { "window", scene_window(&page) }));
    if (page.wide) {
        scene_second_column(&page);
        picture_card(&page, reading);
    }
    scene_footer_usual(&page, true, NULL, false);
}
