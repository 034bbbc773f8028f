#include "scenes/scene_parts.h"

void scene_second_column(struct scene_page *page)
{
    if (!page->wide)
        return;
    const int width = (page->body.width - scene_px(page, SCENE_COLUMN_GAP_DP)) / 2;
    page->side = 1;
    page->first_node = page->tree->count;
    page->column.x = page->body.x + page->body.width - width;
    page->column.y = page->body.y;
    page->column.width = width;
}

struct scene_mark scene_mark(const struct scene_page *page)
{
    return (struct scene_mark){ *page, page->tree->count, page->tree->arena_used };
}

void scene_rewind(struct scene_page *page, const struct scene_mark *mark)
{
    *page = mark->page;
    page->tree->count = mark->nodes;
    page->tree->arena_used = mark->arena_used;
}

bool scene_fits(const struct scene_page *page)
{
    return page->column.y <= page->body.bottom;
}

static int ink_bottom(const struct scene_page *page, int first, int end)
{
    int bottom = page->body.y;
    for (int i = first; i < end; i++) {
        const struct ui_rect rect = page->tree->nodes[i].rect;
        bottom = rect.y + rect.height > bottom ? rect.y + rect.height : bottom;
    }
    return bottom;
}

/* The nodes of a column: [first, end). */
static void nodes_of(const struct scene_page *page, int start, int side, int *first, int *end)
{
    *first = side == 0 ? start : page->first_node;
    *end = side == 0 && page->first_node > 0 ? page->first_node : page->tree->count;
}

static int left_over(const struct scene_page *page, int start, int side)
{
    int first, end;
    if (side == 1 && page->first_node == 0)
        return 0;
    nodes_of(page, start, side, &first, &end);
    return page->body.bottom - ink_bottom(page, first, end);
}

int scene_grow(struct scene_page *page, int share, int most_dp)
{
    const int side = page->side, most = scene_px(page, most_dp);
    const int growth = (int)((int64_t)share * page->spread[side] / 1000);
    if (page->rigid)
        return 0;
    if (growth >= most)
        return most;
    page->shares[side] += share;
    return growth;
}

void scene_heading_begin(struct scene_page *page)
{
    page->rigid = true;
}

void scene_heading_end(struct scene_page *page)
{
    page->rigid = false;
    page->body.y = page->column.y;
}

void scene_spring(struct scene_page *page)
{
    page->column.y += scene_grow(page, 4000, 2000);
}

void scene_centre(struct scene_page *page)
{
    page->centred[page->side] = true;
}

static void move_down(struct scene_page *page, int start, int side)
{
    const int down = left_over(page, start, side) / 2;
    int first, end;
    nodes_of(page, start, side, &first, &end);
    for (int i = first; i < end && down > 0; i++)
        page->tree->nodes[i].rect.y += down;
}

/* A page for elders never gets smaller type, only less on it, or more sheets. */
static enum scene_room room_of(const struct scene_page *page, int level)
{
    const enum scene_room least = page->elder ? ROOM_USUAL : ROOM_TIGHT;
    return level < (int)least ? (enum scene_room)level : least;
}

static void build_again(struct scene_page *page, scene_body *body, const struct scene_mark *start,
                        int level, const int spread[2])
{
    const bool is_last_try = page->is_last_try;
    scene_rewind(page, start);
    page->is_last_try = is_last_try;
    page->level = level;
    page->room = room_of(page, level);
    page->spread[0] = spread[0];
    page->spread[1] = spread[1];
    body(page);
}

/*
 * Pieces that are as high as they may be leave more to the others: a second and third round. A body
 * that drops a piece when it grows (it then has more left than before), or whose second column
 * begins lower for the growth of the first and now ends too low, is taken as it was.
 */
static void share_out(struct scene_page *page, scene_body *body, const struct scene_mark *start)
{
    const int level = page->level, first = start->nodes;
    for (int round = 0; round < 3; round++) {
        const int before[2] = { page->spread[0], page->spread[1] };
        const int left[2] = { left_over(page, first, 0), left_over(page, first, 1) };
        int spread[2] = { before[0], before[1] };
        for (int side = 0; side < 2; side++) {
            if (left[side] > 0 && page->shares[side] > 0)
                spread[side] += (int)((int64_t)left[side] * 1000 / page->shares[side]);
        }
        if (spread[0] == before[0] && spread[1] == before[1])
            return;
        build_again(page, body, start, level, spread);
        const int now[2] = { left_over(page, first, 0), left_over(page, first, 1) };
        if (now[0] > left[0] || now[1] > left[1] || now[0] < 0 || now[1] < 0) {
            build_again(page, body, start, level, before);
            return;
        }
    }
}

static bool fits_whole(const struct scene_page *page, int start)
{
    return left_over(page, start, 0) >= 0 && left_over(page, start, 1) >= 0;
}

static bool is_in_reach(const struct scene_page *page, int start)
{
    for (int i = start; i < page->tree->count; i++) {
        const struct ui_node *node = &page->tree->nodes[i];
        if (ui_node_is_for_hand(node) && node->rect.y < page->reach_top)
            return false;
    }
    return true;
}

static void spread(struct scene_page *page, scene_body *body, const struct scene_mark *start)
{
    share_out(page, body, start);
    for (int side = 0; side < 2; side++) {
        if (page->centred[side])
            move_down(page, start->nodes, side);
    }
}

/* On sheets there is room for all of it, unless one piece alone is too much. */
static void lay_sheets(struct scene_page *page, scene_body *body, const struct scene_mark *start,
                       int levels)
{
    static const int NONE[2] = { 0, 0 };
    for (int level = ROOM_USUAL; level < levels; level++) {
        page->is_last_try = level == levels - 1;
        build_again(page, body, start, level, NONE);
        if (scene_lay_sheets(page, start->nodes, level == levels - 1))
            return;
    }
}

void scene_build_body(struct scene_page *page, scene_body *body, int levels)
{
    static const int NONE[2] = { 0, 0 };
    const struct scene_mark start = scene_mark(page);
    bool fits = false;
    for (int level = 0; level < levels && !fits; level++) {
        build_again(page, body, &start, level, NONE);
        fits = fits_whole(page, start.nodes);
    }
    if (fits && is_in_reach(page, start.nodes))
        spread(page, body, &start);
    else
        lay_sheets(page, body, &start, levels);
    scene_draw_footer(page);
}
