#include "ui/png_write.h"

#include <png.h>
#include <stddef.h>
#include <stdlib.h>

#define CHANNELS 3

static void to_bytes(uint8_t *out, const uint32_t *row, int width)
{
    for (int x = 0; x < width; x++, out += CHANNELS) {
        out[0] = (uint8_t)(row[x] >> 16);
        out[1] = (uint8_t)(row[x] >> 8);
        out[2] = (uint8_t)row[x];
    }
}

enum status png_write(const char *path, const uint32_t *pixels, int width, int height, int stride)
{
    uint8_t *bytes = malloc((size_t)width * (size_t)height * CHANNELS);
    if (!bytes)
        return STATUS_FULL;
    for (int y = 0; y < height; y++)
        to_bytes(bytes + (size_t)y * (size_t)width * CHANNELS, pixels + (ptrdiff_t)y * stride,
                 width);
    png_image image = { .version = PNG_IMAGE_VERSION,
                        .width = (png_uint_32)width,
                        .height = (png_uint_32)height,
                        .format = PNG_FORMAT_RGB,
                        .flags = PNG_IMAGE_FLAG_FAST };
    const int written = png_image_write_to_file(&image, path, 0, bytes, 0, NULL);
    free(bytes);
    return written ? STATUS_OK : STATUS_IO;
}
