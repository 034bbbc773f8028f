#include "scenes/scene_parts.h"

#include <string.h>

#include "base/check.h"
#include "scenes/scene_parts_internal.h"
#include "ui/text_layout.h"

int scene_style_px(const struct scene_page *page, int style)
{
    return scene_size_px(page, style_size(style));
}

struct ui_rect scene_take(struct scene_page *page, int height)
{
    const struct ui_rect rect = { page->column.x, page->column.y, page->column.width, height };
    page->column.y += height;
    return rect;
}

int scene_words_height(const struct scene_page *page, int style, const char *text, int width)
{
    return text_layout_height(style_weight(style), scene_style_px(page, style), text, width);
}

struct ui_node *scene_put_text(struct scene_page *page, struct ui_rect rect, const char *text,
                               int style)
{
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_TEXT, rect, style);
    node->text = text;
    return node;
}

void scene_put_icon(struct scene_page *page, struct ui_rect rect, enum icon icon, int style)
{
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_IMAGE, rect, style);
    node->image = (int)icon;
    node->spoken = ""; /* words beside it say the same */
}

void scene_gap(struct scene_page *page, int dp)
{
    page->column.y += scene_px(page, dp) + scene_grow(page, dp, dp);
}

struct ui_node *scene_words(struct scene_page *page, const char *text, int style)
{
    return scene_put_text(
        page, scene_take(page, scene_words_height(page, style, text, page->column.width)), text,
        style);
}

static enum theme_size prose_size(const struct scene_page *page)
{
    static const enum theme_size SIZES_OF_ROOM[] = { SIZE_BUTTON, SIZE_BODY, SIZE_SMALL };
    if (page->is_last_try)
        return SIZE_SMALL;
    if (page->room == ROOM_TIGHT && page->language != LANGUAGE_ZH)
        return SIZE_BODY; /* a Latin capital is a third lower than a Chinese character */
    return SIZES_OF_ROOM[page->room];
}

static enum theme_size caption_size(const struct scene_page *page)
{
    return page->room == ROOM_AMPLE ? SIZE_BODY : SIZE_SMALL;
}

int scene_prose(const struct scene_page *page, enum theme_ink ink)
{
    return STYLE(SURFACE_NONE, prose_size(page), ink, ALIGN_LEFT);
}

int scene_caption(const struct scene_page *page, enum theme_ink ink)
{
    return STYLE(SURFACE_NONE, caption_size(page), ink, ALIGN_LEFT);
}

enum theme_size scene_size_for(const struct scene_page *page, const char *text, int width,
                               enum theme_size most)
{
    int size = (int)most;
    while (size > SIZE_SMALL &&
           text_layout_width(FONT_BOLD, scene_size_px(page, (enum theme_size)size), text, -1) >
               width)
        size--;
    return (enum theme_size)size;
}

enum theme_size scene_size_unbroken(const struct scene_page *page, const char *text, int width,
                                    enum theme_size most)
{
    int size = (int)most;
    struct text_lines lines;
    for (; size > SIZE_SMALL; size--) {
        text_layout_wrap(FONT_BOLD, scene_size_px(page, (enum theme_size)size), text, width,
                         &lines);
        if (!lines.broken)
            break;
    }
    return (enum theme_size)size;
}

void scene_title(struct scene_page *page, const char *text)
{
    const enum theme_size size = page->wide && page->room != ROOM_AMPLE ? SIZE_KEY : SIZE_TITLE;
    const int style = STYLE(SURFACE_NONE, size, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD;
    page->title = page->tree->count;
    ui_tree_name(page->tree, scene_words(page, text, style), "title");
    scene_gap(page, page->wide ? 6 : 10);
}

void scene_lead(struct scene_page *page, const char *text)
{
    const enum theme_size most = page->room == ROOM_AMPLE ? SIZE_BUTTON : SIZE_BODY;
    enum theme_size size = scene_size_for(page, text, page->column.width, most);
    if (size < SIZE_BODY)
        size = SIZE_BODY;
    scene_words(page, text, STYLE(SURFACE_NONE, size, INK_SECOND, ALIGN_LEFT));
    scene_gap(page, page->wide ? 20 : 32);
}

void scene_tick(struct scene_page *page, int x, int y, int side)
{
    scene_put_icon(page, (struct ui_rect){ x, y, side, side }, ICON_TICK,
                   STYLE(SURFACE_NONE, SIZE_BODY, INK_PAPER, ALIGN_LEFT));
}

static enum theme_ink banner_ink(enum theme_surface surface)
{
    if (surface == SURFACE_BANNER_GOOD)
        return INK_GOOD;
    if (surface == SURFACE_BANNER_CAUTION)
        return INK_CAUTION;
    return surface == SURFACE_BANNER_BAD ? INK_BAD : INK_PRIMARY;
}

/* A sign, and words beside it in the middle of the height. */
static void notice(struct scene_page *page, enum theme_surface surface, enum icon icon, int side_dp,
                   const char *text, int style)
{
    const int padding = scene_px(page, theme_padding_dp(surface));
    const int air = padding * 3 / 4 + scene_grow(page, 16, 24) / 2;
    const int side = scene_px(page, side_dp);
    const int indent = icon == ICON_NONE ? 0 : side + padding * 3 / 4;
    const int width = page->column.width - 2 * padding - indent;
    int words = scene_words_height(page, style, text, width);
    if (icon != ICON_NONE && words < side)
        words = side;
    const struct ui_rect rect = scene_take(page, words + 2 * air);
    const int box = STYLE(surface, SIZE_SMALL, INK_DEFAULT, ALIGN_LEFT);
    ui_tree_add(page->tree, UI_ROLE_BOX, rect, box);
    if (icon != ICON_NONE)
        scene_put_icon(
            page,
            (struct ui_rect){ rect.x + padding, rect.y + (rect.height - side) / 2, side, side },
            icon, box);
    scene_put_text(page, (struct ui_rect){ rect.x + padding + indent, rect.y + air, width, words },
                   text, style);
}

void scene_banner(struct scene_page *page, enum theme_surface surface, enum icon icon,
                  const char *text)
{
    /* What went wrong, or right, is never fine print. */
    const bool may_be_small = surface == SURFACE_BANNER || (page->elder && page->is_last_try);
    const enum theme_size size = may_be_small ? caption_size(page) : SIZE_BODY;
    notice(page, surface, icon, page->room == ROOM_AMPLE ? 56 : 48, text,
           STYLE(SURFACE_NONE, size, banner_ink(surface), ALIGN_LEFT));
}

void scene_alert(struct scene_page *page, enum theme_surface surface, enum icon icon,
                 const char *text)
{
    const bool large = page->room != ROOM_TIGHT;
    notice(page, surface, icon, large ? 84 : 56, text,
           STYLE(SURFACE_NONE, large ? SIZE_HEAD : SIZE_BODY, banner_ink(surface), ALIGN_LEFT) |
               STYLE_BOLD);
}

void scene_picture(struct scene_page *page, enum icon icon, int side_dp, enum theme_ink ink)
{
    scene_put_icon(page, scene_take(page, scene_px(page, side_dp)), icon,
                   STYLE(SURFACE_NONE, SIZE_BODY, ink, ALIGN_CENTRE));
}

void scene_illustration(struct scene_page *page, enum icon icon, int least_dp, int most_dp,
                        enum theme_ink ink)
{
    const int side = scene_px(page, least_dp) + scene_grow(page, 400, most_dp - least_dp);
    scene_put_icon(page, scene_take(page, side), icon,
                   STYLE(SURFACE_NONE, SIZE_BODY, ink, ALIGN_CENTRE));
}

void scene_emblem_centred(struct scene_page *page, enum icon icon, int side_dp)
{
    scene_put_icon(page, scene_take(page, scene_px(page, side_dp)), icon,
                   STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE));
}

void scene_emblem(struct scene_page *page, enum icon icon, int side_dp, enum theme_ink ink)
{
    struct ui_rect rect = scene_take(page, scene_px(page, side_dp));
    rect.width = rect.height;
    scene_put_icon(page, rect, icon, STYLE(SURFACE_NONE, SIZE_BODY, ink, ALIGN_LEFT));
}

void scene_rule(struct scene_page *page)
{
    ui_tree_add(page->tree, UI_ROLE_BOX, scene_take(page, scene_px(page, 2)),
                STYLE(SURFACE_RULE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
}

struct ui_node *scene_row(struct scene_page *page, const char *label, const char *value,
                          bool strong)
{
    const enum theme_size row = page->room == ROOM_AMPLE ? SIZE_BUTTON : SIZE_BODY;
    const int label_style = STYLE(SURFACE_NONE, row, INK_SECOND, ALIGN_LEFT);
    const int value_style =
        STYLE(SURFACE_NONE, row, INK_STRONG, ALIGN_RIGHT) | (strong ? STYLE_BOLD : 0);
    const int gap = scene_px(page, 24);
    const bool tight = page->wide || page->room == ROOM_TIGHT;
    const int air = scene_px(page, tight ? 8 : 14) + scene_grow(page, 24, 60) / 2;
    const int size = scene_style_px(page, label_style);
    const int value_width = text_layout_width(style_weight(value_style), size, value, -1) + gap / 2;
    const int label_width = page->column.width - value_width - gap;
    const int one_line = text_layout_width(FONT_REGULAR, size, label, -1);
    struct ui_node *node;
    page->column.y += air;
    if (one_line <= label_width) {
        struct ui_rect rect = scene_take(page, text_layout_pitch(size));
        scene_put_text(page, (struct ui_rect){ rect.x, rect.y, label_width, rect.height }, label,
                       label_style);
        node = scene_put_text(
            page,
            (struct ui_rect){ rect.x + rect.width - value_width, rect.y, value_width, rect.height },
            value, value_style);
    } else {
        const int first = scene_keep_begin(page);
        scene_words(page, label, label_style);
        node = scene_words(page, value, value_style);
        scene_keep_end(page, first);
    }
    page->column.y += air;
    return node;
}

static void name_sum(struct scene_page *page, struct ui_node *node)
{
    ui_tree_name(page->tree, node, "sum");
}

void scene_total(struct scene_page *page, const char *label, int64_t fen)
{
    const int label_style = STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD;
    const int value_style = STYLE(SURFACE_NONE, SIZE_FIGURE, INK_PRIMARY, ALIGN_RIGHT) | STYLE_BOLD;
    const char *amount = scene_amount(page, fen);
    const int label_width =
        text_layout_width(FONT_BOLD, scene_style_px(page, label_style), label, -1) +
        scene_px(page, 4);
    const int value_width =
        text_layout_width(FONT_BOLD, scene_style_px(page, value_style), amount, -1) +
        scene_px(page, 4);
    if (label_width + value_width > page->column.width) {
        scene_words(page, label, label_style);
        const enum theme_size size = scene_size_for(page, amount, page->column.width, SIZE_FIGURE);
        name_sum(page,
                 scene_words(page, amount,
                             STYLE(SURFACE_NONE, size, INK_PRIMARY, ALIGN_RIGHT) | STYLE_BOLD));
        return;
    }
    const struct ui_rect rect =
        scene_take(page, text_layout_pitch(scene_style_px(page, value_style)));
    scene_put_text(page, (struct ui_rect){ rect.x, rect.y, label_width, rect.height }, label,
                   label_style);
    name_sum(page, scene_put_text(page,
                                  (struct ui_rect){ rect.x + label_width, rect.y,
                                                    rect.width - label_width, rect.height },
                                  amount, value_style));
}

void scene_sum(struct scene_page *page, const char *label, int64_t fen)
{
    const int padding = scene_px(page, theme_padding_dp(SURFACE_SUM));
    const int air = scene_px(page, page->wide ? 8 : 27) + scene_grow(page, 40, 60) / 2;
    const struct scene_column outside = page->column;
    const int box = page->tree->count;
    ui_tree_add(page->tree, UI_ROLE_BOX, scene_take(page, air),
                STYLE(SURFACE_SUM, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    page->column.x += padding;
    page->column.width -= 2 * padding;
    scene_total(page, label, fen);
    page->column.y += air;
    page->tree->nodes[box].rect.height = page->column.y - outside.y;
    page->column.x = outside.x;
    page->column.width = outside.width;
}

void scene_tags(struct scene_page *page, const char *const *texts, int count,
                enum theme_surface surface)
{
    const int style = STYLE(surface, SIZE_BUTTON, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD;
    const int height = scene_px(page, page->wide ? 72 : 84), gap = scene_px(page, 16);
    const int right = page->column.x + page->column.width;
    int x = page->column.x;
    for (int i = 0; i < count; i++) {
        const int width = text_layout_width(FONT_BOLD, scene_style_px(page, style), texts[i], -1) +
                          scene_px(page, 52);
        if (x > page->column.x && x + width > right) {
            x = page->column.x;
            page->column.y += height + gap;
        }
        scene_put_text(page, (struct ui_rect){ x, page->column.y, width, height }, texts[i], style);
        x += width + gap;
    }
    page->column.y += height;
}

static int card_padding(const struct scene_page *page, enum theme_surface surface)
{
    const int padding = scene_px(page, theme_padding_dp(surface));
    if (!page->wide || page->room == ROOM_AMPLE)
        return padding;
    return page->room == ROOM_USUAL ? padding * 7 / 8 : padding * 5 / 8;
}

struct scene_card scene_card_begin(struct scene_page *page, enum theme_surface surface)
{
    const int padding = card_padding(page, surface);
    const struct scene_card card = { .node = page->tree->count,
                                     .growth = scene_grow(page, 20, 40) / 2,
                                     .outside = page->column };
    ui_tree_add(page->tree, UI_ROLE_BOX,
                (struct ui_rect){ page->column.x, page->column.y, page->column.width, 0 },
                STYLE(surface, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    page->column.x += padding;
    page->column.width -= 2 * padding;
    page->column.y += padding + card.growth;
    return card;
}

struct ui_node *scene_card_end(struct scene_page *page, struct scene_card card)
{
    struct ui_node *node = &page->tree->nodes[card.node];
    const int bottom =
        page->column.y + card_padding(page, style_surface(node->style)) + card.growth;
    node->rect.height = bottom - node->rect.y;
    page->column = card.outside;
    page->column.y = bottom;
    return node;
}

/* Large type needs the width below the sign too. */
void scene_section(struct scene_page *page, enum icon icon, const char *title, const char *words)
{
    const int air = scene_grow(page, 80, 160) / 2;
    struct scene_card card = scene_card_begin(page, SURFACE_CARD);
    page->column.y += air;
    const int side = scene_px(page, page->room == ROOM_AMPLE ? 84 : 64), gap = scene_px(page, 28);
    const struct scene_column whole = page->column;
    scene_put_icon(page, (struct ui_rect){ page->column.x, page->column.y, side, side }, icon,
                   STYLE(SURFACE_NONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    page->column.x += side + gap;
    page->column.width -= side + gap;
    const enum theme_size most = page->room == ROOM_AMPLE ? SIZE_HEAD : SIZE_BUTTON;
    scene_words(page, title, STYLE(SURFACE_NONE, most, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    if (page->elder) {
        const int y = page->column.y > whole.y + side ? page->column.y : whole.y + side;
        page->column.x = whole.x;
        page->column.width = whole.width;
        page->column.y = y;
    }
    scene_gap(page, 4);
    scene_words(page, words, scene_prose(page, INK_STRONG));
    page->column.y += air;
    scene_card_end(page, card);
}
