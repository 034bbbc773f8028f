/*
 * Golden listings: what is drawn, one line a node, so that a review reads a diff. Millimetres with
 * one decimal: a pixel more or less does not change them, a line more or less does.
 */
#include <errno.h>
#include <string.h>

#include "access_internal.h"
#include "tool.h"

static const char *const ROLE_NAMES[] = {
    [UI_ROLE_BOX] = "box",
    [UI_ROLE_TEXT] = "text",
    [UI_ROLE_BUTTON] = "button",
    [UI_ROLE_CHOICE] = "choice",
    [UI_ROLE_PROGRESS] = "progress",
    [UI_ROLE_TIMER] = "timer",
    [UI_ROLE_IMAGE] = "image",
    [UI_ROLE_QR] = "qr",
    [UI_ROLE_SIGNATURE] = "signature",
};

static const char *const SURFACE_NAMES[SURFACES] = {
    [SURFACE_NONE] = "-",
    [SURFACE_PAGE] = "page",
    [SURFACE_HEADER] = "header",
    [SURFACE_FOOTER] = "footer",
    [SURFACE_CARD] = "card",
    [SURFACE_CHOICE] = "choice",
    [SURFACE_CARD_SELECTED] = "card-selected",
    [SURFACE_CARD_OFF] = "card-off",
    [SURFACE_SEAL] = "seal",
    [SURFACE_TILE] = "tile",
    [SURFACE_BUTTON] = "button",
    [SURFACE_BUTTON_PRIMARY] = "button-primary",
    [SURFACE_BUTTON_OFF] = "button-off",
    [SURFACE_PILL] = "pill",
    [SURFACE_TAG] = "tag",
    [SURFACE_TAG_GOOD] = "tag-good",
    [SURFACE_TAG_CAUTION] = "tag-caution",
    [SURFACE_TAG_BAD] = "tag-bad",
    [SURFACE_BANNER] = "banner",
    [SURFACE_BANNER_GOOD] = "banner-good",
    [SURFACE_BANNER_CAUTION] = "banner-caution",
    [SURFACE_BANNER_BAD] = "banner-bad",
    [SURFACE_SUM] = "sum",
    [SURFACE_RULE] = "rule",
    [SURFACE_STEP_DONE] = "step-done",
    [SURFACE_STEP_OPEN] = "step-open",
    [SURFACE_SCRIM] = "scrim",
    [SURFACE_DIALOG] = "dialog",
};

static const char *const SIZE_NAMES[SIZES] = { "small", "body",   "button", "head", "key",
                                               "title", "figure", "amount", "huge" };
static const char *const INK_NAMES[INKS] = { "",        "strong", "paper",   "second",
                                             "primary", "good",   "caution", "bad" };
static const char *const ALIGN_NAMES[] = { "left", "centre", "right" };

static void write_text(FILE *file, const char *mark, const char *text)
{
    fprintf(file, " %s\"", mark);
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            fputs("\\n", file);
        else
            fputc(*text, file);
    }
    fputc('"', file);
}

static void write_style(FILE *file, const struct ui_node *node)
{
    fprintf(file, " %s", SURFACE_NAMES[style_surface(node->style)]);
    if (!node->text || node->style & STYLE_SPOKEN_ONLY)
        return;
    fprintf(file, " %s %s%s%s", SIZE_NAMES[style_size(node->style)],
            ALIGN_NAMES[style_align(node->style)], style_ink(node->style) ? " " : "",
            INK_NAMES[style_ink(node->style)]);
    if (node->style & STYLE_BOLD)
        fputs(" bold", file);
}

static void write_node(FILE *file, const struct access_screen *screen, const struct ui_node *node)
{
    fprintf(file, "%-8s %6.1f %6.1f %6.1f %6.1f", ROLE_NAMES[node->role],
            mm_of(screen, node->rect.x), mm_of(screen, node->rect.y),
            mm_of(screen, node->rect.width), mm_of(screen, node->rect.height));
    write_style(file, node);
    if (node->role == UI_ROLE_IMAGE)
        fprintf(file, " icon %d", node->image);
    if (node->role == UI_ROLE_PROGRESS || node->role == UI_ROLE_TIMER)
        fprintf(file, " %lld/%lld", (long long)node->value, (long long)node->value_max);
    if (node->id[0] != '\0')
        fprintf(file, " #%s", node->id);
    if (node->intent != INTENT_NONE)
        fprintf(file, " -> %s(%d)", intent_name((enum intent)node->intent), node->argument);
    fprintf(file, "%s%s%s%s", node->primary ? " primary" : "", node->selected ? " selected" : "",
            node->enabled ? "" : " off", node->is_private ? " private" : "");
    if (node->text)
        write_text(file, node->style & STYLE_SPOKEN_ONLY ? "named " : "", node->text);
    if (node->spoken)
        write_text(file, "said ", node->spoken);
    fputc('\n', file);
}

struct listing {
    const char *folder;
    bool failed;
};

static void list_screen(void *context, const struct access_screen *screen)
{
    struct listing *listing = context;
    char path[512];
    tool_path(path, sizeof(path), listing->folder, screen, "txt");
    FILE *file = fopen(path, "w");
    if (!file) {
        fprintf(stderr, "access: %s: %s\n", path, strerror(errno));
        listing->failed = true;
        return;
    }
    for (int i = 0; i < screen->tree->count; i++)
        write_node(file, screen, &screen->tree->nodes[i]);
    listing->failed |= fclose(file) != 0;
}

int tool_list(const struct tool_options *options)
{
    struct listing listing = { options->out, false };
    tool_for_each(options, list_screen, &listing);
    return listing.failed ? 1 : 0;
}
