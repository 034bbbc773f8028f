/*
 * What the panel shows while there is no journal and so no session: out of service, why, and where
 * to go instead. Language still works.
 */
#pragma once
#include "app/app.h"

const struct session_view *outage_view(struct app *app);
void outage_on_intent(struct app *app, enum intent intent, int argument);
