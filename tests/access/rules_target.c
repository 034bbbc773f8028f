#include "access_internal.h"
#include "ui/icons.h"

#define TARGET_MIN_MM 12.7
#define MAIN_TARGET_MIN_MM 20.0
#define GAP_MIN_MM 2.54
#define REACH_LOW_MM 380
#define REACH_HIGH_MM 1120
#define LOWER_EDGE_MM 850 /* of a panel that does not say */

void rule_target_size(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!is_target(node))
            continue;
        access_measure(run, screen, node, "width in mm", mm_of(screen, node->rect.width),
                       TARGET_MIN_MM);
        access_measure(run, screen, node, "height in mm", mm_of(screen, node->rect.height),
                       TARGET_MIN_MM);
    }
}

void rule_main_target_size(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (is_target(node) && node->primary)
            access_measure(run, screen, node, "height in mm", mm_of(screen, node->rect.height),
                           MAIN_TARGET_MIN_MM);
    }
}

void rule_target_gap(struct access_run *run, const struct access_screen *screen)
{
    const struct ui_tree *tree = screen->tree;
    for (int i = 0; i < tree->count; i++) {
        for (int j = i + 1; is_target(&tree->nodes[i]) && j < tree->count; j++) {
            if (is_target(&tree->nodes[j]))
                access_measure(run, screen, &tree->nodes[j], "gap in mm",
                               mm_of(screen, gap_between(tree->nodes[i].rect, tree->nodes[j].rect)),
                               GAP_MIN_MM);
        }
    }
}

void rule_target_named(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (is_target(node))
            access_require(run, screen, node, "a control without a name or an id",
                           node->text && node->text[0] != '\0' && node->id[0] != '\0');
    }
}

static double height_above_floor(const struct access_screen *screen, int y)
{
    const int edge =
        screen->panel->lower_edge_mm > 0 ? screen->panel->lower_edge_mm : LOWER_EDGE_MM;
    return edge + mm_of(screen, screen->panel->height_px - y);
}

void rule_low_reach(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; screen->view->modes.low_reach && i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!ui_node_is_for_hand(node) || !node->enabled)
            continue;
        const double top = height_above_floor(screen, node->rect.y);
        const double bottom = height_above_floor(screen, node->rect.y + node->rect.height);
        access_measure(run, screen, node, "lower edge above the floor in mm", bottom, REACH_LOW_MM);
        access_measure(run, screen, node, "mm left below 1,120 mm", REACH_HIGH_MM - top, 0);
    }
}

static bool has_tick(const struct ui_tree *tree, struct ui_rect rect)
{
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        if (node->role == UI_ROLE_IMAGE && node->image == ICON_TICK && rect_holds(rect, node->rect))
            return true;
    }
    return false;
}

void rule_ticks(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (node->role == UI_ROLE_CHOICE)
            access_require(run, screen, node, "chosen and ticked are not the same",
                           node->selected == has_tick(screen->tree, node->rect));
    }
}
