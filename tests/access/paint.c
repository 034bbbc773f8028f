/*
 * What is drawn, measured on the pixels. A node is painted twice, with and without its own ink;
 * what changed is its ink, and the picture without it is its ground.
 */
#include <SDL_ttf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "access_internal.h"

#define FONTS "/usr/share/fonts/opentype/noto"
#define FACE_SIMPLIFIED_CHINESE 2
#define SEEN_SLOTS (1 << 19)
#define FOCUS_REACH 14 /* pixels to each side of the edge */
#define ALONE_MARGIN 12
#define NOTHING 0x00FF00FFu
#define SIZES_PX_MAX 512

struct paint {
    struct font *font;
    TTF_Font *faces[2];
    struct canvas *canvas;
    int scale;
    uint32_t *with, *without, *alone;
    size_t pixels, alone_pixels;
    access_repaint *repaint;
    struct ui_tree scratch;
    uint64_t *seen;
    int capital_px[2][SIZES_PX_MAX], capitals_percent;
    int8_t glyph[2][0x10000]; /* 0 not asked yet, 1 there, -1 missing */
};

static TTF_Font *open_face(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", FONTS, name);
    return TTF_OpenFontIndex(path, 36, FACE_SIMPLIFIED_CHINESE);
}

struct paint *paint_open(void)
{
    struct paint *paint = calloc(1, sizeof(*paint));
    CHECK(paint != NULL);
    paint->capitals_percent = 100;
    paint->seen = calloc(SEEN_SLOTS, sizeof(*paint->seen));
    CHECK(paint->seen != NULL);
    if (font_open(FONTS, &paint->font) != STATUS_OK) {
        paint_close(paint);
        return NULL;
    }
    paint->faces[FONT_REGULAR] = open_face("NotoSansCJK-Regular.ttc");
    paint->faces[FONT_BOLD] = open_face("NotoSansCJK-Bold.ttc");
    CHECK(paint->faces[0] && paint->faces[1]);
    return paint;
}

void paint_close(struct paint *paint)
{
    if (!paint)
        return;
    for (int i = 0; i < 2; i++) {
        if (paint->faces[i])
            TTF_CloseFont(paint->faces[i]);
    }
    canvas_destroy(paint->canvas);
    font_close(paint->font);
    free(paint->with);
    free(paint->without);
    free(paint->alone);
    free(paint->seen);
    free(paint);
}

struct font *paint_font(struct paint *paint)
{
    return paint->font;
}

void paint_set_repaint(struct paint *paint, access_repaint *repaint)
{
    paint->repaint = repaint;
}

int paint_capital_px(struct paint *paint, enum font_weight weight, int size_px)
{
    CHECK(size_px > 0 && size_px < SIZES_PX_MAX);
    int *known = &paint->capital_px[weight][size_px];
    if (*known > 0)
        return *known * paint->capitals_percent / 100;
    struct font_pixels pixels;
    CHECK(font_render(paint->font, weight, size_px, "H", &pixels) == STATUS_OK);
    for (int y = 0; y < pixels.height; y++) {
        bool ink = false;
        for (int x = 0; x < pixels.width; x++)
            ink |= pixels.alpha[y * pixels.stride + x] >= 128;
        *known += ink;
    }
    font_pixels_free(&pixels);
    return *known * paint->capitals_percent / 100;
}

void paint_set_capitals(struct paint *paint, int percent)
{
    paint->capitals_percent = percent;
}

bool paint_has_glyph(struct paint *paint, enum font_weight weight, uint32_t code)
{
    if (code > 0xFFFF)
        return TTF_GlyphIsProvided32(paint->faces[weight], code) != 0;
    int8_t *known = &paint->glyph[weight][code];
    if (*known == 0)
        *known = TTF_GlyphIsProvided32(paint->faces[weight], code) ? 1 : -1;
    return *known > 0;
}

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t mix_numbers(uint64_t hash, const int *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ (uint32_t)numbers[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

bool paint_was_seen(struct paint *paint, uint64_t key)
{
    key |= 1; /* 0 is an empty slot */
    for (size_t slot = key >> 13 & (SEEN_SLOTS - 1);; slot = (slot + 1) & (SEEN_SLOTS - 1)) {
        if (paint->seen[slot] == key)
            return true;
        if (paint->seen[slot] == 0) {
            paint->seen[slot] = key;
            return false;
        }
    }
}

void paint_forget(struct paint *paint)
{
    memset(paint->seen, 0, SEEN_SLOTS * sizeof(*paint->seen));
}

/* A thing looks alike when it, and what meets it, have the same style and lie alike to each other.
 */
uint64_t paint_key_of(const struct access_screen *screen, int index, const char *kind,
                      bool with_text)
{
    const struct ui_tree *tree = screen->tree;
    const struct ui_node *node = &tree->nodes[index];
    uint64_t hash = mix(UINT64_C(14695981039346656037), kind, strlen(kind));
    const int own[] = { tree->look.large,
                        tree->look.contrast,
                        (int)node->role,
                        node->style,
                        node->image,
                        node->selected,
                        node->enabled,
                        node->value_max > 0,
                        theme_scale(screen->panel->width_px, screen->panel->width_mm) };
    hash = mix_numbers(hash, own, ARRAY_SIZE(own));
    if (with_text) {
        const int size[] = { node->rect.width, node->rect.height };
        hash = mix_numbers(hash, size, ARRAY_SIZE(size));
        return mix(hash, node->text, strlen(node->text));
    }
    for (int i = 0; i < tree->count; i++) {
        const struct ui_node *other = &tree->nodes[i];
        if (i == index || !rects_meet(other->rect, node->rect))
            continue;
        const int look[] = { (int)style_surface(other->style), (int)other->role, i < index,
                             rect_holds(other->rect, node->rect),
                             rect_holds(node->rect, other->rect) };
        hash = mix_numbers(hash, look, ARRAY_SIZE(look));
    }
    return hash;
}

static void take_memory(struct paint *paint, const struct scene_panel *panel)
{
    const size_t pixels = (size_t)panel->width_px * (size_t)panel->height_px;
    const int scale = theme_scale(panel->width_px, panel->width_mm);
    if (pixels > paint->pixels) {
        free(paint->with);
        free(paint->without);
        paint->with = calloc(pixels, sizeof(uint32_t));
        paint->without = calloc(pixels, sizeof(uint32_t));
        CHECK(paint->with && paint->without);
        paint->pixels = pixels;
    }
    if (!paint->canvas || scale != paint->scale) {
        canvas_destroy(paint->canvas);
        paint->canvas = canvas_create(paint->font, scale);
        CHECK(paint->canvas != NULL);
        paint->scale = scale;
    }
}

static struct ui_rect around(const struct scene_panel *panel, struct ui_rect rect, int reach)
{
    rect.x -= reach;
    rect.y -= reach;
    rect.width += 2 * reach;
    rect.height += 2 * reach;
    return ui_rect_cut(rect, (struct ui_rect){ 0, 0, panel->width_px, panel->height_px });
}

static void paint_into(struct paint *paint, const struct scene_panel *panel, uint32_t *memory,
                       const struct ui_tree *tree, struct ui_rect clip, int pressed)
{
    canvas_set_pixels(paint->canvas, memory, panel->width_px, panel->height_px, panel->width_px);
    canvas_paint(paint->canvas, tree, clip, pressed);
    if (paint->repaint)
        paint->repaint(memory, panel->width_px, clip);
}

/* Texts stay in the arena of the tree that is copied. */
static void copy_shallow(struct ui_tree *to, const struct ui_tree *from)
{
    to->count = from->count;
    to->look = from->look;
    memcpy(to->nodes, from->nodes, sizeof(from->nodes[0]) * (size_t)from->count);
}

static double channel(uint32_t value)
{
    static double known[256];
    if (known[255] == 0) {
        for (int i = 0; i < 256; i++) {
            const double part = i / 255.0;
            known[i] = part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
        }
    }
    return known[value & 255];
}

static double luminance(uint32_t colour)
{
    return 0.2126 * channel(colour >> 16) + 0.7152 * channel(colour >> 8) +
           0.0722 * channel(colour);
}

static double ratio_of(double a, double b)
{
    return a > b ? (a + 0.05) / (b + 0.05) : (b + 0.05) / (a + 0.05);
}

/* The darkest or lightest ink, whichever is further off, against the ground that is worst for it.
 */
static double contrast_of_change(const struct paint *paint, int stride, struct ui_rect clip)
{
    double ground_low = 2, ground_high = -1, ink_low = 2, ink_high = -1;
    uint32_t last_ink = NOTHING, last_ground = NOTHING;
    for (int y = clip.y; y < clip.y + clip.height; y++) {
        const uint32_t *with = paint->with + (size_t)y * (size_t)stride;
        const uint32_t *without = paint->without + (size_t)y * (size_t)stride;
        for (int x = clip.x; x < clip.x + clip.width; x++) {
            if (with[x] == without[x] || (with[x] == last_ink && without[x] == last_ground))
                continue;
            last_ink = with[x];
            last_ground = without[x];
            const double ink = luminance(with[x]), ground = luminance(without[x]);
            ink_low = ink < ink_low ? ink : ink_low;
            ink_high = ink > ink_high ? ink : ink_high;
            ground_low = ground < ground_low ? ground : ground_low;
            ground_high = ground > ground_high ? ground : ground_high;
        }
    }
    if (ink_high < 0)
        return 0;
    const bool is_dark = ratio_of(ink_low, ground_low) > ratio_of(ink_high, ground_high);
    const double ink = is_dark ? ink_low : ink_high;
    const double a = ratio_of(ink, ground_low), b = ratio_of(ink, ground_high);
    return a < b ? a : b;
}

static double contrast_at(struct paint *paint, const struct access_screen *screen, int index,
                          bool text, int pressed)
{
    const struct ui_rect clip = around(screen->panel, screen->tree->nodes[index].rect, 2);
    take_memory(paint, screen->panel);
    copy_shallow(&paint->scratch, screen->tree);
    struct ui_node *node = &paint->scratch.nodes[index];
    if (!text && node->role != UI_ROLE_QR) /* whose text is the picture */
        node->text = NULL;
    paint_into(paint, screen->panel, paint->with, &paint->scratch, clip, pressed);
    node->text = NULL;
    if (!text)
        node->rect = (struct ui_rect){ 0 };
    paint_into(paint, screen->panel, paint->without, &paint->scratch, clip, pressed);
    return contrast_of_change(paint, screen->panel->width_px, clip);
}

double paint_contrast(struct paint *paint, const struct access_screen *screen, int index, bool text)
{
    return contrast_at(paint, screen, index, text, -1);
}

double paint_pressed_contrast(struct paint *paint, const struct access_screen *screen, int text,
                              int control)
{
    return contrast_at(paint, screen, text, true, control);
}

double paint_ink_contrast(struct paint *paint, const struct access_screen *screen, int index)
{
    const struct ui_rect clip = screen->tree->nodes[index].rect;
    take_memory(paint, screen->panel);
    copy_shallow(&paint->scratch, screen->tree);
    paint_into(paint, screen->panel, paint->without, &paint->scratch, clip, -1);
    paint->scratch.strokes = screen->tree->strokes;
    paint_into(paint, screen->panel, paint->with, &paint->scratch, clip, -1);
    paint->scratch.strokes.count = 0;
    return contrast_of_change(paint, screen->panel->width_px, clip);
}

/* Along a line of pixels from outside inwards: the best contrast to the first. */
static double contrast_inwards(const uint32_t *pixels, int stride, int x, int y, int dx, int dy,
                               int steps)
{
    const double outside = luminance(pixels[y * stride + x]);
    double best = 1;
    for (int i = 1; i <= steps; i++) {
        const double inside = luminance(pixels[(y + i * dy) * stride + x + i * dx]);
        const double ratio = ratio_of(inside, outside);
        best = ratio > best ? ratio : best;
    }
    return best;
}

double paint_edge_contrast(struct paint *paint, const struct access_screen *screen, int index)
{
    const int reach = 2, steps = reach + 8, stride = screen->panel->width_px;
    const struct ui_rect rect = screen->tree->nodes[index].rect;
    const struct ui_rect panel = { 0, 0, screen->panel->width_px, screen->panel->height_px };
    take_memory(paint, screen->panel);
    paint_into(paint, screen->panel, paint->with, screen->tree,
               around(screen->panel, rect, reach + 1), -1);
    const int middle_x = rect.x + rect.width / 2, middle_y = rect.y + rect.height / 2;
    const int sides[4][4] = { { rect.x - reach, middle_y, 1, 0 },
                              { rect.x + rect.width - 1 + reach, middle_y, -1, 0 },
                              { middle_x, rect.y - reach, 0, 1 },
                              { middle_x, rect.y + rect.height - 1 + reach, 0, -1 } };
    double least = 21;
    for (int i = 0; i < 4; i++) {
        if (!ui_rect_contains(panel, sides[i][0], sides[i][1]))
            continue;
        const double contrast = contrast_inwards(paint->with, stride, sides[i][0], sides[i][1],
                                                 sides[i][2], sides[i][3], steps);
        least = contrast < least ? contrast : least;
    }
    return least;
}

/* Across one side: the best change of a pixel that the focus brings. */
static double change_across(const struct paint *paint, const struct scene_panel *panel, int x,
                            int y, int dx, int dy)
{
    double best = 1;
    for (int i = -FOCUS_REACH; i <= FOCUS_REACH; i++) {
        const int at_x = x + i * dx, at_y = y + i * dy;
        if (at_x < 0 || at_y < 0 || at_x >= panel->width_px || at_y >= panel->height_px)
            continue;
        const size_t at = (size_t)at_y * (size_t)panel->width_px + (size_t)at_x;
        const double ratio = ratio_of(luminance(paint->with[at]), luminance(paint->without[at]));
        best = ratio > best ? ratio : best;
    }
    return best;
}

double paint_focus_contrast(struct paint *paint, const struct access_screen *screen, int index)
{
    const struct ui_rect rect = screen->tree->nodes[index].rect;
    const struct scene_panel *panel = screen->panel;
    take_memory(paint, panel);
    const struct ui_rect clip = around(panel, rect, FOCUS_REACH + 1);
    paint_into(paint, panel, paint->without, screen->tree, clip, -1);
    canvas_set_focus(paint->canvas, index);
    paint_into(paint, panel, paint->with, screen->tree, clip, -1);
    canvas_set_focus(paint->canvas, -1);
    const int middle_x = rect.x + rect.width / 2, middle_y = rect.y + rect.height / 2;
    const int right = rect.x + rect.width, bottom = rect.y + rect.height;
    const double sides[] = { change_across(paint, panel, rect.x, middle_y, 1, 0),
                             change_across(paint, panel, right, middle_y, 1, 0),
                             change_across(paint, panel, middle_x, rect.y, 0, 1),
                             change_across(paint, panel, middle_x, bottom, 0, 1) };
    double least = 21;
    for (size_t i = 0; i < ARRAY_SIZE(sides); i++)
        least = sides[i] < least ? sides[i] : least;
    return least;
}

double paint_fill_contrast(struct paint *paint, const struct access_screen *screen, int index)
{
    const int stride = screen->panel->width_px;
    take_memory(paint, screen->panel);
    copy_shallow(&paint->scratch, screen->tree);
    struct ui_node *node = &paint->scratch.nodes[index];
    node->value = node->value_max / 2;
    paint_into(paint, screen->panel, paint->with, &paint->scratch, node->rect, -1);
    const int y = node->rect.y + node->rect.height / 2, x = node->rect.x + node->rect.width / 4;
    const int half = node->rect.width / 2;
    return ratio_of(luminance(paint->with[y * stride + x]),
                    luminance(paint->with[y * stride + x + half]));
}

/* The margin around a node of this size: four strips. */
static void strips_of(int width, int height, struct ui_rect strips[4])
{
    const int inner = height - 2 * ALONE_MARGIN;
    strips[0] = (struct ui_rect){ 0, 0, width, ALONE_MARGIN };
    strips[1] = (struct ui_rect){ 0, height - ALONE_MARGIN, width, ALONE_MARGIN };
    strips[2] = (struct ui_rect){ 0, ALONE_MARGIN, ALONE_MARGIN, inner };
    strips[3] = (struct ui_rect){ width - ALONE_MARGIN, ALONE_MARGIN, ALONE_MARGIN, inner };
}

static void clear_margin(uint32_t *pixels, int width, int height)
{
    struct ui_rect strips[4];
    strips_of(width, height, strips);
    for (int i = 0; i < 4; i++) {
        for (int y = strips[i].y; y < strips[i].y + strips[i].height; y++) {
            uint32_t *row = pixels + (size_t)y * (size_t)width + strips[i].x;
            for (int x = 0; x < strips[i].width; x++)
                row[x] = NOTHING;
        }
    }
}

static long count_outside(const uint32_t *pixels, int width, int height)
{
    struct ui_rect strips[4];
    long outside = 0;
    strips_of(width, height, strips);
    for (int i = 0; i < 4; i++) {
        for (int y = strips[i].y; y < strips[i].y + strips[i].height; y++) {
            const uint32_t *row = pixels + (size_t)y * (size_t)width + strips[i].x;
            for (int x = 0; x < strips[i].width; x++)
                outside += row[x] != NOTHING;
        }
    }
    return outside;
}

long paint_outside(struct paint *paint, const struct access_screen *screen,
                   const struct ui_node *node)
{
    const int width = node->rect.width + 2 * ALONE_MARGIN;
    const int height = node->rect.height + 2 * ALONE_MARGIN;
    const size_t count = (size_t)width * (size_t)height;
    take_memory(paint, screen->panel);
    if (count > paint->alone_pixels) {
        free(paint->alone);
        paint->alone = calloc(count, sizeof(uint32_t));
        CHECK(paint->alone != NULL);
        paint->alone_pixels = count;
    }
    clear_margin(paint->alone, width, height);
    paint->scratch.count = 1;
    paint->scratch.look = screen->tree->look;
    paint->scratch.nodes[0] = *node;
    paint->scratch.nodes[0].rect.x = paint->scratch.nodes[0].rect.y = ALONE_MARGIN;
    canvas_set_pixels(paint->canvas, paint->alone, width, height, width);
    canvas_paint(paint->canvas, &paint->scratch, (struct ui_rect){ 0, 0, width, height }, -1);
    if (paint->repaint)
        paint->repaint(paint->alone, width, (struct ui_rect){ 0, 0, width, height });
    return count_outside(paint->alone, width, height);
}
