/*
 * A finger (or the mouse) on a tree: a touch counts only when it begins and ends on the same
 * target, one finger at a time, so that a sleeve or a palm does not press what it slides over.
 */
#pragma once
#include "ui/tree.h"
#include <stdbool.h>
#include <stdint.h>

struct touch {
    bool down;
    int64_t finger;
    char id[UI_ID_SIZE]; /* the target it began on; a redraw may move or remove it meanwhile */
    int intent, argument;
};

/* The target to draw pressed, or NULL. A second finger is ignored. */
const struct ui_node *touch_begin(struct touch *touch, const struct ui_tree *tree, int64_t finger,
                                  int x, int y);
/* The target to draw pressed now: the one it began on while the finger is over it, else NULL. */
const struct ui_node *touch_move(const struct touch *touch, const struct ui_tree *tree,
                                 int64_t finger, int x, int y);
/* The target that was tapped, or NULL. */
const struct ui_node *touch_end(struct touch *touch, const struct ui_tree *tree, int64_t finger,
                                int x, int y);
