/*
 * A screen as a list of nodes: what is drawn, what can be touched, what is read aloud and what
 * automation reads are the same list. Scenes build it from a view; nothing else draws. The order of
 * the list is the order of painting, of reading and of the focus.
 *
 * Ownership: the tree owns its texts (one arena); rebuilt for each view. No allocation.
 */
#pragma once
#include "ui/theme.h"
#include <stdbool.h>
#include <stdint.h>

#define UI_NODES_MAX 224
#define UI_ARENA_SIZE 24576
#define UI_ID_SIZE 32

struct ui_rect {
    int x, y, width, height; /* pixels of the panel */
};

enum ui_role {
    UI_ROLE_BOX, /* a surface: card, header, footer */
    UI_ROLE_TEXT,
    UI_ROLE_BUTTON,
    UI_ROLE_CHOICE,   /* selectable: .selected */
    UI_ROLE_PROGRESS, /* .value of .value_max */
    UI_ROLE_TIMER,    /* the ring: .value of .value_max seconds */
    UI_ROLE_IMAGE,
    UI_ROLE_QR,        /* .text is what the code carries; .spoken what it is good for */
    UI_ROLE_SIGNATURE, /* a field written on with the finger; the tree's strokes */
};

struct ui_node {
    char
        id[UI_ID_SIZE]; /* stable, for automation: "home.start", "lang", "months.2"; may be empty */
    enum ui_role role;
    struct ui_rect rect;
    const char *text;   /* what is shown and said; may be NULL */
    const char *spoken; /* what is said instead; NULL: the text; "": nothing, it is decoration */
    bool is_private;    /* about the person: said only where nobody else can listen */
    bool enabled, selected, primary;
    int intent, argument; /* what a touch means; intent 0: not a target */
    int64_t value, value_max;
    int style; /* ui/theme.h: colours, size, weight, alignment */
    int image; /* ui/icons.h */
};

#define UI_STROKE_POINTS_MAX 768
#define UI_STROKE_RANGE 4096

/* What was written on the signature field, in 1/4096 of its width and height. */
struct ui_strokes {
    int count;
    struct ui_stroke_point {
        uint16_t x, y;
        bool begins; /* the finger was put down here */
    } points[UI_STROKE_POINTS_MAX];
};

struct ui_tree {
    struct ui_node nodes[UI_NODES_MAX];
    int count;
    char arena[UI_ARENA_SIZE];
    int arena_used;
    struct ui_strokes strokes;
    struct ui_look look;
    bool is_staff;   /* a page of the staff: never read aloud */
    uint32_t screen; /* another number: another screen, not the same one drawn anew */
    bool overflow;   /* a node or text did not fit: a bug, CHECKed in tests */
};

/* The topmost enabled target at a point, or NULL. */
const struct ui_node *ui_tree_hit(const struct ui_tree *tree, int x, int y);
const struct ui_node *ui_tree_find(const struct ui_tree *tree, const char *id);

/* Building. A tree that is full keeps its last node for the caller to write to and sets overflow.
 */
void ui_tree_reset(struct ui_tree *tree);
struct ui_node *ui_tree_add(struct ui_tree *tree, enum ui_role role, struct ui_rect rect,
                            int style);
void ui_tree_name(struct ui_tree *tree, struct ui_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* A copy in the tree's arena; never NULL. */
const char *ui_tree_text(struct ui_tree *tree, const char *text);

/* A deep copy: texts of the arena move with it. */
void ui_tree_copy(struct ui_tree *to, const struct ui_tree *from);

/* Would both be painted alike? Ids and intents do not count. */
bool ui_node_looks_same(const struct ui_node *a, const struct ui_node *b);

/* Can it be touched, and reached by keys? */
static inline bool ui_node_is_target(const struct ui_node *node)
{
    return node->enabled && node->intent != 0;
}

/* Must a hand get there? A control, also one that is off now, or a field to write on. */
static inline bool ui_node_is_for_hand(const struct ui_node *node)
{
    return node->intent != 0 || node->role == UI_ROLE_SIGNATURE;
}

static inline bool ui_look_is_same(struct ui_look a, struct ui_look b)
{
    return a.large == b.large && a.contrast == b.contrast && a.right_to_left == b.right_to_left;
}

static inline bool ui_rect_contains(struct ui_rect rect, int x, int y)
{
    return x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
}

static inline bool ui_rect_is_same(struct ui_rect a, struct ui_rect b)
{
    return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height;
}

static inline bool ui_rect_is_empty(struct ui_rect rect)
{
    return rect.width <= 0 || rect.height <= 0;
}

static inline struct ui_rect ui_rect_cut(struct ui_rect a, struct ui_rect b)
{
    const int x = a.x > b.x ? a.x : b.x, y = a.y > b.y ? a.y : b.y;
    const int right = a.x + a.width < b.x + b.width ? a.x + a.width : b.x + b.width;
    const int bottom = a.y + a.height < b.y + b.height ? a.y + a.height : b.y + b.height;
    return (struct ui_rect){ x, y, right - x, bottom - y };
}

static inline struct ui_rect ui_rect_join(struct ui_rect a, struct ui_rect b)
{
    const int x = a.x < b.x ? a.x : b.x, y = a.y < b.y ? a.y : b.y;
    const int right = a.x + a.width > b.x + b.width ? a.x + a.width : b.x + b.width;
    const int bottom = a.y + a.height > b.y + b.height ? a.y + a.height : b.y + b.height;
    return (struct ui_rect){ x, y, right - x, bottom - y };
}
