/*
 * Which rectangles of the panel change between two trees. Few and bounded: rectangles that touch
 * are joined, and a new screen is one.
 */
#pragma once
#include "ui/tree.h"

#define DIRTY_RECTS_MAX 12

struct dirty {
    int count;
    struct ui_rect rects[DIRTY_RECTS_MAX];
};

void dirty_add(struct dirty *dirty, struct ui_rect rect);
/* Adds what looks different. Nothing when both look the same. */
void dirty_compare(struct dirty *dirty, const struct ui_tree *before, const struct ui_tree *after);
