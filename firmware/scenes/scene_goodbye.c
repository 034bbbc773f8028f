#include "scenes/scene_parts.h"

static void centred(struct scene_page *page, enum string_id words, enum theme_size size,
                    enum theme_ink ink)
{
    const int bold = size >= SIZE_TITLE ? STYLE_BOLD : 0;
    scene_words(page, scene_text(page, words), STYLE(SURFACE_NONE, size, ink, ALIGN_CENTRE) | bold);
}

/* A card left behind is what matters; the thanks come second. */
static void body(struct scene_page *page)
{
    const bool card = page->view->card_left;
    page->column = page->body;
    scene_picture(page, card ? ICON_TAKE_CARD : ICON_CHECK, card ? 460 : 260,
                  card ? INK_DEFAULT : INK_GOOD);
    page->column.y += scene_px(page, card ? 12 : 48);
    centred(page, card ? STR_GOODBYE_CARD_LEFT : STR_GOODBYE_TITLE, SIZE_FIGURE,
            card ? INK_CAUTION : INK_STRONG);
    page->column.y += scene_px(page, 28);
    if (card)
        centred(page, STR_GOODBYE_TITLE, SIZE_HEAD, INK_STRONG);
    centred(page, STR_GOODBYE_LEAD, card ? SIZE_BUTTON : SIZE_HEAD, INK_SECOND);
    scene_centre(page);
}

void scene_goodbye(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer(&page, NULL, 0);
    scene_build_body(&page, body, SCENE_LEVELS);
}
