#include "ui/theme.h"

#include "base/check.h"

#define PAGE UINT32_C(0xF3F6FA)
#define CARD THEME_CARD
#define INK UINT32_C(0x0E1B2E)
#define SECOND UINT32_C(0x42526B)
#define LINE THEME_LINE
#define PRIMARY THEME_PRIMARY
#define PRIMARY_SOFT THEME_PRIMARY_SOFT
#define GOOD_SOFT UINT32_C(0xE2F3EA)
#define CAUTION_SOFT UINT32_C(0xFFF1D6)
#define BAD_SOFT UINT32_C(0xFBE4E4)
/* Text on the soft surfaces is a shade darker than the sign colours, which reach 7:1 on white only.
 */
#define PRIMARY_DEEP UINT32_C(0x08418F)
#define GOOD_DEEP UINT32_C(0x07563A)
#define CAUTION_DEEP UINT32_C(0x6B4100)
#define BAD_DEEP UINT32_C(0x8A1111)
#define OFF UINT32_C(0xDCE3EC)
#define OFF_INK UINT32_C(0x3B495E)
#define NONE THEME_NO_COLOUR

static const struct theme_surface_look LOOKS[SURFACES] = {
    [SURFACE_NONE] = { NONE, NONE, NONE, INK, 0, 0, 0 },
    [SURFACE_PAGE] = { PAGE, PAGE, NONE, INK, 0, 0, 0 },
    [SURFACE_HEADER] = { CARD, CARD, NONE, INK, 0, 0, 0 },
    [SURFACE_FOOTER] = { CARD, CARD, NONE, INK, 0, 0, 0 },
    [SURFACE_CARD] = { CARD, 0xE9EFF7, LINE, INK, 2, 28, 32 },
    [SURFACE_CARD_SELECTED] = { CARD, 0xE9EFF7, PRIMARY, INK, 6, 28, 32 },
    [SURFACE_CARD_OFF] = { 0xEEF2F7, 0xEEF2F7, OFF, OFF_INK, 2, 28, 32 },
    [SURFACE_SEAL] = { PRIMARY, PRIMARY, NONE, CARD, 0, 20, 0 },
    [SURFACE_TILE] = { PRIMARY, 0x083F8C, NONE, CARD, 0, 28, 36 },
    [SURFACE_BUTTON] = { CARD, 0xDDE7F4, 0xA9B8CC, INK, 2, 24, 10 },
    [SURFACE_BUTTON_PRIMARY] = { PRIMARY, 0x083F8C, NONE, CARD, 0, 24, 10 },
    [SURFACE_BUTTON_OFF] = { OFF, OFF, NONE, OFF_INK, 0, 24, 10 },
    [SURFACE_PILL] = { CARD, 0xDDE7F4, 0xA9B8CC, INK, 2, 40, 24 },
    [SURFACE_TAG] = { PRIMARY_SOFT, PRIMARY_SOFT, NONE, PRIMARY_DEEP, 0, 14, 18 },
    [SURFACE_TAG_GOOD] = { GOOD_SOFT, GOOD_SOFT, NONE, GOOD_DEEP, 0, 14, 18 },
    [SURFACE_TAG_CAUTION] = { CAUTION_SOFT, CAUTION_SOFT, NONE, CAUTION_DEEP, 0, 14, 18 },
    [SURFACE_TAG_BAD] = { BAD_SOFT, BAD_SOFT, NONE, BAD_DEEP, 0, 14, 18 },
    [SURFACE_BANNER] = { PRIMARY_SOFT, PRIMARY_SOFT, NONE, PRIMARY_DEEP, 0, 20, 28 },
    [SURFACE_BANNER_GOOD] = { GOOD_SOFT, GOOD_SOFT, NONE, GOOD_DEEP, 0, 20, 28 },
    [SURFACE_BANNER_CAUTION] = { CAUTION_SOFT, CAUTION_SOFT, NONE, CAUTION_DEEP, 0, 20, 28 },
    [SURFACE_BANNER_BAD] = { BAD_SOFT, BAD_SOFT, NONE, BAD_DEEP, 0, 20, 28 },
    [SURFACE_SUM] = { PRIMARY_SOFT, PRIMARY_SOFT, NONE, INK, 0, 28, 36 },
    [SURFACE_RULE] = { LINE, LINE, NONE, INK, 0, 0, 0 },
    [SURFACE_STEP_DONE] = { PRIMARY, PRIMARY, NONE, CARD, 0, 5, 0 },
    [SURFACE_STEP_OPEN] = { LINE, LINE, NONE, INK, 0, 5, 0 },
    [SURFACE_SCRIM] = { NONE, NONE, NONE, INK, 0, 0, 0 },
    [SURFACE_DIALOG] = { CARD, CARD, PRIMARY, INK, 6, 28, 48 },
};

static const int SIZES_DP[SIZES] = {
    [SIZE_SMALL] = 30, [SIZE_BODY] = 36,   [SIZE_BUTTON] = 40, [SIZE_HEAD] = 46,  [SIZE_KEY] = 56,
    [SIZE_TITLE] = 60, [SIZE_FIGURE] = 72, [SIZE_AMOUNT] = 96, [SIZE_HUGE] = 132,
};

const struct theme_surface_look *theme_surface_look(enum theme_surface surface)
{
    CHECK((unsigned)surface < SURFACES);
    return &LOOKS[surface];
}

int theme_size_dp(enum theme_size size)
{
    CHECK((unsigned)size < SIZES);
    return SIZES_DP[size];
}

static bool is_primary(enum theme_surface surface)
{
    return surface == SURFACE_TILE || surface == SURFACE_BUTTON_PRIMARY || surface == SURFACE_SEAL;
}

uint32_t theme_ink_colour(enum theme_ink ink, enum theme_surface surface)
{
    switch (ink) {
    case INK_STRONG:
        return INK;
    case INK_PAPER:
        return CARD;
    case INK_SECOND:
        return SECOND;
    case INK_PRIMARY:
        return PRIMARY_DEEP;
    case INK_GOOD:
        return GOOD_DEEP;
    case INK_CAUTION:
        return CAUTION_DEEP;
    case INK_BAD:
        return BAD_DEEP;
    case INK_DEFAULT:
    case INKS:
        break;
    }
    return LOOKS[surface].ink;
}

uint32_t theme_soft_colour(enum theme_surface surface)
{
    return is_primary(surface) ? UINT32_C(0x3A72C0) : PRIMARY_SOFT;
}

int theme_scale(int width_px, int width_mm)
{
    CHECK(width_px > 0 && width_mm > 0);
    return (int)((int64_t)width_px * 268 * 1000 / ((int64_t)1080 * width_mm));
}
