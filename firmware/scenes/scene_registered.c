#include "scenes/scene_parts.h"

void scene_registered(const struct session_view *view, const struct scene_panel *panel,
                      struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_emblem(&page, ICON_CHECK, page.wide ? 110 : 150, INK_GOOD);
    scene_gap(&page, 24);
    scene_title(&page, scene_text(&page, STR_REGISTERED_TITLE));
    scene_lead(&page, scene_text(&page, STR_REGISTERED_LEAD));
    struct scene_card card = scene_card_begin(&page, SURFACE_CARD);
    scene_words(&page, scene_text(&page, STR_REGISTERED_NUMBER),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_SECOND, ALIGN_LEFT));
    scene_words(&page, view->account_number,
                STYLE(SURFACE_NONE, page.wide ? SIZE_HEAD : SIZE_KEY, INK_PRIMARY, ALIGN_LEFT) |
                    STYLE_BOLD);
    scene_card_end(&page, card);
    scene_gap(&page, 52);
    scene_second_column(&page);
    scene_words(&page, scene_text(&page, STR_REGISTERED_NEXT),
                STYLE(SURFACE_NONE, SIZE_HEAD, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    scene_gap(&page, 24);
    const struct scene_option options[] = {
        { .id = "registered.pay",
          .title = scene_text(&page, STR_REGISTERED_PAY),
          .icon = ICON_PAY,
          .intent = INTENT_NEXT,
          .enabled = true,
          .primary = true },
        { .id = "registered.later",
          .title = scene_text(&page, STR_REGISTERED_LATER),
          .words = scene_text(&page, STR_REGISTERED_LATER_LEAD),
          .icon = ICON_CLOCK,
          .intent = INTENT_PAY_LATER,
          .enabled = true },
    };
    scene_option(&page, &options[0]);
    scene_gap(&page, 28);
    scene_option(&page, &options[1]);
    scene_footer(&page, NULL, 0);
}
