#include "scenes/scene_parts.h"

#include "base/check.h"
#include "scenes/scene_frame.h"
#include "ui/text_layout.h"

#define RING_DP 96
#define GAP_DP 20
#define PRIMARY_MOST_DP 760 /* on a wide panel */

static int action_air(const struct scene_page *page)
{
    return scene_px(page, page->wide ? 80 : 64);
}

static int action_width(const struct scene_page *page, const struct scene_action *action)
{
    return scene_frame_width(page, SIZE_BUTTON, action->primary ? FONT_BOLD : FONT_REGULAR,
                             action->text) +
           action_air(page);
}

static int ring_width(const struct scene_page *page)
{
    return page->view->seconds_total > 0 ? scene_px(page, RING_DP + 24) : 0;
}

static int inner_width(const struct scene_page *page)
{
    return page->panel->width_px - 2 * scene_px(page, FRAME_MARGIN_DP);
}

/* All in one row beside the ring, or the main button in a row of its own above the others. */
static void assign_rows(struct scene_page *page)
{
    struct scene_footer *footer = &page->footer;
    const int gap = scene_px(page, GAP_DP), room = inner_width(page) - ring_width(page);
    int all = -gap, row = 0, used = 0;
    bool has_primary = false;
    for (int i = 0; i < footer->action_count; i++) {
        all += action_width(page, &footer->actions[i]) + gap;
        has_primary |= footer->actions[i].primary;
        footer->row_of[i] = 0;
    }
    footer->rows = footer->action_count > 0;
    if (all <= room || footer->action_count < 2)
        return;
    row = has_primary ? 1 : 0;
    for (int i = 0; i < footer->action_count; i++) {
        if (footer->actions[i].primary)
            continue;
        const int width = action_width(page, &footer->actions[i]);
        if (used > 0 && used + gap + width > room) {
            row++;
            used = 0;
        }
        used += (used > 0 ? gap : 0) + width;
        footer->row_of[i] = row;
    }
    footer->rows = row + 1;
}

/* As high as its words are, where a whole row is too narrow for them. */
static int button_height(const struct scene_page *page)
{
    const struct scene_footer *footer = &page->footer;
    const int padding = 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    const int room = inner_width(page) - ring_width(page);
    int most = scene_px(page, scene_frame_sizes(page)->button);
    for (int i = 0; i < footer->action_count; i++) {
        const struct scene_action *action = &footer->actions[i];
        const int wanted = action_width(page, action), width = wanted < room ? wanted : room;
        const int height =
            text_layout_height(action->primary ? FONT_BOLD : FONT_REGULAR,
                               scene_size_px(page, SIZE_BUTTON), action->text, width - padding) +
            scene_px(page, 20);
        most = height > most ? height : most;
    }
    return most;
}

static int row_pitch(const struct scene_page *page)
{
    return button_height(page) + scene_px(page, GAP_DP);
}

static int modes_row(const struct scene_page *page)
{
    const struct scene_footer *footer = &page->footer;
    return footer->has_modes ? scene_px(page, scene_frame_sizes(page)->pill + GAP_DP) : 0;
}

static int note_style(void)
{
    return STYLE(SURFACE_NONE, SIZE_SMALL, INK_SECOND, ALIGN_LEFT);
}

static int note_height(const struct scene_page *page)
{
    const struct scene_footer *footer = &page->footer;
    if (!footer->note)
        return 0;
    return text_layout_height(FONT_REGULAR, scene_size_px(page, SIZE_SMALL), footer->note,
                              inner_width(page) - ring_width(page));
}

static int least_height(const struct scene_page *page)
{
    /* With nothing to press and nothing to say a narrow strip closes the page. */
    return page->footer.rows > 0 || ring_width(page) > 0
               ? scene_px(page, scene_frame_sizes(page)->footer)
               : scene_px(page, 104);
}

void scene_footer(struct scene_page *page, const struct scene_action *actions, int count)
{
    struct scene_footer *footer = &page->footer;
    CHECK(count <= SCENE_ACTIONS_MAX);
    for (int i = 0; i < count; i++)
        footer->actions[i] = actions[i];
    footer->action_count = count;
    assign_rows(page);
    int height = least_height(page);
    if (footer->rows > 0)
        height += footer->rows * row_pitch(page) - scene_px(page, GAP_DP) -
                  scene_px(page, scene_frame_sizes(page)->button);
    if (footer->rows == 0 && note_height(page) + scene_px(page, 24) > height)
        height = note_height(page) + scene_px(page, 24);
    height += modes_row(page);
    footer->top = page->panel->height_px - height;
    page->body.bottom = footer->top - scene_px(page, page->wide ? 20 : 32);
    page->column.bottom = page->body.bottom;
}

void scene_footer_usual(struct scene_page *page, bool back, const char *next, bool next_enabled)
{
    struct scene_action actions[3];
    int count = 0;
    if (back)
        actions[count++] = (struct scene_action){ "footer.back", scene_text(page, STR_FOOTER_BACK),
                                                  INTENT_BACK,   0,
                                                  true,          false };
    actions[count++] = (struct scene_action){
        "footer.cancel", scene_text(page, STR_FOOTER_CANCEL), INTENT_CANCEL, 0, true, false
    };
    if (next)
        actions[count++] =
            (struct scene_action){ "footer.next", next, INTENT_NEXT, 0, next_enabled, true };
    scene_footer(page, actions, count);
}

void scene_footer_note(struct scene_page *page, const char *note)
{
    page->footer.note = note;
}

/* ---- drawing ---- */

static int action_style(const struct scene_action *action)
{
    if (!action->enabled)
        return STYLE(SURFACE_BUTTON_OFF, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE);
    if (action->primary)
        return STYLE(SURFACE_BUTTON_PRIMARY, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD;
    return STYLE(SURFACE_BUTTON, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE);
}

static void draw_action(struct scene_page *page, const struct scene_action *action,
                        struct ui_rect rect)
{
    struct ui_node *node = scene_button(page, rect, action->id, action->text, action_style(action),
                                        action->intent, action->argument);
    node->enabled = action->enabled;
    node->primary = action->primary;
}

static int right_of(const struct scene_page *page, int row)
{
    const bool is_last = row == page->footer.rows - 1;
    return page->panel->width_px - scene_px(page, FRAME_MARGIN_DP) -
           (is_last ? ring_width(page) : 0);
}

/* The main button takes what its row has left, at the right end. */
static void draw_row(struct scene_page *page, int row, int y)
{
    const struct scene_footer *footer = &page->footer;
    const int height = button_height(page), gap = scene_px(page, GAP_DP);
    const int right = right_of(page, row);
    int x = scene_px(page, FRAME_MARGIN_DP);
    const struct scene_action *primary = NULL;
    for (int i = 0; i < footer->action_count; i++) {
        const struct scene_action *action = &footer->actions[i];
        if (footer->row_of[i] != row)
            continue;
        if (action->primary) {
            primary = action;
            continue;
        }
        const int wanted = action_width(page, action);
        const int width = wanted < right - x ? wanted : right - x;
        draw_action(page, action, (struct ui_rect){ x, y, width, height });
        x += width + gap;
    }
    if (!primary)
        return;
    const int most = page->wide ? scene_px(page, PRIMARY_MOST_DP) : right - x;
    const int width = right - x > most ? most : right - x;
    draw_action(page, primary, (struct ui_rect){ right - width, y, width, height });
}

static void draw_ring(struct scene_page *page, int y, int height)
{
    const struct session_view *view = page->view;
    const int side = scene_px(page, RING_DP);
    const int right = page->panel->width_px - scene_px(page, FRAME_MARGIN_DP);
    if (view->seconds_total == 0)
        return;
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TIMER,
                    (struct ui_rect){ right - side, y + (height - side) / 2, side, side },
                    STYLE(SURFACE_NONE, view->seconds_left > 99 ? SIZE_SMALL : SIZE_BODY,
                          INK_PRIMARY, ALIGN_CENTRE) |
                        STYLE_BOLD);
    ui_tree_name(page->tree, node, "timer");
    node->value = view->seconds_left;
    node->value_max = view->seconds_total;
    node->text = scene_count(page, view->seconds_left);
}

static void draw_note(struct scene_page *page, int y, int height)
{
    const int words = note_height(page);
    if (page->footer.rows > 0 || words == 0)
        return;
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT,
                    (struct ui_rect){ scene_px(page, FRAME_MARGIN_DP), y + (height - words) / 2,
                                      inner_width(page) - ring_width(page), words },
                    note_style());
    ui_tree_name(page->tree, node, "footer.note");
    node->text = page->footer.note;
}

void scene_draw_footer(struct scene_page *page)
{
    const struct scene_footer *footer = &page->footer;
    const struct scene_panel *panel = page->panel;
    const int line = scene_px(page, 2), bottom = panel->height_px;
    const int button = button_height(page);
    int y = footer->top + modes_row(page);
    ui_tree_add(page->tree, UI_ROLE_BOX, (struct ui_rect){ 0, footer->top, panel->width_px, line },
                STYLE(SURFACE_RULE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    ui_tree_add(
        page->tree, UI_ROLE_BOX,
        (struct ui_rect){ 0, footer->top + line, panel->width_px, bottom - footer->top - line },
        STYLE(SURFACE_FOOTER, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    if (footer->has_modes) {
        const int top = footer->top + scene_px(page, GAP_DP);
        (void)scene_mode_buttons(page, panel->width_px - scene_px(page, FRAME_MARGIN_DP), top,
                                 scene_px(page, scene_frame_sizes(page)->pill));
    }
    draw_note(page, y, bottom - y);
    const int rows = footer->rows > 0 ? footer->rows : 1;
    y += (bottom - y - rows * row_pitch(page) + scene_px(page, GAP_DP)) / 2;
    for (int row = 0; row < footer->rows; row++)
        draw_row(page, row, y + row * row_pitch(page));
    draw_ring(page, y + (rows - 1) * row_pitch(page), button);
}
