/* Registration: the bureau is asked, and what the policy asks for besides the card. */
#include "base/text.h"
#include "scenes/scene_parts.h"

static void checking_body(struct scene_page *page)
{
    scene_title(page, scene_text(page, STR_CHECKING_TITLE));
    scene_lead(page, scene_text(page, STR_CHECKING_LEAD));
    scene_working(page, ICON_LOOK);
}

void scene_checking(const struct session_view *view, const struct scene_panel *panel,
                    struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, NULL, false);
    scene_build_body(&page, checking_body, SCENE_LEVELS);
}

/* ---- the list ---- */

static const enum string_id NAMES[] = {
    [MATERIAL_ID_CARD] = STR_MATERIAL_ID_CARD,
    [MATERIAL_RESIDENCE_PERMIT] = STR_MATERIAL_RESIDENCE_PERMIT,
    [MATERIAL_HOUSEHOLD_BOOK] = STR_MATERIAL_HOUSEHOLD_BOOK,
    [MATERIAL_LEAVING_CERTIFICATE] = STR_MATERIAL_LEAVING_CERTIFICATE,
    [MATERIAL_SOCIAL_CARD] = STR_MATERIAL_SOCIAL_CARD,
    [MATERIAL_BANK_CARD] = STR_MATERIAL_BANK_CARD,
    [MATERIAL_PHOTO] = STR_MATERIAL_PHOTO,
};

/* The card was read: there is nothing to say about it. */
static void read_card(struct scene_page *page, const struct view_material *needed)
{
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_row(page, scene_text(page, NAMES[needed->kind]), scene_text(page, STR_MATERIALS_READ),
              true);
    scene_card_end(page, card);
}

static void choose(struct scene_page *page, int index, const struct view_material *needed)
{
    char id[24];
    text_format(id, sizeof id, "materials.%d", index);
    const struct scene_choice choice = {
        .id = scene_own(page, id),
        .title = scene_text(page, NAMES[needed->kind]),
        .words = needed->source[0] == '\0'
                     ? NULL
                     : SCENE_FORMAT(page, STR_MATERIALS_SOURCE, { "source", needed->source }),
        .intent = INTENT_TOGGLE_MATERIAL,
        .argument = index,
        .selected = needed->is_there,
        .enabled = true,
    };
    scene_choice(page, &choice);
}

static void materials_body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_MATERIALS_TITLE));
    scene_lead(page, scene_text(page, STR_MATERIALS_LEAD));
    scene_second_column(page);
    for (int i = 0; i < view->material_count; i++) {
        CHECK((unsigned)view->needed[i].kind < ARRAY_SIZE(NAMES));
        if (view->needed[i].kind == MATERIAL_ID_CARD)
            read_card(page, &view->needed[i]);
        else
            choose(page, i, &view->needed[i]);
        scene_gap(page, 16);
    }
    if (view->materials_complete)
        scene_banner(page, SURFACE_BANNER_GOOD, ICON_CHECK, scene_text(page, STR_MATERIALS_ALL));
    else
        scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WINDOW,
                     SCENE_FORMAT(page, STR_MATERIALS_MISSING, { "window", scene_window(page) }));
}

void scene_materials(const struct session_view *view, const struct scene_panel *panel,
                     struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT), view->materials_complete);
    scene_build_body(&page, materials_body, SCENE_LEVELS);
}

/* ---- the leaving certificate ---- */

/* 2026 11 23, and numbers in fours, while they are typed too. */
static const char *typed_words(const struct scene_page *page)
{
    const char *typed = page->view->leaving_typed;
    char text[32] = "";
    int out = 0;
    for (int i = 0; typed[i] != '\0' && i < 24; i++) {
        const bool begins_group = page->view->leaving_is_date ? i == 4 || i == 6 : i % 4 == 0;
        if (i > 0 && begins_group)
            text[out++] = ' ';
        text[out++] = typed[i];
    }
    text[out] = '\0';
    return scene_own(page, text);
}

/* Numbers of certificates may be longer than a field is wide. */
static void number_field(struct scene_page *page)
{
    const char *typed = page->view->leaving_typed;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD_SELECTED);
    struct ui_node *node =
        scene_words(page, typed[0] != '\0' ? typed_words(page) : scene_text(page, STR_FIELD_EMPTY),
                    STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "field");
    scene_card_end(page, card);
}

static void certificate_body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool is_date = view->leaving_is_date;
    scene_title(page, scene_text(page, is_date ? STR_CERTIFICATE_DATE : STR_CERTIFICATE_NUMBER));
    scene_gap(page, 16);
    if (is_date)
        scene_field(page, typed_words(page));
    else
        number_field(page);
    scene_gap(page, 24);
    if (view->leaving_refused)
        scene_banner(page, SURFACE_BANNER_BAD, ICON_WARNING,
                     scene_text(page, is_date ? STR_CERTIFICATE_DATE_REFUSED
                                              : STR_CERTIFICATE_NUMBER_REFUSED));
    else
        scene_banner(
            page, SURFACE_BANNER, ICON_INFO,
            scene_text(page, is_date ? STR_CERTIFICATE_DATE_LEAD : STR_CERTIFICATE_NUMBER_LEAD));
    scene_keypad_column(page);
}

void scene_certificate(const struct session_view *view, const struct scene_panel *panel,
                       struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT), view->leaving_complete);
    scene_build_body(&page, certificate_body, SCENE_LEVELS);
}
