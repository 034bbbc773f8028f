/*
 * The hall's opening hours in the words of a notice on its door. Pure.
 */
#pragma once
#include "session/session_view.h"
#include "settings/settings_hours.h"

/* Fills hours, is_open and opens_next of the view by the local clock. */
void hours_show(const struct settings_hours *hours, int64_t wall_ms, struct session_view *view);
