#include "ui/theme.h"

#include "base/check.h"

enum palette {
    PALETTE_USUAL,
    PALETTE_CONTRAST,
    PALETTES
};

static const uint32_t COLOURS[PALETTES][TINTS] = {
    [PALETTE_USUAL] = {
        [TINT_NONE] = THEME_NO_COLOUR,
        [TINT_PAGE] = 0xF3F6FA,
        [TINT_CARD] = 0xFFFFFF,
        [TINT_CARD_PRESSED] = 0xEDF2F9,
        [TINT_INK] = 0x0E1B2E,
        [TINT_SECOND] = 0x42526B,
        [TINT_LINE] = 0xD3DCE8,
        [TINT_EDGE] = 0x74869F,
        [TINT_PRIMARY] = 0x0A4FB0,
        [TINT_PRIMARY_PRESSED] = 0x083F8C,
        [TINT_ON_PRIMARY] = 0xFFFFFF,
        [TINT_PRIMARY_SOFT] = 0xE6EFFB,
        [TINT_PRIMARY_DEEP] = 0x08418F,
        [TINT_SOFT_ON_PRIMARY] = 0x3A72C0,
        [TINT_GOOD] = 0x0B6B45,
        [TINT_GOOD_SOFT] = 0xE2F3EA,
        [TINT_GOOD_DEEP] = 0x07563A,
        [TINT_CAUTION_SOFT] = 0xFFF1D6,
        [TINT_CAUTION_DEEP] = 0x6B4100,
        [TINT_BAD_SOFT] = 0xFBE4E4,
        [TINT_BAD_DEEP] = 0x8A1111,
        [TINT_OFF] = 0xDCE3EC,
        [TINT_OFF_CARD] = 0xEEF2F7,
        [TINT_OFF_INK] = 0x3B495E,
        [TINT_SIGN_EDGE] = THEME_NO_COLOUR,
    },
    [PALETTE_CONTRAST] = {
        [TINT_NONE] = THEME_NO_COLOUR,
        [TINT_PAGE] = 0x000000,
        [TINT_CARD] = 0x000000,
        [TINT_CARD_PRESSED] = 0x2A2A2A,
        [TINT_INK] = 0xFFFFFF,
        [TINT_SECOND] = 0xE8E8E8,
        [TINT_LINE] = 0x8C8C8C,
        [TINT_EDGE] = 0xFFFFFF,
        [TINT_PRIMARY] = 0xFFD60A,
        [TINT_PRIMARY_PRESSED] = 0xFFF3B0,
        [TINT_ON_PRIMARY] = 0x000000,
        [TINT_PRIMARY_SOFT] = 0x000000,
        [TINT_PRIMARY_DEEP] = 0xFFE04A,
        [TINT_SOFT_ON_PRIMARY] = 0xC7A500,
        [TINT_GOOD] = 0x7CF29A,
        [TINT_GOOD_SOFT] = 0x000000,
        [TINT_GOOD_DEEP] = 0x7CF29A,
        [TINT_CAUTION_SOFT] = 0x000000,
        [TINT_CAUTION_DEEP] = 0xFFC95C,
        [TINT_BAD_SOFT] = 0x000000,
        [TINT_BAD_DEEP] = 0xFFA3A3,
        [TINT_OFF] = 0x000000,
        [TINT_OFF_CARD] = 0x000000,
        [TINT_OFF_INK] = 0xD0D0D0,
        [TINT_SIGN_EDGE] = 0xFFFFFF,
    },
};

struct surface {
    uint8_t fill, pressed, border, ink; /* enum theme_tint */
    uint8_t border_dp, radius_dp, padding_dp;
};

static const struct surface SURFACE_TABLE[SURFACES] = {
    [SURFACE_NONE] = { TINT_NONE, TINT_NONE, TINT_NONE, TINT_INK, 0, 0, 0 },
    [SURFACE_PAGE] = { TINT_PAGE, TINT_PAGE, TINT_NONE, TINT_INK, 0, 0, 0 },
    [SURFACE_HEADER] = { TINT_CARD, TINT_CARD, TINT_NONE, TINT_INK, 0, 0, 0 },
    [SURFACE_FOOTER] = { TINT_CARD, TINT_CARD, TINT_NONE, TINT_INK, 0, 0, 0 },
    [SURFACE_CARD] = { TINT_CARD, TINT_CARD_PRESSED, TINT_LINE, TINT_INK, 2, 28, 32 },
    [SURFACE_CHOICE] = { TINT_CARD, TINT_CARD_PRESSED, TINT_EDGE, TINT_INK, 2, 28, 32 },
    [SURFACE_CARD_SELECTED] = { TINT_CARD, TINT_CARD_PRESSED, TINT_PRIMARY, TINT_INK, 6, 28, 32 },
    [SURFACE_CARD_OFF] = { TINT_OFF_CARD, TINT_OFF_CARD, TINT_LINE, TINT_OFF_INK, 2, 28, 32 },
    [SURFACE_SEAL] = { TINT_PRIMARY, TINT_PRIMARY, TINT_NONE, TINT_ON_PRIMARY, 0, 20, 0 },
    [SURFACE_TILE] = { TINT_PRIMARY, TINT_PRIMARY_PRESSED, TINT_NONE, TINT_ON_PRIMARY, 0, 28, 36 },
    [SURFACE_BUTTON] = { TINT_CARD, TINT_CARD_PRESSED, TINT_EDGE, TINT_INK, 2, 24, 10 },
    [SURFACE_BUTTON_PRIMARY] = { TINT_PRIMARY, TINT_PRIMARY_PRESSED, TINT_NONE, TINT_ON_PRIMARY, 0,
                                 24, 10 },
    [SURFACE_BUTTON_OFF] = { TINT_OFF, TINT_OFF, TINT_LINE, TINT_OFF_INK, 2, 24, 10 },
    [SURFACE_PILL] = { TINT_CARD, TINT_CARD_PRESSED, TINT_EDGE, TINT_INK, 2, 40, 24 },
    [SURFACE_TAG] = { TINT_PRIMARY_SOFT, TINT_PRIMARY_SOFT, TINT_SIGN_EDGE, TINT_PRIMARY_DEEP, 2,
                      14, 18 },
    [SURFACE_TAG_GOOD] = { TINT_GOOD_SOFT, TINT_GOOD_SOFT, TINT_SIGN_EDGE, TINT_GOOD_DEEP, 2, 14,
                           18 },
    [SURFACE_TAG_CAUTION] = { TINT_CAUTION_SOFT, TINT_CAUTION_SOFT, TINT_SIGN_EDGE,
                              TINT_CAUTION_DEEP, 2, 14, 18 },
    [SURFACE_TAG_BAD] = { TINT_BAD_SOFT, TINT_BAD_SOFT, TINT_SIGN_EDGE, TINT_BAD_DEEP, 2, 14, 18 },
    [SURFACE_BANNER] = { TINT_PRIMARY_SOFT, TINT_PRIMARY_SOFT, TINT_SIGN_EDGE, TINT_PRIMARY_DEEP, 2,
                         20, 28 },
    [SURFACE_BANNER_GOOD] = { TINT_GOOD_SOFT, TINT_GOOD_SOFT, TINT_SIGN_EDGE, TINT_GOOD_DEEP, 2, 20,
                              28 },
    [SURFACE_BANNER_CAUTION] = { TINT_CAUTION_SOFT, TINT_CAUTION_SOFT, TINT_SIGN_EDGE,
                                 TINT_CAUTION_DEEP, 2, 20, 28 },
    [SURFACE_BANNER_BAD] = { TINT_BAD_SOFT, TINT_BAD_SOFT, TINT_SIGN_EDGE, TINT_BAD_DEEP, 2, 20,
                             28 },
    [SURFACE_SUM] = { TINT_PRIMARY_SOFT, TINT_PRIMARY_SOFT, TINT_SIGN_EDGE, TINT_INK, 2, 28, 36 },
    [SURFACE_RULE] = { TINT_LINE, TINT_LINE, TINT_NONE, TINT_INK, 0, 0, 0 },
    [SURFACE_STEP_DONE] = { TINT_PRIMARY, TINT_PRIMARY, TINT_NONE, TINT_ON_PRIMARY, 0, 5, 0 },
    [SURFACE_STEP_OPEN] = { TINT_CARD, TINT_CARD, TINT_EDGE, TINT_INK, 2, 5, 0 },
    [SURFACE_SCRIM] = { TINT_NONE, TINT_NONE, TINT_NONE, TINT_INK, 0, 0, 0 },
    [SURFACE_DIALOG] = { TINT_CARD, TINT_CARD, TINT_PRIMARY, TINT_INK, 6, 28, 48 },
};

/*
 * A capital of 41 dp and a Chinese character of 30 dp are 7.3 mm high (EN 301 549, 5.1.4: 0.7
 * degrees at 600 mm); so whatever must be read is at least SIZE_BODY, and Latin fine print 5.4 mm.
 * With large type every size grows by about a quarter.
 */
static const int SIZES_DP[2][SIZES] = {
    { [SIZE_SMALL] = 30,
      [SIZE_BODY] = 41,
      [SIZE_BUTTON] = 44,
      [SIZE_HEAD] = 48,
      [SIZE_KEY] = 56,
      [SIZE_TITLE] = 60,
      [SIZE_FIGURE] = 72,
      [SIZE_AMOUNT] = 96,
      [SIZE_HUGE] = 132 },
    { [SIZE_SMALL] = 38,
      [SIZE_BODY] = 50,
      [SIZE_BUTTON] = 54,
      [SIZE_HEAD] = 58,
      [SIZE_KEY] = 68,
      [SIZE_TITLE] = 72,
      [SIZE_FIGURE] = 88,
      [SIZE_AMOUNT] = 112,
      [SIZE_HUGE] = 144 },
};

uint32_t theme_tint(struct ui_look look, enum theme_tint tint)
{
    CHECK((unsigned)tint < TINTS);
    return COLOURS[look.contrast ? PALETTE_CONTRAST : PALETTE_USUAL][tint];
}

struct theme_surface_look theme_surface_look(struct ui_look look, enum theme_surface surface)
{
    CHECK((unsigned)surface < SURFACES);
    const struct surface *row = &SURFACE_TABLE[surface];
    const uint32_t border = theme_tint(look, row->border);
    return (struct theme_surface_look){
        .fill = theme_tint(look, row->fill),
        .pressed = theme_tint(look, row->pressed),
        .border = border,
        .ink = theme_tint(look, row->ink),
        .border_dp = border == THEME_NO_COLOUR ? 0 : row->border_dp,
        .radius_dp = row->radius_dp,
        .padding_dp = row->padding_dp,
    };
}

int theme_padding_dp(enum theme_surface surface)
{
    CHECK((unsigned)surface < SURFACES);
    return SURFACE_TABLE[surface].padding_dp;
}

int theme_size_dp(struct ui_look look, enum theme_size size)
{
    CHECK((unsigned)size < SIZES);
    return SIZES_DP[look.large][size];
}

static bool is_primary(enum theme_surface surface)
{
    return surface == SURFACE_TILE || surface == SURFACE_BUTTON_PRIMARY || surface == SURFACE_SEAL;
}

uint32_t theme_ink_colour(struct ui_look look, enum theme_ink ink, enum theme_surface surface)
{
    static const enum theme_tint TINT_OF[INKS] = {
        [INK_STRONG] = TINT_INK,     [INK_PAPER] = TINT_ON_PRIMARY,
        [INK_SECOND] = TINT_SECOND,  [INK_PRIMARY] = TINT_PRIMARY_DEEP,
        [INK_GOOD] = TINT_GOOD_DEEP, [INK_CAUTION] = TINT_CAUTION_DEEP,
        [INK_BAD] = TINT_BAD_DEEP,
    };
    CHECK((unsigned)ink < INKS && (unsigned)surface < SURFACES);
    return theme_tint(look, ink == INK_DEFAULT ? SURFACE_TABLE[surface].ink : TINT_OF[ink]);
}

uint32_t theme_soft_colour(struct ui_look look, enum theme_surface surface)
{
    return theme_tint(look, is_primary(surface) ? TINT_SOFT_ON_PRIMARY : TINT_PRIMARY_SOFT);
}

int theme_scale(int width_px, int width_mm)
{
    CHECK(width_px > 0 && width_mm > 0);
    return (int)((int64_t)width_px * 268 * 1000 / ((int64_t)1080 * width_mm));
}
