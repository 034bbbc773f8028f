#include "scenes/scene_parts.h"

#include "ui/text_layout.h"

#define EDGE_DP 38 /* left and right in a tile; the tick stands in it */

/* Where no day is fixed and nothing is late, a tile has no line for it. */
static bool shows_due(const struct session_view *view)
{
    bool found = false;
    for (int i = 0; i < view->month_count; i++)
        found = found || view->months[i].due_date > 0 || view->months[i].is_late;
    return found;
}

static const char *due_words(const struct scene_page *page, const struct view_month *month)
{
    if (month->is_late)
        return scene_text(page, STR_MONTHS_LATE);
    return month->due_date > 0 ? SCENE_FORMAT(page, STR_MONTHS_BY,
                                              { "date", scene_due_date(page, month->due_date) })
                               : "";
}

/* Sizes alike in all tiles: those of the longest words. */
struct grid {
    int columns, rows, gap;
    int line_count; /* below the title */
    enum theme_size title, line;
};

/* A month in between may be paid already. */
static int unpaid_of(const struct session_view *view, int count)
{
    int unpaid = 0;
    for (int i = 0; i < count; i++)
        unpaid += view->months[i].amount_fen > 0;
    return unpaid;
}

/* Elders choose among a month, a quarter, half a year and a year, and see what they chose. */
static bool shows_months(const struct scene_page *page, int count)
{
    const struct session_view *view = page->view;
    if (view->months[count - 1].is_not_sold)
        return false;
    const bool round = count == 1 || count == 3 || count == 6 || count == 12;
    return !page->elder || round || count == view->months_chosen || count == view->months_min;
}

static void due_line(struct scene_page *page, const struct grid *grid,
                     const struct view_month *month, bool chosen)
{
    const enum theme_ink ink = chosen ? INK_PAPER : month->is_late ? INK_STRONG : INK_SECOND;
    const char *words = due_words(page, month);
    if (words[0] != '\0')
        scene_words(page, words,
                    STYLE(SURFACE_NONE, grid->line, ink, ALIGN_CENTRE) |
                        (month->is_late ? STYLE_BOLD : 0));
}

static void month_choice(struct scene_page *page, const struct grid *grid, struct ui_rect rect,
                         int count, int64_t sum_fen)
{
    const struct session_view *view = page->view;
    const bool chosen = count == view->months_chosen;
    const bool enough = count >= view->months_min;
    const enum theme_surface surface = chosen   ? SURFACE_BUTTON_PRIMARY
                                       : enough ? SURFACE_BUTTON
                                                : SURFACE_BUTTON_OFF;
    const enum theme_ink ink = chosen ? INK_PAPER : INK_STRONG;
    const enum theme_ink second = chosen ? INK_PAPER : enough ? INK_SECOND : INK_STRONG;
    const char *words = scene_months(page, unpaid_of(view, count));
    char id[] = "months.00";
    id[7] = (char)(count < 10 ? '0' + count : '0' + count / 10);
    id[8] = (char)(count < 10 ? '\0' : '0' + count % 10);
    struct ui_node *node =
        scene_button(page, rect, id, words,
                     STYLE(surface, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_SPOKEN_ONLY,
                     INTENT_CHOOSE_MONTHS, count);
    node->role = UI_ROLE_CHOICE;
    node->selected = chosen;
    node->enabled = enough;
    const int side = scene_px(page, 28), edge = scene_px(page, EDGE_DP);
    if (chosen)
        scene_tick(page, rect.x + scene_px(page, 8), rect.y + scene_px(page, 16), side);
    const struct scene_column column = page->column;
    const char *sum = scene_amount(page, sum_fen);
    const int lines[] = { text_layout_pitch(scene_size_px(page, grid->title)),
                          text_layout_pitch(scene_size_px(page, grid->line)) };
    page->column =
        (struct scene_column){ rect.x + edge,
                               rect.y + (rect.height - lines[0] - grid->line_count * lines[1]) / 2,
                               rect.width - 2 * edge, column.bottom };
    scene_words(page, words, STYLE(SURFACE_NONE, grid->title, ink, ALIGN_CENTRE) | STYLE_BOLD);
    scene_words(page,
                SCENE_FORMAT(page, STR_MONTHS_TO,
                             { "month", scene_month(page, view->months[count - 1].month) }),
                STYLE(SURFACE_NONE, grid->line, second, ALIGN_CENTRE));
    scene_words(page, sum,
                STYLE(SURFACE_NONE, grid->line, chosen ? INK_PAPER : INK_PRIMARY, ALIGN_CENTRE) |
                    STYLE_BOLD);
    if (grid->line_count > 2)
        due_line(page, grid, &view->months[count - 1], chosen);
    page->column = column;
}

static int tile_inner(const struct scene_page *page, int width, int columns)
{
    return (width - scene_px(page, 20) * (columns - 1)) / columns - scene_px(page, 2 * EDGE_DP);
}

/* Sum, last month and their number in one line each, in the smallest type. */
static int least_inner(const struct scene_page *page, int64_t sum_fen)
{
    const struct session_view *view = page->view;
    const int size = scene_size_px(page, SIZE_SMALL);
    const int sum = text_layout_width(FONT_BOLD, size, scene_amount(page, sum_fen), -1);
    const char *last = scene_month(page, view->months[view->month_count - 1].month);
    const int to = text_layout_width(FONT_REGULAR, size,
                                     SCENE_FORMAT(page, STR_MONTHS_TO, { "month", last }), -1);
    const int words = text_layout_width(FONT_BOLD, size, scene_months(page, view->month_count), -1);
    int most = sum > to ? sum : to;
    most = words > most ? words : most;
    for (int i = 0; i < view->month_count; i++) {
        const int due = text_layout_width(FONT_BOLD, size, due_words(page, &view->months[i]), -1);
        most = due > most ? due : most;
    }
    return most;
}

static enum theme_size line_size(const struct scene_page *page, int64_t sum_fen, int inner)
{
    const struct session_view *view = page->view;
    const enum theme_size most = page->room == ROOM_AMPLE ? SIZE_BUTTON : SIZE_SMALL;
    const char *last = scene_month(page, view->months[view->month_count - 1].month);
    enum theme_size size = scene_size_for(page, scene_amount(page, sum_fen), inner, most);
    for (int i = 0; i < view->month_count; i++)
        size = scene_size_for(page, due_words(page, &view->months[i]), inner, size);
    return scene_size_for(page, SCENE_FORMAT(page, STR_MONTHS_TO, { "month", last }), inner, size);
}

static struct grid grid_of(const struct scene_page *page, int width)
{
    const struct session_view *view = page->view;
    const int gap = scene_px(page, 20);
    int tiles = 0;
    for (int i = 1; i <= view->month_count; i++)
        tiles += shows_months(page, i);
    int columns = page->wide && tiles > 6 ? 4 : tiles == 4 ? 2 : 3;
    int64_t sum_fen = 0;
    for (int i = 0; i < view->month_count; i++)
        sum_fen += view->months[i].amount_fen;
    const int least = least_inner(page, sum_fen);
    while (columns > 1 && tile_inner(page, width, columns) < least)
        columns--;
    const int inner = tile_inner(page, width, columns);
    static const enum theme_size TITLES[] = { SIZE_KEY, SIZE_BUTTON, SIZE_BODY };
    return (struct grid){
        .columns = columns,
        .rows = (tiles + columns - 1) / columns,
        .gap = gap,
        .line_count = shows_due(view) ? 3 : 2,
        .title =
            scene_size_for(page, scene_months(page, view->month_count), inner, TITLES[page->room]),
        .line = line_size(page, sum_fen, inner),
    };
}

static void month_grid(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const struct grid grid = grid_of(page, page->column.width);
    const int rows = grid.rows, gap = grid.gap;
    const int words = text_layout_pitch(scene_size_px(page, grid.title)) +
                      grid.line_count * text_layout_pitch(scene_size_px(page, grid.line)) +
                      scene_px(page, page->room == ROOM_TIGHT ? 12 : 28);
    const int height = words + scene_grow(page, 200 * rows, 220 * rows) / rows;
    const int width = (page->column.width - gap * (grid.columns - 1)) / grid.columns;
    int64_t sum_fen = 0;
    int slot = 0;
    for (int i = 0; i < view->month_count; i++) {
        sum_fen += view->months[i].amount_fen;
        if (!shows_months(page, i + 1))
            continue;
        const struct ui_rect rect = { page->column.x + slot % grid.columns * (width + gap),
                                      page->column.y + slot / grid.columns * (height + gap), width,
                                      height };
        month_choice(page, &grid, rect, i + 1, sum_fen);
        slot++;
    }
    page->column.y += rows * height + (rows - 1) * gap;
}

static const char *sum_words(const struct scene_page *page)
{
    const struct session_view *view = page->view;
    const int last = view->months_chosen - 1;
    if (last < 0 || last >= view->month_count)
        return scene_text(page, STR_MONTHS_DUE);
    if (last == 0)
        return scene_month(page, view->months[0].month);
    return SCENE_FORMAT(page, STR_UNIT_MONTH_RANGE,
                        { "first", scene_month(page, view->months[0].month) },
                        { "last", scene_month(page, view->months[last].month) });
}

static void heading(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const month_index first = view->month_count > 0 ? view->months[0].month : view->first_month;
    scene_title(page, scene_text(page, STR_MONTHS_TITLE));
    scene_lead(page, SCENE_FORMAT(page, STR_MONTHS_LEAD, { "month", scene_month(page, first) }));
}

/* What is in the sum besides the months themselves. */
static void extras(struct scene_page *page)
{
    const struct session_view *view = page->view;
    int64_t surcharge_fen = 0;
    for (int i = 0; i < view->months_chosen && i < view->month_count; i++)
        surcharge_fen += view->months[i].surcharge_fen;
    scene_differences(page);
    if (surcharge_fen > 0)
        scene_words(
            page,
            SCENE_FORMAT(page, STR_DUE_SURCHARGE, { "amount", scene_yuan(page, surcharge_fen) }),
            scene_caption(page, INK_STRONG));
}

/* Whoever owes earlier months may leave them out, and who owes none may pay some. */
static void beginnings(struct scene_page *page)
{
    const struct session_view *view = page->view;
    const struct scene_action turns[2] = {
        { "months.earlier", scene_text(page, STR_MONTHS_EARLIER), INTENT_EARLIER, 0,
          view->can_begin_earlier, false },
        { "months.later", scene_text(page, STR_MONTHS_LATER), INTENT_LATER, 0,
          view->can_begin_later, false },
    };
    if (!view->can_begin_earlier && !view->can_begin_later)
        return;
    scene_pair(page, turns, SIZE_BODY);
    scene_gap(page, 20);
}

/* A wide panel has the sum beside the title and the months across the whole width. */
static void heading_and_sum(struct scene_page *page)
{
    const struct scene_column half = page->column;
    heading(page);
    const int left = page->column.y;
    page->column = half;
    page->column.x = page->body.x + page->body.width - half.width;
    scene_sum(page, sum_words(page), page->view->due_fen);
    extras(page);
    scene_gap(page, 20);
    const int y = page->column.y > left ? page->column.y : left;
    page->column = page->body;
    page->column.y = y;
}

static void body(struct scene_page *page)
{
    if (page->wide)
        heading_and_sum(page);
    else
        heading(page);
    beginnings(page);
    if (page->view->month_count > 0)
        month_grid(page);
    if (page->wide)
        return;
    scene_gap(page, 36);
    scene_sum(page, sum_words(page), page->view->due_fen);
    scene_gap(page, 10);
    extras(page);
}

void scene_months_page(const struct session_view *view, const struct scene_panel *panel,
                       struct ui_tree *tree)
{
    struct scene_page page;
    scene_page_begin(&page, view, panel, tree);
    scene_footer_usual(&page, true, scene_text(&page, STR_FOOTER_NEXT), view->months_chosen > 0);
    scene_build_body(&page, body, SCENE_LEVELS);
}
