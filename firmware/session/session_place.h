/*
 * Where a person stands and whom he may call, out of the settings: on every page, also of the
 * screen without a session (app/outage.h). Pure.
 */
#pragma once
#include "session/session_view.h"
#include "settings/settings.h"

/* Fills bureau, place, window, service_phone, hotlines, and hours at view->wall_ms. */
void place_show(const struct settings *settings, struct session_view *view);
