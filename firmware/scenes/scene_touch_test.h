/*
 * The page on which staff calibrate and test the touch panel. Not one of the visit's steps.
 */
#pragma once
#include "scenes/scene_list.h"
#include "staff/touch_test_view.h"
#include "ui/tree.h"

void scene_touch_test(const struct touch_test_view *view, const struct scene_panel *panel,
                      struct ui_tree *tree);
