/*
 * Where a person stands and whom he may call, out of settings and policy: on every page, also of
 * the screen without a session (app/outage.h). Pure.
 */
#pragma once
#include "plan/policy.h"
#include "session/session_view.h"
#include "settings/settings.h"

/* Fills bureau, place, window, service_phone, hotlines, and hours at view->wall_ms. policy: the one
 * in force, or NULL. */
void place_show(const struct settings *settings, const struct policy *policy,
                struct session_view *view);

/* Whom to call, on pages and on paper: the number that the policy names, else the settings'. */
const char *place_phone(const struct settings *settings, const struct policy *policy,
                        enum policy_phone phone);
