/*
 * data_dir/touch.cal: how the fingers of this kiosk's panel are corrected, and how its last test
 * went. Written by "guichet --service touch", read at each start.
 *
 *   [map]   xx xy x0 yx yy y0    millionths: x = xx·raw_x + xy·raw_y + x0, parts of the panel
 *   [test]  passed targets dead misses worst_um jitter_um
 */
#pragma once
#include "base/status.h"
#include "settings/settings.h"
#include <stdbool.h>
#include <stdint.h>

#define SETTINGS_TOUCH_TERMS 6
#define SETTINGS_TOUCH_FILE "touch.cal"

struct settings_touch {
    int32_t map[SETTINGS_TOUCH_TERMS];
    bool passed;
    int32_t targets, dead, misses;
    int32_t worst_um, jitter_um;
};

/* STATUS_NOT_FOUND (nothing is reported: most panels need no correction), STATUS_INVALID (every
 * error reported), STATUS_IO. out is written only when all is well. */
NODISCARD enum status settings_touch_load(const char *path, settings_on_error *on_error,
                                          void *context, struct settings_touch *out);

/* Replaces the file whole or not at all. STATUS_IO leaves the old one. */
NODISCARD enum status settings_touch_save(const char *path, const struct settings_touch *touch);
