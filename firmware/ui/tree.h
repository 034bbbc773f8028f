/*
 * A screen as a list of nodes: what is drawn, what can be touched, what automation (and later
 * speech) reads are the same list. Scenes build it from a view; nothing else draws.
 *
 * Ownership: the tree owns its texts (one arena); rebuilt for each view. No allocation.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define UI_NODES_MAX 160
#define UI_ARENA_SIZE 24576
#define UI_ID_SIZE 32

struct ui_rect {
    int x, y, width, height; /* pixels of the panel */
};

enum ui_role {
    UI_ROLE_BOX,      /* a surface: card, header, footer */
    UI_ROLE_TEXT,
    UI_ROLE_BUTTON,
    UI_ROLE_CHOICE,   /* selectable: .selected */
    UI_ROLE_PROGRESS, /* .value of .value_max */
    UI_ROLE_TIMER,    /* the ring: .value of .value_max seconds */
    UI_ROLE_IMAGE,
};

struct ui_node {
    char id[UI_ID_SIZE]; /* stable, for automation: "home.start", "lang", "months.2"; may be empty */
    enum ui_role role;
    struct ui_rect rect;
    const char *text;    /* what is shown and said; may be NULL */
    bool enabled, selected, primary;
    int intent, argument; /* what a touch means; intent 0: not a target */
    int64_t value, value_max;
    int style;           /* ui/theme.h: colours, size, weight, alignment */
    int image;           /* ui/icons.h */
};

struct ui_tree {
    struct ui_node nodes[UI_NODES_MAX];
    int count;
    char arena[UI_ARENA_SIZE];
    int arena_used;
    bool overflow; /* a node or text did not fit: a bug, CHECKed in tests */
};

/* The topmost enabled target at a point, or NULL. */
const struct ui_node *ui_tree_hit(const struct ui_tree *tree, int x, int y);
const struct ui_node *ui_tree_find(const struct ui_tree *tree, const char *id);
