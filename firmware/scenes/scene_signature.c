/* Registration: signed with the finger, or at the window by whoever cannot or would rather not. */
#include <string.h>

#include "scenes/scene_parts.h"

static void other_ways(struct scene_page *page)
{
    const bool is_refused = scene_registration_is_refused(page->view);
    const struct scene_action pair[2] = {
        { "signature.again", scene_text(page, STR_SIGNATURE_AGAIN), INTENT_CLEAR, 0,
          page->view->signature.count > 0, false },
        { "signature.later", scene_text(page, STR_SIGNATURE_LATER), INTENT_SIGN_LATER, 0,
          !is_refused, false },
    };
    scene_pair(page, pair, SIZE_BUTTON);
}

/* What is said with the signature, where the place has such a rule. */
static void residence(struct scene_page *page)
{
    static const enum string_id RULES[] = {
        [RESIDENCE_WORKS_HERE] = STR_SIGNATURE_WORKS_HERE,
        [RESIDENCE_LIVES_HERE] = STR_SIGNATURE_LIVES_HERE,
        [RESIDENCE_HOUSEHOLD] = STR_SIGNATURE_HOUSEHOLD,
    };
    const struct session_view *view = page->view;
    if (view->residence == RESIDENCE_NO_RULE)
        return;
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_INFO,
                 SCENE_FORMAT(page, RULES[view->residence], { "source", view->residence_source }));
    scene_gap(page, 16);
}

static void body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool has_rule = view->residence != RESIDENCE_NO_RULE;
    scene_title(page, scene_text(page, STR_SIGNATURE_TITLE));
    scene_lead(page, scene_text(page, STR_SIGNATURE_LEAD));
    residence(page); /* on the same sheet as the field, and before it */
    if (has_rule)
        scene_second_column(page);
    scene_signature(page, &view->signature, scene_text(page, STR_SIGNATURE_HINT));
    scene_gap(page, 24);
    if (!has_rule)
        scene_second_column(page);
    if (scene_registration_is_refused(view))
        scene_refused_registration(page);
    else
        scene_banner(page, SURFACE_BANNER, ICON_SHIELD, scene_text(page, STR_SIGNATURE_KEPT));
    scene_gap(page, 24);
    other_ways(page);
}

/* Of the field in millimetres; 0 if it stands on another sheet. */
static int field_of(const struct scene_panel *panel, const struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        if (node->role == UI_ROLE_SIGNATURE)
            return VIEW_FIELD_MM(node->rect.width * panel->width_mm / panel->width_px,
                                 node->rect.height * panel->width_mm / panel->width_px);
    }
    return 0;
}

static void build(const struct session_view *view, const struct scene_panel *panel,
                  struct ui_tree *tree, int field)
{
    struct scene_page page;
    const bool is_signed = strokes_is_signature(&view->signature, VIEW_FIELD_WIDTH_MM(field),
                                                VIEW_FIELD_HEIGHT_MM(field)) &&
                           !scene_registration_is_refused(view);
    scene_page_begin(&page, view, panel, tree);
    const struct scene_action actions[] = {
        { "footer.back", scene_text(&page, STR_FOOTER_BACK), INTENT_BACK, 0, true, false },
        { "footer.cancel", scene_text(&page, STR_FOOTER_CANCEL), INTENT_CANCEL, 0, true, false },
        { "footer.next", scene_text(&page, STR_SIGNATURE_NEXT), INTENT_NEXT, field, is_signed,
          true },
    };
    scene_footer(&page, actions, ARRAY_SIZE(actions));
    scene_build_body(&page, body, SCENE_LEVELS);
}

/* How large the field is, on which the ink is judged, is known once it has been laid out. */
void scene_sign(const struct session_view *view, const struct scene_panel *panel,
                struct ui_tree *tree)
{
    build(view, panel, tree, 0);
    const int field = field_of(panel, tree);
    ui_tree_reset(tree);
    build(view, panel, tree, field);
}
