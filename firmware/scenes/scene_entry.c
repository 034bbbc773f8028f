#include "scenes/scene_parts.h"

#include <string.h>

#include "base/text.h"

/* 138 0571 4000: the groups people say aloud. */
static const char *grouped_phone(const struct scene_page *page)
{
    const char *typed = page->view->phone_typed;
    char text[24] = "";
    int out = 0;
    for (int i = 0; typed[i] != '\0' && i < 11; i++) {
        if (i == 3 || i == 7)
            text[out++] = ' ';
        text[out++] = typed[i];
    }
    text[out] = '\0';
    return scene_own(page, text);
}

void scene_keypad_column(struct scene_page *page)
{
    if (!page->wide)
        scene_gap(page, 32);
    scene_second_column(page);
    scene_keypad(page, page->elder && page->is_last_try ? 84 : page->wide ? 108 : 120);
}

static void base_body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_BASE_TITLE));
    scene_lead(page, scene_text(page, STR_BASE_LEAD));
    scene_field(page, view->base_typed);
    scene_gap(page, 24);
    const struct string_value limits[] = {
        { "floor", scene_yuan_short(page, view->base_floor_fen) },
        { "ceiling", scene_yuan_short(page, view->base_ceiling_fen) },
    };
    if (view->base_refused)
        scene_banner(page, SURFACE_BANNER_BAD, ICON_WARNING,
                     scene_format(page, STR_BASE_REFUSED, limits, 2));
    else
        scene_banner(page, SURFACE_BANNER, ICON_INFO,
                     scene_format(page, STR_BASE_RANGE, limits, 2));
    scene_keypad_column(page);
}

void scene_base(const struct session_view *view, const struct scene_panel *panel,
                struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT),
                       view->base_typed[0] != '\0');
    scene_build_body(&page, base_body, SCENE_LEVELS);
}

static void phone_body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_PHONE_TITLE));
    scene_gap(page, 16);
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_row(page, scene_text(page, STR_PHONE_NAME), view->name_masked, false)->is_private = true;
    scene_rule(page);
    scene_row(page, scene_text(page, STR_PHONE_NUMBER), view->number_masked, false)->is_private =
        true;
    scene_card_end(page, card);
    scene_gap(page, 28);
    scene_field(page, grouped_phone(page))->is_private = true;
    scene_gap(page, 24);
    if (view->phone_refused)
        scene_banner(page, SURFACE_BANNER_BAD, ICON_WARNING, scene_text(page, STR_PHONE_REFUSED));
    else
        scene_banner(page, SURFACE_BANNER, ICON_INFO, scene_text(page, STR_PHONE_LEAD));
    scene_keypad_column(page);
}

void scene_phone(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT), view->phone_complete);
    scene_build_body(&page, phone_body, SCENE_LEVELS);
}

/* In the groups it has on paper, also while it is typed: region, kiosk, day, count, check digit. */
static const char *grouped_slip(const struct scene_page *page)
{
    const char *typed = page->view->inquiry.number_typed;
    char text[VIEW_SLIP_DIGITS + 5] = "";
    int out = 0;
    for (int i = 0; typed[i] != '\0' && i < VIEW_SLIP_DIGITS; i++) {
        if (i == 6 || i == 12 || i == 20 || i == 26)
            text[out++] = ' ';
        text[out++] = typed[i];
    }
    text[out] = '\0';
    return scene_own(page, text);
}

/* Too long for one line of a field: in its groups, as on paper, and how many digits there are. */
static void number_card(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    char count[16];
    text_format(count, sizeof(count), "%d / %d", (int)strlen(inquiry->number_typed),
                VIEW_SLIP_DIGITS);
    struct scene_card card = scene_card_begin(page, SURFACE_CARD_SELECTED);
    scene_row(page, scene_text(page, STR_NUMBER_COUNT), scene_own(page, count), false);
    struct ui_node *node = scene_words(
        page,
        inquiry->number_typed[0] != '\0' ? grouped_slip(page) : scene_text(page, STR_FIELD_EMPTY),
        STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "field");
    scene_card_end(page, card);
}

static void number_body(struct scene_page *page)
{
    const struct view_inquiry *inquiry = &page->view->inquiry;
    scene_title(page, scene_text(page, STR_NUMBER_TITLE));
    scene_gap(page, 16);
    number_card(page);
    scene_gap(page, 24);
    if (inquiry->number_refused)
        scene_banner(page, SURFACE_BANNER_BAD, ICON_WARNING, scene_text(page, STR_NUMBER_REFUSED));
    else
        scene_banner(page, SURFACE_BANNER, ICON_INFO, scene_text(page, STR_NUMBER_LEAD));
    scene_keypad_column(page);
}

void scene_slip_number(const struct session_view *view, const struct scene_panel *panel,
                       struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT),
                       view->inquiry.number_complete);
    scene_build_body(&page, number_body, SCENE_LEVELS);
}
