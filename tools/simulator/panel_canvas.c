#include "tools/simulator/panel_canvas.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Index 2 of the collection is Simplified Chinese; index 0 would draw Japanese shapes. */
enum {
    SIMPLIFIED_CHINESE = 2,
    TEXT_SIZE_MAX = 256
};

static const struct {
    const char *path;
    int size;
} FONTS[PANEL_FONT_COUNT] = {
    [FONT_BODY] = { "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 15 },
    [FONT_SMALL] = { "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 11 },
    [FONT_BOLD] = { "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 16 },
    [FONT_TITLE] = { "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", 20 },
};

bool panel_canvas_open_fonts(struct panel_canvas *canvas)
{
    for (int i = 0; i < PANEL_FONT_COUNT; i++) {
        canvas->fonts[i] = TTF_OpenFontIndex(FONTS[i].path, FONTS[i].size, SIMPLIFIED_CHINESE);
        if (canvas->fonts[i] == NULL)
            return false;
    }
    return true;
}

void panel_canvas_close_fonts(struct panel_canvas *canvas)
{
    for (int i = 0; i < PANEL_FONT_COUNT; i++) {
        if (canvas->fonts[i] != NULL)
            TTF_CloseFont(canvas->fonts[i]);
        canvas->fonts[i] = NULL;
    }
}

static SDL_Color rgb(uint32_t color)
{
    return (SDL_Color){ (Uint8)(color >> 16), (Uint8)(color >> 8), (Uint8)color, 255 };
}

static uint8_t blend(uint8_t under, uint8_t over, int share)
{
    return (uint8_t)(under + (over - under) * share / 255);
}

/* The window's surface is 32 bits a pixel (checked when it is opened). */
static void put_pixel(struct panel_canvas *canvas, int x, int y, uint32_t color, int share)
{
    SDL_Surface *surface = canvas->surface;
    if (x < 0 || y < 0 || x >= surface->w || y >= surface->h)
        return;
    uint32_t *pixel = (uint32_t *)(void *)((uint8_t *)surface->pixels + y * surface->pitch) + x;
    SDL_Color over = rgb(color), under;
    SDL_GetRGB(*pixel, surface->format, &under.r, &under.g, &under.b);
    *pixel = SDL_MapRGB(surface->format, blend(under.r, over.r, share),
                        blend(under.g, over.g, share), blend(under.b, over.b, share));
}

/* How much of the pixel at (dx, dy) from the circle's middle lies in it, 0 to 255. */
static int coverage(int dx, int dy, int radius)
{
    double distance = sqrt((dx + 0.5) * (dx + 0.5) + (dy + 0.5) * (dy + 0.5));
    double share = radius + 0.5 - distance;
    return share >= 1 ? 255 : share <= 0 ? 0 : (int)(share * 255);
}

static void fill_corners(struct panel_canvas *canvas, SDL_Rect rect, int radius, uint32_t color)
{
    for (int dy = 0; dy < radius; dy++) {
        for (int dx = 0; dx < radius; dx++) {
            int share = coverage(dx, dy, radius);
            int left = rect.x + radius - 1 - dx, right = rect.x + rect.w - radius + dx;
            int top = rect.y + radius - 1 - dy, bottom = rect.y + rect.h - radius + dy;
            put_pixel(canvas, left, top, color, share);
            put_pixel(canvas, right, top, color, share);
            put_pixel(canvas, left, bottom, color, share);
            put_pixel(canvas, right, bottom, color, share);
        }
    }
}

void panel_canvas_fill(struct panel_canvas *canvas, SDL_Rect rect, int radius, uint32_t color)
{
    SDL_Color c = rgb(color);
    Uint32 pixel = SDL_MapRGB(canvas->surface->format, c.r, c.g, c.b);
    const SDL_Rect middle = { rect.x, rect.y + radius, rect.w, rect.h - 2 * radius };
    const SDL_Rect top = { rect.x + radius, rect.y, rect.w - 2 * radius, radius };
    const SDL_Rect bottom = { top.x, rect.y + rect.h - radius, top.w, radius };
    SDL_FillRect(canvas->surface, &middle, pixel);
    SDL_FillRect(canvas->surface, &top, pixel);
    SDL_FillRect(canvas->surface, &bottom, pixel);
    fill_corners(canvas, rect, radius, color);
}

void panel_canvas_box(struct panel_canvas *canvas, SDL_Rect rect, int radius, uint32_t fill,
                      uint32_t line)
{
    panel_canvas_fill(canvas, rect, radius, line);
    const SDL_Rect inside = { rect.x + 1, rect.y + 1, rect.w - 2, rect.h - 2 };
    panel_canvas_fill(canvas, inside, radius > 0 ? radius - 1 : 0, fill);
}

/* Cuts whole characters off the end until the text and an ellipsis fit. */
static void shorten(TTF_Font *font, char *text, int width_max)
{
    int width = 0;
    size_t size = strlen(text);
    TTF_SizeUTF8(font, text, &width, NULL);
    while (width_max > 0 && width > width_max && size > 3) {
        size -= strcmp(text + size - 3, "…") == 0 ? 3 : 0;
        do {
            size--;
        } while (size > 0 && ((uint8_t)text[size] & 0xC0) == 0x80);
        memcpy(text + size, "…", 4);
        size += 3;
        TTF_SizeUTF8(font, text, &width, NULL);
    }
}

int panel_canvas_text(struct panel_canvas *canvas, enum panel_font font, int x, int y,
                      int width_max, uint32_t color, const char *text)
{
    char shown[TEXT_SIZE_MAX + 4];
    if (*text == '\0')
        return 0;
    snprintf(shown, TEXT_SIZE_MAX, "%s", text);
    shorten(canvas->fonts[font], shown, width_max);
    SDL_Surface *image = TTF_RenderUTF8_Blended(canvas->fonts[font], shown, rgb(color));
    if (image == NULL)
        return 0;
    SDL_Rect at = { x, y, 0, 0 };
    int width = image->w;
    SDL_BlitSurface(image, NULL, canvas->surface, &at);
    SDL_FreeSurface(image);
    return width;
}

static const struct {
    uint32_t fill, line, ink;
} TONES[] = {
    [TONE_PLAIN] = { COLOR_CARD, COLOR_LINE, COLOR_INK },
    [TONE_CHOSEN] = { COLOR_PRIMARY_SOFT, COLOR_PRIMARY, COLOR_PRIMARY },
    [TONE_GOOD] = { COLOR_GOOD_SOFT, COLOR_GOOD_SOFT, COLOR_GOOD },
    [TONE_CAUTION] = { COLOR_CAUTION_SOFT, COLOR_CAUTION, COLOR_CAUTION },
    [TONE_BAD] = { COLOR_BAD_SOFT, COLOR_BAD, COLOR_BAD },
};

static void text_centred(struct panel_canvas *canvas, enum panel_font font, SDL_Rect rect, int y,
                         uint32_t color, const char *text)
{
    int width = 0;
    TTF_SizeUTF8(canvas->fonts[font], text, &width, NULL);
    int x = width < rect.w ? rect.x + (rect.w - width) / 2 : rect.x + 4;
    panel_canvas_text(canvas, font, x, y, rect.w - 8, color, text);
}

bool panel_canvas_button(struct panel_canvas *canvas, SDL_Rect rect, enum panel_tone tone,
                         const char *chinese, const char *english)
{
    panel_canvas_box(canvas, rect, 10, TONES[tone].fill, TONES[tone].line);
    bool has_english = *english != '\0';
    int middle = rect.y + rect.h / 2;
    text_centred(canvas, FONT_BODY, rect, middle - (has_english ? 20 : 11), TONES[tone].ink,
                 chinese);
    if (has_english)
        text_centred(canvas, FONT_SMALL, rect, middle + 1, TONES[tone].ink, english);
    const SDL_Point click = { canvas->x, canvas->y };
    return canvas->clicked && SDL_PointInRect(&click, &rect);
}

int panel_canvas_lamp(struct panel_canvas *canvas, int x, int y, enum panel_tone tone,
                      const char *text)
{
    int width = 0;
    TTF_SizeUTF8(canvas->fonts[FONT_SMALL], text, &width, NULL);
    const SDL_Rect pill = { x, y, width + 26, 22 };
    const SDL_Rect dot = { x + 8, y + 7, 8, 8 };
    panel_canvas_fill(canvas, pill, 11, tone == TONE_PLAIN ? COLOR_BACKGROUND : TONES[tone].fill);
    panel_canvas_fill(canvas, dot, 4, TONES[tone].ink);
    panel_canvas_text(canvas, FONT_SMALL, x + 20, y + 3, 0, TONES[tone].ink, text);
    return pill.w;
}
