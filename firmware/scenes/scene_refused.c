/* Why somebody is not registered, what to bring, and the right of review; on paper too. */
#include "scenes/scene_inquiry_parts.h"

static enum string_id title_of(const struct view_refusal *refusal)
{
    return refusal->by == REFUSED_LATER ? STR_REFUSED_LATER : STR_REFUSED_TITLE;
}

static void reason(struct scene_page *page)
{
    const struct view_refusal *refusal = &page->view->refusal;
    scene_emblem(page, ICON_WARNING, page->room == ROOM_AMPLE ? 160 : 120, INK_CAUTION);
    scene_gap(page, 20);
    scene_title(page, scene_text(page, title_of(refusal)));
    scene_gap(page, 12);
    if (refusal->registered_ms > 0)
        scene_words(page,
                    SCENE_FORMAT(page, STR_REFUSED_WHEN,
                                 { "time", scene_moment(page, refusal->registered_ms) }),
                    scene_prose(page, INK_SECOND));
    scene_words(page, scene_own(page, refusal->sentence[page->language]),
                STYLE(SURFACE_NONE, page->room == ROOM_AMPLE ? SIZE_HEAD : SIZE_BUTTON, INK_STRONG,
                      ALIGN_LEFT));
    scene_gap(page, 12);
    scene_words(page, SCENE_FORMAT(page, STR_REFUSED_CODE, { "code", refusal->code }),
                scene_caption(page, INK_SECOND));
}

static void paper(struct scene_page *page)
{
    const struct view_refusal *refusal = &page->view->refusal;
    const struct scene_option option = {
        .id = "refused.print",
        .title = scene_text(page, refusal->is_printing ? STR_REFUSED_PRINTING : STR_REFUSED_PRINT),
        .words = scene_text(page, STR_REFUSED_PRINT_LEAD),
        .icon = ICON_RECEIPT,
        .intent = INTENT_PRINT,
        .enabled = !refusal->is_printing,
    };
    scene_option(page, &option);
    scene_print_notice(page, refusal->print);
}

static void body(struct scene_page *page)
{
    const struct view_refusal *refusal = &page->view->refusal;
    reason(page);
    scene_gap(page, 28);
    scene_second_column(page);
    scene_section(page, ICON_WINDOW, scene_text(page, STR_REFUSED_BRING),
                  scene_own(page, refusal->bring[page->language]));
    scene_gap(page, 20);
    scene_banner(page, SURFACE_BANNER, ICON_INFO, scene_own(page, refusal->review[page->language]));
    scene_gap(page, 24);
    paper(page);
}

void scene_refused(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    const bool goes_on = view->refusal.may_go_on;
    const struct scene_action actions[] = {
        { "footer.back", scene_text(&page, STR_FOOTER_BACK), INTENT_BACK, 0, true, false },
        { "refused.done", scene_text(&page, STR_REFUSED_DONE), INTENT_DONE, 0, true, !goes_on },
        { "footer.next", scene_text(&page, STR_REFUSED_GO_ON), INTENT_NEXT, 0, true, true },
    };
    scene_footer(&page, actions, goes_on ? 3 : 2);
    scene_build_body(&page, body, SCENE_LEVELS);
}
