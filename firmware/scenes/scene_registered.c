#include "scenes/scene_parts.h"

static void number_card(struct scene_page *page)
{
    const char *number = scene_number(page, page->view->account_number);
    struct scene_card card = scene_card_begin(page, SURFACE_SUM);
    const enum theme_size size = scene_size_for(page, number, page->column.width, SIZE_FIGURE);
    scene_words(page, scene_text(page, STR_REGISTERED_NUMBER),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_CENTRE));
    scene_gap(page, 8);
    struct ui_node *node = scene_words(
        page, number, STYLE(SURFACE_NONE, size, INK_PRIMARY, ALIGN_CENTRE) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "registered.number");
    scene_card_end(page, card);
}

static const enum string_id TITLES[] = { [REGISTERED_NEW] = STR_REGISTERED_TITLE,
                                         [REGISTERED_AGAIN] = STR_REGISTERED_AGAIN,
                                         [REGISTERED_BEFORE] = STR_REGISTERED_BEFORE };
static const enum string_id LEADS[] = { [REGISTERED_NEW] = STR_REGISTERED_LEAD,
                                        [REGISTERED_AGAIN] = STR_REGISTERED_AGAIN_LEAD,
                                        [REGISTERED_BEFORE] = STR_REGISTERED_BEFORE_LEAD };

/* Has the bureau looked at it, and is there something left to sign? */
static void standing(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->registered_as == REGISTERED_BEFORE)
        return;
    scene_gap(page, 20);
    if (view->bureau_checked)
        scene_banner(page, SURFACE_BANNER_GOOD, ICON_CHECK,
                     scene_text(page, STR_REGISTERED_ONLINE));
    else
        scene_banner(page, SURFACE_BANNER, ICON_CLOCK, scene_text(page, STR_REGISTERED_OFFLINE));
    if (view->is_signed)
        return;
    scene_gap(page, 12);
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WINDOW,
                 SCENE_FORMAT(page, STR_REGISTERED_UNSIGNED, { "window", scene_window(page) }));
}

static void body(struct scene_page *page)
{
    const enum view_registered how = page->view->registered_as;
    scene_picture(page, ICON_CHECK, page->room == ROOM_AMPLE ? 180 : 120, INK_GOOD);
    scene_gap(page, 20);
    scene_words(page, scene_text(page, TITLES[how]),
                STYLE(SURFACE_NONE, SIZE_FIGURE, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD);
    scene_gap(page, 12);
    scene_words(page, scene_text(page, LEADS[how]),
                STYLE(SURFACE_NONE, page->room == ROOM_AMPLE ? SIZE_BUTTON : SIZE_BODY, INK_SECOND,
                      ALIGN_CENTRE));
    scene_gap(page, 36);
    number_card(page);
    standing(page);
    scene_centre(page);
    if (!page->wide)
        scene_gap(page, 64);
    scene_second_column(page);
    scene_words(page, scene_text(page, STR_REGISTERED_NEXT),
                STYLE(SURFACE_NONE, SIZE_KEY, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    scene_gap(page, 24);
    const struct scene_option options[] = {
        { .id = "registered.pay",
          .title = scene_text(page, STR_REGISTERED_PAY),
          .icon = ICON_PAY,
          .intent = INTENT_NEXT,
          .enabled = true,
          .primary = true },
        { .id = "registered.later",
          .title = scene_text(page, STR_REGISTERED_LATER),
          .words = scene_text(page, STR_REGISTERED_LATER_LEAD),
          .icon = ICON_CLOCK,
          .intent = INTENT_PAY_LATER,
          .enabled = true },
    };
    scene_option(page, &options[0]);
    scene_gap(page, 28);
    scene_option(page, &options[1]);
    scene_centre(page);
}

void scene_registered(const struct session_view *view, const struct scene_panel *panel,
                      struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer(&page, NULL, 0);
    scene_build_body(&page, body, SCENE_LEVELS);
}
