/*
 * Paints every variant of every screen, in every language and for every panel, to PNG files:
 *   scene_gallery OUTDIR [NAME-PREFIX [PANEL]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/canvas.h"
#include "ui/png_write.h"
#include "ui/theme.h"
#include "variants.h"

#define FONTS "/usr/share/fonts/opentype/noto"

static const char *const LANGUAGE_NAMES[LANGUAGES] = { "zh", "en" };

static bool paint(struct font *font, const struct scene_panel *panel,
                  const struct session_view *view, const char *path)
{
    static struct ui_tree tree;
    scene_build(view, panel, &tree);
    const size_t pixels = (size_t)panel->width_px * (size_t)panel->height_px;
    uint32_t *memory = calloc(pixels, sizeof(uint32_t));
    struct canvas *canvas = canvas_create(font, theme_scale(panel->width_px, panel->width_mm));
    bool written = false;
    if (memory && canvas) {
        canvas_set_pixels(canvas, memory, panel->width_px, panel->height_px, panel->width_px);
        canvas_paint(canvas, &tree, (struct ui_rect){ 0, 0, panel->width_px, panel->height_px },
                     -1);
        written = png_write(path, memory, panel->width_px, panel->height_px, panel->width_px) ==
                  STATUS_OK;
    }
    canvas_destroy(canvas);
    free(memory);
    return written;
}

static bool paint_variant(struct font *font, const char *folder, int panel, struct variant *variant)
{
    for (int language = 0; language < LANGUAGES; language++) {
        char path[512];
        variant->view.language = (enum language)language;
        snprintf(path, sizeof(path), "%s/%s.%s.%s.png", folder, variant->name, PANEL_NAMES[panel],
                 LANGUAGE_NAMES[language]);
        if (!paint(font, &PANEL_LIST[panel], &variant->view, path)) {
            fprintf(stderr, "scene_gallery: %s cannot be written\n", path);
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: scene_gallery OUTDIR [NAME-PREFIX [PANEL]]\n");
        return 2;
    }
    const char *prefix = argc > 2 ? argv[2] : "", *wanted_panel = argc > 3 ? argv[3] : NULL;
    struct font *font;
    if (font_open(FONTS, &font) != STATUS_OK)
        return 1;
    bool good = true;
    for (int i = 0; good && i < variant_count(); i++) {
        struct variant variant;
        variant_get(i, &variant);
        if (strncmp(variant.name, prefix, strlen(prefix)) != 0)
            continue;
        for (int panel = 0; good && panel < PANELS; panel++) {
            if (!wanted_panel || strcmp(wanted_panel, PANEL_NAMES[panel]) == 0)
                good = paint_variant(font, argv[1], panel, &variant);
        }
    }
    font_close(font);
    return good ? 0 : 1;
}
