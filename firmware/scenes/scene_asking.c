/* The pages of an inquiry on which the machine works: the bureau is asked, a paper is printed. */
#include "scenes/scene_parts.h"

void scene_working(struct scene_page *page, enum icon icon)
{
    if (page->wide)
        scene_centre(page);
    scene_second_column(page);
    const int air = scene_grow(page, 1000, 1400) / 2; /* the card grows, not the sign in it */
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    page->column.y += air;
    scene_emblem_centred(page, icon, page->wide ? 220 : 280);
    page->column.y += air;
    scene_card_end(page, card);
}

static void asking_body(struct scene_page *page)
{
    scene_title(page, scene_text(page, STR_ASKING_TITLE));
    scene_lead(page, scene_text(page, STR_ASKING_LEAD));
    scene_working(page, ICON_LOOK);
}

void scene_asking(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, asking_body, SCENE_LEVELS);
}

static void printing_body(struct scene_page *page)
{
    const enum string_id title = page->view->learn.is_on             ? STR_PRINTING_PLAN
                                 : page->view->inquiry.print_is_copy ? STR_PRINTING_COPY
                                                                     : STR_PRINTING_RECORD;
    scene_title(page, scene_text(page, title));
    scene_lead(page, scene_text(page, STR_PRINTING_LEAD));
    scene_working(page, ICON_TAKE_RECEIPT);
}

void scene_printing(const struct session_view *view, const struct scene_panel *panel,
                    struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer(&page, NULL, 0);
    scene_build_body(&page, printing_body, SCENE_LEVELS);
}
