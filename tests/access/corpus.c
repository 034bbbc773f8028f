#include <string.h>

#include "access_internal.h"

#define PARTS_MAX 16

const struct access_mode ACCESS_MODE_LIST[ACCESS_MODES] = {
    { "usual", false, false, false, false },   { "large", true, false, false, false },
    { "contrast", false, true, false, false }, { "low-reach", false, false, true, false },
    { "all-three", true, true, true, false },  { "spoken", false, false, false, true },
};

void access_build(const struct access_corpus *corpus, int index, const struct access_mode *mode,
                  int part, struct session_view *view, struct ui_tree *tree)
{
    struct variant variant;
    variant_get(index, &variant);
    *view = variant.view;
    view->language = corpus->column;
    view->modes.large = mode->large;
    view->modes.contrast = mode->contrast;
    view->modes.low_reach = mode->low_reach;
    view->modes.spoken = mode->spoken;
    view->page = part;
    view->overlay_page = part; /* what lies over the page has parts of its own */
    variant_build(variant.build, view, &PANEL_LIST[corpus->panel], tree);
}

/* A part leads on when it has a control for the part after it. */
static bool leads_on(const struct ui_tree *tree, int part)
{
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *node = &tree->nodes[i];
        if (node->enabled && node->intent == INTENT_PAGE && node->argument == part + 1)
            return true;
    }
    return false;
}

/* All parts of one screen: each is built once. */
struct parts {
    struct ui_tree trees[PARTS_MAX];
    struct session_view views[PARTS_MAX];
    int count;
};

static void build_parts(const struct access_corpus *corpus, int variant,
                        const struct access_mode *mode, struct parts *parts)
{
    parts->count = 0;
    do {
        const int part = parts->count++;
        access_build(corpus, variant, mode, part, &parts->views[part], &parts->trees[part]);
    } while (leads_on(&parts->trees[parts->count - 1], parts->count - 1) &&
             parts->count < PARTS_MAX);
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same_node(const struct ui_node *a, const struct ui_node *b)
{
    return ui_node_looks_same(a, b) && strcmp(a->id, b->id) == 0 && a->intent == b->intent &&
           a->argument == b->argument && a->is_private == b->is_private &&
           is_same_text(a->spoken, b->spoken);
}

static bool are_same_trees(const struct ui_tree *a, const struct ui_tree *b)
{
    bool same =
        a->count == b->count && ui_look_is_same(a->look, b->look) && a->overflow == b->overflow;
    for (int i = 0; same && i < a->count; i++)
        same = is_same_node(&a->nodes[i], &b->nodes[i]);
    return same;
}

static void visit_part(const struct access_corpus *corpus, const struct access_screen *screen,
                       const struct parts *usual, access_visit *visit, void *context)
{
    struct access_screen one = *screen;
    one.language = corpus->language;
    one.panel = &PANEL_LIST[corpus->panel];
    one.panel_name = PANEL_NAMES[corpus->panel];
    one.is_known = one.mode->spoken && one.part < usual->count && one.parts == usual->count &&
                   are_same_trees(one.tree, &usual->trees[one.part]);
    visit(context, &one);
}

static void visit_variant(const struct access_corpus *corpus, int index, access_visit *visit,
                          void *context)
{
    static struct parts usual, others;
    struct variant variant;
    variant_get(index, &variant);
    usual.count = 0;
    for (int i = 0; i < ACCESS_MODES; i++) {
        const struct access_mode *mode = &ACCESS_MODE_LIST[i];
        struct parts *parts = i == 0 ? &usual : &others;
        if (corpus->mode && strcmp(corpus->mode, mode->name) != 0)
            continue;
        build_parts(corpus, index, mode, parts);
        for (int part = 0; part < parts->count; part++)
            visit_part(corpus,
                       &(struct access_screen){ .variant = variant.name,
                                                .mode = mode,
                                                .view = &parts->views[part],
                                                .tree = &parts->trees[part],
                                                .part = part,
                                                .parts = parts->count },
                       &usual, visit, context);
    }
}

static bool is_wanted(const struct access_corpus *corpus, const char *name)
{
    if (corpus->name)
        return strcmp(name, corpus->name) == 0;
    return strncmp(name, corpus->prefix, strlen(corpus->prefix)) == 0;
}

void access_for_each(const struct access_corpus *corpus, access_visit *visit, void *context)
{
    for (int i = 0; i < variant_count(); i++) {
        struct variant variant;
        variant_get(i, &variant);
        if (!is_wanted(corpus, variant.name))
            continue;
        visit_variant(corpus, i, visit, context);
    }
}
