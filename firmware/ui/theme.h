/*
 * The look in one place: colours, sizes, surfaces. A node's style is three choices packed in an
 * int: what it lies on (surface), how large and in which ink its text is, and how the text is
 * aligned.
 *
 * Units: dp are the pixels of the reference panel (1080 px on 268 mm, 0.248 mm each), so that 52 dp
 *        are 12.9 mm on every panel; theme_px turns them into pixels of ours.
 */
#pragma once
#include "ui/font.h"
#include <stdbool.h>
#include <stdint.h>

enum theme_surface {
    SURFACE_NONE, /* text or a picture on whatever lies below */
    SURFACE_PAGE,
    SURFACE_HEADER,
    SURFACE_FOOTER,
    SURFACE_CARD,
    SURFACE_CHOICE, /* a card that can be touched: its edge must be seen (3:1) */
    SURFACE_CARD_SELECTED,
    SURFACE_CARD_OFF,
    SURFACE_SEAL,
    SURFACE_TILE,
    SURFACE_BUTTON,
    SURFACE_BUTTON_PRIMARY,
    SURFACE_BUTTON_OFF,
    SURFACE_PILL,
    SURFACE_TAG, /* soft surfaces: a colour and its light sister */
    SURFACE_TAG_GOOD,
    SURFACE_TAG_CAUTION,
    SURFACE_TAG_BAD,
    SURFACE_BANNER,
    SURFACE_BANNER_GOOD,
    SURFACE_BANNER_CAUTION,
    SURFACE_BANNER_BAD,
    SURFACE_SUM,
    SURFACE_RULE,
    SURFACE_STEP_DONE,
    SURFACE_STEP_OPEN,
    SURFACE_SCRIM, /* darkens what lies below */
    SURFACE_DIALOG,
    SURFACES,
};

enum theme_size {
    SIZE_SMALL, /* captions; in Chinese also what must be read, at 7.4 mm */
    SIZE_BODY,  /* the least for figures and Latin letters that must be read */
    SIZE_BUTTON,
    SIZE_HEAD,
    SIZE_KEY,
    SIZE_TITLE,
    SIZE_FIGURE,
    SIZE_AMOUNT,
    SIZE_HUGE,
    SIZES,
};

enum theme_ink {
    INK_DEFAULT, /* the surface's own */
    INK_STRONG,
    INK_PAPER, /* on the primary colour */
    INK_SECOND,
    INK_PRIMARY,
    INK_GOOD,
    INK_CAUTION,
    INK_BAD,
    INKS,
};

enum theme_align {
    ALIGN_LEFT,
    ALIGN_CENTRE,
    ALIGN_RIGHT,
};

#define STYLE_BOLD (1 << 28)
/* The text is what the node is called (automation, speech); the nodes on top of it are what is
 * seen. */
#define STYLE_SPOKEN_ONLY (1 << 29)
/* From the top instead of in the middle. */
#define STYLE_TOP (1 << 30)

#define STYLE(surface, size, ink, align)                                                           \
    ((int)(surface) | (int)(size) << 8 | (int)(ink) << 16 | (int)(align) << 24)

static inline enum theme_surface style_surface(int style)
{
    return (enum theme_surface)(style & 0xff);
}
static inline enum theme_size style_size(int style)
{
    return (enum theme_size)(style >> 8 & 0xff);
}
static inline enum theme_ink style_ink(int style)
{
    return (enum theme_ink)(style >> 16 & 0xff);
}
static inline enum theme_align style_align(int style)
{
    return (enum theme_align)(style >> 24 & 0xf);
}
/* The same seen in a mirror: what begins at the left begins at the right. */
static inline int style_mirrored(int style)
{
    const enum theme_align align = style_align(style);
    if (align == ALIGN_CENTRE)
        return style;
    return (style & ~(0xf << 24)) | (align == ALIGN_LEFT ? ALIGN_RIGHT : ALIGN_LEFT) << 24;
}
static inline enum font_weight style_weight(int style)
{
    return style & STYLE_BOLD ? FONT_BOLD : FONT_REGULAR;
}

/*
 * How this tree is painted, beyond its nodes. The person's choice of modes and the direction of the
 * language; the same for every node of a tree.
 */
struct ui_look {
    bool large;         /* elder mode: every size a quarter larger */
    bool contrast;      /* light on black, texts at least 10:1 */
    bool right_to_left; /* lines are ordered by the Unicode bidirectional algorithm */
};

#define THEME_NO_COLOUR UINT32_C(0xff000000)

/* Colours by what they are for; each palette has one of each. */
enum theme_tint {
    TINT_NONE,
    TINT_PAGE,
    TINT_CARD,
    TINT_CARD_PRESSED,
    TINT_INK,
    TINT_SECOND,
    TINT_LINE, /* decoration only */
    TINT_EDGE, /* of what can be touched: 3:1 on every ground */
    TINT_PRIMARY,
    TINT_PRIMARY_PRESSED,
    TINT_ON_PRIMARY,
    TINT_PRIMARY_SOFT,
    TINT_PRIMARY_DEEP, /* text: a shade darker, which reaches 7:1 on the soft grounds too */
    TINT_SOFT_ON_PRIMARY,
    TINT_GOOD,
    TINT_GOOD_SOFT,
    TINT_GOOD_DEEP,
    TINT_CAUTION_SOFT,
    TINT_CAUTION_DEEP,
    TINT_BAD_SOFT,
    TINT_BAD_DEEP,
    TINT_OFF,
    TINT_OFF_CARD,
    TINT_OFF_INK,
    TINT_SIGN_EDGE, /* of banners and tags, where their ground alone would not be seen */
    TINTS,
};

struct theme_surface_look {
    uint32_t fill, pressed, border, ink; /* 0xRRGGBB */
    uint8_t border_dp, radius_dp, padding_dp;
};

uint32_t theme_tint(struct ui_look look, enum theme_tint tint);
struct theme_surface_look theme_surface_look(struct ui_look look, enum theme_surface surface);
/* Alike in every look. */
int theme_padding_dp(enum theme_surface surface);
int theme_size_dp(struct ui_look look, enum theme_size size);
uint32_t theme_ink_colour(struct ui_look look, enum theme_ink ink, enum theme_surface surface);
/* The light companion of an icon's ink on a surface. */
uint32_t theme_soft_colour(struct ui_look look, enum theme_surface surface);

/* Thousandths of a pixel in a dp. */
int theme_scale(int width_px, int width_mm);
static inline int theme_px(int scale, int dp)
{
    return (dp * scale + 500) / 1000;
}
