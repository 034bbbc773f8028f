/*
 * A body that does not fit the panel, or that has controls out of reach, as sheets: blocks in
 * reading order flow from column to column and from sheet to sheet, and a row of buttons turns the
 * sheets. The title stands on each of them.
 *
 * A block is what lies beside one another: a node begins a new one when it lies wholly below all
 * nodes before it. Cards hold their pieces, so that they are one block each; a card higher than a
 * sheet is opened, and its pieces get a card of their own on each sheet.
 */
#include "scenes/scene_parts.h"

#include <string.h>

#include "ui/text_layout.h"

#define BLOCKS_MAX 64
#define SHELLS_MAX 8
#define PAGER_DP 104
#define PAGER_GAP_DP 20

struct block {
    int first, end; /* nodes */
    int top, bottom;
    int gap; /* to the block above */
    bool has_target;
    int shell;            /* the box of the opened card it was in, or -1 */
    int sheet, column, y; /* where it goes */
};

struct sheets {
    struct block blocks[BLOCKS_MAX];
    int count;
    int columns, column_width;
    int top, bottom; /* of the blocks */
    int total;       /* sheets */
    struct ui_node shells[SHELLS_MAX];
    int shell_count;
    int opened[SHELLS_MAX]; /* nodes of cards that are opened though they would fit on a sheet */
    int opened_count;
};

/* On every sheet but its own the title is a line of body size. */
static int title_style(void)
{
    return STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD;
}

static int title_height(const struct scene_page *page)
{
    if (page->title == 0)
        return 0;
    const struct ui_node *node = &page->tree->nodes[page->title];
    return text_layout_height(FONT_BOLD, scene_size_px(page, SIZE_BODY), node->text,
                              node->rect.width);
}

/* Wide enough for its words, and never more than leaves room for the number between. */
static int turn_width(const struct scene_page *page)
{
    static const enum string_id WORDS[] = { STR_SHEET_BEFORE, STR_SHEET_AFTER };
    const int gap = scene_px(page, PAGER_GAP_DP), number = scene_px(page, 128);
    const int most = (page->body.width - 2 * gap - number) / 2;
    int width = (page->body.width - 2 * gap) / 3;
    for (int i = 0; i < 2; i++) {
        const int words = text_layout_width(FONT_REGULAR, scene_size_px(page, SIZE_BODY),
                                            scene_text(page, WORDS[i]), -1) +
                          scene_px(page, 2 * theme_padding_dp(SURFACE_BUTTON) + 8);
        width = words > width ? words : width;
    }
    return width < most ? width : most;
}

/* As high as its words are, in a long language. */
static int pager_height(const struct scene_page *page)
{
    static const enum string_id WORDS[] = { STR_SHEET_BEFORE, STR_SHEET_AFTER };
    const int inner = turn_width(page) - 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    int most = scene_px(page, PAGER_DP);
    for (int i = 0; i < 2; i++) {
        const int height = text_layout_height(FONT_REGULAR, scene_size_px(page, SIZE_BODY),
                                              scene_text(page, WORDS[i]), inner) +
                           scene_px(page, 16);
        most = height > most ? height : most;
    }
    return most;
}

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
    block->has_target |= ui_node_is_for_hand(node);
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

static bool contains(struct ui_rect outer, struct ui_rect inner)
{
    return ui_rect_is_same(ui_rect_cut(outer, inner), inner);
}

static bool is_card(const struct ui_node *node)
{
    return node->role == UI_ROLE_BOX && !is_target(node) &&
           theme_padding_dp(style_surface(node->style)) > 0;
}

/* A card nobody can touch, higher than a sheet or chosen to be opened. */
static bool must_open(const struct scene_page *page, const struct sheets *sheets, int index)
{
    const struct ui_node *node = &page->tree->nodes[index];
    if (!is_card(node))
        return false;
    for (int i = 0; i < sheets->opened_count; i++) {
        if (sheets->opened[i] == index)
            return true;
    }
    return node->rect.height > sheets->bottom - sheets->top - title_height(page) -
                                   pager_height(page) - scene_px(page, PAGER_GAP_DP);
}

static void open_card(struct sheets *sheets, const struct ui_node *node)
{
    if (sheets->shell_count < SHELLS_MAX)
        sheets->shells[sheets->shell_count++] = *node;
}

static int shell_of(const struct sheets *sheets, const struct ui_node *node)
{
    const int last = sheets->shell_count - 1;
    return last >= 0 && contains(sheets->shells[last].rect, node->rect) ? last : -1;
}

static void begin_block(struct scene_page *page, struct sheets *sheets, int index, int shell)
{
    const struct ui_node *node = &page->tree->nodes[index];
    if (sheets->count == BLOCKS_MAX) {
        page->tree->overflow = true;
        return;
    }
    struct block *block = &sheets->blocks[sheets->count++];
    *block = (struct block){
        .first = index, .top = node->rect.y, .bottom = node->rect.y, .shell = shell
    };
    extend(block, node, index);
}

static void find_blocks(struct scene_page *page, struct sheets *sheets, int first)
{
    const struct ui_tree *tree = page->tree;
    int lowest = 0; /* blocks before this belong to the column on the left */
    for (int i = first; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        if (page->first_node > 0 && i == page->first_node)
            lowest = sheets->count;
        if (must_open(page, sheets, i)) {
            open_card(sheets, node);
            continue;
        }
        const int shell = shell_of(sheets, node);
        struct block *last = sheets->count > lowest ? &sheets->blocks[sheets->count - 1] : NULL;
        if (last && last->shell == shell && i == last->end &&
            (node->rect.y < last->bottom || is_kept_with_last(page, i)))
            extend(last, node, i);
        else
            begin_block(page, sheets, i, shell);
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

/* Where the first block of a column stands, below the title if that is repeated there. */
static int first_y(const struct scene_page *page, const struct sheets *sheets,
                   const struct block *title, int column)
{
    if (!title || column > 0)
        return sheets->top;
    return sheets->top + title_height(page) + scene_px(page, 20);
}

static int shell_padding(const struct scene_page *page, const struct sheets *sheets,
                         const struct block *block)
{
    if (block->shell < 0)
        return 0;
    const int style = sheets->shells[block->shell].style;
    return scene_px(page, theme_padding_dp(style_surface(style)) * 5 / 8);
}

/* A block of controls waits for the part of the panel in reach, or ends at its foot. */
static int in_reach(const struct scene_page *page, const struct block *block, int at, int room)
{
    if (!block->has_target || at >= page->reach_top)
        return at;
    return page->reach_top <= room ? page->reach_top : room > at ? room : at;
}

static void place(const struct scene_page *page, struct sheets *sheets)
{
    const struct block *title = NULL, *before = NULL; /* before: on the same sheet and column */
    int sheet = 0, column = 0, y = sheets->top;
    for (int i = 0; i < sheets->count; i++) {
        struct block *block = &sheets->blocks[i];
        const int padding = shell_padding(page, sheets, block);
        const int height = block->bottom - block->top, room = sheets->bottom - height - padding;
        const bool enters = !before || before->shell != block->shell;
        int at = y + (before ? block->gap : 0);
        if (enters && before)
            at += shell_padding(page, sheets, before);
        if (!before && block->shell >= 0)
            at += padding;
        at = in_reach(page, block, at, room);
        if (at > room && before) {
            column = (column + 1) % sheets->columns;
            sheet += column == 0;
            at = first_y(page, sheets, title, column) + padding;
            at = in_reach(page, block, at, room);
        }
        block->sheet = sheet;
        block->column = column;
        block->y = at;
        y = at + height;
        before = block;
        if (!title && is_title(page, block))
            title = block;
    }
    sheets->total = sheet + 1;
}

static bool all_fit(const struct scene_page *page, const struct sheets *sheets)
{
    for (int i = 0; i < sheets->count; i++) {
        const struct block *block = &sheets->blocks[i];
        if (block->y + block->bottom - block->top + shell_padding(page, sheets, block) >
                sheets->bottom ||
            (block->has_target && block->y < page->reach_top))
            return false;
    }
    return true;
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
    const struct session_view *view = page->view;
    const int wanted = view->overlay == OVERLAY_NONE ? view->page : view->overlay_page;
    return wanted < sheets->total ? wanted : sheets->total - 1;
}

/* The nodes of the sheet, in order; a card that was opened is drawn anew around its pieces. */
struct out {
    struct ui_node nodes[UI_NODES_MAX];
    int count;
    int shell, shell_node;
};

static void put_shell(const struct scene_page *page, const struct sheets *sheets,
                      const struct block *block, struct out *out, int right)
{
    const int padding = shell_padding(page, sheets, block);
    if (block->shell < 0 || out->count == UI_NODES_MAX) {
        out->shell = -1;
        return;
    }
    if (out->shell != block->shell) {
        struct ui_node *node = &out->nodes[out->count];
        *node = sheets->shells[block->shell];
        node->rect.x += right;
        node->rect.y = block->y - padding;
        out->shell = block->shell;
        out->shell_node = out->count++;
    }
    struct ui_rect *rect = &out->nodes[out->shell_node].rect;
    rect->height = block->y + block->bottom - block->top + padding - rect->y;
}

static void put_block(const struct scene_page *page, const struct sheets *sheets,
                      const struct block *block, struct out *out)
{
    const int right = sheets->columns == 1
                          ? 0
                          : column_x(page, sheets, block->column) - built_x(page, sheets, block);
    put_shell(page, sheets, block, out, right);
    for (int i = block->first; i < block->end && out->count < UI_NODES_MAX; i++) {
        struct ui_node *node = &out->nodes[out->count++];
        *node = page->tree->nodes[i];
        node->rect.x += right;
        node->rect.y += block->y - block->top;
    }
}

static void put_title(const struct scene_page *page, const struct sheets *sheets, struct out *out)
{
    struct ui_node *node = &out->nodes[out->count++];
    *node = page->tree->nodes[page->title];
    node->style = title_style();
    node->rect.x = page->body.x;
    node->rect.y = sheets->top;
    node->rect.height = title_height(page);
}

static void keep_sheet(struct scene_page *page, const struct sheets *sheets, int first, int sheet)
{
    static struct out out; /* main loop only; as large as a tree */
    out.count = 0;
    out.shell = -1;
    int column = 0;
    for (int i = 0; i < sheets->count; i++) {
        const struct block *block = &sheets->blocks[i];
        if (block->sheet != sheet && is_title(page, block) && sheet > block->sheet)
            put_title(page, sheets, &out);
        if (block->sheet != sheet)
            continue;
        if (block->column != column)
            out.shell = -1; /* in the next column the card begins anew */
        column = block->column;
        put_block(page, sheets, block, &out);
    }
    if (first + out.count > UI_NODES_MAX) {
        page->tree->overflow = true;
        out.count = UI_NODES_MAX - first;
    }
    memcpy(&page->tree->nodes[first], out.nodes, sizeof(out.nodes[0]) * (size_t)out.count);
    page->tree->count = first + out.count;
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

/* "Part 2 of 3", or 2 / 3 where that is too long. */
static void sheet_number(struct scene_page *page, struct ui_rect rect, int number, int total)
{
    const struct string_value values[] = { { "number", scene_count(page, number) },
                                           { "total", scene_count(page, total) } };
    const char *words = scene_format(page, STR_SHEET_NUMBER, values, 2);
    const int size = scene_size_px(page, SIZE_BODY);
    const bool fits = text_layout_width(FONT_BOLD, size, words, -1) <= rect.width;
    const char *shown = fits ? words : scene_format(page, STR_SHEET_SHORT, values, 2);
    const enum theme_size type = scene_size_for(page, shown, rect.width, SIZE_BODY);
    struct ui_node *node =
        ui_tree_add(page->tree, UI_ROLE_TEXT, rect,
                    STYLE(SURFACE_NONE, type, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD);
    ui_tree_name(page->tree, node, "sheet.number");
    node->text = shown;
    node->spoken = words;
}

static void pager(struct scene_page *page, const struct sheets *sheets, int sheet)
{
    const int height = pager_height(page), gap = scene_px(page, PAGER_GAP_DP);
    const int y = page->body.bottom - height, x = page->body.x;
    const int width = turn_width(page);
    turn_button(page, (struct ui_rect){ x, y, width, height }, "sheet.before", STR_SHEET_BEFORE,
                sheet - 1, sheet > 0);
    sheet_number(
        page, (struct ui_rect){ x + width + gap, y, page->body.width - 2 * (width + gap), height },
        sheet + 1, sheets->total);
    turn_button(page, (struct ui_rect){ x + page->body.width - width, y, width, height },
                "sheet.after", STR_SHEET_AFTER, sheet + 1, sheet + 1 < sheets->total);
}

static void lay(struct scene_page *page, struct sheets *sheets, int first)
{
    sheets->count = sheets->shell_count = 0;
    sheets->bottom = page->body.bottom;
    find_blocks(page, sheets, first);
    measure_gaps(page, sheets);
    choose_columns(page, sheets);
    place(page, sheets);
    if (sheets->total > 1) {
        sheets->bottom -= pager_height(page) + scene_px(page, PAGER_GAP_DP);
        place(page, sheets);
    }
}

/* A card that went to the next sheet and left more than a third of this one empty: its pieces are
 * to flow. Returns its node, or -1. */
static int card_to_open(const struct scene_page *page, const struct sheets *sheets)
{
    const int most = sheets->bottom - (sheets->bottom - sheets->top) / 3;
    for (int i = 1; i < sheets->count; i++) {
        const struct block *before = &sheets->blocks[i - 1], *block = &sheets->blocks[i];
        const bool turns = before->sheet != block->sheet || before->column != block->column;
        const int low = before->y + before->bottom - before->top;
        if (turns && low < most && block->shell < 0 && is_card(&page->tree->nodes[block->first]) &&
            block->end - block->first > 2)
            return block->first;
    }
    return -1;
}

bool scene_lay_sheets(struct scene_page *page, int first, bool at_last)
{
    struct sheets sheets = { .top = page->body_top };
    lay(page, &sheets, first);
    for (int node = card_to_open(page, &sheets); node >= 0 && sheets.opened_count < SHELLS_MAX - 2;
         node = card_to_open(page, &sheets)) {
        sheets.opened[sheets.opened_count++] = node;
        lay(page, &sheets, first);
    }
    if (!all_fit(page, &sheets) && !at_last)
        return false;
    const int sheet = wanted_sheet(page, &sheets);
    keep_sheet(page, &sheets, first, sheet);
    if (sheets.total > 1)
        pager(page, &sheets, sheet);
    return true;
}
