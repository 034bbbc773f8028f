#include "scenes/scene_close.h"

#include "base/check.h"
#include "base/text.h"
#include "ui/strings.h"
#include "ui/text_layout.h"
#include "ui/theme.h"

#define MARGIN_DP 48
#define SCREEN_BASE UINT32_C(0x41000000) /* of no visit and no touch test */
#define NUMBER_SIZE 16

struct page {
    const struct close_view *view;
    const struct scene_panel *panel;
    struct ui_tree *tree;
    int scale;
    int y; /* where the next line goes */
};

static const struct {
    enum string_id title, text;
} WORDS[CLOSE_STATES] = {
    [CLOSE_WORKING] = { STR_CLOSE_WORKING, STR_CLOSE_WORKING_TEXT },
    [CLOSE_PRINTED] = { STR_CLOSE_PRINTED, STR_CLOSE_PRINTED_TEXT },
    [CLOSE_COPIED] = { STR_CLOSE_COPIED, STR_CLOSE_COPIED_TEXT },
    [CLOSE_NOT_PRINTED] = { STR_CLOSE_NOT_PRINTED, STR_CLOSE_NO_PRINTER },
    [CLOSE_MAY_LIE] = { STR_CLOSE_MAY_LIE, STR_CLOSE_MAY_LIE_TEXT },
    [CLOSE_NOT_WRITTEN] = { STR_CLOSE_NOT_WRITTEN, STR_CLOSE_NOT_WRITTEN_TEXT },
    [CLOSE_NOTHING] = { STR_CLOSE_NOTHING, STR_CLOSE_NOTHING_TEXT },
    [CLOSE_NO_JOURNAL] = { STR_CLOSE_NO_JOURNAL, STR_CLOSE_NO_JOURNAL_TEXT },
    [CLOSE_KIOSK_RUNS] = { STR_CLOSE_KIOSK_RUNS, STR_CLOSE_KIOSK_RUNS_TEXT },
};

static enum string_id text_id(const struct close_view *view)
{
    if (view->state == CLOSE_NOT_PRINTED && view->printer == SERVICE_PAPER_OUT)
        return STR_CLOSE_PAPER_OUT;
    if (view->state == CLOSE_NOT_PRINTED && view->printer == SERVICE_PRINTER_COVER)
        return STR_CLOSE_COVER_OPEN;
    return WORDS[view->state].text;
}

const char *scene_close_title(const struct close_view *view)
{
    return string_text(WORDS[view->state].title, view->language);
}

void scene_close_text(const struct close_view *view, char out[SCENE_CLOSE_TEXT_SIZE])
{
    char number[NUMBER_SIZE], copy[NUMBER_SIZE];
    const struct string_value values[] = { { "number", number }, { "copy", copy } };
    text_format(number, sizeof number, "Z%06d", view->number);
    text_format(copy, sizeof copy, "%d", view->copy);
    (void)strings_format(out, SCENE_CLOSE_TEXT_SIZE, string_text(text_id(view), view->language),
                         values, ARRAY_SIZE(values));
}

static int px(const struct page *page, int dp)
{
    return theme_px(page->scale, dp);
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
    node->text = ui_tree_text(page->tree, text);
    page->y += height + px(page, 24);
}

static void seconds(struct page *page)
{
    char number[NUMBER_SIZE], text[SCENE_CLOSE_TEXT_SIZE];
    const struct string_value value = { "seconds", number };
    text_format(number, sizeof number, "%d", page->view->seconds_left);
    (void)strings_format(text, sizeof text, string_text(STR_CLOSE_SECONDS, page->view->language),
                         &value, 1);
    line(page, text, SIZE_BODY, false);
}

static void button(const struct page *page, struct ui_rect rect, const char *id,
                   enum string_id words, enum theme_surface surface, enum close_intent intent)
{
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_BUTTON, rect,
                                       STYLE(surface, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE));
    ui_tree_name(page->tree, node, "%s", id);
    node->text = string_text(words, page->view->language);
    node->intent = intent;
}

static void buttons(const struct page *page)
{
    const int margin = px(page, MARGIN_DP), gap = px(page, 20), height = px(page, 120);
    const int width = (page->panel->width_px - 2 * margin - gap) / 2;
    struct ui_rect rect = { margin, page->panel->height_px - margin - height, width, height };
    button(page, rect, "lang", STR_LANG_OTHER, SURFACE_BUTTON, CLOSE_INTENT_LANGUAGE);
    rect.x += width + gap;
    button(page, rect, "close.finish", STR_CLOSE_FINISH, SURFACE_BUTTON_PRIMARY,
           CLOSE_INTENT_FINISH);
}

void scene_close(const struct close_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    struct page page = { view, panel, tree, theme_scale(panel->width_px, panel->width_mm), 0 };
    char text[SCENE_CLOSE_TEXT_SIZE];
    CHECK((unsigned)view->state < CLOSE_STATES);
    ui_tree_reset(tree);
    tree->is_staff = true;
    tree->screen = SCREEN_BASE + (uint32_t)view->state;
    ui_tree_add(tree, UI_ROLE_BOX, (struct ui_rect){ 0, 0, panel->width_px, panel->height_px },
                STYLE(SURFACE_PAGE, SIZE_SMALL, INK_DEFAULT, ALIGN_CENTRE));
    page.y = panel->height_px / 4;
    line(&page, scene_close_title(view), SIZE_TITLE, true);
    scene_close_text(view, text);
    line(&page, text, SIZE_BODY, false);
    if (view->seconds_left == 0)
        return;
    seconds(&page);
    buttons(&page);
}
