#include "scenes/scene_touch_test.h"

#include "base/check.h"
#include "base/text.h"
#include "ui/strings.h"
#include "ui/text_layout.h"
#include "ui/theme.h"

#define MARGIN_DP 48
#define SCREEN_BASE UINT32_C(0x40000000) /* no number of a visit's screens */

struct page {
    const struct touch_test_view *view;
    const struct scene_panel *panel;
    struct ui_tree *tree;
    int scale;
    int y; /* where the next line goes */
};

static int px(const struct page *page, int dp)
{
    return theme_px(page->scale, dp);
}

static const char *words(const struct page *page, enum string_id id)
{
    return string_text(id, page->view->language);
}

static const char *filled(const struct page *page, enum string_id id,
                          const struct string_value *values, int count)
{
    char text[512];
    (void)strings_format(text, sizeof text, words(page, id), values, count);
    return ui_tree_text(page->tree, text);
}

#define FILLED(page, id, ...)                                                                      \
    filled((page), (id), (const struct string_value[]){ __VA_ARGS__ },                             \
           (int)ARRAY_SIZE(((const struct string_value[]){ __VA_ARGS__ })))

static const char *number(const struct page *page, int value)
{
    char text[16];
    (void)text_format(text, sizeof text, "%d", value);
    return ui_tree_text(page->tree, text);
}

static const char *mm(const struct page *page, int um)
{
    char text[16];
    (void)text_format(text, sizeof text, "%d.%d", um / 1000, um % 1000 / 100);
    return ui_tree_text(page->tree, text);
}

static struct ui_node *box(const struct page *page, struct ui_rect rect, enum theme_surface surface)
{
    return ui_tree_add(page->tree, UI_ROLE_BOX, rect,
                       STYLE(surface, SIZE_SMALL, INK_DEFAULT, ALIGN_CENTRE));
}

/* A centred paragraph across the page. */
static void line(struct page *page, const char *text, enum theme_size size, bool bold)
{
    const int margin = px(page, MARGIN_DP), width = page->panel->width_px - 2 * margin;
    const int size_px = px(page, theme_size_dp(page->tree->look, size));
    const int height = text_layout_height(bold ? FONT_BOLD : FONT_REGULAR, size_px, text, width);
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT, (struct ui_rect){ margin, page->y, width, height },
                    STYLE(SURFACE_NONE, size, INK_STRONG, ALIGN_CENTRE) | (bold ? STYLE_BOLD : 0));
    node->text = text;
    page->y += height + px(page, 16);
}

static void cross(const struct page *page)
{
    const int x = page->view->cross_x, y = page->view->cross_y;
    const int arm = px(page, 60), half = px(page, 3);
    box(page, (struct ui_rect){ x - arm, y - half, 2 * arm, 2 * half }, SURFACE_STEP_DONE);
    box(page, (struct ui_rect){ x - half, y - arm, 2 * half, 2 * arm }, SURFACE_STEP_DONE);
}

static void crosses(struct page *page)
{
    const struct touch_test_view *view = page->view;
    const bool verify = view->state == TOUCH_TEST_VERIFY;
    cross(page);
    page->y = page->panel->height_px * 2 / 5 - px(page, 120);
    line(page, words(page, verify ? STR_TOUCH_VERIFY : STR_TOUCH_CROSS), SIZE_TITLE, true);
    const char *seconds = number(page, view->seconds_left);
    if (verify)
        line(page, FILLED(page, STR_TOUCH_SECONDS, { "seconds", seconds }), SIZE_BODY, false);
    else
        line(page,
             FILLED(page, STR_TOUCH_COUNT, { "index", number(page, view->cross) },
                    { "count", number(page, view->crosses) }, { "seconds", seconds }),
             SIZE_BODY, false);
}

static void refused(struct page *page)
{
    const struct touch_test_view *view = page->view;
    page->y = page->panel->height_px / 3;
    line(page, words(page, STR_TOUCH_REFUSED), SIZE_TITLE, true);
    if (view->refused_um > 0)
        line(page, FILLED(page, STR_TOUCH_REFUSED_FAR, { "mm", mm(page, view->refused_um) }),
             SIZE_BODY, false);
    else
        line(page, words(page, STR_TOUCH_REFUSED_LINE), SIZE_BODY, false);
    line(page,
         FILLED(page, view->gives_up ? STR_TOUCH_REFUSED_END : STR_TOUCH_REFUSED_AGAIN,
                { "seconds", number(page, view->seconds_left) }),
         SIZE_BODY, false);
}

static enum theme_surface surface_of(enum touch_test_target_state state)
{
    switch (state) {
    case TOUCH_TEST_TARGET_OPEN:
        return SURFACE_STEP_OPEN;
    case TOUCH_TEST_TARGET_WANTED:
        return SURFACE_STEP_DONE; /* filled with the primary colour */
    case TOUCH_TEST_TARGET_HIT:
        return SURFACE_TAG_GOOD;
    case TOUCH_TEST_TARGET_DEAD:
        return SURFACE_TAG_BAD;
    }
    return SURFACE_NONE;
}

/* The words stand between two rows of targets, below the upper half. */
static int top_of_gap(const struct page *page)
{
    int top = 0;
    for (int i = 0; i < page->view->target_count; i++) {
        const struct touch_test_target *target = &page->view->targets[i];
        const int bottom = target->y + target->side;
        if (target->y + target->side / 2 < page->panel->height_px / 2 - target->side &&
            bottom > top)
            top = bottom;
    }
    return top + px(page, 12);
}

static void targets(struct page *page)
{
    const struct touch_test_view *view = page->view;
    page->y = top_of_gap(page);
    line(page,
         FILLED(page, STR_TOUCH_TARGETS, { "done", number(page, view->targets_done) },
                { "count", number(page, view->target_count) }),
         SIZE_BODY, false);
    for (int i = 0; i < view->target_count; i++) {
        const struct touch_test_target *target = &view->targets[i];
        struct ui_node *node =
            box(page, (struct ui_rect){ target->x, target->y, target->side, target->side },
                surface_of(target->state));
        ui_tree_name(page->tree, node, "touch.%d", i);
        if (target->state == TOUCH_TEST_TARGET_DEAD)
            node->text = "X";
    }
    const int dot = px(page, 8);
    for (int i = 0; i < view->trail_count; i++)
        box(page,
            (struct ui_rect){ view->trail[i].x - dot / 2, view->trail[i].y - dot / 2, dot, dot },
            SURFACE_STEP_DONE);
}

static void regions(struct page *page)
{
    const int margin = px(page, MARGIN_DP), gap = px(page, 12), height = px(page, 130);
    const int width = (page->panel->width_px - 2 * margin - 2 * gap) / 3;
    for (int i = 0; i < TOUCH_TEST_REGIONS; i++) {
        const struct touch_test_region *region = &page->view->regions[i];
        const struct ui_rect rect = { margin + i % 3 * (width + gap),
                                      page->y + i / 3 * (height + gap), width, height };
        struct ui_node *node =
            box(page, rect, region->dead ? SURFACE_BANNER_BAD : SURFACE_BANNER_GOOD);
        ui_tree_name(page->tree, node, "touch.region.%d", i);
        node->text = FILLED(
            page, STR_TOUCH_REGION, { "hit", number(page, region->targets - region->dead) },
            { "targets", number(page, region->targets) }, { "worst", mm(page, region->worst_um) });
    }
    page->y += 3 * (height + gap) + px(page, 12);
}

static void button(const struct page *page, struct ui_rect rect, const char *id, const char *text,
                   enum theme_surface surface, enum touch_test_intent intent)
{
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_BUTTON, rect,
                                       STYLE(surface, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE));
    ui_tree_name(page->tree, node, "%s", id);
    node->text = text;
    node->intent = intent;
}

static void result_buttons(const struct page *page)
{
    const int margin = px(page, MARGIN_DP), gap = px(page, 20), height = px(page, 120);
    const int width = (page->panel->width_px - 2 * margin - 2 * gap) / 3;
    const int y = page->panel->height_px - margin - height;
    struct ui_rect rect = { margin, y, width, height };
    button(page, rect, "lang", words(page, STR_LANG_OTHER), SURFACE_BUTTON,
           TOUCH_TEST_INTENT_LANGUAGE);
    rect.x += width + gap;
    button(page, rect, "touch.again", words(page, STR_TOUCH_AGAIN), SURFACE_BUTTON,
           TOUCH_TEST_INTENT_AGAIN);
    rect.x += width + gap;
    button(page, rect, "touch.finish", words(page, STR_TOUCH_FINISH), SURFACE_BUTTON_PRIMARY,
           TOUCH_TEST_INTENT_FINISH);
}

static void result(struct page *page)
{
    const struct touch_test_view *view = page->view;
    page->y = px(page, MARGIN_DP);
    line(page, words(page, view->passed ? STR_TOUCH_PASSED : STR_TOUCH_FAILED), SIZE_TITLE, true);
    line(page,
         FILLED(page, STR_TOUCH_NUMBERS, { "dead", number(page, view->dead) },
                { "misses", number(page, view->misses) }, { "worst", mm(page, view->worst_um) },
                { "jitter", mm(page, view->jitter_um) }),
         SIZE_BODY, false);
    regions(page);
    line(page, words(page, view->saved ? STR_TOUCH_SAVED : STR_TOUCH_NOT_SAVED), SIZE_BODY, false);
    line(page, FILLED(page, STR_TOUCH_SECONDS, { "seconds", number(page, view->seconds_left) }),
         SIZE_BODY, false);
    result_buttons(page);
}

void scene_touch_test(const struct touch_test_view *view, const struct scene_panel *panel,
                      struct ui_tree *tree)
{
    struct page page = { view, panel, tree, theme_scale(panel->width_px, panel->width_mm), 0 };
    ui_tree_reset(tree);
    tree->is_staff = true;
    tree->screen = SCREEN_BASE + (uint32_t)view->state;
    box(&page, (struct ui_rect){ 0, 0, panel->width_px, panel->height_px }, SURFACE_PAGE);
    switch (view->state) {
    case TOUCH_TEST_CROSSES:
    case TOUCH_TEST_VERIFY:
        crosses(&page);
        break;
    case TOUCH_TEST_REFUSED:
        refused(&page);
        break;
    case TOUCH_TEST_TARGETS:
        targets(&page);
        break;
    case TOUCH_TEST_RESULT:
        result(&page);
        break;
    case TOUCH_TEST_OFF:
    case TOUCH_TEST_STATES:
        break;
    }
}
