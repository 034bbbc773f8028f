#include "tools/simulator/receipt_png.h"
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DOTS_PER_METRE = 8000
};

/* libpng leaves by longjmp on an error: nothing here may be changed after setjmp and used then. */
static bool write_png(FILE *file, const struct paper_strip *strip)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL || setjmp(png_jmpbuf(png)) != 0) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_init_io(png, file);
    png_set_IHDR(png, info, (png_uint_32)strip->width_dots, (png_uint_32)strip->height_rows, 1,
                 PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, DOTS_PER_METRE, DOTS_PER_METRE, PNG_RESOLUTION_METER);
    png_set_invert_mono(png);
    png_write_info(png, info);
    for (int y = 0; y < strip->height_rows; y++)
        png_write_row(png, strip->rows + (size_t)y * (size_t)strip->width_dots / 8);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    return true;
}

bool receipt_png_save(const struct paper_strip *strip, const char *path)
{
    char partial[4096];
    if (snprintf(partial, sizeof partial, "%s.part", path) >= (int)sizeof partial)
        return false;
    FILE *file = fopen(partial, "wb");
    if (file == NULL)
        return false;
    bool written = write_png(file, strip);
    written = fclose(file) == 0 && written;
    if (written && rename(partial, path) == 0)
        return true;
    remove(partial);
    return false;
}
