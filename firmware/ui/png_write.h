/* A picture of the panel as a PNG file. */
#pragma once
#include "base/status.h"
#include <stdint.h>

/* 0x00RRGGBB, stride in pixels. STATUS_IO: the file cannot be written; STATUS_FULL: no memory. */
NODISCARD enum status png_write(const char *path, const uint32_t *pixels, int width, int height,
                                int stride);
