#include "scenes/scene_parts.h"

#include "base/check.h"
#include "base/text.h"
#include "ui/text_layout.h"

struct how_step {
    enum icon icon;
    enum string_id words;
};

static const struct how_step HOW[] = {
    { ICON_REGISTER, STR_HOME_HOW_CARD },
    { ICON_LOOK, STR_HOME_HOW_LOOK },
    { ICON_NOTE, STR_HOME_HOW_CASH },
    { ICON_RECEIPT, STR_HOME_HOW_RECEIPT },
};

static void put_picture(struct scene_page *page, enum icon icon, struct ui_rect rect, int style)
{
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_IMAGE, rect, style);
    node->image = (int)icon;
    node->spoken = "";
}

static void start_tile(struct scene_page *page)
{
    static const enum theme_size TITLES[] = { SIZE_FIGURE, SIZE_TITLE, SIZE_HEAD };
    /* Words before pictures. */
    const bool slim = page->elder || page->reach_top > 0 || page->room == ROOM_TIGHT;
    const enum theme_size title = slim                                     ? SIZE_HEAD
                                  : page->wide && page->room != ROOM_TIGHT ? SIZE_KEY
                                                                           : TITLES[page->room];
    const int side = slim ? 0 : scene_px(page, page->wide ? 92 : 116);
    const int air = scene_px(page, page->wide ? 4 : 12) + scene_grow(page, 160, 160) / 4;
    struct scene_card card = scene_card_begin(page, SURFACE_TILE);
    page->column.y += air;
    if (!slim)
        put_picture(page, ICON_PAY, (struct ui_rect){ page->column.x, page->column.y, side, side },
                    STYLE(SURFACE_TILE, SIZE_BODY, INK_PAPER, ALIGN_LEFT));
    if (!slim)
        page->column.y += side + 2 * air + scene_px(page, 8);
    scene_words(page, scene_text(page, STR_HOME_START),
                STYLE(SURFACE_NONE, title, INK_PAPER, ALIGN_LEFT) | STYLE_BOLD);
    page->column.y += scene_px(page, page->wide ? 6 : 14);
    if (!page->is_last_try)
        scene_words(page, scene_text(page, STR_HOME_START_LEAD), scene_prose(page, INK_PAPER));
    page->column.y += air;
    struct ui_node *node = scene_card_end(page, card);
    node->role = UI_ROLE_BUTTON;
    node->style |= STYLE_SPOKEN_ONLY;
    node->text = scene_text(page, STR_HOME_START);
    node->primary = true;
    node->intent = INTENT_START;
    ui_tree_name(page->tree, node, "home.start");
}

/* One beside the other. */
static void steps_across(struct scene_page *page)
{
    const int count = (int)ARRAY_SIZE(HOW), gap = scene_px(page, 16);
    const struct scene_column row = page->column;
    const int width = (row.width - gap * (count - 1)) / count;
    const int most = width - gap, growth = scene_grow(page, 60, 40);
    const int side = scene_px(page, 104) + growth < most ? scene_px(page, 104) + growth : most;
    int bottom = row.y;
    for (int i = 0; i < count; i++) {
        page->column = (struct scene_column){ row.x + i * (width + gap), row.y, width, row.bottom };
        put_picture(page, HOW[i].icon,
                    (struct ui_rect){ page->column.x + (width - side) / 2, row.y, side, side },
                    STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE));
        page->column.y += side + gap;
        struct ui_node *words =
            scene_words(page, scene_text(page, HOW[i].words), scene_caption(page, INK_STRONG));
        words->style |= STYLE(0, 0, 0, ALIGN_CENTRE);
        bottom = page->column.y > bottom ? page->column.y : bottom;
    }
    page->column = row;
    page->column.y = bottom;
}

static bool words_fit_across(const struct scene_page *page)
{
    const int count = (int)ARRAY_SIZE(HOW), gap = scene_px(page, 16);
    const int padding = scene_px(page, theme_padding_dp(SURFACE_CARD));
    const int width = (page->column.width - 2 * padding - gap * (count - 1)) / count;
    struct text_lines lines;
    for (int i = 0; i < count; i++) {
        text_layout_wrap(FONT_REGULAR, scene_size_px(page, SIZE_BODY),
                         scene_text(page, HOW[i].words), width, &lines);
        if (lines.broken)
            return false;
    }
    return true;
}

/* One under the other, numbered, where a wide panel has the height. */
static void steps_down(struct scene_page *page)
{
    const int gap = scene_px(page, 32), disc = scene_px(page, 52), side = scene_px(page, 64);
    const int x = page->column.x, words = x + disc + side + 2 * gap;
    const int width = x + page->column.width - words;
    for (int i = 0; i < (int)ARRAY_SIZE(HOW); i++) {
        if (i > 0)
            scene_rule(page);
        const int y = page->column.y;
        const int least = text_layout_height(FONT_REGULAR, scene_size_px(page, SIZE_BUTTON),
                                             scene_text(page, HOW[i].words), width);
        const int usual = scene_px(page, 84);
        const int height = (least > usual ? least : usual) + scene_grow(page, 60, 60);
        struct ui_node *number = ui_tree_add(
            page->tree, UI_ROLE_TEXT, (struct ui_rect){ x, y + (height - disc) / 2, disc, disc },
            STYLE(SURFACE_SEAL, SIZE_SMALL, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD);
        number->text = scene_count(page, i + 1);
        put_picture(page, HOW[i].icon,
                    (struct ui_rect){ x + disc + gap, y + (height - side) / 2, side, side },
                    STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
        struct ui_node *node =
            ui_tree_add(page->tree, UI_ROLE_TEXT, (struct ui_rect){ words, y, width, height },
                        STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT));
        node->text = scene_text(page, HOW[i].words);
        page->column.y = y + height;
    }
}

enum how_shape {
    HOW_DOWN,
    HOW_ACROSS,
    HOW_NOT, /* with notices there may be no room left for the steps, which are the least needed */
};

static void how_it_works(struct scene_page *page, enum how_shape shape)
{
    if (shape == HOW_NOT)
        return;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    scene_words(page, scene_text(page, STR_HOME_HOW),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_SECOND, ALIGN_LEFT));
    scene_gap(page, page->wide ? 8 : 20);
    if (shape == HOW_DOWN)
        steps_down(page);
    else
        steps_across(page);
    scene_card_end(page, card);
    scene_gap(page, page->wide ? 20 : 28);
}

static const char *bring_words(const struct scene_page *page)
{
    const char *materials = page->view->materials[page->language];
    char words[320];
    text_format(words, sizeof(words), "%s%s%s", scene_text(page, STR_HOME_BRING),
                page->language == LANGUAGE_ZH ? "：" : ": ",
                materials[0] != '\0' ? materials : scene_text(page, STR_HOME_BRING_CARD));
    return scene_own(page, words);
}

static void interrupted(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const bool waits = view->interrupted_slip_waits;
    const struct string_value values[] = { { "window", scene_window(page) },
                                           { "amount", scene_yuan(page, view->interrupted_fen) } };
    const char *words =
        view->interrupted_note_unknown
            ? scene_format(page, waits ? STR_HOME_NOTE_WAITS : STR_HOME_NOTE, values, 1)
            : scene_format(page, waits ? STR_HOME_INTERRUPTED_WAITS : STR_HOME_INTERRUPTED, values,
                           2);
    scene_banner(page, SURFACE_BANNER_CAUTION, ICON_RECEIPT, words);
}

static bool has_notices(const struct session_view *view)
{
    return view->interrupted || view->cash_service != SERVICE_OFFERED || !view->bureau_reachable;
}

/* Right below the title: money first. */
static void notices(struct scene_page *page)
{
    const struct session_view *view = page->view;
    if (view->interrupted) {
        interrupted(page);
        scene_gap(page, 24);
    }
    if (view->cash_service != SERVICE_OFFERED) {
        scene_banner(page, SURFACE_BANNER_CAUTION, ICON_WARNING,
                     SCENE_FORMAT(page, STR_HOME_NO_CASH_REASON,
                                  { "reason", scene_service(page, view->cash_service) }));
        scene_gap(page, 24);
    } else if (!view->bureau_reachable) {
        scene_banner(page, SURFACE_BANNER, ICON_INFO, scene_text(page, STR_HOME_OFFLINE_LEAD));
        scene_gap(page, 24);
    }
}

/* Steps, services, what to bring; with notices the steps, which are the least needed, go first. */
static void aside(struct scene_page *page)
{
    const struct scene_mark before = scene_mark(page);
    const bool is_short = page->elder || page->reach_top > 0 || page->room == ROOM_TIGHT;
    enum how_shape shape = is_short ? HOW_NOT : page->wide ? HOW_DOWN : HOW_ACROSS;
    for (;; shape++) {
        if (shape == HOW_ACROSS && !words_fit_across(page))
            continue;
        scene_services(page);
        scene_gap(page, page->wide ? 20 : 28);
        how_it_works(page, shape);
        scene_banner(page, SURFACE_BANNER, ICON_REGISTER, bring_words(page));
        if (shape == HOW_NOT || scene_fits(page))
            return;
        scene_rewind(page, &before);
    }
}

static void inquiry_option(struct scene_page *page)
{
    const struct scene_option option = {
        .id = "home.inquiry",
        .title = scene_text(page, STR_HOME_INQUIRY),
        .words = scene_text(page, STR_HOME_INQUIRY_LEAD),
        .icon = ICON_LOOK,
        .intent = INTENT_INQUIRY,
        .enabled = true,
    };
    scene_option(page, &option);
}

/* With low reach what is only read stands above what is touched. */
static void body(struct scene_page *page)
{
    const bool aside_first = page->reach_top > 0 && !page->wide;
    scene_title(page, scene_text(page, STR_HOME_TITLE));
    if (has_notices(page->view))
        notices(page);
    else
        scene_lead(page, scene_text(page, STR_HOME_LEAD));
    if (aside_first) {
        aside(page);
        scene_gap(page, 28);
    }
    start_tile(page);
    scene_gap(page, 28);
    inquiry_option(page);
    scene_gap(page, 20);
    scene_reading_options(page, ICON_WINDOW);
    if (aside_first)
        return;
    if (!page->wide)
        scene_gap(page, 28);
    scene_second_column(page);
    aside(page);
}

void scene_home(const struct session_view *view, const struct scene_panel *panel,
                struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_note(&page, scene_now(&page));
    scene_footer(&page, NULL, 0);
    scene_build_body(&page, body, SCENE_LEVELS);
}
