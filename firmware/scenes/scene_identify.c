#include "scenes/scene_parts.h"

#include "ui/text_layout.h"

/* A tag as wide as its words, in the middle. */
static void tag(struct scene_page *page, const char *words)
{
    const int size = scene_size_px(page, SIZE_BODY), air = scene_px(page, 64);
    const int wanted = text_layout_width(FONT_BOLD, size, words, -1) + air;
    const int width = wanted < page->column.width ? wanted : page->column.width;
    const int height =
        text_layout_height(FONT_BOLD, size, words, width - air / 2) + scene_px(page, 18);
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT,
                    (struct ui_rect){ page->column.x + (page->column.width - width) / 2,
                                      page->column.y, width, height },
                    STYLE(SURFACE_TAG, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD);
    node->text = words;
    page->column.y += height;
}

static void picture_card(struct scene_page *page, bool reading)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD_SELECTED);
    scene_illustration(page, reading ? ICON_READING_CARD : ICON_PLACE_CARD, page->wide ? 300 : 500,
                       880, INK_DEFAULT);
    scene_words(page, scene_text(page, STR_IDENTIFY_CARD),
                STYLE(SURFACE_NONE, SIZE_HEAD, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD);
    scene_gap(page, 16);
    tag(page, scene_text(page, STR_IDENTIFY_WHERE));
    scene_gap(page, 12);
    scene_card_end(page, card);
}

/* Whoever has only the slip at hand can still see how far its money is. */
static void by_number(struct scene_page *page)
{
    const struct scene_option option = {
        .id = "identify.number",
        .title = scene_text(page, STR_IDENTIFY_BY_NUMBER),
        .words = scene_text(page, STR_IDENTIFY_BY_NUMBER_LEAD),
        .icon = ICON_RECEIPT,
        .intent = INTENT_BY_NUMBER,
        .enabled = true,
    };
    scene_option(page, &option);
}

static void body(struct scene_page *page)
{
    const bool reading = page->view->card_seen;
    scene_title(page, scene_text(page, reading ? STR_IDENTIFY_READING : STR_IDENTIFY_TITLE));
    scene_lead(page, scene_text(page, reading ? STR_IDENTIFY_READING_LEAD : STR_IDENTIFY_LEAD));
    if (page->wide) {
        scene_spring(page);
    } else {
        picture_card(page, reading);
        scene_gap(page, 28);
    }
    const struct scene_option privacy = {
        .id = "identify.privacy",
        .title = scene_text(page, STR_PRIVACY_TITLE),
        .words = scene_text(page, STR_IDENTIFY_PRIVACY),
        .icon = ICON_SHIELD,
        .intent = INTENT_OVERLAY,
        .argument = OVERLAY_PRIVACY,
        .enabled = true,
    };
    scene_option(page, &privacy);
    scene_gap(page, 20);
    if (page->view->inquiry.is_on) {
        by_number(page);
        scene_gap(page, 20);
    }
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WINDOW,
                 SCENE_FORMAT(page, STR_IDENTIFY_NO_CARD, { "window", scene_window(page) }));
    if (page->wide) {
        scene_second_column(page);
        picture_card(page, reading);
    }
}

void scene_identify(const struct session_view *view, const struct scene_panel *panel,
                    struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, body, SCENE_LEVELS);
}
