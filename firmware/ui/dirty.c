#include "ui/dirty.h"

#include "ui/strokes.h"

static bool overlap(struct ui_rect a, struct ui_rect b)
{
    return !ui_rect_is_empty(ui_rect_cut(a, b));
}

static int64_t area(struct ui_rect rect)
{
    return (int64_t)rect.width * rect.height;
}

/* Overlapping ones always: a pixel painted twice with a blended edge would show it. */
static void join_overlapping(struct dirty *dirty)
{
    for (int i = 0; i < dirty->count; i++) {
        for (int j = i + 1; j < dirty->count; j++) {
            if (!overlap(dirty->rects[i], dirty->rects[j]))
                continue;
            dirty->rects[i] = ui_rect_join(dirty->rects[i], dirty->rects[j]);
            dirty->rects[j] = dirty->rects[--dirty->count];
            i = -1;
            break;
        }
    }
}

static int cheapest_to_join(const struct dirty *dirty, struct ui_rect rect)
{
    int best = 0;
    int64_t least = INT64_MAX;
    for (int i = 0; i < dirty->count; i++) {
        const int64_t cost = area(ui_rect_join(dirty->rects[i], rect)) - area(dirty->rects[i]);
        if (cost < least) {
            least = cost;
            best = i;
        }
    }
    return best;
}

void dirty_add(struct dirty *dirty, struct ui_rect rect)
{
    if (ui_rect_is_empty(rect))
        return;
    if (dirty->count < DIRTY_RECTS_MAX) {
        dirty->rects[dirty->count++] = rect;
    } else {
        const int best = cheapest_to_join(dirty, rect);
        dirty->rects[best] = ui_rect_join(dirty->rects[best], rect);
    }
    join_overlapping(dirty);
}

static void compare_ink(struct dirty *dirty, const struct ui_tree *before,
                        const struct ui_tree *after)
{
    if (strokes_are_same(&before->strokes, &after->strokes))
        return;
    for (int i = 0; i < after->count; i++) {
        if (after->nodes[i].role == UI_ROLE_SIGNATURE)
            dirty_add(dirty, after->nodes[i].rect);
    }
}

void dirty_compare(struct dirty *dirty, const struct ui_tree *before, const struct ui_tree *after)
{
    const int least = before->count < after->count ? before->count : after->count;
    int head = 0, tail = 0;
    while (head < least && ui_node_looks_same(&before->nodes[head], &after->nodes[head]))
        head++;
    while (tail < least - head && ui_node_looks_same(&before->nodes[before->count - 1 - tail],
                                                     &after->nodes[after->count - 1 - tail]))
        tail++;
    const int end_before = before->count - tail, end_after = after->count - tail;
    const bool aligned = end_before == end_after;
    for (int i = head; i < end_before; i++) {
        if (!aligned || !ui_node_looks_same(&before->nodes[i], &after->nodes[i]))
            dirty_add(dirty, before->nodes[i].rect);
    }
    for (int i = head; i < end_after; i++) {
        if (!aligned || !ui_node_looks_same(&before->nodes[i], &after->nodes[i]))
            dirty_add(dirty, after->nodes[i].rect);
    }
    compare_ink(dirty, before, after);
}
