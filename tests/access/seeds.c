#include "seeds.h"

#include <stdio.h>
#include <string.h>

#include "access_internal.h"
#include "ui/icons.h"

static struct ui_node *node_of(struct ui_tree *tree, const char *id)
{
    for (int i = 0; i < tree->count; i++) {
        if (strcmp(tree->nodes[i].id, id) == 0)
            return &tree->nodes[i];
    }
    check_failed("the screen of a seeded defect has this node", id, 0);
}

static struct ui_node *node_with(struct ui_tree *tree, enum theme_surface surface)
{
    for (int i = 0; i < tree->count; i++) {
        if (style_surface(tree->nodes[i].style) == surface)
            return &tree->nodes[i];
    }
    check_failed("the screen of a seeded defect has this surface", __FILE__, __LINE__);
}

static struct ui_node *title_of(struct ui_tree *tree)
{
    return node_of(tree, "title");
}

static struct ui_node *image_of(struct ui_tree *tree, int icon)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i].role == UI_ROLE_IMAGE && (icon == 0 || tree->nodes[i].image == icon))
            return &tree->nodes[i];
    }
    check_failed("the screen of a seeded defect has this picture", __FILE__, __LINE__);
}

/* The page and one line of text on it: where a defect would otherwise touch several rules. */
static void keep_title(struct ui_tree *tree)
{
    struct ui_node title = *title_of(tree);
    title.rect.height *= 3;
    title.style |= STYLE_TOP;
    tree->nodes[1] = title;
    tree->count = 2;
}

static void keep_small_latin(struct ui_tree *tree)
{
    keep_title(tree);
    tree->nodes[1].style = STYLE(SURFACE_NONE, SIZE_SMALL, INK_STRONG, ALIGN_LEFT);
    tree->nodes[1].text = "Rate: 2026";
}

/* So that its text still fits when the box is made lower. */
static void lower_language(struct ui_tree *tree)
{
    struct ui_node *node = node_of(tree, "lang");
    node->style = (node->style & ~(0xff << 8)) | SIZE_SMALL << 8;
}

static void spoil_target_size(struct ui_tree *tree)
{
    struct ui_node *node = node_of(tree, "lang");
    node->rect.height = 50; /* 12.4 mm */
}

static void spoil_main_target(struct ui_tree *tree)
{
    node_of(tree, "footer.next")->rect.height = 80; /* 19.9 mm */
}

static void spoil_gap(struct ui_tree *tree)
{
    const struct ui_rect back = node_of(tree, "footer.back")->rect;
    node_of(tree, "footer.cancel")->rect.x = back.x + back.width + 10; /* 2.48 mm */
}

static void spoil_target_name(struct ui_tree *tree)
{
    node_of(tree, "footer.next")->id[0] = '\0';
}

static void raise_panel(struct access_screen *screen)
{
    static struct scene_panel higher;
    higher = *screen->panel;
    higher.lower_edge_mm = 1100;
    screen->panel = &higher;
}

static void spoil_tick(struct ui_tree *tree)
{
    image_of(tree, ICON_TICK)->image = ICON_CLOCK;
}

static void spoil_overflow(struct ui_tree *tree)
{
    tree->overflow = true;
}

static void spoil_panel(struct ui_tree *tree)
{
    node_with(tree, SURFACE_RULE)->rect.x += 5;
}

static void spoil_id(struct ui_tree *tree)
{
    snprintf(node_of(tree, "header.title")->id, UI_ID_SIZE, "lang");
}

static void spoil_language(struct ui_tree *tree)
{
    node_of(tree, "lang")->argument = LANGUAGE_ZH;
}

static void have_modes_button(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i].intent == INTENT_OVERLAY && tree->nodes[i].argument == OVERLAY_MODES)
            return;
    }
    node_of(tree, "header.title")->intent = INTENT_OVERLAY;
    node_of(tree, "header.title")->argument = OVERLAY_MODES;
}

static void spoil_modes_button(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i].intent == INTENT_OVERLAY && tree->nodes[i].argument == OVERLAY_MODES)
            tree->nodes[i].argument = OVERLAY_PRIVACY;
    }
}

static void spoil_direction(struct ui_tree *tree)
{
    tree->look.right_to_left = true;
}

static void spoil_look(struct ui_tree *tree)
{
    tree->look.contrast = true;
}

static void spoil_crossing(struct ui_tree *tree)
{
    struct ui_node *title = title_of(tree);
    const struct ui_node *below = title + 1;
    title->rect.height = below->rect.y + 3 - title->rect.y;
}

static void spoil_footer(struct ui_tree *tree)
{
    struct ui_node *card = node_with(tree, SURFACE_CARD);
    card->rect.height = node_with(tree, SURFACE_FOOTER)->rect.y + 40 - card->rect.y;
}

static void spoil_filled(struct ui_tree *tree)
{
    const int top = node_with(tree, SURFACE_FOOTER)->rect.y;
    int kept = 0;
    for (int i = 0; i < tree->count; i++) {
        const struct ui_rect rect = tree->nodes[i].rect;
        if (rect.y + rect.height < top / 3 || rect.y >= top - 4 || rect.y == 0)
            tree->nodes[kept++] = tree->nodes[i];
    }
    tree->count = kept;
}

static void spoil_value(struct ui_tree *tree)
{
    title_of(tree)->text = "请付 {amount} 元";
}

static void spoil_parts(struct access_screen *screen)
{
    screen->parts = 2;
}

static void enlarge_next(struct ui_tree *tree)
{
    struct ui_node *node = node_of(tree, "footer.next");
    node->style = (node->style & ~(0xff << 8)) | SIZE_HEAD << 8;
}

static void spoil_read_height(struct ui_tree *tree)
{
    struct ui_node *node = node_of(tree, "footer.next");
    node->style = (node->style & ~(0xff << 8)) | SIZE_SMALL << 8;
}

static void spoil_fit(struct ui_tree *tree)
{
    tree->nodes[1].rect.height = text_layout_pitch(60) - 4;
}

static void spoil_word(struct ui_tree *tree)
{
    tree->nodes[1].text = "Unbreakablebeyondallmeasureandverymuchtoolongforitsline";
}

/* A node is painted alone: a row is shorter than the panel. */
static bool is_alone(int stride, struct ui_rect rect)
{
    return rect.x == 0 && rect.y == 0 && stride == rect.width && stride != PANEL_LIST[0].width_px;
}

static void draw_outside(uint32_t *pixels, int stride, struct ui_rect rect)
{
    if (is_alone(stride, rect))
        pixels[0] = 0;
}

static void narrow_title(struct ui_tree *tree)
{
    keep_title(tree);
    tree->nodes[1].rect.width = 800;
}

static void spoil_glyph(struct ui_tree *tree)
{
    tree->nodes[1].text = "谢谢 🙂";
}

static void spoil_kinsoku(struct ui_tree *tree)
{
    tree->nodes[1].text = "请核对缴费期间\n，然后付款";
}

static void spoil_last_kinsoku(struct ui_tree *tree)
{
    tree->nodes[1].text = "请核对缴费期间（\n也就是月份）";
}

static void spoil_orphan(struct ui_tree *tree)
{
    tree->nodes[1].text = "请核对缴费期间和金\n额。";
}

/* What was darker becomes a grey of 6.9:1 on the page's own ground. */
static void fade_text(uint32_t *pixels, int stride, struct ui_rect rect)
{
    if (is_alone(stride, rect))
        return;
    for (int y = rect.y; y < rect.y + rect.height; y++) {
        for (int x = rect.x; x < rect.x + rect.width; x++) {
            uint32_t *pixel = &pixels[y * stride + x];
            if ((*pixel >> 8 & 255) < 0x55)
                *pixel = 0x555555;
        }
    }
}

static void fade_edges(uint32_t *pixels, int stride, struct ui_rect rect)
{
    for (int y = rect.y; y < rect.y + rect.height; y++) {
        for (int x = rect.x; x < rect.x + rect.width; x++) {
            uint32_t *pixel = &pixels[y * stride + x];
            if (*pixel == 0x74869F) /* TINT_EDGE */
                *pixel = 0xD3DCE8;
        }
    }
}

/* The picture with the focus becomes the one without it, which is painted first; only the focus is
 * painted with this much around a button of the footer. */
static void hide_focus(uint32_t *pixels, int stride, struct ui_rect rect)
{
    static uint32_t kept[512 * 150];
    static bool is_second;
    if (rect.height != 120 + 2 * 15 || rect.width > 512)
        return;
    for (int y = 0; y < rect.height; y++) {
        uint32_t *row = &pixels[(rect.y + y) * stride + rect.x];
        uint32_t *kept_row = &kept[y * 512];
        memcpy(is_second ? row : kept_row, is_second ? kept_row : row,
               (size_t)rect.width * sizeof(*row));
    }
    is_second = !is_second;
}

/* Two controls and the page they lie on. */
static void keep_buttons(struct ui_tree *tree)
{
    const struct ui_node back = *node_of(tree, "footer.back");
    const struct ui_node cancel = *node_of(tree, "footer.cancel");
    tree->nodes[1] = *node_with(tree, SURFACE_FOOTER);
    tree->nodes[2] = back;
    tree->nodes[3] = cancel;
    tree->count = 4;
}

/* The ground of a pressed button becomes a grey on which no dark ink reaches 7:1. */
static void darken_pressed(uint32_t *pixels, int stride, struct ui_rect rect)
{
    const uint32_t pressed = theme_surface_look((struct ui_look){ 0 }, SURFACE_BUTTON).pressed;
    for (int y = rect.y; y < rect.y + rect.height; y++) {
        for (int x = rect.x; x < rect.x + rect.width; x++) {
            if (pixels[y * stride + x] == pressed)
                pixels[y * stride + x] = 0x909090;
        }
    }
}

static void swap(struct ui_node *a, struct ui_node *b)
{
    const struct ui_node kept = *a;
    *a = *b;
    *b = kept;
}

static void spoil_reading_order(struct ui_tree *tree)
{
    struct ui_node *title = title_of(tree);
    swap(title, title + 1);
}

static void spoil_focus_order(struct ui_tree *tree)
{
    swap(&tree->nodes[2], &tree->nodes[3]);
}

static void decide_on_pictures(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i].role == UI_ROLE_IMAGE && !tree->nodes[i].spoken)
            tree->nodes[i].spoken = "";
    }
}

static void spoil_picture(struct ui_tree *tree)
{
    image_of(tree, 0)->spoken = NULL;
    image_of(tree, 0)->text = NULL;
}

static void spoil_said(struct ui_tree *tree)
{
    node_of(tree, "footer.next")->spoken = "";
}

static void mark_private(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++)
        tree->nodes[i].is_private = true;
}

static void spoil_private(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++)
        tree->nodes[i].is_private = false;
}

static void say_number(struct ui_tree *tree)
{
    struct ui_node *title = title_of(tree);
    title->is_private = false;
    title->spoken = "编号 9901 0000 0318";
}

static void spoil_timer(struct ui_tree *tree)
{
    node_of(tree, "timer")->text = "61";
}

static void hurry(struct access_screen *screen)
{
    static struct session_view view;
    view = *screen->view;
    view.seconds_left = 19;
    screen->view = &view;
}

static void say_nineteen(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i].text && strstr(tree->nodes[i].text, "20 秒"))
            tree->nodes[i].text = "再过 20 秒结束，再过 19 秒结束。";
    }
}

static void forget_money(struct ui_tree *tree)
{
    for (int i = 0; i < tree->count; i++) {
        if (tree->nodes[i].text && strstr(tree->nodes[i].text, "20 秒"))
            tree->nodes[i].text = "再过 20 秒结束。";
    }
}

static void spoil_more_time(struct ui_tree *tree)
{
    node_of(tree, "more_time.yes")->intent = INTENT_CANCEL;
}

static void arm_below(struct ui_tree *tree)
{
    node_of(tree, "footer.cancel")->intent = INTENT_CANCEL;
}

static const struct seed SEEDS[] = {
    { .name = "a control 12.4 mm high",
      .rule = "target-size",
      .variant = "phone.typed",
      .prepare = lower_language,
      .spoil = spoil_target_size },
    { .name = "the main control 19.9 mm high",
      .rule = "main-target-size",
      .variant = "phone.refused",
      .spoil = spoil_main_target },
    { .name = "two controls 2.48 mm apart",
      .rule = "target-gap",
      .variant = "phone.typed",
      .spoil = spoil_gap },
    { .name = "a control without an id",
      .rule = "target-named",
      .variant = "phone.typed",
      .spoil = spoil_target_name },
    { .name = "a panel mounted too high",
      .rule = "low-reach",
      .variant = "phone.typed",
      .mode = "low-reach",
      .spoil_screen = raise_panel },
    { .name = "a choice without its tick",
      .rule = "choice-ticked",
      .variant = "months.typical",
      .prepare = decide_on_pictures,
      .spoil = spoil_tick },
    { .name = "a tree that was too small",
      .rule = "tree-complete",
      .variant = "phone.typed",
      .spoil = spoil_overflow },
    { .name = "a line that leaves the panel",
      .rule = "on-panel",
      .variant = "phone.typed",
      .spoil = spoil_panel },
    { .name = "an id used twice",
      .rule = "ids-unique",
      .variant = "phone.typed",
      .spoil = spoil_id },
    { .name = "a language button for the same language",
      .rule = "language-button",
      .variant = "phone.typed",
      .spoil = spoil_language },
    { .name = "no way to the modes",
      .rule = "modes-button",
      .variant = "phone.typed",
      .prepare = have_modes_button,
      .spoil = spoil_modes_button },
    { .name = "a tree that runs the wrong way",
      .rule = "direction",
      .variant = "phone.typed",
      .prepare = keep_title,
      .spoil = spoil_direction },
    { .name = "high contrast nobody asked for",
      .rule = "modes-applied",
      .variant = "phone.typed",
      .prepare = keep_title,
      .spoil = spoil_look },
    { .name = "two texts that cross by 3 px",
      .rule = "nothing-crosses",
      .variant = "months.typical",
      .spoil = spoil_crossing },
    { .name = "a card that runs into the footer",
      .rule = "above-footer",
      .variant = "done.typical",
      .spoil = spoil_footer },
    { .name = "an empty lower half",
      .rule = "page-filled",
      .variant = "registered.typical",
      .spoil = spoil_filled },
    { .name = "a value that was not filled in",
      .rule = "values-filled-in",
      .variant = "phone.typed",
      .spoil = spoil_value },
    { .name = "a second part nobody can reach",
      .rule = "pager-complete",
      .variant = "phone.typed",
      .spoil_screen = spoil_parts },
    { .name = "the word on a button in fine print",
      .rule = "read-height",
      .variant = "phone.typed",
      .language = "en",
      .prepare = enlarge_next,
      .spoil = spoil_read_height },
    { .name = "a font with low capitals",
      .rule = "small-height",
      .variant = "phone.typed",
      .language = "en",
      .prepare = keep_small_latin,
      .capitals_percent = 80 },
    { .name = "a box lower than its line",
      .rule = "text-fits",
      .variant = "phone.typed",
      .prepare = keep_title,
      .spoil = spoil_fit },
    { .name = "ink outside its box",
      .rule = "ink-inside",
      .variant = "phone.typed",
      .prepare = narrow_title,
      .repaint = draw_outside },
    { .name = "a character the font lacks",
      .rule = "glyphs-present",
      .variant = "phone.typed",
      .prepare = keep_title,
      .spoil = spoil_glyph },
    { .name = "a comma at the beginning of a line",
      .rule = "kinsoku",
      .variant = "phone.typed",
      .prepare = keep_title,
      .spoil = spoil_kinsoku },
    { .name = "a bracket at the end of a line",
      .rule = "kinsoku",
      .variant = "phone.typed",
      .prepare = keep_title,
      .spoil = spoil_last_kinsoku },
    { .name = "two characters on the last line",
      .rule = "no-orphan",
      .variant = "phone.typed",
      .prepare = keep_title,
      .spoil = spoil_orphan },
    { .name = "an ink of 6.9:1",
      .rule = "text-contrast",
      .variant = "phone.typed",
      .prepare = keep_title,
      .repaint = fade_text },
    { .name = "an edge of 1.4:1",
      .rule = "part-contrast",
      .variant = "phone.typed",
      .prepare = keep_buttons,
      .repaint = fade_edges },
    { .name = "a focus nobody sees",
      .rule = "focus-contrast",
      .variant = "phone.typed",
      .prepare = keep_buttons,
      .repaint = hide_focus },
    { .name = "a text that fades under the finger",
      .rule = "pressed-contrast",
      .variant = "phone.typed",
      .prepare = keep_buttons,
      .repaint = darken_pressed },
    { .name = "two texts swapped",
      .rule = "reading-order",
      .variant = "months.typical",
      .spoil = spoil_reading_order },
    { .name = "two controls swapped",
      .rule = "focus-order",
      .variant = "phone.typed",
      .prepare = keep_buttons,
      .spoil = spoil_focus_order },
    { .name = "a picture nobody decided about",
      .rule = "spoken-form",
      .variant = "identify.typical",
      .prepare = decide_on_pictures,
      .spoil = spoil_picture },
    { .name = "a control that says nothing",
      .rule = "spoken-form",
      .variant = "phone.typed",
      .spoil = spoil_said },
    { .name = "a name that is said aloud",
      .rule = "private-marked",
      .variant = "phone.typed",
      .prepare = mark_private,
      .spoil = spoil_private },
    { .name = "a number hidden in what is said",
      .rule = "private-marked",
      .variant = "phone.typed",
      .prepare = mark_private,
      .spoil = say_number },
    { .name = "a wrong time left",
      .rule = "time-shown",
      .variant = "phone.typed",
      .spoil = spoil_timer },
    { .name = "a question that stands 19 s",
      .rule = "more-time",
      .variant = "phone.more-time",
      .prepare = say_nineteen,
      .spoil_screen = hurry },
    { .name = "a question that is silent about the money",
      .rule = "more-time",
      .variant = "cash.more-time",
      .spoil = forget_money },
    { .name = "a question without more time",
      .rule = "more-time",
      .variant = "phone.more-time",
      .spoil = spoil_more_time },
    { .name = "a control that works through the question",
      .rule = "question-alone",
      .variant = "phone.more-time",
      .spoil = arm_below },
    { .name = "a word wider than its box",
      .rule = "text-fits",
      .variant = "phone.typed",
      .prepare = narrow_title,
      .spoil = spoil_word },
};

int seed_count(void)
{
    return (int)ARRAY_SIZE(SEEDS);
}

const struct seed *seed_at(int index)
{
    CHECK(index >= 0 && index < seed_count());
    return &SEEDS[index];
}
