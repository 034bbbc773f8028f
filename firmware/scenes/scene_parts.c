#include "scenes/scene_parts.h"

#include <string.h>

#include "base/check.h"
#include "ui/text_layout.h"

static int size_px(const struct scene_page *page, int style)
{
    return scene_size_px(page, style_size(style));
}

static struct ui_rect take(struct scene_page *page, int height)
{
    const struct ui_rect rect = { page->column.x, page->column.y, page->column.width, height };
    page->column.y += height;
    return rect;
}

static int text_height(const struct scene_page *page, int style, const char *text, int width)
{
    return text_layout_height(style_weight(style), size_px(page, style), text, width);
}

static struct ui_node *put_text(struct scene_page *page, struct ui_rect rect, const char *text,
                                int style)
{
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_TEXT, rect, style);
    node->text = text;
    return node;
}

static void put_icon(struct scene_page *page, struct ui_rect rect, enum icon icon, int style)
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
    return put_text(page, take(page, text_height(page, style, text, page->column.width)), text,
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
    put_icon(page, (struct ui_rect){ x, y, side, side }, ICON_TICK,
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
    int words = text_height(page, style, text, width);
    if (icon != ICON_NONE && words < side)
        words = side;
    const struct ui_rect rect = take(page, words + 2 * air);
    const int box = STYLE(surface, SIZE_SMALL, INK_DEFAULT, ALIGN_LEFT);
    ui_tree_add(page->tree, UI_ROLE_BOX, rect, box);
    if (icon != ICON_NONE)
        put_icon(
            page,
            (struct ui_rect){ rect.x + padding, rect.y + (rect.height - side) / 2, side, side },
            icon, box);
    put_text(page, (struct ui_rect){ rect.x + padding + indent, rect.y + air, width, words }, text,
             style);
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
    put_icon(page, take(page, scene_px(page, side_dp)), icon,
             STYLE(SURFACE_NONE, SIZE_BODY, ink, ALIGN_CENTRE));
}

void scene_illustration(struct scene_page *page, enum icon icon, int least_dp, int most_dp,
                        enum theme_ink ink)
{
    const int side = scene_px(page, least_dp) + scene_grow(page, 400, most_dp - least_dp);
    put_icon(page, take(page, side), icon, STYLE(SURFACE_NONE, SIZE_BODY, ink, ALIGN_CENTRE));
}

void scene_emblem(struct scene_page *page, enum icon icon, int side_dp, enum theme_ink ink)
{
    struct ui_rect rect = take(page, scene_px(page, side_dp));
    rect.width = rect.height;
    put_icon(page, rect, icon, STYLE(SURFACE_NONE, SIZE_BODY, ink, ALIGN_LEFT));
}

void scene_rule(struct scene_page *page)
{
    ui_tree_add(page->tree, UI_ROLE_BOX, take(page, scene_px(page, 2)),
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
    const int size = size_px(page, label_style);
    const int value_width = text_layout_width(style_weight(value_style), size, value, -1) + gap / 2;
    const int label_width = page->column.width - value_width - gap;
    const int one_line = text_layout_width(FONT_REGULAR, size, label, -1);
    struct ui_node *node;
    page->column.y += air;
    if (one_line <= label_width) {
        struct ui_rect rect = take(page, text_layout_pitch(size));
        put_text(page, (struct ui_rect){ rect.x, rect.y, label_width, rect.height }, label,
                 label_style);
        node = put_text(
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
        text_layout_width(FONT_BOLD, size_px(page, label_style), label, -1) + scene_px(page, 4);
    const int value_width =
        text_layout_width(FONT_BOLD, size_px(page, value_style), amount, -1) + scene_px(page, 4);
    if (label_width + value_width > page->column.width) {
        scene_words(page, label, label_style);
        const enum theme_size size = scene_size_for(page, amount, page->column.width, SIZE_FIGURE);
        name_sum(page,
                 scene_words(page, amount,
                             STYLE(SURFACE_NONE, size, INK_PRIMARY, ALIGN_RIGHT) | STYLE_BOLD));
        return;
    }
    const struct ui_rect rect = take(page, text_layout_pitch(size_px(page, value_style)));
    put_text(page, (struct ui_rect){ rect.x, rect.y, label_width, rect.height }, label,
             label_style);
    name_sum(page, put_text(page,
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
    ui_tree_add(page->tree, UI_ROLE_BOX, take(page, air),
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
        const int width =
            text_layout_width(FONT_BOLD, size_px(page, style), texts[i], -1) + scene_px(page, 52);
        if (x > page->column.x && x + width > right) {
            x = page->column.x;
            page->column.y += height + gap;
        }
        put_text(page, (struct ui_rect){ x, page->column.y, width, height }, texts[i], style);
        x += width + gap;
    }
    page->column.y += height;
}

void scene_qr(struct scene_page *page, const char *payload, const char *words, int side_dp)
{
    const int side = scene_px(page, side_dp), gap = scene_px(page, 28);
    const int style = scene_prose(page, INK_STRONG);
    const bool beside = page->column.width - side - gap > side;
    const int width = beside ? page->column.width - side - gap : page->column.width;
    const int height = text_height(page, style, words, width);
    const struct ui_rect rect = { beside ? page->column.x
                                         : page->column.x + (page->column.width - side) / 2,
                                  page->column.y, side, side };
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_QR, rect, style);
    node->text = payload;
    node->spoken = "";
    if (beside) {
        const int whole = height > side ? height : side;
        put_text(page, (struct ui_rect){ rect.x + side + gap, rect.y, width, whole }, words, style);
        page->column.y += whole;
        return;
    }
    page->column.y += side + gap / 2;
    scene_words(page, words, style);
}

void scene_signature(struct scene_page *page, const struct ui_strokes *strokes, const char *hint)
{
    const struct ui_rect rect =
        take(page, scene_px(page, page->wide ? 300 : 420) + scene_grow(page, 200, 300));
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_SIGNATURE, rect,
                                       STYLE(SURFACE_CHOICE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    ui_tree_name(page->tree, node, "signature");
    node->spoken = hint;
    page->tree->strokes = *strokes;
    if (strokes->count > 0)
        return;
    node = put_text(page, rect, hint, STYLE(SURFACE_NONE, SIZE_BODY, INK_SECOND, ALIGN_CENTRE));
    node->spoken = "";
}

struct ui_node *scene_field(struct scene_page *page, const char *digits)
{
    const int style =
        STYLE(SURFACE_CARD_SELECTED, SIZE_FIGURE, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD;
    const struct ui_rect rect =
        take(page, scene_px(page, page->wide ? 130 : 176) + scene_grow(page, 40, 50));
    const int index = page->tree->count;
    struct ui_node *node = put_text(page, rect, digits[0] == '\0' ? NULL : digits, style);
    ui_tree_name(page->tree, node, "field");
    if (digits[0] == '\0')
        node->spoken = scene_text(page, STR_FIELD_EMPTY);
    const int size = size_px(page, style);
    const int text = text_layout_width(FONT_BOLD, size, digits, -1);
    const struct ui_rect caret = { rect.x + (rect.width + text) / 2 + scene_px(page, 10),
                                   rect.y + (rect.height - size) / 2, scene_px(page, 6), size };
    ui_tree_add(page->tree, UI_ROLE_BOX, caret,
                STYLE(SURFACE_STEP_DONE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    return &page->tree->nodes[index];
}

struct ui_node *scene_button(struct scene_page *page, struct ui_rect rect, const char *id,
                             const char *text, int style, enum intent intent, int argument)
{
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_BUTTON, rect, style);
    ui_tree_name(page->tree, node, "%s", id);
    node->text = text;
    node->intent = (int)intent;
    node->argument = argument;
    return node;
}

static void key(struct scene_page *page, struct ui_rect rect, int digit)
{
    const enum theme_size size =
        text_layout_pitch(scene_size_px(page, SIZE_KEY)) > rect.height ? SIZE_BUTTON : SIZE_KEY;
    const int style = STYLE(SURFACE_BUTTON, size, INK_DEFAULT, ALIGN_CENTRE);
    const char id[] = { 'k', 'e', 'y', '.', (char)('0' + digit), '\0' };
    scene_button(page, rect, id, scene_count(page, digit), style, INTENT_DIGIT, digit);
}

/* Its word, or the C of every calculator where the word is too long. */
static void clear_key(struct scene_page *page, struct ui_rect rect)
{
    const char *words = scene_text(page, STR_KEY_CLEAR);
    const int style = STYLE(SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE);
    const int inner = rect.width - 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    const bool fits = text_layout_width(FONT_REGULAR, size_px(page, style), words, -1) <= inner;
    scene_button(page, rect, "key.clear", words, fits ? style : style | STYLE_SPOKEN_ONLY,
                 INTENT_CLEAR, 0);
    if (!fits)
        put_text(page, rect, "C", STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_CENTRE))
            ->spoken = "";
}

void scene_keypad(struct scene_page *page, int key_dp)
{
    static const int DIGITS[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 0, -2 };
    const int gap = scene_px(page, 20);
    const int height = scene_px(page, key_dp) + scene_grow(page, 400, 4 * 70) / 4;
    const int width = (page->column.width - 2 * gap) / 3;
    const int first = scene_keep_begin(page);
    for (int i = 0; i < (int)ARRAY_SIZE(DIGITS); i++) {
        /* Figures stand in the same places in every language; the page is mirrored later. */
        const int column = page->tree->look.right_to_left ? 2 - i % 3 : i % 3;
        const struct ui_rect rect = { page->column.x + column * (width + gap),
                                      page->column.y + i / 3 * (height + gap), width, height };
        if (DIGITS[i] >= 0) {
            key(page, rect, DIGITS[i]);
        } else if (DIGITS[i] == -1) {
            clear_key(page, rect);
        } else {
            scene_button(page, rect, "key.erase", scene_text(page, STR_KEY_ERASE),
                         STYLE(SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT, ALIGN_CENTRE) |
                             STYLE_SPOKEN_ONLY,
                         INTENT_ERASE, 0);
            const int side = scene_px(page, 64);
            put_icon(page,
                     (struct ui_rect){ rect.x + (width - side) / 2, rect.y + (height - side) / 2,
                                       side, side },
                     ICON_ERASE, STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_CENTRE));
        }
    }
    page->column.y += 4 * height + 3 * gap;
    scene_keep_end(page, first);
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

static enum theme_surface option_surface(const struct scene_option *option)
{
    if (!option->enabled)
        return SURFACE_CARD_OFF;
    return option->primary ? SURFACE_TILE : SURFACE_CHOICE;
}

void scene_option(struct scene_page *page, const struct scene_option *option)
{
    const enum theme_surface surface = option_surface(option);
    const enum theme_ink ink = surface == SURFACE_TILE ? INK_PAPER : INK_STRONG;
    const enum theme_ink second = surface == SURFACE_TILE ? INK_PAPER : INK_SECOND;
    const int side = scene_px(page, page->room == ROOM_AMPLE ? 92 : 76), gap = scene_px(page, 28);
    const int air = scene_grow(page, 60, 80) / 2;
    struct scene_card card = scene_card_begin(page, surface);
    page->column.y += air;
    const struct ui_rect icon = { page->column.x, 0, side, side };
    const int icon_top = page->column.y;
    page->column.x += side + gap;
    page->column.width -= side + gap;
    const struct ui_rect end = { page->column.x + page->column.width - gap, 0, gap, gap };
    if (option->enabled)
        page->column.width -= 2 * gap;
    scene_words(page, option->title, STYLE(SURFACE_NONE, SIZE_HEAD, ink, ALIGN_LEFT) | STYLE_BOLD);
    const struct scene_column beside = page->column;
    if (page->elder) { /* large type needs the width below the sign too */
        page->column.x = icon.x;
        page->column.width = beside.x + beside.width - icon.x;
        if (page->column.y < icon_top + side)
            page->column.y = icon_top + side;
    }
    if (option->words && !(page->elder && page->is_last_try))
        scene_words(page, option->words, scene_caption(page, second));
    page->column.y += air;
    struct ui_node *node = scene_card_end(page, card);
    const int middle = node->rect.y + node->rect.height / 2;
    node->role = UI_ROLE_BUTTON;
    node->style |= STYLE_SPOKEN_ONLY;
    node->text = option->title;
    node->enabled = option->enabled;
    node->primary = option->primary;
    node->intent = (int)option->intent;
    node->argument = option->argument;
    ui_tree_name(page->tree, node, "%s", option->id);
    const int style = STYLE(SURFACE_NONE, SIZE_BODY,
                            option->enabled && ink == INK_STRONG ? INK_DEFAULT : ink, ALIGN_LEFT);
    put_icon(page,
             (struct ui_rect){ icon.x, page->elder ? icon_top : middle - side / 2, side, side },
             option->icon, style);
    if (option->enabled)
        put_icon(
            page,
            (struct ui_rect){ end.x - gap / 2, middle - gap * 3 / 4, gap * 3 / 2, gap * 3 / 2 },
            ICON_FORWARD, style);
}

void scene_tick_box(struct scene_page *page, int x, int y, int side, bool selected)
{
    ui_tree_add(page->tree, UI_ROLE_BOX, (struct ui_rect){ x, y, side, side },
                STYLE(selected ? SURFACE_BUTTON_PRIMARY : SURFACE_BUTTON, SIZE_BODY, INK_DEFAULT,
                      ALIGN_LEFT));
    if (selected)
        scene_tick(page, x, y, side);
}

enum theme_surface scene_choice_surface(bool enabled, bool selected)
{
    if (!enabled)
        return SURFACE_CARD_OFF;
    return selected ? SURFACE_CARD_SELECTED : SURFACE_CHOICE;
}

struct ui_node *scene_choice(struct scene_page *page, const struct scene_choice *choice)
{
    const int side = scene_px(page, 64), gap = scene_px(page, 24);
    const int air = scene_grow(page, 30, 60) / 2;
    struct scene_card card =
        scene_card_begin(page, scene_choice_surface(choice->enabled, choice->selected));
    page->column.y += air;
    const int x = page->column.x;
    page->column.x += side + gap;
    page->column.width -= side + gap;
    const int box = page->tree->count;
    scene_tick_box(page, x, 0, side, choice->selected);
    const int end = page->tree->count;
    scene_words(page, choice->title,
                STYLE(SURFACE_NONE, page->room == ROOM_AMPLE ? SIZE_HEAD : SIZE_BUTTON, INK_STRONG,
                      ALIGN_LEFT) |
                    STYLE_BOLD);
    if (choice->words)
        scene_words(page, choice->words, scene_caption(page, INK_SECOND));
    page->column.y += air;
    struct ui_node *node = scene_card_end(page, card);
    for (int i = box; i < end; i++)
        page->tree->nodes[i].rect.y = node->rect.y + (node->rect.height - side) / 2;
    node->role = UI_ROLE_CHOICE;
    node->style |= STYLE_SPOKEN_ONLY;
    node->text = choice->title;
    node->enabled = choice->enabled;
    node->selected = choice->selected;
    node->intent = (int)choice->intent;
    node->argument = choice->argument;
    ui_tree_name(page->tree, node, "%s", choice->id);
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
    put_icon(page, (struct ui_rect){ page->column.x, page->column.y, side, side }, icon,
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

static int pair_height(const struct scene_page *page, const struct scene_action pair[2], int width,
                       int style)
{
    const int inner = width - 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    int most = scene_px(page, page->wide ? 88 : 120);
    for (int i = 0; i < 2; i++) {
        const int words = text_height(page, style, pair[i].text, inner) + scene_px(page, 28);
        most = words > most ? words : most;
    }
    return most;
}

static bool pair_fits(const struct scene_page *page, const struct scene_action pair[2], int width,
                      int style)
{
    const int inner = width - 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    for (int i = 0; i < 2; i++) {
        if (text_layout_width(FONT_BOLD, size_px(page, style), pair[i].text, -1) > inner)
            return false;
    }
    return true;
}

void scene_pair(struct scene_page *page, const struct scene_action pair[2], enum theme_size size)
{
    const int gap = scene_px(page, 20), half = (page->column.width - gap) / 2;
    const int style = STYLE(SURFACE_BUTTON, size, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD;
    const bool beside = pair_fits(page, pair, half, style);
    const int width = beside ? half : page->column.width;
    const int height = pair_height(page, pair, width, style);
    for (int i = 0; i < 2; i++) {
        const struct ui_rect rect = { page->column.x + (beside ? i * (half + gap) : 0),
                                      page->column.y + (beside ? 0 : i * (height + gap)), width,
                                      height };
        const enum theme_surface surface = !pair[i].enabled  ? SURFACE_BUTTON_OFF
                                           : pair[i].primary ? SURFACE_BUTTON_PRIMARY
                                                             : SURFACE_BUTTON;
        struct ui_node *node =
            scene_button(page, rect, pair[i].id, pair[i].text,
                         STYLE(surface, size, INK_DEFAULT, ALIGN_CENTRE) | STYLE_BOLD,
                         pair[i].intent, pair[i].argument);
        node->enabled = pair[i].enabled;
        node->primary = pair[i].primary;
    }
    page->column.y += beside ? height : 2 * height + gap;
}

void scene_large_offer(struct scene_page *page)
{
    if (!page->view->large_offered)
        return;
    struct scene_card card = scene_card_begin(page, SURFACE_BANNER);
    scene_words(page, scene_text(page, STR_LARGE_OFFER),
                STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_LEFT) | STYLE_BOLD);
    page->column.y += scene_px(page, 12);
    const struct scene_action pair[2] = {
        { "offer.keep", scene_text(page, STR_LARGE_KEEP), INTENT_KEEP_SIZE, 0, true, false },
        { "offer.large", scene_text(page, STR_LARGE_TAKE), INTENT_LARGE, 1, true, true },
    };
    scene_pair(page, pair, SIZE_BODY);
    scene_card_end(page, card);
    scene_gap(page, 20);
}
