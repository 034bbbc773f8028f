#include "ui/touch.h"

#include <string.h>

static bool is_own(const struct touch *touch, const struct ui_node *node)
{
    return node && node->intent == touch->intent && node->argument == touch->argument &&
           strcmp(node->id, touch->id) == 0;
}

const struct ui_node *touch_begin(struct touch *touch, const struct ui_tree *tree, int64_t finger,
                                  int x, int y)
{
    if (touch->down)
        return NULL;
    *touch = (struct touch){ .down = true, .finger = finger };
    const struct ui_node *node = ui_tree_hit(tree, x, y);
    if (!node)
        return NULL;
    memcpy(touch->id, node->id, sizeof(touch->id));
    touch->intent = node->intent;
    touch->argument = node->argument;
    return node;
}

const struct ui_node *touch_move(const struct touch *touch, const struct ui_tree *tree,
                                 int64_t finger, int x, int y)
{
    if (!touch->down || touch->finger != finger)
        return NULL;
    const struct ui_node *node = ui_tree_hit(tree, x, y);
    return is_own(touch, node) ? node : NULL;
}

const struct ui_node *touch_end(struct touch *touch, const struct ui_tree *tree, int64_t finger,
                                int x, int y)
{
    if (!touch->down || touch->finger != finger)
        return NULL;
    const struct ui_node *node = touch_move(touch, tree, finger, x, y);
    touch->down = false;
    return node;
}
