#include "scenes/scene_parts.h"

static void clause(struct scene_page *page, enum string_id title, const char *words)
{
    scene_words(page, scene_text(page, title),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_PRIMARY, ALIGN_LEFT) | STYLE_BOLD);
    scene_words(page, words, scene_prose(page, INK_STRONG));
    scene_gap(page, page->wide ? 8 : 24);
}

static void consent_box(struct scene_page *page)
{
    const bool given = page->view->consent_given;
    const int height = scene_px(page, page->wide ? 108 : 140), padding = scene_px(page, 32);
    const int side = scene_px(page, 64);
    const struct ui_rect rect = { page->column.x, page->column.y, page->column.width, height };
    struct ui_node *node = scene_button(
        page, rect, "consent.box", scene_text(page, STR_CONSENT_BOX),
        STYLE(given ? SURFACE_CARD_SELECTED : SURFACE_CARD, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT) |
            STYLE_SPOKEN_ONLY,
        INTENT_TOGGLE_CONSENT, 0);
    node->role = UI_ROLE_CHOICE;
    node->selected = given;
    const struct ui_rect box = { rect.x + padding, rect.y + (height - side) / 2, side, side };
    ui_tree_add(
        page->tree, UI_ROLE_BOX, box,
        STYLE(given ? SURFACE_BUTTON_PRIMARY : SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    if (given) {
        struct ui_node *tick = ui_tree_add(page->tree, UI_ROLE_IMAGE, box,
                                           STYLE(SURFACE_NONE, SIZE_BODY, INK_PAPER, ALIGN_LEFT));
        tick->image = ICON_TICK;
    }
    const int x = box.x + side + padding;
    struct ui_node *words =
        ui_tree_add(page->tree, UI_ROLE_TEXT,
                    (struct ui_rect){ x, rect.y, rect.x + rect.width - padding - x, height },
                    STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    words->text = scene_text(page, STR_CONSENT_BOX);
    page->column.y += height;
}

static bool body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_CONSENT_TITLE));
    scene_lead(page, scene_text(page, STR_CONSENT_LEAD));
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    clause(page, STR_CONSENT_WHAT, scene_text(page, STR_CONSENT_WHAT_LEAD));
    clause(page, STR_CONSENT_WHY,
           SCENE_FORMAT(page, STR_CONSENT_WHY_LEAD, { "bureau", view->bureau[page->language] }));
    bool fits = true;
    if (page->wide) {
        scene_card_end(page, card);
        fits = scene_fits(page);
        scene_second_column(page);
        card = scene_card_begin(page, SURFACE_CARD);
    }
    clause(page, STR_CONSENT_KEPT, scene_text(page, STR_CONSENT_KEPT_LEAD));
    clause(page, STR_CONSENT_RIGHTS,
           SCENE_FORMAT(page, STR_CONSENT_RIGHTS_LEAD, { "window", scene_window(page) },
                        { "phone", view->service_phone }));
    scene_words(page,
                SCENE_FORMAT(page, STR_CONSENT_VERSION,
                             { "version", scene_count(page, view->consent_version) }),
                STYLE(SURFACE_NONE, SIZE_SMALL, INK_SECOND, ALIGN_LEFT));
    scene_card_end(page, card);
    scene_gap(page, 28);
    consent_box(page);
    return fits && scene_fits(page);
}

void scene_consent(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_build_body(&page, body);
    scene_footer_usual(&page, true, scene_text(&page, STR_CONSENT_NEXT), view->consent_given);
}
