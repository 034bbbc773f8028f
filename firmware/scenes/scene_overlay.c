#include "scenes/scene_parts.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "scenes/scene_frame.h"

/* ---- how the screen looks and sounds ---- */

static void volume_button(struct scene_page *page, struct ui_rect rect, const char *id,
                          enum string_id words, int level)
{
    const bool may = level >= 1 && level <= VIEW_VOLUME_MAX;
    struct ui_node *node = scene_button(
        page, rect, id, scene_text(page, words),
        STYLE(may ? SURFACE_BUTTON : SURFACE_BUTTON_OFF, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE),
        INTENT_VOLUME, level);
    node->enabled = may;
}

static void volume(struct scene_page *page)
{
    const int level = page->view->modes.volume;
    const int height = scene_px(page, 104), gap = scene_px(page, 20);
    const int width = (page->column.width - gap) / 2;
    const int first = scene_keep_begin(page);
    struct ui_node *node =
        scene_words(page,
                    SCENE_FORMAT(page, STR_MODES_VOLUME, { "level", scene_count(page, level) },
                                 { "most", scene_count(page, VIEW_VOLUME_MAX) }),
                    STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "modes.volume");
    page->column.y += gap / 2;
    const struct ui_rect rect = { page->column.x, page->column.y, width, height };
    volume_button(page, rect, "modes.quieter", STR_MODES_QUIETER, level - 1);
    volume_button(page, (struct ui_rect){ rect.x + width + gap, rect.y, width, height },
                  "modes.louder", STR_MODES_LOUDER, level + 1);
    page->column.y += height;
    scene_keep_end(page, first);
}

static void mode(struct scene_page *page, const char *id, enum string_id title,
                 enum string_id words, bool is_on, enum intent intent)
{
    const struct scene_choice choice = {
        .id = id,
        .title = scene_text(page, title),
        .words = scene_text(page, words),
        .intent = intent,
        .argument = !is_on,
        .selected = is_on,
        .enabled = true,
    };
    scene_choice(page, &choice);
    scene_gap(page, 20);
}

static void modes_body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const struct view_modes *modes = &view->modes;
    scene_heading_begin(page);
    scene_title(page, scene_text(page, STR_MODES_TITLE));
    if (view->inserted_fen > 0)
        scene_banner(page, SURFACE_BANNER_GOOD, ICON_CHECK,
                     SCENE_FORMAT(page, STR_MODES_MONEY,
                                  { "amount", scene_yuan(page, view->inserted_fen) }));
    else
        scene_lead(page, scene_text(page, STR_MODES_LEAD));
    scene_heading_end(page);
    mode(page, "modes.large", STR_MODES_LARGE, STR_MODES_LARGE_LEAD, modes->large, INTENT_LARGE);
    mode(page, "modes.contrast", STR_MODES_CONTRAST, STR_MODES_CONTRAST_LEAD, modes->contrast,
         INTENT_CONTRAST);
    scene_second_column(page);
    mode(page, "modes.low_reach", STR_MODES_LOW_REACH, STR_MODES_LOW_REACH_LEAD, modes->low_reach,
         INTENT_LOW_REACH);
    if (view->speech_offered)
        mode(page, "modes.spoken", STR_MODES_SPOKEN, STR_MODES_SPOKEN_LEAD, modes->spoken,
             INTENT_SPOKEN);
    if (view->speech_offered && modes->spoken) {
        volume(page);
        scene_gap(page, 20);
    }
    const struct scene_option privacy = {
        .id = "modes.privacy",
        .title = scene_text(page, STR_PRIVACY_TITLE),
        .words = page->elder ? NULL : scene_text(page, STR_PRIVACY_OPTION_LEAD),
        .icon = ICON_SHIELD,
        .intent = INTENT_OVERLAY,
        .argument = OVERLAY_PRIVACY,
        .enabled = true,
    };
    scene_option(page, &privacy);
}

void scene_over_footer(struct scene_page *page, enum string_id words)
{
    const struct scene_action done = {
        "overlay.close", scene_text(page, words), INTENT_OVERLAY, OVERLAY_NONE, true, true
    };
    scene_footer(page, &done, 1);
}

void scene_modes(const struct session_view *view, const struct scene_panel *panel,
                 struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_over_footer(&page, STR_MODES_DONE);
    scene_build_body(&page, modes_body, SCENE_LEVELS);
}

/* ---- what is read from the card ---- */

/* "name, address" of the fields kept so long; all of them with KEEPS. */
#define KEEPS (KEEP_SEALED + 1)
static const char *fields(const struct scene_page *page, int keep)
{
    static const enum string_id NAMES[CARD_ITEMS] = {
        [CARD_ITEM_NAME] = STR_ITEM_NAME,           [CARD_ITEM_SEX] = STR_ITEM_SEX,
        [CARD_ITEM_NATION] = STR_ITEM_NATION,       [CARD_ITEM_BIRTH] = STR_ITEM_BIRTH,
        [CARD_ITEM_ADDRESS] = STR_ITEM_ADDRESS,     [CARD_ITEM_NUMBER] = STR_ITEM_NUMBER,
        [CARD_ITEM_AUTHORITY] = STR_ITEM_AUTHORITY, [CARD_ITEM_VALIDITY] = STR_ITEM_VALIDITY,
        [CARD_ITEM_PHOTO] = STR_ITEM_PHOTO,
    };
    char words[512] = "";
    for (int i = 0; i < CARD_ITEMS; i++) {
        const struct view_card_field *field = &page->view->card_fields[i];
        if (keep != KEEPS && (int)field->keep != keep)
            continue;
        const size_t used = strlen(words);
        const char *between = used == 0 ? "" : page->language == LANGUAGE_ZH ? "、" : ", ";
        text_format(words + used, sizeof(words) - used, "%s%s", between,
                    scene_text(page, NAMES[field->item]));
    }
    return scene_own(page, words);
}

static void section(struct scene_page *page, enum icon icon, enum string_id title,
                    const char *words)
{
    scene_section(page, icon, scene_text(page, title), words);
    scene_gap(page, 24);
}

static void privacy_body(struct scene_page *page)
{
    const struct session_view *view = page->view;
    scene_heading_begin(page);
    scene_title(page, scene_text(page, STR_PRIVACY_TITLE));
    scene_gap(page, 16);
    scene_heading_end(page);
    section(page, ICON_REGISTER, STR_PRIVACY_READ,
            SCENE_FORMAT(page, STR_PRIVACY_READ_LEAD, { "fields", fields(page, KEEPS) },
                         { "unused", fields(page, KEEP_NOT) }));
    section(page, ICON_LOOK, STR_PRIVACY_WHY, scene_text(page, STR_PRIVACY_WHY_LEAD));
    scene_second_column(page);
    section(page, ICON_CLOCK, STR_PRIVACY_KEPT,
            SCENE_FORMAT(page, STR_PRIVACY_KEPT_LEAD, { "fields", fields(page, KEEP_SEALED) },
                         { "bureau", view->bureau[page->language] }));
    section(page, ICON_SHIELD, STR_PRIVACY_RIGHTS,
            SCENE_FORMAT(page, STR_PRIVACY_RIGHTS_LEAD, { "window", scene_window(page) },
                         { "phone", view->service_phone }));
}

void scene_privacy(const struct session_view *view, const struct scene_panel *panel,
                   struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_over_footer(&page, STR_PRIVACY_DONE);
    scene_build_body(&page, privacy_body, SCENE_LEVELS);
}

/* ---- do you need more time? ---- */

static bool is_after_payment(enum session_step step)
{
    return step == STEP_DONE || step == STEP_GOODBYE || step == STEP_RECEIPT;
}

/* What happens to the money is said on the very page. */
static const char *money_words(const struct scene_page *page, const char *seconds)
{
    const struct session_view *view = page->view;
    const struct string_value values[] = {
        { "amount", scene_yuan(page, view->money_inside_fen) },
        { "seconds", seconds },
        { "months", scene_months(page, view->money_inside_months) },
        { "over", scene_yuan(page, view->money_inside_over_fen) },
    };
    if (view->money_inside_months == 0)
        return scene_format(page, STR_MORE_LEAD_MONEY_SHORT, values, 2);
    if (view->money_inside_over_fen == 0)
        return scene_format(page, STR_MORE_LEAD_MONEY_EXACT, values, 3);
    return scene_format(page, STR_MORE_LEAD_MONEY, values, 4);
}

static const char *more_time_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const char *seconds = scene_count(page, view->seconds_left);
    if (is_after_payment(view->step))
        return SCENE_FORMAT(page,
                            view->paid_fen > 0 ? STR_MORE_LEAD_DONE : STR_MORE_LEAD_DONE_NOTHING,
                            { "seconds", seconds });
    if (view->money_inside_fen > 0)
        return money_words(page, seconds);
    return SCENE_FORMAT(page, STR_MORE_LEAD, { "seconds", seconds });
}

static enum string_id end_words(const struct session_view *view, bool money)
{
    if (!money)
        return STR_MORE_END;
    return view->money_inside_months > 0 ? STR_MORE_END_MONEY : STR_MORE_END_MONEY_SHORT;
}

static void more_time_buttons(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool done = is_after_payment(view->step), money = view->money_inside_fen > 0 && !done;
    const int height = scene_px(page, view->modes.large ? 136 : 120);
    struct scene_column *column = &page->column;
    scene_button(page, (struct ui_rect){ column->x, column->y, column->width, height },
                 "more_time.yes", scene_text(page, STR_MORE_YES),
                 STYLE(SURFACE_BUTTON_PRIMARY, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD,
                 INTENT_MORE_TIME, 0);
    column->y += height + scene_px(page, 24);
    const enum intent end = done ? INTENT_DONE : money ? INTENT_FINISH_CASH : INTENT_CANCEL;
    scene_button(page, (struct ui_rect){ column->x, column->y, column->width, height },
                 "more_time.end", scene_text(page, end_words(view, money)),
                 STYLE(SURFACE_BUTTON, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE), end, 0);
    column->y += height;
}

/* The question comes first: nothing else is a target, and the dialog has a language button. */
static void disarm(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        struct ui_node *node = &tree->nodes[i];
        node->intent = INTENT_NONE;
        if (strcmp(node->id, "lang") == 0)
            node->id[0] = '\0';
    }
}

struct question {
    int picture_dp;
    enum theme_size title, lead;
};

static const struct question QUESTIONS[] = {
    { 120, SIZE_TITLE, SIZE_BODY },
    { 0, SIZE_TITLE, SIZE_BODY },
    { 0, SIZE_HEAD, SIZE_SMALL },
};

static void language_button(struct scene_page *page)
{
    const int height = scene_px(page, 88), width = scene_px(page, 320);
    const struct ui_rect rect = { page->column.x + (page->column.width - width) / 2, page->column.y,
                                  width, height };
    scene_button(page, rect, "lang", scene_text(page, STR_LANG_OTHER),
                 STYLE(SURFACE_PILL, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE), INTENT_LANGUAGE,
                 page->language == LANGUAGE_ZH ? LANGUAGE_EN : LANGUAGE_ZH);
    page->column.y += height;
}

/* Returns the height of the dialog. */
static int question(struct scene_page *page, const struct question *size)
{
    struct scene_card card = scene_card_begin(page, SURFACE_DIALOG);
    if (size->picture_dp > 0) {
        scene_picture(page, ICON_CLOCK, size->picture_dp, INK_DEFAULT);
        scene_gap(page, 20);
    }
    struct ui_node *title =
        scene_words(page, scene_text(page, STR_MORE_TITLE),
                    STYLE(SURFACE_NONE, size->title, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD);
    ui_tree_name(page->tree, title, "more_time.title");
    scene_gap(page, 16);
    scene_words(page, more_time_words(page),
                STYLE(SURFACE_NONE, size->lead, INK_STRONG, ALIGN_CENTRE));
    scene_gap(page, 36);
    more_time_buttons(page);
    scene_gap(page, 24);
    language_button(page);
    return scene_card_end(page, card)->rect.height;
}

void scene_more_time(const struct session_view *view, const struct scene_panel *panel,
                     struct ui_tree *tree)
{
    struct scene_page over = scene_frame_page(view, panel, tree), *page = &over;
    const struct ui_rect whole = { 0, 0, panel->width_px, panel->height_px };
    const int most = panel->width_px - 2 * scene_px(page, FRAME_MARGIN_DP);
    const int wanted = scene_px(page, view->modes.large ? 1000 : 900);
    const int width = wanted < most ? wanted : most;
    disarm(tree);
    ui_tree_add(tree, UI_ROLE_BOX, whole, STYLE(SURFACE_SCRIM, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    page->column = (struct scene_column){
        .x = (panel->width_px - width) / 2, .y = 0, .width = width, .bottom = panel->height_px
    };
    const struct scene_mark before = scene_mark(page);
    int height = 0;
    for (int i = 0; i < (int)ARRAY_SIZE(QUESTIONS); i++) {
        scene_rewind(page, &before);
        height = question(page, &QUESTIONS[i]);
        if (height <= whole.height)
            break;
    }
    /* Only now the height is known: the whole dialog goes to the middle, or into reach. */
    int down = (whole.height - height) / 2;
    if (page->reach_top > 0)
        down = whole.height - height - scene_px(page, 24);
    for (int i = before.nodes; i < tree->count && down > 0; i++)
        tree->nodes[i].rect.y += down;
}
