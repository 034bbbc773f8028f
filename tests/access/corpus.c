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
    scene_build(view, &PANEL_LIST[corpus->panel], tree);
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

static int count_parts(const struct access_corpus *corpus, int variant,
                       const struct access_mode *mode)
{
    static struct ui_tree tree;
    struct session_view view;
    int part = 0;
    do {
        access_build(corpus, variant, mode, part, &view, &tree);
    } while (leads_on(&tree, part) && ++part < PARTS_MAX);
    return part + 1;
}

static void visit_parts(const struct access_corpus *corpus, int index,
                        const struct access_mode *mode, access_visit *visit, void *context)
{
    static struct ui_tree tree;
    struct session_view view;
    struct variant variant;
    variant_get(index, &variant);
    const int parts = count_parts(corpus, index, mode);
    for (int part = 0; part < parts; part++) {
        access_build(corpus, index, mode, part, &view, &tree);
        visit(context, &(struct access_screen){ .variant = variant.name,
                                                .language = corpus->language,
                                                .mode = mode,
                                                .panel_name = PANEL_NAMES[corpus->panel],
                                                .panel = &PANEL_LIST[corpus->panel],
                                                .view = &view,
                                                .tree = &tree,
                                                .part = part,
                                                .parts = parts });
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
        for (int mode = 0; mode < ACCESS_MODES; mode++) {
            if (!corpus->mode || strcmp(corpus->mode, ACCESS_MODE_LIST[mode].name) == 0)
                visit_parts(corpus, i, &ACCESS_MODE_LIST[mode], visit, context);
        }
    }
}
