/*
 * The views the screens are looked at with: for each step a typical one, the longest texts the view
 * can carry, and every way it can go wrong. All people and numbers are invented.
 */
#pragma once
#include "scenes/scene_list.h"

struct variant {
    const char *name; /* "owed.longest" */
    struct session_view view;
    scene_build_function *build; /* NULL: the screen of the step; else a page of the kit */
};

#define PANELS 3
extern const struct scene_panel PANEL_LIST[PANELS];
extern const char *const PANEL_NAMES[PANELS];

int variant_count(void);
/* Fills out; language is set to zh. */
void variant_get(int index, struct variant *out);
/* With the variant's build; the tree may show texts of the view itself. */
void variant_build(scene_build_function *build, const struct session_view *view,
                   const struct scene_panel *panel, struct ui_tree *tree);
