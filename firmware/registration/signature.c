#include "registration/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "GSIG1"
#define MAGIC_SIZE (sizeof MAGIC - 1)
#define EDGE_DOTS 8
#define PEN_DOTS 3 /* to each side of the line: 0.9 mm in all, a pen's */

size_t signature_encode(const struct ui_strokes *strokes, int width_mm, int height_mm,
                        uint8_t out[SIGNATURE_SIZE_MAX])
{
    if (strokes->count <= 0 || width_mm < 1 || width_mm > 255 || height_mm < 1 || height_mm > 255)
        return 0;
    memcpy(out, MAGIC, MAGIC_SIZE);
    out[5] = (uint8_t)width_mm;
    out[6] = (uint8_t)height_mm;
    out[7] = (uint8_t)(strokes->count >> 8);
    out[8] = (uint8_t)strokes->count;
    for (int i = 0; i < strokes->count; i++) {
        const struct ui_stroke_point *point = &strokes->points[i];
        const uint32_t bits =
            (uint32_t)point->begins << 23 | (uint32_t)(point->x / 2) << 12 | (uint32_t)point->y;
        uint8_t *at = &out[SIGNATURE_HEAD + 3 * (size_t)i];
        at[0] = (uint8_t)(bits >> 16);
        at[1] = (uint8_t)(bits >> 8);
        at[2] = (uint8_t)bits;
    }
    return SIGNATURE_HEAD + 3 * (size_t)strokes->count;
}

enum status signature_decode(const uint8_t *bytes, size_t size, struct ui_strokes *out,
                             int *width_mm_out, int *height_mm_out)
{
    memset(out, 0, sizeof *out);
    if (size < SIGNATURE_HEAD || memcmp(bytes, MAGIC, MAGIC_SIZE) != 0)
        return STATUS_INVALID;
    const int count = bytes[7] << 8 | bytes[8];
    if (count < 1 || count > UI_STROKE_POINTS_MAX || bytes[5] == 0 || bytes[6] == 0 ||
        size != SIGNATURE_HEAD + 3 * (size_t)count)
        return STATUS_INVALID;
    for (int i = 0; i < count; i++) {
        const uint8_t *at = &bytes[SIGNATURE_HEAD + 3 * (size_t)i];
        const uint32_t bits = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        out->points[i] = (struct ui_stroke_point){ .x = (uint16_t)((bits >> 12 & 0x7ff) * 2),
                                                   .y = (uint16_t)(bits & 0xfff),
                                                   .begins = i == 0 || bits >> 23 };
    }
    out->count = count;
    *width_mm_out = bytes[5];
    *height_mm_out = bytes[6];
    return STATUS_OK;
}

/* ---- the picture ---- */

struct picture {
    int width, height, row_bytes;
    uint8_t *rows;
};

static void put_dot(struct picture *picture, int x, int y)
{
    for (int down = -PEN_DOTS; down <= PEN_DOTS; down++)
        for (int across = -PEN_DOTS; across <= PEN_DOTS; across++)
            if (across * across + down * down <= PEN_DOTS * PEN_DOTS)
                picture->rows[(y + down) * picture->row_bytes + (x + across) / 8] |=
                    (uint8_t)(0x80 >> ((x + across) % 8));
}

static int place(int part, int dots)
{
    return EDGE_DOTS + part * (dots - 1) / UI_STROKE_RANGE;
}

static void put_strokes(struct picture *picture, const struct ui_strokes *strokes)
{
    const int width = picture->width - 2 * EDGE_DOTS, height = picture->height - 2 * EDGE_DOTS;
    int from_x = 0, from_y = 0;
    for (int i = 0; i < strokes->count; i++) {
        const int x = place(strokes->points[i].x, width), y = place(strokes->points[i].y, height);
        if (strokes->points[i].begins) {
            from_x = x;
            from_y = y;
        }
        const int across = abs(x - from_x), down = abs(y - from_y);
        const int steps = across > down ? across : down;
        for (int step = 0; step <= steps; step++)
            put_dot(picture, steps ? from_x + (x - from_x) * step / steps : x,
                    steps ? from_y + (y - from_y) * step / steps : y);
        from_x = x;
        from_y = y;
    }
}

enum status signature_draw(const uint8_t *bytes, size_t size, uint8_t **pbm_out, size_t *size_out)
{
    struct ui_strokes strokes;
    struct picture picture;
    int width_mm, height_mm;
    char head[32];
    *pbm_out = NULL;
    enum status status = signature_decode(bytes, size, &strokes, &width_mm, &height_mm);
    if (status != STATUS_OK)
        return status;
    picture.width = width_mm * SIGNATURE_DOTS_PER_MM + 2 * EDGE_DOTS;
    picture.height = height_mm * SIGNATURE_DOTS_PER_MM + 2 * EDGE_DOTS;
    picture.row_bytes = (picture.width + 7) / 8;
    const int head_size = snprintf(head, sizeof head, "P4\n%d %d\n", picture.width, picture.height);
    const size_t whole = (size_t)head_size + (size_t)picture.row_bytes * (size_t)picture.height;
    uint8_t *pbm = calloc(1, whole);
    if (!pbm)
        return STATUS_FULL;
    memcpy(pbm, head, (size_t)head_size);
    picture.rows = pbm + head_size;
    put_strokes(&picture, &strokes);
    strokes_clear(&strokes);
    *pbm_out = pbm;
    *size_out = whole;
    return STATUS_OK;
}
