#include "scenes/scene_parts.h"

static void clause(struct scene_page *page, enum string_id title, const char *words)
{
    const int first = scene_keep_begin(page);
    scene_words(page, scene_text(page, title),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_PRIMARY, ALIGN_LEFT) | STYLE_BOLD);
    scene_words(page, words, scene_prose(page, INK_STRONG));
    if (!page->is_last_try)
        scene_keep_end(page, first);
    scene_gap(page, page->wide ? 8 : 20);
}

static void consent_box(struct scene_page *page)
{
    const struct scene_choice choice = {
        .id = "consent.box",
        .title = scene_text(page, STR_CONSENT_BOX),
        .intent = INTENT_TOGGLE_CONSENT,
        .selected = page->view->consent_given,
        .enabled = true,
    };
    scene_choice(page, &choice);
}

/* Alike in size: to refuse is as easy as to agree. */
static void decision(struct scene_page *page)
{
    const bool given = page->view->consent_given && !scene_registration_is_refused(page->view);
    const struct scene_action pair[2] = {
        { "footer.cancel", scene_text(page, STR_CONSENT_REFUSE), INTENT_CANCEL, 0, true, false },
        { "footer.next", scene_text(page, STR_CONSENT_NEXT), INTENT_NEXT, 0, given, true },
    };
    scene_pair(page, pair, SIZE_BUTTON);
}

static void body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_title(page, scene_text(page, STR_CONSENT_TITLE));
    scene_lead(page, scene_text(page, STR_CONSENT_LEAD));
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    clause(page, STR_CONSENT_WHAT, scene_text(page, STR_CONSENT_WHAT_LEAD));
    if (view->phone_masked[0] != '\0') {
        scene_words(page, SCENE_FORMAT(page, STR_CONSENT_PHONE, { "phone", view->phone_masked }),
                    scene_prose(page, INK_STRONG))
            ->is_private = true;
        scene_gap(page, page->wide ? 8 : 20);
    }
    clause(page, STR_CONSENT_WHY,
           SCENE_FORMAT(page, STR_CONSENT_WHY_LEAD, { "bureau", view->bureau[page->language] }));
    if (page->wide) {
        scene_card_end(page, card);
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
    scene_gap(page, page->wide ? 16 : 24);
    const int first = scene_keep_begin(page);
    if (scene_registration_is_refused(view)) /* in its place: there is nothing to agree to now */
        scene_refused_registration(page);
    else
        consent_box(page);
    page->column.y += scene_px(page, 20);
    decision(page);
    if (!page->is_last_try)
        scene_keep_end(page, first);
}

void scene_consent(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const struct scene_action back = { "footer.back", scene_text(&page, STR_FOOTER_BACK),
                                       INTENT_BACK,   0,
                                       true,          false };
    scene_footer(&page, &back, 1);
    scene_build_body(&page, body, SCENE_LEVELS);
}
