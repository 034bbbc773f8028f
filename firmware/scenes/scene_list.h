/*
 * The screens: one pure builder per step. A builder lays out and words what the view says; it
 * touches no device, store, clock or heap.
 */
#pragma once
#include "session/session_view.h"
#include "ui/tree.h"

struct scene_panel {
    int width_px, height_px, width_mm;
    int lower_edge_mm; /* of the visible panel above the floor */
};

typedef void scene_build_function(const struct session_view *view, const struct scene_panel *panel,
                                  struct ui_tree *tree);

/* Builds the screen of view->step, with the language button, the time ring, and over it the
 * "more time" question when the view asks for it. */
void scene_build(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree);
