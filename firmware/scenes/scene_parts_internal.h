/* What pieces are made of; for scene_parts.c and scene_controls.c alone. */
#pragma once
#include "scenes/scene_parts.h"

/* Pixels of a style's text in this page's look. */
int scene_style_px(const struct scene_page *page, int style);
/* The next so many pixels of the column. */
struct ui_rect scene_take(struct scene_page *page, int height);
int scene_words_height(const struct scene_page *page, int style, const char *text, int width);
struct ui_node *scene_put_text(struct scene_page *page, struct ui_rect rect, const char *text,
                               int style);
void scene_put_icon(struct scene_page *page, struct ui_rect rect, enum icon icon, int style);
