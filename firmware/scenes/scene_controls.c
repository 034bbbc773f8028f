/* The pieces that are touched or written on: buttons, keys, choices, fields. */
#include "scenes/scene_parts_internal.h"

#include "base/check.h"
#include "ui/text_layout.h"

void scene_qr(struct scene_page *page, const char *payload, const char *words, int side_dp)
{
    const int side = scene_px(page, side_dp), gap = scene_px(page, 28);
    const int style = scene_prose(page, INK_STRONG);
    const bool beside = page->column.width - side - gap > side;
    const int width = beside ? page->column.width - side - gap : page->column.width;
    const int height = scene_words_height(page, style, words, width);
    const struct ui_rect rect = { beside ? page->column.x
                                         : page->column.x + (page->column.width - side) / 2,
                                  page->column.y, side, side };
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_QR, rect, style);
    node->text = payload;
    node->spoken = "";
    if (beside) {
        const int whole = height > side ? height : side;
        scene_put_text(page, (struct ui_rect){ rect.x + side + gap, rect.y, width, whole }, words,
                       style);
        page->column.y += whole;
        return;
    }
    page->column.y += side + gap / 2;
    scene_words(page, words, style);
}

void scene_signature(struct scene_page *page, const struct ui_strokes *strokes, const char *hint)
{
    const struct ui_rect rect =
        scene_take(page, scene_px(page, page->wide ? 300 : 420) + scene_grow(page, 200, 300));
    struct ui_node *node = ui_tree_add(page->tree, UI_ROLE_SIGNATURE, rect,
                                       STYLE(SURFACE_CHOICE, SIZE_BODY, INK_DEFAULT, ALIGN_LEFT));
    ui_tree_name(page->tree, node, "signature");
    node->spoken = hint;
    page->tree->strokes = *strokes;
    if (strokes->count > 0)
        return;
    node =
        scene_put_text(page, rect, hint, STYLE(SURFACE_NONE, SIZE_BODY, INK_SECOND, ALIGN_CENTRE));
    node->spoken = "";
}

struct ui_node *scene_field(struct scene_page *page, const char *digits)
{
    const int style =
        STYLE(SURFACE_CARD_SELECTED, SIZE_FIGURE, INK_STRONG, ALIGN_CENTRE) | STYLE_BOLD;
    const struct ui_rect rect =
        scene_take(page, scene_px(page, page->wide ? 130 : 176) + scene_grow(page, 40, 50));
    const int index = page->tree->count;
    struct ui_node *node = scene_put_text(page, rect, digits[0] == '\0' ? NULL : digits, style);
    ui_tree_name(page->tree, node, "field");
    if (digits[0] == '\0')
        node->spoken = scene_text(page, STR_FIELD_EMPTY);
    const int size = scene_style_px(page, style);
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
    const bool fits =
        text_layout_width(FONT_REGULAR, scene_style_px(page, style), words, -1) <= inner;
    scene_button(page, rect, "key.clear", words, fits ? style : style | STYLE_SPOKEN_ONLY,
                 INTENT_CLEAR, 0);
    if (!fits)
        scene_put_text(page, rect, "C", STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_CENTRE))
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
            scene_put_icon(page,
                           (struct ui_rect){ rect.x + (width - side) / 2,
                                             rect.y + (height - side) / 2, side, side },
                           ICON_ERASE, STYLE(SURFACE_NONE, SIZE_BODY, INK_STRONG, ALIGN_CENTRE));
        }
    }
    page->column.y += 4 * height + 3 * gap;
    scene_keep_end(page, first);
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
    scene_put_icon(
        page, (struct ui_rect){ icon.x, page->elder ? icon_top : middle - side / 2, side, side },
        option->icon, style);
    if (option->enabled)
        scene_put_icon(
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

static int pair_height(const struct scene_page *page, const struct scene_action pair[2], int width,
                       int style)
{
    const int inner = width - 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    int most = scene_px(page, page->wide ? 88 : 120);
    for (int i = 0; i < 2; i++) {
        const int words = scene_words_height(page, style, pair[i].text, inner) + scene_px(page, 28);
        most = words > most ? words : most;
    }
    return most;
}

static bool pair_fits(const struct scene_page *page, const struct scene_action pair[2], int width,
                      int style)
{
    const int inner = width - 2 * scene_px(page, theme_padding_dp(SURFACE_BUTTON));
    for (int i = 0; i < 2; i++) {
        if (text_layout_width(FONT_BOLD, scene_style_px(page, style), pair[i].text, -1) > inner)
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
