#include <string.h>

#include "access_internal.h"

#define BODY_FILLED_MIN 0.80

static bool has_something_over(const struct access_screen *screen)
{
    return screen->view->ask_more_time || screen->view->overlay != OVERLAY_NONE;
}

void rule_tree_complete(struct access_run *run, const struct access_screen *screen)
{
    access_require(run, screen, NULL, "the tree is full", !screen->tree->overflow);
}

void rule_on_panel(struct access_run *run, const struct access_screen *screen)
{
    const struct ui_rect panel = { 0, 0, screen->panel->width_px, screen->panel->height_px };
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        access_require(run, screen, node, "empty, or outside the panel",
                       !ui_rect_is_empty(node->rect) && rect_holds(panel, node->rect));
    }
}

void rule_ids_unique(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        bool twice = false;
        for (int j = 0; node->id[0] != '\0' && j < i; j++)
            twice |= strcmp(node->id, screen->tree->nodes[j].id) == 0;
        access_require(run, screen, node, "id used twice", !twice);
    }
}

static const struct ui_node *target_for(const struct ui_tree *tree, enum intent intent,
                                        int argument)
{
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        if (node->enabled && node->intent == (int)intent && node->argument == argument &&
            !is_under_scrim(tree, i))
            return node;
    }
    return NULL;
}

void rule_language_button(struct access_run *run, const struct access_screen *screen)
{
    const enum language other = screen->view->language == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH;
    const struct ui_node *node = target_for(screen->tree, INTENT_LANGUAGE, (int)other);
    access_require(run, screen, node, "no language button", node != NULL);
}

/* The question waits for one answer; the page over the page is itself the modes. */
void rule_modes_button(struct access_run *run, const struct access_screen *screen)
{
    if (has_something_over(screen))
        return;
    const struct ui_node *node = target_for(screen->tree, INTENT_OVERLAY, OVERLAY_MODES);
    access_require(run, screen, node, "no button that leads to the modes", node != NULL);
}

void rule_direction(struct access_run *run, const struct access_screen *screen)
{
    access_require(run, screen, NULL, "the tree runs against its language",
                   screen->tree->look.right_to_left ==
                       STRING_RIGHT_TO_LEFT[screen->view->language]);
}

/* Outside the opening hours, and nobody there. */
static bool waits_in_the_dark(const struct session_view *view)
{
    return !view->is_open && view->hours[view->language][0] != '\0' && view->seconds_total == 0 &&
           (view->step == STEP_HOME || view->step == STEP_OUT_OF_SERVICE);
}

void rule_modes_applied(struct access_run *run, const struct access_screen *screen)
{
    const struct ui_look look = screen->tree->look;
    const struct view_modes modes = screen->view->modes;
    access_require(run, screen, NULL, "the type is not as large as was chosen",
                   look.large == modes.large);
    access_require(run, screen, NULL, "the contrast is not what was chosen",
                   look.contrast == (modes.contrast || waits_in_the_dark(screen->view)));
}

static bool shares_ink(const struct ui_node *node)
{
    return (node->role == UI_ROLE_TEXT && node->text) || node->role == UI_ROLE_IMAGE ||
           node->role == UI_ROLE_QR || is_target(node);
}

void rule_crossing(struct access_run *run, const struct access_screen *screen)
{
    const struct ui_tree *tree = screen->tree;
    for (int i = over_from(tree); i < tree->count; i++) {
        const struct ui_node *a = &tree->nodes[i];
        for (int j = i + 1; shares_ink(a) && j < tree->count; j++) {
            const struct ui_node *b = &tree->nodes[j];
            if (!shares_ink(b) || !rects_meet(a->rect, b->rect))
                continue;
            access_require(run, screen, b, "lies across another",
                           (is_target(a) || a->style & STYLE_SPOKEN_ONLY) &&
                               rect_holds(a->rect, b->rect));
        }
    }
}

static int footer_top(const struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (style_surface(tree->nodes[i].style) == SURFACE_FOOTER)
            return tree->nodes[i].rect.y;
    }
    return 0;
}

#define RULE_ABOVE_FOOTER_PX 3 /* the line above the footer belongs to it */

void rule_footer(struct access_run *run, const struct access_screen *screen)
{
    const int top = footer_top(screen->tree);
    bool below = false;
    if (has_something_over(screen))
        return;
    access_require(run, screen, NULL, "no footer", top > 0);
    for (int i = 0; i < screen->tree->count && !below; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        const enum theme_surface surface = style_surface(node->style);
        below = surface == SURFACE_FOOTER;
        if (below || surface == SURFACE_PAGE || surface == SURFACE_RULE)
            continue;
        access_require(run, screen, node, "runs into the footer",
                       node->rect.y + node->rect.height <= top - RULE_ABOVE_FOOTER_PX + 1);
    }
}

void rule_filled(struct access_run *run, const struct access_screen *screen)
{
    const struct ui_tree *tree = screen->tree;
    const int top = footer_top(tree);
    int lowest = 0;
    if (strcmp(screen->mode->name, "usual") != 0 || screen->parts > 1 || top == 0 ||
        has_something_over(screen) || screen->view->step == STEP_GOODBYE)
        return;
    for (int i = 0; i < tree->count; i++) {
        const int bottom = tree->nodes[i].rect.y + tree->nodes[i].rect.height;
        if (bottom < top && bottom > lowest)
            lowest = bottom;
    }
    access_measure(run, screen, NULL, "part of the page that is used", (double)lowest / top,
                   BODY_FILLED_MIN);
}

void rule_values(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (node->text)
            access_require(run, screen, node, "a value was not filled in",
                           !strchr(node->text, '{') &&
                               !(node->spoken && strchr(node->spoken, '{')));
    }
}

void rule_pager(struct access_run *run, const struct access_screen *screen)
{
    const int part = screen->part;
    if (screen->parts < 2)
        return;
    access_require(run, screen, NULL, "no way on to the next part",
                   part + 1 == screen->parts ||
                       target_for(screen->tree, INTENT_PAGE, part + 1) != NULL);
    access_require(run, screen, NULL, "no way back to the part before",
                   part == 0 || target_for(screen->tree, INTENT_PAGE, part - 1) != NULL);
}
