/*
 * Drawing for the control panel: boxes, texts and buttons on an SDL surface. A frame is drawn anew
 * each time; a button tells at once whether the click of this frame hit it.
 */
#pragma once
#include <SDL.h>
#include <SDL_ttf.h>
#include <stdbool.h>
#include <stdint.h>

enum panel_font {
    FONT_BODY,
    FONT_SMALL,
    FONT_BOLD,
    FONT_TITLE
};
#define PANEL_FONT_COUNT 4

#define COLOR_BACKGROUND 0xF3F6FA
#define COLOR_CARD 0xFFFFFF
#define COLOR_INK 0x0E1B2E
#define COLOR_INK_SECOND 0x42526B
#define COLOR_LINE 0xD3DCE8
#define COLOR_PRIMARY 0x0A4FB0
#define COLOR_PRIMARY_SOFT 0xE6EFFB
#define COLOR_GOOD 0x0B6B45
#define COLOR_GOOD_SOFT 0xE2F3EA
#define COLOR_CAUTION 0x7A4B00
#define COLOR_CAUTION_SOFT 0xFFF1D6
#define COLOR_BAD 0xA31515
#define COLOR_BAD_SOFT 0xFBE4E4

struct panel_canvas {
    SDL_Surface *surface;
    TTF_Font *fonts[PANEL_FONT_COUNT];
    bool clicked; /* in this frame, at x, y */
    int x, y;
};

enum panel_tone {
    TONE_PLAIN,
    TONE_CHOSEN,
    TONE_GOOD,
    TONE_CAUTION,
    TONE_BAD
};

/* False if there is no Chinese font. */
bool panel_canvas_open_fonts(struct panel_canvas *canvas);
void panel_canvas_close_fonts(struct panel_canvas *canvas);

void panel_canvas_fill(struct panel_canvas *canvas, SDL_Rect rect, int radius, uint32_t color);
/* A filled box with a line of one pixel around it. */
void panel_canvas_box(struct panel_canvas *canvas, SDL_Rect rect, int radius, uint32_t fill,
                      uint32_t line);
/* Returns the width. Texts wider than width_max (0: any) are cut with an ellipsis. */
int panel_canvas_text(struct panel_canvas *canvas, enum panel_font font, int x, int y,
                      int width_max, uint32_t color, const char *text);
/* Chinese above English; true if it was clicked. */
bool panel_canvas_button(struct panel_canvas *canvas, SDL_Rect rect, enum panel_tone tone,
                         const char *chinese, const char *english);
/* A word in a coloured pill; returns its width. */
int panel_canvas_lamp(struct panel_canvas *canvas, int x, int y, enum panel_tone tone,
                      const char *text);
