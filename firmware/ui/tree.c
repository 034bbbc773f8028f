#include "ui/tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

void ui_tree_reset(struct ui_tree *tree)
{
    /* What a citizen typed does not outlive the screen that showed it. */
    explicit_bzero(tree->arena, sizeof(tree->arena));
    tree->count = 0;
    tree->arena_used = 0;
    explicit_bzero(&tree->strokes, sizeof(tree->strokes));
    tree->look = (struct ui_look){ 0 };
    tree->is_staff = false;
    tree->screen = 0;
    tree->overflow = false;
}

struct ui_node *ui_tree_add(struct ui_tree *tree, enum ui_role role, struct ui_rect rect, int style)
{
    if (tree->count == UI_NODES_MAX) {
        tree->overflow = true;
        tree->count--; /* the last one gives way, so that the caller has a node to write to */
    }
    struct ui_node *node = &tree->nodes[tree->count++];
    *node = (struct ui_node){ .role = role, .rect = rect, .style = style, .enabled = true };
    return node;
}

const char *ui_tree_text(struct ui_tree *tree, const char *text)
{
    char *out = tree->arena + tree->arena_used;
    const size_t room = UI_ARENA_SIZE - (size_t)tree->arena_used;
    if (room == 0) {
        tree->overflow = true;
        return "";
    }
    if (!text_copy(out, room, text))
        tree->overflow = true;
    tree->arena_used += (int)strlen(out) + 1;
    return out;
}

void ui_tree_name(struct ui_tree *tree, struct ui_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(node->id, sizeof(node->id), format, arguments);
    va_end(arguments);
    if (length < 0 || length >= UI_ID_SIZE)
        tree->overflow = true;
}

static const char *moved(const char *text, const struct ui_tree *from, struct ui_tree *to)
{
    if (text >= from->arena && text < from->arena + UI_ARENA_SIZE)
        return to->arena + (text - from->arena);
    return text;
}

void ui_tree_copy(struct ui_tree *to, const struct ui_tree *from)
{
    to->count = from->count;
    to->arena_used = from->arena_used;
    to->strokes = from->strokes;
    to->look = from->look;
    to->is_staff = from->is_staff;
    to->screen = from->screen;
    to->overflow = from->overflow;
    memcpy(to->nodes, from->nodes, sizeof(from->nodes[0]) * (size_t)from->count);
    memcpy(to->arena, from->arena, (size_t)from->arena_used);
    explicit_bzero(to->arena + from->arena_used, UI_ARENA_SIZE - (size_t)from->arena_used);
    for (int i = 0; i < to->count; i++) {
        to->nodes[i].text = moved(from->nodes[i].text, from, to);
        to->nodes[i].spoken = moved(from->nodes[i].spoken, from, to);
    }
}

static bool same_text(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    return strcmp(a, b) == 0;
}

bool ui_node_looks_same(const struct ui_node *a, const struct ui_node *b)
{
    return a->role == b->role && ui_rect_is_same(a->rect, b->rect) && a->style == b->style &&
           a->image == b->image && a->enabled == b->enabled && a->selected == b->selected &&
           a->primary == b->primary && a->value == b->value && a->value_max == b->value_max &&
           same_text(a->text, b->text);
}

const struct ui_node *ui_tree_hit(const struct ui_tree *tree, int x, int y)
{
    for (int i = tree->count - 1; i >= 0; i--) {
        if (ui_node_is_target(&tree->nodes[i]) && ui_rect_contains(tree->nodes[i].rect, x, y))
            return &tree->nodes[i];
    }
    return NULL;
}

const struct ui_node *ui_tree_find(const struct ui_tree *tree, const char *id)
{
    for (int i = 0; i < tree->count; i++) {
        if (strcmp(tree->nodes[i].id, id) == 0)
            return &tree->nodes[i];
    }
    return NULL;
}
