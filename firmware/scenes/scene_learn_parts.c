#include "scenes/scene_learn_parts.h"

#include <string.h>

#include "base/check.h"
#include "base/text.h"
#include "scenes/scene_parts_internal.h"
#include "ui/text_layout.h"

#define GRID_GAP_DP 16

/* ---- words ---- */

const char *scene_span(const struct scene_page *page, int64_t least_fen, int64_t most_fen)
{
    if (least_fen == most_fen)
        return SCENE_FORMAT(page, STR_UNIT_YUAN, { "amount", scene_yuan_short(page, least_fen) });
    return SCENE_FORMAT(page, STR_UNIT_YUAN_SPAN, { "least", scene_yuan_short(page, least_fen) },
                        { "most", scene_yuan_short(page, most_fen) });
}

const char *scene_run(const struct scene_page *page, month_index first, month_index last)
{
    if (first >= last)
        return scene_month_words(page, first);
    return SCENE_FORMAT(page, STR_UNIT_RUN, { "when", scene_month_words(page, first) },
                        { "when_last", scene_month_words(page, last) });
}

const char *scene_date(const struct scene_page *page, month_index month, int day)
{
    char text[48];
    if (page->language == LANGUAGE_ZH)
        text_format(text, sizeof text, "%s%d日", scene_month_words(page, month), day);
    else
        text_format(text, sizeof text, "%d %s", day, scene_month_words(page, month));
    return scene_own(page, text);
}

const char *scene_figure_name(const struct scene_page *page, const struct view_standard *standard,
                              enum view_figure figure)
{
    static const enum string_id NAMES[FIGURES] = {
        [FIGURE_AMOUNT] = STR_FIGURE_AMOUNT,
        [FIGURE_LIMITS] = STR_FIGURE_LIMITS,
        [FIGURE_RATE] = STR_FIGURE_RATE,
        [FIGURE_ACCOUNT] = STR_FIGURE_ACCOUNT,
        [FIGURE_SUM] = STR_FIGURE_AMOUNT,
        [FIGURE_LIST] = STR_FIGURE_LIST,
        [FIGURE_PAY] = STR_FIGURE_PAY,
        [FIGURE_DUE] = STR_FIGURE_DUE,
        [FIGURE_BACK] = STR_FIGURE_BACK,
        [FIGURE_RETRO] = STR_FIGURE_RETRO,
        [FIGURE_SURCHARGE] = STR_FIGURE_SURCHARGE,
        [FIGURE_WAIT] = STR_FIGURE_WAIT,
        [FIGURE_AGE] = STR_FIGURE_AGE,
    };
    const bool is_sum = figure == FIGURE_AMOUNT || figure == FIGURE_SUM;
    return scene_text(page, is_sum && standard->is_yearly ? STR_FIGURE_AMOUNT_YEAR : NAMES[figure]);
}

static const char *pay_words(const struct scene_page *page, const struct view_standard *standard)
{
    static const struct {
        int months;
        enum string_id words;
    } PERIOD_WORDS[] = {
        { 1, STR_PAY_MONTH }, { 3, STR_PAY_QUARTER }, { 6, STR_PAY_HALF }, { 12, STR_PAY_YEAR }
    };
    char words[160] = "";
    size_t used = 0;
    for (size_t i = 0; i < ARRAY_SIZE(PERIOD_WORDS); i++) {
        if (!(standard->pays & VIEW_PAYS(PERIOD_WORDS[i].months)))
            continue;
        const char *between = used == 0 ? "" : page->language == LANGUAGE_ZH ? "、" : ", ";
        text_format(words + used, sizeof words - used, "%s%s", between,
                    scene_text(page, PERIOD_WORDS[i].words));
        used = strlen(words);
    }
    return scene_own(page, words);
}

static const char *back_words(const struct scene_page *page, const struct view_standard *standard)
{
    switch (standard->back) {
    case BACK_YEAR:
        return scene_text(page, STR_BACK_YEAR);
    case BACK_MONTHS:
        return SCENE_FORMAT(page, STR_BACK_MONTHS,
                            { "span", scene_months(page, standard->back_months) });
    case BACK_NONE:
        break;
    }
    return scene_text(page, STR_BACK_NONE);
}

static const char *retro_words(const struct scene_page *page, const struct view_standard *standard)
{
    static const enum string_id WORDS[] = {
        [RETRO_UNSET] = STR_RETRO_UNSET,           [RETRO_NONE] = STR_RETRO_NONE,
        [RETRO_COLLECT] = STR_RETRO_COLLECT,       [RETRO_FLOOR_ONLY] = STR_RETRO_FLOOR_ONLY,
        [RETRO_NEXT_MONTH] = STR_RETRO_NEXT_MONTH,
    };
    return scene_text(page, WORDS[standard->retro]);
}

const char *scene_rule_words(const struct scene_page *page, const struct view_standard *standard,
                             enum view_figure figure)
{
    switch (figure) {
    case FIGURE_PAY:
        return pay_words(page, standard);
    case FIGURE_DUE:
        if (standard->due_day == 0)
            return scene_text(page, STR_DUE_UNSET);
        return SCENE_FORMAT(page, STR_DUE_DAY, { "day", scene_count(page, standard->due_day) });
    case FIGURE_BACK:
        return back_words(page, standard);
    case FIGURE_RETRO:
        return retro_words(page, standard);
    case FIGURE_SURCHARGE:
        if (standard->surcharge == 0)
            return scene_text(page, STR_SURCHARGE_NONE);
        return SCENE_FORMAT(page, STR_SURCHARGE_DAY,
                            { "rate", scene_percent(page, standard->surcharge) });
    case FIGURE_WAIT:
        return scene_months(page, standard->wait_months);
    case FIGURE_AGE:
        return SCENE_FORMAT(page, STR_AGE_RANGE, { "from", scene_count(page, standard->age_min) },
                            { "men", scene_count(page, standard->age_max_male) },
                            { "women", scene_count(page, standard->age_max_female) });
    case FIGURE_AMOUNT:
    case FIGURE_SUM:
        return scene_span(page, standard->least_fen, standard->most_fen);
    case FIGURE_LIMITS:
        return scene_span(page, standard->floor_fen, standard->ceiling_fen);
    case FIGURE_RATE:
        return scene_percent(page, standard->rate);
    case FIGURE_ACCOUNT:
        return scene_percent(page, standard->account_rate);
    case FIGURE_LIST:
        return SCENE_FORMAT(page, STR_UNIT_GRADES,
                            { "count", scene_count(page, standard->pick_count) });
    case FIGURES:
        break;
    }
    return "";
}

/* ---- pieces ---- */

void scene_card_title(struct scene_page *page, const char *text)
{
    scene_words(page, text, STYLE(SURFACE_NONE, SIZE_BUTTON, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
}

#define NO_CARD (-1)

struct scene_card scene_rows_begin(struct scene_page *page)
{
    if (page->reach_top > 0)
        return (struct scene_card){ .node = NO_CARD };
    return scene_card_begin(page, SURFACE_CARD);
}

void scene_rows_end(struct scene_page *page, struct scene_card card)
{
    if (card.node != NO_CARD)
        scene_card_end(page, card);
}

/* In one line where both have room, else the value below its name. */
void scene_lead_row(struct scene_page *page, const char *id, const char *label, const char *value,
                    enum icon icon, enum intent intent, int argument)
{
    const int label_style = STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT);
    const int value_style = label_style | STYLE_BOLD;
    const int padding = scene_px(page, theme_padding_dp(SURFACE_BUTTON) + 16);
    const int side = scene_px(page, 48), gap = scene_px(page, 20);
    const int x = page->column.x + padding;
    const int width = page->column.width - 2 * padding - side - gap;
    const int size = scene_style_px(page, label_style), pitch = text_layout_pitch(size);
    const bool is_bare = value[0] == '\0';
    const int value_width =
        is_bare ? 0 : text_layout_width(FONT_BOLD, size, value, -1) + scene_px(page, 8) + gap;
    const bool beside = text_layout_width(FONT_REGULAR, size, label, -1) + value_width <= width;
    const int label_height = beside ? pitch : scene_words_height(page, label_style, label, width);
    const int value_height =
        beside || is_bare ? 0 : scene_words_height(page, value_style, value, width);
    const int least = scene_px(page, 92), air = scene_px(page, 16);
    const int words = label_height + value_height + 2 * air;
    char spoken[256];
    scene_gap(page, 16);
    const struct ui_rect rect =
        scene_take(page, (words > least ? words : least) + scene_grow(page, 40, 60));
    const char *between = is_bare ? "" : page->language == LANGUAGE_ZH ? "：" : ": ";
    text_format(spoken, sizeof spoken, "%s%s%s", label, between, value);
    scene_button(page, rect, id, scene_own(page, spoken),
                 STYLE(SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT) | STYLE_SPOKEN_ONLY,
                 intent, argument);
    const int y = rect.y + (rect.height - label_height - value_height) / 2;
    scene_put_text(page,
                   (struct ui_rect){ x, y, beside ? width - value_width : width, label_height },
                   label, label_style)
        ->spoken = "";
    if (!is_bare)
        scene_put_text(
            page,
            beside ? (struct ui_rect){ x + width - value_width + gap, y, value_width - gap, pitch }
                   : (struct ui_rect){ x, y + label_height, width, value_height },
            value, beside ? value_style | STYLE(0, 0, 0, ALIGN_RIGHT) : value_style)
            ->spoken = "";
    scene_put_icon(
        page, (struct ui_rect){ x + width + gap, rect.y + (rect.height - side) / 2, side, side },
        icon, STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
}

void scene_figure_row(struct scene_page *page, int insurance, enum view_figure figure,
                      const char *label, const char *value)
{
    char id[32];
    text_format(id, sizeof id, "figure.%d.%d", insurance, (int)figure);
    scene_lead_row(page, id, label, value, ICON_INFO, INTENT_FIGURE,
                   VIEW_FIGURE(insurance, figure));
}

int scene_grid_columns(const struct scene_page *page, const char *longest, int most)
{
    const int needed = text_layout_width(FONT_BOLD, scene_size_px(page, SIZE_BODY), longest, -1) +
                       2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON) + 8);
    const int gap = scene_px(page, GRID_GAP_DP);
    int columns = most;
    while (columns > 1 && (page->column.width - gap * (columns - 1)) / columns < needed)
        columns--;
    return columns;
}

struct scene_grid scene_grid_begin(struct scene_page *page, const char *prefix, int columns,
                                   int count)
{
    const int rows = (count + columns - 1) / columns;
    return (struct scene_grid){ .prefix = prefix,
                                .columns = columns,
                                .height = scene_px(page, page->wide ? 88 : 108) +
                                          scene_grow(page, 40 * rows, 160 * rows) / rows,
                                .top = page->column.y };
}

struct ui_node *scene_grid_add(struct scene_page *page, struct scene_grid *grid, int number,
                               const char *text, enum intent intent, int argument, bool enabled,
                               bool selected)
{
    const int gap = scene_px(page, GRID_GAP_DP);
    const int width = (page->column.width - gap * (grid->columns - 1)) / grid->columns;
    const struct ui_rect rect = { page->column.x + grid->slot % grid->columns * (width + gap),
                                  grid->top + grid->slot / grid->columns * (grid->height + gap),
                                  width, grid->height };
    const enum theme_surface surface = !enabled   ? SURFACE_BUTTON_OFF
                                       : selected ? SURFACE_BUTTON_PRIMARY
                                                  : SURFACE_BUTTON;
    struct ui_node *node = scene_button(page, rect, grid->prefix, text,
                                        STYLE(surface, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE) |
                                            (selected ? STYLE_BOLD : 0),
                                        intent, argument);
    const int at = (int)(node - page->tree->nodes);
    ui_tree_name(page->tree, node, "%s.%d", grid->prefix, number);
    node->role = UI_ROLE_CHOICE;
    node->enabled = enabled;
    node->selected = selected;
    if (selected)
        scene_tick(page, rect.x + scene_px(page, 10), rect.y + scene_px(page, 8),
                   scene_px(page, 28));
    grid->slot++;
    return &page->tree->nodes[at];
}

void scene_grid_end(struct scene_page *page, const struct scene_grid *grid)
{
    const int rows = (grid->slot + grid->columns - 1) / grid->columns;
    if (rows > 0)
        page->column.y = grid->top + rows * grid->height + (rows - 1) * scene_px(page, GRID_GAP_DP);
}

/* ---- beside what is shown: where it comes from ---- */

#define WHY_GAP_DP 16
#define WHY_LEAST_DP 112
#define WHY_MOST_DP 176

/* 0: no room beside; it will stand below. */
static int why_width(const struct scene_page *page)
{
    const int words = text_layout_width(FONT_BOLD, scene_size_px(page, SIZE_BODY),
                                        scene_text(page, STR_WHY_BUTTON), -1) +
                      2 * scene_px(page, 20);
    const int least = scene_px(page, WHY_LEAST_DP), width = words > least ? words : least;
    const bool fits = !page->is_last_try && width <= scene_px(page, WHY_MOST_DP) &&
                      (page->elder ? 6 : 4) * width <= page->column.width;
    return fits ? width : 0;
}

struct scene_why scene_why_begin(struct scene_page *page)
{
    const struct scene_why why = { page->column, why_width(page), scene_keep_begin(page) };
    if (why.width > 0)
        page->column.width -= why.width + scene_px(page, WHY_GAP_DP);
    return why;
}

static struct ui_rect why_rect(struct scene_page *page, const struct scene_why *why)
{
    const int top = why->column.y, least = scene_px(page, 92);
    if (why->width == 0) {
        scene_gap(page, 12);
        return scene_take(page, least);
    }
    const int height = page->column.y - top > least ? page->column.y - top : least;
    page->column.x = why->column.x;
    page->column.width = why->column.width;
    page->column.y = top + height;
    return (struct ui_rect){ why->column.x + why->column.width - why->width, top, why->width,
                             height };
}

void scene_why_end(struct scene_page *page, struct scene_why why, int insurance,
                   enum view_figure figure, const char *name)
{
    const struct ui_rect rect = why_rect(page, &why);
    char id[32];
    text_format(id, sizeof id, "why.%d.%d", insurance, (int)figure);
    struct ui_node *node =
        scene_button(page, rect, scene_own(page, id), scene_text(page, STR_WHY_BUTTON),
                     STYLE(SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD,
                     INTENT_FIGURE, VIEW_FIGURE(insurance, figure));
    node->spoken = SCENE_FORMAT(page, STR_WHY_SPOKEN, { "name", name });
    if (!page->is_last_try)
        scene_keep_end(page, why.first);
}
