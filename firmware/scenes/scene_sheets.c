/*
 * A body that does not fit the panel, or that has controls out of reach, as sheets: blocks in
 * reading order flow from column to column and from sheet to sheet, and a row of buttons turns the
 * sheets. The title stands on each of them.
 *
 * A block is what lies beside one another: a node begins a new one when it lies wholly below all
 * nodes before it. Cards hold their pieces, so that they are one block each.
 */
#include "scenes/scene_parts.h"

#include <string.h>

#include "ui/text_layout.h"

#define BLOCKS_MAX 48
#define PAGER_DP 104
#define PAGER_GAP_DP 20

struct block {
    int first, end; /* nodes */
    int top, bottom;
    int gap; /* to the block above */
    bool has_target;
    int sheet, column, y; /* where it goes */
};

struct sheets {
    struct block blocks[BLOCKS_MAX];
    int count;
    int columns, column_width;
    int top, bottom; /* of the blocks */
    int total;       /* sheets */
};

int scene_keep_begin(const struct scene_page *page)
{
    return page->tree->count;
}

void scene_keep_end(struct scene_page *page, int first)
{
    if (page->keep_count == SCENE_KEEPS_MAX)
        return;
    page->keep_first[page->keep_count] = first;
    page->keep_end[page->keep_count++] = page->tree->count;
}

static bool is_kept_with_last(const struct scene_page *page, int index)
{
    for (int i = 0; i < page->keep_count; i++) {
        if (index > page->keep_first[i] && index < page->keep_end[i])
            return true;
    }
    return false;
}

static bool is_target(const struct ui_node *node)
{
    return node->intent != 0;
}

static void extend(struct block *block, const struct ui_node *node, int index)
{
    const int bottom = node->rect.y + node->rect.height;
    block->end = index + 1;
    block->top = node->rect.y < block->top ? node->rect.y : block->top;
    block->bottom = bottom > block->bottom ? bottom : block->bottom;
    block->has_target |= is_target(node);
}

static void join_last(struct sheets *sheets)
{
    struct block *into = &sheets->blocks[sheets->count - 2];
    const struct block *last = &sheets->blocks[--sheets->count];
    into->end = last->end;
    into->top = last->top < into->top ? last->top : into->top;
    into->bottom = last->bottom > into->bottom ? last->bottom : into->bottom;
    into->has_target |= last->has_target;
}

static void find_blocks(const struct scene_page *page, struct sheets *sheets, int first)
{
    const struct ui_tree *tree = page->tree;
    int lowest = 0; /* blocks before this belong to the column on the left */
    for (int i = first; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        const bool turns = page->first_node > 0 && i == page->first_node;
        struct block *last = sheets->count > lowest ? &sheets->blocks[sheets->count - 1] : NULL;
        if (turns)
            lowest = sheets->count;
        if (!turns && last && (node->rect.y < last->bottom || is_kept_with_last(page, i))) {
            extend(last, node, i);
        } else if (sheets->count < BLOCKS_MAX) {
            sheets->blocks[sheets->count++] =
                (struct block){ .first = i, .top = node->rect.y, .bottom = node->rect.y };
            extend(&sheets->blocks[sheets->count - 1], node, i);
        } else {
            page->tree->overflow = true;
            return;
        }
        while (sheets->count > lowest + 1 &&
               sheets->blocks[sheets->count - 1].top < sheets->blocks[sheets->count - 2].bottom)
            join_last(sheets);
    }
}

static void measure_gaps(const struct scene_page *page, struct sheets *sheets)
{
    for (int i = 1; i < sheets->count; i++) {
        const int gap = sheets->blocks[i].top - sheets->blocks[i - 1].bottom;
        /* The second column began beside the first. */
        sheets->blocks[i].gap =
            gap > 0 && gap < page->panel->height_px / 4 ? gap : scene_px(page, 24);
    }
}

static int block_width(const struct scene_page *page, const struct block *block)
{
    int left = page->panel->width_px, right = 0;
    for (int i = block->first; i < block->end; i++) {
        const struct ui_rect rect = page->tree->nodes[i].rect;
        left = rect.x < left ? rect.x : left;
        right = rect.x + rect.width > right ? rect.x + rect.width : right;
    }
    return right - left;
}

static void choose_columns(const struct scene_page *page, struct sheets *sheets)
{
    const int half = (page->body.width - scene_px(page, SCENE_COLUMN_GAP_DP)) / 2;
    sheets->columns = page->wide ? 2 : 1;
    for (int i = 0; i < sheets->count; i++) {
        if (block_width(page, &sheets->blocks[i]) > half)
            sheets->columns = 1;
    }
    sheets->column_width = half;
}

static bool is_title(const struct scene_page *page, const struct block *block)
{
    return page->title > 0 && page->title >= block->first && page->title < block->end;
}

static int first_y(const struct sheets *sheets, const struct block *title, int column)
{
    return title && (column == 0 || sheets->columns == 1) ? title->bottom - title->top + sheets->top
                                                          : sheets->top;
}

/* Puts each block on its sheet; a block of controls waits for the part of the panel in reach. */
static void place(const struct scene_page *page, struct sheets *sheets)
{
    const struct block *title = NULL;
    int sheet = 0, column = 0, y = sheets->top;
    bool is_first = true;
    for (int i = 0; i < sheets->count; i++) {
        struct block *block = &sheets->blocks[i];
        const int height = block->bottom - block->top;
        const int room = sheets->bottom - height;
        int at = is_first && !title ? y : y + block->gap;
        if (block->has_target && at < page->reach_top)
            at = page->reach_top < room || room < sheets->top ? page->reach_top : room;
        if (at > room && !is_first) {
            column = (column + 1) % sheets->columns;
            sheet += column == 0;
            y = at = first_y(sheets, title, column);
            if (title && (column == 0 || sheets->columns == 1))
                at += block->gap;
            if (block->has_target && at < page->reach_top)
                at = page->reach_top < room ? page->reach_top : room > at ? room : at;
        }
        block->sheet = sheet;
        block->column = column;
        block->y = at;
        y = at + height;
        is_first = false;
        if (!title && is_title(page, block)) {
            title = block;
            is_first = true;
        }
    }
    sheets->total = sheet + 1;
}

static int column_x(const struct scene_page *page, const struct sheets *sheets, int column)
{
    return column == 0 ? page->body.x : page->body.x + page->body.width - sheets->column_width;
}

/* Where the column the block was built in began. */
static int built_x(const struct scene_page *page, const struct sheets *sheets,
                   const struct block *block)
{
    const bool is_second = page->first_node > 0 && block->first >= page->first_node;
    return column_x(page, sheets, is_second && page->wide ? 1 : 0);
}

static int wanted_sheet(const struct scene_page *page, const struct sheets *sheets)
{
    return page->view->page < sheets->total ? page->view->page : sheets->total - 1;
}

static void keep_sheet(struct scene_page *page, const struct sheets *sheets, int sheet)
{
    struct ui_node *nodes = page->tree->nodes;
    int out = sheets->count > 0 ? sheets->blocks[0].first : page->tree->count;
    for (int i = 0; i < sheets->count; i++) {
        const struct block *block = &sheets->blocks[i];
        const bool pinned = is_title(page, block);
        if (block->sheet != sheet && !pinned)
            continue;
        const int right = sheets->columns == 1 ? 0
                                               : column_x(page, sheets, block->column) -
                                                     built_x(page, sheets, block);
        for (int node = block->first; node < block->end; node++) {
            nodes[out] = nodes[node];
            nodes[out].rect.x += right;
            nodes[out].rect.y += block->y - block->top;
            out++;
        }
    }
    page->tree->count = out;
}

static void turn_button(struct scene_page *page, struct ui_rect rect, const char *id,
                        enum string_id words, int sheet, bool enabled)
{
    const enum theme_surface surface = enabled ? SURFACE_BUTTON : SURFACE_BUTTON_OFF;
    struct ui_node *node =
        scene_button(page, rect, id, scene_text(page, words),
                     STYLE(surface, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE), INTENT_PAGE, sheet);
    node->enabled = enabled;
}

static void pager(struct scene_page *page, const struct sheets *sheets, int sheet)
{
    const int height = scene_px(page, PAGER_DP), gap = scene_px(page, PAGER_GAP_DP);
    const int y = page->body.bottom - height, x = page->body.x;
    const int width = (page->body.width - 2 * gap) / 3;
    turn_button(page, (struct ui_rect){ x, y, width, height }, "sheet.before", STR_SHEET_BEFORE,
                sheet - 1, sheet > 0);
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT, (struct ui_rect){ x + width + gap, y, width, height },
                    STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "sheet.number");
    node->text = SCENE_FORMAT(page, STR_SHEET_NUMBER, { "number", scene_count(page, sheet + 1) },
                              { "total", scene_count(page, sheets->total) });
    turn_button(page, (struct ui_rect){ x + 2 * (width + gap), y, width, height }, "sheet.after",
                STR_SHEET_AFTER, sheet + 1, sheet + 1 < sheets->total);
}

void scene_lay_sheets(struct scene_page *page, int first)
{
    struct sheets sheets = { .top = page->body_top, .bottom = page->body.bottom };
    if (page->tree->count == first)
        return;
    find_blocks(page, &sheets, first);
    measure_gaps(page, &sheets);
    choose_columns(page, &sheets);
    place(page, &sheets);
    if (sheets.total > 1) {
        sheets.bottom -= scene_px(page, PAGER_DP + PAGER_GAP_DP);
        place(page, &sheets);
    }
    const int sheet = wanted_sheet(page, &sheets);
    keep_sheet(page, &sheets, sheet);
    if (sheets.total > 1)
        pager(page, &sheets, sheet);
}
