/* What header, footer and overlays share; for the files of the frame alone. */
#pragma once
#include "scenes/scene_parts.h"

#define FRAME_MARGIN_DP 48

struct frame_sizes { /* dp */
    int header, footer, button, pill;
};

const struct frame_sizes *scene_frame_sizes(const struct scene_page *page);
int scene_frame_width(const struct scene_page *page, enum theme_size size, enum font_weight weight,
                      const char *text);
/* A page before anything is drawn on it. */
struct scene_page scene_frame_page(const struct session_view *view, const struct scene_panel *panel,
                                   struct ui_tree *tree);
