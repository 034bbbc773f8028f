#include "ui/focus.h"

#include <string.h>

#define NOTHING (-1)

int focus_index(const struct focus *focus, const struct ui_tree *tree)
{
    if (!focus->on || focus->id[0] == '\0')
        return NOTHING;
    for (int i = 0; i < tree->count; i++) {
        if (ui_node_is_target(&tree->nodes[i]) && strcmp(tree->nodes[i].id, focus->id) == 0)
            return i;
    }
    return NOTHING;
}

static int count_targets(const struct ui_tree *tree, int end)
{
    int count = 0;
    for (int i = 0; i < end; i++)
        count += ui_node_is_target(&tree->nodes[i]);
    return count;
}

static int index_of_place(const struct ui_tree *tree, int place)
{
    for (int i = 0; i < tree->count; i++) {
        if (ui_node_is_target(&tree->nodes[i]) && place-- == 0)
            return i;
    }
    return NOTHING;
}

static void begin_before_all(struct focus *focus, const struct ui_tree *tree)
{
    focus->id[0] = '\0';
    focus->place = 0;
    focus->screen = tree->screen;
}

void focus_show(struct focus *focus, const struct ui_tree *tree)
{
    if (focus->screen != tree->screen)
        begin_before_all(focus, tree);
    const int index = focus_index(focus, tree);
    if (index != NOTHING)
        focus->place = count_targets(tree, index);
}

/* From a target that is gone "next" is what took its place, "previous" what was before it. */
static int place_from(const struct focus *focus, const struct ui_tree *tree, int step)
{
    const int index = focus_index(focus, tree);
    if (index == NOTHING)
        return step > 0 ? focus->place : focus->place - 1;
    return count_targets(tree, index) + step;
}

int focus_move(struct focus *focus, const struct ui_tree *tree, int step)
{
    const int targets = count_targets(tree, tree->count);
    focus->on = true;
    if (targets == 0)
        return NOTHING;
    focus->place = (place_from(focus, tree, step) % targets + targets) % targets;
    const int index = index_of_place(tree, focus->place);
    memcpy(focus->id, tree->nodes[index].id, sizeof(focus->id));
    return index;
}

void focus_hide(struct focus *focus)
{
    focus->on = false;
    focus->id[0] = '\0';
    focus->place = 0;
}
