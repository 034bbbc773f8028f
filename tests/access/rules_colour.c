#include "access_internal.h"

#define TEXT_CONTRAST_MIN 7.0
#define TEXT_CONTRAST_HIGH_MIN 10.0
#define PART_CONTRAST_MIN 3.0

static double text_least(const struct access_screen *screen)
{
    return screen->tree->look.contrast ? TEXT_CONTRAST_HIGH_MIN : TEXT_CONTRAST_MIN;
}

void rule_text_contrast(struct access_run *run, const struct access_screen *screen)
{
    struct paint *paint = access_paint(run);
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (!shows_text(node) || is_under_scrim(screen->tree, i) ||
            paint_was_seen(paint, paint_key_of(screen, i, "text", false)))
            continue;
        access_measure(run, screen, node, "contrast", paint_contrast(paint, screen, i, true),
                       text_least(screen));
    }
}

static bool is_step_bar(const struct ui_node *node)
{
    const enum theme_surface surface = style_surface(node->style);
    return surface == SURFACE_STEP_DONE || surface == SURFACE_STEP_OPEN;
}

/* A control that is off is exempt (WCAG 1.4.11: inactive); its text is not. */
static bool has_edge(const struct ui_node *node)
{
    return (is_target(node) && node->enabled) || is_step_bar(node) ||
           node->role == UI_ROLE_PROGRESS || node->role == UI_ROLE_SIGNATURE;
}

static bool is_picture(const struct ui_node *node)
{
    return node->role == UI_ROLE_IMAGE || node->role == UI_ROLE_TIMER || node->role == UI_ROLE_QR;
}

static void measure_part(struct access_run *run, const struct access_screen *screen, int index)
{
    const struct ui_node *node = &screen->tree->nodes[index];
    struct paint *paint = access_paint(run);
    if (has_edge(node))
        access_measure(run, screen, node, "contrast of its edge",
                       paint_edge_contrast(paint, screen, index), PART_CONTRAST_MIN);
    if (node->role == UI_ROLE_PROGRESS)
        access_measure(run, screen, node, "contrast of its filled part",
                       paint_fill_contrast(paint, screen, index), PART_CONTRAST_MIN);
    if (is_picture(node))
        access_measure(run, screen, node, "contrast of the picture",
                       paint_contrast(paint, screen, index, false), PART_CONTRAST_MIN);
}

void rule_part_contrast(struct access_run *run, const struct access_screen *screen)
{
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if ((has_edge(node) || is_picture(node)) && !is_under_scrim(screen->tree, i) &&
            !paint_was_seen(access_paint(run), paint_key_of(screen, i, "part", false)))
            measure_part(run, screen, i);
        if (node->role == UI_ROLE_SIGNATURE && screen->tree->strokes.count > 0 &&
            !paint_was_seen(access_paint(run), paint_key_of(screen, i, "ink", false)))
            access_measure(run, screen, node, "contrast of what was written",
                           paint_ink_contrast(access_paint(run), screen, i), PART_CONTRAST_MIN);
    }
}

/* A control shows its own text, or other nodes show texts on it. */
void rule_pressed_contrast(struct access_run *run, const struct access_screen *screen)
{
    const struct ui_tree *tree = screen->tree;
    struct paint *paint = access_paint(run);
    for (int control = 0; control < tree->count; control++) {
        const struct ui_node *node = &tree->nodes[control];
        if (!is_target(node) || !node->enabled || is_under_scrim(tree, control) ||
            paint_was_seen(paint, paint_key_of(screen, control, "pressed", false)))
            continue;
        for (int i = control; i < tree->count; i++) {
            if (shows_text(&tree->nodes[i]) && rect_holds(node->rect, tree->nodes[i].rect))
                access_measure(run, screen, &tree->nodes[i], "contrast under the finger",
                               paint_pressed_contrast(paint, screen, i, control),
                               text_least(screen));
        }
    }
}

void rule_focus_contrast(struct access_run *run, const struct access_screen *screen)
{
    struct paint *paint = access_paint(run);
    for (int i = 0; i < screen->tree->count; i++) {
        const struct ui_node *node = &screen->tree->nodes[i];
        if (ui_node_is_target(node) && !is_under_scrim(screen->tree, i) &&
            !paint_was_seen(paint, paint_key_of(screen, i, "focus", false)))
            access_measure(run, screen, node, "contrast of the ring that shows the focus",
                           paint_focus_contrast(paint, screen, i), PART_CONTRAST_MIN);
    }
}
