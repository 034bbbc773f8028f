/*
 * The page of the day's closing, for staff. Not one of the visit's steps.
 */
#pragma once
#include "scenes/scene_list.h"
#include "staff/close_view.h"
#include "ui/tree.h"

void scene_close(const struct close_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree);

/* The same in words: what happened, and what to do. For the panel and for the terminal. */
#define SCENE_CLOSE_TEXT_SIZE 512
const char *scene_close_title(const struct close_view *view);
void scene_close_text(const struct close_view *view, char out[SCENE_CLOSE_TEXT_SIZE]);
