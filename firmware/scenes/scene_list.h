/*
 * The screens: one pure builder per step. A builder lays out and words what the view says; it
 * touches no device, store, clock or heap.
 */
#pragma once
#include "session/session_view.h"
#include "ui/tree.h"

struct scene_panel {
    int width_px, height_px, width_mm;
    int lower_edge_mm; /* above the floor; 0: 850. For somebody seated controls end at 1,120 mm. */
};

typedef void scene_build_function(const struct session_view *view, const struct scene_panel *panel,
                                  struct ui_tree *tree);

/* What scene_build does around every builder: the question about time, what is private, the
 * direction of the language, the number of the screen. */
void scene_build_page(scene_build_function *build, const struct session_view *view,
                      const struct scene_panel *panel, struct ui_tree *tree);

/* Builds the screen of view->step, with the language button, the time ring, and over it the
 * "more time" question when the view asks for it. */
void scene_build(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree);
