#include "scenes/scene_parts.h"

#include <string.h>

#include "base/check.h"
#include "ui/text_layout.h"

#define MARGIN_DP 48
#define SEAL_DP 72
#define STEP_WORDS_MAX 6

struct frame_sizes { /* dp */
    int header, footer, button, pill;
};

static const struct frame_sizes UPRIGHT = { 132, 176, 120, 80 };
static const struct frame_sizes WIDE = { 108, 136, 100, 76 };

static const struct frame_sizes *sizes_of(const struct scene_page *page)
{
    return page->wide ? &WIDE : &UPRIGHT;
}

static int text_width(const struct scene_page *page, enum theme_size size, enum font_weight weight,
                      const char *text)
{
    return text_layout_width(weight, scene_size_px(page, size), text, -1);
}

static const char *header_title(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->steps_total == 0)
        return view->bureau[page->language];
    return scene_text(page, view->registering ? STR_HEADER_REGISTER : STR_HEADER_PAY);
}

static int step_now(const struct session_view *view)
{
    return view->steps_done < view->steps_total ? view->steps_done : view->steps_total - 1;
}

static const char *header_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->steps_total == 0)
        return SCENE_FORMAT(page, STR_HEADER_TERMINAL, { "place", view->place[page->language] });
    return SCENE_FORMAT(page, STR_HEADER_STEP, { "step", scene_count(page, step_now(view) + 1) },
                        { "steps", scene_count(page, view->steps_total) });
}

/* Right end of the header, from the right: language, then who is being served. Returns what is
 * left. */
static int header_right(struct scene_page *page, int height)
{
    const int margin = scene_px(page, MARGIN_DP), pill = scene_px(page, sizes_of(page)->pill);
    const char *other = scene_text(page, STR_LANG_OTHER);
    int width = text_width(page, SIZE_SMALL, FONT_REGULAR, other) + scene_px(page, 56);
    int x = page->panel->width_px - margin - width;
    const struct ui_rect rect = { x, (height - pill) / 2, width, pill };
    scene_button(page, rect, "lang", other,
                 STYLE(SURFACE_PILL, SIZE_SMALL, INK_DEFAULT, ALIGN_CENTRE), INTENT_LANGUAGE,
                 page->language == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH);
    if (page->view->name_masked[0] == '\0' || page->view->steps_total == 0)
        return x;
    const char *name = page->view->name_masked;
    const int tag = scene_px(page, 56);
    width = text_width(page, SIZE_SMALL, FONT_BOLD, name) + scene_px(page, 44);
    x -= width + scene_px(page, 20);
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT, (struct ui_rect){ x, (height - tag) / 2, width, tag },
                    STYLE(SURFACE_TAG, SIZE_SMALL, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "person");
    node->text = scene_own(page, name);
    return x;
}

static void header_names(struct scene_page *page, int right, int height)
{
    const int x = scene_px(page, MARGIN_DP + SEAL_DP + 20);
    const int width = right - x - scene_px(page, 20);
    const char *title = header_title(page);
    const int words_height = text_layout_pitch(scene_size_px(page, SIZE_SMALL));
    const bool fits = text_width(page, SIZE_BODY, FONT_BOLD, title) <= width;
    const enum theme_size size = fits ? SIZE_BODY : SIZE_SMALL;
    const int title_height = text_layout_height(FONT_BOLD, scene_size_px(page, size), title, width);
    const bool both = title_height + words_height <= height;
    int y = (height - title_height - (both ? words_height : 0)) / 2;
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT, (struct ui_rect){ x, y, width, title_height },
                    STYLE(SURFACE_NONE, size, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "header.title");
    node->text = scene_own(page, title);
    if (!both)
        return;
    y += title_height;
    node = ui_tree_add(page->tree, UI_ROLE_TEXT, (struct ui_rect){ x, y, width, words_height },
                       STYLE(SURFACE_NONE, SIZE_SMALL, INK_SECOND, ALIGN_LEFT));
    node->text = header_words(page);
}

static void header(struct scene_page *page)
{
    const int height = scene_px(page, sizes_of(page)->header);
    const int line = scene_px(page, 2), seal = scene_px(page, SEAL_DP);
    ui_tree_add(page->tree, UI_ROLE_BOX,
                (struct ui_rect){ 0, 0, page->panel->width_px, height - line },
                STYLE(SURFACE_HEADER, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    ui_tree_add(page->tree, UI_ROLE_BOX,
                (struct ui_rect){ 0, height - line, page->panel->width_px, line },
                STYLE(SURFACE_RULE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT,
                    (struct ui_rect){ scene_px(page, MARGIN_DP), (height - seal) / 2, seal, seal },
                    STYLE(SURFACE_SEAL, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD);
    node->text = "社";
    header_names(page, header_right(page, height), height);
    page->body.y = height;
}

/* The words of a visit with and without registration; any other number of steps has bars only. */
static const enum string_id *step_words(int total)
{
    static const enum string_id PAY[] = { STR_STEP_IDENTITY, STR_STEP_INSURANCE, STR_STEP_MONTHS,
                                          STR_STEP_PAY, STR_STEP_RECEIPT };
    static const enum string_id REGISTER[] = { STR_STEP_IDENTITY, STR_STEP_INSURANCE,
                                               STR_STEP_REGISTER, STR_STEP_MONTHS,
                                               STR_STEP_PAY,      STR_STEP_RECEIPT };
    if (total == (int)ARRAY_SIZE(PAY))
        return PAY;
    return total == (int)ARRAY_SIZE(REGISTER) ? REGISTER : NULL;
}

static void steps(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const int total = view->steps_total, now = step_now(view);
    const enum string_id *words = step_words(total);
    const int gap = scene_px(page, 12), bar = scene_px(page, 10);
    const int margin = scene_px(page, MARGIN_DP);
    const int width = (page->panel->width_px - 2 * margin - gap * (total - 1)) / total;
    const int y = page->body.y + scene_px(page, page->wide ? 18 : 26);
    const int words_height = text_layout_pitch(scene_size_px(page, SIZE_SMALL));
    for (int i = 0; i < total; i++) {
        const int x = margin + i * (width + gap);
        const enum theme_surface surface = i <= now ? SURFACE_STEP_DONE : SURFACE_STEP_OPEN;
        ui_tree_add(page->tree, UI_ROLE_BOX, (struct ui_rect){ x, y, width, bar },
                    STYLE(surface, SIZE_SMALL, INK_DEFAULT, ALIGN_LEFT));
        if (!words)
            continue;
        const enum theme_ink ink = i == now ? INK_PRIMARY : INK_SECOND;
        struct ui_node *node = ui_tree_add(
            page->tree, UI_ROLE_TEXT, (struct ui_rect){ x, y + bar + gap / 2, width, words_height },
            STYLE(SURFACE_NONE, SIZE_SMALL, ink, ALIGN_LEFT));
        if (i == now)
            node->style |= STYLE_BOLD;
        node->text = scene_text(page, words[i]);
    }
    page->body.y = y + bar + gap / 2 + words_height;
}

static struct scene_page page_of(const struct session_view *view, const struct scene_panel *panel,
                                 struct ui_tree *tree)
{
    return (struct scene_page){
        .view = view,
        .panel = panel,
        .tree = tree,
        .scale = theme_scale(panel->width_px, panel->width_mm),
        .wide = panel->width_px > panel->height_px,
        .language = (int)view->language,
    };
}

void scene_page_begin(struct scene_page *page, const struct session_view *view,
                      const struct scene_panel *panel, struct ui_tree *tree)
{
    *page = page_of(view, panel, tree);
    const int margin = scene_px(page, MARGIN_DP);
    ui_tree_add(tree, UI_ROLE_BOX, (struct ui_rect){ 0, 0, panel->width_px, panel->height_px },
                STYLE(SURFACE_PAGE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    header(page);
    if (view->steps_total > 0)
        steps(page);
    page->body.x = margin;
    page->body.y += scene_px(page, page->wide ? 24 : 36);
    page->body.width = panel->width_px - 2 * margin;
    page->body.bottom = panel->height_px - scene_px(page, sizes_of(page)->footer) -
                        scene_px(page, page->wide ? 20 : 32);
    page->column = page->body;
    if (page->wide)
        page->column.width = (page->body.width - scene_px(page, SCENE_COLUMN_GAP_DP)) / 2;
}

static int ring(struct scene_page *page, int top, int height)
{
    const struct session_view *view = page->view;
    const int margin = scene_px(page, MARGIN_DP), side = scene_px(page, 96);
    const int right = page->panel->width_px - margin;
    if (view->seconds_total == 0)
        return right;
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TIMER,
                    (struct ui_rect){ right - side, top + (height - side) / 2, side, side },
                    STYLE(SURFACE_NONE, SIZE_BODY, INK_PRIMARY, ALIGN_CENTRE) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "timer");
    node->value = view->seconds_left;
    node->value_max = view->seconds_total;
    node->text = scene_count(page, view->seconds_left);
    return right - side - scene_px(page, 24);
}

static int action_style(const struct scene_action *action)
{
    if (!action->enabled)
        return STYLE(SURFACE_BUTTON_OFF, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE);
    if (action->primary)
        return STYLE(SURFACE_BUTTON_PRIMARY, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD;
    return STYLE(SURFACE_BUTTON, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE);
}

static void footer_action(struct scene_page *page, const struct scene_action *action,
                          struct ui_rect rect)
{
    struct ui_node *node = scene_button(page, rect, action->id, action->text, action_style(action),
                                        action->intent, action->argument);
    node->enabled = action->enabled;
    node->primary = action->primary;
}

void scene_footer(struct scene_page *page, const struct scene_action *actions, int count)
{
    const int height = scene_px(page, sizes_of(page)->footer), line = scene_px(page, 2);
    const int top = page->panel->height_px - height, gap = scene_px(page, 20);
    const int button = scene_px(page, sizes_of(page)->button);
    ui_tree_add(page->tree, UI_ROLE_BOX, (struct ui_rect){ 0, top, page->panel->width_px, line },
                STYLE(SURFACE_RULE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    ui_tree_add(page->tree, UI_ROLE_BOX,
                (struct ui_rect){ 0, top + line, page->panel->width_px, height - line },
                STYLE(SURFACE_FOOTER, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    int right = ring(page, top, height), x = scene_px(page, MARGIN_DP);
    for (int i = 0; i < count; i++) {
        if (actions[i].primary)
            continue;
        const int width = text_width(page, SIZE_BUTTON, FONT_REGULAR, actions[i].text) +
                          scene_px(page, page->wide ? 80 : 64);
        footer_action(page, &actions[i],
                      (struct ui_rect){ x, top + (height - button) / 2, width, button });
        x += width + gap;
    }
    for (int i = 0; i < count; i++) {
        if (!actions[i].primary)
            continue;
        const int room = right - x, most = page->wide ? scene_px(page, 760) : room;
        const int width = room > most ? most : room;
        footer_action(
            page, &actions[i],
            (struct ui_rect){ right - width, top + (height - button) / 2, width, button });
    }
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

static bool is_after_payment(enum session_step step)
{
    return step == STEP_DONE || step == STEP_GOODBYE || step == STEP_RECEIPT;
}

static const char *more_time_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const char *seconds = scene_count(page, view->seconds_left);
    if (is_after_payment(view->step))
        return SCENE_FORMAT(page, STR_MORE_LEAD_DONE, { "seconds", seconds });
    if (view->money_inside_fen > 0)
        return SCENE_FORMAT(page, STR_MORE_LEAD_MONEY,
                            { "amount", scene_yuan(page, view->money_inside_fen) },
                            { "seconds", seconds });
    return SCENE_FORMAT(page, STR_MORE_LEAD, { "seconds", seconds });
}

static void more_time_buttons(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool done = is_after_payment(view->step), money = view->money_inside_fen > 0 && !done;
    const int height = scene_px(page, 120);
    struct scene_column *column = &page->column;
    scene_button(page, (struct ui_rect){ column->x, column->y, column->width, height },
                 "more_time.yes", scene_text(page, STR_MORE_YES),
                 STYLE(SURFACE_BUTTON_PRIMARY, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD,
                 INTENT_MORE_TIME, 0);
    column->y += height + scene_px(page, 24);
    const enum intent end = done ? INTENT_DONE : money ? INTENT_FINISH_CASH : INTENT_CANCEL;
    scene_button(page, (struct ui_rect){ column->x, column->y, column->width, height },
                 "more_time.end", scene_text(page, money ? STR_MORE_END_MONEY : STR_MORE_END),
                 STYLE(SURFACE_BUTTON, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE), end, 0);
    column->y += height;
}

/* Everything but the language button stops being a target: the question comes first. */
static void disarm(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (strcmp(tree->nodes[i].id, "lang") != 0)
            tree->nodes[i].intent = INTENT_NONE;
    }
}

void scene_more_time(const struct session_view *view, const struct scene_panel *panel,
                     struct ui_tree *tree)
{
    struct scene_page over = page_of(view, panel, tree), *page = &over;
    const int header_height = scene_px(page, sizes_of(page)->header);
    const struct ui_rect below = { 0, header_height, page->panel->width_px,
                                   page->panel->height_px - header_height };
    disarm(tree);
    ui_tree_add(tree, UI_ROLE_BOX, below, STYLE(SURFACE_SCRIM, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    const int width = scene_px(page, 900);
    const int first = tree->count;
    page->column = (struct scene_column){ .x = (page->panel->width_px - width) / 2,
                                          .y = below.y,
                                          .width = width,
                                          .bottom = page->panel->height_px };
    struct scene_card card = scene_card_begin(page, SURFACE_DIALOG);
    scene_picture(page, ICON_CLOCK, 120, INK_DEFAULT);
    scene_gap(page, 20);
    scene_words(page, scene_text(page, STR_MORE_TITLE),
                STYLE(SURFACE_NONE, SIZE_TITLE, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD);
    scene_gap(page, 16);
    scene_words(page, more_time_words(page),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_CENTRE));
    scene_gap(page, 36);
    more_time_buttons(page);
    const struct ui_node *dialog = scene_card_end(page, card);
    /* Only now the height is known: move the whole dialog to the middle. */
    const int down = (below.height - dialog->rect.height) / 2;
    for (int i = first; i < tree->count; i++)
        tree->nodes[i].rect.y += down;
}
