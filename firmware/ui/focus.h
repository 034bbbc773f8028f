/*
 * The focus: which target of a screen the next "select" means, for people who use a keypad or a
 * switch instead of touching. It walks over the enabled targets in the order of the tree, which is
 * the order of reading, and wraps around.
 *
 * It appears with the first key and goes with the first touch. On a new screen it is on nothing
 * until the next key, so that a key pressed twice chooses nothing on the page that has just come.
 *
 * Pure. The tree is the one on the panel; a redraw is followed by the node's id.
 */
#pragma once
#include "ui/tree.h"
#include <stdbool.h>

struct focus {
    bool on;
    char id[UI_ID_SIZE]; /* empty: on nothing yet */
    int place;           /* of the target among the targets: where to go on when it is gone */
    uint32_t screen;
};

/* Index of the focused node, or -1. */
int focus_index(const struct focus *focus, const struct ui_tree *tree);

/* A tree is on the panel. */
void focus_show(struct focus *focus, const struct ui_tree *tree);

/* To the next target (step 1) or the previous one (-1). Returns its index, or -1: there is none. */
int focus_move(struct focus *focus, const struct ui_tree *tree, int step);

void focus_hide(struct focus *focus);
