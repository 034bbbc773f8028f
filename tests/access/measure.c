#include <string.h>

#include "access_internal.h"
#include "base/text.h"

double mm_of(const struct access_screen *screen, int px)
{
    return (double)px * screen->panel->width_mm / screen->panel->width_px;
}

static int px_of_dp(const struct access_screen *screen, int dp)
{
    return theme_px(theme_scale(screen->panel->width_px, screen->panel->width_mm), dp);
}

int size_px_of(const struct access_screen *screen, const struct ui_node *node)
{
    return px_of_dp(screen, theme_size_dp(screen->tree->look, style_size(node->style)));
}

bool is_target(const struct ui_node *node)
{
    return node->intent != INTENT_NONE;
}

bool shows_text(const struct ui_node *node)
{
    return node->text && node->text[0] != '\0' && !(node->style & STYLE_SPOKEN_ONLY) &&
           node->role != UI_ROLE_IMAGE && node->role != UI_ROLE_PROGRESS &&
           node->role != UI_ROLE_QR && node->role != UI_ROLE_SIGNATURE;
}

bool rect_holds(struct ui_rect outer, struct ui_rect inner)
{
    return ui_rect_is_same(ui_rect_cut(outer, inner), inner);
}

bool rects_meet(struct ui_rect a, struct ui_rect b)
{
    return !ui_rect_is_empty(ui_rect_cut(a, b));
}

int gap_between(struct ui_rect a, struct ui_rect b)
{
    const int right = a.x > b.x ? a.x - (b.x + b.width) : b.x - (a.x + a.width);
    const int down = a.y > b.y ? a.y - (b.y + b.height) : b.y - (a.y + a.height);
    return right > down ? right : down;
}

int over_from(const struct ui_tree *tree)
{
    int last = 0;
    for (int i = 0; i < tree->count; i++) {
        if (style_surface(tree->nodes[i].style) == SURFACE_SCRIM)
            last = i;
    }
    return last;
}

bool is_under_scrim(const struct ui_tree *tree, int index)
{
    for (int i = index + 1; i < tree->count; i++) {
        if (style_surface(tree->nodes[i].style) == SURFACE_SCRIM &&
            rects_meet(tree->nodes[index].rect, tree->nodes[i].rect))
            return true;
    }
    return false;
}

void lines_of(const struct access_screen *screen, const struct ui_node *node,
              struct text_lines *out)
{
    const int padding = px_of_dp(screen, theme_padding_dp(style_surface(node->style)));
    text_layout_wrap(style_weight(node->style), size_px_of(screen, node), node->text,
                     node->rect.width - 2 * padding, out);
}

uint32_t next_code(const char **cursor)
{
    return text_next(cursor);
}

bool is_chinese(uint32_t code)
{
    return code >= 0x2E80 && code < 0xFE00;
}

bool has_chinese(const char *text)
{
    for (const char *cursor = text; *cursor != '\0';) {
        if (is_chinese(text_next(&cursor)))
            return true;
    }
    return false;
}

bool is_bidi_mark(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0x200E || code == 0x200F;
}
