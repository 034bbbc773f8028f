/* The gallery: each screen as PNG, and a thumbnail of it. */
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "access_internal.h"
#include "tool.h"

#define FONTS "/usr/share/fonts/opentype/noto"
#define THUMB_BY 4
#define THUMBS "/thumb"

struct gallery {
    const char *folder;
    char thumbs[400];
    struct font *font;
    struct canvas *canvas;
    const struct scene_panel *panel;
    uint32_t *pixels, *small;
    bool failed;
};

static void change_panel(struct gallery *gallery, const struct scene_panel *panel)
{
    const size_t pixels = (size_t)panel->width_px * (size_t)panel->height_px;
    canvas_destroy(gallery->canvas);
    free(gallery->pixels);
    free(gallery->small);
    gallery->pixels = calloc(pixels, sizeof(uint32_t));
    gallery->small = calloc(pixels / THUMB_BY / THUMB_BY, sizeof(uint32_t));
    gallery->canvas = canvas_create(gallery->font, theme_scale(panel->width_px, panel->width_mm));
    CHECK(gallery->pixels && gallery->small && gallery->canvas);
    canvas_set_pixels(gallery->canvas, gallery->pixels, panel->width_px, panel->height_px,
                      panel->width_px);
    gallery->panel = panel;
}

static uint32_t mean_of(const uint32_t *pixels, int stride)
{
    uint32_t red = 0, green = 0, blue = 0;
    for (int y = 0; y < THUMB_BY; y++) {
        for (int x = 0; x < THUMB_BY; x++) {
            const uint32_t pixel = pixels[y * stride + x];
            red += pixel >> 16 & 255;
            green += pixel >> 8 & 255;
            blue += pixel & 255;
        }
    }
    const uint32_t count = THUMB_BY * THUMB_BY;
    return red / count << 16 | green / count << 8 | blue / count;
}

static void shrink(const struct gallery *gallery, int width, int height)
{
    const int stride = width * THUMB_BY;
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++)
            gallery->small[y * width + x] =
                mean_of(gallery->pixels + y * THUMB_BY * stride + x * THUMB_BY, stride);
    }
}

/* Compressed in full: there are thousands of them. */
static bool write_png(const char *path, const uint32_t *pixels, int width, int height)
{
    png_image image = { .version = PNG_IMAGE_VERSION,
                        .width = (png_uint_32)width,
                        .height = (png_uint_32)height,
                        .format = PNG_FORMAT_RGB };
    const size_t count = (size_t)width * (size_t)height;
    uint8_t *bytes = malloc(count * 3);
    CHECK(bytes != NULL);
    for (size_t i = 0; i < count; i++) {
        bytes[3 * i] = (uint8_t)(pixels[i] >> 16);
        bytes[3 * i + 1] = (uint8_t)(pixels[i] >> 8);
        bytes[3 * i + 2] = (uint8_t)pixels[i];
    }
    const bool written = png_image_write_to_file(&image, path, 0, bytes, 0, NULL) != 0;
    free(bytes);
    return written;
}

static void paint_screen(void *context, const struct access_screen *screen)
{
    struct gallery *gallery = context;
    const struct scene_panel *panel = screen->panel;
    const int width = panel->width_px / THUMB_BY, height = panel->height_px / THUMB_BY;
    char path[600];
    if (panel != gallery->panel)
        change_panel(gallery, panel);
    canvas_paint(gallery->canvas, screen->tree,
                 (struct ui_rect){ 0, 0, panel->width_px, panel->height_px }, -1);
    tool_path(path, sizeof(path), gallery->folder, screen, "png");
    gallery->failed |= !write_png(path, gallery->pixels, panel->width_px, panel->height_px);
    shrink(gallery, width, height);
    tool_path(path, sizeof(path), gallery->thumbs, screen, "png");
    gallery->failed |= !write_png(path, gallery->small, width, height);
}

int tool_paint(const struct tool_options *options)
{
    struct gallery gallery = { .folder = options->out };
    snprintf(gallery.thumbs, sizeof(gallery.thumbs), "%s%s", options->out, THUMBS);
    if (font_open(FONTS, &gallery.font) != STATUS_OK)
        return 2;
    tool_for_each(options, paint_screen, &gallery);
    canvas_destroy(gallery.canvas);
    font_close(gallery.font);
    free(gallery.pixels);
    free(gallery.small);
    if (gallery.failed)
        fprintf(stderr, "access: not every picture could be written to %s and %s\n", options->out,
                gallery.thumbs);
    return gallery.failed ? 1 : 0;
}
