/*
 * The parsers without their files, for tests and fuzzing. The text need not be terminated.
 */
#pragma once
#include "settings/settings_source.h"

/* source: file, text, size and on_error are set. STATUS_OK or STATUS_INVALID. */
NODISCARD enum status settings_parse_kiosk(struct settings_source *source, struct settings *out);
NODISCARD enum status settings_parse_devices(struct settings_source *source, struct settings *out);
